//! The objects of a manifest as kubectl takes them from a file.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go`.

use super::Failure;
use crate::api::Tree;
use crate::manifest::Manifest;
use serde_json::Value;

/// An object of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, as messages name it; `STDIN` of `-f -`.
    pub file: String,
    /// The object as written, without defaults.
    pub object: Value,
}

/// The objects of a manifest that was read from this file.
///
/// # Errors
/// It is no YAML, or holds what is no object.
pub fn of(file: &str, manifest: &Manifest) -> Result<Vec<Document>, Failure> {
    for each in &manifest.diagnostics {
        let message = &each.message;
        if message.starts_with("error converting YAML") || message.starts_with("invalid Yaml") {
            return Err(Failure::error(format!("error parsing {file}: {message}")));
        }
        if message.starts_with("Object 'Kind' is missing") {
            return Err(Failure::error(format!("unable to decode \"{file}\": {message}")));
        }
        if message.starts_with("error validating data: ") {
            let message = message.split(" (did you mean").next().unwrap_or_default();
            return Err(Failure::error(format!(
                "error validating \"{file}\": {message}; if you choose to ignore these errors, \
                 turn validation off with --validate=false"
            )));
        }
    }
    let mut documents = Vec::new();
    for document in &manifest.documents {
        let object = document.value();
        match object.text("kind") {
            "List" => {
                let items = object.items("items").iter();
                documents
                    .extend(items.map(|item| Document { file: file.into(), object: item.clone() }));
            }
            _ => documents.push(Document { file: file.into(), object }),
        }
    }
    Ok(documents)
}

/// The refusal of a kind that the server does not serve.
pub fn no_mapping(document: &Document) -> Failure {
    let object = &document.object;
    let (kind, version) = (object.text("kind"), object.text("apiVersion"));
    let meta = object.at("metadata");
    Failure::error(format!(
        "resource mapping not found for name: \"{}\" namespace: \"{}\" from \"{}\": no matches \
         for kind \"{kind}\" in version \"{version}\"\nensure CRDs are installed first",
        meta.text("name"),
        meta.text("namespace"),
        document.file,
    ))
}
