//! The objects in files: `-f`.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/visitor.go`.

use super::flags::Args;
use super::ground::Context;
use super::selector::Labels;
use crate::client::Failure;
use crate::client::documents;
pub use crate::client::documents::Document;
use crate::manifest::Manifest;
use std::rc::Rc;

/// The objects of the files that a command line names, in their order.
///
/// # Errors
/// A file that is not there, or is no YAML.
pub fn documents(args: &Args, context: &Context) -> Result<Vec<Document>, Failure> {
    let validates = !matches!(args.text("validate"), Some("false" | "ignore"));
    let mut documents = Vec::new();
    for (file, text) in all_texts(args, context)? {
        let is_it = |read: &&Rc<Manifest>| *read.text == *text;
        let read =
            context.read.iter().find(is_it).cloned().unwrap_or_else(|| {
                Rc::new(Manifest::parse_for(&text, &context.world.kubernetes()))
            });
        documents.extend(documents::of(&file, &read, validates)?);
    }
    let is_empty = documents.is_empty();
    keep_selected(args, &mut documents)?;
    // Other verbs have nothing to do where a selector leaves nothing.
    if is_empty || (documents.is_empty() && args.verb.path() == "apply") {
        return Err(Failure::error(format!("no objects passed to {}", args.verb.words())));
    }
    Ok(documents)
}

/// Leaves the objects that `-l` selects by the labels in the files.
///
/// Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/builder.go`, visitByPaths.
fn keep_selected(args: &Args, documents: &mut Vec<Document>) -> Result<(), Failure> {
    // What `expose` calls so is the selector of its Service.
    let given = args.text("selector").filter(|_| args.verb.path() != "expose");
    let text = given.unwrap_or_default();
    let labels = Labels::parse(text).map_err(|why| {
        Failure::error(format!("the provided selector \"{text}\" is not valid: {why}"))
    })?;
    documents.retain(|document| labels.matches(&document.object));
    Ok(())
}

/// The texts of the files that a command line names, with their names.
///
/// # Errors
/// A file that is not there.
pub fn all_texts(args: &Args, context: &Context) -> Result<Vec<(String, String)>, Failure> {
    let names = args.texts("filename").flat_map(|names| names.split(','));
    names.map(|name| texts(name, context)).collect::<Result<Vec<_>, _>>().map(|all| all.concat())
}

/// The texts of a file or of the files of a directory.
fn texts(name: &str, context: &Context) -> Result<Vec<(String, String)>, Failure> {
    if name == "-" {
        return Ok(vec![("STDIN".into(), context.stdin.unwrap_or_default().into())]);
    }
    if name.starts_with("http://") || name.starts_with("https://") {
        return Err(Failure::error(format!(
            "unable to read URL \"{name}\": this page requests nothing from other hosts"
        )));
    }
    if let Some(text) = context.files.read(name) {
        return Ok(vec![(name.into(), text)]);
    }
    let Some(names) = context.files.list(name) else {
        return Err(Failure::error(format!("the path \"{name}\" does not exist")));
    };
    let is_manifest =
        |name: &String| [".yaml", ".yml", ".json"].iter().any(|ending| name.ends_with(ending));
    let prefix = match name.trim_end_matches('/') {
        "." | "" => String::new(),
        folder => format!("{folder}/"),
    };
    let names = names.into_iter().filter(is_manifest).map(|file| format!("{prefix}{file}"));
    Ok(names.filter_map(|file| Some((file.clone(), context.files.read(&file)?))).collect())
}
