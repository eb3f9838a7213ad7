//! Plays files of command lines in the terminal over a fresh cluster, and writes what they print.
//!
//! The page takes no part: a line is an [`Action::Command`], and time passes by [`Action::Tick`]. So
//! what a transcript shows is what somebody sees who enters the same lines on the page.

use super::action::Action;
use super::console::Piece;
use super::state::Playground;
use crate::api::{Kubernetes, Version};
use crate::cluster::config::Distribution;
use crate::cluster::{ClusterConfig, Millis};
use crate::session::{Inputs, Session};
use crate::terminal::computer::workspace::HOME;

/// The texts that commands print and that the page fetches, by their names.
const SERVED: [(&str, &str); 3] = [
    ("terminal/help.txt", include_str!("../../static/terminal/help.txt")),
    ("terminal/helm.txt", include_str!("../../static/terminal/helm.txt")),
    ("docs/fields.json", include_str!("../../static/docs/fields.json")),
];

/// The folder that commands run in: there is nothing in it but what a file puts there.
const FOLDER: &str = "play";

/// What stands before a line while nothing runs and nothing is half entered.
const PROMPT: &str = "$ ";

/// How long one frame is, in milliseconds.
const FRAME_MS: u32 = 100;

/// Frames are so many times as long while nothing but time passes.
const WAITING_SPEED: u32 = 10;

/// How long a real client takes to start, ask and print, at least, in frames: half a second.
const FRAMES_OF_A_COMMAND: u32 = 5;

/// How long things may take, in milliseconds of simulated time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest wait that `@wait` makes.
    pub wait_ms: Millis,
    /// After so long a command that has not ended is stopped, as by Ctrl+C.
    pub command_ms: Millis,
}

impl Default for Limits {
    /// Those of a player on a real cluster, where time is dear: 30 and 90 seconds.
    fn default() -> Self {
        Self { wait_ms: 30_000, command_ms: 90_000 }
    }
}

/// A file, or one of the files of a folder: its path from there (empty for a file), and its text.
pub type Source = (String, String);

/// What a file of command lines reaches outside of the terminal.
pub trait Outside {
    /// The file at a path, or every file of the folder there.
    ///
    /// # Errors
    /// Why there is none.
    fn sources(&mut self, path: &str) -> Result<Vec<Source>, String>;
    /// Takes the next piece of the transcript.
    fn print(&mut self, text: &str);
}

/// Plays the lines of a file over a fresh cluster.
///
/// A line is a command line, a comment that begins with `#`, or one of these:
///
/// - `@put NAME PATH` copies a file or folder into the folder that commands run in,
/// - `@wait SECONDS` lets time pass,
/// - `@limit SECONDS` stops commands from there on that take longer,
/// - `@version 1.35` begins with a cluster of that version,
/// - `@cluster plain` begins with one that nobody but Kubernetes' own programs has set up.
///
/// Other directives are left out. Lines after a command that opens a prompt answer it; an editor is
/// closed without saving.
///
/// # Errors
/// The first directive that cannot be followed.
pub fn play(text: &str, limits: Limits, outside: &mut dyn Outside) -> Result<(), String> {
    let mut player = Player {
        playground: fresh(),
        limits,
        config: ClusterConfig::default(),
        seen: None,
        outside,
    };
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let said = match words.as_slice() {
            [] => Ok(()),
            [first, rest @ ..] if first.starts_with('@') => player.follow(first, rest),
            _ if line.starts_with('#') => Ok(()),
            _ => {
                player.enter(line);
                Ok(())
            }
        };
        said.map_err(|why| format!("{line}: {why}"))?;
    }
    player.finish();
    Ok(())
}

/// A page with an empty cluster and an empty folder, on which time runs.
fn fresh() -> Playground {
    let mut playground = Playground::open("", "");
    for (name, text) in SERVED {
        playground.update(Action::Provide { name: name.into(), text: text.into() });
    }
    let actions = [Action::SetSkipWaits(false), Action::SetSpeed(1), Action::Play];
    actions.into_iter().for_each(|action| drop(playground.update(action)));
    playground.begin_in(&format!("{HOME}/{FOLDER}"));
    playground
}

struct Player<'a> {
    playground: Playground,
    limits: Limits,
    config: ClusterConfig,
    /// The number of the last piece of the screen that was printed.
    seen: Option<u64>,
    outside: &'a mut dyn Outside,
}

