//! `kubectl patch`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go`.

use super::flags::Args;
use super::select;
use super::send::{self, DryRun, Mode, Printer};
use super::{Context, Done, Failure, Progress};
use crate::api::{Status, Tree, change, json};
use crate::manifest::Manifest;
use crate::terminal::world::{Change, FieldValidation, PatchType};
use serde_json::Value;

/// What was done by a patch that changes nothing.
const UNCHANGED: &str = "patched (no change)";

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let kind = match args.text("type") {
        None | Some("strategic") => PatchType::Strategic,
        Some("merge") => PatchType::Merge,
        Some("json") => PatchType::Json,
        Some(other) => {
            return Err(Failure::error(format!(
                "--type must be one of [json merge strategic], not \"{other}\""
            )));
        }
    };
    if args.has("patch") && args.has("patch-file") {
        return Err(Failure::error("cannot specify --patch and --patch-file together"));
    }
    let text = match args.text("patch-file") {
        Some(path) => context.files.read(path).ok_or_else(|| {
            Failure::error(format!(
                "unable to read patch file: open {path}: no such file or directory"
            ))
        })?,
        None => args.text("patch").unwrap_or_default().to_owned(),
    };
    if text.is_empty() {
        return Err(Failure::error(
            "must specify --patch or --patch-file containing the contents of the patch",
        ));
    }
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    // kubectl does not validate patches: the server warns of unknown fields.
    let mode = Mode { validation: FieldValidation::Warn, ..Mode::of(args, context)? };
    let patch = read(&text)?;
    check(kind, &patch)?;
    // Dry runs of this verb print no suffix.
    let mut printer = Printer::of(args, Mode { dry_run: DryRun::None, ..mode }, context)?;
    let selection = select::select(args, &args.words, context)?;
    let mut failures = Vec::new();
    for found in &selection.found {
        if mode.dry_run == DryRun::Client {
            let object = change::merged(&found.object, &Change::Patch(kind, patch.clone()))?;
            let verb = if object == *found.object { UNCHANGED } else { "patched" };
            printer.done(&found.title(), verb, &object, context);
            continue;
        }
        match mode.change(found, Change::Patch(kind, patch.clone()), context) {
            Ok(reply) => {
                let version =
                    |object: &Value| object.at("metadata").text("resourceVersion").to_owned();
                let is_changed = match version(&reply.object).is_empty() {
                    true => reply.object != *found.object,
                    false => version(&reply.object) != version(&found.object),
                };
                failures.extend(mode.record(args, found, context).err().map(Failure::from));
                let verb = if is_changed { "patched" } else { UNCHANGED };
                printer.done(&found.title(), verb, &reply.object, context);
            }
            Err(status) => failures.push(Failure::Server(status)),
        }
    }
    failures.extend(selection.errors);
    printer.finish(context)?;
    Ok(Progress::Done(send::tell(&failures, context)))
}

/// Refuses what is no object and so no strategic patch.
fn check(kind: PatchType, patch: &Value) -> Result<(), Failure> {
    let is = match patch {
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Bool(_) => "bool",
        _ => return Ok(()),
    };
    if kind != PatchType::Strategic {
        return Ok(());
    }
    let text =
        format!("json: cannot unmarshal {is} into Go value of type map[string]interface {{}}");
    Err(Failure::Server(Status::bad_request("", "", text)))
}

/// The patch, written as JSON or YAML.
fn read(text: &str) -> Result<Value, Failure> {
    let bad = |message: &str| Failure::Server(Status::bad_request("", "", message));
    match json::parse(text) {
        Ok(value) => Ok(value),
        Err(_) if text.trim_start().starts_with('{') && !is_closed(text) => {
            Err(bad("unexpected end of JSON input"))
        }
        Err(why) => {
            let manifest = Manifest::parse(text);
            let value = manifest.documents.first().map(|document| document.json());
            match value.filter(|value| !value.is_null()) {
                Some(value) => Ok(value),
                None if text.trim_start().starts_with(['{', '[']) => Err(bad(&why)),
                None => Err(Failure::error(format!("unable to parse \"{text}\": yaml: {why}"))),
            }
        }
    }
}

/// Whether every bracket of a text is closed.
fn is_closed(text: &str) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_i64, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '{' | '[' if !in_text => depth += 1,
            '}' | ']' if !in_text => depth -= 1,
            _ => {}
        }
    }
    depth <= 0
}
