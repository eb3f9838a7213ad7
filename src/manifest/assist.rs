//! What helps while somebody writes: which fields can stand at a place, and what a field is.
//!
//! It reads lines, not nodes: while somebody writes, the text is seldom YAML.

use crate::api::Kind;
use crate::api::schema::{Field, Shape, Type};
use std::ops::Range;

/// Something that can be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is offered and written, such as `replicas`.
    pub label: String,
    /// What follows it: `: ` behind a field, nothing behind a value.
    pub suffix: &'static str,
    /// What it holds, such as `int32` or `list of Container`.
    pub detail: String,
}

/// A field that stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Where its name stands, in bytes.
    pub range: Range<usize>,
    /// The type that has it, such as `StatefulSetSpec`.
    pub owner: &'static str,
    /// Its name.
    pub field: &'static str,
    /// What it holds.
    pub detail: String,
}

/// Words that a field of a type takes. The API's schema says only that they are text.
///
/// Source: the types' documentation in `staging/src/k8s.io/api/{apps,core}/v1/types.go`.
const WORDS: [(&str, &str, &[&str]); 17] = [
    ("StatefulSetSpec", "podManagementPolicy", &["OrderedReady", "Parallel"]),
    ("StatefulSetUpdateStrategy", "type", &["RollingUpdate", "OnDelete"]),
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenDeleted", &["Retain", "Delete"]),
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenScaled", &["Retain", "Delete"]),
    (
        "PersistentVolumeClaimSpec",
        "accessModes",
        &["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"],
    ),
    ("PersistentVolumeClaimSpec", "volumeMode", &["Filesystem", "Block"]),
    ("PodSpec", "restartPolicy", &["Always", "OnFailure", "Never"]),
    ("PodSpec", "dnsPolicy", &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]),
    ("Container", "imagePullPolicy", &["IfNotPresent", "Always", "Never"]),
    ("Container", "restartPolicy", &["Always"]),
    ("ContainerPort", "protocol", &["TCP", "UDP", "SCTP"]),
    ("ServicePort", "protocol", &["TCP", "UDP", "SCTP"]),
    ("ServiceSpec", "type", &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
    ("ServiceSpec", "clusterIP", &["None"]),
    ("HTTPGetAction", "scheme", &["HTTP", "HTTPS"]),
    ("StorageClass", "volumeBindingMode", &["Immediate", "WaitForFirstConsumer"]),
    ("StorageClass", "reclaimPolicy", &["Delete", "Retain"]),
];

/// What can be written at a byte of a text: fields that are not there yet, or values.
pub fn complete(text: &str, offset: usize) -> Vec<Completion> {
    let Some(spot) = Spot::at(text, offset) else { return Vec::new() };
    match &spot.value_of {
        Some(key) => spot.values(key),
        None => spot.fields(),
    }
}

/// The field whose name stands at a byte of a text.
pub fn explain(text: &str, offset: usize) -> Option<Explained> {
    let spot = Spot::at(text, offset)?;
    let line = Line::parse(spot.line)?;
    let name = line.key?;
    let start = spot.start + line.column;
    let range = start..start + name.len();
    let owner = spot.owner?;
    let field = owner.field(name).filter(|_| range.contains(&offset))?;
    Some(Explained { range, owner: owner.name, field: field.name, detail: detail(field) })
}

/// A place in a text.
struct Spot<'a> {
    /// The line that it is in, and where that begins.
    line: &'a str,
    start: usize,
    /// The type whose fields stand there; none at unknown places.
    owner: Option<Type>,
    /// Whether it is the top of an object.
    is_top: bool,
    /// The field whose value stands there, if it is not the place of a field.
    value_of: Option<String>,
    /// Fields that stand beside it.
    siblings: Vec<&'a str>,
}

/// A line taken apart: columns in bytes.
struct Line<'a> {
    /// Columns of dashes.
    dashes: Vec<usize>,
    /// Where the key, or whatever stands there, begins.
    column: usize,
    key: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// None if there is nothing but blanks or a comment.
    fn parse(line: &'a str) -> Option<Self> {
        let mut dashes = Vec::new();
        let mut column = line.len() - line.trim_start_matches(' ').len();
        while line[column..] == *"-" || line[column..].starts_with("- ") {
            dashes.push(column);
            let rest = &line[column + 1..];
            column += 1 + rest.len() - rest.trim_start_matches(' ').len();
        }
        let rest = &line[column..];
        if (rest.is_empty() && dashes.is_empty()) || rest.starts_with('#') {
            return None;
        }
        let end = rest.find(": ").or_else(|| rest.trim_end().strip_suffix(':').map(str::len));
        let key = end.map(|end| &rest[..end]).filter(|key| !key.contains(['"', '\'', '{', ' ']));
        Some(Self { dashes, column, key })
    }
}

