//! What a program of awk searches for: expressions that are made once, and what may be done for a line.

use super::regex::{Budget, Dialect, Expression, STATES, compile};
use crate::ordered::Map;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The expressions that were searched for, and what may still be done for a line.
#[derive(Clone, Default)]
pub struct Searches {
    made: RefCell<Map<String, Rc<Expression>>>,
    budget: Cell<Budget>,
    is_spent: Cell<bool>,
}

impl Searches {
    /// Begins a new line.
    pub fn renew(&self) {
        self.budget.set(Budget::default());
    }

    /// Whether there was more to do for a line than may be.
    pub fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// How many steps it takes to hold all expressions against a line of so many bytes.
    pub fn steps(&self, length: usize) -> usize {
        let made = self.made.borrow();
        made.values().map(|regex| regex.steps(length)).fold(0, usize::saturating_add)
    }

    /// Spends some of what may be done for a line; none if there is not as much.
    pub fn spend(&self, steps: usize) -> Option<()> {
        let mut budget = self.budget.get();
        let spent = budget.spend(steps);
        self.budget.set(budget);
        self.is_spent.set(self.is_spent.get() || spent.is_err());
        spent.ok()
    }

    /// Whether a line matches an expression; none if it is none, or there is too much to do.
    pub fn is_match(&self, text: &str, line: &str) -> Option<bool> {
        let made = self.made.borrow().get(text).cloned();
        let expression = match made {
            Some(made) => made,
            None => {
                let made = Rc::new(compile(text, Dialect::Extended, false).ok()?);
                // Making it takes longer than looking for it.
                self.spend(made.states().saturating_mul(16))?;
                let mut all = self.made.borrow_mut();
                let states: usize = all.values().map(|each| each.states()).sum();
                if states > STATES {
                    all.clear();
                }
                all.insert(text.into(), Rc::clone(&made));
                made
            }
        };
        self.spend(expression.steps(line.len()))?;
        expression.is_match(line, &mut Budget::default()).ok()
    }
}
