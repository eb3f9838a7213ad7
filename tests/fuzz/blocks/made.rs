//! What hostile inputs are made of: manifests, saved work, patches of any size.

use serde_json::{Value, json};
use statefulset_playground::playground::Playground;
use std::fmt::Write;

/// A year, in milliseconds.
pub const YEAR_MS: u64 = 365 * 86_400_000;

const WEB: &str = include_str!("../../../static/examples/web.yaml");

/// The first example as it is saved, changed.
pub fn saved(change: impl FnOnce(&mut Value)) -> String {
    let mut tree = serde_json::from_str(&Playground::new().save()).expect("what is saved is JSON");
    change(&mut tree);
    tree.to_string()
}

/// A container that crashes again and again, up to an instant.
pub fn crashing(until: u64) -> String {
    saved(|tree| {
        let faults = json!({"slow_start_seconds": 0, "crash_after_seconds": 1, "no_images": false,
            "provisioner": "normal"});
        if let Some(all) = tree["session"]["inputs"].as_array_mut() {
            all.push(json!({"at": 0, "input": {"setFaults": faults}}));
        }
        tree["playhead"] = until.into();
        tree["horizon"] = until.into();
    })
}

/// Saved work in which a manifest was applied, and time went on.
pub fn applied(text: &str, until: u64) -> String {
    use statefulset_playground::playground::Action;
    let mut playground = Playground::new();
    playground.update(Action::EditText(text.into()));
    playground.update(Action::Apply);
    let mut tree: Value = serde_json::from_str(&playground.save()).expect("what is saved is JSON");
    tree["playhead"] = until.into();
    tree["horizon"] = until.into();
    tree.to_string()
}

/// Many crashes, a millisecond apart.
pub fn inputs(count: u64) -> String {
    inputs_apart(count, 1)
}

/// Many crashes.
pub fn inputs_apart(count: u64, apart: u64) -> String {
    saved(|tree| {
        let crash = |number: u64| {
            json!({"at": 60_000 + number * apart, "input": {"crashContainer": {
                "namespace": "default", "pod": "web-0", "container": "nginx", "exit_code": 1}}})
        };
        if let Some(all) = tree["session"]["inputs"].as_array_mut() {
            all.extend((0..count).map(crash));
        }
        let until = 60_000 + count * apart;
        tree["playhead"] = until.into();
        tree["horizon"] = until.into();
    })
}

/// Pauses of years, and an input after each.
pub fn pauses(count: u64) -> String {
    saved(|tree| {
        let pause = |number: u64| json!({"at": number, "ms": 10 * YEAR_MS});
        tree["session"]["config"]["pauses"] = (0..count).map(pause).collect();
        tree["playhead"] = (count + 60_000).into();
    })
}

/// A session whose inputs are what a button stands for.
pub fn of_an_earlier_release(until: u64) -> String {
    saved(|tree| {
        let set: Vec<Value> = objects(WEB);
        let apply = json!({"at": 0, "input": {"apply": {"objects": set}}});
        let crash = json!({"at": 60_000, "input": {"crashContainer": {
            "namespace": "default", "pod": "web-0", "container": "nginx", "exit_code": 1}}});
        tree["session"]["inputs"] = json!([apply, crash]);
        tree["playhead"] = until.into();
        tree["horizon"] = until.into();
    })
}

fn objects(text: &str) -> Vec<Value> {
    let manifest = statefulset_playground::manifest::Manifest::parse(text);
    manifest.documents.iter().map(statefulset_playground::manifest::Document::value).collect()
}

fn with(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the example has no {from}");
    text.replacen(from, to, 1)
}

/// A set of so many replicas, with a field more.
pub fn set(name: &str, replicas: u64, field: &str) -> String {
    let text = with(WEB, "name: web\n", &format!("name: {name}\n"));
    with(&text, "  replicas: 3\n", &format!("  replicas: {replicas}\n  {field}\n"))
}

/// A set with a field more in its template.
pub fn template(field: &str) -> String {
    with(WEB, "      terminationGracePeriodSeconds: 10\n", &format!("      {field}\n"))
}

/// A set whose container has a probe of every kind.
pub fn probes(probe: &str) -> String {
    let own = format!("          livenessProbe: {probe}\n          readinessProbe: {probe}\n");
    with(WEB, "          ports:\n", &format!("{own}          ports:\n"))
}

/// A set with so many claim templates.
pub fn claims(count: usize, replicas: u64) -> String {
    let mut text = set("web", replicas, "");
    for number in 0..count {
        let _ = write!(
            text,
            "    - metadata:\n        name: d{number}\n      spec:\n        accessModes: [\"ReadWriteOnce\"]\n        \
             resources:\n          requests:\n            storage: 1Gi\n"
        );
    }
    text
}

