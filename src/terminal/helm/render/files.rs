//! `.Files`: the files of a chart that are no templates.
//!
//! Upstream: `pkg/engine/files.go`, `github.com/gobwas/glob`.

use crate::api::base64;
use crate::template::Value;
use crate::template::value::{Bytes, Object};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Files: path, text.
#[derive(Debug)]
pub struct FilesOf(pub Vec<(String, String)>);

impl FilesOf {
    fn get(&self, path: &str) -> &str {
        self.0.iter().find(|(name, _)| name == path).map_or("", |(_, text)| text)
    }

    fn glob(&self, pattern: &str) -> Self {
        // What is no pattern is like every name.
        let pattern = Pattern::read(pattern).or_else(|| Pattern::read("**"));
        let is_like = |name: &str| pattern.as_ref().is_some_and(|pattern| pattern.is_like(name));
        Self(self.0.iter().filter(|(name, _)| is_like(name)).cloned().collect())
    }

    /// The files by their names without folders, as YAML.
    fn flat(&self, as_value: impl Fn(&str) -> Value) -> Value {
        let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let all = Value::map(self.0.iter().map(|(name, text)| (base(name), as_value(text))));
        crate::template::yaml_text(&all).into()
    }
}

impl Object for FilesOf {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn field(&self, name: &str) -> Option<Value> {
        Some(Bytes::of(self.get(name)))
    }

    fn parameters(&self, name: &str) -> Option<&'static str> {
        match name {
            "Get" | "GetBytes" | "Lines" | "Glob" => Some("s"),
            "AsConfig" | "AsSecrets" => Some(""),
            _ => None,
        }
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, String> {
        let asked: &str = match arguments {
            [Value::Text(asked)] => asked,
            _ => "",
        };
        Ok(match name {
            "Get" => self.get(asked).into(),
            "GetBytes" => Bytes::of(self.get(asked)),
            "Lines" => match self.get(asked) {
                "" => Value::list([]),
                text => {
                    let text = text.strip_suffix('\n').unwrap_or(text);
                    Value::list(text.split('\n').map(Value::from))
                }
            },
            "Glob" => Value::Object(Rc::new(self.glob(asked))),
            "AsSecrets" => self.flat(|text| base64::encode(text.as_bytes()).into()),
            _ => self.flat(|text| text.into()),
        })
    }

    fn is_map(&self) -> bool {
        true
    }

    fn text(&self) -> String {
        let each =
            self.0.iter().map(|(name, text)| format!("{name}:{}", Bytes(text.clone()).text()));
        format!("map[{}]", each.collect::<Vec<_>>().join(" "))
    }

    fn fields(&self) -> BTreeMap<String, Value> {
        self.0.iter().map(|(name, text)| (name.clone(), Bytes::of(text))).collect()
    }
}

/// What a path is like.
#[derive(Debug)]
enum Pattern {
    /// `a`
    Plain(char),
    /// `?`
    One,
    /// `*`
    Some,
    /// `**`
    Any,
    /// `[a-z]`, `[!a]`
    Class(bool, Vec<(char, char)>),
    /// `{a,b}`
    Either(Vec<Vec<Pattern>>),
    /// One behind the other.
    All(Vec<Pattern>),
}

impl Pattern {
    /// Reads a pattern; none if it is none.
    fn read(text: &str) -> Option<Self> {
        let mut chars = text.chars().peekable();
        let parts = Self::parts(&mut chars, false, 0)?;
        chars.next().is_none().then_some(Self::All(parts))
    }

    fn parts(
        chars: &mut std::iter::Peekable<std::str::Chars>,
        is_inside: bool,
        depth: usize,
    ) -> Option<Vec<Self>> {
        let mut parts = Vec::new();
        while let Some(c) = chars.peek().copied() {
            if is_inside && matches!(c, ',' | '}') {
                return Some(parts);
            }
            chars.next();
            parts.push(match c {
                '\\' => Self::Plain(chars.next()?),
                '?' => Self::One,
                '*' if chars.next_if_eq(&'*').is_some() => Self::Any,
                '*' => Self::Some,
                '[' => Self::class(chars)?,
                '{' if depth < 10 => {
                    let mut either = Vec::new();
                    loop {
                        either.push(Self::parts(chars, true, depth + 1)?);
                        if chars.next()? == '}' {
                            break;
                        }
                    }
                    Self::Either(either)
                }
                c => Self::Plain(c),
            });
        }
        (!is_inside).then_some(parts)
    }

    fn class(chars: &mut std::iter::Peekable<std::str::Chars>) -> Option<Self> {
        let is_negated = chars.next_if_eq(&'!').is_some();
        let mut ranges = Vec::new();
        loop {
            let first = chars.next()?;
            if first == ']' {
                return (!ranges.is_empty()).then_some(Self::Class(is_negated, ranges));
            }
            let last = match chars.next_if_eq(&'-') {
                Some(_) => chars.next()?,
                None => first,
            };
            ranges.push((first, last));
        }
    }

    fn is_like(&self, path: &str) -> bool {
        self.rests(path).iter().any(|rest| rest.is_empty())
    }

    /// What may remain of a path behind what this is like.
    fn rests<'a>(&self, path: &'a str) -> Vec<&'a str> {
        let first = path.chars().next();
        let behind = |is_like: bool| match first.filter(|_| is_like) {
            Some(c) => vec![&path[c.len_utf8()..]],
            None => Vec::new(),
        };
        let up_to = |end: usize| {
            let places = path.char_indices().map(|(at, _)| at).chain([path.len()]);
            places.take_while(|at| *at <= end).map(|at| &path[at..]).collect()
        };
        match self {
            Self::Plain(c) => behind(first == Some(*c)),
            Self::One => behind(first != Some('/')),
            Self::Some => up_to(path.find('/').unwrap_or(path.len())),
            Self::Any => up_to(path.len()),
            Self::Class(is_negated, ranges) => behind(first.is_some_and(|c| {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *is_negated
            })),
            Self::Either(each) => {
                each.iter().flat_map(|parts| Self::rests_of(parts, path)).collect()
            }
            Self::All(parts) => Self::rests_of(parts, path),
        }
    }

    fn rests_of<'a>(parts: &[Self], path: &'a str) -> Vec<&'a str> {
        let mut rests = vec![path];
        for part in parts {
            rests = rests.iter().flat_map(|rest| part.rests(rest)).collect();
            // The same rest may be come to in several ways.
            rests.sort_unstable_by_key(|rest| rest.len());
            rests.dedup_by_key(|rest| rest.len());
        }
        rests
    }
}
