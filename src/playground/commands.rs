//! Commands at the playhead: lines that are entered in the terminal, and what comes of them.

use super::action::Effect;
use super::console::{CLEAR, MANIFEST, Piece, Screen};
use super::live::Live;
use super::saved::Remembered;
use super::state::Playground;
use crate::cluster::Millis;
use crate::terminal::computer::Terminal;
use crate::terminal::computer::complete::Completion;
use crate::terminal::computer::history as lines;
use crate::terminal::output::Output;
use std::rc::Rc;

/// The most lines that may be entered ahead.
const MOST_AHEAD: usize = 200;

impl Playground {
    /// Gives the terminal back what it remembered.
    pub(super) fn remind(&mut self, remembered: &Remembered) {
        {
            let terminal = &mut Rc::make_mut(&mut self.console).terminal;
            terminal.history = lines::History::of(remembered.history.clone());
            let aliases = Rc::make_mut(&mut terminal.session.aliases);
            remembered.aliases.iter().for_each(|(name, text)| aliases.set(name, text));
            remembered.files.iter().for_each(|(path, text)| terminal.files.put_back(path, text));
        }
        self.take_output();
    }

    /// Gives the terminal back what was half entered in it, at the playhead: lines that want more, and
    /// the editor that a command had opened.
    #[inline(never)]
    pub(super) fn take_up(&mut self, remembered: &Remembered) {
        let Remembered { pending, editing, history, .. } = remembered;
        for line in pending.lines().chain([editing.as_str()]).filter(|line| !line.is_empty()) {
            let prompt = Rc::clone(&self.screen.prompt);
            self.print(Piece::Entered, &format!("{prompt}{line}\n"));
            self.with_terminal(|terminal, live| terminal.submit(line, live));
        }
        Rc::make_mut(&mut self.console).terminal.history = lines::History::of(history.clone());
    }

    /// What was being edited, behind its title, in an editor that did not open again: a file.
    #[inline(never)]
    pub(super) fn keep_draft(&mut self, draft: &str) {
        let Some((title, text)) = draft.split_once('\n') else { return };
        if self.screen.edited.is_some() {
            return;
        }
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
        let name = format!("unsaved-{}", title.chars().map(plain).collect::<String>());
        self.put_files([(&name, &text.to_owned())].into_iter());
        self.say(format!("What you were editing, {title}, is in the terminal’s file {name}."));
    }

    /// What the terminal shows. The same value until it changes.
    pub fn screen(&self) -> Rc<Screen> {
        Rc::clone(&self.screen)
    }

    /// A text that commands print, such as the help of kubectl.
    #[inline(never)]
    pub(super) fn provide(&mut self, name: String, text: String) {
        let console = Rc::make_mut(&mut self.console);
        Rc::make_mut(&mut console.texts).insert(name, text);
        console.serve();
    }

    /// The person entered a line. While a command waits, it is kept for afterwards.
    #[inline(never)]
    pub(super) fn command(&mut self, line: &str) -> Vec<Effect> {
        if (self.is_busy() || self.unfinished.is_held) && self.screen.prompt.is_empty() {
            let ahead = &mut Rc::make_mut(&mut self.console).ahead;
            if ahead.len() < MOST_AHEAD {
                ahead.push(line.into());
            }
            return Vec::new();
        }
        self.enter(line);
        self.enter_ahead();
        if self.is_busy() || self.unfinished.is_held {
            self.play();
        }
        self.show();
        self.draw();
        vec![Effect::Save]
    }

    /// Enters the lines that were entered ahead, as far as nothing waits.
    fn enter_ahead(&mut self) {
        while !self.is_busy() {
            let next = {
                let ahead = &mut Rc::make_mut(&mut self.console).ahead;
                (!ahead.is_empty()).then(|| ahead.remove(0))
            };
            match next {
                Some(line) => self.enter(&line),
                None => return,
            }
            if !self.console.ahead.is_empty() && !self.unfinished.patience.lasts() {
                self.unfinished.is_held = true;
                return;
            }
        }
    }

