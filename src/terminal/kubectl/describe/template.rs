//! The template of pods, in descriptions of what makes pods.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, DescribePodTemplate.

use super::containers::{self, Shown};
use super::text::Text;
use super::view::View;
use super::{pods, volumes};
use crate::api::Tree;
use serde_json::Value;

const INDENT: &str = "  ";

/// Writes a pod template.
pub fn describe(view: &View, template: &Value, text: &mut Text) {
    text.head(0, "Pod Template");
    if template.is_null() {
        text.raw(1, "<unset>");
        return;
    }
    let (meta, spec) = (template.at("metadata"), template.at("spec"));
    text.labels("", "  Labels", meta.at("labels"));
    if meta.members("annotations").next().is_some() {
        text.annotations("  Annotations", meta.at("annotations"));
    }
    text.put_set(1, "Service Account", spec.text("serviceAccountName"));
    let shown = Shown { view, pod: &Value::Null, statuses: &[], indent: INDENT };
    let init = spec.items("initContainers");
    if !init.is_empty() {
        containers::describe("Init Containers", init, &shown, text);
    }
    containers::describe("Containers", spec.items("containers"), &shown, text);
    volumes::describe(spec.items("volumes"), INDENT, text);
    pods::topology(spec, INDENT, text);
    text.put_set(1, "Priority Class Name", spec.text("priorityClassName"));
    text.labels("", "  Node-Selectors", spec.at("nodeSelector"));
    text.list("", "  Tolerations", &pods::tolerations(spec));
}
