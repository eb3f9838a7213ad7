//! Pipelines: what flows between commands, and where redirections lead.

use super::expand;
use super::host::{Host, stop};
use super::output::{Output, Stream};
use super::process::{Process, feed, start, step};
use super::run::Code;
use super::syntax::{Command, Node, Pipeline, Redirect, Word};

/// Where output goes.
#[derive(Clone, Debug, PartialEq)]
enum Dest {
    Out,
    Err,
    Null,
    File(String),
}

/// A command of a pipeline that runs.
#[derive(Clone)]
struct Stage {
    process: Process,
    out: Dest,
    err: Dest,
    /// What it has printed when it was started.
    printed: Output,
}

/// A pipeline that runs.
#[derive(Clone)]
pub struct Pipe {
    stages: Vec<Stage>,
}

impl Pipe {
    /// Starts its commands.
    pub fn start(
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

    /// Runs on. Returns the exit status when it has ended.
    pub fn poll(&mut self, host: &mut dyn Host, out: &mut Output) -> Option<i32> {
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
                    let shell = if host.is_busybox() { "sh: can't open" } else { "bash:" };
                    *input = Some(Some(text.map_err(|why| format!("{shell} {path}: {why}"))?));
                }
                Redirect::Output(descriptor, word, adds) => {
                    let path = file(word, host, out)?;
                    let dest = match path.as_str() {
                        "/dev/null" => Dest::Null,
                        "/dev/stdout" => self.out.clone(),
                        "/dev/stderr" => self.err.clone(),
                        _ => {
                            let written = host.write(&path, "", *adds);
                            let shell =
                                if host.is_busybox() { "sh: can't create" } else { "bash:" };
                            written.map_err(|why| format!("{shell} {path}: {why}"))?;
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
            let list = Pipeline::of_node(command.node.clone()).into();
            let mut code = Code::new(&list).reading(stdin.take());
            code.await_input(is_fed);
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
