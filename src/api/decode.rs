//! Whether a JSON value is an API object: strictly, as the server decodes it.
//!
//! The walk along the field table also brings the value into the form that Go's types would give
//! back: no nulls, no zeros where Go omits them and all where it does not, canonical quantities.
//!
//! Upstream: `sigs.k8s.io/json`, `staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go`.

use super::path::{FieldPath, PathStep};
use super::schema::{Field, Kind, Shape, Type};
use super::status::quoted;
use super::{ApiObject, Status, Tree, kind, quantity};
use serde_json::{Map, Value};
use std::fmt;

/// Why a value is no API object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The value's `kind`.
    pub kind: String,
    /// The value's `apiVersion`, without the group.
    pub version: String,
    /// The object's name, if it has one.
    pub name: String,
    /// What kind of refusal it is.
    pub reason: DecodeReason,
    /// What is wrong: one complaint, or all unknown fields.
    pub complaints: Vec<Complaint>,
}

/// What kind of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeReason {
    /// The kind is none that can be held, or is not of this `apiVersion`.
    UnknownKind,
    /// The kind is written in lower case: kubectl knows it, the server does not.
    LowerCaseKind,
    /// The `apiVersion` has a group, but no version.
    NoVersion,
    /// A value has the wrong type or is malformed; only the first is told.
    WrongType,
    /// There are fields that the kind does not have; nothing else was checked.
    UnknownFields,
}

/// One complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Where.
    pub path: FieldPath,
    /// The server's words.
    pub text: String,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<&str> = self.complaints.iter().map(|each| each.text.as_str()).collect();
        let texts = texts.join(", ");
        let (kind, version) = (&self.kind, &self.version);
        match self.reason {
            DecodeReason::UnknownKind | DecodeReason::NoVersion => return f.write_str(&texts),
            DecodeReason::LowerCaseKind => {
                let proper = proper_kind(kind).map_or("", kind::Kind::name);
                let version = quoted(version);
                write!(f, "{kind} in version {version} cannot be handled as a {proper}: ")?;
            }
            DecodeReason::WrongType | DecodeReason::UnknownFields => {
                let version = quoted(version);
                write!(f, "{kind} in version {version} cannot be handled as a {kind}: ")?;
            }
        }
        if self.reason == DecodeReason::UnknownFields {
            f.write_str("strict decoding error: ")?;
        }
        f.write_str(&texts)
    }
}

impl std::error::Error for DecodeError {}

impl From<DecodeError> for Status {
    fn from(error: DecodeError) -> Self {
        Self::bad_request(&error.kind, &error.name, error.to_string())
    }
}

/// Decodes an object strictly.
///
/// The result is as written: no defaults, but quantities in canonical form.
///
/// # Errors
/// [`DecodeError`] with the server's words and the places.
pub fn decode(value: &Value) -> Result<ApiObject, DecodeError> {
    decoded(value, true)
}

/// Decodes an object, and leaves out the fields that the server does not know.
///
/// # Errors
/// As of [`decode`], but for unknown fields.
pub fn decode_known(value: &Value) -> Result<ApiObject, DecodeError> {
    decoded(value, false)
}

/// What kubectl cannot read of an object's metadata, whatever its kind is.
///
/// Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/metadata_decoder.go`.
pub fn unreadable_metadata(value: &Value) -> Option<Complaint> {
    let metadata = value.get("metadata").filter(|metadata| !metadata.is_null())?;
    let mut walk = Walk {
        path: FieldPath::default().key("metadata"),
        go_path: vec!["metadata"],
        struct_name: "metadataOnlyObject",
        ..Walk::default()
    };
    if !metadata.is_object() {
        let text = walk.type_complaint(json_type(metadata), "v1.ObjectMeta");
        return Some(Complaint { path: walk.path, text });
    }
    walk.object(Type::named("ObjectMeta")?, metadata);
    walk.fatal.or(walk.wrong_type)
}

fn decoded(value: &Value, is_strict: bool) -> Result<ApiObject, DecodeError> {
    let (kind, api_version) = (value.text("kind"), value.text("apiVersion"));
    let name = value.at("metadata").text("name");
    let error = |reason, complaints| DecodeError {
        kind: kind.into(),
        version: api_version.rsplit('/').next().unwrap_or_default().into(),
        name: name.into(),
        reason,
        complaints,
    };
    let known = kind::Kind::applied(kind, api_version);
    let (Some(known), Some(root)) = (known, Type::named(kind)) else {
        let (reason, text) = unknown_kind(kind, api_version);
        let path = FieldPath::default().key("kind");
        return Err(error(reason, vec![Complaint { path, text }]));
    };
    let mut walk = Walk::default();
    let tree = walk.object(root, value);
    if let Some(complaint) = walk.fatal.or(walk.wrong_type) {
        return Err(error(DecodeReason::WrongType, vec![complaint]));
    }
    if is_strict && !walk.unknown.is_empty() {
        return Err(error(DecodeReason::UnknownFields, walk.unknown));
    }
    Ok(ApiObject { kind: known, tree })
}

