//! The form never touches what it does not change: any edits, any layout.

pub mod generated;
mod layouts;
mod values;

use crate::draws::Draws;
use crate::never_panics::cases;
use flate2::read::GzDecoder;
use generated::Style;
use layouts::layouts;
use proptest::prelude::*;
use serde_json::Value;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::{self, Control, FIELDS, FormField, ProbeField};
use statefulset_playground::manifest::{Edited, Manifest, diff_lines};
use std::fs::File;
use std::io::Read;
use values::any_value;

/// Applies one edit and checks everything that must hold of it.
fn edit(text: &str, at: usize, value: Option<&str>) -> Option<String> {
    edit_set(text, 0, at, value)
}

/// The same of the n-th StatefulSet, from 0.
fn edit_set(text: &str, set: usize, at: usize, value: Option<&str>) -> Option<String> {
    let field = &FIELDS[at % FIELDS.len()];
    let parse = |text: &str| Manifest::parse(text).selecting(set);
    let manifest = parse(text);
    let before = form::get(&manifest, field.field);
    let edited = form::set(&manifest, field.field, value).ok()?;
    let after = parse(&edited.text);
    let off = field.control == Control::Switch && value == Some("false");
    let wanted = if off { None } else { value.map(str::to_owned) };
    assert_eq!(form::get(&after, field.field), wanted, "{:?} in\n{}", field.field, edited.text);
    untouched_lines_stay(text, &edited);
    assert_eq!(after.documents.len(), manifest.documents.len());
    // OnDelete takes `rollingUpdate` along, which unsetting cannot bring back.
    let takes_along = value == Some("OnDelete") && text.contains("rollingUpdate");
    let was_null = text.contains("replicas:\n") && field.label == "Replicas";
    // A probe that is on has some handler.
    let stays = matches!(field.field, FormField::Probe(_, ProbeField::Handler));
    if before.is_none() && wanted.is_some() && !takes_along && !was_null && !stays {
        let back = form::set(&after, field.field, None)
            .unwrap_or_else(|error| panic!("{:?} {error} unset in\n{}", field.field, edited.text));
        assert!(
            back.text == text,
            "{:?} set to {value:?} and unset, {:?} of\n{text}",
            field.field,
            diff_lines(text, &back.text)
        );
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
    #![proptest_config(cases(150))]

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

/// Drawn edits of drawn layouts, of manifests that were recorded, and of several sets in one text.
fn edits(seed: u64) {
    let mut draws = Draws(seed);
    let recorded = recorded();
    let mut done = 0;
    let mut layouts = 0;
    while done < EDITS {
        let (start, sets) = match draws.below(4) {
            0 => (recorded[draws.below(recorded.len())].clone(), 1),
            _ => generated::text(draws.below(EXAMPLES.len()), &Style::drawn(&mut draws)),
        };
        layouts += 1;
        let mut text = start;
        for _ in 0..25 {
            let at = draws.below(FIELDS.len());
            let field = &FIELDS[at];
            let values = values::valid_values(field.control, field.field);
            let value = (draws.below(6) > 0).then(|| values[draws.below(values.len())]);
            let others = other_documents(&text, draws.below(sets));
            let set = others.0;
            if let Some(edited) = edit_set(&text, set, at, value) {
                if !takes_others_along(field.field) {
                    assert_eq!(other_documents(&edited, set).1, others.1, "{edited}");
                }
                text = edited;
                done += 1;
            }
        }
    }
    println!("{done} edits of {layouts} layouts");
}

/// Edits of one test, of which there are four.
const EDITS: usize = 2_600;

#[test]
fn drawn_edits() {
    edits(7);
}

#[test]
fn more_drawn_edits() {
    edits(77);
}

#[test]
fn still_more_drawn_edits() {
    edits(777);
}

#[test]
fn the_last_drawn_edits() {
    edits(7777);
}

/// Fields whose Service changes along.
fn takes_others_along(field: FormField) -> bool {
    matches!(field, FormField::Namespace | FormField::ServiceName | FormField::ContainerPort)
}

/// A set's number, and the texts of all other documents; none where all are in one.
fn other_documents(text: &str, set: usize) -> (usize, Vec<String>) {
    let manifest = Manifest::parse(text);
    let mut sets = 0;
    let mut others = Vec::new();
    for document in manifest.documents.iter().filter(|document| !document.is_item) {
        let is_set = document.kind == "StatefulSet";
        if !(is_set && sets == set) {
            others.push(text[document.range.clone()].trim().to_owned());
        }
        sets += usize::from(is_set);
    }
    (set, others)
}

/// Manifests with a StatefulSet from recordings. Not those with a key that has no value: whether it
/// was there before something was set below it cannot be told afterwards.
fn recorded() -> Vec<String> {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/apiserver/validation.jsonl.gz");
    let mut lines = String::new();
    GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut lines).unwrap();
    let texts = lines.lines().map(|line| {
        let case: Value = serde_json::from_str(line).unwrap();
        case["manifest"].as_str().unwrap().to_owned()
    });
    let has_null = |text: &str| {
        let documents = Manifest::parse(text).documents;
        documents
            .iter()
            .any(|each| each.kind.is_empty() || each.json().to_string().contains(":null"))
    };
    texts
        .filter(|text| !has_null(text))
        .filter(|text| form::set(&Manifest::parse(text), FormField::Name, Some("x")).is_ok())
        .collect()
}
