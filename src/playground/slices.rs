//! How time goes on in slices: as far as the page's patience lasts, and from there in the next frame.

use super::action::{Action, Effect};
use super::errand::{Errand, Progress, Unfinished};
use super::patience::Patience;
use super::playback::is_notable;
use super::state::Playground;
use crate::cluster::Millis;
use crate::cluster::time::LONGEST_MS;
use crate::scene::timeline::Timeline;
use crate::session::Session;
use std::rc::Rc;

/// Steps that are added to the timeline between two questions whether to go on.
const DRAWN_AT_ONCE: usize = 1_000;

impl Playground {
    /// Asks this between steps whether to go on with what takes long. If not, it goes on with the next
    /// [`Action::Tick`], which the page is to send as long as [`Playground::is_working`].
    pub fn set_patience(&mut self, patience: Patience) {
        self.unfinished.patience = patience;
    }

    /// Whether something goes on that has taken longer than a slice. The page then sends
    /// [`Action::Tick`] even if no time runs; [`Action::Stop`], [`Action::Interrupt`] and
    /// [`Action::Pause`] stop it.
    pub fn is_working(&self) -> bool {
        let own = &self.unfinished;
        self.unread.is_some() || own.errand.is_some() || own.is_short || own.is_held && self.playing
    }

    /// How far the playhead has come on its way to where it is to be; none if it is there.
    pub fn progress(&self) -> Option<Progress> {
        let to = match self.unfinished.errand? {
            Errand::Reach(to) | Errand::PlayAgain(to) | Errand::FindNext(to) => to,
        };
        let since = self.unfinished.since;
        Some(Progress::new(self.playhead.saturating_sub(since), to.saturating_sub(since)))
    }

    /// Where the playhead is, or will be when all is played again that was there before.
    pub(super) fn destination(&self) -> Millis {
        match self.unfinished.errand {
            Some(Errand::PlayAgain(to)) => to,
            _ => self.playhead,
        }
    }

    /// Begins what the next slices may have to go on with.
    pub(super) fn begin(&mut self, errand: Errand) -> Vec<Effect> {
        self.unfinished.errand = Some(errand);
        self.unfinished.since = self.playhead;
        self.go_on()
    }

    /// Gives up what has taken longer than a slice; the playhead stays where it has come to.
    pub(super) fn stop(&mut self) {
        let patience = self.unfinished.patience.clone();
        let is_held = self.unfinished.is_held;
        self.unfinished = Unfinished { is_held, ..Unfinished::none(patience) };
    }

    /// Gives up what has taken longer than a slice, and a command that has more to do.
    #[inline(never)]
    pub(super) fn stop_working(&mut self) {
        let is_held = self.unfinished.is_held;
        if is_held || self.is_working() {
            self.stop();
        }
        if is_held {
            self.interrupt();
        }
    }

