//! `kubectl expose`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go`.

use super::flags::Args;
use super::generate;
use super::ground::{Context, Done};
use super::overrides;
use super::select::{self, Found};
use super::send::{self, DryRun, Mode, Printer};
use crate::api::Resource;
use crate::api::Tree;
use crate::client::Failure;
use crate::terminal::job::Progress;
use crate::terminal::world::Change;
use serde_json::{Map, Value, json};

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    let Some(resource) = Resource::named("services") else { return Err(Failure::Told) };
    let selection = select::select(args, &args.words, context)?;
    let mut failures = selection.errors.clone();
    for found in &selection.found {
        let made = service(args, found).and_then(|service| overrides::apply(args, service));
        let done = made.and_then(|service| {
            let name = service.at("metadata").text("name").to_owned();
            let object = match mode.dry_run {
                DryRun::Client => {
                    let mut service = service;
                    generate::place(args, &mut service);
                    generate::with_empty_fields(service)
                }
                _ => {
                    let target = (found.namespace(), name.as_str());
                    mode.send(&resource, target, Change::Create(service), context)?.object
                }
            };
            printer.done(&resource.object(&name), "exposed", &object, context);
            Ok(())
        });
        failures.extend(done.err());
    }
    printer.finish(context)?;
    Ok(Progress::Done(send::tell(&failures, context)))
}

/// The Service that exposes an object.
fn service(args: &Args, found: &Found) -> Result<Value, Failure> {
    let spec = found.object.at("spec");
    let selector = match found.resource.name {
        "pods" => found.object.at("metadata").at("labels").clone(),
        "services" => spec.at("selector").clone(),
        "deployments" | "replicasets" => spec.at("selector").at("matchLabels").clone(),
        "replicationcontrollers" => spec.at("selector").clone(),
        _ => {
            let kind = format!("{}.{}", found.resource.kind, found.resource.group());
            return Err(Failure::error(format!("cannot expose a {}", kind.trim_end_matches('.'))));
        }
    };
    let selector = match args.text("selector") {
        Some(text) => pairs(text),
        None => selector,
    };
    if selector.as_object().is_none_or(Map::is_empty) {
        return Err(Failure::error(
            "couldn't retrieve selectors via --selector flag or introspection: the pod has no \
             labels and cannot be exposed",
        ));
    }
    let mut own = json!({"ports": ports(args, found)?, "selector": selector});
    if let Some(kind) = args.text("type") {
        own.put("type", kind);
    }
    if let Some(address) = args.text("external-ip") {
        own.put("externalIPs", vec![address]);
    }
    if let Some(affinity) = args.text("session-affinity") {
        own.put("sessionAffinity", affinity);
    }
    if let Some(address) = args.text("cluster-ip") {
        own.put("clusterIP", address);
    }
    let name = args.text("name").unwrap_or_else(|| found.name());
    let mut meta = json!({"name": name, "namespace": found.namespace()});
    let labels = match args.text("labels") {
        Some(text) => pairs(text),
        None => found.object.at("metadata").at("labels").clone(),
    };
    if !labels.is_null() {
        meta.put("labels", labels);
    }
    Ok(json!({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": own}))
}

/// Pairs such as `a=b,c=d`.
fn pairs(text: &str) -> Value {
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    Value::Object(pairs.map(|(key, value)| (key.to_owned(), Value::from(value))).collect())
}

fn ports(args: &Args, found: &Found) -> Result<Vec<Value>, Failure> {
    let spec = found.object.at("spec");
    let containers = match found.resource.name {
        "pods" => spec.items("containers"),
        _ => spec.at("template").at("spec").items("containers"),
    };
    let mut known: Vec<String> = containers
        .iter()
        .flat_map(|container| container.items("ports"))
        .map(|port| port.int("containerPort").to_string())
        .collect();
    if found.resource.name == "services" {
        known = spec.items("ports").iter().map(|port| port.int("port").to_string()).collect();
    }
    let given = args.text("port").map_or(known.join(","), str::to_owned);
    if given.is_empty() {
        return Err(Failure::error("couldn't find port via --port flag or introspection"));
    }
    let texts: Vec<&str> = given.split(',').collect();
    let mut ports = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let number: i64 = text.parse().map_err(|_| {
            Failure::error(format!("strconv.Atoi: parsing \"{text}\": invalid syntax"))
        })?;
        let target = match args.text("target-port") {
            Some(target) => target.parse::<i64>().map_or_else(|_| target.into(), Value::from),
            None => number.into(),
        };
        let protocol = args.text("protocol").unwrap_or("TCP");
        let mut port = json!({"port": number, "protocol": protocol, "targetPort": target});
        if texts.len() > 1 {
            port.put("name", format!("port-{}", at + 1));
        }
        ports.push(port);
    }
    Ok(ports)
}
