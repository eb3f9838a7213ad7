//! What a person did to the cluster. Nothing else changes it from outside.

use super::fault::Faults;
use super::template::ProbeKind;
use crate::api::change::Request;
use serde::Serialize;

/// What happens to the machine behind a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MachineAction {
    /// From now on it cannot be reached. Its containers run on.
    Lose,
    /// It can be reached again.
    Regain,
}

impl MachineAction {
    /// Every action.
    pub const ALL: [Self; 2] = [Self::Lose, Self::Regain];

    /// Its name in saved work.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lose => "lose",
            Self::Regain => "regain",
        }
    }
}

/// One thing that is done to the cluster from outside.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Input {
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
    /// Something happens to the machine behind a node.
    #[serde(rename = "node")]
    Machine {
        node: String,
        #[serde(rename = "request")]
        action: MachineAction,
    },
    /// A program in a container writes a file, or removes it: `kubectl exec`.
    WriteFile {
        namespace: String,
        pod: String,
        container: String,
        path: String,
        content: Option<String>,
    },
    /// A request for one object, as a client sends it.
    Request(Box<Request>),
}
