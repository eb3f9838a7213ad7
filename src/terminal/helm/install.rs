//! `helm install`.
//!
//! Upstream: `cmd/helm/install.go`, `pkg/action/install.go`.

use super::chart::{self, Chart};
use super::flags::{Args, check_words};
use super::ground::{self, Context, Done, Failure, Surroundings};
use super::objects::{self, Target};
use super::release::{self, Release, stamp};
use super::render::{About, Part};
use super::status::{self, Shows};
use super::wait::{Waiting, timeout};
use super::{render, values};
use crate::api::Resource;
use crate::api::Tree;
use crate::client::discovery;
use crate::template::Value;
use crate::terminal::job::{self, Progress};
use crate::terminal::world::{Change, FieldValidation, Request};
use regex_lite::Regex;
use serde_json::json;
use std::rc::Rc;

/// What a release's name must be like.
const NAME: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
/// How long a release's name may be.
const NAME_LENGTH: usize = 53;

/// Runs the command.
///
/// # Errors
/// `INSTALLATION FAILED: …`.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 1, usize::MAX, "install [NAME] [CHART] [flags]")?;
    install(args, context).map_err(|failure| failure.during("INSTALLATION FAILED"))
}

/// The name that a command line gives, or one that is made from the chart's.
///
/// # Errors
/// None is given.
pub fn name_of(args: &Args, now: i64) -> Result<String, Failure> {
    let generates = args.flag("generate-name");
    match args.words.as_slice() {
        [_, _] if args.text("name-template").is_some_and(|it| !it.is_empty()) => {
            Err(Failure::new("cannot set --name-template and also specify a name"))
        }
        [_, _] if generates => {
            Err(Failure::new("cannot set --generate-name and also specify a name"))
        }
        [name, _] => Ok(name.clone()),
        [path] if generates => {
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or("chart");
            let name = if matches!(name, "." | "") { "chart" } else { name };
            Ok(format!("{name}-{}", now / 1_000))
        }
        [_] => Err(Failure::new("must either provide a name or specify --generate-name")),
        words => Err(Failure::new(format!(
            "expected at most two arguments, unexpected arguments: {}",
            words[2..].join(", ")
        ))),
    }
}

/// Checks a release's name.
///
/// # Errors
/// It is no name.
pub fn check_name(name: &str) -> Result<(), Failure> {
    let is_like = Regex::new(NAME).is_ok_and(|like| like.is_match(name));
    if is_like && name.len() <= NAME_LENGTH {
        return Ok(());
    }
    Err(Failure::new(format!(
        "release name \"{name}\": invalid release name, must match regex {NAME} and the length must \
         not be longer than {NAME_LENGTH}"
    )))
}

/// Checks that a chart can be installed.
///
/// # Errors
/// It is a library.
pub fn check_chart(chart: &Chart) -> Result<(), Failure> {
    match chart.metadata.text("type") {
        "library" => Err(Failure::new("library charts are not installable")),
        _ => Ok(()),
    }
}

/// Fills in a chart for a release.
///
/// # Errors
/// What is wrong with the chart or its values.
pub fn rendered(
    chart: &Chart,
    given: &values::Members,
    about: &About,
    context: &Context,
) -> Result<render::Rendered, Failure> {
    let extra =
        Surroundings { world: Some(&*context.world), now: context.world.now(), is_lint: false };
    render::render(chart, given, about, &extra)
}

/// What a chart is told of its release; the first of its name unless `is_upgrade` is set.
pub fn about(name: String, namespace: String, revision: i64, context: &Context) -> About {
    About {
        name,
        namespace,
        revision,
        is_upgrade: false,
        kubernetes: ground::kubernetes(context.world),
        api_versions: Vec::new(),
        served: Some(discovery::resources(context.world)),
    }
}

/// A release with what it is made of, and nothing done yet.
pub fn drafted(
    about: About,
    chart: Chart,
    given: values::Members,
    rendered: &render::Rendered,
) -> Release {
    Release {
        name: about.name,
        namespace: about.namespace,
        version: about.revision,
        notes: rendered.notes.clone(),
        config: Value::map(given).json(),
        manifest: rendered.manifest(),
        hooks: rendered.hooks.clone(),
        chart,
        ..Release::default()
    }
}

