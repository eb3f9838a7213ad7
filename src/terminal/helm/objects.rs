//! The objects of a release in the cluster: created, changed, deleted.
//!
//! Upstream: `pkg/kube/client.go`, `pkg/action/validate.go`.

use super::ground::{Context, Failure};
use super::render::{Part, Rendered, rank};
use crate::api::Resource;
use crate::api::{Status, StatusReason, Tree};
use crate::client::{discovery, patch};
use crate::terminal::world::{Change, FieldValidation, Request, World};
use serde_json::Value;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The order in which kinds are deleted.
const DELETED: [&str; 8] = [
    "APIService",
    "Ingress",
    "IngressClass",
    "Service",
    "CronJob",
    "Job",
    "StatefulSet",
    "HorizontalPodAutoscaler",
];

/// An object of a release.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its resource.
    pub resource: Resource,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// As the chart writes it.
    pub object: Value,
}

impl Target {
    fn request(&self, change: Change) -> Request {
        Request {
            kind: self.resource.kind.into(),
            api_version: self.resource.api_version.into(),
            namespace: if self.resource.is_namespaced {
                self.namespace.clone()
            } else {
                String::new()
            },
            name: self.name.clone(),
            change,
            dry_run: false,
            field_validation: FieldValidation::Warn,
            field_manager: "helm".into(),
        }
    }

    /// As it is sent: in its namespace.
    fn placed(&self) -> Value {
        let mut object = self.object.clone();
        if self.resource.is_namespaced {
            object.open("metadata").put("namespace", self.namespace.as_str());
        }
        object
    }

    /// The living object.
    pub fn live(&self, context: &Context) -> Option<Rc<Value>> {
        context.world.get(&self.resource, &self.namespace, &self.name).ok()
    }

    /// Whether two are the same object.
    pub fn is(&self, other: &Self) -> bool {
        self.resource.kind == other.resource.kind
            && self.namespace == other.namespace
            && self.name == other.name
    }

    /// Whether it stays when the release goes.
    pub fn is_kept(&self) -> bool {
        let policy = self.object.at("metadata").at("annotations").text("helm.sh/resource-policy");
        policy.trim().eq_ignore_ascii_case("keep")
    }
}

/// The objects of manifests.
///
/// # Errors
/// A kind that the server does not serve.
pub fn targets(parts: &[Part], namespace: &str, world: &dyn World) -> Result<Vec<Target>, Failure> {
    let mut all = Vec::new();
    for part in parts {
        let object = &part.object;
        let (kind, version) = (object.text("kind"), object.text("apiVersion"));
        let Some(resource) = discovery::of_kind(world, kind, version) else {
            let name = object.at("metadata").text("name");
            return Err(Failure::new(format!(
                "unable to build kubernetes objects from release manifest: resource mapping not \
                 found for name: \"{name}\" namespace: \"\" from \"\": no matches for kind \
                 \"{kind}\" in version \"{version}\"\nensure CRDs are installed first"
            )));
        };
        let meta = object.at("metadata");
        all.push(Target {
            resource,
            namespace: meta.opt_text("namespace").unwrap_or(namespace).into(),
            name: meta.text("name").into(),
            object: object.clone(),
        });
    }
    Ok(all)
}

/// The objects of a manifest that a release keeps.
pub fn of_manifest(manifest: &str, namespace: &str, world: &dyn World) -> Vec<Target> {
    let files = BTreeMap::from([("manifest".to_owned(), manifest.to_owned())]);
    let rendered: Rendered = super::render::sorted(&files).unwrap_or_default();
    targets(&rendered.parts, namespace, world).unwrap_or_default()
}

/// Marks objects as those of a release.
pub fn mark(targets: &mut [Target], release: &str, namespace: &str) {
    for target in targets {
        let meta = target.object.open("metadata");
        meta.open("labels").put("app.kubernetes.io/managed-by", "Helm");
        meta.open("annotations").put("meta.helm.sh/release-name", release);
        meta.open("annotations").put("meta.helm.sh/release-namespace", namespace);
    }
}

/// Checks that objects which are there already belong to the release.
///
/// # Errors
/// What is missing.
pub fn check_owner(
    targets: &[Target],
    release: &str,
    namespace: &str,
    context: &Context,
) -> Result<(), Failure> {
    for target in targets {
        let Some(live) = target.live(context) else { continue };
        let meta = live.at("metadata");
        let mut wrong = Vec::new();
        let mut check = |what: &str, map: &str, key: &str, wanted: &str| {
            let found = meta.at(map).opt_text(key);
            match found {
                Some(found) if found == wanted => {}
                Some(found) => wrong.push(format!(
                    "{what} validation error: key \"{key}\" must equal \"{wanted}\": current value \
                     is \"{found}\""
                )),
                None => wrong.push(format!(
                    "{what} validation error: missing key \"{key}\": must be set to \"{wanted}\""
                )),
            }
        };
        check("label", "labels", "app.kubernetes.io/managed-by", "Helm");
        check("annotation", "annotations", "meta.helm.sh/release-name", release);
        check("annotation", "annotations", "meta.helm.sh/release-namespace", namespace);
        if !wrong.is_empty() {
            return Err(Failure::new(format!(
                "{} \"{}\" in namespace \"{}\" exists and cannot be imported into the current \
                 release: invalid ownership metadata; {}",
                target.resource.kind,
                target.name,
                if target.resource.is_namespaced { &target.namespace } else { "" },
                wrong.join("; ")
            )));
        }
    }
    Ok(())
}

