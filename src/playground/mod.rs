//! The whole application state: what was done, what it leads to, what is shown.
//!
//! Architecture invariant: nothing here touches the browser.

pub mod action;
mod apply;
pub mod browser;
mod chart;
pub mod console;
mod deeds;
mod done;
pub mod forecast;
mod inside;
pub mod lesson;
pub mod live;
mod lookup;
pub mod notice;
mod playback;
mod report;
pub mod saved;
mod scenery;
pub mod share;
pub mod take;
mod teach;
pub mod transcript;
mod typing;
pub mod workspaces;

pub use action::{Action, Effect};
pub use forecast::Forecast;
pub use lesson::LessonView;
pub use notice::{Notice, Remedy, Tone};
pub use saved::RestoreError;
pub use share::LinkError;
pub use take::{Take, Taken};

use crate::api::Kubernetes;
use crate::client::nodes::Drain;
use crate::cluster::meta::Key;
use crate::cluster::{Cluster, Millis};
use crate::manifest::examples::{EXAMPLES, FIRST_TEXT};
use crate::manifest::form::{self, FormField};
use crate::manifest::{Manifest, diff_lines};
use crate::scene::timeline::Timeline;
use crate::scene::{Printed, Scene};
use crate::session::{Replay, Session};
use browser::Browser;
use console::{Console, Screen};
use lesson::Attendance;
use saved::{FORMAT, Remembered, Saved};
use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The speeds offered: simulated milliseconds per millisecond.
pub const SPEEDS: [u32; 6] = [1, 2, 4, 8, 16, 64];

/// How many things can be taken back.
const MAX_UNDO: usize = 100;

/// The work: what was done, and where the person stands in it. Undo goes back to earlier works, and
/// all else follows from one.
#[derive(Clone)]
struct Work {
    text: Rc<str>,
    applied: Rc<Manifest>,
    example: Rc<str>,
    session: Rc<Session>,
    playhead: Millis,
    selected: usize,
    lesson: Option<Attendance>,
}

/// The application: a value. A clone is cheap, and what is done to it changes nothing here. What they
/// share of the replayed history is only a cache of what their session says.
#[derive(Clone)]
pub struct Playground {
    manifest: Rc<Manifest>,
    /// The manifest as it was applied last; empty before.
    applied: Rc<Manifest>,
    example: Rc<str>,
    changed_lines: Rc<[u32]>,
    auto_apply: bool,
    replay: Replay,
    set: Key,
    playhead: Millis,
    horizon: Millis,
    playing: bool,
    idle: bool,
    speed: u32,
    skip_waits: bool,
    looked_up: Rc<str>,
    probed: Option<Rc<(Key, String)>>,
    scene: Rc<Scene>,
    /// What earlier pictures have printed: a cache of what the objects say.
    printed: Rc<RefCell<Printed>>,
    timeline: Rc<Timeline>,
    timeline_position: usize,
    notice: Option<Rc<Notice>>,
    console: Rc<Console>,
    /// What goes on of what was done on the page.
    drains: Vec<Drain>,
    screen: Rc<Screen>,
    browser: Option<Rc<Browser>>,
    lesson: Option<Attendance>,
    undo: Vec<Rc<Work>>,
    redo: Vec<Rc<Work>>,
    /// Where typing may have ended, in bytes, if that was the last thing done: more of it is undone
    /// with it.
    typed_at: Option<RangeInclusive<usize>>,
}

impl Default for Playground {
    fn default() -> Self {
        Self::new()
    }
}

impl Playground {
    /// The first example, applied, with time running.
    pub fn new() -> Self {
        let mut playground = Self::open(EXAMPLES[0].id, FIRST_TEXT);
        playground.apply();
        playground.notice = None;
        playground.playing = true;
        playground
    }

