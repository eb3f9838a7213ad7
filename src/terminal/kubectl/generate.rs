//! `kubectl create namespace`, `create configmap` and their siblings.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/create/`.

use super::flags::Args;
use super::ground::{Context, Done};
use super::select;
use super::selector::Labels;
use super::send::{DryRun, Mode, Printer};
use super::{generate_data, generate_rbac, generate_work};
use crate::api::Resource;
use crate::api::{Status, Tree, quantity};
use crate::client::Failure;
use crate::terminal::job::Progress;
use crate::terminal::world::Change;
use serde_json::{Map, Value, json};

/// Runs a verb below `create`.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    let path = args.verb.path();
    let required: &[&str] = match path {
        "create_deployment" => &["image"],
        "create_cronjob" => &["image", "schedule"],
        "create_clusterrolebinding" => &["clusterrole"],
        "create_service_externalname" => &["external-name"],
        _ => &[],
    };
    let absent = required.iter().filter(|flag| !args.has(flag));
    let absent: Vec<String> = absent.map(|flag| format!("\"{flag}\"")).collect();
    if !absent.is_empty() {
        return Err(Failure::error(format!("required flag(s) {} not set", absent.join(", "))));
    }
    let mode = Mode::of(args, context)?;
    let mut printer = Printer::of(args, mode, context)?;
    let words = &args.words[..args.dash.unwrap_or(args.words.len())];
    // The command of a job may stand without `--` before it.
    let words = if path.ends_with("job") { words.get(..1).unwrap_or_default() } else { words };
    let [name] = words else {
        let text = format!("exactly one NAME is required, got {}", words.len());
        return Err(Failure::usage(&args.verb.words(), &text));
    };
    let object = match path {
        "create_namespace" => json!({
            "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name},
        }),
        "create_configmap" => generate_data::config_map(args, name, context)?,
        "create_secret_generic" => generate_data::secret(args, name, context)?,
        "create_secret_tls" => generate_data::tls(args, name, context)?,
        "create_secret_docker-registry" => generate_data::registry(args, name, context)?,
        "create_job" => generate_work::job(args, name, context)?,
        "create_cronjob" => generate_work::cron_job(args, name),
        "create_priorityclass" => generate_work::priority_class(args, name),
        "create_ingress" => generate_work::ingress(args, name)?,
        "create_role" => generate_rbac::role(args, name, false, context)?,
        "create_clusterrole" => generate_rbac::role(args, name, true, context)?,
        "create_rolebinding" => generate_rbac::binding(args, name, false)?,
        "create_clusterrolebinding" => generate_rbac::binding(args, name, true)?,
        "create_deployment" => deployment(args, name)?,
        "create_service_clusterip" => service(args, name, "ClusterIP")?,
        "create_service_nodeport" => service(args, name, "NodePort")?,
        "create_service_loadbalancer" => service(args, name, "LoadBalancer")?,
        "create_service_externalname" => service(args, name, "ExternalName")?,
        "create_serviceaccount" => json!({
            "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name},
        }),
        "create_quota" => quota(args, name)?,
        "create_poddisruptionbudget" => budget(args, name)?,
        _ => {
            let words = args.verb.words();
            return Err(Failure::error(format!("kubectl {words} is not part of this page")));
        }
    };
    let Some(resource) = Resource::of(&object) else { return Err(Failure::Told) };
    let object = created(args, mode, &resource, object, context)?;
    printer.done(&resource.object(name), "created", &object, context);
    printer.finish(context)?;
    Ok(Progress::Done(0))
}

/// The object as the server stores it, or as kubectl would send it.
fn created(
    args: &Args,
    mode: Mode,
    resource: &Resource,
    mut object: Value,
    context: &mut Context,
) -> Result<Value, Failure> {
    let namespace = select::namespace(args);
    if mode.dry_run == DryRun::Client {
        place(args, &mut object);
        let is_generic = args.verb.path() == "create_secret_generic";
        if is_generic && !args.has("type") {
            object.drop_field("type");
        }
        return Ok(with_empty_fields(object));
    }
    if resource.is_namespaced {
        object.open("metadata").put("namespace", namespace);
    }
    let name = object.at("metadata").text("name").to_owned();
    let sent = mode.send(resource, (namespace, &name), Change::Create(object), context);
    sent.map(|reply| reply.object).map_err(|status| refusal(args, resource, status))
}

/// Puts an object that is only printed into the namespace that a command line names, if it does.
pub fn place(args: &Args, object: &mut Value) {
    match args.text("namespace").filter(|name| !name.is_empty()) {
        Some(namespace) if object["kind"] != "Namespace" => {
            object.open("metadata").put("namespace", namespace);
        }
        _ => {
            object.open("metadata").drop_field("namespace");
        }
    }
}

/// An object with the fields that Go prints although they are empty.
pub fn with_empty_fields(mut object: Value) -> Value {
    match object.text("kind") {
        "Namespace" => {
            object.fill("spec", json!({}));
            object.fill("status", json!({}));
        }
        "Service" => object.fill("status", json!({"loadBalancer": {}})),
        "ResourceQuota" => object.fill("status", json!({})),
        "PodDisruptionBudget" => object.fill(
            "status",
            json!({
                "currentHealthy": 0, "desiredHealthy": 0, "disruptionsAllowed": 0,
                "expectedPods": 0,
            }),
        ),
        "HorizontalPodAutoscaler" => {
            object.fill("status", json!({"currentMetrics": null, "desiredReplicas": 0}));
        }
        "Pod" => {
            let spec = object.open("spec");
            spec.fill("dnsPolicy", "ClusterFirst");
            with_resources(spec);
            object.fill("status", json!({}));
        }
        "Job" => {
            let template = object.open("spec").open("template");
            template.open("metadata");
            with_resources(template.open("spec"));
            object.fill("status", json!({}));
        }
        "CronJob" => {
            let template = object.open("spec").open("jobTemplate").open("spec").open("template");
            template.open("metadata");
            with_resources(template.open("spec"));
            object.fill("status", json!({}));
        }
        "Ingress" => object.fill("status", json!({"loadBalancer": {}})),
        "Deployment" => {
            let spec = object.open("spec");
            spec.fill("strategy", json!({}));
            with_resources(spec.open("template").open("spec"));
            object.fill("status", json!({}));
        }
        _ => {}
    }
    object
}

