//! The kubelet's events.

use super::worker::PodWorker;
use crate::cluster::Cluster;
use crate::cluster::event::{Event, EventType, Regarding};
use crate::cluster::meta::Kind;
use std::rc::Rc;

/// Reports an event about a container of the pod.
pub fn report(
    cluster: &mut Cluster,
    worker: &PodWorker,
    container: usize,
    type_: EventType,
    reason: &str,
    message: &str,
) {
    let path = worker.containers[container].field_path.clone();
    report_at(cluster, worker, path, type_, reason, message);
}

fn report_at(
    cluster: &mut Cluster,
    worker: &PodWorker,
    field_path: Rc<str>,
    type_: EventType,
    reason: &str,
    message: &str,
) {
    let regarding =
        Regarding { kind: Kind::Pod, key: worker.key.clone(), uid: worker.uid, field_path };
    let now = cluster.now;
    cluster.store.report(Event::new(regarding, (type_, reason, message), "kubelet", now));
}

/// Reports an event about the pod.
pub fn of_pod(
    cluster: &mut Cluster,
    worker: &PodWorker,
    type_: EventType,
    reason: &str,
    message: &str,
) {
    report_at(cluster, worker, "".into(), type_, reason, message);
}

/// Reports a Normal event about a container of the pod.
pub fn normal(
    cluster: &mut Cluster,
    worker: &PodWorker,
    container: usize,
    reason: &str,
    message: &str,
) {
    report(cluster, worker, container, EventType::Normal, reason, message);
}

/// Reports a Warning about a container of the pod.
pub fn warning(
    cluster: &mut Cluster,
    worker: &PodWorker,
    container: usize,
    reason: &str,
    message: &str,
) {
    report(cluster, worker, container, EventType::Warning, reason, message);
}
