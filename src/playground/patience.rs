//! How long the page may be kept waiting: what may take long asks between its steps whether to go on.
//!
//! The core has no clock. The page hands in a question that its own clock answers, tests hand in one
//! that counts; without one there is no hurry.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

/// Whether work may go on. A clone asks the same question.
#[derive(Clone, Default)]
pub struct Patience(Option<Rc<dyn Fn() -> bool>>);

impl Patience {
    /// Lasts as long as the answer is yes. It is asked very often: once for each step.
    pub fn new(may_go_on: Rc<dyn Fn() -> bool>) -> Self {
        Self(Some(may_go_on))
    }

    /// Lasts for so many questions.
    pub fn of_questions(most: usize) -> Self {
        let left = Cell::new(most);
        Self::new(Rc::new(move || {
            let before = left.get();
            left.set(before.saturating_sub(1));
            before > 0
        }))
    }

    /// Lasts for ever.
    pub fn endless() -> Self {
        Self(None)
    }

    /// Whether it lasts for ever.
    pub fn is_endless(&self) -> bool {
        self.0.is_none()
    }

    /// Whether work may go on. Who asks has done a step before, so that each slice gets somewhere.
    pub fn lasts(&self) -> bool {
        self.0.as_ref().is_none_or(|may_go_on| may_go_on())
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Patience" } else { "Patience::endless" })
    }
}
