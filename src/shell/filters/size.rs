//! How large a regular expression is, and how far a search with it may look beyond what it finds.

use std::iter::Peekable;
use std::str::Chars;

/// The most states that count: more are refused anyway.
const MOST: usize = 1 << 30;

/// What is known of an expression before it is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// How many states it has, about; a set of many ranges counts as several.
    pub states: usize,
    /// How many bytes it matches at most; none if there is no end to it.
    pub width: Option<usize>,
    /// How many groups it has.
    pub groups: usize,
    /// Whether it is a chain of characters and greedy repetitions of one. A search for the next match
    /// then never looks twice at what an earlier one looked at in vain.
    pub is_chain: bool,
}

/// A part of an expression.
#[derive(Clone, Copy)]
struct Part {
    states: usize,
    width: Option<usize>,
    is_group: bool,
    is_repeated: bool,
}

impl Part {
    fn new(states: usize, width: usize) -> Self {
        Self { states, width: Some(width), is_group: false, is_repeated: false }
    }

    fn with(self, other: Self) -> Self {
        let width = self.width.zip(other.width).map(|(own, other)| own.saturating_add(other));
        Self { states: self.states.saturating_add(other.states).min(MOST), width, ..self }
    }
}

/// What stands between two parentheses, as far as it is read.
struct Open {
    /// The branches before the one that is read.
    before: Option<Part>,
    /// The branch without its last part.
    branch: Part,
    last: Part,
}

impl Open {
    fn new() -> Self {
        Self { before: None, branch: Part::new(0, 0), last: Part::new(0, 0) }
    }

    fn push(&mut self, part: Part) {
        self.branch = self.branch.with(self.last);
        self.last = part;
    }

    fn end_branch(&mut self) {
        let branch = self.branch.with(self.last);
        self.before = Some(match self.before {
            None => branch,
            Some(before) => Part {
                states: before.states.saturating_add(branch.states).saturating_add(1).min(MOST),
                width: before.width.zip(branch.width).map(|(own, other)| own.max(other)),
                ..before
            },
        });
        (self.branch, self.last) = (Part::new(0, 0), Part::new(0, 0));
    }

    fn whole(mut self) -> Part {
        self.end_branch();
        let whole = self.before.unwrap_or(Part::new(0, 0));
        Part { states: whole.states.saturating_add(2), is_group: true, ..whole }
    }
}

/// Measures an expression in the words of the crate.
pub fn measure(pattern: &str) -> Size {
    let mut chars = pattern.chars().peekable();
    let mut open = vec![Open::new()];
    let (mut groups, mut is_chain) = (0, true);
    while let Some(c) = chars.next() {
        if c == '(' {
            groups += 1;
            open.push(Open::new());
            continue;
        }
        if c == ')' && open.len() > 1 {
            let whole = open.pop().map_or(Part::new(0, 0), Open::whole);
            if let Some(around) = open.last_mut() {
                around.push(whole);
            }
            continue;
        }
        let Some(own) = open.last_mut() else { break };
        match c {
            '|' => {
                is_chain = false;
                own.end_branch();
            }
            '*' | '+' | '?' | '{' => {
                let (least, most) = times(c, &mut chars);
                is_chain &= !own.last.is_group && !own.last.is_repeated;
                own.last = repeated(own.last, least, most);
            }
            '[' => own.push(Part::new(set(&mut chars), 4)),
            '\\' => {
                chars.next();
                own.push(Part::new(1, 4));
            }
            '.' => own.push(Part::new(1, 4)),
            '^' | '$' => own.push(Part::new(1, 0)),
            // Another case may be longer.
            _ => own.push(Part::new(1, 4)),
        }
    }
    let mut whole = Part::new(0, 0);
    while let Some(own) = open.pop() {
        whole = whole.with(own.whole());
    }
    Size { states: whole.states, width: whole.width, groups, is_chain }
}

fn repeated(part: Part, least: usize, most: Option<usize>) -> Part {
    let times = most.unwrap_or(least.saturating_add(1)).max(1);
    Part {
        states: part.states.saturating_add(1).saturating_mul(times).min(MOST),
        width: part.width.zip(most).map(|(width, most)| width.saturating_mul(most)),
        is_repeated: true,
        ..part
    }
}

/// How often a part is repeated: at least, and at most if there is a bound.
fn times(c: char, chars: &mut Peekable<Chars>) -> (usize, Option<usize>) {
    match c {
        '?' => (0, Some(1)),
        '*' => (0, None),
        '+' => (1, None),
        _ => {
            let count: String = chars.by_ref().take_while(|c| *c != '}').collect();
            let (least, most) = count.split_once(',').unwrap_or((&count, &count));
            let number = |text: &str| text.trim().parse::<usize>().ok();
            // What is no number but digits is too large for one.
            let is_bound = !most.trim().is_empty();
            (number(least).unwrap_or(0), is_bound.then(|| number(most).unwrap_or(MOST)))
        }
    }
}

/// Reads a set behind its bracket. Returns how many states it counts as.
fn set(chars: &mut Peekable<Chars>) -> usize {
    let mut length: usize = 0;
    while let Some(c) = chars.next() {
        match c {
            ']' => break,
            '\\' => drop(chars.next()),
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            _ => {}
        }
        length += 1;
    }
    1 + length / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_what_an_expression_comes_to() {
        for (pattern, at_least, at_most, width, is_chain) in [
            ("abc", 3, 5, Some(12), true),
            ("[a-z]+", 1, 8, None, true),
            ("\"[^\"]*\"", 3, 10, None, true),
            ("a{1000}b", 1_000, 2_100, Some(4_004), true),
            ("a{3,}", 4, 14, None, true),
            ("(a|bc)d", 4, 10, Some(12), false),
            ("(a*)*c", 2, 12, None, false),
            ("((a{0,99}){0,99}){0,99}", 900_000, MOST, Some(3_881_196), false),
            ("(a.*c)?a", 4, 12, None, false),
            ("(a)(b)", 2, 8, Some(8), true),
            ("a+?", 1, 8, None, false),
            ("a{99999999999999999999999}", MOST, MOST, None, true),
            ("(((", 0, 10, Some(0), true),
        ] {
            let size = measure(pattern);
            assert!((at_least..=at_most).contains(&size.states), "{pattern}: {size:?}");
            assert_eq!(size.is_chain, is_chain, "{pattern}: {size:?}");
            if size.states < MOST {
                assert_eq!(size.width, width, "{pattern}: {size:?}");
            }
        }
    }
}
