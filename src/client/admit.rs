//! Which sessions are let in from a link, a file or the browser: those that the page and its terminal
//! could have made, each with the commands that it stands for.
//!
//! What a request creates may have any name, for the server refuses it, as it did then. Whatever else
//! is named was there, so that it had a name that the server takes.

use super::deed::{APPLY, Deed, NodeRequest, VolumeRequest};
use super::server::{Change, Request};
use super::{command, said};
use crate::api::change::Cascade;
use crate::api::{FieldError, Kind, Resource, Status, Tree, json as text, names, status};
use crate::cluster::fault::Faults;
use crate::cluster::time::LONGEST_MS;
use crate::cluster::{Input, Millis};
use crate::session::{Session, TimedInput};
use serde_json::{Value, json};

/// The latest instant: no session is longer.
pub const LATEST: Millis = LONGEST_MS;

/// The most pauses before a session begins; the lab has three.
const MOST_PAUSES: usize = 10;

/// The highest exit code.
const MOST_EXIT_CODE: i32 = 255;

/// Why something is not let in, in the API server's words.
pub type Refused = Result<(), String>;

/// A session that is looked at, input by input.
#[derive(Default)]
pub struct Admission {
    /// How many inputs were looked at.
    place: usize,
    /// Those of the kinds that they define.
    groups: Vec<String>,
    /// The inputs of the deed at hand.
    deed: Vec<TimedInput>,
}

impl Admission {
    /// How many inputs were looked at.
    pub fn place(&self) -> usize {
        self.place
    }

    /// Looks on as long as that is allowed, at least at one input, and takes away what the session says
    /// of commands that the page would not have said. Returns whether all of it was looked at.
    ///
    /// # Errors
    /// An input that nobody could have made.
    pub fn go_on(
        &mut self,
        session: &mut Session,
        may_go_on: &dyn Fn() -> bool,
    ) -> Result<bool, String> {
        if session.config.pauses.len() > MOST_PAUSES {
            return Err(format!("pauses: Too many: must have at most {MOST_PAUSES} items"));
        }
        while self.place < session.inputs.len() {
            self.look(session)?;
            if !may_go_on() {
                return Ok(false);
            }
        }
        self.end_deed(session);
        Ok(true)
    }

    /// Looks at the next input.
    fn look(&mut self, session: &mut Session) -> Refused {
        let timed = session.inputs.timed(self.place).ok_or("an input cannot be read")?;
        instant(timed.at)?;
        input(&timed.input, &self.groups)?;
        self.groups.extend(defined(&timed.input));
        if !timed.follows {
            self.end_deed(session);
        }
        self.deed.push(timed);
        self.place += 1;
        Ok(())
    }

    /// Takes away what the inputs of a deed say of commands that the page would not have said.
    fn end_deed(&mut self, session: &mut Session) {
        let deed = std::mem::take(&mut self.deed);
        let untrue = untrue(&deed, self.place - deed.len());
        untrue.into_iter().for_each(|place| session.inputs.forget_command(place));
    }
}

/// The places of those inputs of a deed that name a command that the page would not have said of it.
fn untrue(deed: &[TimedInput], begin: usize) -> Vec<usize> {
    let is_untrue = |(at, timed): &(usize, &TimedInput)| {
        !timed.command.is_empty() && (*at > 0 || !is_of_page(&timed.command, deed))
    };
    deed.iter().enumerate().filter(is_untrue).map(|(at, _)| begin + at).collect()
}

/// Looks at an instant.
///
/// # Errors
/// It is too late.
pub fn instant(at: Millis) -> Refused {
    let why = format!("time: Invalid value: {at}: must be less than or equal to {LATEST}");
    (at <= LATEST).then_some(()).ok_or(why)
}

