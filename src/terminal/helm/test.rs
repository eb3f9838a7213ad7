//! `helm test`: the hooks of a release that try it out.
//!
//! Upstream: `cmd/helm/release_testing.go`, `pkg/action/release_testing.go`.

use super::flags::{Args, check_words};
use super::ground::{self, Context, Done, Failure};
use super::release::{self, Release, short_time, stamp};
use super::wait::timeout;
use super::{install, status};
use crate::api::Resource;
use crate::api::Tree;
use crate::terminal::job::{self, Job};
use crate::terminal::output::Output;
use crate::terminal::world::World;

/// Runs the command.
///
/// # Errors
/// `release: not found`.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 1, 1, "test [RELEASE] [flags]")?;
    let found = release::find(&args.words[0], args.namespace(), None, context.world)?;
    let begun = stamp(context.world.now());
    install::run_hooks(&found.hooks, "test", &found.namespace, context);
    let until = context.world.now() + timeout(args);
    Ok(job::start(Testing { release: found, begun, until }, context.world, context.out))
}

#[derive(Clone)]
struct Testing {
    release: Release,
    begun: String,
    until: i64,
}

impl Job for Testing {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let pods = Resource::named("pods")?;
        let tests = self.release.hooks.iter().filter(|hook| hook.events().contains(&"test"));
        let mut rows = Vec::new();
        let mut has_failed = false;
        for hook in tests {
            let name = hook.object.at("metadata").text("name");
            let live = world.get(&pods, &self.release.namespace, name).ok();
            let phase = live.map(|live| live.at("status").text("phase").to_owned());
            let phase = phase.unwrap_or_else(|| "Unknown".into());
            let is_over = matches!(phase.as_str(), "Succeeded" | "Failed" | "Unknown");
            if !is_over && world.now() < self.until {
                return None;
            }
            has_failed |= phase != "Succeeded";
            rows.push((name.to_owned(), phase));
        }
        let shows = status::Shows { hides_notes: true, ..Default::default() };
        status::print(&self.release, None, shows, out);
        let completed = stamp(world.now());
        for (name, phase) in &rows {
            out.line(&format!("TEST SUITE:     {name}"));
            out.line(&format!("Last Started:   {}", short_time(&self.begun)));
            out.line(&format!("Last Completed: {}", short_time(&completed)));
            out.line(&format!("Phase:          {phase}"));
        }
        if !self.release.notes.is_empty() {
            out.line(&format!("NOTES:\n{}", self.release.notes.trim()));
        }
        if has_failed {
            let name = rows.iter().find(|(_, phase)| phase != "Succeeded").map(|(name, _)| name);
            let name = name.cloned().unwrap_or_default();
            ground::tell(
                &Failure::new(format!("1 error occurred:\n\t* pod {name} failed\n\n")),
                out,
            );
        }
        Some(i32::from(has_failed))
    }
}
