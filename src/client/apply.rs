//! Applying a manifest: each object is created, or patched by what differs from its last version.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go`, applyOneObject, patcher.go.

use super::documents::{self, Document};
use super::send::{Client, DryRun, Found, Report};
use super::server::{Change, Server};
use super::{Failure, discovery, failure, patch};
use crate::api::decode::{self, DecodeReason};
use crate::api::path::PathStep;
use crate::api::{Resource, StatusReason, Tree, change, json};
use serde_json::Value;

/// The annotation in which kubectl keeps the manifest that it applied last.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Who owns the fields that `kubectl apply` writes on the client's side.
pub const MANAGER: &str = "kubectl-client-side-apply";

/// The namespace that objects belong to where nobody names one.
pub const NAMESPACE: &str = "default";

/// Applies all documents, each independently of the others, prints what was done, then what was
/// refused. Returns the refusals.
pub fn all(client: &mut Client, documents: &[Document], report: &mut dyn Report) -> Vec<Failure> {
    let mut failures = Vec::new();
    for document in documents {
        failures.extend(one(client, document, NAMESPACE, report).err());
    }
    failure::mapping_first(&mut failures);
    failure::tell(&failures, client.out);
    failures
}

/// Applies one document; `namespace` is that of objects which name none.
///
/// # Errors
/// What kubectl or the server refuses.
pub fn one(
    client: &mut Client,
    document: &Document,
    namespace: &str,
    report: &mut dyn Report,
) -> Result<(), Failure> {
    let resource = mapped(document, client.server)?;
    let meta = document.object.at("metadata");
    let name = named(&resource, document, namespace)?;
    let namespace = meta.opt_text("namespace").unwrap_or(namespace);
    let new = annotated(&document.object, &resource, namespace);
    match client.server.get(&resource, namespace, name) {
        Ok(object) => patch(client, &new, &Found { resource, object }, &document.file, report),
        Err(status) if status.reason == StatusReason::NotFound => {
            let object = match client.mode.dry_run {
                DryRun::Client => new,
                _ => {
                    let reply = client.send(&resource, (namespace, name), Change::Create(new));
                    let doing = || format!("error when creating \"{}\"", document.file);
                    reply.map_err(|status| Failure::doing(status, &doing()))?.object
                }
            };
            report.done(&resource.object(name), "created", &object, client.out);
            Ok(())
        }
        Err(status) => Err(status.into()),
    }
}

/// The name of the object in a document, which must have one that can stand in a path.
///
/// # Errors
/// It has none, or another.
pub fn named<'a>(
    resource: &Resource,
    document: &'a Document,
    namespace: &str,
) -> Result<&'a str, Failure> {
    let meta = document.object.at("metadata");
    let name = meta.text("name");
    let why = match (name, meta.opt_text("generateName")) {
        ("", Some(prefix)) => {
            let text = format!("from {prefix}: cannot use generate name with apply");
            return Err(Failure::error(text));
        }
        ("", None) => "resource name may not be empty".to_owned(),
        (name, _) if name.contains('/') => {
            format!("invalid resource name \"{name}\": [may not contain '/']")
        }
        _ => return Ok(name),
    };
    Err(Failure::error(format!(
        "error when retrieving current configuration of:\n{}from server for: \"{}\": {why}",
        identity(resource, &document.object, namespace),
        document.file
    )))
}

/// Changes an object that exists.
#[inline(never)]
fn patch(
    client: &mut Client,
    new: &Value,
    found: &Found,
    file: &str,
    report: &mut dyn Report,
) -> Result<(), Failure> {
    let last = last_applied(&found.object);
    let is_dry = client.mode.dry_run == DryRun::Client;
    if last.is_none() && !is_dry {
        client.out.error(&format!("Warning: {}", missing_annotation(found)));
    }
    let (kind, patch) = patch::between(&found.resource, last.as_ref(), new, &found.object);
    let title = found.title();
    if patch.as_object().is_none_or(serde_json::Map::is_empty) {
        report.done(&title, "unchanged", &found.object, client.out);
        return Ok(());
    }
    if is_dry {
        let object = change::merged(&found.object, &Change::Patch(kind, patch))?;
        report.done(&title, "configured", &object, client.out);
        return Ok(());
    }
    let sent = client.change(found, Change::Patch(kind, patch.clone()));
    let reply = sent.map_err(|status| {
        let doing = format!(
            "error when applying patch:\n{patch}\nto:\n{}for: \"{file}\": error when patching \
             \"{file}\"",
            identity(&found.resource, &found.object, found.namespace())
        );
        Failure::doing(status, &doing)
    })?;
    warn_if_deleting(client, &found.object);
    report.done(&title, "configured", &reply.object, client.out);
    Ok(())
}

