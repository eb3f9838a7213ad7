//! Brings an input to the playground as the page does, and notes the longest single call.

use statefulset_playground::playground::{Action, Playground, share};
use std::time::{Duration, Instant};

/// How often a command that waits is given more time.
const TICKS: usize = 40;

/// A playground that something is brought to.
pub struct Trial {
    playground: Playground,
    /// The longest call.
    pub longest: Duration,
    /// What was called.
    pub what: String,
}

impl Trial {
    /// At the first example.
    pub fn new() -> Self {
        Self { playground: Playground::new(), longest: Duration::ZERO, what: String::new() }
    }

    fn timed<T>(&mut self, what: &str, call: impl FnOnce(&mut Self) -> T) -> T {
        let began = Instant::now();
        let made = call(self);
        let took = began.elapsed();
        if took > self.longest {
            self.longest = took;
            self.what = what.chars().take(60).collect();
        }
        made
    }

    /// One action.
    pub fn act(&mut self, action: Action) {
        let what = match &action {
            Action::Command(line) => line.clone(),
            Action::EditText(_) => "edit".into(),
            Action::OpenLesson { .. } => "open a lesson".into(),
            other => format!("{other:?}"),
        };
        self.timed(&what, |it| it.playground.update(action));
    }

    /// So many frames.
    pub fn ticks(&mut self, count: usize) {
        (0..count).for_each(|_| self.act(Action::Tick { elapsed_ms: 100 }));
    }

    /// A line in the terminal; what waits is stopped after a while.
    pub fn line(&mut self, line: &str) {
        self.act(Action::Command(line.into()));
        self.ticks(TICKS);
        if self.playground.screen().is_busy {
            self.act(Action::Interrupt);
        }
    }

    /// A file that a command has written.
    pub fn file(&mut self, name: &str, text: &str) {
        let saved = self.playground.save();
        let mut tree: serde_json::Value =
            serde_json::from_str(&saved).expect("what is saved is JSON");
        tree["terminal"]["files"][format!("/home/user/{name}")] = text.into();
        self.playground = Playground::restore(&tree.to_string()).expect("what is saved opens");
        self.act(Action::Play);
    }

    /// A text in the editor.
    pub fn text(&mut self, text: &str) {
        self.act(Action::SetAutoApply(false));
        self.act(Action::EditText(text.into()));
    }

    /// A text in the editor that is applied.
    pub fn manifest(&mut self, text: &str) {
        self.text(text);
        self.act(Action::Apply);
        self.ticks(TICKS);
    }

    /// What would happen.
    pub fn forecast(&mut self) {
        self.timed("forecast", |it| drop(it.playground.forecast()));
    }

    /// A lesson.
    pub fn lesson(&mut self, text: &str) {
        self.act(Action::OpenLesson { id: String::new(), text: text.into() });
        self.ticks(TICKS);
    }

    /// Saved work.
    pub fn open(&mut self, saved: &str) {
        let opened = self.timed("open", |_| Playground::restore(saved));
        self.go_on(opened.ok());
    }

    /// A link.
    pub fn link(&mut self, saved: &str) {
        let fragment = share::fragment(saved);
        let opened = self.timed("open", |_| Playground::shared(&fragment));
        self.go_on(opened.and_then(Result::ok));
    }

    /// What a person does first with what was opened.
    fn go_on(&mut self, opened: Option<Playground>) {
        let Some(playground) = opened else { return };
        self.playground = playground;
        self.act(Action::Play);
        self.ticks(TICKS);
        self.act(Action::SeekStart);
        self.act(Action::SeekEnd);
        self.act(Action::StepForward);
        self.act(Action::StepBack);
        self.timed("save", |it| it.playground.save());
    }
}
