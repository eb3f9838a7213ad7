//! Long lines of YAML, folded as libyaml folds them.
//!
//! Upstream: `go.yaml.in/yaml/v2/emitterc.go`, yaml_emitter_write_plain_scalar,
//! yaml_emitter_write_single_quoted_scalar.

/// Behind so many characters, a line ends at the next blank.
const WIDTH: usize = 80;

/// YAML whose long texts are folded.
pub fn folded(yaml: &str) -> String {
    let mut out = String::with_capacity(yaml.len());
    // How far lines of a block of text are indented more than.
    let mut block: Option<usize> = None;
    for line in yaml.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_text = block.is_some_and(|owner| indent > owner || line == "\n");
        if is_text {
            out.push_str(line);
            continue;
        }
        let (owner, value) = parts(line.trim_end_matches('\n'));
        block = value.starts_with('|').then_some(owner);
        match line.len() > WIDTH && !value.starts_with(['|', '"']) {
            true => {
                fold(line, line.len() - line.trim_end_matches('\n').len(), owner, value, &mut out)
            }
            false => out.push_str(line),
        }
    }
    out
}

/// The column of the key or dash that a value belongs to, and the value.
fn parts(line: &str) -> (usize, &str) {
    let mut at = line.len() - line.trim_start_matches(' ').len();
    let mut owner = at;
    while let Some(rest) = line[at..].strip_prefix("- ") {
        owner = at;
        at += 2 + (rest.len() - rest.trim_start_matches(' ').len());
    }
    let rest = &line[at..];
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let end = match quote {
        Some(quote) => rest[1..].rfind(quote).map_or(rest.len(), |end| end + 2),
        None => 0,
    };
    // A key in quotes ends at its quote; a value in quotes ends the line.
    let key = match quote {
        Some(quote) => rest.find(&format!("{quote}: ")).filter(|key| *key > 0).map(|key| key + 1),
        None => rest[end..].find(": "),
    };
    match key {
        Some(key) => (at, &rest[key + 2..]),
        None => (owner, rest),
    }
}

fn fold(line: &str, breaks: usize, owner: usize, value: &str, out: &mut String) {
    let start = line.len() - breaks - value.len();
    out.push_str(&line[..start]);
    let mut column = line[..start].chars().count();
    let chars: Vec<char> = value.chars().collect();
    let is_quoted = chars.first() == Some(&'\'');
    let blank = |at: usize| chars.get(at) == Some(&' ');
    for (at, c) in chars.iter().enumerate() {
        let is_single = *c == ' ' && !blank(at + 1) && !(at > 0 && blank(at - 1));
        // A text in quotes keeps the blanks at its ends.
        let is_inside = !is_quoted || (at > 1 && at + 2 < chars.len());
        if is_single && is_inside && column > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(owner + 2));
            column = owner + 2;
            continue;
        }
        out.push(*c);
        column += 1;
    }
    out.push_str(&line[line.len() - breaks..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_folded_and_blocks_are_not() {
        let long = "word ".repeat(20);
        let text = format!("a: {long}end\nb: |\n  {long}\nc: 'x: {long}'\n");
        let first = format!("{}word", "word ".repeat(15));
        assert!(folded(&text).starts_with(&format!("a: {first}\n  word")), "{}", folded(&text));
        assert!(folded(&text).contains(&format!("|\n  {long}\n")));
        assert_eq!(folded("a: b\n"), "a: b\n");
    }
}