impl<'a> Spot<'a> {
    fn at(text: &'a str, offset: usize) -> Option<Self> {
        let before = text.get(..offset)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..].lines().next().unwrap_or_default();
        let above: Vec<&str> = text[..start].lines().collect();
        let first = above.iter().rposition(|line| line.starts_with("---")).map_or(0, |at| at + 1);
        let above = &above[first..];
        let below: Vec<&str> =
            text[start..].lines().skip(1).take_while(|line| !line.starts_with("---")).collect();
        let typed = &before[start..];
        if typed.contains(['{', '[', '#']) {
            return None;
        }
        let own = Line::parse(typed);
        let blank = typed.len() - typed.trim_start_matches(' ').len();
        let column = own.as_ref().map_or(blank, |own| own.column);
        let value_of = own.as_ref().and_then(|own| {
            let key = own.key?;
            (typed.len() > own.column + key.len()).then(|| key.to_owned())
        });
        let dashes = own.map(|own| own.dashes).unwrap_or_default();
        // In a list of plain values the list's own field says what they can be.
        let mut path = path(above, column, &dashes);
        let kind = kind(above, &below, line)?;
        let mut owner = resolve(kind, &path);
        let mut value_of = value_of;
        if owner.is_none() && value_of.is_none() && !dashes.is_empty() {
            value_of = path.pop();
            owner = resolve(kind, &path);
        }
        let siblings = siblings(above, &below, column, !dashes.is_empty());
        Some(Self { line, start, owner, is_top: path.is_empty(), value_of, siblings })
    }

    fn fields(&self) -> Vec<Completion> {
        let Some(owner) = self.owner else { return Vec::new() };
        let is_new = |field: &Field| !self.siblings.contains(&field.name);
        let is_written = |field: &Field| !(self.is_top && field.name == "status");
        let offered = owner.fields().filter(is_new).filter(is_written);
        offered
            .map(|field| Completion {
                label: field.name.into(),
                suffix: ": ",
                detail: detail(field),
            })
            .collect()
    }

    fn values(&self, key: &str) -> Vec<Completion> {
        let word = |label: &str, detail: &str| Completion {
            label: label.into(),
            suffix: "",
            detail: detail.into(),
        };
        if self.is_top && key == "kind" {
            return Kind::checked().map(|kind| word(kind.name(), kind.api_version())).collect();
        }
        if self.is_top && key == "apiVersion" {
            let mut versions: Vec<&str> = Kind::checked().map(Kind::api_version).collect();
            versions.sort_unstable();
            versions.dedup();
            return versions.into_iter().map(|version| word(version, "")).collect();
        }
        let Some(owner) = self.owner else { return Vec::new() };
        let is_bool = owner.field(key).is_some_and(|field| field.kind.shape() == Shape::Bool);
        if is_bool {
            return vec![word("true", "bool"), word("false", "bool")];
        }
        let known = WORDS.iter().find(|(name, field, _)| *name == owner.name && *field == key);
        known.map_or(&[][..], |(.., words)| words).iter().map(|it| word(it, "")).collect()
    }
}

/// The fields above a place, from the top.
fn path(above: &[&str], column: usize, dashes: &[usize]) -> Vec<String> {
    let mut found = Vec::new();
    let mut below = dashes.first().map_or(column, |dash| dash + 1);
    let mut in_item = dashes.is_empty().then_some(column);
    for line in above.iter().rev() {
        let Some(line) = Line::parse(line) else { continue };
        if in_item == Some(line.column) && !line.dashes.is_empty() {
            // The item that the place is in begins here.
            below = line.dashes[0] + 1;
            in_item = None;
            continue;
        }
        let Some(key) = line.key.filter(|_| line.column < below) else { continue };
        found.push(key.to_owned());
        below = line.column;
        in_item = Some(line.column);
        if let Some(dash) = line.dashes.first() {
            below = dash + 1;
            in_item = None;
        }
        if below == 0 {
            break;
        }
    }
    found.reverse();
    found
}

/// The kind of the document that lines belong to. Those in a `List` are not looked into.
fn kind<'a>(above: &[&'a str], below: &[&'a str], line: &'a str) -> Option<&'a str> {
    let named = |line: &&'a str| line.strip_prefix("kind:").map(str::trim);
    let all = above.iter().chain([&line]).chain(below);
    let kind = all.filter_map(named).find(|kind| !kind.is_empty());
    Some(
        kind.unwrap_or("StatefulSet")
            .split(' ')
            .next()
            .unwrap_or_default()
            .trim_matches(['"', '\'']),
    )
}

