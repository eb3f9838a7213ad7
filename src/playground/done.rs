//! What was done in a session, deed by deed, and what came of it.

use super::lookup::found;
use super::state::Playground;
use crate::api::change::Change;
use crate::api::json;
use crate::client::deed::APPLY;
use crate::client::{Output, command, said};
use crate::cluster::{Input, Millis, Outcome};
use serde_json::Value;
use std::rc::Rc;

/// One deed: a command or a fault.
pub(super) struct Deed {
    /// When it was done.
    pub at: Millis,
    /// The command of the page; empty if it was done in another way.
    command: Rc<str>,
    /// Its inputs, and what came of each.
    pub inputs: Vec<(Rc<Input>, Rc<Outcome>)>,
}

impl Deed {
    /// Whether the page has a command for it.
    pub fn has_command(&self) -> bool {
        !self.command.is_empty()
    }

    /// Whether the manifest of the page was applied.
    pub fn is_apply(&self) -> bool {
        &*self.command == APPLY
    }

    /// The objects that were applied; none if something else was done, or if it cannot be told.
    pub fn applied(&self) -> Option<Vec<Value>> {
        self.inputs.iter().map(|(input, _)| applied(input)).collect()
    }

    /// The same without those that the server refused.
    pub fn taken(&self) -> Option<Vec<Value>> {
        self.applied()?;
        let taken = self.inputs.iter().filter(|(_, outcome)| outcome.refusal().is_none());
        taken.map(|(input, _)| applied(input)).collect()
    }

    /// Whether the server refused all of it.
    pub fn is_refused(&self) -> bool {
        self.inputs.iter().all(|(_, outcome)| outcome.refusal().is_some())
    }

    /// The commands that do it: that of the page, or one for each input that has one.
    pub fn commands(&self) -> Vec<String> {
        if !self.command.is_empty() {
            return vec![self.command.to_string()];
        }
        let all = self.inputs.iter().map(|(input, _)| command::of_input(input));
        all.filter(|command| !command.is_empty()).collect()
    }

    /// The same without those that the server refused.
    pub fn commands_taken(&self) -> Vec<String> {
        if !self.command.is_empty() {
            return self.commands();
        }
        let taken = self.inputs.iter().filter(|(_, outcome)| outcome.refusal().is_none());
        let all = taken.map(|(input, _)| command::of_input(input));
        all.filter(|command| !command.is_empty()).collect()
    }

    /// What was printed.
    pub fn printed(&self) -> Vec<String> {
        self.inputs.iter().flat_map(|(input, outcome)| printed(input, outcome)).collect()
    }
}

fn applied(input: &Input) -> Option<Value> {
    let Input::Request(request) = input else { return None };
    match (said::applied(request), &request.change) {
        (Some(text), _) => json::parse(text).ok(),
        // Applying once made the namespace.
        (None, Change::Create(object)) if request.kind == "Namespace" => Some(object.clone()),
        (None, _) => None,
    }
}

fn printed(input: &Input, outcome: &Outcome) -> Vec<String> {
    match input {
        Input::Request(request) => said::lines(request, outcome),
        Input::LookUp { name, .. } => {
            let mut out = Output::default();
            found(name, outcome, &mut out);
            out.text().lines().map(str::to_owned).collect()
        }
        _ => outcome.refusal().map(|refusal| refusal.kubectl()).into_iter().collect(),
    }
}

impl Playground {
    /// What a person did up to the playhead.
    pub(super) fn done(&self) -> Vec<Deed> {
        let history = self.replay.history();
        let begins_at = history.session().config.begins_at();
        let inputs = &history.session().inputs;
        let all = inputs.iter().zip(history.outcomes()).enumerate();
        let own = all.filter(|(_, (it, _))| it.at >= begins_at && it.at <= self.playhead);
        let mut deeds: Vec<Deed> = Vec::new();
        for (place, (timed, outcome)) in own {
            let Some(input) = inputs.input(place) else { continue };
            let done = (input, Rc::clone(outcome));
            match deeds.last_mut() {
                Some(deed) if timed.follows => deed.inputs.push(done),
                _ => deeds.push(Deed {
                    at: timed.at,
                    command: Rc::clone(&timed.command),
                    inputs: vec![done],
                }),
            }
        }
        deeds
    }
}
