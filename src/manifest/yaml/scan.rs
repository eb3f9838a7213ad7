//! From characters to tokens: which one comes next, and where blocks and keys begin and end.
//!
//! Upstream: `go.yaml.in/yaml/v2/scannerc.go` (2.4).

use super::cursor::{Cursor, Mark};
use super::{Problem, Token, TokenKind};
use std::collections::VecDeque;

/// Most blocks or brackets within one another.
const MAX_DEPTH: usize = 10_000;
/// A key without `?` is at most this long.
const MAX_KEY: usize = 1024;

/// Something that turns out to be a key if a `:` follows.
#[derive(Clone, Copy, Default)]
struct SimpleKey {
    is_possible: bool,
    /// Whether nothing but a key may stand there.
    is_required: bool,
    /// Which token begins it, counted from the first one.
    token: usize,
    mark: Mark,
}

/// The tokens of a text, one after the other.
pub(in super::super) struct Scanner<'a> {
    pub(super) cursor: Cursor<'a>,
    /// Where behind the text that is read there is a character that no text may have.
    refused: Option<usize>,
    tokens: VecDeque<Token>,
    /// How many tokens were taken.
    taken: usize,
    /// Columns of the blocks that are open, without the innermost.
    indents: Vec<isize>,
    /// The column of the innermost block; -1 outside of all.
    pub(super) indent: isize,
    /// Whether a key may begin here.
    pub(super) is_key_allowed: bool,
    /// One for the blocks, and one for each bracket that is open.
    keys: Vec<SimpleKey>,
    /// The tokens that may begin keys, in order, and the levels of their keys.
    key_tokens: VecDeque<(usize, usize)>,
    /// What was wrong, behind which there are no tokens.
    failed: Option<Problem>,
}

type Done = Result<(), Problem>;

impl<'a> Scanner<'a> {
    /// The beginning of a text.
    pub(in super::super) fn new(text: &'a str) -> Self {
        let refused = text.find(is_refused);
        let readable = refused.map_or(text.len(), |at| readable(text, at));
        Self {
            cursor: Cursor::new(&text[..readable]),
            refused,
            tokens: VecDeque::new(),
            taken: 0,
            indents: Vec::new(),
            indent: -1,
            is_key_allowed: true,
            keys: vec![SimpleKey::default()],
            key_tokens: VecDeque::new(),
            failed: None,
        }
    }

    /// The next token, which stays the next one.
    pub(in super::super) fn peek(&mut self) -> Result<&Token, Problem> {
        match self.failed {
            None => self.fill().inspect_err(|problem| self.failed = Some(*problem))?,
            Some(problem) => return Err(problem),
        }
        Ok(&self.tokens[0])
    }

    /// Makes tokens until it is known what the next one is.
    fn fill(&mut self) -> Done {
        while self.tokens.is_empty() || self.may_begin_key()? {
            self.fetch()?;
        }
        Ok(())
    }

    /// The next token.
    pub(in super::super) fn take(&mut self) -> Result<Token, Problem> {
        self.peek()?;
        self.taken += 1;
        let end = Token { kind: TokenKind::StreamEnd, start: self.mark(), end: self.mark() };
        Ok(self.tokens.pop_front().unwrap_or(end))
    }

    /// Whether the next token may turn out to begin a key.
    fn may_begin_key(&mut self) -> Result<bool, Problem> {
        let mut found = self.key_tokens.iter().take_while(|(token, _)| *token <= self.taken);
        let found = found.find(|(token, _)| *token == self.taken);
        match found {
            Some((_, level)) => self.is_valid(*level),
            None => Ok(false),
        }
    }

    pub(super) fn mark(&self) -> Mark {
        self.cursor.mark
    }

    pub(super) fn problem(&self, context: Mark, words: &'static str) -> Problem {
        let (mark, context) = (self.mark(), context.line);
        Problem { words, mark, context, is_scanners: true, is_readers: false }
    }

    fn is_flow(&self) -> bool {
        self.keys.len() > 1
    }

    pub(super) fn flow_level(&self) -> usize {
        self.keys.len() - 1
    }

    fn push(&mut self, kind: TokenKind, start: Mark) {
        self.tokens.push_back(Token { kind, start, end: self.mark() });
    }

    /// Puts a token before others that were made already; behind them if it comes too late.
    fn insert(&mut self, number: usize, kind: TokenKind, mark: Mark) {
        let token = Token { kind, start: mark, end: mark };
        match number.checked_sub(self.taken).filter(|at| *at <= self.tokens.len()) {
            Some(at) => self.tokens.insert(at, token),
            None => self.tokens.push_back(token),
        }
    }

