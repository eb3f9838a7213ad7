//! The command that a person would type for what was done on the page.

use crate::cluster::input::{Cascade, Input, NodeRequest, VolumeRequest};

/// The taint by which a person vouches that a node is off.
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";

fn in_namespace(namespace: &str) -> String {
    match namespace {
        "default" | "" => String::new(),
        other => format!(" -n {other}"),
    }
}

/// The command for an input; empty for a fault, which no command makes.
pub fn command_of(input: &Input) -> String {
    match input {
        Input::Apply { .. } => "kubectl apply -f manifest.yaml".into(),
        Input::Scale { namespace, name, replicas } => {
            format!("kubectl scale sts {name} --replicas={replicas}{}", in_namespace(namespace))
        }
        Input::DeletePod { namespace, name, grace_period_seconds } => {
            let grace = match grace_period_seconds {
                None => String::new(),
                Some(0) => " --force --grace-period=0".into(),
                Some(seconds) => format!(" --grace-period={seconds}"),
            };
            format!("kubectl delete pod {name}{}{grace}", in_namespace(namespace))
        }
        Input::ResizeClaim { namespace, name, storage } => format!(
            "kubectl patch pvc {name}{} -p '{{\"spec\":{{\"resources\":{{\"requests\":{{\"storage\":\
             \"{storage}\"}}}}}}}}'",
            in_namespace(namespace)
        ),
        Input::Volume { name, request: VolumeRequest::Delete } => {
            format!("kubectl delete pv {name} --wait=false")
        }
        Input::Volume { name, request: VolumeRequest::Free } => {
            format!("kubectl patch pv {name} -p '{{\"spec\":{{\"claimRef\":null}}}}'")
        }
        Input::DeleteClaim { namespace, name } => {
            format!("kubectl delete pvc {name}{}", in_namespace(namespace))
        }
        Input::DeleteStatefulSet { namespace, name, cascade } => {
            let cascade = match cascade {
                Cascade::Background => "",
                Cascade::Foreground => " --cascade=foreground",
                Cascade::Orphan => " --cascade=orphan",
            };
            format!("kubectl delete sts {name}{}{cascade}", in_namespace(namespace))
        }
        Input::Node { node, request } => match request {
            NodeRequest::Cordon => format!("kubectl cordon {node}"),
            NodeRequest::Uncordon => format!("kubectl uncordon {node}"),
            NodeRequest::Drain => {
                format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data")
            }
            NodeRequest::Delete => format!("kubectl delete node {node}"),
            NodeRequest::TaintOutOfService => {
                format!("kubectl taint nodes {node} {OUT_OF_SERVICE}")
            }
            NodeRequest::UntaintOutOfService => {
                format!("kubectl taint nodes {node} {OUT_OF_SERVICE}-")
            }
            NodeRequest::Lose | NodeRequest::Regain => String::new(),
        },
        Input::LookUp { name, .. } => format!("nslookup {name}"),
        Input::CrashContainer { .. }
        | Input::SetEndpoint { .. }
        | Input::SetFaults(_)
        | Input::KeepDnsAnswers { .. } => String::new(),
    }
}

/// Whether there is nothing to tell.
pub fn is_empty(command: &str, lines: &[String]) -> bool {
    command.is_empty() && lines.is_empty()
}
