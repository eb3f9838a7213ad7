//! From the text to the cluster: edits, apply, start over, examples, undo.

use super::notice::{Remedy, Tone};
use super::scenery;
use super::state::{Playground, Work, set_key};
use super::typing::Typed;
use crate::api::change::Cascade;
use crate::api::{Kubernetes, StatusReason};
use crate::client::deed::APPLY;
use crate::client::{Aside, Deed, Failure, Output};
use crate::cluster::meta::Key;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::{Cluster, ClusterConfig, Millis};
use crate::manifest::form::{self, FormField};
use crate::manifest::{Manifest, diff_lines};
use crate::scene::timeline::Timeline;
use crate::session::{Inputs, Session};
use std::rc::Rc;

/// From so many bytes on a text is read in slices, and applied when typing pauses.
const LONG: usize = 8 * 1024;

/// More lines than these do not light up: nobody looks through them.
const MOST_LIT: usize = 2_000;

/// How many things can be taken back.
const MAX_UNDO: usize = 100;

impl Playground {
    /// Notes how things are, for undo.
    pub(super) fn remember(&mut self) {
        self.remember_as(self.present());
    }

    /// Notes how things were, for undo.
    pub(super) fn remember_as(&mut self, before: Rc<Work>) {
        if self.undo.len() >= MAX_UNDO {
            self.undo.remove(0);
        }
        self.undo.push(before);
        self.redo.clear();
        self.typed_at = None;
    }

    /// How things are.
    pub(super) fn present(&self) -> Rc<Work> {
        Rc::new(Work {
            text: Rc::clone(&self.manifest.text),
            applied: Rc::clone(&self.applied.text),
            example: Rc::clone(&self.example),
            session: Rc::new(self.replay.history().session().clone()),
            playhead: self.destination(),
            selected: self.manifest.selected,
            lesson: self.lesson.clone(),
        })
    }

    /// The person typed.
    #[inline(never)]
    pub(super) fn edit_text(&mut self, text: String) {
        if text == *self.manifest.text {
            return;
        }
        let typed = Typed::between(&self.manifest.text, &text);
        let ended = self.typed_at.take();
        let going_on = ended.and_then(|ended| typed.after(&ended));
        if going_on.is_none() {
            self.end_typing();
            self.remember();
        }
        let is_long = text.len() > LONG;
        match is_long {
            true => self.take_text(&text),
            false => self.set_text(&text),
        }
        match typed.goes_on || is_long {
            true => self.is_typing = true,
            false => self.apply_automatically(),
        }
        self.typed_at = going_on.or_else(|| typed.goes_on.then(|| typed.ends()));
    }

    /// What was typed is complete: applies it if every change is applied. Nobody means each character
    /// on its own: on the way to `replicas: 10` stands a set of one.
    pub(super) fn end_typing(&mut self) {
        if std::mem::take(&mut self.is_typing) {
            self.apply_automatically();
        }
    }

    /// Another StatefulSet of the manifest.
    #[inline(never)]
    pub(super) fn select_set(&mut self, selected: usize) {
        self.manifest = Rc::new((*self.manifest).clone().selecting(selected));
        if let Some(key) = set_key(&self.manifest).filter(|key| *key != self.set) {
            self.set = key;
            self.timeline = Rc::new(Timeline::new(self.set.clone()));
            self.timeline_position = 0;
            self.show();
            self.draw();
        }
    }

    /// The person set a field of the form.
    #[inline(never)]
    pub(super) fn set_field(&mut self, field: FormField, value: Option<&str>) {
        match form::set(&self.manifest, field, value) {
            Ok(edited) if edited.text == *self.manifest.text => {}
            Ok(edited) => {
                self.remember();
                self.set_text(&edited.text);
                self.apply_automatically();
            }
            Err(error) => {
                let lines = vec![format!("{}: {error}", form::describe(field).label)];
                self.tell(Tone::Refused, String::new(), lines, Vec::new());
            }
        }
    }

    /// Takes a text, and reads it to its end.
    pub(super) fn set_text(&mut self, text: &str) {
        self.take_text(text);
        self.read_to_end();
    }

    /// The text from which lines light up when another one comes.
    pub(super) fn lit_from(&self) -> Rc<str> {
        match self.is_applied() {
            true => Rc::clone(&self.manifest.text),
            false => Rc::clone(&self.applied.text),
        }
    }

    /// Lights up what differs between the text and `before`.
    pub(super) fn light_up(&mut self, before: &str) {
        let lines = diff_lines(before, &self.manifest.text);
        self.changed_lines = if lines.len() > MOST_LIT { Rc::default() } else { lines.into() };
    }

