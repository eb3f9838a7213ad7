//! What an application answers to a probe, and in which words the prober tells of a failure.
//!
//! Simplified: the application is a stand-in. It serves the ports that its container declares, all
//! ports if it declares none: any HTTP path with 200, gRPC with SERVING; any command exits with 0.
//! A person can make what one probe asks fail.
//!
//! Upstream: `pkg/probe/{http,tcp,exec,grpc}`, `pkg/kubelet/prober/prober.go`.

use super::memory::Outcome;
use super::script::{Reply, ReplyContent};
use super::worker::{PodWorker, Process};
use crate::cluster::template::{Container, Hook, PortReference, ProbeHandler, ProbeKind};
use crate::cluster::time::{Millis, SECOND};
use std::net::Ipv4Addr;
use std::rc::Rc;

/// An answer and how long it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Time from the attempt to its outcome.
    pub took_ms: Millis,
    /// Whether somebody was there to be asked.
    pub reached: bool,
    /// The outcome.
    pub outcome: Outcome,
}

/// The name under which a [`Run`](super::script::Run) lists what a handler asks: `exec:<command>`,
/// `http:<port>`, `tcp:<port>` or `grpc:<port>`.
pub fn endpoint_name(handler: &ProbeHandler, port: i32) -> String {
    match handler {
        ProbeHandler::HttpGet { .. } => format!("http:{port}"),
        ProbeHandler::TcpSocket { .. } => format!("tcp:{port}"),
        ProbeHandler::Grpc { .. } => format!("grpc:{port}"),
        ProbeHandler::Exec { command } => format!("exec:{}", command.join(" ")),
    }
}

/// How long a hook of a container takes, and its failure. A stand-in answers at once and
/// well where the script says nothing else.
///
/// Upstream: `pkg/kubelet/lifecycle/handlers.go`, Run.
pub fn hook(
    worker: &PodWorker,
    container: usize,
    hook: Option<&Hook>,
    now: Millis,
) -> (Millis, Option<String>) {
    let spec = worker.spec(container);
    let handler = match hook {
        None => return (0, None),
        Some(Hook::Sleep(ms)) => return (*ms, None),
        Some(Hook::Ask(handler)) => handler,
    };
    let Ok(port) = port_of(spec, handler) else { return (0, Some(String::new())) };
    let Process::Running { started_at } = worker.containers[container].instance.process else {
        return (0, None);
    };
    let name = endpoint_name(handler, port);
    let replies = worker.run(container).endpoints.get(name.as_str());
    let age = now - started_at;
    let reply = replies.and_then(|all| all.iter().rfind(|reply| reply.since_ms <= age));
    let common = common_reply(spec, handler, port, worker.run(container).is_mute);
    let reply = reply.unwrap_or(&common);
    let command = match handler {
        ProbeHandler::Exec { command } => command.join(" "),
        _ => String::new(),
    };
    let pod = format!("{}_{}({})", worker.key.name, worker.key.namespace, worker.uid);
    let failure = match &reply.content {
        ReplyContent::Exit { code, output } if *code != 0 => Some(format!(
            "Exec lifecycle hook ([{command}]) for Container \"{}\" in Pod \"{pod}\" failed - \
             error: command '{command}' exited with {code}: , message: \"{output}\"",
            spec.name
        )),
        ReplyContent::Closed => {
            let path = match handler {
                ProbeHandler::HttpGet { path, .. } => path,
                _ => "",
            };
            Some(format!(
                "HTTP lifecycle hook ({path}) for Container \"{}\" in Pod \"{pod}\" failed - error: {}",
                spec.name,
                refused(handler, port, worker.pod_ip, SECOND)
            ))
        }
        _ => None,
    };
    (reply.took_ms, failure)
}

