//! Label and field selectors, as `-l` and `--field-selector` write them.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/labels/selector.go`,
//! `staging/src/k8s.io/apimachinery/pkg/fields/selector.go`.

use super::resources::Resource;
use crate::api::Tree;
use serde_json::Value;

/// A label selector: requirements that all must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<Requirement>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    Absent,
    Greater,
    Less,
}

impl Labels {
    /// Reads a selector such as `app=nginx,tier in (a, b),!old`.
    ///
    /// # Errors
    /// The parser's words, without `unable to parse requirement: ` where upstream has it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = tokens(text).into_iter().peekable();
        let mut requirements = Vec::new();
        while tokens.peek().is_some() {
            requirements.push(requirement(&mut tokens)?);
            match tokens.next().as_deref() {
                None => break,
                Some(",") if tokens.peek().is_some() => {}
                Some(",") => return Err("found '', expected: identifier after ','".into()),
                Some(found) => {
                    return Err(format!("found '{found}', expected: ',' or 'end of string'"));
                }
            }
        }
        Ok(Self(requirements))
    }

    /// Whether an object's labels satisfy it.
    pub fn matches(&self, object: &Value) -> bool {
        let labels = object.at("metadata").at("labels");
        self.0.iter().all(|each| {
            let value = labels.opt_text(&each.key);
            let is_in = value.is_some_and(|value| each.values.iter().any(|it| it == value));
            let compared = || {
                let own: i64 = value?.parse().ok()?;
                Some((own, each.values.first()?.parse::<i64>().ok()?))
            };
            match each.operator {
                Operator::In => is_in,
                Operator::NotIn => !is_in,
                Operator::Exists => value.is_some(),
                Operator::Absent => value.is_none(),
                Operator::Greater => compared().is_some_and(|(own, than)| own > than),
                Operator::Less => compared().is_some_and(|(own, than)| own < than),
            }
        })
    }
}

fn requirement(
    tokens: &mut std::iter::Peekable<impl Iterator<Item = String>>,
) -> Result<Requirement, String> {
    let wrap = |text: String| format!("unable to parse requirement: {text}");
    let mut first = tokens.next().unwrap_or_default();
    let is_absent = first == "!";
    if is_absent {
        first = tokens.next().unwrap_or_default();
    }
    if !is_word(&first) {
        return Err(wrap(format!("found '{first}', expected: identifier")));
    }
    let of = |operator, values| Requirement { key: first.clone(), operator, values };
    if is_absent {
        return Ok(of(Operator::Absent, Vec::new()));
    }
    let next = tokens.peek().cloned();
    let operator = match next.as_deref() {
        None | Some(",") => return Ok(of(Operator::Exists, Vec::new())),
        Some("=" | "==" | "in") => Operator::In,
        Some("!=" | "notin") => Operator::NotIn,
        Some(">" | "gt") => Operator::Greater,
        Some("<" | "lt") => Operator::Less,
        Some(found) => {
            let expected = "in, notin, =, ==, !=, gt, lt";
            return Err(wrap(format!("found '{found}', expected: {expected}")));
        }
    };
    tokens.next();
    if !matches!(next.as_deref(), Some("in" | "notin")) {
        let value = match tokens.peek() {
            Some(value) if is_word(value) => tokens.next().unwrap_or_default(),
            _ => String::new(),
        };
        return Ok(of(operator, vec![value]));
    }
    match tokens.next().as_deref() {
        Some("(") => {}
        found => {
            let found = found.unwrap_or_default();
            return Err(wrap(format!("found '{found}' expected: '('")));
        }
    }
    let mut values = Vec::new();
    loop {
        match tokens.next().as_deref() {
            Some(")") => break,
            Some(",") => {}
            Some(value) if is_word(value) => values.push(value.to_owned()),
            found => {
                let found = found.unwrap_or_default();
                return Err(wrap(format!("found '{found}', expected: ',' or ')'")));
            }
        }
    }
    values.sort();
    Ok(of(operator, values))
}

