//! What leaves the page and may come back to it: the work as it is saved, a link, a file.

use super::attendance::Attendance;
use super::saved::{FORMAT, Remembered, RestoreError, Saved};
use super::share::{LONG, LinkError, fragment, saved_of};
use super::state::{Playground, SPEEDS};
use super::take::{Take, Taken, file_name};
use crate::api::Tree;
use crate::api::change::Change;
use crate::cluster::Input;
use crate::manifest::{Manifest, export};
use serde_json::Value;
use std::rc::Rc;

impl Playground {
    /// The work, to keep.
    pub fn save(&self) -> String {
        self.saved(Some(self.console.remembered()))
    }

    fn saved(&self, terminal: Option<Remembered>) -> String {
        let saved = Saved {
            format: FORMAT,
            session: self.replay.history().session().clone(),
            text: self.manifest.text.to_string(),
            applied: self.applied.text.to_string(),
            example: self.example.to_string(),
            playhead: self.playhead,
            horizon: self.horizon,
            auto_apply: self.auto_apply,
            speed: self.speed,
            skip_waits: self.skip_waits,
            selected: self.manifest.selected,
            // As what the terminal remembers, it is the person's own.
            lesson: self.lesson.as_ref().filter(|_| terminal.is_some()).map(Attendance::tree),
            terminal,
        };
        serde_json::to_string(&saved).unwrap_or_default()
    }

    /// Opens kept work, with time standing still.
    ///
    /// # Errors
    /// [`RestoreError`] if it is damaged or of a later format.
    #[inline(never)]
    pub fn restore(saved: &str) -> Result<Self, RestoreError> {
        let saved = Saved::read(saved)?;
        let mut playground = Self::open(&saved.example, &saved.text);
        let kubernetes = saved.session.config.kubernetes;
        playground.applied = Rc::new(Manifest::parse_for(&saved.applied, &kubernetes));
        playground.auto_apply = saved.auto_apply;
        playground.speed = saved.speed.clamp(1, SPEEDS[SPEEDS.len() - 1]);
        playground.skip_waits = saved.skip_waits;
        playground.select_set(saved.selected);
        playground.remind(saved.terminal.unwrap_or_default());
        playground.replay(saved.session, saved.playhead);
        playground.horizon = saved.horizon.max(saved.playhead);
        if let Some(lesson) = saved.lesson {
            playground.attend_again(&lesson);
        }
        Ok(playground)
    }

    /// The fragment of a link to what is shown, without `#`.
    pub fn share(&self) -> String {
        fragment(&self.saved(None))
    }

    /// What a link carries, with time standing still; none if the fragment is not one of ours. What
    /// belongs to the person alone is left out, if somebody has put it in.
    ///
    /// # Errors
    /// [`LinkError`].
    #[inline(never)]
    pub fn shared(fragment: &str) -> Option<Result<Self, LinkError>> {
        let opened = |saved: String| {
            let mut playground = Self::restore(&saved)?;
            playground.lesson = None;
            playground.console = Rc::new(playground.console.beside());
            playground.screen = Rc::default();
            Ok(playground)
        };
        Some(saved_of(fragment)?.and_then(opened))
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
        let own = history.session().inputs.iter().filter(|timed| timed.at >= begins_at);
        own.map(|timed| &timed.input).any(is_secret)
            || self.manifest.documents.iter().any(|document| document.kind == "Secret")
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
            Take::Link => {
                let text = self.share();
                let is_long = text.len() > LONG;
                Taken::Fragment { text, is_long, has_secret: self.has_secret() }
            }
        }
    }
}
