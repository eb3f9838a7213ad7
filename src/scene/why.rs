//! The one sentence: what does not happen, what it waits for, what would release it.
//!
//! It prints the [`Hold`] that the controller decided on; nothing is guessed afterwards.

mod network;
mod nodes;
mod storage;
mod termination;

use super::Why;
use super::clock::short_clock as clock;
use super::words::pod_state;
use crate::cluster::hold::{Awaited, Hold, Intent, PersonAwaited, Phase};
use crate::cluster::kubelet::view::{Waiting, probe_views, waiting};
use crate::cluster::meta::Key;
use crate::cluster::pod::{Glance, Pod};
use crate::cluster::stateful_set::{PodManagementPolicy, StatefulSet};
use crate::cluster::template::ProbeKind;
use crate::cluster::{Cluster, Millis, objects};
use crate::print::pods;
use std::rc::Rc;

/// The sentence for the set called `key`.
pub fn why(cluster: &Cluster, key: &Key, set: Option<&StatefulSet>) -> Why {
    let Some(set) = set else { return absent(cluster, key) };
    match cluster.hold(key) {
        Some(hold) => held(cluster, set, hold),
        None => settled(cluster, set),
    }
}

/// The sentence for the set called `key`, which may be there or not.
pub fn why_of(cluster: &Cluster, key: &Key) -> Why {
    why(cluster, key, cluster.store().get::<StatefulSet>(key).map(Rc::as_ref))
}

/// A namespace as a flag of kubectl, behind a blank; empty for the one that is meant anyway.
fn in_namespace(namespace: &str) -> String {
    match namespace {
        "default" => String::new(),
        other => format!(" -n {other}"),
    }
}

fn absent(cluster: &Cluster, key: &Key) -> Why {
    let left = cluster.store().list_in::<Pod>(&key.namespace).count();
    let headline = format!("There is no StatefulSet {}", key.name);
    let detail = match left {
        0 => "Apply the manifest to create it.".into(),
        _ => "Its pods that are left have no controller, or are being removed.".into(),
    };
    Why { headline, detail, command: "kubectl apply -f manifest.yaml".into(), ..Why::default() }
}

fn settled(cluster: &Cluster, set: &StatefulSet) -> Why {
    let (name, status) = (set.meta.name(), &set.status);
    let all_ready = status.ready_replicas == set.spec.replicas;
    if all_ready && status.replicas == set.spec.replicas {
        let headline = match set.spec.replicas {
            1 => format!("The pod of {name} is Ready"),
            n => format!("All {n} pods of {name} are Ready"),
        };
        let held_up = nodes::undrained(cluster, set, &headline)
            .or_else(|| network::nameless(cluster, set, &headline));
        if let Some(why) = held_up {
            return why;
        }
        let detail = "The cluster is as the manifest asks.".into();
        return Why { headline, detail, ..Why::default() };
    }
    let pods = cluster.store().list_in::<Pod>(&set.meta.key.namespace);
    let mine = pods.filter(|pod| pod.meta.is_controlled_by(set.meta.uid));
    let waiting: Vec<_> = mine.filter(|pod| !pod.is_running_and_ready()).collect();
    let headline =
        format!("{name}: {} of {} pods are Ready", status.ready_replicas, set.spec.replicas);
    let Some(pod) = waiting.first() else {
        return Why { headline, waiting: true, ..Why::default() };
    };
    let mut detail = format!("{} {}.", pod.meta.name(), condition(cluster, pod));
    let mut command = String::new();
    if pod.is_terminating() {
        let stay = termination::stay(cluster, pod);
        detail.push_str(&after(&stay.advice));
        command = stay.command;
    }
    Why { headline, detail, command, waiting: true, blocking: pod.meta.name().into() }
}

