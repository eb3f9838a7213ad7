//! Go templates: those of charts, drawn ones, and damaged ones of both.

use crate::draws::Draws;
use serde_json::json;
use statefulset_playground::template::{Dialect, Engine, Extra, Set, Value};

/// The templates that `helm create` writes, behind headings of their own.
const CHART: &str = include_str!("../../static/terminal/helm.txt");

/// The tables of functions. They are private, and what they list is not to be listed again here.
const TABLES: [&str; 9] = [
    include_str!("../../src/template/sprig/texts.rs"),
    include_str!("../../src/template/sprig/lists.rs"),
    include_str!("../../src/template/sprig/maps.rs"),
    include_str!("../../src/template/sprig/numbers.rs"),
    include_str!("../../src/template/sprig/values.rs"),
    include_str!("../../src/template/sprig/dates.rs"),
    include_str!("../../src/template/sprig/digests.rs"),
    include_str!("../../src/template/sprig/regexes.rs"),
    include_str!("../../src/template/sprig/semver.rs"),
];

/// Functions of Go, of Helm and of kubectl, with the letters of `src/template/arguments.rs`.
const OWN: [(&str, &str); 31] = [
    ("and", "aa*"),
    ("base64decode", "s"),
    ("call", "aa*"),
    ("eq", "aa*"),
    ("exists", "ms*"),
    ("fail", "s"),
    ("fromJson", "s"),
    ("fromYaml", "s"),
    ("fromYamlArray", "s"),
    ("ge", "aa"),
    ("html", "a*"),
    ("include", "sa"),
    ("index", "ai"),
    ("index", "ms"),
    ("js", "a*"),
    ("len", "a"),
    ("lookup", "ssss"),
    ("lt", "aa"),
    ("ne", "aa"),
    ("not", "a"),
    ("or", "aa*"),
    ("print", "a*"),
    ("printf", "sa*"),
    ("println", "a*"),
    ("required", "sa"),
    ("slice", "aii"),
    ("toJson", "a"),
    ("toYaml", "a"),
    ("tpl", "sa"),
    ("urlquery", "a*"),
    ("nothing", "a"),
];

/// What means something in a template.
const PIECES: [&str; 48] = [
    "{{",
    "}}",
    "{{-",
    "-}}",
    "{{- ",
    " -}}",
    "{{/* ",
    " */}}",
    "|",
    "(",
    ")",
    ".",
    "$",
    "$x",
    " := ",
    " = ",
    ",",
    "\"",
    "`",
    "'",
    "\\",
    "{{ if ",
    "{{ else }}",
    "{{ else if . }}",
    "{{ end }}",
    "{{ range ",
    "{{ range $i, $x := ",
    "{{ with ",
    "{{ else with ",
    "{{ define \"a\" }}",
    "{{ template \"a\" . }}",
    "{{ block \"a\" . }}",
    "{{ break }}",
    "{{ continue }}",
    "{{ include \"a\" . }}",
    ".Values",
    ".Release.Name",
    "nil",
    "true",
    "0x7fffffffffffffff",
    "-0x-8000000000000000",
    "1e309",
    "1_000",
    "'\\''",
    "99999999999999999999",
    "%",
    "é",
    "\n",
];

/// Templates whose cost or depth is the point, one a line.
const GREEDY: &str = include_str!("greedy.txt");

/// Templates as kubectl is given.
const PRINTED: [&str; 6] = [
    "{{range .items}}{{.metadata.name}}{{\"\\n\"}}{{end}}",
    "{{range $i, $p := .items}}{{if gt $i 0}}, {{end}}{{$p.metadata.name | printf \"%-20s|%q\"}}{{end}}",
    "{{with index .items 0}}{{.status.phase}}{{else}}none{{end}}{{exists . \"items\"}}{{len .items}}",
    "{{range .items}}{{if and (eq .status.phase \"Running\") (not (exists .metadata \"x\"))}}{{.spec.n}}{{break}}{{end}}{{end}}",
    "{{define \"a\"}}{{.metadata.name}}{{end}}{{range .items}}{{template \"a\" .}}{{block \"b\" .}}-{{end}}{{end}}",
    "{{/* a */}}{{\"YQ==\" | base64decode | html | js | urlquery | println}}{{slice \"abc\" 1 2}}",
];

/// Fills in nothing that needs a cluster.
struct Nowhere;

impl Extra for Nowhere {
    fn now(&self) -> i64 {
        1_700_000_000_000
    }
}

