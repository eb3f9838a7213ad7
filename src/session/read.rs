//! A session read from what was saved of it.
//!
//! Read by hand: a derived reader of [`Input`] is larger than all that it reads for.

#[cfg(test)]
use super::Session;
use super::{Inputs, Like, TimedInput};
use crate::api::change::{Change, FieldValidation, PatchType, Request};
use crate::api::{FeatureGates, Kubernetes, Tree, Version};
use crate::cluster::config::{Distribution, Pause};
use crate::cluster::fault::{Faults, Provisioner};
use crate::cluster::input::{Input, MachineAction};
use crate::cluster::template::ProbeKind;
use crate::cluster::time::LONGEST_MS;
use crate::cluster::{ClusterConfig, Millis};
use crate::diff::Patch;
use serde_json::Value;

/// The session that serde wrote as this tree; none if it is none, or its inputs are out of order.
/// What differs from another input is read to at most so many bytes in all.
#[cfg(test)]
pub fn session(tree: &Value, most: usize) -> Option<Session> {
    let mut reader = Reader::new(most);
    while !reader.go_on(tree.set("inputs")?.as_array()?, &|| false)? {}
    Some(Session { config: config(tree.at("config"))?, inputs: reader.take() })
}

/// Puts an input that serde wrote behind others. Returns how many bytes what differs from another one
/// comes to; none if it is no input, out of order, or beyond any session.
fn add_one(inputs: &mut Inputs, tree: &Value) -> Option<usize> {
    let before = inputs.last().map_or(0, |input| input.at);
    let size = match tree.set("like") {
        Some(like) => inputs.push_like(like_of(tree, like)?)?,
        None => {
            inputs.push(timed_input(tree)?);
            0
        }
    };
    let is_in_order = inputs.last().is_some_and(|it| (before..=LONGEST_MS).contains(&it.at));
    is_in_order.then_some(size)
}

/// Inputs that are read in slices.
pub struct Reader {
    inputs: Inputs,
    place: usize,
    left: usize,
}

impl Reader {
    /// Before the first one. What differs from others may come to so many bytes in all.
    pub fn new(most: usize) -> Self {
        Self::behind(Inputs::default(), most)
    }

    /// Before the first one that comes behind others.
    pub fn behind(inputs: Inputs, most: usize) -> Self {
        Self { inputs, place: 0, left: most }
    }

    /// How many are read.
    pub fn place(&self) -> usize {
        self.place
    }

    /// Reads on in these trees as long as that is allowed, at least one. Returns whether all are read;
    /// none if one of them is no input, out of order or beyond any session, or if what differs from
    /// others comes to too many bytes.
    pub fn go_on(&mut self, trees: &[Value], may_go_on: &dyn Fn() -> bool) -> Option<bool> {
        while let Some(tree) = trees.get(self.place) {
            self.left = self.left.checked_sub(add_one(&mut self.inputs, tree)?)?;
            self.place += 1;
            if !may_go_on() {
                break;
            }
        }
        Some(self.place == trees.len())
    }

    /// What was read.
    pub fn take(&mut self) -> Inputs {
        std::mem::take(&mut self.inputs)
    }
}

fn like_of(tree: &Value, like: &Value) -> Option<Like> {
    let [base, patches] = like.as_array()?.as_slice() else { return None };
    Some(Like {
        at: tree.at("at").as_u64()?,
        command: tree.text("command").into(),
        follows: tree.flag("follows"),
        base: usize::try_from(base.as_u64()?).ok()?,
        patches: Patch::read_all(patches)?,
    })
}

/// What a session fixes at its start; none if it is damaged.
pub fn config(tree: &Value) -> Option<ClusterConfig> {
    let kubernetes = tree.at("kubernetes");
    let gates = kubernetes.set("gates")?;
    let nodes = number(tree, "nodes").filter(|nodes| *nodes > 0)?;
    if tree.items("pauses").len() > MOST_PAUSES {
        return None;
    }
    Some(ClusterConfig {
        seed: tree.at("seed").as_u64()?,
        kubernetes: Kubernetes {
            version: Version::named(kubernetes.text("version"))?,
            gates: FeatureGates {
                max_unavailable: gates.flag("max_unavailable"),
                recreate: gates.flag("recreate"),
            },
        },
        nodes,
        pods_per_node: number(tree, "pods_per_node")?,
        drawn_times: tree.flag("drawn_times"),
        distribution: match tree.text("distribution") {
            "plain" => Distribution::Plain,
            _ => Distribution::Minikube,
        },
        pauses: tree.items("pauses").iter().map(pause).collect::<Option<_>>()?,
    })
}

/// The longest pause: ten years.
const LONGEST_PAUSE_MS: Millis = 10 * 365 * 86_400_000;

