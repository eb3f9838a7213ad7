//! `helm get`: what a release keeps.
//!
//! Upstream: `cmd/helm/get_*.go`.

use super::flags::{Args, check_words};
use super::ground::{Context, Done};
use super::release::{self, Release};
use super::values::{coalesced, members};
use crate::manifest::emit;
use crate::template::Value;
use crate::terminal::job::Progress;
use crate::terminal::output::Output;

/// Runs the command.
///
/// # Errors
/// `release: not found`.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let usage = format!("{} RELEASE_NAME [flags]", args.verb.title());
    check_words(args, 1, 1, &usage)?;
    let revision = args.text("revision");
    let found = release::find(&args.words[0], args.namespace(), revision, context.world)?;
    let out = &mut *context.out;
    match args.verb.path {
        "get_manifest" => out.line(&found.manifest),
        "get_notes" if !found.notes.is_empty() => out.line(&format!("NOTES:\n{}", found.notes)),
        "get_notes" => {}
        "get_hooks" => found.hooks.iter().for_each(|hook| out.print(&hook.print())),
        "get_values" => values(&found, args, out),
        _ => {
            super::status::print(
                &found,
                None,
                super::status::Shows { hides_notes: true, ..Default::default() },
                out,
            );
            values(&found, args, out);
            out.line("");
            out.print("COMPUTED VALUES:\n");
            out.print(&emit::yaml(&computed(&found)));
            out.line("");
            out.line("HOOKS:");
            found.hooks.iter().for_each(|hook| out.print(&hook.print()));
            out.line("MANIFEST:");
            out.line(&found.manifest);
            if !found.notes.is_empty() {
                out.line(&format!("NOTES:\n{}", found.notes.trim()));
            }
        }
    }
    Ok(Progress::Done(0))
}

/// The values of a release with those of its chart.
fn computed(release: &Release) -> serde_json::Value {
    let given = members(&Value::of_floats(&release.config));
    let own = members(&Value::of_floats(&release.chart.values));
    Value::map(coalesced(&given, &own)).json()
}

fn values(release: &Release, args: &Args, out: &mut Output) {
    let (title, shown) = match args.flag("all") {
        true => ("COMPUTED VALUES:", computed(release)),
        false => ("USER-SUPPLIED VALUES:", release.config.clone()),
    };
    let is_none = shown.as_object().is_none_or(serde_json::Map::is_empty);
    let shown = if is_none && !args.flag("all") { serde_json::Value::Null } else { shown };
    match args.text("output") {
        Some("json") => out.line(&shown.to_string()),
        Some("yaml") => out.print(&emit::yaml(&shown)),
        _ => {
            out.line(title);
            out.print(&emit::yaml(&shown));
        }
    }
}
