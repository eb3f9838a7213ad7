//! What a person types into a program that is attached to the terminal.

use std::cell::RefCell;
use std::rc::Rc;

/// The keyboard: whether a program reads it, and lines that it has not read yet.
#[derive(Clone, Debug, Default)]
pub struct Keyboard(Rc<RefCell<State>>);

/// What it holds.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// What the program shows before a line; none if no program reads.
    prompt: Option<String>,
    lines: Vec<String>,
}

impl State {
    /// What the program shows before the line that is typed into it; none if none is attached.
    pub fn prompt(&self) -> Option<String> {
        self.prompt.clone()
    }
}

impl Keyboard {
    /// Exchanges what it holds for something else: a terminal that begins to work brings its own, and
    /// takes it back when it is done.
    pub fn exchange(&self, state: &mut State) {
        std::mem::swap(&mut *self.0.borrow_mut(), state);
    }

    /// A program reads from now on, and shows this before a line.
    pub fn attach(&self, prompt: &str) {
        self.0.borrow_mut().prompt = Some(prompt.into());
    }

    /// No program reads any more.
    pub fn detach(&self) {
        *self.0.borrow_mut() = State::default();
    }

    /// What the program that reads shows before a line.
    pub fn prompt(&self) -> Option<String> {
        self.0.borrow().prompt()
    }

    /// The person types a line.
    pub fn enter(&self, line: &str) {
        self.0.borrow_mut().lines.push(line.into());
    }

    /// The next line that was typed.
    pub fn line(&self) -> Option<String> {
        let lines = &mut self.0.borrow_mut().lines;
        (!lines.is_empty()).then(|| lines.remove(0))
    }
}
