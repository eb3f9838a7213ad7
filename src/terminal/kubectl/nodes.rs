//! `kubectl cordon`, `uncordon`, `drain` and `taint`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go`, `…/pkg/drain/`,
//! `…/pkg/cmd/taint/`.

use super::delete;
use super::flags::Args;
use super::select::{self, Found};
use super::selector::Labels;
use super::send::{self, DryRun, Mode, Printer};
use super::{Context, Done, Failure, Job, Progress};
use crate::api::Resource;
use crate::api::{Kubernetes, StatusReason, Tree, names};
use crate::terminal::output::Output;
use crate::terminal::world::{Change, PatchType, World};
use serde_json::{Value, json};

/// Runs `cordon`, `uncordon` or `drain`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let verb = args.verb.path();
    if args.words.is_empty() && !args.has("selector") {
        return Err(Failure::usage(verb, &format!("USAGE: {verb} NODE [flags]")));
    }
    if !args.words.is_empty() && args.text("selector").is_some_and(|text| !text.is_empty()) {
        let text = "cannot specify both a node name and a --selector option";
        return Err(Failure::usage(verb, text));
    }
    let pods = args.text("pod-selector").unwrap_or_default();
    let Ok(pods) = Labels::parse(pods) else {
        let text = "--pod-selector=<pod_selector> must be a valid label selector";
        return Err(Failure::error(text));
    };
    let mode = Mode::of(args, context)?;
    let mut words = vec!["nodes".to_owned()];
    words.extend(args.words.iter().map(|word| word.trim_start_matches("node/").to_owned()));
    let selection = select::select(args, &words, context)?;
    if !selection.errors.is_empty() {
        return Ok(Progress::Done(send::tell(&selection.errors, context)));
    }
    let mut failures = Vec::new();
    let mut drained = Vec::new();
    for found in selection.found {
        match cordon(mode, &found, verb != "uncordon", context) {
            Ok(()) => drained.push(found),
            Err(failure) => failures.push(failure),
        }
    }
    if verb != "drain" || !failures.is_empty() {
        return Ok(Progress::Done(send::tell(&failures, context)));
    }
    let mut jobs = Vec::new();
    for node in drained {
        let name = node.name().to_owned();
        match pods_of(args, &name, &pods, context) {
            Ok(pods) => {
                jobs.push(Node { name, left: pods, evicted: Vec::new(), waits: Vec::new() })
            }
            Err(text) => {
                context.out.error(&format!(
                    "error: unable to drain node \"{name}\" due to error: {text}, continuing \
                     command...\nThere are pending nodes to be drained:\n {name}\n{text}"
                ));
                return Ok(Progress::Done(1));
            }
        }
    }
    let timeout = args.number("timeout").filter(|timeout| *timeout > 0);
    let job = Drain {
        mode,
        nodes: jobs,
        until: timeout.map(|timeout| context.world.now() + timeout),
        retry_at: 0,
        deletes: args.flag("disable-eviction"),
        grace: args.number("grace-period").filter(|grace| *grace >= 0),
    };
    Ok(super::start(job, context))
}

fn cordon(mode: Mode, found: &Found, is_on: bool, context: &mut Context) -> Result<(), Failure> {
    let verb = if is_on { "cordoned" } else { "uncordoned" };
    let title = found.title();
    if found.object.at("spec").flag("unschedulable") == is_on {
        context.out.line(&format!("{title} already {verb}{}", mode.suffix()));
        return Ok(());
    }
    if mode.dry_run != DryRun::Client {
        let value = if is_on { Value::from(true) } else { Value::Null };
        let patch = json!({"spec": {"unschedulable": value}});
        mode.change(found, Change::Patch(PatchType::Strategic, patch), context)?;
    }
    context.out.line(&format!("{title} {verb}{}", mode.suffix()));
    Ok(())
}

