//! `fmt.Sprintf`.
//!
//! Upstream: `fmt/print.go`, doPrintf, printArg, printValue.

use super::{quoted, show};
use crate::template::bounds;
use crate::template::value::Value;

/// The longest text that a width or precision may ask for.
const WIDEST: usize = 10_000;

/// The flags, width and precision of a verb.
#[derive(Clone, Copy, Default)]
pub(super) struct Spec {
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) zero: bool,
    pub(super) space: bool,
    /// `%#v`: as Go writes it in a program.
    pub(super) is_syntax: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

/// `fmt.Sprintf`.
pub fn printf(format: &str, values: &[Value]) -> String {
    let mut printer = Printer {
        rest: format,
        values,
        next: 0,
        is_reordered: false,
        is_good: true,
        out: String::new(),
    };
    printer.run();
    printer.out
}

struct Printer<'a> {
    rest: &'a str,
    values: &'a [Value],
    /// The argument that is next.
    next: usize,
    /// Whether a verb named its argument.
    is_reordered: bool,
    /// Whether the verb names an argument that there is.
    is_good: bool,
    out: String,
}

impl Printer<'_> {
    fn take(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn run(&mut self) {
        while let Some((before, behind)) = self.rest.split_once('%') {
            self.out.push_str(before);
            self.rest = behind;
            // What is longer is refused by whoever takes it.
            if self.out.len() > bounds::OUTPUT {
                return;
            }
            if !self.verb() {
                self.out.push_str("%!(NOVERB)");
                return;
            }
        }
        self.out.push_str(self.rest);
        self.extra();
    }

    /// What no verb prints.
    fn extra(&mut self) {
        let left = self.values.get(self.next..).unwrap_or_default();
        if self.is_reordered || left.is_empty() {
            return;
        }
        let each = left.iter().map(|value| match value {
            Value::Nil => "<nil>".to_owned(),
            value => format!("{}={}", value.type_name(), Spec::default().argument('v', value)),
        });
        let all: Vec<String> = each.collect();
        self.out.push_str(&format!("%!(EXTRA {})", all.join(", ")));
    }

    /// Prints what stands behind a `%`; false if the text ends too early.
    fn verb(&mut self) -> bool {
        self.is_good = true;
        let mut spec = self.flags();
        let mut is_behind = self.index();
        self.width(&mut spec, &mut is_behind);
        self.precision(&mut spec, &mut is_behind);
        if !is_behind {
            self.index();
        }
        let Some(verb) = self.rest.chars().next() else { return false };
        self.rest = &self.rest[verb.len_utf8()..];
        match self.values.get(self.next) {
            _ if verb == '%' => self.out.push('%'),
            _ if !self.is_good => self.out.push_str(&format!("%!{verb}(BADINDEX)")),
            None => self.out.push_str(&format!("%!{verb}(MISSING)")),
            Some(value) => {
                if verb == 'v' {
                    spec.is_syntax = spec.sharp;
                    spec.sharp = false;
                    spec.plus = false;
                }
                self.out.push_str(&spec.argument(verb, value));
                self.next += 1;
            }
        }
        true
    }

    fn flags(&mut self) -> Spec {
        let mut spec = Spec::default();
        loop {
            match self.rest.chars().next() {
                Some('-') => spec.minus = true,
                Some('+') => spec.plus = true,
                Some('#') => spec.sharp = true,
                Some('0') => spec.zero = true,
                Some(' ') => spec.space = true,
                _ => return spec,
            }
            self.rest = &self.rest[1..];
        }
    }

    fn width(&mut self, spec: &mut Spec, is_behind: &mut bool) {
        if !self.take('*') {
            spec.width = self.number();
            self.is_good &= !(*is_behind && spec.width.is_some());
            return;
        }
        *is_behind = false;
        match self.argument_number() {
            None => self.out.push_str("%!(BADWIDTH)"),
            Some(width) => {
                spec.width = usize::try_from(width.unsigned_abs()).ok();
                if width < 0 {
                    spec.minus = true;
                    spec.zero = false;
                }
            }
        }
    }

    fn precision(&mut self, spec: &mut Spec, is_behind: &mut bool) {
        if !self.take('.') {
            return;
        }
        self.is_good &= !*is_behind;
        *is_behind = self.index();
        if !self.take('*') {
            spec.precision = Some(self.number().unwrap_or(0));
            return;
        }
        *is_behind = false;
        spec.precision = self.argument_number().and_then(|it| usize::try_from(it).ok());
        if spec.precision.is_none() {
            self.out.push_str("%!(BADPREC)");
        }
    }

    /// The number of an argument: `[1]`. Whether there is one.
    fn index(&mut self) -> bool {
        let Some(inside) = self.rest.strip_prefix('[') else { return false };
        self.is_reordered = true;
        let Some((number, behind)) = inside.split_once(']') else {
            self.is_good = false;
            self.rest = inside;
            return false;
        };
        self.rest = behind;
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        let index =
            number.parse().ok().filter(|_| is_number).and_then(|it: usize| it.checked_sub(1));
        match index.filter(|index| *index < self.values.len()) {
            Some(index) => self.next = index,
            None => self.is_good = false,
        }
        is_number
    }

    /// A number that stands in the text.
    fn number(&mut self) -> Option<usize> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        (length > 0).then(|| digits.parse().unwrap_or(WIDEST).min(WIDEST))
    }

    /// A number that is an argument.
    fn argument_number(&mut self) -> Option<i64> {
        let value = self.values.get(self.next)?;
        self.next += 1;
        let most = i64::try_from(WIDEST).unwrap_or(i64::MAX);
        match value {
            Value::Int(it) | Value::Int64(it) => Some((*it).clamp(-most, most)),
            _ => None,
        }
    }
}

