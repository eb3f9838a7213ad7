//! Which labels a selector matches.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/labels/selector.go`.

use crate::cluster::meta::Labels;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};

/// Whether `selector` matches `labels`. An empty selector matches everything.
pub fn matches(selector: &LabelSelector, labels: &Labels) -> bool {
    let labels_match = selector
        .match_labels
        .iter()
        .flatten()
        .all(|(key, value)| labels.get(key).is_some_and(|found| found == value));
    labels_match && selector.match_expressions.iter().flatten().all(|it| is_met(it, labels))
}

fn is_met(requirement: &LabelSelectorRequirement, labels: &Labels) -> bool {
    let value = labels.get(&requirement.key);
    let listed = || {
        let mut values = requirement.values.iter().flatten();
        value.is_some_and(|value| values.any(|each| each == value))
    };
    match requirement.operator.as_str() {
        "In" => listed(),
        "NotIn" => !listed(),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_labels_and_expressions() {
        let labels = Labels::from([("app".into(), "web".into()), ("tier".into(), "front".into())]);
        let expression = |key: &str, operator: &str, values: &[&str]| LabelSelector {
            match_expressions: Some(vec![LabelSelectorRequirement {
                key: key.into(),
                operator: operator.into(),
                values: Some(values.iter().map(|value| value.to_string()).collect()),
            }]),
            ..LabelSelector::default()
        };
        let exact = |key: &str, value: &str| LabelSelector {
            match_labels: Some([(key.into(), value.into())].into()),
            ..LabelSelector::default()
        };
        let cases = [
            (LabelSelector::default(), true),
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
        ];
        for (selector, expected) in cases {
            assert_eq!(matches(&selector, &labels), expected, "{selector:?}");
        }
    }
}
