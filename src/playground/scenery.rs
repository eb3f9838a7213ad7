//! What was in the cluster before the session: the lab's minikube, a day old, with Vault.
//!
//! The session holds it as inputs before its beginning, so that links and saved work carry it.

use crate::api::change::{Change, FieldValidation, Request};
use crate::api::{Kubernetes, Tree, Version};
use crate::cluster::config::Pause;
use crate::cluster::meta::Key;
use crate::cluster::objects::unix_millis;
use crate::cluster::pod::Pod;
use crate::cluster::time::{Millis, SECOND};
use crate::cluster::{Cluster, ClusterConfig, Input};
use crate::manifest::{Document, Manifest};
use crate::session::{Session, TimedInput};
use crate::terminal::helm;
use serde_json::{Value, json};

/// The example that has it.
pub const LAB: &str = "minikube-lab";

/// The command by which the lab's application is installed.
pub const INSTALL: &str = "helm install web-app chart";

/// The objects, as a manifest.
const OBJECTS: &str = include_str!("../../static/examples/minikube.yaml");

/// When Vault was installed, and when the machine was started again; the cluster is made at 0.
const INSTALLED_AT: Millis = 20 * SECOND;
const RESTARTED_AT: Millis = 45 * SECOND;
const BEGINS_AT: Millis = 75 * SECOND;

const HOUR: Millis = 3_600 * SECOND;

/// The exit code of a container whose machine was stopped.
const MACHINE_STOPPED: i32 = 255;

/// The Kubernetes that the lab is shown with: `kubectl describe` prints probes as in the report.
pub fn kubernetes() -> Kubernetes {
    Kubernetes::new(Version::V1_34)
}

/// The session that the lab begins with, on a Kubernetes, with calm times or drawn ones.
pub fn lab(kubernetes: Kubernetes, drawn_times: bool) -> Session {
    let config = ClusterConfig {
        kubernetes,
        drawn_times,
        nodes: 1,
        pauses: vec![
            Pause { at: INSTALLED_AT, ms: HOUR },
            Pause { at: RESTARTED_AT, ms: 2 * HOUR },
            Pause { at: BEGINS_AT, ms: 20 * HOUR },
        ],
        ..ClusterConfig::default()
    };
    let mut inputs = objects(&config);
    inputs.push(TimedInput::new(INSTALLED_AT, release(&config)));
    inputs.extend(restarts(&config, &inputs));
    Session { config, inputs: inputs.into_iter().collect() }
}

fn create(kind: &str, version: &str, namespace: &str, object: serde_json::Value) -> Input {
    Input::Request(Box::new(Request {
        kind: kind.into(),
        api_version: version.into(),
        namespace: namespace.into(),
        name: object.at("metadata").text("name").into(),
        change: Change::Create(object),
        dry_run: false,
        field_validation: FieldValidation::Ignore,
        field_manager: String::new(),
    }))
}

/// The cluster's own objects at first, then those of Vault.
fn objects(config: &ClusterConfig) -> Vec<TimedInput> {
    let manifest = Manifest::parse(OBJECTS);
    let mut cluster = Cluster::new(config.clone());
    let mut all: Vec<(Millis, &Document, Value)> = manifest
        .documents
        .iter()
        .map(|document| {
            let object = document.value();
            let is_own = object.at("metadata").text("namespace") == "kube-system";
            (if is_own { 0 } else { INSTALLED_AT }, document, object)
        })
        .collect();
    all.sort_by_key(|(at, ..)| *at);
    all.into_iter()
        .map(|(at, document, mut object)| {
            run_to(&mut cluster, at);
            name_owners(&cluster, &mut object);
            let namespace = object.at("metadata").text("namespace").to_owned();
            let input = create(&document.kind, &document.api_version, &namespace, object);
            cluster.submit(at, &input);
            TimedInput::new(at, input)
        })
        .collect()
}

/// Gives the references to owners the UIDs that these have in the cluster.
fn name_owners(cluster: &Cluster, object: &mut Value) {
    let meta = object.open("metadata");
    let namespace = meta.text("namespace").to_owned();
    for reference in meta.items_mut("ownerReferences") {
        let kind = cluster.served(reference.text("kind"), reference.text("apiVersion"));
        let Some(kind) = kind else { continue };
        let namespace = if kind.is_namespaced() { namespace.as_str() } else { "" };
        let key = Key::new(namespace, reference.text("name"));
        if let Some(owner) = cluster.store().record(kind, &key) {
            reference.put("uid", owner.metadata().uid.to_string());
        }
    }
}

/// What Helm remembers of Vault.
fn release(config: &ClusterConfig) -> Input {
    let paused = i64::try_from(config.paused_since(INSTALLED_AT)).unwrap_or(0);
    let now = unix_millis(INSTALLED_AT) - paused;
    let chart = json!({
        "apiVersion": "v2",
        "name": "vault",
        "version": "0.29.1",
        "appVersion": "1.18.1",
        "description": "Official HashiCorp Vault Chart",
        "kubeVersion": ">= 1.20.0-0",
    });
    let values = json!({"server": {"dev": {"enabled": true}}});
    let manifest = OBJECTS.find("kind: ServiceAccount").and_then(|at| OBJECTS[..at].rfind("---\n"));
    let manifest = manifest.and_then(|at| OBJECTS.get(at..)).unwrap_or_default();
    let secret = helm::deployed("vault", &chart, &values, manifest, now);
    create("Secret", "v1", "default", secret)
}

/// The machine was started again: every container ended with it.
fn restarts(config: &ClusterConfig, inputs: &[TimedInput]) -> Vec<TimedInput> {
    let mut cluster = Cluster::new(config.clone());
    for each in inputs {
        run_to(&mut cluster, each.at);
        cluster.submit(each.at, &each.input);
    }
    run_to(&mut cluster, RESTARTED_AT);
    let pods = cluster.store().list::<Pod>();
    let containers = pods.flat_map(|pod| {
        let Key { namespace, name } = &pod.meta.key;
        pod.template.containers.iter().map(move |container| Input::CrashContainer {
            namespace: namespace.to_string(),
            pod: name.to_string(),
            container: container.name.to_string(),
            exit_code: MACHINE_STOPPED,
        })
    });
    containers.map(|input| TimedInput::new(RESTARTED_AT, input)).collect()
}

fn run_to(cluster: &mut Cluster, at: Millis) {
    while cluster.next_at().is_some_and(|next| next <= at) {
        cluster.step();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::stateful_set::StatefulSet;
    use crate::session::History;

    #[test]
    fn everything_runs_and_was_restarted_once_when_the_lab_begins() {
        for version in Version::ALL {
            all_runs(lab(Kubernetes::new(version), version == Version::V1_36));
        }
    }

    fn all_runs(session: Session) {
        let begins_at = session.config.begins_at();
        let mut history = History::new(session);
        history.advance_to(begins_at);
        for outcome in history.outcomes() {
            assert_eq!(outcome.refusal(), None);
        }
        let mut cursor = history.start();
        history.seek(&mut cursor, usize::MAX);
        let pods: Vec<_> = cursor.cluster().store().list::<Pod>().collect();
        assert_eq!(pods.len(), 9);
        for pod in pods {
            assert!(pod.is_ready(), "{}", pod.meta.key);
            let restarts: Vec<_> =
                pod.status.containers.iter().map(|it| it.restart_count).collect();
            assert_eq!(restarts, [1], "{}", pod.meta.key);
        }
        assert_eq!(cursor.cluster().store().list::<StatefulSet>().count(), 1);
    }
}