/// A set with so many containers.
pub fn containers(count: usize, replicas: u64) -> String {
    let mut own = String::new();
    for number in 0..count {
        let _ = writeln!(own, "        - {{name: c{number}, image: a}}");
    }
    with(&set("web", replicas, ""), "      containers:\n", &format!("      containers:\n{own}"))
}

/// So many sets.
pub fn sets(count: usize) -> String {
    let one = |number: usize| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: s{number}}}\nspec:\n  replicas: 3\n  \
             serviceName: n\n  selector: {{matchLabels: {{app: s{number}}}}}\n  template:\n    \
             metadata: {{labels: {{app: s{number}}}}}\n    spec: {{containers: [{{name: a, image: a}}]}}\n---\n"
        )
    };
    (0..count).map(one).collect()
}

/// A Deployment or ReplicaSet of so many replicas.
pub fn deployment(kind: &str, replicas: u64) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: many}}\nspec:\n  replicas: {replicas}\n  \
         selector: {{matchLabels: {{app: many}}}}\n  template:\n    metadata: {{labels: {{app: many}}}}\n    \
         spec: {{containers: [{{name: a, image: a}}]}}\n"
    )
}

/// A ReplicationController of so many replicas.
pub fn controller(replicas: u64) -> String {
    format!(
        "apiVersion: v1\nkind: ReplicationController\nmetadata: {{name: many}}\nspec:\n  replicas: {replicas}\n  \
         selector: {{app: many}}\n  template:\n    metadata: {{labels: {{app: many}}}}\n    \
         spec: {{containers: [{{name: a, image: a}}]}}\n"
    )
}

/// A Job of so many pods at once.
pub fn job(parallelism: u64) -> String {
    format!(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: many}}\nspec:\n  parallelism: {parallelism}\n  \
         completions: {parallelism}\n  template:\n    spec: {{restartPolicy: Never, containers: [{{name: a, image: a}}]}}\n"
    )
}

fn config_map(name: &str, data: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{{data}}}\n---\n")
}

/// A ConfigMap of so many keys.
pub fn keys(count: usize) -> String {
    let data: String = (0..count).map(|number| format!("k{number}: v,")).collect();
    config_map("big", &data)
}

/// So many ConfigMaps.
pub fn maps(count: usize) -> String {
    (0..count).map(|number| config_map(&format!("m{number}"), "a: b")).collect()
}

/// A set of so many annotations.
pub fn annotations(count: usize) -> String {
    let own: String = (0..count).map(|number| format!("    a{number}: b\n")).collect();
    with(WEB, "  name: web\n", &format!("  name: web\n  annotations:\n{own}"))
}

/// Maps in maps, a space more each.
pub fn indented(depth: usize) -> String {
    (0..depth).map(|at| format!("{}a:\n", " ".repeat(at))).collect()
}

/// Anchors of which each names the one before it twice.
pub fn anchors(count: usize) -> String {
    let mut text =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a0: &a0 [x, x]\n"
            .to_owned();
    for number in 1..count {
        let before = number - 1;
        let _ = writeln!(text, "  a{number}: &a{number} [*a{before}, *a{before}]");
    }
    text
}

/// Numbers in no order, a line each.
pub fn numbers(count: u64) -> String {
    (0..count).map(|at| format!("{}\n", at.wrapping_mul(7_919) % 99_991)).collect()
}

/// A JSON patch of so many operations.
pub fn operations(count: usize) -> String {
    let one =
        |number: usize| json!({"op": "add", "path": format!("/data/k{number}"), "value": "v"});
    Value::Array((0..count).map(one).collect()).to_string()
}

/// A JSON patch in which each operation doubles what there is.
pub fn copies(count: usize) -> String {
    let one =
        |number: usize| json!({"op": "copy", "from": "/data", "path": format!("/data/k{number}")});
    Value::Array((0..count).map(one).collect()).to_string()
}

/// The same with pods that are probed every second.
pub fn probed_lesson(seconds: u64, count: usize) -> String {
    let probes = probes("{tcpSocket: {port: 80}, periodSeconds: 1}");
    let more = "  replicas: 300\n  podManagementPolicy: Parallel\n";
    lesson(&with(&probes, "  replicas: 3\n", more), seconds, count)
}

/// A lesson that begins with so many waits of so many seconds.
pub fn waiting_lesson(seconds: u64, count: usize) -> String {
    lesson(&set("web", 500, "podManagementPolicy: Parallel"), seconds, count)
}

fn lesson(text: &str, seconds: u64, count: usize) -> String {
    let mut acts = vec![json!("kubectl apply -f manifest.yaml")];
    acts.extend((0..count).map(|_| json!({"wait": seconds})));
    let goal = json!({"printed": "never"});
    json!({
        "title": "Long", "group": "Traps", "story": "Long.",
        "start": {"manifest": text, "run": acts},
        "tasks": [{"text": "Wait.", "goal": goal}],
    })
    .to_string()
}
