//! Texts.

use super::{Table, cast, int, text, value};
use crate::template::value::Value;
use crate::template::{bounds, format};

/// The functions.
pub const FUNCTIONS: Table = &[
    ("abbrev", "is", |_, a| Ok(abbreviated(int(a, 0), text(a, 1)).into())),
    ("camelcase", "s", |_, a| Ok(camel(text(a, 0)).into())),
    ("cat", "a*", |_, a| Ok(cat(a).into())),
    ("contains", "ss", |_, a| Ok(text(a, 1).contains(text(a, 0)).into())),
    ("hasPrefix", "ss", |_, a| Ok(text(a, 1).starts_with(text(a, 0)).into())),
    ("hasSuffix", "ss", |_, a| Ok(text(a, 1).ends_with(text(a, 0)).into())),
    ("indent", "is", |_, a| Ok(indented(int(a, 0), text(a, 1))?.into())),
    ("initials", "s", |_, a| Ok(initials(text(a, 0)).into())),
    ("join", "sa", |_, a| Ok(joined(&cast::texts(&a[1]), text(a, 0))?.into())),
    ("kebabcase", "s", |_, a| Ok(parts(text(a, 0)).join("-").into())),
    ("lower", "s", |_, a| Ok(text(a, 0).to_lowercase().into())),
    ("nindent", "is", |_, a| Ok(format!("\n{}", indented(int(a, 0), text(a, 1))?).into())),
    ("nospace", "s", |_, a| {
        Ok(text(a, 0).chars().filter(|c| !c.is_whitespace()).collect::<String>().into())
    }),
    ("plural", "ssi", |_, a| Ok(if int(a, 2) == 1 { value(a, 0) } else { value(a, 1) })),
    ("quote", "a*", |_, a| Ok(quoted(a, &|text| format::quote(text)).into())),
    ("repeat", "is", |_, a| {
        let count = usize::try_from(int(a, 0)).map_err(|_| "strings: negative Repeat count")?;
        Ok(text(a, 1).repeat(count.min(MOST / text(a, 1).len().max(1))).into())
    }),
    ("replace", "sss", |_, a| Ok(replaced(text(a, 0), text(a, 1), text(a, 2))?.into())),
    ("snakecase", "s", |_, a| Ok(parts(text(a, 0)).join("_").into())),
    ("squote", "a*", |_, a| Ok(quoted(a, &|text| format!("'{text}'")).into())),
    ("substr", "iis", |_, a| Ok(part(int(a, 0), int(a, 1), text(a, 2)).into())),
    ("swapcase", "s", |_, a| Ok(swapped(text(a, 0)).into())),
    ("title", "s", |_, a| Ok(title(text(a, 0)).into())),
    ("toString", "a", |_, a| Ok(cast::text(&a[0]).into())),
    ("toStrings", "a", |_, a| Ok(Value::list(cast::texts(&a[0]).into_iter().map(Value::from)))),
    ("trim", "s", |_, a| Ok(text(a, 0).trim().into())),
    ("trimAll", "ss", |_, a| Ok(trimmed(text(a, 0), text(a, 1)).into())),
    ("trimPrefix", "ss", |_, a| {
        Ok(text(a, 1).strip_prefix(text(a, 0)).unwrap_or(text(a, 1)).into())
    }),
    ("trimSuffix", "ss", |_, a| {
        Ok(text(a, 1).strip_suffix(text(a, 0)).unwrap_or(text(a, 1)).into())
    }),
    ("trimall", "ss", |_, a| Ok(trimmed(text(a, 0), text(a, 1)).into())),
    ("trunc", "is", |_, a| Ok(truncated(int(a, 0), text(a, 1)).into())),
    ("untitle", "s", |_, a| Ok(untitled(text(a, 0)).into())),
    ("upper", "s", |_, a| Ok(text(a, 0).to_uppercase().into())),
    ("wrap", "is", |_, a| Ok(wrapped(int(a, 0), text(a, 1), "\n")?.into())),
    ("wrapWith", "iss", |_, a| Ok(wrapped(int(a, 0), text(a, 2), text(a, 1))?.into())),
];

/// The longest text that `repeat` makes, in bytes.
const MOST: usize = 1 << 20;
/// The deepest that `indent` indents.
const DEEPEST: i64 = 1_000;

fn indented(spaces: i64, text: &str) -> Result<String, String> {
    let pad = " ".repeat(usize::try_from(spaces.clamp(0, DEEPEST)).unwrap_or(0));
    Ok(format!("{pad}{}", replaced("\n", &format!("\n{pad}"), text)?))
}

fn replaced(old: &str, new: &str, text: &str) -> Result<String, String> {
    let length = text.matches(old).count().checked_mul(new.len());
    bounds::check_text(length.and_then(|length| length.checked_add(text.len())))?;
    Ok(text.replace(old, new))
}

