//! Where a pod asks to be placed, beside whom and how evenly.

use super::kind::Node;
use crate::api::Tree;
use crate::api::selector::Selector;
use crate::cluster::meta::Labels;
use serde_json::{Value, json};

/// What a pod spec asks of its node and of the pods around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    node_selector: Selector,
    /// Required node affinity: one of them is to match. `None`: no such rule.
    node_rule: Option<NodeRule>,
    /// Preferred node affinity, with weights.
    preferred_nodes: Vec<(i64, NodeTerm)>,
    /// Required pod affinity.
    pub affinity: Vec<PodTerm>,
    /// Required pod anti-affinity.
    pub anti_affinity: Vec<PodTerm>,
    /// Preferred pod affinity and, with negative weights, anti-affinity.
    pub preferred_pods: Vec<(i64, PodTerm)>,
    /// Topology spread constraints.
    pub spread: Vec<Spread>,
}

/// A `NodeSelector`: nodes that meet one of its terms.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeRule(Vec<NodeTerm>);

impl NodeRule {
    /// The rule that a `NodeSelector` is.
    pub fn of(rule: &Value) -> Self {
        Self(rule.items("nodeSelectorTerms").iter().map(NodeTerm::of).collect())
    }

    /// Nodes whose label is this.
    pub fn labelled(key: &str, value: &str) -> Self {
        let is = json!({ "key": key, "operator": "In", "values": [value] });
        Self(vec![NodeTerm::of(&json!({ "matchExpressions": [is] }))])
    }

    /// Whether a node meets it.
    pub fn accepts(&self, node: &Node) -> bool {
        self.0.iter().any(|term| term.matches(node))
    }
}

#[derive(Clone, Debug, PartialEq)]
struct NodeTerm {
    labels: Selector,
    names: Selector,
    bounds: Vec<Value>,
    is_empty: bool,
}

/// Which pods are meant, and what counts as the same place.
#[derive(Clone, Debug, PartialEq)]
pub struct PodTerm {
    selector: Selector,
    namespaces: Vec<String>,
    /// All namespaces count.
    everywhere: bool,
    /// The label of nodes that tells places apart.
    pub topology_key: String,
}

/// A topology spread constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Which pods are counted.
    pub selector: Selector,
    /// The label of nodes that tells places apart.
    pub topology_key: String,
    /// How many more pods one place may have than another.
    pub max_skew: i64,
    /// With fewer places than this the emptiest counts as empty.
    pub min_domains: i64,
    /// `DoNotSchedule`, else `ScheduleAnyway`.
    pub required: bool,
    /// `nodeAffinityPolicy: Honor`.
    pub honors_affinity: bool,
    /// `nodeTaintsPolicy: Honor`.
    pub honors_taints: bool,
}

impl Placement {
    /// What a pod spec asks for, if anything.
    ///
    /// Upstream: `pkg/scheduler/framework/plugins`: `nodeaffinity`, `interpodaffinity`,
    /// `podtopologyspread`.
    pub fn of(spec: &Value, labels: &Labels) -> Option<Self> {
        let affinity = spec.at("affinity");
        let [nodes, pods, anti] =
            ["nodeAffinity", "podAffinity", "podAntiAffinity"].map(|field| affinity.at(field));
        let (required, preferred) = (
            "requiredDuringSchedulingIgnoredDuringExecution",
            "preferredDuringSchedulingIgnoredDuringExecution",
        );
        let weighted = |tree: &Value, sign: i64| {
            let term = |each: &Value| {
                (sign * each.int("weight"), PodTerm::of(each.at("podAffinityTerm"), labels))
            };
            tree.items(preferred).iter().map(term).collect::<Vec<_>>()
        };
        let terms = |tree: &Value| {
            tree.items(required).iter().map(|term| PodTerm::of(term, labels)).collect::<Vec<_>>()
        };
        let mut preferred_pods = weighted(pods, 1);
        preferred_pods.extend(weighted(anti, -1));
        let placement = Self {
            node_selector: Selector::of(&json!({ "matchLabels": spec.at("nodeSelector") })),
            node_rule: nodes.set(required).map(NodeRule::of),
            preferred_nodes: {
                let term = |each: &Value| (each.int("weight"), NodeTerm::of(each.at("preference")));
                nodes.items(preferred).iter().map(term).collect()
            },
            affinity: terms(pods),
            anti_affinity: terms(anti),
            preferred_pods,
            spread: {
                let constraints = spec.items("topologySpreadConstraints").iter();
                constraints.map(|each| Spread::of(each, labels)).collect()
            },
        };
        (placement != Self::default()).then_some(placement)
    }

