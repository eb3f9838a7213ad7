//! What commands rest on: what they work with, what they come to, and what templates ask of them.

use crate::client::discovery;
use crate::template::{Extra, Value};
use crate::terminal::files::Files;
use crate::terminal::job::Progress;
use crate::terminal::output::Output;
use crate::terminal::world::World;

/// The version that is printed.
pub const VERSION: &str = "v3.22.0";

/// The text of the page with the help of every command and the files of `helm create`.
pub const TEXTS: &str = "terminal/helm.txt";

/// What a command works with.
pub struct Context<'a> {
    /// The cluster.
    pub world: &'a mut dyn World,
    /// Files and directories.
    pub files: &'a dyn Files,
    /// What it prints.
    pub out: &'a mut Output,
}

/// Why a command failed, in Helm's words; `Error: ` is put before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl Failure {
    /// The words.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// With what was being done before them.
    #[must_use]
    pub fn during(self, what: &str) -> Self {
        Self(format!("{what}: {}", self.0))
    }
}

/// What a command comes to.
pub type Done = Result<Progress, Failure>;

/// What templates ask of their surroundings.
pub struct Surroundings<'a> {
    /// The cluster, if templates may look into it.
    pub world: Option<&'a dyn World>,
    /// Now, in milliseconds since 1970.
    pub now: i64,
    /// Whether the chart is only examined.
    pub is_lint: bool,
}

impl Extra for Surroundings<'_> {
    fn lookup(&self, [version, kind, namespace, name]: [&str; 4]) -> Result<Value, String> {
        let nothing = Value::map::<String>([]);
        let Some(world) = self.world else { return Ok(nothing) };
        let Some(resource) = discovery::of_kind(world, kind, version) else { return Ok(nothing) };
        if !name.is_empty() {
            let found = world.get(&resource, namespace, name).ok();
            return Ok(found.map_or(nothing, |object| Value::of_object(&object)));
        }
        let all = world.list(&resource);
        let is_own = |object: &&std::rc::Rc<serde_json::Value>| {
            namespace.is_empty() || object["metadata"]["namespace"] == namespace
        };
        let items = all.iter().filter(is_own).map(|object| Value::of_object(object));
        Ok(Value::map([
            ("apiVersion", version.into()),
            ("items", Value::list(items)),
            ("kind", format!("{kind}List").into()),
        ]))
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn is_lint(&self) -> bool {
        self.is_lint
    }
}

/// Prints a failure.
pub fn tell(failure: &Failure, out: &mut Output) {
    out.error(&format!("Error: {}", failure.0));
}

/// A part of the texts that the page fetches: each begins at a form feed with its name.
pub fn text(name: &str, context: &Context) -> Option<String> {
    let all = context.files.text(TEXTS)?;
    let heading = format!("\u{c}{name}\n");
    let (_, rest) = all.split_once(&heading)?;
    let end = rest.find('\u{c}').unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

/// The version of Kubernetes that templates are told.
pub fn kubernetes(world: &dyn World) -> String {
    format!("v{}.0", world.kubernetes().version.label())
}
