//! Deeds as lessons and saved work write them.

use super::deed::{Deed, NodeRequest, VolumeRequest};
use crate::api::change::Cascade;
use crate::api::{ApiObject, Tree};
use crate::session::read;
use serde_json::Value;

/// More objects than a person could apply at once: a text has at most a hundred documents, and some of
/// them are lists. They are applied in one go.
const MOST_APPLIED: usize = 300;

/// The deed that serde wrote as this tree; none if it is none.
pub fn deed(tree: &Value) -> Option<Deed> {
    let (name, fields) = tree.as_object()?.iter().next()?;
    match command(name, fields) {
        Some(deed) => Some(deed),
        None => read::input_of(tree).map(Deed::Input),
    }
}

fn command(name: &str, fields: &Value) -> Option<Deed> {
    let text = |field: &str| fields.opt_text(field).map(String::from);
    let namespace = text("namespace");
    Some(match name {
        "apply" => {
            let objects = fields.set("objects")?.as_array()?;
            if objects.len() > MOST_APPLIED {
                return None;
            }
            let objects = objects.iter().map(|tree| ApiObject::from_tree(tree.clone()));
            Deed::Apply { objects: objects.collect::<Option<Vec<_>>>()? }
        }
        "scale" => Deed::Scale {
            namespace: namespace?,
            name: text("name")?,
            replicas: fields.opt_int("replicas")?.try_into().ok()?,
        },
        "deletePod" => Deed::DeletePod {
            namespace: namespace?,
            name: text("name")?,
            grace_period_seconds: fields.opt_int("grace_period_seconds"),
        },
        "resizeClaim" => Deed::ResizeClaim {
            namespace: namespace?,
            name: text("name")?,
            storage: text("storage")?,
        },
        "volume" => Deed::Volume {
            name: text("name")?,
            request: match fields.text("request") {
                "delete" => VolumeRequest::Delete,
                "free" => VolumeRequest::Free,
                _ => return None,
            },
        },
        "node" => {
            let name = fields.text("request");
            let request = NodeRequest::ALL.into_iter().find(|it| it.name() == name)?;
            Deed::Node { node: text("node")?, request }
        }
        "deleteClaim" => Deed::DeleteClaim { namespace: namespace?, name: text("name")? },
        "deleteStatefulSet" => {
            let name = fields.text("cascade");
            let is_it = |it: &Cascade| it.policy().eq_ignore_ascii_case(name);
            Deed::DeleteStatefulSet {
                namespace: namespace?,
                name: text("name")?,
                cascade: Cascade::ALL.into_iter().find(is_it)?,
            }
        }
        _ => return None,
    })
}
