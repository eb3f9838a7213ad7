//! The reader of command lines: a terminal beside a simulated cluster whose pods run.

use super::lines;
use crate::draws::Draws;
use statefulset_playground::playground::live::Live;
use statefulset_playground::playground::{Action, Playground};
use statefulset_playground::session::{Replay, Session};
use statefulset_playground::terminal::computer::Terminal;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

const WEB: &str = include_str!("../../static/examples/web.yaml");
const APP: &str = include_str!("../../static/examples/web-app.yaml");

/// How many inputs one terminal gets: what a line leaves behind meets the next ones.
const LINES: usize = 24;
/// The most lines of one input.
const MOST: usize = 30;
/// How far time goes on while a command waits, in milliseconds.
const PATIENCE: u64 = 700;
/// How often it does so before the command is interrupted.
const WAITS: usize = 4;

/// A text of the page, such as the help of kubectl.
fn served(name: &str) -> Option<String> {
    thread_local! {
        static TEXTS: RefCell<Vec<(String, Option<String>)>> = const { RefCell::new(Vec::new()) };
    }
    TEXTS.with_borrow_mut(|texts| {
        if let Some((_, text)) = texts.iter().find(|(own, _)| own == name) {
            return text.clone();
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
        let text = std::fs::read_to_string(folder.join(name)).ok();
        texts.push((name.to_owned(), text.clone()));
        text
    })
}

/// A cluster with a terminal.
struct Lab {
    replay: Replay,
    now: u64,
    terminal: Terminal,
    left: usize,
}

/// What was played once, for every lab to begin with.
struct Begun {
    replay: Replay,
    now: u64,
    files: Vec<(String, String)>,
}

impl Lab {
    /// A set of three pods that run, one pod that has no cluster behind its image, and two files.
    fn new() -> Self {
        thread_local! {
            static BEGUN: Begun = Lab::begin();
        }
        BEGUN.with(|begun| {
            let mut terminal = terminal();
            begun.files.iter().for_each(|(path, text)| terminal.files.put_back(path, text));
            Self { replay: begun.replay.clone(), now: begun.now, terminal, left: LINES }
        })
    }

    fn begin() -> Begun {
        let replay = Replay::new(Session::default());
        let mut lab = Self { replay, now: 0, terminal: terminal(), left: 1 };
        for (name, text) in [("web.yaml", WEB), ("app.yaml", APP), ("manifest.yaml", WEB)] {
            lab.terminal.files.set(name, text).expect("an empty workspace has room");
        }
        for line in lines::BEGINNING {
            lab.enter(line);
        }
        for _ in 0..60 {
            lab.pass(1_000);
        }
        let pods = lab.enter("kubectl get pods");
        assert!(pods.matches("Running").count() >= 3, "pods run: {pods}");
        let files = lab.terminal.files.all();
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        Begun { replay: lab.replay, now: lab.now, files }
    }

    /// Lets time go on.
    fn pass(&mut self, millis: u64) {
        self.now += millis;
        self.replay.ahead().advance_to(self.now);
        let position = self.replay.history().position_at(self.now);
        self.replay.seek(position);
        self.terminal.poll(&mut Live::new(&mut self.replay, self.now, ""));
    }

    /// Enters a line and gives what it prints.
    fn enter(&mut self, line: &str) -> String {
        self.terminal.submit(line, &mut Live::new(&mut self.replay, self.now, ""));
        for _ in 0..WAITS {
            if self.terminal.is_busy() {
                self.pass(PATIENCE);
            }
        }
        if self.terminal.is_busy() && self.terminal.attached().is_none() {
            self.terminal.interrupt();
        }
        self.terminal.take_output().into_iter().map(|(_, text)| text).collect()
    }

    /// Enters the lines of a text, and asserts that what is refused is refused with a message.
    fn read(&mut self, text: &str) {
        for line in text.split('\n').take(MOST) {
            let is_first = self.terminal.attached().is_none() && !self.terminal.wants_more();
            let said = self.enter(line);
            let ends = !self.terminal.is_busy() && !self.terminal.wants_more();
            let is_refused = ends && self.terminal.status() != 0 && said.is_empty();
            let is_silent = is_first && is_refused && !lines::may_be_silent(line);
            let status = self.terminal.status();
            assert!(!is_silent, "{line:?} is refused without a message (status {status})");
        }
        let cursor = (0..=text.len() / 2).rev().find(|at| text.is_char_boundary(*at));
        let live = Live::new(&mut self.replay, self.now, "");
        let _ = self.terminal.complete(text, cursor.unwrap_or(0), &live);
    }
}

fn terminal() -> Terminal {
    let mut terminal = Terminal::default();
    terminal.files.serve(Rc::new(served));
    terminal
}

/// Enters a text in a terminal that has seen the texts before it.
pub fn command(text: &str, draws: &mut Draws) {
    thread_local! {
        static LAB: RefCell<Option<Lab>> = const { RefCell::new(None) };
    }
    LAB.with_borrow_mut(|place| {
        let lab = place.get_or_insert_with(Lab::new);
        let awaits = lab.terminal.wants_more() || lab.terminal.is_busy();
        if awaits && !draws.once_in(6) {
            lab.terminal.interrupt();
            lab.terminal.take_output();
        }
        lab.read(text);
        lab.left -= 1;
        if lab.left == 0 || lab.replay.history().is_full() {
            *place = None;
        }
    });
}

/// Enters a text in the terminal of the page, where the manifest is one of the files.
pub fn page(text: &str, _: &mut Draws) {
    thread_local! {
        static BEGUN: String = {
            let mut playground = Playground::new();
            (0..200).for_each(|_| drop(playground.update(Action::Tick { elapsed_ms: 100 })));
            playground.save()
        };
    }
    let begun = BEGUN.with(Clone::clone);
    let mut playground = Playground::restore(&begun).expect("what is saved can be opened");
    for line in text.split('\n').take(MOST) {
        playground.update(Action::Command(line.into()));
        playground.update(Action::Tick { elapsed_ms: 100 });
    }
    playground.update(Action::Interrupt);
    let _ = playground.complete(text, text.len() / 2);
}
