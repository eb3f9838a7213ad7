//! `kubectl explain`: what the API's own documentation says about kinds and fields.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/explain/explain.go`,
//! `staging/src/k8s.io/kubectl/pkg/explain/v2/templates/plaintext.tmpl`.

use super::flags::Args;
use super::ground::{Context, Done};
use super::select;
use crate::api::Resource;
use crate::api::{Tree, json};
use crate::client::{Failure, discovery};
use crate::terminal::job::Progress;
use serde_json::Value;
use std::fmt::Write;

/// The documentation; see `tests/schema_table.rs` for its form.
const DOCUMENTATION: &str = "docs/fields.json";
/// How wide descriptions are.
const WIDTH: usize = 76;
/// So many words of a field are listed beside it.
const MOST_WORDS: usize = 4;

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line; the documentation cannot be fetched.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let word = match args.words.as_slice() {
        [] => {
            return Err(Failure::error(
                "You must specify the type of resource to explain. Use \"kubectl api-resources\" \
                 for a complete list of supported resources.",
            ));
        }
        [word] => word,
        _ => return Err(Failure::error("We accept only this format: explain RESOURCE")),
    };
    if word.starts_with('.') || word.contains("..") {
        let text = "invalid jsonpath syntax, first node must be field node";
        return Err(Failure::error(text));
    }
    let (resource, path) = parse(word, |name| discovery::named(context.world, name))?;
    select::warn_of_names(&[word.split('.').next().unwrap_or_default().to_owned()], context);
    let version = args.text("api-version").filter(|version| !version.is_empty());
    if let Some(version) = version.filter(|version| *version != resource.api_version) {
        let name = resource.name;
        let slash = if version.contains('/') { "" } else { "/" };
        let text = format!("couldn't find resource for \"{slash}{version}, Resource={name}\"");
        return Err(Failure::error(text));
    }
    match args.text("output").unwrap_or("plaintext") {
        "" | "plaintext" | "plaintext-openapiv2" => {}
        other => return Err(Failure::error(format!("unrecognized format: {other}"))),
    }
    let docs = context.files.text(DOCUMENTATION).and_then(|text| json::parse(&text).ok());
    let Some(docs) = docs else {
        return Err(Failure::error("the documentation of the API cannot be fetched"));
    };
    let docs = Docs { all: &docs, is_recursive: args.flag("recursive") };
    if resource.is_custom() || docs.fields(resource.kind).next().is_none() {
        let (group, version) = (resource.group(), resource.version());
        let gvk = format!("{group}/{version}, Kind={}", resource.kind);
        return Err(Failure::error(format!("the documentation of {gvk} is not simulated")));
    }
    context.out.print(&header(&resource));
    let text = docs.explain(resource.kind, &path)?;
    context.out.print(&text);
    Ok(Progress::Done(0))
}

/// The resource that an argument begins with, and the fields that follow it.
fn parse(
    word: &str,
    named: impl Fn(&str) -> Option<Resource>,
) -> Result<(Resource, Vec<&str>), Failure> {
    let word = word.trim_end_matches('.');
    let ends = word.match_indices('.').map(|(at, _)| at).chain([word.len()]);
    let mut ends: Vec<usize> = ends.collect();
    ends.reverse();
    for end in ends {
        let (name, rest) = word.split_at_checked(end).unwrap_or((word, ""));
        if let Some(resource) = named(name) {
            let path = rest.split('.').filter(|field| !field.is_empty()).collect();
            return Ok((resource, path));
        }
    }
    let name = word.split('.').next().unwrap_or_default();
    Err(Failure::Plain(format!("the server doesn't have a resource type \"{name}\"")))
}

fn header(resource: &Resource) -> String {
    let group = match resource.group() {
        "" => String::new(),
        group => format!("GROUP:      {group}\n"),
    };
    format!("{group}KIND:       {}\nVERSION:    {}\n\n", resource.kind, resource.version())
}

/// The documentation, and how it is shown.
struct Docs<'a> {
    all: &'a Value,
    /// Whether the fields of fields are listed, without descriptions.
    is_recursive: bool,
}

/// A field of a type.
#[derive(Clone, Copy)]
struct Field<'a> {
    owner: &'a str,
    name: &'a str,
    /// Its type as it is shown, such as `[]PersistentVolumeClaim`.
    kind: &'a str,
    /// The name of a type that is shown as another, such as `Time`.
    alias: Option<&'a str>,
    is_required: bool,
}

impl<'a> Field<'a> {
    /// The type of the field, or of its items.
    fn inner(&self) -> &'a str {
        let mut kind = self.alias.unwrap_or(self.kind);
        while let Some(inner) = kind.strip_prefix("[]").or(kind.strip_prefix("map[string]")) {
            kind = inner;
        }
        kind
    }
}

impl<'a> Docs<'a> {
    fn fields(&self, owner: &'a str) -> impl Iterator<Item = Field<'a>> + use<'a> {
        let fields = self.all.at(owner).text("=").split(' ');
        fields.filter_map(move |field| {
            let (name, kind) = field.split_once('=')?;
            let required = kind.strip_prefix('!');
            let (kind, is_required) = (required.unwrap_or(kind), required.is_some());
            let (kind, alias) = match kind.split_once(':') {
                Some((kind, alias)) => (kind, Some(alias)),
                None => (kind, None),
            };
            Some(Field { owner, name, kind, alias, is_required })
        })
    }

