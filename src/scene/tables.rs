//! The tables: pods, claims, DNS records and events as rows of text.

use super::words::{age, pod_status, ready_counts, restarts_text};
use super::{ClaimRow, EventRow, LeftOut, PodRow, RecordRow};
use crate::cluster::ClusterConfig;
use crate::cluster::dns::{self, Data};
use crate::cluster::event::EventType;
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;
use crate::cluster::storage::{AccessMode, Claim, ClaimPhase, Volume};
use crate::cluster::{Cluster, Millis};
use crate::ordered::{Map, sort_by};

/// Rows shown at most of each table; beyond, a page would take longer than a frame to lay out.
pub const MAX_ROWS: usize = 500;

/// How many rows tables have less than there are objects; `records` is known already.
pub fn left_out(cluster: &Cluster, records: usize) -> LeftOut {
    let surplus = |count: usize| count.saturating_sub(MAX_ROWS);
    let store = cluster.store();
    LeftOut {
        pods: surplus(store.list::<Pod>().count()),
        claims: surplus(store.list::<Claim>().count()),
        records,
        events: surplus(store.events().numbered().count()),
    }
}

/// Pods in the order of their ordinals.
pub fn pods(cluster: &Cluster, now: Millis) -> Vec<PodRow> {
    let pods = cluster.store().list::<Pod>().map(|pod| (order(&pod.meta.key), &**pod));
    let mut pods: Vec<_> = pods.collect();
    sort_by(&mut pods, |one, other| one.0 < other.0);
    pods.into_iter().take(MAX_ROWS).map(|(_, pod)| pod_row(pod, cluster.config(), now)).collect()
}

/// Namespace, name before the ordinal, ordinal: `web-10` comes after `web-9`.
fn order(key: &Key) -> (&str, &str, u64) {
    let (stem, number) = key.name.rsplit_once('-').unwrap_or((&key.name, ""));
    (&key.namespace, stem, number.parse().unwrap_or(0))
}

fn pod_row(pod: &Pod, config: &ClusterConfig, now: Millis) -> PodRow {
    let (ready, all) = ready_counts(pod);
    let none = || "<none>".to_owned();
    let label = pod.meta.labels.get("controller-revision-hash");
    PodRow {
        uid: pod.meta.uid.to_string(),
        namespace: pod.meta.key.namespace.to_string(),
        name: pod.meta.name().into(),
        ready: format!("{ready}/{all}"),
        status: pod_status(pod),
        restarts: restarts_text(pod, config, now),
        age: age(config.elapsed(pod.meta.created_at, now)),
        ip: pod.status.pod_ip.map_or_else(none, |ip| ip.to_string()),
        node: pod.node.as_ref().map_or_else(none, |node| node.to_string()),
        revision: label.cloned().unwrap_or_default(),
        created_at: pod.meta.created_at,
        ready_at: ready_since(pod),
    }
}

fn ready_since(pod: &Pod) -> Option<u64> {
    let ready = pod.status.conditions.ready.as_ref()?;
    pod.is_ready().then_some(ready.since)
}

/// Claims in the order of their ordinals.
pub fn claims(cluster: &Cluster, now: Millis) -> Vec<ClaimRow> {
    let mut users = Map::new();
    for pod in cluster.store().list::<Pod>() {
        for volume in pod.claims.iter() {
            users.insert(pod.meta.key.sibling(&volume.claim), pod.meta.name());
        }
    }
    let claims = cluster.store().list::<Claim>().map(|claim| (order(&claim.meta.key), &**claim));
    let mut claims: Vec<_> = claims.collect();
    sort_by(&mut claims, |one, other| one.0 < other.0);
    let row = |claim: &Claim| claim_row(cluster, claim, users.get(&claim.meta.key), now);
    claims.into_iter().take(MAX_ROWS).map(|(_, claim)| row(claim)).collect()
}

