//! `kubectl create job`, `cronjob`, `priorityclass`, `ingress`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/create/create_job.go`, create_cronjob.go,
//! create_priorityclass.go, create_ingress.go.

use super::flags::Args;
use super::ground::Context;
use super::select::{self, Target};
use crate::api::Tree;
use crate::client::Failure;
use serde_json::{Value, json};

/// The Job that a command line describes: of an image, or as a CronJob would make it.
///
/// # Errors
/// Neither image nor CronJob, both, or an object of another kind.
pub fn job(args: &Args, name: &str, context: &mut Context) -> Result<Value, Failure> {
    let given = |flag: &str| args.text(flag).filter(|text| !text.is_empty());
    let (image, from) = match (given("image"), given("from")) {
        (Some(image), None) => (image, None),
        (None, Some(from)) => ("", Some(from)),
        _ => return Err(Failure::error("either --image or --from must be specified")),
    };
    let mut job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}});
    let Some(from) = from else {
        job.put("spec", json!({"template": template(args, name, image, "Never")}));
        return Ok(job);
    };
    if !command(args).is_empty() {
        return Err(Failure::error("cannot specify --from and command"));
    }
    let targets = select::targets(&[from.to_owned()], context.world)?;
    let [Target::One(resource, own)] = targets.as_slice() else {
        return Err(Failure::error("from must be an existing cronjob"));
    };
    let object = context.world.get(resource, select::namespace(args), own)?;
    if resource.kind != "CronJob" {
        let (version, kind) = (resource.version(), resource.kind);
        return Err(Failure::error(format!("unknown object type *{version}.{kind}")));
    }
    let template = object.at("spec").at("jobTemplate");
    let meta = job.open("metadata");
    let mut annotations = json!({"cronjob.kubernetes.io/instantiate": "manual"});
    for (key, value) in template.at("metadata").members("annotations") {
        annotations.put(key, value.clone());
    }
    meta.put("annotations", annotations);
    if let Some(labels) = template.at("metadata").set("labels") {
        meta.put("labels", labels.clone());
    }
    let owner = object.at("metadata");
    let owner = json!({
        "apiVersion": "batch/v1", "controller": true, "kind": "CronJob",
        "name": owner.at("name"), "uid": owner.at("uid"),
    });
    meta.put("ownerReferences", vec![owner]);
    job.put("spec", template.at("spec").clone());
    Ok(job)
}

/// The CronJob that a command line describes.
pub fn cron_job(args: &Args, name: &str) -> Value {
    let text = |flag: &str| args.text(flag).unwrap_or_default();
    let restart = args.text("restart").filter(|text| !text.is_empty()).unwrap_or("OnFailure");
    let template = template(args, name, text("image"), restart);
    json!({
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": name},
        "spec": {
            "jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}},
            "schedule": text("schedule"),
        },
    })
}

/// What stands behind `--`.
fn command(args: &Args) -> &[String] {
    let from = args.dash.map_or(1, |dash| dash.max(1));
    args.words.get(from..).unwrap_or_default()
}

fn template(args: &Args, name: &str, image: &str, restart: &str) -> Value {
    let mut container = json!({"image": image, "name": name});
    let command = command(args);
    if !command.is_empty() {
        container.put("command", command.to_vec());
    }
    json!({"spec": {"containers": [container], "restartPolicy": restart}})
}

/// The PriorityClass that a command line describes.
pub fn priority_class(args: &Args, name: &str) -> Value {
    let policy = args.text("preemption-policy").unwrap_or("PreemptLowerPriority");
    let mut class = json!({
        "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name},
        "preemptionPolicy": policy, "value": args.number("value").unwrap_or(0),
    });
    if args.flag("global-default") {
        class.put("globalDefault", true);
    }
    if let Some(text) = args.text("description").filter(|text| !text.is_empty()) {
        class.put("description", text);
    }
    class
}

