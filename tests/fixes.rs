//! Quick fixes put right what they are offered for, and hints tell what no error tells.

use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::{Diagnostic, Manifest, Severity};

const SET: &str = "\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  serviceName: web
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
    spec:
      containers:
      - name: web
        image: nginx:1.29
        resources: {requests: {cpu: 10m}}
        ports:
        - containerPort: 80
          name: http
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: None
  selector: {app.kubernetes.io/name: web}
  ports: [{port: 80}]
";

fn errors(manifest: &Manifest) -> Vec<Diagnostic> {
    let all = manifest.diagnostics.iter();
    all.filter(|it| it.severity == Severity::Error).cloned().collect()
}

fn replaced(from: &str, to: &str) -> String {
    assert!(SET.contains(from), "{from}");
    SET.replacen(from, to, 1)
}

#[test]
fn every_fix_puts_its_error_right() {
    let cases = [
        ("replicas: 1", "replica: 1", "Change `replica` to `replicas`"),
        ("replicas: 1", "'replica': 1", "Change `replica` to `replicas`"),
        ("name: http", "name: 80", "Put `80` in quotes"),
        ("replicas: 1", "replicas: \"1\"", "Take the quotes off `1`"),
        ("kind: StatefulSet", "kind: statefulset", "Change `statefulset` to `StatefulSet`"),
        ("apps/v1", "apps/v1beta1", "Change `apps/v1beta1` to `apps/v1`"),
        (
            "      labels:\n        app.kubernetes.io/name: web",
            "      labels:\n        app: other",
            "Give the template the selector's labels",
        ),
        (
            "    spec:\n      containers:",
            "    spec:\n      restartPolicy: Never\n      containers:",
            "Change `Never` to `Always`",
        ),
    ];
    for (from, to, title) in cases {
        let text = replaced(from, to);
        let manifest = Manifest::parse(&text);
        let found = errors(&manifest);
        let fixes: Vec<_> = found.iter().flat_map(|error| manifest.fixes(error)).collect();
        let fix = fixes.iter().find(|fix| fix.title == title);
        let fix = fix.unwrap_or_else(|| panic!("{to}: {fixes:?} for {found:?}"));
        let after = Manifest::parse(&fix.apply(&text));
        let still =
            |error: &Diagnostic| errors(&after).iter().any(|it| it.message == error.message);
        assert!(!still(&found[0]), "{to}: {}", after.text);
        // A named port is no number: that complaint is another one.
        if !to.contains("name: 80") {
            assert_eq!(errors(&after), [], "{}", after.text);
        }
    }
}

#[test]
fn the_missing_service_is_added_as_a_document_of_its_own() {
    let alone = SET.split("---").next().unwrap();
    for text in [alone.to_owned(), alone.replace('\n', "\r\n"), alone.trim_end().to_owned()] {
        let manifest = Manifest::parse(&text);
        let hint = manifest.hints().into_iter().find(|it| it.path == "spec.serviceName").unwrap();
        let fix = &manifest.fixes(&hint)[0];
        assert_eq!(fix.title, "Add the headless Service `web`");
        let after = Manifest::parse(&fix.apply(&text));
        assert!(after.text.starts_with(text.as_str()));
        assert_eq!((errors(&after), after.documents.len()), (Vec::new(), 2));
        assert!(after.hints().is_empty(), "{:?}", after.hints());
    }
}

#[test]
fn hints_tell_what_does_not_fit_together() {
    assert_eq!(Manifest::parse(SET).hints(), []);
    let cases = [
        ("clusterIP: None", "type: ClusterIP", "is not headless"),
        ("selector: {app.kubernetes.io/name: web}", "selector: {app: x}", "does not select"),
        ("  serviceName: web\n", "", "without serviceName"),
        ("replicas: 1", "replicas: 3", "no PodDisruptionBudget"),
        ("        resources: {requests: {cpu: 10m}}\n", "", "no resources are requested"),
        ("nginx:1.29", "nginx", "without a tag"),
        ("nginx:1.29", "registry:5000/nginx:latest", "without a tag"),
        ("ports: [{port: 80}]", "ports: [{port: 80, targetPort: web}]", "is named web"),
        (
            "        ports:\n",
            "        livenessProbe: {httpGet: {port: http}}\n        readinessProbe: {httpGet: {port: http}}\n        ports:\n",
            "are the same",
        ),
        (
            "        ports:\n",
            "        startupProbe: {tcpSocket: {port: web}}\n        ports:\n",
            "named web",
        ),
        (
            "  replicas: 1\n",
            "  replicas: 1\n  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n",
            "no container mounts data",
        ),
        (
            "  replicas: 1\n",
            "  replicas: 1\n  updateStrategy: {rollingUpdate: {partition: 1}}\n",
            "at or above this partition",
        ),
    ];
    for (from, to, wanted) in cases {
        let manifest = Manifest::parse(&replaced(from, to));
        assert_eq!(errors(&manifest), [], "{to}");
        let hints = manifest.hints();
        assert!(hints.iter().any(|hint| hint.message.contains(wanted)), "{wanted}: {hints:?}");
        assert!(!manifest.has_errors());
    }
}

#[test]
fn no_fix_of_an_example_breaks_it() {
    for example in EXAMPLES {
        let manifest = Manifest::parse(example.text());
        for hint in manifest.hints() {
            for fix in manifest.fixes(&hint) {
                let after = Manifest::parse(&fix.apply(example.text()));
                assert!(!after.has_errors(), "{}: {}", example.id, fix.title);
            }
        }
    }
}
