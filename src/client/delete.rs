//! Deleting objects.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go`, DeleteResult, PrintObj.

use super::Output;
use super::send::{Client, DryRun, Found};
use super::server::{Change, Server};
use crate::api::{Status, Tree};

/// What is printed before objects go without waiting for their containers.
const FORCED: &str = "Warning: Immediate deletion does not wait for confirmation that the running \
    resource has been terminated. The resource may continue to run on the cluster indefinitely.";

/// How objects are deleted.
#[derive(Clone, Copy, Debug)]
pub struct Deletion {
    /// Grace period in seconds: the object's own if none, at once if 0.
    pub grace: Option<i64>,
    /// What becomes of dependents: `Background`, `Foreground` or `Orphan`.
    pub propagation: &'static str,
    /// Whether only names are printed (`-o name`).
    pub prints_names: bool,
}

impl Default for Deletion {
    fn default() -> Self {
        Self { grace: None, propagation: "Background", prints_names: false }
    }
}

impl Deletion {
    /// Prints what is to be known before objects are deleted in this way.
    pub fn warn(self, out: &mut Output) {
        if self.grace == Some(0) {
            out.error(FORCED);
        }
    }
}

/// Deletes an object and prints a line for it.
///
/// # Errors
/// The server's refusal.
pub fn one(client: &mut Client, found: &Found, how: Deletion) -> Result<(), Status> {
    if client.mode.dry_run != DryRun::Client {
        request(client, found, how)?;
    }
    let verb = if how.grace == Some(0) { "force deleted" } else { "deleted" };
    match how.prints_names {
        true => client.out.line(&found.title()),
        false => {
            let suffix = client.mode.suffix();
            client.out.line(&format!("{}{suffix}", line(found, verb)));
        }
    }
    Ok(())
}

/// Sends a deletion.
///
/// # Errors
/// The server's refusal.
pub fn request(client: &mut Client, found: &Found, how: Deletion) -> Result<(), Status> {
    let change =
        Change::Delete { grace_period_seconds: how.grace, propagation: how.propagation.into() };
    client.change(found, change).map(drop)
}

/// The line that says that an object was deleted.
pub fn line(found: &Found, verb: &str) -> String {
    let kind = found.resource.singular_with_group();
    line_of(&kind, (found.namespace(), found.name()), verb)
}

/// The same for an object of this name and of a kind as kubectl calls it.
pub fn line_of(kind: &str, (namespace, name): (&str, &str), verb: &str) -> String {
    let from = match namespace {
        "" => String::new(),
        namespace => format!(" from {namespace} namespace"),
    };
    format!("{kind} \"{name}\" {verb}{from}")
}

/// Whether this very object is still there.
pub fn is_there(found: &Found, server: &dyn Server) -> bool {
    let uid = server.uid(&found.resource, found.namespace(), found.name());
    uid.is_some_and(|uid| uid == found.object.at("metadata").text("uid"))
}
