//! The order of rooms, and of the floors in a room: an arrow goes down or stays.

use super::finding::Finding;
use super::graph::{Arrow, Graph};
use super::source::Files;
use std::collections::BTreeSet;

/// A room with the parts that stand on each of its floors, the ground floor first.
///
/// A part is a file or folder by its path in the room, or `*/name`: what has this name in any folder of
/// the room. Of several that a file is in, the closest counts. `*` is everything that no other part is.
pub type Floors = (&'static str, &'static [&'static [&'static str]]);

/// The rooms in the order of the map in `src/lib.rs`, and the page, which stands on all of them.
pub fn rooms(files: &Files) -> Vec<String> {
    let map = files.get("src/lib.rs").unwrap_or_default().lines();
    let lines = map.skip_while(|line| *line != "//! # Code map");
    let lines = lines.skip(1).take_while(|line| !line.starts_with("//! # "));
    let named = lines.filter_map(|line| line.strip_prefix("//! - "));
    let named = named.filter_map(|line| line.trim_start_matches('[').strip_prefix('`'));
    let named = named.filter_map(|line| line.split_once('`'));
    named.map(|(name, _)| name.to_owned()).chain(["ui".to_owned()]).collect()
}

/// The room of a file: none for what stands outside of them.
pub fn room(file: &str) -> Option<&str> {
    match file.strip_prefix("src/")? {
        "main.rs" => Some("ui"),
        "lib.rs" => None,
        inner if inner.starts_with("bin/") => None,
        inner => Some(part(inner)),
    }
}

