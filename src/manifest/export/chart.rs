//! A Helm chart in the style of `helm create`, which templates to the manifest itself.
//!
//! Names and labels are those of the manifest; what the form offers becomes a value.
//! Format: <https://helm.sh/docs/topics/charts/>.

use super::super::{Manifest, emit};
use super::values::{Place, Setting, settings, tree};
use super::{File, parts, text_of, title};
use crate::quote::shell::quoted_word;
use crate::quote::visible;
use serde_json::{Map, Value, json};
use std::ops::Range;

/// The files of the chart, below a folder of its name.
///
/// A `List` is taken apart: Helm wants a name of every object of a template.
pub fn chart(manifest: &Manifest) -> Vec<File> {
    if manifest.documents.iter().any(|document| document.is_item) {
        let objects = manifest.documents.iter().map(|document| emit::yaml(&document.value()));
        return chart(&Manifest::parse(&objects.collect::<Vec<_>>().join("---\n")));
    }
    let name = title(manifest);
    let (settings, places) = settings(manifest);
    let mut files = vec![
        File::new(format!("{name}/Chart.yaml"), about(&name, &settings)),
        File::new(format!("{name}/values.yaml"), values_file(&settings)),
        File::new(format!("{name}/values.schema.json"), schema_file(&settings)),
        File::new(format!("{name}/.helmignore"), IGNORED),
        File::new(format!("{name}/templates/_helpers.tpl"), HELPERS.replace("CHART", &name)),
        File::new(format!("{name}/templates/NOTES.txt"), notes(manifest)),
    ];
    for part in parts(manifest) {
        let text = templated(manifest, &part.range, &places);
        files.push(File::new(format!("{name}/templates/{}", part.file), text));
    }
    files
}

fn about(name: &str, settings: &[Setting]) -> String {
    let tag =
        settings.iter().find(|setting| setting.keys.ends_with(&["image".into(), "tag".into()]));
    let version = tag.map_or_else(|| Value::from("1.0.0"), |setting| setting.value.clone());
    format!(
        "apiVersion: v2\nname: {name}\ndescription: A StatefulSet and what belongs to it\n\
         type: application\n# Raise it whenever the chart changes.\nversion: 0.1.0\n\
         # The version of what it runs.\nappVersion: {}\n",
        emit::quoted(&version.as_str().unwrap_or("1.0.0").into())
    )
}

/// The text of a part, with templates in their places and nothing else that Helm would read.
fn templated(manifest: &Manifest, range: &Range<usize>, places: &[Place]) -> String {
    let whole = text_of(manifest, range);
    let start = range.end - whole.len();
    let mut text = String::new();
    let mut at = start;
    for place in
        places.iter().filter(|place| place.range.start >= start && place.range.end <= range.end)
    {
        if place.range.start < at {
            continue;
        }
        text += &escaped(&manifest.text[at..place.range.start]);
        text += &place.template;
        at = place.range.end;
    }
    text += &escaped(&manifest.text[at..range.end]);
    text
}

fn escaped(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn values_file(settings: &[Setting]) -> String {
    let mut text = String::from("# Default values.\n");
    let tree = tree(settings);
    write_values(&mut text, &tree, &mut Vec::new(), settings);
    if settings.is_empty() {
        text += "{}\n";
    }
    text
}

fn write_values(text: &mut String, tree: &Value, path: &mut Vec<String>, settings: &[Setting]) {
    let Value::Object(members) = tree else { return };
    let indent = "  ".repeat(path.len());
    for (key, value) in members {
        if path.is_empty() {
            text.push('\n');
        }
        path.push(key.clone());
        let about = settings.iter().find(|setting| setting.keys == *path).map_or("", |it| it.about);
        if !about.is_empty() {
            *text += &format!("{indent}# {about}\n");
        }
        let is_plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && emit::plain_or_quoted(key) == *key;
        let key = if is_plain { key.clone() } else { emit::quoted(&key.as_str().into()) };
        if value.is_object() {
            *text += &format!("{indent}{key}:\n");
            write_values(text, value, path, settings);
        } else {
            *text += &format!("{indent}{key}: {}\n", emit::quoted(value));
        }
        path.pop();
    }
}

fn schema_file(settings: &[Setting]) -> String {
    let mut schema = schema_of(&tree(settings), &mut Vec::new(), settings);
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = "Values".into();
    format!("{}\n", visible::json(&format!("{schema:#}")))
}

fn schema_of(tree: &Value, path: &mut Vec<String>, settings: &[Setting]) -> Value {
    let choices =
        settings.iter().find(|setting| setting.keys == *path).map_or(&[][..], |it| it.choices);
    match tree {
        Value::Object(members) => {
            let mut properties = Map::new();
            for (key, value) in members {
                path.push(key.clone());
                properties.insert(key.clone(), schema_of(value, path, settings));
                path.pop();
            }
            json!({"type": "object", "properties": properties})
        }
        Value::Number(number) if number.as_i64().is_some_and(|it| it < 0) => {
            json!({"type": "integer"})
        }
        Value::Number(_) => json!({"type": "integer", "minimum": 0}),
        _ if !choices.is_empty() => json!({"type": "string", "enum": choices}),
        _ if path.last().is_some_and(|key| key == "repository") => {
            json!({"type": "string", "minLength": 1})
        }
        // A quantity may be written as a number.
        _ if path.iter().any(|key| key == "resources" || key == "size") => {
            json!({"type": ["string", "number"]})
        }
        _ => json!({"type": "string"}),
    }
}

fn notes(manifest: &Manifest) -> String {
    let mut text =
        String::from("Release {{ .Release.Name }} is installed.\n\nSee its pods come:\n");
    for name in manifest.sets().iter().filter(|name| !name.is_empty()) {
        let namespace =
            manifest.documents.iter().find(|it| it.name == *name && it.kind == "StatefulSet");
        let namespace = namespace.and_then(|it| it.value().pointer("/metadata/namespace").cloned());
        let namespace = match namespace.as_ref().and_then(Value::as_str) {
            Some(own) => escaped(&quoted_word(&visible::line(own))),
            None => "{{ .Release.Namespace }}".into(),
        };
        let set = escaped(&quoted_word(&format!("statefulset/{}", visible::line(name))));
        text += &format!("\n  kubectl rollout status {set} --namespace {namespace}\n");
    }
    text += "\nDeleting the release keeps the claims, unless \
             persistentVolumeClaimRetentionPolicy says otherwise.\n";
    text
}

const IGNORED: &str = "\
# Patterns to ignore when building packages.
.DS_Store
.git/
.gitignore
*.swp
*.bak
*.tmp
*.orig
*~
.idea/
.vscode/
";

/// The helpers that `helm create` makes, for templates that are added later.
const HELPERS: &str = r#"{{/*
Expand the name of the chart.
*/}}
{{- define "CHART.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/*
A fully qualified name, at most 63 characters long, as some names of Kubernetes are.
*/}}
{{- define "CHART.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{/*
Chart name and version as the chart label has them.
*/}}
{{- define "CHART.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/*
Labels that all objects of a chart commonly have.
*/}}
{{- define "CHART.labels" -}}
helm.sh/chart: {{ include "CHART.chart" . }}
{{ include "CHART.selectorLabels" . }}
{{- if .Chart.AppVersion }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/*
Labels that select.
*/}}
{{- define "CHART.selectorLabels" -}}
app.kubernetes.io/name: {{ include "CHART.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
"#;
