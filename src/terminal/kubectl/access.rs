//! `kubectl exec`, `attach`, `cp`: what works inside of a container.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/{exec,attach,cp}/`,
//! `…/cmd/util/podcmd/podcmd.go`.

use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found};
use super::selector;
use crate::api::Resource;
use crate::api::{Status, Tree};
use crate::client::Failure;
use crate::terminal::busybox::{self, interactive::Shell};
use crate::terminal::job::{self, Job, Progress};
use crate::terminal::keyboard::Keyboard;
use crate::terminal::output::Output;
use crate::terminal::world::World;
use serde_json::Value;

const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";

/// The names of a pod's containers as messages list them.
pub fn container_names(pod: &Value) -> (Vec<String>, String) {
    let spec = pod.at("spec");
    let of = |field: &str| -> Vec<String> {
        spec.items(field).iter().map(|each| each.text("name").to_owned()).collect()
    };
    let (own, init, ephemeral) =
        (of("containers"), of("initContainers"), of("ephemeralContainers"));
    let shown: Vec<String> = own
        .iter()
        .cloned()
        .chain(ephemeral.iter().map(|name| format!("{name} (ephem)")))
        .chain(init.iter().map(|name| format!("{name} (init)")))
        .collect();
    let all = own.into_iter().chain(ephemeral).chain(init).collect();
    (all, shown.join(", "))
}

/// The container that a command is about: the one it names, the one that the pod names, or the first.
pub fn container(
    args: &Args,
    pod: &Value,
    quiet: bool,
    out: &mut Output,
) -> Result<String, Failure> {
    let (names, shown) = container_names(pod);
    let pod_name = pod.at("metadata").text("name");
    if let Some(name) = args.text("container").filter(|name| !name.is_empty()) {
        if names.iter().any(|own| own == name) {
            return Ok(name.to_owned());
        }
        return Err(Failure::error(format!(
            "container {name} is not valid for pod {pod_name} out of: {shown}"
        )));
    }
    let annotations = pod.at("metadata").at("annotations");
    if let Some(name) = annotations.opt_text(DEFAULT_CONTAINER)
        && names.iter().any(|own| own == name)
    {
        return Ok(name.to_owned());
    }
    let Some(first) = names.first() else {
        return Err(Failure::error(format!("no container found in pod {pod_name}")));
    };
    if names.len() > 1 && !quiet {
        out.error(&format!("Defaulted container \"{first}\" out of: {shown}"));
    }
    Ok(first.clone())
}

/// The pod that `pod`, `pod/name` or `type/name` means: of a workload, its first pod by name.
pub fn pod_of(args: &Args, word: &str, context: &mut Context) -> Result<Found, Failure> {
    let Some(pods) = Resource::named("pods") else { return Err(Failure::Told) };
    let namespace = select::namespace(args);
    let (resource, name) = match word.split_once('/') {
        Some((kind, name)) => (select::resource(kind, context.world)?, name),
        None => (pods, word),
    };
    let object = context.world.get(&resource, namespace, name)?;
    if resource == pods {
        return Ok(Found { resource, object });
    }
    let spec = object.at("spec");
    let doing = match args.verb.path() {
        "logs" => "get the logs from",
        _ => "attach to",
    };
    let refused =
        |why: String| Err(Failure::error(format!("cannot {doing} *v1.{}: {why}", resource.kind)));
    let labels = match resource.name {
        "services" if spec.members("selector").next().is_none() => {
            let why = "Service is defined without a selector";
            return refused(format!("invalid service '{name}': {why}"));
        }
        "services" => spec.at("selector"),
        _ if spec.set("selector").is_none() => {
            return refused(format!("selector for *v1.{} not implemented", resource.kind));
        }
        _ => spec.at("selector").at("matchLabels"),
    };
    if labels.as_object().is_none_or(serde_json::Map::is_empty) {
        return Err(unselected(args, &resource, name));
    }
    let text = crate::print::labels(labels);
    let Ok(chosen) = selector::Labels::parse(&text) else { return Err(Failure::Told) };
    let own = context
        .world
        .list(&pods)
        .into_iter()
        .find(|pod| pod.at("metadata").text("namespace") == namespace && chosen.matches(pod));
    match own {
        Some(object) => Ok(Found { resource: pods, object }),
        None => Err(Failure::error(format!(
            "cannot attach to *v1.{}: selector ({text})",
            resource.kind
        ))),
    }
}

