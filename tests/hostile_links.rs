//! Links that an attacker has made: each is refused, or opens and leaves the page as harmless as any.
//!
//! Honest sessions have an attack planted in them and are opened as a link. What opens is taken away in
//! every form, and each form is read by what it is written for: the script by a real shell that finds
//! only stubs, the report by a parser of Markdown, chart and kustomization as their own tests read them.
//!
//! `HOSTILE_LINKS` says how many are made; `make fuzz` brings more.

mod attacks;
mod report;
mod scripts;

use crate::draws::Draws;
use crate::exports;
use scripts::Script;
use serde_json::{Value, json};
use statefulset_playground::client::Deed;
use statefulset_playground::client::admit::LATEST;
use statefulset_playground::client::deed::NodeRequest;
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::fault::Faults;
use statefulset_playground::lesson::Lesson;
use statefulset_playground::manifest::Manifest;
use statefulset_playground::playground::saved::Saved;
use statefulset_playground::playground::share::{self, LinkError};
use statefulset_playground::playground::{Action, Playground, Take, Taken};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many links are tried unless `HOSTILE_LINKS` says something else.
const LINKS: usize = 250;

/// A day, in milliseconds.
const DAY: u64 = 86_400_000;

/// How many scripts are run together.
const BATCH: usize = 200;

/// Commands that send every kind of request.
const LINES: [&str; 19] = [
    "kubectl create configmap settings --from-literal=a='it is \"b\" \\n'",
    "kubectl create -f - <<'EOF'\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"Not Valid\"}}\nEOF",
    "kubectl create secret generic token --from-literal=a=b",
    "kubectl patch sts web --type=merge -p '{\"metadata\":{\"annotations\":{\"a\":\"it'\\''s $x\"}}}'",
    "kubectl patch sts web --type=json -p '[{\"op\":\"add\",\"path\":\"/metadata/labels/a\",\"value\":\"b\"}]'",
    "kubectl apply --server-side -f manifest.yaml --force-conflicts",
    "kubectl label pod web-0 tier=back",
    "kubectl scale sts web --replicas=2",
    "kubectl delete pod web-0 --force",
    "kubectl exec web-1 -- sh -c 'echo hello > /tmp/x; nslookup web-0.nginx'",
    "kubectl create clusterrole system:x --verb=get --resource=pods",
    "kubectl delete clusterrole system:x",
    "kubectl cordon minikube-m02",
    "kubectl drain minikube-m03 --ignore-daemonsets --delete-emptydir-data --force",
    "kubectl create ns Not_Valid",
    DEFINITION,
    "kubectl create -f - <<'EOF'\n{\"apiVersion\":\"example.com/v1\",\"kind\":\"Shelf\",\"metadata\":{\"name\":\"oak\"},\"spec\":{\"a\":1}}\nEOF",
    "kubectl delete shelf oak",
    "kubectl get pods -n 'no such'",
];

/// A kind that is not built in.
const DEFINITION: &str = "kubectl create -f - <<'EOF'
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shelves.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: shelves, singular: shelf, kind: Shelf}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
EOF";

fn pass(playground: &mut Playground, frames: u32) {
    playground.update(Action::Play);
    for _ in 0..frames {
        playground.update(Action::Tick { elapsed_ms: 100 });
    }
    playground.update(Action::Pause);
}

