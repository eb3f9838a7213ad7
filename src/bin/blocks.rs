//! Times the longest single call into the core for each hostile input, natively.
//!
//! `cargo run --profile digest --no-default-features --features digest --bin blocks [-- NAME]` prints
//! a line of JSON for each input whose name has NAME in it. Every input has a process of its own, with
//! the stack that a page has: one that never ends, or ends the process, is a line too.

#[path = "../../tests/fuzz/blocks"]
mod blocks {
    pub mod cases;
    pub mod made;
    pub mod trial;
}

use blocks::cases::CASES;
use blocks::trial::Trial;
use std::env;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long an input may take as a whole.
const LIMIT: Duration = Duration::from_secs(20);

/// How many slices work gets before it is left.
const SLICES: usize = 40;

/// The stack of a page.
const STACK: usize = 1 << 20;

/// Which input this process plays.
const CHOSEN: &str = "BLOCKS_CASE";

fn main() {
    if let Ok(name) = env::var(CHOSEN) {
        return play(&name);
    }
    let part = env::args().nth(1).unwrap_or_default();
    for case in CASES.iter().filter(|case| case.name.contains(&part)) {
        println!("{}", apart(case.name));
    }
}

/// Plays an input in this process.
fn play(name: &str) {
    let Some(case) = CASES.iter().find(|case| case.name == name) else { return };
    let play = case.play;
    let run = move || {
        let mut trial = Trial::new(SLICES);
        play(&mut trial);
        (trial.what, trial.longest)
    };
    let ended = thread::Builder::new().stack_size(STACK).spawn(run).map(thread::JoinHandle::join);
    if let Ok(Ok((what, longest))) = ended {
        print!("{}", told(name, &what, &format!("{:.1}", longest.as_secs_f64() * 1_000.0)));
    }
}

fn told(name: &str, what: &str, ms: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    format!(r#"{{"name":{},"what":{},"ms":{ms}}}"#, quoted(name), quoted(what))
}

/// Plays an input in a process of its own. Returns its line.
fn apart(name: &str) -> String {
    let Ok(own) = env::current_exe() else { return String::new() };
    let child =
        Command::new(own).env(CHOSEN, name).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else { return String::new() };
    let began = Instant::now();
    while began.elapsed() < LIMIT {
        if let Ok(Some(_)) = child.try_wait() {
            let out = child.wait_with_output().map(|out| out.stdout).unwrap_or_default();
            let out = String::from_utf8_lossy(&out).into_owned();
            return if out.is_empty() { told(name, "crashes", "null") } else { out };
        }
        thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
    told(name, "does not end", &LIMIT.as_millis().to_string())
}
