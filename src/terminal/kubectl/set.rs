//! `kubectl set image`, `set resources`, `set env`, `set serviceaccount`, `set selector`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/set/`.

use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found};
use super::send::{self, DryRun, Mode, Printer};
use crate::api::quantity::Quantity;
use crate::api::{StatusReason, Tree};
use crate::client::{Failure, patch};
use crate::terminal::job::Progress;
use crate::terminal::world::{Change, PatchType};
use serde_json::{Value, json};

/// Runs a verb below `set`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let path = args.verb.path();
    let is_assignment = |word: &String| match path {
        "set_image" => word.contains('='),
        "set_env" => word.contains('=') || (word.ends_with('-') && word.len() > 1),
        _ => false,
    };
    let (pairs, mut words): (Vec<String>, Vec<String>) =
        args.words.iter().cloned().partition(|word| is_assignment(word));
    let missing = match path {
        "set_serviceaccount" => "serviceaccount is required",
        "set_selector" => "one selector is required",
        "set_env" => {
            "one or more resources must be specified as <resource> <name> or <resource>/<name>"
        }
        _ => "",
    };
    if words.is_empty() && !missing.is_empty() && !args.has("filename") {
        return Err(Failure::error(missing));
    }
    if args.flag("local") && !args.has("filename") {
        return Err(Failure::error(
            "you must specify resources by --filename when --local is set.\nExample resource \
             specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'",
        ));
    }
    let account = (path == "set_serviceaccount").then(|| words.pop()).flatten();
    if path == "set_selector" {
        words.pop();
    }
    if words.is_empty() && !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    // The words are looked at before the assignments are.
    select::targets(&words, context.world)?;
    if path == "set_image" && pairs.is_empty() {
        return Err(Failure::error("at least one image update is required"));
    }
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    let selection = select::select(args, &words, context)?;
    let mut failures = selection.errors.clone();
    for found in &selection.found {
        if path == "set_env" && args.flag("list") {
            list_env(found, context);
            continue;
        }
        let done = match path {
            "set_selector" => selector(found, args, mode, &mut printer, context),
            _ => one(args, mode, found, &pairs, account.as_deref(), &mut printer, context),
        };
        failures.extend(done.err());
        if path == "set_image" {
            failures.extend(unknown_containers(found, &pairs));
        }
    }
    printer.finish(context)?;
    Ok(Progress::Done(send::tell(&failures, context)))
}

/// What is said of containers that are to get an image and are not there; others get theirs.
fn unknown_containers(found: &Found, pairs: &[String]) -> Vec<Failure> {
    let mut object = (*found.object).clone();
    let Some(spec) = pod_spec(&mut object) else { return Vec::new() };
    let names = pairs.iter().map(|pair| pair.split_once('=').map_or(pair.as_str(), |it| it.0));
    let unknown = names.filter(|name| *name != "*" && !containers(spec).any(|own| own == *name));
    let text = |name| format!("unable to find container named \"{name}\"");
    unknown.map(|name| Failure::error(text(name))).collect()
}

/// Where the pod spec of an object stands.
fn pod_spec(object: &mut Value) -> Option<&mut Value> {
    match object.text("kind") {
        "Pod" => object.set_mut("spec"),
        _ => object.set_mut("spec")?.set_mut("template")?.set_mut("spec"),
    }
}