/// Looks at a deed of a lesson.
///
/// # Errors
/// Nobody could do it.
pub fn deed(deed: &Deed) -> Refused {
    match deed {
        Deed::Apply { .. } => Ok(()),
        Deed::Scale { namespace, name, replicas } => {
            existing(Kind::StatefulSet.row(), namespace, name)?;
            within("spec.replicas", *replicas, i32::MAX)
        }
        Deed::DeletePod { namespace, name, .. } => existing(Kind::Pod.row(), namespace, name),
        Deed::ResizeClaim { namespace, name, .. } | Deed::DeleteClaim { namespace, name } => {
            existing(Kind::PersistentVolumeClaim.row(), namespace, name)
        }
        Deed::Volume { name, .. } => existing(Kind::PersistentVolume.row(), "", name),
        Deed::DeleteStatefulSet { namespace, name, .. } => {
            existing(Kind::StatefulSet.row(), namespace, name)
        }
        Deed::Node { node, .. } => existing(Kind::Node.row(), "", node),
        // What a lesson defines before it is not known here.
        Deed::Input(own) => input(own, &group(own).into_iter().collect::<Vec<_>>()),
    }
}

/// Looks at an input; `groups` are those of the kinds that earlier inputs define.
fn input(input: &Input, groups: &[String]) -> Refused {
    match input {
        Input::CrashContainer { namespace, pod, container, exit_code } => {
            in_pod(namespace, pod, container)?;
            within("exitCode", *exit_code, MOST_EXIT_CODE)
        }
        Input::SetEndpoint { namespace, pod, container, .. } => in_pod(namespace, pod, container),
        Input::SetFaults(faults) => of_faults(faults),
        Input::LookUp { namespace, .. } => well_formed(
            ("Namespace", namespace),
            ("metadata.name", namespace),
            names::dns_label(namespace),
        ),
        Input::KeepDnsAnswers { .. } => Ok(()),
        Input::Machine { node, .. } => existing(Kind::Node.row(), "", node),
        Input::WriteFile { namespace, pod, container, path, .. } => {
            in_pod(namespace, pod, container)?;
            let is_whole = path.starts_with('/') && !path.split('/').any(|part| part == "..");
            let why = "must be an absolute path, and must not contain '..'";
            let details = if is_whole { Vec::new() } else { vec![why.into()] };
            well_formed(("Pod", pod), ("path", path), details)
        }
        Input::Request(request) => of_request(request, groups),
    }
}

fn of_request(request: &Request, groups: &[String]) -> Refused {
    let Request { kind, api_version, namespace, name, .. } = request;
    let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
    let served = Kind::served(kind, api_version);
    let is_word = kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_defined = || {
        let version = api_version.rsplit_once('/').map_or("", |(_, version)| version);
        let is_label = names::dns_label(version).is_empty();
        !kind.is_empty() && is_word && is_label && groups.iter().any(|it| it == group)
    };
    if served.is_none() && !is_defined() {
        let (kind, version) = (status::quoted(kind), status::quoted(api_version));
        return Err(format!("no matches for kind {kind} in version {version}"));
    }
    match &request.change {
        Change::Create(object) | Change::Replace(object) | Change::Apply { object, .. } => {
            return of_body(object, namespace, name);
        }
        Change::Scale(replicas) => within("spec.replicas", *replicas, i32::MAX)?,
        Change::Delete { grace_period_seconds, propagation } => {
            let seconds = grace_period_seconds.unwrap_or(0).clamp(-1, i64::from(i32::MAX));
            within("gracePeriodSeconds", i32::try_from(seconds).unwrap_or(0), i32::MAX)?;
            let known = Cascade::ALL.map(Cascade::policy);
            if !known.contains(&propagation.as_str()) {
                let why = FieldError::not_supported("propagationPolicy", propagation, &known);
                return Err(why.to_string());
            }
        }
        Change::Patch(..) | Change::Evict => {}
    }
    match served {
        Some(served) => existing(served.row(), namespace, name),
        None => {
            well_formed((kind, name), ("metadata.name", name), names::dns_subdomain(name))?;
            in_namespace(kind, name, namespace)
        }
    }
}

/// What is sent says of itself what the address says.
fn of_body(object: &Value, namespace: &str, name: &str) -> Refused {
    let meta = object.at("metadata");
    let (own, place) = (meta.text("name"), meta.text("namespace"));
    if own != name {
        let (own, name) = (status::quoted(own), status::quoted(name));
        return Err(format!(
            "the name of the object ({own}) does not match the name on the URL ({name})"
        ));
    }
    let is_there = place.is_empty() || place == namespace;
    let why =
        "the namespace of the provided object does not match the namespace sent on the request";
    is_there.then_some(()).ok_or_else(|| why.into())
}

