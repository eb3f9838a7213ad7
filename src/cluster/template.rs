//! A pod template as the simulator runs it: containers, probes, resources, volumes.

use super::meta::{Labels, Shared};
use super::node::{Placement, Toleration};
use super::restart::{RestartPolicy, Restarts};
use super::time::{LONGEST_MS, Millis, SECOND, seconds};
use crate::api::Tree;
use crate::api::quantity::Quantity;
use serde_json::Value;
use std::rc::Rc;

/// Which of a container's probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
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

/// What is done after the start of a container, or before it is told to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Ask the container.
    Ask(ProbeHandler),
    /// Wait.
    Sleep(Millis),
}

impl Hook {
    /// Whether it is a command.
    pub fn is_command(&self) -> bool {
        matches!(self, Self::Ask(ProbeHandler::Exec { .. }))
    }
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
    /// `lifecycle.postStart`.
    pub post_start: Option<Hook>,
    /// `lifecycle.preStop`.
    pub pre_stop: Option<Hook>,
    /// Requested CPU in thousandths, memory in bytes.
    pub cpu_millis: u64,
    pub memory_bytes: u64,
    /// An init container that keeps running (`restartPolicy: Always`).
    pub is_sidecar: bool,
    /// Whether its command is a shell or a program that SIGTERM ends, rather than one that ends well.
    pub ends_by_signal: bool,
    /// Its own restart policy, else that of the pod.
    pub restarts: Restarts,
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
    /// Types of the conditions that have to be True besides.
    pub readiness_gates: Vec<Rc<str>>,
    /// `terminationGracePeriodSeconds`.
    pub termination_grace_ms: Millis,
    /// `activeDeadlineSeconds`.
    pub active_deadline_ms: Option<Millis>,
    /// Names of all volumes of the template's own.
    pub volumes: Vec<Rc<str>>,
    /// Those among them that are claims.
    pub claim_volumes: Vec<TemplateClaimVolume>,
    /// Taints that the pods tolerate.
    pub tolerations: Vec<Toleration>,
    /// `nodeName`: they go there without the scheduler.
    pub node_name: Option<Rc<str>>,
    /// What they ask of their node and of the pods around them.
    pub placement: Option<Rc<Placement>>,
    /// The template as admitted.
    pub api: Shared<Value>,
}

impl PodTemplate {
    /// The template that an admitted pod template asks for. Total: what is missing counts as its
    /// default, what makes no sense as nothing.
    ///
    /// Upstream: `pkg/apis/core/v1/defaults.go`, SetDefaults_Probe, SetDefaults_Container,
    /// SetDefaults_PodSpec.
    pub fn from_api(api: &Value) -> Self {
        let (meta, spec) = (api.at("metadata"), api.at("spec"));
        let volumes = spec.items("volumes");
        let grace_seconds = spec.opt_int("terminationGracePeriodSeconds").unwrap_or(30);
        let policy = RestartPolicy::named(spec.text("restartPolicy"));
        let policy = policy.unwrap_or(RestartPolicy::Always);
        let containers = |list: &str| {
            spec.items(list).iter().map(|each| container(each, policy)).collect::<Vec<_>>()
        };
        let gates = spec.items("readinessGates").iter();
        Self {
            labels: Rc::new(labels(meta, "labels")),
            annotations: Rc::new(labels(meta, "annotations")),
            containers: containers("containers"),
            init_containers: containers("initContainers"),
            readiness_gates: gates.map(|gate| gate.text("conditionType").into()).collect(),
            termination_grace_ms: grace(grace_seconds),
            active_deadline_ms: spec.opt_int("activeDeadlineSeconds").map(grace),
            volumes: volumes.iter().map(|volume| volume.text("name").into()).collect(),
            claim_volumes: volumes.iter().filter_map(claim_volume).collect(),
            tolerations: Toleration::of(spec),
            node_name: Some(spec.text("nodeName")).filter(|name| !name.is_empty()).map(Rc::from),
            placement: Placement::of(spec, &labels(meta, "labels")).map(Rc::new),
            api: Shared::new(api.clone()),
        }
    }

    /// The container of this name, among app and init containers.
    pub fn container(&self, name: &str) -> Option<&Container> {
        self.containers.iter().chain(&self.init_containers).find(|each| *each.name == *name)
    }
}

/// A map of texts, such as labels.
pub(super) fn labels(api: &Value, field: &str) -> Labels {
    let mut labels = Labels::new();
    for (key, value) in api.members(field) {
        labels.insert(key.clone(), value.as_str().unwrap_or_default().to_owned());
    }
    labels
}

fn claim_volume(volume: &Value) -> Option<TemplateClaimVolume> {
    let claim = volume.set("persistentVolumeClaim")?;
    let (volume, claim) = (volume.text("name").into(), claim.text("claimName").into());
    Some(TemplateClaimVolume { volume, claim })
}

