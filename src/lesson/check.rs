//! Whether a lesson is well written: what a teacher is told, and the tests insist on.

use super::{GROUPS, Lesson};

/// The most words of a story.
pub const MAX_WORDS: usize = 120;

/// How many hints each task has.
pub const HINTS: usize = 3;

/// Where links lead.
pub const DOCS: &str = "https://kubernetes.io/docs/";

impl Lesson {
    /// What should be better, in words; none if it is well.
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut expect = |holds: bool, what: String| {
            if !holds {
                found.push(what);
            }
        };
        let words = self.story.split_whitespace().count();
        expect(words <= MAX_WORDS, format!("the story has {words} words, at most {MAX_WORDS}"));
        expect(!self.title.trim().is_empty(), "the title is empty".into());
        let is_known = GROUPS.contains(&self.group.as_str());
        expect(is_known, format!("the group {} is unknown", self.group));
        for (number, task) in (1..).zip(&self.tasks) {
            let hints = task.hints.iter().filter(|hint| !hint.trim().is_empty()).count();
            expect(hints == HINTS, format!("task {number} has {hints} hints, not {HINTS}"));
            expect(!task.solution.is_empty(), format!("task {number} has no solution"));
        }
        for link in &self.links {
            let leads = link.url.starts_with(DOCS);
            expect(leads, format!("the link {} leads elsewhere than to {DOCS}", link.url));
        }
        found
    }

    /// The words between backticks in all hints.
    pub fn quoted(&self) -> Vec<&str> {
        let hints = self.tasks.iter().flat_map(|task| &task.hints);
        hints.flat_map(|hint| hint.split('`').skip(1).step_by(2)).collect()
    }

    /// Every text that a goal or an answer wants printed.
    pub fn printed(&self) -> Vec<String> {
        let goals = self.tasks.iter().map(|task| &task.goal);
        let options = self.prediction.iter().flat_map(|it| &it.options).map(|it| &it.holds);
        let texts = goals.chain(options).flat_map(|predicate| predicate.printed());
        texts.map(str::to_owned).collect()
    }
}
