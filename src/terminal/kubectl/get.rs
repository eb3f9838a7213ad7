//! `kubectl get`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/get/get.go`.

use super::flags::Args;
use super::print::Printing;
use super::print::columns;
use super::print::custom;
use super::print::go_template::GoTemplate;
use super::print::jsonpath::{self, Path, Template};
use super::resources::Resource;
use super::select::{self, Found, Selection};
use super::table::Columns;
use super::{Context, Done, Failure, Job, Progress};
use crate::api::Tree;
use crate::manifest::emit;
use crate::terminal::output::Output;
use crate::terminal::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What `get` says when no type is named.
const NO_TYPE: &str = "You must specify the type of resource to get. Use \"kubectl api-resources\" \
    for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse \
    \"kubectl explain <resource>\" for a detailed description of that resource (e.g. kubectl \
    explain pods).\nSee 'kubectl get -h' for help and examples";

/// Runs the verb.
///
/// # Errors
/// As kubectl refuses a command line.
pub fn run(args: &Args, context: &mut Context) -> Done {
    if args.words.is_empty() && !args.has("filename") {
        return Err(Failure::Plain(NO_TYPE.into()));
    }
    let format = Format::of(args, context)?;
    let mut selection = select::select(args, &args.words, context)?;
    sort(args, &mut selection)?;
    if args.flag("ignore-not-found") {
        selection.errors.retain(|error| !select::is_not_found(error));
    }
    if args.flag("watch") || args.flag("watch-only") {
        return Ok(watch(args, &selection, context));
    }
    for error in &selection.errors {
        context.out.error(&error.text());
    }
    match format {
        Format::Table { .. } | Format::Custom(_) if selection.found.is_empty() => {
            let is_said = selection.errors.is_empty() && !selection.is_named;
            if is_said && !args.flag("ignore-not-found") {
                select::say_nothing_found(args, &selection, context);
            }
        }
        Format::Table { .. } | Format::Custom(_) => {
            let text = tables(args, &selection, &format, context.world);
            context.out.print(&text);
        }
        Format::Name => {
            selection.found.iter().for_each(|found| context.out.line(&found.title()));
        }
        _ => {
            if !(selection.is_named && selection.found.is_empty()) {
                let value = value(args, &selection);
                context.out.print(&print_value(&format, &value)?);
            }
        }
    }
    Ok(Progress::Done(i32::from(!selection.errors.is_empty())))
}

/// How objects are printed.
#[derive(Clone, Debug)]
pub enum Format {
    /// As a table.
    Table {
        /// With more columns.
        wide: bool,
    },
    /// As JSON.
    Json,
    /// As YAML.
    Yaml,
    /// As `type/name`.
    Name,
    /// By a template of JSONPath.
    JsonPath(String, Template),
    /// By a template of Go.
    GoTemplate(Rc<GoTemplate>),
    /// As columns with titles and paths.
    Custom(Vec<(String, Path)>),
}

impl Format {
    /// The format that `-o` names.
    ///
    /// # Errors
    /// An unknown format, or a template that cannot be read.
    pub fn of(args: &Args, context: &Context) -> Result<Self, Failure> {
        let Some(output) = args.text("output") else { return Ok(Self::Table { wide: false }) };
        let (name, rest) = output.split_once('=').unwrap_or((output, ""));
        let rest = match (rest, args.text("template")) {
            ("", Some(template)) if !name.ends_with("file") => template.to_owned(),
            (rest, template) if name.ends_with("file") => {
                let path = if rest.is_empty() { template.unwrap_or_default() } else { rest };
                context.files.read(path).ok_or_else(|| {
                    Failure::error(format!(
                        "error reading --template {path}, open {path}: no such file or directory"
                    ))
                })?
            }
            (rest, _) => rest.to_owned(),
        };
        match name {
            "" => Ok(Self::Table { wide: false }),
            "wide" => Ok(Self::Table { wide: true }),
            "json" => Ok(Self::Json),
            "yaml" | "kyaml" => Ok(Self::Yaml),
            "name" => Ok(Self::Name),
            "jsonpath" | "jsonpath-file" | "jsonpath-as-json" => {
                let rest = given(&rest)?.to_owned();
                let braced = if rest.contains('{') { rest } else { format!("{{{rest}}}") };
                let template = Template::parse(&braced).map_err(|why| {
                    Failure::error(format!("error parsing jsonpath {braced}, {why}"))
                })?;
                Ok(Self::JsonPath(braced, template))
            }
            "go-template" | "go-template-file" | "template" | "templatefile" => {
                let rest = given(&rest)?;
                GoTemplate::read(rest).map(|template| Self::GoTemplate(Rc::new(template)))
            }
            "custom-columns" | "custom-columns-file" => custom(&rest),
            _ => Err(Failure::error(format!(
                "unable to match a printer suitable for the output format \"{name}\", allowed \
                 formats are: custom-columns,custom-columns-file,go-template,go-template-file,\
                 json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,\
                 wide,yaml"
            ))),
        }
    }
}

