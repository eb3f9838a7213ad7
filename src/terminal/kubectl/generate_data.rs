//! What `kubectl create configmap` and `create secret` put into their objects.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/create/create_configmap.go`, `…/create_secret.go`,
//! `…/pkg/generate/versioned/`, `…/pkg/cmd/util/env_file.go`.

use super::flags::Args;
use super::{Context, Failure};
use crate::api::{Tree, names};
use base64::Engine;
use serde_json::{Map, Value, json};

/// The ConfigMap that a command line describes.
///
/// # Errors
/// A source that cannot be read.
pub fn config_map(args: &Args, name: &str, context: &Context) -> Result<Value, Failure> {
    let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
    let data = data(args, &format!("ConfigMap \"{name}\""), context)?;
    if !data.is_empty() {
        object.put("data", data);
    }
    Ok(object)
}

/// The Secret that a command line describes.
///
/// # Errors
/// A source that cannot be read.
pub fn secret(args: &Args, name: &str, context: &Context) -> Result<Value, Failure> {
    let encoded = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        base64::engine::general_purpose::STANDARD.encode(text)
    };
    let data = data(args, &format!("Secret \"{name}\""), context)?;
    let data: Map<String, Value> =
        data.iter().map(|(key, it)| (key.clone(), encoded(it).into())).collect();
    let mut object = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": name},
        "type": args.text("type").unwrap_or("Opaque"),
    });
    if !data.is_empty() {
        object.put("data", data);
    }
    Ok(object)
}

/// The pairs of `--from-literal`, `--from-file` and `--from-env-file`, for an object of this title.
fn data(args: &Args, title: &str, context: &Context) -> Result<Map<String, Value>, Failure> {
    let has_others = args.has("from-literal") || args.has("from-file");
    if args.has("from-env-file") && has_others {
        let text = "from-env-file cannot be combined with from-file or from-literal";
        return Err(Failure::error(text));
    }
    let mut pairs = Vec::new();
    for source in args.texts("from-file") {
        file(source, context, &mut pairs)?;
    }
    for literal in args.texts("from-literal") {
        match literal.split_once('=') {
            Some((key, value)) if !key.is_empty() => pairs.push((key.into(), value.into())),
            _ => {
                let text = format!("invalid literal source {literal}, expected key=value");
                return Err(Failure::error(text));
            }
        }
    }
    for path in args.texts("from-env-file") {
        let text = context.files.read(path).ok_or_else(|| unreadable(path))?;
        pairs.extend(environment(&text));
    }
    let mut data = Map::new();
    for (key, value) in pairs {
        let kind = title.split(' ').next().unwrap_or_default();
        let wrong = names::config_key(&key);
        if !wrong.is_empty() {
            return Err(Failure::error(format!(
                "\"{key}\" is not a valid key name for a {kind}: {}",
                wrong.join(";")
            )));
        }
        if data.insert(key.clone(), value.into()).is_some() {
            return Err(Failure::error(format!(
                "cannot add key \"{key}\", another key by that name already exists in Data for {title}"
            )));
        }
    }
    Ok(data)
}

fn unreadable(path: &str) -> Failure {
    Failure::error(format!("error reading {path}: no such file or directory"))
}

/// The file of `--from-file`, or the files of its folder, with their keys.
fn file(source: &str, context: &Context, pairs: &mut Vec<(String, String)>) -> Result<(), Failure> {
    let refused = |text: String| Err(Failure::error(text));
    let (key, path) = match source.split_once('=') {
        Some((_, path)) if path.contains('=') => {
            return refused("key names or file paths cannot contain '='".into());
        }
        Some(("", path)) => return refused(format!("key name for file path {path} missing")),
        Some((key, "")) => return refused(format!("file path for key name {key} missing")),
        Some((key, path)) => (key, path),
        None => (source.rsplit('/').next().unwrap_or(source), source),
    };
    if let Some(text) = context.files.read(path) {
        pairs.push((key.to_owned(), text));
        return Ok(());
    }
    let names = context.files.list(path).ok_or_else(|| unreadable(path))?;
    if source.contains('=') {
        return refused("cannot give a key name for a directory path".into());
    }
    let read = |name: String| {
        let text = context.files.read(&format!("{}/{name}", path.trim_end_matches('/')))?;
        names::config_key(&name).is_empty().then_some((name, text))
    };
    pairs.extend(names.into_iter().filter_map(read));
    Ok(())
}

/// The pairs of a file of variables: a line each, comments left out. A name alone takes its value from
/// the environment, where it has none.
fn environment(text: &str) -> impl Iterator<Item = (String, String)> {
    let lines = text.lines().map(str::trim_start);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        (key.to_owned(), value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_files_of_variables() {
        let pairs: Vec<_> = environment("A=1\n# no\n\n  B=two words\nC\n").collect();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(pairs, [pair("A", "1"), pair("B", "two words"), pair("C", "")]);
    }
}
