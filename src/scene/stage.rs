//! What stands on the stage: slots by ordinal with their pods, claims and gates, Services above.

use super::printed::{Printed, Row};
use super::words::pod_state;
use super::{ClaimCard, Gate, PodCard, ProbeRing, ServiceScene, SetScene, Slot};
use crate::cluster::kubelet::view::{ProbeView, probe_views};
use crate::cluster::meta::{Key, Labels};
use crate::cluster::objects::unix_millis;
use crate::cluster::pod::{Glance, Pod};
use crate::cluster::service::{Endpoint, EndpointSlice, Service};
use crate::cluster::stateful_set::{
    ControllerRevision, PodManagementPolicy, StatefulSet, StatefulSetSpec,
};
use crate::cluster::storage::{Claim, Volume};
use crate::cluster::time::seconds;
use crate::cluster::{Cluster, Millis};
use crate::ordered::{Map, Set};
use std::rc::Rc;

/// The set in numbers.
pub fn set(set: &StatefulSet, revisions: &Map<Rc<str>, i64>) -> SetScene {
    SetScene {
        namespace: set.meta.key.namespace.to_string(),
        name: set.meta.name().into(),
        replicas: set.spec.replicas,
        ready: set.status.ready_replicas,
        updated: set.status.updated_replicas,
        policy: match set.spec.pod_management_policy {
            PodManagementPolicy::OrderedReady => "OrderedReady",
            PodManagementPolicy::Parallel => "Parallel",
        },
        revision: revisions.values().copied().max().unwrap_or(0),
        has_claim_templates: !set.spec.claim_templates.is_empty(),
        terminating: set.meta.is_terminating(),
    }
}

/// Numbers of the revisions in a namespace, by name.
pub fn revisions(cluster: &Cluster, namespace: &str) -> Map<Rc<str>, i64> {
    let revisions = cluster.store().list_in::<ControllerRevision>(namespace);
    let mut numbers = Map::new();
    for it in revisions {
        numbers.insert(Rc::clone(&it.meta.key.name), it.revision);
    }
    numbers
}

/// The ordinal of `name` if it is `<stem>-<number>`.
pub fn ordinal_of(name: &str, stem: &str) -> Option<i64> {
    let digits = name.strip_prefix(stem)?.strip_prefix('-')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// What stands at each ordinal of the set called `key`, which need not exist any more.
pub fn slots(
    cluster: &Cluster,
    printed: &mut Printed,
    key: &Key,
    set: Option<&StatefulSet>,
    in_service: &Set<Rc<str>>,
    revisions: &Map<Rc<str>, i64>,
    now: Millis,
) -> Vec<Slot> {
    let mut slots = Map::new();
    if let Some(set) = set {
        let start = i64::from(set.spec.start_ordinal);
        for ordinal in start..start + i64::from(set.spec.replicas.max(0)) {
            slot(&mut slots, key, ordinal).wanted = true;
        }
    }
    for pod in cluster.store().list_in::<Pod>(&key.namespace) {
        if let Some(ordinal) = ordinal_of(pod.meta.name(), &key.name) {
            let row = printed.row(cluster, pod);
            let card = card(cluster, pod, &row, set, in_service, revisions, now);
            slot(&mut slots, key, ordinal).pod = Some(card);
        }
    }
    place_claims(cluster, printed, key, &mut slots);
    gates(cluster, key, set, &mut slots, now);
    slots.into_iter().map(|(_, slot)| slot).collect()
}

fn slot<'a>(slots: &'a mut Map<i64, Slot>, key: &Key, ordinal: i64) -> &'a mut Slot {
    slots.entry(ordinal).or_insert_with(|| Slot {
        ordinal,
        name: format!("{}-{ordinal}", key.name),
        ..Slot::default()
    })
}

