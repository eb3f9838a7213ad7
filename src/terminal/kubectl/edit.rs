//! `kubectl edit`: in the editor of the page, or in one that is a command such as `sed -i`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go`.

use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found};
use super::send::Mode;
use crate::api::{Status, StatusReason, Tree};
use crate::client::{Failure, patch};
use crate::manifest::Manifest;
use crate::manifest::emit;
use crate::terminal::editor::Editor;
use crate::terminal::job::{Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::{Change, World};

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
    let Some(found) = selection.found.into_iter().next() else {
        return Err(Failure::error("edit cancelled, no objects found"));
    };
    let mut shown = (*found.object).clone();
    shown.open("metadata").drop_field("managedFields");
    let body = emit::folded_yaml(&shown);
    let manager = context.manager.clone();
    let mut edit = Edit { mode, manager, found, body, refused: None };
    let text = edit.text();
    if let Some(edited) = context.files.edit(&text) {
        return match edit.take(&edited.map_err(Failure::error)?, context) {
            Taken::Ended(status) => Ok(Progress::Done(status)),
            // An editor that is a command makes the same of it again.
            Taken::Refused => Ok(Progress::Done(edit.give_up(context))),
        };
    }
    let Some(editor) = context.files.editor() else {
        return Err(Failure::error("unable to launch the editor \"vi\""));
    };
    editor.open(&edit.found.title(), &text, None);
    Ok(Progress::Waiting(Box::new(Waiting { editor, edit })))
}

/// What becomes of a text that was saved.
enum Taken {
    /// The command ends with this status.
    Ended(i32),
    /// It was refused: it is to be edited again.
    Refused,
}

/// An object that is edited.
#[derive(Clone)]
struct Edit {
    mode: Mode,
    manager: String,
    found: Found,
    /// The text below the comments: first the object's, later what was saved and refused.
    body: String,
    /// Why it was refused.
    refused: Option<String>,
}

impl Edit {
    /// What the editor shows.
    fn text(&self) -> String {
        let reasons = self.refused.as_deref().unwrap_or_default();
        format!("{HEAD}{reasons}{}", self.body)
    }

    fn take(&mut self, edited: &str, context: &mut Context) -> Taken {
        let plain = plain(edited);
        if plain == self.body {
            if self.refused.is_some() {
                return Taken::Ended(self.give_up(context));
            }
            context.out.error("Edit cancelled, no changes made.");
            return Taken::Ended(0);
        }
        if plain.trim().is_empty() {
            context.out.error("Edit cancelled, saved file was empty.");
            return Taken::Ended(0);
        }
        self.body = plain;
        let manifest = Manifest::parse(&self.body);
        let Some(document) = manifest.documents.first() else {
            let why = manifest.diagnostics.first().map(|it| it.message.clone());
            let why = why.unwrap_or_default();
            context.out.error(&format!("error: edited file: {why}"));
            self.refused = Some(comment(&format!("The edited file had a syntax error: {why}\n")));
            return Taken::Refused;
        };
        let Found { resource, object } = &self.found;
        let (kind, patch) = patch::between(resource, Some(object), &document.value(), object);
        let change = Change::Patch(kind, patch);
        match self.mode.change(&self.found, change, context) {
            Ok(_) => {
                context.out.line(&format!("{} edited", self.found.title()));
                Taken::Ended(0)
            }
            Err(status) => {
                self.refuse(&status, context.out);
                Taken::Refused
            }
        }
    }

    fn refuse(&mut self, status: &Status, out: &mut Output) {
        let title = format!("{} {:?}", self.found.resource.with_group(), self.found.name());
        let (told, mut reasons) = match status.reason {
            StatusReason::Invalid => {
                (format!("{title} is invalid"), format!("{title} was not valid:\n"))
            }
            _ => {
                let why = format!("{title} could not be patched: {}", status.message);
                (why.clone(), format!("{why}\n"))
            }
        };
        for cause in &status.causes {
            reasons.push_str(&format!("* {cause}\n"));
        }
        out.error(&format!("error: {told}"));
        self.refused = Some(comment(&reasons));
    }

    /// Nothing valid came of it.
    fn give_up(&self, context: &mut Context) -> i32 {
        let number = context.world.now().unsigned_abs() % 4_000_000_000;
        context.out.line(&format!(
            "A copy of your changes has been stored to \"/tmp/kubectl-edit-{number}.yaml\""
        ));
        context.out.error("error: Edit cancelled, no valid changes were saved.");
        1
    }
}

/// A text without the lines that are ignored.
fn plain(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

fn comment(text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("# {line}\n")).collect();
    format!("{lines}#\n")
}

/// The command while the person edits.
#[derive(Clone)]
struct Waiting {
    editor: Editor,
    edit: Edit,
}

impl Job for Waiting {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let answer = self.editor.answer()?;
        let mut context =
            Context { manager: self.edit.manager.clone(), ..Context::later(world, out) };
        // Leaving without saving is saving the same.
        let unchanged = self.edit.body.clone();
        match self.edit.take(&answer.unwrap_or(unchanged), &mut context) {
            Taken::Ended(status) => Some(status),
            Taken::Refused => {
                self.editor.open(&self.edit.found.title(), &self.edit.text(), None);
                None
            }
        }
    }
}
