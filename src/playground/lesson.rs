//! A lesson in progress: begun, looked at after every action, solved, left.

use super::action::{Effect, Origin};
use super::attendance::{Attendance, LessonView};
use super::errand::Unfinished;
use super::patience::Patience;
use super::playback::is_notable;
use super::scenery;
use super::state::Playground;
use crate::api::{Kubernetes, Tree};
use crate::cluster::time::{MINUTE, SECOND};
use crate::cluster::{ClusterConfig, Millis};
use crate::lesson::view::Printed;
use crate::lesson::{Act, Beginning, Lesson, Predicate, Progress, View};
use crate::manifest::Manifest;
use crate::session::{Cursor, Happened, Inputs, Session};
use serde_json::Value;
use std::rc::Rc;

/// The longest time that an act may take.
const MAX_ACT_MS: Millis = 10 * MINUTE;

/// The longest time that all acts of a start or of a solution may take.
const MAX_ACTS_MS: Millis = 6 * 60 * MINUTE;

/// The most steps that all acts of a start or of a solution may take: they are done at once.
const MAX_ACT_STEPS: usize = 50_000;

/// How closely the end of a command is met.
const COMMAND_MS: Millis = 100;

impl Playground {
    /// The lesson in progress.
    pub fn lesson(&self) -> Option<Rc<LessonView>> {
        self.lesson.as_ref().map(|lesson| Rc::clone(&lesson.view))
    }

    /// When the lesson in progress began: time does not go back further.
    pub(super) fn lesson_began(&self) -> Millis {
        self.lesson.as_ref().map_or(0, |lesson| lesson.beginning.at)
    }

    #[inline(never)]
    pub(super) fn open_lesson(&mut self, from: (&str, Origin), text: &str) {
        let lesson = Lesson::read(text).map_err(|error| error.to_string());
        if let Err(why) = lesson.and_then(|lesson| self.begin_lesson(from, lesson)) {
            self.problem(why);
        }
    }

    /// Begins a lesson in place of the present work, which undo brings back.
    ///
    /// # Errors
    /// What could not be done of that which comes before the learner begins; the work then stays.
    pub fn start_lesson(&mut self, id: &str, lesson: Lesson) -> Result<(), String> {
        self.begin_lesson((id, Origin::Page), lesson)
    }

    fn begin_lesson(&mut self, (id, origin): (&str, Origin), lesson: Lesson) -> Result<(), String> {
        let mut next = self.beside(&lesson);
        next.run_acts(&lesson.start.run)?;
        let (lesson, progress) = (Rc::new(lesson), Progress::default());
        let view = LessonView { id: id.into(), origin, lesson, progress };
        let cursor = next.replay.cursor().clone();
        let beginning = Beginning {
            at: next.playhead,
            position: cursor.position(),
            cluster: cursor.cluster().clone(),
        };
        next.lesson = Some(Attendance::new(view, beginning, cursor, Vec::new()));
        next.unfinished = Unfinished::none(self.unfinished.patience.clone());
        next.notice = None;
        next.changed_lines = Rc::default();
        next.undo = std::mem::take(&mut self.undo);
        next.remember_as(self.present());
        next.play();
        *self = next;
        Ok(())
    }

    /// Another application with a lesson's manifest and a new cluster of its version.
    fn beside(&self, lesson: &Lesson) -> Self {
        let start = &lesson.start;
        let mut next = Self::open(&self.example, &start.manifest);
        let usual = if start.in_lab { scenery::kubernetes() } else { Kubernetes::default() };
        let kubernetes = start.kubernetes.map_or(usual, Kubernetes::new);
        next.manifest = Rc::new(Manifest::parse_for(&start.manifest, &kubernetes));
        let usual = ClusterConfig::default();
        let session = match start.in_lab {
            true => scenery::lab(kubernetes, false),
            false => {
                let nodes = start.nodes.unwrap_or(usual.nodes);
                let config = ClusterConfig { kubernetes, nodes, ..usual };
                Session { config, inputs: Inputs::default() }
            }
        };
        next.auto_apply = self.auto_apply;
        next.speed = self.speed;
        next.skip_waits = self.skip_waits;
        next.console = Rc::new(self.console.beside());
        next.remind(&self.console.remembered());
        next.put_files(start.files.iter());
        let begins_at = session.config.begins_at();
        next.replay(session, begins_at);
        next
    }

