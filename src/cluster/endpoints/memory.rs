//! What the EndpointSlice controller remembers: Services that are queued.

use crate::cluster::meta::Key;
use crate::ordered::{Map, Set};
use std::rc::Rc;

/// What of a Service has to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dirty {
    /// Every pod.
    All,
    /// These pods.
    Pods(Set<Rc<str>>),
}

/// What the EndpointSlice controller remembers: Services that are queued.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub(super) dirty: Map<Key, Dirty>,
}
