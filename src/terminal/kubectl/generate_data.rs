//! What `kubectl create configmap` and `create secret` put into their objects.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/create/create_configmap.go`, `…/create_secret.go`,
//! `…/pkg/generate/versioned/`, `…/pkg/cmd/util/env_file.go`.

use super::flags::Args;
use super::ground::Context;
use crate::api::{Tree, names};
use crate::client::Failure;
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
    let encoded = |value: &Value| encode(value.as_str().unwrap_or_default());
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

/// The Secret of a certificate and its key. Simplified: only whether there is one of each is looked at.
///
/// # Errors
/// Files that cannot be read, or hold neither.
pub fn tls(args: &Args, name: &str, context: &Context) -> Result<Value, Failure> {
    let given = |flag: &str| args.text(flag).filter(|path| !path.is_empty());
    let (Some(cert), Some(key)) = (given("cert"), given("key")) else {
        return Err(Failure::error("key and cert must be specified"));
    };
    let mut data = Map::new();
    for (field, path, what) in [("tls.crt", cert, "certificate"), ("tls.key", key, "key")] {
        let text = context.files.read(path).ok_or_else(|| {
            let why = format!("open {path}: no such file or directory");
            Failure::error(format!("Cannot read file {path}, {why}"))
        })?;
        if !text.contains("-----BEGIN ") {
            let text = format!("tls: failed to find any PEM data in {what} input");
            return Err(Failure::error(text));
        }
        data.insert(field.into(), encode(&text).into());
    }
    Ok(json!({
        "apiVersion": "v1", "data": data, "kind": "Secret", "metadata": {"name": name},
        "type": "kubernetes.io/tls",
    }))
}

/// The Secret of an account at a registry of images.
///
/// # Errors
/// The account is not told, or the file that tells it cannot be read.
pub fn registry(args: &Args, name: &str, context: &Context) -> Result<Value, Failure> {
    let text = |flag: &str| args.text(flag).unwrap_or_default();
    let server = args.text("docker-server").unwrap_or("https://index.docker.io/v1/");
    let (user, password) = (text("docker-username"), text("docker-password"));
    let config = match args.text("from-file") {
        Some(path) => context.files.read(path).ok_or_else(|| unreadable(path))?,
        None if user.is_empty() || password.is_empty() || server.is_empty() => {
            return Err(Failure::error(
                "either --from-file or the combination of --docker-username, --docker-password \
                 and --docker-server is required",
            ));
        }
        None => {
            // The order is that of the client's own struct.
            let text = |text: &str| Value::from(text).to_string();
            let email = args.text("docker-email").filter(|email| !email.is_empty());
            let email = email.map_or(String::new(), |it| format!("\"email\":{},", text(it)));
            format!(
                "{{\"auths\":{{{}:{{\"username\":{},\"password\":{},{email}\"auth\":\"{}\"}}}}}}",
                text(server),
                text(user),
                text(password),
                encode(&format!("{user}:{password}")),
            )
        }
    };
    Ok(json!({
        "apiVersion": "v1", "data": {".dockerconfigjson": encode(&config)}, "kind": "Secret",
        "metadata": {"name": name}, "type": "kubernetes.io/dockerconfigjson",
    }))
}

fn encode(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
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
