//! `kubectl rollout`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/rollout/`,
//! `…/pkg/polymorphichelpers/{rollout_status,history,rollback,objectrestarter}.go`.

use super::flags::Args;
use super::ground::{Context, Done};
use super::rollout_deployments;
use super::select::{self, Found};
use super::send::{self, DryRun, Mode, Printer};
use crate::api::Resource;
use crate::api::{Tree, Version, strategic, timestamp};
use crate::client::Failure;
use crate::print::table;
use crate::terminal::job::{self, Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::{Change, PatchType, World};
use serde_json::{Value, json};
use std::rc::Rc;

/// Runs a verb below `rollout`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if args.words.is_empty() && !args.has("filename") {
        let text = match args.verb.path() {
            "rollout_status" | "rollout_history" | "rollout_undo" | "rollout_restart"
            | "rollout_pause" | "rollout_resume" => "required resource not specified",
            _ => select::NOTHING_NAMED,
        };
        return Err(Failure::error(text));
    }
    let selection = select::select(args, &args.words, context)?;
    if selection.found.is_empty() && selection.errors.is_empty() {
        if args.verb.path() != "rollout_history" {
            select::say_nothing_found(args, &selection, context);
        }
        return Ok(Progress::Done(0));
    }
    let mut failures = selection.errors.clone();
    if args.verb.path() == "rollout_status" {
        check_revision(args)?;
        return match (selection.found.as_slice(), failures.first()) {
            ([], Some(failure)) => Err(failure.clone()),
            (found, _) => watch(args, found, failures, context),
        };
    }
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    for found in &selection.found {
        let done = match args.verb.path() {
            "rollout_history" => history(args, found, context),
            "rollout_undo" => undo(args, mode, found, &mut printer, context),
            "rollout_restart" => restart(mode, found, &mut printer, context),
            _ => pause(args, mode, found, &mut printer, context),
        };
        failures.extend(done.err());
    }
    printer.finish(context)?;
    Ok(Progress::Done(send::tell(&failures, context)))
}

/// Follows roll-outs, and then tells what was not found.
fn watch(args: &Args, found: &[Found], missing: Vec<Failure>, context: &mut Context) -> Done {
    for each in found {
        check_status(args, each)?;
    }
    let timeout = args.number("timeout").filter(|timeout| *timeout > 0);
    let job = Status {
        left: found.to_vec(),
        missing,
        seen: None,
        waits: args.flag_or("watch", true),
        until: timeout.map(|timeout| context.world.now() + timeout),
    };
    Ok(job::start(job, context.world, context.out))
}

/// Refuses objects that have no roll-out, or not the one that was asked for.
fn check_status(args: &Args, found: &Found) -> Result<(), Failure> {
    if !["statefulsets", "deployments", "daemonsets"].contains(&found.resource.name) {
        let (kind, group) = (found.resource.kind, found.resource.group());
        let text = format!("no status viewer has been implemented for {kind}.{group}");
        return Err(Failure::error(text.trim_end_matches('.')));
    }
    let wanted = args.number("revision").unwrap_or_default();
    if found.resource.name == "deployments" && wanted > 0 {
        let running = rollout_deployments::number(&found.object)?;
        if running != wanted {
            return Err(Failure::error(format!(
                "desired revision ({wanted}) is different from the running revision ({running})"
            )));
        }
    }
    Ok(())
}

fn check_revision(args: &Args) -> Result<(), Failure> {
    match args.number("revision") {
        Some(number) if number < 0 => {
            Err(Failure::error(format!("revision must be a positive integer: {number}")))
        }
        _ => Ok(()),
    }
}

/// Tells how roll-outs go, one after the other, at every change of their objects.
#[derive(Clone)]
struct Status {
    left: Vec<Found>,
    /// What is told when all are through.
    missing: Vec<Failure>,
    seen: Option<Rc<Value>>,
    waits: bool,
    until: Option<i64>,
}

