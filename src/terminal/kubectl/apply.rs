//! `kubectl apply`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/`.

use super::files::{self, Document};
use super::flags::Args;
use super::prune::Allowlist;
use super::select::{self, Found};
use super::send::{self, DryRun, Mode, Printer};
use super::{Context, Done, Failure, Progress};
use crate::api::Resource;
use crate::api::decode::{self, DecodeReason};
use crate::api::object::LAST_APPLIED;
use crate::api::path::PathStep;
use crate::api::{StatusReason, Tree, json, merge, strategic};
use crate::manifest::emit;
use crate::terminal::world::{Change, PatchType};
use serde_json::Value;

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("Unexpected args: [{}]", args.words.join(" "));
        return Err(Failure::usage("apply", &text));
    }
    let mode = Mode::of(args, context)?;
    let allowlist = Allowlist::of(args)?;
    check(args)?;
    let mut printer = Printer::of(args, mode, context)?;
    let mut failures = Vec::new();
    let documents = files::documents(args, context)?;
    for mut document in documents.iter().cloned() {
        if args.flag("record") {
            let meta = document.object.open("metadata");
            meta.open("annotations").put(send::CHANGE_CAUSE, args.command());
        }
        if let Err(failure) = one(args, mode, &document, &mut printer, context) {
            send::tell(std::slice::from_ref(&failure), context);
            failures.push(failure);
        }
    }
    printer.finish(context)?;
    if let (Some(allowlist), true) = (allowlist, failures.is_empty()) {
        allowlist.prune(args, mode, &documents, context)?;
    }
    Ok(Progress::Done(i32::from(!failures.is_empty())))
}

fn check(args: &Args) -> Result<(), Failure> {
    if !args.has("filename") {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    let is_server_side = args.flag("server-side");
    let wrong = match () {
        () if is_server_side && args.flag("force") => "--force cannot be used with --server-side",
        () if is_server_side && args.text("dry-run") == Some("client") => {
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server \
             instead?)"
        }
        () if !is_server_side && args.flag("force-conflicts") => {
            "--force-conflicts only works with --server-side"
        }
        () if args.flag("force") && args.text("dry-run") == Some("server") => {
            "--dry-run=server cannot be used with --force"
        }
        () if args.flag("all") && args.text("selector").is_some_and(|it| !it.is_empty()) => {
            "cannot set --all and --selector at the same time"
        }
        () if args.flag("force") && args.flag("prune") => "--force cannot be used with --prune",
        () => "",
    };
    if !wrong.is_empty() {
        return Err(Failure::error(wrong));
    }
    if let Some(value) = args.text("cascade")
        && !["background", "foreground", "orphan", "true", "false", "unchanged"].contains(&value)
    {
        return Err(Failure::error(format!(
            "invalid cascade value ({value}). Must be \"background\", \"foreground\", or \"orphan\""
        )));
    }
    if args.flag("prune") && !args.flag("all") && args.text("selector").is_none() {
        return Err(Failure::error(
            "all resources selected for prune without explicitly passing --all. To prune all \
             resources, pass the --all flag. If you did not mean to prune all resources, specify \
             a label selector",
        ));
    }
    Ok(())
}

fn one(
    args: &Args,
    mode: Mode,
    document: &Document,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let resource = mapped(document)?;
    let meta = document.object.at("metadata");
    let name = meta.text("name");
    if let (true, Some(prefix)) = (name.is_empty(), meta.opt_text("generateName")) {
        return Err(Failure::error(format!("from {prefix}: cannot use generate name with apply")));
    }
    if name.is_empty() || name.contains('/') {
        let why = match name {
            "" => "resource name may not be empty".to_owned(),
            name => format!("invalid resource name \"{name}\": [may not contain '/']"),
        };
        return Err(Failure::error(format!(
            "error when retrieving current configuration of:\n{}from server for: \"{}\": {why}",
            identity(&resource, &document.object, select::namespace(args)),
            document.file
        )));
    }
    let namespace = meta.opt_text("namespace").unwrap_or_else(|| select::namespace(args));
    if args.has("namespace") && namespace != select::namespace(args) {
        return Err(Failure::error(format!(
            "the namespace from the provided object \"{namespace}\" does not match the namespace \
             \"{}\". You must pass '--namespace={namespace}' to perform this operation.",
            select::namespace(args)
        )));
    }
    let new = annotated(&document.object, &resource, namespace);
    let title = resource.object(name);
    if args.flag("server-side") {
        let what = (document, args.flag("force-conflicts"));
        return server_side(mode, (&resource, namespace, &title), what, printer, context);
    }
    let found = match context.world.get(&resource, namespace, name) {
        Ok(object) => Found { resource, object },
        Err(status) if status.reason == StatusReason::NotFound => {
            let object = if mode.dry_run == DryRun::Client {
                new
            } else {
                let creating = format!("error when creating \"{}\"", document.file);
                let change = Change::Create(new);
                mode.send(&resource, (namespace, name), change, context)
                    .map_err(|status| send::while_doing(status, &creating))?
                    .object
            };
            printer.done(&title, "created", &object, context);
            return Ok(());
        }
        Err(status) => return Err(status.into()),
    };
    patch(mode, &new, &found, &document.file, printer, context)
}

