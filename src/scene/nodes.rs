//! The table of nodes.

use super::printed::Printed;
use crate::client::deed::NodeRequest;
use crate::cluster::node::{self, Node, OUT_OF_SERVICE};
use crate::cluster::objects::unix_millis;
use crate::cluster::{Cluster, Millis};

/// A row of the table Nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRow {
    /// Its name.
    pub name: String,
    /// Its STATUS; empty if its object is gone, as are ROLES and AGE.
    pub status: String,
    /// Its ROLES.
    pub roles: String,
    /// Its AGE.
    pub age: String,
    /// What is true of the machine: whether it answers, what its drain waits for, that its object is
    /// gone.
    pub machine: String,
    /// Its zone.
    pub zone: String,
    /// Pods that run there, of those that can.
    pub pods: String,
    /// CPU that they request, of what there is, in cores.
    pub cpu: String,
    /// Its taints as `kubectl describe node` prints them.
    pub taints: String,
    /// It does not answer.
    pub is_lost: bool,
    /// What can be done to it now.
    pub requests: Vec<NodeRequest>,
}

/// Every node that the cluster was made with.
pub fn nodes(cluster: &Cluster, printed: &mut Printed, now: Millis) -> Vec<NodeRow> {
    let names = (0..cluster.config().nodes.max(1)).map(node::name_of);
    names.map(|name| row(cluster, printed, &name, now)).collect()
}

fn row(cluster: &Cluster, printed: &mut Printed, name: &str, now: Millis) -> NodeRow {
    let is_lost = cluster.machines().lost_since(name).is_some();
    let reach = if is_lost { NodeRequest::Regain } else { NodeRequest::Lose };
    let mut row = NodeRow {
        name: name.into(),
        status: String::new(),
        roles: String::new(),
        age: String::new(),
        machine: if is_lost { "does not answer" } else { "answers" }.into(),
        zone: String::new(),
        pods: String::new(),
        cpu: String::new(),
        taints: String::new(),
        is_lost,
        requests: vec![reach],
    };
    let Some(node) = cluster.store().get::<Node>(&Node::key(name)) else {
        row.machine.push_str(", its Node object is deleted");
        return row;
    };
    let cells = printed.row(cluster, node);
    let cell = |title| cells.text(title, unix_millis(now));
    (row.status, row.roles, row.age) = (cell("STATUS"), cell("ROLES"), cell("AGE"));
    row.zone = node.meta.labels.get(node::ZONE).cloned().unwrap_or_default();
    let held_up = node::refusals(cluster).filter(|it| *it.node == *name);
    let held_up: Vec<_> = held_up.map(|it| &*it.pod.name).collect();
    if !held_up.is_empty() {
        row.machine = format!("draining, waits for {}", held_up.join(", "));
    }
    let usage = cluster.node_usage(name);
    row.pods = format!("{}/{}", usage.pods, node.max_pods);
    row.cpu = format!("{}m/{}m", usage.cpu_millis, node.cpu_millis);
    let taints = node.taints.iter().map(|taint| {
        let equals = if taint.value.is_empty() { "" } else { "=" };
        format!("{}{equals}{}:{}", taint.key, taint.value, taint.effect.name())
    });
    row.taints = taints.collect::<Vec<_>>().join(", ");
    let pairs = [
        (node.unschedulable, NodeRequest::Uncordon, NodeRequest::Cordon),
        (
            node.is_tainted(OUT_OF_SERVICE),
            NodeRequest::UntaintOutOfService,
            NodeRequest::TaintOutOfService,
        ),
    ];
    row.requests.extend(pairs.map(|(is, undo, request)| if is { undo } else { request }));
    row.requests.extend([NodeRequest::Drain, NodeRequest::Delete]);
    row
}
