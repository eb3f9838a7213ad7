//! The columns that a CustomResourceDefinition names.
//!
//! Upstream: `staging/src/k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor/`.

use super::cell::Cell;
use super::jsonpath::{Path, shown};
use super::texts::name;
use crate::api::custom::Column;
use serde_json::Value;

/// The titles: the object's name comes first.
pub fn header(columns: &[Column], wide: bool) -> Vec<String> {
    let own = columns.iter().filter(|it| wide || it.priority == 0);
    ["NAME".to_owned()].into_iter().chain(own.map(|it| it.name.to_uppercase())).collect()
}

/// The cells of an object.
pub fn cells(columns: &[Column], wide: bool, object: &Value) -> Vec<Cell> {
    let own = columns.iter().filter(|it| wide || it.priority == 0);
    [name(object)].into_iter().chain(own.map(|it| cell(it, object))).collect()
}

/// A cell is of the first value that its path leads to; it is empty if that is of another type.
fn cell(column: &Column, object: &Value) -> Cell {
    let found = Path::parse(column.json_path).and_then(|path| path.find(object, object));
    let Some(value) = found.unwrap_or_default().into_iter().next() else { return "".into() };
    let matches = match column.type_ {
        "integer" | "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "date" => return Cell::since(value.as_str().unwrap_or_default()),
        _ => true,
    };
    if matches { shown(value).into() } else { "".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_column_shows_the_first_value_of_its_type() {
        let column = |name, type_, json_path, priority| Column { name, type_, json_path, priority };
        let columns = [
            column("Set", "string", ".spec.set", 0),
            column("Keep", "integer", ".spec.keep", 0),
            column("Hosts", "string", ".spec.hosts[*]", 1),
            column("Absent", "string", ".spec.absent", 0),
            column("Wrong", "integer", ".spec.set", 0),
        ];
        assert_eq!(header(&columns, false), ["NAME", "SET", "KEEP", "ABSENT", "WRONG"]);
        let object = json!({
            "metadata": {"name": "nightly"},
            "spec": {"set": "db", "keep": 3, "hosts": ["a", "b"]},
        });
        let cells = cells(&columns, true, &object);
        let texts: Vec<String> = cells.iter().map(|it| it.text(0)).collect();
        assert_eq!(texts, ["nightly", "db", "3", "a", "", ""]);
    }
}
