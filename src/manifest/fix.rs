//! Quick fixes: the edit that puts right what a complaint is about.

use super::contents::Manifest;
use super::diagnostic::Diagnostic;
use super::document::Document;
use super::edit::{Block, Draft, Edited};
use super::hints::NO_SERVICE;
use super::place;
use crate::api::path::FieldPath;
use crate::api::{ApiObject, Kind, Tree};
use crate::diff::Patch;

/// An edit that is offered for a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, such as ``Change `replica` to `replicas` ``.
    pub title: String,
    /// The edit, in order and apart.
    pub patches: Vec<Patch>,
}

impl Fix {
    /// The text with the edit made.
    #[inline(never)]
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for patch in self.patches.iter().rev() {
            if text.get(patch.range.clone()).is_some() {
                text.replace_range(patch.range.clone(), &patch.replacement);
            }
        }
        text
    }
}

impl Manifest {
    /// What can be done about one of its complaints or hints; empty if only a person knows.
    pub fn fixes(&self, about: &Diagnostic) -> Vec<Fix> {
        let within = |document: &&Document| {
            document.range.start <= about.range.start && about.range.start <= document.range.end
        };
        let in_root = |document: &&Document| {
            let root = &document.root.range;
            root.start <= about.range.start && about.range.start <= root.end
        };
        let mut documents = self.documents.iter();
        let document = documents.clone().find(in_root).or_else(|| documents.find(within));
        let Some(document) = document else { return Vec::new() };
        let fix = rename(self, about)
            .or_else(|| quote(self, about))
            .or_else(|| unquote(self, about))
            .or_else(|| supported(self, about))
            .or_else(|| proper_kind(self, document, about))
            .or_else(|| labels(self, document, about))
            .or_else(|| service(self, document, about));
        fix.into_iter().collect()
    }
}

/// One replacement at the complaint's own place.
fn here(about: &Diagnostic, title: String, replacement: String) -> Fix {
    Fix { title, patches: vec![Patch { range: about.range.clone(), replacement }] }
}

/// An unknown field has a known one that is spelled almost so.
fn rename(manifest: &Manifest, about: &Diagnostic) -> Option<Fix> {
    let (_, rest) = about.message.split_once("(did you mean \"")?;
    let (meant, _) = rest.split_once("\"?)")?;
    let written = manifest.text.get(about.range.clone())?;
    let name = written.trim_matches(['"', '\'']);
    let mark = &written[..written.find(name)?];
    let title = format!("Change `{name}` to `{meant}`");
    Some(here(about, title, format!("{mark}{meant}{mark}")))
}

/// A number or a truth value stands where text is wanted.
fn quote(manifest: &Manifest, about: &Diagnostic) -> Option<Fix> {
    let rest = about.message.split_once("cannot unmarshal ")?.1;
    let is_plain = rest.starts_with("number") || rest.starts_with("bool");
    if !is_plain || !about.message.ends_with(" of type string") {
        return None;
    }
    let written = manifest.text.get(about.range.clone())?;
    Some(here(about, format!("Put `{written}` in quotes"), format!("\"{written}\"")))
}

/// Text stands where a number is wanted, and it is one.
fn unquote(manifest: &Manifest, about: &Diagnostic) -> Option<Fix> {
    let is_text = about.message.contains("cannot unmarshal string into");
    let wants_number = ["int32", "int64", "bool"].iter().any(|it| about.message.ends_with(it));
    let written = manifest.text.get(about.range.clone()).filter(|_| is_text && wants_number)?;
    let inner = written.trim_matches(['"', '\'']);
    let fits = inner.parse::<i64>().is_ok() || matches!(inner, "true" | "false");
    if !fits || inner == written {
        return None;
    }
    Some(here(about, format!("Take the quotes off `{inner}`"), inner.into()))
}

