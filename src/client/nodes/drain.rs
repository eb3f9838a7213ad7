//! Draining: evicts the pods of a node, and tries again where a budget refuses.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/drain/drain.go`, evictPods; filters.go.

use crate::api::{Resource, StatusReason, Tree};
use crate::client::delete::{self, Deletion};
use crate::client::send::{Client, DryRun, Found, Mode};
use crate::client::server::{Change, Server};
use crate::client::{Failure, Output};
use serde_json::Value;

/// How long an eviction that a budget forbids waits before it is tried again, in milliseconds.
pub const RETRY_MS: i64 = 5_000;

/// What a drain may evict that would be lost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    /// It goes on beside pods of DaemonSets (`--ignore-daemonsets`).
    pub daemons: bool,
    /// Pods with empty directories (`--delete-emptydir-data`).
    pub local: bool,
    /// Pods that nothing makes again (`--force`).
    pub alone: bool,
}

/// The pods of a node that are to be evicted, of those that `is_chosen` chooses.
///
/// # Errors
/// Why they must not be.
fn pods_of(
    (server, out): (&dyn Server, &mut Output),
    node: &str,
    allowed: Allowed,
    is_chosen: &dyn Fn(&Value) -> bool,
) -> Result<Vec<Found>, String> {
    let Some(resource) = Resource::named("pods") else { return Ok(Vec::new()) };
    let mut pods = Vec::new();
    let (mut daemons, mut alone, mut local) = (Vec::new(), Vec::new(), Vec::new());
    for object in server.list(&resource) {
        if object.at("spec").text("nodeName") != node || !is_chosen(&object) {
            continue;
        }
        let meta = object.at("metadata");
        let title = format!("{}/{}", meta.text("namespace"), meta.text("name"));
        if meta.at("annotations").set("kubernetes.io/config.mirror").is_some() {
            continue;
        }
        let owner = meta.items("ownerReferences").iter().find(|owner| owner.flag("controller"));
        let is_ended = matches!(object.at("status").text("phase"), "Succeeded" | "Failed");
        if owner.is_some_and(|owner| owner.text("kind") == "DaemonSet") {
            daemons.push(title);
            continue;
        }
        let mut volumes = object.at("spec").items("volumes").iter();
        if volumes.any(|volume| volume.set("emptyDir").is_some()) && !is_ended {
            local.push(title.clone());
        }
        if owner.is_none() && !is_ended {
            alone.push(title);
        }
        pods.push(Found { resource, object });
    }
    refused(allowed, &daemons, &local, &alone)?;
    if !daemons.is_empty() {
        out.error(&format!("Warning: ignoring DaemonSet-managed Pods: {}", daemons.join(", ")));
    }
    Ok(pods)
}

fn refused(
    allowed: Allowed,
    daemons: &[String],
    local: &[String],
    alone: &[String],
) -> Result<(), String> {
    let all = [
        (
            allowed.daemons,
            daemons,
            "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore)",
        ),
        (
            allowed.local,
            local,
            "cannot delete Pods with local storage (use --delete-emptydir-data to override)",
        ),
        (
            allowed.alone,
            alone,
            "cannot delete Pods that declare no controller (use --force to override)",
        ),
    ];
    let reasons = all.into_iter().filter(|(is_allowed, pods, _)| !is_allowed && !pods.is_empty());
    let reasons: Vec<String> =
        reasons.map(|(_, pods, why)| format!("{why}: {}", pods.join(", "))).collect();
    match reasons.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        several => Err(format!("[{}]", several.join(", "))),
    }
}

/// A node that is being drained.
#[derive(Clone, Debug)]
struct Node {
    name: String,
    left: Vec<Found>,
    waits: Vec<Found>,
}

/// A drain that goes on.
#[derive(Clone, Debug)]
pub struct Drain {
    mode: Mode,
    nodes: Vec<Node>,
    /// The moment when it gives up.
    until: Option<i64>,
    retry_at: i64,
    /// Deletes instead of evicting, with this grace period.
    deletes: Option<Deletion>,
}