fn is_word(token: &str) -> bool {
    !token.is_empty() && !token.starts_with(['=', '!', '<', '>', '(', ')', ','])
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let special = ["==", "!=", "=", "!", "<", ">", "(", ")", ","];
        let found = special.iter().find(|it| rest.starts_with(**it));
        let end = match found {
            Some(token) => token.len(),
            None => rest
                .find(|c: char| c.is_whitespace() || "=!<>(),".contains(c))
                .unwrap_or(rest.len())
                .max(first.len_utf8()),
        };
        tokens.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    tokens
}

/// A field selector: fields that must, or must not, have a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, bool, String)>);

impl Fields {
    /// Reads a selector such as `status.phase!=Running,spec.nodeName=a`.
    ///
    /// # Errors
    /// Words that say which part cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let split = ["!=", "==", "="].iter().find_map(|operator| {
                    let (field, value) = part.split_once(operator)?;
                    Some((field.to_owned(), *operator != "!=", value.to_owned()))
                });
                split
                    .ok_or_else(|| format!("invalid selector: '{text}'; can't understand '{part}'"))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// A field that objects of this resource cannot be selected by.
    pub fn unsupported(&self, resource: &Resource) -> Option<&str> {
        let is_known = |field: &str| {
            field == "metadata.name"
                || (resource.is_namespaced && field == "metadata.namespace")
                || own_fields(resource.name).split(' ').any(|own| own == field)
        };
        self.0.iter().map(|(field, ..)| field.as_str()).find(|field| !is_known(field))
    }

    /// Whether an object satisfies it.
    pub fn matches(&self, object: &Value) -> bool {
        self.0.iter().all(|(field, is_equal, value)| {
            let mut at = object;
            for key in field.split('.') {
                at = at.at(key);
            }
            let own = match at {
                Value::String(text) => text.clone(),
                Value::Null => default_of(field).to_owned(),
                other => other.to_string(),
            };
            let own = match field.as_str() {
                "source" => object.at("source").text("component").to_owned(),
                "type" | "reason" => object.text(field).to_owned(),
                _ => own,
            };
            (own == *value) == *is_equal
        })
    }
}

/// What an absent field counts as.
fn default_of(field: &str) -> &'static str {
    match field {
        "spec.unschedulable" => "false",
        _ => "",
    }
}

/// The fields besides name and namespace.
///
/// Upstream: `pkg/apis/core/v1/conversion.go`, AddFieldLabelConversionsFor….
fn own_fields(resource: &str) -> &'static str {
    match resource {
        "pods" => {
            "spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName \
             spec.hostNetwork status.phase status.podIP status.podIPs status.nominatedNodeName"
        }
        "events" => {
            "involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid \
             involvedObject.apiVersion involvedObject.resourceVersion involvedObject.fieldPath \
             reason reportingComponent source type"
        }
        "nodes" => "spec.unschedulable",
        "namespaces" => "status.phase",
        "secrets" => "type",
        "services" => "spec.clusterIP spec.type",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn selects_by_labels() {
        let object = json!({"metadata": {"labels": {"app": "nginx", "n": "3"}}});
        for yes in
            ["", "app=nginx", "app==nginx,n", "app in (a, nginx)", "x notin (y)", "!x", "n>2"]
        {
            assert!(Labels::parse(yes).expect(yes).matches(&object), "{yes}");
        }
        for no in ["app!=nginx", "x", "!app", "app notin (nginx)", "n<3", "app=", "x=nginx"] {
            assert!(!Labels::parse(no).expect(no).matches(&object), "{no}");
        }
    }

    #[test]
    fn refuses_what_is_no_selector() {
        for text in ["a b", "a in b", "=", "a,", "(", "!", "a in (", "é=", ","] {
            // Never a panic; `é=` is a selector.
            let _ = Labels::parse(text);
        }
        assert_eq!(
            Labels::parse("a b").unwrap_err(),
            "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"
        );
    }
}
