//! Carrying templates out.
//!
//! Source: <https://pkg.go.dev/text/template>; the words of errors are those of
//! `text/template/exec.go`.

mod calls;
mod fields;
mod state;

use super::ast::Template;
use super::bounds::{self, OUTPUT, WORK};
use super::value::{Map, Value};
use super::{Dialect, Set, format};
use state::State;
use std::rc::Rc;

/// How deep templates may include each other. Helm itself stops at 1000 for the same template; a page
/// has a smaller stack.
const DEPTH: usize = 60;
/// How much may be carried out for one template, so that none holds up the page.
const STEPS: usize = 400_000;

/// What Helm calls the template that holds all others.
pub const ROOT: &str = "gotpl";

/// Functions that Helm adds to sprig's.
pub const HELM: [&str; 14] = [
    "fail",
    "fromJson",
    "fromJsonArray",
    "fromToml",
    "fromYaml",
    "fromYamlArray",
    "include",
    "lookup",
    "required",
    "toJson",
    "toToml",
    "toYaml",
    "toYamlPretty",
    "tpl",
];

/// Why a template could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

/// What functions ask of their surroundings.
pub trait Extra {
    /// Objects of the cluster: `lookup apiVersion kind namespace name`.
    ///
    /// # Errors
    /// The server's refusal.
    fn lookup(&self, _arguments: [&str; 4]) -> Result<Value, String> {
        Ok(Value::map::<String>([]))
    }

    /// Now, in milliseconds since the beginning of 1970.
    fn now(&self) -> i64;

    /// Whether the chart is only examined: `required` and `fail` do not end it.
    fn is_lint(&self) -> bool {
        false
    }
}

/// A set of templates that is being carried out.
pub struct Machine<'a> {
    /// The templates; `tpl` adds to a copy.
    pub set: Set,
    /// Which functions there are.
    pub dialect: Dialect,
    /// The surroundings.
    pub extra: &'a dyn Extra,
    depth: usize,
    steps: usize,
    made: usize,
    worked: usize,
    drawn: u64,
    /// `.Values`, whose type is one of its own.
    values: Option<Map>,
}

/// What carrying out something comes to.
type Done<T> = Result<T, Failure>;

impl<'a> Machine<'a> {
    /// Over a set of templates.
    pub fn new(set: Set, dialect: Dialect, extra: &'a dyn Extra) -> Self {
        Self { set, dialect, extra, depth: 0, steps: 0, made: 0, worked: 0, drawn: 0, values: None }
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
            self.values = Some(values);
        }
        self.run_template(template, data)
    }

    /// The Go type of a value.
    pub fn type_name(&self, value: &Value) -> &'static str {
        match (value, &self.values) {
            (Value::Map(map), Some(own)) if Rc::ptr_eq(map, own) => "chartutil.Values",
            (value, _) => value.type_name(),
        }
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
        let done = match self.set.add(name, text, self.dialect) {
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

    /// Another number each time.
    pub fn draw(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn << 40
    }

    /// Counts a text that was made.
    ///
    /// # Errors
    /// There was too much.
    pub fn count(&mut self, bytes: usize) -> Done<()> {
        self.made = self.made.saturating_add(bytes);
        match self.made > OUTPUT {
            true => {
                Err(Failure(format!("the template makes more than {} MiB of text", OUTPUT >> 20)))
            }
            false => Ok(()),
        }
    }

    /// Counts what functions are given, in bytes.
    ///
    /// # Errors
    /// It was too much.
    pub fn work(&mut self, bytes: usize) -> Result<(), String> {
        self.worked = self.worked.saturating_add(bytes);
        match self.worked > WORK {
            true => Err(bounds::too_much()),
            false => Ok(()),
        }
    }
}
