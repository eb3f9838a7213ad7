//! `kubectl apply --prune`: what was applied once and is in no file any more is deleted.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/prune.go`, `…/pkg/util/prune/prune.go`.

use super::apply;
use super::files::Document;
use super::flags::Args;
use super::ground::Context;
use super::select::{self, Found};
use super::send::{DryRun, Mode, Printer};
use crate::api::timestamp::Moment;
use crate::api::{Resource, Tree};
use crate::client::{Failure, discovery};
use crate::terminal::world::Change;

/// What is pruned where nobody says otherwise: kinds by their group and version.
const DEFAULTS: [(&str, &[&str]); 5] = [
    (
        "v1",
        &[
            "ConfigMap",
            "Endpoints",
            "PersistentVolumeClaim",
            "Pod",
            "ReplicationController",
            "Secret",
            "Service",
        ],
    ),
    ("batch/v1", &["Job", "CronJob"]),
    ("networking.k8s.io/v1", &["Ingress"]),
    ("apps/v1", &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("v1", &["Namespace", "PersistentVolume"]),
];

/// Of which resources objects are pruned.
#[derive(Clone)]
pub struct Allowlist {
    resources: Vec<Resource>,
    is_default: bool,
}

impl Allowlist {
    /// What a command line allows; none if it does not prune.
    ///
    /// # Errors
    /// A resource that cannot be read, or that is not there.
    pub fn of(args: &Args, context: &Context) -> Result<Option<Self>, Failure> {
        if !args.flag("prune") {
            return Ok(None);
        }
        let mut resources = Vec::new();
        for text in args.texts("prune-allowlist").flat_map(|list| list.split(',')) {
            resources.push(allowed(text, context)?);
        }
        let is_default = resources.is_empty();
        if is_default {
            let kinds = DEFAULTS.iter().flat_map(|(version, kinds)| {
                kinds.iter().filter_map(|kind| Resource::of_kind(kind, version))
            });
            resources.extend(kinds);
        }
        Ok(Some(Self { resources, is_default }))
    }

    /// Deletes what has the labels that the command line asks for, was applied once, and is none of
    /// the objects applied just then: in the namespaces of these objects, and outside of all.
    ///
    /// # Errors
    /// The server's refusal, or a selector that it cannot read.
    pub fn prune(
        &self,
        args: &Args,
        mode: Mode,
        applied: &[Document],
        context: &mut Context,
    ) -> Result<(), Failure> {
        if self.is_default {
            warn(context);
        }
        let seen = Seen::of(args, applied, context);
        let mut printer = Printer::of(args, mode, context)?;
        let (inside, outside): (Vec<&Resource>, Vec<&Resource>) =
            self.resources.iter().partition(|resource| resource.is_namespaced);
        let mut is_first = true;
        for namespace in &seen.namespaces {
            for resource in &inside {
                if is_first {
                    select::warn_of_version(resource, context);
                }
                let place = (*resource, namespace.as_str());
                prune(args, mode, place, &seen, &mut printer, context)?;
            }
            is_first = false;
        }
        for resource in outside {
            prune(args, mode, (resource, ""), &seen, &mut printer, context)?;
        }
        printer.finish(context)
    }
}

/// What was applied just then.
struct Seen {
    uids: Vec<String>,
    /// Sorted, each once.
    namespaces: Vec<String>,
}

impl Seen {
    fn of(args: &Args, applied: &[Document], context: &Context) -> Self {
        let mut seen = Self { uids: Vec::new(), namespaces: Vec::new() };
        for document in applied {
            let Some(resource) = discovery::of(context.world, &document.object) else { continue };
            let meta = document.object.at("metadata");
            let namespace = meta.opt_text("namespace").unwrap_or_else(|| select::namespace(args));
            if resource.is_namespaced {
                seen.namespaces.push(namespace.into());
            }
            if let Ok(object) = context.world.get(&resource, namespace, meta.text("name")) {
                seen.uids.push(object.at("metadata").text("uid").into());
            }
        }
        seen.namespaces.sort();
        seen.namespaces.dedup();
        seen
    }
}

/// Prunes the objects of one resource in a namespace.
fn prune(
    args: &Args,
    mode: Mode,
    (resource, namespace): (&Resource, &str),
    seen: &Seen,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let labels = select::labels(args, resource)?;
    for object in context.world.list(resource) {
        let meta = object.at("metadata");
        let is_left = meta.text("namespace") == namespace
            && labels.matches(&object)
            && apply::last_applied(&object).is_some()
            && !seen.uids.iter().any(|uid| uid == meta.text("uid"));
        if !is_left {
            continue;
        }
        let found = Found { resource: *resource, object };
        if mode.dry_run != DryRun::Client {
            let propagation = match args.text("cascade") {
                Some("foreground") => "Foreground",
                Some("orphan") => "Orphan",
                _ => "Background",
            };
            let change =
                Change::Delete { grace_period_seconds: None, propagation: propagation.into() };
            mode.change(&found, change, context)?;
        }
        printer.done(&found.title(), "pruned", &found.object, context);
    }
    Ok(())
}

/// The resource of `group/version/kind`.
fn allowed(text: &str, context: &Context) -> Result<Resource, Failure> {
    let [group, version, kind] = text.split('/').collect::<Vec<_>>()[..] else {
        return Err(Failure::error(format!(
            "invalid GroupVersionKind format: {text}, please follow <group/version/kind>"
        )));
    };
    let api_version = match group {
        "" | "core" => version.to_owned(),
        group => format!("{group}/{version}"),
    };
    discovery::of_kind(context.world, kind, &api_version).ok_or_else(|| {
        Failure::error(format!("no matches for kind \"{kind}\" in version \"{api_version}\""))
    })
}

fn warn(context: &mut Context) {
    let Moment { month, day, hour, minute, second, milli, .. } = Moment::of(context.world.now());
    context.out.error(&format!(
        "W{month:02}{day:02} {hour:02}:{minute:02}:{second:02}.{milli:03}000    4242 prune.go:71] \
         Deprecated: kubectl apply will no longer prune non-namespaced resources by default when \
         used with the --namespace flag in a future release. To preserve the current behaviour, \
         list the resources you want to target explicitly in the --prune-allowlist flag."
    ));
}
