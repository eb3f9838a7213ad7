//! The recorded scenarios as they are written down.

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value;
use statefulset_playground::api::{FeatureGates, Kubernetes, Version};
use std::io::{BufRead, BufReader};

/// A script of inputs, and what the real controller did at each of them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scenario {
    pub name: String,
    pub kubernetes: String,
    pub max_unavailable_gate: bool,
    #[serde(default)]
    pub recreate_gate: bool,
    pub default_gates: bool,
    pub set: SetFields,
    pub steps: Vec<Step>,
}

/// The varied part of the manifest.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetFields {
    pub replicas: i32,
    pub pod_management_policy: String,
    pub update_strategy: String,
    pub partition: Option<i32>,
    pub max_unavailable: Option<String>,
    pub min_ready_seconds: i32,
    pub ordinals_start: i32,
    pub revision_history_limit: i32,
    pub when_deleted: String,
    pub when_scaled: String,
    pub claim_templates: usize,
    pub image: String,
}

/// One input and what became of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    pub input: Input,
    pub rejected: Option<String>,
    pub triggers: Vec<String>,
    pub syncs: Vec<Vec<String>>,
    pub events: Vec<String>,
    pub after: Value,
    #[serde(default)]
    pub livelock: bool,
}

/// What was done.
#[derive(Deserialize, Debug)]
pub struct Input {
    pub kind: String,
    #[serde(default)]
    pub pod: String,
    #[serde(default)]
    pub claim: String,
    #[serde(default)]
    pub value: String,
    pub int: Option<i32>,
}

impl Scenario {
    /// The Kubernetes that was recorded.
    pub fn kubernetes(&self) -> Kubernetes {
        let is_recorded = |version: &Version| {
            let rest =
                self.kubernetes.strip_prefix('v').and_then(|it| it.strip_prefix(version.label()));
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        let version = Version::ALL.into_iter().find(is_recorded).expect("a known version");
        let gates = FeatureGates {
            max_unavailable: self.max_unavailable_gate,
            recreate: self.recreate_gate,
        };
        Kubernetes { version, gates }
    }

    /// The version and gates as a heading.
    pub fn setting(&self) -> String {
        let onoff = |on: bool| if on { "on" } else { "off" };
        let recreate = if self.recreate_gate { " recreate=on" } else { "" };
        let default = if self.default_gates { " default" } else { "" };
        let gate = onoff(self.max_unavailable_gate);
        format!("{} maxUnavailable={gate}{recreate}{default}", self.kubernetes)
    }
}

/// The scenarios of one file of recordings.
pub fn scenarios(packed: &[u8]) -> impl Iterator<Item = Scenario> {
    let lines = BufReader::new(GzDecoder::new(packed)).lines();
    lines.map(|line| serde_json::from_str(&line.expect("a line")).expect("a scenario"))
}
