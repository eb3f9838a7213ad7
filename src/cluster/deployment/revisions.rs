//! Which ReplicaSet stands for which template.
//!
//! Upstream: `pkg/controller/deployment/sync.go`, getNewReplicaSet, cleanupDeployment;
//! `pkg/controller/deployment/util/deployment_util.go`.

use super::kind::{DESIRED, Deployment, HASH_LABEL, MAXIMUM, REVISION, ReplicaSet, number};
use super::rollout::Rollout;
use super::status::Reason;
use crate::api::change::Cascade;
use crate::api::object::LAST_APPLIED;
use crate::api::{Tree, revision};
use crate::cluster::apiserver::delete;
use crate::cluster::meta::{Kind, Labels, Meta, OwnerReference};
use crate::cluster::record::Stored;
use serde_json::{Value, json};
use std::rc::Rc;

/// What a ReplicaSet does not take over from its Deployment's annotations.
const OWN: [&str; 5] =
    [LAST_APPLIED, REVISION, "deployment.kubernetes.io/revision-history", DESIRED, MAXIMUM];

/// The ReplicaSets of a Deployment.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets {
    /// That of the present template.
    pub new: Option<Rc<ReplicaSet>>,
    /// The others, oldest first.
    pub old: Vec<Rc<ReplicaSet>>,
}

impl Sets {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Rc<ReplicaSet>> {
        self.old.iter().chain(&self.new)
    }
}

