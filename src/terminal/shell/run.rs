//! Running scripts and pipelines, as far as they get before they wait.

use super::builtins;
use super::code::{Op, compile};
use super::expand;
use super::filters;
use super::host::{Host, Process};
use super::syntax::{Command, List, Node, Pipeline, Redirect, Word};
use crate::api::timestamp::Moment;
use crate::terminal::output::{Output, Stream};
use std::collections::VecDeque;
use std::rc::Rc;

/// The exit status of what is stopped by Ctrl+C.
pub const INTERRUPTED: i32 = 130;

/// A script, and how far it has run.
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

fn stop(host: &mut dyn Host, reason: Option<String>, out: &mut Output) -> bool {
    let Some(reason) = reason else { return true };
    if host.session().exit.is_none() {
        out.error(&reason);
        host.session().exit = Some(1);
    }
    false
}

/// Where output goes.
#[derive(Clone, Debug, PartialEq)]
enum Dest {
    Out,
    Err,
    Null,
    File(String),
}

/// A command of a pipeline that runs.
struct Stage {
    process: Process,
    out: Dest,
    err: Dest,
    /// What it has printed when it was started.
    printed: Output,
}

/// A pipeline that runs.
struct Pipe {
    stages: Vec<Stage>,
}

impl Pipe {
    fn start(
        pipeline: &Pipeline,
        host: &mut dyn Host,
        stdin: &mut Option<String>,
        out: &mut Output,
    ) -> Self {
        let mut stages = Vec::new();
        for (number, command) in pipeline.commands.iter().enumerate() {
            let mut stage = Stage {
                process: Process::Done(0),
                out: Dest::Out,
                err: Dest::Err,
                printed: Output::default(),
            };
            let mut input = (number > 0).then_some(None);
            stage.process = match stage.redirect(command, host, &mut input, out) {
                Ok(()) => {
                    let is_fed = number > 0 && matches!(input, Some(None));
                    let input = match &mut input {
                        Some(text) => text,
                        None => &mut *stdin,
                    };
                    stage.begin(command, host, input, is_fed)
                }
                Err(text) => {
                    out.error(&text);
                    Process::Done(1)
                }
            };
            stages.push(stage);
        }
        Self { stages }
    }

    fn poll(&mut self, host: &mut dyn Host, out: &mut Output) -> Option<i32> {
        let (mut input, mut is_closed) = (String::new(), true);
        let last = self.stages.len().saturating_sub(1);
        let (mut cut, mut status) = (0, None);
        for (number, stage) in self.stages.iter_mut().enumerate() {
            let mut own = std::mem::take(&mut stage.printed);
            let ended = step(&mut stage.process, host, &input, is_closed, &mut own);
            input = stage.route(&mut own, number == last, host, out);
            is_closed = ended.is_some();
            if let Some(ended) = ended {
                stage.process = Process::Done(ended);
                (cut, status) = (number, (number == last).then_some(ended));
            }
        }
        // Nobody reads what the commands before an ended one would print.
        for stage in self.stages.iter_mut().take(cut) {
            stage.process = Process::Done(0);
        }
        status
    }
}

impl Stage {
    fn redirect(
        &mut self,
        command: &Command,
        host: &mut dyn Host,
        input: &mut Option<Option<String>>,
        out: &mut Output,
    ) -> Result<(), String> {
        for redirect in &command.redirects {
            match redirect {
                Redirect::Here(word) => *input = Some(Some(expand::text(word, host, out)?)),
                Redirect::Input(word) => {
                    let path = file(word, host, out)?;
                    let text = match path.as_str() {
                        "/dev/null" => Ok(String::new()),
                        _ => host.read(&path),
                    };
                    *input = Some(Some(text.map_err(|why| format!("bash: {path}: {why}"))?));
                }
                Redirect::Output(descriptor, word, adds) => {
                    let path = file(word, host, out)?;
                    let dest = match path.as_str() {
                        "/dev/null" => Dest::Null,
                        "/dev/stdout" => self.out.clone(),
                        "/dev/stderr" => self.err.clone(),
                        _ => {
                            let written = host.write(&path, "", *adds);
                            written.map_err(|why| format!("bash: {path}: {why}"))?;
                            Dest::File(path)
                        }
                    };
                    if descriptor & 2 != 0 {
                        self.err = dest.clone();
                    }
                    if descriptor & 1 != 0 {
                        self.out = dest;
                    }
                }
                Redirect::Duplicate(2, 1) => self.err = self.out.clone(),
                Redirect::Duplicate(1, 2) => self.out = self.err.clone(),
                Redirect::Duplicate(..) => {}
            }
        }
        Ok(())
    }