fn place_claims(cluster: &Cluster, printed: &mut Printed, key: &Key, slots: &mut Map<i64, Slot>) {
    for claim in cluster.store().list_in::<Claim>(&key.namespace) {
        let Some((stem, _)) = claim.meta.name().rsplit_once('-') else { continue };
        let Some(template) = stem.strip_suffix(&*key.name) else { continue };
        let Some(ordinal) = ordinal_of(claim.meta.name(), stem) else { continue };
        if !template.ends_with('-') {
            continue;
        }
        let pod_key = key.sibling(&format!("{}-{ordinal}", key.name));
        let pod = cluster.store().get::<Pod>(&pod_key);
        let mounts = |pod: &Rc<Pod>| pod.claims.iter().any(|it| it.claim == claim.meta.key.name);
        let row = printed.row(cluster, claim);
        let card = claim_card(cluster, claim, &row, pod.is_some_and(mounts));
        slot(slots, key, ordinal).claims.push(card);
    }
}

fn claim_card(cluster: &Cluster, claim: &Claim, row: &Row, plugged: bool) -> ClaimCard {
    let volume = claim.volume.as_deref().map(|name| Key::new("", name));
    let volume = volume.and_then(|key| cluster.store().get::<Volume>(&key));
    let files = volume.map(|volume| (*volume.files).clone()).unwrap_or_default();
    let capacity = row.text("CAPACITY", 0);
    ClaimCard {
        uid: claim.meta.uid.to_string(),
        namespace: claim.meta.key.namespace.to_string(),
        name: claim.meta.name().into(),
        status: row.text("STATUS", 0),
        doubled: doubled(&claim.request),
        size: if capacity.is_empty() { claim.request.to_string() } else { capacity },
        plugged,
        files: files.into_iter().collect(),
    }
}

fn gates(
    cluster: &Cluster,
    key: &Key,
    set: Option<&StatefulSet>,
    slots: &mut Map<i64, Slot>,
    now: Millis,
) {
    let Some(spec) = set.map(|set| &set.spec) else { return };
    if spec.pod_management_policy == PodManagementPolicy::Parallel {
        return;
    }
    let ordinals: Vec<_> = slots.keys().copied().collect();
    for pair in ordinals.windows(2) {
        let before = key.sibling(&format!("{}-{}", key.name, pair[0]));
        let pod = cluster.store().get::<Pod>(&before).map(Rc::as_ref);
        if let Some(slot) = slots.get_mut(&pair[1]) {
            slot.gate = Some(gate(&before.name, pod, spec, now));
        }
    }
}

fn gate(name: &str, pod: Option<&Pod>, spec: &StatefulSetSpec, now: Millis) -> Gate {
    let shut = |text: String| Gate { open: false, text };
    let Some(pod) = pod else { return shut(format!("{name} does not exist")) };
    if pod.is_terminating() {
        return shut(format!("{name} is terminating"));
    }
    if !pod.is_running_and_ready() {
        return shut(format!("{name} is not Ready"));
    }
    if !pod.is_available(seconds(spec.min_ready_seconds), now) {
        return shut(format!("{name} is Ready, not yet available"));
    }
    Gate { open: true, text: format!("{name} is Ready") }
}

fn card(
    cluster: &Cluster,
    pod: &Pod,
    row: &Row,
    set: Option<&StatefulSet>,
    in_service: &Set<Rc<str>>,
    revisions: &Map<Rc<str>, i64>,
    now: Millis,
) -> PodCard {
    let cell = |title| row.text(title, unix_millis(now));
    let (status, ready) = (cell("STATUS"), cell("READY"));
    let label = pod.meta.labels.get("controller-revision-hash").map(String::as_str);
    let revision = label.and_then(|name| revisions.get(name)).copied();
    let update = set.map(|set| &*set.status.update_revision);
    let first = pod.template.containers.first();
    PodCard {
        uid: pod.meta.uid.to_string(),
        namespace: pod.meta.key.namespace.to_string(),
        name: pod.meta.name().into(),
        state: pod_state(&Glance::of(pod)),
        label: format!("{}, {status}, Ready {ready}", pod.meta.name()),
        status,
        ready,
        restarts: cell("RESTARTS"),
        node: pod.node.as_deref().unwrap_or_default().into(),
        ip: pod.status.pod_ip.map(|ip| ip.to_string()).unwrap_or_default(),
        image: first.map(|container| container.image.to_string()).unwrap_or_default(),
        revision: revision.unwrap_or(0),
        up_to_date: label.is_some() && label == update,
        containers: pod.template.containers.iter().map(|it| it.name.to_string()).collect(),
        probes: probe_views(cluster, pod).iter().map(|view| ring(view, pod)).collect(),
        doing: super::why::doing(cluster, pod),
        in_service: in_service.contains(&pod.meta.key.name),
    }
}

