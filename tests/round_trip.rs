//! The form never touches what it does not change: any edits, any layout.

#[path = "round_trip/layouts.rs"]
mod layouts;
#[path = "round_trip/values.rs"]
mod values;

use layouts::layouts;
use proptest::prelude::*;
use statefulset_playground::manifest::form::{self, Control, FIELDS};
use statefulset_playground::manifest::{Edited, Manifest};
use values::any_value;

/// Applies one edit and checks everything that must hold of it.
fn edit(text: &str, at: usize, value: Option<&str>) -> Option<String> {
    let field = &FIELDS[at % FIELDS.len()];
    let manifest = Manifest::parse(text);
    let before = form::get(&manifest, field.field);
    let edited = form::set(&manifest, field.field, value).ok()?;
    let after = Manifest::parse(&edited.text);
    let off = field.control == Control::Switch && value == Some("false");
    let wanted = if off { None } else { value.map(str::to_owned) };
    assert_eq!(form::get(&after, field.field), wanted, "{:?} in\n{}", field.field, edited.text);
    untouched_lines_stay(text, &edited);
    assert_eq!(after.documents.len(), manifest.documents.len());
    // OnDelete takes `rollingUpdate` along, which unsetting cannot bring back.
    let takes_along = value == Some("OnDelete") && text.contains("rollingUpdate");
    let was_null = text.contains("replicas:\n") && field.label == "Replicas";
    if before.is_none() && wanted.is_some() && !takes_along && !was_null {
        let back = form::set(&after, field.field, None).expect("what was set can be unset");
        assert_eq!(back.text, text, "{:?} set to {value:?} and unset", field.field);
    }
    Some(edited.text)
}

/// The patches are apart, in order, lead to the new text, and changed lines are within them.
fn untouched_lines_stay(old: &str, edited: &Edited) {
    let mut rebuilt = String::new();
    let mut at = 0;
    for patch in &edited.patches {
        assert!(patch.range.start >= at, "patches overlap");
        rebuilt.push_str(&old[at..patch.range.start]);
        rebuilt.push_str(&patch.replacement);
        at = patch.range.end;
    }
    rebuilt.push_str(&old[at..]);
    assert_eq!(rebuilt, edited.text);
    let kept = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let changed: Vec<usize> = edited.changed_lines.iter().map(|line| *line as usize - 1).collect();
    let new = kept(&edited.text);
    let mut old_lines = kept(old).into_iter();
    for (at, line) in new.iter().enumerate().filter(|(at, _)| !changed.contains(at)) {
        assert!(old_lines.any(|old| old == *line), "line {} is new: {line}", at + 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_of_any_layout(
        layout in 0..layouts().len(),
        edits in prop::collection::vec((any::<usize>(), any_value()), 1..12),
    ) {
        let mut text = layouts()[layout].clone();
        for (at, value) in edits {
            if let Some(edited) = edit(&text, at, value.as_deref()) {
                text = edited;
            }
        }
    }
}

#[test]
fn every_field_of_every_layout() {
    let mut done = 0;
    for text in layouts() {
        for (at, field) in FIELDS.iter().enumerate() {
            for value in values::valid_values(field.control, field.field) {
                done += usize::from(edit(&text, at, Some(value)).is_some());
            }
            done += usize::from(edit(&text, at, None).is_some());
        }
    }
    assert!(done > 500, "only {done} edits could be made");
}
