//! A pod template as the simulator runs it: containers, probes, resources, volumes.

use super::meta::{Labels, Shared};
use super::time::{Millis, SECOND, seconds};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Which of a container's probes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum ProbeKind {
    Startup,
    Liveness,
    Readiness,
}

impl ProbeKind {
    /// The probe as event messages name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Startup => "Startup",
            Self::Liveness => "Liveness",
            Self::Readiness => "Readiness",
        }
    }
}

/// A port by number or by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PortReference {
    Number(i32),
    Name(Rc<str>),
}

/// How a probe asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeHandler {
    HttpGet { scheme: Rc<str>, host: Rc<str>, path: Rc<str>, port: PortReference },
    TcpSocket { host: Rc<str>, port: PortReference },
    Exec { command: Rc<[String]> },
    Grpc { port: i32, service: Rc<str> },
}

/// A probe with its defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// How it asks.
    pub handler: ProbeHandler,
    /// Time after the container's start before the first attempt counts.
    pub initial_delay_ms: Millis,
    /// Time between attempts.
    pub period_ms: Millis,
    /// How long an attempt may take.
    pub timeout_ms: Millis,
    /// Successes in a row that make a success.
    pub success_threshold: u32,
    /// Failures in a row that make a failure.
    pub failure_threshold: u32,
    /// Grace period of a kill by this probe; `None`: that of the pod.
    pub termination_grace_ms: Option<Millis>,
}

/// A port that a container declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerPort {
    /// Name; empty if none.
    pub name: Rc<str>,
    /// Number.
    pub port: i32,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: Rc<str>,
}

/// A volume mounted into a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Name of the pod's volume.
    pub volume: Rc<str>,
    /// Where it appears.
    pub path: Rc<str>,
}

/// A container.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Name.
    pub name: Rc<str>,
    /// Image reference.
    pub image: Rc<str>,
    /// `Always`, `IfNotPresent` or `Never`.
    pub image_pull_policy: Rc<str>,
    /// Declared ports.
    pub ports: Vec<ContainerPort>,
    /// Mounts.
    pub mounts: Vec<Mount>,
    /// Probes.
    pub startup: Option<Probe>,
    pub liveness: Option<Probe>,
    pub readiness: Option<Probe>,
    /// Requested CPU in thousandths, memory in bytes.
    pub cpu_millis: u64,
    pub memory_bytes: u64,
    /// An init container that keeps running (`restartPolicy: Always`).
    pub is_sidecar: bool,
}

impl Container {
    /// The container's probe of this kind.
    pub fn probe(&self, kind: ProbeKind) -> Option<&Probe> {
        match kind {
            ProbeKind::Startup => self.startup.as_ref(),
            ProbeKind::Liveness => self.liveness.as_ref(),
            ProbeKind::Readiness => self.readiness.as_ref(),
        }
    }
}

/// A volume of the template's own that is a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateClaimVolume {
    /// Name of the volume.
    pub volume: Rc<str>,
    /// Name of the claim.
    pub claim: Rc<str>,
}

/// What every pod of a revision runs.
#[derive(Clone, Debug, PartialEq)]
pub struct PodTemplate {
    /// Labels of the pods.
    pub labels: Rc<Labels>,
    /// Annotations of the pods.
    pub annotations: Rc<Labels>,
    /// App containers.
    pub containers: Vec<Container>,
    /// Init containers and sidecars.
    pub init_containers: Vec<Container>,
    /// `terminationGracePeriodSeconds`.
    pub termination_grace_ms: Millis,
    /// Names of all volumes of the template's own.
    pub volumes: Vec<Rc<str>>,
    /// Those among them that are claims.
    pub claim_volumes: Vec<TemplateClaimVolume>,
    /// The template as admitted.
    pub api: Shared<core::PodTemplateSpec>,
}

impl PodTemplate {
    /// The template that an admitted pod template asks for. Total: what is missing counts as its
    /// default, what makes no sense as nothing.
    ///
    /// Upstream: `pkg/apis/core/v1/defaults.go`, SetDefaults_Probe, SetDefaults_Container,
    /// SetDefaults_PodSpec.
    pub fn from_api(api: &core::PodTemplateSpec) -> Self {
        let meta = api.metadata.clone().unwrap_or_default();
        let spec = api.spec.clone().unwrap_or_default();
        let volumes = spec.volumes.unwrap_or_default();
        let claim_of = |volume: &core::Volume| {
            let claim = volume.persistent_volume_claim.as_ref()?;
            let (volume, claim) = (volume.name.as_str().into(), claim.claim_name.as_str().into());
            Some(TemplateClaimVolume { volume, claim })
        };
        Self {
            labels: Rc::new(meta.labels.unwrap_or_default()),
            annotations: Rc::new(meta.annotations.unwrap_or_default()),
            containers: spec.containers.iter().map(container).collect(),
            init_containers: spec.init_containers.iter().flatten().map(container).collect(),
            termination_grace_ms: grace(spec.termination_grace_period_seconds.unwrap_or(30)),
            volumes: volumes.iter().map(|volume| volume.name.as_str().into()).collect(),
            claim_volumes: volumes.iter().filter_map(claim_of).collect(),
            api: Shared::new(api.clone()),
        }
    }

