//! What is wrong with a regular expression, in Go's words.
//!
//! Upstream: `regexp/syntax/parse.go`.

/// The highest count of a repetition.
const MOST: u32 = 1_000;

/// The names of classes.
const CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// Why an expression is none; none if it is one as far as is seen here.
pub fn wrong(expression: &str) -> Option<String> {
    let mut checker =
        Checker { whole: expression, rest: expression, depth: 0, repeated: None, has_term: false };
    checker.run().err()
}

struct Checker<'a> {
    whole: &'a str,
    rest: &'a str,
    depth: usize,
    /// Where a repetition begins that ended just now.
    repeated: Option<&'a str>,
    /// Whether there is something to repeat.
    has_term: bool,
}

type Done = Result<(), String>;

impl<'a> Checker<'a> {
    fn run(&mut self) -> Done {
        while let Some(c) = self.rest.chars().next() {
            let at = self.rest;
            self.rest = &self.rest[c.len_utf8()..];
            match c {
                '(' => self.open(at)?,
                ')' if self.depth == 0 => {
                    return Err(format!("unexpected ): `{}`", self.whole));
                }
                ')' => {
                    self.depth -= 1;
                    self.term();
                }
                '[' => self.class(at)?,
                '\\' => self.escape()?,
                '*' | '+' | '?' => self.repetition(at)?,
                '{' => match self.counts()? {
                    Some(rest) => {
                        self.rest = rest;
                        self.repetition(at)?;
                    }
                    None => self.term(),
                },
                '|' => {
                    self.repeated = None;
                    self.has_term = false;
                }
                _ => self.term(),
            }
        }
        match self.depth {
            0 => Ok(()),
            _ => Err(format!("missing closing ): `{}`", self.whole)),
        }
    }

    fn term(&mut self) {
        self.repeated = None;
        self.has_term = true;
    }

    fn open(&mut self, at: &'a str) -> Done {
        self.depth += 1;
        self.repeated = None;
        self.has_term = false;
        let Some(inside) = self.rest.strip_prefix('?') else { return Ok(()) };
        for name in ["P<", "<"] {
            let Some(named) = inside.strip_prefix(name) else { continue };
            if named.starts_with(['=', '!']) {
                break;
            }
            let Some((name, rest)) = named.split_once('>') else {
                return Err(format!("invalid named capture: `{at}`"));
            };
            let is_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
            if name.is_empty() || !name.chars().all(is_name) {
                let length = at.len() - rest.len();
                return Err(format!("invalid named capture: `{}`", &at[..length]));
            }
            self.rest = rest;
            return Ok(());
        }
        // Flags, up to a colon or the end of the group.
        let flags = inside.trim_start_matches(|c| "imsU-".contains(c));
        match flags.chars().next() {
            Some(':') => {
                self.rest = &flags[1..];
                Ok(())
            }
            Some(')') if flags.len() < inside.len() => {
                self.rest = flags;
                Ok(())
            }
            None => Err(format!("missing argument to repetition operator: `{}`", '?')),
            Some(c) => {
                let length = at.len() - flags.len() + c.len_utf8();
                Err(format!("invalid or unsupported Perl syntax: `{}`", &at[..length]))
            }
        }
    }

    fn repetition(&mut self, at: &'a str) -> Done {
        if at.starts_with(['*', '+', '?', '{']) {
            self.rest = self.rest.strip_prefix('?').unwrap_or(self.rest);
        }
        let own = |from: &'a str, to: &str| &from[..from.len() - to.len()];
        if let Some(before) = self.repeated {
            let shown = own(before, self.rest);
            return Err(format!("invalid nested repetition operator: `{shown}`"));
        }
        if !self.has_term {
            let shown = own(at, self.rest);
            return Err(format!("missing argument to repetition operator: `{shown}`"));
        }
        self.repeated = Some(at);
        Ok(())
    }

    /// What stands behind `1,2}`; none if these are no counts.
    fn counts(&self) -> Result<Option<&'a str>, String> {
        let Some((inside, rest)) = self.rest.split_once('}') else { return Ok(None) };
        let (least, most) = match inside.split_once(',') {
            Some((least, most)) => (least, Some(most)),
            None => (inside, None),
        };
        let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if least.is_empty() || !is_number(least) || !most.is_none_or(is_number) {
            return Ok(None);
        }
        let count = |text: &str| text.parse().unwrap_or(u32::MAX);
        let (low, high) = (count(least), most.filter(|it| !it.is_empty()).map(count));
        if low > MOST || high.is_some_and(|high| high > MOST || high < low) {
            return Err(format!("invalid repeat count: `{{{inside}}}`"));
        }
        Ok(Some(rest))
    }

    fn escape(&mut self) -> Done {
        self.term();
        let Some(c) = self.rest.chars().next() else {
            return Err("trailing backslash at end of expression: ``".into());
        };
        self.rest = &self.rest[c.len_utf8()..];
        if c == 'Q' {
            let end = self.rest.find("\\E").map_or(self.rest.len(), |at| at + 2);
            self.rest = &self.rest[end..];
            return Ok(());
        }
        if c.is_ascii_alphanumeric() && !"pPAzbBdDsSwWxafntrvC01234567".contains(c) {
            return Err(format!("invalid escape sequence: `\\{c}`"));
        }
        // What the braces hold is no count.
        if matches!(c, 'p' | 'P' | 'x')
            && let Some((_, rest)) = self.rest.strip_prefix('{').and_then(|it| it.split_once('}'))
        {
            self.rest = rest;
        }
        Ok(())
    }

    fn class(&mut self, at: &'a str) -> Done {
        let missing = || format!("missing closing ]: `{at}`");
        let mut rest = self.rest.strip_prefix('^').unwrap_or(self.rest);
        let mut is_first = true;
        loop {
            if rest.is_empty() {
                return Err(missing());
            }
            if rest.starts_with(']') && !is_first {
                break;
            }
            is_first = false;
            if let Some(named) = rest.strip_prefix("[:")
                && let Some((name, behind)) = named.split_once(":]")
            {
                if !CLASSES.contains(&name.trim_start_matches('^')) {
                    return Err(format!("invalid character class range: `[:{name}:]`"));
                }
                rest = behind;
                continue;
            }
            let (low, behind) = member(rest).ok_or_else(missing)?;
            if let Some(range) = behind.strip_prefix('-')
                && !range.starts_with(']')
                && let Some((high, end)) = member(range)
            {
                if low.zip(high).is_some_and(|(low, high)| high < low) {
                    let shown = &rest[..rest.len() - end.len()];
                    return Err(format!("invalid character class range: `{shown}`"));
                }
                rest = end;
                continue;
            }
            rest = behind;
        }
        self.rest = &rest[1..];
        self.term();
        Ok(())
    }
}

/// A character of a class, if it stands for one, and what stands behind it.
fn member(text: &str) -> Option<(Option<char>, &str)> {
    let c = text.chars().next()?;
    let behind = &text[c.len_utf8()..];
    if c != '\\' {
        return Some((Some(c), behind));
    }
    let escaped = behind.chars().next()?;
    let behind = &behind[escaped.len_utf8()..];
    let own = (!escaped.is_ascii_alphanumeric()).then_some(escaped);
    Some((own, behind))
}