    /// A new cluster beside a text that is not applied yet.
    fn open(example: &str, text: &str) -> Self {
        let manifest = Manifest::parse(text);
        let set = set_key(&manifest).unwrap_or_else(|| Key::new("default", ""));
        let replay = Replay::new(Session::default());
        Self {
            applied: Rc::new(Manifest::parse("")),
            example: example.into(),
            changed_lines: Rc::default(),
            auto_apply: true,
            scene: Rc::new(Scene::of(replay.cluster(), &set, "", 0)),
            printed: Rc::default(),
            timeline: Rc::new(Timeline::new(set.clone())),
            timeline_position: 0,
            looked_up: "".into(),
            probed: None,
            replay,
            manifest: Rc::new(manifest),
            set,
            playhead: 0,
            horizon: 0,
            playing: false,
            idle: false,
            speed: 2,
            skip_waits: true,
            notice: None,
            console: Rc::default(),
            drains: Vec::new(),
            screen: Rc::default(),
            browser: None,
            lesson: None,
            undo: Vec::new(),
            redo: Vec::new(),
            typed_at: None,
        }
    }

    /// Does what a person asked for.
    pub fn update(&mut self, action: Action) -> Vec<Effect> {
        let mut effects = self.act(action);
        self.attend(&mut effects);
        effects
    }

