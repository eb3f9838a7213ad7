//! `kubectl run`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/run/run.go`.

use super::access::at_once;
use super::flags::Args;
use super::generate;
use super::ground::{Context, Done};
use super::overrides;
use super::select::{self, Found};
use super::send::{DryRun, Mode, Printer};
use crate::api::Resource;
use crate::api::Tree;
use crate::client::Failure;
use crate::terminal::job::Job;
use crate::terminal::job::{self, Progress};
use crate::terminal::output::Output;
use crate::terminal::world::{Change, World};
use serde_json::{Map, Value, json};
use std::rc::Rc;

/// Runs `run`: a pod of one container.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let Some(image) = args.text("image") else {
        return Err(Failure::error("required flag(s) \"image\" not set"));
    };
    let Some(name) = args.words.first() else {
        return Err(Failure::usage("run", "NAME is required for run"));
    };
    let Some(pods) = Resource::named("pods") else { return Err(Failure::Told) };
    let mode = Mode::of(args, context)?;
    check(args, mode)?;
    let mut printer = Printer::of(args, mode, context)?;
    let namespace = select::namespace(args);
    let mut pod = overrides::apply(args, pod(args, name, image, namespace))?;
    let name = &pod.at("metadata").text("name").to_owned();
    if mode.dry_run == DryRun::Client {
        generate::place(args, &mut pod);
        let pod = generate::with_empty_fields(pod);
        printer.done(&format!("pod/{name}"), "created", &pod, context);
        printer.finish(context)?;
        return Ok(Progress::Done(0));
    }
    let reply = mode.send(&pods, (namespace, name), Change::Create(pod), context)?;
    if args.flag("stdin") || args.flag("attach") {
        let found = Found { resource: pods, object: Rc::new(reply.object) };
        let job = Attached {
            found,
            command: args.words[1..].to_vec(),
            removes: args.flag("rm"),
            mode,
            is_removed: None,
        };
        return Ok(job::start(job, context.world, context.out));
    }
    printer.done(&format!("pod/{name}"), "created", &reply.object, context);
    printer.finish(context)?;
    Ok(Progress::Done(0))
}

/// The pod that a command line describes.
fn pod(args: &Args, name: &str, image: &str, namespace: &str) -> Value {
    let mut container = json!({"name": name, "image": image});
    let rest = &args.words[1..];
    if !rest.is_empty() {
        let field = if args.flag("command") { "command" } else { "args" };
        container.put(field, rest.to_vec());
    }
    let env: Vec<Value> = args
        .texts("env")
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect();
    if !env.is_empty() {
        container.put("env", env);
    }
    if let Some(port) = args.text("port").and_then(|port| port.parse::<i64>().ok()) {
        container.put("ports", json!([{"containerPort": port}]));
    }
    let labels = match args.text("labels") {
        None => json!({"run": name}),
        Some(text) => Value::Object(pairs(text.split(','))),
    };
    let mut pod = json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {
            "containers": [container],
            "restartPolicy": args.text("restart").unwrap_or("Always"),
        },
    });
    let annotations = pairs(args.texts("annotations"));
    if !annotations.is_empty() {
        pod.open("metadata").put("annotations", annotations);
    }
    pod
}

/// Keys and values of texts such as `a=b`.
fn pairs<'a>(texts: impl Iterator<Item = &'a str>) -> Map<String, Value> {
    let pairs = texts.filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.into())).collect()
}

/// Refuses values and pairs of flags that make no pod.
fn check(args: &Args, mode: Mode) -> Result<(), Failure> {
    let usage = |text: String| Err(Failure::usage("run", &text));
    let error = |text: String| Err(Failure::error(text));
    let is_attached = ["attach", "stdin", "tty"].iter().any(|flag| args.flag(flag));
    if let Some(image) = args.text("image").filter(|image| image.contains(char::is_whitespace)) {
        return error(format!("Invalid image name \"{image}\": invalid reference format"));
    }
    if args.flag("rm") && !is_attached {
        return usage("--rm should only be used for attached containers".into());
    }
    if is_attached && mode.dry_run != DryRun::None {
        let text = "--dry-run=[server|client] can't be used with attached containers options \
                    (--attach, --stdin, or --tty)";
        return usage(text.into());
    }
    if args.flag("expose") && !args.has("port") {
        return usage("--port must be set when exposing a service".into());
    }
    let one_of = |flag: &str, known: [&str; 3], what: &str| match args.text(flag) {
        Some(value) if !known.contains(&value) => usage(format!("invalid {what}: {value}")),
        _ => Ok(()),
    };
    let policies = ["Always", "IfNotPresent", "Never"];
    one_of("image-pull-policy", policies, "image pull policy")?;
    one_of("restart", ["Always", "OnFailure", "Never"], "restart policy")?;
    if let Some(label) =
        args.text("labels").and_then(|all| all.split(',').find(|it| !it.contains('=')))
    {
        return error(format!("unexpected label spec: {label}"));
    }
    if let Some(pair) = args.texts("env").find(|pair| !pair.contains('=')) {
        return error(format!("invalid env: {pair}"));
    }
    match args.text("port").filter(|port| port.parse::<i64>().is_err()) {
        Some(port) => error(format!("strconv.Atoi: parsing \"{port}\": invalid syntax")),
        None => Ok(()),
    }
}

/// `run -it`: waits for the pod, runs its command, and removes it with `--rm`.
#[derive(Clone)]
struct Attached {
    found: Found,
    command: Vec<String>,
    removes: bool,
    mode: Mode,
    is_removed: Option<i32>,
}

impl Job for Attached {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let name = self.found.name().to_owned();
        let namespace = self.found.namespace().to_owned();
        if let Some(status) = self.is_removed {
            return (!super::delete::is_there(&self.found, world)).then_some(status);
        }
        let object = world.get(&self.found.resource, &namespace, &name).ok()?;
        let phase = object.at("status").text("phase");
        if !matches!(phase, "Running" | "Succeeded" | "Failed") {
            return None;
        }
        let pod = (namespace.as_str(), name.as_str());
        let status = match self.command.is_empty() {
            true => {
                out.error("All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.");
                0
            }
            false => at_once(world, pod, &name, &self.command, None, out).unwrap_or(1),
        };
        if !self.removes {
            return Some(status);
        }
        let change =
            Change::Delete { grace_period_seconds: Some(0), propagation: "Background".into() };
        let mut context = Context::later(world, out);
        if self.mode.change(&self.found, change, &mut context).is_ok() {
            out.line(&format!("pod \"{name}\" deleted from {namespace} namespace"));
        }
        self.is_removed = Some(status);
        (!super::delete::is_there(&self.found, world)).then_some(status)
    }
}
