//! The objects of a manifest as kubectl takes them from a file.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go`.

use super::Failure;
use crate::api::Tree;
use crate::manifest::{Manifest, Refusal};
use serde_json::Value;

/// An object of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, as messages name it; `STDIN` of `-f -`.
    pub file: String,
    /// The object as written, without defaults.
    pub object: Value,
}

/// The objects of a manifest that was read from this file, checked against the schema if it
/// `validates`.
///
/// # Errors
/// It is no YAML, or holds what is no object.
pub fn of(file: &str, manifest: &Manifest, validates: bool) -> Result<Vec<Document>, Failure> {
    for each in &manifest.diagnostics {
        let refusal = match validates {
            true => manifest.refusal(each).map(Refusal::owned),
            false => manifest.refusal_without_validation(each),
        };
        return Err(Failure::error(match refusal {
            Some(Refusal::Unparsed(words)) => format!("error parsing {file}: {words}"),
            Some(Refusal::Undecoded(words)) => format!("unable to decode \"{file}\": {words}"),
            Some(Refusal::Invalid(words)) => {
                let words = words.split(" (did you mean").next().unwrap_or_default();
                format!(
                    "error validating \"{file}\": {words}; if you choose to ignore these errors, \
                     turn validation off with --validate=false"
                )
            }
            None => continue,
        }));
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
