//! Why a pod that is being deleted is still there, and what lets it go without harm.
//!
//! A forced deletion removes the object and stops nothing: it is told of only where no kubelet can
//! say that the containers have stopped, as the last resort and with what it risks.
//!
//! Source: `kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod`,
//! `kubernetes.io/docs/concepts/cluster-administration/node-shutdown`.

use super::super::clock::short_clock as clock;
use super::nodes;
use crate::cluster::Cluster;
use crate::cluster::kubelet::view::{Waiting, pre_stop, waiting};
use crate::cluster::pod::{ContainerState, Pod};

/// Why a terminating pod stays.
pub struct Stay {
    /// The end of a sentence that begins with the pod's name.
    pub reason: String,
    /// What a person may do, as sentences; empty if to wait is enough.
    pub advice: String,
    /// The command that helps and does no harm; empty if there is none.
    pub command: String,
}

/// Why this pod, which is being deleted, is still there.
pub fn stay(cluster: &Cluster, pod: &Pod) -> Stay {
    if let Some(silence) = nodes::silent(cluster, pod) {
        return of_lost_node(pod, &silence);
    }
    match waiting(cluster, pod) {
        Some(Waiting::Grace { killed_at }) => ordinary(within_grace(cluster, pod, killed_at)),
        _ if is_running(pod) => {
            let until = pod.meta.deletion.map_or(0, |deletion| deletion.timestamp);
            ordinary(format!("its containers have until {} to end", clock(until)))
        }
        _ if !pod.meta.finalizers.is_empty() => of_finalizers(pod),
        _ => ordinary("its containers have ended, and its object goes within seconds".into()),
    }
}

/// What passes by itself.
fn ordinary(passes: String) -> Stay {
    let reason = format!("is still terminating: {passes}");
    Stay { reason, advice: String::new(), command: String::new() }
}

fn is_running(pod: &Pod) -> bool {
    let mut all = pod.status.init_containers.iter().chain(&pod.status.containers);
    all.any(|container| matches!(container.state, ContainerState::Running { .. }))
}

fn within_grace(cluster: &Cluster, pod: &Pod, killed_at: u64) -> String {
    let seconds = pod.meta.deletion.map_or(0, |deletion| deletion.grace_ms / 1_000);
    let grace = format!("the grace period of {seconds} s");
    match pre_stop(cluster, pod) {
        Some((container, until, killed_at)) if until >= killed_at => format!(
            "the preStop hook of {container} does not end in time, so SIGKILL ends it and the \
             container at {}, after {grace}",
            clock(killed_at)
        ),
        Some((container, until, killed_at)) => format!(
            "the preStop hook of {container} takes until {}, then comes SIGTERM, and SIGKILL at {}, \
             after {grace}",
            clock(until),
            clock(killed_at)
        ),
        None => format!(
            "its containers have until {} to end by themselves, which is {grace}; then comes SIGKILL",
            clock(killed_at)
        ),
    }
}

fn of_lost_node(pod: &Pod, silence: &nodes::Silence) -> Stay {
    let (name, node) = (pod.meta.name(), &silence.node);
    let reason = format!("is terminating: {}", silence.words());
    if silence.is_collected {
        return Stay { reason, advice: String::new(), command: String::new() };
    }
    let advice = format!(
        "Bring {node} back, and the pod ends by itself. If the machine is certain to be off, say so: \
         with the taint out-of-service, which also sets its volumes free, or by deleting the Node \
         object. Only where none of these can be done is the deletion forced, as the last resort: \
         it stops nothing, so two pods {name} may run at once with one identity and damage their \
         data."
    );
    Stay { reason, advice, command: format!("kubectl describe node {node}") }
}

fn of_finalizers(pod: &Pod) -> Stay {
    let (word, it, is) = match pod.meta.finalizers.len() {
        1 => ("finalizer", "it", "is"),
        _ => ("finalizers", "them", "are"),
    };
    let reason = format!(
        "is terminating: its containers have ended, but its object stays until the {word} {} {is} \
         removed",
        pod.meta.finalizers.join(", ")
    );
    let advice = format!(
        "Whoever set {it} removes {it} when done; to force the deletion does not help. If nobody is \
         left to do so, remove {it} by hand: what was to be cleaned up first is then left as it is."
    );
    let namespace = super::in_namespace(&pod.meta.key.namespace);
    let patch = r#"{"metadata":{"finalizers":null}}"#;
    let name = pod.meta.name();
    let command = format!("kubectl patch pod {name}{namespace} --type=merge -p '{patch}'");
    Stay { reason, advice, command }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::change::{self, FieldValidation, Request};
    use crate::cluster::meta::{Deletion, Key};
    use crate::cluster::pod::Terminated;
    use crate::cluster::{ClusterConfig, Input};
    use crate::manifest::Manifest;
    use crate::manifest::examples::FIRST_TEXT;

    /// A pod that runs, in a cluster a minute old, as if its deletion had been asked for then.
    fn deleted() -> (Cluster, Pod) {
        let mut cluster = Cluster::new(ClusterConfig::default());
        for object in Manifest::parse(FIRST_TEXT).objects() {
            let request = Request {
                kind: object.kind.name().into(),
                api_version: object.kind.api_version().into(),
                namespace: "default".into(),
                name: object.name().into(),
                change: change::Change::Create(object.tree),
                dry_run: false,
                field_validation: FieldValidation::Strict,
                field_manager: String::new(),
            };
            cluster.submit(0, &Input::Request(Box::new(request)));
        }
        while cluster.next_at().is_some_and(|at| at <= 60_000) {
            cluster.step();
        }
        let mut pod =
            Pod::clone(cluster.store().get(&Key::new("default", "web-0")).expect("web-0"));
        pod.meta.deletion = Some(Deletion { timestamp: 90_000, grace_ms: 30_000 });
        (cluster, pod)
    }

    #[test]
    fn a_finalizer_keeps_the_object_once_the_containers_have_ended() {
        let (cluster, mut pod) = deleted();
        pod.meta.finalizers = vec!["example.com/guard".into()];
        let runs = stay(&cluster, &pod);
        assert_eq!(runs.reason, "is still terminating: its containers have until 01:30.0 to end");
        assert_eq!((runs.advice.as_str(), runs.command.as_str()), ("", ""));
        for container in &mut pod.status.containers {
            container.state = ContainerState::Terminated(Terminated {
                exit_code: 0,
                reason: "Completed".into(),
                message: "".into(),
                started_at: Some(30_000),
                finished_at: 61_000,
            });
        }
        let ended = stay(&cluster, &pod);
        assert!(ended.reason.ends_with("until the finalizer example.com/guard is removed"));
        assert!(ended.advice.contains("to force the deletion does not help"), "{}", ended.advice);
        let patch = "--type=merge -p '{\"metadata\":{\"finalizers\":null}}'";
        assert_eq!(ended.command, format!("kubectl patch pod web-0 {patch}"));
        pod.meta.finalizers.clear();
        let ends = stay(&cluster, &pod);
        assert!(ends.reason.ends_with("its object goes within seconds"), "{}", ends.reason);
        assert_eq!((ends.advice.as_str(), ends.command.as_str()), ("", ""));
    }
}
