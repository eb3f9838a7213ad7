//! A lesson made of the present session: what a teacher begins with.

use super::{Playground, command_of};
use crate::api::Kubernetes;
use crate::cluster::input::{Input, NodeRequest};
use crate::cluster::time::SECOND;
use crate::cluster::{ClusterConfig, Millis};
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
        let config = self.history.borrow().session().config.clone();
        let (version, usual) = (config.kubernetes.version, ClusterConfig::default().nodes);
        let start = Start {
            kubernetes: (version != Kubernetes::default().version).then_some(version),
            nodes: (config.nodes != usual && config.begins_at() == 0).then_some(config.nodes),
            in_lab: config.begins_at() > 0,
            manifest: self.manifest.text.to_string(),
            files: self.console.borrow().remembered().files,
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
        for (at, input, _) in self.done() {
            wait(&mut acts, &mut now, at);
            acts.extend(self.act_of(input));
        }
        wait(&mut acts, &mut now, self.playhead);
        acts
    }

    /// The act that does it again: the line of a command that does not wait, or the very input.
    fn act_of(&self, input: Input) -> Option<Act> {
        let has_line = match &input {
            Input::LookUp { .. } => return None,
            Input::Apply { objects } => *objects == self.manifest.objects(),
            Input::Scale { .. } | Input::ResizeClaim { .. } => true,
            Input::Node { request, .. } => {
                matches!(request, NodeRequest::Cordon | NodeRequest::Uncordon)
            }
            _ => false,
        };
        Some(match has_line {
            true => Act::Line(command_of(&input)),
            false => Act::Do(Box::new(input)),
        })
    }
}

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
