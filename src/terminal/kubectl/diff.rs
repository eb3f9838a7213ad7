//! `kubectl diff`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go`.

use super::apply;
use super::each::{Work, each};
use super::files::{self, Document};
use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found};
use super::send::{self, DryRun, Mode};
use crate::api::object::LAST_APPLIED;
use crate::api::timestamp::Moment;
use crate::api::{Tree, json_diff};
use crate::client::{Failure, patch};
use crate::manifest::emit;
use crate::terminal::job::Progress;
use crate::terminal::world::{Change, FieldValidation};
use serde_json::Value;

/// Runs the verb. The exit status is 1 if anything differs, and greater for a mistake.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("Unexpected args: [{}]", args.words.join(" "));
        context.out.error(&Failure::usage("diff", &text).text());
        return Ok(Progress::Done(2));
    }
    if !args.has("filename") {
        context.out.error("error: must specify one of -f and -k");
        return Ok(Progress::Done(2));
    }
    let documents = match files::documents(args, context) {
        Ok(documents) => documents,
        Err(failure) => {
            send::tell(&[failure], context);
            return Ok(Progress::Done(2));
        }
    };
    each(documents, Comparing { args: args.clone(), status: 0 }, context)
}

/// What is done with each document.
#[derive(Clone)]
struct Comparing {
    args: Args,
    status: i32,
}

impl Work for Comparing {
    type Item = Document;

    fn one(&mut self, document: Document, context: &mut Context) -> Result<(), Failure> {
        // A mistake ends it.
        if self.status > 1 {
            return Ok(());
        }
        match one(&self.args, &document, context) {
            Ok(None) => {}
            Ok(Some(text)) => {
                context.out.print(&text);
                self.status = 1;
            }
            Err(failure) => {
                send::tell(&[failure], context);
                self.status = 2;
            }
        }
        Ok(())
    }

    fn end(self, _context: &mut Context) -> Done {
        Ok(Progress::Done(self.status))
    }
}

fn one(args: &Args, document: &Document, context: &mut Context) -> Result<Option<String>, Failure> {
    let resource = apply::mapped(document, context.world)?;
    let meta = document.object.at("metadata");
    let name = meta.text("name");
    let namespace = meta.opt_text("namespace").unwrap_or_else(|| select::namespace(args));
    let mode = Mode { dry_run: DryRun::Server, validation: FieldValidation::Warn };
    let new = apply::annotated(&document.object, &resource, namespace);
    let (live, merged) = match context.world.get(&resource, namespace, name) {
        Err(_) => {
            let change = Change::Create(document.object.clone());
            let reply = mode.send(&resource, (namespace, name), change, context)?;
            (None, reply.object)
        }
        Ok(object) if args.flag("server-side") => {
            let mut said = document.object.clone();
            if resource.is_namespaced {
                said.open("metadata").put("namespace", namespace);
            }
            let forces = args.flag("force-conflicts");
            let change = Change::Apply { object: said, forces };
            let mut merged = mode.send(&resource, (namespace, name), change, context)?.object;
            // A dry run counts no version.
            let version = object.at("metadata").at("resourceVersion").clone();
            merged.open("metadata").put("resourceVersion", version);
            (Some((*object).clone()), merged)
        }
        Ok(object) => {
            let last = apply::last_applied(&object);
            let (kind, patch) = patch::between(&resource, last.as_ref(), &new, &object);
            let found = Found { resource, object };
            let patch = without_annotation(patch);
            let is_empty = patch.as_object().is_none_or(serde_json::Map::is_empty);
            let merged = match is_empty {
                true => (*found.object).clone(),
                false => {
                    // The server refuses a patch of another version than was read.
                    let mut patch = patch;
                    let version = found.object.at("metadata").at("resourceVersion").clone();
                    patch.open("metadata").put("resourceVersion", version);
                    let change = Change::Patch(kind, patch);
                    let doing = format!("error when patching \"{}\"", document.file);
                    let sent = mode.change(&found, change, context);
                    sent.map_err(|status| send::while_doing(status, &doing))?.object
                }
            };
            (Some((*found.object).clone()), merged)
        }
    };
    Ok(compare(&file_name(&resource, namespace, name), live, merged, context))
}

/// What is compared does not have the annotation of the next apply.
fn without_annotation(mut patch: Value) -> Value {
    if let Some(annotations) =
        patch.set_mut("metadata").and_then(|meta| meta.set_mut("annotations"))
    {
        annotations.drop_field(LAST_APPLIED);
        if annotations.as_object().is_some_and(serde_json::Map::is_empty) {
            patch.open("metadata").drop_field("annotations");
        }
    }
    if patch.at("metadata").as_object().is_some_and(serde_json::Map::is_empty) {
        patch.drop_field("metadata");
    }
    patch
}

fn file_name(resource: &crate::api::Resource, namespace: &str, name: &str) -> String {
    let group = match resource.group() {
        "" => String::new(),
        group => format!("{group}."),
    };
    let namespace = if resource.is_namespaced { namespace } else { "" };
    format!("{group}{}.{}.{namespace}.{name}", resource.version(), resource.kind)
}

fn lines(object: Option<Value>) -> Vec<String> {
    let Some(mut object) = object else { return Vec::new() };
    object.open("metadata").drop_field("managedFields");
    emit::folded_yaml(&object).lines().map(str::to_owned).collect()
}

fn compare(file: &str, live: Option<Value>, merged: Value, context: &Context) -> Option<String> {
    let (left, right) = (lines(live), lines(Some(merged)));
    if left == right {
        return None;
    }
    let now = Moment::of(context.world.now());
    let day = now.rfc3339_micro().replace('T', " ").replace('Z', "");
    let number = 1_000_000_000 + context.world.now().unsigned_abs() % 3_000_000_000;
    let (from, to) = (format!("/tmp/LIVE-{number}"), format!("/tmp/MERGED-{}", number / 3 + 7));
    Some(format!(
        "diff -u -N {from}/{file} {to}/{file}\n--- {from}/{file}\t{day}000 +0000\n+++ {to}/{file}\t{day}000 \
         +0000\n{}",
        json_diff::unified(&left, &right)
    ))
}
