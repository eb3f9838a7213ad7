//! The cells of an event.
//!
//! Upstream: `pkg/printers/internalversion/printers.go`, printEvent.

use super::cell::Cell;
use crate::api::{Kubernetes, Tree};
use serde_json::Value;

pub fn cells(event: &Value, _: Kubernetes) -> Vec<Cell> {
    let object = event.at("involvedObject");
    let first = match event.text("firstTimestamp") {
        "" => event.text("eventTime"),
        first => first,
    };
    let last = last_seen(event);
    let count = match event.set("series") {
        Some(series) => series.int("count"),
        None => event.int("count"),
    };
    let count = if count == 0 { 1 } else { count };
    vec![
        Cell::since(last),
        event.text("type").into(),
        event.text("reason").into(),
        format!("{}/{}", object.text("kind").to_lowercase(), object.text("name")).into(),
        object.text("fieldPath").into(),
        source(event).into(),
        event.text("message").trim().into(),
        Cell::since(first),
        count.into(),
        event.at("metadata").text("name").into(),
    ]
}

/// When the event was last seen.
fn last_seen(event: &Value) -> &str {
    if let Some(series) = event.set("series") {
        return series.text("lastObservedTime");
    }
    match event.text("lastTimestamp") {
        "" => match event.text("firstTimestamp") {
            "" => event.text("eventTime"),
            first => first,
        },
        last => last,
    }
}

/// Who reports it, such as `kubelet, minikube`.
fn source(event: &Value) -> String {
    let source = event.at("source");
    let (component, host) = match source.text("component") {
        "" => (event.text("reportingComponent"), event.text("reportingInstance")),
        component => (component, source.text("host")),
    };
    match host {
        "" => component.into(),
        host => format!("{component}, {host}"),
    }
}
