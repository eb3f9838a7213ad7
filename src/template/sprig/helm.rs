//! The functions that Helm adds, and kubectl's two.
//!
//! Source: <https://helm.sh/docs/chart_template_guide/function_list/>; upstream:
//! `helm.sh/helm/v3/pkg/engine/{engine,funcs}.go`, `k8s.io/kubectl/pkg/util/templates`.

use super::{cast, values};
use crate::api::base64;
use crate::manifest::{emit, read_yaml};
use crate::template::arguments::{Given, value};
use crate::template::machine::Machine;
use crate::template::value::Value;

/// What Helm puts around what `required` and `fail` say, to find it again in the error.
pub const MARKS: (&str, &str) = ("HELM_ERR_START", "HELM_ERR_END");

/// Functions that Helm adds to sprig's, but for those that carry out templates.
pub const NAMES: [&str; 12] = [
    "fail",
    "fromJson",
    "fromJsonArray",
    "fromToml",
    "fromYaml",
    "fromYamlArray",
    "lookup",
    "required",
    "toJson",
    "toToml",
    "toYaml",
    "toYamlPretty",
];

/// What a function takes, in the letters of [`crate::template::arguments`].
pub fn parameters(name: &str) -> &'static str {
    match name {
        "required" => "sa",
        "lookup" => "ssss",
        "exists" => "aa*",
        "toYaml" | "toYamlPretty" | "toJson" | "toToml" => "a",
        _ => "s",
    }
}

/// Calls a function with what it takes.
///
/// # Errors
/// Its own words.
pub fn call(machine: &mut Machine, name: &str, args: &[Value]) -> Given {
    let marked = |why: &str| format!("{}{why}{}", MARKS.0, MARKS.1);
    match name {
        "required" => {
            let is_missing = match &args[1] {
                Value::Nil => true,
                Value::Text(text) => text.is_empty(),
                _ => false,
            };
            match is_missing && !machine.extra.is_lint() {
                true => Err(marked(&cast::text(&args[0]))),
                false => Ok(if is_missing { "".into() } else { value(args, 1) }),
            }
        }
        "fail" => match machine.extra.is_lint() {
            true => Ok("".into()),
            false => Err(marked(&cast::text(&args[0]))),
        },
        "toYamlPretty" => Ok(yaml(&args[0]).into()),
        "toYaml" => Ok(yaml(&args[0]).into()),
        "toJson" => Ok(values::json(&args[0]).into()),
        "fromYaml" | "fromYamlArray" => {
            let read = read_yaml(&cast::text(&args[0]));
            let before = "error unmarshaling JSON: while decoding JSON: ";
            Ok(parsed(read, before, name == "fromYaml"))
        }
        "fromJson" | "fromJsonArray" => {
            Ok(parsed(super::json::parse(&cast::text(&args[0])), "", name == "fromJson"))
        }
        "toToml" if matches!(args[0], Value::Nil) => {
            Err("reflect: call of reflect.Value.Type on zero Value".into())
        }
        "toToml" => Ok(super::toml::text(&args[0]).into()),
        "lookup" => {
            let texts: Vec<String> = args.iter().map(cast::text).collect();
            let [version, kind, namespace, own] = texts.as_slice() else { return Ok(Value::Nil) };
            machine.extra.lookup([version, kind, namespace, own])
        }
        "base64decode" => {
            let text = cast::text(&args[0]);
            let bytes = base64::decode(&text)
                .map_err(|at| format!("base64 decode failed: {}", super::digests::illegal(at)))?;
            Ok(String::from_utf8_lossy(&bytes).into_owned().into())
        }
        "exists" => Ok(exists(args).into()),
        _ => Err(format!("this playground has no {name}")),
    }
}

/// A value as YAML without its last line end: `toYaml`.
pub fn yaml(value: &Value) -> String {
    let text = super::fold::folded(&emit::yaml(&value.json()));
    text.strip_suffix('\n').unwrap_or(&text).to_owned()
}

/// What was read, or a map or list that tells why not.
fn parsed(read: Result<serde_json::Value, String>, before: &str, is_map: bool) -> Value {
    let value = read.map(|json| Value::of_floats(&json));
    let (why, wanted) = match value {
        Ok(Value::Nil) if is_map => return Value::map::<String>([]),
        Ok(Value::Nil) => return Value::list([]),
        Ok(value @ Value::Map(_)) if is_map => return value,
        Ok(value @ Value::List(_)) if !is_map => return value,
        Ok(other) if is_map => (other.json_kind().to_owned(), "map[string]interface {}"),
        Ok(other) => (other.json_kind().to_owned(), "[]interface {}"),
        Err(why) => (why, ""),
    };
    let why = match wanted {
        "" => why,
        wanted => format!("{before}json: cannot unmarshal {why} into Go value of type {wanted}"),
    };
    match is_map {
        true => Value::map([("Error", why.into())]),
        false => Value::list([why.into()]),
    }
}

/// Whether `index` would find something.
///
/// Upstream: `k8s.io/cli-runtime/pkg/printers/template.go`.
fn exists(args: &[Value]) -> bool {
    let Some((first, keys)) = args.split_first() else { return false };
    // Nothing itself is not looked into.
    if keys.is_empty() {
        return true;
    }
    let mut found = first.clone();
    for key in keys {
        let next = match (&found, key) {
            (Value::Map(map), Value::Text(key)) => map.borrow().get(&**key).cloned(),
            (Value::List(items), Value::Int(at) | Value::Int64(at)) => {
                usize::try_from(*at).ok().and_then(|at| items.get(at).cloned())
            }
            (Value::Text(text), Value::Int(at) | Value::Int64(at)) => {
                let byte = usize::try_from(*at).ok().and_then(|at| text.as_bytes().get(at));
                byte.map(|byte| Value::Int(i64::from(*byte)))
            }
            _ => None,
        };
        match next {
            Some(next) => found = next,
            None => return false,
        }
    }
    !matches!(found, Value::Nil)
}
