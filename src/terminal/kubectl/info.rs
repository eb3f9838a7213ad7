//! What kubectl says of itself and of the server: `version`, `api-resources`, `config`, help, ….
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/{apiresources,version,config,auth,clusterinfo}/`.

use super::flags::Args;
use super::ground::{Context, Done};
use crate::api::Resource;
use crate::api::Version;
use crate::client::{Failure, discovery};
use crate::print::table::Columns;
use crate::terminal::job::Progress;

/// Prints the help of a verb.
///
/// # Errors
/// There is no such verb.
pub fn help(path: &str, context: &mut Context) -> Done {
    match help_text(path, context) {
        Some(text) => {
            context.out.print(&text);
            Ok(Progress::Done(0))
        }
        None => Err(Failure::error(format!(
            "the help of kubectl {} has not been loaded",
            path.replace('_', " ")
        ))),
    }
}

/// The help of a verb, from the file that the page fetches: each is headed by a line `# path`.
pub fn help_text(path: &str, context: &Context) -> Option<String> {
    let all = context.files.text("terminal/help.txt")?;
    let heading = format!("\u{c}{path}\n");
    let (_, rest) = all.split_once(&heading)?;
    let end = rest.find('\u{c}').unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

/// Runs `help`.
///
/// # Errors
/// There is no such verb.
pub fn help_of(args: &Args, context: &mut Context) -> Done {
    if args.words.is_empty() {
        return help("", context);
    }
    let words: Vec<&str> = args.words.iter().map(String::as_str).collect();
    match super::flags::Verb::named(&words) {
        Some((verb, _)) => help(verb.path(), context),
        None => {
            let topics: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let all = help_text("", context).unwrap_or_default();
            let groups = all.split_once("\n\nBasic").map_or("", |(_, groups)| groups);
            let text = format!("Unknown help topic [{}]\n\n\nBasic{groups}", topics.join(" "));
            context.out.error(text.trim_end_matches('\n'));
            Ok(Progress::Done(0))
        }
    }
}

/// A verb that only groups others prints its help; one that misses its child does so on standard error.
///
/// # Errors
/// There is no such child.
pub fn group(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("unknown command \"{}\"", args.words.join(" "));
        return Err(Failure::usage(&args.verb.words(), &text));
    }
    let text = help_text(args.verb.path(), context).unwrap_or_default();
    context.out.error(text.trim_end_matches('\n'));
    Ok(Progress::Done(1))
}

/// Runs `api-resources`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn api_resources(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("unexpected arguments: [{}]", args.words.join(" "));
        return Err(Failure::usage("api-resources", &text));
    }
    let group = args.text("api-group");
    let namespaced = args.has("namespaced").then(|| args.flag("namespaced"));
    let mut all: Vec<Resource> = discovery::resources(context.world)
        .into_iter()
        .filter(|it| group.is_none_or(|group| it.group() == group))
        .filter(|it| namespaced.is_none_or(|namespaced| it.is_namespaced == namespaced))
        .collect();
    match args.text("sort-by") {
        Some("kind") => all.sort_by_key(|it| it.kind),
        Some("name") => all.sort_by_key(|it| it.name),
        Some(_) => return Err(Failure::error("--sort-by accepts only name or kind")),
        None => all.sort_by_key(Resource::group),
    }
    if args.text("output") == Some("name") {
        all.iter().for_each(|it| context.out.line(&it.with_group()));
        return Ok(Progress::Done(0));
    }
    let wide = args.text("output") == Some("wide");
    let mut rows = Vec::new();
    if !args.flag("no-headers") {
        let header = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"];
        let more: &[&str] = if wide { &["VERBS", "CATEGORIES"] } else { &[] };
        rows.push(header.iter().chain(more).map(|title| (*title).to_owned()).collect());
    }
    for it in &all {
        let mut row = vec![
            it.name.to_owned(),
            it.short_names.to_owned(),
            it.api_version.to_owned(),
            it.is_namespaced.to_string(),
            it.kind.to_owned(),
        ];
        if wide {
            row.push(verbs(it).into());
            row.push(if it.is_in_all { "all".into() } else { String::new() });
        }
        rows.push(row);
    }
    let text = Columns::default().lines(&rows);
    context.out.print(&text);
    Ok(Progress::Done(0))
}