/// Whether nothing in a container handles SIGTERM: a shell that runs a script without a trap, or a
/// program that only waits.
fn ends_by_signal(api: &Value) -> bool {
    let words: Vec<&str> = api.texts("command").chain(api.texts("args")).collect();
    let program = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    match program {
        "sh" | "bash" | "ash" | "dash" => {
            let script = words.last().copied().unwrap_or_default();
            words.len() > 1 && !script.contains("trap ") && !script.contains("exec ")
        }
        "sleep" | "tail" => true,
        _ => false,
    }
}

/// A container as admitted, with defaults where the API server would have set them.
fn container(api: &Value, policy: RestartPolicy) -> Container {
    let image = api.text("image");
    let resources = api.at("resources");
    let requested = |resource: &str| {
        let amount = |list: &str| Quantity::parse(resources.at(list).opt_text(resource)?).ok();
        amount("requests").or_else(|| amount("limits"))
    };
    Container {
        name: api.text("name").into(),
        image: image.into(),
        image_pull_policy: match api.text("imagePullPolicy") {
            "" => default_pull_policy(image).into(),
            policy => policy.into(),
        },
        ports: api.items("ports").iter().map(container_port).collect(),
        mounts: api.items("volumeMounts").iter().map(mount).collect(),
        startup: api.set("startupProbe").and_then(probe),
        liveness: api.set("livenessProbe").and_then(probe),
        readiness: api.set("readinessProbe").and_then(probe),
        post_start: hook(api.at("lifecycle").at("postStart")),
        pre_stop: hook(api.at("lifecycle").at("preStop")),
        cpu_millis: requested("cpu").map_or(0, |cpu| amount(cpu.millis())),
        memory_bytes: requested("memory").map_or(0, |memory| amount(memory.value())),
        is_sidecar: api.text("restartPolicy") == "Always",
        ends_by_signal: ends_by_signal(api),
        restarts: Restarts::of(api, policy),
    }
}

fn hook(api: &Value) -> Option<Hook> {
    let sleep = api.set("sleep").map(|sleep| Hook::Sleep(seconds(number(sleep, "seconds"))));
    handler(api).map(Hook::Ask).or(sleep)
}

/// A negative amount counts as none.
fn amount(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or(0)
}

fn container_port(api: &Value) -> ContainerPort {
    ContainerPort {
        name: api.text("name").into(),
        port: number(api, "containerPort"),
        protocol: api.opt_text("protocol").unwrap_or("TCP").into(),
    }
}

fn number(api: &Value, field: &str) -> i32 {
    i32::try_from(api.int(field)).unwrap_or(0)
}

fn mount(api: &Value) -> Mount {
    Mount { volume: api.text("name").into(), path: api.text("mountPath").into() }
}

/// A probe with its defaults; `None` if it names no way to ask.
fn probe(api: &Value) -> Option<Probe> {
    let at_least_1 = |field: &str, default: u32| match api.int(field) {
        0 => default,
        value => u32::try_from(value).unwrap_or(1),
    };
    Some(Probe {
        handler: handler(api)?,
        initial_delay_ms: seconds(number(api, "initialDelaySeconds")),
        period_ms: SECOND * Millis::from(at_least_1("periodSeconds", 10)),
        timeout_ms: SECOND * Millis::from(at_least_1("timeoutSeconds", 1)),
        success_threshold: at_least_1("successThreshold", 1),
        failure_threshold: at_least_1("failureThreshold", 3),
        termination_grace_ms: api.opt_int("terminationGracePeriodSeconds").map(grace),
    })
}

/// Upstream: `pkg/kubelet/prober/prober.go`, runProbe: exec comes first, then HTTP, TCP, gRPC.
fn handler(api: &Value) -> Option<ProbeHandler> {
    if let Some(exec) = api.set("exec") {
        let command = exec.texts("command").map(String::from).collect();
        return Some(ProbeHandler::Exec { command });
    }
    if let Some(http) = api.set("httpGet") {
        return Some(ProbeHandler::HttpGet {
            scheme: text(http, "scheme", "HTTP"),
            host: text(http, "host", ""),
            path: text(http, "path", "/"),
            port: port(http),
        });
    }
    if let Some(tcp) = api.set("tcpSocket") {
        return Some(ProbeHandler::TcpSocket { host: text(tcp, "host", ""), port: port(tcp) });
    }
    let grpc = api.set("grpc")?;
    Some(ProbeHandler::Grpc { port: number(grpc, "port"), service: text(grpc, "service", "") })
}

fn text(api: &Value, field: &str, default: &str) -> Rc<str> {
    match api.text(field) {
        "" => default.into(),
        value => value.into(),
    }
}

fn port(action: &Value) -> PortReference {
    match action.opt_text("port") {
        Some(name) => PortReference::Name(name.into()),
        None => PortReference::Number(number(action, "port")),
    }
}

/// Milliseconds of a grace period; a negative one counts as one second.
///
/// Upstream: `pkg/registry/core/pod/strategy.go`, CheckGracefulDelete.
fn grace(seconds: i64) -> Millis {
    if seconds < 0 { SECOND } else { seconds.unsigned_abs().saturating_mul(SECOND).min(LONGEST_MS) }
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
        let template = PodTemplate::from_api(&Value::Null);
        assert!(template.containers.is_empty());
    }
}
