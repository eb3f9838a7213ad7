//! The command that a person would type for what was done on the page.

use super::deed::{Deed, NodeRequest, VolumeRequest};
use crate::api::change::{Cascade, Change, PatchType, Request};
use crate::cluster::Input;
use crate::quote::shell::{comment, quoted_word};
use crate::quote::visible;
use serde_json::{Value, json};

/// The taint by which a person vouches that a node is off.
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";

fn in_namespace(namespace: &str) -> String {
    match namespace {
        "default" | "" => String::new(),
        other => format!(" -n {}", quoted_word(other)),
    }
}

/// The command for a deed; empty for a fault, which no command makes.
pub fn of(deed: &Deed) -> String {
    match deed {
        Deed::Apply { .. } => "kubectl apply -f manifest.yaml".into(),
        Deed::Scale { namespace, name, replicas } => {
            let name = quoted_word(name);
            format!("kubectl scale sts {name} --replicas={replicas}{}", in_namespace(namespace))
        }
        Deed::DeletePod { namespace, name, grace_period_seconds } => {
            let grace = match grace_period_seconds {
                None => String::new(),
                Some(0) => " --force --grace-period=0".into(),
                Some(seconds) => format!(" --grace-period={seconds}"),
            };
            format!("kubectl delete pod {}{}{grace}", quoted_word(name), in_namespace(namespace))
        }
        Deed::ResizeClaim { namespace, name, storage } => {
            let patch = json!({"spec": {"resources": {"requests": {"storage": storage}}}});
            let (name, namespace) = (quoted_word(name), in_namespace(namespace));
            format!("kubectl patch pvc {name}{namespace} -p {}", of_json(&patch))
        }
        Deed::Volume { name, request: VolumeRequest::Delete } => {
            format!("kubectl delete pv {} --wait=false", quoted_word(name))
        }
        Deed::Volume { name, request: VolumeRequest::Free } => {
            format!(
                "kubectl patch pv {} -p '{{\"spec\":{{\"claimRef\":null}}}}'",
                quoted_word(name)
            )
        }
        Deed::DeleteClaim { namespace, name } => {
            format!("kubectl delete pvc {}{}", quoted_word(name), in_namespace(namespace))
        }
        Deed::DeleteStatefulSet { namespace, name, cascade } => {
            let cascade = match cascade {
                Cascade::Background => "",
                Cascade::Foreground => " --cascade=foreground",
                Cascade::Orphan => " --cascade=orphan",
            };
            format!("kubectl delete sts {}{}{cascade}", quoted_word(name), in_namespace(namespace))
        }
        Deed::Node { node, request } => of_node(&quoted_word(node), *request),
        Deed::Input(input) => of_input(input),
    }
}

/// The command for what is done to a node, whose name is a word.
fn of_node(node: &str, request: NodeRequest) -> String {
    match request {
        NodeRequest::Lose | NodeRequest::Regain => String::new(),
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
    }
}

/// A tree as a word of a shell.
fn of_json(value: &Value) -> String {
    quoted_word(&visible::json(&value.to_string()))
}

/// The command for an input; empty if none makes it.
pub fn of_input(input: &Input) -> String {
    match input {
        // A name that begins with a dash would be an option.
        Input::LookUp { name, .. }
            if name.starts_with('-') || name.chars().any(visible::is_hidden) =>
        {
            String::new()
        }
        Input::LookUp { name, .. } => format!("nslookup {}", quoted_word(name)),
        Input::Request(request) => of_request(request),
        Input::WriteFile { .. }
        | Input::Machine { .. }
        | Input::CrashContainer { .. }
        | Input::SetEndpoint { .. }
        | Input::SetFaults(_)
        | Input::KeepDnsAnswers { .. } => String::new(),
    }
}

/// The command for a request of one object.
fn of_request(request: &Request) -> String {
    let group = request.api_version.rsplit_once('/').map_or("", |(group, _)| group);
    let kind = request.kind.to_ascii_lowercase();
    let kind = if group.is_empty() { kind } else { format!("{kind}.{group}") };
    let target = quoted_word(&format!("{kind}/{}", request.name));
    let target = format!("{target}{}", in_namespace(&request.namespace));
    let text = of_json;
    match &request.change {
        // `echo` of some shells reads backslashes.
        Change::Create(object) => format!("printf '%s' {} | kubectl create -f -", text(object)),
        Change::Replace(object) => format!("printf '%s' {} | kubectl replace -f -", text(object)),
        Change::Patch(kind, patch) => {
            let kind = match kind {
                PatchType::Strategic => "",
                PatchType::Merge => " --type=merge",
                PatchType::Json => " --type=json",
            };
            format!("kubectl patch {target}{kind} -p {}", text(patch))
        }
        Change::Apply { object, forces } => {
            let forces = if *forces { " --force-conflicts" } else { "" };
            format!("printf '%s' {} | kubectl apply --server-side{forces} -f -", text(object))
        }
        Change::Scale(replicas) => format!("kubectl scale {target} --replicas={replicas}"),
        Change::Delete { grace_period_seconds, propagation } => {
            let cascade = match propagation.as_str() {
                "Foreground" => " --cascade=foreground",
                "Orphan" => " --cascade=orphan",
                _ => "",
            };
            let grace = match grace_period_seconds {
                None => String::new(),
                Some(0) => " --force --grace-period=0".into(),
                Some(seconds) => format!(" --grace-period={seconds}"),
            };
            format!("kubectl delete {target}{cascade}{grace}")
        }
        Change::Evict => comment(&format!("{kind}/{} was evicted", request.name)),
    }
}
