//! Defaults, types, JSON, paths.

use super::{Table, cast, text, value};
use crate::manifest::emit;
use crate::template::arguments::Given;
use crate::template::value::Value;

/// The functions.
pub const FUNCTIONS: Table = &[
    ("all", "a*", |_, a| Ok(a.iter().all(Value::is_true).into())),
    ("any", "a*", |_, a| Ok(a.iter().any(Value::is_true).into())),
    ("base", "s", |_, a| Ok(base(text(a, 0)).into())),
    ("clean", "s", |_, a| Ok(clean(text(a, 0)).into())),
    ("coalesce", "a*", |_, a| Ok(a.iter().find(|it| it.is_true()).cloned().unwrap_or_default())),
    ("deepEqual", "aa", |_, a| Ok(a[0].is_same(&a[1]).into())),
    ("default", "aa*", |_, a| {
        // `default "x"` with nothing behind it gives its own value.
        let given = a.get(1).filter(|given| given.is_true());
        Ok(given.or(a.first()).cloned().unwrap_or_default())
    }),
    ("dir", "s", |_, a| Ok(dir(text(a, 0)).into())),
    ("empty", "a", |_, a| Ok(a[0].is_empty().into())),
    ("ext", "s", |_, a| Ok(ext(text(a, 0)).into())),
    ("hello", "", |_, _| Ok("Hello!".into())),
    ("isAbs", "s", |_, a| Ok(text(a, 0).starts_with('/').into())),
    ("kindIs", "sa", |_, a| Ok((text(a, 0) == a[1].kind()).into())),
    ("kindOf", "a", |_, a| Ok(a[0].kind().into())),
    ("mustFromJson", "s", |_, a| from_json(text(a, 0))),
    ("mustToJson", "a", |_, a| Ok(json(&a[0]).into())),
    ("mustToPrettyJson", "a", |_, a| Ok(pretty(&a[0]).into())),
    ("mustToRawJson", "a", |_, a| Ok(a[0].json().to_string().into())),
    ("split", "ss", |_, a| {
        let parts = text(a, 1).split(text(a, 0)).enumerate();
        Ok(Value::map(parts.map(|(number, part)| (format!("_{number}"), part.into()))))
    }),
    ("splitList", "ss", |_, a| Ok(Value::list(split(text(a, 1), text(a, 0), usize::MAX)))),
    ("splitn", "sis", |_, a| {
        let most = usize::try_from(super::int(a, 1)).unwrap_or(0);
        let parts = split(text(a, 2), text(a, 0), most).into_iter().enumerate();
        Ok(Value::map(parts.map(|(number, part)| (format!("_{number}"), part))))
    }),
    ("ternary", "aab", |_, a| Ok(if a[2].is_true() { value(a, 0) } else { value(a, 1) })),
    ("toPrettyJson", "a", |_, a| Ok(pretty(&a[0]).into())),
    ("toRawJson", "a", |_, a| Ok(a[0].json().to_string().into())),
    ("typeIs", "sa", |_, a| Ok((text(a, 0) == a[1].type_name()).into())),
    ("typeIsLike", "sa", |_, a| {
        let own = a[1].type_name();
        Ok((text(a, 0) == own || format!("*{}", text(a, 0)) == own).into())
    }),
    ("typeOf", "a", |_, a| Ok(a[0].type_name().into())),
    ("urlJoin", "m", |_, a| {
        let part = |name: &str| a[0].get(name).map(|it| cast::text(&it)).unwrap_or_default();
        let query = match part("query") {
            query if query.is_empty() => query,
            query => format!("?{query}"),
        };
        Ok(format!("{}://{}{}{query}", part("scheme"), part("host"), part("path")).into())
    }),
];

/// A value as JSON on one line, as Go writes it.
pub fn json(value: &Value) -> String {
    escaped(&value.json().to_string())
}

/// A text of JSON with the escapes that Go writes.
pub fn escaped(json: &str) -> String {
    let text = json.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e");
    text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

fn pretty(value: &Value) -> String {
    // `json.MarshalIndent` with two blanks.
    let text = emit::json(&value.json());
    let each = text.trim_end().lines().map(|line| {
        let rest = line.trim_start_matches(' ');
        format!("{}{rest}", " ".repeat((line.len() - rest.len()) / 2))
    });
    each.collect::<Vec<_>>().join("\n")
}

/// A text of JSON as a value whose numbers are floats.
pub fn from_json(text: &str) -> Given {
    match crate::api::json::parse(text) {
        Ok(json) => Ok(Value::of_floats(&json)),
        Err(why) => Err(why.into()),
    }
}

fn split(whole: &str, by: &str, most: usize) -> Vec<Value> {
    match by.is_empty() {
        true => whole.chars().map(|c| Value::from(c.to_string())).take(most).collect(),
        false => whole.splitn(most, by).map(Value::from).collect(),
    }
}

fn base(path: &str) -> String {
    if path.is_empty() {
        return ".".into();
    }
    let path = path.trim_end_matches('/');
    if path.is_empty() { "/".into() } else { path.rsplit('/').next().unwrap_or(path).to_owned() }
}

fn dir(path: &str) -> String {
    match path.rsplit_once('/') {
        Some((parent, _)) => clean(if parent.is_empty() { "/" } else { parent }),
        None => ".".into(),
    }
}

fn ext(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rfind('.').map_or("", |at| &name[at..])
}

fn clean(path: &str) -> String {
    let is_rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if is_rooted => {}
            part => parts.push(part),
        }
    }
    match (is_rooted, parts.join("/")) {
        (true, whole) => format!("/{whole}"),
        (false, whole) if whole.is_empty() => ".".into(),
        (false, whole) => whole,
    }
}
