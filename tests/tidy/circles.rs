//! Circles of files that use each other.

use super::finding::Finding;
use super::graph::{Arrow, Graph};
use super::rooms::room;
use std::collections::{BTreeMap, BTreeSet};

/// How many files may use each other.
const MOST: usize = 8;

type Uses<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The circles of the library and the page, without their tests: each a set of files of which every
/// one reaches every other.
fn circles(graph: &Graph) -> Vec<BTreeSet<&str>> {
    let mut uses: Uses<'_> = BTreeMap::new();
    for Arrow { from, to, .. } in graph.arrows.iter().filter(|it| !it.is_test) {
        uses.entry(from).or_default().insert(to);
    }
    let reached: Uses<'_> = uses.keys().map(|file| (*file, reach(&uses, file))).collect();
    let back = |from: &str, to: &str| reached.get(to).is_some_and(|it| it.contains(from));
    let circle = |file: &&str| -> BTreeSet<&str> {
        reached[file].iter().copied().filter(|other| back(file, other)).collect()
    };
    let circles: BTreeSet<BTreeSet<&str>> = uses.keys().map(circle).collect();
    circles.into_iter().filter(|it| it.len() > 1).collect()
}

fn reach<'a>(uses: &Uses<'a>, file: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut next: Vec<&str> = vec![file];
    while let Some(file) = next.pop() {
        for other in uses.get(file).into_iter().flatten().copied() {
            if seen.insert(other) {
                next.push(other);
            }
        }
    }
    seen
}

/// The files of circles that are too large, each with one arrow that keeps it in.
pub fn too_large(graph: &Graph) -> Vec<Finding> {
    let large = circles(graph).into_iter().filter(|it| it.len() > MOST);
    large.flat_map(|circle| found(graph, &circle, |_, _| true)).collect()
}

/// The files that are in a circle with files of another room.
pub fn across_rooms(graph: &Graph) -> Vec<Finding> {
    let across = |from: &str, to: &str| room(from) != room(to);
    circles(graph).into_iter().flat_map(|circle| found(graph, &circle, across)).collect()
}

/// A finding for each file of a circle that has such an arrow in it.
fn found(graph: &Graph, circle: &BTreeSet<&str>, such: fn(&str, &str) -> bool) -> Vec<Finding> {
    let arrow = |file: &str| {
        graph.arrows.iter().find(|it| {
            let inside = circle.contains(it.to.as_str()) && !it.is_test;
            it.from == file && inside && such(&it.from, &it.to)
        })
    };
    let says = |it: &Arrow| format!("in a circle of {} files: uses {}", circle.len(), it.to);
    let finding = |it: &Arrow| {
        let of = room(&it.from).unwrap_or("src").to_owned();
        Finding::new(&it.from, it.line, says(it)).of(&of)
    };
    circle.iter().filter_map(|file| Some(finding(arrow(file)?))).collect()
}

/// Files of which each uses the next, and the last the first.
fn ring(files: &[&str]) -> Graph {
    let next = files.iter().cycle().skip(1);
    let arrows = files.iter().zip(next).map(|(from, to)| Arrow {
        from: (*from).into(),
        line: 3,
        to: (*to).into(),
        is_test: false,
    });
    Graph::with(arrows.collect())
}

#[test]
fn nine_files_that_use_each_other_are_too_many() {
    let names: Vec<String> = (0..9).map(|number| format!("src/low/{number}.rs")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(too_large(&ring(&names[..8])), []);
    let found = too_large(&ring(&names));
    assert_eq!(found.len(), 9);
    let first = Finding::new("src/low/0.rs", 3, "in a circle of 9 files: uses src/low/1.rs");
    assert_eq!(found[0], first.of("low"));
    let mut graph = ring(&names);
    graph.arrows[0].is_test = true;
    assert_eq!(too_large(&graph), [], "a test may close a circle");
}

#[test]
fn two_files_of_two_rooms_are_too_many() {
    assert_eq!(across_rooms(&ring(&["src/low/a.rs", "src/low/b.rs"])), []);
    let found = across_rooms(&ring(&["src/low/a.rs", "src/low/b.rs", "src/high.rs"]));
    let found: Vec<_> = found.iter().map(|it| (it.of.as_str(), it.file.as_str())).collect();
    assert_eq!(found, [("high", "src/high.rs"), ("low", "src/low/b.rs")]);
}
