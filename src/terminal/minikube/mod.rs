//! minikube: what the lab asks of the tool that made its cluster.
//!
//! Upstream: `kubernetes/minikube`, `cmd/minikube/cmd/` (1.35.0), on Linux with the Docker driver.

mod addons;
mod service;
mod table;

use super::job::{Job, Progress};
use super::network::Network;
use super::output::Output;
use super::world::World;
use crate::api::Resource;
use crate::api::Tree;

/// The version that is printed.
const VERSION: &str = "v1.35.0";
/// The name of the profile, which is that of the cluster.
const PROFILE: &str = "minikube";

/// What a command works with.
pub struct Context<'a> {
    /// The cluster.
    pub world: &'a mut dyn World,
    /// The network of the person's computer.
    pub network: &'a Network,
    /// What it prints.
    pub out: &'a mut Output,
}

/// A command: it is given the words behind its name.
type Command = fn(&[String], &mut Context) -> Progress;

/// The commands by their names, as the help lists them, with what the help says.
const COMMANDS: [(&str, &str, Command); 17] = [
    ("start", "Starts a local Kubernetes cluster", start),
    ("status", "Gets the status of a local Kubernetes cluster", status),
    ("stop", "Stops a running local Kubernetes cluster", refuse),
    ("delete", "Deletes a local Kubernetes cluster", refuse),
    ("dashboard", "Access the Kubernetes dashboard running within the minikube cluster", dashboard),
    ("pause", "pause Kubernetes", refuse),
    ("unpause", "unpause Kubernetes", refuse),
    ("addons", "Enable or disable a minikube addon", addons::run),
    ("profile", "Get or list the current profiles (clusters)", profile),
    ("service", "Returns a URL to connect to a service", service::run),
    ("tunnel", "Connect to LoadBalancer services", refuse),
    ("node", "Add, remove, or list additional nodes", node),
    ("ssh", "Log into the minikube environment (for debugging)", refuse),
    ("kubectl", "Run a kubectl binary matching the cluster version", refuse),
    ("image", "Manage images", refuse),
    ("ip", "Retrieves the IP address of the specified node", ip),
    ("version", "Print the version of minikube", version),
];

/// The names of the commands.
pub fn commands() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(name, ..)| *name)
}

/// The words of `minikube kubectl`, for kubectl; none of another command.
pub fn kubectl_words(words: &[String]) -> Option<&[String]> {
    let (name, rest) = words.split_first()?;
    let rest = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    (name == "kubectl").then_some(rest)
}

/// Runs a command line, without the name of the program.
#[inline(never)]
pub fn run(words: &[String], context: &mut Context) -> Progress {
    let is_flag = |word: &String| word.starts_with('-');
    let name = words.iter().find(|word| !is_flag(word)).map(String::as_str).unwrap_or_default();
    let asks_for_help = words.iter().any(|word| word == "--help" || word == "-h");
    if name.is_empty() || name == "help" || asks_for_help {
        help(context.out);
        return Progress::Done(0);
    }
    let Some((.., command)) = COMMANDS.iter().find(|(own, ..)| *own == name) else {
        context.out.error(&format!("Error: unknown command \"{name}\" for \"minikube\""));
        context.out.error("Run 'minikube --help' for usage.");
        return Progress::Done(1);
    };
    let at = words.iter().position(|word| word == name).unwrap_or(0);
    let mut rest: Vec<String> = words.to_vec();
    rest.remove(at);
    command(&rest, context)
}

fn help(out: &mut Output) {
    out.line(
        "minikube provisions and manages local Kubernetes clusters optimized for development \
         workflows.\n\nCommands:",
    );
    for (name, text, _) in COMMANDS {
        out.line(&format!("  {name:<14} {text}"));
    }
    out.line("\nUsage:\n  minikube [flags] [options]");
}

