//! How much a template of JSONPath may look at and print.

use std::cell::Cell;

/// How many values may be looked at for what is printed at once: some milliseconds' worth.
const MOST_VALUES: usize = 500_000;

/// How many bytes may be printed at once, as many as a command may print.
pub const MOST_PRINTED: usize = 4 << 20;

/// What is said of more.
pub const TOO_MUCH: &str = "the playground stops a path that leads to more than 500000 values, or to \
    more than 4 MiB; kubectl does not";

/// What may still be looked at and printed.
#[derive(Debug)]
pub struct Budget {
    values: Cell<usize>,
    bytes: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { values: Cell::new(MOST_VALUES), bytes: Cell::new(MOST_PRINTED) }
    }
}

impl Budget {
    fn spend(left: &Cell<usize>, count: usize) -> Result<(), String> {
        let rest = left.get().checked_sub(count);
        left.set(rest.unwrap_or(0));
        rest.map(drop).ok_or_else(|| TOO_MUCH.into())
    }

    /// Counts values that are looked at.
    ///
    /// # Errors
    /// [`TOO_MUCH`].
    pub fn look(&self, count: usize) -> Result<(), String> {
        Self::spend(&self.values, count)
    }

    /// Counts what is printed.
    ///
    /// # Errors
    /// [`TOO_MUCH`].
    pub fn print(&self, text: &str) -> Result<(), String> {
        Self::spend(&self.bytes, text.len())
    }
}