fn send(target: &Target, change: Change, context: &mut Context) -> Result<Value, Status> {
    let reply = context.world.request(&target.request(change))?;
    for warning in &reply.warnings {
        context
            .out
            .error(&format!("W{} warnings.go:70] {warning}", klog_time(context.world.now())));
    }
    Ok(reply.object)
}

fn klog_time(now: i64) -> String {
    let moment = crate::api::timestamp::Moment::of(now);
    let (month, day, hour) = (moment.month, moment.day, moment.hour);
    format!(
        "{month:02}{day:02} {hour:02}:{:02}:{:02}.{:03}000    4242",
        moment.minute, moment.second, moment.milli
    )
}

/// Creates objects. Those that are there already and belong to the release are changed.
///
/// # Errors
/// The server's refusals, as Helm lists them.
pub fn create(targets: &[Target], context: &mut Context) -> Result<(), Failure> {
    let mut refused = Vec::new();
    for target in targets {
        if target.live(context).is_some() {
            change(target, None, context)?;
            continue;
        }
        if let Err(status) = send(target, Change::Create(target.placed()), context) {
            refused.push(status.message);
        }
    }
    match refused.as_slice() {
        [] => Ok(()),
        [one] => Err(Failure::new(format!("1 error occurred:\n\t* {one}\n\n"))),
        all => {
            let list: Vec<String> = all.iter().map(|it| format!("\t* {it}")).collect();
            Err(Failure::new(format!("{} errors occurred:\n{}\n\n", all.len(), list.join("\n"))))
        }
    }
}

/// Changes an object that is there into what the chart writes now.
fn change(target: &Target, before: Option<&Value>, context: &mut Context) -> Result<(), Failure> {
    let Some(live) = target.live(context) else { return Ok(()) };
    let new = target.placed();
    // Of what Helm knows no type of, it compares two manifests, whatever others have changed.
    let base = before.filter(|_| target.resource.is_custom()).unwrap_or(&live);
    let (kind, patch) = patch::between(&target.resource, before, &new, base);
    if patch.as_object().is_some_and(serde_json::Map::is_empty) {
        return Ok(());
    }
    match send(target, Change::Patch(kind, patch), context) {
        Ok(_) => Ok(()),
        Err(status) => {
            let (name, kind) = (&target.name, target.resource.kind);
            let message = match status.reason == StatusReason::Invalid && status.kind.is_empty() {
                true => format!(" {}", status.message),
                false => status.message,
            };
            Err(Failure::new(format!("cannot patch \"{name}\" with kind {kind}: {message}")))
        }
    }
}

/// Makes the objects of a release into those of another: creates, changes, deletes.
///
/// # Errors
/// The first refusal of the server.
pub fn update(
    original: &[Target],
    wanted: &[Target],
    context: &mut Context,
) -> Result<(), Failure> {
    for target in wanted {
        if target.live(context).is_none() {
            create(std::slice::from_ref(target), context).map_err(|failure| {
                let why = failure.0.trim_start_matches("1 error occurred:\n\t* ").trim().to_owned();
                Failure::new(format!("failed to create resource: {why}"))
            })?;
            continue;
        }
        let before = original.iter().find(|it| it.is(target)).map(Target::placed);
        change(target, before.as_ref(), context)?;
    }
    let gone: Vec<Target> = original
        .iter()
        .filter(|it| !wanted.iter().any(|target| target.is(it)) && !it.is_kept())
        .cloned()
        .collect();
    delete(&gone, "Background", context);
    Ok(())
}

/// Deletes objects, in the order in which Helm does.
pub fn delete(targets: &[Target], propagation: &str, context: &mut Context) {
    let mut all: Vec<&Target> = targets.iter().collect();
    all.sort_by_key(|target| {
        let kind = target.resource.kind;
        match DELETED.iter().position(|own| *own == kind) {
            Some(at) => (0, at),
            None => (1, usize::MAX - rank(kind).0),
        }
    });
    for target in all {
        let change = Change::Delete { grace_period_seconds: None, propagation: propagation.into() };
        // What is gone already need not be deleted.
        let _gone = send(target, change, context);
    }
}
