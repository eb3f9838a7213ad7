//! Which security contexts are valid.
//!
//! Upstream: `validatePodSpecSecurityContext`, `ValidateSecurityContext`.

use super::{Checks, Path};
use k8s_openapi::api::core::v1::{PodSpec, SecurityContext};
use serde_json::{Value, json};

const ID: &str = "must be between 0 and 2147483647, inclusive";

/// The security context of a pod.
pub(super) fn pod(checks: &mut Checks, pod: &PodSpec, path: &Path) {
    let Some(context) = &pod.security_context else { return };
    let path = path.child("securityContext");
    id(checks, context.fs_group, &path.child("fsGroup"));
    id(checks, context.run_as_user, &path.child("runAsUser"));
    id(checks, context.run_as_group, &path.child("runAsGroup"));
    for (path, group) in
        super::items(&context.supplemental_groups, &path.child("supplementalGroups"))
    {
        id(checks, Some(*group), &path);
    }
    if let Some(policy) = &context.fs_group_change_policy {
        checks.one_of(&path.child("fsGroupChangePolicy"), policy, &["Always", "OnRootMismatch"]);
    }
}

/// The security context of a container.
pub(super) fn container(checks: &mut Checks, context: &SecurityContext, path: &Path) {
    id(checks, context.run_as_user, &path.child("runAsUser"));
    id(checks, context.run_as_group, &path.child("runAsGroup"));
    if let Some(mount) = &context.proc_mount {
        checks.one_of(&path.child("procMount"), mount, &["Default", "Unmasked"]);
    }
    if context.allow_privilege_escalation != Some(false) {
        return;
    }
    if context.privileged == Some(true) {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
        checks.invalid(path, internal(context), detail);
    }
    let added = context.capabilities.iter().flat_map(|all| all.add.iter().flatten());
    if added.into_iter().any(|capability| capability == "CAP_SYS_ADMIN") {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` \
                      CAP_SYS_ADMIN";
        checks.invalid(path, internal(context), detail);
    }
}

fn id(checks: &mut Checks, id: Option<i64>, path: &Path) {
    if let Some(id) = id.filter(|id| !(0..=i64::from(i32::MAX)).contains(id)) {
        checks.invalid(path, id, ID);
    }
}

/// The struct as Go prints its internal form.
fn internal(context: &SecurityContext) -> String {
    let capabilities = context.capabilities.as_ref().map_or("null".into(), |all| {
        format!(r#"{{"Add":{},"Drop":{}}}"#, json!(all.add), json!(all.drop))
    });
    let fields: [(&str, Value); 11] = [
        ("Privileged", json!(context.privileged)),
        ("SELinuxOptions", json!(context.se_linux_options)),
        ("WindowsOptions", json!(context.windows_options)),
        ("RunAsUser", json!(context.run_as_user)),
        ("RunAsGroup", json!(context.run_as_group)),
        ("RunAsNonRoot", json!(context.run_as_non_root)),
        ("ReadOnlyRootFilesystem", json!(context.read_only_root_filesystem)),
        ("AllowPrivilegeEscalation", json!(context.allow_privilege_escalation)),
        ("ProcMount", json!(context.proc_mount)),
        ("SeccompProfile", json!(context.seccomp_profile)),
        ("AppArmorProfile", json!(context.app_armor_profile)),
    ];
    let rest = fields.iter().map(|(name, value)| format!(r#","{name}":{value}"#));
    format!(r#"{{"Capabilities":{capabilities}{}}}"#, rest.collect::<String>())
}