/// Warns of a change of an object that is being deleted.
pub fn warn_if_deleting(client: &mut Client, object: &Value) {
    let meta = object.at("metadata");
    if !meta.text("deletionTimestamp").is_empty() {
        client.out.error(&format!(
            "Warning: Detected changes to resource {} which is currently being deleted.",
            meta.text("name")
        ));
    }
}

/// The resource of a document, or why the server has none for it.
///
/// # Errors
/// An unknown kind, or metadata of a wrong type.
pub fn mapped(document: &Document, server: &dyn Server) -> Result<Resource, Failure> {
    let object = &document.object;
    let resource = discovery::of(server, object);
    if let Err(error) = decode::decode(object) {
        let first = error.complaints.first();
        match error.reason {
            DecodeReason::NoVersion => {
                return Err(Failure::Plain(format!(
                    "Error from server (NotFound): error when creating \"{}\": {error}",
                    document.file
                )));
            }
            DecodeReason::WrongType
                if first.is_some_and(|it| {
                    it.path.0.first() == Some(&PathStep::Key("metadata".into()))
                }) =>
            {
                let own = format!("{}.metadata ", error.kind);
                let text = first.map(|it| it.text.as_str()).unwrap_or_default();
                let text = text.replace(&own, "metadataOnlyObject.metadata ");
                let file = &document.file;
                return Err(Failure::error(format!("unable to decode \"{file}\": {text}")));
            }
            DecodeReason::LowerCaseKind => {
                return Err(Failure::Plain(format!(
                    "Error from server (BadRequest): error when creating \"{}\": {error}",
                    document.file
                )));
            }
            DecodeReason::UnknownKind if resource.is_none() => {
                let meta = object.at("metadata");
                return Err(Failure::error(format!(
                    "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{}\": \
                     {error}\nensure CRDs are installed first",
                    meta.text("name"),
                    meta.text("namespace"),
                    document.file
                )));
            }
            _ => {}
        }
    }
    resource.ok_or_else(|| documents::no_mapping(document))
}

/// How messages identify an object.
fn identity(resource: &Resource, object: &Value, namespace: &str) -> String {
    let version = match resource.group() {
        "" => format!("/{}", resource.version()),
        group => format!("{group}/{}", resource.version()),
    };
    format!(
        "Resource: \"{version}, Resource={}\", GroupVersionKind: \"{version}, Kind={}\"\n\
         Name: \"{}\", Namespace: \"{namespace}\"\n",
        resource.name,
        resource.kind,
        object.at("metadata").text("name")
    )
}

/// The object as kubectl sends it: with its namespace, and itself in an annotation.
pub fn annotated(object: &Value, resource: &Resource, namespace: &str) -> Value {
    let mut new = object.clone();
    let meta = new.open("metadata");
    if resource.is_namespaced {
        meta.put("namespace", namespace);
    }
    meta.open("annotations").drop_field(LAST_APPLIED);
    let text = format!("{new}\n");
    new.open("metadata").open("annotations").put(LAST_APPLIED, text);
    new
}

/// The manifest that was applied last, if it is known.
pub fn last_applied(object: &Value) -> Option<Value> {
    json::parse(object.at("metadata").at("annotations").opt_text(LAST_APPLIED)?).ok()
}

fn missing_annotation(found: &Found) -> String {
    format!(
        "resource {}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl \
         apply. kubectl apply should only be used on resources created declaratively by either \
         kubectl create --save-config or kubectl apply. The missing annotation will be patched \
         automatically.",
        found.resource.name,
        found.name()
    )
}
