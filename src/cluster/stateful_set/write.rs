//! Carrying out what a sync decided.
//!
//! Upstream: `pkg/controller/statefulset/stateful_pod_control.go`.

use super::claims::{Holder, claim_key, new_claim};
use super::identity::{controller_reference, identity_matches, repair, storage_matches};
use super::plan::{Decision, Write};
use super::{ControllerRevision, StatefulSet};
use crate::api::{Kubernetes, Status, StatusReason};
use crate::cluster::apiserver;
use crate::cluster::event::{Event, EventType, Regarding};
use crate::cluster::meta::{Key, Kind, OwnerReference, Uid};
use crate::cluster::pod::Pod;
use crate::cluster::storage::Claim;
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// One write that was carried out, status writes apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Written {
    CreatedPod { pod: Rc<str>, revision: Rc<str> },
    DeletedPod { pod: Rc<str> },
    UpdatedPod { pod: Rc<str> },
    AdoptedPod { pod: Rc<str> },
    ReleasedPod { pod: Rc<str> },
    CreatedClaim { claim: Rc<str> },
    UpdatedClaim { claim: Rc<str>, owners: Vec<OwnerReference> },
    CreatedRevision { revision: Rc<str>, number: i64 },
    UpdatedRevision { revision: Rc<str>, number: i64 },
    DeletedRevision { revision: Rc<str> },
    AdoptedRevision { revision: Rc<str> },
}

/// What came of a decision.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was written, in order.
    pub written: Vec<Written>,
    /// Every distinct error.
    pub errors: Vec<Rc<str>>,
    /// Whether the status was written.
    pub wrote_status: bool,
}

/// A writer for one sync of one set.
struct Writer<'a> {
    store: &'a mut Store,
    set: &'a StatefulSet,
    kubernetes: Kubernetes,
    now: Millis,
    report: Report,
}

/// Carries out a decision: batches until one fails, then the status, then the history.
pub fn carry_out(
    store: &mut Store,
    set: &StatefulSet,
    decision: &Decision,
    kubernetes: Kubernetes,
    now: Millis,
) -> Report {
    let report = Report::default();
    let mut writer = Writer { store, set, kubernetes, now, report };
    if let Some(error) = &decision.error {
        writer.fail(error);
        return writer.report;
    }
    for batch in &decision.batches {
        for write in batch {
            writer.write(write);
        }
        if writer.has_failed() {
            break;
        }
    }
    writer.write_status(decision);
    for write in &decision.truncation {
        writer.write(write);
    }
    writer.report
}