    /// Starts over: the lesson in progress, or the session.
    pub(super) fn begin_again(&mut self) {
        match self.lesson() {
            None => self.restart(),
            Some(view) => {
                if let Err(why) =
                    self.begin_lesson((&view.id, view.origin), Lesson::clone(&view.lesson))
                {
                    self.problem(why);
                }
            }
        }
    }

    /// Goes on without the lesson.
    pub(super) fn leave_lesson(&mut self) {
        if self.lesson.is_some() {
            self.remember();
            self.lesson = None;
        }
    }

    /// Takes up a lesson that was saved; one that is damaged is left.
    #[inline(never)]
    pub(super) fn attend_again(&mut self, saved: &Value) {
        let Ok(lesson) = Lesson::read(saved.text("text")) else { return };
        let progress = Progress::of(saved.at("progress"), &lesson);
        let (id, lesson) = (saved.text("id"), Rc::new(lesson));
        let origin = Origin::ALL.into_iter().find(|it| it.label() == saved.text("origin"));
        // A lesson that has no id is none of the page's own.
        let origin = origin.filter(|it| id.is_empty() == (*it != Origin::Page));
        let origin = origin.unwrap_or(if id.is_empty() { Origin::Link } else { Origin::Page });
        let view = LessonView { id: id.into(), origin, lesson, progress };
        let beginning = {
            let history = self.replay.history();
            let position = saved.at("position").as_u64().and_then(|it| usize::try_from(it).ok());
            let mut cursor = history.start();
            history.seek(&mut cursor, position.unwrap_or(0));
            let at = saved.at("at").as_u64().unwrap_or(0).min(self.playhead);
            Beginning { at, position: cursor.position(), cluster: cursor.cluster().clone() }
        };
        let looked = self.replay.cursor().clone();
        let seen = saved.texts("printed").map(str::to_owned).collect();
        self.lesson = Some(Attendance::new(view, beginning, looked, seen));
    }

    /// Something was done to the cluster at the playhead.
    pub(super) fn change_story(&mut self) {
        if let Some(lesson) = &mut self.lesson {
            lesson.is_changed = true;
        }
    }

    /// The terminal has printed this.
    #[inline(never)]
    pub(super) fn overhear(&mut self, text: &str) {
        if let Some(lesson) = &mut self.lesson {
            let before = Rc::clone(&lesson.printed);
            if Rc::make_mut(&mut lesson.printed).push(text) {
                lesson.printed_before.get_or_insert(before);
            }
        }
    }

    /// Answers the lesson's question.
    pub(super) fn predict(&mut self, option: usize) {
        self.change_progress(|progress, lesson| progress.predict(lesson, option));
    }

    /// Shows one more hint.
    pub(super) fn show_hint(&mut self) {
        self.change_progress(Progress::show_hint);
    }

    fn change_progress(&mut self, change: impl FnOnce(&mut Progress, &Lesson) -> bool) {
        if let Some(attendance) = &mut self.lesson {
            let view = Rc::make_mut(&mut attendance.view);
            let lesson = Rc::clone(&view.lesson);
            change(&mut view.progress, &lesson);
        }
    }

    /// Does what solves the present task.
    #[inline(never)]
    pub(super) fn solve_task(&mut self) {
        let Some(view) = self.lesson() else { return };
        let Some(task) = view.task().and_then(|task| view.lesson.tasks.get(task)) else { return };
        if self.is_busy() {
            self.interrupt();
        }
        if let Err(why) = self.run_acts(&task.solution) {
            self.problem(why);
        }
        self.play();
    }

