//! Where the playhead stands: time that runs, steps both ways, jumps over idle waits.

use super::action::Effect;
use super::errand::Errand;
use super::patience::Patience;
use super::state::Playground;
use crate::api::Kind;
use crate::cluster::time::SECOND;
use crate::cluster::{Cause, Millis};
use crate::scene::timeline::Timeline;
use crate::scene::{Scene, probe_log};
use crate::session::{Happened, Replay, Session, Turn};
use std::rc::Rc;

/// Longest wall time that one frame moves on: after a pause of the browser, time does not leap.
const MAX_FRAME_MS: u32 = 100;

/// How far ahead is looked for something to happen. If nothing does in an hour of simulated time
/// but probes that succeed, time may as well stand still.
const LOOK_AHEAD_MS: Millis = 3_600 * SECOND;

/// Steps played ahead within one frame; the search goes on in the next one.
const LOOK_AHEAD_STEPS: usize = 400;

/// Steps looked at ahead at most: an hour of a hundred claims that wait in vain.
const LOOK_AHEAD_FAR: usize = 30_000;

/// A wait longer than this is jumped over.
const LONGEST_WAIT_MS: Millis = 2 * SECOND;

/// Where a jump lands before the next thing that happens, so that it is seen happening.
const RUN_UP_MS: Millis = 500;

impl Playground {
    /// Lets time run, from the start of what is new if the playhead is at the end.
    pub(super) fn play(&mut self) {
        self.playing = true;
        self.idle = false;
    }

    /// Lets time stand still.
    pub fn pause(&mut self) {
        self.playing = false;
    }

    /// One frame of running time.
    pub(super) fn tick(&mut self, elapsed_ms: u32) -> Vec<Effect> {
        if self.unread.is_some() {
            self.read_on();
            return Vec::new();
        }
        if self.unfinished.errand.is_some() {
            return self.go_on();
        }
        if !self.playing || self.idle {
            if self.unfinished.is_short {
                self.show();
            }
            return Vec::new();
        }
        let moved = Millis::from(elapsed_ms.min(MAX_FRAME_MS)) * Millis::from(self.speed);
        let mut target = self.playhead + moved;
        if self.skip_waits && !self.is_busy() && !self.is_draining() && !self.unfinished.is_held {
            match self.next_notable() {
                Ahead::At(at) if at > target + LONGEST_WAIT_MS => target = at - RUN_UP_MS,
                Ahead::Nothing => {
                    self.idle = true;
                    return Vec::new();
                }
                Ahead::At(_) | Ahead::Unknown => {}
            }
        }
        if self.replay.history().is_full() {
            self.playing = false;
        }
        self.move_to(target);
        Vec::new()
    }

    /// On to the next thing that happens; time then stands still.
    #[inline(never)]
    pub(super) fn step_forward(&mut self) {
        self.playing = false;
        self.begin(Errand::FindNext(self.playhead + LOOK_AHEAD_MS));
    }

    /// Back to just before the last thing that happened; time then stands still.
    #[inline(never)]
    pub(super) fn step_back(&mut self) {
        self.playing = false;
        let target = {
            let history = self.replay.history();
            let position = history.position_at(self.playhead);
            let before = |at: Millis| {
                let steps = &history.steps()[..position];
                steps.iter().rev().find(|step| is_notable(step) && step.at < at).map(|it| it.at)
            };
            before(self.playhead).unwrap_or(0).max(history.session().config.begins_at())
        };
        self.idle = false;
        self.move_to(target);
    }

    /// Moves the playhead, at most to what was seen.
    pub(super) fn seek(&mut self, at: Millis) {
        self.idle = false;
        self.move_to(at.min(self.horizon).max(self.begins_at()));
    }

    /// Moves the playhead, replaying what leads there: as far as the page's patience lasts, and from
    /// there in the next frames.
    pub(super) fn move_to(&mut self, at: Millis) {
        let at = at.max(self.lesson_began());
        if at < self.playhead {
            self.drains.clear();
            if self.is_busy() {
                self.interrupt();
            }
        }
        self.begin(Errand::Reach(at));
    }

