//! Commands and their operands.

use super::numbers::number;
use super::{Parser, is_keyword};
use crate::template::ast::{Command, Kind, Operand, Pipe};
use crate::template::format::quote;
use crate::template::functions;
use crate::template::lex::{Token, TokenKind};
use crate::template::value::Value;
use std::rc::Rc;

impl Parser {
    /// A command up to the end of the pipeline or a `|`, which is taken.
    pub(super) fn command(&mut self) -> Result<Command, String> {
        let at = self.peek_behind_space().at;
        let mut operands = Vec::new();
        loop {
            self.peek_behind_space();
            if let Some(operand) = self.operand()? {
                operands.push(operand);
            }
            let token = self.peek().clone();
            match token.kind {
                TokenKind::Space => {
                    self.next += 1;
                    continue;
                }
                TokenKind::Pipe => {
                    self.next += 1;
                }
                TokenKind::Close | TokenKind::Right => {}
                _ => return Err(self.unexpected(&token, "operand")),
            }
            break;
        }
        match operands.is_empty() {
            true => Err(self.error("empty command")),
            false => Ok(Command { at, operands }),
        }
    }

    fn operand(&mut self) -> Result<Option<Operand>, String> {
        let token = self.peek().clone();
        let kind = match token.kind {
            TokenKind::Word => self.word(&token)?,
            TokenKind::Dot => Kind::Dot,
            TokenKind::Field => Kind::Field(vec![token.text[1..].to_owned()]),
            TokenKind::Variable => {
                self.next += 1;
                let used = self.use_variable(&token.text);
                self.next -= 1;
                used?;
                Kind::Variable(vec![token.text.clone()])
            }
            TokenKind::Number => {
                let value = number(&token.text).map_err(|why| self.error_at(self.next, &why))?;
                Kind::Number(value, token.text.clone())
            }
            TokenKind::Character => {
                let text = self.unquoted(&token)?;
                let mut chars = text.chars();
                let (Some(c), None) = (chars.next(), chars.next()) else {
                    let why = format!("malformed character constant: {}", token.text);
                    return Err(self.error_at(self.next, &why));
                };
                let code = u32::from(c);
                Kind::Number(Value::Int(i64::from(code)), token.text.clone())
            }
            TokenKind::Text2 | TokenKind::Raw => {
                let text = self.unquoted(&token)?;
                Kind::Text(text.as_str().into(), token.text.clone())
            }
            TokenKind::Left => {
                self.next += 1;
                let pipe = self.pipeline("parenthesized pipeline", TokenKind::Right)?;
                self.next -= 1;
                Kind::Chain(Rc::new(pipe), Vec::new())
            }
            _ => return Ok(None),
        };
        self.next += 1;
        let operand = Operand { at: token.at, kind };
        self.fields(operand).map(Some)
    }

    /// The fields behind an operand.
    fn fields(&mut self, mut operand: Operand) -> Result<Operand, String> {
        let begin = self.next;
        let mut names = Vec::new();
        while self.peek().kind == TokenKind::Field {
            names.push(self.take().text[1..].to_owned());
        }
        if names.is_empty() {
            return Ok(operand);
        }
        // Go counts the place of such a chain from its second part.
        let at = self.tokens.get(begin).map_or(operand.at, |token| token.at);
        match &mut operand.kind {
            Kind::Field(own) | Kind::Variable(own) => {
                own.extend(names);
                operand.at = at;
            }
            Kind::Chain(_, own) => {
                *own = names;
                operand.at = at;
            }
            Kind::Function(_) => {
                let command = Command { at: operand.at, operands: vec![operand] };
                let pipe = Pipe {
                    at: command.at,
                    variables: Vec::new(),
                    assigns: false,
                    commands: vec![command],
                };
                return Ok(Operand { at, kind: Kind::Chain(Rc::new(pipe), names) });
            }
            _ => {
                let text = format!("unexpected . after term {}", quote(&operand.to_string()));
                return Err(self.error(&text));
            }
        }
        Ok(operand)
    }

    fn word(&mut self, token: &Token) -> Result<Kind, String> {
        match token.text.as_str() {
            "true" => Ok(Kind::Bool(true)),
            "false" => Ok(Kind::Bool(false)),
            "nil" => Ok(Kind::Nil),
            word if is_keyword(word) => Err(self.unexpected(token, "operand")),
            name if functions::has(name, self.dialect) => Ok(Kind::Function(name.into())),
            name => Err(self.error_at(self.next, &format!("function {name:?} not defined"))),
        }
    }

    /// A text in quotes without them.
    pub(super) fn unquoted(&self, token: &Token) -> Result<String, String> {
        let inside = token.text.get(1..token.text.len() - 1).unwrap_or_default();
        if token.kind == TokenKind::Raw {
            return Ok(inside.replace('\r', ""));
        }
        unescaped(inside).ok_or_else(|| self.error_in_line(token.at, "invalid syntax"))
    }
}

/// Go's escapes; none if one is wrong.
pub fn unescaped(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let kind = chars.next()?;
        let mut code = |first: &str, length: usize, radix: u32| {
            let digits: String = first.chars().chain(chars.by_ref().take(length)).collect();
            u32::from_str_radix(&digits, radix).ok().and_then(char::from_u32)
        };
        out.push(match kind {
            'x' => code("", 2, 16)?,
            'u' => code("", 4, 16)?,
            'U' => code("", 8, 16)?,
            '0'..='7' => code(&kind.to_string(), 2, 8)?,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '\\' | '"' | '\'' => kind,
            _ => return None,
        });
    }
    Some(out)
}