/// Sessions of the page's buttons, of commands, and a few that were saved in earlier formats.
pub fn honest() -> Vec<Value> {
    let mut page = Playground::new();
    pass(&mut page, 40);
    let (namespace, name) = (String::from("default"), String::from("web-0"));
    let node = |request| Deed::Node { node: "minikube-m02".into(), request };
    let (pod, container) = (name.clone(), String::from("nginx"));
    let crash =
        Input::CrashContainer { namespace: namespace.clone(), pod, container, exit_code: 1 };
    for deed in [
        Deed::Scale { namespace: namespace.clone(), name: "web".into(), replicas: 4 },
        Deed::DeletePod { namespace: namespace.clone(), name, grace_period_seconds: Some(0) },
        Deed::ResizeClaim {
            namespace: namespace.clone(),
            name: "www-web-1".into(),
            storage: "2Gi".into(),
        },
        node(NodeRequest::Cordon),
        node(NodeRequest::TaintOutOfService),
        node(NodeRequest::UntaintOutOfService),
        node(NodeRequest::Uncordon),
        node(NodeRequest::Drain),
        node(NodeRequest::Drain),
        node(NodeRequest::Lose),
        Deed::DeleteClaim { namespace: namespace.clone(), name: "www-web-2".into() },
        crash.into(),
        Input::SetFaults(Faults { slow_start_seconds: 3, ..Faults::default() }).into(),
        Input::LookUp { namespace, name: "web-1.nginx".into() }.into(),
    ] {
        page.update(Action::Submit(deed));
        pass(&mut page, 8);
    }
    let mut typed = Playground::new();
    pass(&mut typed, 40);
    for line in LINES {
        typed.update(Action::Command(line.into()));
        pass(&mut typed, 20);
        typed.update(Action::Interrupt);
    }
    let saved = [Playground::new(), page, typed].map(|playground| {
        let mut saved: Value = serde_json::from_str(&playground.save()).unwrap();
        saved.as_object_mut().unwrap().remove("terminal");
        saved
    });
    saved.into_iter().chain(earlier()).collect()
}

/// Every twentieth session of format 1.
fn earlier() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sessions-1.jsonl.gz");
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let line = |line: &str| serde_json::from_str::<Value>(line).unwrap()["saved"].take();
    text.lines().step_by(20).map(line).collect()
}

/// What is wrong with what leaves the page, and the script, which is looked at with others.
pub struct Looked {
    pub wrong: Vec<String>,
    pub script: Script,
}

/// Takes everything away.
pub fn look(opened: &Playground) -> Looked {
    let mut wrong = Vec::new();
    let mut keep = |what: &str, done: Result<(), String>| {
        wrong.extend(done.err().map(|why| format!("{what}: {why}")));
    };
    let told = |act: &dyn Fn()| {
        let caught = catch_unwind(AssertUnwindSafe(act));
        caught.map_err(|why| match why.downcast::<String>() {
            Ok(text) => *text,
            Err(_) => "it panics".into(),
        })
    };
    keep("report", report::look(&opened.report(), opened.scene().pods.len()));
    let manifest = opened.manifest();
    if !manifest.has_errors() {
        keep("chart", told(&|| exports::templates_to(&manifest.text)));
        keep("kustomization", told(&|| exports::is_built_to(&manifest.text)));
    }
    for what in Take::ALL {
        if let Taken::File { name, .. } = opened.take(what) {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let is_name = name.chars().all(is_plain) && !name.starts_with(['.', '-']);
            let why = || format!("{name:?}");
            keep("name of a file", is_name.then_some(()).ok_or_else(why));
        }
    }
    let again = Playground::shared(&opened.share()).expect("it is a link");
    keep("link again", again.map(drop).map_err(|why| why.to_string()));
    // A lesson has no room for the waits of days.
    let goal = opened.offered_goals().into_iter().next().filter(|_| opened.playhead() < DAY);
    if let Some((_, goal)) = goal {
        let lesson = opened.lesson_of_session("x", "x", "x", goal).to_text();
        keep("lesson", Lesson::read(&lesson).map(drop).map_err(|why| why.to_string()));
    }
    let saved: Value = serde_json::from_str(&opened.save()).unwrap();
    let kept = &saved["terminal"];
    let is_empty = ["/history/0", "/aliases/kubectl", "/files/~1home~1user~1.bashrc"]
        .iter()
        .all(|place| kept.pointer(place).is_none());
    let is_own = is_empty && saved.get("lesson").is_none();
    keep("own things", is_own.then_some(()).ok_or_else(|| kept.to_string()));
    Looked { wrong, script: script_of(opened, &saved) }
}

