//! Which fields of a pod template the API server fills in.
//!
//! The result must be exact: a revision's hash is computed from it.
//! Upstream: `pkg/apis/core/v1/defaults.go`, `pkg/apis/core/v1/conversion.go`.

use super::Tree;
use serde_json::Value;

const FILE_MODE: i64 = 0o644;

/// Defaults of a pod template.
pub fn pod_template(template: &mut Value) {
    template.open("metadata");
    pod_spec(template.open("spec"));
}

fn pod_spec(spec: &mut Value) {
    spec.fill("containers", Value::Array(Vec::new()));
    spec.fill_text("dnsPolicy", "ClusterFirst");
    spec.fill_text("restartPolicy", "Always");
    spec.fill_text("schedulerName", "default-scheduler");
    spec.fill("terminationGracePeriodSeconds", 30);
    spec.open("securityContext");
    service_account(spec);
    let host_network = spec.flag("hostNetwork");
    for list in ["initContainers", "containers"] {
        for each in spec.items_mut(list) {
            any_container(each);
            container(each, host_network);
        }
    }
    spec.items_mut("ephemeralContainers").iter_mut().for_each(any_container);
    spec.items_mut("volumes").iter_mut().for_each(volume);
}

/// The old name of the field is kept alongside.
///
/// Upstream: `Convert_core_PodSpec_To_v1_PodSpec`.
fn service_account(spec: &mut Value) {
    const FIELDS: [&str; 2] = ["serviceAccountName", "serviceAccount"];
    let name = FIELDS.into_iter().map(|field| spec.text(field)).find(|name| !name.is_empty());
    let name = name.map(String::from);
    for field in FIELDS {
        match &name {
            Some(name) => spec.put(field, name.as_str()),
            None => drop(spec.drop_field(field)),
        }
    }
}

fn any_container(container: &mut Value) {
    container.fill_text("imagePullPolicy", pull_policy(container.text("image")));
    container.fill_text("terminationMessagePath", "/dev/termination-log");
    container.fill_text("terminationMessagePolicy", "File");
    container.open("resources");
}

fn container(container: &mut Value, host_network: bool) {
    for port in container.items_mut("ports") {
        port.fill_text("protocol", "TCP");
        let number = port.int("containerPort");
        if host_network && port.int("hostPort") == 0 && number != 0 {
            port.put("hostPort", number);
        }
    }
    for source in container.items_mut("env").iter_mut().filter_map(|env| env.set_mut("valueFrom")) {
        field_refs(source);
        if let Some(file) = source.set_mut("fileKeyRef") {
            file.fill("optional", false);
        }
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(each) = container.set_mut(name) {
            probe(each);
        }
    }
    let Some(hooks) = container.set_mut("lifecycle") else { return };
    for name in ["postStart", "preStop"] {
        if let Some(hook) = hooks.set_mut(name) {
            http_get(hook);
        }
    }
}

/// `Always` for the tag `latest`, written or implied; a digest pins the image.
///
/// What is no image reference at all has no tag either, so it gets `IfNotPresent`.
fn pull_policy(image: &str) -> &'static str {
    let (name, digest) = image.split_once('@').unwrap_or((image, ""));
    let at = name.rfind('/').map_or(0, |slash| slash + 1);
    let (repository, tag) = match name[at..].split_once(':') {
        Some((last, tag)) => (&name[..at + last.len()], Some(tag)),
        None => (name, None),
    };
    match tag {
        _ if !is_repository(repository) => "IfNotPresent",
        Some("latest") => "Always",
        None if digest.is_empty() => "Always",
        _ => "IfNotPresent",
    }
}

/// Upstream: `github.com/distribution/reference`, `regexp.go`.
fn is_repository(name: &str) -> bool {
    let is_host = |part: &str| part == "localhost" || part.contains(['.', ':']);
    let path = match name.split_once('/') {
        Some((host, rest)) if is_host(host) => rest,
        _ => name,
    };
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    path.split('/').all(|part| {
        let bytes = part.as_bytes();
        bytes.iter().all(|byte| alphanumeric(byte) || b"._-".contains(byte))
            && bytes.first().is_some_and(alphanumeric)
            && bytes.last().is_some_and(alphanumeric)
    })
}

/// Simplified: a probe's grace period that is absent stays absent, as the server leaves it.
fn probe(probe: &mut Value) {
    let defaults = [
        ("timeoutSeconds", 1),
        ("periodSeconds", 10),
        ("successThreshold", 1),
        ("failureThreshold", 3),
    ];
    for (field, default) in defaults {
        if probe.int(field) == 0 {
            probe.put(field, default);
        }
    }
    http_get(probe);
    if let Some(grpc) = probe.set_mut("grpc") {
        grpc.fill("service", "");
    }
}

/// The request of a probe or a hook.
fn http_get(handler: &mut Value) {
    if let Some(action) = handler.set_mut("httpGet") {
        action.fill_text("path", "/");
        action.fill_text("scheme", "HTTP");
    }
}

/// What a variable or a file takes from the pod itself.
fn field_refs(source: &mut Value) {
    if let Some(selector) = source.set_mut("fieldRef") {
        selector.fill_text("apiVersion", "v1");
    }
    if let Some(selector) = source.set_mut("resourceFieldRef") {
        selector.fill("divisor", "0");
    }
}

fn volume(volume: &mut Value) {
    let has_source =
        volume.as_object().is_some_and(|members| members.keys().any(|field| field != "name"));
    if !has_source {
        volume.open("emptyDir");
    }
    for name in ["configMap", "secret", "downwardAPI", "projected"] {
        if let Some(source) = volume.set_mut(name) {
            source.fill("defaultMode", FILE_MODE);
        }
    }
    if let Some(source) = volume.set_mut("hostPath") {
        source.fill("type", "");
    }
    if let Some(source) = volume.set_mut("downwardAPI") {
        source.items_mut("items").iter_mut().for_each(field_refs);
    }
    if let Some(source) = volume.set_mut("projected") {
        for part in source.items_mut("sources") {
            if let Some(source) = part.set_mut("downwardAPI") {
                source.items_mut("items").iter_mut().for_each(field_refs);
            }
            if let Some(token) = part.set_mut("serviceAccountToken") {
                token.fill("expirationSeconds", 3600);
            }
        }
    }
    let ephemeral = volume.set_mut("ephemeral");
    if let Some(template) = ephemeral.and_then(|source| source.set_mut("volumeClaimTemplate")) {
        claim_spec(template.open("spec"));
    }
}

/// Defaults of what a claim asks for, also of one that a pod brings along.
pub(super) fn claim_spec(spec: &mut Value) {
    spec.open("resources");
    spec.fill("volumeMode", "Filesystem");
}
