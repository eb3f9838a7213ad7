//! `kubectl cordon`, `uncordon`, `drain` and `taint`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go`, `…/pkg/drain/`,
//! `…/pkg/cmd/taint/`.

use super::flags::Args;
use super::ground::{Context, Done};
use super::select;
use super::selector::Labels;
use super::send::{self, DryRun, Mode, Printer};
use crate::api::{Kubernetes, names};
use crate::client::delete::Deletion;
use crate::client::nodes::{self, Allowed, Drain, Taint};
use crate::client::{Failure, discovery};
use crate::terminal::job::{self, Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::World;
use serde_json::Value;

/// Runs `cordon`, `uncordon` or `drain`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let verb = args.verb.path();
    if args.words.is_empty() && !args.has("selector") {
        return Err(Failure::usage(verb, &format!("USAGE: {verb} NODE [flags]")));
    }
    if !args.words.is_empty() && args.text("selector").is_some_and(|text| !text.is_empty()) {
        let text = "cannot specify both a node name and a --selector option";
        return Err(Failure::usage(verb, text));
    }
    let pods = args.text("pod-selector").unwrap_or_default();
    let Ok(pods) = Labels::parse(pods) else {
        let text = "--pod-selector=<pod_selector> must be a valid label selector";
        return Err(Failure::error(text));
    };
    let mode = Mode::of(args, context)?;
    let mut words = vec!["nodes".to_owned()];
    words.extend(args.words.iter().map(|word| word.trim_start_matches("node/").to_owned()));
    let selection = select::select(args, &words, context)?;
    if !selection.errors.is_empty() {
        return Ok(Progress::Done(send::tell(&selection.errors, context)));
    }
    let mut failures = Vec::new();
    let mut drained = Vec::new();
    for found in selection.found {
        match nodes::cordon(&mut context.client(mode), &found, verb != "uncordon") {
            Ok(()) => drained.push(found),
            Err(failure) => failures.push(failure),
        }
    }
    if verb != "drain" || !failures.is_empty() {
        return Ok(Progress::Done(send::tell(&failures, context)));
    }
    let timeout = args.number("timeout").filter(|timeout| *timeout > 0);
    let deletes = args.flag("disable-eviction").then(|| Deletion {
        grace: args.number("grace-period").filter(|grace| *grace >= 0),
        ..Deletion::default()
    });
    let allowed = Allowed {
        daemons: args.flag("ignore-daemonsets"),
        local: args.flag("delete-emptydir-data"),
        alone: args.flag("force"),
    };
    let until = timeout.map(|timeout| context.world.now() + timeout);
    let mut drain = Drain::new(mode, until, deletes);
    for node in drained {
        let is_chosen = |pod: &Value| pods.matches(pod);
        drain.begin((context.world, context.out), node.name(), allowed, &is_chosen)?;
    }
    Ok(job::start(drain, context.world, context.out))
}

impl Job for Drain {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        Self::poll(self, world, out)
    }
}

/// Runs `taint`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn taint(args: &Args, context: &mut Context) -> Done {
    let is_taint = |word: &String| word.contains(['=', ':']) || word.ends_with('-');
    let at = args.words.iter().position(is_taint).unwrap_or(args.words.len());
    let (words, taints) = (args.words[..at].to_vec(), args.words[at..].to_vec());
    if let Some(late) = taints.iter().find(|word| !is_taint(word)) {
        let text = format!("all resources must be specified before taint changes: {late}");
        return Err(Failure::error(text));
    }
    if words.is_empty() {
        return Err(Failure::error("one or more resources must be specified as <resource> <name>"));
    }
    let kind = words[0].as_str();
    match discovery::named(context.world, kind) {
        Some(resource) if resource.name == "nodes" => {}
        Some(_) => {
            let text = format!("invalid resource type {kind}, only node types are supported");
            return Err(Failure::error(text));
        }
        None => {
            let text = format!("the server doesn't have a resource type \"{kind}\"");
            return Err(Failure::Plain(text));
        }
    }
    if taints.is_empty() {
        return Err(Failure::error("at least one taint update is required"));
    }
    let (added, removed) = read_taints(&taints)?;
    let mode = Mode::of(args, context)?;
    // Dry runs of this verb print no suffix.
    let plain = Mode { dry_run: DryRun::None, ..mode };
    let mut printer = Printer::of(args, plain, context)?;
    let selection = select::select(args, &words, context)?;
    let mut failures = selection.errors.clone();
    for found in &selection.found {
        let changes = (&*added, &*removed);
        let mut client = context.client(mode);
        let done = nodes::taint(&mut client, found, changes, args.flag("overwrite"), &mut printer);
        failures.extend(done.err());
    }
    printer.finish(context)?;
    Ok(Progress::Done(send::tell(&failures, context)))
}

fn read_taints(words: &[String]) -> Result<(Vec<Taint>, Vec<Taint>), Failure> {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for word in words {
        let (rest, list) = match word.strip_suffix('-') {
            Some(rest) => (rest, &mut removed),
            None => (word.as_str(), &mut added),
        };
        let (pair, effect) = rest.split_once(':').unwrap_or((rest, ""));
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let is_known = ["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&effect);
        let is_removal = word.ends_with('-');
        if !(is_known || is_removal && effect.is_empty()) {
            let text = match effect {
                "" if pair.contains('=') => {
                    let why = names::qualified_name(pair, &Kubernetes::default()).join("; ");
                    format!("invalid taint spec: {word}, {why}")
                }
                "" => format!("invalid taint spec: {word}"),
                effect => format!("invalid taint effect: {effect}, unsupported taint effect"),
            };
            return Err(Failure::usage("taint", &text));
        }
        let wrong = [
            names::qualified_name(key, &Kubernetes::default()),
            names::label_value(value, &Kubernetes::default()),
        ]
        .concat();
        if !wrong.is_empty() {
            let text = format!("invalid taint spec: {word}, {}", wrong.join("; "));
            return Err(Failure::usage("taint", &text));
        }
        let taint: Taint = (key.to_owned(), value.to_owned(), effect.to_owned());
        let is_same = |it: &Taint| (&it.0, &it.2) == (&taint.0, &taint.2);
        if !is_removal && list.iter().any(is_same) {
            return Err(Failure::usage(
                "taint",
                &format!(
                    "duplicated taints with the same key and effect: {{{key} {value} {effect} <nil>}}"
                ),
            ));
        }
        list.push(taint);
    }
    let both = added.iter().find(|it| {
        removed.iter().any(|gone: &Taint| gone.0 == it.0 && (gone.2.is_empty() || gone.2 == it.2))
    });
    if let Some((key, _, effect)) = both {
        return Err(Failure::error(format!(
            "can not both modify and remove the following taint(s) in the same command: {key}={effect}"
        )));
    }
    Ok((added, removed))
}
