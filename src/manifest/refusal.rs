//! Which diagnostics say that kubectl takes no object from a text, and how it puts them.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go`, `(*StreamVisitor).Visit`.

use super::{Diagnostic, Manifest};

/// Why kubectl takes no object from a text, in the words that follow what it was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// It is neither YAML nor JSON: `error parsing FILE: `.
    Unparsed(&'a str),
    /// It is no object: `unable to decode "FILE": `.
    Undecoded(&'a str),
    /// It does not say what it is: `error validating "FILE": `.
    Invalid(&'a str),
}

const SEPARATOR: &str = "invalid Yaml document separator: ";

impl Manifest {
    /// What kubectl says because of a diagnostic; none if it reads the text all the same.
    pub fn refusal<'a>(&'a self, found: &'a Diagnostic) -> Option<Refusal<'a>> {
        let message = found.message.as_str();
        let begins = |words: &[&str]| words.iter().any(|words| message.starts_with(words));
        let syntax =
            ["error converting YAML to JSON: ", SEPARATOR, "json: offset ", "invalid character "];
        if begins(&syntax) || message == "unexpected EOF" {
            return Some(Refusal::Unparsed(self.separator_behind(found).unwrap_or(message)));
        }
        if begins(&["error validating data: "]) {
            return Some(Refusal::Invalid(message));
        }
        let is_read = found.path == "items" || found.path.split('.').next() == Some("metadata");
        let is_no_object = begins(&["Object 'Kind' is missing in "])
            || is_read && begins(&["json: cannot unmarshal "]);
        is_no_object.then_some(Refusal::Undecoded(message))
    }

    /// What is wrong with the separator behind the document that a diagnostic is about: kubectl
    /// comes to it before it reads the document.
    fn separator_behind(&self, found: &Diagnostic) -> Option<&str> {
        let ranges = self.parts.iter().map(|part| &part.chunk.range);
        let end = ranges.filter(|range| range.start <= found.range.start).last()?.end;
        let separator = self
            .diagnostics
            .iter()
            .find(|each| each.range.start == end && each.message.starts_with(SEPARATOR))?;
        Some(&separator.message)
    }
}