    fn begin(
        &mut self,
        command: &Command,
        host: &mut dyn Host,
        stdin: &mut Option<String>,
        is_fed: bool,
    ) -> Process {
        let Node::Simple { assignments, words } = &command.node else {
            let list = List(vec![(
                super::syntax::Joint::Always,
                Pipeline {
                    is_negated: false,
                    commands: vec![Rc::new(Command {
                        node: command.node.clone(),
                        redirects: Vec::new(),
                    })],
                },
            )]);
            let mut code = Code::new(&list).reading(stdin.take());
            code.awaits = is_fed;
            return Process::Code(Box::new(code));
        };
        self.simple(assignments, words, host, stdin, is_fed).unwrap_or_else(|text| {
            self.printed.error(&text);
            Process::Done(1)
        })
    }

    fn simple(
        &mut self,
        assignments: &[(String, Word)],
        words: &[Word],
        host: &mut dyn Host,
        stdin: &mut Option<String>,
        is_fed: bool,
    ) -> Result<Process, String> {
        let words = expand::words(words, host, &mut self.printed)?;
        let mut before = Vec::new();
        let status = host.session().status;
        for (name, word) in assignments {
            let value = expand::text(word, host, &mut self.printed)?;
            let variables = &mut host.session().variables;
            before.push((name, variables.get(name).map(str::to_owned)));
            variables.set(name, value);
        }
        if words.is_empty() {
            // The status is that of the last substitution.
            let now = host.session().status;
            return Ok(Process::Done(if now == status { 0 } else { now }));
        }
        let process = match is_fed {
            true => feed(words, host, &mut self.printed),
            false => start(&words, host, stdin, &mut self.printed),
        };
        for (name, value) in before.into_iter().rev() {
            let variables = &mut host.session().variables;
            match value {
                Some(value) => variables.set(name, value),
                None => {
                    variables.remove(name);
                }
            }
        }
        Ok(process)
    }

    /// Sends what was printed on its way. Returns what the next command reads.
    fn route(
        &self,
        own: &mut Output,
        is_last: bool,
        host: &mut dyn Host,
        screen: &mut Output,
    ) -> String {
        let mut next = String::new();
        for (stream, text) in own.take() {
            let excess = host.session().count_text(text.len());
            if !stop(host, excess, screen) {
                return next;
            }
            let dest = if stream == Stream::Out { &self.out } else { &self.err };
            match dest {
                Dest::Out if is_last => screen.push(Stream::Out, &text),
                Dest::Out => next.push_str(&text),
                Dest::Err => screen.push(Stream::Err, &text),
                Dest::Null => {}
                Dest::File(path) => {
                    if let Err(why) = host.write(path, &text, true) {
                        screen.error(&format!("bash: {path}: {why}"));
                    }
                }
            }
        }
        next
    }
}

/// The one file that a redirection names.
fn file(word: &Word, host: &mut dyn Host, out: &mut Output) -> Result<String, String> {
    let path = expand::text(word, host, out)?;
    match path.is_empty() {
        true => Err(format!("bash: {path}: No such file or directory")),
        false => Ok(path),
    }
}

/// A program that reads what another prints: at once if it is a filter.
fn feed(words: Vec<String>, host: &mut dyn Host, out: &mut Output) -> Process {
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
                (true, false) => format!("sh: {name}: not found"),
                (true, true) => format!("sh: {name}: not found"),
                (false, true) => format!("bash: {name}: No such file or directory"),
                (false, false) => format!("bash: {name}: command not found"),
            };
            out.error(&why);
            Process::Done(127)
        }
    }
}

fn step(
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