    fn enter(&mut self, line: &str) {
        let prompt = Rc::clone(&self.screen.prompt);
        self.print(Piece::Entered, &format!("{prompt}{line}\n"));
        let has_changed = self.run_terminal(|terminal, live| terminal.submit(line, live));
        self.unfinished.is_noted = has_changed;
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_apply = words.contains(&"apply") && words.contains(&"manifest.yaml");
        let is_release = matches!(words.as_slice(), ["helm", "install" | "upgrade", ..])
            && words.contains(&"chart")
            && self.console.has_applied_chart();
        if has_changed && (is_apply || is_release) {
            self.read_to_end();
        }
        if has_changed && (is_apply || is_release) && !self.manifest.has_errors() {
            self.applied = Rc::clone(&self.manifest);
        }
    }

    /// The person closes the editor that a command opened.
    #[inline(never)]
    pub(super) fn close_editor(&mut self, saved: Option<String>) -> Vec<Effect> {
        let mut trouble = None;
        self.run_terminal(|terminal, live| match terminal.close_editor(saved) {
            Ok(()) => terminal.poll(live),
            Err(why) => trouble = Some(why),
        });
        if let Some(why) = trouble {
            self.problem(why);
        }
        self.enter_ahead();
        self.show();
        self.draw();
        vec![Effect::Save]
    }

