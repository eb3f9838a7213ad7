//! `helm status`, and what is printed of a release that was installed or upgraded.
//!
//! Upstream: `cmd/helm/status.go`.

use super::flags::{Args, check_words};
use super::ground::{Context, Done};
use super::release::{self, Release, short_time};
use crate::api::Tree;
use crate::manifest::emit;
use crate::terminal::job::Progress;
use crate::terminal::output::Output;
use serde_json::json;

/// What is shown besides the usual.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shows {
    /// Hooks and manifest: of a dry run.
    pub manifest: bool,
    /// The description.
    pub description: bool,
    /// No notes.
    pub hides_notes: bool,
}

/// Runs the command.
///
/// # Errors
/// `release: not found`.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 1, 1, "status RELEASE_NAME [flags]")?;
    let revision = args.text("revision");
    let found = release::find(&args.words[0], args.namespace(), revision, context.world)?;
    let shows = Shows { description: args.flag("show-desc"), ..Shows::default() };
    print(&found, args.text("output"), shows, context.out);
    Ok(Progress::Done(0))
}

/// Prints a release.
pub fn print(release: &Release, format: Option<&str>, shows: Shows, out: &mut Output) {
    if let Some(format @ ("json" | "yaml")) = format {
        let value = json!({
            "name": release.name,
            "info": {
                "first_deployed": release.first_deployed,
                "last_deployed": release.last_deployed,
                "deleted": release.deleted,
                "description": release.description,
                "status": release.status,
                "notes": release.notes,
            },
            "config": release.config,
            "manifest": release.manifest,
            "version": release.version,
            "namespace": release.namespace,
        });
        match format {
            "json" => out.line(&value.to_string()),
            _ => out.print(&emit::yaml(&value)),
        }
        return;
    }
    out.line(&format!("NAME: {}", release.name));
    if !release.last_deployed.is_empty() {
        out.line(&format!("LAST DEPLOYED: {}", short_time(&release.last_deployed)));
    }
    out.line(&format!("NAMESPACE: {}", release.namespace));
    out.line(&format!("STATUS: {}", release.status));
    out.line(&format!("REVISION: {}", release.version));
    if shows.description {
        out.line(&format!("DESCRIPTION: {}", release.description));
    }
    let tests = release.hooks.iter().filter(|hook| hook.events().contains(&"test"));
    let names: Vec<&str> = tests.map(|hook| hook.object.at("metadata").text("name")).collect();
    // Nothing is said of tests that have not run.
    if names.is_empty() {
        out.line("TEST SUITE: None");
    }
    if shows.manifest {
        out.line("HOOKS:");
        for hook in &release.hooks {
            out.print(&hook.print());
        }
        out.line("MANIFEST:");
        out.line(&release.manifest);
    }
    if !release.notes.is_empty() && !shows.hides_notes {
        out.line(&format!("NOTES:\n{}", release.notes.trim()));
    }
}
