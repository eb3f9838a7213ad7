//! Anchors, aliases, tags and directives.
//!
//! Upstream: `go.yaml.in/yaml/v2/scannerc.go` (2.4), yaml_parser_scan_directive and what follows.

use super::cursor::Mark;
use super::{Problem, Scanner, Token, TokenKind};

impl Scanner<'_> {
    pub(super) fn scan_directive(&mut self) -> Result<Token, Problem> {
        let start = self.mark();
        self.cursor.skip();
        let name = self.cursor.word();
        if name.is_empty() {
            return Err(self.problem(start, "could not find expected directive name"));
        }
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.problem(start, "found unexpected non-alphabetical character"));
        }
        let kind = match name {
            "YAML" => {
                self.cursor.blanks();
                let major = self.version_number(start)?;
                if self.cursor.byte(0) != b'.' {
                    let words = "did not find expected digit or '.' character";
                    return Err(self.problem(start, words));
                }
                self.cursor.skip();
                let minor = self.version_number(start)?;
                TokenKind::Version((major, minor) == (1, 1))
            }
            "TAG" => {
                self.cursor.blanks();
                let handle = self.tag_handle(true, start)?;
                if !self.cursor.is_blank() {
                    return Err(self.problem(start, "did not find expected whitespace"));
                }
                self.cursor.blanks();
                let prefix = self.tag_uri("", start)?;
                if !self.cursor.is_blank_or_end(0) {
                    let words = "did not find expected whitespace or line break";
                    return Err(self.problem(start, words));
                }
                TokenKind::TagDirective(handle, prefix)
            }
            _ => return Err(self.problem(start, "found unknown directive name")),
        };
        let end = self.mark();
        match self.cursor.ends_line() {
            true => Ok(Token { kind, start, end }),
            false => Err(self.problem(start, "did not find expected comment or line break")),
        }
    }

    fn version_number(&mut self, start: Mark) -> Result<u32, Problem> {
        let mut digits = 0;
        let mut number = 0;
        while self.cursor.byte(0).is_ascii_digit() {
            digits += 1;
            if digits > 2 {
                return Err(self.problem(start, "found extremely long version number"));
            }
            number = number * 10 + u32::from(self.cursor.byte(0) - b'0');
            self.cursor.skip();
        }
        match digits {
            0 => Err(self.problem(start, "did not find expected version number")),
            _ => Ok(number),
        }
    }

    /// `&name` or `*name`.
    pub(super) fn anchor(&mut self) -> Result<Token, Problem> {
        let start = self.mark();
        let is_alias = self.cursor.byte(0) == b'*';
        self.cursor.skip();
        let name = self.cursor.word();
        let ends = self.cursor.is_blank_or_end(0) || self.cursor.is_one_of(b"?:,]}%@`");
        if name.is_empty() || !ends {
            let words = "did not find expected alphabetic or numeric character";
            return Err(self.problem(start, words));
        }
        let kind = match is_alias {
            true => TokenKind::Alias(name.into()),
            false => TokenKind::Anchor(name.into()),
        };
        Ok(Token { kind, start, end: self.mark() })
    }

    /// `!suffix`, `!handle!suffix` or `!<tag>`.
    pub(super) fn tag(&mut self) -> Result<Token, Problem> {
        let start = self.mark();
        let (handle, suffix);
        if self.cursor.byte(1) == b'<' {
            self.cursor.skip();
            self.cursor.skip();
            suffix = self.tag_uri("", start)?;
            handle = String::new();
            if self.cursor.byte(0) != b'>' {
                return Err(self.problem(start, "did not find the expected '>'"));
            }
            self.cursor.skip();
        } else {
            let found = self.tag_handle(false, start)?;
            if found.len() > 1 && found.ends_with('!') {
                suffix = self.tag_uri("", start)?;
                handle = found;
            } else {
                let rest = self.tag_uri(&found, start)?;
                (handle, suffix) = match rest.is_empty() {
                    true => (rest, "!".into()),
                    false => ("!".into(), rest),
                };
            }
        }
        if !self.cursor.is_blank_or_end(0) {
            return Err(self.problem(start, "did not find expected whitespace or line break"));
        }
        Ok(Token { kind: TokenKind::Tag(handle, suffix), start, end: self.mark() })
    }

    fn tag_handle(&mut self, is_directive: bool, start: Mark) -> Result<String, Problem> {
        let mut handle = String::new();
        if self.cursor.byte(0) == b'!' {
            self.cursor.skip();
            handle.push('!');
            handle.push_str(self.cursor.word());
            if self.cursor.byte(0) == b'!' {
                self.cursor.skip();
                handle.push('!');
                return Ok(handle);
            }
        }
        match is_directive && handle != "!" {
            true => Err(self.problem(start, "did not find expected '!'")),
            false => Ok(handle),
        }
    }

    /// What stands behind a handle, with the handle's own letters before it.
    fn tag_uri(&mut self, head: &str, start: Mark) -> Result<String, Problem> {
        let mut uri = head.get(1..).unwrap_or_default().as_bytes().to_vec();
        let mut is_there = !head.is_empty();
        loop {
            let part = self.cursor.run(|it| it.is_word() || it.is_one_of(b";/?:@&=+$,.!~*'()[]"));
            uri.extend_from_slice(part.as_bytes());
            is_there |= !part.is_empty();
            if self.cursor.byte(0) != b'%' {
                break;
            }
            self.escaped(&mut uri, start)?;
            is_there = true;
        }
        match is_there {
            true => Ok(String::from_utf8_lossy(&uri).into_owned()),
            false => Err(self.problem(start, "did not find expected tag URI")),
        }
    }

    /// One character, written as `%` and two digits for each of its bytes.
    fn escaped(&mut self, uri: &mut Vec<u8>, start: Mark) -> Result<(), Problem> {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let mut left = None;
        while left != Some(0) {
            let digits = (digit(self.cursor.byte(1)), digit(self.cursor.byte(2)));
            let (b'%', (Some(high), Some(low))) = (self.cursor.byte(0), digits) else {
                return Err(self.problem(start, "did not find URI escaped octet"));
            };
            let octet = u8::try_from(high * 16 + low).unwrap_or(0);
            left = Some(match left {
                None => match octet.leading_ones() {
                    0 => 0,
                    ones @ 2..=4 => ones - 1,
                    _ => return Err(self.problem(start, "found an incorrect leading UTF-8 octet")),
                },
                Some(_) if octet & 0xc0 != 0x80 => {
                    return Err(self.problem(start, "found an incorrect trailing UTF-8 octet"));
                }
                Some(left) => left - 1,
            });
            uri.push(octet);
            (0..3).for_each(|_| self.cursor.skip());
        }
        Ok(())
    }
}