/// Asks a container what its probe asks.
pub fn ask(worker: &PodWorker, container: usize, kind: ProbeKind, now: Millis) -> Answer {
    let spec = worker.spec(container);
    let Some(probe) = spec.probe(kind) else { return at_once(Outcome::Success) };
    let handler = &probe.handler;
    let port = match port_of(spec, handler) {
        Ok(port) => port,
        Err(error) => return at_once(Outcome::Error(error.into())),
    };
    let record = &worker.containers[container];
    let Process::Running { started_at } = record.instance.process else {
        return at_once(ended(handler, port, worker.pod_ip)).unreached();
    };
    let name = endpoint_name(handler, port);
    let replies = worker.run(container).endpoints.get(name.as_str());
    let age = now - started_at;
    let scripted = replies.and_then(|all| all.iter().rfind(|reply| reply.since_ms <= age)).cloned();
    let is_silent = age < worker.run(container).silent_ms;
    let mut reply = scripted.unwrap_or_else(|| match is_silent {
        true => silent_reply(handler),
        false => common_reply(spec, handler, port, worker.run(container).is_mute),
    });
    let run = worker.run(container);
    let fails = age >= run.fails_from_ms && age < run.fails_from_ms + run.fails_for_ms;
    if fails || record.failing.contains(&kind) {
        reply = failing_reply(handler);
    }
    if reply.took_ms > probe.timeout_ms {
        let text = timeout_text(handler, port, worker.pod_ip, probe.timeout_ms);
        let outcome = Outcome::Failure(text.into());
        return Answer { took_ms: probe.timeout_ms, reached: true, outcome };
    }
    let closed_grpc =
        matches!(handler, ProbeHandler::Grpc { .. }) && reply.content == ReplyContent::Closed;
    let took_ms = if closed_grpc { probe.timeout_ms } else { reply.took_ms };
    let outcome = outcome(handler, port, worker.pod_ip, &reply.content, probe.timeout_ms);
    let reached = reply.content != ReplyContent::Closed;
    Answer { took_ms, reached, outcome }
}

fn at_once(outcome: Outcome) -> Answer {
    Answer { took_ms: 0, reached: true, outcome }
}

impl Answer {
    fn unreached(self) -> Self {
        Self { reached: false, ..self }
    }
}

/// The number of the port that is asked; 0 for a command.
///
/// Upstream: `pkg/probe/util.go`, ResolveContainerPort: a name that is not declared is read as a
/// number, which fails.
fn port_of(spec: &Container, handler: &ProbeHandler) -> Result<i32, String> {
    let reference = match handler {
        ProbeHandler::Exec { .. } => return Ok(0),
        ProbeHandler::Grpc { port, .. } => return Ok(*port),
        ProbeHandler::HttpGet { port, .. } | ProbeHandler::TcpSocket { port, .. } => port,
    };
    let port = match reference {
        PortReference::Number(port) => *port,
        PortReference::Name(name) => match spec.ports.iter().find(|port| port.name == *name) {
            Some(port) => port.port,
            None => name
                .parse()
                .map_err(|_| format!("strconv.Atoi: parsing \"{name}\": invalid syntax"))?,
        },
    };
    if (1..=65_535).contains(&port) {
        Ok(port)
    } else {
        Err(format!("invalid port number: {port}"))
    }
}

fn common_reply(spec: &Container, handler: &ProbeHandler, port: i32, is_mute: bool) -> Reply {
    let is_command = matches!(handler, ProbeHandler::Exec { .. });
    let declared = spec.ports.is_empty() || spec.ports.iter().any(|each| each.port == port);
    let listens = declared && !is_mute;
    let content = if is_command || listens { ReplyContent::Fine } else { ReplyContent::Closed };
    Reply { since_ms: 0, took_ms: 0, content }
}

/// What an application answers that is not up yet.
fn silent_reply(handler: &ProbeHandler) -> Reply {
    let content = match handler {
        ProbeHandler::Exec { .. } => ReplyContent::Exit { code: 1, output: "".into() },
        _ => ReplyContent::Closed,
    };
    Reply { since_ms: 0, took_ms: 0, content }
}

fn failing_reply(handler: &ProbeHandler) -> Reply {
    let content = match handler {
        ProbeHandler::HttpGet { .. } => ReplyContent::Status(503),
        ProbeHandler::TcpSocket { .. } => ReplyContent::Closed,
        ProbeHandler::Exec { .. } => ReplyContent::Exit { code: 1, output: "".into() },
        ProbeHandler::Grpc { .. } => ReplyContent::NotServing,
    };
    Reply { since_ms: 0, took_ms: 0, content }
}

