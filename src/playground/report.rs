//! What a person hands in: a report of the session, and the commands that do it again.

use super::{Playground, command_of};
use crate::cluster::{Input, Millis, Outcome};
use crate::scene::picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// Most events that the report lists.
const MAX_EVENTS: usize = 500;

impl Playground {
    /// The commands for what was done so far, as a script. Waits stand in it as comments.
    pub fn commands(&self) -> String {
        let mut script = String::from("#!/bin/sh\n# What was done, in order.\nset -e\n");
        let mut before = 0;
        let last = self.done().iter().rposition(|(_, input, _)| is_apply(input));
        for (index, (at, input, _)) in self.done().iter().enumerate() {
            let command = command_of(input);
            if command.is_empty() {
                let _ =
                    writeln!(script, "\n# After {}: something went wrong by itself.", seconds(*at));
                continue;
            }
            match at - before {
                0 => script.push('\n'),
                waited => {
                    let _ = writeln!(script, "\n# {} later.", seconds(waited));
                }
            }
            before = *at;
            match input {
                Input::Apply { objects } => {
                    let text = match Some(index) == last && self.is_applied() {
                        true => self.manifest.text.to_string(),
                        false => {
                            let each =
                                objects.iter().map(|object| format!("---\n{:#}\n", object.tree));
                            each.collect()
                        }
                    };
                    let end = if text.ends_with('\n') { "" } else { "\n" };
                    let mark = end_mark(&text);
                    let _ = write!(script, "kubectl apply -f - <<'{mark}'\n{text}{end}{mark}\n");
                }
                _ => script += &format!("{command}\n"),
            }
        }
        script
    }

    /// A report of the session in Markdown: the manifest, what was done and what came of it, the
    /// timeline as a picture, the events.
    pub fn report(&self) -> String {
        let scene = self.scene();
        let mut text = format!("# StatefulSet {}\n\n", self.set.name);
        let _ = writeln!(
            text,
            "Kubernetes {}, simulated by StatefulSet Playground, up to {} after the start.\n",
            self.kubernetes().version.label(),
            seconds(self.playhead)
        );
        text += "## What was done\n\n";
        for (at, input, outcome) in self.done() {
            let command = command_of(&input);
            let command =
                if command.is_empty() { "# something went wrong by itself" } else { &command };
            let _ = writeln!(text, "At {}:\n\n```console\n$ {command}", seconds(at));
            for line in printed(&outcome) {
                let _ = writeln!(text, "{line}");
            }
            text += "```\n\n";
        }
        text += "## What happened\n\n";
        let picture = picture::timeline(&self.timeline, self.playhead);
        let picture = STANDARD.encode(picture);
        let _ = writeln!(text, "![Timeline of the pods](data:image/svg+xml;base64,{picture})\n");
        let why = &scene.why;
        let _ = writeln!(text, "In the end: {}. {}\n", why.headline, why.detail);
        text += "| Pod | State | Ready | Restarts |\n| --- | --- | --- | --- |\n";
        for pod in &scene.pods {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                pod.name, pod.status, pod.ready, pod.restarts
            );
        }
        text += "\n## Events\n\n| Last seen | Type | Reason | Object | Message |\n| --- | --- | --- | --- | --- |\n";
        for event in scene.events.iter().take(MAX_EVENTS) {
            let message = event.message.replace('|', "\\|").replace('\n', " ");
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {message} |",
                seconds(event.at),
                event.kind,
                event.reason,
                event.object
            );
        }
        let mark = if self.manifest.text.contains("```") { "````" } else { "```" };
        let end = if self.manifest.text.ends_with('\n') { "" } else { "\n" };
        let _ = write!(text, "\n## Manifest\n\n{mark}yaml\n{}{end}{mark}\n", self.manifest.text);
        text
    }

    /// What a person did up to the playhead, and what came of it.
    pub(super) fn done(&self) -> Vec<(Millis, Input, Outcome)> {
        let history = self.history.borrow();
        let outcomes = history.outcomes().iter().cloned();
        let inputs = history.session().inputs.iter().cloned();
        let until = |(input, outcome): (crate::session::TimedInput, Outcome)| {
            (input.at <= self.playhead).then_some((input.at, input.input, outcome))
        };
        let begins_at = history.session().config.begins_at();
        let own = |(input, _): &(crate::session::TimedInput, Outcome)| input.at >= begins_at;
        inputs.zip(outcomes).filter(own).map_while(until).collect()
    }
}

fn is_apply(input: &Input) -> bool {
    matches!(input, Input::Apply { .. })
}

fn printed(outcome: &Outcome) -> Vec<String> {
    let warnings = outcome.warnings.iter().map(|text| format!("Warning: {text}"));
    let refusals = outcome.refusals.iter().map(crate::api::Status::kubectl);
    warnings.chain(outcome.lines.iter().cloned()).chain(refusals).collect()
}

/// A word that is no line of the text.
fn end_mark(text: &str) -> String {
    let mut mark = String::from("EOF");
    while text.lines().any(|line| line == mark) {
        mark.push('_');
    }
    mark
}

fn seconds(at: Millis) -> String {
    format!("{}.{} s", at / 1000, at % 1000 / 100)
}
