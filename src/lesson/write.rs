//! From a lesson to a text.

use super::{Act, Choice, Lesson, Link, Prediction, Start, Task};
use crate::api::Tree;
use crate::client::Deed;
use crate::cluster::Input;
use crate::cluster::time::SECOND;
use crate::manifest::Manifest;
use serde_json::{Value, json};

impl Lesson {
    /// Whether a Secret is in it, which whoever has its text can read.
    pub fn has_secret(&self) -> bool {
        let is_secret = |tree: &Value| tree.text("kind") == "Secret";
        let documents = Manifest::parse(&self.start.manifest).documents;
        documents.iter().any(|document| document.kind == "Secret")
            || self.start.run.iter().any(|act| match act {
                Act::Do(deed) => match &**deed {
                    Deed::Apply { objects } => objects.iter().any(|it| is_secret(&it.tree)),
                    Deed::Input(Input::Request(request)) => request.kind == "Secret",
                    _ => false,
                },
                _ => false,
            })
    }

    /// The lesson as JSON, which [`Lesson::read`] reads.
    pub fn to_text(&self) -> String {
        let mut tree = json!({
            "title": self.title,
            "group": self.group,
            "minutes": self.minutes,
            "story": self.story,
            "start": start(&self.start),
            "tasks": self.tasks.iter().map(task).collect::<Vec<_>>(),
        });
        self.prediction.iter().for_each(|it| tree.put("prediction", prediction(it)));
        if !self.notes.is_empty() {
            tree.put("notes", self.notes.as_str());
        }
        if !self.links.is_empty() {
            tree.put("links", self.links.iter().map(link).collect::<Vec<_>>());
        }
        tree.to_string()
    }
}

fn acts(all: &[Act]) -> Vec<Value> {
    all.iter().map(Act::tree).collect()
}

fn start(start: &Start) -> Value {
    let mut tree = json!({"manifest": start.manifest});
    start.kubernetes.iter().for_each(|version| tree.put("kubernetes", version.label()));
    start.nodes.iter().for_each(|nodes| tree.put("nodes", *nodes));
    if start.in_lab {
        tree.put("cluster", super::LAB);
    }
    for (path, text) in &start.files {
        tree.open("files").put(path, text.as_str());
    }
    if !start.run.is_empty() {
        tree.put("run", acts(&start.run));
    }
    tree
}

fn task(task: &Task) -> Value {
    json!({
        "text": task.text,
        "goal": task.goal.tree(),
        "hints": task.hints,
        "solution": acts(&task.solution),
    })
}

fn prediction(prediction: &Prediction) -> Value {
    json!({
        "before": prediction.before,
        "question": prediction.question,
        "options": prediction.options.iter().map(choice).collect::<Vec<_>>(),
        "settle": prediction.settle / SECOND,
    })
}

fn choice(choice: &Choice) -> Value {
    json!({"text": choice.text, "holds": choice.holds.tree()})
}

fn link(link: &Link) -> Value {
    json!({"text": link.text, "url": link.url})
}
