//! What a manifest says, and what is told about its mistakes.

use expect_test::{Expect, expect};
use statefulset_playground::api::Tree;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::{Manifest, Severity, diff_lines};

const SET: &str = "\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  serviceName: web
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: nginx:1.29
        ports:
        - containerPort: 80
";

fn check(text: &str, expected: Expect) {
    let manifest = Manifest::parse(text);
    let lines = manifest.diagnostics.iter().map(|each| {
        let at = text.get(each.range.clone()).unwrap_or("<out of the text>");
        let severity = format!("{:?}", each.severity).to_lowercase();
        format!("{}:{} {severity} [{at}] {}\n", each.line, each.column, each.message)
    });
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn a_good_set_says_nothing() {
    check(SET, expect![[""]]);
    let manifest = Manifest::parse(SET);
    assert!(!manifest.has_errors());
    assert_eq!(manifest.objects().len(), 1);
    assert_eq!(manifest.stateful_set().unwrap().spec().int("replicas"), 3);
}

#[test]
fn every_example_is_valid_and_without_warnings() {
    for example in EXAMPLES {
        let manifest = Manifest::parse(example.text());
        assert_eq!(manifest.diagnostics, [], "{}", example.id);
        assert_eq!(manifest.objects().len(), 2, "{}", example.id);
        assert!(manifest.stateful_set().is_some(), "{}", example.id);
        assert!(example.text().ends_with('\n') && !example.text().contains('\t'));
    }
}

#[test]
fn mistakes_are_told_at_their_line() {
    check(
        &SET.replace("replicas: 3", "replica: -1"),
        expect![[r#"
        7:3 error [replica] unknown field "spec.replica" (did you mean "replicas"?)
    "#]],
    );
    check(
        &SET.replace("replicas: 3", "replicas: three"),
        expect![[r#"
        7:13 error [three] json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32
    "#]],
    );
    check(
        &SET.replace("replicas: 3", "replicas: -3"),
        expect![[r#"
        7:13 error [-3] spec.replicas: Invalid value: -3: must be greater than or equal to 0
    "#]],
    );
    check(
        &SET.replace("      app: web\n  template", "      app: other\n  template"),
        expect![[r#"
        13:7 error [labels] spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`
    "#]],
    );
    check(
        &SET.replace("        image: nginx:1.29\n", ""),
        expect![[r#"
        17:9 error [name] spec.template.spec.containers[0].image: Required value
    "#]],
    );
    check(
        &SET.replace("replicas: 3", "replicas: 3\n  replicas: 4"),
        expect![[r#"
        8:3 warning [replicas] line 8: key "replicas" already set in map
    "#]],
    );
    check(
        &SET.replace("name: web\nspec", "name: Wéb\nspec"),
        expect![[r#"
        4:9 error [Wéb] metadata.name: Invalid value: "Wéb": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
    "#]],
    );
}

#[test]
fn texts_that_are_no_manifest() {
    check(
        "",
        expect![[r#"
        1:1 error [] no objects passed to apply
    "#]],
    );
    check(
        "# nothing\n---\n",
        expect![[r#"
        1:1 error [] no objects passed to apply
    "#]],
    );
    check(
        "hello",
        expect![[r#"
        1:1 error [hello] error validating data: invalid object to validate
    "#]],
    );
    check(
        "kind: StatefulSet\n",
        expect![[r#"
        1:1 error [kind] error validating data: apiVersion not set
    "#]],
    );
    check(
        "apiVersion: apps/v1\nkind: StatefullSet\nmetadata:\n  name: web\n",
        expect![[r#"
        2:7 error [StatefullSet] resource mapping not found for name: "web" namespace: "": no matches for kind "StatefullSet" in version "apps/v1"
    "#]],
    );
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n",
        expect![[r#"
        2:7 hint [ConfigMap] ConfigMap is kept in the manifest, but not simulated here
    "#]],
    );
    check(
        &format!("{SET}--- next\n{SET}"),
        expect![[r#"
        21:1 error [--- next] invalid Yaml document separator: next
    "#]],
    );
}

#[test]
fn what_is_not_yaml_is_told_as_kubectl_does() {
    check(
        &SET.replace("  replicas: 3", "\treplicas: 3"),
        expect![[r#"
        7:1 error [	] error converting YAML to JSON: yaml: line 7: found a tab character that violates indentation
    "#]],
    );
    check(
        &SET.replace("  replicas: 3", " replicas: 3"),
        expect![[r#"
        7:2 error [r] error converting YAML to JSON: yaml: line 6: did not find expected key
    "#]],
    );
    check(
        &SET.replace("replicas: 3", "replicas: *three"),
        expect![[r#"
        7:13 error [*] error converting YAML to JSON: yaml: unknown anchor 'three' referenced
    "#]],
    );
}

#[test]
fn bounds_are_told_with_their_reason() {
    check(
        &SET.replace("replicas: 3", "replicas: 5000"),
        expect![[r#"
        7:13 error [5000] this playground simulates at most 2000 replicas; Kubernetes itself would accept 5000
    "#]],
    );
    check(
        &"a".repeat(300 * 1024),
        expect![[r#"
        1:1 error [] this playground reads at most 256 KiB of text; this is 300 KiB
    "#]],
    );
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    check(
        &bomb,
        expect![[r#"
        1:1 error [a0: &a0 [x, x, x, x, x, x, x, x, x, x]] error converting YAML to JSON: yaml: document contains excessive aliasing
    "#]],
    );
    let deep = format!("a: {}{}", "[".repeat(5000), "]".repeat(5000));
    assert!(Manifest::parse(&deep).has_errors());
    assert!(Manifest::parse(&"---\n".repeat(500)).has_errors());
}

#[test]
fn aliases_merges_and_lists_are_read() {
    let text =
        SET.replace("      app: web\n  template", "      <<: &labels {app: web}\n  template");
    let text = text.replace("      labels:\n        app: web", "      labels: *labels");
    check(&text, expect![[""]]);
    let indented: String = SET.lines().map(|line| format!("  {line}\n")).collect();
    let list = format!("apiVersion: v1\nkind: List\nitems:\n-{}", &indented[1..]);
    check(&list, expect![[""]]);
    assert_eq!(Manifest::parse(&list).objects().len(), 1);
}

#[test]
fn warnings_are_the_servers() {
    check(
        &SET.replace("replicas: 3", "revisionHistoryLimit: -1"),
        expect![[r#"
        7:25 warning [-1] spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended
    "#]],
    );
    let manifest = Manifest::parse(&SET.replace("replicas: 3", "revisionHistoryLimit: -1"));
    assert_eq!(manifest.diagnostics[0].severity, Severity::Warning);
    assert!(!manifest.has_errors());
}

#[test]
fn changed_lines_can_be_lit_up() {
    assert_eq!(diff_lines(SET, &SET.replace("replicas: 3", "replicas: 5")), [7]);
}

#[test]
fn other_kinds_are_checked_too() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: \
                      {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: \
                      {containers: [{name: c, image: i}]}\n";
    let cases = [
        (format!("{secret}data: {{a: aGk=}}\n"), 4, None),
        (format!("{secret}data: {{a: hi}}\n"), 4, Some("illegal base64 data at input byte 0")),
        (format!("{secret}type: kubernetes.io/tls\n"), 1, Some("data[tls.crt]: Required value")),
        (format!("{secret}dat: {{}}\n"), 4, Some("unknown field \"dat\"")),
        (
            format!("{map}data:\n  a b: c\n"),
            5,
            Some("data[a b]: Invalid value: \"a b\": a valid config"),
        ),
        (format!("{map}data:\n  a: 1\n"), 5, Some("cannot unmarshal number into Go struct field")),
        (deployment.to_owned(), 1, None),
        (
            format!("{deployment}  replicas: -1\n"),
            9,
            Some("spec.replicas: Invalid value: -1: must be"),
        ),
        (
            format!("{deployment}  strategy: {{type: Recreate, rollingUpdate: {{}}}}\n"),
            9,
            Some("may not be specified when strategy `type` is 'Recreate'"),
        ),
        (
            deployment.replace("labels: {a: b}", "labels: {a: c}"),
            7,
            Some("`selector` does not match template `labels`"),
        ),
    ];
    for (text, line, wanted) in cases {
        let manifest = Manifest::parse(&text);
        let error = manifest.diagnostics.iter().find(|each| each.severity == Severity::Error);
        match (error, wanted) {
            (Some(error), Some(wanted)) => {
                assert!(error.message.contains(wanted), "{text}: {}", error.message);
                assert_eq!(error.line, line, "{text}: {}", error.message);
            }
            (error, wanted) => assert!(error.is_none() && wanted.is_none(), "{text}: {error:?}"),
        }
        let is_simulated = text.contains("Deployment");
        assert_eq!(manifest.objects().is_empty(), !is_simulated, "{text}");
    }
}

#[test]
fn a_kind_that_the_text_defines_is_no_mistake() {
    let definition = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: moons.example.com}
spec:
  group: example.com
  names: {plural: moons, kind: Moon}
  scope: Cluster
  versions:
  - {name: v1, served: true, storage: true}
";
    let moon = "apiVersion: example.com/v1\nkind: Moon\nmetadata: {name: luna}\n";
    let errors = |text: &str| {
        let manifest = Manifest::parse(text);
        manifest.diagnostics.iter().filter(|it| it.severity == Severity::Error).count()
    };
    assert_eq!(errors(moon), 1);
    assert_eq!(errors(&format!("{definition}---\n{moon}")), 0);
}