impl Job for Status {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        while let Some(found) = self.left.first() {
            let Ok(object) = world.get(&found.resource, found.namespace(), found.name()) else {
                out.error("error: object has been deleted");
                return Some(1);
            };
            let is_new = self.seen.as_ref().is_none_or(|seen| *seen != object);
            if is_new {
                match status(&object) {
                    Err(failure) => {
                        out.error(&failure.text());
                        return Some(1);
                    }
                    Ok((line, is_done)) => {
                        out.line(&line);
                        if is_done || !self.waits {
                            self.left.remove(0);
                            self.seen = None;
                            continue;
                        }
                    }
                }
                self.seen = Some(object);
            }
            if self.until.is_some_and(|until| world.now() >= until) {
                out.error("error: timed out waiting for the condition");
                return Some(1);
            }
            return None;
        }
        self.missing.iter().for_each(|failure| out.error(&failure.text()));
        Some(i32::from(!self.missing.is_empty()))
    }
}

/// How a roll-out goes, and whether it is through.
fn status(object: &Value) -> Result<(String, bool), Failure> {
    if object.text("kind") == "Deployment" {
        return Ok(rollout_deployments::status(object));
    }
    let (spec, status) = (object.at("spec"), object.at("status"));
    let strategy = spec.at("updateStrategy");
    let is_daemon_set = object.text("kind") == "DaemonSet";
    if strategy.text("type") != "RollingUpdate" {
        return Err(Failure::error(
            "rollout status is only available for RollingUpdate strategy type",
        ));
    }
    let observed = status.int("observedGeneration");
    if observed == 0 || observed < object.at("metadata").int("generation") {
        let what = if is_daemon_set { "daemon set" } else { "statefulset" };
        return Ok((format!("Waiting for {what} spec update to be observed..."), false));
    }
    if is_daemon_set {
        return Ok(daemon_set_status(object));
    }
    let (replicas, ready) = (spec.int("replicas"), status.int("readyReplicas"));
    if ready < replicas {
        return Ok((format!("Waiting for {} pods to be ready...", replicas - ready), false));
    }
    let updated = status.int("updatedReplicas");
    if let Some(rolling) = strategy.set("rollingUpdate") {
        let wanted = replicas - rolling.int("partition");
        if rolling.set("partition").is_some() && updated < wanted {
            let text = format!(
                "Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods \
                 have been updated..."
            );
            return Ok((text, false));
        }
        let text =
            format!("partitioned roll out complete: {updated} new pods have been updated...");
        return Ok((text, true));
    }
    let (current, update) = (status.text("currentRevision"), status.text("updateRevision"));
    if current != update {
        let text = format!(
            "waiting for statefulset rolling update to complete {updated} pods at revision \
             {update}..."
        );
        return Ok((text, false));
    }
    let count = status.int("currentReplicas");
    let text = format!("statefulset rolling update complete {count} pods at revision {current}...");
    Ok((text, true))
}

fn daemon_set_status(object: &Value) -> (String, bool) {
    let (name, status) = (object.at("metadata").text("name"), object.at("status"));
    let desired = status.int("desiredNumberScheduled");
    let (updated, available) =
        (status.int("updatedNumberScheduled"), status.int("numberAvailable"));
    let waiting = format!("Waiting for daemon set \"{name}\" rollout to finish: ");
    match () {
        () if updated < desired => {
            (format!("{waiting}{updated} out of {desired} new pods have been updated..."), false)
        }
        () if available < desired => {
            (format!("{waiting}{available} of {desired} updated pods are available..."), false)
        }
        () => (format!("daemon set \"{name}\" successfully rolled out"), true),
    }
}

/// The revisions of a set, oldest first.
fn revisions(found: &Found, world: &dyn World) -> Vec<Rc<Value>> {
    let Some(resource) = Resource::named("controllerrevisions") else { return Vec::new() };
    let uid = found.object.at("metadata").text("uid");
    let is_own = |revision: &Rc<Value>| {
        let owners = revision.at("metadata").items("ownerReferences");
        owners.iter().any(|owner| owner.flag("controller") && owner.text("uid") == uid)
    };
    let mut own: Vec<Rc<Value>> = world.list(&resource).into_iter().filter(is_own).collect();
    own.sort_by_key(|revision| revision.int("revision"));
    own
}

