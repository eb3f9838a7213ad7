//! Which probes and lifecycle hooks are valid.
//!
//! Upstream: `validateProbe`, `validateLivenessProbe`, `validateHandler`, `validateLifecycle`.

use super::at::At;
use super::checks::Checks;
use crate::api::Tree;

/// The hooks and probes of a container.
pub(super) fn hooks_and_probes(checks: &mut Checks, container: &At, grace: i64) {
    for name in ["postStart", "preStop"] {
        if let Some(hook) = container.field("lifecycle").given(name) {
            handler(checks, &hook, grace);
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(each) = container.given(name) else { continue };
        probe(checks, &each);
        let (threshold, grace) =
            (each.field("successThreshold"), each.given("terminationGracePeriodSeconds"));
        match (name, grace) {
            ("readinessProbe", Some(grace)) => {
                checks.wrong(&grace, "must not be set for readinessProbes");
            }
            ("readinessProbe", None) => {}
            // One success must be enough.
            _ if threshold.number() == 1 => {}
            _ => checks.invalid(&threshold, &threshold.number().to_string(), "must be 1"),
        }
    }
}

fn probe(checks: &mut Checks, probe: &At) {
    handler(checks, probe, 0);
    let numbers = [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ];
    for name in numbers {
        checks.non_negative(&probe.field(name));
    }
    if let Some(grace) = probe.given("terminationGracePeriodSeconds")
        && grace.number() <= 0
    {
        checks.wrong(&grace, "must be greater than 0");
    }
}

/// A probe or a hook must have exactly one handler.
fn handler(checks: &mut Checks, owner: &At, grace: i64) {
    let mut count = 0;
    for name in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = owner.given(name) else { continue };
        count += 1;
        match name {
            _ if count > 1 => {
                checks.forbidden(&action, "may not specify more than 1 handler type");
            }
            "exec" if action.items("command").is_empty() => {
                checks.required(&action.field("command"));
            }
            "exec" => {}
            "httpGet" => http_get(checks, &action),
            "sleep" => sleep(checks, &action, grace),
            _ => checks.port(&action.field("port")),
        }
    }
    if count == 0 {
        checks.required_because(owner, "must specify a handler type");
    }
}

fn http_get(checks: &mut Checks, action: &At) {
    const HEADER: &str = "a valid HTTP header must consist of alphanumeric characters or '-' \
        (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
    checks.filled(&action.field("path"));
    checks.port(&action.field("port"));
    checks.one_of(&action.field("scheme"), &["HTTP", "HTTPS"]);
    let headers = action.field("httpHeaders");
    for header in headers.each() {
        let name = header.text("name");
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if name.is_empty() || !name.bytes().all(allowed) {
            checks.invalid_text(&headers, name, HEADER);
        }
    }
}

fn sleep(checks: &mut Checks, action: &At, grace: i64) {
    let seconds = action.int("seconds");
    if seconds < 0 || seconds > grace {
        let detail =
            format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        checks.invalid(action, &seconds.to_string(), &detail);
    }
}