    /// Looks at the lesson, if something has happened that it may have to do with. Only the
    /// furthest instant counts: going back in time reaches nothing.
    pub(super) fn attend(&mut self, effects: &mut Vec<Effect>) {
        let Some(mut attendance) = self.lesson.take() else { return };
        let position = self.replay.cursor().position();
        let view = &attendance.view;
        let due = view.progress.due(&view.lesson);
        let is_due = due.is_some_and(|due| due <= self.playhead || self.idle);
        let is_over = due.is_none() && view.task().is_none();
        let has_news = attendance.is_changed
            || attendance.printed_before.is_some()
            || attendance.looked.position() != position;
        if self.playhead >= self.horizon && !is_over && (has_news || is_due) {
            let progress = self.progress_at(&mut attendance, position);
            attendance.printed_before = None;
            attendance.is_changed = false;
            if progress != attendance.view.progress {
                let done = progress.done.len();
                if done != attendance.view.progress.done.len() {
                    let all = attendance.view.lesson.tasks.len();
                    effects.push(Effect::Announce(format!("Task {done} of {all} is done")));
                }
                Rc::make_mut(&mut attendance.view).progress = progress;
                if !effects.contains(&Effect::Save) {
                    effects.push(Effect::Save);
                }
            }
        }
        self.lesson = Some(attendance);
    }

    /// How far the learner has come by what happened up to a position.
    #[inline(never)]
    fn progress_at(&self, attendance: &mut Attendance, position: usize) -> Progress {
        let lesson = &attendance.view.lesson;
        let mut progress = attendance.view.progress.clone();
        let history = self.replay.history();
        let looked = &attendance.looked;
        let first = looked.position() + 1;
        let mut cursor = match attendance.is_changed || first > position {
            true => self.replay.cursor().clone(),
            false => Cursor::clone(looked),
        };
        for at in first.min(position)..=position {
            let step = at.checked_sub(1).and_then(|before| history.steps().get(before));
            if at < position && history.is_amid_deed(at) {
                continue;
            }
            if at < position && !step.is_some_and(|step| is_notable(step)) {
                continue;
            }
            history.seek(&mut cursor, at);
            // What has just been printed was printed at the end.
            let before = attendance.printed_before.as_ref();
            let is_end = at == position && (before.is_some() || at < first);
            let printed = before.filter(|_| at < position).unwrap_or(&attendance.printed);
            let when = step.filter(|_| !is_end).map_or(self.playhead, |step| step.at);
            self.with_view(attendance, printed, &cursor, |view| {
                progress.look(lesson, view, (when, at));
            });
        }
        let end = Rc::new(cursor.clone());
        // Where nothing happens any more, or the learner has gone on, nobody waits for the moment.
        let is_late = self.idle || progress.has_gone_on(lesson);
        if let Some(due) = progress.due(lesson).filter(|due| *due <= self.playhead || is_late) {
            let decisive = progress.decisive().unwrap_or(position).min(position);
            history.seek(&mut cursor, decisive.max(attendance.beginning.position));
            self.settle(attendance, &cursor, due, &mut progress);
        }
        attendance.looked = end;
        progress
    }

    /// Decides the prediction by what becomes of the cluster by itself: what the learner does in
    /// the meantime is another story.
    fn settle(&self, attendance: &Attendance, goal: &Cursor, due: Millis, into: &mut Progress) {
        let history = self.replay.history();
        let steps = history.steps().get(attendance.beginning.position..goal.position());
        let mut steps = steps.unwrap_or_default().to_vec();
        let mut cluster = goal.cluster().clone();
        while cluster.next_at().is_some_and(|at| at <= due) {
            steps.extend(cluster.step().map(Happened::from).map(Rc::new));
        }
        let (beginning, printed) = (&attendance.beginning.cluster, &*attendance.printed);
        let view = View { cluster: &cluster, beginning, steps: &steps, printed };
        into.settle(&attendance.view.lesson, &view);
    }

