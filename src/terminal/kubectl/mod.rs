//! kubectl: verbs, flags and what they print.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/`.

mod access;
mod ahead;
mod apply;
mod config;
mod config_property;
mod create;
mod delete;
mod describe;
mod diff;
mod each;
mod edit;
mod events;
mod explain;
mod expose;
mod files;
pub mod flags;
mod generate;
mod generate_data;
mod generate_rbac;
mod generate_work;
mod get;
mod ground;
mod info;
mod kubeconfig;
mod labels;
mod logs;
mod nodes;
pub mod order;
mod overrides;
mod patch;
mod port_forward;
mod print;
mod prune;
mod rollout;
mod rollout_deployments;
mod run;
mod scale;
mod select;
mod selector;
mod send;
mod set;
mod sorting;
mod suggest;
mod top;
mod wait;

pub use crate::print::jsonpath;
pub use ground::{Context, NAMESPACE};

use crate::api::Tree;
use crate::client::Failure;
use crate::terminal::files::Files;
use crate::terminal::job::Progress;
use flags::{Args, Verb};
use ground::{Done, told};
use kubeconfig::Kubeconfig;

/// The namespace of a context, or of the one that is in use; none if it names none.
pub fn namespace_in_use(files: &dyn Files, context: Option<&str>) -> Option<String> {
    let config = Kubeconfig::read(files);
    let name = context.unwrap_or_else(|| config.current());
    let namespace = config.entry(kubeconfig::Section::Contexts, name)?.opt_text("namespace")?;
    Some(namespace.to_owned()).filter(|it| !it.is_empty())
}

/// Runs a command line without its first word, `kubectl`.
pub fn run(words: &[String], context: &mut Context) -> Progress {
    let done = dispatch(words, context);
    told(done, context)
}

fn dispatch(words: &[String], context: &mut Context) -> Done {
    // Global flags may stand before the verb.
    let at = verb_at(words)?;
    if words.is_empty() || words.iter().all(|word| word == "--help" || word == "-h") {
        return info::help("", context);
    }
    let names: Vec<&str> = words[at..].iter().map(String::as_str).collect();
    let Some((verb, count)) = Verb::named(&names) else {
        return Err(suggest::unknown_command(names.first().copied().unwrap_or_default()));
    };
    let rest: Vec<String> = words[..at].iter().chain(&words[at + count..]).cloned().collect();
    let mut args = match Args::read(verb, &rest) {
        Ok(args) => args,
        // Its own status 1 says that there are differences.
        Err(text) if verb.path() == "diff" => {
            let why = text.lines().next().unwrap_or_default();
            context.out.error(&Failure::usage("diff", why).text());
            return Ok(Progress::Done(2));
        }
        Err(text) => return Err(Failure::Error(text)),
    };
    if args.flag("help") {
        return info::help(verb.path(), context);
    }
    // What speaks of the configuration, or of kubectl itself, needs no cluster.
    if !["config", "help", "options"].iter().any(|own| verb.path().starts_with(own)) {
        let config = Kubeconfig::read(context.files);
        config.check(&args)?;
        args.default_namespace = config.namespace(&args).map(str::to_owned);
    }
    if args.has("record") {
        let text = "Flag --record has been deprecated, --record will be removed in the future";
        context.out.error(text);
    }
    context.manager = args.manager();
    ahead::run(&args, context)
}

fn verb_of(args: &Args, context: &mut Context) -> Done {
    let path = args.verb.path();
    match path {
        "get" => get::run(args, context),
        "describe" => describe::run(args, context),
        "events" => events::run(args, context),
        "explain" => explain::run(args, context),
        "create" => create::run(args, context),
        "replace" => create::replace(args, context),
        "apply" => apply::run(args, context),
        "apply_view-last-applied" => apply::view(args, context),
        "apply_set-last-applied" => apply::set(args, context),
        "edit" => edit::run(args, context),
        "patch" => patch::run(args, context),
        "delete" => delete::run(args, context),
        "scale" => scale::run(args, context),
        "autoscale" => scale::auto(args, context),
        "exec" => access::exec(args, context),
        "logs" => logs::run(args, context),
        "attach" => access::attach(args, context),
        "cp" => access::cp(args, context),
        "port-forward" => port_forward::port_forward(args, context),
        "run" => run::run(args, context),
        "top_pod" | "top_node" => top::run(args),
        "wait" => wait::run(args, context),
        "label" | "annotate" => labels::run(args, context),
        "expose" => expose::run(args, context),
        "diff" => diff::run(args, context),
        "cordon" | "uncordon" | "drain" => nodes::run(args, context),
        "taint" => nodes::taint(args, context),
        "api-resources" => info::api_resources(args, context),
        "api-versions" => info::api_versions(args, context),
        "version" => info::version(args, context),
        "cluster-info" => info::cluster_info(args, context),
        "help" => info::help_of(args, context),
        "options" => info::help("options", context),
        "set" | "rollout" | "config" | "auth" | "top" | "create_secret" | "create_service" => {
            info::group(args, context)
        }
        _ if path.starts_with("create_") => generate::run(args, context),
        _ if path.starts_with("set_") => set::run(args, context),
        _ if path.starts_with("rollout_") => rollout::run(args, context),
        _ if path.starts_with("config_") => config::run(args, context),
        _ if path.starts_with("auth_") => info::auth(args, context),
        _ => Err(Failure::error(format!("kubectl {} is not part of this page", args.verb.words()))),
    }
}

/// Where the verb stands.
fn verb_at(words: &[String]) -> Result<usize, Failure> {
    let Some((root, _)) = Verb::named(&["options"]) else { return Ok(0) };
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
        let flag = root.flags().find(|flag| match word.starts_with("--") {
            true => flag.name == name,
            false => flag.shorthand.is_some_and(|letter| word[1..].starts_with(letter)),
        });
        let Some(flag) = flag else {
            return Err(match word.starts_with("--") {
                true if words.len() == at + 1 => {
                    Failure::error(format!("unknown flag: {word}\nSee 'kubectl --help' for usage."))
                }
                _ => Failure::Plain(format!(
                    "Error: flags cannot be placed before plugin name: {word}"
                )),
            });
        };
        let is_whole = word.contains('=')
            || flag.takes == flags::Takes::Nothing
            || (!word.starts_with("--") && word.len() > 2);
        at += if is_whole { 1 } else { 2 };
    }
    Ok(at.min(words.len()))
}