    /// The container of this name, among app and init containers.
    pub fn container(&self, name: &str) -> Option<&Container> {
        self.containers.iter().chain(&self.init_containers).find(|each| *each.name == *name)
    }
}

/// A container as admitted, with defaults where the API server would have set them.
fn container(api: &core::Container) -> Container {
    let image = api.image.as_deref().unwrap_or_default();
    let requested = |resource: &str| {
        let resources = api.resources.as_ref()?;
        let named = |map: Option<&BTreeMap<String, Quantity>>| map?.get(resource).cloned();
        named(resources.requests.as_ref()).or_else(|| named(resources.limits.as_ref()))
    };
    Container {
        name: api.name.as_str().into(),
        image: image.into(),
        image_pull_policy: match api.image_pull_policy.as_deref() {
            None | Some("") => default_pull_policy(image).into(),
            Some(policy) => policy.into(),
        },
        ports: api.ports.iter().flatten().map(container_port).collect(),
        mounts: api.volume_mounts.iter().flatten().map(mount).collect(),
        startup: api.startup_probe.as_ref().and_then(probe),
        liveness: api.liveness_probe.as_ref().and_then(probe),
        readiness: api.readiness_probe.as_ref().and_then(probe),
        cpu_millis: requested("cpu").map_or(0, |cpu| amount(&cpu, 1_000)),
        memory_bytes: requested("memory").map_or(0, |memory| amount(&memory, 1)),
        is_sidecar: api.restart_policy.as_deref() == Some("Always"),
    }
}

fn container_port(api: &core::ContainerPort) -> ContainerPort {
    ContainerPort {
        name: api.name.as_deref().unwrap_or_default().into(),
        port: api.container_port,
        protocol: api.protocol.as_deref().unwrap_or("TCP").into(),
    }
}

fn mount(api: &core::VolumeMount) -> Mount {
    Mount { volume: api.name.as_str().into(), path: api.mount_path.as_str().into() }
}

/// A probe with its defaults; `None` if it names no way to ask.
fn probe(api: &core::Probe) -> Option<Probe> {
    let at_least_1 = |value: Option<i32>, default: u32| {
        let value = value.filter(|value| *value != 0).map_or(default, |value| value.max(1) as u32);
        value.max(1)
    };
    Some(Probe {
        handler: handler(api)?,
        initial_delay_ms: seconds(api.initial_delay_seconds.unwrap_or(0)),
        period_ms: SECOND * Millis::from(at_least_1(api.period_seconds, 10)),
        timeout_ms: SECOND * Millis::from(at_least_1(api.timeout_seconds, 1)),
        success_threshold: at_least_1(api.success_threshold, 1),
        failure_threshold: at_least_1(api.failure_threshold, 3),
        termination_grace_ms: api.termination_grace_period_seconds.map(grace),
    })
}

/// Upstream: `pkg/kubelet/prober/prober.go`, runProbe: exec comes first, then HTTP, TCP, gRPC.
fn handler(api: &core::Probe) -> Option<ProbeHandler> {
    let text = |value: &Option<String>, default: &str| -> Rc<str> {
        let value = value.as_deref().filter(|value| !value.is_empty());
        value.unwrap_or(default).into()
    };
    if let Some(exec) = &api.exec {
        let command = exec.command.clone().unwrap_or_default().into();
        return Some(ProbeHandler::Exec { command });
    }
    if let Some(http) = &api.http_get {
        return Some(ProbeHandler::HttpGet {
            scheme: text(&http.scheme, "HTTP"),
            host: text(&http.host, ""),
            path: text(&http.path, "/"),
            port: port(&http.port),
        });
    }
    if let Some(tcp) = &api.tcp_socket {
        let (host, port) = (text(&tcp.host, ""), port(&tcp.port));
        return Some(ProbeHandler::TcpSocket { host, port });
    }
    let grpc = api.grpc.as_ref()?;
    Some(ProbeHandler::Grpc { port: grpc.port, service: text(&grpc.service, "") })
}

fn port(api: &IntOrString) -> PortReference {
    match api {
        IntOrString::Int(number) => PortReference::Number(*number),
        IntOrString::String(name) => PortReference::Name(name.as_str().into()),
    }
}