/// What can be done with a resource.
fn verbs(resource: &Resource) -> &'static str {
    match resource.name {
        "bindings"
        | "tokenreviews"
        | "localsubjectaccessreviews"
        | "selfsubjectaccessreviews"
        | "selfsubjectrulesreviews"
        | "subjectaccessreviews"
        | "selfsubjectreviews" => "create",
        "componentstatuses" => "get,list",
        "namespaces" => "create,delete,get,list,patch,update,watch",
        "services" => "create,delete,deletecollection,get,list,patch,update,watch",
        _ => "create,delete,deletecollection,get,list,patch,update,watch",
    }
}

/// Runs `api-versions`.
///
/// # Errors
/// None.
pub fn api_versions(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("unexpected arguments: [{}]", args.words.join(" "));
        return Err(Failure::usage("api-versions", &text));
    }
    // Groups that serve more than one version have no resource of the older one in the table.
    const MORE: [&str; 2] = ["autoscaling/v1", "authentication.k8s.io/v1"];
    let served = discovery::resources(context.world);
    let mut all: Vec<&str> = served.iter().map(|it| it.api_version).chain(MORE).collect();
    all.sort_unstable();
    all.dedup();
    all.iter().for_each(|version| context.out.line(version));
    Ok(Progress::Done(0))
}

/// Runs `version`.
///
/// # Errors
/// None.
pub fn version(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        return Err(Failure::error(format!("extra arguments: [{}]", args.words.join(" "))));
    }
    if args.text("output").is_some_and(|format| !["", "json", "yaml"].contains(&format)) {
        return Err(Failure::error("--output must be 'yaml' or 'json'"));
    }
    let version = context.world.kubernetes().version;
    let (patch, kustomize) = match version {
        Version::V1_36 => (3, "v5.8.1"),
        _ => (0, "v5.7.1"),
    };
    let version = format!("v{}.{patch}", version.label());
    context.out.line(&format!("Client Version: {version}"));
    context.out.line(&format!("Kustomize Version: {kustomize}"));
    if !args.flag("client") {
        context.out.line(&format!("Server Version: {version}"));
    }
    Ok(Progress::Done(0))
}

/// Runs `cluster-info`.
///
/// # Errors
/// None.
pub fn cluster_info(_args: &Args, context: &mut Context) -> Done {
    context.out.print(
        "Kubernetes control plane is running at https://192.168.49.2:8443\nCoreDNS is running at \
         https://192.168.49.2:8443/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\n\
         To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n",
    );
    Ok(Progress::Done(0))
}

/// Runs a verb below `auth`: the person may do everything.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn auth(args: &Args, context: &mut Context) -> Done {
    if args.verb.path() == "auth_whoami" {
        context.out.print(
            "ATTRIBUTE   VALUE\nUsername    minikube-user\nGroups      [system:masters \
             system:authenticated]\n",
        );
        return Ok(Progress::Done(0));
    }
    if args.flag("list") {
        context.out.print(
            "Resources   Non-Resource URLs   Resource Names   Verbs\n*.*         []                  \
             []               [*]\n            [*]                 []               [*]\n",
        );
        return Ok(Progress::Done(0));
    }
    let [verb, what] = args.words.as_slice() else {
        return Err(Failure::error(
            "you must specify two arguments: verb resource or verb resource/resourceName.\nSee \
             'kubectl auth can-i -h' for help and examples.",
        ));
    };
    const VERBS: [&str; 16] = [
        "get",
        "list",
        "watch",
        "create",
        "update",
        "patch",
        "delete",
        "deletecollection",
        "use",
        "bind",
        "impersonate",
        "*",
        "approve",
        "sign",
        "escalate",
        "attest",
    ];
    let kind = what.split('/').next().unwrap_or_default();
    match discovery::named(context.world, kind) {
        _ if kind == "*" || kind.is_empty() => {}
        Some(resource) if !resource.is_namespaced && !args.flag("all-namespaces") => {
            context.out.error(&format!(
                "Warning: resource '{}' is not namespace scoped{}\n",
                resource.name,
                match resource.group() {
                    "" => String::new(),
                    group => format!(" in group '{group}'"),
                }
            ));
        }
        None => {
            let (name, group) = kind.split_once('.').unwrap_or((kind, ""));
            let of = if group.is_empty() { String::new() } else { format!(" in group '{group}'") };
            let text = format!("Warning: the server doesn't have a resource type '{name}'{of}\n");
            context.out.error(&text);
        }
        Some(_) => {}
    }
    if !VERBS.contains(&verb.as_str()) {
        context.out.error(&format!("Warning: verb '{verb}' is not a known verb\n"));
    }
    if !args.flag("quiet") {
        context.out.line("yes");
    }
    Ok(Progress::Done(0))
}
