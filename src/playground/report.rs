//! What a person hands in: a report of the session, and the commands that do it again.

use super::done::Deed;
use super::state::Playground;
use crate::cluster::Millis;
use crate::quote::shell::here_document;
use crate::quote::{markdown, visible};
use crate::scene::picture;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::fmt::Write;

/// Most events that the report lists.
const MAX_EVENTS: usize = 500;

impl Playground {
    /// The commands for what was done so far, as a script. Waits stand in it as comments, and so does
    /// what the server refused, which would end it.
    pub fn commands(&self) -> String {
        let mut script = String::from("#!/bin/sh\n# What was done, in order.\nset -e\n");
        let mut before = 0;
        let deeds = self.done();
        let last = deeds.iter().rposition(|deed| deed.is_apply());
        for (index, deed) in deeds.iter().enumerate() {
            let at = seconds(deed.at);
            if deed.is_refused() {
                let _ = writeln!(script, "\n# After {at}: something was refused.");
                continue;
            }
            let text = match deed.taken() {
                Some(objects) => self.applying(deed, &objects, Some(index) == last),
                None => deed.commands_taken().join("\n"),
            };
            if text.is_empty() {
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
            let _ = writeln!(script, "{}", text.trim_end());
        }
        script
    }

    /// The command that applies objects: as they are written, if that is the text of now and hides
    /// nothing.
    fn applying(&self, deed: &Deed, objects: &[Value], is_last: bool) -> String {
        let is_whole = objects.len() == deed.inputs.len();
        let text = &*self.manifest.text;
        match is_last && is_whole && self.is_applied() && !visible::hides(text) {
            true => here_document(APPLY, text),
            false => {
                let each = objects.iter().map(|object| format!("---\n{object:#}\n"));
                here_document(APPLY, &visible::json(&each.collect::<String>()))
            }
        }
    }

    /// A report of the session in Markdown: the manifest, what was done and what came of it, the
    /// timeline as a picture, the events.
    pub fn report(&self) -> String {
        let scene = self.scene();
        let name = visible::line(&self.set.name);
        let mut text = format!("# StatefulSet {}\n\n", markdown::text(&name));
        let _ = writeln!(
            text,
            "Kubernetes {}, simulated by StatefulSet Playground, up to {} after the start.\n",
            self.kubernetes().version.label(),
            seconds(self.playhead)
        );
        text += "## What was done\n\n";
        for deed in self.done() {
            let mut console = String::new();
            let commands = deed.commands();
            if commands.is_empty() {
                console += "$ # something went wrong by itself\n";
            }
            commands.iter().for_each(|command| console += &format!("$ {command}\n"));
            deed.printed().iter().for_each(|line| console += &format!("{line}\n"));
            let console = markdown::fence("console", &console);
            let _ = writeln!(text, "At {}:\n\n{console}", seconds(deed.at));
        }
        text += "## What happened\n\n";
        let picture = picture::timeline(&self.timeline, self.playhead);
        let picture = STANDARD.encode(picture);
        let _ = writeln!(text, "![Timeline of the pods](data:image/svg+xml;base64,{picture})\n");
        let why = &scene.why;
        let (headline, detail) = (markdown::text(&why.headline), markdown::text(&why.detail));
        let _ = writeln!(text, "In the end: {headline}. {detail}\n");
        row(&mut text, ["Pod", "State", "Ready", "Restarts"]);
        text += "| --- | --- | --- | --- |\n";
        for pod in &scene.pods {
            row(&mut text, [&pod.name, &pod.status, &pod.ready, &pod.restarts.to_string()]);
        }
        text += "\n## Events\n\n";
        row(&mut text, ["Last seen", "Type", "Reason", "Object", "Message"]);
        text += "| --- | --- | --- | --- | --- |\n";
        for event in scene.events.iter().take(MAX_EVENTS) {
            let at = seconds(event.at);
            row(&mut text, [&at, &event.kind, &event.reason, &event.object, &event.message]);
        }
        let _ = write!(text, "\n## Manifest\n\n{}", markdown::fence("yaml", &self.manifest.text));
        text
    }
}

/// The command that applies a text.
const APPLY: &str = "kubectl apply -f -";

/// Adds a row of a table.
fn row<const N: usize>(text: &mut String, cells: [&str; N]) {
    cells.iter().for_each(|cell| *text += &format!("| {} ", markdown::cell(cell)));
    *text += "|\n";
}

fn seconds(at: Millis) -> String {
    format!("{}.{} s", at / 1000, at % 1000 / 100)
}
