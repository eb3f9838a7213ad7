//! From a text to a lesson.

use super::fields::{Fields, items, plain, wrong};
use super::{
    Act, Choice, LAB, Lesson, LessonError, Link, MAX_TEXT, Predicate, Prediction, Start, Task,
};
use crate::api::{Version, json};
use crate::cluster::time::SECOND;
use crate::manifest::read_yaml;
use serde_json::Value;
use std::collections::BTreeMap;

/// The longest time until a prediction is decided, in seconds.
const MAX_SETTLE: u64 = 3_600;

/// The most nodes of a lesson.
const MAX_NODES: u64 = 20;

impl Lesson {
    /// Reads a lesson: YAML, or JSON as [`Lesson::to_text`] writes it.
    ///
    /// # Errors
    /// [`LessonError`].
    pub fn read(text: &str) -> Result<Self, LessonError> {
        if text.len() > MAX_TEXT {
            return Err(LessonError::TooLong);
        }
        let tree = match text.starts_with('{') {
            true => json::parse(text),
            false => read_yaml(text),
        };
        lesson(&tree.map_err(LessonError::Syntax)?)
    }
}

fn lesson(tree: &Value) -> Result<Lesson, LessonError> {
    let known =
        ["title", "group", "minutes", "story", "start", "tasks", "prediction", "notes", "links"];
    let fields = Fields::of(tree, "", &known)?;
    let tasks = fields.each("tasks", task)?;
    if tasks.is_empty() {
        return Err(wrong("tasks", "there must be at least one"));
    }
    let prediction = fields.value("prediction").map(|tree| prediction(tree, tasks.len()));
    Ok(Lesson {
        title: fields.text("title")?,
        group: fields.text("group")?,
        minutes: fields.opt_number("minutes", 600)?.unwrap_or(5),
        story: fields.text("story")?,
        start: start(fields.required("start")?)?,
        tasks,
        prediction: prediction.transpose()?,
        notes: fields.text_or("notes", "")?,
        links: fields.each("links", link)?,
    })
}

fn start(tree: &Value) -> Result<Start, LessonError> {
    let fields =
        Fields::of(tree, "start", &["kubernetes", "nodes", "cluster", "manifest", "files", "run"])?;
    let version = |label: String| {
        let known = Version::ALL.map(Version::label).join(", ");
        let unknown = || wrong("start.kubernetes", &format!("known versions are {known}"));
        Version::named(&label).ok_or_else(unknown)
    };
    let nodes = fields.opt_number("nodes", MAX_NODES)?;
    if nodes == Some(0) {
        return Err(wrong("start.nodes", "there must be at least one"));
    }
    let cluster = fields.opt_text("cluster")?;
    if cluster.as_deref().is_some_and(|name| name != LAB) {
        return Err(wrong("start.cluster", &format!("the only one with a name is {LAB}")));
    }
    let mut files = BTreeMap::new();
    if let Some(all) = fields.value("files") {
        let all = all.as_object().ok_or_else(|| wrong("start.files", "it must be a map"))?;
        for (path, text) in all {
            files.insert(path.clone(), plain(text, &format!("start.files.{path}"))?);
        }
    }
    Ok(Start {
        kubernetes: fields.opt_text("kubernetes")?.map(version).transpose()?,
        nodes: nodes.and_then(|nodes| nodes.try_into().ok()),
        in_lab: cluster.is_some(),
        manifest: fields.text_or("manifest", "")?,
        files,
        run: Act::all(&fields, "run")?,
    })
}

fn task(tree: &Value, place: &str) -> Result<Task, LessonError> {
    let fields = Fields::of(tree, place, &["text", "goal", "hints", "solution"])?;
    Ok(Task {
        text: fields.text("text")?,
        goal: Predicate::read(fields.required("goal")?, &fields.place("goal"))?,
        hints: fields.each("hints", plain)?,
        solution: Act::all(&fields, "solution")?,
    })
}

fn prediction(tree: &Value, tasks: usize) -> Result<Prediction, LessonError> {
    let known = ["before", "question", "options", "settle"];
    let fields = Fields::of(tree, "prediction", &known)?;
    let last = u64::try_from(tasks.saturating_sub(1)).unwrap_or(0);
    let before = fields.opt_number("before", last)?.unwrap_or(0);
    let options = items(fields.required("options")?, "prediction.options", choice)?;
    if options.len() < 2 {
        return Err(wrong("prediction.options", "there must be at least two"));
    }
    Ok(Prediction {
        before: usize::try_from(before).unwrap_or(0),
        question: fields.text("question")?,
        options,
        settle: fields.opt_number("settle", MAX_SETTLE)?.unwrap_or(0) * SECOND,
    })
}

fn choice(tree: &Value, place: &str) -> Result<Choice, LessonError> {
    let fields = Fields::of(tree, place, &["text", "holds"])?;
    let holds = Predicate::read(fields.required("holds")?, &fields.place("holds"))?;
    Ok(Choice { text: fields.text("text")?, holds })
}

fn link(tree: &Value, place: &str) -> Result<Link, LessonError> {
    let fields = Fields::of(tree, place, &["text", "url"])?;
    let link = Link { text: fields.text("text")?, url: fields.text("url")? };
    match link.host() {
        Some(_) => Ok(link),
        None => {
            Err(wrong(&fields.place("url"), "it must begin with https:// and the name of a host"))
        }
    }
}
