//! How much room the work takes, natively: a manifest of 25 KB, typed into and changed in the form.
//! `make room` runs it, and the same in Chromium.

use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::FormField;
use statefulset_playground::playground::journal::entry;
use statefulset_playground::playground::saved::Saved;
use statefulset_playground::playground::{Action, Playground};
use std::fmt::Write;

/// How large the manifest is, in bytes.
const BYTES: usize = 25_000;

/// Keystrokes one after the other in one place.
const RUN: usize = 50;

/// Frames between two keystrokes, and between two changes of the form.
const FRAMES: (usize, usize) = (2, 30);

/// The first example with as many variables as make it so long.
fn manifest() -> String {
    let text = EXAMPLES[0].text();
    let at = text.find("          ports:").expect("the example has ports");
    let mut variables = String::from("          env:\n");
    for number in 0.. {
        if text.len() + variables.len() >= BYTES {
            break;
        }
        // Writing to a text cannot fail.
        let _ = writeln!(
            variables,
            "            - name: VARIABLE_{number}\n              value: \"a value, number {number}\""
        );
    }
    format!("{}{variables}{}", &text[..at], &text[at..])
}

/// What the process holds, in KiB; 0 where the system does not tell.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

fn pass(page: &mut Playground, frames: usize) {
    (0..frames).for_each(|_| drop(page.update(Action::Tick { elapsed_ms: 16 })));
}

/// Prints a line of JSON after so many keystrokes and so many changes: `room 10000 1000`.
fn main() {
    let number = |at: usize| std::env::args().nth(at).and_then(|text| text.parse().ok());
    let (keys, changes) = (number(1).unwrap_or(10_000), number(2).unwrap_or(1_000));
    let mut text = manifest();
    let mut page = Playground::new();
    page.update(Action::EditText(text.clone()));
    let before = memory();
    for key in 0..keys {
        let at = match key / RUN % 2 {
            0 => 0,
            _ => text.find("number 7").expect("a value"),
        };
        text.insert_str(at, if at == 0 && key % RUN == 0 { "#\n" } else { "#" });
        page.update(Action::EditText(text.clone()));
        pass(&mut page, FRAMES.0);
    }
    for change in 0..changes {
        let replicas = (change % 5 + 1).to_string();
        page.update(Action::SetField(FormField::Replicas, Some(replicas)));
        pass(&mut page, FRAMES.1);
    }
    let stored = entry(&Saved::default(), &page.work()).unwrap_or_default().len();
    println!(
        r#"{{"name":"native/room","keys":{keys},"changes":{changes},"stored_bytes":{stored},"memory_bytes":{},"memory_before_bytes":{}}}"#,
        memory() << 10,
        before << 10
    );
}