fn script_of(opened: &Playground, saved: &Value) -> Script {
    let (text, names) = (opened.commands(), BTreeSet::new());
    let mut script = Script { text, names, bodies: Vec::new(), applied: Vec::new() };
    // Inputs that are alike are saved as what differs.
    let whole = Saved::read(&saved.to_string()).expect("what was just saved").session.inputs;
    let whole = (0..whole.len()).filter_map(|place| serde_json::to_value(whole.timed(place)).ok());
    let inputs = Value::Array(whole.collect());
    let mut left = vec![&inputs];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) => {
                script.names.insert(text.clone());
                // What kubectl notes of an object that it applies.
                if text.starts_with('{') {
                    let documents = Manifest::parse(text).documents;
                    script.applied.extend(documents.iter().map(|document| document.value()));
                }
                let drained =
                    text.strip_prefix("kubectl drain ").and_then(|it| it.split(' ').next());
                script.names.extend(drained.map(str::to_owned));
            }
            Value::Array(items) => left.extend(items),
            Value::Object(members) => {
                left.extend(members.values());
                script.bodies.push(value.clone());
            }
            _ => {}
        }
        if value.is_array() {
            script.bodies.push(value.clone());
        }
    }
    let text = opened.manifest().text.trim_end_matches('\n').to_owned();
    script.names.insert(text);
    script
}

/// Opens saved work as a link.
pub fn open(saved: &str) -> Result<Playground, LinkError> {
    Playground::shared(&share::fragment(saved)).expect("it is a link")
}

/// How it went with one kind of attack.
#[derive(Default)]
struct Count {
    tried: usize,
    opened: usize,
    refused: usize,
    wrong: Vec<String>,
}

