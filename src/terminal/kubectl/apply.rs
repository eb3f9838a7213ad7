//! `kubectl apply`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/`.

use super::each::{Work, each};
use super::files::{self, Document};
use super::flags::Args;
use super::ground::{Context, Done};
use super::prune::Allowlist;
use super::select;
use super::send::{self, Mode, Printer};
use crate::api::Tree;
use crate::api::object::LAST_APPLIED;
use crate::client::Failure;
pub use crate::client::apply::{annotated, last_applied, mapped};
use crate::client::{apply, failure, server_side};
use crate::manifest::emit;
use crate::terminal::job::Progress;
use crate::terminal::world::{Change, PatchType};

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
    let allowlist = Allowlist::of(args, context)?;
    check(args)?;
    let printer = Printer::of(args, mode, context)?;
    let documents = files::documents(args, context)?;
    let pruned = allowlist.map(|allowlist| (allowlist, documents.clone()));
    let (args, failures) = (args.clone(), Vec::new());
    each(documents, Applying { args, mode, printer, pruned, failures }, context)
}

/// What is done with each document.
#[derive(Clone)]
struct Applying {
    args: Args,
    mode: Mode,
    printer: Printer,
    /// What goes that is none of the documents.
    pruned: Option<(Allowlist, Vec<Document>)>,
    failures: Vec<Failure>,
}

impl Work for Applying {
    type Item = Document;

    fn one(&mut self, mut document: Document, context: &mut Context) -> Result<(), Failure> {
        if self.args.flag("record") {
            let meta = document.object.open("metadata");
            meta.open("annotations").put(send::CHANGE_CAUSE, self.args.command());
        }
        let done = one(&self.args, self.mode, &document, &mut self.printer, context);
        self.failures.extend(done.err());
        Ok(())
    }

    fn end(mut self, context: &mut Context) -> Done {
        failure::mapping_first(&mut self.failures);
        self.printer.finish(context)?;
        if let (Some((allowlist, documents)), true) = (self.pruned, self.failures.is_empty()) {
            allowlist.prune(&self.args, self.mode, &documents, context)?;
        }
        Ok(Progress::Done(send::tell(&self.failures, context)))
    }
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
    let own = select::namespace(args);
    let namespace = document.object.at("metadata").opt_text("namespace").unwrap_or(own);
    if args.has("namespace") && namespace != own {
        apply::named(&apply::mapped(document, context.world)?, document, own)?;
        return Err(Failure::error(format!(
            "the namespace from the provided object \"{namespace}\" does not match the namespace \
             \"{own}\". You must pass '--namespace={namespace}' to perform this operation."
        )));
    }
    if args.flag("server-side") {
        let resource = apply::mapped(document, context.world)?;
        apply::named(&resource, document, own)?;
        let (client, forces) = (&mut context.client(mode), args.flag("force-conflicts"));
        return server_side::one(client, document, (&resource, namespace), forces, printer);
    }
    apply::one(&mut context.client(mode), document, own, printer)
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
            // kubectl makes an error of it only if it knows a file that the object is from.
            None if args.has("filename") => {
                context.out.error(&format!(
                    "error: error when no last-applied-configuration annotation found on resource: \
                     {}\n \"{}\": <nil>",
                    found.name(),
                    args.text("filename").unwrap_or_default()
                ));
                status = 1;
            }
            None => {}
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
        let resource = mapped(&document, context.world)?;
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
