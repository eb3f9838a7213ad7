//! Carrying templates out.
//!
//! Source: <https://pkg.go.dev/text/template>; the words of errors are those of
//! `text/template/exec.go`.

mod calls;

use super::ast::{Branch, Command, Kind, Node, Operand, Pipe, Source, Template};
use super::bounds::{self, OUTPUT, WORK};
use super::value::Value;
use super::{Dialect, Set, format};
use std::rc::Rc;

/// How deep templates may include each other. Helm itself stops at 1000 for the same template; a page
/// has a smaller stack.
const DEPTH: usize = 60;
/// How much may be carried out for one template, so that none holds up the page.
const STEPS: usize = 400_000;

/// Functions that Helm adds to sprig's.
pub const HELM: [&str; 13] = [
    "fail",
    "fromJson",
    "fromJsonArray",
    "fromToml",
    "fromYaml",
    "fromYamlArray",
    "include",
    "lookup",
    "required",
    "toJson",
    "toToml",
    "toYaml",
    "tpl",
];

/// Why a template could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

/// What functions ask of their surroundings.
pub trait Extra {
    /// Objects of the cluster: `lookup apiVersion kind namespace name`.
    ///
    /// # Errors
    /// The server's refusal.
    fn lookup(&self, _arguments: [&str; 4]) -> Result<Value, String> {
        Ok(Value::map::<String>([]))
    }

    /// Now, in milliseconds since the beginning of 1970.
    fn now(&self) -> i64;

    /// Whether the chart is only examined: `required` and `fail` do not end it.
    fn is_lint(&self) -> bool {
        false
    }
}

/// A set of templates that is being carried out.
pub struct Machine<'a> {
    /// The templates; `tpl` adds to a copy.
    pub set: Set,
    /// Which functions there are.
    pub dialect: Dialect,
    /// The surroundings.
    pub extra: &'a dyn Extra,
    depth: usize,
    steps: usize,
    made: usize,
    worked: usize,
    drawn: u64,
}

/// How a list of nodes ended.
#[derive(PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

/// What is carried out: a template, its variables, its output.
struct State<'m, 'a> {
    machine: &'m mut Machine<'a>,
    template: Rc<Template>,
    variables: Vec<(String, Value)>,
    out: String,
}

type Done<T> = Result<T, Failure>;

impl<'a> Machine<'a> {
    /// Over a set of templates.
    pub fn new(set: Set, dialect: Dialect, extra: &'a dyn Extra) -> Self {
        Self { set, dialect, extra, depth: 0, steps: 0, made: 0, worked: 0, drawn: 0 }
    }

    /// The text that the template of a name makes of a value.
    ///
    /// # Errors
    /// In Go's words.
    pub fn run(&mut self, name: &str, data: &Value) -> Done<String> {
        let Some(template) = self.set.get(name) else {
            let text =
                format!("template: no template {} associated with template", format::quote(name));
            return Err(Failure(text));
        };
        self.run_template(template, data)
    }

    fn run_template(&mut self, template: Rc<Template>, data: &Value) -> Done<String> {
        if self.depth >= DEPTH {
            return Err(Failure(format!(
                "rendering template has a nested reference name: {}: unable to execute template",
                template.name
            )));
        }
        self.depth += 1;
        let mut state = State {
            template: Rc::clone(&template),
            variables: vec![("$".into(), data.clone())],
            out: String::new(),
            machine: self,
        };
        let walked = state.walk(&template.nodes, data);
        let out = std::mem::take(&mut state.out);
        self.depth -= 1;
        walked.map(|_| out)
    }

    /// Carries out a text as a template of its own: `tpl`.
    ///
    /// # Errors
    /// As of [`Self::run`].
    pub fn run_text(&mut self, name: &str, text: &str, data: &Value) -> Done<String> {
        let before = self.set.clone();
        let done = match self.set.add(name, text, self.dialect) {
            Ok(()) => self.run(name, data),
            Err(why) => {
                Err(Failure(format!("cannot parse template {}: {why}", format::quote(text))))
            }
        };
        self.set = before;
        done
    }

