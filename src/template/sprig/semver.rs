//! Semantic versions.
//!
//! Source: <https://github.com/Masterminds/semver#checking-version-constraints>.

use crate::template::arguments::{Table, text};
use crate::template::format;
use crate::template::value::{Object, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// The functions.
pub const FUNCTIONS: Table = &[
    ("semver", "s", |_, a| match Version::read(text(a, 0)) {
        Some(version) if version.has_zeros() => Err("version segment starts with 0".into()),
        Some(version) => Ok(version.value(text(a, 0))),
        None => Err(INVALID.into()),
    }),
    ("semverCompare", "ss", |_, a| {
        // Constraints are read first.
        if let Some(odd) = text(a, 0).split("||").find(|own| parts(own).is_none()) {
            return Err(format!("improper constraint: {}", format::quote(odd)));
        }
        let version = Version::read(text(a, 1)).ok_or(INVALID)?;
        Ok(is_within(text(a, 0), &version).unwrap_or(false).into())
    }),
];

/// What is said of a text that is no version.
const INVALID: &str = "invalid semantic version";

/// A version as templates see it.
#[derive(Debug)]
struct Shown {
    version: Version,
    original: String,
}

impl Object for Shown {
    fn type_name(&self) -> &'static str {
        "*semver.Version"
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn parameters(&self, name: &str) -> Option<&'static str> {
        match name {
            "Compare" | "Equal" | "GreaterThan" | "GreaterThanEqual" | "LessThan"
            | "LessThanEqual" => Some("v"),
            "IncMajor" | "IncMinor" | "IncPatch" | "Major" | "Metadata" | "Minor" | "Original"
            | "Patch" | "Prerelease" | "String" => Some(""),
            _ => None,
        }
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, String> {
        let [major, minor, patch] = self.version.numbers;
        let number = |it: u64| Value::Int64(i64::try_from(it).unwrap_or(i64::MAX));
        let raised = |numbers: [u64; 3]| {
            let version = Version { numbers, given: 3, ..Version::default() };
            let text = version.text();
            version.value(&text)
        };
        let order = || {
            let other = arguments.first().map(format::show).and_then(|it| Version::read(&it));
            self.version.order(&other.unwrap_or_default())
        };
        Ok(match name {
            "Compare" => Value::Int(order() as i64),
            "Equal" => (order() == Ordering::Equal).into(),
            "GreaterThan" => (order() == Ordering::Greater).into(),
            "GreaterThanEqual" => (order() != Ordering::Less).into(),
            "LessThan" => (order() == Ordering::Less).into(),
            "LessThanEqual" => (order() != Ordering::Greater).into(),
            "IncMajor" => raised([major.saturating_add(1), 0, 0]),
            "IncMinor" => raised([major, minor.saturating_add(1), 0]),
            // What is before a release becomes it.
            "IncPatch" if !self.version.before.is_empty() => raised([major, minor, patch]),
            "IncPatch" => raised([major, minor, patch.saturating_add(1)]),
            "Major" => number(major),
            "Minor" => number(minor),
            "Patch" => number(patch),
            "Metadata" => self.version.build.as_str().into(),
            "Prerelease" => self.version.before.as_str().into(),
            "Original" => self.original.as_str().into(),
            _ => self.version.text().into(),
        })
    }

    fn json(&self) -> serde_json::Value {
        self.original.as_str().into()
    }

    fn text(&self) -> String {
        self.version.text()
    }
}

/// A version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    numbers: [u64; 3],
    /// How many numbers are given.
    given: usize,
    before: String,
    build: String,
}

impl Version {
    /// Reads a version; a `v` before it and missing numbers are forgiven.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, build) = text.split_once('+').unwrap_or((text, ""));
        let (numbers, before) = text.split_once('-').unwrap_or((text, ""));
        let mut own = [0; 3];
        let parts: Vec<&str> = numbers.split('.').collect();
        if parts.len() > 3 {
            return None;
        }
        for (own, part) in own.iter_mut().zip(&parts) {
            let is_number = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            *own = part.parse().ok().filter(|_| is_number)?;
        }
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let is_right = |own: &str| own.is_empty() || own.split('.').all(is_part);
        if !is_right(before) || !is_right(build) {
            return None;
        }
        Some(Self { numbers: own, given: parts.len(), before: before.into(), build: build.into() })
    }

    fn value(self, original: &str) -> Value {
        Value::Object(Rc::new(Shown { version: self, original: original.into() }))
    }

    /// Whether a number before a release has zeros before it.
    fn has_zeros(&self) -> bool {
        let is_number = |part: &&str| part.bytes().all(|b| b.is_ascii_digit());
        let mut numbers = self.before.split('.').filter(is_number);
        numbers.any(|part| part.len() > 1 && part.starts_with('0'))
    }

    fn text(&self) -> String {
        let [major, minor, patch] = self.numbers;
        let with = |sign: &str, own: &str| match own {
            "" => String::new(),
            own => format!("{sign}{own}"),
        };
        let (before, build) = (with("-", &self.before), with("+", &self.build));
        format!("{major}.{minor}.{patch}{before}{build}")
    }

    fn order(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (&*self.before, &*other.before) {
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (left, right) => before_order(left, right),
        })
    }

    /// The version of which this one is below, for a range that keeps so many numbers.
    fn above(&self, kept: usize) -> Self {
        let mut numbers = self.numbers;
        for (at, number) in numbers.iter_mut().enumerate() {
            match at.cmp(&(kept.max(1) - 1)) {
                Ordering::Less => {}
                Ordering::Equal => *number += 1,
                Ordering::Greater => *number = 0,
            }
        }
        Self { numbers, given: 3, before: String::new(), build: String::new() }
    }
}

