//! Reading transcripts.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A command and what it printed.
#[derive(Debug, Default)]
pub struct Command {
    pub line: String,
    /// The number of the cluster's state, and the moment.
    pub state: Option<(usize, String)>,
    pub output: String,
    pub exit: i32,
    /// The lines of the output that went to standard error, from 1.
    pub stderr: Vec<usize>,
    /// Whether it was interrupted, or the cluster changed while it ran.
    pub is_watch: bool,
}

/// A transcript with the objects beside it.
pub struct Transcript {
    pub name: String,
    pub files: BTreeMap<String, String>,
    pub commands: Vec<Command>,
    objects: Vec<Rc<Value>>,
    states: Vec<Vec<usize>>,
}

impl Transcript {
    /// The objects of a state.
    pub fn objects(&self, state: usize) -> Vec<Rc<Value>> {
        let numbers = self.states.get(state).into_iter().flatten();
        numbers.map(|number| Rc::clone(&self.objects[*number])).collect()
    }
}

/// All transcripts of this folder's own recordings of a program, or of `CONFORMANCE_DIR`.
pub fn all_of(program: &str) -> Vec<Transcript> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance").join(program);
    let folder = std::env::var_os("CONFORMANCE_DIR").map_or(own, PathBuf::from);
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let name = name.strip_suffix(".gz").unwrap_or(&name);
            name.strip_suffix(".txt").map(str::to_owned)
        })
        .collect();
    names.sort();
    names.into_iter().map(|name| read_transcript(&folder, name)).collect()
}

fn read(path: &Path) -> Option<String> {
    if let Ok(text) = std::fs::read_to_string(path) {
        return Some(text);
    }
    let file = std::fs::File::open(format!("{}.gz", path.display())).ok()?;
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    Some(text)
}

fn read_transcript(folder: &Path, name: String) -> Transcript {
    let text = read(&folder.join(format!("{name}.txt"))).unwrap();
    let state = read(&folder.join(format!("{name}.state.json")));
    let state: Value = state.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
    let list = |key: &str| state[key].as_array().cloned().unwrap_or_default();
    let mut transcript = Transcript {
        name,
        files: BTreeMap::new(),
        commands: Vec::new(),
        objects: list("objects").into_iter().map(Rc::new).collect(),
        states: list("states").into_iter().map(|it| serde_json::from_value(it).unwrap()).collect(),
    };
    transcript.read_lines(&text);
    transcript
}

impl Transcript {
    fn read_lines(&mut self, text: &str) {
        let (mut state, mut file, mut changes) = (None, None::<String>, false);
        for line in text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                let state = state.take();
                let command = Command {
                    line: command.into(),
                    state,
                    is_watch: changes,
                    ..Command::default()
                };
                (changes, file) = (false, None);
                self.commands.push(command);
                continue;
            }
            if let Some(line) = line.strip_prefix("#| ").or(line.strip_prefix("#|")) {
                if let Some(text) = file.as_ref().and_then(|file| self.files.get_mut(file)) {
                    text.push_str(line);
                    text.push('\n');
                }
                continue;
            }
            let Some(note) = line.strip_prefix("#! ") else {
                if let Some(last) = self.commands.last_mut() {
                    last.output.push_str(line);
                    last.output.push('\n');
                }
                continue;
            };
            let (key, value) = note.split_once(": ").unwrap_or((note, ""));
            let last = self.commands.last_mut();
            match (key, last) {
                ("file", _) => {
                    self.files.insert(value.into(), String::new());
                    file = Some(value.into());
                }
                ("state", _) => {
                    let (number, now) = value.split_once(" now: ").unwrap();
                    state = Some((number.parse().unwrap(), now.into()));
                }
                ("second terminal", _) => (changes, file) = (true, None),
                ("exit", Some(last)) => last.exit = value.parse().unwrap(),
                ("stderr lines", Some(last)) => {
                    let numbers = value.split(' ').map(|number| number.parse().unwrap());
                    last.stderr = numbers.collect();
                }
                ("no newline at end", Some(last)) => {
                    last.output.pop();
                }
                ("stopped with Ctrl-C", Some(last)) => last.is_watch = true,
                _ => {}
            }
        }
    }
}