    /// Another number each time.
    pub fn draw(&mut self) -> u64 {
        self.drawn += 1;
        self.drawn << 40
    }

    /// Counts a text that was made.
    ///
    /// # Errors
    /// There was too much.
    pub fn count(&mut self, bytes: usize) -> Done<()> {
        self.made = self.made.saturating_add(bytes);
        match self.made > OUTPUT {
            true => {
                Err(Failure(format!("the template makes more than {} MiB of text", OUTPUT >> 20)))
            }
            false => Ok(()),
        }
    }

    /// Counts what functions are given, in bytes.
    ///
    /// # Errors
    /// It was too much.
    pub fn work(&mut self, bytes: usize) -> Result<(), String> {
        self.worked = self.worked.saturating_add(bytes);
        match self.worked > WORK {
            true => Err(bounds::too_much()),
            false => Ok(()),
        }
    }
}

impl State<'_, '_> {
    /// A failure at a place, which is quoted.
    fn fail(&self, at: usize, context: &str, why: &str) -> Failure {
        Failure(format!(
            "template: {}: executing {} at <{context}>: {why}",
            place(&self.template.source, at),
            format::quote(&self.template.name),
        ))
    }

    fn fail_at(&self, operand: &Operand, why: &str) -> Failure {
        self.fail(operand.at, &operand.to_string(), why)
    }

    fn step(&mut self) -> Done<()> {
        self.machine.steps += 1;
        match self.machine.steps > STEPS {
            true => Err(Failure(format!("the template was stopped after {STEPS} steps"))),
            false => Ok(()),
        }
    }

    fn print(&mut self, text: &str) -> Done<()> {
        self.machine.count(text.len())?;
        self.out.push_str(text);
        Ok(())
    }

    fn walk(&mut self, nodes: &[Node], dot: &Value) -> Done<Flow> {
        for node in nodes {
            self.step()?;
            match node {
                Node::Text(text) => self.print(text)?,
                Node::Action(pipe) => {
                    let value = self.pipe(dot, pipe)?;
                    if pipe.variables.is_empty() {
                        let text = match value {
                            Value::Nil => "<no value>".to_owned(),
                            value => {
                                let size = bounds::whole(&value);
                                size.and_then(|size| self.machine.work(size))
                                    .map_err(|why| self.fail(pipe.at, &pipe.to_string(), &why))?;
                                format::show(&value)
                            }
                        };
                        self.print(&text)?;
                    }
                }
                Node::If(branch) | Node::With(branch) => {
                    let is_with = matches!(node, Node::With(_));
                    let flow = self.choose(branch, dot, is_with)?;
                    if flow != Flow::Next {
                        return Ok(flow);
                    }
                }
                Node::Range(branch) => {
                    let flow = self.range(branch, dot)?;
                    if flow != Flow::Next {
                        return Ok(flow);
                    }
                }
                Node::Template(at, name, pipe) => self.template(*at, name, pipe.as_deref(), dot)?,
                Node::Break => return Ok(Flow::Break),
                Node::Continue => return Ok(Flow::Continue),
            }
        }
        Ok(Flow::Next)
    }

    fn choose(&mut self, branch: &Branch, dot: &Value, is_with: bool) -> Done<Flow> {
        let mark = self.variables.len();
        let value = self.pipe(dot, &branch.pipe)?;
        let flow = match value.is_true() {
            true if is_with => self.walk(&branch.then, &value),
            true => self.walk(&branch.then, dot),
            false => self.walk(&branch.other, dot),
        };
        self.variables.truncate(mark);
        flow
    }

