//! `kubectl delete`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go`.

use super::each::{Work, each};
use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found, Selection};
use super::send::{self, DryRun, Mode};
use crate::client::Failure;
use crate::client::delete;
pub use crate::client::delete::{Deletion, is_there, line, request};
use crate::terminal::job::{self, Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::World;
use std::rc::Rc;

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if args.words.is_empty() && !args.has("filename") {
        let is_selected = args.flag("all") || args.has("selector");
        return Err(Failure::error(match is_selected {
            true => "at least one resource must be specified to use a selector",
            false => select::NOTHING_NAMED,
        }));
    }
    if args.has("filename") && !args.words.is_empty() {
        let text = "when paths, URLs, or stdin is provided as input, you may not specify resource \
                    arguments as well";
        return Err(Failure::error(text));
    }
    if let Some(format) = args.text("output").filter(|format| !["", "name"].contains(format)) {
        let text = format!("unexpected -o output mode: {format}. We only support '-o name'");
        return Err(Failure::error(text));
    }
    let mode = Mode::of(args, context)?;
    let propagation = propagation(args, context)?;
    let grace = grace(args)?;
    check(args, context)?;
    let mut selection = select::select(args, &args.words, context)?;
    let is_list = !selection.is_named;
    let is_selected = ["selector", "field-selector"].iter().any(|flag| args.has(flag));
    if args.flag_or("ignore-not-found", args.flag("all") || is_selected) {
        selection.errors.retain(|error| !select::is_not_found(error));
    }
    let file = args.text("filename").unwrap_or_default();
    if args.has("filename") {
        for error in &mut selection.errors {
            if let Failure::Server(status) = error {
                status.message = format!("error when deleting \"{file}\": {}", status.message);
            }
        }
    }
    let prints_names = args.text("output") == Some("name");
    let how = Deletion { grace, propagation, prints_names };
    let waits = args.flag_or("wait", true) && mode.dry_run == DryRun::None && grace != Some(0);
    let timeout = args.number("timeout").filter(|timeout| *timeout > 0);
    let Selection { found, errors: failures, .. } = selection;
    if !found.is_empty() {
        how.warn(context.out);
    }
    let gone = Vec::new();
    each(found, Deleting { mode, how, is_list, waits, timeout, gone, failures }, context)
}

/// What is done to each object.
#[derive(Clone)]
struct Deleting {
    mode: Mode,
    how: Deletion,
    /// Whether objects were selected and not named.
    is_list: bool,
    waits: bool,
    timeout: Option<i64>,
    gone: Vec<Found>,
    failures: Vec<Failure>,
}

impl Work for Deleting {
    type Item = Found;

    fn one(&mut self, found: Found, context: &mut Context) -> Result<(), Failure> {
        match delete::one(&mut context.client(self.mode), &found, self.how) {
            Ok(()) => self.gone.push(found),
            Err(status) => self.failures.push(status.into()),
        }
        Ok(())
    }

    fn end(self, context: &mut Context) -> Done {
        if self.gone.is_empty() && self.failures.is_empty() {
            if self.is_list {
                context.out.line("No resources found");
            }
            return Ok(Progress::Done(0));
        }
        let status = send::tell(&self.failures, context);
        if !self.waits || self.gone.is_empty() {
            return Ok(Progress::Done(status));
        }
        let mut job = Wait::new(self.gone, self.timeout, context.world.now());
        job.status = status;
        Ok(job::start(job, context.world, context.out))
    }
}

fn check(args: &Args, context: &Context) -> Result<(), Failure> {
    if args.has("filename") {
        return Ok(());
    }
    let targets = select::targets(&args.words, context.world)?;
    let is_named = targets.iter().any(|target| matches!(target, select::Target::One(..)));
    let is_filtered = args.has("selector") || args.has("field-selector");
    if !is_named && !is_filtered && !args.flag("all") {
        return Err(Failure::error("resource(s) were provided, but no name was specified"));
    }
    if is_named && args.flag("all") {
        return Err(Failure::error("name cannot be provided when a selector is specified"));
    }
    let is_both = args.flag("all") && is_filtered;
    if is_both {
        let text = "setting 'all' parameter but found a non empty selector. ";
        return Err(Failure::error(text));
    }
    let grace = if args.flag("now") { 1 } else { args.number("grace-period").unwrap_or(-1) };
    if args.flag("force") && grace > 0 {
        return Err(Failure::error(
            "--force and --grace-period greater than 0 cannot be specified together",
        ));
    }
    Ok(())
}

fn grace(args: &Args) -> Result<Option<i64>, Failure> {
    let seconds = args.number("grace-period").filter(|seconds| *seconds >= 0);
    if args.flag("now") {
        if args.has("grace-period") && args.number("grace-period") != Some(-1) {
            return Err(Failure::error("--now and --grace-period cannot be specified together"));
        }
        return Ok(Some(1));
    }
    match (seconds, args.flag("force")) {
        (Some(0), false) => {
            // Without --force the object is waited for, and given a second.
            Ok(Some(1))
        }
        (None, true) => Ok(Some(0)),
        (seconds, _) => Ok(seconds),
    }
}

fn propagation(args: &Args, context: &mut Context) -> Result<&'static str, Failure> {
    match args.text("cascade") {
        None | Some("background" | "unchanged") => Ok("Background"),
        Some("foreground") => Ok("Foreground"),
        Some("orphan") => Ok("Orphan"),
        Some(value @ ("true" | "false")) => {
            let new = if value == "true" { "background" } else { "orphan" };
            context.out.error(&format!(
                "warning: --cascade={value} is deprecated (boolean value) and can be replaced with \
                 --cascade={new}."
            ));
            Ok(if value == "true" { "Background" } else { "Orphan" })
        }
        Some(other) => Err(Failure::error(format!(
            "invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""
        ))),
    }
}

/// What is done when all are gone.
type Next = Rc<dyn Fn(&mut dyn World, &mut Output) -> i32>;

/// Waits until objects are gone.
#[derive(Clone)]
pub struct Wait {
    gone: Vec<Found>,
    /// The moment when it gives up.
    until: Option<i64>,
    next: Option<Next>,
    status: i32,
}

impl Wait {
    /// Waits for these objects, at most `timeout` milliseconds from `now` on.
    pub fn new(gone: Vec<Found>, timeout: Option<i64>, now: i64) -> Self {
        Self { gone, until: timeout.map(|timeout| now + timeout), next: None, status: 0 }
    }

    /// Does something when all are gone.
    pub fn then(mut self, next: Next) -> Self {
        self.next = Some(next);
        self
    }
}

impl Job for Wait {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        self.gone.retain(|found| is_there(found, world));
        if self.gone.is_empty() {
            let next = self.next.as_ref().map_or(0, |next| next(world, out));
            return Some(self.status.max(next));
        }
        if self.until.is_some_and(|until| world.now() >= until) {
            for found in &self.gone {
                out.error(&format!(
                    "error: timed out waiting for the condition on {}/{}",
                    found.resource.name,
                    found.name()
                ));
            }
            return Some(1);
        }
        None
    }
}
