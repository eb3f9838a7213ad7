//! How Go prints values: `fmt.Print`, `fmt.Sprintf`.
//!
//! Source: <https://pkg.go.dev/fmt>.

use super::value::Value;
use super::{bounds, number};

/// The longest text that a width or precision may ask for.
const WIDEST: usize = 10_000;

/// A value as `%v` prints it.
pub fn show(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Nil => out.push_str("<nil>"),
        Value::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
        Value::Int(it) | Value::Int64(it) => out.push_str(&it.to_string()),
        Value::Float(it) => out.push_str(&number::go(*it)),
        Value::Number(text) | Value::Text(text) => out.push_str(text),
        Value::List(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push(' ');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push_str("map[");
            for (number, (key, item)) in map.borrow().iter().enumerate() {
                if number > 0 {
                    out.push(' ');
                }
                out.push_str(key);
                out.push(':');
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(object) => out.push_str(&object.text()),
    }
}

/// `fmt.Sprint`: a space between two operands of which neither is a text.
pub fn print(values: &[Value]) -> String {
    let mut out = String::new();
    for (number, value) in values.iter().enumerate() {
        let is_text = |value: &Value| matches!(value, Value::Text(_) | Value::Number(_));
        if number > 0 && !is_text(value) && !is_text(&values[number - 1]) {
            out.push(' ');
        }
        write(value, &mut out);
    }
    out
}

/// `fmt.Sprintln`.
pub fn print_line(values: &[Value]) -> String {
    let all: Vec<String> = values.iter().map(show).collect();
    format!("{}\n", all.join(" "))
}

/// A text in Go's double quotes: `strconv.Quote`.
pub fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{b}' => out.push_str("\\v"),
            c if u32::from(c) < 0x20 || c == '\u{7f}' => {
                out.push_str(&format!("\\x{:02x}", u32::from(c)));
            }
            c if c == '\u{a0}' || c == '\u{feff}' || ('\u{80}'..='\u{9f}').contains(&c) => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The flags, width and precision of a verb.
#[derive(Default)]
struct Spec {
    minus: bool,
    plus: bool,
    sharp: bool,
    zero: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

/// `fmt.Sprintf`.
pub fn printf(format: &str, values: &[Value]) -> String {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    let mut next = 0;
    while let Some(c) = chars.next() {
        // What is longer is refused by whoever takes it.
        if out.len() > bounds::OUTPUT {
            break;
        }
        if c != '%' {
            out.push(c);
            continue;
        }
        let spec = read_spec(&mut chars, values, &mut next);
        let Some(verb) = chars.next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = values.get(next) else {
            out.push_str(&format!("%!{verb}(MISSING)"));
            continue;
        };
        next += 1;
        out.push_str(&formatted(&spec, verb, value));
    }
    if next < values.len() {
        let rest: Vec<String> = values[next..]
            .iter()
            .map(|value| match value {
                Value::Nil => "<nil>".to_owned(),
                value => format!("{}={}", value.type_name(), show(value)),
            })
            .collect();
        out.push_str(&format!("%!(EXTRA {})", rest.join(", ")));
    }
    out
}

fn read_spec(
    chars: &mut std::iter::Peekable<std::str::Chars>,
    values: &[Value],
    next: &mut usize,
) -> Spec {
    let mut spec = Spec::default();
    while let Some(flag) = chars.peek() {
        match flag {
            '-' => spec.minus = true,
            '+' => spec.plus = true,
            '#' => spec.sharp = true,
            '0' => spec.zero = true,
            ' ' => spec.space = true,
            _ => break,
        }
        chars.next();
    }
    spec.width = read_number(chars, values, next);
    if chars.peek() == Some(&'.') {
        chars.next();
        spec.precision = Some(read_number(chars, values, next).unwrap_or(0));
    }
    spec
}

fn read_number(
    chars: &mut std::iter::Peekable<std::str::Chars>,
    values: &[Value],
    next: &mut usize,
) -> Option<usize> {
    if chars.peek() == Some(&'*') {
        chars.next();
        let value = values.get(*next);
        *next += 1;
        return match value {
            Some(Value::Int(it)) => usize::try_from(*it).ok().map(|it| it.min(WIDEST)),
            _ => None,
        };
    }
    let mut digits = String::new();
    while let Some(c) = chars.peek().filter(|c| c.is_ascii_digit()) {
        digits.push(*c);
        chars.next();
    }
    (!digits.is_empty()).then(|| digits.parse().unwrap_or(WIDEST).min(WIDEST))
}

fn formatted(spec: &Spec, verb: char, value: &Value) -> String {
    let body = match (verb, value) {
        ('T', value) => value.type_name().to_owned(),
        ('v', Value::Float(it)) => float(spec, 'g', *it),
        ('v', Value::Int(it) | Value::Int64(it)) => whole(spec, *it, 10, false),
        ('v', Value::Text(text)) if spec.sharp => quote(text),
        ('v', value) => cut(spec, &show(value)),
        ('s', Value::Text(text) | Value::Number(text)) => cut(spec, text),
        ('q', Value::Text(text) | Value::Number(text)) => match spec.sharp && !text.contains('`') {
            true => format!("`{text}`"),
            false => quote(&cut(spec, text)),
        },
        ('q', Value::Int(it) | Value::Int64(it)) => {
            let c = u32::try_from(*it).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
            format!("'{c}'")
        }
        ('x' | 'X', Value::Text(text) | Value::Number(text)) => {
            let digits = text.bytes().map(|byte| match verb {
                'x' => format!("{byte:02x}"),
                _ => format!("{byte:02X}"),
            });
            digits.collect()
        }
        ('d', Value::Int(it) | Value::Int64(it)) => whole(spec, *it, 10, false),
        ('x', Value::Int(it) | Value::Int64(it)) => whole(spec, *it, 16, false),
        ('X', Value::Int(it) | Value::Int64(it)) => whole(spec, *it, 16, true),
        ('o', Value::Int(it) | Value::Int64(it)) => whole(spec, *it, 8, false),
        ('b', Value::Int(it) | Value::Int64(it)) => whole(spec, *it, 2, false),
        ('c', Value::Int(it) | Value::Int64(it)) => {
            u32::try_from(*it).ok().and_then(char::from_u32).unwrap_or('\u{fffd}').to_string()
        }
        ('U', Value::Int(it) | Value::Int64(it)) => format!("U+{it:04X}"),
        ('t', Value::Bool(it)) => it.to_string(),
        ('f' | 'F' | 'e' | 'E' | 'g' | 'G', Value::Float(it)) => float(spec, verb, *it),
        (_, Value::List(items)) => {
            let inner: Vec<String> =
                items.iter().map(|item| formatted(&Spec::default(), verb, item)).collect();
            format!("[{}]", inner.join(" "))
        }
        (_, Value::Map(map)) => {
            let map = map.borrow();
            let inner: Vec<String> = map
                .iter()
                .map(|(key, item)| {
                    let key = formatted(&Spec::default(), verb, &Value::text(key));
                    format!("{key}:{}", formatted(&Spec::default(), verb, item))
                })
                .collect();
            format!("map[{}]", inner.join(" "))
        }
        (verb, Value::Nil) => format!("%!{verb}(<nil>)"),
        (verb, value) => format!("%!{verb}({}={})", value.type_name(), show(value)),
    };
    pad(spec, body)
}

fn cut(spec: &Spec, text: &str) -> String {
    match spec.precision {
        Some(most) => text.chars().take(most).collect(),
        None => text.to_owned(),
    }
}

fn pad(spec: &Spec, body: String) -> String {
    let length = body.chars().count();
    let Some(missing) = spec.width.and_then(|width| width.checked_sub(length)) else { return body };
    match () {
        () if spec.minus => format!("{body}{}", " ".repeat(missing)),
        () if spec.zero => match body.strip_prefix(['-', '+']) {
            Some(digits) => format!("{}{}{digits}", &body[..1], "0".repeat(missing)),
            None => format!("{}{body}", "0".repeat(missing)),
        },
        () => format!("{}{body}", " ".repeat(missing)),
    }
}

fn whole(spec: &Spec, value: i64, radix: u32, is_upper: bool) -> String {
    let size = value.unsigned_abs();
    let digits = match radix {
        16 if is_upper => format!("{size:X}"),
        16 => format!("{size:x}"),
        8 => format!("{size:o}"),
        2 => format!("{size:b}"),
        _ => size.to_string(),
    };
    let missing = spec.precision.unwrap_or(0).saturating_sub(digits.len());
    let prefix = match (spec.sharp, radix) {
        (true, 16) if is_upper => "0X",
        (true, 16) => "0x",
        (true, 8) => "0",
        (true, 2) => "0b",
        _ => "",
    };
    format!("{}{prefix}{}{digits}", sign(spec, value < 0), "0".repeat(missing))
}

fn sign(spec: &Spec, is_negative: bool) -> &'static str {
    match is_negative {
        true => "-",
        false if spec.plus => "+",
        false if spec.space => " ",
        false => "",
    }
}

fn float(spec: &Spec, verb: char, value: f64) -> String {
    let size = value.abs();
    let body = match (verb, spec.precision) {
        ('f' | 'F', precision) => format!("{size:.*}", precision.unwrap_or(6)),
        ('e' | 'E', precision) => {
            let text = format!("{size:.*e}", precision.unwrap_or(6));
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or(0);
            let side = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}{verb}{side}{:02}", exponent.abs())
        }
        (_, None) => number::go(size),
        (_, Some(precision)) => {
            let text = format!("{size:.*}", precision.saturating_sub(1));
            let rounded: f64 = format!("{size:.*e}", precision.max(1) - 1).parse().unwrap_or(size);
            if text.contains('.') || rounded != size { number::go(rounded) } else { text }
        }
    };
    format!("{}{body}", sign(spec, value.is_sign_negative() && value != 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_printed_as_go_prints_them() {
        let list = Value::list([Value::Int(1), Value::text("a"), Value::Nil]);
        let map = Value::map([("b", Value::Float(1.5)), ("a", list)]);
        assert_eq!(show(&map), "map[a:[1 a <nil>] b:1.5]");
        let print = |format: &str, value: Value| printf(format, &[value]);
        assert_eq!(print("%5d|", Value::Int(42)), "   42|");
        assert_eq!(print("%-5s|", Value::text("ab")), "ab   |");
        assert_eq!(print("%05.1f", Value::Float(2.25)), "002.2");
        assert_eq!(print("%q", Value::text("a\"b")), "\"a\\\"b\"");
        assert_eq!(print("%d", Value::text("x")), "%!d(string=x)");
        assert_eq!(print("%d", Value::Float(2.0)), "%!d(float64=2)");
        assert_eq!(print("%s", Value::Int(7)), "%!s(int=7)");
        assert_eq!(printf("%s", &[]), "%!s(MISSING)");
        assert_eq!(printf("a", &[Value::Int(1)]), "a%!(EXTRA int=1)");
        assert_eq!(printf("100%%", &[]), "100%");
    }
}
