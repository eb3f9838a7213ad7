//! How Go prints values: `fmt.Print`, `fmt.Sprintf`.
//!
//! Source: <https://pkg.go.dev/fmt>.

mod floats;
mod integers;
mod printf;

use super::number;
use super::value::Value;
pub use printf::{printf, text};

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
    quoted(text, '"', false)
}

/// A text in quotes; what is not ASCII is escaped if that is asked for.
fn quoted(text: &str, mark: char, is_ascii: bool) -> String {
    let mut out = String::from(mark);
    for c in text.chars() {
        match c {
            c if c == mark => out.extend(['\\', c]),
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
            c if !c.is_ascii() && (is_ascii || !is_printable(c)) => match u32::from(c) {
                code @ 0..=0xffff => out.push_str(&format!("\\u{code:04x}")),
                code => out.push_str(&format!("\\U{code:08x}")),
            },
            c => out.push(c),
        }
    }
    out.push(mark);
    out
}

/// Whether Go prints a character as it is. Simplified: unassigned ones are not known.
fn is_printable(c: char) -> bool {
    let is_blank = c != ' ' && c.is_whitespace();
    let is_format = matches!(u32::from(c),
        0xad | 0x600..=0x605 | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff
        | 0xe000..=0xf8ff | 0xfff9..=0xfffb);
    !c.is_control() && !is_blank && !is_format
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