fn one(
    args: &Args,
    mode: Mode,
    found: &Found,
    pairs: &[String],
    account: Option<&str>,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let path = args.verb.path();
    let mut new = (*found.object).clone();
    let Some(spec) = pod_spec(&mut new) else {
        return Err(Failure::error(format!(
            "{}/{} the object is not a pod or does not have a pod template: *v1.{}",
            found.resource.name,
            found.name(),
            found.resource.kind
        )));
    };
    let verb = match path {
        "set_image" => {
            images(spec, pairs);
            "image updated"
        }
        "set_resources" => {
            resources(spec, args)?;
            "resource requirements updated"
        }
        "set_env" => {
            let place = format!("{}/{}", found.resource.name, found.name());
            let wanted = args.text("containers").unwrap_or("*");
            if !containers(spec).any(|name| wanted == "*" || wanted == name) {
                context.out.error(&format!(
                    "Warning: {}/{} does not have any containers matching \"{wanted}\"",
                    found.resource.kind,
                    found.name()
                ));
            }
            let mut pairs = pairs.to_vec();
            let from = sources(args, context)?;
            pairs.extend(args.texts("env").map(str::to_owned));
            environment(spec, args, &pairs, &from, &place)?;
            "env updated"
        }
        _ => {
            let account = account.unwrap_or_default();
            spec.put("serviceAccountName", account);
            spec.put("serviceAccount", account);
            "serviceaccount updated"
        }
    };
    let live = &found.object;
    let (kind, patch) = patch::between(&found.resource, Some(live), &new, live);
    let is_same = patch.as_object().is_none_or(serde_json::Map::is_empty);
    if is_same && path == "set_serviceaccount" {
        printer.done(&found.title(), verb, &new, context);
    }
    if is_same {
        return Ok(());
    }
    if mode.dry_run == DryRun::Client || args.flag("local") {
        printer.done(&found.title(), verb, &new, context);
        return Ok(());
    }
    let sent = mode.change(found, Change::Patch(kind, patch), context);
    let reply = sent.map_err(|status| match (path, status.reason) {
        ("set_image", StatusReason::Invalid) => Failure::error(format!(
            "failed to patch image update to pod template: {}",
            status.message
        )),
        ("set_resources", StatusReason::Invalid) => Failure::error(format!(
            "failed to patch resources update to pod template {}",
            status.message
        )),
        _ => status.into(),
    })?;
    mode.record(args, found, context)?;
    printer.done(&found.title(), verb, &reply.object, context);
    Ok(())
}

fn images(spec: &mut Value, pairs: &[String]) {
    for pair in pairs {
        let (name, image) = pair.split_once('=').unwrap_or((pair, ""));
        for list in ["containers", "initContainers"] {
            for container in spec.items_mut(list) {
                if name == "*" || container.text("name") == name {
                    container.put("image", image);
                }
            }
        }
    }
}

fn resources(spec: &mut Value, args: &Args) -> Result<(), Failure> {
    let (limits, requests) = (args.text("limits"), args.text("requests"));
    if limits.is_none() && requests.is_none() {
        return Err(Failure::error(
            "you must specify an update to requests or limits (in the form of --requests/--limits)",
        ));
    }
    let wanted = args.text("containers").unwrap_or("*");
    if !containers(spec).any(|name| wanted == "*" || wanted == name) {
        return Err(Failure::error(format!("unable to find container named {wanted}")));
    }
    for list in ["containers", "initContainers"] {
        let own = spec.items_mut(list).iter_mut();
        own.filter(|it| wanted == "*" || wanted == it.text("name"))
            .try_for_each(|container| set_amounts(container, limits, requests))?;
    }
    Ok(())
}

fn set_amounts(
    container: &mut Value,
    limits: Option<&str>,
    requests: Option<&str>,
) -> Result<(), Failure> {
    for (field, text) in [("limits", limits), ("requests", requests)] {
        for pair in text.unwrap_or_default().split(',').filter(|pair| !pair.is_empty()) {
            let Some((name, amount)) = pair.split_once('=') else {
                return Err(Failure::error(format!(
                    "Invalid argument syntax {pair}, expected <resource>=<value>"
                )));
            };
            if let Err(why) = Quantity::parse(amount) {
                return Err(Failure::error(why.to_string()));
            }
            let resources = container.open("resources").open(field);
            match amount {
                "0" => drop(resources.drop_field(name)),
                amount => resources.put(name, amount),
            }
        }
    }
    Ok(())
}

/// The variables that `--from` takes from the keys of a ConfigMap or a Secret.
fn sources(args: &Args, context: &mut Context) -> Result<Vec<Value>, Failure> {
    let Some(from) = args.text("from").filter(|from| !from.is_empty()) else {
        return Ok(Vec::new());
    };
    let words: Vec<String> = from.split_whitespace().map(str::to_owned).collect();
    let mut plain = args.clone();
    plain.set_text("selector", "");
    let selection = select::select(&plain, &words, context)?;
    if let Some(error) = selection.errors.first() {
        return Err(error.clone());
    }
    let keys: Vec<&str> = args.texts("keys").flat_map(|keys| keys.split(',')).collect();
    let prefix = args.text("prefix").unwrap_or_default();
    let mut entries = Vec::new();
    for found in &selection.found {
        let field = match found.resource.name {
            "configmaps" => "configMapKeyRef",
            "secrets" => "secretKeyRef",
            _ => return Err(Failure::error("unsupported resource specified in --from")),
        };
        let own = found.object.members("data").map(|(key, _)| key.as_str());
        for key in own.filter(|key| keys.is_empty() || keys.contains(key)) {
            let name = key.to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            if name != *key {
                context.out.error(&format!("Warning: key {key} transferred to {name}"));
            }
            entries.push(json!({
                "name": format!("{prefix}{name}"),
                "valueFrom": {field: {"key": key, "name": found.name()}},
            }));
        }
    }
    Ok(entries)
}

