//! How an object is read and filled in: as a tree of JSON whose shape the field table has checked.
//!
//! Objects stay trees. A struct per API type would cost an instance of its decoder, encoder,
//! comparison and clone for each of some two hundred types, more than the page may weigh.

use serde_json::{Map, Value};

/// A tree as `serde_json`'s `json!` writes it. Members are handed over in one call, which makes less
/// code where much is written; what is put in is moved.
macro_rules! tree {
    (null) => { serde_json::Value::Null };
    ([ $($item:tt),* $(,)? ]) => { serde_json::Value::Array(vec![$($crate::api::tree::tree!($item)),*]) };
    ({ $($members:tt)* }) => { $crate::api::tree::tree!(@ [] $($members)*) };
    (@ [$($done:tt)*]) => { $crate::api::tree::object(&mut [$($done)*]) };
    (@ [$($done:tt)*] $key:literal : null $(, $($rest:tt)*)?) => {
        $crate::api::tree::tree!(@ [$($done)* ($key, serde_json::Value::Null),] $($($rest)*)?)
    };
    (@ [$($done:tt)*] $key:literal : { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::api::tree::tree!(
            @ [$($done)* ($key, $crate::api::tree::tree!({ $($inner)* })),] $($($rest)*)?
        )
    };
    (@ [$($done:tt)*] $key:literal : [ $($inner:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::api::tree::tree!(
            @ [$($done)* ($key, $crate::api::tree::tree!([ $($inner)* ])),] $($($rest)*)?
        )
    };
    (@ [$($done:tt)*] $key:literal : $value:expr $(, $($rest:tt)*)?) => {
        $crate::api::tree::tree!(@ [$($done)* ($key, serde_json::Value::from($value)),] $($($rest)*)?)
    };
    ($value:expr) => { serde_json::Value::from($value) };
}

pub(crate) use tree;

/// The object that has these members, which are taken.
#[inline(never)]
pub fn object(members: &mut [(&str, Value)]) -> Value {
    let taken = members.iter_mut().map(|(field, value)| ((*field).to_owned(), value.take()));
    Value::Object(taken.collect())
}

static NOTHING: Value = Value::Null;

/// Reading and filling in fields by the names they have in JSON.
///
/// Total: a field that is absent, or holds something else than asked for, reads as zero, and
/// nothing is written into what is no object.
pub trait Tree {
    /// The field's value; null if absent.
    fn at(&self, field: &str) -> &Value;
    /// The field's value; none if absent.
    fn set(&self, field: &str) -> Option<&Value>;
    /// The field's text; empty if absent.
    fn text(&self, field: &str) -> &str;
    /// The field's text; none if absent.
    fn opt_text(&self, field: &str) -> Option<&str>;
    /// The field's number; 0 if absent.
    fn int(&self, field: &str) -> i64;
    /// The field's number; none if absent.
    fn opt_int(&self, field: &str) -> Option<i64>;
    /// The field's truth; false if absent.
    fn flag(&self, field: &str) -> bool;
    /// The field's items; none if absent.
    fn items(&self, field: &str) -> &[Value];
    /// The field's items that are text.
    fn texts(&self, field: &str) -> impl Iterator<Item = &str>;
    /// The field's members by name, in the order of the names.
    fn members(&self, field: &str) -> impl Iterator<Item = (&String, &Value)>;

    /// Sets a field.
    fn put(&mut self, field: &str, value: impl Into<Value>);
    /// Sets a field that is absent.
    fn fill(&mut self, field: &str, default: impl Into<Value>);
    /// Sets a text that is absent or empty.
    fn fill_text(&mut self, field: &str, default: &str);
    /// The field to write into; an empty object if absent.
    fn open(&mut self, field: &str) -> &mut Value;
    /// The field to write into; none if absent.
    fn set_mut(&mut self, field: &str) -> Option<&mut Value>;
    /// The field's items to write into; none if absent.
    fn items_mut(&mut self, field: &str) -> &mut [Value];
    /// Takes a field out; null if absent.
    fn drop_field(&mut self, field: &str) -> Value;
}

impl Tree for Value {
    fn at(&self, field: &str) -> &Value {
        self.get(field).unwrap_or(&NOTHING)
    }

    fn set(&self, field: &str) -> Option<&Value> {
        self.get(field).filter(|value| !value.is_null())
    }

    fn text(&self, field: &str) -> &str {
        self.opt_text(field).unwrap_or_default()
    }

    fn opt_text(&self, field: &str) -> Option<&str> {
        self.at(field).as_str()
    }

    fn int(&self, field: &str) -> i64 {
        self.opt_int(field).unwrap_or_default()
    }

    fn opt_int(&self, field: &str) -> Option<i64> {
        self.at(field).as_i64()
    }

    fn flag(&self, field: &str) -> bool {
        self.at(field).as_bool().unwrap_or_default()
    }

    fn items(&self, field: &str) -> &[Value] {
        self.at(field).as_array().map_or(&[], Vec::as_slice)
    }

    fn texts(&self, field: &str) -> impl Iterator<Item = &str> {
        self.items(field).iter().filter_map(Value::as_str)
    }

    fn members(&self, field: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.at(field).as_object().into_iter().flatten()
    }

    fn put(&mut self, field: &str, value: impl Into<Value>) {
        put(self, field, value.into());
    }

    fn fill(&mut self, field: &str, default: impl Into<Value>) {
        if self.set(field).is_none() {
            put(self, field, default.into());
        }
    }

    fn fill_text(&mut self, field: &str, default: &str) {
        if self.text(field).is_empty() {
            self.put(field, default);
        }
    }

    fn open(&mut self, field: &str) -> &mut Value {
        self.fill(field, Map::new());
        match self {
            Value::Object(members) => members.entry(field).or_insert(Value::Null),
            other => other,
        }
    }

    fn set_mut(&mut self, field: &str) -> Option<&mut Value> {
        self.get_mut(field).filter(|value| !value.is_null())
    }

    fn items_mut(&mut self, field: &str) -> &mut [Value] {
        self.get_mut(field).and_then(Value::as_array_mut).map_or(&mut [], Vec::as_mut_slice)
    }

    fn drop_field(&mut self, field: &str) -> Value {
        self.as_object_mut().and_then(|members| members.remove(field)).unwrap_or_default()
    }
}

/// Sets a field; what is null becomes an object.
/// How many values stand in a value, with itself.
pub fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().fold(1, |sum, item| sum + count(item)),
        Value::Object(members) => members.values().fold(1, |sum, member| sum + count(member)),
        _ => 1,
    }
}

fn put(tree: &mut Value, field: &str, value: Value) {
    if tree.is_null() {
        *tree = Value::Object(Map::new());
    }
    if let Value::Object(members) = tree {
        members.insert(field.into(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_is_there_and_zero_elsewhere() {
        let tree = json!({"text": "a", "int": 3, "flag": true, "list": ["x", 1], "map": {"k": 2}});
        assert_eq!((tree.text("text"), tree.text("int"), tree.text("none")), ("a", "", ""));
        assert_eq!((tree.int("int"), tree.opt_int("text"), tree.int("none")), (3, None, 0));
        assert!(tree.flag("flag") && !tree.flag("none"));
        assert_eq!(tree.texts("list").collect::<Vec<_>>(), ["x"]);
        assert_eq!(tree.members("map").count(), 1);
        assert_eq!(json!([1]).at("text"), &Value::Null);
    }

    #[test]
    fn fills_in_only_what_is_absent() {
        let mut tree = json!({"set": 1, "empty": "", "null": null});
        tree.fill("set", 2);
        tree.fill("null", 2);
        tree.fill_text("empty", "full");
        tree.open("inner").put("deep", true);
        assert_eq!(tree, json!({"set": 1, "empty": "full", "null": 2, "inner": {"deep": true}}));
        assert_eq!(tree.drop_field("inner"), json!({"deep": true}));
    }

    #[test]
    fn writes_nothing_into_what_is_no_object() {
        let mut tree = json!("text");
        tree.put("field", 1);
        tree.open("field").put("deep", 1);
        assert_eq!(tree, json!("text"));
    }
}
