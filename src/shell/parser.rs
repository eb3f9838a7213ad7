//! Reading command lines: lists, pipelines, loops, redirections.

use super::session::Table;
use super::syntax::{Command, Joint, List, Node, Part, Pipeline, Redirect, Wrong};
use super::words::{META, assignment, is_name};
use std::rc::Rc;

/// How deep commands may stand in each other.
const DEPTH: usize = 16;

/// How many aliases a command line may use; one may name itself.
const ALIASES: usize = 64;

/// What may not begin a command.
const RESERVED: [&str; 9] = ["then", "do", "done", "fi", "else", "elif", "}", "esac", "in"];

/// Reads a command line, which may be several lines.
///
/// # Errors
/// It goes on in the next line, or is none.
pub fn parse(text: &str, aliases: &Rc<Table>) -> Result<List, Wrong> {
    let mut parser = Parser::new(text);
    parser.aliases = Rc::clone(aliases);
    parser.nested(&[], |parser| parser.expect_end())
}

/// The refusal of a token.
pub fn unexpected(token: &str) -> Wrong {
    let token = if token == "\n" { "newline" } else { token };
    Wrong::Error(format!("bash: syntax error near unexpected token `{token}'"))
}

/// A text, and how far it is read.
pub struct Parser {
    chars: Vec<char>,
    pub(super) at: usize,
    pub(super) depth: usize,
    /// The end of the line whose here-documents are read, and where they end.
    skip: Option<(usize, usize)>,
    pub(super) aliases: Rc<Table>,
    /// How many aliases were put in their places.
    count: usize,
    /// Those whose text is read, and where it ends.
    replaced: Vec<(String, usize)>,
}

