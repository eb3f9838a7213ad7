//! `helm create`: a chart to begin with.
//!
//! Upstream: `cmd/helm/create.go`, `pkg/chartutil/create.go`. The files are ours.

use super::flags::{Args, check_words};
use super::ground::{Context, Done, Failure, text};
use crate::terminal::job::Progress;

/// The files in the order in which they are written.
const FILES: [&str; 12] = [
    "Chart.yaml",
    "values.yaml",
    ".helmignore",
    "templates/ingress.yaml",
    "templates/httproute.yaml",
    "templates/deployment.yaml",
    "templates/service.yaml",
    "templates/serviceaccount.yaml",
    "templates/hpa.yaml",
    "templates/NOTES.txt",
    "templates/_helpers.tpl",
    "templates/tests/test-connection.yaml",
];

/// Runs the command.
///
/// # Errors
/// A name that no chart can have.
pub fn run(args: &Args, context: &mut Context) -> Done {
    check_words(args, 1, 1, "create NAME [flags]")?;
    let folder = args.words[0].trim_end_matches('/').to_owned();
    let name = folder.rsplit('/').next().unwrap_or_default().to_owned();
    let is_name = !name.is_empty()
        && name.len() <= 250
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    if !is_name {
        return Err(Failure::new(
            "chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\"",
        ));
    }
    context.out.line(&format!("Creating {folder}"));
    for below in ["", "/charts", "/templates", "/templates/tests"] {
        let _there = context.files.add_folder(&format!("{folder}{below}"));
    }
    for file in FILES {
        let path = format!("{folder}/{file}");
        if context.files.read(&path).is_some() {
            context.out.error(&format!("WARNING: File \"{path}\" already exists. Overwriting."));
        }
        let content = text(&format!("create {file}"), context)
            .ok_or_else(|| Failure::new("the files of helm create have not been loaded"))?;
        context.files.write(&path, &content.replace("<CHARTNAME>", &name)).map_err(Failure::new)?;
    }
    Ok(Progress::Done(0))
}
