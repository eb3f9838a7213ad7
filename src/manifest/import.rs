//! Several files, or one, as one text.

/// The files' texts as one manifest: each a document or more, untouched but for what separates them.
///
/// A byte order mark stays only at the very beginning.
pub fn join(files: &[String]) -> String {
    let mut text = String::new();
    for file in files {
        if text.is_empty() {
            text.push_str(file);
            continue;
        }
        let file = file.trim_start_matches('\u{feff}');
        let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
        if !text.ends_with('\n') {
            text.push_str(eol);
        }
        if !file.starts_with("---") {
            text.push_str("---");
            text.push_str(eol);
        }
        text.push_str(file);
    }
    text
}

/// What a text area gives back, with the line ends that it took out of `old`.
///
/// Lines before and after what was typed keep their ends; what is new ends as the first line does.
pub fn with_line_ends(old: &str, typed: &str) -> String {
    if !old.contains('\r') || typed.contains('\r') {
        return typed.into();
    }
    let eol =
        if old.split('\n').next().is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" };
    let before: Vec<&str> = old.split_inclusive('\n').collect();
    let after: Vec<&str> = typed.split_inclusive('\n').collect();
    let bare = |line: &str| line.trim_end_matches(['\r', '\n']).to_owned();
    let same =
        |(a, b): &(&&str, &&str)| bare(a) == bare(b) && b.ends_with('\n') == a.ends_with('\n');
    let head = before.iter().zip(&after).take_while(same).count();
    let (a, b) = (&before[head..], &after[head..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    let mut text: String = before[..head].concat();
    for line in &b[..b.len() - tail] {
        text.push_str(&bare(line));
        if line.ends_with('\n') {
            text.push_str(eol);
        }
    }
    text + &before[before.len() - tail..].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_files_with_separators_where_there_are_none() {
        let join =
            |files: &[&str]| join(&files.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
        assert_eq!(join(&["a: 1"]), "a: 1");
        assert_eq!(join(&["a: 1", "b: 2\n", "---\nc: 3"]), "a: 1\n---\nb: 2\n---\nc: 3");
        assert_eq!(join(&["\u{feff}a: 1\r\n", "\u{feff}b: 2"]), "\u{feff}a: 1\r\n---\r\nb: 2");
        assert_eq!(join(&[]), "");
    }

    #[test]
    fn line_ends_outlive_a_text_area() {
        let area = |text: &str| text.replace("\r\n", "\n");
        let old = "a: 1\r\nb: 2\nc: 3\r\n";
        assert_eq!(with_line_ends(old, &area(old)), old);
        assert_eq!(
            with_line_ends(old, "a: 1\nx: 9\nb: 2\nc: 3\n"),
            "a: 1\r\nx: 9\r\nb: 2\nc: 3\r\n"
        );
        assert_eq!(with_line_ends(old, "a: 1\nb: 2\nc: 4\n"), "a: 1\r\nb: 2\nc: 4\r\n");
        assert_eq!(with_line_ends(old, "b: 2\n"), "b: 2\r\n");
        assert_eq!(with_line_ends("a\n", "b\n"), "b\n");
        assert_eq!(with_line_ends("a\r\nb", "a\nb"), "a\r\nb");
    }
}
