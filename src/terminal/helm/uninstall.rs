//! `helm uninstall`.
//!
//! Upstream: `cmd/helm/uninstall.go`, `pkg/action/uninstall.go`.

use super::flags::{Args, check_words};
use super::ground::{Context, Done, Failure};
use super::objects::Target;
use super::release::{self, Release, stamp};
use super::wait::{Waiting, timeout};
use super::{install, objects};
use crate::terminal::job::{self, Progress};
use std::rc::Rc;

/// Runs the command.
///
/// # Errors
/// `uninstall: Release not loaded: …`.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 1, usize::MAX, "uninstall RELEASE_NAME [...] [flags]")?;
    let mut all = Vec::new();
    for name in &args.words {
        match uninstall(args, name, context)? {
            Some((release, targets)) => {
                all.extend(targets);
                end(args, release, context)?;
            }
            None => continue,
        }
    }
    if !args.flag("wait") {
        return Ok(Progress::Done(0));
    }
    let until = context.world.now() + timeout(args);
    let then = |result: Result<(), Failure>, _: &mut Context| result.map(|()| 0);
    let waiting = Waiting { targets: all, until_gone: true, until, then: Some(Rc::new(then)) };
    Ok(job::start(waiting, context.world, context.out))
}

/// Deletes the objects of a release. None if there is nothing left to do.
fn uninstall(
    args: &Args,
    name: &str,
    context: &mut Context,
) -> Result<Option<(Release, Vec<Target>)>, Failure> {
    let history = release::history(name, args.namespace(), context.world);
    let Some(mut last) = history.last().cloned() else {
        return match args.flag("ignore-not-found") {
            true => Ok(None),
            false => Err(Failure::new(format!(
                "uninstall: Release not loaded: {name}: release: not found"
            ))),
        };
    };
    if last.status == "uninstalled" {
        if args.flag("keep-history") {
            return Err(Failure::new(format!("the release named \"{name}\" is already deleted")));
        }
        history.iter().for_each(|it| it.forget(context));
        context.out.line(&format!("release \"{name}\" uninstalled"));
        return Ok(None);
    }
    if args.flag("dry-run") {
        context.out.line(&format!("release \"{name}\" uninstalled"));
        return Ok(None);
    }
    install::run_hooks(&last.hooks, "pre-delete", &last.namespace, context);
    let targets = objects::of_manifest(&last.manifest, &last.namespace, context.world);
    let (kept, gone): (Vec<Target>, Vec<Target>) = targets.into_iter().partition(Target::is_kept);
    let propagation = match args.text("cascade") {
        Some("foreground") => "Foreground",
        Some("orphan") => "Orphan",
        _ => "Background",
    };
    objects::delete(&gone, propagation, context);
    install::run_hooks(&last.hooks, "post-delete", &last.namespace, context);
    if !kept.is_empty() {
        context.out.line("These resources were kept due to the resource policy:");
        for target in &kept {
            context.out.line(&format!("[{}] {}", target.resource.kind, target.name));
        }
        context.out.line("");
    }
    last.deleted = stamp(context.world.now());
    Ok(Some((last, gone)))
}

fn end(args: &Args, mut last: Release, context: &mut Context) -> Result<(), Failure> {
    let name = last.name.clone();
    if args.flag("keep-history") {
        last.status = "uninstalled".into();
        last.description = "Uninstallation complete".into();
        if let Some(description) = args.text("description") {
            last.description = description.into();
        }
        last.keep(context)?;
    } else {
        let history = release::history(&name, &last.namespace, context.world);
        history.iter().for_each(|it| it.forget(context));
    }
    context.out.line(&format!("release \"{name}\" uninstalled"));
    Ok(())
}
