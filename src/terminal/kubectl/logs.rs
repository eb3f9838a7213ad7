//! `kubectl logs`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/logs/logs.go`.

use super::access::{container, container_names, pod_of};
use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found};
use crate::api::Resource;
use crate::api::{Status, StatusReason, Tree, timestamp};
use crate::client::Failure;
use crate::terminal::job::{self, Job, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::World;

/// Runs `logs`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let words: Vec<String> = args.words.clone();
    if words.is_empty() && !args.has("selector") {
        return Err(Failure::usage(
            "logs",
            "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a \
             required argument for the logs command",
        ));
    }
    check(args)?;
    let pods = if let Some(word) = words.first() {
        let own = pod_of(args, word, context).map_err(|failure| match failure {
            Failure::Server(status) if status.reason == StatusReason::NotFound => {
                Failure::error(format!(
                    "error from server (NotFound): {} in namespace \"{}\"",
                    status.message,
                    select::namespace(args)
                ))
            }
            other => other,
        })?;
        vec![own]
    } else {
        let Some(pods) = Resource::named("pods") else { return Err(Failure::Told) };
        let objects = select::list(args, &pods, context.world)?;
        objects.into_iter().map(|object| Found { resource: pods, object }).collect()
    };
    if pods.is_empty() {
        context.out.error(&format!("No resources found in {} namespace.", select::namespace(args)));
        return Ok(Progress::Done(0));
    }
    let mut sources = Vec::new();
    for found in &pods {
        let (names, _) = container_names(&found.object);
        let chosen = match args.flag("all-containers") {
            true => names,
            false => {
                let second = words.get(1).map(String::as_str);
                let mut own = args.clone();
                if let (Some(name), false) = (second, args.has("container")) {
                    own.set_text("container", name);
                }
                vec![container(&own, &found.object, false, context.out)?]
            }
        };
        for container in chosen {
            check_started(found, &container, args)?;
            sources.push((found.clone(), container));
        }
    }
    let job = Logs { args: args.clone(), sources, told: Vec::new() };
    Ok(job::start(job, context.world, context.out))
}

/// Refuses flags that contradict each other, and numbers that mean nothing.
fn check(args: &Args) -> Result<(), Failure> {
    let container = args.text("container").unwrap_or_default();
    let is_negative = |flag: &str, least: i64| args.number(flag).is_some_and(|it| it < least);
    let text = match () {
        () if args.words.len() > 2 => {
            let text = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or \
                        TYPE/NAME is a required argument for the logs command";
            return Err(Failure::usage("logs", text));
        }
        () if args.has("selector") && !args.words.is_empty() => {
            return Err(Failure::usage("logs", "only a selector (-l) or a POD name is allowed"));
        }
        () if args.flag("all-containers") && !container.is_empty() => {
            format!("--all-containers=true should not be specified with container name {container}")
        }
        () if args.has("since") && args.has("since-time") => {
            "at most one of `sinceTime` or `sinceSeconds` may be specified".into()
        }
        () if is_negative("tail", -1) => "--tail must be greater than or equal to -1".into(),
        () if is_negative("limit-bytes", 1) => "--limit-bytes must be greater than 0".into(),
        () if is_negative("since", 1) => "--since must be greater than 0".into(),
        () => return Ok(()),
    };
    Err(Failure::error(text))
}

/// Refuses logs that cannot be there yet.
fn check_started(found: &Found, container: &str, args: &Args) -> Result<(), Failure> {
    let status = found.object.at("status");
    let statuses = ["containerStatuses", "initContainerStatuses"];
    let own = statuses
        .iter()
        .flat_map(|field| status.items(field))
        .find(|status| status.text("name") == container);
    let name = found.name();
    let bad = |message: String| Err(Failure::Server(Status::bad_request("", "", message)));
    let previous = own.is_some_and(|it| it.at("lastState").set("terminated").is_some());
    if args.flag("previous") && !previous {
        return bad(format!(
            "previous terminated container \"{container}\" in pod \"{name}\" not found"
        ));
    }
    let waiting = own.map(|it| it.at("state").at("waiting").text("reason")).unwrap_or_default();
    let is_new = own.is_none_or(|it| it.int("restartCount") == 0) && !previous;
    match waiting {
        "ContainerCreating" | "PodInitializing" if is_new => bad(format!(
            "container \"{container}\" in pod \"{name}\" is waiting to start: {waiting}"
        )),
        "ErrImagePull" | "ImagePullBackOff" => bad(format!(
            "container \"{container}\" in pod \"{name}\" is waiting to start: {}",
            if waiting == "ErrImagePull" {
                "image can't be pulled"
            } else {
                "trying and failing to pull image"
            }
        )),
        _ => Ok(()),
    }
}

/// Prints what containers have written, and with `-f` what they write.
#[derive(Clone)]
struct Logs {
    args: Args,
    sources: Vec<(Found, String)>,
    told: Vec<usize>,
}

impl Job for Logs {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let is_first = self.told.is_empty();
        self.told.resize(self.sources.len(), 0);
        let prefix = self.args.flag("prefix");
        for (at, (found, container)) in self.sources.iter().enumerate() {
            let pod = (found.namespace(), found.name());
            let previous = self.args.flag("previous");
            let lines = world.logs(pod, container, previous).unwrap_or_default();
            let since = self.args.number("since").map(|since| world.now() - since);
            let mut own: Vec<&(i64, String)> = lines.iter().skip(self.told[at]).collect();
            own.retain(|(time, _)| since.is_none_or(|since| *time >= since));
            if let Some(tail) = self.args.number("tail").filter(|tail| is_first && *tail >= 0) {
                let tail = usize::try_from(tail).unwrap_or(usize::MAX);
                own = own.split_off(own.len().saturating_sub(tail));
            }
            for (time, line) in own {
                let mut text = String::new();
                if prefix {
                    text.push_str(&format!("[pod/{}/{container}] ", found.name()));
                }
                if self.args.flag("timestamps") {
                    let time = timestamp::Moment::of(*time).rfc3339_micro();
                    text.push_str(&time.replace('Z', "000Z "));
                }
                out.line(&format!("{text}{line}"));
            }
            self.told[at] = lines.len();
        }
        if !self.args.flag("follow") {
            return Some(0);
        }
        let is_there = |found: &Found| super::delete::is_there(found, world);
        let any = self.sources.iter().any(|(found, _)| is_there(found));
        (!any).then_some(0)
    }
}
