//! `kubectl events`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/events/events.go`, `event_printer.go`.

use super::describe::interval;
use super::flags::Args;
use super::get::{self, Format};
use super::ground::{Context, Done};
use super::{order, select};
use crate::api::Resource;
use crate::api::{Tree, timestamp};
use crate::client::{Failure, discovery};
use crate::manifest::emit;
use crate::print::table::Columns;
use crate::terminal::job::{Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

const HEADER: [&str; 5] = ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let wanted = Wanted::of(args, context.world)?;
    let format = Format::of(args, context)?;
    let output = args.text("output").unwrap_or_default();
    if matches!(format, Format::Table { wide: true } | Format::Custom(_)) {
        return Err(Failure::error(format!(
            "unable to match a printer suitable for the output format \"{output}\", allowed formats \
             are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,\
             name,template,templatefile,yaml"
        )));
    }
    let mut printer = Printer {
        wanted,
        format,
        columns: Columns::default(),
        has_header: args.flag("no-headers"),
        seen: BTreeMap::new(),
    };
    if args.flag("watch") {
        return Ok(match printer.poll(context.world, context.out) {
            Some(status) => Progress::Done(status),
            None => Progress::Waiting(Box::new(printer)),
        });
    }
    let mut events = printer.wanted.events(context.world);
    if events.is_empty() {
        let text = match &printer.wanted.namespace {
            None => "No events found.".into(),
            Some(namespace) => format!("No events found in {namespace} namespace."),
        };
        context.out.error(&text);
        return Ok(Progress::Done(0));
    }
    order::sort(&mut events, &mut |left, right| time(left) < time(right));
    if !matches!(printer.format, Format::Table { .. }) {
        print_list(&printer.format, &events, context.out)?;
        return Ok(Progress::Done(0));
    }
    printer.print(&events, context.world.now(), context.out);
    Ok(Progress::Done(0))
}

/// When an event was last seen, as events are sorted; those without any time come first.
fn time(event: &Value) -> Option<(i64, String)> {
    let text = match (event.set("series"), event.text("lastTimestamp")) {
        (Some(series), _) => series.text("lastObservedTime"),
        (None, "") => event.text("eventTime"),
        (None, last) => last,
    };
    // Two micro-times may be the same to the millisecond.
    timestamp::parse(text).map(|millis| (millis, micros(text)))
}

/// The fraction of a second in a time, so that fractions compare.
fn micros(text: &str) -> String {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    format!("{:0<9}", fraction.trim_end_matches('Z'))
}

fn print_list(format: &Format, events: &[Rc<Value>], out: &mut Output) -> Result<(), Failure> {
    // A list has no name.
    if matches!(format, Format::Name) {
        return Ok(());
    }
    let items: Vec<&Value> = events.iter().map(Rc::as_ref).collect();
    let list = json!({
        "apiVersion": "v1",
        "items": items,
        "kind": "EventList",
        "metadata": {},
    });
    out.print(&get::print_value(format, &list)?);
    Ok(())
}

/// Which events are asked for.
#[derive(Clone)]
struct Wanted {
    /// The namespace; none for all.
    namespace: Option<String>,
    /// Their types; any if empty.
    types: Vec<String>,
    /// The object that they are about: kind, group and version, and name.
    about: Option<(Resource, String)>,
}

impl Wanted {
    fn of(args: &Args, world: &dyn World) -> Result<Self, Failure> {
        let types: Vec<String> = args
            .texts("types")
            .flat_map(|types| types.split(','))
            .filter(|kind| !kind.is_empty())
            .map(str::to_owned)
            .collect();
        let is_type = |kind: &&String| {
            kind.eq_ignore_ascii_case("Normal") || kind.eq_ignore_ascii_case("Warning")
        };
        if types.iter().any(|kind| !is_type(&kind)) {
            return Err(Failure::error("valid --types are Normal or Warning"));
        }
        let about = match args.text("for").filter(|text| !text.is_empty()) {
            Some(text) => Some(about(text, world)?).filter(|(_, name)| !name.is_empty()),
            None => None,
        };
        let is_everywhere = args.flag("all-namespaces");
        let namespace = (!is_everywhere).then(|| select::namespace(args).to_owned());
        Ok(Self { namespace, types, about })
    }

