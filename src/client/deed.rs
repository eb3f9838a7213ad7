//! What a button stands for: a command of kubectl with its usual flags, or what no command does.

use super::apply;
use super::delete::{self, Deletion};
use super::documents::Document;
use super::nodes::{self, Allowed, Drain};
use super::send::{Client, Found, Lines, Mode};
use super::server::{FieldValidation, PatchType, Request};
use super::{Failure, Seat, failure, said, scale};
use crate::api::change::Cascade;
use crate::api::{ApiObject, Resource, Status};
use crate::client::{Output, patch};
use crate::cluster::Input;
use crate::cluster::Outcome;
use crate::cluster::input::MachineAction;
use serde::Serialize;
use serde_json::{Value, json};

/// What a person does to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NodeRequest {
    /// Its machine cannot be reached from now on.
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

    /// Its name in lessons and saved work.
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

/// One thing that a person does to a cluster.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Deed {
    /// `kubectl apply -f`: the objects of a manifest, in its order, as written (no defaults).
    Apply { objects: Vec<ApiObject> },
    /// `kubectl scale sts`.
    Scale { namespace: String, name: String, replicas: i32 },
    /// `kubectl delete pod`. `grace_period_seconds`: `None` is the pod's own, 0 removes it at once.
    DeletePod { namespace: String, name: String, grace_period_seconds: Option<i64> },
    /// `kubectl patch pvc` with another size, such as `2Gi`.
    ResizeClaim { namespace: String, name: String, storage: String },
    /// Something is done to a volume.
    Volume { name: String, request: VolumeRequest },
    /// `kubectl delete pvc`.
    DeleteClaim { namespace: String, name: String },
    /// `kubectl delete sts --cascade`.
    DeleteStatefulSet { namespace: String, name: String, cascade: Cascade },
    /// Something is done to a node.
    Node { node: String, request: NodeRequest },
    /// One request, a fault, or what is done to a machine or to the inside of a container.
    #[serde(untagged)]
    Input(Input),
}

impl From<Input> for Deed {
    fn from(input: Input) -> Self {
        Self::Input(input)
    }
}

/// What came of a deed.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// What failed.
    pub failures: Vec<Failure>,
    /// What goes on.
    pub drain: Option<Drain>,
}

impl Done {
    /// What the server refused.
    pub fn refusals(&self) -> impl Iterator<Item = &Status> {
        self.failures.iter().filter_map(|failure| match failure {
            Failure::Server(status) => Some(status),
            _ => None,
        })
    }
}

/// The command by which the manifest of the page is applied.
pub const APPLY: &str = "kubectl apply -f manifest.yaml";

/// The file that the manifest of the page is.
pub const MANIFEST: &str = "manifest.yaml";

/// The taint by which a person vouches that a node is off: key, value, effect.
const OUT_OF_SERVICE: [&str; 3] =
    ["node.kubernetes.io/out-of-service", "nodeshutdown", "NoExecute"];

/// What the button's `kubectl drain` allows.
const DRAINS: Allowed = Allowed { daemons: true, local: true, alone: false };

impl Deed {
    /// Does it at a seat, and prints what the command prints.
    pub fn carry_out(&self, seat: &mut impl Seat, out: &mut Output) -> Done {
        match self {
            Self::Input(Input::Request(request)) => of_request(seat, request, out),
            Self::Input(input) => of_outcome(&seat.submit(input.clone()), out),
            Self::Node { node, request: NodeRequest::Lose } => {
                machine(seat, node, MachineAction::Lose)
            }
            Self::Node { node, request: NodeRequest::Regain } => {
                machine(seat, node, MachineAction::Regain)
            }
            _ => {
                let mode = Mode::default();
                let manager = self.manager();
                let mut client = Client { server: seat, out, mode, manager };
                self.ask(&mut client).unwrap_or_else(|failure| {
                    let failures = vec![failure];
                    failure::tell(&failures, client.out);
                    Done { failures, drain: None }
                })
            }
        }
    }