    fn with_view<T>(
        &self,
        attendance: &Attendance,
        printed: &Printed,
        cursor: &Cursor,
        read: impl FnOnce(&View) -> T,
    ) -> T {
        let history = self.replay.history();
        let steps = history.steps().get(attendance.beginning.position..cursor.position());
        read(&View {
            cluster: cursor.cluster(),
            beginning: &attendance.beginning.cluster,
            steps: steps.unwrap_or_default(),
            printed,
        })
    }

    /// Whether a predicate holds at the playhead, since the lesson or the session began.
    pub fn holds(&self, predicate: &Predicate) -> bool {
        let cursor = self.replay.cursor();
        if let Some(attendance) = &self.lesson {
            let printed = &attendance.printed;
            return self.with_view(attendance, printed, cursor, |view| view.holds(predicate));
        }
        let history = self.replay.history();
        let start = history.start();
        let view = View {
            cluster: cursor.cluster(),
            beginning: start.cluster(),
            steps: history.steps().get(..cursor.position()).unwrap_or_default(),
            printed: &Printed::default(),
        };
        view.holds(predicate)
    }

    fn run_acts(&mut self, acts: &[Act]) -> Result<(), String> {
        self.with_patience(Patience::of_questions(MAX_ACT_STEPS), |it| it.run_all(acts))
    }

    fn run_all(&mut self, acts: &[Act]) -> Result<(), String> {
        let end = self.playhead + MAX_ACTS_MS;
        for (number, act) in (1..).zip(acts) {
            let told = |why| format!("step {number} of the lesson did not work: {why}");
            self.run_act(act).map_err(told)?;
            if self.playhead > end || self.unfinished.errand.take().is_some() {
                return Err(told("it takes too long".into()));
            }
        }
        Ok(())
    }

    fn run_act(&mut self, act: &Act) -> Result<(), String> {
        match act {
            Act::Line(line) => {
                self.command(line);
                let has_ended = self.pass(COMMAND_MS, |it| !it.is_busy());
                has_ended.then_some(()).ok_or_else(|| {
                    self.interrupt();
                    format!("{line} does not end")
                })
            }
            Act::Wait(seconds) => {
                self.move_to(self.playhead + seconds * SECOND);
                Ok(())
            }
            Act::WaitFor(goal) => {
                let holds = self.pass(SECOND, |it| it.holds(goal));
                holds.then_some(()).ok_or_else(|| "what it waits for does not come".into())
            }
            Act::Edit { find, replace } => {
                if !self.manifest.text.contains(find) {
                    return Err(format!("the manifest has no text {find:?}"));
                }
                let text = self.manifest.text.replacen(find, replace, 1);
                self.remember();
                self.set_text(&text);
                self.apply();
                Ok(())
            }
            Act::Do(deed) => {
                self.remember();
                self.submit(deed);
                Ok(())
            }
        }
    }

    /// Lets time pass until something is so, looking at each step and at least that often. Returns
    /// whether it came to be.
    fn pass(&mut self, every: Millis, is_so: impl Fn(&Self) -> bool) -> bool {
        let end = self.playhead + MAX_ACT_MS;
        loop {
            if is_so(self) {
                return true;
            }
            if self.playhead >= end {
                return false;
            }
            let next = {
                let mut history = self.replay.ahead();
                let latest = self.playhead + every;
                while history.advance(latest) && self.unfinished.patience.lasts() {}
                let position = self.replay.cursor().position();
                history.steps().get(position).map(|step| step.at)
            };
            let latest = self.playhead + every;
            self.move_to(next.map_or(latest, |at| at.clamp(self.playhead, latest)));
            if self.unfinished.errand.is_some() {
                return false;
            }
        }
    }
}
