//! `minikube service`: an address at which a Service of the cluster is reached.
//!
//! Upstream: `cmd/minikube/cmd/service.go`, `service_list.go`; `pkg/minikube/service/service.go`.

use super::{Context, Forever, first_address, table};
use crate::api::Resource;
use crate::api::Tree;
use crate::terminal::job::Progress;
use crate::terminal::network::{Forwarding, Target};
use serde_json::Value;

const HEAD: [&str; 4] = ["NAMESPACE", "NAME", "TARGET PORT", "URL"];
/// The column whose cells stand at the right.
const TARGET_PORT: usize = 2;

/// What a command line asks for.
struct Asked {
    names: Vec<String>,
    namespace: String,
    is_all: bool,
    /// Only the addresses: `--url`.
    is_url: bool,
}

impl Asked {
    fn read(words: &[String]) -> Self {
        let mut asked =
            Self { names: Vec::new(), namespace: "default".into(), is_all: false, is_url: false };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--all" => asked.is_all = true,
                "--url" | "--url=true" => asked.is_url = true,
                "-n" | "--namespace" => {
                    asked.namespace = words.next().cloned().unwrap_or_default();
                }
                _ => match word.strip_prefix("--namespace=").or(word.strip_prefix("-n=")) {
                    Some(namespace) => asked.namespace = namespace.into(),
                    None if word.starts_with('-') => {}
                    None => asked.names.push(word.clone()),
                },
            }
        }
        asked
    }
}

/// A Service with the addresses at its node ports.
struct Served {
    namespace: String,
    name: String,
    ports: Vec<i64>,
    /// What its ports are called, and the addresses.
    urls: Vec<(String, String)>,
    is_headless: bool,
}

impl Served {
    fn of(service: &Value, address: &str) -> Self {
        let (meta, spec) = (service.at("metadata"), service.at("spec"));
        let ports = spec.items("ports");
        let url = |port: &Value| {
            let node_port = port.opt_int("nodePort")?;
            let name = match port.text("name") {
                "" => port.int("port").to_string(),
                name => format!("{name}/{}", port.int("port")),
            };
            Some((name, format!("http://{address}:{node_port}")))
        };
        Self {
            namespace: meta.text("namespace").into(),
            name: meta.text("name").into(),
            ports: ports.iter().map(|port| port.int("port")).collect(),
            urls: ports.iter().filter_map(url).collect(),
            is_headless: spec.text("clusterIP") == "None",
        }
    }

    fn title(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// Its rows of the table, one for each address.
    fn rows(&self) -> Vec<Vec<String>> {
        let row = |port: &str, url: &str| {
            [&self.namespace, &self.name, port, url].map(str::to_owned).to_vec()
        };
        match self.urls.as_slice() {
            [] => vec![row("", "No node port")],
            urls => urls.iter().map(|(port, url)| row(port, url)).collect(),
        }
    }
}

/// Runs the command.
pub fn run(words: &[String], context: &mut Context) -> Progress {
    if words.first().is_some_and(|word| word == "list") {
        return list(context);
    }
    let asked = Asked::read(words);
    if asked.names.is_empty() != asked.is_all {
        context
            .out
            .error("\n❌  Exiting due to MK_USAGE: You must specify service name(s) or --all\n");
        return Progress::Done(14);
    }
    let in_namespace = |it: &Served| it.namespace == asked.namespace;
    let is_asked = |it: &Served| asked.is_all || asked.names.contains(&it.name);
    let all: Vec<Served> =
        services(context).into_iter().filter(|it| in_namespace(it) && is_asked(it)).collect();
    if all.is_empty() {
        return not_found(&asked, context);
    }
    if !asked.is_url {
        for service in &all {
            table::print(&HEAD, &service.rows(), &[TARGET_PORT], context.out);
        }
    }
    let (plain, served): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| it.urls.is_empty());
    for service in &served {
        open(service, &asked, context);
    }
    if plain.is_empty() {
        return Progress::Done(0);
    }
    tunnel(&plain, &asked, context)
}

/// Opens the first address of a Service with node ports.
fn open(service: &Served, asked: &Asked, context: &mut Context) {
    if asked.is_url {
        service.urls.iter().for_each(|(_, url)| context.out.line(url));
        return;
    }
    let title = service.title();
    context.out.line(&format!("🎉  Opening service {title} in default browser..."));
    if let Some((_, url)) = service.urls.first() {
        context.network.open(url);
    }
}

/// Forwards a port of this computer to each Service, and goes on until it is stopped.
fn tunnel(services: &[Served], asked: &Asked, context: &mut Context) -> Progress {
    let titles: Vec<String> = services.iter().map(Served::title).collect();
    for title in &titles {
        context.out.line(&format!("😿  service {title} has no node port"));
    }
    context.out.error(&format!(
        "❗  Services [{}] have type \"ClusterIP\" not meant to be exposed, however for local \
         development minikube allows you to access this !",
        titles.join(" ")
    ));
    let (mut rows, mut kept): (Vec<Vec<String>>, Vec<Forwarding>) = Default::default();
    for service in services {
        let name = &service.name;
        if !asked.is_url {
            context.out.line(&format!("🏃  Starting tunnel for service {name}."));
        }
        for port in &service.ports {
            let own = context.network.free_port(context.world.now() / 1_000 + port);
            let target = Target::Service {
                namespace: service.namespace.clone(),
                name: name.clone(),
                port: *port,
            };
            // The tunnel of a Service without an address leads nowhere.
            let forwarding = context.network.forward(own, target).filter(|_| !service.is_headless);
            kept.extend(forwarding);
            let url = format!("http://127.0.0.1:{own}");
            rows.push([&service.namespace, name, "", &url].map(str::to_owned).to_vec());
        }
    }
    if asked.is_url {
        rows.iter().filter_map(|row| row.last()).for_each(|url| context.out.line(url));
    } else {
        table::print(&HEAD, &rows, &[TARGET_PORT], context.out);
        for (title, row) in titles.iter().zip(&rows) {
            context.out.line(&format!("🎉  Opening service {title} in default browser..."));
            row.last().into_iter().for_each(|url| context.network.open(url));
        }
    }
    context.out.error(
        "❗  Because you are using a Docker driver on linux, the terminal needs to be open to run it.",
    );
    Progress::Waiting(Box::new(Forever(kept)))
}

/// Every Service, by namespace and name.
fn services(context: &Context) -> Vec<Served> {
    let Some(resource) = Resource::named("services") else { return Vec::new() };
    let address = first_address(context.world);
    let all = context.world.list(&resource);
    all.iter().map(|service| Served::of(service, &address)).collect()
}

fn list(context: &mut Context) -> Progress {
    let rows: Vec<Vec<String>> = services(context).iter().flat_map(Served::rows).collect();
    table::print(&HEAD, &rows, &[TARGET_PORT], context.out);
    Progress::Done(0)
}

fn not_found(asked: &Asked, context: &mut Context) -> Progress {
    let namespace = &asked.namespace;
    let text = match asked.names.first() {
        Some(name) => format!(
            "Service '{name}' was not found in '{namespace}' namespace.\nYou may select another \
             namespace by using 'minikube service {name} -n <namespace>'. Or list out all the \
             services using 'minikube service list'"
        ),
        None => format!(
            "No services were found in the '{namespace}' namespace.\nYou may select another \
             namespace by using 'minikube service --all -n <namespace>'"
        ),
    };
    context.out.error(&format!("\n❌  Exiting due to SVC_NOT_FOUND: {text}\n"));
    Progress::Done(115)
}