/// The pods of a node that are to be evicted, or why they must not be.
fn pods_of(
    args: &Args,
    node: &str,
    chosen: &Labels,
    context: &mut Context,
) -> Result<Vec<Found>, String> {
    let Some(resource) = Resource::named("pods") else { return Ok(Vec::new()) };
    let mut pods = Vec::new();
    let (mut daemons, mut alone, mut local) = (Vec::new(), Vec::new(), Vec::new());
    for object in context.world.list(&resource) {
        if object.at("spec").text("nodeName") != node || !chosen.matches(&object) {
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
        let has_local = object.at("spec").items("volumes").iter();
        if has_local.clone().any(|volume| volume.set("emptyDir").is_some()) && !is_ended {
            local.push(title.clone());
        }
        if owner.is_none() && !is_ended {
            alone.push(title);
        }
        pods.push(Found { resource, object });
    }
    let mut reasons = Vec::new();
    if !daemons.is_empty() && !args.flag("ignore-daemonsets") {
        reasons.push(format!(
            "cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): {}",
            daemons.join(", ")
        ));
    }
    if !local.is_empty() && !args.flag("delete-emptydir-data") {
        reasons.push(format!(
            "cannot delete Pods with local storage (use --delete-emptydir-data to override): {}",
            local.join(", ")
        ));
    }
    if !alone.is_empty() && !args.flag("force") {
        reasons.push(format!(
            "cannot delete Pods that declare no controller (use --force to override): {}",
            alone.join(", ")
        ));
    }
    match reasons.as_slice() {
        [] => {}
        [one] => return Err(one.clone()),
        several => return Err(format!("[{}]", several.join(", "))),
    }
    if !daemons.is_empty() {
        let text = format!("Warning: ignoring DaemonSet-managed Pods: {}", daemons.join(", "));
        context.out.error(&text);
    }
    Ok(pods)
}

/// A node that is being drained.
struct Node {
    name: String,
    left: Vec<Found>,
    waits: Vec<Found>,
    evicted: Vec<Found>,
}

struct Drain {
    mode: Mode,
    nodes: Vec<Node>,
    until: Option<i64>,
    retry_at: i64,
    deletes: bool,
    grace: Option<i64>,
}

/// How long an eviction that a budget forbids waits before it is tried again.
const RETRY_MS: i64 = 5_000;

impl Job for Drain {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        while let Some(node) = self.nodes.first_mut() {
            if world.now() >= self.retry_at {
                let mut refused = Vec::new();
                for found in std::mem::take(&mut node.left) {
                    let (pod, suffix) = (found.name(), self.mode.suffix());
                    let doing = if self.deletes { "deleting" } else { "evicting" };
                    out.line(&format!("{doing} pod {}/{pod}{suffix}", found.namespace()));
                    if self.mode.dry_run != DryRun::None {
                        continue;
                    }
                    let change = match self.deletes {
                        true => Change::Delete {
                            grace_period_seconds: self.grace,
                            propagation: "Background".into(),
                        },
                        false => Change::Evict,
                    };
                    let mut context = Context { world, files: &super::NoFiles, stdin: None, out };
                    match self.mode.change(&found, change, &mut context) {
                        Ok(_) => node.waits.push(found),
                        Err(status) if status.reason == StatusReason::NotFound => {}
                        Err(status) => {
                            out.error(&format!(
                                "error when evicting pods/\"{}\" -n \"{}\" (will retry after 5s): \
                                 {}",
                                found.name(),
                                found.namespace(),
                                status.message
                            ));
                            self.retry_at = world.now() + RETRY_MS;
                            refused.push(found);
                        }
                    }
                }
                node.left = refused;
            }
            let (there, gone): (Vec<Found>, Vec<Found>) = std::mem::take(&mut node.waits)
                .into_iter()
                .partition(|found| delete::is_there(found, world));
            node.waits = there;
            for found in gone {
                let verb = if self.deletes { "deleted" } else { "evicted" };
                out.line(&format!("{} {verb}", found.title()));
                node.evicted.push(found);
            }
            if node.left.is_empty() && node.waits.is_empty() {
                out.line(&format!("node/{} drained{}", node.name, self.mode.suffix()));
                self.nodes.remove(0);
                continue;
            }
            if self.until.is_some_and(|until| world.now() >= until) {
                let name = &node.name;
                out.error(&format!(
                    "error: unable to drain node \"{name}\" due to error: global timeout reached, \
                     continuing command...\nThere are pending nodes to be drained:\n {name}\nerror: \
                     global timeout reached"
                ));
                return Some(1);
            }
            return None;
        }
        Some(0)
    }
}

/// Runs `taint`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn taint(args: &Args, context: &mut Context) -> Done {
    let is_taint = |word: &String| word.contains(['=', ':']) || word.ends_with('-');
    let at = args.words.iter().position(is_taint).unwrap_or(args.words.len());
    let (words, taints) = (args.words[..at].to_vec(), args.words[at..].to_vec());
    if let Some(late) = taints.iter().find(|word| !is_taint(word)) {
        let text = format!("all resources must be specified before taint changes: {late}");
        return Err(Failure::error(text));
    }
    if words.is_empty() {
        return Err(Failure::error("one or more resources must be specified as <resource> <name>"));
    }
    let kind = words[0].as_str();
    match Resource::named(kind) {
        Some(resource) if resource.name == "nodes" => {}
        Some(_) => {
            let text = format!("invalid resource type {kind}, only node types are supported");
            return Err(Failure::error(text));
        }
        None => {
            let text = format!("the server doesn't have a resource type \"{kind}\"");
            return Err(Failure::Plain(text));
        }
    }
    if taints.is_empty() {
        return Err(Failure::error("at least one taint update is required"));
    }
    let (added, removed) = read_taints(&taints)?;
    let mode = Mode::of(args, context)?;
    // Dry runs of this verb print no suffix.
    let plain = Mode { dry_run: DryRun::None, ..mode };
    let mut printer = Printer::of(args, plain, context)?;
    let selection = select::select(args, &words, context)?;
    let mut failures = selection.errors.clone();
    for found in &selection.found {
        match tainted(args, found, &added, &removed) {
            Ok((list, verb)) => {
                if mode.dry_run == DryRun::Client {
                    printer.done(&found.title(), verb, &found.object, context);
                    continue;
                }
                let patch = json!({"spec": {"taints": list}});
                match mode.change(found, Change::Patch(PatchType::Merge, patch), context) {
                    Ok(reply) => printer.done(&found.title(), verb, &reply.object, context),
                    Err(status) => failures.push(status.into()),
                }
            }
            Err(failure) => failures.push(failure),
        }
    }
    printer.finish(context)?;
    Ok(Progress::Done(send::tell(&failures, context)))
}