/// The names of the containers of a pod's specification.
fn containers(spec: &Value) -> impl Iterator<Item = &str> {
    let all = spec.items("containers").iter().chain(spec.items("initContainers"));
    all.map(|container| container.text("name"))
}

/// Whether a text may be the name of an environment variable.
fn check_variable(name: &str) -> Result<(), Failure> {
    let is_known = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if !name.is_empty()
        && name.chars().all(is_known)
        && !name.starts_with(|c: char| c.is_ascii_digit())
    {
        return Ok(());
    }
    Err(Failure::error(format!(
        "\"{name}\" is not a valid key name: a valid environment variable name must consist of \
         alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. \
         'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is \
         '[-._a-zA-Z][-._a-zA-Z0-9]*')"
    )))
}

fn environment(
    spec: &mut Value,
    args: &Args,
    pairs: &[String],
    from: &[Value],
    place: &str,
) -> Result<(), Failure> {
    variables(spec.items_mut("containers"), args, pairs, from, place)?;
    variables(spec.items_mut("initContainers"), args, pairs, from, place)
}

/// Changes the variables of those containers of a list that a command line means.
fn variables(
    containers: &mut [Value],
    args: &Args,
    pairs: &[String],
    from: &[Value],
    place: &str,
) -> Result<(), Failure> {
    let wanted = args.text("containers").unwrap_or("*");
    for container in containers {
        if wanted != "*" && wanted != container.text("name") {
            continue;
        }
        let mut own = container.items("env").to_vec();
        for entry in from {
            match own.iter_mut().find(|it| it.text("name") == entry.text("name")) {
                Some(it) => *it = entry.clone(),
                None => own.push(entry.clone()),
            }
        }
        for pair in pairs {
            match pair.split_once('=') {
                Some((name, value)) => {
                    check_variable(name)?;
                    let entry = json!({"name": name, "value": value});
                    let is_kept = !args.flag_or("overwrite", true);
                    match own.iter_mut().find(|it| it.text("name") == name) {
                        Some(old) if is_kept => {
                            return Err(Failure::error(format!(
                                "{place} '{name}' already has a value ({}), and --overwrite is false",
                                old.text("value")
                            )));
                        }
                        Some(it) => *it = entry,
                        None => own.push(entry),
                    }
                }
                None => {
                    let name = pair.trim_end_matches('-');
                    own.retain(|it| it.text("name") != name);
                }
            }
        }
        match own.is_empty() {
            true => drop(container.drop_field("env")),
            false => container.put("env", own),
        }
    }
    Ok(())
}

fn list_env(found: &Found, context: &mut Context) {
    let mut object = (*found.object).clone();
    let Some(spec) = pod_spec(&mut object) else { return };
    let all = spec.items("containers").iter().chain(spec.items("initContainers"));
    for container in all {
        let (kind, name) = (found.resource.kind, found.name());
        context.out.line(&format!("# {kind} {name}, container {}", container.text("name")));
        for entry in container.items("env") {
            match entry.set("valueFrom") {
                None => {
                    context.out.line(&format!("{}={}", entry.text("name"), entry.text("value")));
                }
                Some(from) => {
                    let source = from.as_object().and_then(|it| it.iter().next());
                    let text = source.map_or(String::new(), |(kind, it)| match kind.as_str() {
                        "fieldRef" => format!("from field path {}", it.text("fieldPath")),
                        "configMapKeyRef" => {
                            format!("from configmap {}, key {}", it.text("name"), it.text("key"))
                        }
                        _ => format!("from secret {}, key {}", it.text("name"), it.text("key")),
                    });
                    context.out.line(&format!("# {} {text}", entry.text("name")));
                }
            }
        }
    }
}

fn selector(
    found: &Found,
    args: &Args,
    mode: Mode,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    if found.resource.name != "services" {
        return Err(Failure::error("setting a selector is only supported for Services"));
    }
    let text = args.words.last().map(String::as_str).unwrap_or_default();
    let mut selector = Value::Object(serde_json::Map::new());
    for (key, value) in text.split(',').filter_map(|pair| pair.split_once('=')) {
        selector.put(key, value);
    }
    let operations = json!([{"op": "replace", "path": "/spec/selector", "value": selector}]);
    let reply = mode.change(found, Change::Patch(PatchType::Json, operations), context)?;
    printer.done(&found.title(), "selector updated", &reply.object, context);
    Ok(())
}