/// Changes an object that exists.
fn patch(
    mode: Mode,
    new: &Value,
    found: &Found,
    file: &str,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let last = last_applied(&found.object);
    if last.is_none() && mode.dry_run != DryRun::Client {
        context.out.error(&format!("Warning: {}", missing_annotation(found)));
    }
    let patch = merge::patch(last.as_ref(), new, &found.object);
    let is_empty = patch.as_object().is_none_or(serde_json::Map::is_empty);
    let title = found.title();
    if is_empty {
        printer.done(&title, "unchanged", &found.object, context);
        return Ok(());
    }
    if mode.dry_run == DryRun::Client {
        let object = strategic::apply(&found.object, &patch);
        printer.done(&title, "configured", &object, context);
        return Ok(());
    }
    let is_terminating = !found.object.at("metadata").text("deletionTimestamp").is_empty();
    let change = Change::Patch(PatchType::Strategic, patch.clone());
    let reply = mode.change(found, change, context).map_err(|status| {
        if status.reason == StatusReason::Invalid {
            return Failure::Server(status);
        }
        let namespace = found.namespace();
        let doing = format!(
            "error when applying patch:\n{patch}\nto:\n{}for: \"{file}\": error when patching \
             \"{file}\"",
            identity(&found.resource, &found.object, namespace)
        );
        send::while_doing(status, &doing)
    })?;
    if is_terminating {
        context.out.error(&format!(
            "Warning: Detected changes to resource {} which is currently being deleted.",
            found.name()
        ));
    }
    printer.done(&title, "configured", &reply.object, context);
    Ok(())
}

/// Simplified: nobody but `kubectl apply` owns fields, and it owns the claim templates of a set
/// that it applied.
fn server_side(
    mode: Mode,
    (resource, namespace, title): (&Resource, &str, &str),
    (document, forces): (&Document, bool),
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let name = document.object.at("metadata").text("name");
    if context.world.get(resource, namespace, name).is_err() {
        let change = Change::Create(document.object.clone());
        let reply = mode.send(resource, (namespace, name), change, context)?;
        printer.done(title, "serverside-applied", &reply.object, context);
        return Ok(());
    }
    let has_templates = !document.object.at("spec").items("volumeClaimTemplates").is_empty();
    if has_templates && !forces {
        return Err(Failure::error(CONFLICT));
    }
    let change = Change::Patch(PatchType::Strategic, document.object.clone());
    let reply = mode.send(resource, (namespace, name), change, context)?;
    printer.done(title, "serverside-applied", &reply.object, context);
    Ok(())
}

const CONFLICT: &str = "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" \
    using apps/v1: .spec.volumeClaimTemplates\nPlease review the fields above--they currently \
    have other managers. Here\nare the ways you can resolve this warning:\n* If you intend to \
    manage all of these fields, please re-run the apply\n  command with the `--force-conflicts` \
    flag.\n* If you do not intend to manage all of the fields, please edit your\n  manifest to \
    remove references to the fields that should keep their\n  current managers.\n* You may co-own \
    fields by updating your manifest to match the existing\n  value; in this case, you'll become \
    the manager if the other manager(s)\n  stop managing the field (remove it from their \
    configuration).\nSee https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// The resource of a document, or why the server has none for it.
