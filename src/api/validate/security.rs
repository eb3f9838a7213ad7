//! Which security contexts are valid.
//!
//! Upstream: `validatePodSpecSecurityContext`, `ValidateSecurityContext`.

use super::at::At;
use super::checks::Checks;
use crate::api::Tree;
use serde_json::Value;

/// The security context of a pod.
pub(super) fn pod(checks: &mut Checks, context: &At) {
    for field in ["fsGroup", "runAsUser", "runAsGroup"] {
        id(checks, &context.field(field));
    }
    for group in context.field("supplementalGroups").each() {
        id(checks, &group);
    }
    let policies = ["Always", "OnRootMismatch"];
    checks.one_of_if_set(&context.field("fsGroupChangePolicy"), &policies);
}

/// The security context of a container.
pub(super) fn container(checks: &mut Checks, context: &At) {
    id(checks, &context.field("runAsUser"));
    id(checks, &context.field("runAsGroup"));
    checks.one_of_if_set(&context.field("procMount"), &["Default", "Unmasked"]);
    if context.at("allowPrivilegeEscalation") != &Value::Bool(false) {
        return;
    }
    if context.flag("privileged") {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
        checks.invalid(context, &internal(context), detail);
    }
    if context.at("capabilities").texts("add").any(|capability| capability == "CAP_SYS_ADMIN") {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` \
                      CAP_SYS_ADMIN";
        checks.invalid(context, &internal(context), detail);
    }
}

fn id(checks: &mut Checks, id: &At) {
    if !(0..=i64::from(i32::MAX)).contains(&id.number()) {
        checks.wrong(id, "must be between 0 and 2147483647, inclusive");
    }
}

/// The struct as Go prints its internal form.
fn internal(context: &At) -> String {
    let capabilities = match context.set("capabilities") {
        Some(all) => format!(r#"{{"Add":{},"Drop":{}}}"#, all.at("add"), all.at("drop")),
        None => "null".into(),
    };
    let mut text = format!(r#"{{"Capabilities":{capabilities}"#);
    let fields = [
        ("Privileged", "privileged"),
        ("SELinuxOptions", "seLinuxOptions"),
        ("WindowsOptions", "windowsOptions"),
        ("RunAsUser", "runAsUser"),
        ("RunAsGroup", "runAsGroup"),
        ("RunAsNonRoot", "runAsNonRoot"),
        ("ReadOnlyRootFilesystem", "readOnlyRootFilesystem"),
        ("AllowPrivilegeEscalation", "allowPrivilegeEscalation"),
        ("ProcMount", "procMount"),
        ("SeccompProfile", "seccompProfile"),
        ("AppArmorProfile", "appArmorProfile"),
    ];
    for (name, field) in fields {
        text.push_str(&format!(r#","{name}":{}"#, context.at(field)));
    }
    text + "}"
}
