//! How a text is written so that a POSIX shell reads it as one word, a comment, or a program's input.

use super::visible;

/// One word, whatever the text holds: in single quotes unless it is plain. A shell knows no NUL.
pub fn quoted_word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@%+=:,./_-".contains(&byte);
    match !text.is_empty() && text.bytes().all(is_plain) {
        true => text.into(),
        false => format!("'{}'", text.replace('\0', "\u{fffd}").replace('\'', "'\\''")),
    }
}

/// A comment of one line.
pub fn comment(text: &str) -> String {
    format!("# {}", visible::line(text))
}

/// A command that reads a text, as a here-document in which nothing is expanded.
pub fn here_document(command: &str, text: &str) -> String {
    let mut mark = String::from("EOF");
    while text.lines().any(|line| line == mark) {
        mark.push('_');
    }
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{command} <<'{mark}'\n{text}{end}{mark}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_one_word() {
        let cases = [
            ("web-0", "web-0"),
            ("a/b:c=d,e@f%g", "a/b:c=d,e@f%g"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", "'it'\\''s'"),
            ("$(x)`y`;\n", "'$(x)`y`;\n'"),
            ("~", "'~'"),
            ("a\0b", "'a\u{fffd}b'"),
            ("é", "'é'"),
        ];
        for (text, written) in cases {
            assert_eq!(quoted_word(text), written);
        }
        assert_eq!(comment("a\nrm -rf ~\r\u{202e}"), "# a rm -rf ~\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_here_document_ends_where_the_text_does() {
        assert_eq!(here_document("cat", "a\nEOF\nb"), "cat <<'EOF_'\na\nEOF\nb\nEOF_\n");
        assert_eq!(here_document("cat", "EOF\r\nEOF_\n"), "cat <<'EOF__'\nEOF\r\nEOF_\nEOF__\n");
    }
}
