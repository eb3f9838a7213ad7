//! The list of lessons that the page offers.

use super::LessonError;
use super::fields::{Fields, items};
use crate::manifest::read_yaml;

/// One lesson of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its file's name without the ending, as in a link.
    pub id: String,
    /// Its name as shown.
    pub title: String,
    /// Its group.
    pub group: String,
}

/// Reads the list, in its order.
///
/// # Errors
/// [`LessonError`].
pub fn read(text: &str) -> Result<Vec<Entry>, LessonError> {
    let tree = read_yaml(text).map_err(LessonError::Syntax)?;
    items(&tree, "index", |tree, place| {
        let fields = Fields::of(tree, place, &["id", "title", "group"])?;
        let (title, group) = (fields.text("title")?, fields.text("group")?);
        Ok(Entry { id: fields.text("id")?, title, group })
    })
}
