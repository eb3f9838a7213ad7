//! Which taints a pod tolerates, and for how long.

use super::kind::{Effect, Node, Taint, UNREACHABLE};
use crate::api::Tree;
use serde_json::Value;
use std::rc::Rc;

/// The taint of a node that reports that it is not ready.
const NOT_READY: &str = "node.kubernetes.io/not-ready";

/// How long a pod stays on a node that is not ready or does not answer, in seconds.
///
/// Upstream: `plugin/pkg/admission/defaulttolerationseconds/admission.go`.
const DEFAULT_SECONDS: i64 = 300;

/// A toleration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toleration {
    /// Key of the taint; empty: every key.
    pub key: Rc<str>,
    /// Any value will do.
    pub exists: bool,
    /// Value of the taint.
    pub value: Rc<str>,
    /// Effect; empty: every effect.
    pub effect: Rc<str>,
    /// For how long, in seconds; `None`: for ever.
    pub seconds: Option<i64>,
}

impl Toleration {
    /// The tolerations of a pod spec, and those that admission adds.
    pub fn of(spec: &Value) -> Vec<Self> {
        let toleration = |each: &Value| Self {
            key: each.text("key").into(),
            exists: each.text("operator") == "Exists",
            value: each.text("value").into(),
            effect: each.text("effect").into(),
            seconds: each.opt_int("tolerationSeconds"),
        };
        let mut all: Vec<_> = spec.items("tolerations").iter().map(toleration).collect();
        for key in [NOT_READY, UNREACHABLE] {
            let no_execute = Effect::NoExecute.name();
            let covers = |it: &Self| {
                (it.key.is_empty() || *it.key == *key)
                    && (it.effect.is_empty() || *it.effect == *no_execute)
            };
            if !all.iter().any(covers) {
                all.push(Self {
                    key: key.into(),
                    exists: true,
                    value: "".into(),
                    effect: no_execute.into(),
                    seconds: Some(DEFAULT_SECONDS),
                });
            }
        }
        all
    }

    /// Whether it tolerates a taint.
    ///
    /// Upstream: `staging/src/k8s.io/api/core/v1/toleration.go`, ToleratesTaint.
    pub fn tolerates(&self, taint: &Taint) -> bool {
        let effect = self.effect.is_empty() || *self.effect == *taint.effect.name();
        let key = self.key.is_empty() || self.key == taint.key;
        effect && key && (self.exists || self.value == taint.value)
    }
}

/// Whether these tolerations suffice to schedule a pod onto a node.
pub fn tolerates_all(tolerations: &[Toleration], node: &Node) -> bool {
    let is_tolerated = |taint: &Taint| {
        taint.effect == Effect::PreferNoSchedule
            || tolerations.iter().any(|toleration| toleration.tolerates(taint))
    };
    node.taints.iter().all(is_tolerated)
}