/// The most pauses of a session: every age is counted over all of them.
const MOST_PAUSES: usize = 100;

fn pause(tree: &Value) -> Option<Pause> {
    let (at, ms) = (tree.at("at").as_u64()?, tree.at("ms").as_u64()?);
    (at <= LONGEST_PAUSE_MS && ms <= LONGEST_PAUSE_MS).then_some(Pause { at, ms })
}

/// The input with its time that serde wrote as this tree; none if it is none.
pub fn timed_input(tree: &Value) -> Option<TimedInput> {
    Some(TimedInput {
        at: tree.at("at").as_u64()?,
        input: input_of(tree.at("input"))?,
        command: tree.text("command").into(),
        follows: tree.flag("follows"),
    })
}

/// The input that serde wrote as this tree; none if it is none.
pub fn input_of(tree: &Value) -> Option<Input> {
    let (name, fields) = tree.as_object()?.iter().next()?;
    input(name, fields)
}

fn input(name: &str, fields: &Value) -> Option<Input> {
    let text = |field: &str| fields.opt_text(field).map(String::from);
    let namespace = text("namespace");
    Some(match name {
        "crashContainer" => Input::CrashContainer {
            namespace: namespace?,
            pod: text("pod")?,
            container: text("container")?,
            exit_code: number(fields, "exit_code")?,
        },
        "setEndpoint" => Input::SetEndpoint {
            namespace: namespace?,
            pod: text("pod")?,
            container: text("container")?,
            probe: probe(fields.text("probe"))?,
            failing: fields.flag("failing"),
        },
        "setFaults" => Input::SetFaults(faults(fields)?),
        "node" => {
            let name = fields.text("request");
            let action = MachineAction::ALL.into_iter().find(|it| it.name() == name)?;
            Input::Machine { node: text("node")?, action }
        }
        "lookUp" => Input::LookUp { namespace: namespace?, name: text("name")? },
        "keepDnsAnswers" => Input::KeepDnsAnswers { on: fields.flag("on") },
        "request" => Input::Request(Box::new(request(fields)?)),
        "writeFile" => Input::WriteFile {
            namespace: namespace?,
            pod: text("pod")?,
            container: text("container")?,
            path: text("path")?,
            content: text("content"),
        },
        _ => return None,
    })
}

fn faults(tree: &Value) -> Option<Faults> {
    let name = tree.text("provisioner");
    Some(Faults {
        slow_start_seconds: number(tree, "slow_start_seconds")?,
        crash_after_seconds: number(tree, "crash_after_seconds")?,
        fail_from_seconds: number(tree, "fail_from_seconds").unwrap_or(0),
        fail_for_seconds: number(tree, "fail_for_seconds").unwrap_or(0),
        no_images: tree.flag("no_images"),
        provisioner: Provisioner::ALL.into_iter().find(|it| it.name() == name).unwrap_or_default(),
    })
}

fn request(tree: &Value) -> Option<Request> {
    let text = |field: &str| tree.opt_text(field).map(String::from);
    let change = match tree.at("change") {
        Value::String(name) if name == "evict" => Change::Evict,
        change => {
            let (name, value) = change.as_object()?.iter().next()?;
            match name.as_str() {
                "create" => Change::Create(value.clone()),
                "replace" => Change::Replace(value.clone()),
                "scale" => Change::Scale(value.as_i64()?.try_into().ok()?),
                "patch" => {
                    let [kind, patch] = value.as_array()?.as_slice() else { return None };
                    Change::Patch(patch_type(kind.as_str()?)?, patch.clone())
                }
                "apply" => Change::Apply {
                    object: value.at("object").clone(),
                    forces: value.flag("forces"),
                },
                "delete" => Change::Delete {
                    grace_period_seconds: value.opt_int("grace_period_seconds"),
                    propagation: value.opt_text("propagation")?.into(),
                },
                _ => return None,
            }
        }
    };
    Some(Request {
        kind: text("kind")?,
        api_version: text("apiVersion")?,
        namespace: text("namespace")?,
        name: text("name")?,
        change,
        dry_run: tree.flag("dryRun"),
        field_validation: match tree.text("fieldValidation") {
            "strict" => FieldValidation::Strict,
            "warn" => FieldValidation::Warn,
            _ => FieldValidation::Ignore,
        },
        field_manager: tree.text("fieldManager").into(),
    })
}

fn patch_type(name: &str) -> Option<PatchType> {
    match name {
        "json" => Some(PatchType::Json),
        "merge" => Some(PatchType::Merge),
        "strategic" => Some(PatchType::Strategic),
        _ => None,
    }
}

fn probe(name: &str) -> Option<ProbeKind> {
    let all = [ProbeKind::Startup, ProbeKind::Liveness, ProbeKind::Readiness];
    all.into_iter().find(|kind| kind.name() == name)
}

