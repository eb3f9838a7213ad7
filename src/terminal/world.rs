//! What commands reach: an API server, and what runs in the containers of its cluster.

use super::container::Container;
use crate::client::Server;
pub use crate::client::server::{Change, FieldValidation, PatchType, Reply, Request, not_found};

/// A cluster as commands see it.
pub trait World: Server {
    /// Whether a script may go on without time passing. If not, it is polled again at the same
    /// instant.
    fn may_go_on(&self) -> bool {
        true
    }

    /// A container of a pod, as its programs see it; none if it does not run.
    fn container<'a>(
        &'a mut self,
        _pod: (&str, &str),
        _container: &str,
    ) -> Option<Box<dyn Container + 'a>> {
        None
    }

    /// What a container, or the one before it, has written: lines with their moments.
    fn logs(
        &self,
        _pod: (&str, &str),
        _container: &str,
        _previous: bool,
    ) -> Option<Vec<(i64, String)>> {
        None
    }
}
