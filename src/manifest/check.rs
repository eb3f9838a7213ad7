//! What is wrong with the objects of a manifest, placed at the lines that are to blame.

use super::diagnostic::{Diagnostic, LineIndex, Severity};
use super::document::{Document, drop_nulls};
use super::tree::{Content, Node, TreeError};
use super::{emit, place, yaml};
use crate::api::decode::{Complaint, DecodeError, DecodeReason};
use crate::api::limits::{self, REPLICAS_IN_TEXT};
use crate::api::path::{FieldPath, PathStep};
use crate::api::schema::{Shape, Type};
use crate::api::validate::Run;
use crate::api::{ApiObject, Kind, Kubernetes, Tree, custom, decode, rules, warnings};
use crate::ordered::sort_long;
use serde_json::{Map, Value};
use std::ops::Range;

/// Complaints about one text.
pub(super) struct Findings<'a> {
    pub(super) text: &'a str,
    pub(super) lines: &'a LineIndex,
    pub(super) found: Vec<Diagnostic>,
    /// The CustomResourceDefinitions that have been read.
    pub(super) definitions: Vec<Value>,
}

impl Findings<'_> {
    pub(super) fn add(
        &mut self,
        severity: Severity,
        range: Range<usize>,
        path: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.found.push(self.lines.diagnostic(self.text, severity, range, path, message));
    }

    fn error(&mut self, range: Range<usize>, path: &str, message: impl Into<String>) {
        self.add(Severity::Error, range, path, message);
    }

    /// What stands behind the end of a document, which kubectl passes over in silence.
    pub(super) fn unread(&mut self, range: Range<usize>) {
        let message = "kubectl does not read what follows the end of a document; `---` on a line of \
                       its own begins another one";
        self.passed_over(Severity::Warning, range, message);
    }

    /// A document that is null, which kubectl passes over in silence.
    pub(super) fn nothing(&mut self, range: Range<usize>) {
        self.passed_over(Severity::Hint, range, "kubectl passes over a document that says nothing");
    }

    /// Adds a diagnostic about a part of the text, unless it is empty but for comments.
    fn passed_over(&mut self, severity: Severity, range: Range<usize>, message: &str) {
        let Some(part) = self.text.get(range.clone()) else { return };
        let is_said = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        if part.split(yaml::BREAKS).any(is_said) {
            let start = range.end - part.trim_start().len();
            self.add(severity, start..range.start + part.trim_end().len(), "", message);
        }
    }

    /// The object of a document, with everything wrong about it.
    pub(super) fn document(&mut self, document: &mut Document, kubernetes: &Kubernetes) {
        let root = document.root.clone();
        self.duplicates(&root, document.range.start);
        let value = match root.to_value(&mut Node::budget()) {
            Ok(mut value) => {
                drop_nulls(&mut value);
                value
            }
            Err(error) => return self.no_value(&root, &error),
        };
        let Value::Object(members) = &value else {
            let message = "error validating data: invalid object to validate";
            return self.error(first_line(self.text, &root), "", message);
        };
        if self.no_kind(members, &root, &value) || self.no_list(members, &root) {
            return;
        }
        if let Some(complaint) = decode::unreadable_metadata(&value) {
            let range = place::find(&root, &complaint.path);
            return self.error(range, &complaint.path.to_string(), complaint.text);
        }
        let text = |key: &str| members[key].as_str().unwrap_or_default().to_owned();
        (document.api_version, document.kind) = (text("apiVersion"), text("kind"));
        let name = value.pointer("/metadata/name").and_then(Value::as_str);
        document.name = name.unwrap_or_default().into();
        if document.kind == "CustomResourceDefinition" {
            self.definitions.push(value.clone());
        }
        match decode::decode(&value) {
            Ok(object) => {
                self.object(&object, &root, kubernetes);
                match !object.kind.row().acts {
                    true => self.kept(document, &root),
                    false => document.object = Some(object),
                }
            }
            Err(error) => self.undecodable(&error, document, &root),
        }
    }

    /// Whether it does not say what it is, in kubectl's words.
    ///
    /// Upstream: `staging/src/k8s.io/kubectl/pkg/validation/schema.go`, getObjectKind.
    fn no_kind(&mut self, members: &Map<String, Value>, root: &Node, value: &Value) -> bool {
        let mut wrong: Vec<(&str, String)> = Vec::new();
        for key in ["apiVersion", "kind"] {
            match members.get(key) {
                Some(Value::String(version)) if version.matches('/').count() > 1 => {
                    wrong.push((key, format!("unexpected GroupVersion string: {version}")));
                }
                Some(Value::String(text)) if !text.is_empty() => {}
                Some(Value::String(_)) if key == "kind" && wrong.is_empty() => {
                    let place = place::find(root, &FieldPath::parse(key));
                    self.error(
                        place,
                        key,
                        format!("Object 'Kind' is missing in '{}'", emit::compact(value)),
                    );
                    return true;
                }
                None | Some(Value::Null | Value::String(_)) => {
                    wrong.push((key, format!("{key} not set")));
                }
                Some(_) => wrong.push((key, format!("{key} isn't string type"))),
            }
        }
        let Some((key, _)) = wrong.first() else { return false };
        let place = place::find(root, &FieldPath::parse(key));
        let words: Vec<&str> = wrong.iter().map(|(_, words)| words.as_str()).collect();
        let words = match &*words {
            [one] => (*one).to_owned(),
            several => format!("[{}]", several.join(", ")),
        };
        self.error(place, key, format!("error validating data: {words}"));
        true
    }

    /// Whether its `items`, which make a list of it, are none.
    ///
    /// Upstream: `apimachinery/pkg/apis/meta/v1/unstructured/helpers.go`, decodeToList.
    fn no_list(&mut self, members: &Map<String, Value>, root: &Node) -> bool {
        let Some(items) = members.get("items").filter(|items| !items.is_array()) else {
            return false;
        };
        let found = decode::json_type(items);
        let words = format!(
            "json: cannot unmarshal {found} into Go struct field decodeList.items of type \
             []json.RawMessage"
        );
        self.error(place::find(root, &FieldPath::parse("items")), "items", words);
        true
    }

    #[inline(never)]
    fn no_value(&mut self, root: &Node, error: &TreeError) {
        let (range, message) = match error {
            TreeError::Unusable(at, words) => {
                let key = self.text.get(*at..).and_then(|rest| rest.chars().next());
                let length = key.map_or(0, char::len_utf8);
                (*at..*at + length, words.as_str())
            }
            _ => (first_line(self.text, root), "yaml: document contains excessive aliasing"),
        };
        self.error(range, "", format!("error converting YAML to JSON: {message}"));
    }

    #[inline(never)]
    fn undecodable(&mut self, error: &DecodeError, document: &Document, root: &Node) {
        match error.reason {
            DecodeReason::UnknownKind => self.unknown_kind(document, root),
            DecodeReason::LowerCaseKind | DecodeReason::NoVersion => {
                let key = match error.reason {
                    DecodeReason::NoVersion => "apiVersion",
                    _ => "kind",
                };
                let range = place::find(root, &FieldPath::parse(key));
                self.error(range, key, error.to_string());
            }
            DecodeReason::WrongType => {
                for complaint in &error.complaints {
                    let range = place::find(root, &complaint.path);
                    self.error(range, &complaint.path.to_string(), &complaint.text);
                }
            }
            DecodeReason::UnknownFields => {
                for complaint in &error.complaints {
                    let range = place::find_key(root, &complaint.path);
                    let text = match document.is_item {
                        true => of_list(&error.kind, complaint),
                        false => complaint.text.clone(),
                    };
                    let message = match suggestion(&error.kind, complaint) {
                        Some(name) => format!("{text} (did you mean \"{name}\"?)"),
                        None => text,
                    };
                    self.error(range, &complaint.path.to_string(), message);
                }
            }
        }
    }

    #[inline(never)]
    fn unknown_kind(&mut self, document: &Document, root: &Node) {
        let range = place::find(root, &FieldPath::parse("kind"));
        let (kind, version, name) = (&document.kind, &document.api_version, &document.name);
        let is_defined = self.definitions.iter().any(|it| custom::defines(it, kind, version));
        if is_defined || Kind::served(kind, version).is_some() {
            return self.kept(document, root);
        }
        let at_version = Kind::all().any(|known| known.name() == kind);
        let range = match at_version {
            true => place::find(root, &FieldPath::parse("apiVersion")),
            false => range,
        };
        let message = format!(
            "resource mapping not found for name: \"{name}\" namespace: \"\": no matches for kind \
             \"{kind}\" in version \"{version}\""
        );
        self.error(range, "kind", message);
    }

    #[inline(never)]
    fn kept(&mut self, document: &Document, root: &Node) {
        let range = place::find(root, &FieldPath::parse("kind"));
        let message = format!("{} is kept in the manifest, but not simulated here", document.kind);
        self.add(Severity::Hint, range, "kind", message);
    }

    fn object(&mut self, object: &ApiObject, root: &Node, kubernetes: &Kubernetes) {
        let mut stored = object.clone();
        rules::apply(&mut stored, kubernetes);
        for error in rules::admit(&stored, kubernetes, Run::Real) {
            let place = place::find(root, &FieldPath::parse(&error.path));
            let message = error.to_string();
            let known =
                self.found.iter().any(|each| each.message == message && each.range == place);
            if !known {
                self.error(place, &error.path, message);
            }
        }
        for warning in warnings(&stored) {
            let path = warning.split_once(": ").map_or("", |(path, _)| path).to_owned();
            let range = place::find(root, &FieldPath::parse(&path));
            self.add(Severity::Warning, range, path, warning);
        }
        let prefix = object.metadata().opt_text("generateName");
        if let (true, Some(prefix)) = (object.name().is_empty(), prefix) {
            let range = place::find(root, &FieldPath::parse("metadata.generateName"));
            let message = format!("from {prefix}: cannot use generate name with apply");
            self.error(range, "metadata.generateName", message);
        }
        self.bounds(object, root);
    }

    /// What Kubernetes would accept, but this playground does not simulate.
    fn bounds(&mut self, object: &ApiObject, root: &Node) {
        if let Some((path, wanted)) = limits::excess(object, REPLICAS_IN_TEXT) {
            let range = place::find(root, &FieldPath::parse(&path));
            let message = format!(
                "this playground simulates at most {REPLICAS_IN_TEXT} replicas; Kubernetes itself \
                 would accept {wanted}"
            );
            self.error(range, &path, message);
        }
    }

    /// A key that occurred before.
    #[inline(never)]
    fn repeated(&mut self, key: &Node, name: &str, start: usize) {
        let line = self.lines.line(key.range.start) - self.lines.line(start) + 1;
        let message = format!("line {line}: key \"{name}\" already set in map");
        self.add(Severity::Warning, key.range.clone(), name, message);
    }

    /// Keys that occur twice in a map; kubectl silently takes the last.
    fn duplicates(&mut self, node: &Node, start: usize) {
        match &node.content {
            Content::Mapping { entries, .. } => {
                let names: Vec<_> = entries.iter().map(|(key, _)| key.key_text()).collect();
                let many = (entries.len() > FEW).then(|| repeated_in(&names));
                for (place, (key, value)) in entries.iter().enumerate() {
                    let name = &names[place];
                    let repeated = match &many {
                        Some(repeated) => repeated[place],
                        None => names[..place].contains(name),
                    };
                    if let Some(name) = name.as_ref().filter(|_| repeated) {
                        self.repeated(key, name, start);
                    }
                    self.duplicates(value, start);
                }
            }
            Content::Sequence { items, .. } => {
                for item in items {
                    self.duplicates(item, start);
                }
            }
            Content::Scalar { .. } | Content::Alias(_) => {}
        }
    }
}