    /// Applies a change at once if that is asked for and nothing speaks against it. A set of another
    /// name would be a second set: that is left to the person.
    pub(super) fn apply_automatically(&mut self) {
        if !self.auto_apply || self.manifest.has_errors() || self.is_applied() {
            return;
        }
        if self.says_the_same() {
            self.applied = Rc::clone(&self.manifest);
            return;
        }
        let renamed = set_key(&self.manifest).is_some_and(|key| key != self.set);
        if renamed && !self.replay.history().session().inputs.is_empty() {
            let lines = vec![
                "Not applied: with another name or namespace this is another StatefulSet, and the \
                 one in the cluster stays."
                    .into(),
            ];
            let remedies = vec![Remedy::Restart, Remedy::Apply];
            return self.tell(Tone::Warning, String::new(), lines, remedies);
        }
        self.apply();
    }

    /// Whether the last thing done was to apply these very objects: only comments differ.
    fn says_the_same(&self) -> bool {
        let history = self.replay.history();
        let inputs = &history.session().inputs;
        let follow = inputs.iter().rev().take_while(|input| input.follows).count();
        let Some(begin) = inputs.len().checked_sub(follow + 1) else { return false };
        let Some(first) = inputs.get(begin) else { return false };
        let is_apply = &*first.command == APPLY && first.at <= self.playhead;
        let objects = |manifest: &Manifest| -> Vec<_> {
            manifest.documents.iter().map(|it| it.object.clone()).collect()
        };
        let outcomes = history.outcomes();
        is_apply
            && outcomes.len() == inputs.len()
            && outcomes[begin..].iter().all(|outcome| outcome.refusal().is_none())
            && objects(&self.manifest) == objects(&self.applied)
    }

    /// `kubectl apply -f` of the manifest.
    pub(super) fn apply(&mut self) {
        let mut out = Output::default();
        let failures = self.apply_manifest(&mut out);
        if let Some(key) = set_key(&self.manifest) {
            self.set = key;
        }
        if failures.is_empty() {
            let before = std::mem::replace(&mut self.applied, Rc::clone(&self.manifest));
            if !before.text.is_empty() && before.text != self.applied.text {
                self.light_up(&before.text);
            }
        }
        let remedies = remedies(&failures);
        self.after(APPLY.to_owned(), &failures, &out, remedies);
    }

    /// A new cluster, to which the manifest is applied.
    #[inline(never)]
    pub(super) fn restart(&mut self) {
        self.remember();
        let config = self.replay.history().session().config.clone();
        self.start_over(config);
    }

    /// A new cluster of another version, to which the manifest is applied: other versions accept
    /// other manifests.
    #[inline(never)]
    pub(super) fn set_kubernetes(&mut self, kubernetes: Kubernetes) {
        if kubernetes == self.kubernetes() {
            return;
        }
        self.remember();
        let config = self.replay.history().session().config.clone();
        let selected = self.manifest.selected;
        let manifest = Manifest::parse_for(&self.manifest.text, &kubernetes);
        self.manifest = Rc::new(manifest.selecting(selected));
        self.start_over(ClusterConfig { kubernetes, ..config });
    }

    /// A new cluster with calm times, or with drawn ones.
    #[inline(never)]
    pub(super) fn set_calm_timing(&mut self, calm: bool) {
        self.remember();
        let config = self.replay.history().session().config.clone();
        self.start_over(ClusterConfig { drawn_times: !calm, ..config });
    }

    fn start_over(&mut self, config: ClusterConfig) {
        if let Some(key) = set_key(&self.manifest) {
            self.set = key;
        }
        self.notice = None;
        let is_lab = &*self.example == scenery::LAB;
        let session = match config.begins_at() {
            0 => Session { config, inputs: Inputs::default() },
            _ => scenery::lab(config.kubernetes, config.drawn_times),
        };
        let begins_at = session.config.begins_at();
        self.replay(session, begins_at);
        self.lesson = None;
        self.applied = Rc::new(Manifest::parse(""));
        match is_lab {
            true => self.install(),
            false => self.apply(),
        }
        self.changed_lines = Rc::default();
        self.playing = true;
    }

    /// Installs the manifest by Helm, as the lab does.
    fn install(&mut self) {
        self.command(scenery::INSTALL);
    }

    /// `kubectl delete --cascade=orphan`, then `kubectl apply`.
    #[inline(never)]
    pub(super) fn recreate_orphaned(&mut self) {
        self.remember();
        self.carry_out(&orphaning(&self.set), &mut Output::default());
        // The set is gone once the garbage collector has taken it out of all owners.
        let mut at: Millis = self.playhead;
        while self.has_set(at) && at < self.playhead + 10_000 {
            at += 10;
        }
        self.at_leisure(|it| it.move_to(at));
        self.apply();
    }

