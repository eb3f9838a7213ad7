//! Texts.

mod cases;

use super::cast;
use crate::template::arguments::{Table, int, text, value};
use crate::template::value::Value;
use crate::template::{bounds, format};

/// The functions.
pub const FUNCTIONS: Table = &[
    ("abbrev", "is", |_, a| Ok(abbreviated(int(a, 0), text(a, 1)).into())),
    ("abbrevboth", "iis", |_, a| Ok(abbreviated_both(int(a, 0), int(a, 1), text(a, 2)).into())),
    ("camelcase", "s", |_, a| Ok(cases::pascal(text(a, 0)).into())),
    ("cat", "a*", |_, a| Ok(cat(a).into())),
    ("contains", "ss", |_, a| Ok(text(a, 1).contains(text(a, 0)).into())),
    ("hasPrefix", "ss", |_, a| Ok(text(a, 1).starts_with(text(a, 0)).into())),
    ("hasSuffix", "ss", |_, a| Ok(text(a, 1).ends_with(text(a, 0)).into())),
    ("indent", "is", |_, a| Ok(indented(int(a, 0), text(a, 1))?.into())),
    ("initials", "s", |_, a| Ok(initials(text(a, 0)).into())),
    ("join", "sa", |_, a| Ok(joined(&cast::texts(&a[1]), text(a, 0))?.into())),
    ("kebabcase", "s", |_, a| Ok(cases::lower(text(a, 0), '-').into())),
    ("lower", "s", |_, a| Ok(text(a, 0).to_lowercase().into())),
    ("nindent", "is", |_, a| Ok(format!("\n{}", indented(int(a, 0), text(a, 1))?).into())),
    ("nospace", "s", |_, a| Ok(without_space(text(a, 0)).into())),
    ("plural", "ssi", |_, a| Ok(if int(a, 2) == 1 { value(a, 0) } else { value(a, 1) })),
    ("quote", "a*", |_, a| Ok(quoted(a, &|text| format::quote(text)).into())),
    ("repeat", "is", |_, a| {
        let count = usize::try_from(int(a, 0)).map_err(|_| "strings: negative Repeat count")?;
        Ok(text(a, 1).repeat(count.min(MOST / text(a, 1).len().max(1))).into())
    }),
    ("replace", "sss", |_, a| Ok(replaced(text(a, 0), text(a, 1), text(a, 2))?.into())),
    ("shuffle", "s", |m, a| {
        let mut chars: Vec<char> = text(a, 0).chars().collect();
        for end in (1..chars.len()).rev() {
            let drawn =
                usize::try_from((m.extra.now().unsigned_abs() ^ m.draw()) >> 8).unwrap_or(0);
            chars.swap(end, drawn % (end + 1));
        }
        Ok(chars.into_iter().collect::<String>().into())
    }),
    ("snakecase", "s", |_, a| Ok(cases::lower(text(a, 0), '_').into())),
    ("squote", "a*", |_, a| Ok(quoted(a, &|text| format!("'{text}'")).into())),
    ("substr", "iis", |_, a| Ok(part(int(a, 0), int(a, 1), text(a, 2))?.into())),
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
    ("wrap", "is", |_, a| Ok(wrapped(int(a, 0), text(a, 1), "\n", false)?.into())),
    ("wrapWith", "iss", |_, a| Ok(wrapped(int(a, 0), text(a, 2), text(a, 1), true)?.into())),
];

/// `goutils.DeleteWhiteSpace`, which looks at bytes and takes them for characters.
fn without_space(text: &str) -> String {
    let is_kept = |c: &char| !c.is_whitespace();
    match text.bytes().map(char::from).all(|c| is_kept(&c)) {
        true => text.to_owned(),
        false => text.bytes().map(char::from).filter(is_kept).collect(),
    }
}

/// The longest text that `repeat` makes, in bytes.
const MOST: usize = 1 << 20;
/// The deepest that `indent` indents.
const DEEPEST: i64 = 1_000;

fn indented(spaces: i64, text: &str) -> Result<String, String> {
    let spaces = usize::try_from(spaces.min(DEEPEST));
    let pad = " ".repeat(spaces.map_err(|_| "strings: negative Repeat count")?);
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

fn part(start: i64, end: i64, text: &str) -> Result<String, String> {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let (start, end, shown) = match (start, end) {
        (start, end) if start < 0 => (0, end, format!("[:{end}]")),
        (start, end) if end < 0 || end > length => (start, length, format!("[{start}:{length}]")),
        (start, end) => (start, end, format!("[{start}:{end}]")),
    };
    let place = |at: i64| usize::try_from(at).ok();
    let part =
        place(start).zip(place(end)).and_then(|(start, end)| text.as_bytes().get(start..end));
    let part = part.ok_or_else(|| {
        let tail = match start {
            0 => format!(" with length {length}"),
            _ => String::new(),
        };
        format!("runtime error: slice bounds out of range {shown}{tail}")
    })?;
    Ok(String::from_utf8_lossy(part).into_owned())
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
        let begins = match before.is_ascii() {
            true => !(before.is_ascii_alphanumeric() || before == '_'),
            false => before.is_whitespace(),
        };
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

/// `goutils.WrapCustom`, with characters for its bytes.
fn wrapped(width: i64, text: &str, between: &str, cuts: bool) -> Result<String, String> {
    let between = if between.is_empty() { "\n" } else { between };
    let width = usize::try_from(width.max(1)).unwrap_or(1);
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut out) = (0, String::new());
    while chars.len() - at > width {
        if chars[at] == ' ' {
            at += 1;
            continue;
        }
        let near = chars[at..=at + width].iter().rposition(|c| *c == ' ');
        let far = || chars[at + width..].iter().position(|c| *c == ' ').map(|it| it + width);
        let (length, skipped) = match near {
            Some(length) => (length, 1),
            None if cuts => (width, 0),
            None => match far() {
                Some(length) => (length, 1),
                None => break,
            },
        };
        out.extend(&chars[at..at + length]);
        out.push_str(between);
        bounds::check_text(Some(out.len()))?;
        at += length + skipped;
    }
    out.extend(&chars[at..]);
    Ok(out)
}

/// `goutils.AbbreviateFull`, with characters for its bytes.
fn abbreviated_both(offset: i64, width: i64, text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let of = |it: i64| usize::try_from(it).unwrap_or(0);
    let (mut offset, width) = (of(offset), of(width));
    if width < 4 || (offset > 0 && width < 7) || chars.len() <= width {
        return text.to_owned();
    }
    let part = |from: usize, to: usize| chars[from..to].iter().collect::<String>();
    offset = offset.min(chars.len());
    if chars.len() - offset < width - 3 {
        offset = chars.len() - (width - 3);
    }
    if offset <= 4 {
        return format!("{}...", part(0, width - 3));
    }
    if width < 7 {
        return String::new();
    }
    if offset + width - 3 < chars.len() {
        return match chars.len() - offset <= width - 3 {
            true => format!("...{}", part(offset, chars.len())),
            false => format!("...{}...", part(offset, offset + width - 6)),
        };
    }
    format!("...{}", part(chars.len() - (width - 3), chars.len()))
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
        assert!(wrapped(1, &"a ".repeat(100), &long, false).is_err());
        assert_eq!(wrapped(3, "a b c", "|", false).as_deref(), Ok("a b|c"));
        assert_eq!(indented(1, "a\nb").as_deref(), Ok(" a\n b"));
    }
}
