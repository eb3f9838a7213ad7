//! `helm lint`.
//!
//! Upstream: `cmd/helm/lint.go`, `pkg/lint/rules/`.

use super::flags::Args;
use super::ground::{self, Context, Done, Failure, Surroundings};
use super::render::About;
use super::{chart, render, values};
use crate::api::Tree;
use crate::manifest::read_yaml;
use crate::template::Value;
use crate::terminal::job::Progress;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Grave {
    Info,
    Warning,
    Error,
}

impl Grave {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

/// Runs the command.
///
/// # Errors
/// A chart in which something is wrong.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let here = vec![".".to_owned()];
    let paths = if args.words.is_empty() { &here } else { &args.words };
    let given = values::given(args, context.files)?;
    let mut failed = 0;
    for path in paths {
        let plain = path.trim_start_matches("./").trim_end_matches('/');
        let own = if matches!(plain, "" | ".") { String::new() } else { format!("{plain}/") };
        context.out.line(&format!("==> Linting {path}"));
        if context.files.read(&format!("{own}Chart.yaml")).is_none() {
            context.out.line(&format!(
                "Error unable to check Chart.yaml file in chart: stat {own}Chart.yaml: no such file \
                 or directory\n"
            ));
            failed += 1;
            continue;
        }
        let found = findings(path, &own, &given, context);
        let least = if args.flag("strict") { Grave::Warning } else { Grave::Error };
        failed += usize::from(found.iter().any(|(grave, _)| *grave >= least));
        let quiet = args.flag("quiet");
        for (grave, text) in found.iter().filter(|(grave, _)| !quiet || *grave > Grave::Info) {
            context.out.line(&format!("[{}] {text}", grave.name()));
        }
        context.out.line("");
    }
    let told = format!("{} chart(s) linted, {failed} chart(s) failed", paths.len());
    if failed > 0 {
        return Err(Failure::new(told));
    }
    if !args.flag("quiet") {
        context.out.line(&told);
    }
    Ok(Progress::Done(0))
}

fn findings(
    path: &str,
    own: &str,
    given: &values::Members,
    context: &Context,
) -> Vec<(Grave, String)> {
    let mut found = Vec::new();
    let text = context.files.read(&format!("{own}Chart.yaml")).unwrap_or_default();
    let metadata = match read_yaml(&text) {
        Ok(metadata) => metadata,
        Err(why) => {
            found.push((Grave::Error, format!("Chart.yaml: unable to parse YAML\n\t{why}")));
            return found;
        }
    };
    let mut error = |text: &str| found.push((Grave::Error, format!("Chart.yaml: {text}")));
    if metadata.text("name").is_empty() {
        error("name is required");
    }
    match metadata.text("apiVersion") {
        "" => error("apiVersion is required. The value must be either \"v1\" or \"v2\""),
        "v1" | "v2" => {}
        other => error(&format!(
            "apiVersion '{other}' is not valid. The value must be either \"v1\" or \"v2\""
        )),
    }
    if metadata.at("version").is_null() {
        error("version is required");
    } else if !metadata.at("version").is_string() {
        error("version should be of type string but it's of type float64");
    }
    if !metadata.at("appVersion").is_null() && !metadata.at("appVersion").is_string() {
        error("appVersion should be of type string but it's of type float64");
    }
    if metadata.text("icon").is_empty() {
        found.push((Grave::Info, "Chart.yaml: icon is recommended".into()));
    }
    if context.files.read(&format!("{own}values.yaml")).is_none() {
        found.push((Grave::Info, "values.yaml: file does not exist".into()));
    }
    if context.files.list(&format!("{own}templates")).is_none() {
        found.push((Grave::Warning, "templates/: directory does not exist".into()));
    }
    match chart::load(path, context.files) {
        Err(failure) => {
            found.push((Grave::Error, format!("templates/: {}", failure.0)));
            found.push((Grave::Error, format!(": unable to load chart\n\t{}", failure.0)));
        }
        Ok(chart) => {
            let about = About {
                name: "test-release".into(),
                namespace: "default".into(),
                revision: 1,
                is_upgrade: false,
                kubernetes: ground::kubernetes(context.world),
                api_versions: Vec::new(),
                served: None,
            };
            let extra = Surroundings { world: None, now: context.world.now(), is_lint: true };
            let all = Value::map(given.clone());
            if let Err(failure) = render::render(&chart, &values::members(&all), &about, &extra) {
                found.push((Grave::Error, format!("templates/: {}", failure.0)));
            }
        }
    }
    found
}
