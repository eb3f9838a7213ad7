//! `kubectl config set` and `unset`: one value of the configuration by a path such as
//! `contexts.minikube.namespace`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/config/navigation_step_parser.go`, set.go.

use super::kubeconfig::{Kubeconfig, Section};
use crate::api::Tree;
use crate::client::Failure;

/// The fields of an entry, and whether one holds a truth.
fn fields(section: Section) -> &'static [(&'static str, bool)] {
    match section {
        Section::Clusters => &[
            ("server", false),
            ("tls-server-name", false),
            ("insecure-skip-tls-verify", true),
            ("certificate-authority", false),
            ("certificate-authority-data", false),
            ("proxy-url", false),
            ("disable-compression", true),
        ],
        Section::Contexts => &[("cluster", false), ("user", false), ("namespace", false)],
        Section::Users => &[
            ("client-certificate", false),
            ("client-certificate-data", false),
            ("client-key", false),
            ("client-key-data", false),
            ("token", false),
            ("tokenFile", false),
            ("username", false),
            ("password", false),
        ],
    }
}

/// What a path leads to.
enum Place<'a> {
    /// The context that is in use.
    Current,
    /// All entries of a section.
    All(Section),
    /// An entry, or one of its fields; whether that holds a truth.
    Entry(Section, String, Option<(&'a str, bool)>),
}

/// A name may hold dots: it ends where a field of the entry follows.
fn place(path: &str) -> Result<Place<'_>, Failure> {
    let parts: Vec<&str> = path.split('.').collect();
    let unknown = |seen: &str, at: &str| {
        Failure::error(format!("unable to parse {path} after [{seen}] at api.{at}"))
    };
    let section = match parts.as_slice() {
        ["current-context"] => return Ok(Place::Current),
        ["clusters", ..] => Section::Clusters,
        ["contexts", ..] => Section::Contexts,
        ["users", ..] => Section::Users,
        ["current-context", ..] => {
            return Err(unknown("{current-context string}", "string"));
        }
        _ => return Err(unknown("", "Config")),
    };
    let rest = &parts[1..];
    if rest.is_empty() {
        return Ok(Place::All(section));
    }
    let is_field = |part: &&str| fields(section).iter().any(|(name, _)| name == part);
    let end = rest.iter().skip(1).position(is_field).map_or(rest.len(), |at| at + 1);
    let name = rest[..end].join(".");
    match &rest[end..] {
        [] => Ok(Place::Entry(section, name, None)),
        [field] => {
            let known = fields(section).iter().find(|(own, _)| own == field);
            Ok(Place::Entry(section, name, known.copied()))
        }
        [field, ..] => {
            let kind = match section {
                Section::Clusters => "Cluster",
                Section::Contexts => "Context",
                Section::Users => "AuthInfo",
            };
            let (list, field) = (section.list(), field);
            let seen = format!(
                "{{{list} map[string]*api.{kind}}} {{{name} *api.{kind}}} {{{field} string}}"
            );
            Err(Failure::error(format!("unable to parse {path} after [{seen}] at string")))
        }
    }
}

/// Sets a value.
///
/// # Errors
/// A path that leads nowhere, or to more than one value.
pub fn set(config: &mut Kubeconfig, path: &str, value: &str) -> Result<(), Failure> {
    match place(path)? {
        Place::Current => config.0.put("current-context", value),
        Place::All(section) => {
            let count = config.names(section).len();
            return Err(Failure::error(format!("can't set a map to a value: {count} entries")));
        }
        Place::Entry(_, name, None) => {
            return Err(Failure::error(format!("unable to locate path \"{name}\" under {path}")));
        }
        Place::Entry(section, name, Some((field, is_truth))) => {
            let entry = config.open(section, &name);
            match (is_truth, value) {
                (false, value) => entry.put(field, value),
                (true, "true" | "false") => entry.put(field, value == "true"),
                (true, _) => {
                    let text = format!("strconv.ParseBool: parsing \"{value}\": invalid syntax");
                    return Err(Failure::error(text));
                }
            }
        }
    }
    Ok(())
}

/// Takes a value out, or an entry, or all entries.
///
/// # Errors
/// A path that leads nowhere.
pub fn unset(config: &mut Kubeconfig, path: &str) -> Result<(), Failure> {
    match place(path)? {
        Place::Current => config.0.put("current-context", ""),
        Place::All(section) => config.0.put(section.list(), Vec::<serde_json::Value>::new()),
        Place::Entry(section, name, None) => drop(config.remove(section, &name)),
        Place::Entry(section, name, Some((field, _))) => {
            if config.entry(section, &name).is_none() {
                return Err(Failure::error(format!("current map key `{name}` is invalid")));
            }
            config.open(section, &name).drop_field(field);
        }
    }
    Ok(())
}