/// Up to so many keys are compared with each other one by one.
const FEW: usize = 64;

/// Which of very many keys occurred before.
#[inline(never)]
fn repeated_in<T: Ord>(names: &[T]) -> Vec<bool> {
    let mut places: Vec<usize> = (0..names.len()).collect();
    sort_long(&mut places, |one, other| names[*one] < names[*other]);
    let mut repeated = vec![false; names.len()];
    for pair in places.windows(2) {
        repeated[pair[1]] = names[pair[0]] == names[pair[1]];
    }
    repeated
}

/// The first line of a node.
fn first_line(text: &str, node: &Node) -> Range<usize> {
    let range = node.range.clone();
    let end = text[range.clone()].find(['\r', '\n']).map_or(range.end, |at| range.start + at);
    range.start..end
}

/// kubectl's words for an unknown field in an item of a `List`, which it checks by itself.
///
/// Upstream: `staging/src/k8s.io/kubectl/pkg/validation/schema.go`.
#[inline(never)]
fn of_list(kind: &str, complaint: &Complaint) -> String {
    let (last, parents) = match complaint.path.0.split_last() {
        Some((PathStep::Key(last), parents)) => (last.as_str(), parents.to_vec()),
        _ => ("", Vec::new()),
    };
    let parents = FieldPath(parents).to_string();
    let dot = if parents.is_empty() { "" } else { "." };
    let owner = owner(kind, complaint).map_or(kind, |owner| owner.name);
    let package = match owner {
        "ObjectMeta" | "LabelSelector" | "LabelSelectorRequirement" | "OwnerReference" => {
            "apimachinery.pkg.apis.meta.v1"
        }
        name if name.starts_with("StatefulSet") || name.starts_with("RollingUpdate") => {
            "api.apps.v1"
        }
        name if name.starts_with("PodDisruptionBudget") => "api.policy.v1",
        "StorageClass" => "api.storage.v1",
        _ => "api.core.v1",
    };
    format!(
        "error validating data: ValidationError({kind}{dot}{parents}): unknown field \"{last}\" in \
         io.k8s.{package}.{owner}"
    )
}

