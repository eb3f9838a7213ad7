//! `kubectl wait`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/wait/`.

use super::delete;
use super::flags::Args;
use super::ground::{Context, Done};
use super::print::custom;
use super::select::{self, Found};
use super::send::{self, Mode, Printer};
use crate::api::Tree;
use crate::client::Failure;
use crate::print::jsonpath::Path;
use crate::terminal::job::{self, Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::World;
use serde_json::Value;
use std::rc::Rc;

/// What is waited for.
#[derive(Clone, Debug)]
enum Condition {
    Gone,
    Created,
    Is(String, String),
    Path(Path, Option<String>),
}

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let texts: Vec<&str> = args.texts("for").collect();
    if texts.is_empty() {
        return Err(Failure::error("unrecognized condition: []"));
    }
    let conditions: Vec<Condition> =
        texts.iter().map(|text| parse(text)).collect::<Result<_, _>>()?;
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    if conditions.iter().any(|it| matches!(it, Condition::Created)) {
        return Ok(created(args, context));
    }
    let selection = select::select(args, &args.words, context)?;
    if conditions.iter().any(|it| matches!(it, Condition::Gone)) {
        let real = |failure: &&Failure| !select::is_not_found(failure);
        if let Some(failure) = selection.errors.iter().find(real) {
            return Err(failure.clone());
        }
        if selection.found.is_empty() {
            return Ok(Progress::Done(0));
        }
    } else {
        if let Some(failure) = selection.errors.first() {
            return Err(failure.clone());
        }
        if selection.found.is_empty() {
            return Err(Failure::error("no matching resources found"));
        }
    }
    let timeout = match args.number("timeout") {
        Some(timeout) if timeout < 0 => 7 * 24 * 3_600_000,
        Some(timeout) => timeout,
        None => 30_000,
    };
    let mut left = Vec::new();
    for found in &selection.found {
        for condition in &conditions {
            if let Condition::Path(path, Some(_)) = condition {
                custom::is_single(path, &found.object)?;
            }
            left.push((found.clone(), condition.clone()));
        }
    }
    let printer = Printer::of(args, Mode::of(args, context)?, context)?;
    let job = Wait {
        left,
        printer,
        failures: Vec::new(),
        until: context.world.now() + timeout,
        is_checked_once: timeout == 0,
    };
    Ok(job::start(job, context.world, context.out))
}

/// `--for=create`: the object may not be there yet.
fn created(args: &Args, context: &mut Context) -> Progress {
    let job = Create {
        args: args.clone(),
        until: context.world.now() + args.number("timeout").unwrap_or(30_000),
    };
    job::start(job, context.world, context.out)
}

fn parse(text: &str) -> Result<Condition, Failure> {
    let (kind, rest) = text.split_once('=').unwrap_or((text, ""));
    match kind.to_lowercase().as_str() {
        "delete" => Ok(Condition::Gone),
        "create" => Ok(Condition::Created),
        "condition" if text.contains('=') => {
            let (name, value) = rest.split_once('=').unwrap_or((rest, "true"));
            Ok(Condition::Is(name.to_lowercase(), value.to_lowercase()))
        }
        "jsonpath" if rest.is_empty() => Err(Failure::error("jsonpath expression cannot be empty")),
        "jsonpath" if !rest.starts_with('{') => {
            let (path, value) = rest.split_once('=').unwrap_or((rest, ""));
            let value = text.matches('=').nth(1).map(|_| value.trim_matches(['"', '\'']).into());
            let path = custom::relaxed(path).map_err(Failure::Error)?;
            Ok(Condition::Path(path, value))
        }
        "jsonpath" => {
            let end = rest.find('}').map_or(rest.len(), |at| at + 1);
            let (path, value) = rest.split_at(end);
            let value = match value.strip_prefix('=') {
                Some("") => {
                    return Err(Failure::error(
                        "jsonpath wait has to have a value after equal sign, like \
                         --for=jsonpath='{.status.readyReplicas}'=3",
                    ));
                }
                value => value.map(|value| value.trim_matches(['"', '\'']).to_owned()),
            };
            let path = custom::relaxed(path).map_err(Failure::Error)?;
            Ok(Condition::Path(path, value))
        }
        _ => Err(Failure::error(format!("unrecognized condition: {text:?}"))),
    }
}

