//! Which objects a command is about: types and names, `type/name`, files, selectors.
//!
//! Upstream: `staging/src/k8s.io/cli-runtime/pkg/resource/builder.go`.

use super::flags::Args;
use super::ground::{Context, NAMESPACE};
use super::selector::{Fields, Labels};
use crate::api::Resource;
use crate::api::{Status, StatusReason, Tree};
pub use crate::client::Found;
use crate::client::documents::no_mapping;
use crate::client::{Failure, discovery};
use crate::terminal::world::{World, not_found};
use serde_json::Value;
use std::rc::Rc;

/// What a command line names.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The types that it names, each once.
    pub resources: Vec<Resource>,
    /// The objects, in order.
    pub found: Vec<Found>,
    /// What was not found, in order.
    pub errors: Vec<Failure>,
    /// Whether it names one object rather than a list.
    pub is_single: bool,
    /// Whether it names objects rather than types.
    pub is_named: bool,
}

/// What a command line says about objects, before they are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// All objects of a type.
    All(Resource),
    /// One object.
    One(Resource, String),
}

/// The namespace that a command line names.
pub fn namespace(args: &Args) -> &str {
    let named = args.text("namespace").filter(|name| !name.is_empty());
    named.or(args.default_namespace.as_deref()).unwrap_or(NAMESPACE)
}

/// The words without any objects: no type is named.
pub const NOTHING_NAMED: &str = "You must provide one or more resources by argument or filename.\n\
    Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   \
    '<resource> <name>'\n   '<resource>'";

/// The type that a word names.
///
/// # Errors
/// There is no such type.
pub fn resource(word: &str, world: &dyn World) -> Result<Resource, Failure> {
    let named = discovery::named(world, word).filter(|_| !word.is_empty());
    named.ok_or_else(|| {
        let name = word.split('.').next().unwrap_or_default();
        Failure::error(format!("the server doesn't have a resource type \"{name}\""))
    })
}

/// What words such as `sts web`, `po,svc`, `po/web-0 svc/nginx` name.
///
/// # Errors
/// An unknown type, or both forms in one command.
pub fn targets(words: &[String], world: &dyn World) -> Result<Vec<Target>, Failure> {
    let Some(first) = words.first() else { return Ok(Vec::new()) };
    let with_slash = words.iter().filter(|word| word.contains('/')).count();
    if with_slash > 0 {
        if with_slash < words.len() {
            let text = "there is no need to specify a resource type as a separate argument when \
                        passing arguments in resource/name form (e.g. 'kubectl get \
                        resource/<resource_name>' instead of 'kubectl get resource \
                        resource/<resource_name>'";
            return Err(Failure::error(text));
        }
        return words.iter().map(|word| named_object(word, world)).collect();
    }
    let mut resources = Vec::new();
    for word in first.split(',') {
        let named: Vec<Resource> = match word {
            "all" => discovery::resources(world).into_iter().filter(|it| it.is_in_all).collect(),
            word => vec![resource(word, world)?],
        };
        for each in named {
            if !resources.contains(&each) {
                resources.push(each);
            }
        }
    }
    let mut targets = Vec::new();
    for resource in resources {
        match &words[1..] {
            [] => targets.push(Target::All(resource)),
            names => targets.extend(names.iter().map(|name| Target::One(resource, name.clone()))),
        }
    }
    Ok(targets)
}

/// What a word of the form `type/name` names.
fn named_object(word: &str, world: &dyn World) -> Result<Target, Failure> {
    let (kind, name) = match word.split('/').collect::<Vec<_>>().as_slice() {
        [kind, name] => (*kind, *name),
        _ => {
            let text = "arguments in resource/name form may not have more than one slash";
            return Err(Failure::error(text));
        }
    };
    if kind.is_empty() || name.is_empty() || kind.contains(',') {
        let text = "arguments in resource/name form must have a single resource and name";
        return Err(Failure::error(text));
    }
    Ok(Target::One(resource(kind, world)?, name.to_owned()))
}

/// Whether a command is about nothing unless it names objects or says which it selects.
fn needs_names(args: &Args) -> bool {
    let path = args.verb.path();
    let verbs = ["patch", "scale", "autoscale", "label", "annotate", "wait", "expose", "edit"];
    let is_given = |flag: &str| args.text(flag).is_some_and(|text| !text.is_empty());
    (verbs.contains(&path) || path.starts_with("set_"))
        && !(args.flag("all") || is_given("selector") || is_given("field-selector"))
}

/// Whether a name may be part of a path to the server.
fn check_name(name: &str) -> Result<(), Failure> {
    if name.is_empty() {
        return Err(Failure::error("resource name may not be empty"));
    }
    let why = match name {
        "." | ".." => format!("may not be '{name}'"),
        _ => match name.chars().find(|c| ['/', '%'].contains(c)) {
            Some(c) => format!("may not contain '{c}'"),
            None => return Ok(()),
        },
    };
    Err(Failure::error(format!("invalid resource name \"{name}\": [{why}]")))
}

