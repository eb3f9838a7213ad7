//! Filling in a chart: its templates become manifests, hooks and notes.
//!
//! Upstream: `pkg/engine/engine.go`, `pkg/releaseutil/{manifest_sorter,kind_sorter}.go`.

mod data;

use super::Failure;
use super::chart::Chart;
use super::values::{self, Members};
use crate::api::Tree;
use crate::manifest::read_yaml;
use crate::template::{Dialect, Extra, Machine, Set, Value};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The order in which kinds are created. Kinds that do not stand here come last.
const ORDER: [&str; 36] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
];

/// What a release is called, and what is done to it.
#[derive(Clone, Debug)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Its number.
    pub revision: i64,
    /// Whether it is there already.
    pub is_upgrade: bool,
    /// The version of Kubernetes, such as `v1.36.0`.
    pub kubernetes: String,
}

/// A manifest of one object.
#[derive(Clone, Debug)]
pub struct Part {
    /// The template that it comes from.
    pub source: String,
    /// Its text.
    pub text: String,
    /// The object.
    pub object: Json,
}

impl Part {
    fn annotation(&self, name: &str) -> &str {
        self.object.at("metadata").at("annotations").text(name)
    }

    /// When it runs as a hook; empty if it is none.
    pub fn events(&self) -> Vec<&str> {
        let all = self.annotation("helm.sh/hook").split(',').map(str::trim);
        all.filter(|event| !event.is_empty()).collect()
    }

    /// Its weight among hooks.
    pub fn weight(&self) -> i64 {
        self.annotation("helm.sh/hook-weight").parse().unwrap_or(0)
    }

    /// As it is printed.
    pub fn print(&self) -> String {
        format!("---\n# Source: {}\n{}\n", self.source, self.text)
    }
}

/// What a chart became.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// Objects in the order in which they are created.
    pub parts: Vec<Part>,
    /// Hooks in the order of their weights.
    pub hooks: Vec<Part>,
    /// `NOTES.txt`.
    pub notes: String,
}

impl Rendered {
    /// The manifests as one text.
    pub fn manifest(&self) -> String {
        self.parts.iter().map(Part::print).collect()
    }
}

/// Fills in a chart.
///
/// # Errors
/// In Helm's words.
pub fn render(
    chart: &Chart,
    given: &Members,
    about: &About,
    extra: &dyn Extra,
) -> Result<Rendered, Failure> {
    let mut files = BTreeMap::new();
    fill(chart, given, about, extra, &mut files)?;
    let own = format!("{}/templates/NOTES.txt", chart.name());
    let notes = files.remove(&own).unwrap_or_default();
    files.retain(|name, _| !name.ends_with("NOTES.txt"));
    let mut rendered = sorted(&files)?;
    rendered.notes = notes;
    Ok(rendered)
}

/// Fills in the templates of a chart and of those below it.
fn fill(
    chart: &Chart,
    given: &Members,
    about: &About,
    extra: &dyn Extra,
    out: &mut BTreeMap<String, String>,
) -> Result<(), Failure> {
    let mut jobs = Vec::new();
    jobs_of(chart, chart.name(), given, about, true, &mut jobs);
    let mut set = Set::default();
    // Those with longer paths come first, so that a chart may redefine what one below it defines.
    let mut texts: Vec<(&String, &String)> =
        jobs.iter().flat_map(|job| job.templates.iter().map(|(name, text)| (name, text))).collect();
    texts.sort_by(|(left, _), (right, _)| {
        let depth = |name: &str| name.split('/').count();
        depth(right).cmp(&depth(left)).then_with(|| right.cmp(left))
    });
    for (name, text) in texts {
        set.add(name, text, Dialect::Helm).map_err(|why| parse_error(&why))?;
    }
    for job in &jobs {
        for (name, _) in &job.templates {
            let file = name.rsplit('/').next().unwrap_or(name);
            if file.starts_with('_') {
                continue;
            }
            let template = Value::map([
                ("Name", name.as_str().into()),
                ("BasePath", job.folder.as_str().into()),
            ]);
            let mut data = values::members(&job.data);
            data.insert("Template".into(), template);
            let mut machine = Machine::new(set.clone(), Dialect::Helm, extra);
            let text = machine.run(name, &Value::map(data)).map_err(|why| exec_error(&why.0))?;
            out.insert(name.clone(), text.replace("<no value>", ""));
        }
    }
    Ok(())
}