fn has_rollbacker(found: &Found) -> Result<(), Failure> {
    if ["statefulsets", "deployments", "daemonsets"].contains(&found.resource.name) {
        return Ok(());
    }
    let (kind, group) = (found.resource.kind, found.resource.group());
    let of = format!("{kind}.{group}");
    let text = format!("no rollbacker has been implemented for \"{}\"", of.trim_end_matches('.'));
    Err(Failure::error(text))
}

/// Numbers, causes and templates of the revisions, oldest first.
fn history_of(found: &Found, world: &dyn World) -> Vec<(i64, String, Value)> {
    if found.resource.name == "deployments" {
        let all = rollout_deployments::revisions(found, world).into_iter();
        return all
            .map(|mut it| {
                if !it.cause.is_empty() {
                    let meta = it.template.open("metadata");
                    meta.open("annotations").put(send::CHANGE_CAUSE, &*it.cause);
                }
                (it.number, it.cause, it.template)
            })
            .collect();
    }
    let read = |revision: Rc<Value>| {
        let annotations = revision.at("metadata").at("annotations");
        let cause = annotations.text(send::CHANGE_CAUSE);
        let object = strategic::apply(&found.object, revision.at("data"));
        (revision.int("revision"), cause.to_owned(), object.at("spec").at("template").clone())
    };
    revisions(found, world).into_iter().map(read).collect()
}

fn history(args: &Args, found: &Found, context: &mut Context) -> Result<(), Failure> {
    check_revision(args)?;
    if !["statefulsets", "deployments", "daemonsets"].contains(&found.resource.name) {
        let kind = found.resource.kind;
        return Err(Failure::error(match found.resource.name {
            "pods" => format!("no history viewer has been implemented for \"{kind}\""),
            "replicasets" => format!("no history viewer has been implemented for \"{kind}.apps\""),
            _ => format!(
                "error retrieving history for \"{kind}\", no visitor method exists for {{{} {kind}}}",
                found.resource.group()
            ),
        }));
    }
    let all = history_of(found, context.world);
    let title = found.title();
    if let Some(number) = args.number("revision").filter(|number| *number > 0) {
        let Some((_, _, template)) = all.iter().find(|(own, ..)| *own == number) else {
            return Err(Failure::error("unable to find the specified revision"));
        };
        context.out.line(&format!("{title} with revision #{number}"));
        let text = super::describe::template(template, context.world);
        context.out.print(&text);
        context.out.print("\n");
        return Ok(());
    }
    context.out.line(&format!("{title} "));
    if all.is_empty() {
        context.out.line("No rollout history found.");
        return Ok(());
    }
    let mut text = "REVISION\tCHANGE-CAUSE\n".to_owned();
    for (number, cause, _) in &all {
        let cause = if cause.is_empty() { "<none>" } else { cause };
        text.push_str(&format!("{number}\t{cause}\n"));
    }
    let aligned = table::elastic(&text);
    context.out.print(&aligned);
    context.out.print("\n");
    Ok(())
}

fn undo(
    args: &Args,
    mode: Mode,
    found: &Found,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    has_rollbacker(found)?;
    if super::apply::last_applied(&found.object).is_some()
        && context.world.kubernetes().version >= Version::V1_36
    {
        context.out.error(&format!(
            "Warning: resource {}/{} was previously managed with 'kubectl apply'. Rolling back \
             will not update the kubectl.kubernetes.io/last-applied-configuration annotation, \
             which may cause unexpected behavior on future 'kubectl apply' operations. Consider \
             using 'kubectl apply' with your previous configuration file instead.",
            found.resource.name,
            found.name()
        ));
    }
    let number = args.number("to-revision").unwrap_or_default();
    if found.resource.name == "deployments" {
        if mode.dry_run == DryRun::Client {
            let template = rollout_deployments::template(found, number, context.world)?;
            let text = format!("Pod Template:\n{}", plain_template(&template, context));
            printer.done(&found.title(), &text, &found.object, context);
            return Ok(());
        }
        let patch = rollout_deployments::undo(found, number, context.world)?;
        return roll_back(mode, found, patch, number, printer, context);
    }
    let revisions = revisions(found, context.world);
    let target = match number {
        0 => revisions.iter().rev().nth(1),
        number => revisions.iter().find(|revision| revision.int("revision") == number),
    };
    let Some(target) = target else {
        return Err(Failure::error(match number {
            0 => "no last revision to roll back to".to_owned(),
            number => format!("unable to find specified revision {number} in history"),
        }));
    };
    if mode.dry_run == DryRun::Client {
        let object = strategic::apply(&found.object, target.at("data"));
        let template = plain_template(object.at("spec").at("template"), context);
        let text = format!("will roll back to Pod Template:\n{template}");
        printer.done(&found.title(), &text, &found.object, context);
        return Ok(());
    }
    let template = target.at("data").at("spec").at("template");
    let mut wanted = template.clone();
    wanted.drop_field("$patch");
    if *found.object.at("spec").at("template") == wanted {
        let verb = format!(
            "skipped rollback (current template already matches revision {})",
            target.int("revision")
        );
        printer.done(&found.title(), &verb, &found.object, context);
        return Ok(());
    }
    let change = Change::Patch(PatchType::Strategic, target.at("data").clone());
    let reply = mode.change(found, change, context)?;
    printer.done(&found.title(), "rolled back", &reply.object, context);
    Ok(())
}