///
/// # Errors
/// An unknown kind, or metadata of a wrong type.
pub fn mapped(document: &Document) -> Result<Resource, Failure> {
    let object = &document.object;
    if let Err(error) = decode::decode(object) {
        let first = error.complaints.first();
        match error.reason {
            DecodeReason::NoVersion => {
                return Err(Failure::Plain(format!(
                    "Error from server (NotFound): error when creating \"{}\": {error}",
                    document.file
                )));
            }
            DecodeReason::WrongType
                if first.is_some_and(|it| {
                    it.path.0.first() == Some(&PathStep::Key("metadata".into()))
                }) =>
            {
                let own = format!("{}.metadata ", error.kind);
                let text = first.map(|it| it.text.as_str()).unwrap_or_default();
                let text = text.replace(&own, "metadataOnlyObject.metadata ");
                let file = &document.file;
                return Err(Failure::error(format!("unable to decode \"{file}\": {text}")));
            }
            DecodeReason::LowerCaseKind => {
                return Err(Failure::Plain(format!(
                    "Error from server (BadRequest): error when creating \"{}\": {error}",
                    document.file
                )));
            }
            DecodeReason::UnknownKind if Resource::of(object).is_none() => {
                let meta = object.at("metadata");
                return Err(Failure::error(format!(
                    "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{}\": \
                     {error}\nensure CRDs are installed first",
                    meta.text("name"),
                    meta.text("namespace"),
                    document.file
                )));
            }
            _ => {}
        }
    }
    Resource::of(object).ok_or_else(|| files::no_mapping(document))
}

/// How messages identify an object.
fn identity(resource: &Resource, object: &Value, namespace: &str) -> String {
    let version = match resource.group() {
        "" => format!("/{}", resource.version()),
        group => format!("{group}/{}", resource.version()),
    };
    format!(
        "Resource: \"{version}, Resource={}\", GroupVersionKind: \"{version}, Kind={}\"\n\
         Name: \"{}\", Namespace: \"{namespace}\"\n",
        resource.name,
        resource.kind,
        object.at("metadata").text("name")
    )
}

/// The object as kubectl sends it: with its namespace, and itself in an annotation.
pub fn annotated(object: &Value, resource: &Resource, namespace: &str) -> Value {
    let mut new = object.clone();
    let meta = new.open("metadata");
    if resource.is_namespaced {
        meta.put("namespace", namespace);
    }
    meta.open("annotations").drop_field(LAST_APPLIED);
    let text = format!("{new}\n");
    new.open("metadata").open("annotations").put(LAST_APPLIED, text);
    new
}

/// The manifest that was applied last, if it is known.
pub fn last_applied(object: &Value) -> Option<Value> {
    json::parse(object.at("metadata").at("annotations").opt_text(LAST_APPLIED)?).ok()
}

fn missing_annotation(found: &Found) -> String {
    format!(
        "resource {}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl \
         apply. kubectl apply should only be used on resources created declaratively by either \
         kubectl create --save-config or kubectl apply. The missing annotation will be patched \
         automatically.",
        found.resource.name,
        found.name()
    )
}

/// `kubectl apply view-last-applied`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn view(args: &Args, context: &mut Context) -> Done {
    if let Some(format) = args.text("output").filter(|it| !["", "yaml", "json"].contains(it)) {
        let text = format!(
            "Unexpected -o output mode: {format}, the flag 'output' must be one of yaml|json"
        );
        return Err(Failure::usage("apply view-last-applied", &text));
    }
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    let selection = select::select(args, &args.words, context)?;
    let mut status = send::tell(&selection.errors, context);
    for found in &selection.found {
        match last_applied(&found.object) {
            None => {
                context.out.error(&format!(
                    "error: no last-applied-configuration annotation found on resource: {}",
                    found.name()
                ));
                status = 1;
            }
            Some(last) if args.text("output") == Some("json") => {
                let text = emit::json(&last).replace("    ", "  ");
                context.out.print(&text);
            }
            Some(last) => context.out.print(&emit::folded_yaml(&last)),
        }
    }
    Ok(Progress::Done(status))
}

/// `kubectl apply set-last-applied`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn set(args: &Args, context: &mut Context) -> Done {
    let mode = Mode::of(args, context)?;
    if !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    let mut failures = Vec::new();
    for document in files::documents(args, context)? {
        let resource = mapped(&document)?;
        let name = document.object.at("metadata").text("name");
        let namespace = select::namespace(args);
        let new = annotated(&document.object, &resource, namespace);
        let text = new.at("metadata").at("annotations").text(LAST_APPLIED);
        let patch = serde_json::json!({"metadata": {"annotations": {LAST_APPLIED: text}}});
        let change = Change::Patch(PatchType::Merge, patch);
        match mode.send(&resource, (namespace, name), change, context) {
            Ok(_) => {
                let suffix = mode.suffix();
                context.out.line(&format!("{} configured{suffix}", resource.object(name)));
            }
            Err(status) => failures.push(status.into()),
        }
    }
    Ok(Progress::Done(send::tell(&failures, context)))
}
