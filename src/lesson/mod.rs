//! Lessons as data: where one begins, what is to be reached, and whether it has been.
//!
//! A [`Lesson`] is read from a text and looked at from a [`View`] of the cluster, its history and
//! what the terminal has printed. So a goal is a state reached, never the words typed.
//!
//! Architecture invariant: nothing here knows the application or the page. Damaged lessons are
//! told in words, at their place.

pub mod act;
pub mod check;
mod fields;
pub mod index;
pub mod offer;
pub mod predicate;
pub mod progress;
mod read;
pub mod value;
pub mod view;
mod write;

pub use act::Act;
pub use predicate::Predicate;
pub use progress::{Guess, Progress};
pub use view::{Beginning, View};

use crate::api::Version;
use crate::cluster::Millis;
use std::collections::BTreeMap;
use thiserror::Error;

/// Longest lesson that is read, in bytes.
pub const MAX_TEXT: usize = 256 * 1024;

/// The groups of lessons, in their order.
pub const GROUPS: [&str; 3] = ["First steps", "The lab", "Traps"];

/// The name of the cluster that lessons may begin in, besides an empty one.
pub const LAB: &str = "minikube-lab";

/// A lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its name as shown.
    pub title: String,
    /// One of [`GROUPS`], or a teacher's own.
    pub group: String,
    /// About how long it takes.
    pub minutes: u64,
    /// What it is about, in plain paragraphs.
    pub story: String,
    /// Where it begins.
    pub start: Start,
    /// What is to be reached, one after the other.
    pub tasks: Vec<Task>,
    /// What the learner is asked beforehand.
    pub prediction: Option<Prediction>,
    /// What was seen and why, for afterwards.
    pub notes: String,
    /// Where to read on.
    pub links: Vec<Link>,
}

/// Where a lesson begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Start {
    /// The minor version of Kubernetes, if another than the usual one.
    pub kubernetes: Option<Version>,
    /// How many nodes there are, if not the usual number.
    pub nodes: Option<u8>,
    /// In the lab's minikube, with Vault, in place of an empty cluster.
    pub in_lab: bool,
    /// The text in the editor, which is the file manifest.yaml in the terminal.
    pub manifest: String,
    /// Other files in the terminal, by their paths.
    pub files: BTreeMap<String, String>,
    /// What is done before the learner begins.
    pub run: Vec<Act>,
}

/// Something to be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What to do, in words.
    pub text: String,
    /// What holds when it is done.
    pub goal: Predicate,
    /// Help, from where to look to the exact thing.
    pub hints: Vec<String>,
    /// A way to the goal.
    pub solution: Vec<Act>,
}

/// A question whose answer the simulation gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// It is asked when this task is the present one, from 0.
    pub before: usize,
    /// The question.
    pub question: String,
    /// The answers to choose from.
    pub options: Vec<Choice>,
    /// Simulated time between the task's goal and the moment that decides.
    pub settle: Millis,
}

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// In words.
    pub text: String,
    /// What holds if it is the right one.
    pub holds: Predicate,
}

/// A page to read on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it is called.
    pub text: String,
    /// Its address.
    pub url: String,
}

impl Link {
    /// The host that the address leads to; none if it is not plainly written. What browsers read as
    /// something else than it looks, such as `https://kubernetes.io@example.com`, is not.
    pub fn host(&self) -> Option<&str> {
        let rest = self.url.strip_prefix("https://")?;
        let host = rest.split(['/', '?', '#']).next()?;
        let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-:".contains(&byte);
        let is_plain = host.bytes().all(is_host) && !host.starts_with(['.', '-', ':']);
        let is_address = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>`".contains(&byte);
        (is_plain && !host.is_empty() && rest.bytes().all(is_address)).then_some(host)
    }
}

/// Why a text is no lesson.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LessonError {
    /// It is no YAML, in the parser's words.
    #[error("the lesson cannot be read: {0}")]
    Syntax(String),
    /// It is longer than [`MAX_TEXT`].
    #[error("the lesson is too long: at most {} KiB are read", MAX_TEXT / 1024)]
    TooLong,
    /// A part of it is missing or wrong.
    #[error("the lesson is damaged at {place}: {what}")]
    Wrong {
        /// Where, such as `tasks[0].goal`.
        place: String,
        /// What is wrong there.
        what: String,
    },
}
