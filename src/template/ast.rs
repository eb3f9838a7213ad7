//! The nodes of a template, which print as they were written: errors quote them.
//!
//! Source: <https://pkg.go.dev/text/template/parse>.

use super::value::Value;
use std::fmt;
use std::rc::Rc;

/// A template.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub nodes: Vec<Node>,
    /// The text that it was read from, and the name of that text: places of errors.
    pub source: Rc<Source>,
}

/// A text that was read.
#[derive(Debug)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum Node {
    /// Text.
    Text(Rc<str>),
    /// `{{ pipeline }}`.
    Action(Rc<Pipe>),
    /// `{{ if }}`.
    If(Rc<Branch>),
    /// `{{ with }}`.
    With(Rc<Branch>),
    /// `{{ range }}`.
    Range(Rc<Branch>),
    /// `{{ template "name" pipeline }}`, with its place.
    Template(usize, String, Option<Rc<Pipe>>),
    /// `{{ break }}`.
    Break,
    /// `{{ continue }}`.
    Continue,
}

impl Node {
    /// Whether it prints nothing but white space.
    pub fn is_space(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim().is_empty())
    }
}

/// A pipeline with two lists of nodes.
#[derive(Debug)]
pub struct Branch {
    /// What decides.
    pub pipe: Rc<Pipe>,
    /// What is carried out then.
    pub then: Vec<Node>,
    /// And else.
    pub other: Vec<Node>,
}

/// A pipeline.
#[derive(Debug)]
pub struct Pipe {
    /// Where it stands, in bytes.
    pub at: usize,
    /// Variables that it sets.
    pub variables: Vec<String>,
    /// Whether they are there already: `=`.
    pub assigns: bool,
    /// Its commands.
    pub commands: Vec<Command>,
}

/// A command: an operand with arguments.
#[derive(Debug)]
pub struct Command {
    /// Where it stands, in bytes.
    pub at: usize,
    /// The operand, and what it is given.
    pub operands: Vec<Operand>,
}

/// An operand.
#[derive(Debug)]
pub struct Operand {
    /// Where it stands, in bytes.
    pub at: usize,
    /// What it is.
    pub kind: Kind,
}

/// What an operand is.
#[derive(Debug)]
pub enum Kind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true`
    Bool(bool),
    /// A number, as it is written.
    Number(Value, String),
    /// A text, as it is written and as it is.
    Text(Rc<str>, String),
    /// A function.
    Function(String),
    /// `.a.b`
    Field(Vec<String>),
    /// `$x.a.b`: the variable with its `$`, then fields.
    Variable(Vec<String>),
    /// `( pipeline ).a.b`
    Chain(Rc<Pipe>, Vec<String>),
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if !self.variables.is_empty() {
            let sign = if self.assigns { "=" } else { ":=" };
            write!(f, "{} {sign} ", self.variables.join(", "))?;
        }
        for (number, command) in self.commands.iter().enumerate() {
            if number > 0 {
                f.write_str(" | ")?;
            }
            write!(f, "{command}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (number, operand) in self.operands.iter().enumerate() {
            if number > 0 {
                f.write_str(" ")?;
            }
            match &operand.kind {
                Kind::Chain(pipe, fields) if fields.is_empty() => write!(f, "({pipe})")?,
                _ => write!(f, "{operand}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let fields = |f: &mut fmt::Formatter, fields: &[String]| {
            fields.iter().try_for_each(|field| write!(f, ".{field}"))
        };
        match &self.kind {
            Kind::Dot => f.write_str("."),
            Kind::Nil => f.write_str("nil"),
            Kind::Bool(it) => write!(f, "{it}"),
            Kind::Number(_, written) | Kind::Text(_, written) => f.write_str(written),
            Kind::Function(name) => f.write_str(name),
            Kind::Field(names) => fields(f, names),
            Kind::Variable(names) => f.write_str(&names.join(".")),
            Kind::Chain(pipe, names) if names.is_empty() => write!(f, "{pipe}"),
            Kind::Chain(pipe, names) => {
                write!(f, "({pipe})")?;
                fields(f, names)
            }
        }
    }
}