/// The type whose field is unknown.
fn owner(kind: &str, complaint: &Complaint) -> Option<Type> {
    let (_, parents) = complaint.path.0.split_last()?;
    let object = Type::named(kind)?;
    let mut shape = Shape::Object(object);
    for step in parents {
        shape = match (step, shape) {
            (PathStep::Key(key), Shape::Object(parent)) => parent.field(key)?.kind.shape(),
            (PathStep::Index(_), Shape::List(item)) => item.shape(),
            (PathStep::Key(_), Shape::Map(value)) => value.shape(),
            _ => return None,
        };
    }
    match shape {
        Shape::Object(parent) => Some(parent),
        _ => Some(object),
    }
}

/// The known field whose name is closest to an unknown one.
#[inline(never)]
fn suggestion(kind: &str, complaint: &Complaint) -> Option<&'static str> {
    let (PathStep::Key(unknown), _) = complaint.path.0.split_last()? else { return None };
    let object = owner(kind, complaint)?;
    let distance = |name: &str| {
        strsim::damerau_levenshtein(&name.to_ascii_lowercase(), &unknown.to_ascii_lowercase())
    };
    let near = object.fields().map(|field| (distance(field.name), field.name)).min()?;
    let limit = (unknown.len() / 3).clamp(1, 3);
    (near.0 <= limit).then_some(near.1)
}
