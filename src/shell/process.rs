//! Programs that run: how they begin, and how they go on.

use super::builtins;
use super::filters::{self, Lines};
use super::host::{Host, Program, Started};
use super::output::Output;
use super::run::Code;
use super::syntax::List;
use crate::api::timestamp::Moment;

/// A program that runs.
#[derive(Clone)]
pub enum Process {
    /// It has ended with this exit status.
    Done(i32),
    /// It is one of the host's own, and goes on.
    Own(Box<dyn Program>),
    /// It ends at a moment.
    Sleep(i64),
    /// It takes lines as they come.
    Filter(Box<Lines>),
    /// It is a script.
    Code(Box<Code>),
    /// It runs a command again and again.
    Watch(Box<Watch>),
    /// Its time is taken from a moment on.
    Timed(i64, Box<Process>),
    /// It begins when all that it reads is there: its words, and what is there.
    Collect(Vec<String>, String),
}

/// A program that reads what another prints: at once if it is a filter.
pub fn feed(words: Vec<String>, host: &mut dyn Host, out: &mut Output) -> Process {
    match filters::build(&words, host.is_busybox()) {
        Some(Ok(lines)) if lines.files.is_empty() => Process::Filter(Box::new(lines)),
        Some(Err((text, status))) => {
            out.error(&text);
            Process::Done(status)
        }
        _ => Process::Collect(words, String::new()),
    }
}

/// Starts a program with what it reads.
pub fn start(
    words: &[String],
    host: &mut dyn Host,
    stdin: &mut Option<String>,
    out: &mut Output,
) -> Process {
    let Some(name) = words.first() else { return Process::Done(0) };
    if let Some(process) = builtins::start(words, host, stdin, out) {
        return process;
    }
    match host.start(words, stdin.as_deref(), out) {
        Some(Started::Done(status)) => return Process::Done(status),
        Some(Started::Running(program)) => return Process::Own(program),
        None => {}
    }
    match filters::build(words, host.is_busybox()) {
        Some(Ok(mut lines)) => {
            if filters::read(&mut lines, stdin, out) {
                return Process::Filter(Box::new(lines));
            }
            out.error(&format!(
                "{name}: what it reads must come from a file, a pipe or a here-document"
            ));
            Process::Done(1)
        }
        Some(Err((text, status))) => {
            out.error(&text);
            Process::Done(status)
        }
        None => {
            let is_path = name.contains('/');
            let why = match (host.is_busybox(), is_path) {
                (true, _) => format!("sh: {name}: not found"),
                (false, true) => format!("bash: {name}: No such file or directory"),
                (false, false) => format!("bash: {name}: command not found"),
            };
            out.error(&why);
            Process::Done(127)
        }
    }
}

/// Goes on with a program. Returns its exit status when it has ended.
pub fn step(
    process: &mut Process,
    host: &mut dyn Host,
    input: &str,
    is_closed: bool,
    out: &mut Output,
) -> Option<i32> {
    if let Process::Collect(words, text) = process {
        text.push_str(input);
        if !is_closed {
            return None;
        }
        let (words, text) = (std::mem::take(words), std::mem::take(text));
        *process = start(&words, host, &mut Some(text), out);
        return step(process, host, "", true, out);
    }
    match process {
        Process::Done(status) => Some(*status),
        Process::Own(program) => host.poll(program.as_mut(), out),
        Process::Sleep(until) => (host.now() >= *until).then_some(0),
        Process::Filter(lines) => lines.go_on(input, is_closed, host, out),
        Process::Code(code) => {
            if !code.take_input(input, is_closed) {
                return None;
            }
            code.poll(host, out)
        }
        Process::Watch(watch) => watch.poll(host, out),
        Process::Timed(since, inner) => {
            let ended = step(inner, host, input, is_closed, out)?;
            let millis = host.now().saturating_sub(*since).max(0);
            let (minutes, rest) = (millis / 60_000, millis % 60_000);
            out.error(&format!("\nreal\t{minutes}m{}.{:03}s", rest / 1_000, rest % 1_000));
            out.error("user\t0m0.000s\nsys\t0m0.000s");
            Some(ended)
        }
        Process::Collect(..) => None,
    }
}

/// A command that is run again and again.
#[derive(Clone)]
pub struct Watch {
    /// The command.
    pub list: List,
    /// Its text, as the header shows it.
    pub title: String,
    /// The time between two runs, in milliseconds.
    pub interval: i64,
    /// When it is run next.
    pub next: i64,
    /// A run that has not ended.
    pub current: Option<Code>,
}

impl Watch {
    fn poll(&mut self, host: &mut dyn Host, out: &mut Output) -> Option<i32> {
        if self.current.is_none() && host.now() >= self.next {
            self.next = host.now().saturating_add(self.interval);
            let (seconds, tenths) = (self.interval / 1_000, self.interval % 1_000 / 100);
            let now = Moment::of(host.now()).rfc1123z();
            out.line(&format!("Every {seconds}.{tenths}s: {}    {now}\n", self.title));
            self.current = Some(Code::new(&self.list));
        }
        if let Some(status) = self.current.as_mut().and_then(|code| code.poll(host, out)) {
            self.current = None;
            out.line("");
            return host.session().exit.map(|_| status);
        }
        None
    }
}
