//! The rows of the page's tables, cell by cell below their [`columns`](super::columns).

use super::clock::clock;
use super::{ClaimRow, EventRow, NodeRow, PodRow};

impl PodRow {
    /// Its cells below [`columns::PODS`](super::columns::PODS).
    pub fn cells(&self) -> Vec<String> {
        let created = clock(self.created_at);
        let ready_since = self.ready_at.map_or_else(|| "-".to_owned(), clock);
        let cells = [
            &self.name,
            &self.ready,
            &self.status,
            &self.restarts,
            &self.age,
            &created,
            &ready_since,
            &self.ip,
            &self.node,
            &self.revision,
        ];
        cells.map(String::clone).into()
    }
}

impl ClaimRow {
    /// Its cells below [`columns::CLAIMS`](super::columns::CLAIMS).
    pub fn cells(&self) -> Vec<String> {
        let cells = [
            &self.name,
            &self.status,
            &self.volume,
            &self.capacity,
            &self.access_modes,
            &self.storage_class,
            &self.age,
            &self.grows_to,
            &self.used_by,
            &self.files,
        ];
        cells.map(String::clone).into()
    }
}

impl EventRow {
    /// Its cells below [`columns::EVENTS`](super::columns::EVENTS).
    pub fn cells(&self) -> Vec<String> {
        let seen_at = clock(self.at);
        let cells = [&seen_at, &self.kind, &self.reason, &self.object, &self.message, &self.count];
        cells.map(String::clone).into()
    }

    /// Something to look at.
    pub fn is_warning(&self) -> bool {
        self.kind == "Warning"
    }
}

impl NodeRow {
    /// Its cells below [`columns::NODES`](super::columns::NODES) but `ACTIONS`.
    pub fn cells(&self) -> Vec<String> {
        let cells = [
            &self.name,
            &self.status,
            &self.roles,
            &self.age,
            &self.machine,
            &self.zone,
            &self.pods,
            &self.cpu,
            &self.taints,
        ];
        cells.map(String::clone).into()
    }
}