/// The objects that a command line names.
///
/// # Errors
/// Words that name nothing, or contradict each other. Objects that are missing are told in
/// [`Selection::errors`].
pub fn select(args: &Args, words: &[String], context: &mut Context) -> Result<Selection, Failure> {
    let mut selection = Selection::default();
    let is_everywhere = args.flag("all-namespaces");
    if args.has("filename") {
        for document in super::files::documents(args, context)? {
            let Some(resource) = discovery::of(context.world, &document.object) else {
                selection.errors.push(no_mapping(&document));
                continue;
            };
            add_resource(&mut selection, resource);
            if args.flag("local") {
                let object = Rc::new(document.object.clone());
                selection.found.push(Found { resource, object });
                continue;
            }
            let meta = document.object.at("metadata");
            let namespace = meta.opt_text("namespace").unwrap_or_else(|| namespace(args));
            match context.world.get(&resource, namespace, meta.text("name")) {
                Ok(object) => selection.found.push(Found { resource, object }),
                Err(status) => selection.errors.push(status.into()),
            }
        }
        selection.is_named = true;
        selection.is_single = selection.found.len() == 1 && selection.errors.is_empty();
        return Ok(selection);
    }
    warn_of_names(words, context);
    let targets = targets(words, context.world)?;
    selection.is_named = targets.iter().any(|target| matches!(target, Target::One(..)));
    selection.is_single = selection.is_named && targets.len() == 1;
    let is_given = |flag: &str| args.text(flag).is_some_and(|text| !text.is_empty());
    if selection.is_named && (is_given("selector") || is_given("field-selector")) {
        return Err(Failure::error("name cannot be provided when a selector is specified"));
    }
    if !selection.is_named && needs_names(args) && !targets.is_empty() {
        return Err(Failure::error("resource(s) were provided, but no name was specified"));
    }
    if selection.is_named && is_everywhere {
        let text = "a resource cannot be retrieved by name across all namespaces";
        return Err(Failure::error(text));
    }
    for target in targets {
        match target {
            Target::All(resource) => {
                add_resource(&mut selection, resource);
                warn_of_version(&resource, context);
                let objects = list(args, &resource, context.world)?;
                selection
                    .found
                    .extend(objects.into_iter().map(|object| Found { resource, object }));
            }
            Target::One(resource, name) => {
                check_name(&name)?;
                if add_resource(&mut selection, resource) {
                    warn_of_version(&resource, context);
                }
                match context.world.get(&resource, namespace(args), &name) {
                    Ok(object) => selection.found.push(Found { resource, object }),
                    Err(_) => selection.errors.push(not_found(&resource, &name).into()),
                }
            }
        }
    }
    Ok(selection)
}

fn add_resource(selection: &mut Selection, resource: Resource) -> bool {
    let is_new = !selection.resources.contains(&resource);
    if is_new {
        selection.resources.push(resource);
    }
    is_new
}

/// The label selector of a command line, for objects of a type.
///
/// # Errors
/// The server cannot read it.
pub fn labels(args: &Args, resource: &Resource) -> Result<Labels, Failure> {
    let labels = args.text("selector").unwrap_or_default();
    Labels::parse(labels).map_err(|why| refused(args, resource, &why))
}

/// The refusal of the selectors of a command line.
fn refused(args: &Args, resource: &Resource, why: &str) -> Failure {
    let selector = |name: &str| args.text(name).unwrap_or_default();
    let message = format!(
        "Unable to find \"{}\" that match label selector \"{}\", field selector \"{}\": {why}",
        resource.gvr(),
        selector("selector"),
        selector("field-selector"),
    );
    Failure::Server(Status::bad_request("", "", message))
}

/// The objects of a type that the selectors of a command line leave.
///
/// # Errors
/// A selector that the server cannot read.
pub fn list(
    args: &Args,
    resource: &Resource,
    world: &dyn World,
) -> Result<Vec<Rc<Value>>, Failure> {
    let own_labels = labels(args, resource)?;
    let fields = Fields::parse(args.text("field-selector").unwrap_or_default());
    let own_fields = fields.map_err(|why| refused(args, resource, &why))?;
    if let Some(why) = own_fields.refusal(resource) {
        return Err(refused(args, resource, &why));
    }
    let is_everywhere = args.flag("all-namespaces") || !resource.is_namespaced;
    let namespace = namespace(args);
    let is_asked = |object: &Rc<Value>| {
        (is_everywhere || object.at("metadata").text("namespace") == namespace)
            && own_labels.matches(object)
            && own_fields.matches(object)
    };
    Ok(world.list(resource).into_iter().filter(is_asked).collect())
}

/// Warns of short names that could mean another type.
pub fn warn_of_names(words: &[String], context: &mut Context) {
    let first = words.first().map(String::as_str).unwrap_or_default();
    let names = first.split(',').map(|word| word.split('/').next().unwrap_or_default());
    for name in names.filter(|name| !name.is_empty()) {
        if let Some(other) = discovery::shadowed_by_short_name(context.world, name) {
            context.out.error(&format!(
                "Warning: short name \"{name}\" could also match lower priority resource {}",
                other.with_group()
            ));
        }
    }
}

/// Warns of a version of the API that is on its way out.
pub fn warn_of_version(resource: &Resource, context: &mut Context) {
    if resource.name == "endpoints" {
        context.out.error(
            "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
        );
    }
}

/// Says that nothing was found, as kubectl says it of the types that were asked for.
pub fn say_nothing_found(args: &Args, selection: &Selection, context: &mut Context) {
    let is_of_namespace = selection.resources.iter().all(|it| it.is_namespaced);
    let text = match is_of_namespace && !args.flag("all-namespaces") {
        true => format!("No resources found in {} namespace.", namespace(args)),
        false => "No resources found".into(),
    };
    context.out.error(&text);
}

/// Whether a failure says that an object is missing.
pub fn is_not_found(failure: &Failure) -> bool {
    matches!(failure, Failure::Server(status) if status.reason == StatusReason::NotFound)
}
