//! What is done before a lesson begins, and what solves its tasks: one act after the other.

use super::fields::{Fields, plain, wrong};
use super::{LessonError, Predicate};
use crate::api::json;
use crate::client::{Deed, admit, read};
use serde_json::{Value, json};

/// The longest wait, in simulated seconds.
pub const MAX_WAIT: u64 = 3_600;

/// The most acts of a start or of a solution.
pub const MAX_ACTS: usize = 500;

/// One act.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// A line entered in the terminal.
    Line(String),
    /// So many simulated seconds pass.
    Wait(u64),
    /// Time passes until this holds.
    WaitFor(Predicate),
    /// The first place of a text in the manifest is replaced, and the manifest applied.
    Edit {
        /// What stands there.
        find: String,
        /// What will.
        replace: String,
    },
    /// What has no command: a fault, or something else done on the page.
    Do(Box<Deed>),
}

impl Act {
    /// Reads the acts of a field; none if it is absent.
    pub(super) fn all(fields: &Fields, field: &str) -> Result<Vec<Self>, LessonError> {
        let acts = fields.each(field, Self::read)?;
        match acts.len() {
            0..=MAX_ACTS => Ok(acts),
            _ => Err(wrong(&fields.place(field), &format!("there may be at most {MAX_ACTS}"))),
        }
    }

    /// Reads an act: a line, or a map with one of `wait`, `edit` and `do`.
    pub(super) fn read(tree: &Value, place: &str) -> Result<Self, LessonError> {
        if tree.is_string() {
            return plain(tree, place).map(Self::Line);
        }
        let fields = Fields::of(tree, place, &["wait", "edit", "do"])?;
        let given = ["wait", "edit", "do"].map(|name| (name, fields.value(name)));
        let mut given = given.iter().filter_map(|(name, value)| value.map(|value| (*name, value)));
        let (Some((name, value)), None) = (given.next(), given.next()) else {
            return Err(wrong(place, "it must have exactly one of wait, edit, do"));
        };
        let place = fields.place(name);
        match name {
            "wait" if value.is_object() => Predicate::read(value, &place).map(Self::WaitFor),
            "wait" => Ok(Self::Wait(fields.opt_number("wait", MAX_WAIT)?.unwrap_or(0))),
            "edit" => {
                let fields = Fields::of(value, &place, &["find", "replace"])?;
                Ok(Self::Edit { find: fields.text("find")?, replace: fields.text("replace")? })
            }
            _ => {
                let none = || wrong(&place, "it is nothing that can be done to a cluster");
                let deed = read::deed(value).ok_or_else(none)?;
                admit::deed(&deed).map_err(|why| wrong(&place, &why))?;
                Ok(Self::Do(Box::new(deed)))
            }
        }
    }

    /// The act as [`Act::read`] reads it.
    pub(super) fn tree(&self) -> Value {
        match self {
            Self::Line(line) => Value::from(line.as_str()),
            Self::Wait(seconds) => json!({"wait": seconds}),
            Self::WaitFor(goal) => json!({"wait": goal.tree()}),
            Self::Edit { find, replace } => json!({"edit": {"find": find, "replace": replace}}),
            Self::Do(deed) => {
                let text = serde_json::to_string(deed).unwrap_or_default();
                json!({"do": json::parse(&text).unwrap_or_default()})
            }
        }
    }
}
