//! Defaults, types, JSON, paths.

use crate::manifest::emit;
use crate::template::arguments::{Given, Table, int, text, value};
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
    ("mustToRawJson", "a", |_, a| Ok(raw(&a[0]).into())),
    ("split", "ss", |_, a| Ok(numbered(split(text(a, 1), text(a, 0), usize::MAX)))),
    ("splitList", "ss", |_, a| Ok(Value::list(split(text(a, 1), text(a, 0), usize::MAX)))),
    ("splitn", "sis", |_, a| {
        // A negative number means all.
        let most = usize::try_from(int(a, 1)).unwrap_or(usize::MAX);
        Ok(numbered(split(text(a, 2), text(a, 0), most)))
    }),
    ("ternary", "aab", |_, a| Ok(if a[2].is_true() { value(a, 0) } else { value(a, 1) })),
    ("toPrettyJson", "a", |_, a| Ok(pretty(&a[0]).into())),
    ("toRawJson", "a", |_, a| Ok(raw(&a[0]).into())),
    ("osBase", "s", |_, a| Ok(base(text(a, 0)).into())),
    ("osClean", "s", |_, a| Ok(clean(text(a, 0)).into())),
    ("osDir", "s", |_, a| Ok(dir(text(a, 0)).into())),
    ("osExt", "s", |_, a| Ok(ext(text(a, 0)).into())),
    ("osIsAbs", "s", |_, a| Ok(text(a, 0).starts_with('/').into())),
    ("typeIs", "sa", |m, a| Ok((text(a, 0) == m.type_name(&a[1])).into())),
    ("typeIsLike", "sa", |m, a| {
        let own = m.type_name(&a[1]);
        Ok((text(a, 0) == own || format!("*{}", text(a, 0)) == own).into())
    }),
    ("typeOf", "a", |m, a| Ok(m.type_name(&a[0]).into())),
];

/// A value as JSON on one line, as Go writes it.
pub fn json(value: &Value) -> String {
    escaped(&value.json().to_string())
}

/// As [`json`], without the escapes for HTML.
fn raw(value: &Value) -> String {
    let text = value.json().to_string();
    text.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
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
    Ok(Value::of_floats(&super::json::parse(text)?))
}

/// The parts of a text as a map: `_0`, `_1`, ….
fn numbered(parts: Vec<Value>) -> Value {
    let parts = parts.into_iter().enumerate();
    Value::map(parts.map(|(number, part)| (format!("_{number}"), part)))
}

fn split(whole: &str, by: &str, most: usize) -> Vec<Value> {
    match by.is_empty() {
        true if most == 0 => Vec::new(),
        // Each character, the last with all that follows.
        true => {
            let starts = whole.char_indices().map(|(at, _)| at).take(most);
            let starts: Vec<usize> = starts.chain([whole.len()]).collect();
            let last = starts.len().saturating_sub(2);
            let end = |at: usize| if at == last { whole.len() } else { starts[at + 1] };
            (0..starts.len() - 1).map(|at| Value::from(&whole[starts[at]..end(at)])).collect()
        }
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