fn resolve(kind: &str, path: &[String]) -> Option<Type> {
    let mut shape = Shape::Object(Type::named(kind)?);
    for key in path {
        let Shape::Object(owner) = shape else { return None };
        shape = owner.field(key)?.kind.shape();
        if let Shape::List(item) = shape {
            shape = item.shape();
        }
    }
    match shape {
        Shape::Object(owner) => Some(owner),
        _ => None,
    }
}

fn siblings<'a>(above: &[&'a str], below: &[&'a str], column: usize, starts: bool) -> Vec<&'a str> {
    let mut found = Vec::new();
    for line in above.iter().rev().filter_map(|line| Line::parse(line)) {
        if starts || line.column < column {
            break;
        }
        if line.column == column {
            found.extend(line.key);
            if !line.dashes.is_empty() {
                break;
            }
        }
    }
    for line in below.iter().filter_map(|line| Line::parse(line)) {
        if line.column < column || (line.column == column && !line.dashes.is_empty()) {
            break;
        }
        if line.column == column {
            found.extend(line.key);
        }
    }
    found
}

/// What a field holds, in a few words.
fn detail(field: Field) -> String {
    match field.kind.shape() {
        Shape::List(item) => format!("list of {}", name(item.shape())),
        Shape::Map(value) => format!("map of {}", name(value.shape())),
        shape => name(shape),
    }
}

fn name(shape: Shape) -> String {
    match shape {
        Shape::String => "string".into(),
        Shape::Int32 => "int32".into(),
        Shape::Int64 => "int64".into(),
        Shape::Bool => "bool".into(),
        Shape::Quantity => "Quantity".into(),
        Shape::IntOrString => "int or string".into(),
        Shape::Time => "Time".into(),
        Shape::Bytes => "base64".into(),
        Shape::Opaque => "anything".into(),
        Shape::Object(object) => object.name.into(),
        Shape::List(_) => "list".into(),
        Shape::Map(_) => "map".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels offered at `|`.
    fn offered(text: &str) -> Vec<String> {
        let offset = text.find('|').expect("a place");
        let found = complete(&text.replacen('|', "", 1), offset);
        found.into_iter().map(|it| it.label).collect()
    }

    fn set(below_spec: &str) -> String {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: web\nspec:\n{below_spec}"
        )
    }

    #[test]
    fn offers_the_fields_of_a_place_that_are_not_there_yet() {
        let top = offered("kind: StatefulSet\n|");
        assert!(top.contains(&"spec".into()) && !top.contains(&"kind".into()), "{top:?}");
        let spec = offered(&set("  replicas: 3\n  |\n  serviceName: web\n"));
        assert!(spec.contains(&"template".into()), "{spec:?}");
        assert!(!spec.contains(&"replicas".into()) && !spec.contains(&"serviceName".into()));
        let probe = "  template:\n    spec:\n      containers:\n      - name: a\n        readinessProbe:\n          |";
        assert!(offered(&set(probe)).contains(&"periodSeconds".into()));
        for list in [
            "      - |",
            "        - |",
            "      - name: a\n        |",
            "        - image: b\n          |",
        ] {
            let text = set(&format!("  template:\n    spec:\n      containers:\n{list}"));
            assert!(offered(&text).contains(&"ports".into()), "{text}");
        }
        let next = "  template:\n    spec:\n      containers:\n      - name: a\n      |";
        assert!(offered(&set(next)).contains(&"volumes".into()));
    }

    #[test]
    fn offers_words_and_truth_values() {
        assert_eq!(offered(&set("  podManagementPolicy: |")), ["OrderedReady", "Parallel"]);
        assert_eq!(offered(&set("  updateStrategy:\n    type: R|")), ["RollingUpdate", "OnDelete"]);
        let claim = "  volumeClaimTemplates:\n  - spec:\n      accessModes:\n      - |";
        assert_eq!(offered(&set(claim)).len(), 4);
        assert!(offered("kind: |\n").contains(&"StatefulSet".into()));
        assert!(offered("apiVersion: |\n").contains(&"apps/v1".into()));
        let service = "kind: Service\nspec:\n  publishNotReadyAddresses: |";
        assert_eq!(offered(service), ["true", "false"]);
    }

    #[test]
    fn offers_nothing_where_nothing_is_known() {
        for text in
            ["kind: Nothing\n|", "# kind|", "kind: Service\nmetadata:\n  labels:\n    |", "a: {|"]
        {
            assert_eq!(offered(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn explains_a_field_at_its_name() {
        let text = set(
            "  template:\n    spec:\n      containers:\n      - name: web\n        image: nginx\n",
        );
        let at = text.find("image").expect("it is there");
        let found = explain(&text, at + 2).expect("a field");
        assert_eq!((found.owner, found.field, found.range), ("Container", "image", at..at + 5));
        assert_eq!(explain(&text, text.find("nginx").expect("it is there")), None);
    }
}
