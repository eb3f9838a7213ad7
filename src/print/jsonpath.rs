//! JSONPath as kubectl reads it: templates such as `{range .items[*]}{.metadata.name}{"\n"}{end}`.
//!
//! Upstream: `staging/src/k8s.io/client-go/util/jsonpath/`.

mod budget;
mod filter;

pub use budget::{Budget, MOST_PRINTED, TOO_MUCH};
pub use filter::compare;

use crate::manifest::emit;
use filter::Filter;
use serde_json::Value;

/// A template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Vec<Node>);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Text(String),
    Path(Path),
    Range(Path, Vec<Node>),
    /// What only fails once it is carried out, with the reason.
    Failing(String),
}

/// How values are printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether a field that is missing is an error.
    pub is_strict: bool,
    /// Whether each list of values is printed as JSON.
    pub is_json: bool,
}

/// A path into an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Whether it starts at the object of the template rather than the current one (`$`).
    is_absolute: bool,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Field(String),
    Index(i64),
    Slice(Option<i64>, Option<i64>, i64),
    All,
    Deep,
    Union(Vec<Step>),
    Filter(Filter),
}

/// How deep ranges may stand in each other.
const DEEPEST: usize = 32;

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// The parser's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let nodes = nodes(&mut rest, false, 0)?;
        Ok(Self(nodes))
    }

    /// What it prints of an object.
    ///
    /// # Errors
    /// An index beyond a list.
    pub fn print(&self, object: &Value) -> Result<String, String> {
        self.print_as(object, Style::default())
    }

    /// What it prints of an object in a style.
    ///
    /// # Errors
    /// An index beyond a list, or a field that is missing.
    pub fn print_as(&self, object: &Value, style: Style) -> Result<String, String> {
        let mut text = String::new();
        print(&self.0, (object, object), style, &Budget::default(), &mut text)?;
        Ok(text)
    }
}

fn nodes(rest: &mut &str, is_inner: bool, depth: usize) -> Result<Vec<Node>, String> {
    let mut nodes = Vec::new();
    while !rest.is_empty() {
        let Some(at) = rest.find('{') else {
            nodes.push(Node::Text(std::mem::take(rest).to_owned()));
            break;
        };
        if at > 0 {
            nodes.push(Node::Text(rest[..at].to_owned()));
        }
        *rest = &rest[at + 1..];
        let end = action_end(rest).ok_or("unclosed action")?;
        let action = rest[..end].trim();
        *rest = &rest[end + 1..];
        if action == "end" {
            if is_inner {
                return Ok(nodes);
            }
            nodes.push(Node::Failing("not in range, nothing to end".into()));
            continue;
        }
        if let Some(path) =
            action.strip_prefix("range").filter(|it| !it.starts_with(char::is_alphanumeric))
        {
            if depth >= DEEPEST {
                return Err("too many ranges in each other".into());
            }
            let path = Path::parse(path.trim())?;
            nodes.push(Node::Range(path, self::nodes(rest, true, depth + 1)?));
        } else if action.starts_with(['"', '\'']) {
            nodes.push(Node::Text(unquoted(action)?));
        } else if action.starts_with(char::is_alphabetic) {
            let word = action.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            nodes.push(Node::Failing(format!("unrecognized identifier {word}")));
        } else {
            nodes.push(Node::Path(Path::parse(action)?));
        }
    }
    Ok(nodes)
}

/// Where the brace stands that ends an action; braces in quotes do not.
fn action_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (_, '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '}') => return Some(at),
            (None, _) => {}
        }
    }
    None
}

fn unquoted(text: &str) -> Result<String, String> {
    let quote = text.chars().next().unwrap_or('"');
    let inner = text
        .strip_prefix(quote)
        .and_then(|rest| rest.strip_suffix(quote))
        .ok_or_else(|| "unterminated quoted string".to_owned())?;
    let mut plain = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                Some('r') => plain.push('\r'),
                Some(other) => plain.push(other),
                None => {}
            },
            other => plain.push(other),
        }
    }
    Ok(plain)
}