fn of_faults(faults: &Faults) -> Refused {
    for (field, seconds) in [
        ("slowStartSeconds", faults.slow_start_seconds),
        ("crashAfterSeconds", faults.crash_after_seconds),
        ("failFromSeconds", faults.fail_from_seconds),
        ("failForSeconds", faults.fail_for_seconds),
    ] {
        within(field, seconds, Faults::MOST_SECONDS)?;
    }
    Ok(())
}

/// A container of a pod.
fn in_pod(namespace: &str, pod: &str, container: &str) -> Refused {
    existing(Kind::Pod.row(), namespace, pod)?;
    let details = names::dns_label(container);
    well_formed(("Pod", pod), ("spec.containers.name", container), details)
}

/// An object that is there.
fn existing(resource: &Resource, namespace: &str, name: &str) -> Refused {
    let kind = resource.kind;
    let details = match (kind, resource.group()) {
        ("Namespace", "") => names::dns_label(name),
        (_, "rbac.authorization.k8s.io") => in_path(name),
        _ => names::dns_subdomain(name),
    };
    well_formed((kind, name), ("metadata.name", name), details)?;
    match resource.is_namespaced || !namespace.is_empty() {
        true => in_namespace(kind, name, namespace),
        false => Ok(()),
    }
}

/// Complaints about a name that only has to be a part of a path.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/api/validation/path/name.go`,
/// IsValidPathSegmentName.
fn in_path(name: &str) -> Vec<String> {
    match name {
        "" => vec!["name or generateName is required".into()],
        "." | ".." => vec![format!("may not be '{name}'")],
        _ => ['/', '%'].iter().filter(|c| name.contains(**c)).map(may_not).collect(),
    }
}

fn may_not(c: &char) -> String {
    format!("may not contain '{c}'")
}

fn in_namespace(kind: &str, name: &str, namespace: &str) -> Refused {
    let field = ("metadata.namespace", namespace);
    well_formed((kind, name), field, names::dns_label(namespace))
}

fn well_formed(
    (kind, name): (&str, &str),
    (field, value): (&str, &str),
    details: Vec<String>,
) -> Refused {
    let cause = |detail| FieldError::invalid(field, status::quoted(value), detail);
    let causes: Vec<FieldError> = details.into_iter().map(cause).collect();
    match causes.is_empty() {
        true => Ok(()),
        false => Err(Status::invalid(kind, "", name, causes).message),
    }
}

fn within(field: &str, number: i32, most: i32) -> Refused {
    let why =
        || format!("{field}: Invalid value: {number}: must be between 0 and {most}, inclusive");
    (0..=most).contains(&number).then_some(()).ok_or_else(why)
}

/// The group of the kinds that an input defines: the end of a definition's name.
fn defined(input: &Input) -> Option<String> {
    let Input::Request(request) = input else { return None };
    let is_definition = request.kind == "CustomResourceDefinition";
    let (_, group) = request.name.split_once('.').filter(|_| is_definition)?;
    names::dns_subdomain(group).is_empty().then(|| group.to_owned())
}

/// The group of what an input asks for, if it is one that a definition may bring.
fn group(input: &Input) -> Option<String> {
    let Input::Request(request) = input else { return None };
    let (group, _) = request.api_version.rsplit_once('/')?;
    (group.contains('.') && names::dns_subdomain(group).is_empty()).then(|| group.to_owned())
}

