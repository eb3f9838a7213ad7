//! The functions that Helm adds, and kubectl's two.
//!
//! Source: <https://helm.sh/docs/chart_template_guide/function_list/>; upstream:
//! `helm.sh/helm/v3/pkg/engine/{engine,funcs}.go`, `k8s.io/kubectl/pkg/util/templates`.

use super::{cast, value, values};
use crate::manifest::{emit, read_yaml};
use crate::template::arguments::Trouble;
use crate::template::exec::{Machine, ROOT};
use crate::template::format;
use crate::template::value::Value;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What Helm puts around what `required` and `fail` say, to find it again in the error.
pub const MARKS: (&str, &str) = ("HELM_ERR_START", "HELM_ERR_END");

/// What a function takes, in the letters of [`crate::template::arguments`].
pub fn parameters(name: &str) -> &'static str {
    match name {
        "include" | "tpl" | "required" => "sa",
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
pub fn call(machine: &mut Machine, name: &str, args: &[Value]) -> Result<Value, String> {
    let marked = |why: &str| format!("{}{why}{}", MARKS.0, MARKS.1);
    match name {
        "include" => {
            machine.run(&cast::text(&args[0]), &args[1]).map(Value::from).map_err(|it| it.0)
        }
        "tpl" => {
            let text = cast::text(&args[0]);
            machine.run_text(ROOT, &text, &args[1]).map(Value::from).map_err(|it| it.0)
        }
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
            Ok(parsed(read_yaml(&cast::text(&args[0])).as_ref(), name == "fromYaml"))
        }
        "fromJson" | "fromJsonArray" => {
            let json = crate::api::json::parse(&cast::text(&args[0]));
            Ok(parsed(json.as_ref(), name == "fromJson"))
        }
        "lookup" => {
            let texts: Vec<String> = args.iter().map(cast::text).collect();
            let [version, kind, namespace, own] = texts.as_slice() else { return Ok(Value::Nil) };
            machine.extra.lookup([version, kind, namespace, own])
        }
        "base64decode" => {
            let text = cast::text(&args[0]);
            let bytes = STANDARD.decode(&text).map_err(|_| "base64 decode failed".to_owned())?;
            Ok(String::from_utf8_lossy(&bytes).into_owned().into())
        }
        "exists" => {
            let Some((first, keys)) = args.split_first() else { return Ok(Value::Bool(false)) };
            let mut found = Some(first.clone());
            for key in keys {
                found = found.and_then(|it| it.get(&format::show(key)));
            }
            Ok(found.is_some().into())
        }
        _ => Err(format!("this playground has no {name}")),
    }
}

/// A value as YAML without its last line end: `toYaml`.
pub fn yaml(value: &Value) -> String {
    let text = emit::yaml(&value.json());
    text.strip_suffix('\n').unwrap_or(&text).to_owned()
}

/// What was read, or a map or list that tells why not.
fn parsed(json: Result<&serde_json::Value, &String>, is_map: bool) -> Value {
    match json {
        Ok(json) if is_map && !json.is_object() && !json.is_null() => {
            let kind = if json.is_array() { "array" } else { "string" };
            let why = format!(
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go \
                 value of type map[string]interface {{}}"
            );
            Value::map([("Error", why.into())])
        }
        Ok(json) if json.is_null() && is_map => Value::map::<String>([]),
        Ok(json) => Value::of_floats(json),
        Err(why) if is_map => Value::map([("Error", why.as_str().into())]),
        Err(why) => Value::list([why.as_str().into()]),
    }
}

impl From<Trouble> for String {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Plain(why) => why,
            Trouble::Whole(failure) => failure.0,
        }
    }
}
