//! Which fields of a pod template the API server fills in.
//!
//! The result must be exact: a revision's hash is computed from it.
//! Upstream: `pkg/apis/core/v1/defaults.go`, `pkg/apis/core/v1/conversion.go`.

use super::defaults::fill;
use k8s_openapi::api::core::v1::{
    Container, EphemeralContainer, HTTPGetAction, Lifecycle, LifecycleHandler, ObjectFieldSelector,
    PodSpec, PodTemplateSpec, Probe, ResourceFieldSelector, Volume,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

const FILE_MODE: i32 = 0o644;

/// Defaults of a pod template.
pub fn pod_template(template: &mut PodTemplateSpec) {
    template.metadata.get_or_insert_default();
    pod_spec(template.spec.get_or_insert_default());
}

fn pod_spec(spec: &mut PodSpec) {
    fill(&mut spec.dns_policy, "ClusterFirst");
    fill(&mut spec.restart_policy, "Always");
    fill(&mut spec.scheduler_name, "default-scheduler");
    spec.termination_grace_period_seconds.get_or_insert(30);
    spec.security_context.get_or_insert_default();
    service_account(spec);
    let host_network = spec.host_network == Some(true);
    let containers = spec.init_containers.iter_mut().flatten().chain(&mut spec.containers);
    for each in containers {
        container(each, host_network);
    }
    for each in spec.ephemeral_containers.iter_mut().flatten() {
        ephemeral_container(each);
    }
    for each in spec.volumes.iter_mut().flatten() {
        volume(each);
    }
}

/// The old name of the field is kept alongside.
///
/// Upstream: `Convert_core_PodSpec_To_v1_PodSpec`.
fn service_account(spec: &mut PodSpec) {
    let name = [&spec.service_account_name, &spec.service_account]
        .into_iter()
        .flatten()
        .find(|name| !name.is_empty())
        .cloned();
    spec.service_account_name = name.clone();
    spec.service_account = name;
}

fn container(container: &mut Container, host_network: bool) {
    let image = container.image.clone().unwrap_or_default();
    fill(&mut container.image_pull_policy, pull_policy(&image));
    fill(&mut container.termination_message_path, "/dev/termination-log");
    fill(&mut container.termination_message_policy, "File");
    container.resources.get_or_insert_default();
    for port in container.ports.iter_mut().flatten() {
        fill(&mut port.protocol, "TCP");
        if host_network && port.host_port.unwrap_or_default() == 0 {
            port.host_port = Some(port.container_port).filter(|number| *number != 0);
        }
    }
    for source in container.env.iter_mut().flatten().filter_map(|env| env.value_from.as_mut()) {
        source.field_ref.iter_mut().for_each(field_ref);
        source.resource_field_ref.iter_mut().for_each(resource_field_ref);
        if let Some(file) = &mut source.file_key_ref {
            file.optional.get_or_insert(false);
        }
    }
    let probes = [
        &mut container.liveness_probe,
        &mut container.readiness_probe,
        &mut container.startup_probe,
    ];
    probes.into_iter().flatten().for_each(probe);
    container.lifecycle.iter_mut().for_each(lifecycle);
}

fn ephemeral_container(container: &mut EphemeralContainer) {
    let image = container.image.clone().unwrap_or_default();
    fill(&mut container.image_pull_policy, pull_policy(&image));
    fill(&mut container.termination_message_path, "/dev/termination-log");
    fill(&mut container.termination_message_policy, "File");
    container.resources.get_or_insert_default();
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
fn probe(probe: &mut Probe) {
    let numbers = [
        (&mut probe.timeout_seconds, 1),
        (&mut probe.period_seconds, 10),
        (&mut probe.success_threshold, 1),
        (&mut probe.failure_threshold, 3),
    ];
    for (field, default) in numbers {
        if field.unwrap_or_default() == 0 {
            *field = Some(default);
        }
    }
    probe.http_get.iter_mut().for_each(http_get);
    if let Some(grpc) = &mut probe.grpc {
        grpc.service.get_or_insert_default();
    }
}

fn lifecycle(lifecycle: &mut Lifecycle) {
    let handlers: [&mut Option<LifecycleHandler>; 2] =
        [&mut lifecycle.post_start, &mut lifecycle.pre_stop];
    let requests = handlers.into_iter().flatten().filter_map(|each| each.http_get.as_mut());
    requests.for_each(http_get);
}

fn http_get(action: &mut HTTPGetAction) {
    fill(&mut action.path, "/");
    fill(&mut action.scheme, "HTTP");
}

fn field_ref(selector: &mut ObjectFieldSelector) {
    fill(&mut selector.api_version, "v1");
}

fn resource_field_ref(selector: &mut ResourceFieldSelector) {
    selector.divisor.get_or_insert_with(|| Quantity("0".into()));
}

fn volume(volume: &mut Volume) {
    if has_no_source(volume) {
        volume.empty_dir.get_or_insert_default();
    }
    if let Some(source) = &mut volume.config_map {
        source.default_mode.get_or_insert(FILE_MODE);
    }
    if let Some(source) = &mut volume.secret {
        source.default_mode.get_or_insert(FILE_MODE);
    }
    if let Some(source) = &mut volume.host_path {
        source.type_.get_or_insert_default();
    }
    if let Some(source) = &mut volume.downward_api {
        source.default_mode.get_or_insert(FILE_MODE);
        for item in source.items.iter_mut().flatten() {
            item.field_ref.iter_mut().for_each(field_ref);
            item.resource_field_ref.iter_mut().for_each(resource_field_ref);
        }
    }
    if let Some(source) = &mut volume.projected {
        source.default_mode.get_or_insert(FILE_MODE);
        for part in source.sources.iter_mut().flatten() {
            for item in part.downward_api.iter_mut().flat_map(|api| api.items.iter_mut().flatten())
            {
                item.field_ref.iter_mut().for_each(field_ref);
                item.resource_field_ref.iter_mut().for_each(resource_field_ref);
            }
            if let Some(token) = &mut part.service_account_token {
                token.expiration_seconds.get_or_insert(3600);
            }
        }
    }
    if let Some(template) = volume.ephemeral.as_mut().and_then(|e| e.volume_claim_template.as_mut())
    {
        template.spec.volume_mode.get_or_insert_with(|| "Filesystem".into());
        template.spec.resources.get_or_insert_default();
    }
}

fn has_no_source(volume: &Volume) -> bool {
    *volume == Volume { name: volume.name.clone(), ..Volume::default() }
}