/// Every template that stands somewhere.
pub fn seeds() -> Vec<String> {
    let parts = CHART.split('\u{c}').filter(|part| part.starts_with("create "));
    let chart = parts.filter_map(|part| part.split_once('\n')).map(|(_, text)| text);
    let chart =
        chart.filter(|text| text.contains("{{")).map(|text| text.replace("<CHARTNAME>", "chart"));
    chart.chain(PRINTED.iter().map(|text| (*text).to_owned())).collect()
}

/// Names and parameters of all functions.
fn functions() -> Vec<(&'static str, &'static str)> {
    let lines = TABLES.iter().flat_map(|table| table.lines());
    let listed = lines.filter_map(|line| {
        let mut parts = line.strip_prefix("    (\"")?.splitn(4, '"');
        let (name, _, letters) = (parts.next()?, parts.next()?, parts.next()?);
        letters.bytes().all(|letter| b"siIbmla*".contains(&letter)).then_some((name, letters))
    });
    listed.chain(OWN).collect()
}

/// A template that is written or drawn, mostly with some damage.
pub fn input(draws: &mut Draws, seeds: &[String]) -> String {
    thread_local! {
        static FUNCTIONS: Vec<(&'static str, &'static str)> = functions();
    }
    let mut text = match draws.below(6) {
        0 => seeds[draws.below(seeds.len())].clone(),
        1 => format!("{}{}", seeds[draws.below(seeds.len())], seeds[draws.below(seeds.len())]),
        _ => FUNCTIONS.with(|all| drawn(draws, all, 0)),
    };
    // They take so long that a few of them do.
    if draws.once_in(300) {
        let all: Vec<&str> = GREEDY.lines().collect();
        text.push_str(draws.one(&all));
    }
    if draws.once_in(2) {
        for _ in 0..=draws.below(5) {
            draws.damage(&mut text, &PIECES);
        }
    }
    text
}

/// Actions one after the other and in each other.
fn drawn(draws: &mut Draws, functions: &[(&str, &str)], depth: usize) -> String {
    let mut text = String::new();
    for _ in 0..=draws.below(3) {
        let pipe = call(draws, functions, 0);
        let body = if depth < 3 { drawn(draws, functions, depth + 1) } else { "x".into() };
        text.push_str(&match draws.below(12) {
            0 => format!("{{{{ if {pipe} }}}}{body}{{{{ else }}}}{body}{{{{ end }}}}"),
            1 => format!("{{{{ range {pipe} }}}}{body}{{{{ end }}}}"),
            2 => format!("{{{{ range $k, $x := {pipe} }}}}{body}{{{{ end }}}}"),
            3 => format!("{{{{- with {pipe} -}}}}{body}{{{{- else -}}}}n{{{{- end -}}}}"),
            4 => format!("{{{{ define \"a\" }}}}{body}{{{{ end }}}}"),
            5 => format!("{{{{ include \"a\" ({pipe}) }}}}"),
            6 | 7 => format!("{{{{ $x := {pipe} }}}}{body}"),
            _ => format!("{{{{ {pipe} }}}}"),
        });
        if text.len() > 8_000 {
            break;
        }
    }
    text
}

/// A call with arguments that mostly fit, and what it is piped to.
fn call(draws: &mut Draws, functions: &[(&str, &str)], depth: usize) -> String {
    let (name, letters) = functions[draws.below(functions.len())];
    let mut text = name.to_owned();
    let (fixed, more) = match letters.strip_suffix('*') {
        Some(fixed) => (fixed, draws.below(3)),
        None => (letters, 0),
    };
    let last = fixed.chars().last().unwrap_or('a');
    let piped = draws.once_in(4) && !fixed.is_empty();
    let count = fixed.len() - usize::from(piped);
    for letter in fixed.chars().take(count).chain(std::iter::repeat_n(last, more)) {
        let letter = if draws.once_in(12) { 'a' } else { letter };
        let argument = match depth < 3 && draws.once_in(4) {
            true => format!("({})", call(draws, functions, depth + 1)),
            false => argument(draws, letter).to_owned(),
        };
        text.push(' ');
        text.push_str(&argument);
    }
    if piped { format!("{} | {text}", argument(draws, last)) } else { text }
}

