//! The descriptions of namespaces, of what configures pods, and of what limits a namespace.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describeNamespace,
//! describeSecret, ConfigMapDescriber, describeQuota, describeLimitRange, describeServiceAccount,
//! describePriorityClass.

use super::events;
use super::text::{Text, plain, time};
use super::view::View;
use crate::api::{Tree, base64};
use crate::print::labels;
use serde_json::Value;
use std::collections::BTreeSet;

/// Writes the description of a namespace.
pub fn namespace(view: &View, namespace: &Value, text: &mut Text) {
    let name = namespace.at("metadata").text("name");
    text.put(0, "Name", name);
    text.labels_and_annotations(namespace);
    text.put(0, "Status", namespace.at("status").text("phase"));
    let conditions = namespace.at("status").items("conditions");
    if !conditions.is_empty() {
        text.head(0, "Conditions");
        text.raw(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
        text.raw(1, "----\t------\t------------------\t------\t-------");
    }
    for condition in conditions {
        let (kind, status) = (condition.text("type"), condition.text("status"));
        let changed = time(condition.text("lastTransitionTime"));
        let (reason, message) = (condition.text("reason"), condition.text("message"));
        text.raw(1, format_args!("{kind}\t{status}\t{changed}\t{reason}\t{message}"));
    }
    let within = |resource: &str| {
        let mut all = view.all(resource);
        all.retain(|object| object.at("metadata").text("namespace") == name);
        all
    };
    text.raw(0, "");
    let quotas = within("resourcequotas");
    match quotas.is_empty() {
        true => text.raw(0, "No resource quota."),
        false => text.raw(0, "Resource Quotas"),
    }
    for quota in &quotas {
        text.put(1, "Name", quota.at("metadata").text("name"));
        amounts(quota, 1, "---", text);
    }
    text.raw(0, "");
    let ranges = within("limitranges");
    match ranges.is_empty() {
        true => text.raw(0, "No LimitRange resource."),
        false => {
            text.raw(0, "Resource Limits");
            range_header(" ", text);
        }
    }
    ranges.iter().for_each(|range| limits(range, " ", text));
}

/// What a quota allows and what is used of it.
fn amounts(quota: &Value, level: usize, dashes: &str, text: &mut Text) {
    let (spec, status) = (quota.at("spec"), quota.at("status"));
    let mut scopes: Vec<&str> = spec.texts("scopes").collect();
    scopes.sort_unstable();
    if !scopes.is_empty() {
        text.put(level, "Scopes", scopes.join(", "));
    }
    for scope in scopes {
        let help = scope_help(scope);
        let indent = if level == 0 { " " } else { "" };
        if !help.is_empty() {
            text.raw(level, format_args!("{indent}* {help}"));
        }
    }
    text.raw(level, "Resource\tUsed\tHard");
    text.raw(level, format_args!("--------\t{dashes}\t{dashes}"));
    for (name, hard) in status.members("hard") {
        let used = plain(status.at("used").at(name));
        let used = if used.is_empty() { "0".into() } else { used };
        text.raw(level, format_args!("{name}\t{used}\t{}", plain(hard)));
    }
}

fn scope_help(scope: &str) -> &'static str {
    match scope {
        "Terminating" => {
            "Matches all pods that have an active deadline. These pods have a limited lifespan on \
             a node before being actively terminated by the system."
        }
        "NotTerminating" => {
            "Matches all pods that do not have an active deadline. These pods usually include long \
             running pods whose container command is not expected to terminate."
        }
        "BestEffort" => {
            "Matches all pods that do not have resource requirements set. These pods have a best \
             effort quality of service."
        }
        "NotBestEffort" => {
            "Matches all pods that have at least one resource requirement set. These pods have a \
             burstable or guaranteed quality of service."
        }
        _ => "",
    }
}

/// Writes the description of a quota.
pub fn quota(_: &View, quota: &Value, text: &mut Text) {
    text.name(quota);
    amounts(quota, 0, "----", text);
}

