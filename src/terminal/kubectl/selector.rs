//! Label and field selectors, as `-l` and `--field-selector` write them.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/labels/selector.go`,
//! `staging/src/k8s.io/apimachinery/pkg/fields/selector.go`.

use crate::api::Resource;
use crate::api::selector::{Operator, Requirement};
use crate::api::{Kubernetes, Tree, names};
use serde_json::Value;

/// A label selector: requirements that all must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(Vec<Requirement>);

impl Labels {
    /// Reads a selector such as `app=nginx,tier in (a, b),!old`.
    ///
    /// # Errors
    /// The parser's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = tokens(text).into_iter().peekable();
        let mut requirements = Vec::new();
        while let Some(first) = tokens.peek() {
            if !(is_word(first) || first == "!") {
                return Err(format!(
                    "found '{first}', expected: !, identifier, or 'end of string'"
                ));
            }
            let requirement = requirement(&mut tokens).and_then(checked);
            let wrap = |text: String| format!("unable to parse requirement: {text}");
            requirements.push(requirement.map_err(wrap)?);
            match tokens.next().as_deref() {
                None => break,
                Some(",") if tokens.peek().is_some_and(|next| is_word(next) || next == "!") => {}
                Some(",") => {
                    let found = tokens.peek().map_or("", String::as_str);
                    return Err(format!("found '{found}', expected: identifier after ','"));
                }
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
        self.0.iter().all(|each| each.is_met(labels.opt_text(&each.key)))
    }
}

/// A requirement, if its key and its values may be a label's.
fn checked(requirement: Requirement) -> Result<Requirement, String> {
    let kubernetes = Kubernetes::default();
    let invalid = |field: &str, value: &str, why: &[String]| {
        format!("{field}: Invalid value: \"{value}\": {}", why.join("; "))
    };
    let own = &requirement.key;
    let key = names::qualified_name(own, &kubernetes);
    if !key.is_empty() {
        return Err(invalid("<nil>", own, &key));
    }
    let is_number = matches!(requirement.operator, Operator::GreaterThan | Operator::LessThan);
    let mut wrong = Vec::new();
    for (at, value) in requirement.values.iter().enumerate() {
        if is_number && value.parse::<i64>().is_err() {
            let why = "for 'Gt', 'Lt' operators, the value must be an integer";
            wrong.push(invalid(&format!("values[{at}]"), value, &[why.into()]));
        }
        let why = names::label_value(value, &kubernetes);
        if !why.is_empty() {
            wrong.push(invalid(&format!("values[{at}][{own}]"), value, &why));
        }
    }
    match wrong.as_slice() {
        [] => Ok(requirement),
        [one] => Err(one.clone()),
        all => Err(format!("[{}]", all.join(", "))),
    }
}

fn requirement(
    tokens: &mut std::iter::Peekable<impl Iterator<Item = String>>,
) -> Result<Requirement, String> {
    let mut first = tokens.next().unwrap_or_default();
    let is_absent = first == "!";
    if is_absent {
        first = tokens.next().unwrap_or_default();
    }
    if !is_word(&first) {
        return Err(format!("found '{first}', expected: identifier"));
    }
    let of = |operator, values| Requirement { key: first.clone(), operator, values };
    if is_absent {
        return Ok(of(Operator::DoesNotExist, Vec::new()));
    }
    let next = tokens.peek().cloned();
    let operator = match next.as_deref() {
        None | Some(",") => return Ok(of(Operator::Exists, Vec::new())),
        Some("=" | "==" | "in") => Operator::In,
        Some("!=" | "notin") => Operator::NotIn,
        Some(">") => Operator::GreaterThan,
        Some("<") => Operator::LessThan,
        Some(found) => {
            return Err(format!("found '{found}', expected: in, notin, =, ==, !=, gt, lt"));
        }
    };
    tokens.next();
    let values = match next.as_deref() {
        Some("in" | "notin") => listed(tokens)?,
        _ => vec![exact(tokens)?],
    };
    Ok(of(operator, values))
}

/// The value behind an operator such as `=`.
fn exact(tokens: &mut std::iter::Peekable<impl Iterator<Item = String>>) -> Result<String, String> {
    match tokens.peek().map(String::as_str) {
        None | Some(",") => Ok(String::new()),
        Some(value) if is_word(value) => Ok(tokens.next().unwrap_or_default()),
        Some(found) => Err(format!("found '{found}', expected: identifier")),
    }
}

/// The values in parentheses, sorted.
fn listed(
    tokens: &mut std::iter::Peekable<impl Iterator<Item = String>>,
) -> Result<Vec<String>, String> {
    let open = tokens.next().unwrap_or_default();
    if open != "(" {
        return Err(format!("found '{open}' expected: '('"));
    }
    let mut values = Vec::new();
    let mut wants_value = true;
    loop {
        let token = tokens.next().unwrap_or_default();
        match token.as_str() {
            ")" => break,
            "," if wants_value => values.push(String::new()),
            "," => wants_value = true,
            value if is_word(value) && wants_value => {
                values.push(value.to_owned());
                wants_value = false;
            }
            found if !wants_value => return Err(format!("found '{found}', expected: ',' or ')'")),
            found if values.is_empty() => {
                return Err(format!("found '{found}', expected: ',', ')' or identifier"));
            }
            found => return Err(format!("found '{found}', expected: ',', or identifier")),
        }
    }
    if wants_value && !values.is_empty() {
        values.push(String::new());
    }
    values.sort();
    values.dedup();
    Ok(values)
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

    /// Why objects of this resource cannot be selected by these fields.
    pub fn refusal(&self, resource: &Resource) -> Option<String> {
        let own = own_fields(resource.name);
        let is_known = |field: &str| {
            field == "metadata.name"
                || (resource.is_namespaced && field == "metadata.namespace")
                || own.split(' ').any(|own| own == field)
        };
        let field = self.0.iter().map(|(field, ..)| field.as_str()).find(|it| !is_known(it))?;
        Some(match own {
            "" => format!(
                "\"{field}\" is not a known field selector: only \"metadata.name\", \
                 \"metadata.namespace\""
            ),
            _ => format!("field label not supported: {field}"),
        })
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
        let requirement = "unable to parse requirement: ";
        let cases = [
            ("a b", "found 'b', expected: in, notin, =, ==, !=, gt, lt"),
            ("a in b", "found 'b' expected: '('"),
            ("a in (", "found '', expected: ',', ')' or identifier"),
            ("a in (b", "found '', expected: ',' or ')'"),
            ("!", "found '', expected: identifier"),
            ("a==!", "found '!', expected: identifier"),
            (
                "n>x",
                "values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an \
                 integer",
            ),
        ];
        for (text, why) in cases {
            assert_eq!(Labels::parse(text).unwrap_err(), format!("{requirement}{why}"), "{text}");
        }
        let cases = [
            ("=", "found '=', expected: !, identifier, or 'end of string'"),
            (",", "found ',', expected: !, identifier, or 'end of string'"),
            ("a,", "found '', expected: identifier after ','"),
            ("a,,", "found ',', expected: identifier after ','"),
            ("a=b c", "found 'c', expected: ',' or 'end of string'"),
        ];
        for (text, why) in cases {
            assert_eq!(Labels::parse(text).unwrap_err(), why, "{text}");
        }
        for (text, begin) in [
            ("é=", "<nil>: Invalid value: \"é\": name part must consist of"),
            ("a=$x", "values[0][a]: Invalid value: \"$x\": a valid label must be"),
        ] {
            let why = Labels::parse(text).unwrap_err();
            assert!(why.starts_with(&format!("{requirement}{begin}")), "{why}");
        }
    }
}
