//! `kubectl create role`, `clusterrole`, `rolebinding`, `clusterrolebinding`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/create/create_role.go`, create_clusterrole.go,
//! create_rolebinding.go, create_clusterrolebinding.go.

use super::flags::Args;
use super::ground::Context;
use crate::api::Tree;
use crate::client::{Failure, discovery};
use crate::terminal::world::World;
use serde_json::{Value, json};

const VERSION: &str = "rbac.authorization.k8s.io/v1";
const GROUP: &str = "rbac.authorization.k8s.io";

/// Verbs that rules about resources know.
const VERBS: [&str; 14] = [
    "*",
    "get",
    "delete",
    "list",
    "create",
    "update",
    "patch",
    "watch",
    "proxy",
    "deletecollection",
    "use",
    "bind",
    "escalate",
    "impersonate",
];

/// Verbs that rules about paths know.
const PATH_VERBS: [&str; 8] = ["*", "get", "post", "put", "delete", "patch", "head", "options"];

/// The Role, or with `of_cluster` the ClusterRole, that a command line describes.
///
/// # Errors
/// Verbs, resources or paths that are missing or not known.
pub fn role(
    args: &Args,
    name: &str,
    of_cluster: bool,
    context: &mut Context,
) -> Result<Value, Failure> {
    let kind = if of_cluster { "ClusterRole" } else { "Role" };
    let mut object = json!({"apiVersion": VERSION, "kind": kind, "metadata": {"name": name}});
    let list = |flag: &str| distinct(args.texts(flag).flat_map(|text| text.split(',')));
    let mut verbs = list("verb");
    if verbs.contains(&"*") {
        verbs = vec!["*"];
    }
    let (resources, paths) = (list("resource"), list("non-resource-url"));
    let names = distinct(args.texts("resource-name"));
    if let Some(rule) = args.text("aggregation-rule") {
        let parts = [&verbs, &resources, &paths, &names];
        if parts.iter().any(|part| !part.is_empty()) {
            return Err(Failure::error(
                "aggregation rule must be specified without nonResourceURLs, verbs, resources or \
                 resourceNames",
            ));
        }
        let labels = rule.split(',').filter_map(|pair| pair.split_once('='));
        let labels = labels.map(|(key, value)| (key.to_owned(), Value::from(value)));
        let selector = json!({"matchLabels": Value::Object(labels.collect())});
        object.put("aggregationRule", json!({"clusterRoleSelectors": [selector]}));
        object.put("rules", Value::Null);
        return Ok(object);
    }
    if verbs.is_empty() {
        return Err(Failure::error("at least one verb must be specified"));
    }
    if resources.is_empty() && paths.is_empty() {
        return Err(Failure::error(match of_cluster {
            true => "one of resource or nonResourceURL must be specified",
            false => "at least one resource must be specified",
        }));
    }
    let odd = verbs.iter().filter(|verb| !resources.is_empty() && !VERBS.contains(verb));
    for verb in odd {
        context.out.error(&format!("Warning: '{verb}' is not a standard resource verb"));
    }
    let mut rules = Vec::new();
    for (group, resources) in by_group(&resources, context.world)? {
        let mut rule = json!({"apiGroups": [group], "resources": resources, "verbs": verbs});
        if !names.is_empty() {
            rule.put("resourceNames", names.clone());
        }
        rules.push(rule);
    }
    if !paths.is_empty() {
        check_paths(&verbs, &paths)?;
        rules.push(json!({"nonResourceURLs": paths, "verbs": verbs}));
    }
    object.put("rules", rules);
    Ok(object)
}

/// Texts, each once, in their order.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// Resources such as `pods`, `sts.apps` or `pods/log` by their groups, which are sorted.
fn by_group(words: &[&str], world: &dyn World) -> Result<Vec<(String, Vec<String>)>, Failure> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for word in words {
        let (whole, below) = word.split_once('/').map_or((*word, None), |(it, of)| (it, Some(of)));
        let (own, group) = whole.split_once('.').unwrap_or((whole, ""));
        if own.is_empty() {
            let text = "resource must be specified if apiGroup/subresource specified";
            return Err(Failure::error(text));
        }
        let (mut name, group) = match discovery::named(world, whole) {
            _ if own == "*" => (own.to_owned(), group.to_owned()),
            Some(resource) => (resource.name.to_owned(), resource.group().to_owned()),
            None => {
                return Err(Failure::Plain(format!(
                    "the server doesn't have a resource type \"{own}\""
                )));
            }
        };
        if let Some(below) = below {
            name = format!("{name}/{below}");
        }
        match groups.iter_mut().find(|(own, _)| *own == group) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => groups.push((group, vec![name])),
        }
    }
    groups.sort();
    Ok(groups)
}

fn check_paths(verbs: &[&str], paths: &[&str]) -> Result<(), Failure> {
    if let Some(verb) = verbs.iter().find(|verb| !PATH_VERBS.contains(verb)) {
        return Err(Failure::error(format!("invalid verb: '{verb}' for nonResourceURL")));
    }
    for path in paths.iter().filter(|path| **path != "*") {
        let Some(inner) = path.strip_prefix('/') else {
            return Err(Failure::error("nonResourceURL should start with /"));
        };
        if inner.strip_suffix('*').unwrap_or(inner).contains('*') {
            let text = "nonResourceURL only supports wildcard matches when '*' is at the end";
            return Err(Failure::error(text));
        }
    }
    Ok(())
}

/// The RoleBinding, or with `of_cluster` the ClusterRoleBinding, that a command line describes.
///
/// # Errors
/// No role or two of them, or a service account without a namespace.
pub fn binding(args: &Args, name: &str, of_cluster: bool) -> Result<Value, Failure> {
    let given = |flag: &str| args.text(flag).filter(|text| !text.is_empty());
    let (kind, role) = match (given("role"), given("clusterrole")) {
        (Some(role), None) => ("Role", role),
        (None, Some(role)) => ("ClusterRole", role),
        _ => {
            let text = "exactly one of clusterrole or role must be specified";
            return Err(Failure::error(text));
        }
    };
    let mut subjects = Vec::new();
    for (flag, kind) in [("user", "User"), ("group", "Group")] {
        let named = args.texts(flag);
        subjects.extend(named.map(|name| json!({"apiGroup": GROUP, "kind": kind, "name": name})));
    }
    for account in args.texts("serviceaccount") {
        let parts = account.split_once(':');
        let whole = parts.filter(|(namespace, name)| {
            !namespace.is_empty() && !name.is_empty() && !name.contains(':')
        });
        let Some((namespace, name)) = whole else {
            return Err(Failure::error("serviceaccount must be <namespace>:<name>"));
        };
        subjects.push(json!({"kind": "ServiceAccount", "name": name, "namespace": namespace}));
    }
    let own = if of_cluster { "ClusterRoleBinding" } else { "RoleBinding" };
    let mut object = json!({
        "apiVersion": VERSION, "kind": own, "metadata": {"name": name},
        "roleRef": {"apiGroup": GROUP, "kind": kind, "name": role},
    });
    if !subjects.is_empty() {
        object.put("subjects", subjects);
    }
    Ok(object)
}
