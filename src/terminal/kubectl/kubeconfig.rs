//! The client's configuration: clusters, users and contexts, in a file of the person's home.
//!
//! Upstream: `staging/src/k8s.io/client-go/tools/clientcmd/`.

use super::flags::Args;
use super::ground::NAMESPACE;
use crate::api::Tree;
use crate::client::Failure;
use crate::manifest::{Manifest, emit};
use crate::terminal::files::Files;
use serde_json::{Value, json};

/// Where the configuration lies once somebody has changed it.
pub const FILE: &str = "/home/user/.kube/config";

/// The folder of the file.
const FOLDER: &str = "/home/user/.kube";

/// The name of the context that there is, of its cluster and of its user.
const OWN: &str = "minikube";

/// Where the cluster answers.
const SERVER: &str = "https://192.168.49.2:8443";

/// What a configuration has by name: the name of the list, and of what each entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Clusters,
    Contexts,
    Users,
}

impl Section {
    /// The list, as the file names it.
    pub fn list(self) -> &'static str {
        match self {
            Self::Clusters => "clusters",
            Self::Contexts => "contexts",
            Self::Users => "users",
        }
    }

    /// One of it.
    pub fn one(self) -> &'static str {
        match self {
            Self::Clusters => "cluster",
            Self::Contexts => "context",
            Self::Users => "user",
        }
    }
}

/// A configuration, as the file has it.
pub struct Kubeconfig(pub Value);

impl Kubeconfig {
    /// The person's configuration; minikube's while nobody has changed it.
    pub fn read(files: &dyn Files) -> Self {
        let kept = files.read(FILE).and_then(|text| {
            let manifest = Manifest::parse(&text);
            manifest.documents.first().map(|document| document.value())
        });
        Self(kept.unwrap_or_else(|| {
            json!({
                "apiVersion": "v1",
                "clusters": [{
                    "cluster": {"certificate-authority-data": "b3du", "server": SERVER},
                    "name": OWN,
                }],
                "contexts": [{
                    "context": {"cluster": OWN, "namespace": NAMESPACE, "user": OWN},
                    "name": OWN,
                }],
                "current-context": OWN,
                "kind": "Config",
                "users": [{
                    "name": OWN,
                    "user": {"client-certificate-data": "b3du", "client-key-data": "b3du"},
                }],
            })
        }))
    }

