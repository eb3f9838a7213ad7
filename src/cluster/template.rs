//! A pod template as the simulator runs it: containers, probes, resources, volumes.

use super::meta::{Labels, Shared};
use super::time::Millis;
use k8s_openapi::api::core::v1 as core;
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
