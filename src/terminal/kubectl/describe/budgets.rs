//! The description of a PodDisruptionBudget.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describePodDisruptionBudgetV1.

use super::events;
use super::text::{Text, plain, selector_or_none};
use super::view::View;
use crate::api::Tree;
use serde_json::Value;

/// Writes the description of a budget.
pub fn describe(view: &View, budget: &Value, text: &mut Text) {
    let (spec, status) = (budget.at("spec"), budget.at("status"));
    text.name(budget);
    if let Some(least) = spec.set("minAvailable") {
        text.put(0, "Min available", plain(least));
    } else if let Some(most) = spec.set("maxUnavailable") {
        text.put(0, "Max unavailable", plain(most));
    }
    let selector = spec.set("selector").map_or("<unset>".into(), selector_or_none);
    text.put(0, "Selector", selector);
    text.head(0, "Status");
    for (title, field) in [
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ] {
        text.put(2, title, status.int(field));
    }
    events::describe(view, budget, "PodDisruptionBudget", text);
}