    /// Keeps the configuration.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, files: &dyn Files) -> Result<(), Failure> {
        let _there = files.add_folder(FOLDER);
        let text = emit::yaml(&self.0);
        files.write(FILE, &text).map_err(|why| Failure::error(format!("open {FILE}: {why}")))
    }

    /// The context that is in use; empty if there is none.
    pub fn current(&self) -> &str {
        self.0.text("current-context")
    }

    /// The names of a section, sorted.
    pub fn names(&self, section: Section) -> Vec<&str> {
        self.0.items(section.list()).iter().map(|entry| entry.text("name")).collect()
    }

    /// What stands under a name.
    pub fn entry(&self, section: Section, name: &str) -> Option<&Value> {
        let mut entries = self.0.items(section.list()).iter();
        let entry = entries.find(|entry| entry.text("name") == name)?;
        Some(entry.at(section.one()))
    }

    /// What stands under a name, to be changed; it is made if it is not there.
    pub fn open(&mut self, section: Section, name: &str) -> &mut Value {
        let list = section.list();
        let mut entries = self.0.items(list).to_vec();
        if !entries.iter().any(|entry| entry.text("name") == name) {
            entries.push(json!({"name": name, section.one(): {}}));
            entries.sort_by(|left, right| left.text("name").cmp(right.text("name")));
            self.0.put(list, entries);
        }
        let mut entries = self.0.items_mut(list).iter_mut();
        let entry = entries.find(|entry| entry.text("name") == name);
        entry.expect("it was there, or was put there").open(section.one())
    }

    /// Takes an entry out. Returns whether it was there.
    pub fn remove(&mut self, section: Section, name: &str) -> bool {
        let mut entries = self.0.items(section.list()).to_vec();
        let before = entries.len();
        entries.retain(|entry| entry.text("name") != name);
        let is_less = entries.len() < before;
        self.0.put(section.list(), entries);
        is_less
    }

    /// The context that a command line means.
    fn context_of<'a>(&'a self, args: &'a Args) -> &'a str {
        args.text("context").filter(|name| !name.is_empty()).unwrap_or_else(|| self.current())
    }

    /// The namespace that a command line means if it names none.
    pub fn namespace(&self, args: &Args) -> Option<&str> {
        let context = self.entry(Section::Contexts, self.context_of(args))?;
        context.opt_text("namespace").filter(|namespace| !namespace.is_empty())
    }

    /// Whether a command line leads to the cluster, as its user.
    ///
    /// # Errors
    /// Contexts, clusters and users that are not there, and servers that do not answer.
    pub fn check(&self, args: &Args) -> Result<(), Failure> {
        let name = self.context_of(args);
        if self.entry(Section::Contexts, name).is_none() && args.text("context") == Some(name) {
            return Err(Failure::Plain(format!(
                "Error in configuration: context was not found for specified context: {name}"
            )));
        }
        // Bindings have a flag of their own that is called so.
        let is_binding = args.verb.path().ends_with("binding");
        let flag = |flag: &str| {
            let given = args.text(flag).filter(|name| !name.is_empty());
            given.filter(|_| flag != "user" || !is_binding)
        };
        if let Some(name) = flag("cluster").filter(|it| self.entry(Section::Clusters, it).is_none())
        {
            return Err(Failure::error(format!("no server found for cluster \"{name}\"")));
        }
        if let Some(name) = flag("user").filter(|it| self.entry(Section::Users, it).is_none()) {
            return Err(Failure::error(format!("auth info \"{name}\" does not exist")));
        }
        self.check_context(name)?;
        let context = self.entry(Section::Contexts, name).unwrap_or(&Value::Null);
        let cluster = flag("cluster").unwrap_or_else(|| context.text("cluster"));
        let server = self.entry(Section::Clusters, cluster).map_or("", |it| it.text("server"));
        if server != SERVER {
            let host = server.rsplit_once("//").map_or(server, |(_, host)| host);
            let host = if host.is_empty() { "localhost:8080" } else { host };
            return Err(Failure::Plain(format!(
                "The connection to the server {host} was refused - did you specify the right host \
                 or port?"
            )));
        }
        let user = flag("user").unwrap_or_else(|| context.text("user"));
        let user = self.entry(Section::Users, user).unwrap_or(&Value::Null);
        match user.text("client-certificate-data").is_empty() {
            true => Err(Failure::error("You must be logged in to the server (Unauthorized)")),
            false => Ok(()),
        }
    }

    /// Upstream: `clientcmd/validation.go`, validateContext.
    fn check_context(&self, name: &str) -> Result<(), Failure> {
        let Some(context) = self.entry(Section::Contexts, name) else { return Ok(()) };
        let mut wrong = Vec::new();
        for section in [Section::Users, Section::Clusters] {
            let (one, value) = (section.one(), context.text(section.one()));
            if value.is_empty() {
                wrong.push(format!("{one} was not specified for context \"{name}\""));
            } else if self.entry(section, value).is_none() {
                wrong.push(format!("{one} \"{value}\" was not found for context \"{name}\""));
            }
        }
        const HEAD: &str = "Error in configuration: ";
        match wrong.as_slice() {
            [] => Ok(()),
            [one] => Err(Failure::Plain(format!("{HEAD}{one}"))),
            all => {
                let lines = all.iter().fold(HEAD.to_owned(), |text, it| format!("{text}\n* {it}"));
                Err(Failure::Plain(lines))
            }
        }
    }
}
