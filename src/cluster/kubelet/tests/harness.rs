//! A cluster of one node without a controller: pods are put into the store, the clock runs, and
//! everything that happens becomes a line.

use crate::api::{Kubernetes, Version};
use crate::cluster::journal::{Change, Changed};
use crate::cluster::kubelet::lab::bound_pod;
use crate::cluster::kubelet::script::Script;
use crate::cluster::meta::{Deletion, Key, Meta};
use crate::cluster::pod::{Condition, ConditionStatus, ContainerState, Pod};
use crate::cluster::record::Stored;
use crate::cluster::service::EndpointSlice;
use crate::cluster::step::Cause;
use crate::cluster::storage::{AccessMode, Claim, ClaimPhase, Volume, VolumePhase};
use crate::cluster::time::Millis;
use crate::cluster::{Cluster, ClusterConfig, Input, Step};
use std::fmt::Write;
use std::rc::Rc;

pub struct Lab {
    pub cluster: Cluster,
    pub steps: Vec<Step>,
    last: String,
    pub lines: String,
}

impl Lab {
    pub fn new(version: Version) -> Self {
        let kubernetes = Kubernetes::new(version);
        let config = ClusterConfig { kubernetes, nodes: 1, ..ClusterConfig::default() };
        let cluster = Cluster::new(config);
        Self { cluster, steps: Vec::new(), last: String::new(), lines: String::new() }
    }

    /// Has stand-ins take no time, with all images present.
    pub fn instant(mut self) -> Self {
        self.cluster.kubelets.script = Rc::new(Script::instant());
        self
    }

    pub fn script(&mut self, change: impl FnOnce(&mut Script)) {
        change(Rc::make_mut(&mut self.cluster.kubelets.script));
    }

    /// Creates a pod that is bound to a node.
    pub fn pod(&mut self, name: &str, template: &str, node: &str) {
        let pod = bound_pod(name, &serde_yaml::from_str(template).unwrap(), node);
        self.cluster.store.create(pod, self.cluster.now).unwrap();
        self.settle();
    }

    /// Creates a claim that is bound to a volume of its own.
    pub fn claim(&mut self, name: &str) {
        let now = self.cluster.now;
        let key = Key::new("default", name);
        let volume: Rc<str> = format!("pvc-{name}").into();
        let access_modes: Rc<[AccessMode]> = [AccessMode::ReadWriteOnce].into();
        let claim = Claim {
            request_bytes: 1 << 30,
            request: "1Gi".into(),
            storage_class: Some("standard".into()),
            access_modes: access_modes.clone(),
            phase: ClaimPhase::Bound,
            volume: Some(volume.clone()),
            capacity: Some("1Gi".into()),
            ..Claim::new(Meta::new(key.clone()))
        };
        let claim = self.cluster.store.create(claim, now).unwrap();
        let meta = Meta::new(Key::new("", &volume));
        let body = serde_json::json!({"spec": {"capacity": {"storage": "1Gi"}}});
        let mut volume = Volume::read(meta, &body, None);
        volume.access_modes = access_modes;
        volume.phase = VolumePhase::Bound;
        volume.claim = Some((key, claim.meta.uid));
        self.cluster.store.create(volume, now).unwrap();
        self.settle();
    }

    /// `kubectl delete pod`: grace `None` is the pod's own, 0 takes the object away.
    pub fn delete_pod(&mut self, name: &str, grace_ms: Option<Millis>) {
        let key = Key::new("default", name);
        let now = self.cluster.now;
        let own = self.cluster.store.get::<Pod>(&key).unwrap().template.termination_grace_ms;
        let grace_ms = grace_ms.unwrap_or(own);
        if grace_ms == 0 {
            self.cluster.store.remove::<Pod>(&key);
        } else {
            let deletion = Deletion { timestamp: now + grace_ms, grace_ms };
            self.cluster.store.update::<Pod>(&key, |pod| pod.meta.deletion = Some(deletion));
        }
        self.settle();
    }

    pub fn submit(&mut self, input: &Input) -> Vec<String> {
        let (outcome, step) = self.cluster.submit(self.cluster.now, input);
        self.note(step);
        outcome.refusal().iter().map(ToString::to_string).collect()
    }

