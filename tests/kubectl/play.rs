//! Entering command lines in a terminal beside a server.

use super::server::Server;
use statefulset_playground::terminal::computer::Terminal;
use statefulset_playground::terminal::output::Output;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;

/// Seconds that a command is given before it is interrupted.
const PATIENCE: u32 = 5;

/// Runs a command line until it ends; one that waits is stopped.
pub fn run(line: &str, world: &mut Server, files: &BTreeMap<String, String>) -> (Output, i32) {
    let mut terminal = Terminal::default();
    for (name, text) in files {
        if let Some((folder, _)) = name.split_once('/') {
            // It may be there already.
            let _ = terminal.files.make_folder(folder);
        }
        terminal.files.set(name, text).unwrap();
    }
    terminal.files.serve(Rc::new(served));
    terminal.submit(line, world);
    for _ in 0..PATIENCE {
        if terminal.is_busy() {
            world.pass(1_000);
            terminal.poll(world);
        }
    }
    let mut out = Output::default();
    terminal.take_output().iter().for_each(|(stream, text)| out.push(*stream, text));
    let status = if terminal.is_busy() { 0 } else { terminal.status() };
    (out, status)
}

/// The texts that the page serves.
fn served(name: &str) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
    std::fs::read_to_string(folder.join(name)).ok()
}
