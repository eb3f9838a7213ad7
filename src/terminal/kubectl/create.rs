//! `kubectl create` and `kubectl replace`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/create/`, `…/cmd/replace/replace.go`.

use super::apply::{self, annotated};
use super::delete;
use super::files;
use super::flags::Args;
use super::resources::Resource;
use super::select::{self, Found};
use super::send::{self, DryRun, Mode, Printer};
use super::{Context, Done, Failure, Progress};
use crate::api::{StatusReason, Tree};
use crate::terminal::world::Change;
use serde_json::{Map, Value, json};

/// Runs `create -f`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if !args.words.is_empty() {
        let text = format!("Unexpected args: [{}]", args.words.join(" "));
        return Err(Failure::usage("create", &text));
    }
    if !args.has("filename") {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    let mut failures = Vec::new();
    for document in files::documents(args, context)? {
        let done = apply::mapped(&document).and_then(|resource| {
            let namespace = namespace_of(args, &document.object);
            let object = match args.flag("save-config") {
                true => annotated(&document.object, &resource, namespace),
                false => document.object.clone(),
            };
            let doing = format!("error when creating \"{}\"", document.file);
            create(mode, (&resource, namespace), object, Some(&doing), &mut printer, context)
        });
        if let Err(failure) = done {
            send::tell(std::slice::from_ref(&failure), context);
            failures.push(failure);
        }
    }
    printer.finish(context)?;
    Ok(Progress::Done(i32::from(!failures.is_empty())))
}

fn namespace_of<'a>(args: &'a Args, object: &'a Value) -> &'a str {
    object.at("metadata").opt_text("namespace").unwrap_or_else(|| select::namespace(args))
}

fn create(
    mode: Mode,
    (resource, namespace): (&Resource, &str),
    object: Value,
    doing: Option<&str>,
    printer: &mut Printer,
    context: &mut Context,
) -> Result<(), Failure> {
    let name = object.at("metadata").text("name").to_owned();
    let object = if mode.dry_run == DryRun::Client {
        object
    } else {
        let sent = mode.send(resource, (namespace, &name), Change::Create(object), context);
        sent.map_err(|status| match doing {
            Some(doing) => send::while_doing(status, doing),
            None => status.into(),
        })?
        .object
    };
    let name = object.at("metadata").text("name");
    printer.done(&resource.object(name), "created", &object, context);
    Ok(())
}

/// Runs `create namespace`, `create configmap` and their siblings.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn generate(args: &Args, context: &mut Context) -> Done {
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    let verb = args.verb.words();
    let Some(name) = args.words.first().filter(|_| args.words.len() == 1) else {
        let text = match args.words.len() {
            0 => "exactly one NAME is required, got 0".to_owned(),
            count => format!("exactly one NAME is required, got {count}"),
        };
        return Err(Failure::usage(&verb, &text));
    };
    let object = match args.verb.path() {
        "create_namespace" => json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name},
        }),
        "create_configmap" => config_map(args, name, context)?,
        "create_secret_generic" => secret(args, name, context)?,
        "create_deployment" => deployment(args, name)?,
        "create_service_clusterip" => service(args, name)?,
        _ => budget(args, name)?,
    };
    let Some(resource) = Resource::of(&object) else { return Err(Failure::Told) };
    let namespace = select::namespace(args);
    let mut object = object;
    if resource.is_namespaced {
        object.open("metadata").put("namespace", namespace);
    }
    let doing = format!("failed to create {}", resource.singular());
    create(mode, (&resource, namespace), object, Some(&doing), &mut printer, context)?;
    printer.finish(context)?;
    Ok(Progress::Done(0))
}

/// The pairs of `--from-literal` and `--from-file`.
fn data(args: &Args, context: &Context) -> Result<Map<String, Value>, Failure> {
    let mut data = Map::new();
    for literal in args.texts("from-literal") {
        let Some((key, value)) = literal.split_once('=') else {
            return Err(Failure::error(format!(
                "invalid literal source {literal}, expected key=value"
            )));
        };
        let value = value.trim_matches(['"', '\'']);
        if data.insert(key.into(), value.into()).is_some() {
            return Err(Failure::error(format!(
                "cannot add key \"{key}\", another key by that name already exists in Data for \
                 ConfigMap \"{}\"",
                args.words.first().map(String::as_str).unwrap_or_default()
            )));
        }
    }
    for source in args.texts("from-file") {
        let (key, path) = match source.split_once('=') {
            Some((key, path)) => (key, path),
            None => (source.rsplit('/').next().unwrap_or(source), source),
        };
        let Some(text) = context.files.read(path) else {
            return Err(Failure::error(format!("error reading {path}: no such file or directory")));
        };
        data.insert(key.into(), text.into());
    }
    Ok(data)
}

fn config_map(args: &Args, name: &str, context: &Context) -> Result<Value, Failure> {
    let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
    let data = data(args, context)?;
    if !data.is_empty() {
        object.put("data", data);
    }
    Ok(object)
}

fn secret(args: &Args, name: &str, context: &Context) -> Result<Value, Failure> {
    use base64::Engine;
    let encoded = |value: &Value| {
        let text = value.as_str().unwrap_or_default();
        base64::engine::general_purpose::STANDARD.encode(text)
    };
    let data: Map<String, Value> =
        data(args, context)?.iter().map(|(key, it)| (key.clone(), encoded(it).into())).collect();
    let mut object = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": name},
        "type": args.text("type").unwrap_or("Opaque"),
    });
    if !data.is_empty() {
        object.put("data", data);
    }
    Ok(object)
}

