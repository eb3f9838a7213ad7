//! Applying a manifest on the server's side: who owns which field decides what may change.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go`, applyOneObject,
//! saveLastApplyAnnotationIfNecessary, migrateToSSAIfNecessary.

use super::Failure;
use super::apply::{LAST_APPLIED, warn_if_deleting};
use super::documents::Document;
use super::send::{Client, Report};
use super::server::{Change, PatchType};
use crate::api::managed::{self, APPLY, KUBECTL};
use crate::api::{Resource, Status, StatusReason, Tree};
use serde_json::{Value, json};

/// Who keeps the annotation of `kubectl apply` that server-side apply does not know.
const KEEPER: &str = "kubectl-last-applied";

/// What a person can do about a conflict.
const ADVICE: &str = "Please review the fields above--they currently have other managers. Here\n\
    are the ways you can resolve this warning:\n\
    * If you intend to manage all of these fields, please re-run the apply\n  \
      command with the `--force-conflicts` flag.\n\
    * If you do not intend to manage all of the fields, please edit your\n  \
      manifest to remove references to the fields that should keep their\n  \
      current managers.\n\
    * You may co-own fields by updating your manifest to match the existing\n  \
      value; in this case, you'll become the manager if the other manager(s)\n  \
      stop managing the field (remove it from their configuration).\n\
    See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts";

/// Applies one document to an object in a namespace, by force if fields of others are to be taken.
///
/// # Errors
/// What the server refuses.
pub fn one(
    client: &mut Client,
    document: &Document,
    (resource, namespace): (&Resource, &str),
    forces: bool,
    report: &mut dyn Report,
) -> Result<(), Failure> {
    let mut said = document.object.clone();
    if resource.is_namespaced {
        said.open("metadata").put("namespace", namespace);
    }
    let name = said.at("metadata").text("name").to_owned();
    let key = (namespace, name.as_str());
    let change = Change::Apply { object: said, forces };
    let sent = client.send(resource, key, change.clone());
    let mut object = sent.map_err(refusal)?.object;
    let migrated = keep_annotation(client, (resource, key), &mut object)
        .and_then(|()| migrate(client, (resource, key), &mut object));
    match migrated {
        Ok(true) => {
            if let Ok(reply) = client.send(resource, key, change) {
                object = reply.object;
            }
        }
        Ok(false) => {}
        Err(status) => client.out.error(&format!(
            "Warning: server rejected managed fields migration to Server-Side Apply. This is \
             non-fatal and will be retried next time you apply. Error: {}",
            status.message
        )),
    }
    warn_if_deleting(client, &object);
    report.done(&resource.object(&name), "serverside-applied", &object, client.out);
    Ok(())
}

fn refusal(status: Status) -> Failure {
    match status.reason {
        StatusReason::Conflict => Failure::error(format!("{}\n{ADVICE}", status.message)),
        _ => Failure::Server(status),
    }
}

/// Gives the annotation of `kubectl apply` a manager of its own, or it would go.
fn keep_annotation(
    client: &mut Client,
    (resource, key): (&Resource, (&str, &str)),
    object: &mut Value,
) -> Result<(), Status> {
    let meta = object.at("metadata");
    let is_kept = |it: &Value| it.text("operation") == APPLY && managed::owns_annotation(it);
    let text = meta.at("annotations").opt_text(LAST_APPLIED);
    let Some(text) = text.filter(|_| client.manager == KUBECTL) else { return Ok(()) };
    if meta.items("managedFields").iter().any(is_kept) {
        return Ok(());
    }
    let mut said = json!({
        "apiVersion": resource.api_version,
        "kind": resource.kind,
        "metadata": {"name": key.1, "annotations": {LAST_APPLIED: text}},
    });
    if resource.is_namespaced {
        said.open("metadata").put("namespace", key.0);
    }
    let mut keeper =
        Client { server: client.server, out: client.out, mode: client.mode, manager: KEEPER };
    let change = Change::Apply { object: said, forces: false };
    *object = keeper.send(resource, key, change)?.object;
    Ok(())
}

/// Makes one manager of those that applied on the client's side and this one. Returns whether there
/// was one.
fn migrate(
    client: &mut Client,
    (resource, key): (&Resource, (&str, &str)),
    object: &mut Value,
) -> Result<bool, Status> {
    let meta = object.at("metadata");
    let entries = meta.items("managedFields");
    let Some(entries) = managed::migrated(entries, client.manager) else { return Ok(false) };
    let patch = json!([
        {"op": "replace", "path": "/metadata/managedFields", "value": entries},
        {"op": "replace", "path": "/metadata/resourceVersion", "value": meta.text("resourceVersion")},
    ]);
    *object = client.send(resource, key, Change::Patch(PatchType::Json, patch))?.object;
    Ok(true)
}
