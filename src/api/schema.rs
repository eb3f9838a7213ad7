//! Which fields each API type has, and of what kind: the one table behind decoding and editor help.
//!
//! The table is generated from the published schema by `tests/schema_table.rs`.

use std::sync::LazyLock;

static FIELDS: &str = include_str!("schema/fields.txt");

/// The types and their fields, in the order of the types' names.
static TYPES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    FIELDS.lines().map(|line| line.split_once(' ').unwrap_or((line, ""))).collect()
});

/// A type of the Kubernetes API, such as `PodSpec`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    /// Its name in the API and in Go.
    pub name: &'static str,
    fields: &'static str,
}

/// One field of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether an explicit zero differs from an absent value (a pointer in Go).
    pub keeps_zero: bool,
    /// Whether it is written even when it is absent or zero.
    pub always_written: bool,
    /// The struct that Go embeds and that errors name before the field, if any.
    pub embedded_in: Option<&'static str>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    code: &'static str,
    go_name: Option<&'static str>,
}

/// A kind taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    String,
    Int32,
    Int64,
    Bool,
    Quantity,
    IntOrString,
    Time,
    /// Bytes in base64.
    Bytes,
    /// Anything.
    Opaque,
    List(Kind),
    Map(Kind),
    Object(Type),
}

impl Type {
    /// The type of this name.
    pub fn named(name: &str) -> Option<Self> {
        let at = TYPES.binary_search_by(|(each, _)| (*each).cmp(name)).ok()?;
        let (name, fields) = TYPES[at];
        Some(Self { name, fields })
    }

    /// The type's fields, in alphabetical order.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        self.fields.split(' ').filter_map(Field::parse)
    }

    /// The field of this name.
    pub fn field(self, name: &str) -> Option<Field> {
        self.fields().find(|field| field.name == name)
    }
}

impl Field {
    fn parse(text: &'static str) -> Option<Self> {
        let (name, rest) = text.split_once('=')?;
        let (rest, embedded_in) = match rest.split_once('^') {
            Some((rest, embedded)) => (rest, Some(embedded)),
            None => (rest, None),
        };
        let (rest, go_name) = match rest.split_once('~') {
            Some((rest, go)) => (rest, Some(go)),
            None => (rest, None),
        };
        let (rest, always_written) = match rest.strip_prefix('!') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (code, keeps_zero) = match rest.strip_prefix('*') {
            Some(code) => (code, true),
            None => (rest, false),
        };
        let kind = Kind { code, go_name };
        Some(Self { name, kind, keeps_zero, always_written, embedded_in })
    }
}

impl Kind {
    /// What the kind is made of.
    pub fn shape(self) -> Shape {
        let inner = |go_name| Kind { code: self.code.get(1..).unwrap_or_default(), go_name };
        match self.code.as_bytes().first() {
            Some(b's') => Shape::String,
            Some(b'i') => Shape::Int32,
            Some(b'l') => Shape::Int64,
            Some(b'b') => Shape::Bool,
            Some(b'q') => Shape::Quantity,
            Some(b'x') => Shape::IntOrString,
            Some(b't') => Shape::Time,
            Some(b'y') => Shape::Bytes,
            Some(b'[') => Shape::List(inner(self.go_name)),
            Some(b'{') => Shape::Map(inner(None)),
            Some(b'@') => Type::named(inner(None).code).map_or(Shape::Opaque, Shape::Object),
            _ => Shape::Opaque,
        }
    }

    /// The kind's type in Go, as decoding errors name it.
    pub fn go_type(self) -> String {
        match (self.shape(), self.go_name) {
            (Shape::List(item), _) => format!("[]{}", item.go_type()),
            (_, Some(name)) => format!("v1.{name}"),
            (Shape::String, _) => "string".into(),
            (Shape::Int32, _) => "int32".into(),
            (Shape::Int64, _) => "int64".into(),
            (Shape::Bool, _) => "bool".into(),
            (Shape::Map(value), _) => format!("map[string]{}", value.go_type()),
            (Shape::Object(object), _) => format!("v1.{}", object.name),
            (Shape::Quantity, _) => "resource.Quantity".into(),
            (Shape::IntOrString, _) => "intstr.IntOrString".into(),
            (Shape::Time, _) => "v1.Time".into(),
            (Shape::Bytes, _) => "[]uint8".into(),
            (Shape::Opaque, _) => "interface {}".into(),
        }
    }
}