/// Milliseconds of a grace period; a negative one counts as one second.
///
/// Upstream: `pkg/registry/core/pod/strategy.go`, CheckGracefulDelete.
fn grace(seconds: i64) -> Millis {
    if seconds < 0 { SECOND } else { seconds.unsigned_abs().saturating_mul(SECOND) }
}

/// Upstream: `pkg/apis/core/v1/defaults.go`, SetDefaults_Container.
fn default_pull_policy(image: &str) -> &'static str {
    let last = image.rsplit('/').next().unwrap_or_default();
    let without_digest = last.split('@').next().unwrap_or_default();
    match without_digest.split_once(':') {
        _ if last.contains('@') => "IfNotPresent",
        None | Some((_, "latest")) => "Always",
        Some(_) => "IfNotPresent",
    }
}

/// A quantity in units of one `per_unit`-th, rounded up; 0 if it is none.
fn amount(quantity: &Quantity, per_unit: u128) -> u64 {
    const SUFFIXES: [(&str, u128, u128); 15] = [
        ("Ki", 1 << 10, 1),
        ("Mi", 1 << 20, 1),
        ("Gi", 1 << 30, 1),
        ("Ti", 1 << 40, 1),
        ("Pi", 1 << 50, 1),
        ("Ei", 1 << 60, 1),
        ("n", 1, 1_000_000_000),
        ("u", 1, 1_000_000),
        ("m", 1, 1_000),
        ("k", 1_000, 1),
        ("M", 1_000_000, 1),
        ("G", 1_000_000_000, 1),
        ("T", 1_000_000_000_000, 1),
        ("P", 1_000_000_000_000_000, 1),
        ("E", 1_000_000_000_000_000_000, 1),
    ];
    let suffix = SUFFIXES.iter().find(|(suffix, ..)| quantity.0.ends_with(suffix));
    let (text, times, by) = match suffix {
        Some((suffix, times, by)) => (quantity.0.trim_end_matches(suffix), *times, *by),
        None => (quantity.0.as_str(), 1, 1),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.get(..fraction.len().min(9)).unwrap_or_default();
    let Ok(digits) = format!("{whole}{fraction}").parse::<u64>() else { return 0 };
    let scale = 10_u128.pow(fraction.len() as u32);
    let value = u128::from(digits).saturating_mul(times).saturating_mul(per_unit);
    u64::try_from(value.div_ceil(by * scale)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(yaml: &str) -> PodTemplate {
        PodTemplate::from_api(&serde_yaml::from_str(yaml).unwrap())
    }

    #[test]
    fn fills_in_the_defaults_of_a_probe() {
        let template = template(
            "spec:
  containers:
  - name: web
    image: nginx
    readinessProbe: {httpGet: {port: http}}
    livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 0, failureThreshold: -2}
    startupProbe: {}
",
        );
        let web = &template.containers[0];
        let readiness = web.readiness.as_ref().unwrap();
        assert_eq!((readiness.period_ms, readiness.timeout_ms), (10_000, 1_000));
        assert_eq!((readiness.success_threshold, readiness.failure_threshold), (1, 3));
        assert_eq!(
            readiness.handler,
            ProbeHandler::HttpGet {
                scheme: "HTTP".into(),
                host: "".into(),
                path: "/".into(),
                port: PortReference::Name("http".into())
            }
        );
        let liveness = web.liveness.as_ref().unwrap();
        assert_eq!((liveness.period_ms, liveness.failure_threshold), (10_000, 1));
        assert_eq!(web.startup, None);
        assert_eq!(template.termination_grace_ms, 30_000);
    }

    #[test]
    fn pulls_what_has_no_fixed_tag_always() {
        let cases = [
            ("nginx", "Always"),
            ("nginx:latest", "Always"),
            ("nginx:1.27", "IfNotPresent"),
            ("host:5000/nginx", "Always"),
            ("nginx@sha256:abc", "IfNotPresent"),
        ];
        for (image, policy) in cases {
            assert_eq!(default_pull_policy(image), policy, "{image}");
        }
    }

    #[test]
    fn reads_requests_and_claims() {
        let template = template(
            "spec:
  containers:
  - name: web
    resources: {requests: {cpu: 250m}, limits: {cpu: '1', memory: 1.5Gi}}
  volumes:
  - {name: cache, emptyDir: {}}
  - {name: data, persistentVolumeClaim: {claimName: shared}}
",
        );
        let web = &template.containers[0];
        assert_eq!((web.cpu_millis, web.memory_bytes), (250, 3 << 29));
        assert_eq!(template.volumes.len(), 2);
        assert_eq!(&*template.claim_volumes[0].claim, "shared");
    }

    #[test]
    fn survives_an_empty_template() {
        let template = PodTemplate::from_api(&core::PodTemplateSpec::default());
        assert!(template.containers.is_empty());
    }
}
