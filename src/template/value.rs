//! The values of templates, with the types that Go tells apart.

use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// A map. Those that hold it share it: `set` changes it for all.
pub type Map = Rc<RefCell<Members>>;

/// The items of a list.
#[derive(Clone, Debug, Default)]
pub struct Items(Vec<Value>);

/// The members of a map.
#[derive(Clone, Debug, Default)]
pub struct Members(BTreeMap<String, Value>);

impl From<BTreeMap<String, Value>> for Members {
    fn from(members: BTreeMap<String, Value>) -> Self {
        Self(members)
    }
}

impl Members {
    /// Takes all members out.
    pub fn take_all(&mut self) -> BTreeMap<String, Value> {
        std::mem::take(&mut self.0)
    }
}

impl Deref for Items {
    type Target = Vec<Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Deref for Members {
    type Target = BTreeMap<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Members {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        drop_each(std::mem::take(&mut self.0));
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        drop_each(std::mem::take(&mut self.0).into_values().collect());
    }
}

/// Drops values one after the other: a template can nest them deeper than the stack is.
fn drop_each(mut left: Vec<Value>) {
    while let Some(value) = left.pop() {
        match value {
            Value::List(items) => {
                if let Ok(mut items) = Rc::try_unwrap(items) {
                    left.append(&mut items.0);
                }
            }
            Value::Map(map) => {
                if let Ok(map) = Rc::try_unwrap(map) {
                    left.extend(std::mem::take(&mut map.into_inner().0).into_values());
                }
            }
            _ => {}
        }
    }
}

/// Something with fields and methods, such as `.Files`.
pub trait Object: fmt::Debug {
    /// Its type, as errors name it.
    fn type_name(&self) -> &'static str;
    /// A field; none if it has none of this name.
    fn field(&self, name: &str) -> Option<Value>;
    /// What a method takes, in the letters of [`super::arguments`]; none if it has none of this name.
    fn parameters(&self, _name: &str) -> Option<&'static str> {
        None
    }
    /// Calls a method with what it takes.
    ///
    /// # Errors
    /// Its own words.
    fn call(&self, name: &str, _arguments: &[Value]) -> Result<Value, String> {
        Err(format!("there is no {name}"))
    }
    /// Whether it is a map with methods rather than a struct.
    fn is_map(&self) -> bool {
        false
    }
    /// Whether `if` takes it for true.
    fn is_true(&self) -> bool {
        !self.is_map() || !self.fields().is_empty()
    }
    /// How many members it has, if it has a length.
    fn length(&self) -> Option<usize> {
        self.is_map().then(|| self.fields().len())
    }
    /// As it is printed.
    fn text(&self) -> String;
    /// As `toString` makes a text of it.
    fn string(&self) -> String {
        self.text()
    }
    /// As `toYaml` and `toJson` write it.
    fn json(&self) -> Json {
        self.fields().iter().map(|(key, it)| (key.clone(), it.json())).collect()
    }
    /// Its fields, for `range`.
    fn fields(&self) -> BTreeMap<String, Value> {
        BTreeMap::new()
    }
}

/// A `[]uint8`: what files hold.
#[derive(Debug)]
pub struct Bytes(pub String);

impl Bytes {
    /// The bytes of a text.
    pub fn of(text: &str) -> Value {
        Value::Object(Rc::new(Self(text.into())))
    }
}

impl Object for Bytes {
    fn type_name(&self) -> &'static str {
        "[]uint8"
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn text(&self) -> String {
        let all: Vec<String> = self.0.bytes().map(|byte| byte.to_string()).collect();
        format!("[{}]", all.join(" "))
    }

    fn string(&self) -> String {
        self.0.clone()
    }

    fn length(&self) -> Option<usize> {
        Some(self.0.len())
    }

    fn is_true(&self) -> bool {
        !self.0.is_empty()
    }

    fn json(&self) -> Json {
        crate::api::base64::encode(self.0.as_bytes()).into()
    }
}

/// A value.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Nil,
    /// `bool`.
    Bool(bool),
    /// `int`: a literal, a length.
    Int(i64),
    /// `int64`: what sprig computes.
    Int64(i64),
    /// `float64`.
    Float(f64),
    /// `json.Number`: a number of a values file, as it is written there.
    Number(Rc<str>),
    /// `string`.
    Text(Rc<str>),
    /// `[]interface {}`.
    List(Rc<Items>),
    /// `map[string]interface {}`.
    Map(Map),
    /// Something with methods.
    Object(Rc<dyn Object>),
}

