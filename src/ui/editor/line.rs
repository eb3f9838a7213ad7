//! One line of YAML in colours: enough to tell keys, values and comments apart.

use yew::prelude::*;

/// What is to be noticed about a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    None,
    Changed,
    Warning,
    Error,
}

#[derive(Properties, PartialEq)]
pub struct Props {
    /// From 1.
    pub number: u32,
    pub text: AttrValue,
    pub mark: Mark,
}

/// A line with its number.
#[component]
pub fn Line(props: &Props) -> Html {
    let mark = match props.mark {
        Mark::None => None,
        Mark::Changed => Some("line--changed"),
        Mark::Warning => Some("line--warning"),
        Mark::Error => Some("line--error"),
    };
    let parts = parts(&props.text);
    html! {
        <div class={classes!("line", mark)}>
            <span class="line__number">{ props.number }</span>
            <span class="line__text">
                { for parts.into_iter().map(|(kind, text)| match kind {
                    Part::Plain => html! { { text } },
                    Part::Key => html! { <span class="yaml__key">{ text }</span> },
                    Part::Number => html! { <span class="yaml__number">{ text }</span> },
                    Part::Comment => html! { <span class="yaml__comment">{ text }</span> },
                }) }
            </span>
        </div>
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Plain,
    Key,
    Number,
    Comment,
}

/// Cuts a line into parts; together they are the line.
fn parts(line: &str) -> Vec<(Part, &str)> {
    let (code, comment) = line.split_at(comment_start(line));
    let indent = code.len() - code.trim_start_matches([' ', '-']).len();
    let mut parts = Vec::new();
    let value_start = match code.find(": ").or(code.strip_suffix(':').map(str::len)) {
        Some(colon) if colon >= indent && !code[indent..colon].contains(['"', '\'', '{']) => {
            parts.push((Part::Plain, &code[..indent]));
            parts.push((Part::Key, &code[indent..colon]));
            colon
        }
        _ => 0,
    };
    let value = &code[value_start..];
    let bare = value.trim_start_matches([':', ' ', '-']).trim_end();
    let number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
    parts.push((if number && value_start > 0 { Part::Number } else { Part::Plain }, value));
    parts.push((Part::Comment, comment));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// Where the comment of a line begins; its length if there is none.
fn comment_start(line: &str) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '#') if before == ' ' => return at,
            _ => {}
        }
        before = character;
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_keys_values_and_comments_apart() {
        let cases: [(&str, &[(Part, &str)]); 6] = [
            (
                "  replicas: 3",
                &[(Part::Plain, "  "), (Part::Key, "replicas"), (Part::Number, ": 3")],
            ),
            (
                "    - name: www",
                &[(Part::Plain, "    - "), (Part::Key, "name"), (Part::Plain, ": www")],
            ),
            ("spec: # all", &[(Part::Key, "spec"), (Part::Plain, ": "), (Part::Comment, "# all")]),
            ("a: \"b # c\"", &[(Part::Key, "a"), (Part::Plain, ": \"b # c\"")]),
            ("---", &[(Part::Plain, "---")]),
            ("  - é: ü", &[(Part::Plain, "  - "), (Part::Key, "é"), (Part::Plain, ": ü")]),
        ];
        for (line, expected) in cases {
            assert_eq!(parts(line), expected, "{line}");
        }
    }
}
