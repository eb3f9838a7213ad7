//! Which characters of a text are not seen, and what stands in their place in what leaves the page.
//!
//! A reader must see what a file holds: characters that move the cursor, turn the order of a line
//! around (<https://trojansource.codes>) or have no width would hide a part of it.

/// Whether a character is a control character or one that no one sees; `\n` and `\t` are, too.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text of several lines hides something: a tab or an ordinary end of a line does not.
pub fn hides(text: &str) -> bool {
    text.replace("\r\n", "\n").chars().any(|c| is_hidden(c) && !matches!(c, '\n' | '\t'))
}

/// A text on one line.
pub fn line(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => ' ',
        c if is_hidden(c) => '\u{fffd}',
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(shown).collect()
}

/// A text of several lines.
pub fn lines(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c };
    text.replace("\r\n", "\n").chars().map(shown).collect()
}

/// JSON with what is not seen escaped, which is the same JSON: such characters stand in its texts
/// alone.
pub fn json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match is_hidden(c) && c != '\n' {
            true => {
                let units = &mut [0; 2];
                for unit in c.encode_utf16(units).iter() {
                    text += &format!("\\u{unit:04x}");
                }
            }
            false => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stays_hidden() {
        assert_eq!(line("a\r\nb\tc\0\u{202e}d"), "a b c\u{fffd}\u{fffd}d");
        assert_eq!(lines("a\r\n\tb\rc\u{200b}"), "a\n\tb\u{fffd}c\u{fffd}");
        assert!(
            !hides("a: é 漢\r\n\tb\n") && hides("a\rb") && hides("\u{2066}") && hides("\u{1b}[")
        );
        let value = serde_json::json!({"a\u{7f}": "\u{e0041}\u{2028}\n\u{85}x"});
        let written = json(&format!("{value:#}"));
        assert!(!hides(&written), "{written:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), value);
    }
}
