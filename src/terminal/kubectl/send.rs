//! What verbs that change objects share: dry runs, field validation, printing what was done.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go`, GetDryRunStrategy,
//! GetValidationDirective.

use super::flags::Args;
use super::get::{self, Format};
use super::select::Found;
use super::{Context, Failure};
use crate::api::Resource;
use crate::api::timestamp::Moment;
use crate::api::{Status, StatusReason, Tree};
use crate::terminal::world::{Change, FieldValidation, PatchType, Reply, Request};
use serde_json::{Value, json};

/// The annotation that says why an object was changed.
pub const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// Where a change is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DryRun {
    /// For real.
    None,
    /// Nowhere: kubectl prints what it would send.
    Client,
    /// On the server, which stores nothing.
    Server,
}

/// How a verb changes objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Where.
    pub dry_run: DryRun,
    /// What becomes of unknown fields.
    pub validation: FieldValidation,
}

impl Mode {
    /// The mode that a command line asks for.
    ///
    /// # Errors
    /// A value that a flag does not know.
    pub fn of(args: &Args, context: &mut Context) -> Result<Self, Failure> {
        let dry_run = match args.text("dry-run") {
            _ if args.flag("local") => DryRun::Client,
            None | Some("none") => DryRun::None,
            Some("client") => DryRun::Client,
            Some("server") => DryRun::Server,
            Some("unchanged") => {
                let now = Moment::of(context.world.now());
                let Moment { month, day, hour, minute, second, milli, .. } = now;
                context.out.error(&format!(
                    "W{month:02}{day:02} {hour:02}:{minute:02}:{second:02}.{milli:03}000    4242 \
                     helpers.go:719] --dry-run is deprecated and can be replaced with \
                     --dry-run=client."
                ));
                DryRun::Client
            }
            Some(other) => {
                return Err(Failure::error(format!(
                    "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
                )));
            }
        };
        let validation = match args.text("validate") {
            Some("warn") => FieldValidation::Warn,
            Some("ignore" | "false") => FieldValidation::Ignore,
            None | Some("strict" | "true" | "unchanged") => FieldValidation::Strict,
            Some(other) => {
                return Err(Failure::error(format!(
                    "invalid - validate option \"{other}\"; must be one of: strict (or true), \
                     warn, ignore (or false)"
                )));
            }
        };
        Ok(Self { dry_run, validation })
    }

    /// What stands behind the words that say what was done.
    pub fn suffix(self) -> &'static str {
        match self.dry_run {
            DryRun::None => "",
            DryRun::Client => " (dry run)",
            DryRun::Server => " (server dry run)",
        }
    }

    /// Sends a change, and prints what the server warns of.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn send(
        self,
        resource: &Resource,
        (namespace, name): (&str, &str),
        change: Change,
        context: &mut Context,
    ) -> Result<Reply, Status> {
        let request = Request {
            kind: resource.kind.into(),
            api_version: resource.api_version.into(),
            namespace: if resource.is_namespaced { namespace.into() } else { String::new() },
            name: name.into(),
            change,
            dry_run: self.dry_run == DryRun::Server,
            field_validation: self.validation,
        };
        let reply = context.world.request(&request)?;
        for warning in &reply.warnings {
            context.out.error(&format!("Warning: {warning}"));
        }
        Ok(reply)
    }

    /// Writes down why an object was changed, if `--record` asks for it.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn record(self, args: &Args, found: &Found, context: &mut Context) -> Result<(), Status> {
        if !args.flag("record") || self.dry_run != DryRun::None {
            return Ok(());
        }
        let annotations = json!({CHANGE_CAUSE: args.command()});
        let patch = json!({"metadata": {"annotations": annotations}});
        self.change(found, Change::Patch(PatchType::Merge, patch), context).map(|_| ())
    }

    /// Sends a change of an object that was found.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn change(
        self,
        found: &Found,
        change: Change,
        context: &mut Context,
    ) -> Result<Reply, Status> {
        let (namespace, name) = (found.namespace().to_owned(), found.name().to_owned());
        self.send(&found.resource, (&namespace, &name), change, context)
    }
}

/// Prints what was done to objects: a line each, or the objects themselves with `-o`.
pub struct Printer {
    format: Option<Format>,
    suffix: &'static str,
    objects: Vec<Value>,
}

impl Printer {
    /// The printer that a command line asks for.
    ///
    /// # Errors
    /// An unknown format.
    pub fn of(args: &Args, mode: Mode, context: &Context) -> Result<Self, Failure> {
        let format = match args.text("output") {
            None | Some("") => None,
            Some(_) => Some(Format::of(args, context)?),
        };
        Ok(Self { format, suffix: mode.suffix(), objects: Vec::new() })
    }

    /// Says that something was done to an object.
    pub fn done(&mut self, title: &str, verb: &str, object: &Value, context: &mut Context) {
        match self.format {
            None => context.out.line(&format!("{title} {verb}{}", self.suffix)),
            Some(Format::Name) => context.out.line(title),
            Some(_) => {
                let mut object = object.clone();
                object.open("metadata").drop_field("managedFields");
                self.objects.push(object);
            }
        }
    }

    /// Prints the objects, if they were asked for.
    ///
    /// # Errors
    /// A template that fails.
    pub fn finish(&self, context: &mut Context) -> Result<(), Failure> {
        let (Some(format), false) = (&self.format, self.objects.is_empty()) else {
            return Ok(());
        };
        let value = match self.objects.as_slice() {
            [one] => one.clone(),
            all => json!({
                "apiVersion": "v1",
                "items": all,
                "kind": "List",
                "metadata": {"resourceVersion": ""},
            }),
        };
        let text = get::print_value(format, &value)?;
        context.out.print(&text);
        Ok(())
    }
}

/// A refusal with what kubectl was doing before its message.
pub fn while_doing(mut status: Status, doing: &str) -> Failure {
    let is_told_whole = status.reason == StatusReason::Invalid;
    if !is_told_whole {
        status.message = format!("{doing}: {}", status.message);
    }
    Failure::Server(status)
}

/// Prints failures and gives the exit status. Before one of several there is no `error: `.
pub fn tell(failures: &[Failure], context: &mut Context) -> i32 {
    let text = |failure: &Failure| match failure {
        Failure::Error(text) if failures.len() > 1 => text.clone(),
        failure => failure.text(),
    };
    for text in failures.iter().map(text).filter(|text| !text.is_empty()) {
        context.out.error(&text);
    }
    i32::from(!failures.is_empty())
}
