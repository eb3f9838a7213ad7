//! The tables: pods, claims, DNS records and events as rows of text.

use super::printed::{Printed, Row};
use super::{ClaimRow, EventRow, LeftOut, PodRow, RecordRow};
use crate::cluster::dns::{self, Data};
use crate::cluster::event::Event;
use crate::cluster::meta::Key;
use crate::cluster::objects::unix_millis;
use crate::cluster::pod::Pod;
use crate::cluster::storage::{Claim, Volume};
use crate::cluster::{Cluster, Millis};
use crate::ordered::{Map, sort_by};
use std::rc::Rc;

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
pub fn pods(cluster: &Cluster, printed: &mut Printed, now: Millis) -> Vec<PodRow> {
    let pods = cluster.store().list::<Pod>().map(|pod| (order(&pod.meta.key), pod));
    let mut pods: Vec<_> = pods.collect();
    sort_by(&mut pods, |one, other| one.0 < other.0);
    let row = |(_, pod): (_, &Rc<Pod>)| pod_row(pod, &printed.row(cluster, pod), now);
    pods.into_iter().take(MAX_ROWS).map(row).collect()
}

/// Namespace, name before the ordinal, ordinal: `web-10` comes after `web-9`.
fn order(key: &Key) -> (&str, &str, u64) {
    let (stem, number) = key.name.rsplit_once('-').unwrap_or((&key.name, ""));
    (&key.namespace, stem, number.parse().unwrap_or(0))
}

fn pod_row(pod: &Pod, row: &Row, now: Millis) -> PodRow {
    let cell = |title| row.text(title, unix_millis(now));
    PodRow {
        uid: pod.meta.uid.to_string(),
        namespace: pod.meta.key.namespace.to_string(),
        name: cell("NAME"),
        ready: cell("READY"),
        status: cell("STATUS"),
        restarts: cell("RESTARTS"),
        age: cell("AGE"),
        ip: cell("IP"),
        node: cell("NODE"),
        revision: pod.meta.labels.get("controller-revision-hash").cloned().unwrap_or_default(),
        created_at: pod.meta.created_at,
        ready_at: ready_since(pod),
    }
}

fn ready_since(pod: &Pod) -> Option<Millis> {
    let ready = pod.status.conditions.ready.as_ref()?;
    pod.is_ready().then_some(ready.since)
}

/// Claims in the order of their ordinals.
pub fn claims(cluster: &Cluster, printed: &mut Printed, now: Millis) -> Vec<ClaimRow> {
    let mut users = Map::new();
    for pod in cluster.store().list::<Pod>() {
        for volume in pod.claims.iter() {
            users.insert(pod.meta.key.sibling(&volume.claim), pod.meta.name());
        }
    }
    let claims = cluster.store().list::<Claim>().map(|claim| (order(&claim.meta.key), claim));
    let mut claims: Vec<_> = claims.collect();
    sort_by(&mut claims, |one, other| one.0 < other.0);
    let row = |(_, claim): (_, &Rc<Claim>)| {
        let used_by = users.get(&claim.meta.key).map(|name| (*name).to_owned());
        let used_by = used_by.unwrap_or_default();
        ClaimRow { used_by, ..claim_row(cluster, claim, &printed.row(cluster, claim), now) }
    };
    claims.into_iter().take(MAX_ROWS).map(row).collect()
}

fn claim_row(cluster: &Cluster, claim: &Claim, row: &Row, now: Millis) -> ClaimRow {
    let cell = |title| row.text(title, unix_millis(now));
    let volume = claim.volume.as_deref().map(Volume::key);
    let volume = volume.and_then(|key| cluster.store().get::<Volume>(&key));
    let files = volume.into_iter().flat_map(|volume| volume.files.iter());
    let files = files
        .map(|(name, content)| format!("{name}: {}", content.lines().last().unwrap_or_default()));
    let growth = claim.growth.map(|growth| format!("{} ({})", claim.request, growth.condition()));
    ClaimRow {
        uid: claim.meta.uid.to_string(),
        namespace: claim.meta.key.namespace.to_string(),
        name: cell("NAME"),
        status: cell("STATUS"),
        volume: cell("VOLUME"),
        capacity: cell("CAPACITY"),
        access_modes: cell("ACCESS MODES"),
        storage_class: cell("STORAGECLASS"),
        age: cell("AGE"),
        grows_to: growth.unwrap_or_default(),
        files: files.collect::<Vec<_>>().join(", "),
        used_by: String::new(),
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
pub fn events(cluster: &Cluster, printed: &mut Printed, now: Millis) -> Vec<EventRow> {
    let events = cluster.store().events();
    let mut rows: Vec<_> = events.numbered().rev().take(MAX_ROWS).collect();
    sort_by(&mut rows, |one, other| one.1.last_at > other.1.last_at);
    let row = |(number, event): (usize, &Rc<Event>)| {
        let row = printed.event(cluster, number, event);
        let cell = |title| row.text(title, unix_millis(now));
        EventRow {
            number,
            at: event.last_at,
            kind: cell("TYPE"),
            reason: cell("REASON"),
            object: cell("OBJECT"),
            message: cell("MESSAGE"),
            count: cell("COUNT"),
        }
    };
    rows.into_iter().map(row).collect()
}
