//! `kubectl config`: what is changed in the configuration, and what is shown of it.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/config/`.

use super::config_property as property;
use super::flags::Args;
use super::get::{self, Format};
use super::ground::{Context, Done};
use super::info;
use super::kubeconfig::{FILE, Kubeconfig, Section};
use crate::api::Tree;
use crate::client::Failure;
use crate::print::table::Columns;
use crate::terminal::job::Progress;
use serde_json::{Value, json};

/// Runs a verb below `config`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let mut config = Kubeconfig::read(context.files);
    match args.verb.path() {
        "config_current-context" => match config.current() {
            "" => return Err(Failure::error("current-context is not set")),
            name => context.out.line(name),
        },
        "config_get-contexts" => return contexts(&config, args, context),
        "config_get-clusters" => names(&config, Section::Clusters, context),
        "config_get-users" => names(&config, Section::Users, context),
        "config_use-context" => return use_context(config, args, context),
        "config_rename-context" => return rename(config, args, context),
        "config_delete-context" => return delete(config, Section::Contexts, args, context),
        "config_delete-cluster" => return delete(config, Section::Clusters, args, context),
        "config_delete-user" => return delete(config, Section::Users, args, context),
        "config_set-context" => return set_context(config, args, context),
        "config_set-cluster" => return set_cluster(config, args, context),
        "config_set-credentials" => return set_credentials(config, args, context),
        "config_set" => {
            let [name, value] = args.words.as_slice() else {
                return unexpected(args, &args.words, context);
            };
            property::set(&mut config, name, value)?;
            config.write(context.files)?;
            context.out.line(&format!("Property \"{name}\" set."));
        }
        "config_unset" => {
            let [name] = args.words.as_slice() else {
                return unexpected(args, &args.words, context);
            };
            property::unset(&mut config, name)?;
            config.write(context.files)?;
            context.out.line(&format!("Property \"{name}\" unset."));
        }
        _ => return view(&config, args, context),
    }
    Ok(Progress::Done(0))
}

/// A verb that is given too many or too few words prints its help before it fails.
fn unexpected(args: &Args, words: &[String], context: &mut Context) -> Done {
    let help = info::help_text(args.verb.path(), context).unwrap_or_default();
    context.out.print(&help);
    Err(Failure::error(format!("Unexpected args: [{}]", words.join(" "))))
}

fn names(config: &Kubeconfig, section: Section, context: &mut Context) {
    context.out.line("NAME");
    config.names(section).into_iter().for_each(|name| context.out.line(name));
}

fn contexts(config: &Kubeconfig, args: &Args, context: &mut Context) -> Done {
    let format = args.text("output").unwrap_or_default();
    if !["", "name"].contains(&format) {
        return Err(Failure::error(format!(
            "--output {format} is not available in kubectl config get-contexts; resetting to \
             default output format"
        )));
    }
    let asked = |name: &&str| args.words.is_empty() || args.words.iter().any(|word| word == name);
    let shown: Vec<&str> = config.names(Section::Contexts).into_iter().filter(asked).collect();
    if format == "name" {
        shown.iter().for_each(|name| context.out.line(name));
    } else {
        let row = |name: &&str| {
            let current = if *name == config.current() { "*" } else { "" };
            let entry = config.entry(Section::Contexts, name).unwrap_or(&Value::Null);
            let cells = ["cluster", "user", "namespace"].map(|field| entry.text(field));
            [current, name].into_iter().chain(cells).map(str::to_owned).collect()
        };
        let header = ["CURRENT", "NAME", "CLUSTER", "AUTHINFO", "NAMESPACE"];
        let header = (!args.flag("no-headers")).then(|| header.map(str::to_owned).to_vec());
        let rows: Vec<Vec<String>> = header.into_iter().chain(shown.iter().map(row)).collect();
        context.out.print(&Columns::default().lines(&rows));
    }
    match args.words.iter().find(|word| !shown.contains(&word.as_str())) {
        Some(other) => Err(Failure::error(format!("context {other} not found"))),
        None => Ok(Progress::Done(0)),
    }
}

fn use_context(mut config: Kubeconfig, args: &Args, context: &mut Context) -> Done {
    let [name] = args.words.as_slice() else { return unexpected(args, &args.words, context) };
    if config.entry(Section::Contexts, name).is_none() {
        return Err(Failure::error(format!("no context exists with the name: \"{name}\"")));
    }
    config.0.put("current-context", name.as_str());
    config.write(context.files)?;
    context.out.line(&format!("Switched to context \"{name}\"."));
    Ok(Progress::Done(0))
}

fn rename(mut config: Kubeconfig, args: &Args, context: &mut Context) -> Done {
    let [old, new] = args.words.as_slice() else { return unexpected(args, &args.words, context) };
    let Some(entry) = config.entry(Section::Contexts, old).cloned() else {
        let text = format!("cannot rename the context \"{old}\", it's not in {FILE}");
        return Err(Failure::error(text));
    };
    if config.entry(Section::Contexts, new).is_some() {
        return Err(Failure::error(format!(
            "cannot rename the context \"{old}\", the context \"{new}\" already exists in {FILE}"
        )));
    }
    config.remove(Section::Contexts, old);
    *config.open(Section::Contexts, new) = entry;
    if config.current() == old {
        config.0.put("current-context", new.as_str());
    }
    config.write(context.files)?;
    context.out.line(&format!("Context \"{old}\" renamed to \"{new}\"."));
    Ok(Progress::Done(0))
}

