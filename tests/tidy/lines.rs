//! What a look at the lines of a file tells.

use super::finding::Finding;
use super::source::Files;

/// How many lines a file may have, less one.
const LINES: usize = 500;

const WRITTEN: [&str; 5] = [".rs", ".mjs", ".js", ".css", ".go"];

/// What is made by a program.
const MADE: [&str; 1] = ["static/editor/editor.js"];

fn written(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    let is_written = |name: &str| WRITTEN.iter().any(|end| name.ends_with(end));
    files.all().filter(move |(name, _)| is_written(name) && !MADE.contains(name))
}

/// Files of 500 lines or more.
pub fn long_files(files: &Files) -> Vec<Finding> {
    let long = written(files).filter(|(_, text)| text.lines().count() >= LINES);
    long.map(|(name, text)| {
        let count = text.lines().count();
        Finding::new(name, count, format!("has {count} lines, not under {LINES}: split it"))
    })
    .collect()
}

/// Functions that are exempt from clippy's `too_many_lines`, and a lint that is not on.
pub fn long_functions(files: &Files) -> Vec<Finding> {
    let mut found = Vec::new();
    let package = files.get("Cargo.toml").unwrap_or_default();
    let lints = package.split_once("[lints.clippy]").map_or("", |(_, rest)| rest);
    let lints = lints.split("\n[").next().unwrap_or_default();
    if !lints.lines().any(|line| line == "too_many_lines = \"warn\"") {
        found.push(Finding::new(
            "Cargo.toml",
            1,
            "[lints.clippy] must say too_many_lines = \"warn\"",
        ));
    }
    let clippy = files.get(".clippy.toml").unwrap_or_default();
    if !clippy.lines().any(|line| line == "too-many-lines-threshold = 70") {
        found.push(Finding::new(".clippy.toml", 1, "must say too-many-lines-threshold = 70"));
    }
    let lint = concat!("clippy::", "too_many_lines");
    found.extend(lines_with(files, "", lint, "a function of over 70 lines: split it"));
    found
}

/// Code that is one thing natively and another in WebAssembly, outside of the page.
pub fn two_worlds(files: &Files) -> Vec<Finding> {
    let says = "the page runs what is tested natively: make it a value that is handed in";
    let found = lines_with(files, "src/", concat!("target", "_arch"), says);
    found.into_iter().filter(|it| !it.file.starts_with("src/ui/")).collect()
}

fn lines_with(files: &Files, folder: &str, word: &str, says: &str) -> Vec<Finding> {
    let inside = files.rust().filter(|(name, _)| name.starts_with(folder));
    let lines = inside.flat_map(|(name, text)| text.lines().zip(1..).map(move |it| (name, it)));
    let found = lines.filter(|(_, (line, _))| line.contains(word));
    found.map(|(name, (_, number))| Finding::new(name, number, says)).collect()
}

/// Files of Rust that do not open with the sentence that says what they decide.
pub fn without_a_sentence(files: &Files) -> Vec<Finding> {
    let says = "opens with a line `//! …` that says what it decides";
    let silent = files.rust().filter(|(_, text)| !text.starts_with("//! "));
    silent.map(|(name, _)| Finding::new(name, 1, says)).collect()
}

#[test]
fn a_file_of_five_hundred_lines_is_too_long() {
    let (most, more) = ("a\n".repeat(499), "a\n".repeat(500));
    let files = Files::of(&[
        ("src/a.rs", &most),
        ("src/b.rs", &more),
        ("static/c.css", &more),
        ("static/terminal/d.txt", &more),
    ]);
    let found: Vec<_> = long_files(&files).into_iter().map(|it| (it.file, it.line)).collect();
    assert_eq!(found, [("src/b.rs".to_owned(), 500), ("static/c.css".to_owned(), 500)]);
}

#[test]
fn an_exempt_function_is_found_and_a_lint_that_is_off() {
    let exempt = format!("\n#[expect({})]\nfn f() {{}}", concat!("clippy::", "too_many_lines"));
    let mut files = vec![
        (".clippy.toml", "too-many-lines-threshold = 70\n"),
        ("Cargo.toml", "[lints.clippy]\ntoo_many_lines = \"warn\"\n\n[profile.dev]\n"),
        ("src/a.rs", "fn f() {}"),
    ];
    assert_eq!(long_functions(&Files::of(&files)), []);
    files[2].1 = &exempt;
    let found = long_functions(&Files::of(&files));
    assert_eq!(
        found.iter().map(|it| (it.file.as_str(), it.line)).collect::<Vec<_>>(),
        [("src/a.rs", 2)]
    );
    let off = [
        (".clippy.toml", "too-many-lines-threshold = 700\n"),
        ("Cargo.toml", "[lints.clippy]\n\n[other]\ntoo_many_lines = \"warn\"\n"),
    ];
    assert_eq!(long_functions(&Files::of(&off)).len(), 2);
}

#[test]
fn a_fork_between_the_worlds_is_found() {
    let fork = format!("\nconst A: bool = cfg!({} = \"wasm32\");", concat!("target", "_arch"));
    let files = Files::of(&[("src/a.rs", &fork), ("src/ui/b.rs", &fork), ("tests/c.rs", &fork)]);
    let found: Vec<_> = two_worlds(&files).into_iter().map(|it| (it.file, it.line)).collect();
    assert_eq!(found, [("src/a.rs".to_owned(), 2)]);
}

#[test]
fn a_file_that_opens_with_code_is_found() {
    let files = Files::of(&[("src/a.rs", "//! Says it.\n"), ("src/b.rs", "use a;\n//! Late.\n")]);
    assert_eq!(without_a_sentence(&files)[0].file, "src/b.rs");
    assert_eq!(without_a_sentence(&files).len(), 1);
}
