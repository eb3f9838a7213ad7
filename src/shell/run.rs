//! Running scripts and pipelines, as far as they get before they wait.

use super::code::{Op, compile};
use super::expand;
use super::host::{Host, stop};
use super::output::Output;
use super::pipe::Pipe;
use super::syntax::List;
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

    /// Takes what it reads as it comes. Returns whether it can run.
    pub fn take_input(&mut self, input: &str, is_closed: bool) -> bool {
        if self.awaits {
            self.stdin.get_or_insert_default().push_str(input);
            self.awaits = !is_closed;
        }
        !self.awaits
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
            let is_work = matches!(op, Op::Run(_) | Op::Turn);
            if is_work && host.session().may_wait() && !host.may_go_on() {
                return None;
            }
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
