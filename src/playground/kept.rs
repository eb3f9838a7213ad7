//! What leaves the page and may come back to it: the work as it is saved, a link, a file.

use super::attendance::Attendance;
use super::opening::Opening;
use super::saved::{FORMAT, Remembered, RestoreError, Saved};
use super::share::{LONG, LinkError, fragment};
use super::state::Playground;
use super::take::{Take, Taken};
use crate::manifest::export;

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
            playhead: self.destination(),
            horizon: self.horizon.max(self.destination()),
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
    pub fn restore(saved: &str) -> Result<Self, RestoreError> {
        Opening::of_saved(saved).map(Opening::finish)
    }

    /// The fragment of a link to what is shown, without `#`.
    pub fn share(&self) -> String {
        fragment(&self.saved(None))
    }

    /// What a link carries, with time standing still; none if the fragment is not one of ours.
    ///
    /// # Errors
    /// [`LinkError`].
    pub fn shared(fragment: &str) -> Option<Result<Self, LinkError>> {
        Some(Opening::of_link(fragment)?.map(Opening::finish))
    }

    /// Makes what is asked for.
    #[inline(never)]
    pub fn take(&self, what: Take) -> Taken {
        let set = if self.set.name.is_empty() { "manifest" } else { &self.set.name };
        let file = |end: &str, media_type, bytes| Taken::File {
            name: format!("{set}{end}"),
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
                Taken::Fragment { text, is_long }
            }
        }
    }
}