    fn has_set(&self, at: Millis) -> bool {
        let mut history = self.replay.ahead();
        history.advance_to(at);
        let mut cursor = history.start();
        history.seek(&mut cursor, history.position_at(at));
        let store = cursor.cluster().store();
        store.get::<StatefulSet>(&self.set).is_some()
    }

    /// Tells what did not work.
    #[inline(never)]
    pub(super) fn problem(&mut self, problem: String) {
        self.tell(Tone::Refused, String::new(), vec![problem], Vec::new());
    }

    /// Says what worked.
    #[inline(never)]
    pub(super) fn say(&mut self, text: String) {
        self.tell(Tone::Done, String::new(), vec![text], Vec::new());
    }

    /// Puts an example in place of the work.
    #[inline(never)]
    pub(super) fn open_example(&mut self, id: &str, text: &str) {
        self.remember();
        self.example = id.into();
        let session = match id {
            scenery::LAB => scenery::lab(scenery::kubernetes(), !self.has_calm_timing()),
            _ => self.plain_session(),
        };
        self.manifest = Rc::new(Manifest::parse_for(text, &session.config.kubernetes));
        let begins_at = session.config.begins_at();
        let undo = std::mem::take(&mut self.undo);
        self.replay(session, begins_at);
        self.restart();
        self.undo = undo;
        self.notice = None;
    }

    /// A session without anything before it, with the timing of this one, and on its Kubernetes unless
    /// that belongs to the lab or a lesson.
    fn plain_session(&self) -> Session {
        let history = self.replay.history();
        let config = &history.session().config;
        let drawn_times = config.drawn_times;
        let config = match config.pauses.is_empty() && self.lesson.is_none() {
            true => config.clone(),
            false => ClusterConfig { drawn_times, ..ClusterConfig::default() },
        };
        Session { config, inputs: Inputs::default() }
    }

    /// Back to how things were before the last thing done.
    #[inline(never)]
    pub(super) fn take_back(&mut self) {
        let Some(before) = self.undo.pop() else { return };
        self.redo.push(self.present());
        self.go_to(&before);
    }

    /// Forward again to how things were before the last undo.
    #[inline(never)]
    pub(super) fn do_again(&mut self) {
        let Some(after) = self.redo.pop() else { return };
        self.undo.push(self.present());
        self.go_to(&after);
    }

    #[inline(never)]
    fn go_to(&mut self, before: &Work) {
        self.typed_at = None;
        let kubernetes = before.session.config.kubernetes;
        let manifest = Manifest::parse_for(&before.text, &kubernetes);
        self.manifest = Rc::new(manifest.selecting(before.selected));
        if self.applied.text != before.applied {
            self.applied = Rc::new(Manifest::parse_for(&before.applied, &kubernetes));
        }
        self.example = Rc::clone(&before.example);
        if let Some(key) = set_key(&Manifest::clone(&self.applied).selecting(before.selected)) {
            self.set = key;
        }
        self.notice = None;
        self.lesson.clone_from(&before.lesson);
        self.play_again((*before.session).clone(), before.playhead);
        let applied = Rc::clone(&self.applied);
        self.light_up(&applied.text);
    }
}

/// The set is deleted, its pods stay.
fn orphaning(set: &Key) -> Deed {
    Deed::DeleteStatefulSet {
        namespace: set.namespace.to_string(),
        name: set.name.to_string(),
        cascade: Cascade::Orphan,
    }
}

/// What [`Playground::recreate_orphaned`] does before it applies, done to a cluster.
pub(super) fn way_around(cluster: &mut Cluster, start: Millis, set: &Key) {
    orphaning(set).carry_out(&mut Aside::new(cluster, start), &mut Output::default());
    let has_set = |cluster: &Cluster| cluster.store().get::<StatefulSet>(set).is_some();
    while has_set(cluster) && cluster.next_at().is_some_and(|at| at < start + 10_000) {
        cluster.step();
    }
}

/// The ways around what failed of an apply.
pub(super) fn remedies(failures: &[Failure]) -> Vec<Remedy> {
    let is_immutable = |failure: &Failure| {
        let Failure::Server(status) = failure else { return false };
        status.reason == StatusReason::Invalid
            && status.causes.iter().any(|cause| {
                cause.detail.starts_with("updates to statefulset spec")
                    || cause.detail == "field is immutable"
            })
    };
    let is_refused = |failure: &Failure| matches!(failure, Failure::Server(_));
    match failures {
        all if all.iter().any(is_immutable) => vec![Remedy::Restart, Remedy::RecreateOrphaned],
        all if all.iter().any(is_refused) => vec![Remedy::Restart],
        _ => Vec::new(),
    }
}
