//! Which probes and lifecycle hooks are valid.
//!
//! Upstream: `validateProbe`, `validateLivenessProbe`, `validateHandler`, `validateLifecycle`.

use super::super::names;
use super::{Checks, Path, items, text};
use k8s_openapi::api::core::v1::{
    ExecAction, GRPCAction, HTTPGetAction, Lifecycle, LifecycleHandler, Probe, SleepAction,
    TCPSocketAction,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

/// A liveness probe: one success must be enough.
pub(super) fn liveness(checks: &mut Checks, probe: Option<&Probe>, path: &Path) {
    self::probe(checks, probe, path);
    one_success(checks, probe, path);
}

/// A readiness probe: it has no grace period of its own.
pub(super) fn readiness(checks: &mut Checks, probe: Option<&Probe>, path: &Path) {
    self::probe(checks, probe, path);
    if let Some(seconds) = probe.and_then(|probe| probe.termination_grace_period_seconds) {
        let path = path.child("terminationGracePeriodSeconds");
        checks.invalid(&path, seconds, "must not be set for readinessProbes");
    }
}

/// A startup probe: one success must be enough.
pub(super) fn startup(checks: &mut Checks, probe: Option<&Probe>, path: &Path) {
    self::probe(checks, probe, path);
    one_success(checks, probe, path);
}

/// The hooks of a container.
pub(super) fn lifecycle(checks: &mut Checks, lifecycle: &Lifecycle, grace: i64, path: &Path) {
    if let Some(hook) = &lifecycle.post_start {
        handler(checks, Handlers::of_hook(hook), grace, &path.child("postStart"));
    }
    if let Some(hook) = &lifecycle.pre_stop {
        handler(checks, Handlers::of_hook(hook), grace, &path.child("preStop"));
    }
}

fn probe(checks: &mut Checks, probe: Option<&Probe>, path: &Path) {
    let Some(probe) = probe else { return };
    handler(checks, Handlers::of_probe(probe), 0, path);
    let numbers = [
        ("initialDelaySeconds", probe.initial_delay_seconds),
        ("timeoutSeconds", probe.timeout_seconds),
        ("periodSeconds", probe.period_seconds),
        ("successThreshold", probe.success_threshold),
        ("failureThreshold", probe.failure_threshold),
    ];
    for (name, value) in numbers {
        checks.non_negative(&path.child(name), value.unwrap_or_default());
    }
    if let Some(seconds) = probe.termination_grace_period_seconds.filter(|seconds| *seconds <= 0) {
        let path = path.child("terminationGracePeriodSeconds");
        checks.invalid(&path, seconds, "must be greater than 0");
    }
}

fn one_success(checks: &mut Checks, probe: Option<&Probe>, path: &Path) {
    let threshold = probe.map_or(1, |probe| probe.success_threshold.unwrap_or_default());
    if threshold != 1 {
        checks.invalid(&path.child("successThreshold"), threshold, "must be 1");
    }
}

/// The handlers that a probe or a hook may have, of which it must have exactly one.
struct Handlers<'a> {
    exec: Option<&'a ExecAction>,
    http_get: Option<&'a HTTPGetAction>,
    tcp_socket: Option<&'a TCPSocketAction>,
    grpc: Option<&'a GRPCAction>,
    sleep: Option<&'a SleepAction>,
}

impl<'a> Handlers<'a> {
    fn of_probe(probe: &'a Probe) -> Self {
        Self {
            exec: probe.exec.as_ref(),
            http_get: probe.http_get.as_ref(),
            tcp_socket: probe.tcp_socket.as_ref(),
            grpc: probe.grpc.as_ref(),
            sleep: None,
        }
    }

    fn of_hook(hook: &'a LifecycleHandler) -> Self {
        Self {
            exec: hook.exec.as_ref(),
            http_get: hook.http_get.as_ref(),
            tcp_socket: hook.tcp_socket.as_ref(),
            grpc: None,
            sleep: hook.sleep.as_ref(),
        }
    }
}

fn handler(checks: &mut Checks, handlers: Handlers, grace: i64, path: &Path) {
    let mut count = 0;
    let mut is_first = |checks: &mut Checks, name: &str| {
        count += 1;
        if count > 1 {
            let detail = "may not specify more than 1 handler type";
            checks.forbidden(&path.child(name), detail);
        }
        count == 1
    };
    if let Some(action) = handlers.exec
        && is_first(checks, "exec")
        && action.command.iter().flatten().next().is_none()
    {
        checks.required(&path.child("exec").child("command"));
    }
    if let Some(action) = handlers.http_get
        && is_first(checks, "httpGet")
    {
        http_get(checks, action, &path.child("httpGet"));
    }
    if let Some(action) = handlers.tcp_socket
        && is_first(checks, "tcpSocket")
    {
        port(checks, &action.port, &path.child("tcpSocket").child("port"));
    }
    if let Some(action) = handlers.grpc
        && is_first(checks, "grpc")
    {
        port(checks, &IntOrString::Int(action.port), &path.child("grpc").child("port"));
    }
    if let Some(action) = handlers.sleep
        && is_first(checks, "sleep")
    {
        sleep(checks, action, grace, &path.child("sleep"));
    }
    if count == 0 {
        checks.required_because(path, "must specify a handler type");
    }
}

fn http_get(checks: &mut Checks, action: &HTTPGetAction, path: &Path) {
    if text(&action.path).is_empty() {
        checks.required(&path.child("path"));
    }
    port(checks, &action.port, &path.child("port"));
    checks.one_of(&path.child("scheme"), text(&action.scheme), &["HTTP", "HTTPS"]);
    const HEADER: &str = "a valid HTTP header must consist of alphanumeric characters or '-' \
        (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
    for (_, header) in items(&action.http_headers, path) {
        let name = &header.name;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if name.is_empty() || !name.bytes().all(allowed) {
            checks.invalid_text(&path.child("httpHeaders"), name, HEADER);
        }
    }
}

/// A port's number or name.
pub(super) fn port(checks: &mut Checks, port: &IntOrString, path: &Path) {
    match port {
        IntOrString::Int(number) => {
            for detail in names::port_number((*number).into()) {
                checks.invalid(path, number, &detail);
            }
        }
        IntOrString::String(name) => checks.invalid_texts(path, name, names::port_name(name)),
    }
}

fn sleep(checks: &mut Checks, action: &SleepAction, grace: i64, path: &Path) {
    let seconds = action.seconds;
    if seconds < 0 || seconds > grace {
        let detail =
            format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        checks.invalid(path, seconds, &detail);
    }
}
