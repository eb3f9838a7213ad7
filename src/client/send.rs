//! What every change of an object shares: dry runs, field validation, warnings, the line that tells.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go`, GetDryRunStrategy,
//! GetValidationDirective.

use super::server::{Change, FieldValidation, Reply, Request, Server};
use super::{Failure, Output};
use crate::api::{Resource, Status, Tree};
use serde_json::Value;
use std::rc::Rc;

/// Where a change is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DryRun {
    /// For real.
    #[default]
    None,
    /// Nowhere: kubectl prints what it would send.
    Client,
    /// On the server, which stores nothing.
    Server,
}

/// How objects are changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// Where.
    pub dry_run: DryRun,
    /// What becomes of unknown fields.
    pub validation: FieldValidation,
}

impl Mode {
    /// What stands behind the words that say what was done.
    pub fn suffix(self) -> &'static str {
        match self.dry_run {
            DryRun::None => "",
            DryRun::Client => " (dry run)",
            DryRun::Server => " (server dry run)",
        }
    }
}

/// An object that is there.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its resource.
    pub resource: Resource,
    /// The object.
    pub object: Rc<Value>,
}

impl Found {
    /// The object of this name.
    ///
    /// # Errors
    /// There is no such object.
    pub fn named(
        server: &dyn Server,
        resource: Resource,
        (namespace, name): (&str, &str),
    ) -> Result<Self, Failure> {
        let object = server.get(&resource, namespace, name)?;
        Ok(Self { resource, object })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.object.at("metadata").text("name")
    }

    /// Its namespace; empty if it has none.
    pub fn namespace(&self) -> &str {
        self.object.at("metadata").text("namespace")
    }

    /// As kubectl names it, such as `statefulset.apps/web`.
    pub fn title(&self) -> String {
        self.resource.object(self.name())
    }
}

/// A client at work.
pub struct Client<'a> {
    /// What it asks.
    pub server: &'a mut dyn Server,
    /// What it prints.
    pub out: &'a mut Output,
    /// How it changes objects.
    pub mode: Mode,
    /// Who owns the fields that it writes.
    pub manager: &'a str,
}

impl Client<'_> {
    /// Sends a change, and prints what the server warns of.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn send(
        &mut self,
        resource: &Resource,
        (namespace, name): (&str, &str),
        change: Change,
    ) -> Result<Reply, Status> {
        let reply = self.server.request(&Request {
            kind: resource.kind.into(),
            api_version: resource.api_version.into(),
            namespace: if resource.is_namespaced { namespace.into() } else { String::new() },
            name: name.into(),
            change,
            dry_run: self.mode.dry_run == DryRun::Server,
            field_validation: self.mode.validation,
            field_manager: self.manager.into(),
        })?;
        for warning in &reply.warnings {
            self.out.error(&format!("Warning: {warning}"));
        }
        Ok(reply)
    }

    /// Sends a change of an object that was found.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn change(&mut self, found: &Found, change: Change) -> Result<Reply, Status> {
        self.send(&found.resource, (found.namespace(), found.name()), change)
    }
}

/// How it is told that something was done to an object.
pub trait Report {
    /// Something was done: the object as kubectl names it, and what.
    fn done(&mut self, title: &str, verb: &str, object: &Value, out: &mut Output);
}

/// A line each.
pub struct Lines;

impl Report for Lines {
    fn done(&mut self, title: &str, verb: &str, _object: &Value, out: &mut Output) {
        out.line(&format!("{title} {verb}"));
    }
}