fn before_order(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => match (left.parse::<u64>(), right.parse::<u64>()) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => left.cmp(right),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Whether a version satisfies a constraint; none if that is no constraint.
pub fn is_within(constraint: &str, version: &Version) -> Option<bool> {
    let mut holds = false;
    for alternative in constraint.split("||") {
        let mut all = true;
        for part in parts(alternative)? {
            all &= part.holds(version);
        }
        holds |= all;
    }
    Some(holds)
}

struct Part {
    sign: String,
    version: Version,
    /// How many numbers are given before a wildcard.
    given: usize,
}

impl Part {
    fn holds(&self, version: &Version) -> bool {
        let Self { sign, version: own, given } = self;
        // A version before a release counts only where the constraint names one, too.
        if !version.before.is_empty() && own.before.is_empty() {
            return false;
        }
        let order = version.order(own);
        let is_below = |kept: usize| version.order(&own.above(kept)) == Ordering::Less;
        match sign.as_str() {
            "" | "=" if *given == 0 => true,
            "" | "=" if *given < 3 => order != Ordering::Less && is_below(*given),
            "" | "=" => order == Ordering::Equal,
            "!=" if *given < 3 && *given > 0 => order == Ordering::Less || !is_below(*given),
            "!=" => order != Ordering::Equal,
            ">" if *given < 3 && *given > 0 => !is_below(*given),
            ">" => order == Ordering::Greater,
            "<" => order == Ordering::Less,
            ">=" | "=>" => order != Ordering::Less,
            "<=" | "=<" if *given < 3 && *given > 0 => is_below(*given),
            "<=" | "=<" => order != Ordering::Greater,
            "~" | "~>" => order != Ordering::Less && (*given == 0 || is_below((*given).min(2))),
            "^" => {
                let kept = match own.numbers {
                    [0, 0, _] if *given == 3 => 3,
                    [0, _, _] if *given >= 2 => 2,
                    _ => 1,
                };
                order != Ordering::Less && (*given == 0 || is_below(kept))
            }
            _ => false,
        }
    }
}

fn parts(text: &str) -> Option<Vec<Part>> {
    let mut all = Vec::new();
    let words: Vec<&str> = text.split([',', ' ']).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return None;
    }
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let length = word.chars().take_while(|c| "=<>!~^".contains(*c)).count();
        let (sign, mut rest) = word.split_at(length);
        if rest.is_empty() {
            at += 1;
            rest = words.get(at)?;
        }
        // `1.2 - 1.4` is a range of its own.
        if sign.is_empty() && words.get(at + 1) == Some(&"-") {
            all.push(part(">=", rest)?);
            all.push(part("<=", words.get(at + 2)?)?);
            at += 3;
            continue;
        }
        all.push(part(sign, rest)?);
        at += 1;
    }
    Some(all)
}

fn part(sign: &str, text: &str) -> Option<Part> {
    let (numbers, tail) = text.find(['-', '+']).map_or((text, ""), |at| text.split_at(at));
    let numbers = numbers.strip_prefix('v').unwrap_or(numbers);
    let is_open = |part: &&str| matches!(*part, "x" | "X" | "*");
    let known: Vec<&str> = numbers.split('.').take_while(|part| !is_open(part)).collect();
    let given = known.len();
    let whole = if given == 0 { "0".to_owned() } else { known.join(".") };
    let version = Version::read(&format!("{whole}{tail}"))?;
    let is_sign =
        matches!(sign, "" | "=" | "!=" | ">" | "<" | ">=" | "=>" | "<=" | "=<" | "~" | "~>" | "^");
    is_sign.then(|| Part { sign: sign.into(), given, version })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_hold_as_masterminds_semver_says() {
        for (constraint, version, holds) in [
            (">=1.19-0", "v1.36.3", true),
            (">= 1.19", "1.36.3", true),
            ("^1.2.3", "1.9.0", true),
            ("^0.2.3", "0.3.0", false),
            ("~1.2.3", "1.2.9", true),
            ("~1.2.3", "1.3.0", false),
            ("1.2.x", "1.2.7", true),
            ("<1.14-0", "1.13.9", true),
            (">1.2, <3", "2.5.0", true),
            ("1.2 - 1.4.5", "1.3.0", true),
            ("*", "9.9.9", true),
            (">=1.0.0", "1.1.0-alpha", false),
            ("1.0 || 2.0", "2.0.5", true),
        ] {
            let version = Version::read(version).unwrap();
            assert_eq!(is_within(constraint, &version), Some(holds), "{constraint}");
        }
        assert_eq!(is_within("foo", &Version::read("1").unwrap()), None);
    }
}