/// The nodes with their addresses.
fn nodes(world: &dyn World) -> Vec<(String, String)> {
    let Some(nodes) = Resource::named("nodes") else { return Vec::new() };
    let address = |node: &serde_json::Value| {
        let all = node.at("status").items("addresses").iter();
        let own = all.filter(|it| it.text("type") == "InternalIP").map(|it| it.text("address"));
        own.fold("", |_, own| own).to_owned()
    };
    let all = world.list(&nodes);
    all.iter().map(|node| (node.at("metadata").text("name").to_owned(), address(node))).collect()
}

/// The address of the first node, at which node ports are served.
fn first_address(world: &dyn World) -> String {
    nodes(world).into_iter().next().map(|(_, address)| address).unwrap_or_default()
}

fn ip(_words: &[String], context: &mut Context) -> Progress {
    let address = first_address(context.world);
    context.out.line(&address);
    Progress::Done(0)
}

fn status(_words: &[String], context: &mut Context) -> Progress {
    for (number, (name, _)) in nodes(context.world).into_iter().enumerate() {
        let (kind, rest) = match number {
            0 => {
                ("Control Plane", "kubelet: Running\napiserver: Running\nkubeconfig: Configured\n")
            }
            _ => ("Worker", "kubelet: Running\n"),
        };
        context.out.line(&format!("{name}\ntype: {kind}\nhost: Running\n{rest}"));
    }
    Progress::Done(0)
}

fn version(_words: &[String], context: &mut Context) -> Progress {
    context.out.line(&format!("minikube version: {VERSION}"));
    Progress::Done(0)
}

fn start(_words: &[String], context: &mut Context) -> Progress {
    let out = &mut *context.out;
    out.line(&format!("😄  minikube {VERSION}"));
    out.line("✨  Using the docker driver based on existing profile");
    out.line(&format!(
        "👍  Starting \"{PROFILE}\" primary control-plane node in \"{PROFILE}\" cluster"
    ));
    out.line(&format!("🏃  Updating the running docker \"{PROFILE}\" container ..."));
    out.line("🌟  Enabled addons: storage-provisioner, default-storageclass");
    out.line(&format!(
        "🏄  Done! kubectl is now configured to use \"{PROFILE}\" cluster and \"default\" \
         namespace by default"
    ));
    Progress::Done(0)
}

fn profile(words: &[String], context: &mut Context) -> Progress {
    if words.first().is_none_or(|word| word != "list") {
        context.out.line(PROFILE);
        return Progress::Done(0);
    }
    let kubernetes = context.world.kubernetes().version;
    let count = nodes(context.world).len().to_string();
    let address = first_address(context.world);
    let version = format!("v{}.0", kubernetes.label());
    let row = [PROFILE, "docker", "docker", &address, "8443", &version, "OK", &count, "*", "*"];
    let head = [
        "Profile",
        "VM Driver",
        "Runtime",
        "IP",
        "Port",
        "Version",
        "Status",
        "Nodes",
        "Active Profile",
        "Active Kubecontext",
    ];
    let row: Vec<String> = row.iter().map(|cell| (*cell).to_owned()).collect();
    table::print(&head, &[row], &[], context.out);
    Progress::Done(0)
}

fn node(words: &[String], context: &mut Context) -> Progress {
    if words.first().is_some_and(|word| word != "list") {
        return refuse(words, context);
    }
    for (name, address) in nodes(context.world) {
        context.out.line(&format!("{name}\t{address}"));
    }
    Progress::Done(0)
}

fn dashboard(_words: &[String], context: &mut Context) -> Progress {
    context.out.error(
        "The dashboard is a program of its own, which does not run here. What it would show stands \
         on this page: the picture, the timeline and the tables.",
    );
    Progress::Done(1)
}

fn refuse(_words: &[String], context: &mut Context) -> Progress {
    context.out.error(
        "This playground has one cluster, which always runs: it is made by the page, not by \
         minikube. `minikube help` lists the commands; service, status, ip, addons, profile and \
         kubectl work.",
    );
    Progress::Done(1)
}

/// A command that goes on until it is stopped.
#[derive(Clone)]
struct Forever<T>(T);

impl<T: Clone + 'static> Job for Forever<T> {
    fn poll(&mut self, _world: &mut dyn World, _out: &mut Output) -> Option<i32> {
        None
    }
}
