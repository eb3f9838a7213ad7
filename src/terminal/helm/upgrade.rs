//! `helm upgrade`.
//!
//! Upstream: `cmd/helm/upgrade.go`, `pkg/action/upgrade.go`.

use super::flags::{Args, check_words};
use super::ground::{Context, Done, Failure};
use super::release::{self, Release, stamp};
use super::render::About;
use super::values::{self, Members, coalesced, members};
use super::{chart, install, objects, rollback, status};
use crate::template::Value;
use crate::terminal::job::Progress;
use std::rc::Rc;

/// Runs the command.
///
/// # Errors
/// `UPGRADE FAILED: …`.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 2, 2, "upgrade [RELEASE] [CHART] [flags]")?;
    let history = release::history(&args.words[0], args.namespace(), context.world);
    let is_gone = history.last().is_none_or(|last| last.status == "uninstalled");
    if args.flag("install") && is_gone {
        let name = &args.words[0];
        if args.text("output").is_none() {
            context.out.line(&format!("Release \"{name}\" does not exist. Installing it now."));
        }
        let mut args = args.clone();
        if !history.is_empty() {
            args.flags.push(("replace", "true".into()));
        }
        return install::install(&args, context);
    }
    upgrade(args, &history, context).map_err(|failure| failure.during("UPGRADE FAILED"))
}

/// The values of the new release.
fn merged(args: &Args, given: Members, current: &Release, chart: &mut chart::Chart) -> Members {
    let before = members(&Value::of_floats(&current.config));
    if args.flag("reset-values") {
        return given;
    }
    if args.flag("reuse-values") {
        let own = members(&Value::of_floats(&current.chart.values));
        chart.values = Value::map(coalesced(&before, &own)).json();
        return coalesced(&given, &before);
    }
    if args.flag("reset-then-reuse-values") {
        return coalesced(&given, &before);
    }
    if given.is_empty() { before } else { given }
}

/// The release that an upgrade starts from, and the number of the one that it makes.
fn current(name: &str, history: &[Release]) -> Result<(Release, i64), Failure> {
    let none = || Failure::new(format!("\"{name}\" has no deployed releases"));
    let last = history.last().ok_or_else(none)?;
    if last.status.starts_with("pending") {
        return Err(Failure::new("another operation (install/upgrade/rollback) is in progress"));
    }
    let current = match history.iter().rev().find(|it| it.status == "deployed") {
        Some(current) => current,
        None if matches!(last.status.as_str(), "failed" | "superseded") => last,
        None => return Err(none()),
    };
    Ok((current.clone(), last.version + 1))
}

fn upgrade(args: &Args, history: &[Release], context: &mut Context) -> Done {
    let name = &args.words[0];
    install::check_name(name)?;
    let mut chart = chart::load(&args.words[1], context.files)?;
    let given = values::given(args, context.files)?;
    install::check_chart(&chart)?;
    let (current, next) = current(name, history)?;
    let given = merged(args, given, &current, &mut chart);
    let about = install::about(name.clone(), current.namespace.clone(), next, context);
    let about = About { is_upgrade: true, ..about };
    let rendered = install::rendered(&chart, &given, &about, context)?;
    let mut release = Release {
        status: "pending-upgrade".into(),
        first_deployed: current.first_deployed.clone(),
        last_deployed: stamp(context.world.now()),
        description: "Preparing upgrade".into(),
        ..install::drafted(about, chart, given, &rendered)
    };
    if let Some(description) = args.text("description") {
        release.description = description.into();
    }
    let mut targets = objects::targets(&rendered.parts, &release.namespace, context.world)?;
    let mut original = objects::of_manifest(&current.manifest, &current.namespace, context.world);
    let is_new = |it: &&objects::Target| !original.iter().any(|own| own.is(it));
    let new: Vec<objects::Target> = targets.iter().filter(is_new).cloned().collect();
    let is_dry = args.text("dry-run").is_some_and(|it| !matches!(it, "none" | "false"));
    objects::check_owner(&new, name, &release.namespace, context)
        .map_err(|failure| failure.during("Unable to continue with update"))?;
    let shows = install::shows(args, is_dry);
    let title = format!("Release \"{name}\" has been upgraded. Happy Helming!");
    if is_dry {
        context.out.line(&title);
        status::print(&release, args.text("output"), shows, context.out);
        return Ok(Progress::Done(0));
    }
    release.keep(context)?;
    install::run_hooks(&release.hooks, "pre-upgrade", &release.namespace, context);
    objects::mark(&mut targets, name, &release.namespace);
    objects::mark(&mut original, name, &release.namespace);
    let (is_atomic, good) = (args.flag("atomic"), current.version);
    if let Err(failure) = objects::update(&original, &targets, context) {
        return failed(release, failure, is_atomic.then_some(good), context).map(Progress::Done);
    }
    let output = args.text("output").map(str::to_owned);
    let most = args.text("history-max").and_then(|it| it.parse().ok()).unwrap_or(10);
    let then = move |result: Result<(), Failure>, context: &mut Context| {
        let mut release = release.clone();
        match result {
            Err(failure) => failed(release, failure, is_atomic.then_some(good), context)
                .map_err(|failure| failure.during("UPGRADE FAILED")),
            Ok(()) => {
                install::run_hooks(&release.hooks, "post-upgrade", &release.namespace, context);
                supersede(&release, context)?;
                release.status = "deployed".into();
                if release.description == "Preparing upgrade" {
                    release.description = "Upgrade complete".into();
                }
                release.keep(context)?;
                prune(&release, most, context);
                if output.is_none() {
                    context.out.line(&title);
                }
                status::print(&release, output.as_deref(), shows, context.out);
                Ok(0)
            }
        }
    };
    install::finish(args, targets, Rc::new(then), context)
}

/// Notes that what was deployed before a release is so no longer.
///
/// # Errors
/// The server's refusal.
pub fn supersede(release: &Release, context: &mut Context) -> Result<(), Failure> {
    for mut old in release::deployed(&release.name, &release.namespace, context.world) {
        if old.version != release.version {
            old.status = "superseded".into();
            old.keep(context)?;
        }
    }
    Ok(())
}

/// Forgets the oldest releases beyond a number; 0 keeps all.
pub fn prune(release: &Release, most: usize, context: &mut Context) {
    if most > 0 {
        release::forget_oldest(&release.name, &release.namespace, most, context);
    }
}

/// Notes that an upgrade failed, and rolls back if that was asked for.
fn failed(
    mut release: Release,
    failure: Failure,
    good: Option<i64>,
    context: &mut Context,
) -> Result<i32, Failure> {
    release.status = "failed".into();
    release.description = format!("Upgrade \"{}\" failed: {}", release.name, failure.0);
    release.keep(context)?;
    let Some(good) = good else { return Err(failure) };
    rollback::to(&release.name, &release.namespace, good, context).map_err(|rollback| {
        let why = format!(
            "an error occurred while rolling back the release. original upgrade error: {}",
            failure.0
        );
        Failure::new(format!("{why}: {}", rollback.0))
    })?;
    let name = &release.name;
    Err(failure.during(&format!(
        "release {name} failed, and has been rolled back due to atomic being set"
    )))
}
