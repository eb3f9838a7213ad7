//! `--wait`: whether the objects of a release are ready, and what comes then.
//!
//! Upstream: `pkg/kube/ready.go`, `pkg/kube/wait.go`.

use super::flags::Args;
use super::ground::{Context, Failure, tell};
use super::objects::Target;
use crate::api::Tree;
use crate::terminal::files::NoFiles;
use crate::terminal::job::Job;
use crate::terminal::output::Output;
use crate::terminal::world::World;
use serde_json::Value;
use std::rc::Rc;

/// How long Helm waits by itself, in milliseconds.
const TIMEOUT: i64 = 300_000;

/// What is done when the waiting is over.
pub type Then = Rc<dyn Fn(Result<(), Failure>, &mut Context) -> Result<i32, Failure>>;

/// Waits for objects.
#[derive(Clone)]
pub struct Waiting {
    /// The objects.
    pub targets: Vec<Target>,
    /// Whether they are waited for to be gone.
    pub until_gone: bool,
    /// When the waiting ends in vain, in milliseconds since 1970.
    pub until: i64,
    /// What comes then.
    pub then: Option<Then>,
}

/// The time that a command line gives, in milliseconds.
pub fn timeout(args: &Args) -> i64 {
    args.text("timeout").and_then(span).unwrap_or(TIMEOUT)
}

/// A duration such as `1m30s`, in milliseconds.
fn span(text: &str) -> Option<i64> {
    let (mut whole, mut digits) = (0_i64, String::new());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let unit = match (c, letters.peek()) {
            ('m', Some('s')) => {
                letters.next();
                1
            }
            ('h', _) => 3_600_000,
            ('m', _) => 60_000,
            ('s', _) => 1_000,
            _ => return None,
        };
        whole = whole.checked_add(digits.parse::<i64>().ok()?.checked_mul(unit)?)?;
        digits.clear();
    }
    digits.is_empty().then_some(whole)
}

impl Job for Waiting {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let is_over = match self.until_gone {
            true => self
                .targets
                .iter()
                .all(|it| world.get(&it.resource, &it.namespace, &it.name).is_err()),
            false => self.targets.iter().all(|it| is_ready(it, world)),
        };
        let is_late = world.now() >= self.until;
        if !is_over && !is_late {
            return None;
        }
        let result = match is_over {
            true => Ok(()),
            false => Err(Failure::new("context deadline exceeded")),
        };
        let mut context = Context { world, files: &NoFiles, out };
        let then = self.then.take()?;
        Some(match then(result, &mut context) {
            Ok(status) => status,
            Err(failure) => {
                tell(&failure, context.out);
                1
            }
        })
    }
}

fn is_ready(target: &Target, world: &dyn World) -> bool {
    let Ok(live) = world.get(&target.resource, &target.namespace, &target.name) else {
        return false;
    };
    let (spec, status) = (live.at("spec"), live.at("status"));
    match target.resource.kind {
        "Pod" => has_condition(status, "Ready"),
        "Job" => status.int("failed") <= spec.opt_int("backoffLimit").unwrap_or(6),
        "PersistentVolumeClaim" => status.text("phase") == "Bound",
        "Service" => {
            let kind = spec.text("type");
            kind == "ExternalName"
                || (!spec.text("clusterIP").is_empty()
                    && (kind != "LoadBalancer"
                        || !status.at("loadBalancer").items("ingress").is_empty()))
        }
        "Deployment" => {
            let wanted = spec.opt_int("replicas").unwrap_or(1);
            is_observed(&live)
                && status.int("updatedReplicas") >= wanted
                && status.int("availableReplicas") >= wanted - surge(spec, wanted)
        }
        "StatefulSet" => is_set_ready(&live),
        _ => true,
    }
}

/// How many pods of a Deployment may be missing: `maxUnavailable`, rounded down.
fn surge(spec: &Value, wanted: i64) -> i64 {
    match spec.at("strategy").at("rollingUpdate").at("maxUnavailable") {
        Value::String(text) => {
            let percent = text.trim_end_matches('%').parse::<i64>().unwrap_or(25);
            wanted.saturating_mul(percent) / 100
        }
        Value::Number(number) => number.as_i64().unwrap_or(0),
        _ => wanted / 4,
    }
}

fn is_observed(live: &Value) -> bool {
    live.at("status").int("observedGeneration") >= live.at("metadata").int("generation")
}

fn is_set_ready(live: &Value) -> bool {
    let (spec, status) = (live.at("spec"), live.at("status"));
    if !is_observed(live) {
        return false;
    }
    let strategy = spec.at("updateStrategy");
    if strategy.text("type") == "OnDelete" {
        return true;
    }
    let partition = strategy.at("rollingUpdate").int("partition");
    let replicas = spec.opt_int("replicas").unwrap_or(1);
    status.int("updatedReplicas") >= replicas - partition
        && status.int("readyReplicas") == replicas
        && (partition != 0 || status.text("currentRevision") == status.text("updateRevision"))
}

fn has_condition(status: &Value, name: &str) -> bool {
    let mut own = status.items("conditions").iter().filter(|it| it.text("type") == name);
    own.next().is_some_and(|it| it.text("status") == "True")
}