/// Installs a chart.
///
/// # Errors
/// What is in the way.
pub fn install(args: &Args, context: &mut Context) -> Done {
    let name = name_of(args, context.world.now())?;
    let path = args.words.last().map(String::as_str).unwrap_or_default();
    let chart = chart::load(path, context.files)?;
    let given = values::given(args, context.files)?;
    check_chart(&chart)?;
    check_name(&name)?;
    let namespace = args.namespace().to_owned();
    let history = release::history(&name, &namespace, context.world);
    let is_dry = args.text("dry-run").is_some_and(|it| !matches!(it, "none" | "false"));
    if let Some(last) = history.last().filter(|_| !is_dry) {
        let may_replace = matches!(last.status.as_str(), "uninstalled" | "failed");
        if !(args.flag("replace") && may_replace) {
            return Err(Failure::new("cannot re-use a name that is still in use"));
        }
    }
    let version = history.last().map_or(1, |last| last.version + 1);
    let about = about(name, namespace, version, context);
    let rendered = rendered(&chart, &given, &about, context)?;
    let now = stamp(context.world.now());
    let mut release = Release {
        status: "pending-install".into(),
        first_deployed: now.clone(),
        last_deployed: now,
        description: "Initial install underway".into(),
        ..drafted(about, chart, given, &rendered)
    };
    let mut targets = objects::targets(&rendered.parts, &release.namespace, context.world)?;
    if args.text("dry-run") != Some("client") {
        objects::check_owner(&targets, &release.name, &release.namespace, context)
            .map_err(|failure| failure.during("Unable to continue with install"))?;
    }
    let shows = shows(args, is_dry);
    if is_dry {
        release.description = "Dry run complete".into();
        status::print(&release, args.text("output"), shows, context.out);
        return Ok(Progress::Done(0));
    }
    if args.flag("create-namespace") {
        create_namespace(&release.namespace, context);
    }
    release.keep(context)?;
    objects::mark(&mut targets, &release.name, &release.namespace);
    if let Err(failure) = create_all(&release, &targets, args, context) {
        return failed(release, failure, args.flag("atomic"), context).map(Progress::Done);
    }
    let (is_atomic, output) = (args.flag("atomic"), args.text("output").map(str::to_owned));
    let then = move |result: Result<(), Failure>, context: &mut Context| {
        let mut release = release.clone();
        match result {
            Err(failure) => failed(release, failure, is_atomic, context)
                .map_err(|failure| failure.during("INSTALLATION FAILED")),
            Ok(()) => {
                run_hooks(&release.hooks, "post-install", &release.namespace, context);
                release.status = "deployed".into();
                release.description = "Install complete".into();
                release.keep(context)?;
                status::print(&release, output.as_deref(), shows, context.out);
                Ok(0)
            }
        }
    };
    finish(args, targets, Rc::new(then), context)
}

/// What is shown of the release at the end.
pub fn shows(args: &Args, is_dry: bool) -> Shows {
    Shows {
        manifest: is_dry || args.flag("debug"),
        description: false,
        hides_notes: args.flag("hide-notes"),
    }
}

/// Goes on at once, or when everything is ready.
///
/// # Errors
/// What is done then fails.
pub fn finish(
    args: &Args,
    targets: Vec<Target>,
    then: super::wait::Then,
    context: &mut Context,
) -> Done {
    if !args.flag("wait") && !args.flag("atomic") {
        return match then(Ok(()), context) {
            Ok(status) => Ok(Progress::Done(status)),
            Err(failure) => {
                ground::tell(&failure, context.out);
                Ok(Progress::Done(1))
            }
        };
    }
    let until = context.world.now() + timeout(args);
    let waiting = Waiting { targets, until_gone: false, until, then: Some(then) };
    Ok(job::start(waiting, context.world, context.out))
}

fn create_all(
    release: &Release,
    targets: &[Target],
    args: &Args,
    context: &mut Context,
) -> Result<(), Failure> {
    if !args.flag("no-hooks") {
        run_hooks(&release.hooks, "pre-install", &release.namespace, context);
    }
    objects::create(targets, context)
}

/// Creates the objects of the hooks of an event, in the order of their weights.
///
/// Simplified: hooks are created, and nothing waits for their end.
pub fn run_hooks(hooks: &[Part], event: &str, namespace: &str, context: &mut Context) {
    let mut own: Vec<&Part> = hooks.iter().filter(|hook| hook.events().contains(&event)).collect();
    own.sort_by_key(|hook| hook.weight());
    for hook in own {
        let Ok(targets) = objects::targets(std::slice::from_ref(hook), namespace, context.world)
        else {
            continue;
        };
        let policy =
            hook.object.at("metadata").at("annotations").text("helm.sh/hook-delete-policy");
        if policy.is_empty() || policy.contains("before-hook-creation") {
            objects::delete(&targets, "Background", context);
        }
        let _refused = objects::create(&targets, context);
    }
}

fn create_namespace(namespace: &str, context: &mut Context) {
    let Some(resource) = Resource::named("namespaces") else { return };
    if context.world.get(&resource, "", namespace).is_ok() {
        return;
    }
    let object = json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": namespace, "labels": {"name": namespace}},
    });
    let request = Request {
        kind: "Namespace".into(),
        api_version: "v1".into(),
        namespace: String::new(),
        name: namespace.into(),
        change: Change::Create(object),
        dry_run: false,
        field_validation: FieldValidation::Ignore,
        field_manager: "helm".into(),
    };
    let _there = context.world.request(&request);
}

/// Notes that an installation failed, and takes it back if that was asked for.
fn failed(
    mut release: Release,
    failure: Failure,
    is_atomic: bool,
    context: &mut Context,
) -> Result<i32, Failure> {
    release.status = "failed".into();
    release.description = format!("Release \"{}\" failed: {}", release.name, failure.0);
    release.keep(context)?;
    if !is_atomic {
        return Err(failure);
    }
    let targets = objects::of_manifest(&release.manifest, &release.namespace, context.world);
    objects::delete(&targets, "Background", context);
    release.forget(context);
    let name = &release.name;
    Err(failure.during(&format!(
        "release {name} failed, and has been uninstalled due to atomic being set"
    )))
}
