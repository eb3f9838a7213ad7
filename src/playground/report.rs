//! What a person hands in: a report of the session, and the commands that do it again.

use super::state::Playground;
use crate::cluster::Millis;
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
        let deeds = self.done();
        let last = deeds.iter().rposition(|deed| deed.is_apply());
        for (index, deed) in deeds.iter().enumerate() {
            let text = match deed.applied() {
                Some(_) if Some(index) == last && self.is_applied() => {
                    applying(&self.manifest.text)
                }
                Some(objects) => {
                    let each = objects.iter().map(|object| format!("---\n{object:#}\n"));
                    applying(&each.collect::<String>())
                }
                None => deed.commands().iter().map(|command| format!("{command}\n")).collect(),
            };
            if text.is_empty() {
                let at = seconds(deed.at);
                let _ = writeln!(script, "\n# After {at}: something went wrong by itself.");
                continue;
            }
            match deed.at - before {
                0 => script.push('\n'),
                waited => {
                    let _ = writeln!(script, "\n# {} later.", seconds(waited));
                }
            }
            before = deed.at;
            script += &text;
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
        for deed in self.done() {
            let _ = writeln!(text, "At {}:\n\n```console", seconds(deed.at));
            let commands = deed.commands();
            if commands.is_empty() {
                text += "$ # something went wrong by itself\n";
            }
            commands.iter().for_each(|command| text += &format!("$ {command}\n"));
            deed.printed().iter().for_each(|line| text += &format!("{line}\n"));
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
}

/// The command that applies a text.
fn applying(text: &str) -> String {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let mark = end_mark(text);
    format!("kubectl apply -f - <<'{mark}'\n{text}{end}{mark}\n")
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
