//! helm: charts filled in, releases kept in the cluster.
//!
//! Upstream: `helm.sh/helm/v3` 3.22, `cmd/helm/`, `pkg/action/`.

mod chart;
mod create;
pub mod flags;
mod get;
mod install;
mod lint;
mod list;
mod objects;
mod release;
mod render;
mod rollback;
mod show;
mod status;
mod table;
mod template;
mod test;
mod uninstall;
mod upgrade;
mod values;
mod wait;

use super::kubectl::{self, Files, Job, Progress};
use super::output::Output;
use super::world::World;
use crate::template::{Extra, Value};
use crate::terminal::kubectl::NAMESPACE;
use flags::Args;
use serde_json::{Value as Json, json};

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

/// The Secret of a release that was deployed at a moment, in milliseconds since the beginning of 1970.
pub fn deployed(name: &str, chart: &Json, config: &Json, manifest: &str, now: i64) -> Json {
    let stamp = release::stamp(now);
    let release = release::Release {
        name: name.into(),
        namespace: NAMESPACE.into(),
        version: 1,
        status: "deployed".into(),
        first_deployed: stamp.clone(),
        last_deployed: stamp,
        description: "Install complete".into(),
        chart: chart::Chart::of_json(&json!({"metadata": chart})),
        config: config.clone(),
        manifest: manifest.into(),
        ..release::Release::default()
    };
    release.secret(now)
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
        use crate::api::Resource;
        let nothing = Value::map::<String>([]);
        let (Some(world), Some(resource)) = (self.world, Resource::of_kind(kind, version)) else {
            return Ok(nothing);
        };
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

/// Runs a command line, without the name of the program.
#[inline(never)]
pub fn run(words: &[String], context: &mut Context) -> Progress {
    let done = match flags::read(words) {
        Err(failure) => Err(failure),
        Ok(None) => help("", context),
        Ok(Some(args)) if args.flag("help") => help(args.verb.path, context),
        Ok(Some(mut args)) => {
            args.default_namespace =
                kubectl::namespace_in_use(context.files, args.text("kube-context"));
            verb(&args, context)
        }
    };
    match done {
        Ok(progress) => progress,
        Err(failure) => {
            tell(&failure, context.out);
            Progress::Done(1)
        }
    }
}

/// Prints a failure.
pub fn tell(failure: &Failure, out: &mut Output) {
    out.error(&format!("Error: {}", failure.0));
}

fn verb(args: &Args, context: &mut Context) -> Done {
    match args.verb.path {
        "create" => create::run(args, context),
        "env" => list::env(context),
        "get_all" | "get_hooks" | "get_manifest" | "get_notes" | "get_values" => {
            get::run(args, context)
        }
        "help" => help(&args.words.join("_"), context),
        "history" => list::history(args, context),
        "install" => install::run(args, context),
        "lint" => lint::run(args, context),
        "list" => list::run(args, context),
        "package" => show::package(args, context),
        "rollback" => rollback::run(args, context),
        "show_all" | "show_chart" | "show_readme" | "show_values" | "show_crds" => {
            show::run(args, context)
        }
        "status" => status::run(args, context),
        "template" => template::run(args, context),
        "test" => test::run(args, context),
        "uninstall" => uninstall::run(args, context),
        "upgrade" => upgrade::run(args, context),
        "version" => show::version(args, context),
        "get" | "show" | "dependency" | "completion" if args.words.is_empty() => {
            help(args.verb.path, context)
        }
        "repo" if args.words.first().is_some_and(|it| it == "list") => {
            Err(Failure::new("no repositories to show"))
        }
        "search" => Err(Failure::new("no repositories configured")),
        _ => Err(Failure::new(
            "this playground requests nothing from other hosts: there are the charts of this \
             computer, such as ./chart, and those that helm create makes",
        )),
    }
}

/// The help of a command.
fn help(path: &str, context: &mut Context) -> Done {
    match text(&format!("help {path}"), context) {
        Some(own) => {
            // Every command has the same global flags.
            let global = text("global", context).unwrap_or_default();
            context.out.print(&own.replace("<GLOBAL>\n", &global));
            Ok(Progress::Done(0))
        }
        None => Err(Failure::new(format!("the help of helm {path} has not been loaded"))),
    }
}

/// A part of the texts that the page fetches: each begins at a form feed with its name.
fn text(name: &str, context: &Context) -> Option<String> {
    let all = context.files.text(TEXTS)?;
    let heading = format!("\u{c}{name}\n");
    let (_, rest) = all.split_once(&heading)?;
    let end = rest.find('\u{c}').unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

/// Checks how many words a command has.
///
/// # Errors
/// `"helm status" requires 1 argument`, with how it is used.
fn check_words(args: &Args, least: usize, most: usize, usage: &str) -> Result<(), Failure> {
    let count = args.words.len();
    if (least..=most).contains(&count) {
        return Ok(());
    }
    let title = args.verb.title();
    let plural = if least == 1 { "argument" } else { "arguments" };
    let wants = match () {
        () if least == most => format!("requires {least} {plural}"),
        () if count < least => format!("requires at least {least} {plural}"),
        () => format!("accepts at most {most} arguments"),
    };
    Err(Failure::new(format!("\"helm {title}\" {wants}\n\nUsage:  helm {usage}")))
}

/// The version of Kubernetes that templates are told.
fn kubernetes(world: &dyn World) -> String {
    format!("v{}.0", world.kubernetes().version.label())
}

/// A command that waits, as progress.
fn waits(job: impl Job + 'static, context: &mut Context) -> Progress {
    let mut job = job;
    match job.poll(context.world, context.out) {
        Some(status) => Progress::Done(status),
        None => Progress::Waiting(Box::new(job)),
    }
}