    /// Does something without any hurry.
    pub(super) fn at_leisure<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.with_patience(Patience::endless(), act)
    }

    /// Does something with another patience than the page's.
    pub(super) fn with_patience<T>(
        &mut self,
        patience: Patience,
        act: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let own = std::mem::replace(&mut self.unfinished.patience, patience);
        let done = act(self);
        self.unfinished.patience = own;
        done
    }

    /// A slice of what goes on.
    pub(super) fn go_on(&mut self) -> Vec<Effect> {
        let Some(errand) = self.unfinished.errand.take() else { return Vec::new() };
        match errand {
            Errand::Reach(at) => {
                if !self.reach(at) {
                    self.unfinished.errand = Some(errand);
                }
            }
            Errand::PlayAgain(at) => match self.reach(at) {
                true => return self.do_what_waited(),
                false => self.unfinished.errand = Some(errand),
            },
            Errand::FindNext(limit) => match self.next_within(limit) {
                Found::At(at) => {
                    self.unfinished.errand = Some(Errand::Reach(at));
                    return self.go_on();
                }
                Found::Nothing => self.idle = true,
                Found::NotYet => self.unfinished.errand = Some(errand),
            },
        }
        Vec::new()
    }

    fn do_what_waited(&mut self) -> Vec<Effect> {
        let waited = std::mem::take(&mut self.unfinished.waiting);
        waited.into_iter().flat_map(|action| self.update(action)).collect()
    }

    /// Whether an action has to wait until all is played again that was there before.
    pub(super) fn must_wait(&mut self, action: &Action) -> bool {
        let plays_again = matches!(self.unfinished.errand, Some(Errand::PlayAgain(_)));
        plays_again && self.put_off(action)
    }

    /// Keeps an action for later if it has to wait. Returns whether it has.
    #[inline(never)]
    fn put_off(&mut self, action: &Action) -> bool {
        match action {
            Action::EditText(text) => {
                self.set_text(text);
                self.unfinished.wait(Action::SetAutoApply(self.auto_apply));
            }
            Action::Tick { .. }
            | Action::Interrupt
            | Action::Stop
            | Action::Pause
            | Action::Take(_) => return false,
            Action::EndTyping
            | Action::CloseBrowser
            | Action::ClearScreen
            | Action::Provide { .. }
            | Action::ShowName(_)
            | Action::ShowProbes(_)
            | Action::DismissNotice
            | Action::SetSpeed(_)
            | Action::SetSkipWaits(_) => return false,
            other => self.unfinished.wait(other.clone()),
        }
        true
    }

    /// Moves the playhead towards an instant. Returns whether it is there.
    fn reach(&mut self, at: Millis) -> bool {
        // No session is longer, or it could not be opened again.
        let at = at.min(LONGEST_MS);
        let is_there = match at < self.playhead {
            true => {
                self.playhead = at;
                true
            }
            false => self.follow(at) && self.play_to(at),
        };
        self.horizon = self.horizon.max(self.playhead);
        self.show();
        is_there
    }

    /// Plays what is due up to an instant, and moves the playhead as far as that was.
    fn play_to(&mut self, at: Millis) -> bool {
        let is_played = self.play_ahead(at);
        self.playhead = match is_played {
            true => at,
            false => {
                let history = self.replay.history();
                let played = history.steps().last().map_or(0, |step| step.at);
                played.min(at).max(self.playhead)
            }
        };
        is_played
    }

    /// Plays what is due up to an instant; the playhead stays. Returns whether all of it is played.
    pub(super) fn play_ahead(&self, to: Millis) -> bool {
        let mut history = self.replay.ahead();
        while history.advance(to) {
            if !self.unfinished.patience.lasts() {
                return false;
            }
        }
        true
    }

    /// Puts another session in place of this one, shown at an instant up to which it is played again.
    pub(super) fn play_again(&mut self, session: Session, playhead: Millis) {
        self.begin_with(session);
        self.stop();
        self.begin(Errand::PlayAgain(playhead));
    }

    /// When the next notable thing happens, if it does by an instant.
    fn next_within(&self, limit: Millis) -> Found {
        let mut at = self.replay.position();
        let mut history = self.replay.ahead();
        loop {
            let seen = history.steps().get(at).map(|step| (step.at, is_notable(step)));
            match seen {
                Some((when, true)) => return Found::At(when),
                Some(_) => at += 1,
                None if !history.advance(limit) => return Found::Nothing,
                None if !self.unfinished.patience.lasts() => return Found::NotYet,
                None => {}
            }
        }
    }

    /// Adds to the timeline what happened up to a position. Returns whether all of it is there.
    pub(super) fn extend_timeline(&mut self, position: usize) -> bool {
        if *self.timeline.set() != self.set || self.timeline_position > position {
            self.timeline = Rc::new(Timeline::new(self.set.clone()));
            self.timeline_position = 0;
        }
        if self.timeline_position == position {
            return true;
        }
        let history = self.replay.history();
        let timeline = Rc::make_mut(&mut self.timeline);
        let steps = &history.steps()[self.timeline_position..position];
        for some in steps.chunks(DRAWN_AT_ONCE) {
            some.iter().for_each(|step| timeline.push(step));
            self.timeline_position += some.len();
            if self.timeline_position < position && !self.unfinished.patience.lasts() {
                return false;
            }
        }
        true
    }
}

/// Where the next notable thing is.
enum Found {
    At(Millis),
    /// There is none.
    Nothing,
    /// Not all is played where it may be.
    NotYet,
}
