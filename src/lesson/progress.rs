//! How far a learner has come: tasks done, hints shown, the answer given and the right one.

use super::{Lesson, Prediction, View};
use crate::api::Tree;
use crate::cluster::Millis;
use crate::cluster::time::LONGEST_MS;
use serde_json::{Value, json};

/// How far a learner has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// When each task that is done was done.
    pub done: Vec<Millis>,
    /// How many hints of the present task are shown.
    pub hints: usize,
    /// The answer that was given, from 0.
    answer: Option<usize>,
    /// The right answer, once it is decided; none of them if no option held.
    decided: Option<Option<usize>>,
    /// After how many steps the goal was reached that the prediction waits for.
    decisive: Option<usize>,
}

/// How it stands with the prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// It is not asked yet.
    Later,
    /// It is asked, and there is no answer.
    Open,
    /// This answer was given.
    Given(usize),
    /// The simulation has decided.
    Settled {
        /// The answer that was given, if there was one.
        given: Option<usize>,
        /// The right one; none if no option held.
        right: Option<usize>,
    },
}

impl Progress {
    /// The present task, from 0; none if all are done.
    pub fn task(&self, lesson: &Lesson) -> Option<usize> {
        Some(self.done.len()).filter(|task| *task < lesson.tasks.len())
    }

    /// How it stands with the prediction; none if the lesson has none.
    pub fn guess(&self, lesson: &Lesson) -> Option<Guess> {
        let prediction = lesson.prediction.as_ref()?;
        Some(match (self.decided, self.answer) {
            (Some(right), given) => Guess::Settled { given, right },
            (None, Some(answer)) => Guess::Given(answer),
            (None, None) if self.done.len() < prediction.before => Guess::Later,
            (None, None) => Guess::Open,
        })
    }

    /// The learner answers, or thinks again, before the task's goal is reached. Returns whether
    /// that counts.
    pub fn predict(&mut self, lesson: &Lesson, option: usize) -> bool {
        let is_time = lesson.prediction.as_ref().is_some_and(|it| {
            it.before == self.done.len() && option < it.options.len() && self.decided.is_none()
        });
        if is_time {
            self.answer = Some(option);
        }
        is_time
    }

    /// Shows one more hint of the present task. Returns whether there was one.
    pub fn show_hint(&mut self, lesson: &Lesson) -> bool {
        let task = self.task(lesson).and_then(|task| lesson.tasks.get(task));
        let has_more = task.is_some_and(|task| self.hints < task.hints.len());
        self.hints += usize::from(has_more);
        has_more
    }

    /// Looks at an instant, after so many steps.
    pub fn look(&mut self, lesson: &Lesson, view: &View, (at, position): (Millis, usize)) {
        let before = self.done.len();
        let open = lesson.tasks.get(before..).unwrap_or_default();
        let reached = open.iter().take_while(|task| view.holds(&task.goal)).count();
        self.done.extend(std::iter::repeat_n(at, reached));
        if reached > 0 {
            self.hints = 0;
        }
        let is_decisive = |it: &Prediction| (before..self.done.len()).contains(&it.before);
        if lesson.prediction.as_ref().is_some_and(is_decisive) {
            self.decisive = Some(position);
        }
    }

    /// When the prediction is decided; none before the goal is reached and after it was decided.
    pub fn due(&self, lesson: &Lesson) -> Option<Millis> {
        let prediction = lesson.prediction.as_ref().filter(|_| self.decided.is_none())?;
        Some(self.done.get(prediction.before)? + prediction.settle)
    }

    /// Whether the learner has done the task after the one that the prediction is about.
    pub fn has_gone_on(&self, lesson: &Lesson) -> bool {
        lesson.prediction.as_ref().is_some_and(|it| self.done.len() > it.before + 1)
    }

    /// After how many steps the goal was reached that the prediction waits for.
    pub fn decisive(&self) -> Option<usize> {
        self.decisive
    }

    /// The prediction is decided by what holds.
    pub fn settle(&mut self, lesson: &Lesson, view: &View) {
        let Some(prediction) = &lesson.prediction else { return };
        let right = prediction.options.iter().position(|option| view.holds(&option.holds));
        self.decided = Some(right);
    }

    /// As it is saved.
    pub fn tree(&self) -> Value {
        let mut tree = json!({"done": self.done, "hints": self.hints});
        self.answer.iter().for_each(|answer| tree.put("answer", *answer));
        self.decisive.iter().for_each(|position| tree.put("decisive", *position));
        if let Some(right) = self.decided {
            tree.put("decided", true);
            right.iter().for_each(|right| tree.put("right", *right));
        }
        tree
    }

    /// What was saved; what does not fit the lesson is left out.
    pub fn of(tree: &Value, lesson: &Lesson) -> Self {
        let number = |field: &str| tree.at(field).as_u64().and_then(|it| usize::try_from(it).ok());
        let options = lesson.prediction.as_ref().map_or(0, |it| it.options.len());
        let option = |field: &str| number(field).filter(|option| *option < options);
        let done = tree.items("done").iter().filter_map(Value::as_u64);
        let mut done: Vec<Millis> = done.map(|at| at.min(LONGEST_MS)).collect();
        done.truncate(lesson.tasks.len());
        let task = lesson.tasks.get(done.len());
        let most = task.map_or(0, |task| task.hints.len());
        Self {
            hints: number("hints").unwrap_or(0).min(most),
            answer: option("answer"),
            decisive: number("decisive"),
            decided: tree.flag("decided").then(|| option("right")),
            done,
        }
    }
}