    fn range(&mut self, branch: &Branch, dot: &Value) -> Done<Flow> {
        let mark = self.variables.len();
        let value = self.pipe(dot, &branch.pipe)?;
        let size = match &value {
            Value::Int(count) | Value::Int64(count) => {
                usize::try_from(*count).unwrap_or(0).min(STEPS)
            }
            value => bounds::shallow(value),
        };
        let counted = self.machine.work(size);
        counted.map_err(|why| self.fail(branch.pipe.at, &branch.pipe.to_string(), &why))?;
        let members: Vec<(Value, Value)> = match &value {
            Value::Nil => Vec::new(),
            Value::List(items) => (0..).map(Value::Int).zip(items.iter().cloned()).collect(),
            Value::Map(map) => {
                let map = map.borrow();
                map.iter().map(|(key, it)| (Value::text(key), it.clone())).collect()
            }
            Value::Int(count) | Value::Int64(count) if *count <= 0 => Vec::new(),
            Value::Int(count) | Value::Int64(count) => {
                let most = i64::try_from(STEPS).unwrap_or(i64::MAX);
                (0..(*count).min(most)).map(|it| (Value::Int(it), Value::Int(it))).collect()
            }
            other => {
                let why = format!("range can't iterate over {}", format::show(other));
                return Err(match branch.pipe.commands.last().map(|it| it.operands.as_slice()) {
                    Some([operand]) => self.fail_at(operand, &why),
                    _ => self.fail(branch.pipe.at, &branch.pipe.to_string(), &why),
                });
            }
        };
        if members.is_empty() {
            self.variables.truncate(mark);
            let flow = self.walk(&branch.other, dot);
            self.variables.truncate(mark);
            return flow;
        }
        let is_count = matches!(value, Value::Int(_) | Value::Int64(_));
        for (key, member) in members {
            self.step()?;
            // Variables of the pipeline lie on top; the loop sets them anew.
            let names = &branch.pipe.variables;
            let values: Vec<Value> = match names.as_slice() {
                [_] if is_count => vec![member.clone()],
                [_] => vec![member.clone()],
                _ => vec![key.clone(), member.clone()],
            };
            for (name, value) in names.iter().zip(values) {
                match branch.pipe.assigns {
                    true => self.assign(name, value),
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

    fn template(&mut self, at: usize, name: &str, pipe: Option<&Pipe>, dot: &Value) -> Done<()> {
        let context = match pipe {
            Some(pipe) => format!("{{{{template {} {pipe}}}}}", format::quote(name)),
            None => format!("{{{{template {}}}}}", format::quote(name)),
        };
        let Some(template) = self.machine.set.get(name) else {
            let why = format!("template {} not defined", format::quote(name));
            return Err(self.fail(at, &context, &why));
        };
        let data = match pipe {
            Some(pipe) => self.pipe(dot, pipe)?,
            None => Value::Nil,
        };
        let text = self.machine.run_template(template, &data)?;
        self.out.push_str(&text);
        Ok(())
    }

    fn assign(&mut self, name: &str, value: Value) {
        if let Some((_, own)) = self.variables.iter_mut().rev().find(|(own, _)| own == name) {
            *own = value;
        }
    }

    fn pipe(&mut self, dot: &Value, pipe: &Pipe) -> Done<Value> {
        let mut value = None;
        for command in &pipe.commands {
            value = Some(self.command(dot, command, value)?);
        }
        let value = value.unwrap_or_default();
        for name in &pipe.variables {
            match pipe.assigns {
                true => self.assign(name, value.clone()),
                false => self.variables.push((name.clone(), value.clone())),
            }
        }
        Ok(value)
    }

    fn command(&mut self, dot: &Value, command: &Command, last: Option<Value>) -> Done<Value> {
        self.step()?;
        let Some((first, rest)) = command.operands.split_first() else { return Ok(Value::Nil) };
        match &first.kind {
            Kind::Function(name) => self.call(dot, command, name, rest, last),
            Kind::Field(_) | Kind::Variable(_) | Kind::Chain(..) => {
                self.value(dot, first, rest, last)
            }
            _ => {
                if !rest.is_empty() || last.is_some() {
                    let why = format!("can't give argument to non-function {first}");
                    return Err(self.fail_at(first, &why));
                }
                match &first.kind {
                    Kind::Nil => Err(self.fail_at(first, "nil is not a command")),
                    _ => self.operand(dot, first),
                }
            }
        }
    }

    /// The value of an operand without arguments.
    fn operand(&mut self, dot: &Value, operand: &Operand) -> Done<Value> {
        self.step()?;
        Ok(match &operand.kind {
            Kind::Dot => dot.clone(),
            Kind::Nil => Value::Nil,
            Kind::Bool(it) => Value::Bool(*it),
            Kind::Number(value, _) => value.clone(),
            Kind::Text(text, _) => Value::Text(Rc::clone(text)),
            Kind::Function(name) => {
                let alone = Command { at: operand.at, operands: Vec::new() };
                return self.call(dot, &alone, name, &[], None);
            }
            Kind::Field(_) | Kind::Variable(_) | Kind::Chain(..) => {
                return self.value(dot, operand, &[], None);
            }
        })
    }

    /// A chain of fields; the last may be a method with arguments.
    fn value(
        &mut self,
        dot: &Value,
        operand: &Operand,
        rest: &[Operand],
        last: Option<Value>,
    ) -> Done<Value> {
        let (mut value, names): (Value, &[String]) = match &operand.kind {
            Kind::Field(names) => (dot.clone(), names),
            Kind::Variable(names) => {
                let name = names.first().map(String::as_str).unwrap_or_default();
                let mut own = self.variables.iter().rev();
                let found = own.find(|(own, _)| own == name).map(|(_, value)| value.clone());
                (found.unwrap_or_default(), names.get(1..).unwrap_or_default())
            }
            Kind::Chain(pipe, names) => {
                let mark = self.variables.len();
                let value = self.pipe(dot, pipe)?;
                self.variables.truncate(mark);
                (value, names)
            }
            _ => return self.operand(dot, operand),
        };
        let has_arguments = !rest.is_empty() || last.is_some();
        for (number, name) in names.iter().enumerate() {
            let is_last = number + 1 == names.len();
            let mut arguments = Vec::new();
            if is_last && has_arguments {
                for operand in rest {
                    arguments.push(self.operand(dot, operand)?);
                }
                arguments.extend(last.clone());
            }
            value = self.field(operand, &value, name, &arguments)?;
        }
        if names.is_empty() && has_arguments {
            let why = format!("can't give argument to non-function {operand}");
            return Err(self.fail_at(operand, &why));
        }
        Ok(value)
    }

    fn field(
        &mut self,
        operand: &Operand,
        value: &Value,
        name: &str,
        arguments: &[Value],
    ) -> Done<Value> {
        if let Value::Object(object) = value {
            if let Some(called) = object.call(name, arguments) {
                return called
                    .map_err(|why| self.fail_at(operand, &format!("error calling {name}: {why}")));
            }
            return match object.field(name) {
                Some(found) if arguments.is_empty() => Ok(found),
                Some(_) => {
                    let why = format!("{name} has arguments but cannot be invoked as function");
                    Err(self.fail_at(operand, &why))
                }
                None => {
                    let why = format!("can't evaluate field {name} in type {}", object.type_name());
                    Err(self.fail_at(operand, &why))
                }
            };
        }
        match value {
            Value::Map(map) => {
                if !arguments.is_empty() {
                    let why = format!("{name} is not a method but has arguments");
                    return Err(self.fail_at(operand, &why));
                }
                Ok(map.borrow().get(name).cloned().unwrap_or_default())
            }
            Value::Nil => {
                let why = format!("nil pointer evaluating interface {{}}.{name}");
                Err(self.fail_at(operand, &why))
            }
            _ => {
                let why = format!("can't evaluate field {name} in type interface {{}}");
                Err(self.fail_at(operand, &why))
            }
        }
    }
}

/// A place of a text: its name, the line from 1, and the byte in the line from 0.
fn place(source: &Source, at: usize) -> String {
    let before = source.text.get(..at).unwrap_or(&source.text);
    let line = 1 + before.matches('\n').count();
    let column = before.rfind('\n').map_or(at, |start| at - start - 1);
    format!("{}:{line}:{column}", source.name)
}