fn outcome(
    handler: &ProbeHandler,
    port: i32,
    ip: Option<Ipv4Addr>,
    content: &ReplyContent,
    timeout_ms: Millis,
) -> Outcome {
    match content {
        ReplyContent::Fine | ReplyContent::Status(200..=399) => Outcome::Success,
        ReplyContent::Exit { code: 0, .. } => Outcome::Success,
        // Upstream: `pkg/probe/http/http.go`, RedirectChecker: only another host ends the journey.
        ReplyContent::Redirect(to) if to.contains("://") => {
            let text = format!("Probe terminated redirects, Response body: location:{to}");
            Outcome::Warning(text.into())
        }
        ReplyContent::Redirect(to) => {
            Outcome::Failure(format!("Get \"{to}\": stopped after 10 redirects").into())
        }
        ReplyContent::Status(status) => {
            Outcome::Failure(format!("HTTP probe failed with statuscode: {status}").into())
        }
        ReplyContent::Exit { output, .. } => Outcome::Failure(Rc::clone(output)),
        ReplyContent::NotServing => {
            Outcome::Failure("service unhealthy (responded with \"NOT_SERVING\")".into())
        }
        ReplyContent::Closed => Outcome::Failure(refused(handler, port, ip, timeout_ms).into()),
    }
}

/// What a probe of a process that is gone, without the kubelet's knowing yet, ends in.
fn ended(handler: &ProbeHandler, port: i32, ip: Option<Ipv4Addr>) -> Outcome {
    match handler {
        ProbeHandler::Exec { .. } => Outcome::Error(
            "rpc error: code = Unknown desc = container is in CONTAINER_EXITED state".into(),
        ),
        _ => Outcome::Failure(refused(handler, port, ip, SECOND).into()),
    }
}

fn address(host: &str, port: i32, ip: Option<Ipv4Addr>) -> String {
    match (host.is_empty(), ip) {
        (false, _) => format!("{host}:{port}"),
        (true, Some(ip)) => format!("{ip}:{port}"),
        (true, None) => format!(":{port}"),
    }
}

fn url(handler: &ProbeHandler, port: i32, ip: Option<Ipv4Addr>) -> String {
    let ProbeHandler::HttpGet { scheme, host, path, .. } = handler else { return String::new() };
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{}://{}{slash}{path}", scheme.to_ascii_lowercase(), address(host, port, ip))
}

fn refused(handler: &ProbeHandler, port: i32, ip: Option<Ipv4Addr>, timeout_ms: Millis) -> String {
    let host = match handler {
        ProbeHandler::HttpGet { host, .. } | ProbeHandler::TcpSocket { host, .. } => host,
        ProbeHandler::Exec { .. } | ProbeHandler::Grpc { .. } => "",
    };
    let address = address(host, port, ip);
    let dial = format!("dial tcp {address}: connect: connection refused");
    match handler {
        ProbeHandler::HttpGet { .. } => format!("Get \"{}\": {dial}", url(handler, port, ip)),
        ProbeHandler::Grpc { .. } => format!(
            "timeout: failed to connect service \"{address}\" within {}: context deadline exceeded",
            super::backoff::go_duration(timeout_ms)
        ),
        _ => dial,
    }
}

fn timeout_text(
    handler: &ProbeHandler,
    port: i32,
    ip: Option<Ipv4Addr>,
    timeout_ms: Millis,
) -> String {
    let timeout = super::backoff::go_duration(timeout_ms);
    match handler {
        ProbeHandler::HttpGet { .. } => format!(
            "Get \"{}\": context deadline exceeded \
             (Client.Timeout exceeded while awaiting headers)",
            url(handler, port, ip)
        ),
        ProbeHandler::TcpSocket { host, .. } => {
            format!("dial tcp {}: i/o timeout", address(host, port, ip))
        }
        ProbeHandler::Exec { command } => {
            format!("command timed out: \"{}\" timed out after {timeout}", command.join(" "))
        }
        ProbeHandler::Grpc { .. } => {
            format!("timeout: health rpc did not complete within {timeout}")
        }
    }
}
