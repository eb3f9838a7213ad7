//! `kubectl scale` and `kubectl autoscale`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/scale/scale.go`, `…/cmd/autoscale/autoscale.go`.

use super::flags::Args;
use super::generate;
use super::ground::{Context, Done};
use super::select::{self, Found};
use super::send::{self, DryRun, Mode, Printer};
use crate::api::Resource;
use crate::api::Tree;
use crate::client::Failure;
use crate::client::scale;
use crate::terminal::job::Progress;
use crate::terminal::world::Change;
use serde_json::{Value, json};

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let Some(replicas) = args.number("replicas") else {
        return Err(Failure::error("required flag(s) \"replicas\" not set"));
    };
    let Some(count) = i32::try_from(replicas).ok().filter(|count| *count >= 0) else {
        return Err(Failure::error(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
        ));
    };
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    let selection = select::select(args, &args.words, context)?;
    let mut failures = Vec::new();
    for found in &selection.found {
        match one(args, mode, found, count, context) {
            Ok(object) => {
                failures.extend(mode.record(args, found, context).err().map(Failure::from));
                scale::tell(&mut context.client(mode), found, &object, &mut printer);
            }
            Err(failure) => failures.push(failure),
        }
    }
    failures.extend(selection.errors);
    if selection.found.is_empty() && failures.is_empty() {
        return Err(Failure::error("no objects passed to scale"));
    }
    printer.finish(context)?;
    Ok(Progress::Done(send::tell(&failures, context)))
}

fn one(
    args: &Args,
    mode: Mode,
    found: &Found,
    count: i32,
    context: &mut Context,
) -> Result<Value, Failure> {
    let own = found.object.at("spec").int("replicas");
    if let Some(current) = args.number("current-replicas").filter(|current| *current >= 0)
        && current != own
    {
        return Err(Failure::error(format!("Expected replicas to be {current}, was {own}")));
    }
    let version = found.object.at("metadata").text("resourceVersion");
    if let Some(expected) = args.text("resource-version").filter(|it| !it.is_empty())
        && expected != version
    {
        let text = format!("Expected resource version to be {expected}, was {version}");
        return Err(Failure::error(text));
    }
    scale::scale(&mut context.client(mode), found, count)
}

/// Runs `autoscale`: the autoscaler is stored, but nothing measures pods here.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn auto(args: &Args, context: &mut Context) -> Done {
    let bounds = bounds(args)?;
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::error(select::NOTHING_NAMED));
    }
    if args.has("cpu-percent") {
        context.out.error(
            "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity \
             format (e.g., '70%' for utilization or '500m' for milliCPU).",
        );
    }
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    let selection = select::select(args, &args.words, context)?;
    let mut failures = selection.errors.clone();
    for found in &selection.found {
        if ["pods", "services", "daemonsets"].contains(&found.resource.name) {
            let (kind, gvr) = (found.resource.kind, found.resource.gvr());
            failures.push(Failure::error(format!(
                "cannot autoscale a {kind}: could not find scale subresource for {gvr} in discovery \
                 information"
            )));
            continue;
        }
        let name = args.text("name").unwrap_or_else(|| found.name());
        let object = autoscaler(args, found, name, bounds);
        let Some(resource) = Resource::of(&object) else { continue };
        let sent = match mode.dry_run {
            DryRun::Client => {
                let mut object = object;
                generate::place(args, &mut object);
                Ok(generate::with_empty_fields(object))
            }
            _ => mode
                .send(&resource, (found.namespace(), name), Change::Create(object), context)
                .map(|reply| reply.object),
        };
        match sent {
            Ok(object) => printer.done(&resource.object(name), "autoscaled", &object, context),
            Err(status) => failures.push(status.into()),
        }
    }
    printer.finish(context)?;
    Ok(Progress::Done(send::tell(&failures, context)))
}

/// The least and the most pods that `autoscale` is given; the least may be left out.
fn bounds(args: &Args) -> Result<(Option<i64>, i64), Failure> {
    let Some(max) = args.number("max") else {
        return Err(Failure::error("required flag(s) \"max\" not set"));
    };
    if max < 1 {
        return Err(Failure::error(format!(
            "--max=MAXPODS is required and must be at least 1, max: {max}"
        )));
    }
    let min = args.number("min").filter(|min| *min > 0);
    if let Some(min) = min.filter(|min| max < *min) {
        return Err(Failure::error(format!(
            "--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {min}"
        )));
    }
    Ok((min, max))
}

/// The autoscaler of an object.
fn autoscaler(args: &Args, found: &Found, name: &str, (min, max): (Option<i64>, i64)) -> Value {
    let mut spec = json!({
        "maxReplicas": max,
        "minReplicas": min.unwrap_or(1),
        "scaleTargetRef": {
            "apiVersion": found.resource.api_version,
            "kind": found.resource.kind,
            "name": found.name(),
        },
    });
    let cpu = args.text("cpu").map(str::to_owned);
    let percent = args.number("cpu-percent").map(|percent| format!("{percent}%"));
    if let Some(cpu) = cpu.or(percent) {
        let share: i64 = cpu.trim_end_matches('%').parse().unwrap_or_default();
        spec.put(
            "metrics",
            json!([{
                "type": "Resource",
                "resource": {
                    "name": "cpu",
                    "target": {"type": "Utilization", "averageUtilization": share},
                },
            }]),
        );
    }
    json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": found.namespace()}, "spec": spec,
    })
}
