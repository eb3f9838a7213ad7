//! A lesson made of the present session: what a teacher begins with.

use super::done::Deed as Done;
use super::state::Playground;
use crate::api::{ApiObject, Kubernetes};
use crate::client::Deed;
use crate::client::deed::APPLY;
use crate::cluster::time::SECOND;
use crate::cluster::{ClusterConfig, Input, Millis};
use crate::lesson::act::MAX_WAIT;
use crate::lesson::view::Printed;
use crate::lesson::{Act, GROUPS, Lesson, Predicate, Start, Task, View, offer};

impl Playground {
    /// A lesson that begins as the session stands, with one task.
    ///
    /// Feature gates and times that are drawn are not part of a lesson.
    #[inline(never)]
    pub fn lesson_of_session(
        &self,
        title: &str,
        story: &str,
        task: &str,
        goal: Predicate,
    ) -> Lesson {
        let config = self.replay.history().session().config.clone();
        let (version, usual) = (config.kubernetes.version, ClusterConfig::default().nodes);
        let start = Start {
            kubernetes: (version != Kubernetes::default().version).then_some(version),
            nodes: (config.nodes != usual && config.begins_at() == 0).then_some(config.nodes),
            in_lab: config.begins_at() > 0,
            manifest: self.manifest.text.to_string(),
            files: self.console.remembered().files,
            run: self.acts(),
        };
        Lesson {
            title: title.into(),
            group: GROUPS[0].into(),
            minutes: 5,
            story: story.into(),
            start,
            tasks: vec![Task { text: task.into(), goal, hints: Vec::new(), solution: Vec::new() }],
            prediction: None,
            notes: String::new(),
            links: Vec::new(),
        }
    }

    /// Goals that may be reached from the present state, each with what it says.
    #[inline(never)]
    pub fn offered_goals(&self) -> Vec<(String, Predicate)> {
        self.with_cluster(|cluster| {
            offer::goals(&View {
                cluster,
                beginning: cluster,
                steps: &[],
                printed: &Printed::default(),
            })
        })
    }

    /// What was done up to the playhead, with the waits in between.
    fn acts(&self) -> Vec<Act> {
        let mut acts = Vec::new();
        let mut now = self.begins_at();
        for deed in self.done() {
            wait(&mut acts, &mut now, deed.at);
            acts.extend(self.acts_of(&deed));
        }
        wait(&mut acts, &mut now, self.playhead);
        acts
    }

    /// The acts that do it again: the line of a command that does not wait, or the very inputs.
    fn acts_of(&self, deed: &Done) -> Vec<Act> {
        let verb = |command: &str| command.split(' ').nth(1).is_some_and(|it| SWIFT.contains(&it));
        if let Some(objects) = deed.applied().filter(|_| deed.is_apply()) {
            let own = self.applied.documents.iter().map(|document| document.value());
            if self.is_applied() && own.eq(objects.iter().cloned()) {
                return vec![Act::Line(APPLY.into())];
            }
            let objects: Option<Vec<_>> = objects.into_iter().map(ApiObject::from_tree).collect();
            if let Some(objects) = objects {
                return vec![Act::Do(Box::new(Deed::Apply { objects }))];
            }
        }
        if deed.has_command() && deed.commands().iter().all(|command| verb(command)) {
            return deed.commands().into_iter().map(Act::Line).collect();
        }
        let inputs = deed.inputs.iter().map(|(input, _)| Input::clone(input));
        let seen = |input: &Input| !matches!(input, Input::LookUp { .. });
        inputs.filter(seen).map(|input| Act::Do(Box::new(input.into()))).collect()
    }
}

/// Verbs of kubectl that have ended when they have changed their object.
const SWIFT: [&str; 5] = ["scale", "patch", "cordon", "uncordon", "taint"];

/// Waits from `now` until `at`, in whole seconds.
fn wait(acts: &mut Vec<Act>, now: &mut Millis, at: Millis) {
    let mut seconds = at.saturating_sub(*now).div_ceil(SECOND);
    *now += seconds * SECOND;
    while seconds > 0 {
        let part = seconds.min(MAX_WAIT);
        acts.push(Act::Wait(part));
        seconds -= part;
    }
}
