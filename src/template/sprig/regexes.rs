//! Regular expressions.

mod syntax;

use crate::template::arguments::{Given, Table, int, text};
use crate::template::bounds;
use crate::template::value::Value;
use regex_lite::{Captures, Regex, RegexBuilder};

/// The functions.
pub const FUNCTIONS: Table = &[
    ("mustRegexFind", "ss", |_, a| find(a, compiled)),
    ("mustRegexFindAll", "ssi", |_, a| find_all(a, compiled)),
    ("mustRegexMatch", "ss", |_, a| Ok(compiled(text(a, 0))?.is_match(text(a, 1)).into())),
    ("mustRegexReplaceAll", "sss", |_, a| replace(a, compiled)),
    ("mustRegexReplaceAllLiteral", "sss", |_, a| literal(a, compiled)),
    ("mustRegexSplit", "ssi", |_, a| split(a, compiled)),
    ("regexFind", "ss", |_, a| find(a, must)),
    ("regexFindAll", "ssi", |_, a| find_all(a, must)),
    ("regexMatch", "ss", |_, a| {
        Ok(compiled(text(a, 0)).is_ok_and(|it| it.is_match(text(a, 1))).into())
    }),
    ("regexQuoteMeta", "s", |_, a| Ok(quoted(text(a, 0)).into())),
    ("regexReplaceAll", "sss", |_, a| replace(a, must)),
    ("regexReplaceAllLiteral", "sss", |_, a| literal(a, must)),
    ("regexSplit", "ssi", |_, a| split(a, must)),
];

/// How large an expression may become: a text takes the longer, the larger it is.
const SIZE: usize = 128 << 10;

/// How an expression is read.
type Read = fn(&str) -> Result<Regex, String>;

/// An expression that is read.
fn compiled(expression: &str) -> Result<Regex, String> {
    if let Some(why) = syntax::wrong(expression) {
        return Err(format!("error parsing regexp: {why}"));
    }
    RegexBuilder::new(expression)
        .size_limit(SIZE)
        .build()
        .map_err(|_| format!("error parsing regexp: invalid expression: `{expression}`"))
}

/// As [`compiled`], for the functions that panic.
fn must(expression: &str) -> Result<Regex, String> {
    compiled(expression).map_err(|why| {
        let shown = match expression.contains('`') || expression.chars().any(char::is_control) {
            true => crate::template::format::quote(expression),
            false => format!("`{expression}`"),
        };
        format!("regexp: Compile({shown}): {why}")
    })
}

fn find(args: &[Value], read: Read) -> Given {
    let found = read(text(args, 0))?;
    Ok(found.find(text(args, 1)).map_or("", |it| it.as_str()).into())
}

fn most(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn find_all(args: &[Value], read: Read) -> Given {
    let found = read(text(args, 0))?;
    let all = found.find_iter(text(args, 1)).map(|it| it.as_str().into());
    Ok(Value::list(all.take(most(int(args, 2)))))
}

fn replace(args: &[Value], read: Read) -> Given {
    let found = read(text(args, 0))?;
    let by = text(args, 2);
    replaced(&found, text(args, 1), |captures| expanded(by, captures))
}

/// A text with each match replaced.
fn replaced(found: &Regex, text: &str, by: impl Fn(&Captures) -> String) -> Given {
    let mut length = text.len();
    let replaced = found.replace_all(text, |captures: &Captures| {
        // What is too long already is refused below.
        let new = if length > bounds::OUTPUT { String::new() } else { by(captures) };
        length = length.saturating_add(new.len());
        new
    });
    bounds::check_text(Some(length))?;
    Ok(replaced.into_owned().into())
}

/// `$1`, `${1}`, `${name}` in Go's way: a name is as long as it goes.
fn expanded(by: &str, captures: &Captures) -> String {
    let mut out = String::new();
    captures.expand(by, &mut out);
    out
}

fn literal(args: &[Value], read: Read) -> Given {
    let found = read(text(args, 0))?;
    let by = text(args, 2);
    replaced(&found, text(args, 1), |_| by.to_owned())
}

fn split(args: &[Value], read: Read) -> Given {
    let found = read(text(args, 0))?;
    let (whole, count) = (text(args, 1), most(int(args, 2)));
    if count == 0 {
        return Ok(Value::list([]));
    }
    if whole.is_empty() && !text(args, 0).is_empty() {
        return Ok(Value::list(["".into()]));
    }
    // Upstream: `regexp.Split`; an empty match at the beginning parts nothing.
    let (mut parts, mut begin, mut end) = (Vec::new(), 0, 0);
    for own in found.find_iter(whole) {
        if parts.len() + 1 == count {
            break;
        }
        end = own.start();
        if own.end() != 0 {
            parts.push(Value::from(&whole[begin..end]));
        }
        begin = own.end();
    }
    if end != whole.len() {
        parts.push(Value::from(&whole[begin..]));
    }
    Ok(Value::list(parts))
}

fn quoted(text: &str) -> String {
    let each = text.chars().map(|c| match r"\.+*?()|[]{}^$".contains(c) {
        true => format!("\\{c}"),
        false => c.to_string(),
    });
    each.collect()
}