/// The number of a revision that a ReplicaSet has.
pub(super) fn number_of(set: &ReplicaSet) -> i64 {
    set.meta.annotations.get(REVISION).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// A template without the label that the controller adds.
fn plain(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template.open("metadata").set_mut("labels") {
        labels.drop_field(HASH_LABEL);
    }
    template
}

impl Rollout<'_> {
    /// The ReplicaSets that it controls; those without an owner that match are taken in.
    pub(super) fn sets(&mut self) -> Sets {
        let deployment = Rc::clone(&self.deployment);
        let uid = deployment.meta.uid;
        let all = self.cluster.store.list_in::<ReplicaSet>(&deployment.meta.key.namespace);
        let all: Vec<Rc<ReplicaSet>> = all.cloned().collect();
        let mut own = Vec::new();
        for set in all {
            let matches = deployment.selector.matches(&set.meta.labels);
            match set.meta.controller() {
                Some(owner) if owner.uid == uid => own.push(set),
                None if matches && !deployment.meta.is_terminating() => {
                    let owner = OwnerReference::controller(Kind::Deployment, &deployment.meta);
                    let key = &set.meta.key;
                    let adopt = |set: &mut ReplicaSet| set.meta.owners.push(owner);
                    self.cluster.store.update::<ReplicaSet>(key, adopt);
                    own.extend(self.cluster.store.get::<ReplicaSet>(key).cloned());
                }
                _ => {}
            }
        }
        own.sort_by_key(|set| (set.meta.created_at, set.meta.key.clone()));
        let wanted = plain(deployment.template());
        let place = own.iter().position(|set| plain(set.spec.at("template")) == wanted);
        let new = place.map(|place| own.remove(place));
        Sets { new, old: own }
    }

    /// Makes the ReplicaSet of the present template if there is none, and gives it its number.
    pub(super) fn sync_revision(&mut self, sets: &mut Sets, creates: bool) {
        let number = sets.old.iter().map(|set| number_of(set)).max().unwrap_or(0) + 1;
        match &sets.new {
            Some(set) => {
                let number = number.max(number_of(set));
                let annotations = self.annotations(number);
                self.cluster.store.update::<ReplicaSet>(&set.meta.key, |set| {
                    Rc::make_mut(&mut set.meta.annotations).extend(annotations);
                });
                if self.status.progressing().is_none() {
                    self.status.progress(Reason::Found, set.meta.name(), self.cluster.now);
                }
                self.set_revision(number);
            }
            None if creates => {
                let set = self.new_set(sets, number);
                let (name, replicas) = (set.meta.name().to_owned(), set.replicas);
                let now = self.cluster.now;
                if self.cluster.store.create(set, now).is_err() {
                    return;
                }
                if replicas > 0 {
                    self.report_scaling(&name, 0, replicas);
                }
                self.status.progress(Reason::Created, &name, now);
                self.set_revision(number);
            }
            None => return,
        }
        *sets = self.sets();
    }

    fn set_revision(&mut self, number: i64) {
        self.cluster.store.update::<Deployment>(&self.deployment.meta.key, |deployment| {
            let annotations = Rc::make_mut(&mut deployment.meta.annotations);
            annotations.insert(REVISION.into(), number.to_string());
        });
    }

    /// The annotations of the ReplicaSet of the present template.
    fn annotations(&self, number: i64) -> Labels {
        let deployment = &self.deployment;
        let own = |key: &str| OWN.contains(&key);
        let copied = deployment.meta.annotations.iter().filter(|(key, _)| !own(key));
        let mut annotations: Labels =
            copied.map(|(key, value)| (key.clone(), value.clone())).collect();
        annotations.insert(REVISION.into(), number.to_string());
        annotations.extend(self.size_annotations());
        annotations
    }

    /// What a ReplicaSet remembers of the size that its Deployment had.
    pub(super) fn size_annotations(&self) -> [(String, String); 2] {
        let replicas = self.deployment.replicas();
        let maximum = replicas.saturating_add(self.deployment.max_surge());
        [(DESIRED.into(), replicas.to_string()), (MAXIMUM.into(), maximum.to_string())]
    }

    fn new_set(&self, sets: &Sets, number: i64) -> ReplicaSet {
        let deployment = &self.deployment;
        let template = deployment.template();
        let hash = revision::hash(&template.to_string(), self.status.collisions());
        let name = format!("{}-{hash}", deployment.meta.name());
        let mut template = template.clone();
        template.open("metadata").open("labels").put(HASH_LABEL, hash.as_str());
        let mut selector = deployment.spec.at("selector").clone();
        selector.open("matchLabels").put(HASH_LABEL, hash.as_str());
        let mut meta = Meta::new(deployment.meta.key.sibling(&name));
        meta.labels = Rc::new(crate::cluster::template::labels(template.at("metadata"), "labels"));
        meta.annotations = Rc::new(self.annotations(number));
        meta.owners = vec![OwnerReference::controller(Kind::Deployment, &deployment.meta)];
        let mut spec = json!({
            "replicas": self.replicas_of_new(sets, 0),
            "selector": selector,
            "template": template,
        });
        if let Some(seconds) = deployment.spec.set("minReadySeconds") {
            spec.put("minReadySeconds", seconds.clone());
        }
        ReplicaSet::read(meta, &json!({"spec": spec}), None)
    }

    /// Deletes the oldest ReplicaSets that no longer have pods, beyond `revisionHistoryLimit`.
    pub(super) fn clean_up(&mut self, sets: &Sets) {
        let limit = number(&self.deployment.spec, "revisionHistoryLimit", i32::MAX);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut old: Vec<_> = sets.old.iter().filter(|set| !set.meta.is_terminating()).collect();
        let surplus = old.len().saturating_sub(limit);
        old.sort_by_key(|set| number_of(set));
        let is_idle = |set: &&&Rc<ReplicaSet>| {
            let is_looked_at = set.meta.generation <= set.status.observed_generation;
            set.replicas == 0 && set.status.replicas == 0 && is_looked_at
        };
        for set in old.iter().take(surplus).filter(is_idle) {
            let (key, now) = (&set.meta.key, self.cluster.now);
            let store = &mut self.cluster.store;
            let _gone = delete::delete::<ReplicaSet>(store, key, Cascade::Background, now).is_err();
        }
    }
}
