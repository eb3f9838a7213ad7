//! Regular expressions as grep and sed write them, turned into those of the crate.

use super::size::{Size, measure};
use regex_lite::{Captures, Regex, RegexBuilder};

/// How long an expression may be.
const LENGTH: usize = 2_000;
/// How large a compiled expression may be, in bytes.
const BYTES: usize = 1 << 20;
/// How many states the expressions of a command may have.
pub const STATES: usize = 8_000;
/// What is said of more.
pub const TOO_BIG: &str = "regular expression too big";

/// How many states may be held against characters for one line: about a twentieth of a second of a
/// page's time.
pub const STEPS: usize = 2_000_000;

/// How an expression is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `grep`: `\(`, `\|`, `\+` are special.
    Basic,
    /// `grep -E`.
    Extended,
    /// `grep -F`: nothing is special.
    Fixed,
}

/// A line and an expression are too much together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

impl TooLong {
    /// What a program says about it.
    pub fn told(self, program: &str) -> String {
        format!("{program}: input line too long for this regular expression")
    }
}

/// What may still be spent on a line.
#[derive(Clone, Copy, Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(STEPS)
    }
}

impl Budget {
    /// Spends some of it.
    ///
    /// # Errors
    /// There is not as much.
    pub fn spend(&mut self, steps: usize) -> Result<(), TooLong> {
        self.0 = self.0.checked_sub(steps).ok_or(TooLong)?;
        Ok(())
    }
}

/// Where a match is, in bytes.
pub type Place = (usize, usize);

/// An expression that is ready to search.
#[derive(Clone)]
pub struct Expression {
    how: How,
    size: Size,
}

#[derive(Clone)]
enum How {
    /// Nothing in it is special.
    Literal(String),
    Regex(Regex),
}

impl Expression {
    /// How many states it has, about.
    pub fn states(&self) -> usize {
        self.size.states
    }

    /// How many steps a search through so many bytes takes at most.
    pub fn steps(&self, length: usize) -> usize {
        match self.how {
            How::Literal(_) => length / 8 + 1,
            // What groups match is copied along.
            How::Regex(_) => {
                let states = self.size.states.saturating_mul(8 + self.size.groups) / 8;
                length.saturating_add(1).saturating_mul(states + 1)
            }
        }
    }

    /// What a search for the next match may look at in vain behind the one that it finds.
    fn beyond(&self, length: usize) -> usize {
        match (self.size.is_chain, self.size.width) {
            (true, _) => 0,
            (false, Some(width)) => self.steps(width.min(length)),
            (false, None) => self.steps(length),
        }
    }

    /// Whether a line matches.
    ///
    /// # Errors
    /// See [`TooLong`].
    pub fn is_match(&self, line: &str, budget: &mut Budget) -> Result<bool, TooLong> {
        budget.spend(self.steps(line.len()))?;
        Ok(match &self.how {
            How::Literal(text) => line.contains(text.as_str()),
            How::Regex(regex) => regex.is_match(line),
        })
    }

    /// The first match in a line that is wanted, or all of those.
    ///
    /// # Errors
    /// See [`TooLong`].
    pub fn places(
        &self,
        line: &str,
        budget: &mut Budget,
        takes_all: bool,
        is_wanted: impl Fn(Place) -> bool,
    ) -> Result<Vec<Place>, TooLong> {
        budget.spend(self.steps(line.len()))?;
        let mut found = Vec::new();
        let mut take = |place: Place, budget: &mut Budget| {
            budget.spend(self.beyond(line.len().saturating_sub(place.1)))?;
            if is_wanted(place) {
                found.push(place);
            }
            Ok(takes_all || found.is_empty())
        };
        match &self.how {
            How::Literal(text) => {
                for (at, own) in line.match_indices(text.as_str()) {
                    if !take((at, at + own.len()), budget)? {
                        break;
                    }
                }
            }
            How::Regex(regex) => {
                for own in regex.find_iter(line) {
                    if !take((own.start(), own.end()), budget)? {
                        break;
                    }
                }
            }
        }
        Ok(found)
    }

    /// Gives the matches in a line with their groups, as long as the answer is yes. Only for what
    /// [`compile_whole`] has made: what is literal has no groups.
    ///
    /// # Errors
    /// See [`TooLong`].
    pub fn captures(
        &self,
        line: &str,
        budget: &mut Budget,
        mut goes_on: impl FnMut(&Captures) -> bool,
    ) -> Result<(), TooLong> {
        let How::Regex(regex) = &self.how else { return Ok(()) };
        budget.spend(self.steps(line.len()))?;
        for captures in regex.captures_iter(line) {
            let end = captures.get(0).map_or(0, |whole| whole.end());
            budget.spend(self.beyond(line.len().saturating_sub(end)))?;
            if !goes_on(&captures) {
                break;
            }
        }
        Ok(())
    }
}

/// Makes an expression for searches.
///
/// # Errors
/// It is none.
pub fn compile(text: &str, dialect: Dialect, ignores_case: bool) -> Result<Expression, String> {
    let is_special = |c: char| !(c.is_alphanumeric() || "-_/:, =@\"%&~<>;!'#".contains(c));
    let is_literal = dialect == Dialect::Fixed || !text.contains(is_special);
    if is_literal && !ignores_case && !text.is_empty() && text.len() <= LENGTH {
        let size = Size { states: text.len(), width: Some(text.len()), groups: 0, is_chain: true };
        return Ok(Expression { how: How::Literal(text.into()), size });
    }
    compile_whole(text, dialect, ignores_case)
}