fn ring(view: &ProbeView, pod: &Pod) -> ProbeRing {
    let container = pod.template.containers.iter().find(|it| it.name == view.container);
    let probe = container.and_then(|container| container.probe(view.kind));
    ProbeRing {
        container: view.container.to_string(),
        kind: view.kind,
        last: view.last_success,
        run: view.run,
        threshold: view.threshold,
        next_at: view.next_at,
        period_ms: probe.map_or(0, |probe| probe.period_ms),
        fault: view.is_made_to_fail,
    }
}

/// Services that select pods of the set, or that it names, with the pods that get traffic.
pub fn services(
    cluster: &Cluster,
    printed: &mut Printed,
    key: &Key,
    set: Option<&StatefulSet>,
) -> Vec<ServiceScene> {
    let services = cluster.store().list_in::<Service>(&key.namespace);
    let concerns = |service: &&Rc<Service>| {
        let governs = set.is_some_and(|set| set.spec.service_name == service.meta.key.name);
        let labels = set.map(|set| &set.spec.template.labels);
        governs || labels.is_none_or(|labels| selects(&service.selector, labels))
    };
    let scene = |service: &Rc<Service>| {
        let cluster_ip = printed.row(cluster, service).text("CLUSTER-IP", 0);
        ServiceScene { cluster_ip, ..service_scene(cluster, service, set) }
    };
    services.filter(concerns).map(scene).collect()
}

fn selects(selector: &Labels, labels: &Labels) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

fn service_scene(cluster: &Cluster, service: &Service, set: Option<&StatefulSet>) -> ServiceScene {
    let slices = cluster.store().list_in::<EndpointSlice>(&service.meta.key.namespace);
    let slice = slices.filter(|slice| slice.service == service.meta.key.name).last();
    let endpoints: &[Endpoint] = slice.map_or(&[], |slice| &slice.endpoints);
    let (ready, not_ready): (Vec<_>, Vec<_>) = endpoints.iter().partition(|it| it.ready);
    let names = |list: Vec<&Endpoint>| list.iter().map(|it| it.pod.to_string()).collect();
    ServiceScene {
        uid: service.meta.uid.to_string(),
        namespace: service.meta.key.namespace.to_string(),
        name: service.meta.name().into(),
        cluster_ip: String::new(),
        headless: service.is_headless(),
        governing: set.is_some_and(|set| set.spec.service_name == service.meta.key.name),
        ready: names(ready),
        not_ready: names(not_ready),
    }
}

/// The short name of the set's first pod in the DNS.
pub fn first_name(key: &Key, set: Option<&StatefulSet>) -> String {
    let start = set.map_or(0, |set| set.spec.start_ordinal);
    match set.map(|set| &*set.spec.service_name) {
        None | Some("") => format!("{}-{start}", key.name),
        Some(service) => format!("{}-{start}.{service}", key.name),
    }
}

/// Twice a size, in the same unit.
fn doubled(size: &str) -> String {
    let digits = size.find(|it: char| !it.is_ascii_digit()).unwrap_or(size.len());
    let (number, unit) = size.split_at(digits);
    number
        .parse::<u64>()
        .map_or_else(|_| size.into(), |it| format!("{}{unit}", it.saturating_mul(2)))
}
