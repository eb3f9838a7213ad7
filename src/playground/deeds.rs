//! What a person does to the cluster on the page: by the client, as the command that is shown with it.

use super::live::Live;
use super::lookup::found;
use super::notice::{Notice, Remedy, Tone};
use super::state::Playground;
use crate::client::documents;
use crate::client::nodes::Drain;
use crate::client::send::Lines;
use crate::client::{Client, Deed, Done, Failure, Mode, Output, Seat, apply, command, deed, tell};
use crate::cluster::node::Node;
use crate::cluster::time::EPOCH_SECONDS;
use crate::cluster::{Input, Millis};
use std::rc::Rc;

impl Playground {
    /// `kubectl apply -f` of the manifest. Returns what failed.
    pub(super) fn apply_manifest(&mut self, out: &mut Output) -> Vec<Failure> {
        let documents = match documents::of(deed::MANIFEST, &self.manifest, true) {
            Ok(documents) if documents.is_empty() => {
                Err(Failure::error("no objects passed to apply"))
            }
            documents => documents,
        };
        match documents {
            Ok(documents) => self.act_on_cluster(deed::APPLY, |live| {
                let mut client =
                    Client { server: live, out, mode: Mode::default(), manager: apply::MANAGER };
                apply::all(&mut client, &documents, &mut Lines)
            }),
            Err(failure) => {
                let failures = vec![failure];
                tell(&failures, out);
                failures
            }
        }
    }

    /// Something a person did to the cluster.
    #[inline(never)]
    pub(super) fn submit(&mut self, deed: &Deed) {
        let command = command::of(deed);
        let mut out = Output::default();
        let done = self.carry_out(deed, &mut out);
        self.after(command, &done.failures, &out, Vec::new());
    }

    /// Does it; what goes on is followed from now on.
    pub(super) fn carry_out(&mut self, deed: &Deed, out: &mut Output) -> Done {
        if let Deed::Input(input @ Input::LookUp { name, .. }) = deed {
            let outcome =
                self.act_on_cluster(&command::of(deed), |live| live.submit(input.clone()));
            found(name, &outcome, out);
            return Done::default();
        }
        let mut done = self.act_on_cluster(&command::of(deed), |live| deed.carry_out(live, out));
        if let Some(drain) = done.drain.take() {
            let again = |old: &Drain| !drain.nodes().any(|node| old.is_of(node));
            self.drains.retain(again);
            self.drains.push(drain);
        }
        done
    }

    /// Lets somebody act on the cluster at the playhead, as one deed.
    fn act_on_cluster<T>(&mut self, command: &str, act: impl FnOnce(&mut Live) -> T) -> T {
        let inputs = self.last_input();
        let done = {
            let mut live = Live::new(&mut self.replay, self.playhead, command);
            act(&mut live)
        };
        if self.last_input() != inputs {
            self.leave_what_was_ahead();
        }
        done
    }

    /// Tells what came of a command.
    pub(super) fn after(
        &mut self,
        command: String,
        failures: &[Failure],
        out: &Output,
        remedies: Vec<Remedy>,
    ) {
        let lines: Vec<String> = out.text().lines().map(str::to_owned).collect();
        let tone = match failures {
            [] if lines.iter().any(|line| line.starts_with("Warning: ")) => Tone::Warning,
            [] => Tone::Done,
            _ => Tone::Refused,
        };
        self.echo(&command, out);
        if !(command.is_empty() && lines.is_empty()) {
            self.tell(tone, command, lines, remedies);
        }
        self.show();
        self.draw();
    }

    pub(super) fn tell(
        &mut self,
        tone: Tone,
        command: String,
        lines: Vec<String>,
        remedies: Vec<Remedy>,
    ) {
        self.notice = Some(Rc::new(Notice { tone, command, lines, remedies }));
    }

    /// Whether a drain of the page goes on.
    pub(super) fn is_draining(&self) -> bool {
        !self.drains.is_empty()
    }

    /// When the next drain tries again, after the playhead.
    pub(super) fn drains_try_at(&self) -> Option<Millis> {
        let simulated = |at: i64| Millis::try_from(at - EPOCH_SECONDS * 1_000).ok();
        let all = self.drains.iter().filter_map(Drain::tries_at).filter_map(simulated);
        all.filter(|at| *at > self.playhead).min()
    }

    /// Lets the drains of the page look at the cluster. Those of nodes that are gone or take pods
    /// again end.
    #[inline(never)]
    pub(super) fn go_on_draining(&mut self) {
        if self.drains.is_empty() {
            return;
        }
        let mut drains = std::mem::take(&mut self.drains);
        let mut out = Output::default();
        self.with_cluster(|cluster| {
            let is_cordoned = |name: &str| {
                let node = cluster.store().get::<Node>(&Node::key(name));
                node.is_some_and(|node| node.unschedulable)
            };
            drains.retain(|drain| drain.nodes().all(is_cordoned));
        });
        self.act_on_cluster("", |live| {
            drains.retain_mut(|drain| drain.poll(live, &mut out).is_none());
        });
        self.drains = drains;
        if !self.is_busy() {
            self.print_output(&out);
        }
    }
}
