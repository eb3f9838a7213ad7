//! `kubectl patch`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go`.

use super::each::{Work, each};
use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found, Selection};
use super::send::{self, DryRun, Mode, Printer};
use crate::api::{Status, json};
use crate::client::Failure;
use crate::client::patch;
use crate::manifest::Manifest;
use crate::terminal::job::Progress;
use crate::terminal::world::{FieldValidation, PatchType};
use serde_json::Value;

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
    let printer = Printer::of(args, Mode { dry_run: DryRun::None, ..mode }, context)?;
    let Selection { found, errors, .. } = select::select(args, &args.words, context)?;
    let (args, failures) = (args.clone(), Vec::new());
    each(found, Patching { args, mode, kind, patch, printer, failures, errors }, context)
}

/// What is done to each object.
#[derive(Clone)]
struct Patching {
    args: Args,
    mode: Mode,
    kind: PatchType,
    patch: Value,
    printer: Printer,
    failures: Vec<Failure>,
    /// Why others were not found.
    errors: Vec<Failure>,
}

impl Work for Patching {
    type Item = Found;

    fn one(&mut self, found: Found, context: &mut Context) -> Result<(), Failure> {
        let Self { args, mode, kind, patch, printer, failures, .. } = self;
        match patch::patch(&mut context.client(*mode), &found, (*kind, patch)) {
            Ok((object, verb)) => {
                failures.extend(mode.record(args, &found, context).err().map(Failure::from));
                printer.done(&found.title(), verb, &object, context);
            }
            Err(failure) if mode.dry_run == DryRun::Client => return Err(failure),
            Err(failure) => failures.push(failure),
        }
        Ok(())
    }

    fn end(mut self, context: &mut Context) -> Done {
        self.failures.extend(self.errors);
        self.printer.finish(context)?;
        Ok(Progress::Done(send::tell(&self.failures, context)))
    }
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