fn given(template: &str) -> Result<&str, Failure> {
    match template {
        "" => Err(Failure::error("template format specified but no template given")),
        template => Ok(template),
    }
}

fn custom(spec: &str) -> Result<Format, Failure> {
    if spec.is_empty() {
        return Err(Failure::error("custom-columns format specified but no custom columns given"));
    }
    let columns = spec.split(',').map(|column| {
        let wrong = || {
            Failure::error(format!(
                "unexpected custom-columns spec: {column}, expected <header>:<json-path-expr>"
            ))
        };
        let (title, path) = column.split_once(':').ok_or_else(wrong)?;
        let path = custom::relaxed(path).map_err(Failure::Error)?;
        Ok((title.to_owned(), path))
    });
    columns.collect::<Result<_, _>>().map(Format::Custom)
}

/// The object, or the list of objects, to print.
fn value(args: &Args, selection: &Selection) -> Value {
    let shown = |found: &Found| {
        let mut object = (*found.object).clone();
        if !args.flag("show-managed-fields") {
            object.open("metadata").drop_field("managedFields");
        }
        object
    };
    match selection.found.as_slice() {
        [one] if selection.is_single => shown(one),
        all => json!({
            "apiVersion": "v1",
            "items": all.iter().map(shown).collect::<Vec<_>>(),
            "kind": "List",
            "metadata": {"resourceVersion": ""},
        }),
    }
}

/// A value in a format that is no table.
///
/// # Errors
/// A template that fails on it.
pub fn print_value(format: &Format, value: &Value) -> Result<String, Failure> {
    Ok(match format {
        Format::Json => emit::json(value),
        Format::JsonPath(text, template) => template.print(value).map_err(|why| {
            Failure::error(format!("error executing jsonpath \"{text}\": Error executing template: {why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t{text}\n\tobject given to jsonpath engine was:\n\t\t{value}\n\n"))
        })?,
        Format::GoTemplate(template) => template.print(value)?,
        _ => emit::yaml(value),
    })
}

fn sort(args: &Args, selection: &mut Selection) -> Result<(), Failure> {
    let Some(path) = args.text("sort-by").filter(|path| !path.is_empty()) else { return Ok(()) };
    let path = custom::relaxed(path).map_err(Failure::Error)?;
    let key = |found: &Found| path.first(&found.object).filter(|it| !it.is_null()).cloned();
    if selection.found.iter().all(|found| key(found).is_none()) {
        selection.found.clear();
    }
    super::order::sort(&mut selection.found, &mut |left, right| match (key(left), key(right)) {
        (Some(left), Some(right)) => {
            jsonpath::compare(&left, &right) == Some(std::cmp::Ordering::Less)
        }
        (left, right) => left.is_none() && right.is_some(),
    });
    Ok(())
}

/// The tables of objects, one for each run of objects of a type, with blank lines between.
fn tables(args: &Args, selection: &Selection, format: &Format, world: &dyn World) -> String {
    let found = &selection.found;
    let is_mixed = match selection.is_named {
        true => found.windows(2).any(|pair| pair[0].resource != pair[1].resource),
        false => selection.resources.len() > 1,
    };
    let mut text = String::new();
    for objects in found.chunk_by(|left, right| left.resource == right.resource) {
        if !text.is_empty() {
            text.push('\n');
        }
        let table = Table::of(args, objects[0].resource, format, is_mixed, world);
        let mut rows: Vec<Vec<String>> = Vec::new();
        if !args.flag("no-headers") {
            rows.push(table.header());
        }
        rows.extend(objects.iter().map(|each| table.row(&each.object)));
        text.push_str(&Columns::default().lines(&rows));
    }
    text
}

/// How the objects of one type are made rows.
struct Table<'a> {
    resource: Resource,
    printing: Printing,
    custom: Option<&'a [(String, Path)]>,
    with_namespace: bool,
    with_kind: bool,
    with_labels: bool,
    label_columns: Vec<&'a str>,
}

impl<'a> Table<'a> {
    fn of(
        args: &'a Args,
        resource: Resource,
        format: &'a Format,
        is_mixed: bool,
        world: &dyn World,
    ) -> Self {
        let wide = matches!(format, Format::Table { wide: true });
        let custom = match format {
            Format::Custom(columns) => Some(columns.as_slice()),
            _ => None,
        };
        Self {
            resource,
            printing: Printing { now: world.now(), wide, kubernetes: world.kubernetes() },
            custom,
            with_namespace: args.flag("all-namespaces") && resource.is_namespaced,
            with_kind: is_mixed || args.flag("show-kind"),
            with_labels: args.flag("show-labels"),
            label_columns: args.texts("label-columns").flat_map(|keys| keys.split(',')).collect(),
        }
    }