    fn events(&self, world: &dyn World) -> Vec<Rc<Value>> {
        let Some(resource) = Resource::named("events") else { return Vec::new() };
        let mut events = world.list(&resource);
        events.retain(|event| self.has(event));
        events
    }

    fn has(&self, event: &Value) -> bool {
        let involved = event.at("involvedObject");
        let is_about = self.about.as_ref().is_none_or(|(resource, name)| {
            involved.text("kind") == resource.kind
                && involved.text("name") == name
                && involved.text("apiVersion") == resource.api_version
        });
        let namespace = event.at("metadata").text("namespace");
        let kind = event.text("type");
        is_about
            && self.namespace.as_ref().is_none_or(|own| own == namespace)
            && (self.types.is_empty() || self.types.iter().any(|it| it.eq_ignore_ascii_case(kind)))
    }
}

fn about(text: &str, world: &dyn World) -> Result<(Resource, String), Failure> {
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [kind, name] => match discovery::named(world, kind) {
            Some(resource) => Ok((resource, (*name).to_owned())),
            None => {
                let text = format!("the server doesn't have a resource type \"{kind}\"");
                Err(Failure::Plain(text))
            }
        },
        [_] => Err(Failure::error("--for must be in resource/name form")),
        _ => {
            Err(Failure::error("arguments in resource/name form may not have more than one slash"))
        }
    }
}

/// Prints events: now, or one by one as they come.
#[derive(Clone)]
struct Printer {
    wanted: Wanted,
    format: Format,
    columns: Columns,
    has_header: bool,
    /// The versions that were printed, by UID.
    seen: BTreeMap<String, String>,
}

impl Printer {
    fn print(&mut self, events: &[Rc<Value>], now: i64, out: &mut Output) {
        let with_namespace = self.wanted.namespace.is_none();
        let mut rows: Vec<Vec<String>> = Vec::new();
        if !self.has_header {
            let namespace = with_namespace.then_some("NAMESPACE");
            rows.push(namespace.into_iter().chain(HEADER).map(str::to_owned).collect());
            self.has_header = true;
        }
        for event in events {
            let involved = event.at("involvedObject");
            let namespace = with_namespace.then(|| event.at("metadata").text("namespace").into());
            let cells = [
                interval(event, now),
                event.text("type").into(),
                event.text("reason").into(),
                format!("{}/{}", involved.text("kind"), involved.text("name")),
                event.text("message").trim().into(),
            ];
            rows.push(namespace.into_iter().chain(cells).collect());
        }
        out.print(&self.columns.lines(&rows));
    }
}

impl Job for Printer {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let mut events = self.wanted.events(world);
        let version = |event: &Value| event.at("metadata").text("resourceVersion").to_owned();
        events.retain(|event| {
            let uid = event.at("metadata").text("uid").to_owned();
            self.seen.insert(uid, version(event)).as_ref() != Some(&version(event))
        });
        // A watch tells changes in the order in which they were stored.
        events.sort_by_key(|event| version(event).parse::<u64>().unwrap_or_default());
        for event in events {
            match &self.format {
                Format::Table { .. } => self.print(&[event], world.now(), out),
                Format::Name => out.line(&format!("event/{}", event.at("metadata").text("name"))),
                Format::Json => out.print(&emit::json(&event)),
                format => match get::print_value(format, &event) {
                    Ok(text) => out.print(&text),
                    Err(failure) => {
                        out.error(&failure.text());
                        return Some(1);
                    }
                },
            }
        }
        None
    }
}
