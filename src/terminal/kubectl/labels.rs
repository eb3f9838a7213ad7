//! `kubectl label` and `kubectl annotate`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/label/label.go`, `…/cmd/annotate/annotate.go`.

use super::each::{Work, each};
use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found};
use super::send::{self, DryRun, Mode, Printer};
use crate::api::{Kubernetes, Status, StatusReason, Tree, names, strategic};
use crate::client::Failure;
use crate::terminal::job::Progress;
use crate::terminal::world::{Change, PatchType};
use serde_json::{Map, Value, json};

/// What a command line asks for.
#[derive(Clone)]
struct Updates {
    /// `labels` or `annotations`.
    field: &'static str,
    set: Vec<(String, String)>,
    removed: Vec<String>,
}

/// Runs either verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let is_label = args.verb.path() == "label";
    let (field, word) = if is_label { ("labels", "label") } else { ("annotations", "annotation") };
    let is_pair = |word: &String| word.contains('=') || (word.ends_with('-') && word.len() > 1);
    let (pairs, words): (Vec<String>, Vec<String>) = {
        let at = args.words.iter().position(is_pair).unwrap_or(args.words.len());
        (args.words[at..].to_vec(), args.words[..at].to_vec())
    };
    if let Some(late) = pairs.iter().find(|word| !is_pair(word)) {
        let text = format!("all resources must be specified before {word} changes: {late}");
        return Err(Failure::error(text));
    }
    if words.is_empty() && !args.has("filename") {
        return Err(Failure::error(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>",
        ));
    }
    let is_list = args.flag("list");
    if pairs.is_empty() && !is_list {
        return Err(Failure::error(format!("at least one {word} update is required")));
    }
    let updates = parse(field, word, &pairs, &context.world.kubernetes())?;
    let mode = Mode::of(args, context)?;
    let printer = Printer::of(args, mode, context)?;
    let selection = select::select(args, &words, context)?;
    if args.has("resource-version") && selection.found.len() > 1 {
        let text = "--resource-version may only be used with a single resource";
        return Err(Failure::error(text));
    }
    let (args, failures) = (args.clone(), selection.errors);
    let is_one_of_many = selection.found.len() > 1;
    let work = Labelling { args, mode, updates, is_list, is_one_of_many, printer, failures };
    each(selection.found, work, context)
}

/// What is done to each object.
#[derive(Clone)]
struct Labelling {
    args: Args,
    mode: Mode,
    updates: Updates,
    is_list: bool,
    is_one_of_many: bool,
    printer: Printer,
    failures: Vec<Failure>,
}

impl Work for Labelling {
    type Item = Found;

    fn one(&mut self, found: Found, context: &mut Context) -> Result<(), Failure> {
        let Self { args, mode, updates, printer, failures, .. } = self;
        match self.is_list {
            true => list(&found, updates.field, self.is_one_of_many, context),
            false => failures.extend(one(args, *mode, &found, updates, printer, context).err()),
        }
        Ok(())
    }

    fn end(self, context: &mut Context) -> Done {
        self.printer.finish(context)?;
        Ok(Progress::Done(send::tell(&self.failures, context)))
    }
}

fn parse(
    field: &'static str,
    word: &str,
    pairs: &[String],
    kubernetes: &Kubernetes,
) -> Result<Updates, Failure> {
    let mut updates = Updates { field, set: Vec::new(), removed: Vec::new() };
    for pair in pairs {
        if let Some((key, value)) = pair.split_once('=') {
            if key.is_empty() {
                return Err(Failure::error(format!("at least one {word} update is required")));
            }
            if field == "labels"
                && let Some(why) = names::label_value(value, kubernetes).into_iter().next()
            {
                return Err(Failure::error(format!("invalid label value: \"{pair}\": {why}")));
            }
            updates.set.push((key.into(), value.into()));
        } else if let Some(key) = pair.strip_suffix('-').filter(|key| !key.is_empty()) {
            updates.removed.push(key.into());
        } else {
            return Err(Failure::error(format!("unknown {word} spec: {pair}")));
        }
    }
    let both = updates.set.iter().map(|(key, _)| key).filter(|key| updates.removed.contains(key));
    let both: Vec<&str> = both.map(String::as_str).collect();
    if !both.is_empty() {
        return Err(Failure::error(match word {
            "label" => "can not both modify and remove a label in the same command".into(),
            _ => format!(
                "can not both modify and remove the following annotation(s) in the same command: {}",
                both.join(",")
            ),
        }));
    }
    Ok(updates)
}

