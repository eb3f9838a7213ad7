//! Regular expressions as grep and sed write them, turned into those of the crate.

use regex_lite::{Regex, RegexBuilder};

/// How long an expression may be.
const LENGTH: usize = 2_000;
/// How large a compiled expression may be.
const SIZE: usize = 256 << 10;

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

/// Compiles an expression.
///
/// # Errors
/// It is none.
pub fn compile(text: &str, dialect: Dialect, ignores_case: bool) -> Result<Regex, String> {
    if text.len() > LENGTH {
        return Err("regular expression too big".into());
    }
    let pattern = match dialect {
        Dialect::Fixed => regex_lite::escape(text),
        _ => translate(text, dialect == Dialect::Basic),
    };
    let built = RegexBuilder::new(&pattern).case_insensitive(ignores_case).size_limit(SIZE).build();
    built.map_err(|_| match text {
        _ if text.matches('[').count() > text.matches(']').count() => {
            "Unmatched [, [^, [:, [., or [=".into()
        }
        _ if text.contains('(') || text.contains(')') => "Unmatched ( or \\(".into(),
        _ => "Invalid regular expression".into(),
    })
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
            let is = |dialect| compile(pattern, dialect, false).is_ok_and(|it| it.is_match(text));
            assert_eq!(is(Dialect::Basic), basic, "basic {pattern}");
            assert_eq!(is(Dialect::Extended), extended, "extended {pattern}");
        }
        assert!(compile("[a", Dialect::Basic, false).is_err());
        assert!(compile("(a", Dialect::Extended, false).is_err());
        assert!(compile(&"a".repeat(3_000), Dialect::Basic, false).is_err());
    }
}
