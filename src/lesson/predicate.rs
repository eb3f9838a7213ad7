//! What may hold of a cluster and its history: goals of tasks, answers, and what is waited for.

use super::LessonError;
use super::fields::{Fields, items, plain, wrong};
use super::value::{self, Test};
use crate::api::Tree;
use crate::cluster::meta::Key;
use crate::print::jsonpath::Template;
use serde_json::{Value, json};

/// The namespace of an object that names none.
pub const NAMESPACE: &str = "default";

/// The largest number of objects or replicas that is spoken of.
const MOST: u64 = 100_000;

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// All of these hold.
    All(Vec<Self>),
    /// One of these holds.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// An object, or what a path of it prints, passes a test.
    Object {
        /// Its kind.
        kind: String,
        /// Its name.
        key: Key,
        /// What of it is looked at; none: whether it is there.
        path: Option<Path>,
        /// What that must be.
        test: Test,
    },
    /// So many objects of a kind pass a test.
    Count {
        /// Their kind.
        kind: String,
        /// Their namespace; none: all of them.
        namespace: Option<String>,
        /// What of each is looked at, and what that must be.
        path: Option<(Path, Test)>,
        /// At least so many.
        least: u64,
        /// At most so many.
        most: u64,
    },
    /// A set has so many replicas, all of them ready, and its controller has seen its spec.
    Ready {
        /// The set.
        set: Key,
        /// How many.
        replicas: u64,
    },
    /// Another object has the name than the first one since the lesson began.
    Replaced(Name),
    /// The first object of this name since the lesson began is still there.
    Kept(Name),
    /// An event was reported since the lesson began.
    Event {
        /// Its reason.
        reason: String,
        /// What it is about; none: whatever it is.
        object: Option<Name>,
        /// A part of its message.
        contains: String,
    },
    /// Something happened since the lesson began.
    Happened {
        /// What.
        moment: Moment,
        /// It happened before this did, which has happened, too.
        before: Option<Moment>,
    },
    /// A file in a container passes a test.
    File {
        /// The pod.
        pod: Key,
        /// The container; none: the first one.
        container: Option<String>,
        /// The file's path.
        path: String,
        /// What it must be.
        test: Test,
    },
    /// The terminal has printed this since the lesson began.
    Printed(String),
}

/// A template such as `{.status.phase}`.
#[derive(Clone, Debug)]
pub struct Path {
    /// As it was written.
    pub text: String,
    /// As it is carried out.
    pub template: Template,
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Path {
    /// Reads a template.
    ///
    /// # Errors
    /// The parser's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.into(), template: Template::parse(text)? })
    }
}

/// An object's kind and name, written `Pod/web-0`, or `Pod/lab/web-0` in another namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its kind.
    pub kind: String,
    /// Namespace and name; the namespace counts only for kinds that have one.
    pub key: Key,
}

impl Name {
    /// The name of an object.
    pub fn new(kind: &str, key: &Key) -> Self {
        Self { kind: kind.into(), key: key.clone() }
    }

    fn read(text: &str, place: &str) -> Result<Self, LessonError> {
        let parts: Vec<&str> = text.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [kind, name] => (*kind, NAMESPACE, *name),
            [kind, namespace, name] => (*kind, *namespace, *name),
            _ => return Err(wrong(place, "it must be written as Pod/web-0")),
        };
        Ok(Self { kind: kind.into(), key: Key::new(namespace, name) })
    }

    fn text(&self) -> String {
        match &*self.key.namespace {
            NAMESPACE => format!("{}/{}", self.kind, self.key.name),
            other => format!("{}/{other}/{}", self.kind, self.key.name),
        }
    }
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was created.
    Created,
    /// Its containers are ready: pods only.
    Ready,
    /// Its deletion was asked for.
    Terminating,
    /// It is gone.
    Deleted,
}

impl Became {
    /// All of them.
    const ALL: [Self; 4] = [Self::Created, Self::Ready, Self::Terminating, Self::Deleted];

    fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Ready => "ready",
            Self::Terminating => "terminating",
            Self::Deleted => "deleted",
        }
    }
}

/// What became of which object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What.
    pub became: Became,
    /// The object.
    pub of: Name,
}

