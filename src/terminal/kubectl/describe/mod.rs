//! `kubectl describe`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go`,
//! `staging/src/k8s.io/kubectl/pkg/describe/describe.go`.

mod budgets;
mod config;
mod containers;
mod controllers;
mod env;
mod events;
mod generic;
mod network;
mod node_resources;
mod nodes;
mod pods;
mod storage;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod view;
mod volumes;

pub use events::interval;
pub use text::Text;

use super::flags::Args;
use super::ground::{Context, Done};
use super::select::{self, Found, Selection};
use crate::api::Tree;
use crate::client::Failure;
use crate::terminal::job::Progress;
use crate::terminal::world::World;
use serde_json::Value;
use view::View;

/// What `describe` says when no type is named.
const NO_TYPE: &str = "You must specify the type of resource to describe. Use \"kubectl \
    api-resources\" for a complete list of supported resources.";

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::error(NO_TYPE));
    }
    let selection = select::select(args, &args.words, context)?;
    if let Some(matching) = matching(args, &selection, context)? {
        let with_events = args.has("show-events") && args.flag("show-events");
        for found in &matching {
            let text = describe(found, &view(context, with_events));
            context.out.print(&text);
            context.out.print("\n");
        }
        return Ok(Progress::Done(0));
    }
    let with_events = match args.has("show-events") {
        true => args.flag("show-events"),
        false => selection.found.len() <= 1 && selection.errors.is_empty(),
    };
    for (at, found) in selection.found.iter().enumerate() {
        if at > 0 {
            context.out.print("\n\n");
        }
        let text = describe(found, &view(context, with_events));
        context.out.print(&text);
    }
    let mut told: Vec<String> = Vec::new();
    for error in &selection.errors {
        let text = error.text();
        if !told.contains(&text) {
            context.out.error(&text);
            told.push(text);
        }
    }
    if selection.found.is_empty() && told.is_empty() {
        let text = match args.flag("all-namespaces") {
            true => "No resources found".into(),
            false => format!("No resources found in {} namespace.", select::namespace(args)),
        };
        context.out.error(&text);
    }
    Ok(Progress::Done(i32::from(!told.is_empty())))
}

/// The template of a revision as `rollout history --revision` prints it: with tabs between its columns.
pub fn template(template: &Value, world: &dyn World) -> String {
    let version = world.kubernetes().version;
    let view = View { world, now: world.now(), version, with_events: false };
    let mut text = Text::default();
    template::describe(&view, template, &mut text);
    text.unaligned().to_owned()
}

fn view<'a>(context: &'a Context, with_events: bool) -> View<'a> {
    let world: &dyn World = context.world;
    View { world, now: world.now(), version: world.kubernetes().version, with_events }
}

/// The objects whose names begin with the one that was asked for and not found.
fn matching(
    args: &Args,
    selection: &Selection,
    context: &Context,
) -> Result<Option<Vec<Found>>, Failure> {
    let ([kind, prefix], [error]) = (args.words.as_slice(), selection.errors.as_slice()) else {
        return Ok(None);
    };
    if !select::is_not_found(error) || args.has("filename") {
        return Ok(None);
    }
    if kind.contains('/') {
        return Err(error.clone());
    }
    let [resource] = selection.resources.as_slice() else {
        return Err(Failure::error("you may only specify a single resource type"));
    };
    let mut objects = select::list(args, resource, context.world)?;
    objects.retain(|object| object.at("metadata").text("name").starts_with(prefix.as_str()));
    let resource = *resource;
    let found = objects.into_iter().map(|object| Found { resource, object });
    let found: Vec<Found> = found.collect();
    Ok((!found.is_empty()).then_some(found))
}

/// The description of an object.
fn describe(found: &Found, view: &View) -> String {
    let object: &Value = &found.object;
    let mut text = Text::default();
    let write = match (found.resource.group(), found.resource.name) {
        ("", "pods") => pods::describe,
        ("apps", "statefulsets") => controllers::stateful_set,
        ("apps", "deployments") => controllers::deployment,
        ("apps", "replicasets") => controllers::replica_set,
        ("apps", "daemonsets") => controllers::daemon_set,
        ("policy", "poddisruptionbudgets") => budgets::describe,
        ("", "services") => network::of_service,
        ("", "endpoints") => network::endpoints,
        ("discovery.k8s.io", "endpointslices") => network::endpoint_slice,
        ("", "persistentvolumeclaims") => storage::of_claim,
        ("", "persistentvolumes") => storage::of_volume,
        ("storage.k8s.io", "storageclasses") => storage::of_class,
        ("storage.k8s.io", "volumeattributesclasses") => storage::attributes_class,
        ("", "nodes") => nodes::describe,
        ("", "namespaces") => config::namespace,
        ("", "configmaps") => config::config_map,
        ("", "secrets") => config::secret,
        ("", "resourcequotas") => config::quota,
        ("", "limitranges") => config::limit_range,
        ("", "serviceaccounts") => config::service_account,
        ("scheduling.k8s.io", "priorityclasses") => config::priority_class,
        _ => generic::describe,
    };
    write(view, object, &mut text);
    text.aligned()
}