    #[expect(clippy::too_many_lines, reason = "one line for each action")]
    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Tick { elapsed_ms } => return self.tick(elapsed_ms),
            Action::Play => self.play(),
            Action::Pause => self.playing = false,
            Action::StepForward => self.step_forward(),
            Action::StepBack => self.step_back(),
            Action::Seek(at) => self.seek(at),
            Action::SeekStart => self.seek(self.begins_at()),
            Action::SeekEnd => self.seek(self.horizon),
            Action::SetSpeed(speed) => self.speed = speed.clamp(1, SPEEDS[SPEEDS.len() - 1]),
            Action::SetSkipWaits(skip) => self.skip_waits = skip,
            Action::DismissNotice => self.notice = None,
            Action::SetAutoApply(on) => {
                self.auto_apply = on;
                self.apply_automatically();
            }
            Action::EditText(text) => self.edit_text(text),
            Action::EndTyping => {
                self.typed_at = None;
                return Vec::new();
            }
            Action::SetField(field, value) => self.set_field(field, value.as_deref()),
            Action::Apply => {
                self.remember();
                self.apply();
            }
            Action::Restart => self.begin_again(),
            Action::SetCalmTiming(calm) => self.set_calm_timing(calm),
            Action::SetKubernetes(kubernetes) => self.set_kubernetes(kubernetes),
            Action::RecreateOrphaned => self.recreate_orphaned(),
            Action::OpenLesson { id, text } => self.open_lesson(&id, &text),
            Action::LeaveLesson => self.leave_lesson(),
            Action::Predict(option) => self.predict(option),
            Action::ShowHint => self.show_hint(),
            Action::SolveTask => self.solve_task(),
            Action::OpenExample { id, text } => self.open_example(&id, &text),
            Action::Tell(problem) => self.problem(problem),
            Action::Say(text) => self.say(text),
            Action::Take(what) => return vec![Effect::Hand(self.take(what))],
            Action::Fix(fix) => self.edit_text(fix.apply(&self.manifest.text)),
            Action::Undo => self.take_back(),
            Action::Redo => self.do_again(),
            Action::SelectSet(selected) => self.select_set(selected),
            Action::ShowProbes(container) => {
                self.probed = container.map(|(pod, name)| Rc::new((pod, name)));
                self.draw();
                return Vec::new();
            }
            Action::Command(line) => return self.command(&line),
            Action::Browse(url) => return self.browse(&url),
            Action::CloseBrowser => {
                self.browser = None;
                return Vec::new();
            }
            Action::CloseEditor(saved) => return self.close_editor(saved),
            Action::Interrupt => {
                self.interrupt();
                return Vec::new();
            }
            Action::ClearScreen => {
                self.clear_screen();
                return Vec::new();
            }
            Action::Provide { name, text } => {
                self.provide(name, text);
                return Vec::new();
            }
            Action::ShowName(name) => {
                self.looked_up = name.into();
                self.draw();
                return Vec::new();
            }
            Action::Submit(deed) => {
                self.remember();
                self.submit(&deed);
            }
        }
        let said = self.notice.as_ref().filter(|notice| notice.tone == Tone::Refused);
        let announce = said.map(|notice| Effect::Announce(notice.lines.join(" ")));
        announce.into_iter().chain([Effect::Save]).collect()
    }

    /// The manifest.
    pub fn manifest(&self) -> &Rc<Manifest> {
        &self.manifest
    }

    /// Lines, from 1, that differ from what was applied before the last change.
    pub fn changed_lines(&self) -> &Rc<[u32]> {
        &self.changed_lines
    }

    /// Whether every valid change is applied at once.
    pub fn auto_apply(&self) -> bool {
        self.auto_apply
    }

    /// Whether the text is what was last applied.
    pub fn is_applied(&self) -> bool {
        self.manifest.text == self.applied.text
    }

    /// What a field of the form holds; `None` if it is unset.
    pub fn field(&self, field: FormField) -> Option<String> {
        form::get(&self.manifest, field)
    }

    /// What every field of the form holds, in the form's order, and the problem at its place.
    pub fn fields(&self) -> Vec<(Option<String>, Option<String>)> {
        form::values(&self.manifest)
    }

    /// Id of the example that the work started from.
    pub fn example(&self) -> &str {
        &self.example
    }

    /// The instant that is shown.
    pub fn playhead(&self) -> Millis {
        self.playhead
    }

    /// The furthest instant that was shown.
    pub fn horizon(&self) -> Millis {
        self.horizon
    }

    /// Whether time runs.
    pub fn is_playing(&self) -> bool {
        self.playing
    }

    /// Simulated milliseconds per millisecond.
    pub fn speed(&self) -> u32 {
        self.speed
    }

    /// Whether times in which nothing happens are jumped over.
    pub fn skip_waits(&self) -> bool {
        self.skip_waits
    }

    /// Whether time stands still because nothing will happen by itself.
    pub fn is_idle(&self) -> bool {
        self.idle
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is something to do again.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// The picture. The same value until it changes; its `now` is that of the last change.
    pub fn scene(&self) -> Rc<Scene> {
        Rc::clone(&self.scene)
    }

    /// What happened to each ordinal. The same value until it changes.
    pub fn timeline(&self) -> Rc<Timeline> {
        Rc::clone(&self.timeline)
    }

    /// What the last thing done led to.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_deref()
    }

    /// The simulated Kubernetes.
    pub fn kubernetes(&self) -> Kubernetes {
        self.replay.history().session().config.kubernetes
    }

    /// Whether times that vary take the middle of their range.
    pub fn has_calm_timing(&self) -> bool {
        !self.replay.history().session().config.drawn_times
    }

    /// The cluster at the playhead.
    pub fn with_cluster<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T {
        read(self.replay.cluster())
    }

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

    /// When the session of the person begins.
    pub(crate) fn begins_at(&self) -> Millis {
        self.replay.history().session().config.begins_at()
    }

    /// Puts another session in place of this one and shows it at `playhead`.
    fn replay(&mut self, session: Session, playhead: Millis) {
        self.replay = Replay::new(session);
        self.replay.ahead().advance_to(playhead);
        self.drains.clear();
        if self.is_busy() {
            self.interrupt();
        }
        self.horizon = playhead;
        self.playhead = playhead;
        self.timeline = Rc::new(Timeline::new(self.set.clone()));
        self.timeline_position = 0;
        self.idle = false;
        self.show();
    }

    /// Lights up what differs between the text and `before`.
    fn light_up(&mut self, before: &str) {
        let lines = diff_lines(before, &self.manifest.text);
        self.changed_lines = lines.into();
    }
}

/// Namespace and name of the set in a manifest.
fn set_key(manifest: &Manifest) -> Option<Key> {
    let set = manifest.stateful_set().filter(|set| !set.name().is_empty())?;
    Some(Key::new(set.namespace(), set.name()))
}
