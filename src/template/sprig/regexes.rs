//! Regular expressions.

use super::{Table, int, text};
use crate::template::arguments::Trouble;
use crate::template::value::Value;
use regex_lite::{Captures, Regex};

/// The functions.
pub const FUNCTIONS: Table = &[
    ("mustRegexFind", "ss", |_, a| find(a)),
    ("mustRegexFindAll", "ssi", |_, a| find_all(a)),
    ("mustRegexMatch", "ss", |_, a| Ok(compiled(text(a, 0))?.is_match(text(a, 1)).into())),
    ("mustRegexReplaceAll", "sss", |_, a| replace(a)),
    ("mustRegexReplaceAllLiteral", "sss", |_, a| literal(a)),
    ("mustRegexSplit", "ssi", |_, a| split(a)),
    ("regexFind", "ss", |_, a| find(a)),
    ("regexFindAll", "ssi", |_, a| find_all(a)),
    ("regexMatch", "ss", |_, a| {
        Ok(compiled(text(a, 0)).is_ok_and(|it| it.is_match(text(a, 1))).into())
    }),
    ("regexQuoteMeta", "s", |_, a| Ok(quoted(text(a, 0)).into())),
    ("regexReplaceAll", "sss", |_, a| replace(a)),
    ("regexReplaceAllLiteral", "sss", |_, a| literal(a)),
    ("regexSplit", "ssi", |_, a| split(a)),
];

type Given = Result<Value, Trouble>;

fn compiled(expression: &str) -> Result<Regex, Trouble> {
    Regex::new(expression)
        .map_err(|_| format!("error parsing regexp: invalid expression: `{expression}`").into())
}

fn find(args: &[Value]) -> Given {
    let found = compiled(text(args, 0))?;
    Ok(found.find(text(args, 1)).map_or("", |it| it.as_str()).into())
}

fn most(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn find_all(args: &[Value]) -> Given {
    let found = compiled(text(args, 0))?;
    let all = found.find_iter(text(args, 1)).map(|it| it.as_str().into());
    Ok(Value::list(all.take(most(int(args, 2)))))
}

fn replace(args: &[Value]) -> Given {
    let found = compiled(text(args, 0))?;
    let by = text(args, 2);
    let replaced = found.replace_all(text(args, 1), |captures: &Captures| expanded(by, captures));
    Ok(replaced.into_owned().into())
}

/// `$1`, `${1}`, `${name}` in Go's way: a name is as long as it goes.
fn expanded(by: &str, captures: &Captures) -> String {
    let mut out = String::new();
    captures.expand(by, &mut out);
    out
}

fn literal(args: &[Value]) -> Given {
    let found = compiled(text(args, 0))?;
    let by = text(args, 2);
    Ok(found.replace_all(text(args, 1), regex_lite::NoExpand(by)).into_owned().into())
}

fn split(args: &[Value]) -> Given {
    let found = compiled(text(args, 0))?;
    let count = int(args, 2);
    if count == 0 {
        return Ok(Value::list([]));
    }
    Ok(Value::list(found.splitn(text(args, 1), most(count)).map(Value::from)))
}

fn quoted(text: &str) -> String {
    let each = text.chars().map(|c| match r"\.+*?()|[]{}^$".contains(c) {
        true => format!("\\{c}"),
        false => c.to_string(),
    });
    each.collect()
}