/// Makes an expression that tells what its groups match.
///
/// # Errors
/// It is none.
pub fn compile_whole(
    text: &str,
    dialect: Dialect,
    ignores_case: bool,
) -> Result<Expression, String> {
    let pattern = match dialect {
        _ if text.len() > LENGTH => return Err(TOO_BIG.into()),
        Dialect::Fixed => regex_lite::escape(text),
        _ => translate(text, dialect == Dialect::Basic),
    };
    let size = measure(&pattern);
    if size.states > STATES {
        return Err(TOO_BIG.into());
    }
    let built =
        RegexBuilder::new(&pattern).case_insensitive(ignores_case).size_limit(BYTES).build();
    let regex = built.map_err(|_| match text {
        _ if text.matches('[').count() > text.matches(']').count() => {
            "Unmatched [, [^, [:, [., or [="
        }
        _ if text.contains('(') || text.contains(')') => "Unmatched ( or \\(",
        _ => "Invalid regular expression",
    });
    Ok(Expression { how: How::Regex(regex?), size })
}

fn translate(text: &str, is_basic: bool) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut is_begin = true;
    while let Some(c) = chars.next() {
        let was_begin = std::mem::replace(&mut is_begin, false);
        match c {
            '[' => bracket(&mut chars, &mut out),
            '\\' => match chars.next() {
                Some(c) if is_basic && "(){}|+?".contains(c) => {
                    is_begin = matches!(c, '(' | '|');
                    out.push(c);
                }
                Some('<' | '>') => out.push_str("\\b"),
                Some(c) if "wWsSbBdDn t".contains(c) && c != ' ' => {
                    out.push('\\');
                    out.push(c);
                }
                Some(c) if c.is_ascii_punctuation() => {
                    out.push('\\');
                    out.push(c);
                }
                Some(c) => out.push(c),
                None => out.push_str("\\\\"),
            },
            '*' if was_begin => out.push_str("\\*"),
            '(' | '|' if !is_basic => {
                is_begin = true;
                out.push(c);
            }
            '^' if is_basic && !was_begin => out.push_str("\\^"),
            '^' => {
                is_begin = true;
                out.push('^');
            }
            '$' if is_basic => match chars.peek() {
                None => out.push('$'),
                Some('\\') => {
                    let ahead: String = chars.clone().take(2).collect();
                    let ends = matches!(ahead.as_str(), "\\)" | "\\|");
                    out.push_str(if ends { "$" } else { "\\$" });
                }
                Some(_) => out.push_str("\\$"),
            },
            '{' if !is_basic => {
                let is_count = chars.peek().is_some_and(char::is_ascii_digit);
                out.push_str(if is_count { "{" } else { "\\{" });
            }
            '}' if !is_basic && !out.contains('{') => out.push_str("\\}"),
            '(' | ')' | '{' | '}' | '|' | '+' | '?' if is_basic => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// A set of characters: backslashes stand for themselves in it.
fn bracket(chars: &mut std::iter::Peekable<std::str::Chars>, out: &mut String) {
    out.push('[');
    if chars.peek() == Some(&'^') {
        chars.next();
        out.push('^');
    }
    let mut is_first = true;
    while let Some(c) = chars.next() {
        match c {
            ']' if !is_first => {
                out.push(']');
                return;
            }
            '[' if chars.peek() == Some(&':') => {
                out.push('[');
                for c in chars.by_ref() {
                    out.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            // `[^\t]` is common, and GNU sed means a tab by it.
            '\\' if chars.peek().is_some_and(|c| "tn".contains(*c)) => {
                out.push('\\');
                out.extend(chars.next());
            }
            '[' | ']' | '\\' | '&' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        is_first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_dialects() {
        for (pattern, basic, extended, text) in [
            ("a+b", false, true, "aab"),
            ("a+b", true, false, "a+b"),
            ("a\\+b", true, false, "aab"),
            ("(a|b)c", false, true, "bc"),
            ("\\(a\\|b\\)c", true, false, "bc"),
            ("^web-[0-9]*$", true, true, "web-12"),
            ("[[:space:]]x", true, true, "a x"),
            ("[]]", true, true, "]"),
            ("[^\\t]*x", true, true, "bx"),
            ("*a", true, true, "*a"),
            ("a$b", true, false, "a$b"),
            ("x{2}", false, true, "xx"),
            ("{a}", true, true, "{a}"),
            ("\\bweb\\b", true, true, "a web b"),
            ("\\<web\\>", true, true, "a web b"),
            ("a.c", true, true, "abc"),
        ] {
            let is = |dialect| {
                let made = compile(pattern, dialect, false);
                made.is_ok_and(|it| it.is_match(text, &mut Budget::default()) == Ok(true))
            };
            assert_eq!(is(Dialect::Basic), basic, "basic {pattern}");
            assert_eq!(is(Dialect::Extended), extended, "extended {pattern}");
        }
        assert!(compile("[a", Dialect::Basic, false).is_err());
        assert!(compile("(a", Dialect::Extended, false).is_err());
        assert!(compile(&"a".repeat(3_000), Dialect::Basic, false).is_err());
    }
}
