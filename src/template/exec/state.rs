//! Walking over the nodes of one template.

use super::Engine;
use crate::template::ast::{Branch, Command, Kind, Node, Operand, Pipe, Source, Template};
use crate::template::machine::{Done, Failure, STEPS};
use crate::template::value::Value;
use crate::template::{bounds, format};
use std::fmt;

/// What is carried out: a template, its variables, its output.
pub(super) struct State<'t, 'm, 'a> {
    pub(super) engine: &'m mut Engine<'a>,
    pub(super) template: &'t Template,
    pub(super) variables: Vec<(String, Held)>,
    /// What errors point at: what was looked at last, as in Go.
    pub(super) spot: Option<Spot<'t>>,
    out: String,
}

/// A value, and whether Go holds it in an interface, as it does the members of maps and lists: then
/// what is nothing has a type.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) value: Value,
    pub(super) is_boxed: bool,
}

impl Held {
    /// A value with its own type.
    pub(super) fn plain(value: Value) -> Self {
        Self { value, is_boxed: false }
    }

    /// A member of a map or a list.
    pub(super) fn boxed(value: Value) -> Self {
        Self { value, is_boxed: true }
    }

    /// Its Go type.
    pub(super) fn type_name(&self) -> &'static str {
        if self.is_boxed { "interface {}" } else { self.value.type_name() }
    }
}

/// A node that errors point at.
#[derive(Clone, Copy)]
pub(super) enum Spot<'t> {
    Pipe(&'t Pipe),
    Command(&'t Command),
    Operand(&'t Operand),
    Template(usize, &'t str, Option<&'t Pipe>),
}

impl Spot<'_> {
    fn at(&self) -> usize {
        match self {
            Self::Pipe(pipe) => pipe.at,
            Self::Command(command) => command.at,
            Self::Operand(operand) => operand.at,
            Self::Template(at, ..) => *at,
        }
    }
}

impl fmt::Display for Spot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Pipe(pipe) => pipe.fmt(f),
            Self::Command(command) => command.fmt(f),
            Self::Operand(operand) => operand.fmt(f),
            Self::Template(_, name, None) => write!(f, "{{{{template {}}}}}", format::quote(name)),
            Self::Template(_, name, Some(pipe)) => {
                write!(f, "{{{{template {} {pipe}}}}}", format::quote(name))
            }
        }
    }
}

/// How a list of nodes ended.
#[derive(PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

impl<'t, 'm, 'a> State<'t, 'm, 'a> {
    /// Before a template is carried out over a value.
    pub(super) fn new(engine: &'m mut Engine<'a>, template: &'t Template, data: &Value) -> Self {
        let variables = vec![("$".into(), Held::plain(data.clone()))];
        Self { engine, template, variables, spot: None, out: String::new() }
    }

    /// The text that the template makes.
    pub(super) fn run(&mut self) -> Done<String> {
        let dot = self.variables.first().map(|(_, value)| value.clone()).unwrap_or_default();
        let template = self.template;
        self.walk(&template.nodes, &dot)?;
        Ok(std::mem::take(&mut self.out))
    }

    /// A failure at what was looked at last, which is quoted.
    pub(super) fn fail(&self, why: &str) -> Failure {
        let name = format::quote(&self.template.name);
        let Some(spot) = self.spot else {
            return Failure(format!("template: {}: {why}", self.template.name));
        };
        let place = place(&self.template.source, spot.at());
        Failure(format!("template: {place}: executing {name} at <{spot}>: {why}"))
    }

    /// Counts what something comes to that is about to be looked through.
    fn weigh(&mut self, size: Result<usize, String>) -> Done<()> {
        let counted = size.and_then(|size| self.engine.machine.work(size));
        counted.map_err(|why| self.fail(&why))
    }

    fn print(&mut self, text: &str) -> Done<()> {
        self.engine.machine.count(text.len())?;
        self.out.push_str(text);
        Ok(())
    }

