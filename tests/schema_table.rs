//! The committed field table, and what the page explains of fields, are what the Kubernetes API
//! says.
//!
//! `UPDATE_EXPECT=1 cargo test --no-default-features --test all schema_table::` writes it anew.

use expect_test::expect_file;
use k8s_openapi::api::apps::v1::{
    ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet,
};
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{
    ConfigMap, Event, LimitRange, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod,
    ResourceQuota, Secret, Service, ServiceAccount,
};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::scheduling::v1::PriorityClass;
use k8s_openapi::api::storage::v1::{StorageClass, VolumeAttachment, VolumeAttributesClass};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What the published schema does not say: Go's names of string types, and which fields are
/// pointers, so that a zero is kept.
const GO: &str = include_str!("fixtures/go-types.txt");

/// The words that fields take, which the published schema leaves out: fields that take the same,
/// and then a line for each word.
///
/// Source: the types' documentation in `staging/src/k8s.io/api/*/v1/types.go`, marked `+enum`.
const ENUMS: &str = include_str!("fixtures/enums.txt");

/// Required fields that Go leaves out when they are nil.
const OMITTED: [(&str, &str); 2] =
    [("StatefulSetSpec", "selector"), ("LocalObjectReference", "name")];

/// Structs that Go embeds: their fields stand in the outer object, but errors name them.
const EMBEDDED: [(&str, &[&str], &[&str]); 3] = [
    ("ProbeHandler", &["Probe"], &["exec", "grpc", "httpGet", "tcpSocket"]),
    ("VolumeSource", &["Volume"], &[]),
    (
        "LocalObjectReference",
        &[
            "ConfigMapEnvSource",
            "ConfigMapKeySelector",
            "ConfigMapProjection",
            "ConfigMapVolumeSource",
            "SecretEnvSource",
            "SecretKeySelector",
            "SecretProjection",
        ],
        &["name"],
    ),
];

#[test]
fn the_committed_table_is_current() {
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<StatefulSet>();
    generator.subschema_for::<Service>();
    generator.subschema_for::<PersistentVolumeClaim>();
    generator.subschema_for::<Pod>();
    generator.subschema_for::<PersistentVolume>();
    generator.subschema_for::<StorageClass>();
    generator.subschema_for::<PodDisruptionBudget>();
    generator.subschema_for::<ConfigMap>();
    generator.subschema_for::<Secret>();
    generator.subschema_for::<VolumeAttributesClass>();
    generator.subschema_for::<Deployment>();
    generator.subschema_for::<ReplicaSet>();
    let go = Go::parse(GO);
    let mut types = BTreeMap::new();
    for (name, schema) in generator.definitions() {
        let name = short(name);
        if let Some(fields) = schema.get("properties").and_then(Value::as_object) {
            types.insert(name.to_owned(), table_line(name, fields, &schema["required"], &go));
        }
    }
    let mut table = String::new();
    for (name, line) in types {
        writeln!(table, "{name}{line}").unwrap();
    }
    go.assert_all_used();
    expect_file!["../src/api/schema/fields.txt"].assert_eq(&table);
}

