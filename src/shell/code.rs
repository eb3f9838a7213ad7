//! Lists as steps with jumps, so that a script can stop at a command that waits and go on later.

use super::syntax::{Joint, List, Node, Part, Pipeline, Word};
use std::rc::Rc;

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// Runs a pipeline.
    Run(Rc<Pipeline>),
    /// Goes on elsewhere.
    Jump(usize),
    /// Goes on elsewhere if the last command failed.
    IfFailed(usize),
    /// Goes on elsewhere if the last command did not fail.
    IfOk(usize),
    /// Turns the exit status round.
    Negate,
    /// Sets the exit status.
    Status(i32),
    /// Begins a loop over words.
    Begin(Vec<Word>),
    /// Gives the variable the next word, or goes on elsewhere.
    Next(String, usize),
    /// Ends a loop over words.
    End,
    /// Counts a turn of a loop.
    Turn,
}

/// The steps of a list.
pub fn compile(list: &List) -> Vec<Op> {
    let mut compiler = Compiler::default();
    compiler.list(list);
    compiler.ops
}

#[derive(Default)]
struct Compiler {
    ops: Vec<Op>,
    /// Where `continue` goes in each loop, and the jumps of `break` that want their end.
    loops: Vec<(usize, Vec<usize>)>,
}

impl Compiler {
    fn list(&mut self, list: &List) {
        for (joint, pipeline) in &list.0 {
            let skip = self.ops.len();
            match joint {
                Joint::Always => self.pipeline(pipeline),
                Joint::And => {
                    self.ops.push(Op::IfFailed(0));
                    self.pipeline(pipeline);
                }
                Joint::Or => {
                    self.ops.push(Op::IfOk(0));
                    self.pipeline(pipeline);
                }
            }
            if *joint != Joint::Always {
                self.land(skip);
            }
        }
    }

    /// Lets a jump lead here.
    fn land(&mut self, jump: usize) {
        let here = self.ops.len();
        if let Some(
            Op::Jump(target) | Op::IfFailed(target) | Op::IfOk(target) | Op::Next(_, target),
        ) = self.ops.get_mut(jump)
        {
            *target = here;
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let sole = match pipeline.commands.as_slice() {
            [command] if command.redirects.is_empty() => Some(&command.node),
            _ => None,
        };
        match sole {
            Some(Node::Simple { words, .. }) if self.jump(words) => return,
            Some(Node::Simple { .. }) | None => {
                let commands = pipeline.commands.clone();
                self.ops.push(Op::Run(Rc::new(Pipeline { is_negated: false, commands })));
            }
            Some(node) => self.node(node),
        }
        if pipeline.is_negated {
            self.ops.push(Op::Negate);
        }
    }

    /// `break` and `continue`.
    fn jump(&mut self, words: &[Word]) -> bool {
        let [word] = words else { return false };
        let [Part::Plain(word)] = word.as_slice() else { return false };
        let here = self.ops.len();
        let Some((head, breaks)) = self.loops.last_mut() else { return false };
        match word.as_str() {
            "break" => {
                breaks.push(here);
                self.ops.push(Op::Jump(0));
            }
            "continue" => {
                let head = *head;
                self.ops.push(Op::Jump(head));
            }
            _ => return false,
        }
        true
    }

    fn node(&mut self, node: &Node) {
        match node {
            Node::Simple { .. } => {}
            Node::Group(list) => self.list(list),
            Node::If(branches, otherwise) => self.branches(branches, otherwise.as_ref()),
            Node::For(name, words, body) => {
                self.ops.push(Op::Begin(words.clone()));
                let head = self.ops.len();
                self.ops.push(Op::Next(name.clone(), 0));
                self.body(head, body);
                self.land(head);
                self.ops.push(Op::End);
            }
            Node::While(condition, body, is_until) => {
                let head = self.ops.len();
                self.list(condition);
                let exit = self.ops.len();
                self.ops.push(if *is_until { Op::IfOk(0) } else { Op::IfFailed(0) });
                let breaks = self.body(head, body);
                self.land(exit);
                self.ops.push(Op::Status(0));
                breaks.into_iter().for_each(|jump| self.land(jump));
            }
        }
    }

    /// The body of a loop; what breaks out of it lands behind it.
    fn body(&mut self, head: usize, body: &List) -> Vec<usize> {
        self.ops.push(Op::Turn);
        self.loops.push((head, Vec::new()));
        self.list(body);
        self.ops.push(Op::Jump(head));
        let breaks = self.loops.pop().map(|(_, breaks)| breaks).unwrap_or_default();
        breaks.iter().for_each(|jump| self.land(*jump));
        breaks
    }

    fn branches(&mut self, branches: &[(List, List)], otherwise: Option<&List>) {
        let mut ends = Vec::new();
        for (condition, body) in branches {
            self.list(condition);
            let skip = self.ops.len();
            self.ops.push(Op::IfFailed(0));
            self.list(body);
            ends.push(self.ops.len());
            self.ops.push(Op::Jump(0));
            self.land(skip);
        }
        self.ops.push(Op::Status(0));
        if let Some(list) = otherwise {
            self.list(list);
        }
        ends.into_iter().for_each(|end| self.land(end));
    }
}
