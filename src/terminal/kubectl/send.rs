//! What verbs that change objects share: dry runs, field validation, printing what was done.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go`, GetDryRunStrategy,
//! GetValidationDirective.

use super::flags::Args;
use super::get::{self, Format};
use super::ground::Context;
use super::select::Found;
use crate::api::Resource;
use crate::api::timestamp::Moment;
use crate::api::{Status, Tree};
use crate::client::Failure;
pub use crate::client::Mode;
pub use crate::client::send::DryRun;
use crate::client::{self, Output, Report};
use crate::terminal::world::{Change, FieldValidation, PatchType, Reply};
use serde_json::{Value, json};

/// The annotation that says why an object was changed.
pub const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

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

    /// Sends a change, and prints what the server warns of.
    ///
    /// # Errors
    /// The server's refusal.
    pub fn send(
        self,
        resource: &Resource,
        object: (&str, &str),
        change: Change,
        context: &mut Context,
    ) -> Result<Reply, Status> {
        context.client(self).send(resource, object, change)
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
        context.client(self).change(found, change)
    }
}

/// Prints what was done to objects: a line each, or the objects themselves with `-o`.
#[derive(Clone)]
pub struct Printer {
    format: Option<Format>,
    hides_managed_fields: bool,
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
        let hides = format.as_ref().is_some_and(|it: &Format| it.hides_managed_fields(args));
        let (suffix, objects) = (mode.suffix(), Vec::new());
        Ok(Self { format, hides_managed_fields: hides, suffix, objects })
    }

    /// Says that something was done to an object.
    pub fn done(&mut self, title: &str, verb: &str, object: &Value, context: &mut Context) {
        Report::done(self, title, verb, object, context.out);
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

impl Report for Printer {
    fn done(&mut self, title: &str, verb: &str, object: &Value, out: &mut Output) {
        match self.format {
            None => out.line(&format!("{title} {verb}{}", self.suffix)),
            Some(Format::Name) => out.line(title),
            Some(_) => {
                let mut object = object.clone();
                if self.hides_managed_fields {
                    object.open("metadata").drop_field("managedFields");
                }
                self.objects.push(object);
            }
        }
    }
}

/// A refusal with what kubectl was doing before its message.
pub fn while_doing(status: Status, doing: &str) -> Failure {
    Failure::doing(status, doing)
}

/// Prints failures and gives the exit status.
pub fn tell(failures: &[Failure], context: &mut Context) -> i32 {
    client::tell(failures, context.out)
}