/// The Ingress that a command line describes.
///
/// # Errors
/// Neither a rule nor a default, or one that cannot be read.
pub fn ingress(args: &Args, name: &str) -> Result<Value, Failure> {
    let rules: Vec<&str> = args.texts("rule").collect();
    let default = args.text("default-backend").filter(|text| !text.is_empty());
    if rules.is_empty() && default.is_none() {
        let text = "not enough information provided: every ingress has to either specify a \
                    default-backend (which catches all traffic) or a list of rules (which catch \
                    specific paths)";
        return Err(Failure::error(text));
    }
    let (mut hosts, mut tls): (Vec<(String, Vec<Value>)>, Vec<Value>) = (Vec::new(), Vec::new());
    for text in rules {
        let rule = Rule::read(text).ok_or_else(|| {
            Failure::error(format!(
                "rule {text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]"
            ))
        })?;
        let path = rule.path();
        match hosts.iter_mut().find(|(host, _)| host == rule.host) {
            Some((_, paths)) => paths.push(path),
            None => hosts.push((rule.host.into(), vec![path])),
        }
        if let Some(secret) = rule.tls {
            let mut entry = json!({"hosts": [rule.host]});
            if !secret.is_empty() {
                entry.put("secretName", secret);
            }
            tls.push(entry);
        }
    }
    let mut spec = json!({});
    if let Some(text) = default {
        let Some((service, port)) = text.split_once(':') else {
            return Err(Failure::error(
                "default-backend should be in format servicename:serviceport",
            ));
        };
        spec.put("defaultBackend", backend(service, port));
    }
    if let Some(class) = args.text("class").filter(|text| !text.is_empty()) {
        spec.put("ingressClassName", class);
    }
    let rule = |(host, paths): (String, Vec<Value>)| match host.is_empty() {
        true => json!({"http": {"paths": paths}}),
        false => json!({"host": host, "http": {"paths": paths}}),
    };
    if !hosts.is_empty() {
        spec.put("rules", hosts.into_iter().map(rule).collect::<Vec<_>>());
    }
    if !tls.is_empty() {
        spec.put("tls", tls);
    }
    let mut object = json!({
        "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": name},
        "spec": spec,
    });
    let pairs = args.texts("annotation").filter_map(|pair| pair.split_once('='));
    for (key, value) in pairs {
        object.open("metadata").open("annotations").put(key, value);
    }
    Ok(object)
}

/// A rule such as `host/path*=service:port,tls=secret`.
struct Rule<'a> {
    host: &'a str,
    path: &'a str,
    service: &'a str,
    port: &'a str,
    /// The name of a Secret, which may be empty, if the host is served by TLS.
    tls: Option<&'a str>,
}

impl<'a> Rule<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (place, rest) = text.split_once('=')?;
        let at = place.find('/')?;
        let (target, tls) = match rest.split_once(',') {
            Some((target, tls)) => {
                let secret = tls.strip_prefix("tls")?;
                (target, Some(secret.strip_prefix('=').unwrap_or(secret)))
            }
            None => (rest, None),
        };
        let (service, port) = target.split_once(':')?;
        let is_word = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        };
        let (host, path) = place.split_at(at);
        let is_whole = is_word(service) && is_word(port);
        is_whole.then_some(Self { host, path, service, port, tls })
    }

    /// A path that ends with a star is a prefix.
    fn path(&self) -> Value {
        let (path, kind) = match self.path.strip_suffix('*') {
            Some(prefix) => (prefix, "Prefix"),
            None => (self.path, "Exact"),
        };
        json!({"backend": backend(self.service, self.port), "path": path, "pathType": kind})
    }
}

fn backend(service: &str, port: &str) -> Value {
    let port = match port.parse::<u16>() {
        Ok(number) => json!({"number": number}),
        Err(_) => json!({"name": port}),
    };
    json!({"service": {"name": service, "port": port}})
}
