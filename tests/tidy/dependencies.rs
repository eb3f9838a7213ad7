//! Crates that stand in `Cargo.toml` and are not used, or by tests alone.

use super::finding::Finding;
use super::graph::Graph;
use super::source::Files;

/// The crates of a section, as the code names them, with their lines.
fn section<'a>(package: &'a str, title: &str) -> Vec<(String, usize, &'a str)> {
    let lines = package.lines().zip(1..);
    let lines = lines.skip_while(|(line, _)| *line != title).skip(1);
    let lines = lines.take_while(|(line, _)| !line.starts_with('['));
    let named = lines.filter_map(|(line, number)| Some((line.split_once(" = ")?.0, number)));
    let named = named.filter(|(name, _)| !name.starts_with([' ', '#', '"', ']']));
    named.map(|(name, number)| (name.replace('-', "_"), number, name)).collect()
}

pub fn unused(files: &Files, graph: &Graph) -> Vec<Finding> {
    let package = files.get("Cargo.toml").unwrap_or_default();
    let used = |name: &str, also_by_tests: bool| {
        graph.crates.iter().any(|(first, file, is_test)| {
            first == name && (also_by_tests || file.starts_with("src/") && !is_test)
        })
    };
    let mut found = Vec::new();
    for (ident, line, name) in section(package, "[dependencies]") {
        if !used(&ident, true) {
            found.push(Finding::new("Cargo.toml", line, format!("{name} is not used")));
        } else if !used(&ident, false) {
            let says = format!("only tests use {name}: it belongs to [dev-dependencies]");
            found.push(Finding::new("Cargo.toml", line, says));
        }
    }
    for (ident, line, name) in section(package, "[dev-dependencies]") {
        if !used(&ident, true) {
            found.push(Finding::new("Cargo.toml", line, format!("{name} is not used")));
        }
    }
    found
}

#[test]
fn a_crate_that_is_not_used_or_by_tests_alone_is_found() {
    let package = "[package]\nname = \"x\"\n\n[dependencies]\n# one\nin-use = \"1\"\n\
                   for-tests = { version = \"1\", features = [\n  \"a\",\n] }\nby-none = \"1\"\n\
                   in-derive = \"1\"\n\n[dev-dependencies]\nhelps = \"1\"\nidles = \"1\"\n";
    let lib = "mod by_none;\nuse in_use::Thing;\nfn f() { by_none::g() }\n\
               #[derive(in_derive::Error)]\nstruct E;\n\
               #[cfg(test)]\nmod tests { use for_tests::Case; }";
    let files = Files::of(&[
        ("Cargo.toml", package),
        ("src/lib.rs", lib),
        ("src/by_none.rs", "pub fn g() {}"),
        ("tests/all.rs", "use helps::Much;"),
    ]);
    let found = unused(&files, &Graph::of(&files));
    let says: Vec<_> = found.iter().map(|it| (it.line, it.says.as_str())).collect();
    let tests = "only tests use for-tests: it belongs to [dev-dependencies]";
    assert_eq!(says, [(7, tests), (10, "by-none is not used"), (15, "idles is not used")]);
}
