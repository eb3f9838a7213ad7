//! Which resources a server serves, and which of them a word, a kind or an object means.
//!
//! Built-in resources come first, and only what none of them is makes a client ask for the others.
//!
//! Upstream: `staging/src/k8s.io/client-go/restmapper/{discovery,shortcut}.go`.

use super::server::Server;
use crate::api::{Resource, Tree};
use serde_json::Value;

/// Every resource that a server serves.
pub fn resources(server: &dyn Server) -> Vec<Resource> {
    let version = server.kubernetes().version;
    Resource::all().filter(|it| it.is_of(version)).chain(server.defined()).collect()
}

/// The resource that an argument names at a server.
pub fn named(server: &dyn Server, argument: &str) -> Option<Resource> {
    built_in(server, Resource::named(argument))
        .or_else(|| Resource::named_among(server.defined(), argument))
}

/// The resource of a kind in a group and version.
pub fn of_kind(server: &dyn Server, kind: &str, api_version: &str) -> Option<Resource> {
    built_in(server, Resource::of_kind(kind, api_version)).or_else(|| {
        let is_it = |it: &Resource| it.kind == kind && it.is_served_in(api_version);
        server.defined().into_iter().find(is_it)
    })
}

/// A resource of the table, if the server's version has it.
fn built_in(server: &dyn Server, found: Option<Resource>) -> Option<Resource> {
    found.filter(|it| it.is_of(server.kubernetes().version))
}

/// The resource of an object.
pub fn of(server: &dyn Server, object: &Value) -> Option<Resource> {
    of_kind(server, object.text("kind"), object.text("apiVersion"))
}

/// The resource that a short name could mean as well, were it not for the one that it means.
pub fn shadowed_by_short_name(server: &dyn Server, argument: &str) -> Option<Resource> {
    Resource::shadowed_among(resources(server), argument)
}
