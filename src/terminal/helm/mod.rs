//! helm: charts filled in, releases kept in the cluster.
//!
//! Upstream: `helm.sh/helm/v3` 3.22, `cmd/helm/`, `pkg/action/`.

mod chart;
mod create;
pub mod flags;
mod get;
mod ground;
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

pub use ground::{Context, Failure, Surroundings, TEXTS, VERSION};

use super::job::Progress;
use super::kubectl::{self, NAMESPACE};
use flags::Args;
use ground::{Done, tell, text};
use serde_json::{Value as Json, json};

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
