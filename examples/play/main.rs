//! Enters files of command lines in the terminal over a fresh cluster each, and prints transcripts.
//!
//! `cargo run --quiet --release --example play -- FILE...` (`-` is standard input). In the environment,
//! `CAP` gives the longest wait and `LIMIT` the longest command, in seconds.

mod files;

use statefulset_playground::playground::transcript::{Limits, play};
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        eprintln!("usage: play FILE...");
        return ExitCode::FAILURE;
    }
    let mut exit = ExitCode::SUCCESS;
    for name in &names {
        if let Err(why) = play_file(name) {
            eprintln!("{name}: {why}");
            exit = ExitCode::FAILURE;
        }
    }
    exit
}

fn play_file(name: &str) -> Result<(), String> {
    let path = Path::new(name);
    let (text, folder) = match name {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|why| why.to_string())?;
            (text, Path::new("."))
        }
        _ => {
            let text = std::fs::read_to_string(path).map_err(|why| why.to_string())?;
            (text, path.parent().unwrap_or(Path::new(".")))
        }
    };
    println!("==== {}", path.file_name().unwrap_or_default().to_string_lossy());
    let mut beside = files::Beside { folder, print: &mut |text| print!("{text}") };
    play(&text, limits(), &mut beside)
}

/// How long things may take, as the environment says.
fn limits() -> Limits {
    let seconds = |name: &str| std::env::var(name).ok()?.parse::<f64>().ok();
    let milliseconds = |name: &str, or: u64| {
        seconds(name).filter(|it| (0.0..=1e9).contains(it)).map_or(or, |it| (it * 1_000.0) as u64)
    };
    let own = Limits::default();
    Limits {
        wait_ms: milliseconds("CAP", own.wait_ms),
        command_ms: milliseconds("LIMIT", own.command_ms),
    }
}
