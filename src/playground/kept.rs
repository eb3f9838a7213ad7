//! What leaves the page and may come back to it: the work as it is saved, a link, a file.

use super::action::Effect;
use super::attendance::Attendance;
use super::notice::{Remedy, Tone};
use super::opening::Opening;
use super::saved::{FORMAT, Remembered, RestoreError, Saved};
use super::share::{LONG, LinkError, fragment};
use super::state::Playground;
use super::take::{Take, Taken, file_name};
use super::workspaces::{self, Workspace};
use crate::api::Tree;
use crate::api::change::Change;
use crate::cluster::Input;
use crate::manifest::export;
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

fn text_of(saved: &Saved) -> String {
    serde_json::to_string(saved).unwrap_or_default()
}

impl Playground {
    /// The work in one text, to keep.
    pub fn save(&self) -> String {
        text_of(&self.work())
    }

    /// The work, to keep, without drafts: those are the page's.
    pub fn work(&self) -> Saved {
        self.saved(Some(self.remembered()))
    }

    /// What the terminal remembers. The same value as long as nothing was done in it.
    fn remembered(&self) -> Rc<Remembered> {
        let mut last = self.remembered.borrow_mut();
        if let Some((_, remembered)) = last.as_ref().filter(|it| Rc::ptr_eq(&it.0, &self.console)) {
            return Rc::clone(remembered);
        }
        let remembered = Rc::new(self.console.remembered());
        *last = Some((Rc::clone(&self.console), Rc::clone(&remembered)));
        remembered
    }

    fn saved(&self, terminal: Option<Rc<Remembered>>) -> Saved {
        Saved {
            format: FORMAT,
            session: self.replay.history().session().clone(),
            text: Rc::clone(&self.manifest.text),
            applied: Rc::clone(&self.applied.text),
            example: Rc::clone(&self.example),
            typing: self.is_typing,
            playhead: self.destination(),
            horizon: self.horizon.max(self.destination()),
            auto_apply: self.auto_apply,
            speed: self.speed,
            skip_waits: self.skip_waits,
            selected: self.manifest.selected,
            // As what the terminal remembers, it is the person's own.
            lesson: self.lesson.as_ref().filter(|_| terminal.is_some()).map(Attendance::tree),
            terminal,
            drafts: BTreeMap::new(),
        }
    }

    /// Opens kept work, with time standing still.
    ///
    /// # Errors
    /// [`RestoreError`] if it is damaged or of a later format.
    #[inline(never)]
    pub fn restore(saved: &str) -> Result<Self, RestoreError> {
        Opening::of_saved(saved)?.finish()
    }

    /// Goes on with work as the page kept it, with time standing still.
    #[inline(never)]
    pub fn resume(saved: Saved) -> Self {
        // What the page kept is not refused.
        Opening::of_work(saved).finish().unwrap_or_default()
    }

    /// The fragment of a link to what is shown, without `#`.
    pub fn share(&self) -> String {
        fragment(&text_of(&self.saved(None)))
    }

    /// What a link carries, with time standing still; none if the fragment is not one of ours. What
    /// belongs to the person alone is left out, if somebody has put it in.
    ///
    /// # Errors
    /// [`LinkError`].
    #[inline(never)]
    pub fn shared(fragment: &str) -> Option<Result<Self, LinkError>> {
        let finish = |opening: Opening| opening.finish().map_err(LinkError::from);
        Some(Opening::of_link(fragment)?.and_then(finish))
    }

    /// Whether a Secret was applied, or stands in the text: a link holds it. What Helm keeps of its
    /// releases and what was there before the session is not meant.
    fn has_secret(&self) -> bool {
        let begins_at = self.begins_at();
        let is_secret = |input: &Input| {
            let Input::Request(request) = input else { return false };
            let of_helm = |object: &Value| object.text("type").starts_with("helm.sh/");
            request.kind == "Secret"
                && match &request.change {
                    Change::Create(object)
                    | Change::Replace(object)
                    | Change::Apply { object, .. } => !of_helm(object),
                    Change::Patch(..) => true,
                    Change::Scale(_) | Change::Delete { .. } | Change::Evict => false,
                }
        };
        let history = self.replay.history();
        let inputs = &history.session().inputs;
        let own = inputs.iter().enumerate().filter(|(_, held)| held.at >= begins_at);
        let mut own = own.filter_map(|(place, _)| inputs.input(place));
        own.any(|input| is_secret(&input))
            || self.manifest.documents.iter().any(|document| document.kind == "Secret")
    }

    /// Hands over what is asked for. A link that is too long to be shared is offered first, with the
    /// way around.
    #[inline(never)]
    pub(super) fn hand(&mut self, what: Take) -> Vec<Effect> {
        let taken = self.take(what);
        if let (Take::Link, Taken::Fragment { text, is_long: true, .. }) = (what, &taken) {
            let line = format!(
                "The link would have {} characters, and many programs cut off links that are longer \
                 than {LONG}. A file is safe.",
                text.len()
            );
            let remedies = vec![Remedy::Take(Take::Work), Remedy::Take(Take::LongLink)];
            self.tell(Tone::Warning, String::new(), vec![line], remedies);
            return Vec::new();
        }
        vec![Effect::Hand(taken)]
    }

    /// Makes what is asked for.
    #[inline(never)]
    pub fn take(&self, what: Take) -> Taken {
        let set = if self.set.name.is_empty() { "manifest" } else { &self.set.name };
        let file = |end: &str, media_type, bytes| Taken::File {
            name: file_name(&format!("{set}{end}")),
            media_type,
            bytes,
        };
        match what {
            Take::Chart => {
                let files = export::chart(&self.manifest);
                file("-0.1.0.tgz", "application/gzip", export::tar_gz(&files))
            }
            Take::Kustomization => {
                let files = export::kustomization(&self.manifest);
                file("-kustomization.tgz", "application/gzip", export::tar_gz(&files))
            }
            Take::Commands => file(".sh", "text/x-shellscript", self.commands().into_bytes()),
            Take::Report => file("-report.md", "text/markdown", self.report().into_bytes()),
            Take::Work => {
                let work = Workspace { name: set.to_owned(), saved: self.save() };
                file("-work.json", "application/json", workspaces::export(&[work]).into_bytes())
            }
            Take::Link | Take::LongLink => {
                let text = self.share();
                let is_long = text.len() > LONG;
                Taken::Fragment { text, is_long, has_secret: self.has_secret() }
            }
        }
    }
}