fn delete(mut config: Kubeconfig, section: Section, args: &Args, context: &mut Context) -> Done {
    let one = section.one();
    let [name] = args.words.as_slice() else {
        if section == Section::Users {
            return Err(Failure::usage("config delete-user", "user to delete is required"));
        }
        return info::help(args.verb.path(), context);
    };
    if !config.remove(section, name) {
        return Err(Failure::error(format!("cannot delete {one} {name}, not in {FILE}")));
    }
    if section == Section::Contexts && config.current() == name {
        context.out.error(
            "warning: this removed your active context, use \"kubectl config use-context\" to \
             select a different one",
        );
    }
    config.write(context.files)?;
    context.out.line(&format!("deleted {one} {name} from {FILE}"));
    Ok(Progress::Done(0))
}

fn set_context(mut config: Kubeconfig, args: &Args, context: &mut Context) -> Done {
    let is_current = args.flag("current");
    let name = match args.words.as_slice() {
        [] if !is_current => {
            let text = "you must specify a non-empty context name or --current";
            return Err(Failure::error(text));
        }
        [_] if is_current => {
            let text = "you cannot specify both a context name and --current";
            return Err(Failure::error(text));
        }
        [] if config.current().is_empty() => {
            return Err(Failure::error("no current context is set"));
        }
        [] => config.current().to_owned(),
        [name] => name.clone(),
        words => return unexpected(args, words, context),
    };
    let done = match config.entry(Section::Contexts, &name) {
        Some(_) => "modified",
        None => "created",
    };
    let entry = config.open(Section::Contexts, &name);
    put_texts(entry, args, &["cluster", "user", "namespace"]);
    config.write(context.files)?;
    context.out.line(&format!("Context \"{name}\" {done}."));
    Ok(Progress::Done(0))
}

/// Gives an entry the texts of the flags that have its fields' names.
fn put_texts(entry: &mut Value, args: &Args, fields: &[&str]) {
    for field in fields {
        match args.text(field) {
            Some("") => drop(entry.drop_field(field)),
            Some(text) => entry.put(field, text),
            None => {}
        }
    }
}

fn set_cluster(mut config: Kubeconfig, args: &Args, context: &mut Context) -> Done {
    let [name] = args.words.as_slice() else { return unexpected(args, &args.words, context) };
    let entry = config.open(Section::Clusters, name);
    put_texts(entry, args, &["server", "tls-server-name", "certificate-authority", "proxy-url"]);
    if args.has("insecure-skip-tls-verify") {
        entry.put("insecure-skip-tls-verify", args.flag("insecure-skip-tls-verify"));
    }
    config.write(context.files)?;
    context.out.line(&format!("Cluster \"{name}\" set."));
    Ok(Progress::Done(0))
}

fn set_credentials(mut config: Kubeconfig, args: &Args, context: &mut Context) -> Done {
    let [name] = args.words.as_slice() else {
        let help = info::help_text(args.verb.path(), context).unwrap_or_default();
        context.out.print(&help);
        let text = format!("unexpected args: [{}]", args.words.join(" "));
        return Err(Failure::error(text));
    };
    let ways = [("token", "token"), ("username", "basicAuth")];
    let given: Vec<&str> =
        ways.iter().filter(|(flag, _)| args.has(flag)).map(|(_, way)| *way).collect();
    if given.len() > 1 {
        return Err(Failure::error(format!(
            "you cannot specify more than one authentication method at the same time: {}",
            given.join(", ")
        )));
    }
    let entry = config.open(Section::Users, name);
    put_texts(entry, args, &["client-certificate", "client-key", "token", "username", "password"]);
    config.write(context.files)?;
    context.out.line(&format!("User \"{name}\" set."));
    Ok(Progress::Done(0))
}

/// What is not shown but with `--raw`: fields, and what stands there instead.
const SECRETS: [(Section, &str, &str); 5] = [
    (Section::Clusters, "certificate-authority-data", "DATA+OMITTED"),
    (Section::Users, "client-certificate-data", "DATA+OMITTED"),
    (Section::Users, "client-key-data", "DATA+OMITTED"),
    (Section::Users, "token", "REDACTED"),
    (Section::Users, "password", "REDACTED"),
];

fn view(config: &Kubeconfig, args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("unexpected arguments: [{}]", args.words.join(" "));
        return Err(Failure::usage("config view", &text));
    }
    let mut shown = match args.flag("minify") {
        true => minified(config)?,
        false => Kubeconfig(config.0.clone()),
    };
    for (section, field, instead) in SECRETS.iter().filter(|_| !args.flag("raw")) {
        for entry in shown.0.items_mut(section.list()) {
            let entry = entry.open(section.one());
            if entry.set(field).is_some() {
                entry.put(field, *instead);
            }
        }
    }
    let format = match Format::of(args, context)? {
        Format::Table { .. } | Format::Name | Format::Custom(_) => Format::Yaml,
        format => format,
    };
    let text = get::print_value(&format, &shown.0)?;
    context.out.print(&text);
    Ok(Progress::Done(0))
}

/// What belongs to the context that is in use.
fn minified(config: &Kubeconfig) -> Result<Kubeconfig, Failure> {
    let current = config.current();
    if current.is_empty() {
        return Err(Failure::error("current-context must exist in order to minify"));
    }
    let Some(own) = config.entry(Section::Contexts, current) else {
        return Err(Failure::error(format!("cannot locate context {current}")));
    };
    let mut shown = Kubeconfig(json!({
        "apiVersion": "v1", "clusters": [], "contexts": [], "current-context": current,
        "kind": "Config", "users": [],
    }));
    *shown.open(Section::Contexts, current) = own.clone();
    for section in [Section::Clusters, Section::Users] {
        let name = own.text(section.one());
        if let Some(entry) = config.entry(section, name) {
            *shown.open(section, name) = entry.clone();
        }
    }
    Ok(shown)
}
