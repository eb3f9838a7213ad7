//! One pass of the control loop over one set: look, decide, write.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set.go`, sync, syncStatefulSet.

use super::decide::decide;
use super::observe::Observed;
use super::plan::Decision;
use super::write::{Report, carry_out};
use super::{StatefulSet, wake};
use crate::api::Kubernetes;
use crate::cluster::hold::{Awaited, Hold, Intent, Phase};
use crate::cluster::meta::Key;
use crate::cluster::store::Store;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// What came of one sync.
#[derive(Clone, Debug, Default)]
pub struct Sync {
    /// What was written, and what failed.
    pub report: Report,
    /// Why the set is not as asked yet; `None` if it is.
    pub hold: Option<Hold>,
    /// When to look again for pods that become available, counted from now.
    pub look_again_after: Option<Millis>,
}

impl Sync {
    /// Whether the sync failed and is to be tried again.
    pub fn has_failed(&self) -> bool {
        !self.report.errors.is_empty()
    }
}

/// Looks at the set of this name, decides, and writes. A set that is gone needs nothing.
pub fn sync(store: &mut Store, key: &Key, kubernetes: Kubernetes, now: Millis) -> Sync {
    let Some(set) = store.get::<StatefulSet>(key).cloned() else { return Sync::default() };
    let observed = Observed::new(store, &set, kubernetes, now);
    let decision = decide(&observed);
    let look_again_after = wake::after_success(&observed, &decision.status);
    let report = carry_out(store, &set, &decision, kubernetes, now);
    let failed = !report.errors.is_empty();
    let hold = if failed { refused(decision, &report, &set, now) } else { decision.hold };
    Sync { report, hold, look_again_after: look_again_after.filter(|_| !failed) }
}

/// After an error the controller waits for the API server to accept what it refused, or for the
/// claim that stands in the way to be gone.
fn refused(decision: Decision, report: &Report, set: &StatefulSet, now: Millis) -> Option<Hold> {
    let (phase, intent) = match decision.hold {
        Some(hold) if matches!(hold.awaited, Awaited::ClaimGone { .. }) => return Some(hold),
        Some(hold) => (hold.phase, hold.intent),
        None => (Phase::Status, Intent::Settle),
    };
    let texts: Vec<&str> = report.errors.iter().map(|error| &**error).collect();
    let awaited = Awaited::Accepted { message: Rc::from(texts.join(", ")) };
    let set = set.meta.key.clone();
    Some(Hold { set, since: now, phase, intent, awaited, looks_again_at: None })
}