    /// Handles all work that is due until `at` and moves the clock there.
    pub fn run_until(&mut self, at: Millis) -> &mut Self {
        while self.cluster.next_at().is_some_and(|next| next <= at) {
            let step = self.cluster.step().unwrap();
            self.note(step);
        }
        self.cluster.now = at;
        self
    }

    /// What happened since this was last called.
    pub fn transcript(&mut self) -> String {
        std::mem::take(&mut self.lines)
    }

    /// Tells the cluster of what the test wrote, as one step.
    fn settle(&mut self) {
        let changes = self.cluster.store.take_journal();
        for change in &changes {
            crate::cluster::watch::notify(&mut self.cluster, change);
        }
        self.note(Step {
            at: self.cluster.now,
            cause: Cause::Input(0),
            changes,
            events: Vec::new(),
            probes: Vec::new(),
            hold: None,
        });
    }

    fn note(&mut self, step: Step) {
        let at = format!("{:<7.3}", step.at as f64 / 1000.0);
        for event in &step.events {
            let uid = event.regarding.uid.to_string();
            let message = event.message.replace(&uid, "<uid>");
            let count = if event.count > 1 { format!(" x{}", event.count) } else { String::new() };
            let _ = writeln!(self.lines, "{at}   {} {message}{count}", event.reason);
        }
        for probe in &step.probes {
            let word = if probe.success { "ok" } else { "failed" };
            let _ = writeln!(
                self.lines,
                "{at}     {} {} {word} {}/{}",
                probe.container,
                probe.probe.name(),
                probe.run,
                probe.threshold
            );
        }
        for change in &step.changes {
            let line = describe(change);
            if !line.is_empty() && line != self.last {
                let _ = writeln!(self.lines, "{at} {line}");
                self.last = line;
            }
        }
        self.steps.push(step);
    }
}

fn describe(change: &Change) -> String {
    let gone = || format!("{} gone", change.meta().name());
    if let Some(Changed { new, .. }) = change.of::<Pod>() {
        return new.map_or_else(gone, |pod| describe_pod(&pod));
    }
    if let Some(Changed { new, .. }) = change.of::<Claim>() {
        return new.map_or_else(gone, |it| format!("{} {:?}", it.meta.name(), it.phase));
    }
    if let Some(Changed { new, .. }) = change.of::<Volume>() {
        let text = |it: std::rc::Rc<Volume>| format!("volume {:?} {:?}", it.phase, it.files);
        return new.map_or_else(|| "volume gone".into(), text);
    }
    match change.of::<EndpointSlice>() {
        Some(Changed { new: Some(slice), .. }) => {
            let each = slice.endpoints.iter().map(|each| {
                let flag = |set, letter| if set { letter } else { "-" };
                format!(
                    "{}@{}:{}{}{}",
                    each.hostname.as_deref().unwrap_or("?"),
                    each.address,
                    flag(each.ready, "r"),
                    flag(each.serving, "s"),
                    flag(each.terminating, "t")
                )
            });
            format!("slice [{}]", each.collect::<Vec<_>>().join(" "))
        }
        _ => String::new(),
    }
}

pub fn describe_pod(pod: &Pod) -> String {
    let conditions = &pod.status.conditions;
    let letter = |condition: &Option<Condition>| match condition.as_ref().map(|each| each.status) {
        Some(ConditionStatus::True) => 'T',
        Some(_) => 'F',
        None => '-',
    };
    let flags: String = [
        &conditions.ready_to_start_containers,
        &conditions.initialized,
        &conditions.ready,
        &conditions.containers_ready,
        &conditions.scheduled,
    ]
    .into_iter()
    .map(letter)
    .collect();
    let mut text = format!("{} {} {flags}", pod.meta.name(), pod.status.phase.name());
    if pod.is_terminating() {
        text += " deleted";
    }
    for each in pod.status.init_containers.iter().chain(&pod.status.containers) {
        let state = match &each.state {
            ContainerState::Waiting { reason, .. } => reason.to_string(),
            ContainerState::Running { .. } => "Running".into(),
            ContainerState::Terminated(exit) => format!("{}({})", exit.reason, exit.exit_code),
        };
        let last = each.last_state.as_ref();
        let last = last.map_or(String::new(), |exit| format!(" last={}", exit.exit_code));
        let ready = if each.ready { " ready" } else { "" };
        let started = if each.started { "" } else { " unstarted" };
        let _ =
            write!(text, " | {}={state}{ready}{started} r{}{last}", each.name, each.restart_count);
    }
    text
}
