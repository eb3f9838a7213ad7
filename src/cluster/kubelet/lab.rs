//! A node without controllers, for tests: pods are put on it, the clock runs, steps are kept.

use super::memory::Traced;
use super::script::Script;
use crate::api::{Kubernetes, Tree, Version};
use crate::cluster::meta::{Deletion, Key, Meta, Shared};
use crate::cluster::pod::{ClaimVolume, ConditionStatus, Pod, PodStatus};
use crate::cluster::step::Cause;
use crate::cluster::template::PodTemplate;
use crate::cluster::time::Millis;
use crate::cluster::{Cluster, ClusterConfig, Input, Outcome, Step, watch};
use serde_json::Value;
use std::rc::Rc;

/// A cluster of one node whose pods come from nowhere and are bound from the beginning.
pub struct Lab {
    cluster: Cluster,
    steps: Vec<Step>,
}

impl Lab {
    /// A lab whose clock stands at `now` and whose stand-ins do what `script` says.
    /// Times are drawn from `seed` if there is one, else calm.
    pub fn new(version: Version, script: Script, now: Millis, seed: Option<u64>) -> Self {
        let config = ClusterConfig {
            kubernetes: Kubernetes::new(version),
            nodes: 1,
            seed: seed.unwrap_or(1),
            drawn_times: seed.is_some(),
            ..ClusterConfig::default()
        };
        let mut cluster = Cluster::new(config);
        // What a cluster brings is no part of what is watched.
        while cluster.next_at().is_some_and(|at| at <= now) {
            cluster.step();
        }
        cluster.kubelets.script = Rc::new(script);
        cluster.kubelets.trace = Some(Vec::new());
        cluster.now = now;
        Self { cluster, steps: Vec::new() }
    }

    /// The cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Everything that happened so far.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The calls to the runtime so far.
    pub fn calls(&self) -> &[Traced] {
        self.cluster.kubelets.trace.as_deref().unwrap_or_default()
    }

    /// Creates a bound pod of an admitted template.
    pub fn create_pod(&mut self, name: &str, template: &Value) {
        let mut template = template.clone();
        if !self.cluster.kubernetes().has_container_restart_rules() {
            for container in template.open("spec").items_mut("containers") {
                container.drop_field("restartPolicy");
                container.drop_field("restartPolicyRules");
            }
        }
        let pod = bound_pod(name, &template, "minikube");
        self.cluster.store.create(pod, self.cluster.now).expect("a name that is free");
        self.settle();
    }

    /// `kubectl delete pod`: grace `None` is the pod's own, 0 takes the object away. A second
    /// deletion can only make the grace period shorter. Does nothing to a pod that is gone.
    pub fn delete_pod(&mut self, name: &str, grace_ms: Option<Millis>) {
        let (key, now) = (Key::new("default", name), self.cluster.now);
        let Some(pod) = self.cluster.store.get::<Pod>(&key) else { return };
        let own = pod.meta.deletion.map_or(pod.template.termination_grace_ms, |old| old.grace_ms);
        let grace_ms = grace_ms.unwrap_or(own);
        if grace_ms == 0 {
            self.cluster.store.remove::<Pod>(&key);
        } else if pod.meta.deletion.is_none_or(|old| grace_ms < old.grace_ms) {
            let deletion = Deletion { timestamp: now + grace_ms, grace_ms };
            self.cluster.store.update::<Pod>(&key, |pod| pod.meta.deletion = Some(deletion));
        }
        self.settle();
    }

    /// `kubectl set image pod`.
    pub fn set_image(&mut self, name: &str, container: &str, image: &str) {
        let key = Key::new("default", name);
        self.cluster.store.update::<Pod>(&key, |pod| {
            let mut api = (*pod.template.api).clone();
            for each in api.open("spec").items_mut("containers") {
                if each.text("name") == container {
                    each.put("image", image);
                }
            }
            pod.template = Shared::new(PodTemplate::from_api(&api));
        });
        self.settle();
    }

    /// Somebody creates a ConfigMap with every key.
    pub fn create_config_map(&mut self, name: &str) {
        for (_, worker) in self.cluster.kubelets.workers.iter_mut() {
            let script = Rc::make_mut(&mut Rc::make_mut(worker).script);
            script.config_maps.get_or_insert_default().push((name.into(), None));
        }
    }

    /// Somebody writes a condition of the pod's status.
    pub fn set_condition(&mut self, name: &str, type_: &str, status: ConditionStatus) {
        let key = Key::new("default", name);
        self.cluster.store.update::<Pod>(&key, |pod| {
            let others = &mut pod.status.conditions.others;
            others.retain(|(other, _)| **other != *type_);
            others.push((type_.into(), status));
        });
        self.settle();
    }

    /// Does what a person does: the cluster has all its controllers.
    pub fn submit(&mut self, input: &Input) -> Outcome {
        let (outcome, step) = self.cluster.submit(self.cluster.now, input);
        self.steps.push(step);
        outcome
    }

    /// Handles all work that is due until `at` and moves the clock there.
    pub fn run_until(&mut self, at: Millis) {
        while self.cluster.next_at().is_some_and(|next| next <= at) {
            self.steps.extend(self.cluster.step());
        }
        self.cluster.now = self.cluster.now.max(at);
    }

    /// Tells the cluster of what was written from outside, as one step.
    fn settle(&mut self) {
        let changes = self.cluster.store.take_journal();
        for change in &changes {
            watch::notify(&mut self.cluster, change);
        }
        self.steps.push(Step {
            at: self.cluster.now,
            cause: Cause::Input(0),
            changes,
            events: Vec::new(),
            probes: Vec::new(),
            hold: None,
        });
    }
}

/// A pod of the namespace `default` that is bound to `node`.
pub(super) fn bound_pod(name: &str, template: &Value, node: &str) -> Pod {
    let template = PodTemplate::from_api(template);
    let claims = template.claim_volumes.iter();
    let claims = claims
        .map(|each| ClaimVolume { volume: each.volume.clone(), claim: each.claim.clone() })
        .collect();
    let mut meta = Meta::new(Key::new("default", name));
    meta.labels = template.labels.clone();
    Pod {
        pull_secrets: None,
        meta,
        template: Shared::new(template),
        claims,
        hostname: name.into(),
        subdomain: "nginx".into(),
        node: Some(node.into()),
        status: PodStatus::default(),
    }
}