#[derive(Clone)]
struct Wait {
    left: Vec<(Found, Condition)>,
    printer: Printer,
    failures: Vec<Failure>,
    until: i64,
    /// Whether it does not wait at all.
    is_checked_once: bool,
}

impl Wait {
    fn holds(found: &Found, condition: &Condition, world: &dyn World) -> Option<bool> {
        if let Condition::Gone = condition {
            return Some(!delete::is_there(found, world));
        }
        let object = world.get(&found.resource, found.namespace(), found.name()).ok()?;
        Some(match condition {
            Condition::Is(name, value) => has_condition(&object, name, value),
            Condition::Path(path, value) => custom::has_value(path, &object, value.as_deref()),
            Condition::Gone | Condition::Created => true,
        })
    }
}

fn failed(what: &str, found: &Found) -> Failure {
    Failure::error(format!("{what} {}/{}", found.resource.name, found.name()))
}

fn has_condition(object: &Value, name: &str, value: &str) -> bool {
    let conditions = object.at("status").items("conditions").iter();
    let mut own = conditions.filter(|condition| condition.text("type").to_lowercase() == name);
    let Some(condition) = own.next() else { return false };
    let generation = object.at("metadata").opt_int("generation");
    let observed = condition.opt_int("observedGeneration");
    let observed = observed.or(object.at("status").opt_int("observedGeneration"));
    let is_old = generation.zip(observed).is_some_and(|(generation, own)| own < generation);
    !is_old && condition.text("status").to_lowercase() == value
}

impl Job for Wait {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        while let Some((found, condition)) = self.left.first() {
            match Self::holds(found, condition, world) {
                Some(true) => {
                    let own = (found.namespace(), found.name());
                    let object = world.get(&found.resource, own.0, own.1).ok();
                    let object = object.unwrap_or_else(|| Rc::clone(&found.object));
                    let title = found.title();
                    let mut context = Context::later(world, out);
                    self.printer.done(&title, "condition met", &object, &mut context);
                    self.left.remove(0);
                }
                Some(false) if world.now() < self.until => return None,
                Some(false) if self.is_checked_once => {
                    self.failures.push(failed("condition not met for", found));
                    self.left.remove(0);
                }
                // Time is up for all that would have come after it as well.
                Some(false) => {
                    let what = "timed out waiting for the condition on";
                    let late = self.left.drain(..).map(|(found, _)| failed(what, &found));
                    self.failures.extend(late);
                }
                None => {
                    let status = world.get(&found.resource, found.namespace(), found.name()).err();
                    self.failures.extend(status.map(Failure::from));
                    self.left.remove(0);
                }
            }
        }
        let mut context = Context::later(world, out);
        self.failures.extend(self.printer.finish(&mut context).err());
        Some(send::tell(&self.failures, &mut context))
    }
}

#[derive(Clone)]
struct Create {
    args: Args,
    until: i64,
}

impl Job for Create {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let (now, mut quiet) = (world.now(), Output::default());
        let mut context = Context::later(world, &mut quiet);
        let selection = match select::select(&self.args, &self.args.words, &mut context) {
            Ok(selection) => selection,
            Err(failure) => return Some(send::tell(&[failure], &mut context)),
        };
        if selection.errors.is_empty() && !selection.found.is_empty() {
            selection
                .found
                .iter()
                .for_each(|found| out.line(&format!("{} condition met", found.title())));
            return Some(0);
        }
        if now >= self.until {
            out.error("error: timed out waiting for the condition");
            return Some(1);
        }
        None
    }
}