/// The first step of a path.
fn part(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// Arrows to a room that stands later, and rooms that the map leaves out.
pub fn upward(files: &Files, graph: &Graph) -> Vec<Finding> {
    let rooms = rooms(files);
    let place = |room: &str| rooms.iter().position(|it| it == room);
    let mut found = Vec::new();
    for name in graph.reached() {
        if let Some(room) = room(name).filter(|it| place(it).is_none()) {
            found.push(Finding::new(name, 1, format!("the map in src/lib.rs has no room {room}")));
        }
    }
    for Arrow { from, line, to, .. } in &graph.arrows {
        let (Some(lower), Some(upper)) = (room(from), room(to)) else { continue };
        if place(lower) < place(upper) {
            let says = format!("{lower} uses {upper}, a later room: {to}");
            found.push(Finding::new(from, *line, says));
        }
    }
    found
}

/// The floor of a file by its path in the room: the closest part that it is in says which.
fn floor_of(floors: &[&[&str]], path: &str) -> Option<usize> {
    let mut at = Some(path.trim_end_matches(".rs"));
    while let Some(place) = at {
        let is_it = |part: &&str| match part.strip_prefix("*/") {
            Some(name) => place.rsplit_once('/').is_some_and(|(_, last)| last == name),
            None => *part == place,
        };
        if let Some(floor) = floors.iter().position(|parts| parts.iter().any(is_it)) {
            return Some(floor);
        }
        at = place.rsplit_once('/').map(|(folder, _)| folder);
    }
    floors.iter().position(|parts| parts.contains(&"*"))
}

/// Arrows to a higher floor of the same room, once for two files, and parts that stand on none.
pub fn upstairs(graph: &Graph, floors: &[Floors]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (room, floors) in floors {
        let folder = format!("src/{room}/");
        let floor = |path: &str| floor_of(floors, path);
        let parts =
            graph.reached().into_iter().filter_map(|it| Some((it, it.strip_prefix(&folder)?)));
        for (name, path) in parts.filter(|(_, path)| *path != "mod.rs") {
            if floor(path).is_none() {
                let says = format!("{} stands on no floor of {room}: say which", part(path));
                found.push(Finding::new(name, 1, says).of(room));
            }
        }
        let mut seen = BTreeSet::new();
        for Arrow { from, line, to, .. } in graph.arrows.iter().filter(|it| !it.is_test) {
            let inner = (from.strip_prefix(&folder), to.strip_prefix(&folder));
            let (Some(lower), Some(upper)) = inner else { continue };
            if lower != "mod.rs" && floor(lower) < floor(upper) && seen.insert((from, to)) {
                let says = format!("uses {to}, on a higher floor of {room}");
                found.push(Finding::new(from, *line, says).of(room));
            }
        }
    }
    found
}

/// A map of two rooms, `low` and `high`.
const MAP: &str = "//! # Code map\n//!\n//! - `low`: a.\n//! - [`high`]: b.\n//!\n//! # More\n\
                   pub mod high;\npub mod low;";

fn found_in(low: &str, high: &str) -> Vec<(String, usize)> {
    let files = Files::of(&[
        ("src/lib.rs", MAP),
        ("src/low.rs", low),
        ("src/high/mod.rs", high),
        ("src/high/thing.rs", "pub struct Thing;\npub fn make() {}"),
    ]);
    let found = upward(&files, &Graph::of(&files));
    found.into_iter().map(|it| (it.file, it.line)).collect()
}

#[test]
fn an_arrow_upward_is_found_however_it_is_written() {
    let high = "mod thing;\npub use thing::{Thing, make};\nuse crate::low;\nfn f() { low::f(); }";
    let at = |line: usize| vec![("src/low.rs".to_owned(), line)];
    assert_eq!(found_in("pub fn f() {}", high), []);
    assert_eq!(found_in("\nuse crate::high::Thing;", high), at(2));
    assert_eq!(found_in("use super::{\n  high::{\n  self as h, Thing as T}};", high), at(3));
    assert_eq!(found_in("fn f() {\n  crate::high::make() }", high), at(2));
    assert_eq!(found_in("use crate::high;\nfn f() { g(vec![high::make()]) }", high), at(2));
    assert_eq!(found_in("fn f() {}\nmod a { use super::super::high::*; }", high), at(2));
    let test = "#[cfg(test)]\nmod tests { fn f() { crate::high::make() } }";
    assert_eq!(found_in(test, high), at(2));
    assert_eq!(found_in("// crate::high::make()\nconst A: &str = \"crate::high\";", high), []);
}

#[test]
fn a_room_that_the_map_leaves_out_is_found() {
    let lib = MAP.replace("pub mod low;", "pub mod low;\nmod other;");
    let files = Files::of(&[
        ("src/lib.rs", &lib),
        ("src/low.rs", ""),
        ("src/high.rs", ""),
        ("src/other.rs", "use crate::high::Thing;"),
    ]);
    let found = upward(&files, &Graph::of(&files));
    assert_eq!(
        found[0],
        Finding::new("src/other.rs", 1, "the map in src/lib.rs has no room other")
    );
}

#[test]
fn an_arrow_to_a_higher_floor_is_found_and_a_part_without_a_floor() {
    let files = Files::of(&[
        ("src/lib.rs", "pub mod house;"),
        ("src/house/mod.rs", "mod attic;\nmod cellar;\nmod shed;\npub use attic::Bed;"),
        ("src/house/attic/mod.rs", "use super::cellar::Coal;\npub struct Bed;"),
        ("src/house/cellar.rs", "use super::Bed;\nuse super::attic::Bed as B;\npub struct Coal;"),
        ("src/house/shed.rs", ""),
    ]);
    let floors: Floors = ("house", &[&["cellar"], &["attic"]]);
    let found = upstairs(&Graph::of(&files), &[floors]);
    let found: Vec<_> =
        found.iter().map(|it| (it.of.as_str(), it.file.as_str(), it.line)).collect();
    assert_eq!(found, [("house", "src/house/shed.rs", 1), ("house", "src/house/cellar.rs", 1)]);
}

#[test]
fn a_file_stands_where_the_closest_part_says() {
    let floors: &[&[&str]] = &[&["bed", "*/sheet"], &["attic", "cellar/coal"], &["cellar"]];
    let floor = |path: &str| floor_of(floors, path);
    assert_eq!(floor("bed.rs"), Some(0));
    assert_eq!(floor("attic/mod.rs"), Some(1));
    assert_eq!(floor("attic/sheet.rs"), Some(0));
    assert_eq!(floor("attic/sheet/hem.rs"), Some(0));
    assert_eq!(floor("cellar/coal.rs"), Some(1));
    assert_eq!(floor("cellar/wine.rs"), Some(2));
    assert_eq!(floor("shed.rs"), None);
    assert_eq!(floor_of(&[&["bed"], &["*"]], "shed.rs"), Some(1));
}