    /// Makes the next token, or several.
    fn fetch(&mut self) -> Done {
        let made = self.fetch_any();
        // The character behind the text is read as soon as a token needs it.
        if let Some(at) = self.refused
            && self.cursor.left() < 4
        {
            return Err(Problem {
                words: "control characters are not allowed",
                mark: Mark { at, ..Mark::default() },
                context: 0,
                is_scanners: false,
                is_readers: true,
            });
        }
        made
    }

    fn fetch_any(&mut self) -> Done {
        self.skip_to_token();
        self.unroll(self.mark().column.cast_signed());
        if self.cursor.is_end() || self.refused.is_some() && self.cursor.left() < 4 {
            return self.stream_end();
        }
        let (byte, column) = (self.cursor.byte(0), self.mark().column);
        let is_flow = self.is_flow();
        let is_followed = self.cursor.is_blank_or_end(1);
        if column == 0 && byte == b'%' {
            return self.directive();
        }
        if self.cursor.is_document_indicator() {
            let is_start = byte == b'-';
            return self.document_indicator(is_start);
        }
        match byte {
            b'[' => self.flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.flow_start(TokenKind::FlowMappingStart),
            b']' => self.flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.flow_end(TokenKind::FlowMappingEnd),
            b',' => self.flow_entry(),
            b'-' if is_followed => self.block_entry(),
            b'?' if is_flow || is_followed => self.key(),
            b':' if is_flow || is_followed => self.value(),
            b'*' | b'&' | b'!' | b'\'' | b'"' => self.keyed(),
            b'|' | b'>' if !is_flow => {
                self.remove_key()?;
                self.is_key_allowed = true;
                let token = self.block_scalar(byte == b'|')?;
                self.tokens.push_back(token);
                Ok(())
            }
            b'#' | b'%' | b'@' | b'`' | b'|' | b'>' | b'\t' => {
                Err(self.problem(self.mark(), "found character that cannot start any token"))
            }
            _ => self.keyed(),
        }
    }

    /// What may be a key: alias, anchor, tag, scalar.
    fn keyed(&mut self) -> Done {
        self.save_key()?;
        self.is_key_allowed = false;
        let token = match self.cursor.byte(0) {
            b'*' | b'&' => self.anchor(),
            b'!' => self.tag(),
            b'\'' | b'"' => self.quoted(),
            _ => self.plain(),
        }?;
        self.tokens.push_back(token);
        Ok(())
    }

    fn skip_to_token(&mut self) {
        let is_flow = self.is_flow();
        loop {
            let may_tab = is_flow || !self.is_key_allowed;
            self.cursor.run(|it| it.byte(0) == b' ' || may_tab && it.byte(0) == b'\t');
            if self.cursor.byte(0) == b'#' {
                self.cursor.line();
            }
            if self.cursor.line_break().is_empty() {
                return;
            }
            self.is_key_allowed |= !is_flow;
        }
    }

