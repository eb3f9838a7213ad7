//! `helm template`.
//!
//! Upstream: `cmd/helm/template.go`.

use super::flags::Args;
use super::render::{About, Part, Rendered};
use super::{Context, Done, Failure, Surroundings, chart, check_words, install, render, values};
use crate::terminal::kubectl::Progress;

/// The version of Kubernetes that a template is told where there is no cluster.
const KUBERNETES: &str = "v1.37.0";

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
        Some(version) => format!("v{}", version.trim_start_matches('v')),
        None if is_server => super::kubernetes(context.world),
        None => KUBERNETES.into(),
    };
    let about = About {
        name,
        namespace: args.namespace().into(),
        revision: 1,
        is_upgrade: args.flag("is-upgrade"),
        kubernetes,
    };
    let extra = Surroundings {
        world: is_server.then_some(&*context.world),
        now: context.world.now(),
        is_lint: false,
    };
    let rendered = render::render(&chart, &given, &about, &extra)?;
    let only: Vec<&str> = args.texts("show-only").collect();
    if !only.is_empty() {
        return show_only(&rendered, chart.name(), &only, context);
    }
    let manifest = rendered.manifest();
    if !manifest.trim().is_empty() {
        context.out.line(manifest.trim());
    }
    if !args.flag("no-hooks") {
        let is_test = |hook: &&Part| hook.events().contains(&"test");
        let skips = args.flag("skip-tests");
        for hook in rendered.hooks.iter().filter(|hook| !(skips && is_test(hook))) {
            context.out.print(&hook.print());
        }
    }
    Ok(Progress::Done(0))
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