impl Moment {
    fn read(fields: &Fields) -> Result<Self, LessonError> {
        let mut given = Became::ALL.into_iter().filter(|it| fields.value(it.name()).is_some());
        let (Some(became), None) = (given.next(), given.next()) else {
            let what = "it must have exactly one of created, ready, terminating, deleted";
            return Err(wrong(&fields.place(""), what));
        };
        let of = Name::read(&fields.text(became.name())?, &fields.place(became.name()))?;
        Ok(Self { became, of })
    }

    fn tree(&self) -> Value {
        let mut tree = Value::Null;
        tree.put(self.became.name(), self.of.text());
        tree
    }
}

/// The names of predicates.
const KINDS: [&str; 11] = [
    "all", "any", "not", "object", "count", "ready", "replaced", "kept", "event", "happened",
    "file",
];

impl Predicate {
    /// Reads a map with exactly one predicate.
    pub(super) fn read(tree: &Value, place: &str) -> Result<Self, LessonError> {
        let known: Vec<&str> = KINDS.into_iter().chain(["printed"]).collect();
        let fields = Fields::of(tree, place, &known)?;
        let mut given = known.iter().filter_map(|name| Some((*name, fields.value(name)?)));
        let (Some((name, value)), None) = (given.next(), given.next()) else {
            return Err(wrong(place, &format!("it must have exactly one of {}", known.join(", "))));
        };
        let place = fields.place(name);
        match name {
            "all" => items(value, &place, Self::read).map(Self::All),
            "any" => items(value, &place, Self::read).map(Self::Any),
            "not" => Self::read(value, &place).map(|inner| Self::Not(Box::new(inner))),
            "object" => object(value, &place),
            "count" => count(value, &place),
            "ready" => ready(value, &place),
            "replaced" => Name::read(&plain(value, &place)?, &place).map(Self::Replaced),
            "kept" => Name::read(&plain(value, &place)?, &place).map(Self::Kept),
            "event" => event(value, &place),
            "happened" => happened(value, &place),
            "file" => file(value, &place),
            _ => plain(value, &place).map(Self::Printed),
        }
    }

    /// The predicate as it is read.
    pub(super) fn tree(&self) -> Value {
        let list = |all: &[Self]| all.iter().map(Self::tree).collect::<Vec<_>>();
        match self {
            Self::All(all) => json!({"all": list(all)}),
            Self::Any(any) => json!({"any": list(any)}),
            Self::Not(inner) => json!({"not": inner.tree()}),
            Self::Object { kind, key, path, test } => {
                let mut tree = json!({"kind": kind, "name": &*key.name});
                put_namespace(&mut tree, &key.namespace);
                path.iter().for_each(|path| tree.put("path", path.text.as_str()));
                test.write(&mut tree);
                json!({"object": tree})
            }
            Self::Count { kind, namespace, path, least, most } => {
                let mut tree = json!({"kind": kind});
                namespace.iter().for_each(|it| tree.put("namespace", it.as_str()));
                if let Some((path, test)) = path {
                    tree.put("path", path.text.as_str());
                    test.write(&mut tree);
                }
                let mut numbers = json!({"atLeast": least});
                if *most < MOST {
                    numbers.put("atMost", *most);
                }
                tree.put("number", numbers);
                json!({"count": tree})
            }
            Self::Ready { set, replicas } => {
                let mut tree = json!({"set": &*set.name, "replicas": replicas});
                put_namespace(&mut tree, &set.namespace);
                json!({"ready": tree})
            }
            Self::Replaced(name) => json!({"replaced": name.text()}),
            Self::Kept(name) => json!({"kept": name.text()}),
            Self::Event { reason, object, contains } => {
                let mut tree = json!({"reason": reason});
                object.iter().for_each(|name| tree.put("object", name.text()));
                if !contains.is_empty() {
                    tree.put("contains", contains.as_str());
                }
                json!({"event": tree})
            }
            Self::Happened { moment, before } => {
                let mut tree = moment.tree();
                before.iter().for_each(|before| tree.put("before", before.tree()));
                json!({"happened": tree})
            }
            Self::File { pod, container, path, test } => {
                let mut tree = json!({"pod": &*pod.name, "path": path});
                put_namespace(&mut tree, &pod.namespace);
                container.iter().for_each(|it| tree.put("container", it.as_str()));
                test.write(&mut tree);
                json!({"file": tree})
            }
            Self::Printed(text) => json!({"printed": text}),
        }
    }

