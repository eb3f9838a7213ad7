//! Filling in a chart: its templates become manifests, hooks and notes.
//!
//! Upstream: `pkg/engine/engine.go`, `pkg/releaseutil/{manifest_sorter,kind_sorter}.go`.

mod data;
mod files;
mod sort;

use super::chart::Chart;
use super::ground::Failure;
use super::values::{self, Members};
use crate::api::{Resource, Tree};
use crate::template::{Dialect, Engine, Extra, MARKS, Set, Value};
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
    /// Versions of APIs that the command line adds.
    pub api_versions: Vec<String>,
    /// What the server serves, if one was asked.
    pub served: Option<Vec<Resource>>,
}

pub use sort::sorted;

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
    /// What Helm warns of.
    pub warnings: Vec<String>,
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
    let mut warnings = Vec::new();
    fill(chart, given, about, extra, &mut files, &mut warnings)?;
    let own = format!("{}/templates/NOTES.txt", chart.name());
    let notes = files.remove(&own).unwrap_or_default();
    files.retain(|name, _| !name.ends_with("NOTES.txt"));
    let mut rendered = sorted(&files)?;
    rendered.notes = notes;
    warnings.append(&mut rendered.warnings);
    rendered.warnings = warnings;
    Ok(rendered)
}

/// Fills in the templates of a chart and of those below it.
fn fill(
    chart: &Chart,
    given: &Members,
    about: &About,
    extra: &dyn Extra,
    out: &mut BTreeMap<String, String>,
    warnings: &mut Vec<String>,
) -> Result<(), Failure> {
    let mut jobs = Jobs { about, all: Vec::new(), warnings };
    jobs.collect(chart, chart.name(), given, true);
    let jobs = jobs.all;
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
            let mut engine = Engine::new(set.clone(), Dialect::Helm, extra);
            let text = engine.run(name, &Value::map(data)).map_err(|why| exec_error(&why.0))?;
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

/// What collects the templates of a chart and of those below it.
struct Jobs<'a> {
    about: &'a About,
    all: Vec<Job>,
    warnings: &'a mut Vec<String>,
}

impl Jobs<'_> {
    /// Collects the templates of a chart, and returns what it is filled in with.
    fn collect(&mut self, chart: &Chart, path: &str, given: &Members, is_root: bool) -> Value {
        let own = values::members(&Value::of_floats(&chart.values));
        let mut all = values::coalesced_of(chart.name(), given, &own, self.warnings);
        let global = all.get("global").cloned();
        let mut below = Members::new();
        for child in &chart.children {
            let mut given = all.get(child.name()).map(values::members).unwrap_or_default();
            let own = given.entry("global".into()).or_insert_with(|| Value::map::<String>([]));
            if let Some(global) = &global {
                let mut both = values::members(global);
                values::merge(&mut both, values::members(own));
                *own = Value::map(both);
            }
            let path = format!("{path}/charts/{}", child.name());
            let data = self.collect(child, &path, &given, false);
            all.insert(child.name().to_owned(), data.get("Values").unwrap_or_default());
            below.insert(child.name().to_owned(), data);
        }
        let is_library = chart.metadata.text("type").eq_ignore_ascii_case("library");
        let file = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        let own = chart.templates.iter();
        // Of a library there is only what others include.
        let own = own.filter(|(name, _)| !is_library || file(name).starts_with('_'));
        let templates = own.map(|(name, text)| (format!("{path}/{name}"), text.clone())).collect();
        let data = Value::map([
            ("Values", Value::map(all)),
            ("Chart", data::metadata(chart, is_root)),
            ("Release", data::release(self.about)),
            ("Capabilities", data::capabilities(self.about)),
            ("Files", Value::Object(Rc::new(files::FilesOf(chart.files.clone())))),
            ("Subcharts", Value::map(below)),
        ]);
        let folder = format!("{path}/templates");
        self.all.push(Job { folder, templates, data: data.clone() });
        data
    }
}

/// Upstream: `engine.go`, cleanupParseError: only the place and the last part stay.
fn parse_error(why: &str) -> Failure {
    let parts: Vec<&str> = why.split(": ").collect();
    match parts.as_slice() {
        [_, place, .., last] => Failure::new(format!("parse error at ({place}): {last}")),
        [_, last] => Failure::new(format!("parse error at ({last}): {last}")),
        _ => Failure::new(why),
    }
}

/// Upstream: `engine.go`, cleanupExecError: what `required` and `fail` say stands alone, with the
/// place in the template that was carried out first.
fn exec_error(why: &str) -> Failure {
    let Some((_, marked)) = why.split_once(MARKS.0) else { return Failure::new(why) };
    let told = marked.rsplit_once(MARKS.1).map_or(marked, |(told, _)| told);
    let place = why.split(": ").nth(1).unwrap_or_default();
    Failure::new(format!("execution error at ({place}): {told}"))
}

/// The place of a kind in the order of creation; unknown kinds follow by name.
pub fn rank(kind: &str) -> (usize, String) {
    match ORDER.iter().position(|own| *own == kind) {
        Some(at) => (at, String::new()),
        None => (ORDER.len(), kind.to_owned()),
    }
}