/// Documentation by type and field. In each type, `""` is the type's own, `"="` tells its fields'
/// types as `name=type` (`!` before those of required fields, `:Time` after `string`), and
/// `"field="` the words that a field takes.
type Docs = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn the_committed_documentation_is_current() {
    let mut generator = SchemaGenerator::default();
    generator.subschema_for::<StatefulSet>();
    generator.subschema_for::<Service>();
    generator.subschema_for::<PersistentVolumeClaim>();
    generator.subschema_for::<Pod>();
    generator.subschema_for::<PersistentVolume>();
    generator.subschema_for::<StorageClass>();
    generator.subschema_for::<PodDisruptionBudget>();
    generator.subschema_for::<ConfigMap>();
    generator.subschema_for::<Secret>();
    generator.subschema_for::<Deployment>();
    generator.subschema_for::<ReplicaSet>();
    generator.subschema_for::<ReplicaSet>();
    generator.subschema_for::<DaemonSet>();
    generator.subschema_for::<ControllerRevision>();
    generator.subschema_for::<Job>();
    generator.subschema_for::<CronJob>();
    generator.subschema_for::<Node>();
    generator.subschema_for::<Namespace>();
    generator.subschema_for::<Event>();
    generator.subschema_for::<EndpointSlice>();
    generator.subschema_for::<ServiceAccount>();
    generator.subschema_for::<ResourceQuota>();
    generator.subschema_for::<LimitRange>();
    generator.subschema_for::<PriorityClass>();
    generator.subschema_for::<Lease>();
    generator.subschema_for::<VolumeAttachment>();
    let mut docs = Docs::new();
    for (name, schema) in generator.definitions() {
        let before = docs.insert(short(name).to_owned(), documented(short(name), schema));
        assert!(before.is_none(), "two types are called {}", short(name));
    }
    add_enums(&mut docs);
    let docs = serde_json::to_string(&docs).unwrap();
    expect_file!["../static/docs/fields.json"].assert_eq(&format!("{docs}\n"));
}

fn documented(owner: &str, schema: &Value) -> BTreeMap<String, String> {
    let description = |schema: &Value| Some(schema.get("description")?.as_str()?.to_owned());
    let fields = schema.get("properties").and_then(Value::as_object);
    let fields = fields.into_iter().flatten();
    let required = schema.get("required").and_then(Value::as_array);
    let typed = |(field, schema): (&String, &Value)| {
        // The server can do without what the library asks for here.
        let reference = "LocalObjectReference";
        let is_optional = match field.as_str() {
            "metadata" => owner != "Event",
            "name" => owner == reference || embedded(owner, field) == Some(reference),
            _ => false,
        };
        let is_required = !is_optional && required.is_some_and(|list| list.contains(&json!(field)));
        format!("{field}={}{}", if is_required { "!" } else { "" }, shown(schema))
    };
    let types: Vec<String> = fields.clone().map(typed).collect();
    let own = description(schema).map(|text| (String::new(), text));
    let types = (!types.is_empty()).then(|| ("=".to_owned(), types.join(" ")));
    fields
        .filter_map(|(field, schema)| Some((field.clone(), description(schema)?)))
        .chain(own)
        .chain(types)
        .collect()
}

/// A type as `kubectl explain` shows it, such as `map[string]Quantity`.
fn shown(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        // What is no object is shown as what it is; its documentation is found by its name.
        return match short(reference) {
            name @ ("Time" | "MicroTime") => format!("string:{name}"),
            name => name.into(),
        };
    }
    if let Some(items) = schema.get("items") {
        return format!("[]{}", shown(items));
    }
    if let Some(values) = schema.get("additionalProperties") {
        return format!("map[string]{}", shown(values));
    }
    schema["type"].as_str().unwrap_or("Object").into()
}

fn add_enums(docs: &mut Docs) {
    for block in ENUMS.split("\n\n") {
        let (fields, words) = block.split_once('\n').unwrap();
        let mut text = "Possible enum values:".to_owned();
        for line in words.lines() {
            let (word, meaning) = line.split_once(' ').unwrap_or((line, ""));
            let word = word.trim_matches('"');
            write!(text, "\n - `\"{word}\"` {meaning}").unwrap();
            text.truncate(text.trim_end().len());
        }
        for place in fields.split(' ') {
            let (owner, field) = place.split_once('.').unwrap();
            let owner = docs.get_mut(owner).unwrap_or_else(|| panic!("no type {owner}"));
            assert!(owner.contains_key(field), "no field {place}");
            owner.insert(format!("{field}="), text.clone());
        }
    }
}

