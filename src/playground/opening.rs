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
//! its inputs are still there, and time goes on from where it stands.

use super::beginning::Beginning;
use super::errand::{Errand, Progress};
use super::patience::Patience;
use super::saved::{Remembered, RestoreError, Saved};
use super::share::{LinkError, saved_of};
use super::state::{Playground, SPEEDS};
use crate::cluster::Millis;
use crate::manifest::Manifest;
use serde_json::Value;
use std::rc::Rc;

/// Work that is being opened.
pub struct Opening {
    stage: Stage,
}

enum Stage {
    /// It is read; what an earlier release wrote is put into today's words.
    Reading(Box<Beginning>),
    /// It is played.
    Playing(Box<Playing>),
    /// It cannot be used.
    Refused(RestoreError),
}

/// Of the thousandths of opening work, those that reading it takes.
const READING: u64 = 300;

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
    /// That of saved work. Nothing is read yet.
    ///
    /// # Errors
    /// [`RestoreError`] if it is far beyond any session.
    pub fn of_saved(text: &str) -> Result<Self, RestoreError> {
        Ok(Self::reading(Beginning::of_text(text.into(), false)?))
    }

    fn reading(beginning: Beginning) -> Self {
        Self { stage: Stage::Reading(Box::new(beginning)) }
    }

    /// That of work as it is kept.
    pub fn of_work(saved: Saved) -> Self {
        Self { stage: Stage::Playing(Box::new(Playing::new(saved))) }
    }

    /// That of what a link carries; none if the fragment is not one of ours. Nothing is read yet.
    ///
    /// # Errors
    /// [`LinkError`] of what is seen at once.
    pub fn of_link(fragment: &str) -> Option<Result<Self, LinkError>> {
        Some(saved_of(fragment)?.map(|packed| Self::reading(Beginning::of_link(packed))))
    }

    /// Goes on as long as the patience lasts, at least by a step. Returns how far that was.
    pub fn go_on(&mut self, patience: &Patience) -> Progress {
        match &mut self.stage {
            Stage::Reading(beginning) => match beginning.go_on(patience) {
                Ok(None) => {}
                Ok(Some(saved)) => self.stage = Stage::Playing(Box::new(Playing::new(saved))),
                Err(why) => self.stage = Stage::Refused(why),
            },
            Stage::Playing(playing) => {
                playing.playground.set_patience(patience.clone());
                playing.playground.go_on();
                playing.playground.set_patience(Patience::endless());
            }
            Stage::Refused(_) => {}
        }
        self.progress()
    }

    fn progress(&self) -> Progress {
        let playing = match &self.stage {
            Stage::Reading(beginning) => return beginning.progress().within(0, READING),
            Stage::Playing(playing) => playing,
            Stage::Refused(_) => return Progress::new(1, 1).within(0, 1_000),
        };
        let (playground, of) = (&playing.playground, playing.playhead);
        match playground.progress() {
            None => Progress::new(1, 1).within(0, 1_000),
            // Not all that is due at the last instant has happened.
            Some(_) => {
                let done = playground.playhead.min(of.saturating_sub(1));
                Progress::new(done, of).within(READING, 1_000)
            }
        }
    }

    /// Whether all is read, so that it can be had as far as it is played.
    pub fn is_read(&self) -> bool {
        matches!(self.stage, Stage::Playing(_))
    }

    /// The work with all that was done, with time standing still where it was left. Reads and plays what
    /// is not read and played yet.
    ///
    /// # Errors
    /// [`RestoreError`] if it cannot be used.
    pub fn finish(mut self) -> Result<Playground, RestoreError> {
        while !self.go_on(&Patience::endless()).is_done() {}
        self.end(true)
    }

    /// The work with time standing still where it has come to, and all that was done still to come.
    ///
    /// # Errors
    /// See [`Self::finish`]; and [`RestoreError::Unread`] if not all of it [is read](Self::is_read): what is
    /// left of it could not be kept.
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
        playground.begin_with(saved.session);
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
