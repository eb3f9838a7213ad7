//! How much room the work takes: a manifest of 25 KB, typed into and changed in the form.

use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::FormField;
use statefulset_playground::playground::{Action, Playground};
use std::fmt::Write;

/// A manifest of about so many bytes.
pub fn manifest(bytes: usize) -> String {
    let text = EXAMPLES[0].text();
    let at = text.find("          ports:").expect("the example has ports");
    let mut env = String::from("          env:\n");
    let mut number = 0;
    while text.len() + env.len() < bytes {
        let _ = writeln!(
            env,
            "            - name: VARIABLE_{number}\n              value: \"a value that says something, number {number}\""
        );
        number += 1;
    }
    format!("{}{env}{}", &text[..at], &text[at..])
}

fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

fn main() {
    let arg =
        |n: usize, d: usize| std::env::args().nth(n).and_then(|it| it.parse().ok()).unwrap_or(d);
    let (keys, changes) = (arg(1, 1000), arg(2, 100));
    let mut text = manifest(25_000);
    let mut page = Playground::new();
    page.update(Action::EditText(text.clone()));
    println!("start {} KiB, saved {}", memory(), page.save().len());
    let (mut edit, mut tick) = (std::time::Duration::ZERO, std::time::Duration::ZERO);
    for key in 0..keys {
        let value = text.find("number 7").expect("a value");
        let at = if key / 50 % 2 == 0 { 0 } else { value };
        text.insert_str(at, if at == 0 { if key % 50 == 0 { "#\n" } else { "#" } } else { "x" });
        let b = std::time::Instant::now();
        page.update(Action::EditText(text.clone()));
        edit += b.elapsed();
        let b = std::time::Instant::now();
        for _ in 0..6 {
            page.update(Action::Tick { elapsed_ms: 16 });
        }
        tick += b.elapsed();
        if key % 1000 == 999 {
            println!("key {key}: {} KiB, saved {}", memory(), page.save().len());
        }
    }
    println!("edit {edit:?} tick {tick:?}");
    println!("keys {} KiB, saved {}", memory(), page.save().len());
    let field = FormField::Replicas;
    for change in 0..changes {
        let value = (change % 5 + 1).to_string();
        page.update(Action::SetField(field, Some(value)));
        for _ in 0..30 {
            page.update(Action::Tick { elapsed_ms: 16 });
        }
        if change % 100 == 99 {
            println!("change {change}: {} KiB, saved {}", memory(), page.save().len());
        }
    }
    println!("end {} KiB, saved {}", memory(), page.save().len());
}
