//! Values as other types: what sprig takes from `spf13/cast`, and its own `strval`.

use crate::template::format;
use crate::template::value::Value;

/// A value as text: `strval`.
pub fn text(value: &Value) -> String {
    match value {
        Value::Object(object) => object.string(),
        value => format::show(value),
    }
}

/// A value as `int64`; 0 if it is none. Texts are read as Go reads literals.
pub fn int64(value: &Value) -> i64 {
    match value {
        Value::Int(it) | Value::Int64(it) => *it,
        Value::Float(it) => truncated(*it),
        Value::Bool(it) => i64::from(*it),
        Value::Text(text) | Value::Number(text) => whole(text).unwrap_or(match value {
            Value::Number(_) => truncated(text.parse().unwrap_or(0.0)),
            _ => 0,
        }),
        _ => 0,
    }
}

/// A float without its fraction, within what fits.
pub fn truncated(value: f64) -> i64 {
    // What does not fit becomes the smallest number, as it does on amd64.
    let fits = (-9.3e18..9.3e18).contains(&value) && (value as i64) != i64::MAX;
    if fits { value as i64 } else { i64::MIN }
}

/// `strconv.ParseInt(text, 0, 0)`, with `cast`'s way of dropping zeros behind a point.
fn whole(text: &str) -> Option<i64> {
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let radix = |prefix: [&str; 2], radix| {
        let rest = prefix.iter().find_map(|prefix| digits.strip_prefix(prefix))?;
        i64::from_str_radix(rest, radix).ok()
    };
    let size = radix(["0x", "0X"], 16)
        .or_else(|| radix(["0b", "0B"], 2))
        .or_else(|| radix(["0o", "0O"], 8))
        .or_else(|| {
            let is_octal = digits.len() > 1 && digits.starts_with('0');
            i64::from_str_radix(digits, if is_octal { 8 } else { 10 }).ok()
        })?;
    size.checked_mul(sign)
}

/// A value as `float64`; 0 if it is none.
pub fn float(value: &Value) -> f64 {
    match value {
        Value::Float(it) => *it,
        Value::Int(it) | Value::Int64(it) => *it as f64,
        Value::Bool(it) => f64::from(u8::from(*it)),
        Value::Text(text) | Value::Number(text) => text.parse().unwrap_or(0.0),
        _ => 0.0,
    }
}

/// The items of a list, each as text: `strslice`. Nothing else than a list is a list of one.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => {
            items.iter().filter(|it| !matches!(it, Value::Nil)).map(text).collect()
        }
        Value::Nil => Vec::new(),
        other => vec![text(other)],
    }
}
