//! `kubectl port-forward`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/portforward/portforward.go`.

use super::access::pod_of;
use super::delete;
use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found};
use crate::api::Tree;
use crate::client::{Failure, discovery};
use crate::terminal::job::{Job, Progress};
use crate::terminal::network::{Forwarding, Target};
use crate::terminal::output::Output;
use crate::terminal::world::World;
use serde_json::Value;

/// Runs `port-forward`: the ports are checked, and it waits.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn port_forward(args: &Args, context: &mut Context) -> Done {
    let [word, ports @ ..] = args.words.as_slice() else {
        return Err(Failure::usage(
            "port-forward",
            "TYPE/NAME and list of ports are required for port-forward",
        ));
    };
    if ports.is_empty() {
        return Err(Failure::usage(
            "port-forward",
            "TYPE/NAME and list of ports are required for port-forward",
        ));
    }
    let service = match word.split_once('/') {
        Some((kind, name)) => discovery::named(context.world, kind)
            .filter(|it| it.with_group() == "services")
            .map(|it| context.world.get(&it, select::namespace(args), name))
            .transpose()?,
        None => None,
    };
    let found = pod_of(args, word, context)?;
    let mut pairs = Vec::new();
    for port in ports {
        let (local, remote) = port.split_once(':').unwrap_or((port, port));
        let target = match &service {
            None => pod_port(&found.object, remote)?,
            Some(service) => service_port(service, &found.object, remote)?,
        };
        let local = match local {
            "" => "39231".to_owned(),
            local if local == remote && local.parse::<i64>().is_err() => target.to_string(),
            local => local.to_owned(),
        };
        pairs.push((local, target));
    }
    let phase = found.object.at("status").text("phase");
    if phase != "Running" {
        return Err(Failure::error(format!(
            "unable to forward port because pod is not running. Current status={phase}"
        )));
    }
    let network = context.files.network();
    let mut kept = Vec::new();
    for (local, port) in pairs {
        let (namespace, name) = (found.namespace().to_owned(), found.name().to_owned());
        let number = local.parse().unwrap_or_default();
        let Some(own) = network.forward(number, Target::Pod { namespace, name, port }) else {
            context.out.error(&format!(
                "Unable to listen on port {local}: Listeners failed to create with the following \
                 errors: [unable to create listener: Error listen tcp4 127.0.0.1:{local}: bind: \
                 address already in use unable to create listener: Error listen tcp6 \
                 [::1]:{local}: bind: address already in use]"
            ));
            continue;
        };
        kept.push(own);
        context.out.line(&format!("Forwarding from 127.0.0.1:{local} -> {port}"));
        context.out.line(&format!("Forwarding from [::1]:{local} -> {port}"));
    }
    if kept.is_empty() {
        return Err(Failure::error(format!(
            "unable to listen on any of the requested ports: [{}]",
            {
                let all = ports.iter().map(|port| format!("{{{}}}", port.replace(':', " ")));
                all.collect::<Vec<_>>().join(" ")
            }
        )));
    }
    Ok(Progress::Waiting(Box::new(Forward { found, _kept: kept })))
}

/// The port of a pod that a number or a name means.
fn pod_port(pod: &Value, wanted: &str) -> Result<i64, Failure> {
    if let Ok(number) = wanted.parse::<i64>() {
        return match number {
            0 => Err(Failure::error("remote port must be > 0")),
            number => Ok(number),
        };
    }
    let containers = pod.at("spec").items("containers").iter();
    let mut ports = containers.flat_map(|container| container.items("ports"));
    let port = ports.find(|port| port.text("name") == wanted).ok_or_else(|| {
        let name = pod.at("metadata").text("name");
        Failure::error(format!("Pod '{name}' does not have a named port '{wanted}'"))
    })?;
    Ok(port.int("containerPort"))
}

/// The port of a pod that a port of its Service leads to.
fn service_port(service: &Value, pod: &Value, wanted: &str) -> Result<i64, Failure> {
    let name = service.at("metadata").text("name");
    let number = wanted.parse::<i64>();
    let mut ports = service.at("spec").items("ports").iter();
    let port = ports.find(|port| match &number {
        Ok(number) => port.int("port") == *number,
        Err(_) => port.text("name") == wanted,
    });
    let Some(port) = port else {
        return Err(Failure::error(match number {
            Ok(number) => format!("Service {name} does not have a service port {number}"),
            Err(_) => format!("Service '{name}' does not have a named port '{wanted}'"),
        }));
    };
    match (port.opt_int("targetPort"), port.text("targetPort")) {
        (Some(target), _) => Ok(target),
        (None, "") => Ok(port.int("port")),
        (None, target) => pod_port(pod, target),
    }
}

#[derive(Clone)]
struct Forward {
    found: Found,
    _kept: Vec<Forwarding>,
}

impl Job for Forward {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        if delete::is_there(&self.found, world) {
            return None;
        }
        out.error("error: lost connection to pod");
        Some(1)
    }
}
