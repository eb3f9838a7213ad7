//! A lesson in progress: how far the learner has come, and what is needed to look at it.

use super::action::Origin;
use crate::lesson::view::Printed;
use crate::lesson::{Beginning, Guess, Lesson, Progress};
use crate::session::Cursor;
use serde_json::{Value, json};
use std::rc::Rc;

/// A lesson in progress, as it is shown. The same value until it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonView {
    /// Its id, as in a link; empty for one that the page does not serve.
    pub id: Rc<str>,
    /// Where it comes from.
    pub origin: Origin,
    /// The lesson.
    pub lesson: Rc<Lesson>,
    /// How far the learner has come.
    pub progress: Progress,
}

impl LessonView {
    /// The present task, from 0; none if all are done.
    pub fn task(&self) -> Option<usize> {
        self.progress.task(&self.lesson)
    }

    /// The hints of the present task that are shown.
    pub fn hints(&self) -> &[String] {
        let task = self.task().and_then(|task| self.lesson.tasks.get(task));
        let shown = task.and_then(|task| task.hints.get(..self.progress.hints));
        shown.unwrap_or_default()
    }

    /// How it stands with the prediction; none if the lesson has none.
    pub fn guess(&self) -> Option<Guess> {
        self.progress.guess(&self.lesson)
    }
}

/// A lesson in progress, and what is needed to look at it. A clone is cheap.
#[derive(Clone)]
pub(super) struct Attendance {
    pub(super) view: Rc<LessonView>,
    /// The lesson as it is saved.
    pub(super) text: Rc<str>,
    pub(super) beginning: Rc<Beginning>,
    pub(super) printed: Rc<Printed>,
    /// The instant up to which was looked.
    pub(super) looked: Rc<Cursor>,
    /// What had been printed by then, if more was printed since.
    pub(super) printed_before: Option<Rc<Printed>>,
    /// Something was done since, or nobody has looked yet: what had been played ahead of the
    /// playhead may be another story.
    pub(super) is_changed: bool,
}

impl Attendance {
    /// Before anybody has looked; `seen` is what was printed so far.
    pub(super) fn new(
        view: LessonView,
        beginning: Beginning,
        looked: Cursor,
        seen: Vec<String>,
    ) -> Self {
        let printed = Printed::of(view.lesson.printed(), seen);
        Self {
            text: view.lesson.to_text().into(),
            looked: Rc::new(looked),
            view: Rc::new(view),
            beginning: Rc::new(beginning),
            printed: Rc::new(printed),
            printed_before: None,
            is_changed: true,
        }
    }

    /// As it is saved.
    pub(super) fn tree(&self) -> Value {
        json!({
            "id": &*self.view.id,
            "origin": self.view.origin.label(),
            "text": &*self.text,
            "at": self.beginning.at,
            "position": self.beginning.position,
            "printed": self.printed.seen(),
            "progress": self.view.progress.tree(),
        })
    }
}
