//! A shell in a container that a person types into: `kubectl exec -it .. -- sh`.

use super::inside::Inside;
use super::session;
use crate::shell::parser::parse;
use crate::shell::run::{Code, INTERRUPTED};
use crate::shell::session::Session;
use crate::shell::syntax::Wrong;
use crate::terminal::container::Container;
use crate::terminal::output::{Output, Stream};

/// How long a line may be.
const LINE: usize = 64 << 10;

/// A shell that takes one line after the other.
#[derive(Clone)]
pub struct Shell {
    session: Session,
    folder: String,
    pending: String,
    running: Option<Code>,
    ended: Option<i32>,
}

impl Shell {
    /// In the directory that a container's programs begin in.
    pub fn new(container: &dyn Container) -> Self {
        Self {
            session: session(container),
            folder: container.folder(),
            pending: String::new(),
            running: None,
            ended: None,
        }
    }

    /// What stands before the line that is entered, such as `/ # `.
    pub fn prompt(&self) -> String {
        if self.pending.is_empty() { format!("{} # ", self.folder) } else { "> ".into() }
    }

    /// Whether a command waits.
    pub fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// The exit status, once the person has left it with `exit` or Ctrl+D.
    pub fn ended(&self) -> Option<i32> {
        self.ended
    }

    /// Ctrl+D: leaves it.
    pub fn leave(&mut self) {
        self.ended = Some(self.session.status);
    }

    /// Takes a line, and runs it as far as it gets.
    pub fn submit(&mut self, line: &str, container: &mut dyn Container, out: &mut Output) {
        if self.is_busy() || self.ended.is_some() {
            return;
        }
        let mut text = std::mem::take(&mut self.pending);
        if text.len() + line.len() > LINE {
            return out.error("sh: line too long");
        }
        text.push_str(line);
        match parse(&text, &self.session.aliases) {
            Ok(list) => {
                self.session.renew();
                self.running = Some(Code::new(&list));
                self.poll(container, out);
            }
            Err(Wrong::Incomplete) => {
                text.push('\n');
                self.pending = text;
            }
            Err(Wrong::Error(why)) => {
                let why = why.strip_prefix("bash: ").unwrap_or(&why);
                out.error(&format!("sh: {why}"));
                self.session.status = 2;
            }
        }
    }

    /// Goes on with what waits; to be called when the cluster has changed or time has passed.
    pub fn poll(&mut self, container: &mut dyn Container, out: &mut Output) {
        let Some(mut code) = self.running.take() else { return };
        let mut inside = Inside { session: &mut self.session, folder: &mut self.folder, container };
        match code.poll(&mut inside, out) {
            None => self.running = Some(code),
            Some(status) => {
                self.session.status = status;
                self.ended = self.session.exit.take().filter(|_| !self.session.is_stopped);
            }
        }
    }

    /// Ctrl+C: stops what runs, or forgets the lines that want more.
    pub fn interrupt(&mut self, out: &mut Output) {
        self.running = None;
        self.pending.clear();
        out.push(Stream::Out, "^C\n");
        self.session.status = INTERRUPTED;
        self.session.arguments = vec!["sh".into()];
    }
}
