//! `helm rollback`.
//!
//! Upstream: `cmd/helm/rollback.go`, `pkg/action/rollback.go`.

use super::flags::{Args, check_words};
use super::ground::{Context, Done, Failure};
use super::objects::Target;
use super::release::{self, Release, stamp};
use super::{install, objects, upgrade};
use std::rc::Rc;

/// Runs the command.
///
/// # Errors
/// `release: not found`, the server's refusals.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 1, 2, "rollback <RELEASE> [REVISION] [flags]")?;
    let revision = match args.words.get(1) {
        None => 0,
        Some(word) => word.parse::<i64>().map_err(|_| {
            Failure::new(format!(
                "could not convert revision to a number: strconv.Atoi: parsing \"{word}\": invalid \
                 syntax"
            ))
        })?,
    };
    let name = args.words[0].clone();
    let (release, targets) = prepare(&name, args.namespace(), revision, context)?;
    let then = move |result: Result<(), Failure>, context: &mut Context| {
        match result {
            Ok(()) => done(release.clone(), context)?,
            Err(failure) => return Err(fail(release.clone(), failure, context)),
        }
        context.out.line("Rollback was a success! Happy Helming!");
        Ok(0)
    };
    install::finish(args, targets, Rc::new(then), context)
}

/// Goes back to a release, at once.
///
/// # Errors
/// As of [`run`].
pub fn to(
    name: &str,
    namespace: &str,
    revision: i64,
    context: &mut Context,
) -> Result<(), Failure> {
    let (release, _) = prepare(name, namespace, revision, context)?;
    done(release, context)
}

/// Makes the objects those of the release that is gone back to.
fn prepare(
    name: &str,
    namespace: &str,
    revision: i64,
    context: &mut Context,
) -> Result<(Release, Vec<Target>), Failure> {
    let history = release::history(name, namespace, context.world);
    let Some(current) = history.last() else { return Err(Failure::new("release: not found")) };
    let wanted = if revision == 0 { current.version - 1 } else { revision };
    let Some(target) = history.iter().find(|it| it.version == wanted) else {
        let why = match revision {
            0 => "release: not found".to_owned(),
            _ => format!("release has no {wanted} version"),
        };
        return Err(Failure::new(why));
    };
    let release = Release {
        version: current.version + 1,
        status: "pending-rollback".into(),
        first_deployed: current.first_deployed.clone(),
        last_deployed: stamp(context.world.now()),
        deleted: String::new(),
        description: format!("Rollback to {wanted}"),
        ..target.clone()
    };
    release.keep(context)?;
    let mut original = objects::of_manifest(&current.manifest, namespace, context.world);
    let mut targets = objects::of_manifest(&release.manifest, namespace, context.world);
    objects::mark(&mut original, name, namespace);
    objects::mark(&mut targets, name, namespace);
    install::run_hooks(&release.hooks, "pre-rollback", namespace, context);
    match objects::update(&original, &targets, context) {
        Ok(()) => Ok((release, targets)),
        Err(failure) => Err(fail(release.clone(), failure, context)),
    }
}

fn done(mut release: Release, context: &mut Context) -> Result<(), Failure> {
    install::run_hooks(&release.hooks, "post-rollback", &release.namespace, context);
    upgrade::supersede(&release, context)?;
    release.status = "deployed".into();
    release.keep(context)?;
    upgrade::prune(&release, 10, context);
    Ok(())
}

/// Notes that a rollback failed.
fn fail(mut release: Release, failure: Failure, context: &mut Context) -> Failure {
    release.status = "failed".into();
    release.description = format!("Rollback \"{}\" failed: {}", release.name, failure.0);
    let _kept = release.keep(context);
    let history = release::history(&release.name, &release.namespace, context.world);
    // What was deployed is so no longer.
    for mut old in history.into_iter().filter(|it| it.status == "deployed") {
        old.status = "superseded".into();
        let _kept = old.keep(context);
    }
    failure
}
