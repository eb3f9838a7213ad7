//! The reader of manifests takes the texts that libyaml takes, and refuses the others as kubectl does.

use crate::draws::Draws;
use serde::de::IgnoredAny;
use statefulset_playground::manifest::{Manifest, Refusal};

/// What YAML is made of, and some of what it is not.
const PIECES: [&str; 46] = [
    "a", "b", ":", ": ", " ", "  ", "\n", "\n  ", "\n- ", "- ", "?", "? ", "[", "]", "{", "}", ",",
    "'", "\"", "|", ">", "|\n", "&x", "*x", "!!str", "!", "#", " #", "%", "\t", "\r\n", "\r",
    "\u{85}", "\u{2028}", "é", "\\", "\\n", "\\x4", "@", "`", "<<", "1", "-", "+", "~", "\u{1}",
];

const TEXTS: usize = 60_000;

/// Texts of up to 14 pieces; the same ones each time.
fn texts() -> impl Iterator<Item = String> {
    let mut draws = Draws(7);
    let mut below = move |bound: usize| draws.below(bound);
    (0..TEXTS).map(move |_| (0..=below(14)).map(|_| PIECES[below(PIECES.len())]).collect())
}

/// What our reader says if it does not take the text for YAML.
fn refusal(text: &str) -> Option<String> {
    let manifest = Manifest::parse(text);
    // What has no place in JSON is YAML all the same.
    let is_value = |words: &str| {
        ["map key", "json: unsupported", "map merge", "cannot decode"]
            .iter()
            .any(|it| words.contains(it))
    };
    let told = |found| match manifest.refusal(found)? {
        Refusal::Unparsed(words) if !is_value(words) => {
            Some(words.split_once("to JSON: yaml: ").map_or(words, |(_, rest)| rest).to_owned())
        }
        _ => None,
    };
    manifest.diagnostics.iter().find_map(told)
}

#[test]
fn takes_what_libyaml_takes() {
    for text in texts() {
        let theirs = serde_yaml::from_str::<IgnoredAny>(&text).err().map(|it| it.to_string());
        let ours = refusal(&text);
        // kubectl does not read behind the first document, and takes other tags.
        let beyond = theirs.as_ref().is_some_and(|it| it.contains("more than one document"));
        let passed_over = Manifest::parse(&text).diagnostics;
        let beyond =
            beyond || passed_over.iter().any(|it| it.message.starts_with("kubectl does not read"));
        // A text that begins with a brace is JSON first.
        let beyond = beyond || text.trim_start().starts_with('{');
        let is_alias = ours.as_ref().is_some_and(|it| it.contains("unknown anchor"));
        if !beyond && !is_alias && !text.contains('!') && !text.contains('*') {
            assert_eq!(ours.is_some(), theirs.is_some(), "{text:?}: {ours:?}, libyaml {theirs:?}");
        }
    }
}

#[test]
fn words_and_lines_are_those_of_kubectl() {
    for (text, words) in [
        ("a: b: c\n", "mapping values are not allowed in this context"),
        ("a: 1\nb: c: d\n", "line 2: mapping values are not allowed in this context"),
        ("a:\n  b: 1\n c: 2\n", "line 2: did not find expected key"),
        ("a: [1, 2\n", "line 1: did not find expected ',' or ']'"),
        ("a: 'x", "line 2: found unexpected end of stream"),
        ("a: 'x\n", "line 2: found unexpected end of stream"),
        ("a: [!x[, !y{ b]\n", "did not find expected whitespace or line break"),
        ("a: *x\n", "unknown anchor 'x' referenced"),
    ] {
        assert_eq!(refusal(text).as_deref(), Some(words), "{text:?}");
    }
}

#[test]
fn the_last_line_is_given_an_end() {
    let value = |text: &str| Manifest::parse(text).documents[0].json()["a"].clone();
    for (text, wanted) in [
        ("a: |\n  x", "x\n"),
        ("a: |\n  x\n", "x\n"),
        ("a: |+\n  x\n\n", "x\n\n"),
        ("a: >-\n  x\n  y", "x y"),
        ("a: 'b!, c'", "b!, c"),
        ("a: b!, c # ^", "b!, c"),
        ("\u{feff}a: é", "é"),
    ] {
        assert_eq!(value(text), wanted, "{text:?}");
    }
}
