//! The events of an object, below its description.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, DescribeEvents;
//! `staging/src/k8s.io/kubectl/pkg/util/event/sorted_event_list.go`.

use super::text::Text;
use super::view::View;
use crate::api::{Tree, Version, timestamp};
use crate::print::since;
use crate::terminal::kubectl::order;
use serde_json::Value;
use std::rc::Rc;

/// Writes the events of an object, unless they are not to be shown. Those of pods are found by name
/// and UID alone.
pub fn describe(view: &View, object: &Value, kind: &str, text: &mut Text) {
    let uid = object.at("metadata").text("uid");
    describe_of(view, object, kind, &[uid], text);
}

/// Writes the events whose object has this name and one of these UIDs.
pub fn describe_of(view: &View, object: &Value, kind: &str, uids: &[&str], text: &mut Text) {
    if !view.with_events {
        return;
    }
    let mut events: Vec<Rc<Value>> = Vec::new();
    for uid in uids {
        let own = view.all("events").into_iter().filter(|event| is_of(event, object, kind, uid));
        events.extend(own);
    }
    print(view, events, text);
}

fn is_of(event: &Value, object: &Value, kind: &str, uid: &str) -> bool {
    let (meta, involved) = (object.at("metadata"), event.at("involvedObject"));
    involved.text("name") == meta.text("name")
        && involved.text("namespace") == meta.text("namespace")
        && involved.text("uid") == uid
        && (kind == "Pod" || involved.text("kind") == kind)
}

fn print(view: &View, mut events: Vec<Rc<Value>>, text: &mut Text) {
    if events.is_empty() {
        text.put(0, "Events", "<none>");
        return;
    }
    let last = |event: &Rc<Value>| timestamp::parse(event.text("lastTimestamp"));
    order::sort(&mut events, &mut |left, right| last(left) < last(right));
    text.head(0, "Events");
    text.raw(1, "Type\tReason\tAge\tFrom\tMessage");
    text.raw(1, "----\t------\t----\t----\t-------");
    for event in &events {
        let source = match event.at("source").text("component") {
            "" => event.text("reportingComponent"),
            component => component,
        };
        let message = event.text("message").trim();
        let message = match event.at("involvedObject").text("fieldPath") {
            path if !path.is_empty() && view.version >= Version::V1_35 => {
                format!("{path}: {message}")
            }
            _ => message.to_owned(),
        };
        let (kind, reason) = (event.text("type"), event.text("reason"));
        let seen = interval(event, view.now);
        text.raw(1, format_args!("{kind}\t{reason}\t{seen}\t{source}\t{message}"));
    }
}

/// When an event was seen, such as `12s` or `12s (x3 over 2m)`.
pub fn interval(event: &Value, now: i64) -> String {
    let first = match event.text("eventTime") {
        "" => since(event.text("firstTimestamp"), now),
        time => since(time, now),
    };
    if let Some(series) = event.set("series") {
        let last = since(series.text("lastObservedTime"), now);
        return format!("{last} (x{} over {first})", series.int("count"));
    }
    match event.int("count") {
        count if count > 1 => {
            format!("{} (x{count} over {first})", since(event.text("lastTimestamp"), now))
        }
        _ => first,
    }
}
