//! Which names, labels and port names are well formed, and what the server says if not.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go`.

use super::Kubernetes;

const LABEL_1123: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric \
    characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  \
    or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_1123: &str = "a lowercase RFC 1123 subdomain must consist of lower case \
    alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character \
    (e.g. 'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or \
    '-', start with an alphabetic character, and end with an alphanumeric character \
    (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and \
    must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or \
    '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric \
    characters, '-', '_' or '.', and must start and end with an alphanumeric character \
    (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is \
    '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// Complaints about a DNS-1123 label: at most 63 characters, `[a-z0-9-]`.
pub fn dns_label(value: &str) -> Vec<String> {
    let is_subdomain = value.split('.').all(is_label_1123);
    let rule = if is_subdomain { "must not contain dots" } else { LABEL_1123 };
    dns_name(value, 63, is_label_1123(value), rule)
}

/// Complaints about a DNS-1123 subdomain: at most 253 characters, labels joined by dots.
pub fn dns_subdomain(value: &str) -> Vec<String> {
    dns_name(value, 253, value.split('.').all(is_label_1123), SUBDOMAIN_1123)
}

/// Complaints about a DNS-1035 label: like a DNS-1123 label, but starting with a letter.
pub fn dns_1035_label(value: &str) -> Vec<String> {
    let starts = value.starts_with(|c: char| c.is_ascii_lowercase());
    dns_name(value, 63, starts && is_label_1123(value), LABEL_1035)
}

/// Complaints about a Service's name.
pub fn service_name(value: &str, kubernetes: &Kubernetes) -> Vec<String> {
    match kubernetes.relaxed_service_names() {
        true => dns_label(value),
        false => dns_1035_label(value),
    }
}

/// Complaints about a label or annotation key: an optional subdomain, a slash, a name.
pub fn qualified_name(value: &str, kubernetes: &Kubernetes) -> Vec<String> {
    let mut found = Vec::new();
    let name = match value.split_once('/') {
        None => value,
        Some((prefix, name)) if !name.contains('/') => {
            if prefix.is_empty() {
                found.push("prefix part must be non-empty".into());
            } else {
                found.extend(
                    dns_subdomain(prefix).into_iter().map(|text| format!("prefix part {text}")),
                );
            }
            name
        }
        Some(_) => {
            let rule = NAME_PART.replacen("name part", "a valid label key", 1);
            let tail = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            return vec![format!("{rule}{tail}")];
        }
    };
    if name.is_empty() {
        found.push("name part must be non-empty".into());
    } else if name.len() > 63 {
        found.push(format!("name part must be no more than 63 {}", kubernetes.length_unit()));
    }
    if !is_label_like(name) {
        found.push(NAME_PART.into());
    }
    found
}

/// Complaints about a label's value.
pub fn label_value(value: &str, kubernetes: &Kubernetes) -> Vec<String> {
    let mut found = Vec::new();
    if value.len() > 63 {
        found.push(format!("must be no more than 63 {}", kubernetes.length_unit()));
    }
    if !value.is_empty() && !is_label_like(value) {
        found.push(LABEL_VALUE.into());
    }
    found
}

/// Complaints about a key of a ConfigMap or Secret.
pub fn config_key(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    if value.len() > 253 {
        found.push("must be no more than 253 characters".into());
    }
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if value.is_empty() || !value.bytes().all(is_allowed) {
        let text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' \
                    (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is \
                    '[-._a-zA-Z0-9]+')";
        found.push(text.into());
    }
    match value {
        "." => found.push("must not be '.'".into()),
        ".." => found.push("must not be '..'".into()),
        _ if value.starts_with("..") => found.push("must not start with '..'".into()),
        _ => {}
    }
    found
}

/// Complaints about a port's name: at most 15 characters, at least one letter.
pub fn port_name(value: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: &str| found.push(text.into());
    if value.chars().count() > 15 {
        add("must be no more than 15 characters");
    }
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !value.bytes().all(allowed) || value.is_empty() {
        add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if !value.bytes().any(|byte| byte.is_ascii_lowercase()) {
        add("must contain at least one letter (a-z)");
    }
    if value.contains("--") {
        add("must not contain consecutive hyphens");
    }
    if value.starts_with('-') || value.ends_with('-') {
        add("must not begin or end with a hyphen");
    }
    found
}

/// Complaints about a port number.
pub fn port_number(value: i64) -> Vec<String> {
    match value {
        1..=65535 => Vec::new(),
        _ => vec!["must be between 1 and 65535, inclusive".into()],
    }
}

fn dns_name(value: &str, max: usize, well_formed: bool, rule: &str) -> Vec<String> {
    let mut found = Vec::new();
    if value.len() > max {
        found.push(format!("must be no more than {max} characters"));
    }
    if !well_formed {
        found.push(rule.into());
    }
    found
}

fn is_label_1123(value: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    value.bytes().all(|byte| alphanumeric(byte) || byte == b'-')
        && value.bytes().next().is_some_and(alphanumeric)
        && value.bytes().last().is_some_and(alphanumeric)
}

fn is_label_like(value: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    value.bytes().all(inner)
        && value.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && value.bytes().last().is_some_and(|byte| byte.is_ascii_alphanumeric())
}