/// The templates of a chart with what they are filled in with.
struct Job {
    folder: String,
    templates: Vec<(String, String)>,
    data: Value,
}

fn jobs_of(
    chart: &Chart,
    path: &str,
    given: &Members,
    about: &About,
    is_root: bool,
    jobs: &mut Vec<Job>,
) {
    let own = values::members(&Value::of_floats(&chart.values));
    let all = values::coalesced(given, &own);
    let global = all.get("global").cloned();
    for child in &chart.children {
        let mut below = all.get(child.name()).map(values::members).unwrap_or_default();
        if let Some(global) = &global {
            below.entry("global".into()).or_insert_with(|| global.clone());
        }
        let path = format!("{path}/charts/{}", child.name());
        jobs_of(child, &path, &below, about, false, jobs);
    }
    let templates: Vec<(String, String)> = chart
        .templates
        .iter()
        .map(|(name, text)| (format!("{path}/{name}"), text.clone()))
        .collect();
    let data = Value::map([
        ("Values", Value::map(all)),
        ("Chart", data::metadata(chart, is_root)),
        ("Release", data::release(about)),
        ("Capabilities", data::capabilities(about)),
        ("Files", Value::Object(Rc::new(data::FilesOf(chart.files.clone())))),
        ("Subcharts", Value::map::<String>([])),
    ]);
    jobs.push(Job { folder: format!("{path}/templates"), templates, data });
}

/// Upstream: `engine.go`, cleanupParseError.
fn parse_error(why: &str) -> Failure {
    let parts: Vec<&str> = why.splitn(4, ':').collect();
    match parts.as_slice() {
        ["template", name, line, rest] => {
            Failure::new(format!("parse error at ({}:{line}):{rest}", name.trim()))
        }
        _ => Failure::new(why),
    }
}

/// Upstream: `engine.go`, cleanupExecError: what `required` and `fail` say stands alone.
fn exec_error(why: &str) -> Failure {
    for name in ["required", "fail"] {
        let mark = format!("error calling {name}: ");
        let Some((before, told)) = why.split_once(&mark) else { continue };
        let Some(at) = before.rfind("template: ") else { continue };
        let mut place = before[at + "template: ".len()..].splitn(4, ':');
        let (Some(name), Some(line), Some(column)) = (place.next(), place.next(), place.next())
        else {
            continue;
        };
        return Failure::new(format!("execution error at ({name}:{line}:{column}): {told}"));
    }
    Failure::new(why)
}

/// The documents of a text: what stands between lines that begin with three dashes.
fn documents(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for line in text.trim().lines() {
        match line.strip_prefix("---") {
            Some(rest) => all.push(rest.trim_start().to_owned()),
            None => {
                if let Some(last) = all.last_mut() {
                    if !last.is_empty() {
                        last.push('\n');
                    }
                    last.push_str(line);
                }
            }
        }
    }
    let trimmed = all.into_iter().map(|it| it.trim().to_owned());
    trimmed.filter(|it| !it.is_empty()).collect()
}

/// The objects of files in the order in which they are created, and the hooks among them.
///
/// # Errors
/// `YAML parse error on …`.
pub fn sorted(files: &BTreeMap<String, String>) -> Result<Rendered, Failure> {
    let mut rendered = Rendered::default();
    for (source, text) in files {
        for text in documents(text) {
            let object = read_yaml(&text)
                .map_err(|why| Failure::new(format!("YAML parse error on {source}: {why}")))?;
            if object.is_null() {
                continue;
            }
            let part = Part { source: source.clone(), text, object };
            match part.events().is_empty() {
                true => rendered.parts.push(part),
                false => rendered.hooks.push(part),
            }
        }
    }
    rendered.parts.sort_by_key(|part| rank(part.object.text("kind")));
    rendered.hooks.sort_by_key(|part| rank(part.object.text("kind")));
    rendered.hooks.sort_by_key(Part::weight);
    Ok(rendered)
}

/// The place of a kind in the order of creation; unknown kinds follow by name.
pub fn rank(kind: &str) -> (usize, String) {
    match ORDER.iter().position(|own| *own == kind) {
        Some(at) => (at, String::new()),
        None => (ORDER.len(), kind.to_owned()),
    }
}
