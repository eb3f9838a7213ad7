//! Paths outside of templates: those of columns, of sorting and of waiting.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/get/customcolumn.go`, RelaxedJSONPathExpression.

use crate::client::Failure;
use crate::print::jsonpath::{Budget, MOST_PRINTED, Path, TOO_MUCH, shown};
use serde_json::Value;

/// The path that a flag such as `--sort-by` names: with or without braces and a dot.
///
/// # Errors
/// The parser's words.
pub fn relaxed(text: &str) -> Result<Path, String> {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    Path::parse(inner)
}

/// Objects in custom columns, below their titles if they are shown.
///
/// # Errors
/// What they print is too much.
pub fn rows<'a>(
    columns: &[(String, Path)],
    has_header: bool,
    objects: impl Iterator<Item = &'a Value>,
) -> Result<Vec<Vec<String>>, Failure> {
    let budget = Budget::default();
    let titles = || columns.iter().map(|(title, _)| title.clone()).collect();
    let mut rows: Vec<Vec<String>> = has_header.then(titles).into_iter().collect();
    for object in objects {
        let cells = columns.iter().map(|(_, path)| cell(path, object, &budget));
        rows.push(cells.collect::<Result<_, _>>().map_err(Failure::error)?);
    }
    // Each column is as wide as its widest cell, in every row.
    let widest =
        |column| rows.iter().filter_map(|row: &Vec<String>| row.get(column)).map(String::len).max();
    let width: usize = (0..columns.len()).filter_map(widest).map(|width| width + 3).sum();
    match width.saturating_mul(rows.len()) > 2 * MOST_PRINTED {
        true => Err(Failure::error(TOO_MUCH)),
        false => Ok(rows),
    }
}

/// The cell of a path in a custom column: `<none>` if there is nothing.
fn cell(path: &Path, object: &Value, budget: &Budget) -> Result<String, String> {
    let found = match path.find_within(object, budget) {
        Ok(found) => found,
        Err(why) if why == TOO_MUCH => return Err(why),
        Err(_) => Vec::new(),
    };
    if found.is_empty() || path.is_empty() {
        return Ok("<none>".into());
    }
    let mut text = String::new();
    for (at, each) in found.into_iter().enumerate() {
        text.push_str(if at > 0 { "," } else { "" });
        let own = shown_in_cell(each);
        budget.print(&own)?;
        text.push_str(&own);
    }
    Ok(text)
}

/// A value as Go prints it in a custom column.
fn shown_in_cell(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(shown_in_cell).collect::<Vec<_>>().join(" "))
        }
        Value::Object(_) => {
            let members = value.as_object().into_iter().flatten();
            let members: Vec<String> =
                members.map(|(key, member)| format!("{key}:{}", shown_in_cell(member))).collect();
            format!("map[{}]", members.join(" "))
        }
        Value::Null => "<nil>".into(),
        other => shown(other),
    }
}

/// Checks that a path of `kubectl wait --for=jsonpath` leads to one plain value, if to any.
///
/// # Errors
/// It leads to several values, or to one that has parts.
pub fn is_single(path: &Path, object: &Value) -> Result<(), Failure> {
    let found = path.find(object, object).unwrap_or_default();
    match found.as_slice() {
        [] => Ok(()),
        [Value::Object(_) | Value::Array(_)] => {
            Err(Failure::error("jsonpath leads to a nested object or list which is not supported"))
        }
        [_] => Ok(()),
        _ => Err(Failure::error("given jsonpath expression matches more than one value")),
    }
}

/// Whether a condition of `kubectl wait --for=jsonpath` names a value that an object has.
pub fn has_value(path: &Path, object: &Value, wanted: Option<&str>) -> bool {
    let Some(found) = path.first(object) else { return false };
    wanted.is_none_or(|wanted| shown(found) == wanted)
}
