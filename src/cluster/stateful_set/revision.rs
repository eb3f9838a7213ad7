//! Which revisions a sync works with, and which old ones go.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_control.go`, getStatefulSetRevisions,
//! truncateHistory; `pkg/controller/history/controller_history.go`, CreateControllerRevision.

use super::ControllerRevision;
use super::identity::controller_reference;
use super::observe::Observed;
use super::plan::Write;
use crate::api::revision;
use crate::cluster::meta::{Labels, Meta};
use std::rc::Rc;

/// The label with the hash of a revision's data.
const HASH_LABEL: &str = "controller.kubernetes.io/hash";

/// The revisions of one sync.
#[derive(Clone, Debug)]
pub(super) struct Revisions {
    /// The revision that the status names.
    pub current: Rc<ControllerRevision>,
    /// The revision of the template as it is.
    pub update: Rc<ControllerRevision>,
    /// How often a name was taken by another template.
    pub collision_count: i32,
    /// The write that makes the update revision, if one is needed.
    pub write: Option<Write>,
}

impl Revisions {
    /// Whether an update is due or under way.
    pub fn differ(&self) -> bool {
        self.current.meta.key.name != self.update.meta.key.name
    }

    /// Chooses the revisions.
    ///
    /// Simplified: revisions are never compared by meaning (gate
    /// `StatefulSetSemanticRevisionComparison`), as one version writes all of them.
    pub fn choose(observed: &Observed) -> Self {
        let set = observed.set;
        let patch = &set.spec.template_patch;
        let has_patch = |it: &ControllerRevision| Rc::ptr_eq(&it.data, patch) || it.data == *patch;
        let last = observed.revisions.last();
        let number = last.map_or(1, |last| last.revision + 1);
        let mut collision_count = set.status.collision_count.unwrap_or(0);
        let equal = observed.revisions.iter().rev().find(|it| has_patch(it));
        let (update, write) = match (equal, last) {
            (Some(equal), Some(last)) if last.data == equal.data => (Rc::clone(last), None),
            (Some(equal), _) => {
                let renumbered = ControllerRevision { revision: number, ..(***equal).clone() };
                let key = equal.meta.key.clone();
                (Rc::new(renumbered), Some(Write::RenumberRevision { key, number }))
            }
            (None, _) => create(observed, number, &mut collision_count),
        };
        let named = |it: &&&Rc<ControllerRevision>| it.meta.key.name == set.status.current_revision;
        let current = observed.revisions.iter().find(named).map_or(&update, |it| *it);
        Self { current: Rc::clone(current), update, collision_count, write }
    }
}

/// A new revision of the set's template. Its hash label keeps the first hash, whatever the name.
fn create(
    observed: &Observed,
    number: i64,
    collision_count: &mut i32,
) -> (Rc<ControllerRevision>, Option<Write>) {
    let (set, store) = (observed.set, observed.store);
    let patch = &set.spec.template_patch;
    let mut labels = Labels::clone(&set.spec.template.labels);
    labels.insert(HASH_LABEL.into(), revision::hash(patch, *collision_count));
    loop {
        let name = revision::name(set.meta.name(), patch, *collision_count);
        let key = set.meta.key.sibling(&name);
        if let Some(taken) = store.get::<ControllerRevision>(&key) {
            if taken.data == *patch {
                return (Rc::clone(taken), None);
            }
            *collision_count += 1;
            continue;
        }
        let mut meta = Meta::new(key);
        meta.labels = Rc::new(labels);
        meta.annotations = Rc::clone(&set.meta.annotations);
        meta.owners = vec![controller_reference(set)];
        let created = Rc::new(ControllerRevision {
            meta,
            revision: number,
            data: Rc::clone(patch),
            template: set.spec.template.clone(),
        });
        return (Rc::clone(&created), Some(Write::CreateRevision(created)));
    }
}

/// The deletions of revisions that no pod runs, beyond the limit, the oldest first.
pub(super) fn truncate(observed: &Observed, revisions: &Revisions) -> Vec<Write> {
    let Ok(limit) = usize::try_from(observed.set.spec.revision_history_limit) else {
        return Vec::new();
    };
    if observed.revisions.len() <= limit {
        return Vec::new();
    }
    let is_live = |it: &ControllerRevision| {
        let name = &it.meta.key.name;
        *name == revisions.current.meta.key.name
            || *name == revisions.update.meta.key.name
            || observed.pods.iter().any(|member| *member.revision == **name)
    };
    let history: Vec<_> = observed.revisions.iter().filter(|it| !is_live(it)).collect();
    let surplus = history.len().saturating_sub(limit);
    let deleted = history.into_iter().take(surplus);
    deleted.map(|it| Write::DeleteRevision(it.meta.key.clone())).collect()
}
