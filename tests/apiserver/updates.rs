//! Commands that change objects, one after the other, as the recordings ran them.

use super::recording::{self, Tally, comparable};
use crate::kubectl::play;
use crate::kubectl::server::Server;
use serde_json::{Value, json};
use statefulset_playground::api::{Kubernetes, Tree};
use statefulset_playground::terminal::output::Stream;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The moment of the recordings; nothing compared depends on it.
const NOW: i64 = 1_790_000_000_000;

/// Plays a case: its exit statuses, what is printed, and the objects at the end.
pub fn changed(tally: &mut Tally, case: &Value, kubernetes: Kubernetes) {
    let name = case.text("name");
    let (mut server, files) = (server(case, kubernetes), files(case));
    let (mut ours, mut theirs) = (String::new(), String::new());
    for step in case.items("steps") {
        let (command, exit) = (step.text("command"), step.int("exit"));
        let (out, status) = play::run(command, &mut server, &files);
        if i64::from(status) != exit {
            let text = format!("{command}: {status} {}", out.text());
            let recorded = format!("{exit} {}{}", step.text("stdout"), step.text("stderr"));
            return tally.verdict(name, &text, &recorded.into());
        }
        for (stream, recorded) in [(Stream::Out, "stdout"), (Stream::Err, "stderr")] {
            ours += &format!("$ {command}\n{}", masked(&out.of(stream)));
            theirs += &format!("$ {command}\n{}", masked(step.text(recorded)));
        }
        server.pass(50);
    }
    if ours != theirs {
        return tally.message(name, &ours, &theirs);
    }
    let kinds = ["Service", "PersistentVolumeClaim", "StatefulSet"];
    let own = server.objects.iter().filter(|object| kinds.contains(&object.text("kind")));
    let is_builtin = |object: &Value| object["metadata"]["name"] == "kubernetes";
    let own = own.filter(|object| !is_builtin(object)).map(|object| placeholders(object));
    let theirs: Vec<Value> = case.items("objects").iter().map(comparable).collect();
    tally.admitted(name, &Value::Array(recording::in_order(own)), &Value::Array(theirs));
}

/// The object with what was given or drawn as the recordings write it.
fn placeholders(object: &Value) -> Value {
    let text = object.to_string().replace("\"nodePort\":30000", "\"nodePort\":\"<node-port>\"");
    let mut object: Value = serde_json::from_str(&text).unwrap();
    const RESTARTED: &str =
        "/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt";
    if let Some(time) = object.pointer_mut(RESTARTED) {
        *time = "<time>".into();
    }
    object
}

fn server(case: &Value, kubernetes: Kubernetes) -> Server {
    // Addresses that were allocated, in place of the recording's placeholder.
    let live = case["objects_before"].to_string().replace("<cluster-ip>", "10.96.1.1");
    let live: Vec<Value> = serde_json::from_str(&live).unwrap();
    let mut objects: Vec<Rc<Value>> = Vec::new();
    for (index, mut object) in live.into_iter().enumerate() {
        let meta = object.open("metadata");
        meta.fill("resourceVersion", (2686 + index).to_string());
        meta.fill("uid", format!("uid-{index}"));
        meta.fill("creationTimestamp", "2026-09-21T14:13:20Z");
        objects.push(Rc::new(object));
    }
    objects.push(Rc::new(json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {
            "name": "kubernetes", "namespace": "default", "uid": "k",
            "creationTimestamp": "2026-09-21T13:53:20Z",
        },
        "spec": {
            "type": "ClusterIP", "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"],
            "ports": [{"name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443}],
        },
    })));
    for (name, expands) in [("expandable", true), ("fixed", false)] {
        objects.push(Rc::new(json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
            "metadata": {"name": name, "uid": name}, "provisioner": "example.com/none",
            "reclaimPolicy": "Delete", "volumeBindingMode": "Immediate",
            "allowVolumeExpansion": expands,
        })));
    }
    let mut server = Server::new(objects, NOW);
    (server.kubernetes, server.keeps_claims) = (kubernetes, true);
    server
}

fn files(case: &Value) -> BTreeMap<String, String> {
    let names = [("before.yaml", "before"), ("after.yaml", "after")];
    let known = names
        .iter()
        .filter_map(|(file, field)| Some(((*file).to_owned(), case.opt_text(field)?.to_owned())));
    known.collect()
}

/// What no second run would print again: numbers of files, times, ages.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    for line in text.lines() {
        let is_header = line.starts_with("--- /tmp/") || line.starts_with("+++ /tmp/");
        let line = if is_header { line.split('\t').next().unwrap_or(line) } else { line };
        let line = match line.split_once(" helpers.go:") {
            Some((_, rest)) => format!("W helpers.go:{rest}"),
            None => line.to_owned(),
        };
        let own = [
            "creationTimestamp:",
            "uid:",
            "resourceVersion:",
            "clusterIP:",
            "restartedAt:",
            "nodePort:",
            "- 10.",
        ];
        let line = match own.iter().find_map(|key| line.find(key).map(|at| at + key.len())) {
            Some(at) => format!("{} <own>", &line[..at]),
            None => line.replace("10.96.1.1", "<cluster-ip>"),
        };
        let mut words: Vec<String> = Vec::new();
        for word in line.split(' ') {
            let mut word = word.to_owned();
            for mark in ["/tmp/LIVE-", "/tmp/MERGED-"] {
                if let Some(rest) = word.strip_prefix(mark) {
                    let rest = rest.strip_prefix("<n>").unwrap_or(rest);
                    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                    word = format!("{mark}<n>{rest}");
                }
            }
            let digits = word.trim_end_matches(['s', 'm']);
            let is_age = digits.len() + 1 == word.len() && digits.parse::<u32>().is_ok();
            let is_version = words.last().is_some_and(|last| last == "was");
            words.push(if is_age {
                "<age>".into()
            } else if is_version {
                "<version>".into()
            } else {
                word
            });
        }
        masked += &words.join(" ");
        masked.push('\n');
    }
    masked
}