/// Takes a Deployment back, unless it is as it was.
fn roll_back(
    mode: Mode,
    found: &Found,
    patch: Option<Value>,
    number: i64,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let Some(patch) = patch else {
        let verb = format!("skipped rollback (current template already matches revision {number})");
        printer.done(&found.title(), &verb, &found.object, context);
        return Ok(());
    };
    let reply = mode.change(found, Change::Patch(PatchType::Json, patch), context)?;
    printer.done(&found.title(), "rolled back", &reply.object, context);
    Ok(())
}

/// A template as its revisions are shown, without the title.
fn plain_template(template: &Value, context: &Context) -> String {
    let text = super::describe::template(template, context.world);
    text.strip_prefix("Pod Template:\n").map(str::to_owned).unwrap_or(text)
}

/// The annotation that makes a template another one.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

fn restart(
    mode: Mode,
    found: &Found,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    if !["statefulsets", "deployments", "daemonsets"].contains(&found.resource.name) {
        let (resource, name) = (found.resource.with_group(), found.name());
        return Err(Failure::error(format!("{resource} \"{name}\" restarting is not supported")));
    }
    if found.object.at("spec").flag("paused") {
        let (resource, name) = (found.resource.with_group(), found.name());
        return Err(Failure::error(format!(
            "{resource} \"{name}\" can't restart paused deployment (run rollout resume first)"
        )));
    }
    let now = timestamp::Moment::of(context.world.now()).rfc3339();
    let template = found.object.at("spec").at("template").at("metadata").at("annotations");
    if template.text(RESTARTED_AT) == now {
        return Err(Failure::error(format!(
            "failed to create patch for {}: if restart has already been triggered within the past \
             second, please wait before attempting to trigger another",
            found.name()
        )));
    }
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {RESTARTED_AT: now}}}}});
    let reply = mode.change(found, Change::Patch(PatchType::Strategic, patch), context)?;
    printer.done(&found.title(), "restarted", &reply.object, context);
    Ok(())
}

fn pause(
    args: &Args,
    mode: Mode,
    found: &Found,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let is_pause = args.verb.path() == "rollout_pause";
    let (doing, verb) = if is_pause { ("pausing", "paused") } else { ("resuming", "resumed") };
    let (resource, name) = (found.resource.with_group(), found.name());
    if found.resource.name != "deployments" {
        return Err(Failure::error(format!("{resource} \"{name}\" {doing} is not supported")));
    }
    if found.object.at("spec").flag("paused") == is_pause {
        let state = if is_pause { "is already paused" } else { "is not paused" };
        return Err(Failure::error(format!("{resource} \"{name}\" {state}")));
    }
    let paused = if is_pause { Value::from(true) } else { Value::Null };
    let patch = json!({"spec": {"paused": paused}});
    let reply = mode.change(found, Change::Patch(PatchType::Strategic, patch), context)?;
    printer.done(&found.title(), verb, &reply.object, context);
    Ok(())
}
