//! The application as a value: the work, the cluster that follows from it, what is shown.

use super::attendance::Attendance;
use super::browser::Browser;
use super::console::{Console, Screen};
use super::errand::Unfinished;
use super::notice::Notice;
use super::saved::Remembered;
use super::unread::Unread;
use crate::api::Kubernetes;
use crate::client::nodes::Drain;
use crate::cluster::meta::Key;
use crate::cluster::{Cluster, Millis};
use crate::manifest::Manifest;
use crate::manifest::form::{self, FormField};
use crate::scene::timeline::Timeline;
use crate::scene::{Printed, Scene};
use crate::session::{Replay, Session};
use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The speeds offered: simulated milliseconds per millisecond.
pub const SPEEDS: [u32; 6] = [1, 2, 4, 8, 16, 64];

/// The work: what was done, and where the person stands in it. Undo goes back to earlier works, and
/// all else follows from one.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) text: Rc<str>,
    pub(super) applied: Rc<str>,
    pub(super) example: Rc<str>,
    pub(super) session: Rc<Session>,
    pub(super) playhead: Millis,
    pub(super) selected: usize,
    pub(super) lesson: Option<Attendance>,
}

/// A console, and what it remembers.
type Remembers = Rc<RefCell<Option<(Rc<Console>, Rc<Remembered>)>>>;

/// The application: a value. A clone is cheap, and what is done to it changes nothing here. What they
/// share of the replayed history is only a cache of what their session says.
#[derive(Clone)]
pub struct Playground {
    pub(super) manifest: Rc<Manifest>,
    /// The manifest's text is not read to its end.
    pub(super) unread: Option<Unread>,
    /// The manifest as it was applied last; empty before.
    pub(super) applied: Rc<Manifest>,
    pub(super) example: Rc<str>,
    pub(super) changed_lines: Rc<[u32]>,
    pub(super) auto_apply: bool,
    pub(super) replay: Replay,
    pub(super) set: Key,
    pub(super) playhead: Millis,
    pub(super) horizon: Millis,
    pub(super) playing: bool,
    pub(super) idle: bool,
    pub(super) speed: u32,
    pub(super) skip_waits: bool,
    pub(super) looked_up: Rc<str>,
    pub(super) probed: Option<Rc<(Key, String)>>,
    pub(super) scene: Rc<Scene>,
    /// What earlier pictures have printed: a cache of what the objects say.
    pub(super) printed: Rc<RefCell<Printed>>,
    pub(super) timeline: Rc<Timeline>,
    pub(super) timeline_position: usize,
    pub(super) notice: Option<Rc<Notice>>,
    pub(super) console: Rc<Console>,
    /// What the terminal remembers: a cache of what the console says.
    pub(super) remembered: Remembers,
    /// What goes on of what was done on the page.
    pub(super) drains: Vec<Drain>,
    pub(super) screen: Rc<Screen>,
    pub(super) browser: Option<Rc<Browser>>,
    pub(super) lesson: Option<Attendance>,
    pub(super) undo: Vec<Rc<Work>>,
    pub(super) redo: Vec<Rc<Work>>,
    /// What has taken longer than a slice.
    pub(super) unfinished: Unfinished,
    /// Where typing may have ended, in bytes, if that was the last thing done: more of it is undone
    /// with it.
    pub(super) typed_at: Option<RangeInclusive<usize>>,
    /// Whether what was typed may still be on its way.
    pub(super) is_typing: bool,
}

impl Playground {
    /// A new cluster beside a text that is not applied yet.
    pub(super) fn open(example: &str, text: &str) -> Self {
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
            unread: None,
            set,
            playhead: 0,
            horizon: 0,
            playing: false,
            idle: false,
            speed: 2,
            skip_waits: true,
            notice: None,
            console: Rc::default(),
            remembered: Rc::default(),
            drains: Vec::new(),
            screen: Rc::default(),
            browser: None,
            lesson: None,
            undo: Vec::new(),
            redo: Vec::new(),
            unfinished: Unfinished::default(),
            typed_at: None,
            is_typing: false,
        }
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

    /// When the session of the person begins.
    pub(crate) fn begins_at(&self) -> Millis {
        self.replay.history().session().config.begins_at()
    }
}

/// Namespace and name of the set in a manifest.
pub(super) fn set_key(manifest: &Manifest) -> Option<Key> {
    let set = manifest.stateful_set().filter(|set| !set.name().is_empty())?;
    Some(Key::new(set.namespace(), set.name()))
}