fn joined(parts: &[String], between: &str) -> Result<String, String> {
    let length: usize = parts.iter().map(String::len).sum();
    let all = between.len().checked_mul(parts.len());
    bounds::check_text(all.and_then(|all| all.checked_add(length)))?;
    Ok(parts.join(between))
}

/// `quote` and `squote`: what is nothing is left out.
fn quoted(values: &[Value], quote: &dyn Fn(&str) -> String) -> String {
    let own = values.iter().filter(|value| !matches!(value, Value::Nil));
    let all: Vec<String> = own.map(|value| quote(&cast::text(value))).collect();
    all.join(" ")
}

fn cat(values: &[Value]) -> String {
    let own = values.iter().filter(|value| !matches!(value, Value::Nil));
    own.map(cast::text).collect::<Vec<_>>().join(" ")
}

/// `strings.Trim` with a set of characters.
fn trimmed<'a>(set: &str, text: &'a str) -> &'a str {
    text.trim_matches(|c| set.contains(c))
}

/// The first bytes, or with a negative number the last.
fn truncated(count: i64, text: &str) -> String {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let bytes = text.as_bytes();
    let cut = |at: i64| usize::try_from(at).unwrap_or(0);
    let kept = match count {
        count if count < 0 && length + count > 0 => &bytes[cut(length + count)..],
        count if count >= 0 && length > count => &bytes[..cut(count)],
        _ => bytes,
    };
    String::from_utf8_lossy(kept).into_owned()
}

fn part(start: i64, end: i64, text: &str) -> String {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let at = |place: i64| usize::try_from(place.clamp(0, length)).unwrap_or(0);
    let (start, end) = match (start, end) {
        (start, end) if start < 0 => (0, at(end)),
        (start, end) if end < 0 || end > length => (at(start), text.len()),
        (start, end) => (at(start), at(end)),
    };
    String::from_utf8_lossy(text.as_bytes().get(start..end).unwrap_or_default()).into_owned()
}

fn abbreviated(width: i64, text: &str) -> String {
    let width = usize::try_from(width).unwrap_or(0);
    if width < 4 || text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 3).collect();
    format!("{kept}...")
}

/// Each word with a capital: `strings.Title`.
fn title(text: &str) -> String {
    let mut before = ' ';
    let each = text.chars().map(|c| {
        let begins = !(before.is_alphanumeric() || before == '_' || before == '\'');
        before = c;
        if begins { c.to_uppercase().next().unwrap_or(c) } else { c }
    });
    each.collect()
}

fn untitled(text: &str) -> String {
    let mut before = ' ';
    let each = text.chars().map(|c| {
        let begins = before.is_whitespace();
        before = c;
        if begins { c.to_lowercase().next().unwrap_or(c) } else { c }
    });
    each.collect()
}

fn swapped(text: &str) -> String {
    let swap = |c: char| match c.is_uppercase() {
        true => c.to_lowercase().next().unwrap_or(c),
        false => c.to_uppercase().next().unwrap_or(c),
    };
    text.chars().map(swap).collect()
}

fn initials(text: &str) -> String {
    text.split_whitespace().filter_map(|word| word.chars().next()).collect()
}

/// The parts of a name, in small letters.
fn parts(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut own = String::new();
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if matches!(c, '_' | '-' | ' ' | '.') {
            all.push(std::mem::take(&mut own));
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let next_is_small = chars.get(at + 1).is_some_and(|c| c.is_lowercase());
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && next_is_small)
            });
        if begins {
            all.push(std::mem::take(&mut own));
        }
        own.extend(c.to_lowercase());
    }
    all.push(own);
    all.retain(|part| !part.is_empty());
    all
}

fn camel(text: &str) -> String {
    let words = text.split(['_', '-', ' ']).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|c| c.to_uppercase().collect::<String>());
            format!("{}{}", first.unwrap_or_default(), chars.as_str())
        })
        .collect()
}

fn wrapped(width: i64, text: &str, between: &str) -> Result<String, String> {
    let width = usize::try_from(width.max(1)).unwrap_or(1);
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for word in text.split(' ') {
        let own = word.chars().count();
        match lines.last_mut() {
            Some(line) if length + 1 + own <= width => {
                line.push(' ');
                line.push_str(word);
                length += 1 + own;
            }
            _ => {
                lines.push(word.to_owned());
                length = own;
            }
        }
    }
    joined(&lines, between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_would_be_too_long_are_refused() {
        let long = "\n".repeat(100_000);
        assert!(indented(1_000, &long).is_err());
        assert!(replaced("", &long, &long).is_err());
        assert!(joined(&vec![String::new(); 100], &long).is_err());
        assert!(wrapped(1, &"a ".repeat(100), &long).is_err());
        assert_eq!(wrapped(3, "a b c", "|").as_deref(), Ok("a b|c"));
        assert_eq!(indented(1, "a\nb").as_deref(), Ok(" a\n b"));
    }
}