    /// The texts that must be printed for it, in it and in what it is made of.
    pub fn printed(&self) -> Vec<&str> {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().flat_map(Self::printed).collect(),
            Self::Not(inner) => inner.printed(),
            Self::Printed(text) => vec![text],
            _ => Vec::new(),
        }
    }
}

fn put_namespace(tree: &mut Value, namespace: &str) {
    if namespace != NAMESPACE {
        tree.put("namespace", namespace);
    }
}

/// These fields and those of a test.
fn with_test(own: &[&'static str]) -> Vec<&'static str> {
    own.iter().copied().chain(value::FIELDS).collect()
}

fn path(fields: &Fields) -> Result<Option<Path>, LessonError> {
    let parse = |text: String| Path::parse(&text).map_err(|why| wrong(&fields.place("path"), &why));
    fields.opt_text("path")?.map(parse).transpose()
}

fn object(tree: &Value, place: &str) -> Result<Predicate, LessonError> {
    let fields = Fields::of(tree, place, &with_test(&["kind", "name", "namespace", "path"]))?;
    let key = Key::new(&fields.text_or("namespace", NAMESPACE)?, &fields.text("name")?);
    let (path, test) = (path(&fields)?, Test::read(&fields)?);
    Ok(Predicate::Object { kind: fields.text("kind")?, key, path, test })
}

fn count(tree: &Value, place: &str) -> Result<Predicate, LessonError> {
    let fields = Fields::of(tree, place, &with_test(&["kind", "namespace", "path", "number"]))?;
    let path = path(&fields)?;
    let test = Test::read(&fields)?;
    if path.is_none() && test != Test::default() {
        return Err(wrong(&fields.place("path"), "it is missing: what is looked at"));
    }
    let at = fields.place("number");
    let number = fields.required("number")?;
    let (least, most) = match number.as_u64() {
        Some(exactly) => (exactly, exactly),
        None => {
            let number = Fields::of(number, &at, &["atLeast", "atMost"])?;
            let bound = |name, default| Ok(number.opt_number(name, MOST)?.unwrap_or(default));
            (bound("atLeast", 0)?, bound("atMost", MOST)?)
        }
    };
    let kind = fields.text("kind")?;
    let namespace = fields.opt_text("namespace")?;
    Ok(Predicate::Count { kind, namespace, path: path.map(|path| (path, test)), least, most })
}

fn ready(tree: &Value, place: &str) -> Result<Predicate, LessonError> {
    let fields = Fields::of(tree, place, &["set", "namespace", "replicas"])?;
    let set = Key::new(&fields.text_or("namespace", NAMESPACE)?, &fields.text("set")?);
    fields.required("replicas")?;
    let replicas = fields.opt_number("replicas", MOST)?.unwrap_or_default();
    Ok(Predicate::Ready { set, replicas })
}

fn event(tree: &Value, place: &str) -> Result<Predicate, LessonError> {
    let fields = Fields::of(tree, place, &["reason", "object", "contains"])?;
    let object = fields.opt_text("object")?;
    let object = object.map(|text| Name::read(&text, &fields.place("object"))).transpose()?;
    let contains = fields.text_or("contains", "")?;
    Ok(Predicate::Event { reason: fields.text("reason")?, object, contains })
}

fn happened(tree: &Value, place: &str) -> Result<Predicate, LessonError> {
    let names = Became::ALL.map(Became::name);
    let known: Vec<&str> = names.into_iter().chain(["before"]).collect();
    let fields = Fields::of(tree, place, &known)?;
    let before = |tree| Moment::read(&Fields::of(tree, &fields.place("before"), &names)?);
    let before = fields.value("before").map(before).transpose()?;
    Ok(Predicate::Happened { moment: Moment::read(&fields)?, before })
}

fn file(tree: &Value, place: &str) -> Result<Predicate, LessonError> {
    let fields = Fields::of(tree, place, &with_test(&["pod", "namespace", "container", "path"]))?;
    let pod = Key::new(&fields.text_or("namespace", NAMESPACE)?, &fields.text("pod")?);
    let (container, path) = (fields.opt_text("container")?, fields.text("path")?);
    Ok(Predicate::File { pod, container, path, test: Test::read(&fields)? })
}