fn number<N: TryFrom<i64>>(tree: &Value, field: &str) -> Option<N> {
    tree.opt_int(field)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FAULTS: Faults = Faults {
        slow_start_seconds: 30,
        crash_after_seconds: 0,
        fail_from_seconds: 5,
        fail_for_seconds: 60,
        no_images: true,
        provisioner: Provisioner::Slow,
    };

    /// One of each.
    fn all() -> Vec<Input> {
        let (namespace, name) = (String::from("default"), String::from("web-0"));
        let (pod, container) = (name.clone(), String::from("nginx"));
        let mut all = vec![
            Input::SetFaults(FAULTS),
            Input::LookUp { namespace: namespace.clone(), name: "web-0.nginx".into() },
            Input::KeepDnsAnswers { on: true },
            Input::CrashContainer {
                namespace: namespace.clone(),
                pod: pod.clone(),
                container: container.clone(),
                exit_code: 137,
            },
        ];
        for content in [Some("1".to_owned()), None] {
            let (namespace, pod, container) = (namespace.clone(), pod.clone(), container.clone());
            all.push(Input::WriteFile { namespace, pod, container, path: "/a".into(), content });
        }
        let changes = [
            Change::Create(json!({"kind": "Pod"})),
            Change::Replace(json!({"kind": "Pod"})),
            Change::Patch(PatchType::Json, json!([])),
            Change::Patch(PatchType::Merge, json!({"a": null})),
            Change::Patch(PatchType::Strategic, json!({"spec": {"replicas": 2}})),
            Change::Apply { object: json!({"kind": "Pod"}), forces: true },
            Change::Scale(3),
            Change::Delete { grace_period_seconds: Some(1), propagation: "Orphan".into() },
            Change::Delete { grace_period_seconds: None, propagation: "Background".into() },
            Change::Evict,
        ];
        for change in changes {
            all.push(Input::Request(Box::new(Request {
                kind: "Pod".into(),
                api_version: "v1".into(),
                namespace: namespace.clone(),
                name: name.clone(),
                dry_run: change == Change::Evict,
                field_validation: FieldValidation::Warn,
                field_manager: if change == Change::Scale(3) { "me".into() } else { "".into() },
                change,
            })));
        }
        let machine = |action| Input::Machine { node: "minikube".into(), action };
        all.extend(MachineAction::ALL.map(machine));
        for probe in [ProbeKind::Startup, ProbeKind::Liveness, ProbeKind::Readiness] {
            let (namespace, pod, container) = (namespace.clone(), pod.clone(), container.clone());
            all.push(Input::SetEndpoint { namespace, pod, container, probe, failing: true });
        }
        all
    }

    #[test]
    fn reads_every_input_and_config_as_it_was_written() {
        let inputs = all().into_iter().zip(1..).map(|(input, at)| TimedInput {
            at,
            input,
            command: if at % 3 == 0 { "kubectl cordon minikube".into() } else { "".into() },
            follows: at % 2 == 0,
        });
        for version in Version::ALL {
            let config = ClusterConfig {
                seed: u64::MAX,
                kubernetes: Kubernetes::new(version),
                drawn_times: version == Version::V1_35,
                distribution: match version {
                    Version::V1_35 => Distribution::Plain,
                    _ => Distribution::Minikube,
                },
                pauses: vec![Pause { at: 3, ms: 4 }],
                ..ClusterConfig::default()
            };
            let written = Session { config, inputs: inputs.clone().collect() };
            let tree = serde_json::to_value(&written).unwrap();
            assert_eq!(session(&tree, usize::MAX), Some(written), "{tree}");
        }
    }

    #[test]
    fn refuses_what_is_no_session() {
        let good = serde_json::to_value(Session::default()).unwrap();
        assert!(session(&good, usize::MAX).is_some());
        for (pointer, value) in [
            ("/config/nodes", json!(0)),
            ("/config/nodes", json!(300)),
            ("/config/kubernetes/version", json!("1.2")),
            ("/config/seed", json!("one")),
            ("/inputs", json!(3)),
            ("/inputs", json!([{"at": 1, "input": {"explode": {}}}])),
            ("/inputs", json!([{"at": 1, "input": {"lookUp": {"name": "web"}}}])),
        ] {
            let mut bad = good.clone();
            *bad.pointer_mut(pointer).unwrap() = value;
            assert_eq!(session(&bad, usize::MAX), None, "{pointer}");
        }
        let late = |at| json!({"at": at, "input": {"keepDnsAnswers": {"on": true}}});
        let mut bad = good;
        bad["inputs"] = json!([late(2), late(1)]);
        assert_eq!(session(&bad, usize::MAX), None, "out of order");
    }
}
