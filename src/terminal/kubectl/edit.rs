//! `kubectl edit`, with an editor that is a command such as `sed -i`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go`.

use super::flags::Args;
use super::select;
use super::send::Mode;
use super::{Context, Done, Failure, Progress};
use crate::api::{StatusReason, Tree, merge};
use crate::manifest::Manifest;
use crate::manifest::emit;
use crate::terminal::world::{Change, PatchType};

const HEAD: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# \
    and an empty file will abort the edit. If an error occurs while saving this file will be\n# \
    reopened with the relevant failures.\n#\n";

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    let mode = Mode::of(args, context)?;
    let selection = select::select(args, &args.words, context)?;
    if let Some(failure) = selection.errors.first() {
        return Err(failure.clone());
    }
    let Some(found) = selection.found.first() else {
        return Err(Failure::error("edit cancelled, no objects found"));
    };
    let mut shown = (*found.object).clone();
    shown.open("metadata").drop_field("managedFields");
    let text = format!("{HEAD}{}", emit::yaml(&shown));
    let Some(edited) = context.files.edit(&text) else {
        return Err(Failure::error(
            "there is no editor in this terminal: change the manifest in the editor above, or set \
             KUBE_EDITOR to a command such as \"sed -i 's/a/b/'\"",
        ));
    };
    let plain = |text: &str| -> String {
        text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
    };
    if plain(&edited) == plain(&text) {
        context.out.error("Edit cancelled, no changes made.");
        return Ok(Progress::Done(0));
    }
    if plain(&edited).trim().is_empty() {
        context.out.error("Edit cancelled, saved file was empty.");
        return Ok(Progress::Done(0));
    }
    let manifest = Manifest::parse(&plain(&edited));
    let Some(document) = manifest.documents.first() else {
        let why = manifest.diagnostics.first().map(|it| it.message.clone()).unwrap_or_default();
        return Err(Failure::error(format!("edited file: {why}")));
    };
    let patch = merge::patch(Some(&found.object), &document.value(), &found.object);
    let change = Change::Patch(PatchType::Strategic, patch);
    match mode.change(found, change, context) {
        Ok(_) => {
            context.out.line(&format!("{} edited", found.title()));
            Ok(Progress::Done(0))
        }
        Err(status) => {
            let title = format!("{} {:?}", found.resource.with_group(), found.name());
            let text = match status.reason {
                StatusReason::Invalid => format!("{title} is invalid"),
                _ => format!("{title} could not be patched: {}", status.message),
            };
            context.out.error(&format!("error: {text}"));
            let number = context.world.now().unsigned_abs() % 4_000_000_000;
            context.out.line(&format!(
                "A copy of your changes has been stored to \"/tmp/kubectl-edit-{number}.yaml\""
            ));
            Err(Failure::error("Edit cancelled, no valid changes were saved."))
        }
    }
}
