//! Specs as the server prints its own structs in a refusal: every field, under its name in Go.
//!
//! Upstream: `pkg/apis/core/types.go`; `k8s.io/utils/diff`.

use super::{Tree, json_diff};
use serde_json::Value;

/// The types; see its first lines.
const TYPES: &str = include_str!("go_types.txt");

/// What the API has in a pod's spec and the server's own type in its security context.
const OF_SECURITY: [&str; 5] =
    ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

/// What differs between two specs of a pod, as the server tells it.
pub fn pod_difference(old: &Value, new: &Value) -> String {
    let lines_of = |spec: &Value| {
        let mut spec = spec.clone();
        for field in OF_SECURITY {
            if let Some(value) = spec.set(field).cloned() {
                spec.open("securityContext").put(field, value);
            }
        }
        spec.open("securityContext");
        lines(&spec, "PodSpec")
    };
    json_diff::unified(&lines_of(old), &lines_of(new))
}

/// What differs between two specs of a claim, as the server tells it.
pub fn claim_difference(old: &Value, new: &Value) -> String {
    let lines = |spec: &Value| lines(spec, "PersistentVolumeClaimSpec");
    json_diff::unified(&lines(old), &lines(new))
}

/// What differs between what two volumes are made of, as the server tells it.
pub fn source_difference(old: &Value, new: &Value) -> String {
    let lines = |spec: &Value| lines(spec, "PersistentVolumeSource");
    json_diff::unified(&lines(old), &lines(new))
}

/// A value of a type, in lines.
fn lines(value: &Value, of: &str) -> Vec<String> {
    let mut lines = Vec::new();
    print_struct(&mut lines, value, of, 0);
    lines
}

fn print_struct(lines: &mut Vec<String>, value: &Value, of: &str, depth: usize) {
    let line = TYPES.lines().find_map(|line| line.strip_prefix(of)?.strip_prefix(' '));
    let fields: Vec<&str> = line.unwrap_or_default().split(' ').collect();
    lines.push(format!("{}{{", " ".repeat(depth)));
    for (at, field) in fields.iter().enumerate() {
        let end = field.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(field.len());
        let (name, kind) = field.split_at(end);
        let start = lines.len();
        print_field(lines, value.at(&json_name(name)), kind, depth + 1);
        let first = lines[start].trim_start();
        lines[start] = format!("{}\"{name}\": {first}", " ".repeat(depth + 1));
        json_diff::end_member(lines, at + 1 < fields.len());
    }
    lines.push(format!("{}}}", " ".repeat(depth)));
}

/// The value of a field, whose kind is written behind its name in the table.
fn print_field(lines: &mut Vec<String>, value: &Value, kind: &str, depth: usize) {
    let or = |default: Value| if value.is_null() { default } else { value.clone() };
    let (mark, of) = kind.split_at(kind.len().min(1));
    match (mark, value) {
        ("=", _) | ("*", Value::Object(_)) => print_struct(lines, value, of, depth),
        ("[", Value::Array(items)) if !items.is_empty() => {
            lines.push(format!("{}[", " ".repeat(depth)));
            for (at, item) in items.iter().enumerate() {
                print_struct(lines, item, of, depth + 1);
                json_diff::end_member(lines, at + 1 < items.len());
            }
            lines.push(format!("{}]", " ".repeat(depth)));
        }
        ("", _) => json_diff::print(lines, &or("".into()), depth),
        ("!", _) => json_diff::print(lines, &or(false.into()), depth),
        ("#", _) => json_diff::print(lines, &or(0.into()), depth),
        _ => json_diff::print(lines, value, depth),
    }
}

/// The name of a field in the API: capitals at its beginning are small, but for the last before a
/// small letter, such as `dnsPolicy` for `DNSPolicy`.
fn json_name(name: &str) -> String {
    let capitals = name.chars().take_while(char::is_ascii_uppercase).count();
    let small = match capitals {
        _ if capitals == name.len() => capitals,
        0 | 1 => 1,
        more => more - 1,
    };
    let (head, tail) = name.split_at(small.min(name.len()));
    format!("{}{tail}", head.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_those_of_the_api() {
        let names = ["Name", "DNSPolicy", "TTY", "HostIP", "SELinuxOptions", "HTTPGet", "OS"];
        let own = ["name", "dnsPolicy", "tty", "hostIP", "seLinuxOptions", "httpGet", "os"];
        assert_eq!(names.map(json_name), own);
    }

    #[test]
    fn a_port_that_is_added_is_told_with_every_field() {
        let pod =
            |ports: Value| json!({"containers": [{"name": "main", "image": "a", "ports": ports}]});
        let text = pod_difference(&pod(Value::Null), &pod(json!([{"containerPort": 81}])));
        let wanted = [
            "    \"Command\": null,",
            "    \"Args\": null,",
            "    \"WorkingDir\": \"\",",
            "-   \"Ports\": null,",
            "+   \"Ports\": [",
            "+    {",
            "+     \"Name\": \"\",",
            "+     \"HostPort\": 0,",
            "+     \"ContainerPort\": 81,",
            "+     \"Protocol\": \"\",",
            "+     \"HostIP\": \"\"",
            "+    }",
            "+   ],",
            "    \"EnvFrom\": null,",
            "    \"Env\": null,",
            "    \"Resources\": {",
        ];
        assert_eq!(text.lines().skip(1).collect::<Vec<_>>(), wanted);
        assert_eq!(pod_difference(&pod(Value::Null), &pod(Value::Null)), "");
    }

    #[test]
    fn a_claim_that_asks_for_more_is_told_by_its_request() {
        let claim = |size: &str| json!({"resources": {"requests": {"storage": size}}});
        let text = claim_difference(&claim("1Gi"), &claim("2Gi"));
        let wanted = "@@ -4,7 +4,7 @@\n  \"Resources\": {\n   \"Limits\": null,\n   \"Requests\": {\n-   \
                      \"storage\": \"1Gi\"\n+   \"storage\": \"2Gi\"\n   }\n  },\n  \"VolumeName\": \"\",\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn what_the_server_keeps_with_the_security_context_stands_there() {
        let text = pod_difference(&json!({}), &json!({"hostNetwork": true}));
        assert!(text.contains("-  \"HostNetwork\": false,\n+  \"HostNetwork\": true,\n"), "{text}");
    }
}
