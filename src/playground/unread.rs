//! A text that takes longer to read than a slice lasts: it stands there, and what it says follows.

use crate::manifest::{Manifest, Reading};
use std::cell::RefCell;
use std::rc::Rc;

/// A text that is being read. What copies share of the reading is only a cache of what the text says.
#[derive(Clone)]
pub(super) struct Unread {
    pub(super) reading: Rc<RefCell<Option<Reading>>>,
    /// What was read before it.
    pub(super) known: Rc<Manifest>,
    /// The text from which its lines light up.
    pub(super) from: Rc<str>,
}