fn print(
    nodes: &[Node],
    (root, current): (&Value, &Value),
    style: Style,
    budget: &Budget,
    text: &mut String,
) -> Result<(), String> {
    let add = |own: &str, text: &mut String| {
        text.push_str(own);
        budget.print(own)
    };
    for node in nodes {
        budget.look(1)?;
        match node {
            Node::Failing(why) => return Err(why.clone()),
            Node::Text(own) if style.is_json => add(&emit::json(&vec![&**own].into()), text)?,
            Node::Text(own) => add(own, text)?,
            Node::Path(path) => {
                let found = path.find_in(root, current, style.is_strict, budget)?;
                if style.is_json {
                    for each in &found {
                        budget.print(&each.to_string())?;
                    }
                    text.push_str(&emit::json(&found.into_iter().cloned().collect()));
                    continue;
                }
                for (at, each) in found.into_iter().enumerate() {
                    text.push_str(if at > 0 { " " } else { "" });
                    add(&shown(each), text)?;
                }
            }
            Node::Range(path, inner) => {
                for each in path.find_in(root, current, style.is_strict, budget)? {
                    match each {
                        Value::Array(items) if path.steps.last() != Some(&Step::All) => {
                            for item in items {
                                print(inner, (root, item), style, budget, text)?;
                            }
                        }
                        each => print(inner, (root, each), style, budget, text)?,
                    }
                }
            }
        }
    }
    Ok(())
}

/// A value as templates print it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

impl Path {
    /// Reads a path such as `.spec.containers[0].image`.
    ///
    /// # Errors
    /// The parser's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (is_absolute, mut rest) = match text.strip_prefix('$') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('@').unwrap_or(text)),
        };
        let mut steps = Vec::new();
        while let Some(first) = rest.chars().next() {
            match first {
                '.' if rest.starts_with("..") => {
                    steps.push(Step::Deep);
                    rest = &rest[1..];
                }
                '.' => {
                    let (name, more) = field(&rest[1..]);
                    if name == "*" {
                        steps.push(Step::All);
                    } else if !name.is_empty() {
                        steps.push(Step::Field(name));
                    } else if !more.is_empty() && !more.starts_with('[') {
                        return Err(format!(
                            "unexpected path string, expected a 'path' instead of '{text}'"
                        ));
                    }
                    rest = more;
                }
                '[' => {
                    let end = bracket_end(rest).ok_or("unterminated array")?;
                    steps.push(subscript(rest[1..end].trim())?);
                    rest = &rest[end + 1..];
                }
                c if steps.is_empty() && (c.is_alphanumeric() || "_-*".contains(c)) => {
                    let (name, more) = field(rest);
                    if name == "*" {
                        steps.push(Step::All)
                    } else {
                        steps.push(Step::Field(name))
                    }
                    rest = more;
                }
                c => {
                    return Err(format!(
                        "unrecognized character in action: U+{:04X} '{c}'",
                        u32::from(c)
                    ));
                }
            }
        }
        Ok(Self { is_absolute, steps })
    }

    /// What it leads to.
    ///
    /// # Errors
    /// An index beyond a list.
    pub fn find<'a>(&self, root: &'a Value, current: &'a Value) -> Result<Vec<&'a Value>, String> {
        self.find_in(root, current, false, &Budget::default())
    }

    /// What it leads to in an object, as far as what may be looked at goes.
    ///
    /// # Errors
    /// An index beyond a list, or [`TOO_MUCH`].
    pub fn find_within<'a>(
        &self,
        object: &'a Value,
        budget: &Budget,
    ) -> Result<Vec<&'a Value>, String> {
        self.find_in(object, object, false, budget)
    }

    fn find_in<'a>(
        &self,
        root: &'a Value,
        current: &'a Value,
        is_strict: bool,
        budget: &Budget,
    ) -> Result<Vec<&'a Value>, String> {
        let mut found = vec![if self.is_absolute { root } else { current }];
        for step in &self.steps {
            let mut next = Vec::new();
            for value in found {
                let before = next.len();
                step.take(root, value, budget, &mut next)?;
                budget.look(1 + next.len() - before)?;
            }
            match step {
                Step::Field(name) if is_strict && next.is_empty() => {
                    return Err(format!("{name} is not found"));
                }
                _ => found = next,
            }
        }
        Ok(found)
    }

    /// Whether it leads nowhere but to the object itself.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The first value that it leads to.
    pub fn first<'a>(&self, object: &'a Value) -> Option<&'a Value> {
        self.find(object, object).ok()?.into_iter().next()
    }
}