/// Whether a command is the one that the page says of a deed with these inputs.
fn is_of_page(command: &str, deed: &[TimedInput]) -> bool {
    let Some(first) = deed.first().map(|timed| &timed.input) else { return false };
    if command == APPLY {
        return deed.iter().all(|timed| is_applied(&timed.input));
    }
    if command == command::of_input(first) {
        return deed.len() == 1;
    }
    let Input::Request(request) = first else { return false };
    let drained = || {
        // What was cordoned already begins with an eviction, which does not name the node.
        let node = command.strip_prefix("kubectl drain ")?.split(' ').next()?;
        let deed = Deed::Node { node: node.into(), request: NodeRequest::Drain };
        (request.change == Change::Evict && names::dns_subdomain(node).is_empty()).then_some(deed)
    };
    let goes_on = |deed: &Deed| matches!(deed, Deed::Node { request: NodeRequest::Drain, .. });
    let is_evicted = |timed: &TimedInput| matches!(&timed.input, Input::Request(it) if it.change == Change::Evict);
    deeds(request).into_iter().chain(drained()).any(|it| {
        let rest = deed.len() == 1 || goes_on(&it) && deed[1..].iter().all(is_evicted);
        rest && command == command::of(&it)
    })
}

/// Whether `kubectl apply` sends this; it once made the namespace too.
fn is_applied(input: &Input) -> bool {
    let Input::Request(request) = input else { return false };
    let is_creation = matches!(request.change, Change::Create(_));
    match said::applied(request) {
        Some(applied) => text::parse(applied).is_ok(),
        None => is_creation && request.kind == "Namespace",
    }
}

/// What on the page may have sent a request.
fn deeds(request: &Request) -> Vec<Deed> {
    let (namespace, name) = (request.namespace.clone(), request.name.clone());
    let of_node = |request| Deed::Node { node: name.clone(), request };
    match (request.kind.as_str(), &request.change) {
        ("StatefulSet", Change::Scale(replicas)) => {
            vec![Deed::Scale { namespace, name, replicas: *replicas }]
        }
        ("StatefulSet", Change::Delete { propagation, .. }) => {
            let cascade = Cascade::of_policy(propagation);
            vec![Deed::DeleteStatefulSet { namespace, name, cascade }]
        }
        ("Pod", Change::Delete { grace_period_seconds, .. }) => {
            let grace_period_seconds = *grace_period_seconds;
            vec![Deed::DeletePod { namespace, name, grace_period_seconds }]
        }
        ("PersistentVolumeClaim", Change::Delete { .. }) => {
            vec![Deed::DeleteClaim { namespace, name }]
        }
        ("PersistentVolumeClaim", Change::Patch(_, patch)) => {
            let requests = patch.at("spec").at("resources").at("requests");
            let storage = requests.text("storage").to_owned();
            let own = json!({"spec": {"resources": {"requests": {"storage": storage}}}});
            let deed = Deed::ResizeClaim { namespace, name, storage };
            if own == *patch { vec![deed] } else { Vec::new() }
        }
        ("PersistentVolume", Change::Delete { .. }) => {
            vec![Deed::Volume { name, request: VolumeRequest::Delete }]
        }
        ("PersistentVolume", Change::Patch(_, patch)) => {
            let is_it = *patch == json!({"spec": {"claimRef": null}});
            let deed = Deed::Volume { name, request: VolumeRequest::Free };
            if is_it { vec![deed] } else { Vec::new() }
        }
        ("Node", Change::Delete { .. }) => vec![of_node(NodeRequest::Delete)],
        ("Node", Change::Patch(_, patch)) => of_spec(patch).map(of_node).collect(),
        _ => Vec::new(),
    }
}

/// What on the page may have sent a patch of a node.
fn of_spec(patch: &Value) -> impl Iterator<Item = NodeRequest> {
    use NodeRequest::{Cordon, Drain, TaintOutOfService, Uncordon, UntaintOutOfService};
    let spec = patch.at("spec");
    let key = "node.kubernetes.io/out-of-service";
    let has_taint = spec.items("taints").iter().any(|taint| taint.text("key") == key);
    let all: &[NodeRequest] = match (spec.get("unschedulable"), spec.get("taints")) {
        (Some(Value::Bool(true)), None) => &[Cordon, Drain],
        (Some(_), None) => &[Uncordon],
        (None, Some(_)) if has_taint => &[TaintOutOfService],
        (None, Some(_)) => &[UntaintOutOfService],
        _ => &[],
    };
    all.iter().copied()
}
