//! Tests of one text: what a field, a file or a count must be.

use super::LessonError;
use super::fields::Fields;
use crate::api::Tree;
use serde_json::Value;

/// The fields of a test.
pub const FIELDS: [&str; 5] = ["is", "contains", "atLeast", "atMost", "exists"];

/// What a text must be. All that is given must hold; nothing given: it must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Test {
    /// It is this.
    pub is: Option<String>,
    /// It has this in it.
    pub contains: Option<String>,
    /// It is a number not below this.
    pub at_least: Option<i64>,
    /// It is a number not above this.
    pub at_most: Option<i64>,
    /// It is there, or is not.
    pub exists: Option<bool>,
}

impl Test {
    /// Reads the fields of a test among others.
    pub fn read(fields: &Fields) -> Result<Self, LessonError> {
        Ok(Self {
            is: fields.opt_text("is")?,
            contains: fields.opt_text("contains")?,
            at_least: fields.opt_int("atLeast")?,
            at_most: fields.opt_int("atMost")?,
            exists: fields.opt_flag("exists")?,
        })
    }

    /// Writes its fields among others.
    pub fn write(&self, tree: &mut Value) {
        let texts = [("is", &self.is), ("contains", &self.contains)];
        for (name, text) in texts {
            text.iter().for_each(|text| tree.put(name, text.as_str()));
        }
        let numbers = [("atLeast", self.at_least), ("atMost", self.at_most)];
        for (name, number) in numbers {
            number.iter().for_each(|number| tree.put(name, *number));
        }
        self.exists.iter().for_each(|exists| tree.put("exists", *exists));
    }

    /// Whether a text passes; an absent one passes only if it must not exist.
    pub fn passes(&self, text: Option<&str>) -> bool {
        let Some(text) = text else { return self.exists == Some(false) };
        let number = || text.trim().parse::<i64>().ok();
        self.exists != Some(false)
            && self.is.as_ref().is_none_or(|is| is == text)
            && self.contains.as_ref().is_none_or(|part| text.contains(part))
            && self.at_least.is_none_or(|least| number().is_some_and(|it| it >= least))
            && self.at_most.is_none_or(|most| number().is_some_and(|it| it <= most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_given_must_hold() {
        let number = Test { at_least: Some(2), at_most: Some(3), ..Test::default() };
        let passing = ["1", "2", "3", "4", "x", ""].map(|text| number.passes(Some(text)));
        assert_eq!(passing, [false, true, true, false, false, false]);
        let absent = Test { exists: Some(false), ..Test::default() };
        assert!(absent.passes(None) && !absent.passes(Some("")));
        assert!(Test::default().passes(Some("")) && !Test::default().passes(None));
        let text = Test { contains: Some("b".into()), ..Test::default() };
        assert!(text.passes(Some("abc")) && !text.passes(Some("ac")));
    }
}