#[test]
fn what_leaves_the_page_is_safe_whatever_a_link_brought() {
    let links = std::env::var("HOSTILE_LINKS").ok().and_then(|text| text.parse().ok());
    let mut draws = Draws(7);
    let honest = honest();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut waiting: Vec<(&str, Script)> = Vec::new();
    let run = |waiting: &mut Vec<(&'static str, Script)>, counts: &mut BTreeMap<&str, Count>| {
        let (classes, all): (Vec<_>, Vec<_>) = waiting.drain(..).unzip();
        for (class, wrong) in classes.into_iter().zip(scripts::run(&all)) {
            counts
                .entry(class)
                .or_default()
                .wrong
                .extend(wrong.map(|why| format!("script: {why}")));
        }
    };
    for number in 0..links.unwrap_or(LINKS) {
        // At first the honest ones, as they are.
        let planted = match honest.get(number) {
            Some(own) => attacks::Planted { class: "none", saved: own.clone() },
            None => {
                let own = draws.below(honest.len());
                attacks::plant(&mut draws, &honest[own])
            }
        };
        let count = counts.entry(planted.class).or_default();
        count.tried += 1;
        let text = planted.saved.to_string();
        let tried = || open(&text).map(|opened| look(&opened));
        match catch_unwind(AssertUnwindSafe(tried)) {
            Ok(Ok(looked)) => {
                count.opened += 1;
                count.wrong.extend(looked.wrong);
                waiting.push((planted.class, looked.script));
            }
            Ok(Err(why)) => {
                count.refused += 1;
                if planted.class == "none" {
                    count.wrong.push(format!("an honest session is refused: {why}"));
                }
            }
            Err(_) => count.wrong.push(format!("it panics: {text}")),
        }
        if waiting.len() >= BATCH {
            run(&mut waiting, &mut counts);
        }
    }
    run(&mut waiting, &mut counts);
    let mut wrong = String::new();
    for (class, Count { tried, opened, refused, wrong: own }) in &counts {
        println!(
            "{class}: tried {tried}, opened {opened}, refused {refused}, failed {}",
            own.len()
        );
        for why in own.iter().take(2) {
            let why: String = why.chars().take(1_500).collect();
            wrong += &format!("\n\n{class}, {} failed: {why}", own.len());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_commands_of_the_page_are_kept_and_no_others() {
    let commands = |saved: &Value| -> Vec<String> {
        let inputs = saved["session"]["inputs"].as_array().unwrap().iter();
        let own = inputs.map(|input| input["command"].as_str().unwrap_or_default().to_owned());
        own.collect()
    };
    let read = |opened: &Playground| serde_json::from_str::<Value>(&opened.save()).unwrap();
    let mut honest = honest().remove(1);
    let before = commands(&honest);
    let named: BTreeSet<&str> = before.iter().filter_map(|it| it.split(' ').nth(1)).collect();
    let verbs = ["apply", "cordon", "delete", "drain", "patch", "scale", "taint", "uncordon"];
    assert!(verbs.iter().all(|verb| named.contains(verb)), "{named:?}");
    let opened = open(&honest.to_string()).unwrap();
    assert_eq!(commands(&read(&opened)), before);
    // Each says what another deed has done.
    let told: Vec<usize> = (0..before.len()).filter(|at| !before[*at].is_empty()).collect();
    for (number, at) in told.iter().enumerate() {
        let other = &before[told[(number + 1) % told.len()]];
        honest["session"]["inputs"][*at]["command"] = other.as_str().into();
    }
    let opened = open(&honest.to_string()).unwrap();
    let kept: Vec<_> = commands(&read(&opened)).into_iter().filter(|it| !it.is_empty()).collect();
    // A drain begins as a cordon does.
    assert!(kept.iter().all(|it| it.contains("cordon") || it.contains("drain")), "{kept:?}");
}

#[test]
fn what_nobody_could_have_done_is_refused_in_the_words_of_the_api_server() {
    let honest = honest().remove(1);
    let inputs = honest["session"]["inputs"].as_array().unwrap();
    let of = |path: &str| {
        let is_it = |input: &Value| input["input"].pointer(path).is_some();
        format!("/session/inputs/{}/input{path}", inputs.iter().position(is_it).unwrap())
    };
    let named = "a lowercase RFC 1123 subdomain must consist of";
    let cases: [(String, Value, String); 13] = [
        (
            of("/crashContainer/pod"),
            json!("web;x"),
            format!("Pod \"web;x\" is invalid: metadata.name: Invalid value: \"web;x\": {named}"),
        ),
        (
            of("/crashContainer/container"),
            json!("a b"),
            "spec.containers.name: Invalid value: \"a b\": a lowercase RFC 1123 label".into(),
        ),
        (
            of("/crashContainer/namespace"),
            json!("$(x)"),
            "metadata.namespace: Invalid value: \"$(x)\"".into(),
        ),
        (
            of("/crashContainer/exit_code"),
            json!(256),
            "exitCode: Invalid value: 256: must be between 0 and 255, inclusive".into(),
        ),
        (
            of("/setFaults/slow_start_seconds"),
            json!(3_601),
            "slowStartSeconds: Invalid value: 3601".into(),
        ),
        (
            of("/node/node"),
            json!("../x"),
            format!("Node \"../x\" is invalid: metadata.name: Invalid value: \"../x\": {named}"),
        ),
        (of("/request/change/scale"), json!(-1), "spec.replicas: Invalid value: -1".into()),
        (of("/request/kind"), json!("Nothing"), "no matches for kind \"Nothing\" in".into()),
        (of("/request/apiVersion"), json!("x"), "in version \"x\"".into()),
        (
            of("/request/change/create/metadata/name"),
            json!("`x`"),
            "the name of the object (\"`x`\") does not match the name on the URL".into(),
        ),
        (
            of("/request/change/delete/propagation"),
            json!("All"),
            "propagationPolicy: Unsupported value: \"All\"".into(),
        ),
        (of("/lookUp/namespace"), json!("a/b"), "Namespace \"a/b\" is invalid".into()),
        ("/playhead".into(), json!(LATEST + 1), "time: Invalid value".into()),
    ];
    for (place, value, words) in cases {
        let mut saved = honest.clone();
        *saved.pointer_mut(&place).unwrap() = value;
        let why = open(&saved.to_string()).err().map(|why| why.to_string()).unwrap_or_default();
        assert!(why.contains(&words), "{place}: {why}");
        // Kept work says it, too.
        let own = Playground::restore(&saved.to_string()).err();
        assert_eq!(own.map(|own| own.to_string()), Some(why));
    }
}

/// One saved work for `make fuzz`.
pub fn bring(saved: &str) {
    if let Ok(opened) = open(saved) {
        let looked = look(&opened);
        assert!(looked.wrong.is_empty(), "{}", looked.wrong.join("\n"));
        let wrong = scripts::run(&[looked.script]).remove(0);
        assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    }
}

/// Saved work with an attack in it.
pub fn planted(draws: &mut Draws, seeds: &[String]) -> String {
    let honest: Value = serde_json::from_str(&seeds[draws.below(seeds.len())]).unwrap();
    attacks::plant(draws, &honest).saved.to_string()
}
