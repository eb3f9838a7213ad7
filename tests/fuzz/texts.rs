//! Readers of what a person brings beside the terminal: manifests, objects, links, kept work.

use super::inside;
use crate::draws::Draws;
use statefulset_playground::api::{Kind, Kubernetes, json, request, validate::Run};
use statefulset_playground::lesson::Lesson;
use statefulset_playground::manifest::form::{self, FIELDS};
use statefulset_playground::manifest::{Manifest, export};
use statefulset_playground::playground::{Opening, share, workspaces};
use std::io::Read;

/// What is put into texts: what means something to one of the readers.
pub const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    "\n",
    "\r\n",
    "\t",
    "#",
    "&a ",
    "*a",
    "!!int ",
    "|",
    ">",
    "'",
    "\"",
    "---\n",
    "...",
    "? ",
    "<<: *a",
    "\u{feff}",
    "\u{0}",
    "é",
    "漢",
    "99999999999999999999",
    "-1",
    "1e999",
    "0x1F",
    "null",
    "~",
    "true",
    ",",
    "  ",
    "apiVersion: v1",
    "kind: List\nitems:",
    "{{",
    "%YAML 1.2\n",
    "=",
];

/// Reads a manifest, looks at what is told of it, and takes it away.
pub fn parse(text: &str, _: &mut Draws) {
    let manifest = Manifest::parse(text);
    for found in manifest.diagnostics.iter().chain(&manifest.hints()) {
        assert!(text.get(found.range.clone()).is_some(), "a place outside of the text");
        for fix in manifest.fixes(found) {
            let _ = fix.apply(text);
        }
    }
    let _ = export::tar_gz(&export::chart(&manifest));
    let _ = export::kustomization(&manifest);
}

/// What YAML is written with, and what it does not take.
const SPECIAL: [&str; 56] = [
    "a",
    "b",
    ":",
    ": ",
    " ",
    "  ",
    "\n",
    "\n  ",
    "\n- ",
    "- ",
    "-",
    "?",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    "\"",
    "|",
    ">",
    "|\n",
    "|2-\n",
    "&x ",
    "*x",
    "!!str ",
    "!",
    "!b, ",
    "!<c>",
    "#",
    " #",
    "%",
    "%TAG ! x\n",
    "\t",
    "\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "é",
    "\\",
    "\\n",
    "\\x4",
    "@",
    "`",
    "<<: ",
    "1.5",
    "~",
    "\u{1}",
    "---",
    "\n---\n",
    "...",
    "\n...\n",
    "\"c\": ",
    "^ < ` | >",
];

/// Manifests that are damaged already, which kubectl has read.
pub fn recorded() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/reader/damaged.jsonl.gz");
    let mut lines = String::new();
    let file = std::fs::File::open(path).expect("the recording of damaged manifests");
    flate2::read::GzDecoder::new(file).read_to_string(&mut lines).expect("it is compressed");
    let text = |line: &str| {
        let case: serde_json::Value = serde_json::from_str(line).expect("a case");
        case["text"].as_str().unwrap_or_default().to_owned()
    };
    lines.split('\n').filter(|line| !line.is_empty()).step_by(7).map(text).collect()
}

/// A text of special characters, or a damaged manifest with more damage.
pub fn special(draws: &mut Draws, seeds: &[String]) -> String {
    match draws.once_in(2) {
        true => (0..=draws.below(24)).map(|_| draws.one(&SPECIAL)).collect(),
        false => draws.input(seeds, &SPECIAL),
    }
}

/// Every character belongs to a document or to a diagnostic.
pub fn whole(text: &str, _: &mut Draws) {
    super::whole::check(text);
}

/// Sets fields of the form.
pub fn patch(text: &str, draws: &mut Draws) {
    let manifest = Manifest::parse(text).selecting(draws.below(3));
    let values = ["3", "", "a: b", "x\ny", "OnDelete", "exec", "true", "\u{feff}", "- x"];
    for _ in 0..3 {
        let field = FIELDS[draws.below(FIELDS.len())].field;
        let value = (!draws.once_in(4)).then(|| draws.one(&values));
        if let Ok(edited) = form::set(&manifest, field, value) {
            let _ = Manifest::parse(&edited.text);
        }
    }
}

/// Decodes an object as one kind and as its own.
pub fn decode(text: &str, draws: &mut Draws) {
    let kinds: Vec<Kind> = Kind::checked().collect();
    let kind = kinds[draws.below(kinds.len())];
    let kubernetes = Kubernetes::default();
    let _ = request::post(text, kind, "default", &kubernetes, Run::Dry);
    if let Ok(value) = json::parse(text) {
        let own = value.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default();
        if let Some(own) = kinds.iter().find(|kind| kind.name() == own) {
            let _ = request::create(&value, *own, "default", &kubernetes, Run::Real);
        }
    }
}

/// Opens a link.
pub fn link(text: &str, draws: &mut Draws) {
    if let Some(Ok(opening)) = Opening::of_link(text) {
        inside::play(opening);
    }
    // And damaged work in a link that is whole.
    if draws.once_in(3) {
        let opening = Opening::of_link(&share::fragment(text)).and_then(Result::ok);
        opening.into_iter().for_each(inside::play);
    }
}

/// Opens a link that an attacker has made, and takes everything away.
pub fn hostile_link(text: &str, _: &mut Draws) {
    crate::hostile_links::bring(text);
}

/// Opens kept work.
pub fn saved_state(text: &str, _: &mut Draws) {
    let _ = workspaces::import(text);
    if let Ok(opening) = Opening::of_saved(text) {
        inside::play(opening);
    }
}

/// A lesson: what is read is written so that it is read again as the same.
pub fn lesson(text: &str, _draws: &mut Draws) {
    if let Ok(lesson) = Lesson::read(text) {
        assert_eq!(Lesson::read(&lesson.to_text()).as_ref(), Ok(&lesson));
        drop((lesson.complaints(), lesson.quoted()));
    }
}