    /// Puts files in the terminal, with the directories above them.
    pub(super) fn put_files<'a>(&mut self, files: impl Iterator<Item = (&'a String, &'a String)>) {
        let files_of = &mut Rc::make_mut(&mut self.console).terminal.files;
        files.for_each(|(path, text)| files_of.put_back(&files_of.whole(path), text));
    }

    /// Makes a folder, and goes there.
    pub(super) fn begin_in(&mut self, folder: &str) {
        let files = &mut Rc::make_mut(&mut self.console).terminal.files;
        let _there = files.make_folder(folder);
        files.enter(folder);
    }

    /// The exit status of the last command.
    pub(super) fn exit_status(&self) -> i32 {
        self.console.terminal.status()
    }

    /// Lets the terminal do something with the manifest among its files. Returns whether it has
    /// changed the cluster, which is then one step of undo.
    fn run_terminal(&mut self, act: impl FnOnce(&mut Terminal, &mut Live)) -> bool {
        let before = self.present();
        let inputs = self.last_input();
        let text = Rc::clone(&self.manifest.text);
        {
            let console = Rc::make_mut(&mut self.console);
            console.exported.refresh(&self.manifest, &mut console.terminal.files);
        }
        self.with_terminal(|terminal, live| {
            let _kept_as_it_was = terminal.files.set(MANIFEST, &text);
            act(terminal, live);
        });
        let has_changed = self.last_input() != inputs;
        if has_changed {
            self.remember_as(before);
        }
        self.take_manifest(&text);
        has_changed
    }

    /// A command has written the manifest: that is an edit.
    fn take_manifest(&mut self, before: &str) {
        let text = self.console.terminal.files.get(MANIFEST).map(str::to_owned);
        if let Some(text) = text.filter(|text| text != before) {
            self.edit_text(text);
        }
    }

    /// Ctrl+C.
    #[inline(never)]
    pub(super) fn interrupt(&mut self) {
        {
            let console = Rc::make_mut(&mut self.console);
            console.ahead.clear();
            console.terminal.interrupt();
        }
        self.unfinished.is_held = false;
        self.take_output();
    }

    /// Empties the screen.
    #[inline(never)]
    pub(super) fn clear_screen(&mut self) {
        self.print(Piece::Out, CLEAR);
    }

    /// Whether a command waits.
    pub(super) fn is_busy(&self) -> bool {
        self.screen.is_busy
    }

    /// The next slice of a script, at the same instant. All that a line changes is one step of undo.
    #[inline(never)]
    fn go_on_with_script(&mut self) {
        let is_noted = self.unfinished.is_noted;
        let has_changed = self.run_terminal(|terminal, live| terminal.poll(live));
        if has_changed && is_noted {
            self.undo.pop();
        }
        self.unfinished.is_noted = has_changed || is_noted;
        self.enter_ahead();
    }

    /// Lets what waits for the cluster see every change up to an instant. Returns whether it has.
    #[inline(never)]
    pub(super) fn follow(&mut self, to: Millis) -> bool {
        while self.is_busy() || self.is_draining() || self.unfinished.is_held {
            if self.unfinished.is_held {
                self.go_on_with_script();
                match self.unfinished.is_held {
                    true => return false,
                    false => continue,
                }
            }
            let tries_at = self.drains_try_at().filter(|at| *at <= to);
            let limit = tries_at.unwrap_or(to);
            let position = self.replay.position();
            if self.replay.history().steps().len() <= position {
                self.replay.ahead().advance(limit);
            }
            let next = self.replay.history().steps().get(position).map(|step| step.at);
            let next = next.filter(|at| *at <= limit);
            if next.is_some() {
                self.replay.seek(position + 1);
            }
            self.playhead = next.unwrap_or(limit);
            self.horizon = self.horizon.max(self.playhead);
            if self.is_busy() {
                self.with_terminal(|terminal, live| terminal.poll(live));
                self.enter_ahead();
            }
            self.go_on_draining();
            if next.is_none() && tries_at.is_none() {
                return true;
            }
            if !self.unfinished.patience.lasts() {
                return false;
            }
        }
        true
    }

    /// What the word at the cursor, a place in bytes, may become.
    #[inline(never)]
    pub fn complete(&self, line: &str, cursor: usize) -> Completion {
        let mut replay = self.replay.clone();
        let live = Live::new(&mut replay, self.playhead, "");
        self.console.terminal.complete(line, cursor, &live)
    }

    /// Shows in the terminal what was done on the page.
    pub(super) fn echo(&mut self, command: &str, out: &Output) {
        if command.is_empty() || self.is_busy() {
            return;
        }
        self.print(Piece::Entered, &format!("$ {command}\n"));
        self.print_output(out);
    }

    /// Prints what a client has printed.
    pub(super) fn print_output(&mut self, out: &Output) {
        for (stream, text) in out.pieces() {
            self.print(Piece::of(*stream), text);
        }
    }

    /// The number of inputs and the time of the last one: another pair after each thing that is done,
    /// also where it takes the place of what was done later.
    pub(super) fn last_input(&self) -> (usize, Option<Millis>) {
        let history = self.replay.history();
        let inputs = &history.session().inputs;
        (inputs.len(), inputs.last().map(|input| input.at))
    }

    fn with_terminal(&mut self, act: impl FnOnce(&mut Terminal, &mut Live)) {
        let inputs = self.last_input();
        {
            let console = Rc::make_mut(&mut self.console);
            let patience = self.unfinished.patience.clone();
            let mut live = Live::new(&mut self.replay, self.playhead, "").patiently(patience);
            act(&mut console.terminal, &mut live);
            self.unfinished.is_held = live.is_held() && console.terminal.is_busy();
        }
        if self.last_input() != inputs {
            self.leave_what_was_ahead();
        }
        self.take_output();
        self.open_what_is_asked();
    }

    /// What had been played ahead is another story, now that something was done.
    pub(super) fn leave_what_was_ahead(&mut self) {
        self.horizon = self.playhead;
        self.timeline_position = usize::MAX;
        self.unfinished.errand = None;
        self.idle = false;
        self.change_story();
    }

    fn take_output(&mut self) {
        let (pieces, prompt, is_busy, entered, edited) = {
            let console = Rc::make_mut(&mut self.console);
            let pieces = console.terminal.take_output();
            let terminal = &console.terminal;
            let lines = terminal.history.lines();
            let entered = match lines.len() == self.screen.entered.len() {
                true => Rc::clone(&self.screen.entered),
                false => lines.into(),
            };
            let prompt = match (terminal.attached(), terminal.is_busy()) {
                (Some(prompt), _) => prompt,
                (None, true) => String::new(),
                (None, false) => terminal.prompt().to_owned(),
            };
            (pieces, prompt, terminal.is_busy(), entered, terminal.edited())
        };
        let is_same = *self.screen.prompt == prompt
            && self.screen.is_busy == is_busy
            && self.screen.edited == edited;
        if pieces.is_empty() && is_same && self.screen.entered == entered {
            return;
        }
        let screen = Rc::make_mut(&mut self.screen);
        (screen.prompt, screen.is_busy, screen.entered) = (prompt.into(), is_busy, entered);
        screen.edited = edited;
        for (stream, text) in &pieces {
            screen.push(Piece::of(*stream), text);
        }
        pieces.iter().for_each(|(_, text)| self.overhear(text));
    }

    fn print(&mut self, piece: Piece, text: &str) {
        if piece != Piece::Entered {
            self.overhear(text);
        }
        Rc::make_mut(&mut self.screen).push(piece, text);
    }
}
