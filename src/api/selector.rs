//! Which labels a label selector matches, and what one asks of a label.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/labels/selector.go`.

use super::tree::Tree;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A label selector. One without requirements matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    exact: Vec<(String, String)>,
    expressions: Vec<Requirement>,
}

/// What is asked of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: String,
    /// How its value is compared.
    pub operator: Operator,
    /// What it is compared with.
    pub values: Vec<String>,
}

/// How a label's value is compared with those of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// It is one of them.
    In,
    /// It is none of them, or there is no such label.
    NotIn,
    /// There is such a label.
    Exists,
    /// There is no such label.
    DoesNotExist,
    /// It is a number above the one.
    GreaterThan,
    /// It is a number below the one.
    LessThan,
    /// No operator at all, which nothing meets.
    Unknown,
}

impl Selector {
    /// The selector that a `LabelSelector` is.
    pub fn of(tree: &Value) -> Self {
        let exact = tree.members("matchLabels");
        Self {
            exact: exact.map(|(key, value)| (key.clone(), text(value))).collect(),
            expressions: tree.items("matchExpressions").iter().map(expression).collect(),
        }
    }

    /// The labels that it asks for one by one.
    pub fn exact_labels(&self) -> &[(String, String)] {
        &self.exact
    }

    /// Whether it matches an object with these labels.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.is_met(&|key| labels.get(key).map(String::as_str))
    }

    /// Whether it matches an object whose labels are this tree.
    pub fn matches_tree(&self, labels: &Value) -> bool {
        self.is_met(&|key| labels.opt_text(key))
    }

    fn is_met<'a>(&self, label: &dyn Fn(&str) -> Option<&'a str>) -> bool {
        let has = |(key, value): &(String, String)| label(key) == Some(value);
        self.exact.iter().all(has) && self.expressions.iter().all(|it| it.is_met(label(&it.key)))
    }
}

impl Requirement {
    /// Whether a label with this value meets it; none if there is no such label.
    pub fn is_met(&self, value: Option<&str>) -> bool {
        let is_listed = value.is_some_and(|value| self.values.iter().any(|each| each == value));
        let compared = || {
            let own: i64 = value?.parse().ok()?;
            Some(own.cmp(&self.values.first()?.parse().ok()?))
        };
        match self.operator {
            Operator::In => is_listed,
            Operator::NotIn => !is_listed,
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan => compared() == Some(Ordering::Greater),
            Operator::LessThan => compared() == Some(Ordering::Less),
            Operator::Unknown => false,
        }
    }
}

fn expression(tree: &Value) -> Requirement {
    Requirement {
        key: tree.text("key").into(),
        operator: match tree.text("operator") {
            "In" => Operator::In,
            "NotIn" => Operator::NotIn,
            "Exists" => Operator::Exists,
            "DoesNotExist" => Operator::DoesNotExist,
            _ => Operator::Unknown,
        },
        values: tree.texts("values").map(String::from).collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn matches_labels_and_expressions() {
        let labels = BTreeMap::from(
            [("app", "web"), ("tier", "front")].map(|(key, value)| (key.into(), value.into())),
        );
        let exact = |key: &str, value: &str| json!({"matchLabels": {key: value}});
        let expression = |key: &str, operator: &str, values: &[&str]| {
            let requirement = json!({"key": key, "operator": operator, "values": values});
            json!({"matchExpressions": [requirement]})
        };
        let cases = [
            (json!({}), true),
            (exact("app", "web"), true),
            (exact("app", "db"), false),
            (exact("other", "web"), false),
            (expression("tier", "In", &["back", "front"]), true),
            (expression("tier", "In", &["back"]), false),
            (expression("tier", "NotIn", &["back"]), true),
            (expression("none", "NotIn", &["back"]), true),
            (expression("tier", "Exists", &[]), true),
            (expression("tier", "DoesNotExist", &[]), false),
            (expression("none", "DoesNotExist", &[]), true),
            (expression("tier", "Like", &["front"]), false),
        ];
        for (selector, expected) in cases {
            assert_eq!(Selector::of(&selector).matches(&labels), expected, "{selector}");
        }
    }
}