    /// Opens a block at a column, unless one is open there.
    fn roll(&mut self, column: usize, number: Option<usize>, kind: TokenKind, mark: Mark) -> Done {
        let column = column.cast_signed();
        if self.is_flow() || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return Err(self.problem(mark, "exceeded max depth of 10000"));
        }
        match number {
            Some(number) => self.insert(number, kind, mark),
            None => self.tokens.push_back(Token { kind, start: mark, end: mark }),
        }
        Ok(())
    }

    /// Closes the blocks behind a column.
    fn unroll(&mut self, column: isize) {
        while !self.is_flow() && self.indent > column {
            self.push(TokenKind::BlockEnd, self.mark());
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn stream_end(&mut self) -> Done {
        let mark = &mut self.cursor.mark;
        if mark.column != 0 {
            mark.column = 0;
            mark.line += 1;
        }
        self.unroll(-1);
        self.remove_key()?;
        self.is_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.mark());
        Ok(())
    }

    fn directive(&mut self) -> Done {
        self.unroll(-1);
        self.remove_key()?;
        self.is_key_allowed = false;
        let token = self.scan_directive()?;
        self.tokens.push_back(token);
        Ok(())
    }

    fn document_indicator(&mut self, is_start: bool) -> Done {
        self.unroll(-1);
        self.remove_key()?;
        self.is_key_allowed = false;
        let start = self.mark();
        (0..3).for_each(|_| self.cursor.skip());
        self.push(if is_start { TokenKind::DocumentStart } else { TokenKind::DocumentEnd }, start);
        Ok(())
    }

    /// One character that is a token.
    fn indicator(&mut self, kind: TokenKind) {
        let start = self.mark();
        self.cursor.skip();
        self.push(kind, start);
    }

    fn flow_start(&mut self, kind: TokenKind) -> Done {
        self.save_key()?;
        let (token, mark) = (self.taken + self.tokens.len(), self.mark());
        self.keys.push(SimpleKey { token, mark, ..SimpleKey::default() });
        if self.flow_level() > MAX_DEPTH {
            return Err(self.problem(mark, "exceeded max depth of 10000"));
        }
        self.is_key_allowed = true;
        self.indicator(kind);
        Ok(())
    }

    fn flow_end(&mut self, kind: TokenKind) -> Done {
        self.remove_key()?;
        if self.is_flow()
            && let Some(key) = self.keys.pop()
        {
            self.key_tokens.retain(|(token, _)| *token != key.token);
        }
        self.is_key_allowed = false;
        self.indicator(kind);
        Ok(())
    }

    fn flow_entry(&mut self) -> Done {
        self.remove_key()?;
        self.is_key_allowed = true;
        self.indicator(TokenKind::FlowEntry);
        Ok(())
    }

    fn block_entry(&mut self) -> Done {
        if !self.is_flow() {
            let words = "block sequence entries are not allowed in this context";
            self.open(TokenKind::BlockSequenceStart, words)?;
        }
        self.remove_key()?;
        self.is_key_allowed = true;
        self.indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn key(&mut self) -> Done {
        if !self.is_flow() {
            let words = "mapping keys are not allowed in this context";
            self.open(TokenKind::BlockMappingStart, words)?;
        }
        self.remove_key()?;
        self.is_key_allowed = !self.is_flow();
        self.indicator(TokenKind::Key);
        Ok(())
    }

    /// Opens a block here, where something must be allowed to begin.
    fn open(&mut self, kind: TokenKind, words: &'static str) -> Done {
        let mark = self.mark();
        match self.is_key_allowed {
            true => self.roll(mark.column, None, kind, mark),
            false => Err(self.problem(mark, words)),
        }
    }

    fn value(&mut self) -> Done {
        let level = self.keys.len() - 1;
        if self.is_valid(level)? {
            let SimpleKey { token, mark, .. } = self.keys[level];
            self.insert(token, TokenKind::Key, mark);
            self.roll(mark.column, Some(token), TokenKind::BlockMappingStart, mark)?;
            self.forget(level);
            self.is_key_allowed = false;
        } else {
            if !self.is_flow() {
                let words = "mapping values are not allowed in this context";
                self.open(TokenKind::BlockMappingStart, words)?;
            }
            self.is_key_allowed = !self.is_flow();
        }
        self.indicator(TokenKind::Value);
        Ok(())
    }

    /// Whether what began there may still become a key: on the same line, and not too long.
    fn is_valid(&mut self, level: usize) -> Result<bool, Problem> {
        let mark = self.mark();
        let Some(key) = self.keys.get_mut(level) else { return Ok(false) };
        if !key.is_possible {
            return Ok(false);
        }
        let is_stale = key.mark.line < mark.line || key.mark.index + MAX_KEY < mark.index;
        if is_stale && key.is_required {
            let context = key.mark;
            return Err(self.problem(context, "could not find expected ':'"));
        }
        key.is_possible = !is_stale;
        Ok(!is_stale)
    }

    /// Notes that a key may begin here.
    fn save_key(&mut self) -> Done {
        if !self.is_key_allowed {
            return Ok(());
        }
        let mark = self.mark();
        let is_required = !self.is_flow() && self.indent == mark.column.cast_signed();
        self.remove_key()?;
        let (level, token) = (self.keys.len() - 1, self.taken + self.tokens.len());
        self.keys[level] = SimpleKey { is_possible: true, is_required, token, mark };
        let taken = self.taken;
        while self.key_tokens.front().is_some_and(|(token, _)| *token < taken) {
            self.key_tokens.pop_front();
        }
        self.key_tokens.push_back((token, level));
        Ok(())
    }

    /// Gives up the hope for a key.
    fn remove_key(&mut self) -> Done {
        let level = self.keys.len() - 1;
        let key = self.keys[level];
        if key.is_possible && key.is_required {
            return Err(self.problem(key.mark, "could not find expected ':'"));
        }
        if key.is_possible {
            self.forget(level);
        }
        Ok(())
    }

    fn forget(&mut self, level: usize) {
        let key = &mut self.keys[level];
        key.is_possible = false;
        let number = key.token;
        self.key_tokens.retain(|(token, _)| *token != number);
    }
}

/// Whether no text may have a character.
fn is_refused(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{85}' => false,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => false,
    }
}

/// How much of a text can be read: up to the piece that has the first character which is refused.
///
/// Upstream: `go.yaml.in/yaml/v2/readerc.go` (2.4), yaml_parser_update_buffer.
fn readable(text: &str, refused: usize) -> usize {
    // It is read in pieces of 512 bytes; a character across their border belongs to the second.
    let mut start = 0;
    loop {
        let end = text.floor_char_boundary(start + 512);
        if end > refused {
            return start;
        }
        start = end;
    }
}
