//! What the attach-detach controller remembers.

use crate::cluster::meta::Uid;
use crate::cluster::time::Millis;
use crate::ordered::{Map, Set};
use std::rc::Rc;

/// A volume at a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attachment {
    pub(super) node: Rc<str>,
    pub(super) ready_at: Millis,
    pub(super) is_told: bool,
    /// Since when no pod there uses it, and when it comes off.
    pub(super) leaves: Option<(Millis, Millis)>,
}

/// What the controller remembers.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub(super) attached: Map<Rc<str>, Vec<Attachment>>,
    pub(super) refused: Set<(Rc<str>, Uid)>,
}