    /// Puts another session in place of this one and shows it at `playhead`.
    pub(super) fn replay(&mut self, session: Session, playhead: Millis) {
        let replay = Replay::new(session);
        replay.ahead().advance_to(playhead);
        self.put(replay, playhead);
        self.show();
    }

    /// Puts another session in place of this one, of which nothing is played yet: what is due at its
    /// start may take long.
    pub(super) fn begin_with(&mut self, session: Session) {
        self.put(Replay::new(session), 0);
        self.with_patience(Patience::of_questions(0), Self::show);
    }

    fn put(&mut self, replay: Replay, playhead: Millis) {
        self.replay = replay;
        self.drains.clear();
        if self.is_busy() {
            self.interrupt();
        }
        self.horizon = playhead;
        self.playhead = playhead;
        self.timeline = Rc::new(Timeline::new(self.set.clone()));
        self.timeline_position = 0;
        self.idle = false;
    }

    /// Brings picture and timeline to the playhead.
    pub(super) fn show(&mut self) {
        let is_played;
        let (position, moved) = {
            is_played = self.play_ahead(self.horizon);
            let position = self.replay.history().position_at(self.playhead);
            let moved = self.replay.position() != position;
            self.replay.seek(position);
            (self.replay.history().position_at(self.horizon), moved)
        };
        let aged = self.scene.now / SECOND != self.playhead / SECOND;
        if moved || aged {
            self.draw();
        }
        let is_drawn = self.extend_timeline(position);
        self.unfinished.is_short = !(is_played && is_drawn);
    }

    /// Makes the picture anew.
    pub(super) fn draw(&mut self) {
        let cursor = self.replay.cursor();
        let (cluster, printed) = (cursor.cluster(), &mut self.printed.borrow_mut());
        let mut scene = Scene::after(printed, cluster, &self.set, &self.looked_up, self.playhead);
        if let Some(probed) = &self.probed {
            let history = self.replay.history();
            let steps = &history.steps()[..cursor.position()];
            scene.probes = Some(probe_log(steps, &probed.0, &probed.1));
        }
        if self.replay.history().is_full() {
            scene.why.detail =
                "This session has become too long to go on. Start over to continue.".into();
        }
        self.scene = Rc::new(scene);
    }

    /// When the next notable thing happens.
    fn next_notable(&self) -> Ahead {
        let limit = self.playhead + LOOK_AHEAD_MS;
        let mut history = self.replay.ahead();
        let start = history.position_at(self.playhead);
        let (mut at, mut played) = (start, 0);
        while at < start + LOOK_AHEAD_FAR {
            let seen = history.steps().get(at).map(|step| (step.at, is_notable(step)));
            match seen {
                Some((when, true)) => return Ahead::At(when),
                Some((when, _)) if when > limit => return Ahead::Nothing,
                Some(_) => at += 1,
                None if played == LOOK_AHEAD_STEPS => return Ahead::Unknown,
                None if played > 0 && !self.unfinished.patience.lasts() => return Ahead::Unknown,
                None if history.advance(limit) => played += 1,
                None => return Ahead::Nothing,
            }
        }
        Ahead::Unknown
    }
}

/// What lies ahead.
enum Ahead {
    /// Something happens then.
    At(Millis),
    /// Nothing happens by itself.
    Nothing,
    /// It takes longer than a frame to find out.
    Unknown,
}

/// Whether a step changes or reports something. Attempts of probes alone do not count, nor does
/// what the volume controllers say again of a claim each time they look at it.
pub(super) fn is_notable(step: &Happened) -> bool {
    let quiet = |turn: &Turn| turn.kind == Kind::EndpointSlice;
    let resync = matches!(step.cause, Cause::Volumes(_));
    step.events.iter().any(|event| !resync || event.count == 1)
        || step.turns.iter().any(|turn| !quiet(turn))
}
