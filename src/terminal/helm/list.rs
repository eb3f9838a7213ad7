//! `helm list`, `helm history`, `helm env`.
//!
//! Upstream: `cmd/helm/{list,history,env}.go`, `pkg/action/list.go`.

use super::flags::{Args, check_words};
use super::ground::{Context, Done, Failure};
use super::release::{self, Release, long_time, short_time};
use super::table;
use crate::manifest::emit;
use crate::terminal::job::Progress;
use regex_lite::Regex;
use serde_json::{Value, json};

/// Runs `helm list`.
///
/// # Errors
/// A filter that is no regular expression.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 0, 0, "list [flags]")?;
    let mut all = latest(release::all(context.world));
    if !args.flag("all-namespaces") {
        all.retain(|it| it.namespace == args.namespace());
    }
    let is_shown = shown(args);
    all.retain(|it| {
        args.flag("all") || is_shown.iter().any(|status| it.status.starts_with(status))
    });
    if let Some(filter) = args.text("filter").filter(|it| !it.is_empty()) {
        let filter = Regex::new(filter)
            .map_err(|_| Failure::new(format!("error parsing regexp: `{filter}`")))?;
        all.retain(|it| filter.is_match(&it.name));
    }
    all.sort_by(|left, right| match args.flag("date") {
        true => left.last_deployed.cmp(&right.last_deployed),
        false => left.name.cmp(&right.name),
    });
    if args.flag("reverse") {
        all.reverse();
    }
    let number = |flag: &str| args.text(flag).and_then(|it| it.parse::<usize>().ok());
    let most = number("max").filter(|most| *most > 0).unwrap_or(256);
    let all: Vec<Release> =
        all.into_iter().skip(number("offset").unwrap_or(0)).take(most).collect();
    print(args, &all, context);
    Ok(Progress::Done(0))
}

/// The statuses that are listed, as beginnings.
fn shown(args: &Args) -> Vec<&'static str> {
    let flags = [
        ("deployed", "deployed"),
        ("failed", "failed"),
        ("pending", "pending"),
        ("superseded", "superseded"),
        ("uninstalled", "uninstalled"),
        ("uninstalling", "uninstalling"),
    ];
    let asked: Vec<&str> =
        flags.iter().filter(|(flag, _)| args.flag(flag)).map(|(_, status)| *status).collect();
    if asked.is_empty() { vec!["deployed", "failed"] } else { asked }
}

/// The last release of each name.
fn latest(all: Vec<Release>) -> Vec<Release> {
    let mut last: Vec<Release> = Vec::new();
    for own in all {
        match last.last_mut() {
            Some(before) if before.name == own.name && before.namespace == own.namespace => {
                *before = own;
            }
            _ => last.push(own),
        }
    }
    last
}

fn print(args: &Args, all: &[Release], context: &mut Context) {
    if args.flag("short") {
        let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
        match args.text("output") {
            Some("json") => context.out.line(&json!(names).to_string()),
            Some("yaml") => context.out.print(&emit::yaml(&json!(names))),
            _ => names.iter().for_each(|name| context.out.line(name)),
        }
        return;
    }
    let one = |it: &Release| {
        json!({
            "name": it.name, "namespace": it.namespace, "revision": it.version.to_string(),
            "updated": long_time(&it.last_deployed), "status": it.status,
            "chart": it.chart.title(), "app_version": it.chart.app_version(),
        })
    };
    let fields = ["name", "namespace", "revision", "updated", "status", "chart", "app_version"];
    match args.text("output") {
        Some("json") => context.out.line(&in_order(&fields, all.iter().map(one))),
        Some("yaml") => {
            let list: Vec<Value> = all.iter().map(one).collect();
            context.out.print(&emit::yaml(&json!(list)));
        }
        _ => {
            let head =
                ["NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION"];
            let head = (!args.flag("no-headers")).then_some(head.as_slice());
            let row = |it: &Release| {
                let updated = long_time(&it.last_deployed);
                let (title, version) = (it.chart.title(), it.chart.app_version());
                let (name, namespace) = (it.name.clone(), it.namespace.clone());
                vec![
                    name,
                    namespace,
                    it.version.to_string(),
                    updated,
                    it.status.clone(),
                    title,
                    version,
                ]
            };
            let rows: Vec<Vec<String>> = all.iter().map(row).collect();
            table::print(head, &rows, context.out);
        }
    }
}

/// Objects of JSON with their fields in the order of Go's structs.
fn in_order(fields: &[&str], objects: impl Iterator<Item = Value>) -> String {
    let each = objects.map(|object| {
        let own = fields.iter().map(|field| format!("\"{field}\":{}", object[*field]));
        format!("{{{}}}", own.collect::<Vec<_>>().join(","))
    });
    format!("[{}]", each.collect::<Vec<_>>().join(","))
}

/// Runs `helm history`.
///
/// # Errors
/// `release: not found`.
pub fn history(args: &Args, context: &mut Context) -> Done {
    check_words(args, 1, 1, "history RELEASE_NAME [flags]")?;
    let mut all = release::history(&args.words[0], args.namespace(), context.world);
    if all.is_empty() {
        return Err(Failure::new("release: not found"));
    }
    let most = args.text("max").and_then(|it| it.parse().ok()).unwrap_or(256);
    all.drain(..all.len().saturating_sub(most));
    let one = |it: &Release| {
        json!({
            "revision": it.version, "updated": it.last_deployed, "status": it.status,
            "chart": it.chart.title(), "app_version": it.chart.app_version(),
            "description": it.description,
        })
    };
    let fields = ["revision", "updated", "status", "chart", "app_version", "description"];
    match args.text("output") {
        Some("json") => context.out.line(&in_order(&fields, all.iter().map(one))),
        Some("yaml") => {
            let list: Vec<Value> = all.iter().map(one).collect();
            context.out.print(&emit::yaml(&json!(list)));
        }
        _ => {
            let head = ["REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"];
            let row = |it: &Release| {
                let updated = short_time(&it.last_deployed);
                let (title, version) = (it.chart.title(), it.chart.app_version());
                let number = it.version.to_string();
                vec![number, updated, it.status.clone(), title, version, it.description.clone()]
            };
            let rows: Vec<Vec<String>> = all.iter().map(row).collect();
            table::print(Some(&head), &rows, context.out);
        }
    }
    Ok(Progress::Done(0))
}

/// Runs `helm env`.
///
/// # Errors
/// Never.
pub fn env(context: &mut Context) -> Done {
    let home = "/home/user";
    for (name, value) in [
        ("HELM_BIN", "helm"),
        ("HELM_BURST_LIMIT", "100"),
        ("HELM_CACHE_HOME", &format!("{home}/.cache/helm")),
        ("HELM_CONFIG_HOME", &format!("{home}/.config/helm")),
        ("HELM_DATA_HOME", &format!("{home}/.local/share/helm")),
        ("HELM_DEBUG", "false"),
        ("HELM_MAX_HISTORY", "10"),
        ("HELM_NAMESPACE", "default"),
    ] {
        context.out.line(&format!("{name}={value:?}"));
    }
    Ok(Progress::Done(0))
}
