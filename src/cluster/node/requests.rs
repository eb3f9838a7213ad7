//! What a person does to nodes: cordon, drain, taint, delete, and cutting one off.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go`, `pkg/cmd/taint/taint.go`.

use super::lifecycle::{lose, regain};
use super::{Effect, Node, OUT_OF_SERVICE, Taint, UNSCHEDULABLE, drain};
use crate::api::Status;
use crate::cluster::apiserver::delete;
use crate::cluster::input::{Cascade, Input, NodeRequest};
use crate::cluster::meta::Kind;
use crate::cluster::{Cluster, Outcome};

/// Carries out what a person does to a node.
#[inline(never)]
pub fn submit(cluster: &mut Cluster, input: &Input) -> Outcome {
    let Input::Node { node, request } = input else { return Outcome::default() };
    let is_machine = matches!(request, NodeRequest::Lose | NodeRequest::Regain);
    if !is_machine && cluster.store.get::<Node>(&Node::key(node)).is_none() {
        let refusal = Status::not_found(Kind::Node, node);
        return Outcome { refusals: vec![refusal], ..Outcome::default() };
    }
    let lines = match request {
        NodeRequest::Lose => {
            lose(cluster, node);
            Vec::new()
        }
        NodeRequest::Regain => {
            regain(cluster, node);
            Vec::new()
        }
        NodeRequest::Cordon => vec![cordon(cluster, node, true)],
        NodeRequest::Uncordon => {
            drain::stop(cluster, node);
            vec![cordon(cluster, node, false)]
        }
        NodeRequest::Drain => {
            let mut lines = vec![cordon(cluster, node, true)];
            drain::begin(cluster, node, &mut lines);
            lines
        }
        NodeRequest::Delete => {
            let key = Node::key(node);
            let store = &mut cluster.store;
            let _gone = delete::delete::<Node>(store, &key, Cascade::Background, cluster.now);
            vec![format!("node \"{node}\" deleted")]
        }
        NodeRequest::TaintOutOfService => vec![taint_out_of_service(cluster, node, true)],
        NodeRequest::UntaintOutOfService => vec![taint_out_of_service(cluster, node, false)],
    };
    Outcome { lines, ..Outcome::default() }
}

fn cordon(cluster: &mut Cluster, name: &str, on: bool) -> String {
    let since = cluster.now;
    let changed = cluster.store.update::<Node>(&Node::key(name), |node| {
        if node.unschedulable != on {
            node.unschedulable = on;
            set_taint(node, UNSCHEDULABLE, "", Effect::NoSchedule, on.then_some(since));
        }
    });
    let done = if on { "cordoned" } else { "uncordoned" };
    match changed {
        true => format!("node/{name} {done}"),
        false => format!("node/{name} already {done}"),
    }
}

fn taint_out_of_service(cluster: &mut Cluster, name: &str, on: bool) -> String {
    let since = on.then_some(cluster.now);
    cluster.store.update::<Node>(&Node::key(name), |node| {
        set_taint(node, OUT_OF_SERVICE, "nodeshutdown", Effect::NoExecute, since);
    });
    format!("node/{name} {}", if on { "tainted" } else { "untainted" })
}

fn set_taint(node: &mut Node, key: &str, value: &str, effect: Effect, since: Option<u64>) {
    let old = node.taints.iter().find(|taint| *taint.key == *key).map(|taint| taint.since);
    node.taints.retain(|taint| *taint.key != *key);
    if let Some(since) = since {
        let since = old.unwrap_or(since);
        node.taints.push(Taint { key: key.into(), value: value.into(), effect, since });
    }
}
