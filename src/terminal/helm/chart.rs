//! Charts: the files of a folder, what they say, and `helm create`.
//!
//! Source: <https://helm.sh/docs/topics/charts/>; upstream: `pkg/chart/loader/`, `pkg/chart/metadata.go`.

use super::ground::Failure;
use crate::api::{Tree, base64};
use crate::manifest::read_yaml;
use crate::terminal::files::Files;
use serde_json::{Value, json};

/// How deep the folders of a chart are read.
const DEPTH: usize = 6;

/// A chart.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// `Chart.yaml`.
    pub metadata: Value,
    /// `values.yaml`, as it is written.
    pub values_text: String,
    /// `values.yaml`.
    pub values: Value,
    /// `values.schema.json`.
    pub schema: Option<String>,
    /// The files below `templates/`: path from the chart, text.
    pub templates: Vec<(String, String)>,
    /// Other files.
    pub files: Vec<(String, String)>,
    /// Charts below `charts/`.
    pub children: Vec<Chart>,
}

impl Chart {
    /// Its name.
    pub fn name(&self) -> &str {
        self.metadata.text("name")
    }

    /// Name and version, as lists show them.
    pub fn title(&self) -> String {
        format!("{}-{}", self.name(), self.metadata.text("version"))
    }

    /// The version of the application.
    pub fn app_version(&self) -> String {
        match self.metadata.at("appVersion") {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// As a release keeps it.
    pub fn json(&self) -> Value {
        let files = |all: &[(String, String)]| -> Value {
            let file = |(name, text): &(String, String)| json!({"name": name, "data": base64::encode(text.as_bytes())});
            all.iter().map(file).collect()
        };
        json!({
            "metadata": self.metadata,
            "lock": null,
            "templates": files(&self.templates),
            "values": self.values,
            "schema": self.schema.as_ref().map(|text| base64::encode(text.as_bytes())),
            "files": files(&self.files),
        })
    }

    /// What a release keeps of it.
    pub fn of_json(json: &Value) -> Self {
        let files = |field: &str| {
            let own = json.items(field).iter();
            own.map(|it| (it.text("name").to_owned(), decoded(it.text("data")))).collect()
        };
        Self {
            metadata: json.at("metadata").clone(),
            values: json.at("values").clone(),
            templates: files("templates"),
            files: files("files"),
            schema: json.opt_text("schema").map(decoded),
            ..Self::default()
        }
    }
}

fn decoded(text: &str) -> String {
    let bytes = base64::decode(text).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every file of a folder, by its path from there, sorted.
pub fn all_files(folder: &str, files: &dyn Files) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(folder, "", files, 0, &mut found);
    found.sort();
    found
}

fn collect(
    folder: &str,
    below: &str,
    files: &dyn Files,
    depth: usize,
    found: &mut Vec<(String, String)>,
) {
    for name in files.list(folder).unwrap_or_default() {
        let (path, own) = (format!("{folder}/{name}"), format!("{below}{name}"));
        match files.read(&path) {
            Some(text) => found.push((own, text)),
            None if depth < DEPTH => collect(&path, &format!("{own}/"), files, depth + 1, found),
            None => {}
        }
    }
}

/// Loads the chart of a folder.
///
/// # Errors
/// In Helm's words.
pub fn load(path: &str, files: &dyn Files) -> Result<Chart, Failure> {
    let folder = path.trim_end_matches('/');
    if files.list(folder).is_none() {
        if files.read(folder).is_some() {
            return Err(Failure::new(format!(
                "file '{path}' does not appear to be a gzipped archive; got 'text/plain; \
                 charset=utf-8'"
            )));
        }
        if path.starts_with('.') || path.starts_with('/') {
            return Err(Failure::new(format!("path {path:?} not found")));
        }
        if let Some((repository, _)) = path.split_once('/') {
            return Err(Failure::new(format!("repo {repository} not found")));
        }
        return Err(Failure::new(format!(
            "non-absolute URLs should be in form of repo_name/path_to_chart, got: {path}"
        )));
    }
    of_files(all_files(folder, files))
}

/// A chart of its files, by their paths from the chart's folder.
///
/// # Errors
/// As of [`load`].
pub fn of_files(all: Vec<(String, String)>) -> Result<Chart, Failure> {
    let mut chart = Chart::default();
    let mut below: Vec<(String, Vec<(String, String)>)> = Vec::new();
    let mut has_metadata = false;
    for (name, text) in all {
        match name.as_str() {
            "Chart.yaml" => {
                has_metadata = true;
                chart.metadata = read_yaml(&text)
                    .map_err(|why| Failure::new(format!("cannot load Chart.yaml: {why}")))?;
            }
            "values.yaml" => {
                chart.values = read_yaml(&text)
                    .map_err(|why| Failure::new(format!("cannot load values.yaml: {why}")))?;
                chart.values_text = text;
            }
            "values.schema.json" => chart.schema = Some(text),
            "Chart.lock" | ".helmignore" => {}
            name if name.starts_with("templates/") => chart.templates.push((name.into(), text)),
            name if name.starts_with("charts/") => {
                let Some((own, rest)) = name["charts/".len()..].split_once('/') else { continue };
                let file = (rest.to_owned(), text);
                match below.iter_mut().find(|(name, _)| name == own) {
                    Some((_, files)) => files.push(file),
                    None => below.push((own.to_owned(), vec![file])),
                }
            }
            _ => chart.files.push((name, text)),
        }
    }
    if !has_metadata {
        return Err(Failure::new("Chart.yaml file is missing"));
    }
    for (_, files) in below {
        chart.children.push(of_files(files)?);
    }
    check(&chart)?;
    let metadata = std::mem::take(&mut chart.metadata);
    chart.metadata = trimmed(metadata);
    Ok(chart)
}

/// The metadata as a release keeps them.
fn trimmed(mut metadata: Value) -> Value {
    if let Some(version) = metadata.set("version").filter(|it| !it.is_string()) {
        let text = version.to_string();
        metadata.put("version", text);
    }
    metadata
}

/// Upstream: `pkg/chart/metadata.go`, Validate.
fn check(chart: &Chart) -> Result<(), Failure> {
    let missing =
        |what: &str| Err(Failure::new(format!("validation: chart.metadata.{what} is required")));
    if chart.metadata.text("apiVersion").is_empty() {
        return missing("apiVersion");
    }
    if chart.name().is_empty() {
        return missing("name");
    }
    if chart.metadata.at("version").is_null() || chart.metadata.text("version").is_empty() {
        return missing("version");
    }
    if !matches!(chart.metadata.text("type"), "" | "application" | "library") {
        return Err(Failure::new("validation: chart.metadata.type must be application or library"));
    }
    Ok(())
}