/// A taint, or what of it is to go: key, value, effect.
type Taint = (String, String, String);

fn read_taints(words: &[String]) -> Result<(Vec<Taint>, Vec<Taint>), Failure> {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for word in words {
        let (rest, list) = match word.strip_suffix('-') {
            Some(rest) => (rest, &mut removed),
            None => (word.as_str(), &mut added),
        };
        let (pair, effect) = rest.split_once(':').unwrap_or((rest, ""));
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_known = ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&effect);
        let is_removal = word.ends_with('-');
        if !(is_known || is_removal && effect.is_empty()) {
            let text = match effect {
                "" if pair.contains('=') => {
                    let why = names::qualified_name(pair, &Kubernetes::default()).join("; ");
                    format!("invalid taint spec: {word}, {why}")
                }
                "" => format!("invalid taint spec: {word}"),
                effect => format!("invalid taint effect: {effect}, unsupported taint effect"),
            };
            return Err(Failure::usage("taint", &text));
        }
        let wrong = [
            names::qualified_name(key, &Kubernetes::default()),
            names::label_value(value, &Kubernetes::default()),
        ]
        .concat();
        if !wrong.is_empty() {
            let text = format!("invalid taint spec: {word}, {}", wrong.join("; "));
            return Err(Failure::usage("taint", &text));
        }
        let taint: Taint = (key.to_owned(), value.to_owned(), effect.to_owned());
        let is_same = |it: &Taint| (&it.0, &it.2) == (&taint.0, &taint.2);
        if !is_removal && list.iter().any(is_same) {
            return Err(Failure::usage(
                "taint",
                &format!(
                    "duplicated taints with the same key and effect: {{{key} {value} {effect} <nil>}}"
                ),
            ));
        }
        list.push(taint);
    }
    let both = added.iter().find(|it| {
        removed.iter().any(|gone: &Taint| gone.0 == it.0 && (gone.2.is_empty() || gone.2 == it.2))
    });
    if let Some((key, _, effect)) = both {
        return Err(Failure::error(format!(
            "can not both modify and remove the following taint(s) in the same command: {key}={effect}"
        )));
    }
    Ok((added, removed))
}

fn tainted(
    args: &Args,
    found: &Found,
    added: &[Taint],
    removed: &[Taint],
) -> Result<(Vec<Value>, &'static str), Failure> {
    let mut list = found.object.at("spec").items("taints").to_vec();
    for (key, _, effect) in removed {
        let count = list.len();
        let is_it = |taint: &Value| {
            taint.text("key") == key && (effect.is_empty() || taint.text("effect") == effect)
        };
        list.retain(|taint| !is_it(taint));
        if list.len() == count {
            let shown = match effect.as_str() {
                "" => key.clone(),
                effect => format!("{key}:{effect}"),
            };
            return Err(Failure::error(format!("taint \"{shown}\" not found")));
        }
    }
    let mut is_overwritten = false;
    for (key, value, effect) in added {
        let is_it = |taint: &Value| taint.text("key") == key && taint.text("effect") == effect;
        if list.iter().any(is_it) && !args.flag("overwrite") {
            return Err(Failure::error(format!(
                "node {} already has a taint(s) with same effect(s) and --overwrite is false",
                found.name()
            )));
        }
        is_overwritten |= list.iter().any(is_it);
        list.retain(|taint| !is_it(taint));
        let mut taint = json!({"key": key, "effect": effect});
        if !value.is_empty() {
            taint.put("value", value.as_str());
        }
        list.push(taint);
    }
    let verb = match (added.is_empty(), removed.is_empty()) {
        (true, _) => "untainted",
        (false, true) if !is_overwritten => "tainted",
        _ => "modified",
    };
    Ok((list, verb))
}
