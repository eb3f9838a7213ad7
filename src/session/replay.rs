//! A session as far as it was replayed, and the cluster at one position of it, as a value.

use super::{Cursor, History, Session, TimedInput};
use crate::cluster::{Cluster, Outcome};
use std::cell::{Ref, RefCell, RefMut};
use std::rc::Rc;

/// A session, its history and a place in it. Clones share what was replayed, which follows from the
/// session alone; one that does something else goes on with a history of its own.
#[derive(Clone, Debug)]
pub struct Replay {
    history: Rc<RefCell<History>>,
    cursor: Rc<Cursor>,
}

impl Replay {
    /// The start of a session.
    pub fn new(session: Session) -> Self {
        let history = History::new(session);
        let cursor = Rc::new(history.start());
        Self { history: Rc::new(RefCell::new(history)), cursor }
    }

    /// What was replayed so far.
    pub fn history(&self) -> Ref<'_, History> {
        self.history.borrow()
    }

    /// The same, to replay more of it.
    pub fn ahead(&self) -> RefMut<'_, History> {
        self.history.borrow_mut()
    }

    /// The place in the history.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The cluster there.
    pub fn cluster(&self) -> &Cluster {
        self.cursor.cluster()
    }

    /// How many steps led there.
    pub fn position(&self) -> usize {
        self.cursor.position()
    }

    /// Moves to another position, at most to the end of what was replayed.
    pub fn seek(&mut self, position: usize) {
        if position != self.cursor.position() {
            self.history.borrow().seek(Rc::make_mut(&mut self.cursor), position);
        }
    }

    /// Does something at its instant, in place of what comes after it, and moves there.
    pub fn submit(&mut self, input: TimedInput) -> Outcome {
        if Rc::strong_count(&self.history) > 1 {
            let own = self.history.borrow().clone();
            self.history = Rc::new(RefCell::new(own));
        }
        let at = input.at;
        let (outcome, position) = {
            let mut history = self.history.borrow_mut();
            (history.submit(input, &self.cursor), history.position_at(at))
        };
        self.seek(position);
        outcome
    }
}