/// A field's name, in which a backslash takes a dot's meaning away, and what follows it.
fn field(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => name.extend(chars.next().map(|(_, c)| c)),
            '.' | '[' | ' ' => return (name, &text[at..]),
            other => name.push(other),
        }
    }
    (name, "")
}

fn bracket_end(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            (None, _) => {}
        }
    }
    None
}

fn subscript(text: &str) -> Result<Step, String> {
    if text == "*" {
        return Ok(Step::All);
    }
    if let Some(filter) = text.strip_prefix("?(").and_then(|rest| rest.strip_suffix(')')) {
        return Filter::parse(filter.trim()).map(Step::Filter);
    }
    let number = |text: &str| text.trim().parse::<i64>().ok();
    if let Some(index) = number(text) {
        return Ok(Step::Index(index));
    }
    if text.starts_with(['"', '\'']) && !text.contains(',') {
        return Ok(Step::Field(unquoted(text)?));
    }
    if text.contains(',') {
        let parts = text.split(',').map(|part| subscript(part.trim()));
        return Ok(Step::Union(parts.collect::<Result<_, _>>()?));
    }
    if text.contains(':') {
        let mut parts = text.split(':').map(number);
        let (from, to) = (parts.next().flatten(), parts.next().flatten());
        let step = parts.next().flatten().unwrap_or(1);
        return Ok(Step::Slice(from, to, step.max(1)));
    }
    Err(format!("invalid array index {text}"))
}

impl Step {
    fn take<'a>(
        &self,
        root: &'a Value,
        value: &'a Value,
        budget: &Budget,
        found: &mut Vec<&'a Value>,
    ) -> Result<(), String> {
        match (self, value) {
            (Self::Field(name), Value::Object(members)) => found.extend(members.get(name)),
            (Self::All, Value::Object(members)) => found.extend(members.values()),
            (Self::All, Value::Array(items)) => found.extend(items),
            (Self::Index(index), Value::Array(items)) => {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let at = if *index < 0 { length + index } else { *index };
                let item = usize::try_from(at).ok().and_then(|at| items.get(at));
                let beyond =
                    || format!("array index out of bounds: index {index}, length {length}");
                found.push(item.ok_or_else(beyond)?);
            }
            (Self::Slice(from, to, step), Value::Array(items)) => {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let place = |at: i64| {
                    let at = if at < 0 { length + at } else { at };
                    usize::try_from(at.clamp(0, length)).unwrap_or(0)
                };
                let (from, to) = (place(from.unwrap_or(0)), place(to.unwrap_or(length)));
                let own = items.get(from..to.max(from)).unwrap_or_default();
                found.extend(own.iter().step_by(usize::try_from(*step).unwrap_or(1)));
            }
            (Self::Union(steps), _) => {
                for step in steps {
                    let before = found.len();
                    step.take(root, value, budget, found)?;
                    budget.look(1 + found.len() - before)?;
                }
            }
            (Self::Deep, _) => deep(value, found),
            (Self::Filter(filter), Value::Array(items)) => {
                for item in items {
                    if filter.holds(root, item, budget)? {
                        found.push(item);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The value and all values in it.
fn deep<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(value);
    match value {
        Value::Object(members) => members.values().for_each(|member| deep(member, found)),
        Value::Array(items) => items.iter().for_each(|item| deep(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
