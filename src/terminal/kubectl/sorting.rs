//! `--sort-by`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/get/sorter.go`.

use super::flags::Args;
use super::get::Format;
use super::order;
use super::print::custom;
use super::select::{Found, Selection};
use crate::api::quantity::Quantity;
use crate::client::Failure;
use crate::print::jsonpath::{self, Path};
use serde_json::Value;
use std::cmp::Ordering;

/// Sorts the objects as a command line asks for.
///
/// # Errors
/// A path that cannot be read, or objects of several types as tables.
pub fn sort(args: &Args, format: &Format, selection: &mut Selection) -> Result<(), Failure> {
    let Some(text) = args.text("sort-by").filter(|path| !path.is_empty()) else { return Ok(()) };
    if selection.found.len() < 2 {
        return Ok(());
    }
    let path = custom::relaxed(text).map_err(Failure::Error)?;
    let is_table = matches!(format, Format::Table { .. });
    if is_table && selection.resources.len() > 1 {
        let path = text.trim_start_matches('{').trim_end_matches('}').trim_start_matches('.');
        let text = "couldn't find any field with path";
        return Err(Failure::error(format!("{text} \"{{.{path}}}\" in the list of objects")));
    }
    if selection.found.iter().all(|found| key(&path, found).is_none_or(Value::is_null)) {
        selection.found.clear();
    }
    order::sort(&mut selection.found, &mut |left, right| {
        is_less(key(&path, left), key(&path, right))
    });
    Ok(())
}

fn key<'a>(path: &Path, found: &'a Found) -> Option<&'a Value> {
    path.first(&found.object)
}

/// Whether one key comes before another. One that is missing comes before every other, even one that
/// is missing as well, which is how such objects come out in another order.
fn is_less(left: Option<&Value>, right: Option<&Value>) -> bool {
    let (left, right) = match (left, right) {
        (None, _) => return true,
        (_, None) => return false,
        (Some(left), Some(right)) => (left, right),
    };
    match (left, right) {
        (Value::Null, right) => !right.is_null(),
        (_, Value::Null) => false,
        (Value::String(left), Value::String(right)) => {
            match (Quantity::parse(left), Quantity::parse(right)) {
                (Ok(left), Ok(right)) => left < right,
                _ => left < right,
            }
        }
        (left, right) => jsonpath::compare(left, right) == Some(Ordering::Less),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn compares_as_kubectl_does() {
        let less = |left: Value, right: Value| is_less(Some(&left), Some(&right));
        assert!(less(json!("1Gi"), json!("1Ti")) && less(json!("9Gi"), json!("10Gi")));
        assert!(less(json!("a10"), json!("a9")) && less(json!(9), json!(10)));
        assert!(less(json!(null), json!("a")) && !less(json!(null), json!(null)));
        assert!(is_less(None, None) && !is_less(Some(&json!("a")), None));
    }
}
