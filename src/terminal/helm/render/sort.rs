//! The texts that templates made as manifests and hooks, in the order in which they are created.
//!
//! Upstream: `pkg/releaseutil/{manifest,manifest_sorter,kind_sorter}.go`.

use super::{Part, Rendered, rank};
use crate::manifest::read_yaml;
use crate::template::format::quote;
use crate::terminal::helm::ground::Failure;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// When hooks run.
const EVENTS: [&str; 10] = [
    "post-delete",
    "post-install",
    "post-rollback",
    "post-upgrade",
    "pre-delete",
    "pre-install",
    "pre-rollback",
    "pre-upgrade",
    "test",
    "test-success",
];

/// The documents of a text: what stands between lines that begin with three dashes.
fn documents(text: &str) -> Vec<String> {
    let text = text.trim();
    let mut all = Vec::new();
    let mut rest = match text.strip_prefix("---") {
        Some(rest) => rest.trim_start(),
        None => text,
    };
    while let Some(at) = rest.find("\n---") {
        all.push(rest[..at].trim().to_owned());
        rest = rest[at + "\n---".len()..].trim_start();
        // White space behind a separator is part of it, and with it a separator that follows.
    }
    all.push(rest.trim().to_owned());
    all.retain(|it| !it.is_empty());
    all
}

/// The objects of files in the order in which they are created, and the hooks among them.
///
/// # Errors
/// `YAML parse error on …`.
pub fn sorted(files: &BTreeMap<String, String>) -> Result<Rendered, Failure> {
    let mut rendered = Rendered::default();
    for (source, text) in files {
        for text in documents(text) {
            let wrong = |why| Failure::new(format!("YAML parse error on {source}: {why}"));
            let object = read_yaml(&text).map_err(wrong)?;
            if let Some(why) = misfit(&object) {
                return Err(wrong(why));
            }
            let part = Part { source: source.clone(), text, object };
            if part.annotation("helm.sh/hook").is_empty() {
                rendered.parts.push(part);
            } else if part.events().iter().all(|event| EVENTS.contains(event)) {
                rendered.hooks.push(part);
            } else {
                let hooks = quote(part.annotation("helm.sh/hook"));
                rendered
                    .warnings
                    .push(format!("manifest_sorter.go:199: info: skipping unknown hook: {hooks}"));
            }
        }
    }
    let kind = |part: &Part| rank(part.object["kind"].as_str().unwrap_or_default());
    rendered.parts.sort_by_key(kind);
    rendered.hooks.sort_by_key(kind);
    Ok(rendered)
}

/// Why an object cannot be read as `SimpleHead`.
fn misfit(object: &Json) -> Option<String> {
    let why = |kind: &str, into: &str| {
        format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go {into}"
        )
    };
    let head = "value of type releaseutil.SimpleHead";
    match object {
        Json::Null => return None,
        Json::Object(_) => {}
        other => return Some(why(kind_of(other), head)),
    }
    for (field, own) in [("apiVersion", "apiVersion"), ("kind", "kind")] {
        let value = &object[field];
        if value.is_array() || value.is_object() {
            let into = format!("struct field SimpleHead.{own} of type string");
            return Some(why(kind_of(value), &into));
        }
    }
    let metadata = &object["metadata"];
    if !metadata.is_null() && !metadata.is_object() {
        let into = "struct field SimpleHead.metadata of type struct { Name string \
                    \"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }";
        return Some(why(kind_of(metadata), into));
    }
    let annotations = metadata["annotations"].as_object()?;
    let odd = annotations.values().find(|it| it.is_array() || it.is_object())?;
    Some(why(kind_of(odd), "struct field SimpleHead.metadata.annotations of type string"))
}

fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}