/// Why an object has no pods that could be meant.
///
/// Upstream: `polymorphichelpers/{attachablepodforobject,logsforobject,helpers}.go`.
fn unselected(args: &Args, resource: &Resource, name: &str) -> Failure {
    let what = if args.verb.path() == "logs" { "get the logs from" } else { "attach to" };
    let kind = resource.kind;
    let why = match resource.name {
        "services" => format!("invalid service '{name}': Service is defined without a selector"),
        _ => format!("selector for *v1.{kind} not implemented"),
    };
    Failure::error(format!("cannot {what} *v1.{kind}: {why}"))
}

/// Runs `exec`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn exec(args: &Args, context: &mut Context) -> Done {
    let Some(word) = args.words.first().filter(|_| args.dash != Some(0)) else {
        return Err(Failure::error("pod, type/name or --filename must be specified"));
    };
    let command = &args.words[1..];
    if !command.is_empty() && args.dash.is_none() {
        let text =
            "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead";
        return Err(Failure::usage("exec", text));
    }
    if command.is_empty() {
        return Err(Failure::error("you must specify at least one command for the container"));
    }
    let is_shell = matches!(command, [program] if ["sh", "bash", "/bin/sh", "/bin/bash", "ash"].contains(&program.as_str()));
    let found = pod_of(args, word, context)?;
    let phase = found.object.at("status").text("phase");
    if matches!(phase, "Succeeded" | "Failed") {
        return Err(Failure::error(format!(
            "cannot exec into a container in a completed pod; current phase is {phase}"
        )));
    }
    let container = container(args, &found.object, args.flag("quiet"), context.out)?;
    if found.object.at("spec").text("nodeName").is_empty() {
        return Err(not_running(&found, &container, false));
    }
    let keyboard = context.files.keyboard().filter(|_| context.stdin.is_none());
    if let (true, true, Some(keyboard)) = (is_shell, args.flag("stdin"), keyboard) {
        let pod = (found.namespace().to_owned(), found.name().to_owned());
        let shell =
            context.world.container((&pod.0, &pod.1), &container).map(|own| Shell::new(&*own));
        let Some(shell) = shell else { return Err(not_running(&found, &container, true)) };
        keyboard.attach(&shell.prompt());
        let attached = Attached { pod, container, shell, keyboard };
        return Ok(job::start(attached, context.world, context.out));
    }
    let stdin = context.stdin.map(str::to_owned);
    let job = Exec::start(&found, &container, command, stdin, context.world);
    match job {
        Some(Ok(job)) => Ok(job::start(job, context.world, context.out)),
        Some(Err(failure)) => Err(failure),
        None => Err(not_running(&found, &container, true)),
    }
}

/// A shell in a container into which the person types.
#[derive(Clone)]
struct Attached {
    pod: (String, String),
    container: String,
    shell: Shell,
    keyboard: Keyboard,
}

impl Job for Attached {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let Some(mut own) = world.container((&self.pod.0, &self.pod.1), &self.container) else {
            self.keyboard.detach();
            out.error("command terminated with exit code 137");
            return Some(137);
        };
        self.shell.poll(&mut *own, out);
        while !self.shell.is_busy() && self.shell.ended().is_none() {
            let Some(line) = self.keyboard.line() else { break };
            self.shell.submit(&line, &mut *own, out);
        }
        drop(own);
        let Some(status) = self.shell.ended() else {
            self.keyboard.attach(&self.shell.prompt());
            return None;
        };
        self.keyboard.detach();
        if status != 0 {
            out.error(&format!("command terminated with exit code {status}"));
        }
        Some(status)
    }
}

/// A program that runs in a container.
#[derive(Clone)]
struct Exec {
    pod: (String, String),
    container: String,
    run: busybox::Run,
}

impl Exec {
    /// Starts a program; none if the container does not run.
    fn start(
        found: &Found,
        container: &str,
        command: &[String],
        stdin: Option<String>,
        world: &mut dyn World,
    ) -> Option<Result<Self, Failure>> {
        let pod = (found.namespace().to_owned(), found.name().to_owned());
        let own = world.container((&pod.0, &pod.1), container)?;
        let program = command.first().map(String::as_str).unwrap_or_default();
        if !busybox::is_known(program) {
            let text = format!(
                "Internal error occurred: Internal error occurred: error executing command in \
                 container: failed to exec in container: failed to start exec: OCI runtime exec \
                 failed: exec failed: unable to start container process: exec: \"{program}\": \
                 executable file not found in $PATH"
            );
            return Some(Err(Failure::error(text)));
        }
        let run = busybox::start(command, stdin, &*own);
        drop(own);
        Some(Ok(Self { pod, container: container.into(), run }))
    }
}

