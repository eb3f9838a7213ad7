//! Which ends of a container are followed by a restart.

use crate::api::Tree;
use serde_json::Value;

/// `restartPolicy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartPolicy {
    Always,
    OnFailure,
    Never,
}

impl RestartPolicy {
    /// The policy of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "Always" => Some(Self::Always),
            "OnFailure" => Some(Self::OnFailure),
            "Never" => Some(Self::Never),
            _ => None,
        }
    }
}

/// When a container is started again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restarts {
    /// The container's own policy, or the pod's.
    pub policy: RestartPolicy,
    /// Exit codes after which it is started again whatever the policy says: whether they are the
    /// listed ones, or all but them.
    pub rules: Vec<(bool, Vec<i64>)>,
}

impl Restarts {
    /// What a container's spec says, in a pod of this policy.
    pub fn of(container: &Value, policy: RestartPolicy) -> Self {
        let rules = container.items("restartPolicyRules").iter().map(|rule| {
            let codes = rule.at("exitCodes");
            let values = codes.items("values").iter().filter_map(Value::as_i64);
            (codes.text("operator") == "In", values.collect())
        });
        Self {
            policy: RestartPolicy::named(container.text("restartPolicy")).unwrap_or(policy),
            rules: rules.collect(),
        }
    }

    /// Whether the container is started again after this exit code.
    ///
    /// Upstream: `pkg/kubelet/container/helpers.go`, ShouldContainerBeRestarted.
    pub fn follow(&self, exit_code: i32) -> bool {
        let code = i64::from(exit_code);
        let matches = |(listed, codes): &(bool, Vec<i64>)| codes.contains(&code) == *listed;
        self.rules.iter().any(matches)
            || match self.policy {
                RestartPolicy::Always => true,
                RestartPolicy::OnFailure => exit_code != 0,
                RestartPolicy::Never => false,
            }
    }
}
