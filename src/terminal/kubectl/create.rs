//! `kubectl create` and `kubectl replace`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/create/`, `…/cmd/replace/replace.go`.

use super::apply::{self, annotated};
use super::delete::{self, Deletion};
use super::each::{Work, each};
use super::files::{self, Document};
use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found};
use super::send::{self, DryRun, Mode, Printer};
use crate::api::Resource;
use crate::api::{StatusReason, Tree};
use crate::client::{Failure, failure};
use crate::terminal::job::{self, Progress};
use crate::terminal::world::Change;
use serde_json::Value;
use std::rc::Rc;

/// Runs `create -f`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("Unexpected args: [{}]", args.words.join(" "));
        return Err(Failure::usage("create", &text));
    }
    if !args.has("filename") {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    let mode = Mode::of(args, context)?;
    let printer = Printer::of(args, mode, context)?;
    let documents = files::documents(args, context)?;
    let (args, failures) = (args.clone(), Vec::new());
    each(documents, Sending { args, mode, printer, failures, one: create_one }, context)
}

/// Sends an object, of a resource and in a namespace.
type One = fn(&mut Sending, (&Resource, &str), &Document, &mut Context) -> Result<(), Failure>;

/// What is done with each document.
#[derive(Clone)]
struct Sending {
    args: Args,
    mode: Mode,
    printer: Printer,
    failures: Vec<Failure>,
    one: One,
}

impl Work for Sending {
    type Item = Document;

    fn one(&mut self, document: Document, context: &mut Context) -> Result<(), Failure> {
        let done = apply::mapped(&document, context.world).and_then(|resource| {
            let namespace = namespace_of(&self.args, &document.object).to_owned();
            (self.one)(self, (&resource, &namespace), &document, context)
        });
        self.failures.extend(done.err());
        Ok(())
    }

    fn end(mut self, context: &mut Context) -> Done {
        failure::mapping_last(&mut self.failures);
        self.printer.finish(context)?;
        Ok(Progress::Done(send::tell(&self.failures, context)))
    }
}

fn create_one(
    Sending { args, mode, printer, .. }: &mut Sending,
    (resource, namespace): (&Resource, &str),
    document: &Document,
    context: &mut Context,
) -> Result<(), Failure> {
    let object = match args.flag("save-config") {
        true => annotated(&document.object, resource, namespace),
        false => document.object.clone(),
    };
    let name = object.at("metadata").text("name").to_owned();
    let object = if mode.dry_run == DryRun::Client {
        let mut object = object;
        if resource.is_namespaced {
            object.open("metadata").put("namespace", namespace);
        }
        object
    } else {
        let doing = format!("error when creating \"{}\"", document.file);
        let sent = mode.send(resource, (namespace, &name), Change::Create(object), context);
        sent.map_err(|status| send::while_doing(status, &doing))?.object
    };
    let name = object.at("metadata").text("name");
    printer.done(&resource.object(name), "created", &object, context);
    Ok(())
}

fn namespace_of<'a>(args: &'a Args, object: &'a Value) -> &'a str {
    object.at("metadata").opt_text("namespace").unwrap_or_else(|| select::namespace(args))
}

/// Runs `replace`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn replace(args: &Args, context: &mut Context) -> Done {
    if !args.has("filename") {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    if args.number("grace-period").is_some_and(|seconds| seconds >= 0) && !args.flag("force") {
        return Err(Failure::error("--grace-period must have --force specified"));
    }
    let mode = Mode::of(args, context)?;
    let printer = Printer::of(args, mode, context)?;
    let documents = files::documents(args, context)?;
    if args.flag("force") {
        return force(args, mode, &documents, context);
    }
    let (args, failures) = (args.clone(), Vec::new());
    each(documents, Sending { args, mode, printer, failures, one: replace_one }, context)
}

fn replace_one(
    Sending { args, mode, printer, .. }: &mut Sending,
    (resource, namespace): (&Resource, &str),
    document: &Document,
    context: &mut Context,
) -> Result<(), Failure> {
    let name = document.object.at("metadata").text("name");
    let doing = format!("error when replacing \"{}\"", document.file);
    let mut object = document.object.clone();
    if apply::last_applied(&object).is_some() || args.flag("save-config") {
        object = annotated(&object, resource, namespace);
    } else if resource.is_namespaced {
        object.open("metadata").put("namespace", namespace);
    }
    let sent = mode.send(resource, (namespace, name), Change::Replace(object), context);
    let reply = sent.map_err(|status| send::while_doing(status, &doing))?;
    printer.done(&resource.object(name), "replaced", &reply.object, context);
    Ok(())
}

/// `replace --force`: the objects are deleted and, when they are gone, created again.
fn force(args: &Args, mode: Mode, documents: &[files::Document], context: &mut Context) -> Done {
    let mut gone = Vec::new();
    let mut created = Vec::new();
    for document in documents {
        let resource = apply::mapped(document, context.world)?;
        let namespace = namespace_of(args, &document.object);
        let name = document.object.at("metadata").text("name");
        match context.world.get(&resource, namespace, name) {
            Ok(object) => {
                let found = Found { resource, object };
                delete::request(&mut context.client(mode), &found, Deletion::default())?;
                context.out.line(&delete::line(&found, "deleted"));
                gone.push(found);
            }
            Err(status) if status.reason == StatusReason::NotFound => {}
            Err(status) => return Err(status.into()),
        }
        created.push((resource, namespace.to_owned(), document.object.clone()));
    }
    let job =
        delete::Wait::new(gone, None, context.world.now()).then(Rc::new(move |world, out| {
            let mut failed = false;
            for (resource, namespace, object) in &created {
                let name = object.at("metadata").text("name");
                let mut context =
                    Context { manager: "kubectl-replace".into(), ..Context::later(world, out) };
                let sent = mode.send(
                    resource,
                    (namespace, name),
                    Change::Create(object.clone()),
                    &mut context,
                );
                match sent {
                    Ok(_) => out.line(&format!("{} replaced", resource.object(name))),
                    Err(status) => {
                        out.error(&status.kubectl());
                        failed = true;
                    }
                }
            }
            i32::from(failed)
        }));
    Ok(job::start(job, context.world, context.out))
}