impl Player<'_> {
    fn follow(&mut self, directive: &str, words: &[&str]) -> Result<(), String> {
        match (directive, words) {
            ("@put" | "@putdir", [name, path]) => self.put(name, path),
            ("@wait", [seconds]) => {
                let ms = milliseconds(seconds)?.min(self.limits.wait_ms);
                self.wait(ms);
                Ok(())
            }
            ("@limit", [seconds]) => {
                self.limits.command_ms = milliseconds(seconds)?;
                Ok(())
            }
            ("@version", [version]) => {
                let label = version.trim_start_matches('v');
                let version = Version::named(label).ok_or("not a version that is simulated")?;
                self.config.kubernetes = Kubernetes::new(version);
                self.begin();
                Ok(())
            }
            ("@cluster", ["plain"]) => {
                self.config.distribution = Distribution::Plain;
                self.begin();
                Ok(())
            }
            ("@put" | "@putdir" | "@wait" | "@limit" | "@version", _) => {
                Err("another number of words is wanted".into())
            }
            _ => Ok(()),
        }
    }

    /// Begins anew with the cluster that the directives ask for.
    fn begin(&mut self) {
        let config = self.config.clone();
        self.playground.replay(Session { config, inputs: Inputs::default() }, 0);
        self.act(Action::Play);
    }

    fn put(&mut self, name: &str, path: &str) -> Result<(), String> {
        let folder = format!("{HOME}/{FOLDER}/{name}");
        let sources = self.outside.sources(path)?;
        let place = |within: &str| match within {
            "" => folder.clone(),
            within => format!("{folder}/{within}"),
        };
        let files: Vec<Source> =
            sources.into_iter().map(|(within, text)| (place(&within), text)).collect();
        self.playground.put_files(files.iter().map(|(path, text)| (path, text)));
        Ok(())
    }

    /// Enters a line, and lets time run until it has ended, reads on, or has taken too long.
    fn enter(&mut self, line: &str) {
        self.outside.print(&format!("$ {line}\n"));
        self.act(Action::Command(line.into()));
        let until = self.playground.playhead() + self.limits.command_ms;
        let mut is_at_start = self.take(true);
        while self.waits() {
            let before = self.playground.playhead();
            match self.playground.screen().edited.is_some() {
                true => self.act(Action::CloseEditor(None)),
                false if before >= until => self.act(Action::Interrupt),
                false => self.pass(FRAME_MS),
            }
            is_at_start = self.take(is_at_start);
            let screen = self.playground.screen();
            if self.waits() && screen.edited.is_none() && self.playground.playhead() == before {
                // The session is full, so that no time passes any more.
                self.act(Action::Interrupt);
                is_at_start = self.take(is_at_start);
            }
        }
        if !is_at_start {
            self.outside.print("\n");
        }
        let screen = self.playground.screen();
        let status = self.playground.exit_status();
        if !screen.is_busy && &*screen.prompt == PROMPT && status != 0 {
            self.outside.print(&format!("[exit {status}]\n"));
        }
        (0..FRAMES_OF_A_COMMAND).for_each(|_| self.pass(FRAME_MS));
    }

    /// Whether a command runs that reads nothing.
    fn waits(&self) -> bool {
        let screen = self.playground.screen();
        screen.is_busy && screen.prompt.is_empty()
    }

    /// Stops what still reads when there are no more lines.
    fn finish(&mut self) {
        if self.playground.screen().is_busy {
            self.act(Action::Interrupt);
            self.take(true);
        }
    }

    fn wait(&mut self, ms: Millis) {
        let frame = Millis::from(FRAME_MS * WAITING_SPEED);
        self.act(Action::SetSpeed(WAITING_SPEED));
        (0..ms / frame).for_each(|_| self.pass(FRAME_MS));
        self.act(Action::SetSpeed(1));
        let rest = ms % frame;
        (0..rest / Millis::from(FRAME_MS)).for_each(|_| self.pass(FRAME_MS));
        self.pass(u32::try_from(rest).unwrap_or(0) % FRAME_MS);
    }

    fn pass(&mut self, elapsed_ms: u32) {
        self.act(Action::Tick { elapsed_ms });
    }

    fn act(&mut self, action: Action) {
        // Nothing is kept and nobody listens.
        let _effects = self.playground.update(action);
    }

    /// Prints what is on the screen since the last time. Returns whether a line begins after it.
    fn take(&mut self, mut is_at_start: bool) -> bool {
        let screen = self.playground.screen();
        let last = screen.pieces.last().map(|(number, ..)| *number);
        // An emptied screen begins to count anew.
        let seen = self.seen.filter(|seen| last.is_some_and(|last| last >= *seen));
        for (number, piece, text) in &screen.pieces {
            if seen.is_none_or(|seen| *number > seen) && *piece != Piece::Entered {
                self.outside.print(text);
                is_at_start = text.ends_with('\n');
            }
        }
        self.seen = last;
        is_at_start
    }
}

fn milliseconds(seconds: &str) -> Result<Millis, String> {
    let number: f64 = seconds.parse().map_err(|_| "not a number of seconds")?;
    if !(0.0..=1e9).contains(&number) {
        return Err("not a number of seconds".into());
    }
    Ok((number * 1_000.0) as Millis)
}
