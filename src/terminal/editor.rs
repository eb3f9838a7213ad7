//! The editor that commands open: a text that a person changes on the page while the command waits.

use std::cell::RefCell;
use std::rc::Rc;

/// The editor. A clone is the same editor.
#[derive(Clone, Debug, Default)]
pub struct Editor(Rc<RefCell<State>>);

/// What it holds.
#[derive(Clone, Debug, Default)]
pub struct State {
    shown: Option<Rc<Shown>>,
    answer: Option<Option<String>>,
}

/// What the editor shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What is edited, such as `statefulset.apps/web` or a file's path.
    pub title: String,
    /// The text as it was opened.
    pub text: String,
    /// The file that it becomes when it is saved; none if a command takes it.
    pub file: Option<String>,
}

impl State {
    /// What is shown, while it is open.
    pub fn shown(&self) -> Option<Rc<Shown>> {
        self.shown.clone()
    }
}

impl Editor {
    /// Exchanges what it holds for something else: a terminal that begins to work brings its own, and
    /// takes it back when it is done.
    pub fn exchange(&self, state: &mut State) {
        std::mem::swap(&mut *self.0.borrow_mut(), state);
    }

    /// Shows a text.
    pub fn open(&self, title: &str, text: &str, file: Option<&str>) {
        let shown = Shown { title: title.into(), text: text.into(), file: file.map(str::to_owned) };
        *self.0.borrow_mut() = State { shown: Some(Rc::new(shown)), answer: None };
    }

    /// What is shown. The same value until it changes.
    pub fn shown(&self) -> Option<Rc<Shown>> {
        self.0.borrow().shown()
    }

    /// The person has closed it, with this text or without saving.
    pub fn close(&self, saved: Option<String>) {
        let mut state = self.0.borrow_mut();
        if state.shown.take().is_some() {
            state.answer = Some(saved);
        }
    }

    /// Closes it without an answer: what waited was stopped.
    pub fn drop_it(&self) {
        *self.0.borrow_mut() = State::default();
    }

    /// What was saved, or that nothing was, once it is closed.
    pub fn answer(&self) -> Option<Option<String>> {
        self.0.borrow_mut().answer.take()
    }
}
