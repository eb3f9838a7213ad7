//! A recorded transcript beside the one that is played here, command by command.

use super::files::Beside;
use super::masks::Masks;
use statefulset_playground::playground::transcript::{Limits, play};
use std::collections::BTreeSet;
use std::path::Path;

/// A command that prints something else here: the lines that are compared.
pub struct Difference {
    pub command: String,
    pub theirs: Vec<String>,
    pub ours: Vec<String>,
}

/// How a file was played.
pub struct Compared {
    pub commands: usize,
    pub differences: Vec<Difference>,
    /// Whether it panicked before the last command.
    pub is_broken_off: bool,
}

impl Compared {
    /// How many commands print the same.
    pub fn identical(&self) -> usize {
        self.commands - self.differences.len()
    }
}

/// How the recorded cluster was set up: nothing but Kubernetes' own programs, and a class.
const BEFORE: &str = "@cluster plain
kubectl apply -f - <<'END'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}
provisioner: kubernetes.io/host-path
reclaimPolicy: Delete
volumeBindingMode: Immediate
END
";

/// Plays `NAME.in` of a folder and compares it with `NAME.txt`.
pub fn compare(folder: &Path, name: &str, masks: &Masks) -> Compared {
    let read = |kind: &str| {
        let bytes = std::fs::read(folder.join(format!("{name}.{kind}"))).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let input = format!("{BEFORE}{}", read("in"));
    // One file that panics hides nothing of the others.
    let played = std::panic::catch_unwind(|| transcript(&input, folder, limits_of(name)).unwrap());
    let is_broken_off = played.is_err();
    let wanted = commands(&input[BEFORE.len()..]);
    let theirs = split(&read("txt"), &wanted);
    let ours = split(&played.unwrap_or_default(), &wanted);
    let mut compared = Compared { commands: 0, differences: Vec::new(), is_broken_off };
    for ((command, theirs), ours) in wanted.iter().zip(theirs).zip(ours) {
        let Some(theirs) = theirs.map(|text| masks.normal(command, &text)) else { continue };
        compared.commands += 1;
        let ours = masks.normal(command, &ours.unwrap_or("(nothing)".into()));
        if theirs != ours {
            let command = (*command).to_owned();
            compared.differences.push(Difference { command, theirs, ours });
        }
    }
    compared
}

/// What is printed when a file is played over a fresh cluster.
pub fn transcript(input: &str, folder: &Path, limits: Limits) -> Result<String, String> {
    let mut text = String::new();
    let mut beside = Beside { folder, print: &mut |piece| text.push_str(piece) };
    play(input, limits, &mut beside)?;
    Ok(text)
}

/// How long things were allowed to take when a file was recorded.
fn limits_of(name: &str) -> Limits {
    let (wait, command) = if name.starts_with("case") { (10, 20) } else { (15, 60) };
    Limits { wait_ms: wait * 1_000, command_ms: command * 1_000 }
}

fn commands(input: &str) -> Vec<&str> {
    let is_command = |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '@']);
    input.lines().filter(is_command).collect()
}

/// What is printed after each command; none where the transcript leaves it out.
fn split(text: &str, wanted: &[&str]) -> Vec<Option<String>> {
    let mut text = text.to_owned();
    // Output before a command may end without a newline.
    for command in wanted.iter().collect::<BTreeSet<_>>() {
        text = text.replace(&format!("$ {command}\n"), &format!("\n$ {command}\n"));
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let mut next = 0;
    let mut places = Vec::new();
    for command in wanted {
        let is_it = |line: &&str| line.strip_prefix("$ ") == Some(*command);
        let found = lines[next..].iter().position(is_it).map(|at| next + at);
        next = found.map_or(next, |at| at + 1);
        places.push(found);
    }
    let output = |number: usize, at: usize| {
        let behind = places[number + 1..].iter().flatten().next();
        lines[at + 1..*behind.unwrap_or(&lines.len())].join("\n")
    };
    let numbered = places.iter().enumerate();
    numbered.map(|(number, place)| place.map(|at| output(number, at))).collect()
}