fn range_header(indent: &str, text: &mut Text) {
    let titles =
        "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio";
    let dashes =
        "----\t--------\t---\t---\t---------------\t-------------\t-----------------------";
    text.raw(0, format_args!("{indent}{titles}"));
    text.raw(0, format_args!("{indent}{dashes}"));
}

/// Simplified: kubectl lists the resources of an item in no order; here they are sorted.
fn limits(range: &Value, indent: &str, text: &mut Text) {
    const FIELDS: [&str; 5] = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"];
    for item in range.at("spec").items("limits") {
        let names = FIELDS.iter().flat_map(|field| item.members(field).map(|(name, _)| name));
        for name in names.collect::<BTreeSet<_>>() {
            let own = |field: &&str| match item.at(field).set(name) {
                Some(quantity) => plain(quantity),
                None => "-".into(),
            };
            let cells: Vec<String> = FIELDS.iter().map(own).collect();
            let kind = item.text("type");
            text.raw(0, format_args!("{indent}{kind}\t{name}\t{}", cells.join("\t")));
        }
    }
}

/// Writes the description of a limit range.
pub fn limit_range(_: &View, range: &Value, text: &mut Text) {
    text.name(range);
    range_header("", text);
    limits(range, "", text);
}

/// Writes the description of a config map.
pub fn config_map(view: &View, map: &Value, text: &mut Text) {
    text.name(map);
    text.labels_and_annotations(map);
    text.raw(0, "\nData\n====");
    for (key, value) in map.members("data") {
        text.raw(0, format_args!("{key}:\n----\n{}\n", value.as_str().unwrap_or_default()));
    }
    text.raw(0, "\nBinaryData\n====");
    for (key, value) in map.members("binaryData") {
        text.raw(0, format_args!("{key}: {} bytes", size(value)));
    }
    text.raw(0, "");
    events::describe(view, map, "ConfigMap", text);
}

/// How many bytes a value in base64 has.
fn size(value: &Value) -> usize {
    base64::decode(value.as_str().unwrap_or_default()).map_or(0, |bytes| bytes.len())
}

/// Writes the description of a secret.
pub fn secret(_: &View, secret: &Value, text: &mut Text) {
    let kind = secret.text("type");
    text.name(secret);
    text.labels_and_annotations(secret);
    text.raw(0, "");
    text.put(0, "Type", kind);
    text.raw(0, "\nData\n====");
    for (key, value) in secret.members("data") {
        if key == "token" && kind == "kubernetes.io/service-account-token" {
            let bytes = base64::decode(value.as_str().unwrap_or_default()).unwrap_or_default();
            text.put(0, key, String::from_utf8_lossy(&bytes));
        } else {
            text.put(0, key, format_args!("{} bytes", size(value)));
        }
    }
}

/// Writes the description of a service account.
///
/// Simplified: no secrets hold tokens of service accounts any more.
pub fn service_account(view: &View, account: &Value, text: &mut Text) {
    text.name(account);
    text.labels_and_annotations(account);
    let secrets = account.items("imagePullSecrets");
    let title = "Image pull secrets:";
    if secrets.is_empty() {
        text.raw(0, format_args!("{title}\t<none>"));
    }
    for (at, secret) in secrets.iter().enumerate() {
        let title = if at == 0 { title } else { "                   " };
        text.raw(0, format_args!("{title}\t{}", secret.text("name")));
    }
    events::describe(view, account, "ServiceAccount", text);
}

/// Writes the description of a priority class.
pub fn priority_class(view: &View, class: &Value, text: &mut Text) {
    text.put(0, "Name", class.at("metadata").text("name"));
    text.put(0, "Value", class.int("value"));
    text.put(0, "GlobalDefault", class.flag("globalDefault"));
    text.put(0, "PreemptionPolicy", class.text("preemptionPolicy"));
    text.put(0, "Description", class.text("description"));
    text.put(0, "Annotations", labels(class.at("metadata").at("annotations")));
    events::describe(view, class, "PriorityClass", text);
}
