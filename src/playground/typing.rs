//! Which edits are one thing to take back: characters typed or erased one after the other.

use std::ops::RangeInclusive;

/// What an edit of the text did, in bytes.
///
/// Where a character repeats its neighbour, nobody can tell which of them came or went. So a place is
/// the range of all places where it may have been.
pub(super) struct Typed {
    /// Where it may have begun, in the old text.
    starts: RangeInclusive<usize>,
    /// From where it began to where it ended: bytes that came, or less than none if some went.
    moved: isize,
    /// Whether it belongs to the typing before it: one character, and not a new line.
    pub(super) goes_on: bool,
}

impl Typed {
    /// What leads from one text to the other.
    pub(super) fn between(old: &str, new: &str) -> Self {
        let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
        let head =
            (0..=same).rev().find(|at| old.is_char_boundary(*at) && new.is_char_boundary(*at));
        let head = head.unwrap_or(0);
        let (a, b) = (&old[head..], &new[head..]);
        let back = a.chars().rev().zip(b.chars().rev());
        let tail: usize = back.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
        let (gone, come) = (&a[..a.len() - tail], &b[..b.len() - tail]);
        let (only, end) = match (gone, come) {
            ("", come) => (come, head),
            (gone, "") => (gone, head + gone.len()),
            (_, come) => return Self::at(head, head, signed(come.len()), false),
        };
        let mut characters = only.chars();
        let one = characters.next().filter(|first| characters.next().is_none() && *first != '\n');
        let before = old[..head].chars().rev().take_while(|it| Some(*it) == one).count();
        let moved = if gone.is_empty() { signed(only.len()) } else { -signed(only.len()) };
        Self::at(end - before * only.len(), end, moved, one.is_some())
    }

    fn at(first: usize, last: usize, moved: isize, goes_on: bool) -> Self {
        Self { starts: first..=last, moved, goes_on }
    }

    /// Where it may have ended, in the new text.
    pub(super) fn ends(&self) -> RangeInclusive<usize> {
        self.moved_from(*self.starts.start(), *self.starts.end())
    }

    /// Where it ended if it goes on with what ended at one of these places; none if it does not.
    pub(super) fn after(&self, ended: &RangeInclusive<usize>) -> Option<RangeInclusive<usize>> {
        let first = *self.starts.start().max(ended.start());
        let last = *self.starts.end().min(ended.end());
        (self.goes_on && first <= last).then(|| self.moved_from(first, last))
    }

    fn moved_from(&self, first: usize, last: usize) -> RangeInclusive<usize> {
        first.saturating_add_signed(self.moved)..=last.saturating_add_signed(self.moved)
    }
}

fn signed(length: usize) -> isize {
    isize::try_from(length).unwrap_or(isize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many groups these texts, one after the other, are.
    fn groups(texts: &[&str]) -> usize {
        let mut ended = None;
        let mut count = 0;
        for pair in texts.windows(2) {
            let typed = Typed::between(pair[0], pair[1]);
            let going_on = ended.and_then(|ended| typed.after(&ended));
            count += usize::from(going_on.is_none());
            ended = going_on.or_else(|| typed.goes_on.then(|| typed.ends()));
        }
        count
    }

    #[test]
    fn typing_goes_on_where_it_ended() {
        let cases: [(&[&str], usize); 10] = [
            (&["", "a", "ab", "abc"], 1),
            (&["# x", "## x", "### x", "##a# x"], 1),
            (&["#", "##", "#a#", "#ab#"], 1),
            (&["#", "##", "##a", "##ab"], 1),
            (&["aab", "ab", "b", "cb"], 1),
            (&["é", "éé", "éaé"], 1),
            (&["ab", "xab", "xaby"], 2),
            (&["a", "ab", "ab\n", "ab\nc"], 3),
            (&["abc", "abcd", "xyz", "xyzw"], 3),
            (&["é1", "è1"], 1),
        ];
        for (texts, expected) in cases {
            assert_eq!(groups(texts), expected, "{texts:?}");
        }
    }
}
