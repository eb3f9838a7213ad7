//! Reading templates: tokens become nodes.
//!
//! Source: <https://pkg.go.dev/text/template>; the words of errors are those of
//! `text/template/parse`.

mod numbers;
mod operands;

use super::ast::{Branch, Kind, Node, Pipe, Source, Template};
use super::format::quote;
use super::lex::{Token, TokenKind, tokens};
use super::machine::Dialect;
use std::rc::Rc;

/// How deep actions and parentheses may stand in each other: deeper ones are no template of a person.
const DEPTH: usize = 100;

/// Reads a text: its own template first, then those that it defines.
///
/// # Errors
/// `template: name:line: why`.
pub fn parse(name: &str, text: &str, dialect: Dialect) -> Result<Vec<Template>, String> {
    let (tokens, wrong) = tokens(text);
    let source = Rc::new(Source { name: name.into(), text: text.into() });
    let mut parser = Parser {
        tokens,
        wrong,
        next: 0,
        source,
        dialect,
        defined: Vec::new(),
        variables: vec!["$".into()],
        depth: 0,
        loops: 0,
        open: None,
    };
    let (nodes, end) = parser.list(true)?;
    if let Some(word) = end {
        let word = word.split(' ').next().unwrap_or_default();
        return Err(
            parser.error_at(parser.next.saturating_sub(1), &format!("unexpected {{{{{word}}}}}"))
        );
    }
    let source = Rc::clone(&parser.source);
    let own = Template { name: name.into(), nodes, source };
    Ok(std::iter::once(own).chain(parser.defined).collect())
}

struct Parser {
    tokens: Vec<Token>,
    wrong: Option<(usize, String)>,
    next: usize,
    source: Rc<Source>,
    dialect: Dialect,
    defined: Vec<Template>,
    variables: Vec<String>,
    depth: usize,
    loops: usize,
    /// Where the action begins that is read, if one is.
    open: Option<usize>,
}