    /// Whether a node meets the node selector and the required node affinity.
    pub fn accepts(&self, node: &Node) -> bool {
        self.node_selector.matches(&node.meta.labels)
            && self.node_rule.as_ref().is_none_or(|rule| rule.accepts(node))
    }

    /// The weights of the preferred node affinity that a node meets.
    pub fn preference(&self, node: &Node) -> i64 {
        let met = self.preferred_nodes.iter().filter(|(_, term)| term.matches(node));
        met.map(|(weight, _)| weight).sum()
    }

    /// Whether it matters to this pod where other pods are.
    pub fn looks_at_pods(&self) -> bool {
        !(self.affinity.is_empty() && self.anti_affinity.is_empty() && self.spread.is_empty())
    }
}

impl NodeTerm {
    fn of(term: &Value) -> Self {
        let is_bound = |it: &&Value| ["Gt", "Lt"].contains(&it.text("operator"));
        let (bounds, plain): (Vec<_>, Vec<_>) =
            term.items("matchExpressions").iter().partition(is_bound);
        let names = term.items("matchFields");
        Self {
            is_empty: bounds.is_empty() && plain.is_empty() && names.is_empty(),
            labels: Selector::of(&json!({ "matchExpressions": plain })),
            names: Selector::of(&json!({ "matchExpressions": names })),
            bounds: bounds.into_iter().cloned().collect(),
        }
    }

    /// Upstream: `staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity`: an empty term
    /// matches nothing.
    fn matches(&self, node: &Node) -> bool {
        let name = Labels::from([("metadata.name".to_string(), node.meta.name().to_string())]);
        let is_met = |bound: &Value| {
            let label =
                node.meta.labels.get(bound.text("key")).and_then(|it| it.parse::<i64>().ok());
            let limit = bound.texts("values").next().and_then(|it| it.parse::<i64>().ok());
            let (Some(label), Some(limit)) = (label, limit) else { return false };
            if bound.text("operator") == "Gt" { label > limit } else { label < limit }
        };
        !self.is_empty
            && self.labels.matches(&node.meta.labels)
            && self.names.matches(&name)
            && self.bounds.iter().all(is_met)
    }
}

impl PodTerm {
    fn of(term: &Value, labels: &Labels) -> Self {
        Self {
            selector: selector(term, labels),
            namespaces: term.texts("namespaces").map(String::from).collect(),
            everywhere: term.set("namespaceSelector").is_some(),
            topology_key: term.text("topologyKey").into(),
        }
    }

    /// Whether a pod with these labels in `namespace` is meant by a pod in `own`.
    pub fn means(&self, own: &str, namespace: &str, labels: &Labels) -> bool {
        let here = match self.namespaces.is_empty() {
            _ if self.everywhere => true,
            true => namespace == own,
            false => self.namespaces.iter().any(|each| each == namespace),
        };
        here && self.selector.matches(labels)
    }
}

impl Spread {
    fn of(each: &Value, labels: &Labels) -> Self {
        Self {
            selector: selector(each, labels),
            topology_key: each.text("topologyKey").into(),
            max_skew: each.int("maxSkew"),
            min_domains: each.opt_int("minDomains").unwrap_or(1),
            required: each.text("whenUnsatisfiable") != "ScheduleAnyway",
            honors_affinity: each.text("nodeAffinityPolicy") != "Ignore",
            honors_taints: each.text("nodeTaintsPolicy") == "Honor",
        }
    }
}

/// The selector of a term, with the pod's own values of `matchLabelKeys` and `mismatchLabelKeys`. An
/// absent one means no pod.
fn selector(term: &Value, labels: &Labels) -> Selector {
    let Some(selector) = term.set("labelSelector") else {
        return Selector::of(&json!({ "matchExpressions": [{}] }));
    };
    let mut selector = selector.clone();
    let mut expressions = selector.items("matchExpressions").to_vec();
    for (field, operator) in [("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn")] {
        for key in term.texts(field) {
            if let Some(value) = labels.get(key) {
                expressions.push(json!({ "key": key, "operator": operator, "values": [value] }));
            }
        }
    }
    selector.put("matchExpressions", expressions);
    Selector::of(&selector)
}
