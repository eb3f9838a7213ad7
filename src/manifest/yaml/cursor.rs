//! Where the scanner stands in a text, and which kinds of characters it tells apart.
//!
//! Upstream: `go.yaml.in/yaml/v2/yamlprivateh.go` (2.4).

/// A place in a text.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct Mark {
    /// In bytes.
    pub(in super::super) at: usize,
    /// In characters.
    pub(in super::super) index: usize,
    /// From 0.
    pub(in super::super) line: usize,
    /// In characters, from 0.
    pub(in super::super) column: usize,
}

/// A text, read from its beginning to its end.
pub(super) struct Cursor<'a> {
    text: &'a str,
    pub(super) mark: Mark,
}

impl<'a> Cursor<'a> {
    /// The beginning of a text, behind a byte order mark.
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, mark: Mark { at, ..Mark::default() } }
    }

    /// The byte so far ahead; 0, which no readable text contains, behind the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.at + ahead).copied().unwrap_or(0)
    }

    /// Whether one of these characters comes next.
    pub(super) fn is_one_of(&self, these: &[u8]) -> bool {
        these.contains(&self.byte(0))
    }

    pub(super) fn is_end(&self) -> bool {
        self.left() == 0
    }

    /// Bytes up to the end.
    pub(super) fn left(&self) -> usize {
        self.text.len().saturating_sub(self.mark.at)
    }

    /// How many bytes the line break has that is so far ahead; 0 if there is none.
    ///
    /// kubectl hands the lines on without a carriage return at their ends.
    pub(super) fn break_length(&self, ahead: usize) -> usize {
        match (self.byte(ahead), self.byte(ahead + 1), self.byte(ahead + 2)) {
            (b'\n', _, _) => 1,
            (b'\r', b'\n', _) => 2,
            (b'\r', b'\r', b'\n') => 3,
            (b'\r', _, _) => 1,
            (0xc2, 0x85, _) => 2,
            (0xe2, 0x80, 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    pub(super) fn is_break(&self) -> bool {
        self.break_length(0) > 0
    }

    pub(super) fn is_blank(&self) -> bool {
        is_blank(self.byte(0))
    }

    /// Whether a blank, a line break or the end is so far ahead.
    pub(super) fn is_blank_or_end(&self, ahead: usize) -> bool {
        is_blank(self.byte(ahead)) || self.is_break_or_end(ahead)
    }

    fn is_break_or_end(&self, ahead: usize) -> bool {
        let byte = self.byte(ahead);
        // Most characters are neither.
        !(b' '..0x80).contains(&byte) && (byte == 0 || self.break_length(ahead) > 0)
    }

    /// Whether the line begins with `---` or `...`, and nothing else right behind.
    pub(super) fn is_document_indicator(&self) -> bool {
        let is = |byte| (0..3).all(|ahead| self.byte(ahead) == byte);
        self.mark.column == 0 && (is(b'-') || is(b'.')) && self.is_blank_or_end(3)
    }

    /// Steps over one character that is no line break.
    pub(super) fn skip(&mut self) {
        let width = self.text.get(self.mark.at..).and_then(|rest| rest.chars().next());
        self.mark.at += width.map_or(0, char::len_utf8);
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Steps over the line break that comes next, and returns it as a value has it; nothing if
    /// there is none.
    pub(super) fn line_break(&mut self) -> &'a str {
        let length = self.break_length(0);
        if length == 0 {
            return "";
        }
        let start = self.mark.at;
        let end = start + length;
        self.mark =
            Mark { at: end, index: self.mark.index + 1, line: self.mark.line + 1, column: 0 };
        let text = &self.text[start..end];
        if matches!(text, "\u{2028}" | "\u{2029}") { text } else { "\n" }
    }

    /// Steps over characters that are no line breaks, as long as they are wanted.
    pub(super) fn run(&mut self, is_wanted: impl Fn(&Self) -> bool) -> &'a str {
        let start = self.mark.at;
        while !self.is_end() && is_wanted(self) {
            if self.byte(0) < 0x80 {
                self.mark.at += 1;
                self.mark.index += 1;
                self.mark.column += 1;
            } else {
                self.skip();
            }
        }
        &self.text[start..self.mark.at]
    }

    /// Steps over the rest of the line.
    pub(super) fn line(&mut self) -> &'a str {
        self.run(|it| !it.is_break_or_end(0))
    }

    /// Steps over blanks.
    pub(super) fn blanks(&mut self) -> &'a str {
        self.run(Self::is_blank)
    }

    /// Steps over blanks and a comment; whether the line ends there.
    pub(super) fn ends_line(&mut self) -> bool {
        self.blanks();
        if self.byte(0) == b'#' {
            self.line();
        }
        if !self.is_break_or_end(0) {
            return false;
        }
        self.line_break();
        true
    }

    /// Steps over letters, digits, `_` and `-`.
    pub(super) fn word(&mut self) -> &'a str {
        self.run(Self::is_word)
    }

    pub(super) fn is_word(&self) -> bool {
        let byte = self.byte(0);
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
