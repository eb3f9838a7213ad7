//! The surroundings of the control loop in a scenario: person, kubelet, scheduler, clock, queue.

use super::manifest;
use super::recording::{Input, Scenario};
use super::state::Names;
use statefulset_playground::api::change::Cascade;
use statefulset_playground::api::{ApiObject, Kubernetes, Status};
use statefulset_playground::cluster::apiserver;
use statefulset_playground::cluster::meta::{Deletion, Key, Labels, Meta, OwnerReference, Uid};
use statefulset_playground::cluster::pod::{Condition, ConditionStatus, Pod, PodPhase};
use statefulset_playground::cluster::stateful_set::StatefulSet;
use statefulset_playground::cluster::stateful_set::memory::{Livelock, Timer};
use statefulset_playground::cluster::stateful_set::sync::sync;
use statefulset_playground::cluster::stateful_set::wake;
use statefulset_playground::cluster::storage::Claim;
use statefulset_playground::cluster::time::{Millis, SECOND};
use statefulset_playground::cluster::{Store, claim_protection, garbage};
use std::rc::Rc;

/// What one step did.
#[derive(Default)]
pub struct Outcome {
    pub rejected: Option<String>,
    pub syncs: Vec<Vec<String>>,
    pub looked: bool,
    pub livelock: bool,
}

/// The world that a scenario plays in.
pub struct World {
    pub store: Store,
    pub names: Names,
    pub set: Key,
    kubernetes: Kubernetes,
    now: Millis,
    manifest: ApiObject,
    queued: bool,
    timer: Timer,
    failing: bool,
    collects: bool,
    livelock: Livelock,
    outcome: Outcome,
}

impl World {
    pub fn new(scenario: &Scenario) -> Self {
        Self {
            store: unfiltered_store(),
            names: Names::default(),
            set: Key::new("default", "web"),
            kubernetes: scenario.kubernetes(),
            now: 0,
            manifest: manifest::stateful_set(&scenario.set),
            queued: false,
            timer: Timer::default(),
            failing: false,
            collects: true,
            livelock: Livelock::default(),
            outcome: Outcome::default(),
        }
    }

    /// Does what the input says and lets everything come to rest.
    pub fn step(&mut self, input: &Input) -> Outcome {
        self.outcome = Outcome::default();
        self.livelock = Livelock::default();
        if input.kind == "advance" {
            self.advance(input.int.expect("seconds") as Millis * SECOND);
        } else if let Err(status) = self.apply(input) {
            self.outcome.rejected = Some(status.message);
        }
        self.settle();
        std::mem::take(&mut self.outcome)
    }

