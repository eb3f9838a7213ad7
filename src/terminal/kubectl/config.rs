//! `kubectl config`: there is one context, minikube.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/config/`.

use super::flags::Args;
use super::get::{self, Format};
use super::{Context, Done, Failure, Progress, info};
use crate::print::table::Columns;
use serde_json::json;

/// The name of the context, of its cluster and of its user.
const NAME: &str = "minikube";

/// Runs a verb below `config`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    match args.verb.path() {
        "config_current-context" => context.out.line(NAME),
        "config_get-contexts" => return contexts(args, context),
        "config_get-clusters" | "config_get-users" => {
            context.out.line("NAME");
            context.out.line(NAME);
        }
        "config_use-context" => match args.words.as_slice() {
            [name] if name == NAME => {
                context.out.line(&format!("Switched to context \"{NAME}\"."));
            }
            [name] => {
                let text = format!("no context exists with the name: \"{name}\"");
                return Err(Failure::error(text));
            }
            words => return unexpected(args, words, context),
        },
        "config_set-context" => return set_context(args, context),
        _ => return view(args, context),
    }
    Ok(Progress::Done(0))
}

/// A verb that is given too many or too few words prints its help before it fails.
fn unexpected(args: &Args, words: &[String], context: &mut Context) -> Done {
    let help = info::help_text(args.verb.path(), context).unwrap_or_default();
    context.out.print(&help);
    Err(Failure::error(format!("Unexpected args: [{}]", words.join(" "))))
}

fn contexts(args: &Args, context: &mut Context) -> Done {
    let format = args.text("output").unwrap_or_default();
    if !["", "name"].contains(&format) {
        return Err(Failure::error(format!(
            "--output {format} is not available in kubectl config get-contexts; resetting to \
             default output format"
        )));
    }
    let is_asked = args.words.is_empty() || args.words.iter().any(|word| word == NAME);
    if format == "name" {
        context.out.print(if is_asked { "minikube\n" } else { "" });
    } else {
        let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
        let header = row(["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"]);
        let header = (!args.flag("no-headers")).then_some(header);
        let own = is_asked.then(|| row(["*", NAME, NAME, NAME, super::NAMESPACE]));
        let rows: Vec<Vec<String>> = header.into_iter().chain(own).collect();
        context.out.print(&Columns::default().lines(&rows));
    }
    match args.words.iter().find(|word| *word != NAME) {
        Some(other) => Err(Failure::error(format!("context {other} not found"))),
        None => Ok(Progress::Done(0)),
    }
}

fn set_context(args: &Args, context: &mut Context) -> Done {
    let is_current = args.flag("current");
    match args.words.as_slice() {
        [] if !is_current => {
            let text = "you must specify a non-empty context name or --current";
            return Err(Failure::error(text));
        }
        [_] if is_current => {
            let text = "you cannot specify both a context name and --current";
            return Err(Failure::error(text));
        }
        [] | [_] => {}
        words => return unexpected(args, words, context),
    }
    if args.text("namespace").is_some_and(|namespace| namespace != super::NAMESPACE) {
        let text = "the namespace of this terminal is fixed: use -n for another";
        return Err(Failure::error(text));
    }
    context.out.line(&format!("Context \"{NAME}\" modified."));
    Ok(Progress::Done(0))
}

fn view(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("unexpected arguments: [{}]", args.words.join(" "));
        return Err(Failure::usage("config view", &text));
    }
    let config = json!({
        "apiVersion": "v1",
        "clusters": [{
            "cluster": {
                "certificate-authority-data": "DATA+OMITTED",
                "server": "https://192.168.49.2:8443",
            },
            "name": NAME,
        }],
        "contexts": [{
            "context": {"cluster": NAME, "namespace": super::NAMESPACE, "user": NAME},
            "name": NAME,
        }],
        "current-context": NAME,
        "kind": "Config",
        "users": [{
            "name": NAME,
            "user": {
                "client-certificate-data": "DATA+OMITTED",
                "client-key-data": "DATA+OMITTED",
            },
        }],
    });
    let format = match Format::of(args, context)? {
        Format::Table { .. } | Format::Name | Format::Custom(_) => Format::Yaml,
        format => format,
    };
    let text = get::print_value(&format, &config)?;
    context.out.print(&text);
    Ok(Progress::Done(0))
}
