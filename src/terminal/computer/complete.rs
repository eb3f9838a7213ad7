//! Completion of the word at the cursor.

use super::programs;
use super::workspace::Workspace;
use crate::api::Resource;
use crate::api::Tree;
use crate::client::discovery;
use crate::shell::session::Session;
use crate::terminal::kubectl::NAMESPACE;
use crate::terminal::kubectl::flags::{Takes, Verb};
use crate::terminal::minikube;
use crate::terminal::world::World;

/// How many candidates are given.
const MOST: usize = 200;
/// How long a line is that is completed.
const LINE: usize = 4_000;

/// Formats of `-o`.
const FORMATS: [&str; 11] = [
    "custom-columns=",
    "custom-columns-file=",
    "go-template=",
    "json",
    "jsonpath=",
    "jsonpath-as-json=",
    "jsonpath-file=",
    "name",
    "templatefile=",
    "wide",
    "yaml",
];

/// What the word at the cursor may become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the word begins, in bytes.
    pub start: usize,
    /// What may stand there, sorted.
    pub candidates: Vec<String>,
}

/// A command line up to the cursor.
struct Line<'a> {
    words: Vec<String>,
    word: &'a str,
    session: &'a Session,
    files: &'a Workspace,
    world: &'a dyn World,
}

/// Completes the word at the cursor.
pub fn complete(
    line: &str,
    cursor: usize,
    session: &Session,
    files: &Workspace,
    world: &dyn World,
) -> Completion {
    let mut cursor = cursor.min(line.len());
    while !line.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let before = line.get(..cursor).unwrap_or_default();
    if before.len() > LINE {
        return Completion::default();
    }
    // The command begins behind the last of these.
    let begin = before.rfind(['|', ';', '&', '(']).map_or(0, |at| at + 1);
    let own = before.get(begin..).unwrap_or_default();
    let start = own.rfind(char::is_whitespace).map_or(0, |at| {
        at + own.get(at..).and_then(|it| it.chars().next()).map_or(1, char::len_utf8)
    });
    let (rest, word) = own.split_at(start);
    let mut words: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
    if let Some(text) = words.first().and_then(|first| session.aliases.get(first)) {
        let text: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        words.splice(..1, text);
    }
    let line = Line { words, word, session, files, world };
    let (offset, candidates) = line.candidates();
    let typed = word.get(offset..).unwrap_or_default();
    let mut candidates: Vec<String> =
        candidates.into_iter().filter(|it| it.starts_with(typed)).collect();
    candidates.sort();
    candidates.dedup();
    candidates.truncate(MOST);
    Completion { start: begin + start + offset, candidates }
}