impl Job for Exec {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let status = match world.container((&self.pod.0, &self.pod.1), &self.container) {
            Some(mut own) => self.run.poll(&mut *own, out)?,
            None => 137,
        };
        if status != 0 {
            out.error(&format!("command terminated with exit code {status}"));
        }
        Some(status)
    }
}

/// What a command that does not wait gives: its status; none if the container does not run.
pub fn at_once(
    world: &mut dyn World,
    (namespace, pod): (&str, &str),
    container: &str,
    command: &[String],
    stdin: Option<&str>,
    out: &mut Output,
) -> Option<i32> {
    let mut own = world.container((namespace, pod), container)?;
    let mut run = busybox::start(command, stdin.map(str::to_owned), &*own);
    Some(run.poll(&mut *own, out).unwrap_or(1))
}

fn not_running(found: &Found, container: &str, has_node: bool) -> Failure {
    let name = found.name();
    if !has_node {
        let message = format!("pod {name} does not have a host assigned");
        return Failure::Server(Status::bad_request("", "", message));
    }
    Failure::error(format!(
        "Internal error occurred: unable to upgrade connection: container not found (\"{container}\")"
    ))
}

/// Runs `attach`: nothing here reads from a terminal.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn attach(args: &Args, context: &mut Context) -> Done {
    let Some(word) = args.words.first() else {
        return Err(Failure::error("at least 1 argument is required for attach"));
    };
    let found = pod_of(args, word, context)?;
    let phase = found.object.at("status").text("phase");
    if matches!(phase, "Succeeded" | "Failed") {
        return Err(Failure::error(format!(
            "cannot attach a container in a completed pod; current phase is {phase}"
        )));
    }
    let chosen = container(args, &found.object, args.flag("quiet"), context.out);
    chosen.map_err(|failure| match failure {
        Failure::Error(why) => Failure::error(format!("cannot attach to the container: {why}")),
        other => other,
    })?;
    Err(Failure::error("Unable to use a TTY - input is not a terminal or the right kind of file"))
}

/// Runs `cp` between the workspace and a container.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn cp(args: &Args, context: &mut Context) -> Done {
    let [from, to] = args.words.as_slice() else {
        return Err(Failure::error("source and destination are required"));
    };
    if from.contains(':') && to.contains(':') {
        return Err(Failure::error("one of src or dest must be a local file specification"));
    }
    let remote = from.split_once(':').or_else(|| to.split_once(':'));
    let Some((pod, path)) = remote else {
        return Err(Failure::error("one of src or dest must be a remote file specification"));
    };
    if path.is_empty() {
        return Err(Failure::error("filepath can not be empty"));
    }
    if pod.is_empty() || pod.split('/').count() > 2 {
        return Err(Failure::error(
            "filespec must match the canonical format: [[namespace/]pod:]file/path",
        ));
    }
    let pod = pod.rsplit('/').next().unwrap_or(pod);
    let found = pod_of(args, pod, context)?;
    let container = container(args, &found.object, false, context.out)?;
    let target = (found.namespace(), found.name());
    if from.contains(':') {
        let mut out = Output::default();
        let command = ["cat".to_owned(), path.to_owned()];
        let status = at_once(context.world, target, &container, &command, None, &mut out);
        return match status {
            Some(0) => {
                let text = out.text();
                match context.files.write(to, &text) {
                    Ok(()) => Ok(Progress::Done(0)),
                    Err(why) => Err(Failure::error(why)),
                }
            }
            _ => {
                Err(Failure::error(format!("tar: {path}: Cannot stat: No such file or directory")))
            }
        };
    }
    let Some(text) = context.files.read(from) else {
        return Err(Failure::error(format!("{from} doesn't exist in local filesystem")));
    };
    let command = ["sh".to_owned(), "-c".to_owned(), format!("cat > {path}")];
    let mut out = Output::default();
    match at_once(context.world, target, &container, &command, Some(&text), &mut out) {
        Some(0) => Ok(Progress::Done(0)),
        Some(_) => Err(Failure::error(out.text().trim_end())),
        None => Err(not_running(&found, &container, true)),
    }
}