fn with_resources(spec: &mut Value) {
    spec.items_mut("containers").iter_mut().for_each(|it| it.fill("resources", json!({})));
}

/// A refusal in the words of the subcommand.
fn refusal(args: &Args, resource: &Resource, mut status: Status) -> Failure {
    let group = resource.group();
    let of_group = format!("{}.{group}", resource.kind);
    if !group.is_empty()
        && status.message.starts_with(resource.kind)
        && !status.message.starts_with(&of_group)
    {
        status.message.insert_str(resource.kind.len(), &format!(".{group}"));
    }
    let what = match resource.name {
        "configmaps" => "configmap:",
        "secrets" => "secret",
        "deployments" => "deployment:",
        "services" => match args.verb.path() {
            "create_service_nodeport" => "NodePort service:",
            "create_service_loadbalancer" => "LoadBalancer service:",
            "create_service_externalname" => "ExternalName service:",
            _ => "ClusterIP service:",
        },
        "serviceaccounts" => "serviceaccount:",
        "resourcequotas" => "quota:",
        "poddisruptionbudgets" => "poddisruptionbudgets:",
        "jobs" => "job:",
        "cronjobs" => "cronjob:",
        "priorityclasses" => "priorityclass:",
        "ingresses" => "ingress:",
        "rolebindings" => "rolebinding:",
        "clusterrolebindings" => "clusterrolebinding:",
        _ => return status.into(),
    };
    Failure::error(format!("failed to create {what} {}", status.message))
}

fn deployment(args: &Args, name: &str) -> Result<Value, Failure> {
    let images: Vec<&str> = args.texts("image").collect();
    let command = &args.words[args.dash.unwrap_or(args.words.len())..];
    if images.len() > 1 && !command.is_empty() {
        return Err(Failure::error("cannot specify multiple --image options and command"));
    }
    let container = |image: &&str| {
        let own = image.rsplit('/').next().unwrap_or(image);
        let own = own.split([':', '@']).next().unwrap_or(own);
        let mut container = json!({"name": own, "image": image});
        if let Some(port) = args.number("port") {
            container.put("ports", json!([{"containerPort": port}]));
        }
        if !command.is_empty() {
            container.put("command", command.to_vec());
        }
        container
    };
    let containers: Vec<Value> = images.iter().map(container).collect();
    Ok(json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {
            "replicas": args.number("replicas").unwrap_or(1),
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": containers},
            },
        },
    }))
}

fn quota(args: &Args, name: &str) -> Result<Value, Failure> {
    let mut spec = json!({});
    for pair in args.texts("hard").flat_map(|pairs| pairs.split(',')) {
        let Some((resource, amount)) = pair.split_once('=') else {
            let text = format!("Invalid argument syntax {pair}, expected <resource>=<value>");
            return Err(Failure::error(text));
        };
        let amount = quantity::canonical(amount).map_err(|why| Failure::error(why.to_string()))?;
        spec.open("hard").put(resource, amount);
    }
    let scopes: Vec<&str> = args.texts("scopes").flat_map(|scopes| scopes.split(',')).collect();
    if !scopes.is_empty() {
        spec.put("scopes", scopes);
    }
    Ok(json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": name}, "spec": spec,
    }))
}

fn service(args: &Args, name: &str, kind: &str) -> Result<Value, Failure> {
    let mut ports = Vec::new();
    for pair in args.texts("tcp").flat_map(|pairs| pairs.split(',')) {
        let (port, target) = pair.split_once(':').unwrap_or((pair, pair));
        let port: i64 = port.parse().map_err(|_| {
            Failure::error(format!("strconv.ParseUint: parsing \"{port}\": invalid syntax"))
        })?;
        let target = target.parse::<i64>().map_or_else(|_| target.into(), Value::from);
        let is_outside = |number: i64| !(1..=65_535).contains(&number);
        if target.as_i64().is_some_and(is_outside) {
            return Err(Failure::error("must be between 1 and 65535, inclusive"));
        }
        let named = pair.replace(':', "-");
        ports.push(json!({
            "name": named, "port": port, "protocol": "TCP", "targetPort": target,
        }));
    }
    let mut spec = json!({"selector": {"app": name}, "type": kind});
    if let (Some(number), Some(port)) = (args.number("node-port"), ports.first_mut()) {
        port.put("nodePort", number);
    }
    if let Some(host) = args.text("external-name") {
        spec.put("externalName", host);
    } else if let Some(address) = args.text("clusterip") {
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
    for flag in ["min-available", "max-unavailable"] {
        let text = args.text(flag).unwrap_or("0");
        if !text.trim_end_matches('%').bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Failure::error(format!("invalid format specified for {flag}")));
        }
    }
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
    Labels::parse(selector).map_err(|why| {
        Failure::error(format!("couldn't parse the selector string \"{selector}\": {why}"))
    })?;
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
