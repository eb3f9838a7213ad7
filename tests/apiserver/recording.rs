//! Reading the recordings and counting differences.

use flate2::read::GzDecoder;
use serde_json::{Map, Value};
use std::io::Read;
use std::path::Path;

/// The differences of one recording.
pub struct Tally {
    title: &'static str,
    cases: usize,
    verdict: usize,
    message: usize,
    admitted: usize,
    show: Option<String>,
}

impl Tally {
    pub fn new(title: &'static str) -> Self {
        let show = std::env::var("SHOW").ok();
        Self { title, cases: 0, verdict: 0, message: 0, admitted: 0, show }
    }

    pub fn verdict(&mut self, name: &str, ours: &str, theirs: &Value) {
        self.cases += 1;
        self.verdict += 1;
        self.print("VERDICT", name, ours, &theirs.to_string());
    }

    pub fn message(&mut self, name: &str, ours: &str, theirs: &str) {
        self.cases += 1;
        if ours != theirs {
            self.message += 1;
            self.print("MESSAGE", name, ours, theirs);
        }
    }

    pub fn admitted(&mut self, name: &str, ours: &Value, theirs: &Value) {
        self.cases += 1;
        if ours != theirs {
            self.admitted += 1;
            let (ours, theirs) = differing(ours, theirs);
            self.print("ADMITTED", name, &ours, &theirs);
        }
    }

    /// Verdicts and objects must be the recorded ones, and all messages but one in fifty.
    pub fn finish(self) {
        println!(
            "{}: cases {}, verdict differs {}, message differs {}, object differs {}",
            self.title, self.cases, self.verdict, self.message, self.admitted
        );
        assert!(self.cases > 0 || std::env::var_os("CONFORMANCE_DIR").is_some());
        assert_eq!(self.verdict, 0, "verdicts differ");
        assert!(self.message * 50 <= self.cases, "more than 2 % of the messages differ");
        assert_eq!(self.admitted, 0, "admitted objects differ");
    }

    fn print(&self, what: &str, name: &str, ours: &str, theirs: &str) {
        if self.show.as_ref().is_some_and(|part| name.contains(part.as_str())) {
            let (left, right): (Vec<&str>, Vec<&str>) =
                (ours.lines().collect(), theirs.lines().collect());
            println!("{what} {name}");
            for at in 0..left.len().max(right.len()) {
                let (left, right) = (left.get(at), right.get(at));
                if left != right {
                    println!("  ours   {}\n  theirs {}", left.unwrap_or(&""), right.unwrap_or(&""));
                }
            }
        }
    }
}