fn deployment(args: &Args, name: &str) -> Result<Value, Failure> {
    let Some(image) = args.text("image") else {
        return Err(Failure::error("required flag(s) \"image\" not set"));
    };
    let own = image.rsplit('/').next().unwrap_or(image);
    let own = own.split([':', '@']).next().unwrap_or(own);
    let mut container = json!({"name": own, "image": image});
    if let Some(port) = args.number("port") {
        container.put("ports", json!([{"containerPort": port}]));
    }
    Ok(json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "replicas": args.number("replicas").unwrap_or(1),
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [container]},
            },
        },
    }))
}

fn service(args: &Args, name: &str) -> Result<Value, Failure> {
    let mut ports = Vec::new();
    for pair in args.texts("tcp") {
        let (port, target) = pair.split_once(':').unwrap_or((pair, pair));
        let number = |text: &str| {
            text.parse::<i64>().map_err(|_| {
                Failure::error(format!("strconv.ParseInt: parsing \"{text}\": invalid syntax"))
            })
        };
        let target = number(target).map_or_else(|_| Value::from(target), Value::from);
        let named = pair.replace(':', "-");
        ports.push(json!({
            "name": named, "port": number(port)?, "protocol": "TCP", "targetPort": target,
        }));
    }
    let mut spec = json!({"selector": {"app": name}, "type": "ClusterIP"});
    if let Some(address) = args.text("clusterip") {
        spec.put("clusterIP", address);
    } else if ports.is_empty() {
        return Err(Failure::error("at least one tcp port specifier must be provided"));
    }
    if !ports.is_empty() {
        spec.put("ports", ports);
    }
    Ok(json!({
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": spec,
    }))
}

fn budget(args: &Args, name: &str) -> Result<Value, Failure> {
    let Some(selector) = args.text("selector") else {
        return Err(Failure::error("a selector must be specified"));
    };
    let amount = |text: &str| text.parse::<i64>().map_or_else(|_| text.into(), Value::from);
    let mut spec = Value::Object(Map::new());
    let (min, max) = (args.text("min-available"), args.text("max-unavailable"));
    match (min, max) {
        (Some(min), None) => spec.put("minAvailable", amount(min)),
        (None, Some(max)) => spec.put("maxUnavailable", amount(max)),
        (None, None) => {
            return Err(Failure::error(
                "one of min-available or max-unavailable must be specified",
            ));
        }
        _ => {
            return Err(Failure::error(
                "min-available and max-unavailable cannot be both specified",
            ));
        }
    }
    for pair in selector.split(',') {
        if let Some((key, value)) = pair.split_once('=') {
            let value = value.trim_start_matches('=');
            spec.open("selector").open("matchLabels").put(key, value);
        }
    }
    Ok(json!({
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": {"name": name}, "spec": spec,
    }))
}

/// Runs `replace`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn replace(args: &Args, context: &mut Context) -> Done {
    if !args.has("filename") {
        return Err(Failure::error("must specify one of -f and -k"));
    }
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    let documents = files::documents(args, context)?;
    if args.flag("force") {
        return force(args, mode, &documents, context);
    }
    let mut failures = Vec::new();
    for document in &documents {
        let done = apply::mapped(document).and_then(|resource| {
            let namespace = namespace_of(args, &document.object);
            let name = document.object.at("metadata").text("name");
            let doing = format!("error when replacing \"{}\"", document.file);
            let live = context
                .world
                .get(&resource, namespace, name)
                .map_err(|status| send::while_doing(status, &doing))?;
            let mut object = document.object.clone();
            if apply::last_applied(&live).is_some() || args.flag("save-config") {
                object = annotated(&object, &resource, namespace);
            } else if resource.is_namespaced {
                object.open("metadata").put("namespace", namespace);
            }
            let sent = mode.send(&resource, (namespace, name), Change::Replace(object), context);
            let reply = sent.map_err(|status| send::while_doing(status, &doing))?;
            printer.done(&resource.object(name), "replaced", &reply.object, context);
            Ok(())
        });
        if let Err(failure) = done {
            send::tell(std::slice::from_ref(&failure), context);
            failures.push(failure);
        }
    }
    printer.finish(context)?;
    Ok(Progress::Done(i32::from(!failures.is_empty())))
}

/// `replace --force`: the objects are deleted and, when they are gone, created again.
fn force(args: &Args, mode: Mode, documents: &[files::Document], context: &mut Context) -> Done {
    let mut gone = Vec::new();
    let mut created = Vec::new();
    for document in documents {
        let resource = apply::mapped(document)?;
        let namespace = namespace_of(args, &document.object);
        let name = document.object.at("metadata").text("name");
        match context.world.get(&resource, namespace, name) {
            Ok(object) => {
                let found = Found { resource, object };
                delete::request(mode, &found, (None, "Background"), context)?;
                context.out.line(&delete::line(&found, "deleted"));
                gone.push(found);
            }
            Err(status) if status.reason == StatusReason::NotFound => {}
            Err(status) => return Err(status.into()),
        }
        created.push((resource, namespace.to_owned(), document.object.clone()));
    }
    let job =
        delete::Wait::new(gone, None, context.world.now()).then(Box::new(move |world, out| {
            let mut failed = false;
            for (resource, namespace, object) in &created {
                let name = object.at("metadata").text("name");
                let mut context = Context { world, files: &super::NoFiles, stdin: None, out };
                let sent = mode.send(
                    resource,
                    (namespace, name),
                    Change::Create(object.clone()),
                    &mut context,
                );
                match sent {
                    Ok(_) => out.line(&format!("{} replaced", resource.object(name))),
                    Err(status) => {
                        out.error(&status.kubectl());
                        failed = true;
                    }
                }
            }
            i32::from(failed)
        }));
    Ok(super::start(job, context))
}
