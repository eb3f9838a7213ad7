//! The terminal beside the cluster, and what is on its screen.

use super::chart::Exported;
use super::saved::Remembered;
use crate::terminal::computer::Terminal;
use crate::terminal::editor::Shown;
use crate::terminal::network::State;
use crate::terminal::output::Stream;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most text that the screen keeps, in bytes.
const MOST_TEXT: usize = 128 << 10;

/// The file of the workspace that is the manifest.
pub(super) const MANIFEST: &str = "/home/user/manifest.yaml";

/// What `clear` prints.
pub(super) const CLEAR: &str = "\u{1b}[2J";

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A line that was entered, with its prompt.
    Entered,
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

impl Piece {
    pub(super) fn of(stream: Stream) -> Self {
        match stream {
            Stream::Out => Self::Out,
            Stream::Err => Self::Err,
        }
    }
}

/// What the terminal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Pieces of text, each with its number, oldest first.
    pub pieces: Vec<(u64, Piece, Rc<str>)>,
    /// What stands before the line that is entered; empty while a command waits that reads nothing.
    pub prompt: Rc<str>,
    /// Whether a command waits for the cluster.
    pub is_busy: bool,
    /// Lines that were entered, oldest first.
    pub entered: Rc<[String]>,
    /// What a command has opened in the editor, while it waits.
    pub edited: Option<Rc<Shown>>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            pieces: Vec::new(),
            prompt: "$ ".into(),
            is_busy: false,
            entered: Rc::default(),
            edited: None,
        }
    }
}

impl Screen {
    /// Adds a piece; what `clear` prints empties the screen.
    pub(super) fn push(&mut self, piece: Piece, text: &str) {
        if let Some((_, after)) = text.rsplit_once(CLEAR) {
            self.pieces.clear();
            let after = after.trim_start_matches("\u{1b}[H").trim_start_matches("\u{1b}[3J");
            return self.push(piece, after);
        }
        let text = text.replace("\u{1b}[H", "");
        if text.is_empty() {
            return;
        }
        let number = self.pieces.last().map_or(0, |(number, ..)| number + 1);
        self.pieces.push((number, piece, text.into()));
        let mut length: usize = self.pieces.iter().map(|(.., text)| text.len()).sum();
        while length > MOST_TEXT && self.pieces.len() > 1 {
            length -= self.pieces.remove(0).2.len();
        }
    }
}

/// The terminal and the texts that it prints, which are fetched when they are needed.
#[derive(Clone, Default)]
pub struct Console {
    pub(super) terminal: Terminal,
    pub(super) texts: Rc<BTreeMap<String, String>>,
    /// What was written of the manifest's chart.
    pub(super) exported: Exported,
    /// Lines that were entered while a command waited.
    pub(super) ahead: Vec<String>,
}

impl Console {
    /// The network of the person's computer.
    pub(super) fn network(&mut self) -> &mut State {
        self.terminal.network()
    }

    /// A terminal with nothing on its screen that serves the same texts.
    pub(super) fn beside(&self) -> Self {
        let mut console = Self { texts: Rc::clone(&self.texts), ..Self::default() };
        console.serve();
        console
    }

    /// Lets commands print the texts there are.
    pub(super) fn serve(&mut self) {
        let texts = Rc::clone(&self.texts);
        let serve = move |name: &str| texts.get(name).cloned();
        self.terminal.files.serve(Rc::new(serve));
    }

    /// Whether the last command went well, and the chart is that of the manifest.
    pub(super) fn has_applied_chart(&self) -> bool {
        self.terminal.status() == 0 && self.exported.is_whole(&self.terminal.files)
    }

    /// What outlives the page.
    pub fn remembered(&self) -> Remembered {
        let terminal = &self.terminal;
        let aliases = terminal.session.aliases.iter();
        let is_own =
            |(path, text): &(&str, &str)| *path != MANIFEST && !self.exported.is_ours(path, text);
        let own = terminal.files.all().filter(is_own);
        let text = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
        Remembered {
            history: terminal.history.lines().to_vec(),
            aliases: aliases.map(text).collect(),
            files: own.map(text).collect(),
            pending: terminal.pending().into(),
            editing: terminal.editing().unwrap_or_default(),
        }
    }
}