fn held(cluster: &Cluster, set: &StatefulSet, hold: &Hold) -> Why {
    let blocking = match &hold.awaited {
        Awaited::PodGone { pod }
        | Awaited::PodReady { pod }
        | Awaited::PodAvailable { pod, .. }
        | Awaited::EitherAvailable { pod, .. }
        | Awaited::ClaimGone { pod, .. } => pod.to_string(),
        Awaited::FewerUnavailable { unavailable, .. } => {
            unavailable.first().map(|pod| pod.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    };
    let pod = cluster.store().get::<Pod>(&hold.set.sibling(&blocking)).map(Rc::as_ref);
    Why {
        headline: headline(hold, &blocking),
        detail: detail(cluster, set, hold, pod),
        command: command(cluster, hold, pod),
        waiting: true,
        blocking,
    }
}

fn headline(hold: &Hold, blocking: &str) -> String {
    match &hold.intent {
        Intent::Create(pod) => format!("{pod} is not created yet"),
        Intent::ScaleDown(pod) => format!("{pod} is not deleted yet"),
        Intent::Update(pod) => format!("{pod} is not updated yet"),
        Intent::GoAway => format!("{} is being deleted", hold.set.name),
        Intent::Settle if blocking.is_empty() => format!("{} waits", hold.set.name),
        Intent::Settle => format!("{} waits for {blocking}", hold.set.name),
    }
}

fn detail(cluster: &Cluster, set: &StatefulSet, hold: &Hold, pod: Option<&Pod>) -> String {
    let because = match hold.phase {
        Phase::Replicas | Phase::Condemned => match set.spec.pod_management_policy {
            PodManagementPolicy::OrderedReady => ", and OrderedReady waits for it",
            PodManagementPolicy::Parallel => "",
        },
        Phase::Update => ", and a rolling update waits for it",
        _ => "",
    };
    match &hold.awaited {
        Awaited::PodGone { pod: name } => match pod.filter(|pod| pod.is_terminating()) {
            Some(pod) => {
                let termination::Stay { reason, advice, .. } = termination::stay(cluster, pod);
                format!("{name} {reason}{because}.{}", after(&advice))
            }
            None => format!("{name} is to be gone{because}."),
        },
        Awaited::PodReady { pod: name } => match pod {
            Some(pod) => {
                let terminating = pod.is_terminating().then(|| termination::stay(cluster, pod));
                let advice = terminating.map(|stay| after(&stay.advice)).unwrap_or_default();
                format!("{name} {}{because}.{advice}", condition(cluster, pod))
            }
            None => format!("{name} is not Ready{because}."),
        },
        Awaited::PodAvailable { pod, available_at, .. } => format!(
            "{pod} is Ready and becomes available at {} (minReadySeconds {}){because}.",
            clock(*available_at),
            set.spec.min_ready_seconds
        ),
        Awaited::EitherAvailable { pod, first_unavailable } => format!(
            "{pod} and {first_unavailable} are both unavailable: the controller deletes an \
             unavailable pod only if it is the first one. One of them must recover or be deleted."
        ),
        Awaited::ClaimGone { claim, .. } => {
            format!("The claim {claim} is to be gone first; pods that use it keep it.")
        }
        Awaited::FewerUnavailable { unavailable, limit } => format!(
            "{} unavailable, and at most {limit} may be: {}.",
            unavailable.len(),
            unavailable.join(", ")
        ),
        Awaited::Person { reason: PersonAwaited::OnDelete } => {
            "With OnDelete a pod is updated only when somebody deletes it.".into()
        }
        Awaited::Person { reason: PersonAwaited::Partition(partition) } => {
            format!("The partition {partition} keeps the pods below it on the current revision.")
        }
        Awaited::Accepted { message } => format!("The API server refuses: {message}"),
        Awaited::DependentsGone => "Its pods go first; the garbage collector removes them.".into(),
        Awaited::Livelock => {
            "The controller undoes its own work again and again. Change the set to end it.".into()
        }
    }
}

/// Sentences behind another one.
fn after(advice: &str) -> String {
    if advice.is_empty() { String::new() } else { format!(" {advice}") }
}

fn command(cluster: &Cluster, hold: &Hold, pod: Option<&Pod>) -> String {
    let namespace = in_namespace(&hold.set.namespace);
    if let Some(pod) = pod.filter(|pod| pod.is_terminating()) {
        return termination::stay(cluster, pod).command;
    }
    match &hold.awaited {
        Awaited::EitherAvailable { pod, .. } => format!("kubectl delete pod {pod}{namespace}"),
        Awaited::PodReady { pod: name } => match pod {
            Some(pod) if storage::command(cluster, pod).is_some() => {
                storage::command(cluster, pod).unwrap_or_default()
            }
            Some(pod) if pod.node.is_none() && nodes::uncordon(cluster).is_some() => {
                nodes::uncordon(cluster).unwrap_or_default()
            }
            Some(pod) if hold.phase == Phase::Replicas && is_stuck(pod) => {
                format!("kubectl delete pod {name}{namespace}")
            }
            _ => format!("kubectl describe pod {name}{namespace}"),
        },
        Awaited::Person { reason: PersonAwaited::OnDelete } => match &hold.intent {
            Intent::Update(pod) => format!("kubectl delete pod {pod}{namespace}"),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn is_stuck(pod: &Pod) -> bool {
    pod_state(&Glance::of(pod)) == super::PodState::Failed
}

/// What keeps a pod from being Ready, as the end of a sentence that begins with its name.
fn condition(cluster: &Cluster, pod: &Pod) -> String {
    if pod.is_terminating() {
        return termination::stay(cluster, pod).reason;
    }
    if let Some(lost) = nodes::lost(cluster, pod) {
        return lost;
    }
    if let Some(undetached) = storage::undetached(cluster, pod) {
        return undetached;
    }
    let object = objects::whole(cluster, pod);
    let status = pods::status(&object, cluster.kubernetes().version);
    let scheduled = pod.status.conditions.scheduled.as_ref();
    if let Some(unbound) = storage::unbound(cluster, pod) {
        return unbound;
    }
    if let Some(scheduled) = scheduled.filter(|it| &*it.reason == "Unschedulable") {
        return format!("is Pending: {}", scheduled.message);
    }
    let doing = doing(cluster, pod);
    match doing.is_empty() {
        true if status == "Running" => "is Running but not Ready".into(),
        true => format!("is {status}"),
        false if status == "Running" => format!("is Running but not Ready ({doing})"),
        false => format!("is {status} ({doing})"),
    }
}

/// What a pod is about at the moment, in a few words; empty if there is nothing to say.
pub fn doing(cluster: &Cluster, pod: &Pod) -> String {
    if let Some(words) = nodes::silence(cluster, pod) {
        return words;
    }
    if let Some(words) = storage::held_elsewhere(cluster, pod) {
        return words;
    }
    if let Some(waiting) = waiting(cluster, pod) {
        return waiting_words(&waiting);
    }
    let views = probe_views(cluster, pod);
    let failing = views.iter().find(|it| it.last_success == Some(false));
    if let Some(view) = failing {
        let (name, at) = (view.kind.name().to_ascii_lowercase(), next_attempt(view.next_at));
        return match view.run < view.threshold {
            true => format!("{name} probe failed {} of {} times{at}", view.run, view.threshold),
            false => format!("{name} probe fails{at}"),
        };
    }
    let silent = |kind| views.iter().find(|it| it.kind == kind && it.last_success.is_none());
    let first = silent(ProbeKind::Startup).or_else(|| silent(ProbeKind::Readiness));
    match first {
        Some(view) if !pod.is_ready() => {
            let (name, at) = (view.kind.name().to_ascii_lowercase(), next_attempt(view.next_at));
            format!("{name} probe has not asked yet{at}")
        }
        _ => String::new(),
    }
}

fn next_attempt(at: Option<Millis>) -> String {
    at.map(|at| format!(", next attempt at {}", clock(at))).unwrap_or_default()
}

fn waiting_words(waiting: &Waiting) -> String {
    match waiting {
        Waiting::Node { message } => message.to_string(),
        Waiting::Claim { claim } => format!("claim {claim} is not bound"),
        Waiting::Volumes { .. } => "mounting volumes".into(),
        Waiting::Sandbox { .. } => "creating the sandbox".into(),
        Waiting::Pull { .. } => "pulling the image".into(),
        Waiting::PullBackOff { until, .. } => {
            format!("the image cannot be pulled, next try at {}", clock(*until))
        }
        Waiting::CrashBackOff { until, .. } => {
            format!("it crashed, next start at {}", clock(*until))
        }
        Waiting::Restart { .. } => "restarting after a failed probe".into(),
        Waiting::Grace { killed_at } => format!("stopping, SIGKILL at {}", clock(*killed_at)),
    }
}