impl Drain {
    /// A drain that has not begun.
    pub fn new(mode: Mode, until: Option<i64>, deletes: Option<Deletion>) -> Self {
        Self { mode, nodes: Vec::new(), until, retry_at: 0, deletes }
    }

    /// Takes on a node that is cordoned, with the pods of it that `is_chosen` chooses.
    ///
    /// # Errors
    /// They must not be evicted; that has been told.
    pub fn begin(
        &mut self,
        (server, out): (&dyn Server, &mut Output),
        node: &str,
        allowed: Allowed,
        is_chosen: &dyn Fn(&Value) -> bool,
    ) -> Result<(), Failure> {
        match pods_of((server, &mut *out), node, allowed, is_chosen) {
            Ok(left) => {
                self.nodes.push(Node { name: node.into(), left, waits: Vec::new() });
                Ok(())
            }
            Err(why) => {
                out.error(&refusal(node, &why, &why));
                Err(Failure::Told)
            }
        }
    }

    /// The nodes that are not drained yet.
    pub fn nodes(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|node| node.name.as_str())
    }

    /// When it tries again, in milliseconds since the beginning of 1970.
    pub fn tries_at(&self) -> Option<i64> {
        let waits = self.nodes.first().is_some_and(|node| !node.left.is_empty());
        waits.then_some(self.retry_at)
    }

    /// Whether it works on this node, or will.
    pub fn is_of(&self, node: &str) -> bool {
        self.nodes.iter().any(|it| it.name == node)
    }

    /// Goes on. Returns the exit status when it has ended.
    pub fn poll(&mut self, server: &mut dyn Server, out: &mut Output) -> Option<i32> {
        while let Some(mut node) = (!self.nodes.is_empty()).then(|| self.nodes.remove(0)) {
            if server.now() >= self.retry_at {
                self.evict(&mut node, server, out);
            }
            let verb = if self.deletes.is_some() { "deleted" } else { "evicted" };
            let is_there = |found: &Found| delete::is_there(found, server);
            let (there, gone): (Vec<Found>, Vec<Found>) =
                std::mem::take(&mut node.waits).into_iter().partition(is_there);
            node.waits = there;
            gone.iter().for_each(|found| out.line(&format!("{} {verb}", found.title())));
            if node.left.is_empty() && node.waits.is_empty() {
                out.line(&format!("node/{} drained{}", node.name, self.mode.suffix()));
                continue;
            }
            let is_late = self.until.is_some_and(|until| server.now() >= until);
            if is_late {
                let why = "error: global timeout reached";
                out.error(&refusal(&node.name, "global timeout reached", why));
                return Some(1);
            }
            self.nodes.insert(0, node);
            return None;
        }
        Some(0)
    }

    fn evict(&mut self, node: &mut Node, server: &mut dyn Server, out: &mut Output) {
        let doing = if self.deletes.is_some() { "deleting" } else { "evicting" };
        let suffix = self.mode.suffix();
        let mut refused = Vec::new();
        for found in std::mem::take(&mut node.left) {
            let (pod, namespace) = (found.name(), found.namespace());
            out.line(&format!("{doing} pod {namespace}/{pod}{suffix}"));
            if self.mode.dry_run != DryRun::None {
                continue;
            }
            let mut client =
                Client { server: &mut *server, out: &mut *out, mode: self.mode, manager: "" };
            let sent = match self.deletes {
                Some(how) => delete::request(&mut client, &found, how),
                None => client.change(&found, Change::Evict).map(drop),
            };
            match sent {
                Ok(()) => node.waits.push(found),
                Err(status) if status.reason == StatusReason::NotFound => {}
                Err(status) => {
                    out.error(&format!(
                        "error when evicting pods/\"{pod}\" -n \"{namespace}\" (will retry after \
                         5s): {}",
                        status.message
                    ));
                    self.retry_at = server.now() + RETRY_MS;
                    refused.push(found);
                }
            }
        }
        node.left = refused;
    }
}

/// What is printed of a node that cannot be drained.
fn refusal(node: &str, short: &str, why: &str) -> String {
    format!(
        "error: unable to drain node \"{node}\" due to error: {short}, continuing command...\n\
         There are pending nodes to be drained:\n {node}\n{why}"
    )
}