    /// What a field is, and the words that it takes.
    fn description(&self, field: &Field) -> String {
        let owner = self.all.at(field.owner);
        let (own, words) = (owner.text(field.name), owner.text(&format!("{}=", field.name)));
        if words.is_empty() { own.into() } else { format!("{own}\n\n{words}") }
    }

    /// The words that a field takes.
    fn words(&self, field: &Field) -> Vec<&'a str> {
        let words = self.all.at(field.owner).text(&format!("{}=", field.name));
        let word = |line: &'a str| {
            let word = line.strip_prefix(" - `\"")?.split_once("\"`")?.0;
            Some(if word.is_empty() { "\"\"" } else { word })
        };
        words.lines().filter_map(word).collect()
    }

    fn explain(&self, kind: &'a str, path: &[&str]) -> Result<String, Failure> {
        let (mut owner, mut last) = (kind, None);
        for name in path {
            let Some(field) = self.fields(owner).find(|field| field.name == *name) else {
                let last = path.last().unwrap_or(name);
                return Err(Failure::error(format!("field \"{last}\" does not exist")));
            };
            owner = field.inner();
            last = Some(field);
        }
        let mut text = String::new();
        let mut description = String::new();
        if let Some(field) = last {
            let words = self.words(&field);
            let _ = writeln!(text, "FIELD: {} <{}>", field.name, field.kind);
            if words.is_empty() {
                text.push('\n');
            } else {
                text.push_str("ENUM:\n");
                words.iter().for_each(|word| text.push_str(&format!("    {word}\n")));
            }
            text.push('\n');
            add_line(&mut description, &self.description(&field));
        }
        add_line(&mut description, self.all.at(owner).text(""));
        if description.is_empty() {
            description.push_str("<empty>");
        }
        text.push_str("DESCRIPTION:\n");
        add_indented(&mut text, 4, &wrapped(&description, WIDTH));
        if self.fields(owner).next().is_some() {
            text.push_str("FIELDS:\n");
            self.list(owner, 1, &mut vec![owner], &mut text);
        }
        text.push('\n');
        Ok(text)
    }

    /// Lists the fields of a type.
    fn list(&self, owner: &'a str, level: usize, above: &mut Vec<&'a str>, text: &mut String) {
        let indent = "  ".repeat(level);
        for field in self.fields(owner) {
            let required = if field.is_required { " -required-" } else { "" };
            let _ = writeln!(text, "{indent}{}\t<{}>{required}", field.name, field.kind);
            let words = self.words(&field);
            if !words.is_empty() {
                let mut shown: Vec<&str> = words.iter().copied().take(MOST_WORDS).collect();
                shown.extend((words.len() > MOST_WORDS).then_some("...."));
                let _ = writeln!(text, "{indent}enum: {}", shown.join(", "));
            }
            let inner = field.inner();
            if !self.is_recursive {
                let description = match self.description(&field) {
                    text if text.is_empty() => "<no description>".into(),
                    text => text,
                };
                add_indented(text, level * 2 + 2, &wrapped(&description, WIDTH));
                text.push('\n');
            } else if !above.contains(&inner) {
                above.push(inner);
                self.list(inner, level + 1, above, text);
                above.pop();
            }
        }
    }
}

fn add_line(text: &mut String, line: &str) {
    if !line.is_empty() {
        text.push_str(line);
        text.push('\n');
    }
}

/// Adds lines with blanks before each, also before an empty one.
fn add_indented(text: &mut String, blanks: usize, lines: &str) {
    for line in lines.split('\n') {
        let _ = writeln!(text, "{:blanks$}{line}", "");
    }
}

/// A text in lines that are no longer than `width`, unless a word is. Line ends and runs of blanks
/// stay.
///
/// Source: github.com/mitchellh/go-wordwrap, WrapString.
fn wrapped(text: &str, width: usize) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| wrapped_line(line, width)).collect();
    lines.join("\n")
}

fn wrapped_line(line: &str, width: usize) -> String {
    let mut out = String::new();
    let (mut current, mut blanks, mut word) = (0, String::new(), String::new());
    let (mut blanks_len, mut word_len) = (0, 0);
    for c in line.chars() {
        if c.is_whitespace() && c != '\u{a0}' {
            if blanks_len == 0 || word_len > 0 {
                current += blanks_len + word_len;
                out.push_str(&std::mem::take(&mut blanks));
                out.push_str(&std::mem::take(&mut word));
                (blanks_len, word_len) = (0, 0);
            }
            blanks.push(c);
            blanks_len += 1;
            continue;
        }
        word.push(c);
        word_len += 1;
        if current + blanks_len + word_len > width && word_len < width {
            out.push('\n');
            blanks.clear();
            (current, blanks_len) = (0, 0);
        }
    }
    if word_len > 0 || current + blanks_len <= width {
        out.push_str(&blanks);
    }
    out.push_str(&word);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_between_words() {
        assert_eq!(wrapped("one two three", 7), "one two\nthree");
        assert_eq!(wrapped(" - a  b\n\nlonger-than-that c", 7), " - a  b\n\nlonger-than-that\nc");
    }

    #[test]
    fn finds_the_resource_before_the_fields() {
        let of =
            |word| parse(word, Resource::named).map(|(it, path)| (it.name, path.join("/"))).ok();
        assert_eq!(of("sts"), Some(("statefulsets", String::new())));
        assert_eq!(of("sts.spec.replicas"), Some(("statefulsets", "spec/replicas".into())));
        assert_eq!(of("statefulsets.apps.spec"), Some(("statefulsets", "spec".into())));
        assert_eq!(of("nosuch.spec"), None);
    }
}
