//! A kustomization: the manifest as base, and an overlay for replicas, images and storage.
//!
//! Format: <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>.

use super::super::{Content, Document, Manifest, Node, emit};
use super::{File, parts, text_of};
use crate::api::Tree;
use serde_json::Value;
use std::ops::Range;

/// The files: `base`, with the documents as they are written, and `overlays/custom`, which changes
/// nothing until something in it is changed.
pub fn kustomization(manifest: &Manifest) -> Vec<File> {
    let parts = parts(manifest);
    let mut base = String::from(HEAD);
    base += if parts.is_empty() { "resources: []\n" } else { "resources:\n" };
    for part in &parts {
        base += &format!("  - {}\n", part.file);
    }
    let mut files = vec![File::new("base/kustomization.yaml", base)];
    for part in &parts {
        files.push(File::new(format!("base/{}", part.file), written(manifest, &part.range)));
    }
    files.push(File::new("overlays/custom/kustomization.yaml", overlay(manifest)));
    files
}

/// A part as it is written; written anew if kustomize would read it otherwise than kubectl does.
fn written(manifest: &Manifest, range: &Range<usize>) -> String {
    let documents = manifest.documents.iter().filter(|document| document.range == *range);
    let own: Vec<&Document> = documents.collect();
    let is_odd = own.iter().any(|document| is_odd(&manifest.text, &document.root));
    match own.as_slice() {
        all if is_odd => {
            let texts: Vec<String> = all.iter().map(|it| emit::yaml(&it.value())).collect();
            texts.join("---\n")
        }
        _ => text_of(manifest, range).to_owned(),
    }
}

/// Whether a key stands twice, which kustomize refuses, or a text is written as a date is, which it
/// reads as one.
fn is_odd(text: &str, node: &Node) -> bool {
    match &node.content {
        Content::Mapping { entries, .. } => {
            let names: Vec<Option<String>> =
                entries.iter().map(|(key, _)| key.key_text()).collect();
            let repeats = (1..names.len()).any(|at| names[..at].contains(&names[at]));
            repeats || entries.iter().any(|(_, value)| is_odd(text, value))
        }
        Content::Sequence { items, .. } => items.iter().any(|item| is_odd(text, item)),
        Content::Scalar { value: Value::String(value), block: false } => {
            let is_quoted =
                text.get(node.range.clone()).is_none_or(|it| it.starts_with(['"', '\'']));
            !is_quoted && emit::plain_or_quoted(value).starts_with('"')
        }
        _ => false,
    }
}

const HEAD: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

fn overlay(manifest: &Manifest) -> String {
    let mut text = String::from(HEAD);
    text += "resources:\n  - ../../base\n";
    let is_set = |document: &&Document| document.kind == "StatefulSet";
    let sets: Vec<(&str, Value)> = manifest
        .documents
        .iter()
        .filter(is_set)
        .map(|document| (document.name.as_str(), document.value()))
        .collect();
    let replicas: Vec<String> = sets
        .iter()
        .filter_map(|(name, set)| {
            let count = set.at("spec").opt_int("replicas")?;
            Some(format!("  - name: {}\n    count: {count}\n", quoted(name)))
        })
        .collect();
    section(&mut text, "replicas", &replicas);
    section(&mut text, "images", &images(&sets));
    section(&mut text, "patches", &sets.iter().filter_map(storage).collect::<Vec<_>>());
    text
}

fn section(text: &mut String, name: &str, entries: &[String]) {
    if !entries.is_empty() {
        *text += &format!("{name}:\n{}", entries.concat());
    }
}

/// Every image once, with the tag or the digest that it has.
fn images(sets: &[(&str, Value)]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, set) in sets {
        let pod = set.at("spec").at("template").at("spec");
        for container in pod.items("initContainers").iter().chain(pod.items("containers")) {
            let image = container.text("image");
            let end = image.find('@').unwrap_or(image.len());
            let slash = image[..end].rfind('/').map_or(0, |at| at + 1);
            let colon = image[slash..end].find(':').map_or(end, |at| slash + at);
            let (name, tag) = (&image[..colon], image[colon..end].trim_start_matches(':'));
            let digest = image[end..].trim_start_matches('@');
            let mut entry = format!("  - name: {}\n", quoted(name));
            // One of the two: a digest alone says which image it is.
            match (tag, digest) {
                ("", "") => {}
                (tag, "") => entry += &format!("    newTag: {}\n", quoted(tag)),
                (_, digest) => entry += &format!("    digest: {}\n", quoted(digest)),
            }
            let is_known = found.iter().any(|it| it.lines().next() == entry.lines().next());
            let changes_tag = !tag.is_empty() && !digest.is_empty();
            if !name.is_empty() && !is_known && !changes_tag {
                found.push(entry);
            }
        }
    }
    // Two containers with one image in two versions: kustomize knows images by name only.
    let is_one = |entry: &String| {
        let name = entry.lines().next().unwrap_or_default();
        let all = sets.iter().flat_map(|(_, set)| {
            let pod = set.at("spec").at("template").at("spec");
            pod.items("initContainers").iter().chain(pod.items("containers")).collect::<Vec<_>>()
        });
        let name = name.trim_start_matches("  - name: ").trim_matches('"').to_owned();
        let mut versions: Vec<&str> = all
            .map(|container| container.text("image"))
            .filter(|image| {
                let rest = image.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']))
            })
            .collect();
        versions.dedup();
        versions.len() == 1
    };
    found.retain(is_one);
    found
}

/// A patch with the sizes of a set's claim templates; they are fixed once the set exists.
fn storage((name, set): &(&str, Value)) -> Option<String> {
    let mut operations = String::new();
    for (index, claim) in set.at("spec").items("volumeClaimTemplates").iter().enumerate() {
        let requests = claim.at("spec").at("resources").at("requests");
        let Some(size) = requests.set("storage") else { continue };
        operations += &format!(
            "      - op: replace\n        path: /spec/volumeClaimTemplates/{index}/spec/resources/\
             requests/storage\n        value: {}\n",
            emit::quoted(size)
        );
    }
    let target = format!("  - target:\n      kind: StatefulSet\n      name: {}\n", quoted(name));
    (!operations.is_empty()).then(|| format!("{target}    patch: |-\n{operations}"))
}

fn quoted(text: &str) -> String {
    emit::quoted(&text.into())
}