impl Value {
    /// A text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().into())
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(Rc::new(Items(items.into_iter().collect())))
    }

    /// A map.
    pub fn map<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        let members = members.into_iter().map(|(key, value)| (key.into(), value));
        Self::Map(Rc::new(RefCell::new(Members(members.collect()))))
    }

    /// A value of JSON whose numbers stay as they are written: `json.Decoder.UseNumber`.
    pub fn of(json: &Json) -> Self {
        Self::of_json(json, &|number| Self::Number(number.to_string().into()))
    }

    /// A value of JSON whose numbers become `float64`, as `encoding/json` reads them by itself.
    pub fn of_floats(json: &Json) -> Self {
        Self::of_json(json, &|number| {
            Self::Float(number.to_string().parse().unwrap_or(f64::INFINITY))
        })
    }

    /// A value of an API object whose whole numbers become `int64`: `runtime.Unstructured`.
    pub fn of_object(json: &Json) -> Self {
        Self::of_json(json, &|number| {
            let text = number.to_string();
            match text.parse() {
                Ok(whole) => Self::Int64(whole),
                Err(_) => Self::Float(text.parse().unwrap_or(f64::INFINITY)),
            }
        })
    }

    fn of_json(json: &Json, number: &dyn Fn(&serde_json::Number) -> Self) -> Self {
        match json {
            Json::Null => Self::Nil,
            Json::Bool(it) => Self::Bool(*it),
            Json::Number(it) => number(it),
            Json::String(text) => Self::text(text),
            Json::Array(items) => Self::list(items.iter().map(|it| Self::of_json(it, number))),
            Json::Object(members) => {
                Self::map(members.iter().map(|(key, it)| (key.as_str(), Self::of_json(it, number))))
            }
        }
    }

    /// As JSON. A float that is no number becomes null.
    pub fn json(&self) -> Json {
        match self {
            Self::Nil => Json::Null,
            Self::Bool(it) => Json::Bool(*it),
            Self::Int(it) | Self::Int64(it) => Json::from(*it),
            Self::Float(it) => serde_json::from_str(&super::number::json(*it)).unwrap_or_default(),
            Self::Number(text) => serde_json::from_str(text).unwrap_or_default(),
            Self::Text(text) => Json::from(&**text),
            Self::List(items) => items.iter().map(Self::json).collect(),
            Self::Map(map) => {
                map.borrow().iter().map(|(key, it)| (key.clone(), it.json())).collect()
            }
            Self::Object(object) => object.json(),
        }
    }

    /// Whether `if` takes it for true.
    pub fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(it) => *it,
            Self::Int(it) | Self::Int64(it) => *it != 0,
            Self::Float(it) => *it != 0.0,
            Self::Number(text) | Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Map(map) => !map.borrow().is_empty(),
            Self::Object(object) => object.is_true(),
        }
    }

    /// Whether sprig's `empty` takes it for empty.
    pub fn is_empty(&self) -> bool {
        !self.is_true()
    }

    /// Its Go type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Float(_) => "float64",
            Self::Number(_) => "json.Number",
            Self::Text(_) => "string",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
            Self::Object(object) => object.type_name(),
        }
    }

    /// Its Go kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Nil => "invalid",
            Self::Number(_) => "string",
            Self::List(_) => "slice",
            Self::Map(_) => "map",
            Self::Object(_) => "struct",
            other => other.type_name(),
        }
    }

    /// What `encoding/json` calls it.
    pub fn json_kind(&self) -> &'static str {
        match self {
            Self::Nil => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Int64(_) | Self::Float(_) | Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) | Self::Object(_) => "object",
        }
    }

    /// A member of a map, or a field; none if there is none.
    pub fn get(&self, key: &str) -> Option<Self> {
        match self {
            Self::Map(map) => map.borrow().get(key).cloned(),
            Self::Object(object) => object.field(key),
            _ => None,
        }
    }

    /// A copy that shares nothing.
    pub fn deep_copy(&self) -> Self {
        match self {
            Self::List(items) => Self::list(items.iter().map(Self::deep_copy)),
            Self::Map(map) => {
                let members = map.borrow();
                Self::map(members.iter().map(|(key, it)| (key.clone(), it.deep_copy())))
            }
            other => other.clone(),
        }
    }

    /// Whether two values are the same, types included: `reflect.DeepEqual`.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::Int64(left), Self::Int64(right)) => left == right,
            (Self::Float(left), Self::Float(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => left == right,
            (Self::Text(left), Self::Text(right)) => left == right,
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right.iter()).all(|(l, r)| l.is_same(r))
            }
            (Self::Map(left), Self::Map(right)) => {
                let (left, right) = (left.borrow(), right.borrow());
                let same = |(key, it): (&String, &Self)| {
                    right.get(key).is_some_and(|other| it.is_same(other))
                };
                left.len() == right.len() && left.iter().all(same)
            }
            _ => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<bool> for Value {
    fn from(it: bool) -> Self {
        Self::Bool(it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_nested_deeply_can_be_dropped() {
        let nested = (0..200_000).fold(Value::Nil, |value, number| match number % 2 {
            0 => Value::list([value]),
            _ => Value::map([("a", value)]),
        });
        drop(nested);
    }
}