fn unknown_kind(kind: &str, api_version: &str) -> (DecodeReason, String) {
    let (shown, version) = (quoted(kind), quoted(api_version));
    if proper_kind(kind).is_some_and(|known| known.api_version() == api_version) {
        let text = format!(
            "no kind {shown} is registered for version {version} in scheme \
             \"pkg/runtime/scheme.go:111\""
        );
        return (DecodeReason::LowerCaseKind, text);
    }
    let group = api_version.strip_suffix('/');
    let is_known = |known: &kind::Kind| known.name() == kind && Some(known.group()) == group;
    if kind::Kind::checked().any(|known| is_known(&known)) {
        let text = "the server could not find the requested resource";
        return (DecodeReason::NoVersion, text.into());
    }
    (DecodeReason::UnknownKind, format!("no matches for kind {shown} in version {version}"))
}

/// The kind whose name in lower case this is.
fn proper_kind(lower: &str) -> Option<kind::Kind> {
    kind::Kind::checked().find(|known| known.name().to_ascii_lowercase() == lower)
}

/// The walk over a value, along the field table.
#[derive(Default)]
struct Walk {
    path: FieldPath,
    /// The fields passed, with embedded structs and without list items, as Go names them.
    go_path: Vec<&'static str>,
    /// The innermost struct passed.
    struct_name: &'static str,
    unknown: Vec<Complaint>,
    wrong_type: Option<Complaint>,
    /// A complaint of a type that decodes itself, at which decoding ends.
    fatal: Option<Complaint>,
}

impl Walk {
    fn object(&mut self, object: Type, value: &Value) -> Value {
        let mut normal = Map::new();
        for (key, member) in value.as_object().into_iter().flatten() {
            self.path.0.push(PathStep::Key(key.clone()));
            match object.field(key) {
                Some(field) => {
                    let (outer, depth) = (self.struct_name, self.go_path.len());
                    self.struct_name = object.name;
                    self.go_path.extend(field.embedded_in);
                    self.go_path.push(field.name);
                    let kept = self.field(field, member);
                    normal.extend(kept.map(|kept| (key.clone(), kept)));
                    self.go_path.truncate(depth);
                    self.struct_name = outer;
                }
                None => {
                    let text = format!("unknown field \"{}\"", self.path);
                    self.unknown.push(Complaint { path: self.path.clone(), text });
                }
            }
            self.path.0.pop();
        }
        for field in object.fields() {
            if field.always_written && !normal.contains_key(field.name) {
                normal.insert(field.name.into(), self.value(field.kind, &Value::Null));
            }
        }
        Value::Object(normal)
    }

    /// The field's value in normal form; none if Go would omit it.
    fn field(&mut self, field: Field, value: &Value) -> Option<Value> {
        if value.is_null() {
            return None;
        }
        let normal = self.value(field.kind, value);
        let is_zero = match &normal {
            Value::Bool(flag) => !flag,
            Value::Number(number) => number.as_i64() == Some(0),
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => {
                members.is_empty() && matches!(field.kind.shape(), Shape::Map(_))
            }
            Value::Null => true,
        };
        let keeps_zero =
            field.keeps_zero || field.always_written || field.kind.shape() == Shape::IntOrString;
        let omitted = is_zero && !keeps_zero;
        Some(normal).filter(|_| !omitted)
    }

