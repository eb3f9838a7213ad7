//! Which file uses which: paths followed through modules and re-exports to the file that has the item.

use super::source::Files;
use super::tokens::{Module, Named, Said};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// The library as the package's other crates name it.
const LIBRARY: &str = "statefulset_playground";

/// How many re-exports a name may pass through.
const DEPTH: usize = 16;

/// A file that names something of another file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub line: usize,
    pub to: String,
    pub is_test: bool,
}

/// A module: the path from its crate's root file.
type Place = Vec<String>;

struct Scope {
    file: String,
    said: Said,
    is_test: bool,
}

/// The modules of every crate of the package.
pub struct Graph {
    scopes: BTreeMap<Place, Scope>,
    pub arrows: Vec<Arrow>,
    /// Paths that begin with a name that is no module here: crates that are used, with the file.
    pub crates: Vec<(String, String, bool)>,
}

/// Where a path leads.
enum End {
    Module(Place),
    Item(Place),
    Elsewhere,
}

impl Graph {
    /// That of this repository.
    pub fn here() -> &'static Self {
        static GRAPH: OnceLock<Graph> = OnceLock::new();
        GRAPH.get_or_init(|| Self::of(Files::here()))
    }

    pub fn of(files: &Files) -> Self {
        let mut graph = Self { scopes: BTreeMap::new(), arrows: Vec::new(), crates: Vec::new() };
        for (name, text) in files.rust().filter(|(name, _)| is_root(name)) {
            graph.add(
                files,
                vec![name.into()],
                name,
                Said::of(name, text),
                name.starts_with("tests/"),
            );
        }
        graph.follow();
        graph
    }

    /// A sample of which only the arrows matter.
    pub fn with(arrows: Vec<Arrow>) -> Self {
        Self { scopes: BTreeMap::new(), arrows, crates: Vec::new() }
    }

    /// The files that are reached from a crate's root.
    pub fn reached(&self) -> BTreeSet<&str> {
        self.scopes.values().map(|scope| scope.file.as_str()).collect()
    }

    fn add(&mut self, files: &Files, place: Place, file: &str, mut said: Said, is_test: bool) {
        for module in &mut said.modules {
            let mut inner = place.clone();
            inner.push(module.name.clone());
            let is_test = is_test || module.is_test;
            if let Some(inline) = module.inline.take() {
                self.add(files, inner, file, inline, is_test);
            } else if let Some((file, text)) = file_of(files, file, &place, module) {
                self.add(files, inner, &file, Said::of(&file, text), is_test);
            }
        }
        self.scopes.insert(place, Scope { file: file.into(), said, is_test });
    }

    fn follow(&mut self) {
        let (mut arrows, mut crates) = (BTreeSet::new(), BTreeSet::new());
        for (place, scope) in &self.scopes {
            let imports = scope.said.imports.iter().map(|it| (&it.named, it.name.is_none()));
            let paths = scope.said.paths.iter().map(|it| (it, false));
            for (named, is_glob) in imports.chain(paths) {
                let is_test = scope.is_test || named.is_test;
                let target = match self.end(place, &named.segments, 0) {
                    End::Item(target) => target,
                    End::Module(target) if is_glob => target,
                    // What is used of it is a path of its own.
                    End::Module(_) => continue,
                    End::Elsewhere => {
                        crates.insert((named.segments[0].clone(), scope.file.clone(), is_test));
                        continue;
                    }
                };
                let to = self.scopes[&target].file.clone();
                if to != scope.file {
                    let (from, line) = (scope.file.clone(), named.line);
                    arrows.insert(Arrow { from, line, to, is_test });
                }
            }
        }
        self.arrows = arrows.into_iter().collect();
        self.crates = crates.into_iter().collect();
    }

    /// Where a path leads that is written in a module.
    fn end(&self, from: &Place, segments: &[String], depth: usize) -> End {
        let (mut at, mut rest) = (from.clone(), segments);
        match segments[0].as_str() {
            "crate" => at.truncate(1),
            LIBRARY if from[0] != "src/lib.rs" => at = vec!["src/lib.rs".into()],
            "self" => {}
            "super" => at.truncate(at.len() - 1),
            first => {
                return match self.inside(&at, first, depth) {
                    Some(End::Module(place)) => self.onward(place, &segments[1..], depth),
                    Some(end) => end,
                    None => End::Elsewhere,
                };
            }
        }
        rest = &rest[1..];
        while rest.first().is_some_and(|it| it == "super") {
            at.truncate(at.len() - 1);
            rest = &rest[1..];
        }
        self.onward(at, rest, depth)
    }

    fn onward(&self, mut at: Place, segments: &[String], depth: usize) -> End {
        for name in segments {
            match self.inside(&at, name, depth) {
                Some(End::Module(place)) => at = place,
                Some(end) => return end,
                // A macro may have made it: the module has it itself.
                None => return End::Item(at),
            }
        }
        End::Module(at)
    }

    /// What a name means in a module, if it has that name.
    fn inside(&self, at: &Place, name: &str, depth: usize) -> Option<End> {
        let scope = self.scopes.get(at)?;
        let mut child = at.clone();
        child.push(name.into());
        if self.scopes.contains_key(&child) {
            return Some(End::Module(child));
        }
        if scope.said.items.iter().any(|item| item == name) {
            return Some(End::Item(at.clone()));
        }
        if depth > DEPTH {
            return None;
        }
        let own = |named: &Named| named.segments.len() == 1 && named.segments[0] == name;
        let named = scope.said.imports.iter().filter(|it| it.name.as_deref() == Some(name));
        for import in named.filter(|it| !own(&it.named)) {
            match self.end(at, &import.named.segments, depth + 1) {
                End::Elsewhere => {}
                end => return Some(end),
            }
        }
        let globs = scope.said.imports.iter().filter(|it| it.name.is_none());
        globs.into_iter().find_map(|it| match self.end(at, &it.named.segments, depth + 1) {
            End::Module(place) => self.inside(&place, name, depth + 1),
            _ => None,
        })
    }
}

fn is_root(name: &str) -> bool {
    // `name.rs`, or `name/main.rs`.
    let in_folder = |folder: &str| {
        let rest = name.strip_prefix(folder).and_then(|rest| rest.strip_suffix(".rs"));
        rest.is_some_and(|rest| !rest.trim_end_matches("/main").contains('/'))
    };
    matches!(name, "src/lib.rs" | "src/main.rs" | "tests/all.rs")
        || in_folder("src/bin/")
        || in_folder("examples/")
}

/// The file of `mod name;`.
fn file_of<'a>(
    files: &'a Files,
    file: &str,
    place: &Place,
    module: &Module,
) -> Option<(String, &'a str)> {
    let (folder, stem) = file.rsplit_once('/').unwrap_or(("", file));
    if let Some(path) = &module.path {
        let mut parts: Vec<&str> = folder.split('/').collect();
        for part in path.split('/') {
            match part {
                ".." => drop(parts.pop()),
                _ => parts.push(part),
            }
        }
        let path = parts.join("/");
        return files.get(&path).map(|text| (path.clone(), text));
    }
    let is_map = place.len() == 1 || stem == "mod.rs";
    let folder = if is_map { folder } else { file.trim_end_matches(".rs") };
    let names =
        [format!("{folder}/{}.rs", module.name), format!("{folder}/{}/mod.rs", module.name)];
    names.into_iter().find_map(|name| files.get(&name).map(|text| (name.clone(), text)))
}