impl Parser {
    /// At the beginning of a text.
    pub fn new(text: &str) -> Self {
        Self {
            chars: text.chars().collect(),
            at: 0,
            depth: 0,
            skip: None,
            aliases: Rc::default(),
            count: 0,
            replaced: Vec::new(),
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    pub(super) fn check_depth(&self) -> Result<(), Wrong> {
        match self.depth > DEPTH {
            true => Err(Wrong::Error("bash: commands are nested too deeply".into())),
            false => Ok(()),
        }
    }

    /// A list one level deeper, up to one of the ends, and what ends it.
    pub(super) fn nested(
        &mut self,
        ends: &[&str],
        end: impl FnOnce(&mut Self) -> Result<(), Wrong>,
    ) -> Result<List, Wrong> {
        self.depth += 1;
        self.check_depth()?;
        let list = self.list(ends)?;
        end(self)?;
        self.depth -= 1;
        Ok(list)
    }

    pub(super) fn expect_end(&mut self) -> Result<(), Wrong> {
        match self.peek() {
            None => Ok(()),
            Some(c) => Err(unexpected(&c.to_string())),
        }
    }

    fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => self.at += 1,
                Some('\\') if self.peek_at(1) == Some('\n') => self.at += 2,
                Some('#') if self.at == 0 || self.before_is_meta() => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn before_is_meta(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        before.is_none_or(|c| META.contains(*c))
    }

    /// Blanks, ends of lines, and the here-documents behind them.
    fn lines(&mut self) {
        loop {
            self.blanks();
            if self.peek() != Some('\n') {
                return;
            }
            match self.skip.take() {
                Some((line, end)) if line == self.at => self.at = end,
                _ => self.at += 1,
            }
        }
    }

    /// The characters up to the next one that ends a word.
    fn raw(&self) -> String {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        rest.iter().take_while(|c| !META.contains(**c)).take(64).collect()
    }

    fn keyword(&mut self, word: &str) -> bool {
        let is_it = self.raw() == word;
        if is_it {
            self.at += word.chars().count();
        }
        is_it
    }

    fn expect_keyword(&mut self, word: &str) -> Result<(), Wrong> {
        self.lines();
        match self.keyword(word) {
            true => Ok(()),
            false => Err(self.wrong_here()),
        }
    }

    /// What is wrong at this place.
    fn wrong_here(&self) -> Wrong {
        let Some(c) = self.peek() else { return Wrong::Incomplete };
        let pair: String = self.chars.get(self.at..).unwrap_or_default().iter().take(2).collect();
        if matches!(pair.as_str(), "&&" | "||" | ";;" | ">>" | "<<") {
            return unexpected(&pair);
        }
        if META.contains(c) { unexpected(&c.to_string()) } else { unexpected(&self.raw()) }
    }

    fn list(&mut self, ends: &[&str]) -> Result<List, Wrong> {
        let mut list = List::default();
        let mut joint = Joint::Always;
        loop {
            self.lines();
            let raw = self.raw();
            let is_end = matches!(self.peek(), None | Some(')')) || ends.contains(&raw.as_str());
            if is_end {
                return match self.peek() {
                    None if joint != Joint::Always => Err(Wrong::Incomplete),
                    _ if joint != Joint::Always => Err(self.wrong_here()),
                    None if !ends.is_empty() => Err(Wrong::Incomplete),
                    _ if list.0.is_empty() && !ends.is_empty() => Err(self.wrong_here()),
                    _ => Ok(list),
                };
            }
            list.0.push((joint, self.pipeline()?));
            self.blanks();
            joint = match (self.peek(), self.peek_at(1)) {
                (Some('&'), Some('&')) => Joint::And,
                (Some('|'), Some('|')) => Joint::Or,
                (Some(';'), Some(';')) => return Err(unexpected(";;")),
                (Some(';'), _) => {
                    self.at += 1;
                    Joint::Always
                }
                (Some('&'), _) => {
                    let text = "bash: &: jobs in the background are not simulated";
                    return Err(Wrong::Error(text.into()));
                }
                (None | Some('\n' | ')'), _) => Joint::Always,
                _ => return Err(self.wrong_here()),
            };
            if joint != Joint::Always {
                self.at += 2;
            }
        }
    }

    fn pipeline(&mut self) -> Result<Pipeline, Wrong> {
        let mut pipeline = Pipeline { is_negated: false, commands: Vec::new() };
        while self.keyword("!") {
            pipeline.is_negated = !pipeline.is_negated;
            self.blanks();
        }
        loop {
            let mut command = self.command()?;
            self.blanks();
            let is_pipe = self.peek() == Some('|') && self.peek_at(1) != Some('|');
            if is_pipe {
                self.at += 1;
                if self.peek() == Some('&') {
                    self.at += 1;
                    command.redirects.push(Redirect::Duplicate(2, 1));
                }
            }
            pipeline.commands.push(Rc::new(command));
            if !is_pipe {
                return Ok(pipeline);
            }
            self.lines();
            if self.peek().is_none() {
                return Err(Wrong::Incomplete);
            }
        }
    }

    fn command(&mut self) -> Result<Command, Wrong> {
        let raw = self.raw();
        if RESERVED.contains(&raw.as_str()) {
            return Err(self.wrong_here());
        }
        let node = match raw.as_str() {
            "if" => self.branches()?,
            "for" => self.for_loop()?,
            "while" | "until" => {
                self.at += raw.len();
                let condition = self.nested(&["do"], |it| it.expect_keyword("do"))?;
                let body = self.nested(&["done"], |it| it.expect_keyword("done"))?;
                Node::While(condition, body, raw == "until")
            }
            "{" => {
                self.at += 1;
                Node::Group(self.nested(&["}"], |it| it.expect_keyword("}"))?)
            }
            "case" | "select" | "function" => {
                return Err(Wrong::Error(format!("bash: {raw}: not simulated")));
            }
            "" if self.peek() == Some('(') => {
                self.at += 1;
                let list = self.nested(&[], |it| it.expect_char(')'))?;
                if list.0.is_empty() {
                    return Err(unexpected(")"));
                }
                Node::Group(list)
            }
            _ => return self.simple(),
        };
        let mut redirects = Vec::new();
        loop {
            self.blanks();
            match self.redirect()? {
                Some(more) => redirects.extend(more),
                None => return Ok(Command { node, redirects }),
            }
        }
    }

    fn branches(&mut self) -> Result<Node, Wrong> {
        let mut branches = Vec::new();
        self.at += 2;
        loop {
            let condition = self.nested(&["then"], |it| it.expect_keyword("then"))?;
            let body = self.nested(&["elif", "else", "fi"], |_| Ok(()))?;
            branches.push((condition, body));
            if self.keyword("fi") {
                return Ok(Node::If(branches, None));
            }
            if self.keyword("else") {
                let otherwise = self.nested(&["fi"], |it| it.expect_keyword("fi"))?;
                return Ok(Node::If(branches, Some(otherwise)));
            }
            self.expect_keyword("elif")?;
        }
    }

    fn for_loop(&mut self) -> Result<Node, Wrong> {
        self.at += 3;
        self.blanks();
        let name = self.raw();
        if name.is_empty() {
            return Err(self.wrong_here());
        }
        if !is_name(&name) {
            return Err(Wrong::Error(format!("bash: `{name}': not a valid identifier")));
        }
        self.at += name.len();
        self.lines();
        let mut words = Vec::new();
        if self.keyword("in") {
            self.blanks();
            while let Some(word) = self.word()? {
                words.push(word);
                self.blanks();
            }
        }
        if self.peek() == Some(';') {
            self.at += 1;
        }
        self.expect_keyword("do")?;
        let body = self.nested(&["done"], |it| it.expect_keyword("done"))?;
        Ok(Node::For(name, words, body))
    }

    /// Puts the text of an alias in its place; in its own text it is no alias.
    fn alias(&mut self) {
        loop {
            let (name, at) = (self.raw(), self.at);
            self.replaced.retain(|(_, end)| *end > at);
            let is_used = self.replaced.iter().any(|(own, _)| *own == name);
            let Some(text) = self.aliases.get(&name).filter(|_| !is_used) else { return };
            self.count += 1;
            if self.count > ALIASES {
                return;
            }
            let text: Vec<char> = text.chars().collect();
            let (own, length) = (text.len(), name.chars().count());
            let longer = |at: usize| (at + own).saturating_sub(length);
            if let Some((line, end)) = &mut self.skip {
                (*line, *end) = (longer(*line), longer(*end));
            }
            self.replaced.iter_mut().for_each(|(_, end)| *end = longer(*end));
            self.chars.splice(at..(at + length).min(self.chars.len()), text);
            self.replaced.push((name, at + own));
        }
    }

    fn simple(&mut self) -> Result<Command, Wrong> {
        self.alias();
        let (mut assignments, mut words, mut redirects) = (Vec::new(), Vec::new(), Vec::new());
        loop {
            self.blanks();
            if let Some(more) = self.redirect()? {
                redirects.extend(more);
                continue;
            }
            let Some(word) = self.word()? else { break };
            match assignment(&word).filter(|_| words.is_empty()) {
                Some(assignment) => assignments.push(assignment),
                None => words.push(word),
            }
        }
        if self.peek() == Some('(') {
            return Err(self.function(words.len()));
        }
        if words.is_empty() && assignments.is_empty() && redirects.is_empty() {
            return Err(self.wrong_here());
        }
        Ok(Command { node: Node::Simple { assignments, words }, redirects })
    }

    /// What is wrong with a bracket behind words: behind one it would begin a function.
    fn function(&mut self, words: usize) -> Wrong {
        if words != 1 {
            return unexpected("(");
        }
        self.at += 1;
        self.blanks();
        match self.peek() {
            None => unexpected("\n"),
            Some(')') => Wrong::Error("bash: functions are not simulated".into()),
            Some(_) => self.wrong_here(),
        }
    }

    fn redirect(&mut self) -> Result<Option<Vec<Redirect>>, Wrong> {
        let begin = self.at;
        let descriptor = match (self.peek(), self.peek_at(1)) {
            (Some('&'), Some('>')) => Some(3),
            (Some(c @ '0'..='2'), Some('<' | '>')) => c.to_digit(10),
            _ => None,
        };
        self.at += usize::from(descriptor.is_some());
        let descriptor = descriptor.and_then(|it| u8::try_from(it).ok());
        let direction = match self.peek() {
            Some(c @ ('<' | '>')) => c,
            _ => {
                self.at = begin;
                return Ok(None);
            }
        };
        self.at += 1;
        let is_double = self.peek() == Some(direction);
        self.at += usize::from(is_double);
        if direction == '<' && is_double {
            return self.here().map(|it| Some(vec![it]));
        }
        if direction == '>' && self.peek() == Some('&') {
            self.at += 1;
            let target = self.raw();
            self.at += target.chars().count();
            let from = descriptor.unwrap_or(1);
            return match target.as_str() {
                "1" => Ok(Some(vec![Redirect::Duplicate(from, 1)])),
                "2" => Ok(Some(vec![Redirect::Duplicate(from, 2)])),
                "" => Err(self.wrong_here()),
                _ => Err(Wrong::Error(format!("bash: {target}: Bad file descriptor"))),
            };
        }
        self.at += usize::from(direction == '>' && self.peek() == Some('|'));
        self.blanks();
        let Some(word) = self.word()? else {
            return Err(match self.peek() {
                None => unexpected("\n"),
                Some(_) => self.wrong_here(),
            });
        };
        Ok(Some(vec![match direction {
            '<' => Redirect::Input(word),
            _ => Redirect::Output(descriptor.unwrap_or(1), word, is_double),
        }]))
    }

    /// What follows `<<`: a here-document, or with one more `<` a text.
    fn here(&mut self) -> Result<Redirect, Wrong> {
        if self.peek() == Some('<') {
            self.at += 1;
            self.blanks();
            let mut word = self.word()?.ok_or_else(|| unexpected("\n"))?;
            word.push(Part::Quoted("\n".into()));
            return Ok(Redirect::Here(word));
        }
        let is_indented = self.peek() == Some('-');
        self.at += usize::from(is_indented);
        self.blanks();
        let word = self.word()?.ok_or_else(|| unexpected("\n"))?;
        let (mut delimiter, mut is_raw) = (String::new(), false);
        for part in &word {
            match part {
                Part::Plain(text) => delimiter.push_str(text),
                Part::Quoted(text) => {
                    is_raw = true;
                    delimiter.push_str(text);
                }
                _ => return Err(unexpected("$")),
            }
        }
        let (line, mut from) = match self.skip.filter(|(line, _)| *line >= self.at) {
            Some((line, end)) => (line, end),
            None => {
                let rest = self.chars.iter().skip(self.at).position(|c| *c == '\n');
                let line = self.at + rest.ok_or(Wrong::Incomplete)?;
                (line, line + 1)
            }
        };
        let mut body = String::new();
        loop {
            let rest =
                self.chars.get(from..).filter(|it| !it.is_empty()).ok_or(Wrong::Incomplete)?;
            let text: String = rest.iter().take_while(|c| **c != '\n').collect();
            from = (from + text.chars().count() + 1).min(self.chars.len());
            let text = if is_indented { text.trim_start_matches('\t') } else { &text };
            if text == delimiter {
                break;
            }
            body.push_str(text);
            body.push('\n');
        }
        self.skip = Some((line, from));
        let body = match is_raw {
            true => vec![Part::Quoted(body)],
            false => {
                let mut inner = Self::new(&body);
                inner.depth = self.depth;
                inner.document()?
            }
        };
        Ok(Redirect::Here(body))
    }
}
