//! What functions run on: the dialect, the surroundings, and how much may still be done.

use super::bounds::{self, OUTPUT, WORK};
use super::value::{Map, Value};
use std::rc::Rc;

/// How much may be carried out for one template, so that none holds up the page.
pub const STEPS: usize = 400_000;

/// Which functions there are besides Go's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Go's functions, and `base64decode` and `exists`: `kubectl -o go-template`.
    Kubectl,
    /// Sprig's, and Helm's own.
    Helm,
}

/// Why a template could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

/// What carrying out something comes to.
pub type Done<T> = Result<T, Failure>;

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

/// What functions run on.
pub struct Machine<'a> {
    /// Which functions there are.
    pub dialect: Dialect,
    /// The surroundings.
    pub extra: &'a dyn Extra,
    /// `.Values`, whose type is one of its own.
    pub values: Option<Map>,
    steps: usize,
    made: usize,
    worked: usize,
    drawn: u64,
}

impl<'a> Machine<'a> {
    /// Before anything is done.
    pub fn new(dialect: Dialect, extra: &'a dyn Extra) -> Self {
        Self { dialect, extra, values: None, steps: 0, made: 0, worked: 0, drawn: 0 }
    }

    /// The Go type of a value.
    pub fn type_name(&self, value: &Value) -> &'static str {
        match (value, &self.values) {
            (Value::Map(map), Some(own)) if Rc::ptr_eq(map, own) => "chartutil.Values",
            (value, _) => value.type_name(),
        }
    }

    /// Counts a step of the walk over the nodes.
    ///
    /// # Errors
    /// There were too many.
    pub fn step(&mut self) -> Done<()> {
        self.steps += 1;
        match self.steps > STEPS {
            true => Err(Failure(format!("the template was stopped after {STEPS} steps"))),
            false => Ok(()),
        }
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
