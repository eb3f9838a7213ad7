//! `--overrides`: the object that a command makes, changed by a patch on the command line.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/util/override_options.go`.

use super::flags::Args;
use crate::api::{json, strategic};
use crate::client::Failure;
use serde_json::Value;

/// The object as `--overrides` changes it, in the way that `--override-type` names.
///
/// # Errors
/// A type that kubectl does not know, or a patch that cannot be read or carried out.
pub fn apply(args: &Args, object: Value) -> Result<Value, Failure> {
    let Some(text) = args.text("overrides").filter(|text| !text.is_empty()) else {
        return Ok(object);
    };
    let kind = args.text("override-type").filter(|kind| !kind.is_empty()).unwrap_or("merge");
    if !["json", "merge", "strategic"].contains(&kind) {
        return Err(Failure::error(format!("invalid override type: {kind}")));
    }
    let invalid = || Failure::error("Invalid JSON Patch");
    match (kind, json::parse(text).map_err(|_| invalid())?) {
        ("json", Value::Array(operations)) => {
            strategic::apply_json(&object, &operations).ok_or_else(invalid)
        }
        ("json", _) => Err(invalid()),
        ("strategic", patch) => Ok(strategic::apply(&object, &patch)),
        (_, patch) => Ok(strategic::apply_merge(&object, &patch)),
    }
}