/// The word that ended a list of nodes: `end`, or `else` with what stands behind it.
type End = Option<String>;

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len());
        token
    }

    fn peek_behind_space(&mut self) -> &Token {
        while self.peek().kind == TokenKind::Space {
            self.next += 1;
        }
        self.peek()
    }

    fn take_behind_space(&mut self) -> Token {
        self.peek_behind_space();
        self.take()
    }

    fn error_at(&self, token: usize, why: &str) -> String {
        let at = self.tokens.get(token).map_or(self.source.text.len(), |token| token.at);
        self.error_in_line(at, why)
    }

    fn error_in_line(&self, at: usize, why: &str) -> String {
        let before = self.source.text.get(..at).unwrap_or(&self.source.text);
        let line = 1 + before.matches('\n').count();
        format!("template: {}:{line}: {why}", self.source.name)
    }

    fn error(&self, why: &str) -> String {
        self.error_at(self.next.saturating_sub(1), why)
    }

    fn unexpected(&self, token: &Token, context: &str) -> String {
        if token.kind == TokenKind::End
            && let Some((at, why)) = &self.wrong
        {
            return self.error_in_line(*at, &format!("{why}{}", self.begun(*at, why)));
        }
        let shown = match token.kind {
            TokenKind::End => "EOF".into(),
            TokenKind::Word if is_keyword(&token.text) => format!("<{}>", token.text),
            TokenKind::Dot => "<.>".into(),
            // Go counts bytes, and keeps characters.
            _ if token.text.len() > 10 => {
                format!("{}...", quote(&token.text.chars().take(10).collect::<String>()))
            }
            _ => quote(&token.text),
        };
        self.error_in_line(token.at, &format!("unexpected {shown} in {context}"))
    }

    /// Where the action began that something is wrong in, if that was on another line.
    fn begun(&self, at: usize, why: &str) -> String {
        let line = |at| self.source.text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        match self.open.map(line).filter(|own| *own != line(at)) {
            Some(own) => {
                let within = if why.ends_with(" action") { "" } else { " in action" };
                format!("{within} started at {}:{own}", self.source.name)
            }
            None => String::new(),
        }
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        match self.depth > DEPTH {
            true => Err(self.error("the template is nested too deeply")),
            false => Ok(()),
        }
    }

    /// Nodes up to `end` or `else`, which are taken, or up to the end of the text. Templates are
    /// defined only outside of all others.
    fn list(&mut self, is_top: bool) -> Result<(Vec<Node>, End), String> {
        self.deeper()?;
        let mut nodes = Vec::new();
        loop {
            let token = self.take();
            match token.kind {
                TokenKind::Text => nodes.push(Node::Text(token.text.as_str().into())),
                TokenKind::Open => {
                    self.open = Some(token.at);
                    let piece = self.action(is_top)?;
                    self.open = None;
                    match piece {
                        Piece::Node(node) => nodes.push(node),
                        Piece::Nothing => {}
                        Piece::End(word) => {
                            self.depth -= 1;
                            return Ok((nodes, Some(word)));
                        }
                    }
                }
                TokenKind::End => {
                    self.depth -= 1;
                    return match &self.wrong {
                        Some((at, why)) => Err(self.error_in_line(*at, why)),
                        None => Ok((nodes, None)),
                    };
                }
                _ => return Err(self.unexpected(&token, "input")),
            }
        }
    }

    fn action(&mut self, is_top: bool) -> Result<Piece, String> {
        let token = self.peek_behind_space().clone();
        let word = if token.kind == TokenKind::Word { token.text.as_str() } else { "" };
        if is_keyword(word) && word != "nil" && (is_top || word != "define") {
            self.next += 1;
        }
        let piece = match word {
            "end" => {
                self.close("end")?;
                return Ok(Piece::End("end".into()));
            }
            "else" => {
                let next = self.peek_behind_space().clone();
                if next.kind == TokenKind::Word && matches!(next.text.as_str(), "if" | "with") {
                    return Ok(Piece::End(format!("else {}", next.text)));
                }
                self.close("else")?;
                return Ok(Piece::End("else".into()));
            }
            "if" | "with" | "range" => self.branch(word)?,
            "define" if is_top => {
                self.define()?;
                return Ok(Piece::Nothing);
            }
            "block" => self.block()?,
            "template" => self.template()?,
            "break" | "continue" => {
                if self.loops == 0 {
                    return Err(self.error(&format!("{{{{{word}}}}} outside {{{{range}}}}")));
                }
                self.close(&format!("{{{{{word}}}}}"))?;
                if word == "break" { Node::Break } else { Node::Continue }
            }
            _ => Node::Action(Rc::new(self.pipeline("command", TokenKind::Close)?)),
        };
        Ok(Piece::Node(piece))
    }

    fn close(&mut self, context: &str) -> Result<(), String> {
        let token = self.take_behind_space();
        match token.kind {
            TokenKind::Close => Ok(()),
            _ => Err(self.unexpected(&token, context)),
        }
    }

    fn branch(&mut self, word: &str) -> Result<Node, String> {
        let variables = self.variables.len();
        let pipe = Rc::new(self.pipeline(word, TokenKind::Close)?);
        self.loops += usize::from(word == "range");
        let (then, end) = self.list(false)?;
        self.loops -= usize::from(word == "range");
        let other = match end.as_deref() {
            Some("end") => Vec::new(),
            Some(chained) if chained == format!("else {word}") && word != "range" => {
                self.next += 1;
                self.deeper()?;
                let inner = self.branch(word)?;
                self.depth -= 1;
                vec![inner]
            }
            Some(_) => {
                let (other, end) = self.list(false)?;
                match end.as_deref() {
                    Some("end") => other,
                    Some(_) => return Err(self.error("expected end; found {{else}}")),
                    None => return Err(self.too_short()),
                }
            }
            None => return Err(self.too_short()),
        };
        self.variables.truncate(variables);
        let branch = Rc::new(Branch { pipe, then, other });
        Ok(match word {
            "if" => Node::If(branch),
            "with" => Node::With(branch),
            _ => Node::Range(branch),
        })
    }

    fn too_short(&self) -> String {
        match &self.wrong {
            Some((at, why)) => self.error_in_line(*at, why),
            None => self.error_in_line(self.source.text.len(), "unexpected EOF"),
        }
    }

    fn define(&mut self) -> Result<(), String> {
        let name = self.template_name("define clause")?;
        self.close("define clause")?;
        self.body(name)
    }

    /// The nodes of a template that is defined, up to its end.
    fn body(&mut self, name: String) -> Result<(), String> {
        let variables = std::mem::replace(&mut self.variables, vec!["$".into()]);
        let loops = std::mem::take(&mut self.loops);
        let (nodes, end) = self.list(false)?;
        if end.as_deref() != Some("end") {
            return Err(match end {
                None => self.too_short(),
                Some(_) => self.error("unexpected {{else}} in define clause"),
            });
        }
        self.variables = variables;
        self.loops = loops;
        let is_empty = |nodes: &[Node]| nodes.iter().all(Node::is_space);
        let is_twice = |own: &&Template| own.name == name && !is_empty(&own.nodes);
        if !is_empty(&nodes) && self.defined.iter().any(|own| is_twice(&own)) {
            let name = quote(&name);
            return Err(self.error(&format!("template: multiple definition of template {name}")));
        }
        self.defined.push(Template { name, nodes, source: Rc::clone(&self.source) });
        Ok(())
    }

    fn block(&mut self) -> Result<Node, String> {
        let at = self.peek_behind_space().at;
        let name = self.template_name("block clause")?;
        let pipe = Rc::new(self.pipeline("block clause", TokenKind::Close)?);
        self.body(name.clone())?;
        Ok(Node::Template(at, name, Some(pipe)))
    }

    fn template(&mut self) -> Result<Node, String> {
        let at = self.peek_behind_space().at;
        let name = self.template_name("template clause")?;
        if self.peek_behind_space().kind == TokenKind::Close {
            self.next += 1;
            return Ok(Node::Template(at, name, None));
        }
        let pipe = self.pipeline("template clause", TokenKind::Close)?;
        Ok(Node::Template(at, name, Some(Rc::new(pipe))))
    }

    fn template_name(&mut self, context: &str) -> Result<String, String> {
        let token = self.take_behind_space();
        match token.kind {
            TokenKind::Text2 | TokenKind::Raw => self.unquoted(&token),
            _ => Err(self.unexpected(&token, context)),
        }
    }

    fn pipeline(&mut self, context: &str, end: TokenKind) -> Result<Pipe, String> {
        self.deeper()?;
        let mut pipe = Pipe {
            at: self.peek_behind_space().at,
            variables: Vec::new(),
            assigns: false,
            commands: Vec::new(),
        };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.peek_behind_space().clone();
            if token.kind == end {
                self.next += 1;
                self.check(&pipe, context)?;
                self.depth -= 1;
                return Ok(pipe);
            }
            match token.kind {
                TokenKind::Word if is_keyword(&token.text) && token.text != "nil" => {
                    return Err(self.unexpected(&token, context));
                }
                TokenKind::Word
                | TokenKind::Field
                | TokenKind::Dot
                | TokenKind::Variable
                | TokenKind::Text2
                | TokenKind::Raw
                | TokenKind::Character
                | TokenKind::Number
                | TokenKind::Left => {
                    let command = self.command()?;
                    pipe.commands.push(command);
                }
                _ => return Err(self.unexpected(&token, context)),
            }
        }
    }

    /// `$x :=`, `$x, $y :=`, `$x =`.
    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Result<(), String> {
        while self.peek_behind_space().kind == TokenKind::Variable {
            let at = self.next;
            let name = self.take().text;
            match self.peek_behind_space().kind {
                TokenKind::Declare | TokenKind::Assign => {
                    pipe.assigns = self.take().kind == TokenKind::Assign;
                    self.declare(pipe, name);
                    return Ok(());
                }
                TokenKind::Comma => {
                    self.next += 1;
                    self.declare(pipe, name);
                    if context != "range" || pipe.variables.len() > 1 {
                        return Err(self.error(&format!("too many declarations in {context}")));
                    }
                    let next = self.peek_behind_space().kind;
                    if !matches!(next, TokenKind::Variable | TokenKind::Close | TokenKind::Right) {
                        return Err(self.error("range can only initialize variables"));
                    }
                }
                _ => {
                    self.next = at;
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn declare(&mut self, pipe: &mut Pipe, name: String) {
        self.variables.push(name.clone());
        pipe.variables.push(name);
    }

    fn use_variable(&self, name: &str) -> Result<(), String> {
        match self.variables.iter().any(|own| own == name) {
            true => Ok(()),
            false => Err(self.error(&format!("undefined variable {name:?}"))),
        }
    }

    fn check(&self, pipe: &Pipe, context: &str) -> Result<(), String> {
        if pipe.commands.is_empty() {
            return Err(self.error(&format!("missing value for {context}")));
        }
        for (number, command) in pipe.commands.iter().enumerate().skip(1) {
            let first = command.operands.first().map(|operand| &operand.kind);
            if matches!(
                first,
                Some(Kind::Bool(_) | Kind::Dot | Kind::Nil | Kind::Number(..) | Kind::Text(..))
            ) {
                return Err(
                    self.error(&format!("non executable command in pipeline stage {}", number + 1))
                );
            }
        }
        Ok(())
    }
}

enum Piece {
    Node(Node),
    Nothing,
    End(String),
}

fn is_keyword(word: &str) -> bool {
    matches!(word, "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "nil")
        || matches!(word, "range" | "template" | "with")
}
