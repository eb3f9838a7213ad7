//! The values of a chart: `-f`, `--set`, and what wins over what.
//!
//! Upstream: `pkg/chartutil/coalesce.go`, `pkg/cli/values/options.go`.

mod strvals;

use super::flags::Args;
use super::ground::Failure;
use crate::manifest::read_yaml;
use crate::template::value::Map;
use crate::template::{Value, format};
use crate::terminal::files::Files;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use strvals::Reads;

/// Values by their names.
pub type Members = BTreeMap<String, Value>;

/// A value as a map; what is none is an empty one.
pub fn members(value: &Value) -> Members {
    match value {
        Value::Map(map) => (**map.borrow()).clone(),
        _ => Members::new(),
    }
}

/// The values that a command line gives. Numbers of files are `float64`, those of `--set` `int64`.
///
/// # Errors
/// In Helm's words.
pub fn given(args: &Args, files: &dyn Files) -> Result<Members, Failure> {
    let mut all = Members::new();
    for path in args.texts("values").flat_map(|paths| paths.split(',')) {
        merge(&mut all, of_file(path, files)?);
    }
    let all: Map = Rc::new(RefCell::new(all.into()));
    let read = |path: &str| {
        files.read(path).ok_or_else(|| format!("open {path}: no such file or directory"))
    };
    // Helm goes through the flags by their kind, not in the order in which they stand.
    for flag in ["set-json", "set", "set-string", "set-file", "set-literal"] {
        for text in args.texts(flag) {
            let reads = match flag {
                "set-json" => Reads::Json,
                "set" => Reads::Typed,
                "set-string" => Reads::Text,
                "set-file" => Reads::File(&read),
                _ => Reads::Literal,
            };
            strvals::set(&all, text, reads).map_err(|why| match flag {
                "set-json" => Failure::new(format!("failed parsing --set-json data {text}")),
                _ => Failure::new(format!("failed parsing --{flag} data: {why}")),
            })?;
        }
    }
    Ok(all.borrow_mut().take_all())
}

/// The values of a file.
fn of_file(path: &str, files: &dyn Files) -> Result<Members, Failure> {
    let text = files
        .read(path)
        .ok_or_else(|| Failure::new(format!("open {path}: no such file or directory")))?;
    let read =
        read_yaml(&text).map_err(|why| Failure::new(format!("failed to parse {path}: {why}")))?;
    match Value::of_floats(&read) {
        Value::Nil => Ok(Members::new()),
        Value::Map(map) => Ok(map.borrow_mut().take_all()),
        other => Err(Failure::new(format!(
            "failed to parse {path}: error unmarshaling JSON: while decoding JSON: json: cannot \
             unmarshal {} into Go value of type map[string]interface {{}}",
            other.json_kind()
        ))),
    }
}

/// Merges maps: what is new wins.
pub fn merge(into: &mut Members, from: Members) {
    for (key, value) in from {
        let both = match (into.get(&key), &value) {
            (Some(Value::Map(own)), Value::Map(more)) => {
                let mut own = (**own.borrow()).clone();
                merge(&mut own, (**more.borrow()).clone());
                Some(Value::map(own))
            }
            _ => None,
        };
        into.insert(key, both.unwrap_or(value));
    }
}

/// What a chart is filled in with: the values that were given over its own. What is null is taken out.
pub fn coalesced(given: &Members, own: &Members) -> Members {
    coalesced_of("", given, own, &mut Vec::new())
}

/// As [`coalesced`], of a chart of a name, with what Helm warns of.
pub fn coalesced_of(
    chart: &str,
    given: &Members,
    own: &Members,
    warnings: &mut Vec<String>,
) -> Members {
    let mut all = given.clone();
    for (key, value) in own {
        let path = format!("{chart}.{key}");
        match (given.get(key), value) {
            (None, value) => drop(all.insert(key.clone(), value.deep_copy())),
            (Some(Value::Nil), _) => drop(all.remove(key)),
            (Some(Value::Map(left)), Value::Map(right)) => {
                let both = tables(&path, &left.borrow(), &right.borrow(), warnings);
                all.insert(key.clone(), Value::map(both));
            }
            (Some(Value::Map(_)), value) if !matches!(value, Value::Nil) => warnings
                .push(format!("coalesce.go:237: warning: skipped value for {path}: Not a table.")),
            (Some(_), _) => {}
        }
    }
    all
}

/// Upstream: coalesceTablesFullKey.
fn tables(path: &str, given: &Members, own: &Members, warnings: &mut Vec<String>) -> Members {
    let mut all = given.clone();
    for (key, value) in own {
        let path = format!("{path}.{key}");
        let shown = || format::show(value);
        match (given.get(key), value) {
            (None, value) => drop(all.insert(key.clone(), value.deep_copy())),
            // Null over null stays, null over anything else takes it out.
            (Some(Value::Nil), Value::Nil) => {}
            (Some(Value::Nil), _) => drop(all.remove(key)),
            (Some(Value::Map(left)), Value::Map(right)) => {
                let both = tables(&path, &left.borrow(), &right.borrow(), warnings);
                all.insert(key.clone(), Value::map(both));
            }
            (Some(_), Value::Map(_)) => warnings.push(format!(
                "coalesce.go:316: warning: cannot overwrite table with non table for {path} ({})",
                shown()
            )),
            (Some(Value::Map(_)), value) if !matches!(value, Value::Nil) => {
                warnings.push(format!(
                    "coalesce.go:319: warning: destination for {path} is a table. Ignoring \
                     non-table value ({})",
                    shown()
                ));
            }
            (Some(_), _) => {}
        }
    }
    all
}