    fn header(&self) -> Vec<String> {
        if let Some(custom) = self.custom {
            return custom.iter().map(|(title, _)| title.clone()).collect();
        }
        let mut header = columns::header(&self.resource, &self.printing);
        if self.with_namespace {
            header.insert(0, "NAMESPACE".into());
        }
        let last = |key: &&str| key.rsplit('/').next().unwrap_or_default().to_uppercase();
        header.extend(self.label_columns.iter().map(last));
        header.extend(self.with_labels.then(|| "LABELS".into()));
        header
    }

    fn row(&self, object: &Value) -> Vec<String> {
        if let Some(custom) = self.custom {
            return custom.iter().map(|(_, path)| custom::cell(path, object)).collect();
        }
        let meta = object.at("metadata");
        let mut row = columns::row(&self.resource, object, &self.printing);
        if self.with_kind && self.resource.name != "events" {
            row[0] = self.resource.object(&row[0]);
        }
        if self.with_namespace {
            row.insert(0, meta.text("namespace").into());
        }
        let own = |key: &&str| meta.at("labels").opt_text(key).unwrap_or("").to_owned();
        row.extend(self.label_columns.iter().map(own));
        row.extend(self.with_labels.then(|| super::print::labels(meta.at("labels"))));
        row
    }
}

fn watch(args: &Args, selection: &Selection, context: &mut Context) -> Progress {
    let mut job = Watch {
        args: args.clone(),
        resources: selection.resources.clone(),
        named: selection.found.iter().map(|found| found.name().to_owned()).collect(),
        is_named: selection.is_named,
        seen: BTreeMap::new(),
        columns: Columns::default(),
        has_header: args.flag("no-headers"),
    };
    if args.flag("watch-only") {
        job.seen = job.objects(context.world);
        return Progress::Waiting(Box::new(job));
    }
    match job.poll(context.world, context.out) {
        Some(status) => Progress::Done(status),
        None => Progress::Waiting(Box::new(job)),
    }
}

/// `kubectl get -w`: prints every object that there is, and then every change.
struct Watch {
    args: Args,
    resources: Vec<Resource>,
    named: Vec<String>,
    is_named: bool,
    /// What was printed last, by resource, namespace, name and UID.
    seen: BTreeMap<(usize, String, String, String), Rc<Value>>,
    columns: Columns,
    has_header: bool,
}

impl Watch {
    fn objects(&self, world: &dyn World) -> BTreeMap<(usize, String, String, String), Rc<Value>> {
        let mut objects = BTreeMap::new();
        for (index, resource) in self.resources.iter().enumerate() {
            for object in select::list(&self.args, resource, world).unwrap_or_default() {
                let meta = object.at("metadata");
                let (namespace, name) = (meta.text("namespace"), meta.text("name"));
                if self.is_named && !self.named.iter().any(|own| own == name) {
                    continue;
                }
                let key = (index, namespace.into(), name.into(), meta.text("uid").into());
                objects.insert(key, object);
            }
        }
        objects
    }
}

impl Job for Watch {
    fn poll(&mut self, world: &mut dyn World, out: &mut Output) -> Option<i32> {
        let format = match self.args.text("output") {
            Some("wide") => Format::Table { wide: true },
            _ => Format::Table { wide: false },
        };
        let is_name = self.args.text("output") == Some("name");
        let now = self.objects(world);
        let gone = self.seen.iter().filter(|(key, _)| !now.contains_key(*key));
        let gone: Vec<_> = gone.map(|(key, object)| (key.0, Rc::clone(object))).collect();
        let is_new = |key: &_, object: &Rc<Value>| {
            self.seen.get(key).is_none_or(|old| !Rc::ptr_eq(old, object) && old != object)
        };
        let new = now.iter().filter(|(key, object)| is_new(key, object));
        let changed: Vec<_> =
            gone.into_iter().chain(new.map(|(key, object)| (key.0, Rc::clone(object)))).collect();
        self.seen = now;
        let is_mixed = self.resources.len() > 1;
        for (index, object) in changed {
            let resource = self.resources[index];
            if is_name {
                out.line(&resource.object(object.at("metadata").text("name")));
                continue;
            }
            let table = Table::of(&self.args, resource, &format, is_mixed, world);
            let mut rows = Vec::new();
            if !self.has_header {
                rows.push(table.header());
                self.has_header = true;
            }
            rows.push(table.row(&object));
            out.print(&self.columns.lines(&rows));
        }
        None
    }
}