impl Line<'_> {
    /// Candidates, and where in the word they begin.
    fn candidates(&self) -> (usize, Vec<String>) {
        let Some(program) = self.words.first() else {
            let own = programs::names().into_iter().map(str::to_owned);
            let aliases = self.session.aliases.iter().map(|(name, _)| name.to_owned());
            return (0, own.chain(aliases).collect());
        };
        let is_redirection = self.words.last().is_some_and(|it| it.ends_with(['>', '<']));
        match program.as_str() {
            "kubectl" if !is_redirection => self.kubectl(),
            "watch" | "time" | "xargs" if self.words.len() == 1 => {
                (0, programs::names().into_iter().map(str::to_owned).collect())
            }
            "watch" | "time" | "xargs" => {
                let at = self.words.iter().position(|it| it == "kubectl");
                let Some(words) = at.and_then(|at| self.words.get(at..)) else {
                    return (0, self.paths(self.word));
                };
                Line { words: words.to_vec(), ..*self }.kubectl()
            }
            "minikube" => self.minikube(),
            _ => (0, self.paths(self.word)),
        }
    }

    /// Files whose path begins with a text.
    fn paths(&self, typed: &str) -> Vec<String> {
        let folder = typed.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_absolute = typed.starts_with('/') && folder.is_empty();
        let shown =
            if folder.is_empty() && !is_absolute { String::new() } else { format!("{folder}/") };
        let place = if shown.is_empty() { "." } else { &shown };
        let names = self.files.list(place).unwrap_or_default();
        let path = |name: String| {
            let path = format!("{shown}{name}");
            if self.files.is_folder(&path) { format!("{path}/") } else { path }
        };
        names.into_iter().map(path).collect()
    }

    fn kubectl(&self) -> (usize, Vec<String>) {
        let words: Vec<&str> = self.words.iter().skip(1).map(String::as_str).collect();
        let plain: Vec<&str> = words.iter().copied().filter(|it| !it.starts_with('-')).collect();
        let Some((verb, count)) = Verb::named(&plain) else {
            let verbs = Verb::all().filter(|verb| !verb.path().contains('_'));
            return match self.word.starts_with('-') {
                true => (0, flags(None)),
                false if plain.is_empty() => (0, verbs.map(|verb| verb.words()).collect()),
                false => (0, Vec::new()),
            };
        };
        if let Some((name, _)) = self.word.split_once('=').filter(|(it, _)| it.starts_with("--")) {
            return (name.len() + 1, self.values(verb, name).unwrap_or_default());
        }
        if self.word.starts_with('-') {
            return (0, flags(Some(verb)));
        }
        if let Some(values) = words.last().and_then(|last| self.values(verb, last)) {
            return (0, values);
        }
        let children: Vec<String> =
            verb.children().filter_map(|it| it.split('_').next()).map(str::to_owned).collect();
        let operands = self.operands(verb, &words, count);
        if !children.is_empty() && operands.is_empty() && verb.path() != "create" {
            return (0, children);
        }
        self.objects(verb, &operands, children)
    }

    /// The words of a command line that are neither the verb nor flags and their values.
    fn operands(&self, verb: Verb, words: &[&str], count: usize) -> Vec<String> {
        let (mut operands, mut words) = (Vec::new(), words.iter());
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                operands.push((*word).to_owned());
            } else if !word.contains('=') && takes_value(verb, word) {
                words.next();
            }
        }
        operands.drain(..count.min(operands.len()));
        operands
    }

    /// What a flag may be given.
    fn values(&self, verb: Verb, flag: &str) -> Option<Vec<String>> {
        if !flag.starts_with('-') || !takes_value(verb, flag) {
            return None;
        }
        Some(match flag {
            "-n" | "--namespace" => self.names("namespaces", None),
            "-f" | "--filename" | "-k" | "--kustomize" => self.paths(self.word),
            "-o" | "--output" => FORMATS.map(str::to_owned).to_vec(),
            "-c" | "--container" => self.containers(),
            "--dry-run" => ["client", "none", "server"].map(str::to_owned).to_vec(),
            "--cascade" => ["background", "foreground", "orphan"].map(str::to_owned).to_vec(),
            _ => Vec::new(),
        })
    }

    /// The namespace that the command line names.
    fn namespace(&self) -> Option<String> {
        if self.words.iter().any(|it| it == "-A" || it == "--all-namespaces") {
            return None;
        }
        let mut words = self.words.iter();
        while let Some(word) = words.next() {
            if word == "-n" || word == "--namespace" {
                return words.next().cloned();
            }
            if let Some(name) = word.strip_prefix("--namespace=").or(word.strip_prefix("-n=")) {
                return Some(name.into());
            }
        }
        Some(NAMESPACE.into())
    }

    /// The names of a resource's objects.
    fn names(&self, resource: &str, prefix: Option<&str>) -> Vec<String> {
        let Some(resource) = discovery::named(self.world, resource) else { return Vec::new() };
        let namespace = self.namespace();
        let objects = self.world.list(&resource);
        let is_in = |object: &&std::rc::Rc<serde_json::Value>| {
            let own = object.at("metadata").text("namespace");
            !resource.is_namespaced || namespace.as_ref().is_none_or(|it| it == own)
        };
        let names = objects.iter().filter(is_in).map(|it| it.at("metadata").text("name"));
        names.map(|name| prefix.map_or(name.into(), |it| format!("{it}/{name}"))).collect()
    }

    /// Commands of minikube, and Services.
    fn minikube(&self) -> (usize, Vec<String>) {
        match self.words.get(1).map(String::as_str) {
            None => (0, minikube::commands().map(str::to_owned).collect()),
            Some("service") => {
                let flags = ["--all", "--namespace", "--url", "list"].map(str::to_owned);
                (0, self.names("services", None).into_iter().chain(flags).collect())
            }
            Some("addons") => (0, ["disable", "enable", "list"].map(str::to_owned).to_vec()),
            Some("profile" | "node") => (0, vec!["list".into()]),
            Some("kubectl") => {
                let is_rest = |word: &&String| !matches!(word.as_str(), "minikube" | "--");
                let words = self.words.iter().filter(is_rest).cloned().collect();
                Line { words, ..*self }.kubectl()
            }
            Some(_) => (0, Vec::new()),
        }
    }

    fn containers(&self) -> Vec<String> {
        let named = |name: &str| {
            self.words.iter().any(|word| word == name || word.rsplit('/').next() == Some(name))
        };
        let Some(pods) = Resource::named("pods") else { return Vec::new() };
        let mut names = Vec::new();
        for pod in self.world.list(&pods) {
            if !named(pod.at("metadata").text("name")) {
                continue;
            }
            for list in ["containers", "initContainers"] {
                let containers = pod.at("spec").items(list).iter();
                names.extend(containers.map(|it| it.text("name").to_owned()));
            }
        }
        names
    }

    /// Types, and objects of the type that is named.
    fn objects(
        &self,
        verb: Verb,
        operands: &[String],
        children: Vec<String>,
    ) -> (usize, Vec<String>) {
        if verb.path() == "create" {
            return (0, children);
        }
        if let Some((kind, _)) = self.word.split_once('/') {
            return (0, self.names(kind, Some(kind)));
        }
        let path = verb.path();
        let of_pods = matches!(path, "logs" | "exec" | "attach" | "port-forward" | "cp" | "debug");
        let of_nodes = matches!(path, "cordon" | "uncordon" | "drain" | "top_node");
        if of_pods || path == "top_pod" {
            return match operands.is_empty() {
                true => (0, self.names("pods", None)),
                false => (0, Vec::new()),
            };
        }
        if of_nodes {
            return (0, self.names("nodes", None));
        }
        if path.starts_with("config") || matches!(path, "version" | "apply" | "diff") {
            return (0, Vec::new());
        }
        let Some(kind) = operands.first() else { return (0, types(path, self.world)) };
        if kind.contains('/') {
            return (0, types(path, self.world).into_iter().map(|it| format!("{it}/")).collect());
        }
        // `po,sts`: the last one is completed.
        (0, self.names(kind, None))
    }
}