/// The nearest of the values that the server takes.
fn supported(manifest: &Manifest, about: &Diagnostic) -> Option<Fix> {
    let (_, list) = about.message.split_once("supported values: ")?;
    let written = manifest.text.get(about.range.clone())?;
    let own = written.trim_matches(['"', '\'']).to_ascii_lowercase();
    let values = list.split(", ").map(|value| value.trim_matches('"'));
    let distance = |value: &str| strsim::damerau_levenshtein(&value.to_ascii_lowercase(), &own);
    let (far, value) = values.map(|value| (distance(value), value)).min()?;
    let is_only = !list.contains(", ");
    if !is_only && far > own.len() / 2 {
        return None;
    }
    Some(here(about, format!("Change `{written}` to `{value}`"), value.into()))
}

/// A kind in lower case, or in a version that is no longer served.
fn proper_kind(manifest: &Manifest, document: &Document, about: &Diagnostic) -> Option<Fix> {
    if about.path != "kind" {
        return None;
    }
    let known = Kind::checked().find(|known| known.name().eq_ignore_ascii_case(&document.kind))?;
    let mut fix = Fix { title: String::new(), patches: Vec::new() };
    for (key, now, meant) in [
        ("apiVersion", &document.api_version, known.api_version()),
        ("kind", &document.kind, known.name()),
    ] {
        if now != meant {
            let range = place::find(&document.root, &FieldPath::parse(key));
            manifest.text.get(range.clone())?;
            fix.title = format!("Change `{now}` to `{meant}`");
            fix.patches.push(Patch { range, replacement: meant.into() });
        }
    }
    fix.patches.sort_by_key(|patch| patch.range.start);
    (!fix.patches.is_empty()).then_some(fix)
}

/// The template gets the labels that the selector asks for.
fn labels(manifest: &Manifest, document: &Document, about: &Diagnostic) -> Option<Fix> {
    if !about.message.contains("`selector` does not match template `labels`") {
        return None;
    }
    let value = document.value();
    let at = manifest.documents.iter().position(|each| std::ptr::eq(each, document))?;
    let mut draft = Draft::of(manifest);
    for (key, wanted) in value.at("spec").at("selector").members("matchLabels") {
        let path = format!("spec.template.metadata.labels[{key}]");
        draft.put(at, &path, Block::text(wanted.as_str().unwrap_or_default())).ok()?;
    }
    let edited = Edited::new(&manifest.text, draft.text.to_string());
    let title = "Give the template the selector's labels".into();
    (!edited.patches.is_empty()).then_some(Fix { title, patches: edited.patches })
}

/// The headless Service that a set's `serviceName` names.
fn service(manifest: &Manifest, document: &Document, about: &Diagnostic) -> Option<Fix> {
    let object = document.object.as_ref().filter(|_| about.message.contains(NO_SERVICE))?;
    let name = object.spec().opt_text("serviceName")?;
    let text = &*manifest.text;
    if document.is_item || text.trim_start().starts_with('{') {
        return None;
    }
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines = service_lines(object, name);
    let mut replacement = if text.ends_with('\n') { String::new() } else { eol.to_owned() };
    replacement += &lines.join(eol);
    replacement += eol;
    let patches = vec![Patch { range: text.len()..text.len(), replacement }];
    Some(Fix { title: format!("Add the headless Service `{name}`"), patches })
}

fn service_lines(set: &ApiObject, name: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        ["---", "apiVersion: v1", "kind: Service", "metadata:"].map(str::to_owned).into();
    lines.push(format!("  name: {name}"));
    if let Some(namespace) = set.metadata().opt_text("namespace") {
        lines.push(format!("  namespace: {namespace}"));
    }
    lines.extend(["spec:", "  clusterIP: None", "  selector:"].map(str::to_owned));
    for (key, value) in set.spec().at("template").at("metadata").members("labels") {
        lines.push(format!("    {key}: {value}"));
    }
    let containers = set.spec().at("template").at("spec").items("containers");
    let ports: Vec<_> = containers.iter().flat_map(|it| it.items("ports")).collect();
    if !ports.is_empty() {
        lines.push("  ports:".into());
    }
    for port in &ports {
        lines.push(format!("    - port: {}", port.int("containerPort")));
        match port.opt_text("name") {
            Some(name) => lines.push(format!("      name: {name}")),
            None if ports.len() > 1 => {
                lines.push(format!("      name: port-{}", port.int("containerPort")));
            }
            None => {}
        }
    }
    lines
}
