//! Names in camel, snake and kebab case.
//!
//! Upstream: `github.com/huandu/xstrings`, convert.go.

fn is_connector(c: char) -> bool {
    matches!(c, '-' | '_') || c.is_whitespace()
}

/// `FirstName`. A connector at the beginning stays.
pub fn pascal(text: &str) -> String {
    let start = text.find(|c| !is_connector(c)).unwrap_or(text.len());
    let (before, rest) = text.split_at(start);
    let mut out = before.to_owned();
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return out };
    let mut is_first_upper = first.is_uppercase();
    let mut last = upper(first);
    for mut c in chars {
        let before = last;
        if is_connector(c) && is_connector(before) {
            out.push(before);
            continue;
        }
        if is_connector(before) {
            is_first_upper = c.is_uppercase();
            c = upper(c);
        } else {
            if is_first_upper {
                match c.is_uppercase() {
                    true => c = small(c),
                    false => is_first_upper = false,
                }
            }
            out.push(before);
        }
        last = c;
    }
    out.push(last);
    out
}

fn upper(c: char) -> char {
    c.to_uppercase().next().unwrap_or(c)
}

fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// What a word is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nothing,
    Number,
    Upper,
    Small,
    Connector,
    Mark,
    Other,
}

fn is_mark(c: char) -> bool {
    // Of ASCII, these are symbols rather than marks.
    c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c)
}

/// The first word of a text, and what stands behind it.
fn next(text: &str) -> (Kind, &str, &str) {
    let Some(first) = text.chars().next() else { return (Kind::Nothing, "", "") };
    let behind = &text[first.len_utf8()..];
    let run = |is_one: &dyn Fn(char) -> bool| {
        first.len_utf8() + behind.len() - behind.trim_start_matches(is_one).len()
    };
    let is_small = |c: char| c.is_alphabetic() && !c.is_uppercase();
    let (kind, length) = match first {
        c if is_connector(c) => (Kind::Connector, run(&is_connector)),
        c if is_mark(c) => (Kind::Mark, run(&is_mark)),
        c if c.is_uppercase() => (Kind::Upper, upper_word(text, first, behind, &is_small)),
        c if c.is_alphabetic() => (Kind::Small, run(&is_small)),
        c if c.is_numeric() => (Kind::Number, run(&char::is_numeric)),
        _ => {
            let is_other =
                |c: char| !(is_connector(c) || c.is_alphabetic() || c.is_numeric() || is_mark(c));
            (Kind::Other, run(&is_other))
        }
    };
    (kind, &text[..length], &text[length..])
}

/// How long a word is that begins with a capital: of `HTTPStatus`, `HTTP`.
fn upper_word(text: &str, first: char, behind: &str, is_small: &dyn Fn(char) -> bool) -> usize {
    match behind.chars().next() {
        Some(second) if second.is_uppercase() => {
            let rest = text.trim_start_matches(char::is_uppercase);
            let length = text.len() - rest.len();
            let last = text[..length].chars().next_back().map_or(0, char::len_utf8);
            if rest.starts_with(char::is_alphabetic) { length - last } else { length }
        }
        Some(second) if second.is_alphabetic() => {
            text.len() - behind.trim_start_matches(is_small).len()
        }
        _ => first.len_utf8(),
    }
}

/// `first_name`, `first-name`.
pub fn lower(text: &str, connector: char) -> String {
    let mut out = String::new();
    let put = |out: &mut String, kind: Kind, word: &str| match kind {
        Kind::Connector => out.extend(word.chars().map(|_| connector)),
        Kind::Upper => out.extend(word.chars().map(small)),
        _ => out.push_str(word),
    };
    let goes_on = |kind: Kind| matches!(kind, Kind::Small | Kind::Number);
    let parts = |kind: Kind| !matches!(kind, Kind::Nothing | Kind::Mark | Kind::Connector);
    let (mut kind, mut word, mut rest) = next(text);
    while !rest.is_empty() {
        if kind != Kind::Connector {
            put(&mut out, kind, word);
        }
        let before = (kind, word);
        (kind, word, rest) = next(rest);
        match before.0 {
            Kind::Number => {
                while goes_on(kind) {
                    put(&mut out, kind, word);
                    (kind, word, rest) = next(rest);
                }
                out.extend(parts(kind).then_some(connector));
            }
            Kind::Connector => put(&mut out, before.0, before.1),
            Kind::Mark => {}
            _ if kind != Kind::Number => {
                let parts = kind != Kind::Connector && kind != Kind::Mark;
                out.extend(parts.then_some(connector));
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = word;
                (kind, word, rest) = next(rest);
                // A number is part of the word before it, unless small letters follow.
                if kind != Kind::Small {
                    out.push_str(number);
                    let parts = kind != Kind::Connector && kind != Kind::Mark;
                    out.extend(parts.then_some(connector));
                    continue;
                }
                out.push(connector);
                out.push_str(number);
                while goes_on(kind) {
                    put(&mut out, kind, word);
                    (kind, word, rest) = next(rest);
                }
                out.extend(parts(kind).then_some(connector));
            }
        }
    }
    put(&mut out, kind, word);
    out
}
