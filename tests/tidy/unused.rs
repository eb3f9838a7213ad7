//! Files that nobody uses.

use super::finding::Finding;
use super::graph::Graph;
use super::source::Files;

/// Files of Rust that no `mod` reaches.
pub fn rust(files: &Files, graph: &Graph) -> Vec<Finding> {
    let reached = graph.reached();
    let left = files.rust().filter(|(name, _)| !reached.contains(name));
    left.map(|(name, _)| Finding::new(name, 1, "no `mod` leads here: name it or delete it"))
        .collect()
}

/// Files that are served and that neither the page nor another of them names. A file may be named
/// in an index beside it, without its ending.
pub fn served(files: &Files) -> Vec<Finding> {
    let all = files.all().map(|(name, _)| name).filter(|name| name.starts_with("static/"));
    let left = all.filter(|name| {
        let (folder, base) = name.rsplit_once('/').unwrap_or(("", name));
        let stem = base.split('.').next().unwrap_or(base);
        let index = format!("{folder}/index.");
        !files.all().any(|(other, text)| {
            other != *name
                && !other.starts_with("tests/")
                && (names(text, base) || other.starts_with(&index) && names(text, stem))
        })
    });
    left.map(|name| Finding::new(name, 1, "nothing names it")).collect()
}

/// Scripts that nothing names.
pub fn scripts(files: &Files) -> Vec<Finding> {
    let all = files.all().map(|(name, _)| name).filter(|name| name.starts_with("scripts/"));
    let left = all.filter(|name| {
        let base = name.rsplit_once('/').map_or(*name, |(_, base)| base);
        // A name such as `env` alone means other things as well.
        let wanted = if base.contains('.') { base } else { name };
        !files.all().any(|(other, text)| {
            other != *name && !other.starts_with("src/") && names(text, wanted)
        })
    });
    left.map(|name| Finding::new(name, 1, "nothing names it")).collect()
}

/// Whether a text has a name that is not a part of another.
fn names(text: &str, name: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || it == '-' || it == '_';
    text.match_indices(name).any(|(at, _)| {
        let after = text[at + name.len()..].chars().next();
        !text[..at].ends_with(is_part) && !after.is_some_and(is_part)
    })
}

fn left(found: Vec<Finding>) -> Vec<String> {
    found.into_iter().map(|it| it.file).collect()
}

#[test]
fn a_file_of_rust_that_no_mod_names_is_found() {
    let lib = "mod a;\n#[cfg(test)]\nmod tests;\n#[path = \"../tests/e.rs\"]\nmod e;";
    let files = Files::of(&[
        ("src/lib.rs", lib),
        ("src/a.rs", "mod b;\n// mod c;"),
        ("src/a/b.rs", ""),
        ("src/a/c.rs", ""),
        ("src/tests.rs", ""),
        ("src/bin/d.rs", ""),
        ("tests/e.rs", ""),
        ("tests/f.rs", ""),
    ]);
    assert_eq!(left(rust(&files, &Graph::of(&files))), ["src/a/c.rs", "tests/f.rs"]);
}

#[test]
fn a_served_file_that_nothing_names_is_found() {
    let files = Files::of(&[
        ("index.html", "<link href=\"static/a.js\">"),
        ("static/a.js", "import './b.js'; // a-c.js"),
        ("static/b.js", ""),
        ("static/c.js", "// c.js"),
        ("static/lessons/index.yaml", "- {id: first}"),
        ("static/lessons/first.yaml", ""),
        ("static/lessons/second.yaml", ""),
        ("src/lib.rs", "//! lessons/index.yaml"),
        ("tests/all.rs", "c.js second.yaml"),
    ]);
    assert_eq!(left(served(&files)), ["static/c.js", "static/lessons/second.yaml"]);
}

#[test]
fn a_script_that_nothing_names_is_found() {
    let files = Files::of(&[
        ("Makefile", "\tscripts/stage env node scripts/a.mjs"),
        ("scripts/a.mjs", "import './b.mjs';"),
        ("scripts/b.mjs", ""),
        ("scripts/c.mjs", "// c.mjs"),
        ("scripts/env", ""),
        ("scripts/stage", ""),
    ]);
    assert_eq!(left(scripts(&files)), ["scripts/c.mjs", "scripts/env"]);
}