impl Writer<'_> {
    fn has_failed(&self) -> bool {
        !self.report.errors.is_empty()
    }

    fn fail(&mut self, error: &str) {
        if !self.report.errors.iter().any(|known| **known == *error) {
            self.report.errors.push(error.into());
        }
    }

    fn done(&mut self, written: Written) {
        self.report.written.push(written);
    }

    fn write(&mut self, write: &Write) {
        match write {
            Write::AdoptRevision(key) => {
                let owner = controller_reference(self.set);
                self.store.update::<ControllerRevision>(key, |it| it.meta.owners.push(owner));
                self.done(Written::AdoptedRevision { revision: name(key) });
            }
            Write::CreateRevision(revision) => self.create_revision(revision),
            Write::RenumberRevision { key, number } => {
                self.store.update::<ControllerRevision>(key, |it| it.revision = *number);
                let (revision, number) = (name(key), *number);
                self.done(Written::UpdatedRevision { revision, number });
            }
            Write::DeleteRevision(key) => {
                if self.store.remove::<ControllerRevision>(key).is_some() {
                    self.done(Written::DeletedRevision { revision: name(key) });
                }
            }
            Write::AdoptPod(key) => {
                let owner = controller_reference(self.set);
                self.store.update::<Pod>(key, |pod| pod.meta.owners.push(owner));
                self.done(Written::AdoptedPod { pod: name(key) });
            }
            Write::ReleasePod(key) => {
                let uid = self.set.meta.uid;
                self.store.update::<Pod>(key, |pod| pod.meta.owners.retain(|it| it.uid != uid));
                self.done(Written::ReleasedPod { pod: name(key) });
            }
            Write::CreatePod { pod, ordinal } => self.create_pod(pod, *ordinal),
            Write::KeepPod { pod, ordinal, creates_claims, repairs } => {
                if *creates_claims && !self.create_missing_claims(pod, *ordinal) {
                    return;
                }
                if *repairs {
                    self.update_pod(pod, *ordinal);
                }
            }
            Write::OwnClaims { pod, ordinal } => self.own_claims(pod, *ordinal),
            Write::DeletePod { key, may_be_gone } => self.delete_pod(key, *may_be_gone),
        }
    }

    fn create_revision(&mut self, revision: &Rc<ControllerRevision>) {
        let number = revision.revision;
        match self.store.create((**revision).clone(), self.now) {
            Ok(revision) => {
                let revision = name(&revision.meta.key);
                self.done(Written::CreatedRevision { revision, number });
            }
            Err(status) => self.fail(&status.message),
        }
    }

    /// Claims first, then the pod, then the owners of the claims.
    ///
    /// Upstream: CreateStatefulPod.
    fn create_pod(&mut self, pod: &Rc<Pod>, ordinal: i32) {
        let pod_name = &pod.meta.key.name;
        let errors = self.create_claims(pod_name, ordinal);
        if !errors.is_empty() {
            self.report_pod("create", pod_name, Some(&aggregate(&errors)));
            errors.iter().for_each(|error| self.fail(error));
            return;
        }
        let created =
            apiserver::pod::create(self.store, (**pod).clone(), &self.kubernetes, self.now);
        match created {
            Err(Status { reason: StatusReason::AlreadyExists, message, .. }) => {
                self.fail(&message);
            }
            Ok(_) => {
                let (pod, revision) = (Rc::clone(pod_name), super::identity::revision_of(pod));
                self.done(Written::CreatedPod { pod: Rc::clone(&pod), revision: revision.into() });
                self.own_claims_of(&pod, Uid::default(), ordinal);
                self.report_pod("create", &pod, None);
            }
            Err(status) => {
                self.own_claims_of(pod_name, Uid::default(), ordinal);
                self.report_pod("create", pod_name, Some(&status.message));
                self.fail(&status.message);
            }
        }
    }

    /// Creates the claims that are missing. Returns what went wrong; every claim is tried.
    ///
    /// Upstream: createPersistentVolumeClaims.
    fn create_claims(&mut self, pod: &str, ordinal: i32) -> Vec<String> {
        let mut errors = Vec::new();
        let set = self.set;
        for template in set.spec.claim_templates.iter() {
            let key = claim_key(set, template, ordinal);
            match self.store.get::<Claim>(&key) {
                Some(claim) if claim.meta.is_terminating() => {
                    errors.push(format!("pvc {} is being deleted", key.name));
                }
                Some(_) => {}
                None => {
                    let claim = new_claim(set, template, ordinal);
                    let created = apiserver::claim::create(self.store, claim, self.now);
                    let error = created.err().map(|status| status.message);
                    self.report_claim(&key.name, pod, error.as_deref());
                    match error {
                        Some(error) => {
                            errors.push(format!("failed to create PVC {}: {error}", key.name));
                        }
                        None => self.done(Written::CreatedClaim { claim: name(&key) }),
                    }
                }
            }
        }
        errors
    }

    /// A Pending pod gets back claims that were deleted. Returns whether all went well.
    ///
    /// Upstream: createMissingPersistentVolumeClaims.
    fn create_missing_claims(&mut self, pod: &Pod, ordinal: i32) -> bool {
        let errors = self.create_claims(&pod.meta.key.name, ordinal);
        errors.iter().for_each(|error| self.fail(error));
        if errors.is_empty() {
            self.own_claims(pod, ordinal);
        }
        errors.is_empty()
    }

    /// Upstream: UpdatePodClaimForRetentionPolicy.
    fn own_claims(&mut self, pod: &Pod, ordinal: i32) {
        self.own_claims_of(&pod.meta.key.name, pod.meta.uid, ordinal);
    }

    fn own_claims_of(&mut self, pod: &Rc<str>, pod_uid: Uid, ordinal: i32) {
        let set = self.set;
        let holder = Holder { set, pod, pod_uid, ordinal };
        for template in set.spec.claim_templates.iter() {
            let key = claim_key(set, template, ordinal);
            let Some(claim) = self.store.get::<Claim>(&key) else { continue };
            let owners = claim.meta.owners.clone();
            if holder.has_unexpected_controller(&owners) {
                let message = format!(
                    "PersistentVolumeClaim {} has a conflicting OwnerReference that acts as a \
                     manging controller, the retention policy is ignored for this claim",
                    key.name
                );
                self.report_event(EventType::Warning, "ConflictingController", message);
            }
            if holder.owners_match(&owners) {
                continue;
            }
            let owners = holder.corrected_owners(&owners);
            self.store.update::<Claim>(&key, |claim| claim.meta.owners.clone_from(&owners));
            self.done(Written::UpdatedClaim { claim: name(&key), owners });
        }
    }

    /// Repairs a pod and its claims. If the pod has changed since the sync began, the write meets a
    /// conflict and what is still amiss is tried once more on the pod as it is.
    ///
    /// Upstream: UpdateStatefulPod.
    fn update_pod(&mut self, observed: &Rc<Pod>, ordinal: i32) {
        let key = &observed.meta.key;
        let mut pod = Rc::clone(observed);
        let mut attempted = false;
        loop {
            let mut is_consistent = identity_matches(&pod);
            if !storage_matches(&self.set.spec, &pod) {
                is_consistent = false;
                let errors = self.create_claims(&key.name, ordinal);
                if !errors.is_empty() {
                    self.report_pod("update", &key.name, Some(&aggregate(&errors)));
                    errors.iter().for_each(|error| self.fail(error));
                    return;
                }
            }
            if !self.claims_match(&pod, ordinal) {
                is_consistent = false;
                self.own_claims(&pod, ordinal);
            }
            if is_consistent {
                break;
            }
            attempted = true;
            let Some(stored) = self.store.get::<Pod>(key).cloned() else { break };
            if stored.meta.resource_version == pod.meta.resource_version {
                let set = self.set;
                self.store.update::<Pod>(key, |pod| repair(set, ordinal, pod));
                self.done(Written::UpdatedPod { pod: name(key) });
                break;
            }
            pod = stored;
        }
        if attempted {
            self.report_pod("update", &key.name, None);
        }
    }

    fn claims_match(&self, pod: &Pod, ordinal: i32) -> bool {
        let (set, pod, pod_uid) = (self.set, &pod.meta.key.name, pod.meta.uid);
        let holder = Holder { set, pod, pod_uid, ordinal };
        set.spec.claim_templates.iter().all(|template| {
            let claim = self.store.get::<Claim>(&claim_key(set, template, ordinal));
            claim.is_none_or(|claim| holder.owners_match(&claim.meta.owners))
        })
    }

    /// Upstream: DeleteStatefulPod.
    fn delete_pod(&mut self, key: &Key, may_be_gone: bool) {
        match apiserver::pod::delete(self.store, key, None, self.now) {
            Ok(()) => {
                self.done(Written::DeletedPod { pod: name(key) });
                self.report_pod("delete", &key.name, None);
            }
            Err(_) if self.kubernetes.ignores_missing_pods_when_deleting() => {
                self.report_pod("delete", &key.name, None);
            }
            Err(status) => {
                self.report_pod("delete", &key.name, Some(&status.message));
                if !may_be_gone {
                    self.fail(&status.message);
                }
            }
        }
    }

    fn write_status(&mut self, decision: &Decision) {
        let (status, differs) = if self.has_failed() {
            (&decision.status_after_error, decision.writes_status_after_error)
        } else {
            (&decision.status, decision.writes_status)
        };
        if !differs {
            return;
        }
        let key = &self.set.meta.key;
        match apiserver::stateful_set::write_status(self.store, key, status) {
            Ok(wrote) => self.report.wrote_status = wrote,
            Err(_) if self.has_failed() => {}
            Err(status) => self.fail(&status.message),
        }
    }

    /// Upstream: recordPodEvent.
    fn report_pod(&mut self, verb: &str, pod: &str, error: Option<&str>) {
        let (verb, set) = (self.cased(verb), self.set.meta.name());
        let message = match error {
            None => format!("{verb} Pod {pod} in StatefulSet {set} successful"),
            Some(error) => format!("{verb} Pod {pod} in StatefulSet {set} failed error: {error}"),
        };
        self.report_outcome(&verb, error.is_some(), message);
    }

    /// Upstream: recordClaimEvent.
    fn report_claim(&mut self, claim: &str, pod: &str, error: Option<&str>) {
        let (verb, set) = (self.cased("create"), self.set.meta.name());
        let message = match error {
            None => format!("{verb} Claim {claim} Pod {pod} in StatefulSet {set} success"),
            Some(error) => format!(
                "{verb} Claim {claim} for Pod {pod} in StatefulSet {set} failed error: {error}"
            ),
        };
        self.report_outcome(&verb, error.is_some(), message);
    }

    fn report_outcome(&mut self, verb: &str, failed: bool, message: String) {
        let verb = capitalised(verb);
        if failed {
            self.report_event(EventType::Warning, &format!("Failed{verb}"), message);
        } else {
            self.report_event(EventType::Normal, &format!("Successful{verb}"), message);
        }
    }

    fn cased(&self, verb: &str) -> String {
        if self.kubernetes.capitalises_event_verbs() { capitalised(verb) } else { verb.into() }
    }

    fn report_event(&mut self, type_: EventType, reason: &str, message: String) {
        let regarding = Regarding::object(Kind::StatefulSet, &self.set.meta);
        let event = (type_, reason, &*message);
        self.store.report(Event::new(regarding, event, "statefulset-controller", self.now));
    }
}

fn name(key: &Key) -> Rc<str> {
    Rc::clone(&key.name)
}

fn capitalised(verb: &str) -> String {
    let mut letters = verb.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Several errors as one text.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/util/errors/errors.go`, NewAggregate.
fn aggregate(errors: &[String]) -> String {
    match errors {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}