fn table_line(name: &str, fields: &Map<String, Value>, required: &Value, go: &Go) -> String {
    let mut line = String::new();
    for (field, schema) in fields {
        let is_required = required.as_array().is_some_and(|list| list.contains(&json!(field)));
        let owner = embedded(name, field).filter(|_| field == "name").unwrap_or(name);
        let always = if is_required && !OMITTED.contains(&(owner, field)) { "!" } else { "" };
        let pointer = if go.is_pointer(name, field) { "*" } else { "" };
        let named = go.named(name, field).map(|go| format!("~{go}")).unwrap_or_default();
        let embedded = embedded(name, field).map(|outer| format!("^{outer}")).unwrap_or_default();
        write!(line, " {field}={always}{pointer}{}{named}{embedded}", kind(schema)).unwrap();
    }
    line
}

/// The embedded struct that a field belongs to; a list without fields means all but the name.
fn embedded(name: &str, field: &str) -> Option<&'static str> {
    let found = EMBEDDED.iter().find(|(_, outer, fields)| {
        let is_inside = if fields.is_empty() { field != "name" } else { fields.contains(&field) };
        outer.contains(&name) && is_inside
    });
    found.map(|(embedded, ..)| *embedded)
}

/// `s`tring, `i`nt32, `l`ong, `b`ool, `q`uantity, int-or-string `x`, `t`ime, b`y`tes, `o`paque,
/// `[` list of, `{` map of, `@` type; before them `!` for always written, `*` for a pointer.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return match short(reference) {
            "Quantity" => "q".into(),
            "IntOrString" => "x".into(),
            "Time" | "MicroTime" => "t".into(),
            "FieldsV1" => "o".into(),
            name => format!("@{name}"),
        };
    }
    if let Some(items) = schema.get("items") {
        return format!("[{}", kind(items));
    }
    if let Some(values) = schema.get("additionalProperties") {
        return format!("{{{}", kind(values));
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), Some("byte")) => "y".into(),
        (Some("string"), _) => "s".into(),
        (Some("integer"), Some("int32")) => "i".into(),
        (Some("integer"), _) => "l".into(),
        (Some("boolean"), _) => "b".into(),
        other => panic!("unknown kind {other:?} in {schema}"),
    }
}

fn short(name: &str) -> &str {
    name.rsplit(['.', '/']).next().unwrap()
}

/// The hand-written part: lines `Type field~Name *field`, fields of one type on one line.
struct Go {
    pointers: BTreeSet<(String, String)>,
    named: BTreeMap<(String, String), String>,
    used: std::cell::RefCell<BTreeSet<(String, String)>>,
}

impl Go {
    fn parse(text: &str) -> Self {
        let (mut pointers, mut named) = (BTreeSet::new(), BTreeMap::new());
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let name = words.next().unwrap();
            for word in words {
                let (word, is_pointer) =
                    word.strip_prefix('*').map_or((word, false), |rest| (rest, true));
                let (field, go) = word.split_once('~').map_or((word, None), |(f, g)| (f, Some(g)));
                let key = (name.to_owned(), field.to_owned());
                if is_pointer {
                    pointers.insert(key.clone());
                }
                if let Some(go) = go {
                    named.insert(key, go.to_owned());
                }
            }
        }
        Self { pointers, named, used: Default::default() }
    }

    fn is_pointer(&self, name: &str, field: &str) -> bool {
        let key = (name.to_owned(), field.to_owned());
        self.used.borrow_mut().insert(key.clone());
        self.pointers.contains(&key)
    }

    fn named(&self, name: &str, field: &str) -> Option<&String> {
        self.named.get(&(name.to_owned(), field.to_owned()))
    }

    fn assert_all_used(&self) {
        let known = self.used.borrow();
        let stale: Vec<_> =
            self.pointers.iter().chain(self.named.keys()).filter(|k| !known.contains(k)).collect();
        assert!(stale.is_empty(), "no such fields: {stale:?}");
    }
}
