//! What a person did to the cluster. Nothing else changes it from outside.

use super::fault::Faults;
use super::template::ProbeKind;
use crate::api::ApiObject;
use crate::api::change::Request;
use serde::Serialize;

/// What becomes of the dependents of a deleted set: `kubectl delete --cascade`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Cascade {
    /// They are deleted after it.
    Background,
    /// They are deleted before it.
    Foreground,
    /// They stay, without an owner.
    Orphan,
}

/// What a person does to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NodeRequest {
    /// From now on the machine cannot be reached. Its containers run on.
    Lose,
    /// It can be reached again.
    Regain,
    /// `kubectl cordon`.
    Cordon,
    /// `kubectl uncordon`.
    Uncordon,
    /// `kubectl drain`.
    Drain,
    /// `kubectl delete node`.
    Delete,
    /// `kubectl taint nodes … node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`.
    TaintOutOfService,
    /// The same with a `-` behind it.
    UntaintOutOfService,
}

impl NodeRequest {
    /// Every request.
    pub const ALL: [Self; 8] = [
        Self::Lose,
        Self::Regain,
        Self::Cordon,
        Self::Uncordon,
        Self::Drain,
        Self::Delete,
        Self::TaintOutOfService,
        Self::UntaintOutOfService,
    ];

    /// Its name in saved work.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lose => "lose",
            Self::Regain => "regain",
            Self::Cordon => "cordon",
            Self::Uncordon => "uncordon",
            Self::Drain => "drain",
            Self::Delete => "delete",
            Self::TaintOutOfService => "taintOutOfService",
            Self::UntaintOutOfService => "untaintOutOfService",
        }
    }
}

/// What a person does to a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum VolumeRequest {
    /// `kubectl delete pv`.
    Delete,
    /// `kubectl patch pv -p '{"spec":{"claimRef":null}}'`.
    Free,
}

/// One action of a person.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Input {
    /// `kubectl apply -f`: the objects of a manifest, in its order, as written (no defaults).
    Apply { objects: Vec<ApiObject> },
    /// `kubectl scale sts`.
    Scale { namespace: String, name: String, replicas: i32 },
    /// `kubectl delete pod`. `grace_period_seconds`: `None` is the pod's own, 0 removes it at once.
    DeletePod { namespace: String, name: String, grace_period_seconds: Option<i64> },
    /// A container's process ends by itself with this exit code.
    CrashContainer { namespace: String, pod: String, container: String, exit_code: i32 },
    /// From now on what this probe asks fails, or answers again, until the pod is replaced.
    SetEndpoint {
        namespace: String,
        pod: String,
        container: String,
        probe: ProbeKind,
        failing: bool,
    },
    /// From now on this goes wrong in every pod that starts.
    SetFaults(Faults),
    /// A pod of this namespace asks for the address of a name, as `nslookup` does.
    LookUp { namespace: String, name: String },
    /// From now on the DNS server keeps answers about the cluster for 30 s, or does not.
    KeepDnsAnswers { on: bool },
    /// Something is done to a node.
    Node { node: String, request: NodeRequest },
    /// `kubectl patch pvc` with another size, such as `2Gi`.
    ResizeClaim { namespace: String, name: String, storage: String },
    /// Something is done to a volume.
    Volume { name: String, request: VolumeRequest },
    /// `kubectl delete pvc`.
    DeleteClaim { namespace: String, name: String },
    /// A program in a container writes a file, or removes it: `kubectl exec`.
    WriteFile {
        namespace: String,
        pod: String,
        container: String,
        path: String,
        content: Option<String>,
    },
    /// A request for one object, as other verbs of kubectl send it.
    Request(Box<Request>),
    /// `kubectl delete sts --cascade`.
    DeleteStatefulSet { namespace: String, name: String, cascade: Cascade },
}
