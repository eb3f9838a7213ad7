//! Running scripts and pipelines, as far as they get before they wait.

use super::builtins;
use super::code::{Op, compile};
use super::expand;
use super::filters;
use super::host::{Host, Process};
use super::pipe::Pipe;
use super::syntax::List;
use crate::api::timestamp::Moment;
use crate::terminal::output::Output;
use std::collections::VecDeque;
use std::rc::Rc;

/// The exit status of what is stopped by Ctrl+C.
pub const INTERRUPTED: i32 = 130;

/// A script, and how far it has run.
#[derive(Clone)]
pub struct Code {
    ops: Rc<Vec<Op>>,
    at: usize,
    loops: Vec<VecDeque<String>>,
    pipe: Option<Box<Pipe>>,
    status: i32,
    stdin: Option<String>,
    /// Whether its input still comes.
    awaits: bool,
    /// `$0` and what follows, and those of its caller while it runs.
    arguments: Option<Vec<String>>,
}

impl Code {
    /// At its beginning.
    pub fn new(list: &List) -> Self {
        Self {
            ops: Rc::new(compile(list)),
            at: 0,
            loops: Vec::new(),
            pipe: None,
            status: 0,
            stdin: None,
            awaits: false,
            arguments: None,
        }
    }

    /// With what it reads.
    #[must_use]
    pub fn reading(mut self, stdin: Option<String>) -> Self {
        self.stdin = stdin;
        self
    }

    /// Whether it begins only when all that it reads has come.
    pub fn await_input(&mut self, awaits: bool) {
        self.awaits = awaits;
    }

    /// With arguments of its own.
    #[must_use]
    pub fn with_arguments(mut self, arguments: Vec<String>) -> Self {
        self.arguments = Some(arguments);
        self
    }

    /// Runs on. Returns the exit status when it has ended.
    pub fn poll(&mut self, host: &mut dyn Host, out: &mut Output) -> Option<i32> {
        let session = host.session();
        if session.is_too_deep() {
            out.error("bash: commands are nested too deeply");
            return Some(1);
        }
        session.level += 1;
        let own = self.arguments.take();
        let is_called = own.is_some();
        let callers = own.map(|own| std::mem::replace(&mut session.arguments, own));
        let ended = self.steps(host, out);
        let session = host.session();
        // What a script exits from is itself.
        if is_called && ended.is_some() && !session.is_stopped {
            session.exit = None;
        }
        if let Some(callers) = callers {
            let own = std::mem::replace(&mut session.arguments, callers);
            self.arguments = is_called.then_some(own);
        }
        session.level = session.level.saturating_sub(1);
        ended
    }

    fn steps(&mut self, host: &mut dyn Host, out: &mut Output) -> Option<i32> {
        loop {
            if let Some(pipe) = &mut self.pipe {
                let status = pipe.poll(host, out)?;
                self.pipe = None;
                self.set(status, host);
            }
            if let Some(status) = host.session().exit {
                return Some(status);
            }
            let ops = Rc::clone(&self.ops);
            let Some(op) = ops.get(self.at) else { return Some(self.status) };
            self.at += 1;
            self.step(op, host, out);
        }
    }

    fn set(&mut self, status: i32, host: &mut dyn Host) {
        self.status = status;
        host.session().status = status;
    }

    fn step(&mut self, op: &Op, host: &mut dyn Host, out: &mut Output) {
        match op {
            Op::Run(pipeline) => {
                if is_within_bounds(host, out) {
                    let pipe = Pipe::start(pipeline, host, &mut self.stdin, out);
                    self.pipe = Some(Box::new(pipe));
                }
            }
            Op::Jump(target) => self.at = *target,
            Op::IfFailed(target) if self.status != 0 => self.at = *target,
            Op::IfOk(target) if self.status == 0 => self.at = *target,
            Op::IfFailed(_) | Op::IfOk(_) => {}
            Op::Negate => self.set(i32::from(self.status == 0), host),
            Op::Status(status) => self.set(*status, host),
            Op::Begin(words) => {
                let values = match expand::words(words, host, out) {
                    Ok(values) => values,
                    Err(text) => {
                        out.error(&text);
                        Vec::new()
                    }
                };
                self.loops.push(values.into());
                self.set(0, host);
            }
            Op::Next(name, end) => match self.loops.last_mut().and_then(VecDeque::pop_front) {
                Some(value) => host.session().variables.set(name, value),
                None => self.at = *end,
            },
            Op::End => {
                self.loops.pop();
            }
            Op::Turn => {
                is_within_bounds(host, out);
            }
        }
    }
}

/// Counts a command. Stops the shell when there were too many.
fn is_within_bounds(host: &mut dyn Host, out: &mut Output) -> bool {
    let now = host.now();
    let excess = host.session().count_command(now);
    stop(host, excess, out)
}

/// Stops the shell if there is a reason.
pub fn stop(host: &mut dyn Host, reason: Option<String>, out: &mut Output) -> bool {
    let Some(reason) = reason else { return true };
    if host.session().exit.is_none() {
        out.error(&reason);
        host.session().exit = Some(1);
        host.session().is_stopped = true;
    }
    false
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
    if let Some(process) = host.start(words, stdin.as_deref(), out) {
        return process;
    }
    match filters::build(words, host.is_busybox()) {
        Some(Ok(mut lines)) => match filters::read(&mut lines, host, stdin, out) {
            Some(status) => Process::Done(status),
            None => {
                out.error(&format!(
                    "{name}: what it reads must come from a file, a pipe or a here-document"
                ));
                Process::Done(1)
            }
        },
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
        Process::Job(job) => host.poll(job.as_mut(), out),
        Process::Sleep(until) => (host.now() >= *until).then_some(0),
        Process::Filter(lines) => {
            lines.feed(input, out);
            (lines.is_done() || is_closed).then(|| lines.finish(host, out))
        }
        Process::Code(code) => {
            if code.awaits {
                code.stdin.get_or_insert_default().push_str(input);
                code.awaits = !is_closed;
                if code.awaits {
                    return None;
                }
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
