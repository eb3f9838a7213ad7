//! Offsets at the edge: bytes in Rust, UTF-16 units in the browser, where a line ends with one.

use std::ops::Range;

/// The text as the browser's editor has it.
pub fn shown(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Units before bytes of a text, for offsets in any order.
pub fn to_units(text: &str, bytes: &[usize]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..bytes.len()).collect();
    order.sort_by_key(|at| bytes[*at]);
    let mut found = vec![0; bytes.len()];
    let (mut at, mut units) = (0, 0);
    for index in order {
        let end = bytes[index].min(text.len());
        units += length(text, at..end);
        at = at.max(end);
        found[index] = units;
    }
    found
}

/// The byte at a unit; the end of the text behind it.
pub fn to_byte(text: &str, units: u32) -> usize {
    let mut left = units;
    for (at, c) in text.char_indices() {
        if c == '\r' && text[at + 1..].starts_with('\n') {
            continue;
        }
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(width(c));
    }
    text.len()
}

/// Units of a part of the text: of a carriage return and a line feed only the latter counts.
fn length(text: &str, range: Range<usize>) -> u32 {
    let Some(part) = text.get(range.clone()) else { return 0 };
    let is_shown =
        |(at, c): &(usize, char)| *c != '\r' || !text[range.start + at + 1..].starts_with('\n');
    part.char_indices().filter(is_shown).map(|(_, c)| width(c)).sum()
}

fn width(c: char) -> u32 {
    u32::try_from(c.len_utf16()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_both_ways() {
        let text = "a\r\né𝄞b\r\nc";
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let units = to_units(text, &places);
        assert_eq!(units, [0, 1, 1, 2, 3, 5, 6, 6, 7]);
        for (byte, unit) in places
            .iter()
            .zip(&units)
            .filter(|(byte, _)| text[**byte..].starts_with(['a', 'é', '𝄞', 'b', 'c']))
        {
            assert_eq!(to_byte(text, *unit), *byte);
        }
        assert_eq!(to_byte(text, 99), text.len());
        assert_eq!(to_units(text, &[text.len(), 0]), [8, 0]);
        assert_eq!(shown(text), "a\né𝄞b\nc");
    }
}