impl Spec {
    fn argument(&self, verb: char, value: &Value) -> String {
        match (verb, value) {
            ('T' | 'v', Value::Nil) => self.pad("<nil>"),
            ('T', value) => self.pad(&self.cut(value.type_name())),
            (verb, value) => self.value(verb, value, true),
        }
    }

    /// A value, or a member of one, in which nothing is no mistake.
    fn value(&self, verb: char, value: &Value, is_outer: bool) -> String {
        let own = match value {
            Value::Nil if is_outer => None,
            Value::Nil if self.is_syntax => Some("interface {}(nil)".into()),
            Value::Nil => Some("<nil>".into()),
            Value::Bool(it) => matches!(verb, 't' | 'v').then(|| self.pad(&it.to_string())),
            Value::Int(it) | Value::Int64(it) => self.whole(verb, *it),
            Value::Float(it) => self.float(*it, verb),
            Value::Text(text) | Value::Number(text) => self.text(verb, text),
            Value::List(items) => {
                let each = items.iter().map(|item| self.value(verb, item, false));
                Some(self.joined(value, ["[", "]"], each.collect()))
            }
            Value::Map(map) => {
                let map = map.borrow();
                let each = map.iter().map(|(key, item)| {
                    let key = self.value(verb, &Value::text(key), false);
                    format!("{key}:{}", self.value(verb, item, false))
                });
                Some(self.joined(value, ["map[", "]"], each.collect()))
            }
            Value::Object(object) => Some(match verb {
                's' | 'q' | 'x' | 'X' => self.text(verb, &object.string()).unwrap_or_default(),
                _ => self.pad(&object.text()),
            }),
        };
        own.unwrap_or_else(|| self.bad(verb, value))
    }

    fn joined(&self, value: &Value, [open, close]: [&str; 2], each: Vec<String>) -> String {
        match self.is_syntax {
            true => format!("{}{{{}}}", value.type_name(), each.join(", ")),
            false => format!("{open}{}{close}", each.join(" ")),
        }
    }

    /// What is printed for a verb that a value does not have.
    fn bad(&self, verb: char, value: &Value) -> String {
        match value {
            Value::Nil => format!("%!{verb}(<nil>)"),
            value => format!("%!{verb}({}={})", value.type_name(), self.value('v', value, true)),
        }
    }

    fn whole(&self, verb: char, value: i64) -> Option<String> {
        let shown = || {
            let code = u32::try_from(value).ok();
            code.and_then(char::from_u32).unwrap_or('\u{fffd}').to_string()
        };
        match verb {
            'v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X' => Some(self.integer(value, verb)),
            'c' => Some(self.pad(&shown())),
            'q' => Some(self.pad(&quoted(&shown(), '\'', self.plus))),
            'U' => Some(self.unicode(value)),
            _ => None,
        }
    }

    fn text(&self, verb: char, text: &str) -> Option<String> {
        match verb {
            'v' if self.is_syntax => Some(self.pad(&quoted(&self.cut(text), '"', false))),
            'v' | 's' => Some(self.pad(&self.cut(text))),
            'q' => {
                let text = self.cut(text);
                let is_plain =
                    |c: char| c == '\t' || !(c == '`' || c == '\u{feff}' || c.is_control());
                Some(self.pad(&match self.sharp && text.chars().all(is_plain) {
                    true => format!("`{text}`"),
                    false => quoted(&text, '"', self.plus),
                }))
            }
            'x' | 'X' => Some(self.bytes(verb, text)),
            _ => None,
        }
    }

    /// The bytes of a text in hexadecimal.
    fn bytes(&self, verb: char, text: &str) -> String {
        let most = self.precision.unwrap_or(usize::MAX);
        let each = text.bytes().take(most).map(|byte| match verb {
            'x' => format!("{byte:02x}"),
            _ => format!("{byte:02X}"),
        });
        let each: Vec<String> = each.collect();
        let prefix =
            if self.sharp && !each.is_empty() { format!("0{verb}") } else { String::new() };
        self.pad(&match self.space {
            true => each.iter().map(|it| format!("{prefix}{it}")).collect::<Vec<_>>().join(" "),
            false => format!("{prefix}{}", each.concat()),
        })
    }

    fn cut(&self, text: &str) -> String {
        match self.precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.to_owned(),
        }
    }

    /// A text with its width.
    pub(super) fn pad(&self, text: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        match () {
            () if self.minus => format!("{text}{}", " ".repeat(missing)),
            () if self.zero => format!("{}{text}", "0".repeat(missing)),
            () => format!("{}{text}", " ".repeat(missing)),
        }
    }
}

/// A value as `%s` prints it.
pub fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Nil => show(value),
        value => Spec::default().value('s', value, false),
    }
}