/// The first place where two values differ.
fn differing(ours: &Value, theirs: &Value) -> (String, String) {
    if let (Value::Object(a), Value::Object(b)) = (ours, theirs) {
        for key in a.keys().chain(b.keys()) {
            let (a, b) = (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
            if a != b {
                let (a, b) = differing(a, b);
                return (format!(".{key}{a}"), format!(".{key}{b}"));
            }
        }
    }
    if let (Value::Array(a), Value::Array(b)) = (ours, theirs)
        && let Some(at) = (0..a.len().min(b.len())).find(|at| a[*at] != b[*at])
    {
        let (a, b) = differing(&a[at], &b[at]);
        return (format!("[{at}]{a}"), format!("[{at}]{b}"));
    }
    (format!(" = {ours}"), format!(" = {theirs}"))
}

pub fn read_value(name: &str) -> Value {
    serde_json::from_str(&read(name)).unwrap()
}

pub fn read_lines(name: &str) -> Vec<Value> {
    read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn read(name: &str) -> String {
    if let Some(other) = std::env::var_os("CONFORMANCE_DIR").filter(|_| name.ends_with(".jsonl")) {
        return std::fs::read_to_string(Path::new(&other).join(name)).unwrap_or_default();
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/apiserver");
    let file = std::fs::File::open(folder.join(format!("{name}.gz"))).unwrap();
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

/// A manifest as the recording posted it.
pub fn body(manifest: &Value) -> String {
    let mut body = String::new();
    write(&mut body, manifest);
    body
}

/// JSON with a blank after every colon and comma.
fn write(body: &mut String, value: &Value) {
    let mut separator = "";
    match value {
        Value::Object(members) => {
            body.push('{');
            for (key, member) in members {
                *body += &format!("{separator}{}: ", Value::from(key.as_str()));
                write(body, member);
                separator = ", ";
            }
            body.push('}');
        }
        Value::Array(items) => {
            body.push('[');
            for item in items {
                *body += separator;
                write(body, item);
                separator = ", ";
            }
            body.push(']');
        }
        other => *body += &other.to_string(),
    }
}

/// The manifest with one place damaged as the case says.
pub fn mutated(manifest: &Value, case: &Value) -> Value {
    let mut copy = manifest.clone();
    let (last, parents) = case["path"].as_array().unwrap().split_last().unwrap();
    let mut parent = &mut copy;
    for step in parents {
        parent = at(parent, step).unwrap();
    }
    let value = &case["value"];
    match case["op"].as_str().unwrap() {
        "delete" => remove(parent, last),
        "set" => put(parent, last, value.clone()),
        "add" => {
            let map = at(parent, last).unwrap();
            put(map, &value[0], value[1].clone());
        }
        "append" => {
            let list = at(parent, last).and_then(Value::as_array_mut).unwrap();
            list.push(list.last().unwrap().clone());
        }
        other => panic!("unknown operation {other}"),
    }
    copy
}

/// The admitted object with the recorded changes.
pub fn with_changes(admitted: &Value, changes: &Value) -> Value {
    let mut copy = admitted.clone();
    for change in changes.as_array().into_iter().flatten() {
        let steps = change["path"].as_array().unwrap();
        let Some((last, parents)) = steps.split_last() else {
            copy = change["after"].clone();
            continue;
        };
        let mut parent = &mut copy;
        for step in parents {
            parent = at(parent, step).unwrap();
        }
        match change.get("after") {
            Some(after) => put(parent, last, after.clone()),
            None => remove(parent, last),
        }
    }
    comparable(&copy)
}

/// Objects as the recordings list them: Services, claims, sets, each by name.
pub fn in_order(objects: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut own: Vec<Value> = objects.map(|object| comparable(&object)).collect();
    own.sort_by_key(|object| {
        let order = match object["kind"].as_str() {
            Some("Service") => 0,
            Some("PersistentVolumeClaim") => 1,
            _ => 2,
        };
        (order, object["metadata"]["name"].to_string())
    });
    own
}

/// Without what only a server's allocators and clock decide, and without trailing gaps in lists.
pub fn comparable(object: &Value) -> Value {
    let mut copy = object.clone();
    if let Some(spec) = copy.get_mut("spec").and_then(Value::as_object_mut) {
        let allocated = |value: &Value| value.to_string().contains('<');
        spec.retain(|_, value| !allocated(value) || !value.is_string());
        for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            spec.remove(key);
        }
    }
    if let Some(meta) = copy.get_mut("metadata").and_then(Value::as_object_mut) {
        meta.remove("finalizers");
        meta.remove("creationTimestamp");
        meta.remove("generation");
        meta.remove("uid");
        meta.remove("resourceVersion");
        meta.remove("deletionTimestamp");
        if let Some(annotations) = meta.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
            if annotations.is_empty() {
                meta.remove("annotations");
            }
        }
    }
    drop_status(&mut copy);
    copy
}

fn drop_status(object: &mut Value) {
    if let Value::Object(members) = object {
        members.remove("status");
    }
}

fn at<'a>(value: &'a mut Value, step: &Value) -> Option<&'a mut Value> {
    match step {
        Value::String(key) => value.get_mut(key.as_str()),
        step => value.get_mut(usize::try_from(step.as_u64()?).ok()?),
    }
}

fn put(parent: &mut Value, step: &Value, value: Value) {
    match (parent, step) {
        (Value::Object(map), Value::String(key)) => {
            map.insert(key.clone(), value);
        }
        (Value::Array(list), step) => {
            let index = usize::try_from(step.as_u64().unwrap()).unwrap();
            match list.get_mut(index) {
                Some(slot) => *slot = value,
                None => list.push(value),
            }
        }
        (slot, step) => {
            let mut map = Map::new();
            map.insert(step.as_str().unwrap().to_owned(), value);
            *slot = Value::Object(map);
        }
    }
}

fn remove(parent: &mut Value, step: &Value) {
    match (parent, step) {
        (Value::Object(map), Value::String(key)) => {
            map.remove(key);
        }
        (Value::Array(list), step) => {
            let index = usize::try_from(step.as_u64().unwrap()).unwrap();
            if index < list.len() {
                list.remove(index);
            }
        }
        _ => {}
    }
}