    fn advance(&mut self, by: Millis) {
        let end = self.now + by;
        while let Some(at) = self.timer.at().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.timer.take_due(self.now);
            self.queued = self.store.get::<StatefulSet>(&self.set).is_some();
            self.settle();
        }
        self.now = end;
    }

    fn settle(&mut self) {
        loop {
            self.run_queue();
            if self.outcome.livelock {
                return;
            }
            let collected = self.collect();
            if !self.queued && self.failing && (collected || !self.outcome.looked) {
                self.queued = true;
            }
            if !self.queued {
                return;
            }
        }
    }

    /// Syncs while the set is in the queue.
    fn run_queue(&mut self) {
        self.listen();
        while std::mem::take(&mut self.queued) {
            self.sync();
            if self.outcome.livelock {
                self.queued = false;
                return;
            }
        }
    }

    fn sync(&mut self) {
        let done = sync(&mut self.store, &self.set, self.kubernetes, self.now);
        self.listen();
        self.outcome.looked = true;
        self.failing = done.has_failed();
        if let Some(after) = done.look_again_after {
            self.timer.set(self.now + after);
        }
        let lines = self.names.sync_lines(&done.report);
        let only_fails = done.report.written.is_empty();
        let repeats = only_fails && self.outcome.syncs.last() == Some(&lines);
        if !lines.is_empty() && !repeats {
            self.outcome.syncs.push(lines);
        }
        if self.livelock.note(&self.store, &self.set, &done.report) {
            self.outcome.livelock = true;
            self.failing = true;
        }
    }

    /// Garbage collector and claim protection, until neither has anything to do.
    fn collect(&mut self) -> bool {
        let mut any = false;
        loop {
            let collected = self.collects && garbage::collect(&mut self.store, self.now);
            let released = claim_protection::release_all(&mut self.store);
            self.listen();
            if !collected && !released {
                return any;
            }
            any = true;
        }
    }

    /// Hears of every write: counts incarnations and wakes the controller.
    fn listen(&mut self) {
        for change in self.store.take_journal() {
            self.names.note(&change);
            for wake in wake::woken_by(&self.store, &change, self.kubernetes) {
                if wake.set != self.set {
                    continue;
                }
                self.queued = true;
                if let Some(after) = wake.again_after {
                    self.timer.set(self.now + after);
                }
            }
        }
    }

    fn apply(&mut self, input: &Input) -> Result<(), Status> {
        let pod = self.set.sibling(&input.pod);
        let claim = self.set.sibling(&input.claim);
        match input.kind.as_str() {
            "create" => self.create_set()?,
            "createSet" => {
                if !input.value.is_empty() {
                    let image = Input { kind: "setImage".into(), ..copy(input) };
                    manifest::change(&mut self.manifest, &image);
                }
                self.create_set()?;
            }
            "deleteSet" => {
                let cascade = match input.value.as_str() {
                    "foreground" => Cascade::Foreground,
                    "orphan" => Cascade::Orphan,
                    _ => Cascade::Background,
                };
                apiserver::delete::delete::<StatefulSet>(
                    &mut self.store,
                    &self.set,
                    cascade,
                    self.now,
                )?;
            }
            "deletePod" => self.delete_pod(&pod, None)?,
            "forceDeletePod" => self.delete_pod(&pod, Some(0))?,
            "deleteClaim" => apiserver::claim::delete(&mut self.store, &claim, self.now)?,
            "createClaim" => self.create_claim(claim, &input.value)?,
            "unlabelPod" => self.label(&pod, |labels| {
                labels.remove("statefulset.kubernetes.io/pod-name");
            }),
            "quarantinePod" => self.label(&pod, |labels| {
                labels.insert("app".into(), "quarantine".into());
            }),
            "restorePod" => self.label(&pod, |labels| {
                labels.insert("app".into(), "web".into());
            }),
            "resync" => self.queued = self.store.get::<StatefulSet>(&self.set).is_some(),
            "pauseGC" => self.collects = false,
            "resumeGC" => self.collects = true,
            "denyPods" => self.store.set_pod_policy(Some("denied by policy")),
            "allowPods" => self.store.set_pod_policy(None),
            _ if self.kubelet(&pod, &input.kind) => {}
            _ => self.change_set(input)?,
        }
        Ok(())
    }

    fn create_set(&mut self) -> Result<(), Status> {
        let created = apiserver::stateful_set::create(
            &mut self.store,
            &self.manifest,
            &self.kubernetes,
            self.now,
        )?;
        self.manifest = apiserver::stateful_set::to_api(&created);
        Ok(())
    }

    fn change_set(&mut self, input: &Input) -> Result<(), Status> {
        let stored = apiserver::stateful_set::get(&self.store, &self.set)?;
        let mut set = apiserver::stateful_set::to_api(&stored);
        assert!(manifest::change(&mut set, input), "unknown input {input:?}");
        apiserver::stateful_set::update(&mut self.store, &self.set, &set, &self.kubernetes)?;
        let stored = apiserver::stateful_set::get(&self.store, &self.set)?;
        self.manifest = apiserver::stateful_set::to_api(&stored);
        Ok(())
    }

    /// A pod that goes at once gets a deletion timestamp first, and the controller sees it.
    fn delete_pod(&mut self, key: &Key, grace_seconds: Option<i64>) -> Result<(), Status> {
        let pod = self.store.get::<Pod>(key);
        let goes_at_once = pod.is_some_and(|pod| {
            grace_seconds == Some(0) || pod.node.is_none() || pod.status.phase.is_terminal()
        });
        if goes_at_once {
            // With a grace period of 0 the store would remove it at once.
            let deletion = Deletion { timestamp: self.now, grace_ms: 1 };
            self.store.update::<Pod>(key, |pod| pod.meta.deletion = Some(deletion));
            self.run_queue();
            return apiserver::pod::delete(&mut self.store, key, Some(0), self.now);
        }
        apiserver::pod::delete(&mut self.store, key, grace_seconds, self.now)
    }

    fn create_claim(&mut self, key: Key, owner: &str) -> Result<(), Status> {
        let mut meta = Meta::new(key);
        if !owner.is_empty() {
            meta.owners.push(OwnerReference {
                api_version: "example.com/v1".into(),
                kind: "Backup".into(),
                name: owner.into(),
                uid: Uid(1),
                controller: true,
                block_owner_deletion: true,
            });
        }
        let claim = Claim { request_bytes: 1 << 30, request: "1Gi".into(), ..Claim::new(meta) };
        apiserver::claim::create(&mut self.store, claim, self.now).map(|_| ())
    }

    fn label(&mut self, key: &Key, change: impl FnOnce(&mut Labels)) {
        self.store.update::<Pod>(key, |pod| change(Rc::make_mut(&mut pod.meta.labels)));
    }

    /// What the kubelet and the scheduler do to a pod. Returns whether it is that.
    fn kubelet(&mut self, key: &Key, kind: &str) -> bool {
        use ConditionStatus::{False, True, Unknown};
        let (phase, ready) = match kind {
            "podScheduled" => (None, None),
            "podRunning" => (Some(PodPhase::Running), Some(False)),
            "podReady" => (Some(PodPhase::Running), Some(True)),
            "podFailed" => (Some(PodPhase::Failed), Some(False)),
            "podSucceeded" => (Some(PodPhase::Succeeded), Some(False)),
            "podUnready" => (None, Some(False)),
            "podReadyUnknown" => (None, Some(Unknown)),
            "podGone" => {
                if self.store.get::<Pod>(key).is_some_and(|pod| pod.is_terminating()) {
                    self.store.remove::<Pod>(key);
                }
                return true;
            }
            _ => return false,
        };
        if phase.is_some() || ready.is_none() {
            let schedule = |pod: &mut Pod| pod.node = pod.node.take().or(Some("node".into()));
            if self.store.update(key, schedule) && phase.is_some() {
                self.run_queue();
            }
        }
        let now = self.now;
        self.store.update::<Pod>(key, |pod| {
            pod.status.phase = phase.unwrap_or(pod.status.phase);
            let known = &mut pod.status.conditions.ready;
            if let Some(ready) = ready
                && known.as_ref().is_none_or(|known| known.status != ready)
            {
                *known = Some(Condition::new(ready, now));
            }
        });
        true
    }
}

fn copy(input: &Input) -> Input {
    Input {
        kind: input.kind.clone(),
        pod: input.pod.clone(),
        claim: input.claim.clone(),
        value: input.value.clone(),
        int: input.int,
    }
}

/// A store that keeps every event, as the recorder of the recordings does.
fn unfiltered_store() -> Store {
    let mut store = Store::new(1);
    store.keep_all_events();
    store
}
