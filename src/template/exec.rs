//! Carrying templates out.
//!
//! Source: <https://pkg.go.dev/text/template>; the words of errors are those of
//! `text/template/exec.go`.

mod calls;
mod fields;
mod state;

use super::ast::Template;
use super::format;
use super::machine::{Dialect, Done, Extra, Failure, Machine};
use super::set::Set;
use super::value::Value;
use state::State;
use std::rc::Rc;

/// How deep templates may include each other. Helm itself stops at 1000 for the same template; a page
/// has a smaller stack.
const DEPTH: usize = 60;
/// What Helm calls the template that holds all others.
pub const ROOT: &str = "gotpl";

/// A set of templates that is being carried out.
pub struct Engine<'a> {
    /// The templates; `tpl` adds to a copy.
    set: Set,
    /// What functions run on.
    machine: Machine<'a>,
    /// How many templates stand in each other now.
    depth: usize,
}

impl<'a> Engine<'a> {
    /// Over a set of templates.
    pub fn new(set: Set, dialect: Dialect, extra: &'a dyn Extra) -> Self {
        Self { set, machine: Machine::new(dialect, extra), depth: 0 }
    }

    /// The text that the template of a name makes of a value.
    ///
    /// # Errors
    /// In Go's words.
    pub fn run(&mut self, name: &str, data: &Value) -> Done<String> {
        let Some(template) = self.set.get(name) else {
            let own = format::quote(name);
            let text = format!("template: no template {own} associated with template \"{ROOT}\"");
            return Err(Failure(text));
        };
        if self.depth == 0
            && let Some(Value::Map(values)) = data.get("Values")
        {
            self.machine.values = Some(values);
        }
        self.run_template(template, data)
    }

    fn run_template(&mut self, template: Rc<Template>, data: &Value) -> Done<String> {
        if self.depth >= DEPTH {
            return Err(Failure(format!(
                "rendering template has a nested reference name: {}: unable to execute template",
                template.name
            )));
        }
        self.depth += 1;
        let mut state = State::new(self, &template, data);
        let walked = state.run();
        self.depth -= 1;
        walked
    }

    /// Carries out a text as a template of its own: `tpl`.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn run_text(&mut self, name: &str, text: &str, data: &Value) -> Done<String> {
        let before = self.set.clone();
        let done = match self.set.add(name, text, self.machine.dialect) {
            // Go leaves out what is missing in two steps, of which this is one for `tpl`.
            Ok(()) => {
                self.run(name, data).map(|text| text.replace("<no value>", "")).map_err(|it| {
                    let text = format::quote(text);
                    Failure(format!("error during tpl function execution for {text}: {}", it.0))
                })
            }
            Err(why) => {
                Err(Failure(format!("cannot parse template {}: {why}", format::quote(text))))
            }
        };
        self.set = before;
        done
    }
}