    /// Who owns the fields that its command writes.
    fn manager(&self) -> &'static str {
        match self {
            Self::Apply { .. } => apply::MANAGER,
            Self::ResizeClaim { .. } | Self::Volume { .. } => "kubectl-patch",
            Self::Node {
                request: NodeRequest::TaintOutOfService | NodeRequest::UntaintOutOfService,
                ..
            } => "kubectl-taint",
            _ => "",
        }
    }

    fn ask(&self, client: &mut Client) -> Result<Done, Failure> {
        match self {
            Self::Apply { objects } => {
                let document =
                    |it: &ApiObject| Document { file: MANIFEST.into(), object: it.tree.clone() };
                let documents: Vec<_> = objects.iter().map(document).collect();
                let failures = apply::all(client, &documents, &mut Lines);
                return Ok(Done { failures, drain: None });
            }
            Self::Scale { namespace, name, replicas } => {
                let found = found(client, "statefulsets", namespace, name)?;
                let object = scale::scale(client, &found, *replicas)?;
                scale::tell(client, &found, &object, &mut Lines);
            }
            Self::DeletePod { namespace, name, grace_period_seconds: grace } => {
                let how = Deletion { grace: *grace, ..Deletion::default() };
                return deleted(client, "pods", (namespace, name), how);
            }
            Self::DeleteClaim { namespace, name } => {
                let kind = "persistentvolumeclaims";
                return deleted(client, kind, (namespace, name), Deletion::default());
            }
            Self::DeleteStatefulSet { namespace, name, cascade } => {
                let how = Deletion { propagation: cascade.policy(), ..Deletion::default() };
                return deleted(client, "statefulsets", (namespace, name), how);
            }
            Self::ResizeClaim { namespace, name, storage } => {
                let patch = json!({"spec": {"resources": {"requests": {"storage": storage}}}});
                return patched(client, "persistentvolumeclaims", (namespace, name), &patch);
            }
            Self::Volume { name, request: VolumeRequest::Free } => {
                let patch = json!({"spec": {"claimRef": null}});
                return patched(client, "persistentvolumes", ("", name), &patch);
            }
            Self::Volume { name, request: VolumeRequest::Delete } => {
                return deleted(client, "persistentvolumes", ("", name), Deletion::default());
            }
            Self::Node { node, request } => return of_node(client, node, *request),
            Self::Input(_) => {}
        }
        Ok(Done::default())
    }
}

fn found(client: &Client, resource: &str, namespace: &str, name: &str) -> Result<Found, Failure> {
    let resource = Resource::named(resource).ok_or(Failure::Told)?;
    Found::named(client.server, resource, (namespace, name))
}

fn deleted(
    client: &mut Client,
    resource: &str,
    (namespace, name): (&str, &str),
    how: Deletion,
) -> Result<Done, Failure> {
    let found = found(client, resource, namespace, name)?;
    how.warn(client.out);
    let refused = delete::one(client, &found, how).err();
    let failures: Vec<Failure> = refused.map(Failure::from).into_iter().collect();
    failure::tell(&failures, client.out);
    Ok(Done { failures, drain: None })
}

/// As `kubectl patch`, which lets the server warn of fields that it does not know.
fn patched(
    client: &mut Client,
    resource: &str,
    (namespace, name): (&str, &str),
    patch: &Value,
) -> Result<Done, Failure> {
    let found = found(client, resource, namespace, name)?;
    client.mode.validation = FieldValidation::Warn;
    let (_, verb) = patch::patch(client, &found, (PatchType::Strategic, patch))?;
    client.out.line(&format!("{} {verb}", found.title()));
    Ok(Done::default())
}

fn of_node(client: &mut Client, node: &str, request: NodeRequest) -> Result<Done, Failure> {
    let found = found(client, "nodes", "", node)?;
    let taint = OUT_OF_SERVICE.map(str::to_owned);
    let taint = [taint.into()];
    match request {
        NodeRequest::Lose | NodeRequest::Regain => {}
        NodeRequest::Cordon => nodes::cordon(client, &found, true)?,
        NodeRequest::Uncordon => nodes::cordon(client, &found, false)?,
        NodeRequest::Delete => return deleted(client, "nodes", ("", node), Deletion::default()),
        NodeRequest::TaintOutOfService => {
            nodes::taint(client, &found, (&taint, &[]), false, &mut Lines)?;
        }
        NodeRequest::UntaintOutOfService => {
            nodes::taint(client, &found, (&[], &taint), false, &mut Lines)?;
        }
        NodeRequest::Drain => {
            nodes::cordon(client, &found, true)?;
            let mut drain = Drain::new(client.mode, None, None);
            drain.begin((client.server, client.out), node, DRAINS, &|_| true)?;
            let has_ended = drain.poll(client.server, client.out).is_some();
            return Ok(Done { failures: Vec::new(), drain: (!has_ended).then_some(drain) });
        }
    }
    Ok(Done::default())
}

fn machine(seat: &mut impl Seat, node: &str, action: MachineAction) -> Done {
    seat.submit(Input::Machine { node: node.into(), action });
    Done::default()
}

fn of_request(seat: &mut impl Seat, request: &Request, out: &mut Output) -> Done {
    let outcome = seat.submit(Input::Request(Box::new(request.clone())));
    said::lines(request, &outcome).iter().for_each(|line| out.line(line));
    Done { failures: failures(&outcome), drain: None }
}

fn of_outcome(outcome: &Outcome, out: &mut Output) -> Done {
    let failures = failures(outcome);
    failure::tell(&failures, out);
    Done { failures, drain: None }
}

fn failures(outcome: &Outcome) -> Vec<Failure> {
    outcome.refusal().cloned().map(Failure::Server).into_iter().collect()
}
