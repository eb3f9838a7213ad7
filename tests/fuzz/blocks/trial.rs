//! Brings an input to the playground as the page does, and notes the longest single call.

use statefulset_playground::playground::{Action, Opening, Patience, Playground, share};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// How long a slice may take.
const SLICE: Duration = Duration::from_millis(10);

/// A playground that something is brought to.
pub struct Trial {
    playground: Playground,
    /// The longest call.
    pub longest: Duration,
    /// What was called.
    pub what: String,
    /// How many slices work gets before it is left, and frames what waits.
    most: usize,
    /// When the slice at hand is over.
    over: Rc<Cell<Instant>>,
}

impl Trial {
    /// At the first example. Work gets at most so many slices before it is left.
    pub fn new(most: usize) -> Self {
        let over = Rc::new(Cell::new(Instant::now()));
        let (longest, what) = (Duration::ZERO, String::new());
        let mut trial = Self { playground: Playground::new(), longest, what, most, over };
        trial.playground.set_patience(trial.patience());
        trial
    }

    fn patience(&self) -> Patience {
        let over = Rc::clone(&self.over);
        Patience::new(Rc::new(move || Instant::now() < over.get()))
    }

    fn timed<T>(&mut self, what: &str, call: impl FnOnce(&mut Self) -> T) -> T {
        let began = Instant::now();
        self.over.set(began + SLICE);
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
        let mut slices = 0;
        while self.playground.is_working() && slices < self.most {
            self.timed(&what, |it| it.playground.update(Action::Tick { elapsed_ms: 16 }));
            slices += 1;
        }
    }

    /// So many frames.
    pub fn ticks(&mut self, count: usize) {
        (0..count).for_each(|_| self.act(Action::Tick { elapsed_ms: 100 }));
    }

    /// A line in the terminal; what waits is stopped after a while.
    pub fn line(&mut self, line: &str) {
        self.act(Action::Command(line.into()));
        self.ticks(self.most);
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
        self.playground.set_patience(self.patience());
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
        self.ticks(self.most);
    }

    /// What would happen.
    pub fn forecast(&mut self) {
        let mut ahead = self.timed("forecast", |it| it.playground.look_ahead());
        let patience = self.patience();
        while !self.timed("forecast", |_| ahead.go_on(&patience)) {}
    }

    /// A lesson.
    pub fn lesson(&mut self, text: &str) {
        self.act(Action::OpenLesson { id: String::new(), text: text.into() });
        self.ticks(self.most);
    }

    /// Saved work.
    pub fn open(&mut self, saved: &str) {
        let opening = self.timed("read", |_| Opening::of_saved(saved));
        self.go_on(opening.ok());
    }

    /// A link.
    pub fn link(&mut self, saved: &str) {
        let fragment = share::fragment(saved);
        let opening = self.timed("read", |_| Opening::of_link(&fragment));
        self.go_on(opening.and_then(Result::ok));
    }

    /// What a person does first with what was opened.
    fn go_on(&mut self, opening: Option<Opening>) {
        let Some(mut opening) = opening else { return };
        let patience = self.patience();
        let mut slices = 0;
        while slices < self.most && !self.timed("open", |_| opening.go_on(&patience)).is_done() {
            slices += 1;
        }
        let Ok(opened) = self.timed("opened", |_| opening.as_far_as_played()) else { return };
        self.playground = opened;
        self.playground.set_patience(patience);
        self.act(Action::Play);
        self.ticks(self.most);
        self.act(Action::SeekStart);
        self.act(Action::SeekEnd);
        self.act(Action::StepForward);
        self.act(Action::StepBack);
        self.timed("save", |it| it.playground.save());
    }
}
