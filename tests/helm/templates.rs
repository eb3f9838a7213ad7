//! Templates against what Helm and kubectl themselves make of them.
//!
//! Each case is a template, perhaps with arguments and files, over the chart in `tests/helm/chart`
//! (`helm template`), or over the object in `tests/helm/object.json` (`kubectl get -o go-template`).
//! `scripts/record-templates/record.mjs` recorded what they print with Helm 3.22.0 and the printer
//! of kubectl 1.37. Set `SHOW=<part of a case's name or template>` to see what differs.

use crate::draws::Draws;
use crate::kubectl::server::Server;
use flate2::read::GzDecoder;
use serde_json::Value;
use statefulset_playground::terminal::computer::Terminal;
use statefulset_playground::terminal::output::Output;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The cases that differ, each with the reason.
const DIFFERING: &str = include_str!("templates-differing.txt");
/// When the cases are played, in milliseconds since 1970: in the year of their recording.
const NOW: i64 = 1_780_272_000_000;
/// The object of kubectl's cases.
const OBJECT: &str = include_str!("object.json");

#[test]
fn templates_become_what_helm_and_kubectl_make_of_them() {
    let cases = cases();
    let mut differing = Vec::new();
    for case in &cases {
        let ours = play(case);
        let theirs = (case["output"].as_str().unwrap_or_default(), case["exit"].as_i64());
        if ours.0 != theirs.0 || Some(i64::from(ours.1)) != theirs.1 {
            show(case, &ours);
            differing.push(case["name"].as_str().unwrap_or_default());
        }
    }
    let (all, same) = (cases.len(), cases.len() - differing.len());
    println!("templates: cases {all}, identical {same}, differs {}", differing.len());
    assert!(all >= 400 && same * 100 >= all * 98, "less than 98 % are identical");
    let entries = DIFFERING.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let known: Vec<&str> =
        entries.map(|line| line.split_once(" # ").expect("a reason behind each case").0).collect();
    assert_eq!(differing, known, "tests/helm/templates-differing.txt lists what differs");
}

/// Each template with a part taken out, or with a part of another one put in: an answer is enough.
#[test]
fn damaged_templates_are_answered() {
    let mut cases = cases();
    let texts: Vec<String> =
        cases.iter().filter_map(|case| Some(case["text"].as_str()?.to_owned())).collect();
    let mut draws = Draws(1);
    let mut drawn = |below: usize| draws.below(below);
    for case in cases.iter_mut().filter(|case| case["text"].is_string()) {
        for _ in 0..rounds() {
            let mut own: Vec<char> = case["text"].as_str().unwrap_or_default().chars().collect();
            let other: Vec<char> = texts[drawn(texts.len())].chars().collect();
            let (from, length) = (drawn(own.len() + 1), drawn(6));
            let to = (from + length).min(own.len());
            let (start, more) = (drawn(other.len() + 1), drawn(12));
            let part = other[start..(start + more).min(other.len())].iter().copied();
            own.splice(from..to, part);
            let damaged: String = own.into_iter().collect();
            case["text"] = damaged.into();
            play(case);
        }
    }
}

/// How often each template is damaged: `ROUNDS=<number>` for more.
fn rounds() -> usize {
    std::env::var("ROUNDS").ok().and_then(|own| own.parse().ok()).unwrap_or(2)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn cases() -> Vec<Value> {
    let path = folder().join("conformance/helm/templates.jsonl.gz");
    let mut text = String::new();
    let file = std::fs::File::open(path).expect("the recording is there");
    GzDecoder::new(file).read_to_string(&mut text).expect("the recording is packed");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is a case")).collect()
}

/// What a case prints here, and its exit status.
fn play(case: &Value) -> (String, i32) {
    let mut terminal = Terminal::default();
    let mut put = |path: &str, text: &str| {
        terminal.files.put_back(&format!("/home/user/{path}"), text);
    };
    let mut objects = Vec::new();
    let line = match case["kubectl"].as_str() {
        Some(text) => {
            put("template", text);
            objects.push(Rc::new(serde_json::from_str(OBJECT).expect("an object")));
            "kubectl get statefulset web -o go-template-file=template".to_owned()
        }
        None => {
            lay_out(case, &mut put);
            format!("helm template rel ./chart {}", case["args"].as_str().unwrap_or_default())
        }
    };
    let mut world = Server::new(objects, NOW);
    terminal.submit(&line, &mut world);
    let mut out = Output::default();
    terminal.take_output().iter().for_each(|(stream, text)| out.push(*stream, text));
    (out.text(), terminal.status())
}

/// Puts the chart of a case where its command looks for it.
fn lay_out(case: &Value, put: &mut impl FnMut(&str, &str)) {
    let chart = folder().join("helm/chart");
    copy(&chart, "chart", put);
    for (name, text) in case["files"].as_object().into_iter().flatten() {
        let path = match name.strip_prefix("../") {
            Some(beside) => beside.to_owned(),
            None => format!("chart/{name}"),
        };
        put(&path, text.as_str().unwrap_or_default());
    }
    if let Some(text) = case["text"].as_str() {
        put("chart/templates/_t.tpl", text);
    }
}

fn copy(from: &Path, to: &str, put: &mut impl FnMut(&str, &str)) {
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let path = format!("{to}/{}", entry.file_name().to_string_lossy());
        match std::fs::read_to_string(entry.path()) {
            Ok(text) => put(&path, &text),
            Err(_) => copy(&entry.path(), &path, put),
        }
    }
}

fn show(case: &Value, ours: &(String, i32)) {
    let Ok(part) = std::env::var("SHOW") else { return };
    let name = case["name"].as_str().unwrap_or_default();
    if case.to_string().contains(&part) {
        let input = ["text", "kubectl", "args", "files"].map(|key| case[key].to_string());
        println!("==== {name} {}", input.join(" ").replace("null", ""));
        let output = case["output"].as_str().unwrap_or_default();
        println!("theirs ({}):\n{output}\nours ({}):\n{}", case["exit"], ours.1, ours.0);
    }
}