fn argument(draws: &mut Draws, letter: char) -> &'static str {
    const TEXTS: [&str; 18] = [
        "\"\"",
        "\"a\"",
        "\"a.b-c_D\"",
        "\"1.2.3\"",
        "\">=1.2\"",
        "\"é漢\\n\"",
        "\"%s %5d %v\"",
        "\"[a-z]+(x)?\"",
        "\"{{ . }}\"",
        "`a: [1, {b: c}]`",
        "`{\"a\":[1]}`",
        "$.text",
        "$.long",
        "\"2006-01-02\"",
        "\"-9\"",
        "\"0x7fffffffffffffff\"",
        "\"%*.*f%[1]d%q%U%c\"",
        "(repeat 3000 \"a\\n\")",
    ];
    const WHOLE: [&str; 12] = [
        "0",
        "1",
        "-1",
        "3",
        "60",
        "1000",
        "100000",
        "9223372036854775807",
        "-9223372036854775808",
        "$.whole",
        "0x10",
        "'a'",
    ];
    const MAPS: [&str; 5] =
        ["$", ".", "$.map", "(dict \"a\" 1 \"b\" (dict \"c\" nil))", "$.Values"];
    const LISTS: [&str; 5] =
        ["$.list", "(list 1 \"b\" 1.5 nil true)", "(until 50)", "(list)", "(list (list 1) (dict))"];
    const ANY: [&str; 9] = [
        "nil",
        "true",
        "1.5",
        "1e300",
        "$.number",
        "$x",
        "$.none.none",
        "now",
        "$.Values.image.tag",
    ];
    match letter {
        's' => draws.one(&TEXTS),
        'i' | 'I' => draws.one(&WHOLE),
        'b' => draws.one(&["true", "false"]),
        'm' => draws.one(&MAPS),
        'l' => draws.one(&LISTS),
        _ => match draws.below(5) {
            0 => draws.one(&TEXTS),
            1 => draws.one(&WHOLE),
            2 => draws.one(&MAPS),
            3 => draws.one(&LISTS),
            _ => draws.one(&ANY),
        },
    }
}

/// What templates are filled in with.
fn data() -> Value {
    let values = json!({
        "replicaCount": 1, "image": {"repository": "nginx", "pullPolicy": "IfNotPresent", "tag": ""},
        "imagePullSecrets": [], "nameOverride": "", "fullnameOverride": "",
        "serviceAccount": {"create": true, "automount": true, "annotations": {}, "name": ""},
        "podAnnotations": {"a": "b"}, "podLabels": {}, "podSecurityContext": {}, "securityContext": {},
        "service": {"type": "ClusterIP", "port": 80},
        "ingress": {"enabled": true, "className": "", "annotations": {}, "tls": [],
            "hosts": [{"host": "a.local", "paths": [{"path": "/", "pathType": "Prefix"}]}]},
        "httpRoute": {"enabled": true, "annotations": {}, "parentRefs": [], "hostnames": ["a"], "rules": []},
        "resources": {}, "livenessProbe": {"httpGet": {"path": "/", "port": "http"}}, "readinessProbe": {},
        "autoscaling": {"enabled": true, "minReplicas": 1, "maxReplicas": 9, "targetCPUUtilizationPercentage": 80},
        "volumes": [], "volumeMounts": [], "nodeSelector": {}, "tolerations": [], "affinity": {}
    });
    let pod =
        json!({"metadata": {"name": "web-0"}, "status": {"phase": "Running"}, "spec": {"n": 1.5}});
    Value::of_floats(&json!({
        "Values": values,
        "Chart": {"Name": "chart", "Version": "0.1.0", "AppVersion": "1.16.0"},
        "Release": {"Name": "first", "Namespace": "default", "Service": "Helm", "Revision": 1},
        "Capabilities": {"KubeVersion": {"Version": "v1.36.0"}},
        "Template": {"Name": "chart/templates/a.yaml", "BasePath": "chart/templates"},
        "items": [pod, pod], "map": {"a": {"b": 1}, "c": null}, "list": ["b", "a", 3, {"x": []}],
        "text": "some text\nwith a line", "long": "0123456789 ".repeat(500), "whole": 12, "number": 3.25,
    }))
}

/// Reads a text as a template of each dialect and carries it out.
pub fn template(text: &str, _: &mut Draws) {
    thread_local! {
        static HELPERS: Set = helpers();
    }
    for dialect in [Dialect::Helm, Dialect::Kubectl] {
        let mut set = match dialect {
            Dialect::Helm => HELPERS.with(Clone::clone),
            Dialect::Kubectl => Set::default(),
        };
        let done = match set.add("fuzz", text, dialect) {
            Ok(()) => Engine::new(set, dialect, &Nowhere).run("fuzz", &data()).map_err(|it| it.0),
            Err(why) => Err(why),
        };
        assert!(done != Err(String::new()), "a template is refused without a message");
    }
}

/// The templates that charts include.
fn helpers() -> Set {
    let mut set = Set::default();
    for text in seeds().iter().filter(|text| text.contains("define \"chart.fullname\"")) {
        set.add("chart/templates/_helpers.tpl", text, Dialect::Helm).expect("is a template");
    }
    assert!(set.has("chart.fullname"), "helm create writes helpers");
    set
}
