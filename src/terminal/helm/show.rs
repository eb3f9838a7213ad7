//! `helm show`, `helm package`, `helm version`.
//!
//! Upstream: `cmd/helm/{show,package,version}.go`, `pkg/action/show.go`.

use super::chart::{self, Chart};
use super::flags::{Args, check_words};
use super::ground::{Context, Done, Failure, VERSION};
use crate::manifest::emit;
use crate::manifest::export::{File, tar_gz};
use crate::terminal::job::Progress;

/// Runs `helm show`.
///
/// # Errors
/// A chart that cannot be loaded.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let usage = format!("{} [CHART] [flags]", args.verb.title());
    check_words(args, 1, 1, &usage)?;
    let chart = chart::load(&args.words[0], context.files)?;
    let readme = chart.files.iter().find(|(name, _)| name.eq_ignore_ascii_case("readme.md"));
    let out = &mut *context.out;
    let kind = args.verb.path;
    if matches!(kind, "show_all" | "show_chart") {
        out.line(&emit::yaml(&chart.metadata));
    }
    if matches!(kind, "show_all" | "show_values") && !chart.values_text.is_empty() {
        if kind == "show_all" {
            out.line("---");
        }
        out.line(&chart.values_text);
    }
    if let Some((_, text)) = readme.filter(|_| matches!(kind, "show_all" | "show_readme")) {
        if kind == "show_all" {
            out.line("---");
        }
        out.line(text);
    }
    Ok(Progress::Done(0))
}

/// Runs `helm package`: the chart is checked.
///
/// # Errors
/// A chart that cannot be loaded.
pub fn package(args: &Args, context: &mut Context) -> Done {
    if args.words.is_empty() {
        return Err(Failure::new("need at least one argument, the path to the chart"));
    }
    for path in &args.words {
        if context.files.list(path).is_none() {
            return Err(Failure::new(format!("path {path:?} not found")));
        }
        let chart: Chart = chart::load(path, context.files)?;
        let version = args
            .text("version")
            .map_or_else(|| chart.title(), |version| format!("{}-{version}", chart.name()));
        let file = format!("{version}.tgz");
        let own = chart::all_files(path.trim_end_matches('/'), context.files);
        let files: Vec<File> = own
            .into_iter()
            .map(|(name, text)| File { path: format!("{}/{name}", chart.name()), text })
            .collect();
        // Files of this computer are texts: each byte becomes the character of its number.
        let bytes = tar_gz(&files);
        let text: String = bytes.into_iter().map(char::from).collect();
        context.files.write(&file, &text).map_err(Failure::new)?;
        context.out.line(&format!("Successfully packaged chart and saved it to: {file}"));
    }
    Ok(Progress::Done(0))
}

/// Runs `helm version`.
///
/// # Errors
/// Never.
pub fn version(args: &Args, context: &mut Context) -> Done {
    context.out.line(&match args.flag("short") {
        true => VERSION.to_owned(),
        false => format!(
            "version.BuildInfo{{Version:\"{VERSION}\", GitCommit:\"\", GitTreeState:\"clean\", \
             GoVersion:\"go1.26\"}}"
        ),
    });
    Ok(Progress::Done(0))
}