    fn walk(&mut self, nodes: &'t [Node], dot: &Held) -> Done<Flow> {
        for node in nodes {
            self.engine.machine.step()?;
            let flow = match node {
                Node::Text(text) => {
                    self.print(text)?;
                    Flow::Next
                }
                Node::Action(pipe) => {
                    self.action(pipe, dot)?;
                    Flow::Next
                }
                Node::If(branch) => self.choose(branch, dot, false)?,
                Node::With(branch) => self.choose(branch, dot, true)?,
                Node::Range(branch) => self.range(branch, dot)?,
                Node::Template(at, name, pipe) => {
                    self.template(*at, name, pipe.as_deref(), dot)?;
                    Flow::Next
                }
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn action(&mut self, pipe: &'t Pipe, dot: &Held) -> Done<()> {
        let value = self.pipe(dot, pipe)?;
        if !pipe.variables.is_empty() {
            return Ok(());
        }
        match &value {
            Value::Nil => self.print("<no value>"),
            value => {
                self.weigh(bounds::whole(value))?;
                self.print(&format::show(value))
            }
        }
    }

    fn choose(&mut self, branch: &'t Branch, dot: &Held, is_with: bool) -> Done<Flow> {
        let mark = self.variables.len();
        let value = self.pipe(dot, &branch.pipe)?;
        let flow = match value.is_true() {
            true if is_with => self.walk(&branch.then, &Held::plain(value)),
            true => self.walk(&branch.then, dot),
            false => self.walk(&branch.other, dot),
        };
        self.variables.truncate(mark);
        flow
    }

    fn range(&mut self, branch: &'t Branch, dot: &Held) -> Done<Flow> {
        let mark = self.variables.len();
        let value = self.pipe(dot, &branch.pipe)?;
        self.weigh(Ok(match &value {
            Value::Int(count) | Value::Int64(count) => {
                usize::try_from(*count).unwrap_or(0).min(STEPS)
            }
            value => bounds::shallow(value),
        }))?;
        let members = self.members(&value, branch.pipe.variables.len())?;
        if members.is_empty() {
            self.variables.truncate(mark);
            let flow = self.walk(&branch.other, dot);
            self.variables.truncate(mark);
            return flow;
        }
        for (key, member) in members {
            self.engine.machine.step()?;
            // Variables of the pipeline lie on top; the loop sets them anew.
            let names = &branch.pipe.variables;
            let values = match names.as_slice() {
                [_] => vec![member.clone()],
                _ => vec![Held::plain(key), member.clone()],
            };
            for (name, value) in names.iter().zip(values) {
                match branch.pipe.assigns {
                    true => self.assign(name, value)?,
                    false => self.variables.push((name.clone(), value)),
                }
            }
            let flow = self.walk(&branch.then, &member)?;
            self.variables.truncate(mark);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(Flow::Next)
    }

    /// What `range` goes through: keys and members.
    fn members(&self, value: &Value, variables: usize) -> Done<Vec<(Value, Held)>> {
        Ok(match value {
            Value::Nil => Vec::new(),
            Value::List(items) => {
                (0..).map(Value::Int).zip(items.iter().cloned().map(Held::boxed)).collect()
            }
            Value::Map(map) => {
                let map = map.borrow();
                let each = map.iter();
                each.map(|(key, it)| (Value::text(key), Held::boxed(it.clone()))).collect()
            }
            Value::Int(_) | Value::Int64(_) if variables > 1 => {
                let shown = format::show(value);
                let why = format!("can't use {shown} to iterate over more than one variable");
                return Err(self.fail(&why));
            }
            Value::Int(count) | Value::Int64(count) => {
                let most = i64::try_from(STEPS).unwrap_or(i64::MAX);
                let each = 0..(*count).clamp(0, most);
                let own = |at| match value {
                    Value::Int64(_) => Value::Int64(at),
                    _ => Value::Int(at),
                };
                each.map(|at| (own(at), Held::plain(own(at)))).collect()
            }
            Value::Object(object) if object.is_map() => {
                let each = object.fields().into_iter();
                each.map(|(key, it)| (Value::from(key), Held::plain(it))).collect()
            }
            other => {
                let why = format!("range can't iterate over {}", format::show(other));
                return Err(self.fail(&why));
            }
        })
    }

    fn template(
        &mut self,
        at: usize,
        name: &'t str,
        pipe: Option<&'t Pipe>,
        dot: &Held,
    ) -> Done<()> {
        self.spot = Some(Spot::Template(at, name, pipe));
        let Some(template) = self.engine.set.get(name) else {
            return Err(self.fail(&format!("template {} not defined", format::quote(name))));
        };
        let data = match pipe {
            Some(pipe) => self.pipe(dot, pipe)?,
            None => Value::Nil,
        };
        let text = self.engine.run_template(template, &data)?;
        self.out.push_str(&text);
        Ok(())
    }

    fn assign(&mut self, name: &str, value: Held) -> Done<()> {
        match self.variables.iter_mut().rev().find(|(own, _)| own == name) {
            Some((_, own)) => *own = value,
            None => return Err(self.fail(&format!("undefined variable: {name}"))),
        }
        Ok(())
    }

    /// The value of a pipeline, which has a type of its own.
    pub(super) fn pipe(&mut self, dot: &Held, pipe: &'t Pipe) -> Done<Value> {
        self.spot = Some(Spot::Pipe(pipe));
        let mut value = None;
        for command in &pipe.commands {
            value = Some(Held::plain(self.command(dot, command, value)?.value));
        }
        let value = value.unwrap_or_default();
        for name in &pipe.variables {
            match pipe.assigns {
                true => self.assign(name, value.clone())?,
                false => self.variables.push((name.clone(), value.clone())),
            }
        }
        Ok(value.value)
    }

    fn command(&mut self, dot: &Held, command: &'t Command, last: Option<Held>) -> Done<Held> {
        self.engine.machine.step()?;
        let Some((first, rest)) = command.operands.split_first() else {
            return Ok(Held::default());
        };
        let has_arguments = !rest.is_empty() || last.is_some();
        match &first.kind {
            Kind::Function(name) => {
                self.spot = Some(Spot::Operand(first));
                self.call(dot, Spot::Command(command), name, rest, last)
            }
            Kind::Chain(pipe, names) if names.is_empty() => {
                self.check_alone(first, has_arguments)?;
                self.pipe(dot, pipe).map(Held::plain)
            }
            Kind::Field(_) | Kind::Variable(_) | Kind::Chain(..) => {
                self.value(dot, first, rest, last)
            }
            kind => {
                self.spot = Some(Spot::Operand(first));
                self.check_alone(first, has_arguments)?;
                match kind {
                    Kind::Nil => Err(self.fail("nil is not a command")),
                    _ => self.operand(dot, first),
                }
            }
        }
    }

    /// What is no function takes no arguments.
    pub(super) fn check_alone(&self, operand: &Operand, has_arguments: bool) -> Done<()> {
        match has_arguments {
            true => Err(self.fail(&format!("can't give argument to non-function {operand}"))),
            false => Ok(()),
        }
    }

    /// The value of an operand without arguments.
    pub(super) fn operand(&mut self, dot: &Held, operand: &'t Operand) -> Done<Held> {
        self.engine.machine.step()?;
        self.spot = Some(Spot::Operand(operand));
        Ok(match &operand.kind {
            Kind::Dot => dot.clone(),
            Kind::Nil => Held::default(),
            Kind::Bool(it) => Held::plain(Value::Bool(*it)),
            Kind::Number(Value::Nil, written) => {
                return Err(self.fail(&format!("{written} overflows int")));
            }
            Kind::Number(value, _) => Held::plain(value.clone()),
            Kind::Text(text, _) => Held::plain(Value::Text(text.clone())),
            Kind::Function(name) => {
                return self.call(dot, Spot::Operand(operand), name, &[], None);
            }
            Kind::Chain(pipe, names) if names.is_empty() => Held::plain(self.pipe(dot, pipe)?),
            Kind::Field(_) | Kind::Variable(_) | Kind::Chain(..) => {
                return self.value(dot, operand, &[], None);
            }
        })
    }
}

/// A place of a text: its name, the line from 1, and the byte in the line from 0.
fn place(source: &Source, at: usize) -> String {
    let before = source.text.get(..at).unwrap_or(&source.text);
    let line = 1 + before.matches('\n').count();
    let column = before.rfind('\n').map_or(at, |start| at - start - 1);
    format!("{}:{line}:{column}", source.name)
}
