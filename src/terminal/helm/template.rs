//! `helm template`.
//!
//! Upstream: `cmd/helm/template.go`.

use super::flags::{Args, check_words};
use super::ground::{self, Context, Done, Failure, Surroundings};
use super::render::{About, Part, Rendered};
use super::{chart, install, render, values};
use crate::client::discovery;
use crate::template::format;
use crate::terminal::job::Progress;

/// The version of Kubernetes that a template is told where there is no cluster.
const KUBERNETES: &str = "v1.37.0";
/// What is said behind a failure of a template.
const HINT: &str = "\n\nUse --debug flag to render out invalid YAML";

/// Runs the command.
///
/// # Errors
/// What is wrong with the chart or its values.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 1, usize::MAX, "template [NAME] [CHART] [flags]")?;
    let name = match (args.words.len(), args.flag("generate-name")) {
        (1, false) => "release-name".to_owned(),
        _ => install::name_of(args, context.world.now())?,
    };
    let path = args.words.last().map(String::as_str).unwrap_or_default();
    let given = values::given(args, context.files)?;
    install::check_name(&name)?;
    let chart = chart::load(path, context.files)?;
    install::check_chart(&chart)?;
    let is_server = args.text("dry-run") == Some("server") || args.flag("validate");
    let kubernetes = match args.text("kube-version") {
        Some(version) => own_version(version)?,
        None if is_server => ground::kubernetes(context.world),
        None => KUBERNETES.into(),
    };
    let api_versions = args.texts("api-versions").flat_map(|all| all.split(','));
    let about = About {
        name,
        namespace: args.namespace().into(),
        revision: 1,
        is_upgrade: args.flag("is-upgrade"),
        kubernetes,
        api_versions: api_versions.map(str::to_owned).collect(),
        served: is_server.then(|| discovery::resources(context.world)),
    };

    let extra = Surroundings {
        world: is_server.then_some(&*context.world),
        now: context.world.now(),
        is_lint: false,
    };
    let rendered = render::render(&chart, &given, &about, &extra)
        .map_err(|failure| Failure(format!("{}{HINT}", failure.0)))?;
    rendered.warnings.iter().for_each(|warning| context.out.error(warning));
    let only: Vec<&str> = args.texts("show-only").collect();
    if !only.is_empty() {
        return show_only(&rendered, chart.name(), &only, context);
    }
    let manifest = rendered.manifest();
    context.out.line(manifest.trim());
    if !args.flag("no-hooks") {
        let is_test = |hook: &&Part| hook.events().contains(&"test");
        let skips = args.flag("skip-tests");
        for hook in rendered.hooks.iter().filter(|hook| !(skips && is_test(hook))) {
            context.out.print(&hook.print());
        }
    }
    Ok(Progress::Done(0))
}

/// The version of Kubernetes that `--kube-version` names.
fn own_version(text: &str) -> Result<String, Failure> {
    match kube_version(text) {
        Some(numbers) => Ok(format!("v{numbers}")),
        None => Err(Failure::new(format!(
            "invalid kube version '{text}': could not parse {} as version",
            format::quote(text)
        ))),
    }
}

/// The numbers of a version without what is before a release; none if it is no version.
fn kube_version(text: &str) -> Option<String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let numbers = text.split(['-', '+']).next().unwrap_or(text);
    let all: Option<Vec<u64>> = numbers.split('.').map(|part| part.parse().ok()).collect();
    let mut all = all.filter(|all| (1..=4).contains(&all.len()))?;
    all.resize(all.len().max(2), 0);
    let all: Vec<String> = all.iter().map(u64::to_string).collect();
    Some(all.join("."))
}

fn show_only(rendered: &Rendered, chart: &str, only: &[&str], context: &mut Context) -> Done {
    let parts: Vec<&Part> = rendered.parts.iter().chain(&rendered.hooks).collect();
    let mut shown: Vec<&Part> = Vec::new();
    for name in only.iter().flat_map(|names| names.split(',')) {
        let whole = format!("{chart}/{name}");
        let own: Vec<&Part> = parts.iter().copied().filter(|part| part.source == whole).collect();
        if own.is_empty() {
            return Err(Failure::new(format!("could not find template {name} in chart")));
        }
        shown.extend(own);
    }
    shown.iter().for_each(|part| context.out.print(&part.print()));
    Ok(Progress::Done(0))
}
