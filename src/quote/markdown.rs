//! How a text is written in Markdown so that it stays a text: no markup, no HTML, no link, no picture.
//!
//! Format: <https://spec.commonmark.org/0.31.2/>, <https://github.github.com/gfm/>.

use super::visible;

/// A text in a line: as it is if nothing in it means something, else as code.
///
/// Code is the one place where GitHub, too, makes no links of addresses and no mentions of names.
pub fn text(text: &str) -> String {
    let text = visible::line(text);
    let is_plain = |c: char| c.is_alphanumeric() || " .,:;/()\"'%+=-?".contains(c);
    let is_address = || text.contains("://") || text.to_ascii_lowercase().contains("www.");
    if text.chars().all(is_plain) && !is_address() {
        return text;
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    // Blanks around all of it would be taken off.
    format!("{fence}{space}{}{space}{fence}", text.trim())
}

/// The same in a cell of a table.
pub fn cell(cell: &str) -> String {
    // A backslash before the one that keeps a bar in its cell would take that away.
    text(&cell.replace("\\|", "\\ |")).replace('|', "\\|")
}

/// Lines between fences, of a language.
pub fn fence(language: &str, body: &str) -> String {
    let body = visible::lines(body);
    let fence = "`".repeat(longest_run(&body).max(2) + 1);
    let end = if body.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{body}{end}{fence}\n")
}

/// How many backticks at most stand side by side.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_becomes_code() {
        let cases = [
            ("web-0", "web-0"),
            ("Back-off pulling image \"nginx:1\"", "Back-off pulling image \"nginx:1\""),
            ("![x](y)", "`![x](y)`"),
            ("<img src=x>", "`<img src=x>`"),
            ("https://evil.example", "`https://evil.example`"),
            ("WWW.evil.example", "`WWW.evil.example`"),
            ("a@b.c", "`a@b.c`"),
            ("`` x`", "``` `` x` ```"),
            ("a\n# b", "`a # b`"),
            ("", ""),
        ];
        for (own, written) in cases {
            assert_eq!(text(own), written);
        }
        assert_eq!(cell("a|b\\|c"), "`a\\|b\\ \\|c`");
        assert_eq!(fence("x", "a\n```\nb"), "````x\na\n```\nb\n````\n");
    }
}
