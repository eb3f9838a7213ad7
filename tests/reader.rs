//! The reader of manifests takes the texts that kubectl takes, reads the same objects from them, and
//! refuses the others.
//!
//! `scripts/record-reader/record.mjs` recorded what kubectl's own reader (k8s.io/cli-runtime 0.36.3)
//! makes of damaged manifests, without validating them.

use crate::fuzz::whole;
use flate2::read::GzDecoder;
use serde_json::Value;
use statefulset_playground::manifest::{Diagnostic, Manifest, Refusal};
use std::fs::File;
use std::io::Read;

fn recorded() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/reader/damaged.jsonl.gz");
    let mut lines = String::new();
    GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut lines).unwrap();
    let cases = lines.split('\n').filter(|line| !line.is_empty());
    cases.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Why no object is taken from the text, as kubectl says it without a file's name.
fn refusal(manifest: &Manifest) -> Option<String> {
    let told = |found| match manifest.refusal_without_validation(found)? {
        Refusal::Unparsed(words) => Some(format!("error parsing FILE: {words}")),
        Refusal::Undecoded(words) => Some(format!("unable to decode \"FILE\": {words}")),
        Refusal::Invalid(_) => None,
    };
    manifest.diagnostics.iter().find_map(told)
}

/// Numbers as what they come to: `1.0` and 1 are the same to kubectl.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::from(whole),
            None => Value::from(format!("{:?}", number.as_f64())),
        },
        Value::Array(items) => items.iter().map(comparable).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), comparable(value))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn reads_what_kubectl_reads() {
    let (mut same, mut refused, mut worded) = (0, 0, 0);
    let mut differ = Vec::new();
    let cases = recorded();
    for case in &cases {
        let text = case["text"].as_str().unwrap();
        let manifest = Manifest::parse(text);
        let ours = refusal(&manifest);
        match (&ours, case["error"].as_str()) {
            (Some(ours), Some(theirs)) => {
                refused += 1;
                worded += usize::from(ours == theirs);
            }
            (None, None) => {
                let read: Value = manifest.documents.iter().map(|it| it.json()).collect();
                let theirs = case.get("objects").cloned().unwrap_or(Value::Array(Vec::new()));
                match comparable(&read) == comparable(&theirs) {
                    true => same += 1,
                    false => differ.push(format!("{text:?}: {read}, kubectl {theirs}")),
                }
            }
            (ours, theirs) => differ.push(format!("{text:?}: {ours:?}, kubectl {theirs:?}")),
        }
    }
    println!(
        "cases {}, same objects {same}, both refuse {refused} (in the same words {worded}), differ {}",
        cases.len(),
        differ.len()
    );
    assert!(cases.len() > 2_000 && same > 1_000 && refused > 1_000, "the recording is there");
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(worded * 100 >= refused * 95, "only {worded} refusals in kubectl's words");
}

#[test]
fn nothing_of_a_recorded_text_is_lost() {
    for case in recorded() {
        whole::check(case["text"].as_str().unwrap());
    }
}

#[test]
fn what_a_library_lost_is_read() {
    let data = |text: &str| Manifest::parse(text).documents[0].json();
    let text = "a: |\n  ^ < ` | >\n  !b,\nc: d\n";
    assert_eq!(data(text), serde_json::json!({"a": "^ < ` | >\n!b,\n", "c": "d"}));
    let text = "# ^ < ` | >\n# go!,\na: {b: c}\n";
    assert_eq!(data(text), serde_json::json!({"a": {"b": "c"}}));
}

#[test]
fn what_kubectl_passes_over_is_told() {
    let told = |text: &str| -> Vec<(String, String)> {
        let manifest = Manifest::parse(text);
        let shown = |it: &Diagnostic| (text[it.range.clone()].to_owned(), it.message.clone());
        let passed = manifest.diagnostics.iter().map(shown);
        passed.filter(|(_, message)| message.starts_with("kubectl ")).collect()
    };
    let after = "kubectl does not read what follows the end of a document; `---` on a line of its own \
                 begins another one";
    assert_eq!(told("a: 1\n...\nb: 2\n"), [("b: 2".to_owned(), after.to_owned())]);
    assert_eq!(told("a: 1\r---\rb: 2\r")[0].0, "---\rb: 2");
    let nothing = "kubectl passes over a document that says nothing";
    assert_eq!(told("a: 1\n---\n~ # x\n"), [("~ # x".to_owned(), nothing.to_owned())]);
    assert_eq!(told("a: 1\n...\n# b\n"), []);
}
