//! Whatever is typed or pasted, nothing panics and nothing hangs.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::{self, FIELDS};
use statefulset_playground::manifest::{Manifest, diff_lines};

/// Reads a text, sets a field of it, and looks at every place that is told.
fn survives(text: &str, field: usize, value: &str) {
    let manifest = Manifest::parse(text);
    for each in &manifest.diagnostics {
        assert!(text.get(each.range.clone()).is_some(), "{each:?} is outside of the text");
        assert!(each.line >= 1 && each.line as usize <= text.lines().count() + 1);
    }
    let field = FIELDS[field % FIELDS.len()].field;
    if let Ok(edited) = form::set(&manifest, field, Some(value)) {
        assert!(!diff_lines(text, &edited.text).is_empty() || edited.text.len() <= text.len());
    }
    let _ = form::set(&manifest, field, None);
}

/// An example with some bytes replaced, cut or repeated.
fn mutated(text: &str, edits: &[(usize, usize, String)]) -> String {
    let mut text = text.to_owned();
    for (at, length, new) in edits {
        let boundary = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let start = boundary(at % (text.len() + 1));
        let end = boundary((start + length).min(text.len())).max(start);
        text.replace_range(start..end, new);
    }
    text
}

/// This many cases, after those that failed once and are kept beside the test's file.
pub fn cases(cases: u32) -> ProptestConfig {
    let kept = FileFailurePersistence::WithSource("proptest-regressions");
    ProptestConfig { cases, failure_persistence: Some(Box::new(kept)), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn random_text(text in "[ -~\n\té-]{0,200}", field in any::<usize>(), value in ".{0,8}") {
        survives(&text, field, &value);
    }

    #[test]
    fn text_of_yaml_characters(
        text in "[a-b:{}\\[\\],&*!|>'\"%@#?\n \\-]{0,60}",
        field in any::<usize>(),
    ) {
        survives(&text, field, "x");
    }

    #[test]
    fn damaged_examples(
        example in 0..EXAMPLES.len(),
        edits in prop::collection::vec(
            (any::<usize>(), 0_usize..30, "[a-z:{}\\[\\],&*|>'\"#\n \\-]{0,6}"),
            1..6,
        ),
        field in any::<usize>(),
        value in "[ -~]{0,8}",
    ) {
        survives(&mutated(EXAMPLES[example].text(), &edits), field, &value);
    }
}

#[test]
fn a_map_whose_key_is_missing_at_the_end() {
    for text in ["? ", "? é", "a: {? ", "? [a]\n"] {
        survives(text, 0, "web");
    }
}
