//! Which diagnostics say that kubectl takes no object from a text, and how it puts them.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go`, `(*StreamVisitor).Visit`.

use super::split::ChunkKind;
use super::{Diagnostic, Manifest, emit};
use crate::api::decode;
use serde_json::Value;

/// Why kubectl takes no object from a text, in the words that follow what it was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal<Words> {
    /// It is neither YAML nor JSON: `error parsing FILE: `.
    Unparsed(Words),
    /// It is no object: `unable to decode "FILE": `.
    Undecoded(Words),
    /// It does not say what it is: `error validating "FILE": `.
    Invalid(Words),
}

impl Refusal<&str> {
    /// The same with words of its own.
    pub fn owned(self) -> Refusal<String> {
        match self {
            Self::Unparsed(words) => Refusal::Unparsed(words.into()),
            Self::Undecoded(words) => Refusal::Undecoded(words.into()),
            Self::Invalid(words) => Refusal::Invalid(words.into()),
        }
    }
}

const SEPARATOR: &str = "invalid Yaml document separator: ";

impl Manifest {
    /// What kubectl says because of a diagnostic; none if it reads the text all the same.
    pub fn refusal<'a>(&'a self, found: &'a Diagnostic) -> Option<Refusal<&'a str>> {
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

    /// What kubectl says because of a diagnostic if it does not validate; none if it reads the text
    /// all the same.
    pub fn refusal_without_validation(&self, found: &Diagnostic) -> Option<Refusal<String>> {
        match self.refusal(found)? {
            Refusal::Invalid(_) => self.undecoded(found).map(Refusal::Undecoded),
            other => Some(other.owned()),
        }
    }

    /// What kubectl says when it decodes what a diagnostic is about.
    ///
    /// Upstream: `apimachinery/pkg/apis/meta/v1/unstructured/helpers.go`, `unstructuredJSONScheme`.
    #[inline(never)]
    fn undecoded(&self, found: &Diagnostic) -> Option<String> {
        let at = found.range.start;
        let before = self.documents.iter().rev().find(|it| !it.is_item && it.range.start <= at);
        let document = before.filter(|it| at <= it.range.end)?;
        let value = document.json();
        let Value::Object(members) = &value else {
            let kind = decode::json_type(&value);
            let words = "Go value of type unstructured.detector";
            return Some(format!("json: cannot unmarshal {kind} into {words}"));
        };
        if members.get("kind").and_then(Value::as_str).is_some_and(|kind| !kind.is_empty()) {
            let version = members.get("apiVersion").filter(|it| !it.is_string() && !it.is_null());
            let kind = decode::json_type(version?);
            let field = "Go struct field metadataOnlyObject.TypeMeta.apiVersion of type string";
            return Some(format!("json: cannot unmarshal {kind} into {field}"));
        }
        let part = self.parts.iter().find(|part| part.chunk.range == document.range)?;
        let data = match part.chunk.kind {
            ChunkKind::Json => self.text[document.root.range.clone()].to_owned(),
            _ => emit::compact(&value),
        };
        Some(format!("Object 'Kind' is missing in '{data}'"))
    }

    /// What is wrong with the separator behind the document that a diagnostic is about: kubectl
    /// comes to it before it reads the document.
    fn separator_behind(&self, found: &Diagnostic) -> Option<&str> {
        let ranges = self.parts.iter().map(|part| &part.chunk.range);
        let end = ranges.rev().find(|range| range.start <= found.range.start)?.end;
        let separator = self
            .diagnostics
            .iter()
            .find(|each| each.range.start == end && each.message.starts_with(SEPARATOR))?;
        Some(&separator.message)
    }
}
