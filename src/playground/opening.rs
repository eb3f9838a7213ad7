//! Work that is being opened, in slices: a link or saved work, played up to where it was left.
//!
//! The page makes an [`Opening`] of a text, goes on with it until [`Progress::is_done`], each time for as
//! long as it may keep the browser waiting, and shows the progress in between:
//!
//! ```text
//! let mut opening = Opening::of_saved(text)?;           // or Opening::of_link(fragment)
//! while !opening.go_on(&patience).is_done() { /* draw, let the browser breathe */ }
//! let playground = opening.finish()?;
//! ```
//!
//! Who does not want to wait takes the work [as far as it was played](Opening::as_far_as_played): all of
//! its inputs are still there, and time goes on from where it stands. What is read of a text is bounded by
//! its length; all that can take long is played, and so is the work of earlier releases.

use super::errand::{Errand, Progress};
use super::patience::Patience;
use super::saved::{Beginning, Remembered, RestoreError, Saved};
use super::share::{LinkError, saved_of};
use super::state::{Playground, SPEEDS};
use crate::cluster::Millis;
use crate::manifest::Manifest;
use serde_json::Value;
use std::rc::Rc;

/// Work that is being opened.
pub struct Opening {
    stage: Stage,
    /// Milliseconds of simulated time that an earlier release's work is played beforehand.
    before: Millis,
}

enum Stage {
    /// What an earlier release wrote is put into today's words.
    Reading(Box<Beginning>),
    /// It is played.
    Playing(Box<Playing>),
    /// It holds what no person could have done.
    Refused(RestoreError),
}

/// Work that is played up to where it was left.
struct Playing {
    playground: Playground,
    playhead: Millis,
    horizon: Millis,
    lesson: Option<Value>,
    terminal: Rc<Remembered>,
    /// What stood in the editor that a command had opened, behind its title.
    edited: String,
    typing: bool,
}

impl Opening {
    /// That of saved work. Nothing is played yet.
    ///
    /// # Errors
    /// [`RestoreError`] if it is damaged, of a later format, or far beyond any session.
    pub fn of_saved(text: &str) -> Result<Self, RestoreError> {
        Self::of_text(text, false)
    }

    fn of_text(text: &str, is_shared: bool) -> Result<Self, RestoreError> {
        let beginning = Saved::begin(text, is_shared)?;
        let before = beginning.to_play();
        let mut opening = Self { stage: Stage::Reading(Box::new(beginning)), before };
        if before == 0 {
            // Today's work needs no reading.
            opening.become_playing();
        }
        match opening.stage {
            Stage::Refused(why) => Err(why),
            _ => Ok(opening),
        }
    }

    /// That of work as it is kept.
    pub fn of_work(saved: Saved) -> Self {
        Self { stage: Stage::Playing(Box::new(Playing::new(saved))), before: 0 }
    }

    /// That of what a link carries; none if the fragment is not one of ours.
    ///
    /// # Errors
    /// [`LinkError`].
    pub fn of_link(fragment: &str) -> Option<Result<Self, LinkError>> {
        let opened = |saved: String| Self::of_text(&saved, true).map_err(LinkError::from);
        Some(saved_of(fragment)?.and_then(opened))
    }

    /// Goes on as long as the patience lasts, at least by a step. Returns how far that was.
    pub fn go_on(&mut self, patience: &Patience) -> Progress {
        if let Stage::Reading(beginning) = &mut self.stage {
            if !beginning.go_on(patience) {
                let done = beginning.played();
                return Progress::new(done, self.before.saturating_mul(2));
            }
            self.become_playing();
            return self.progress();
        }
        if let Stage::Playing(playing) = &mut self.stage {
            playing.playground.set_patience(patience.clone());
            playing.playground.go_on();
            playing.playground.set_patience(Patience::endless());
        }
        self.progress()
    }

    fn progress(&self) -> Progress {
        let playing = match &self.stage {
            Stage::Reading(_) => return Progress::new(0, 1),
            Stage::Playing(playing) => playing,
            Stage::Refused(_) => return Progress::new(1, 1),
        };
        let playground = &playing.playground;
        let of = self.before.saturating_add(playing.playhead);
        match playground.progress() {
            None => Progress::new(of.max(1), of),
            // Not all that is due at the last instant has happened.
            Some(_) => {
                let done = self.before.saturating_add(playground.playhead);
                Progress::new(done.min(of.saturating_sub(1)), of)
            }
        }
    }

    fn become_playing(&mut self) {
        if let Stage::Reading(beginning) = &mut self.stage {
            beginning.go_on(&Patience::endless());
            self.stage = match beginning.take() {
                Ok(saved) => Stage::Playing(Box::new(Playing::new(saved))),
                Err(why) => Stage::Refused(why),
            };
        }
    }

    /// The work with all that was done, with time standing still where it was left. Plays what is not
    /// played yet.
    ///
    /// # Errors
    /// [`RestoreError::Refused`] of work of an earlier release, which is known when it has been read.
    pub fn finish(mut self) -> Result<Playground, RestoreError> {
        while !self.go_on(&Patience::endless()).is_done() {}
        self.end(true)
    }

    /// The work with time standing still where it has come to, and all that was done still to come.
    ///
    /// # Errors
    /// See [`Self::finish`]; and [`RestoreError::Unread`] of what an earlier release wrote, as long as it
    /// is not put into today's words: what is left of it could not be kept.
    pub fn as_far_as_played(self) -> Result<Playground, RestoreError> {
        self.end(false)
    }

    fn end(self, is_whole: bool) -> Result<Playground, RestoreError> {
        match self.stage {
            Stage::Playing(playing) => Ok(playing.end(is_whole)),
            Stage::Refused(why) => Err(why),
            Stage::Reading(_) => Err(RestoreError::Unread),
        }
    }
}

impl Playing {
    fn new(saved: Saved) -> Self {
        let mut playground = Playground::open(&saved.example, &saved.text);
        let kubernetes = saved.session.config.kubernetes;
        playground.applied = Rc::new(Manifest::parse_for(&saved.applied, &kubernetes));
        playground.auto_apply = saved.auto_apply;
        playground.speed = saved.speed.clamp(1, SPEEDS[SPEEDS.len() - 1]);
        playground.skip_waits = saved.skip_waits;
        playground.select_set(saved.selected);
        let terminal = saved.terminal.unwrap_or_default();
        playground.remind(&terminal);
        playground.replay(saved.session, 0);
        playground.unfinished.errand = Some(Errand::PlayAgain(saved.playhead));
        Self {
            playground,
            playhead: saved.playhead,
            horizon: saved.horizon.max(saved.playhead),
            lesson: saved.lesson,
            terminal,
            edited: saved.drafts.get("editor").cloned().unwrap_or_default(),
            typing: saved.typing,
        }
    }

    fn end(self, is_whole: bool) -> Playground {
        let mut playground = self.playground;
        if is_whole {
            playground.horizon = self.horizon;
        } else {
            playground.stop();
        }
        if let Some(lesson) = self.lesson {
            playground.attend_again(&lesson);
        }
        playground.take_up(&self.terminal);
        playground.keep_draft(&self.edited);
        playground.is_typing = self.typing;
        playground.end_typing();
        playground
    }
}