    fn value(&mut self, kind: Kind, value: &Value) -> Value {
        match (kind.shape(), value) {
            (Shape::Object(object), Value::Object(_) | Value::Null) => self.object(object, value),
            (Shape::List(item), Value::Array(items)) => self.list(item, items),
            (Shape::Map(item), Value::Object(members)) => self.map(item, members),
            (Shape::List(_), Value::Null) => Value::Array(Vec::new()),
            (Shape::Map(_), Value::Null) => Value::Object(Map::new()),
            (Shape::String, Value::String(_)) | (Shape::Bool, Value::Bool(_)) => value.clone(),
            (Shape::String, Value::Null) => Value::String(String::new()),
            (Shape::Bool, Value::Null) => Value::Bool(false),
            (Shape::Int32 | Shape::Int64, Value::Null) => Value::from(0),
            (Shape::Int32, Value::Number(number))
                if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) =>
            {
                value.clone()
            }
            (Shape::Int64, Value::Number(number)) if number.is_i64() => value.clone(),
            (Shape::Int32 | Shape::Int64, Value::Number(number)) => {
                self.wrong_type(&format!("number {number}"), kind)
            }
            (Shape::Quantity, _) => self.quantity(value),
            (Shape::IntOrString, _) => self.int_or_string(value),
            (Shape::Time, Value::Null) => Value::from("1970-01-01T00:00:00Z"),
            (Shape::Time, _) => self.time(value),
            (Shape::Bytes, Value::String(text)) => match super::base64::decode(text) {
                Ok(_) => value.clone(),
                Err(at) => self.fatal(format!("illegal base64 data at input byte {at}")),
            },
            (Shape::Opaque, _) => value.clone(),
            _ => self.wrong_type(json_type(value), kind),
        }
    }

    fn list(&mut self, item: Kind, items: &[Value]) -> Value {
        let mut normal = Vec::with_capacity(items.len());
        for (index, value) in items.iter().enumerate() {
            self.path.0.push(PathStep::Index(index));
            normal.push(self.value(item, value));
            self.path.0.pop();
        }
        Value::Array(normal)
    }

    fn map(&mut self, item: Kind, members: &Map<String, Value>) -> Value {
        let mut normal = Map::new();
        for (key, value) in members {
            self.path.0.push(PathStep::Key(key.clone()));
            normal.insert(key.clone(), self.value(item, value));
            self.path.0.pop();
        }
        Value::Object(normal)
    }

    fn quantity(&mut self, value: &Value) -> Value {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Null => "0".into(),
            other => other.to_string(),
        };
        match quantity::canonical(&text) {
            Ok(text) => Value::String(text),
            Err(error) => self.fatal(error.to_string()),
        }
    }

    fn int_or_string(&mut self, value: &Value) -> Value {
        match value {
            Value::Null => Value::from(0),
            Value::String(_) => value.clone(),
            Value::Number(n) if n.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => {
                value.clone()
            }
            other => {
                let found = match other {
                    Value::Number(number) => format!("number {number}"),
                    other => json_type(other).into(),
                };
                let text = self.type_complaint(&found, "int32");
                self.fatal(text)
            }
        }
    }

    fn time(&mut self, value: &Value) -> Value {
        let Value::String(text) = value else {
            let found = json_type(value);
            return self
                .fatal(format!("json: cannot unmarshal {found} into Go value of type string"));
        };
        if is_time(text) {
            return value.clone();
        }
        let text = quoted(text);
        self.fatal(format!(
            "parsing time {text} as \"2006-01-02T15:04:05Z07:00\": cannot parse {text} as \"2006\""
        ))
    }

    fn wrong_type(&mut self, found: &str, kind: Kind) -> Value {
        let text = self.type_complaint(found, &kind.go_type());
        let complaint = Complaint { path: self.path.clone(), text };
        self.wrong_type.get_or_insert(complaint);
        Value::Null
    }

    fn type_complaint(&self, found: &str, go_type: &str) -> String {
        let (name, go_path) = (self.struct_name, self.go_path.join("."));
        format!(
            "json: cannot unmarshal {found} into Go struct field {name}.{go_path} of type {go_type}"
        )
    }

    fn fatal(&mut self, text: String) -> Value {
        let complaint = Complaint { path: self.path.clone(), text };
        self.fatal.get_or_insert(complaint);
        Value::Null
    }
}

/// Whether a text has the form of RFC 3339, such as `2026-01-31T08:05:00Z`.
fn is_time(text: &str) -> bool {
    let (Some(clock), Some(zone)) = (text.get(..19), text.get(19..)) else { return false };
    let matches = |text: &str, form: &str| {
        let digit_or_same = |(is, form): (u8, u8)| match form {
            b'0' => is.is_ascii_digit(),
            form => is == form,
        };
        text.len() == form.len() && text.bytes().zip(form.bytes()).all(digit_or_same)
    };
    let fraction =
        zone.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = fraction.unwrap_or(zone);
    matches(clock, "0000-00-00T00:00:00")
        && (zone == "Z" || matches(zone, "+00:00") || matches(zone, "-00:00"))
}

/// A value's type as Go's JSON errors name it.
pub(crate) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
