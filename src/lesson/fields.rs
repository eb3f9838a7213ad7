//! Reading maps strictly: a field that nobody knows, or that holds something else, is told.

use super::LessonError;
use crate::api::Tree;
use serde_json::Value;

/// A map of a lesson's text, and where it stands.
pub struct Fields<'a> {
    tree: &'a Value,
    place: String,
}

impl<'a> Fields<'a> {
    /// The map at a place, which may have only these fields.
    ///
    /// # Errors
    /// It is no map, or has another field.
    pub fn of(tree: &'a Value, place: &str, known: &[&str]) -> Result<Self, LessonError> {
        let Some(members) = tree.as_object() else {
            return Err(wrong(place, "it must be a map"));
        };
        match members.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => {
                let known = known.join(", ");
                Err(wrong(place, &format!("unknown field \"{name}\", known are {known}")))
            }
            None => Ok(Self { tree, place: place.into() }),
        }
    }

    /// Where a field stands, such as `tasks[0].goal`.
    pub fn place(&self, field: &str) -> String {
        if self.place.is_empty() { field.into() } else { format!("{}.{field}", self.place) }
    }

    /// A field's value; none if it is absent.
    pub fn value(&self, field: &str) -> Option<&'a Value> {
        self.tree.set(field)
    }

    /// A field's value.
    ///
    /// # Errors
    /// It is absent.
    pub fn required(&self, field: &str) -> Result<&'a Value, LessonError> {
        self.value(field).ok_or_else(|| wrong(&self.place(field), "it is missing"))
    }

    /// A field's text.
    ///
    /// # Errors
    /// It is absent, or no text.
    pub fn text(&self, field: &str) -> Result<String, LessonError> {
        plain(self.required(field)?, &self.place(field))
    }

    /// A field's text; none if it is absent.
    ///
    /// # Errors
    /// It is no text.
    pub fn opt_text(&self, field: &str) -> Result<Option<String>, LessonError> {
        self.value(field).map(|value| plain(value, &self.place(field))).transpose()
    }

    /// A field's text, or `default` if it is absent.
    ///
    /// # Errors
    /// It is no text.
    pub fn text_or(&self, field: &str, default: &str) -> Result<String, LessonError> {
        Ok(self.opt_text(field)?.unwrap_or_else(|| default.into()))
    }

    /// A field's number; none if it is absent.
    ///
    /// # Errors
    /// It is no whole number of at most `most`, or below 0.
    pub fn opt_number(&self, field: &str, most: u64) -> Result<Option<u64>, LessonError> {
        let number = |value: &Value| {
            let within = value.as_u64().filter(|number| *number <= most);
            let expected = || format!("it must be a whole number from 0 to {most}");
            within.ok_or_else(|| wrong(&self.place(field), &expected()))
        };
        self.value(field).map(number).transpose()
    }

    /// A field's number, which may be below 0; none if it is absent.
    ///
    /// # Errors
    /// It is no whole number.
    pub fn opt_int(&self, field: &str) -> Result<Option<i64>, LessonError> {
        let number = |value: &Value| {
            value.as_i64().ok_or_else(|| wrong(&self.place(field), "it must be a whole number"))
        };
        self.value(field).map(number).transpose()
    }

    /// A field's truth; none if it is absent.
    ///
    /// # Errors
    /// It is neither true nor false.
    pub fn opt_flag(&self, field: &str) -> Result<Option<bool>, LessonError> {
        let flag = |value: &Value| {
            value.as_bool().ok_or_else(|| wrong(&self.place(field), "it must be true or false"))
        };
        self.value(field).map(flag).transpose()
    }

    /// Each item of a field, read; none if the field is absent.
    ///
    /// # Errors
    /// It is no list, or what `read` says of an item at its place.
    pub fn each<T>(
        &self,
        field: &str,
        read: impl Fn(&Value, &str) -> Result<T, LessonError>,
    ) -> Result<Vec<T>, LessonError> {
        let place = self.place(field);
        match self.value(field) {
            None => Ok(Vec::new()),
            Some(value) => items(value, &place, read),
        }
    }
}

/// Each item of a list, read.
///
/// # Errors
/// It is no list, or what `read` says of an item at its place.
pub fn items<T>(
    value: &Value,
    place: &str,
    read: impl Fn(&Value, &str) -> Result<T, LessonError>,
) -> Result<Vec<T>, LessonError> {
    let list = value.as_array().ok_or_else(|| wrong(place, "it must be a list"))?;
    let item = |(at, value)| read(value, &format!("{place}[{at}]"));
    list.iter().enumerate().map(item).collect()
}

/// A text; what YAML takes for a number or a truth is one, too.
///
/// # Errors
/// It is a map, a list or nothing.
pub fn plain(value: &Value, place: &str) -> Result<String, LessonError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        _ => Err(wrong(place, "it must be a text")),
    }
}

/// What is wrong at a place.
pub fn wrong(place: &str, what: &str) -> LessonError {
    LessonError::Wrong { place: place.into(), what: what.into() }
}