fn list(found: &Found, field: &str, is_one_of_many: bool, context: &mut Context) {
    let indent = if is_one_of_many { " " } else { "" };
    if is_one_of_many {
        let kind = found.resource.kind;
        context.out.line(&format!(
            "Listing {field} for {kind}.{}/{}:",
            found.resource.api_version,
            found.name()
        ));
    }
    for (key, value) in found.object.at("metadata").members(field) {
        context.out.line(&format!("{indent}{key}={}", value.as_str().unwrap_or_default()));
    }
}

/// Refuses to give a label or annotation that is there another value, but for the cause of a change,
/// which is another one each time.
fn check_values(own: &Value, updates: &Updates) -> Result<(), Failure> {
    let is_fixed = |key: &str| updates.field == "labels" || key != super::send::CHANGE_CAUSE;
    let fixed = updates.set.iter().filter(|(key, _)| is_fixed(key));
    let taken = fixed.filter_map(|(key, value)| {
        let old = own.opt_text(key).filter(|old| old != value)?;
        Some(format!("'{key}' already has a value ({old})"))
    });
    let taken: Vec<String> = taken.collect();
    match (taken.first(), updates.field) {
        (None, _) => Ok(()),
        (Some(first), "labels") => {
            Err(Failure::error(format!("{first}, and --overwrite is false")))
        }
        _ => Err(Failure::error(format!(
            "--overwrite is false but found the following declared annotation(s): {}",
            taken.join("; ")
        ))),
    }
}

fn conflict(found: &Found) -> Failure {
    let name = found.name().to_owned();
    Failure::Server(Status {
        reason: StatusReason::Conflict,
        message: format!(
            "Operation cannot be fulfilled on {} \"{name}\": the object has been modified; please \
             apply your changes to the latest version and try again",
            found.resource.with_group()
        ),
        kind: found.resource.kind.into(),
        name,
        causes: Vec::new(),
    })
}

fn one(
    args: &Args,
    mode: Mode,
    found: &Found,
    updates: &Updates,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let own = found.object.at("metadata").at(updates.field);
    if let Some(version) = args.text("resource-version")
        && version != found.object.at("metadata").text("resourceVersion")
    {
        return Err(conflict(found));
    }
    if !args.flag("overwrite") {
        check_values(own, updates)?;
    }
    let mut changes = Map::new();
    for key in &updates.removed {
        if own.opt_text(key).is_none() && updates.field == "labels" {
            context.out.line(&format!("label \"{key}\" not found."));
        }
        changes.insert(key.clone(), Value::Null);
    }
    for (key, value) in &updates.set {
        changes.insert(key.clone(), value.as_str().into());
    }
    let patch = json!({"metadata": {updates.field: changes}});
    let after = strategic::apply_merge(&found.object, &patch);
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let is_same = members(own) == members(after.at("metadata").at(updates.field));
    let verb = match (updates.field, is_same) {
        ("labels", true) => "not labeled",
        ("labels", false) if updates.set.is_empty() => "unlabeled",
        ("labels", false) => "labeled",
        _ => "annotated",
    };
    let object = match mode.dry_run {
        DryRun::Client => after,
        _ if is_same => (*found.object).clone(),
        _ => mode.change(found, Change::Patch(PatchType::Merge, patch), context)?.object,
    };
    mode.record(args, found, context)?;
    printer.done(&found.title(), verb, &object, context);
    Ok(())
}