/// Whether a flag takes the next word.
fn takes_value(verb: Verb, flag: &str) -> bool {
    let is_it = |own: &crate::terminal::kubectl::flags::Flag| match flag.strip_prefix("--") {
        Some(name) => own.name == name,
        None => own.shorthand.is_some() && own.shorthand == flag.chars().nth(1),
    };
    let takes = verb.flags().find(is_it).map(|flag| flag.takes);
    matches!(takes, Some(Takes::Text | Takes::Number | Takes::Span | Takes::OptionalText))
}

/// The flags of a verb, or of every verb.
fn flags(verb: Option<Verb>) -> Vec<String> {
    let Some(verb) = verb.or_else(|| Verb::all().find(|verb| verb.path() == "options")) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for flag in verb.flags() {
        let takes = if flag.takes == Takes::Nothing { "" } else { "=" };
        all.push(format!("--{}{takes}", flag.name));
        all.extend(flag.shorthand.map(|letter| format!("-{letter}")));
    }
    all
}

/// The types that a verb may be about.
fn types(path: &str, world: &dyn World) -> Vec<String> {
    let of_rollout = ["daemonsets", "deployments", "statefulsets", "ds", "deploy", "sts"];
    if path.starts_with("rollout") || path == "scale" {
        return of_rollout.map(str::to_owned).to_vec();
    }
    let mut names: Vec<String> = vec!["all".into()];
    for resource in discovery::resources(world) {
        names.push(resource.name.into());
        names.push(resource.singular());
        let short = resource.short_names.split(',').filter(|it| !it.is_empty());
        names.extend(short.map(str::to_owned));
    }
    names
}