fn claim_row(cluster: &Cluster, claim: &Claim, used_by: Option<&&str>, now: Millis) -> ClaimRow {
    let bound = claim.volume.is_some();
    let volume = claim.volume.as_deref().map(Volume::key);
    let volume = volume.and_then(|key| cluster.store().get::<Volume>(&key));
    let files = volume.into_iter().flat_map(|volume| volume.files.iter());
    let files = files
        .map(|(name, content)| format!("{name}: {}", content.lines().last().unwrap_or_default()));
    let growth = claim
        .growth
        .map_or(String::new(), |growth| format!(" → {} ({})", claim.request, growth.condition()));
    ClaimRow {
        uid: claim.meta.uid.to_string(),
        namespace: claim.meta.key.namespace.to_string(),
        name: claim.meta.name().into(),
        status: claim_status(claim).into(),
        volume: claim.volume.as_deref().unwrap_or_default().into(),
        capacity: format!("{}{growth}", claim.capacity.as_deref().unwrap_or_default()),
        access_modes: if bound { short_modes(&claim.access_modes) } else { String::new() },
        storage_class: claim.storage_class.as_deref().unwrap_or_default().into(),
        age: age(cluster.config().elapsed(claim.meta.created_at, now)),
        files: files.collect::<Vec<_>>().join(", "),
        used_by: used_by.map(|name| (*name).to_owned()).unwrap_or_default(),
    }
}

/// The STATUS column of a claim.
pub fn claim_status(claim: &Claim) -> &'static str {
    if claim.meta.is_terminating() {
        return "Terminating";
    }
    match claim.phase {
        ClaimPhase::Pending => "Pending",
        ClaimPhase::Bound => "Bound",
        ClaimPhase::Lost => "Lost",
    }
}

/// Access modes as kubectl shortens them.
pub fn short_modes(modes: &[AccessMode]) -> String {
    let short: Vec<_> = modes.iter().map(|mode| short_mode(*mode)).collect();
    short.join(",")
}

fn short_mode(mode: AccessMode) -> &'static str {
    match mode {
        AccessMode::ReadWriteOnce => "RWO",
        AccessMode::ReadOnlyMany => "ROX",
        AccessMode::ReadWriteMany => "RWX",
        AccessMode::ReadWriteOncePod => "RWOP",
    }
}

/// DNS records, and how many are left out.
pub fn records(cluster: &Cluster) -> (Vec<RecordRow>, usize) {
    let records = dns::records(cluster.store());
    let row = |record: dns::Record| {
        let (kind, value) = match record.data {
            Data::Address(address) => ("A", address.to_string()),
            Data::Service { priority, weight, port, target } => {
                ("SRV", format!("{priority} {weight} {port} {target}"))
            }
        };
        let pod = record.pod.map(|pod| pod.name.to_string()).unwrap_or_default();
        RecordRow { name: record.name, kind: kind.into(), value, pod }
    };
    let left_out = records.len().saturating_sub(MAX_ROWS);
    (records.into_iter().take(MAX_ROWS).map(row).collect(), left_out)
}

/// Events, the newest first.
pub fn events(cluster: &Cluster) -> Vec<EventRow> {
    let events = cluster.store().events();
    let mut rows: Vec<_> = events.numbered().rev().take(MAX_ROWS).collect();
    sort_by(&mut rows, |one, other| one.1.last_at > other.1.last_at);
    let row = |number: usize, event: &crate::cluster::event::Event| EventRow {
        number,
        at: event.last_at,
        warning: event.type_ == EventType::Warning,
        reason: event.reason.to_string(),
        object: format!(
            "{}/{}",
            event.regarding.kind.name().to_ascii_lowercase(),
            event.regarding.key.name
        ),
        message: event.message.to_string(),
        count: event.count,
        component: event.component.to_string(),
    };
    rows.into_iter().map(|(number, event)| row(number, event)).collect()
}
