//! `kubectl get`.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/get/get.go`.

use super::flags::Args;
use super::ground::{Context, Done};
use super::print::custom;
use super::print::go_syntax;
use super::print::go_template::GoTemplate;
use super::select::{self, Found, Selection};
use super::sorting;
use crate::api::Resource;
use crate::api::Tree;
use crate::client::Failure;
use crate::manifest::{emit, kyaml};
use crate::print::jsonpath::{self, Path, Template};
use crate::print::{Columns, Printing, labels, table};
use crate::terminal::job::{Job, Progress};
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
    if args.has("raw") && !args.words.is_empty() {
        return Err(Failure::error("arguments may not be passed when --raw is specified"));
    }
    let format = Format::of(args, context)?;
    let follows = args.flag("watch") || args.flag("watch-only");
    if args.flag("output-watch-events") && !follows {
        let text = "--output-watch-events option can only be used with --watch or --watch-only";
        return Err(Failure::error(text));
    }
    let mut selection = select::select(args, &args.words, context)?;
    sorting::sort(args, &format, &mut selection)?;
    if args.flag("ignore-not-found") {
        selection.errors.retain(|error| !select::is_not_found(error));
    }
    if follows {
        return watch(args, &selection, context);
    }
    match &format {
        Format::Table { .. } if selection.found.is_empty() => {
            let is_said = selection.errors.is_empty() && !selection.is_named;
            if is_said && !args.flag("ignore-not-found") {
                select::say_nothing_found(args, &selection, context);
            }
        }
        Format::Table { .. } => {
            let text = tables(args, &selection, &format, context.world);
            context.out.print(&text);
        }
        _ if selection.found.is_empty() && is_silent(args, &selection) => {}
        Format::Custom(columns) => {
            let objects = selection.found.iter().map(|found| &*found.object);
            let rows = custom::rows(columns, !args.flag("no-headers"), objects)?;
            context.out.print(&table::Columns::default().lines(&rows));
        }
        Format::Name => {
            selection.found.iter().for_each(|found| context.out.line(&found.title()));
        }
        _ => {
            let is_whole = matches!(format, Format::Json | Format::Yaml | Format::Kyaml);
            if is_whole && is_too_long(&selection.found) {
                return Err(Failure::error(format!(
                    "the objects come to more than {} MiB, which no command prints in the \
                     playground; name fewer of them, or use a table or -o jsonpath",
                    jsonpath::MOST_PRINTED >> 20
                )));
            }
            let value = value(args, &format, &selection);
            context.out.print(&print_value(&format, &value)?);
        }
    }
    selection.errors.iter().for_each(|error| context.out.error(&error.text()));
    Ok(Progress::Done(i32::from(!selection.errors.is_empty())))
}

/// Whether objects are sure to come to more text than a command may print.
fn is_too_long(found: &[Found]) -> bool {
    let mut left = jsonpath::MOST_PRINTED;
    found.iter().any(|each| {
        let managers = length(each.object.at("metadata").at("managedFields"), 2);
        let own = length(&each.object, 1).saturating_sub(managers);
        let rest = left.checked_sub(own);
        left = rest.unwrap_or(0);
        rest.is_none()
    })
}

/// How long the text of a value is at least, as YAML at a level.
fn length(value: &Value, level: usize) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(|item| 2 + length(item, level)).sum(),
        Value::Object(members) => {
            let member = |(key, member): (&String, &Value)| {
                2 * level + 2 + key.len() + length(member, level + 1)
            };
            members.iter().map(member).sum()
        }
        _ => 1,
    }
}

/// Whether nothing is printed where there are no objects, not even an empty list.
fn is_silent(args: &Args, selection: &Selection) -> bool {
    selection.is_single || args.flag("ignore-not-found")
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
    /// As KYAML.
    Kyaml,
    /// As `type/name`.
    Name,
    /// By a template of JSONPath.
    JsonPath(String, Template, jsonpath::Style),
    /// By a template of Go.
    GoTemplate(Rc<GoTemplate>),
    /// As columns with titles and paths.
    Custom(Vec<(String, Path)>),
}

impl Format {
    /// Whether who owns which fields is left out: only where all of an object is printed.
    pub fn hides_managed_fields(&self, args: &Args) -> bool {
        let is_whole = matches!(self, Self::Json | Self::Yaml | Self::Kyaml);
        is_whole && !args.flag("show-managed-fields")
    }

    /// The format that `-o` names.
    ///
    /// # Errors
    /// An unknown format, or a template that cannot be read.
    pub fn of(args: &Args, context: &Context) -> Result<Self, Failure> {
        let output = match (args.text("output"), args.text("template")) {
            (None, Some(template)) if !template.is_empty() => "go-template",
            (output, _) => output.unwrap_or_default(),
        };
        let (given_name, rest) = output.split_once('=').unwrap_or((output, ""));
        let name = given_name.to_lowercase();
        let rest = match (rest, args.text("template")) {
            ("", Some(template)) if !name.ends_with("file") => template.to_owned(),
            (rest, template) if name.ends_with("file") => {
                let path = if rest.is_empty() { template.unwrap_or_default() } else { rest };
                let what = if name.starts_with("custom") { "template" } else { "--template" };
                context.files.read(path).ok_or_else(|| {
                    Failure::error(format!(
                        "error reading {what} {path}, open {path}: no such file or directory"
                    ))
                })?
            }
            (rest, _) => rest.to_owned(),
        };
        match name.as_str() {
            "" => Ok(Self::Table { wide: false }),
            "wide" => Ok(Self::Table { wide: true }),
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml),
            "kyaml" => Ok(Self::Kyaml),
            "name" => Ok(Self::Name),
            "jsonpath" | "jsonpath-file" | "jsonpath-as-json" => {
                let text = given(&rest)?.to_owned();
                let template = Template::parse(&text).map_err(|why| {
                    Failure::error(format!("error parsing jsonpath {text}, {why}"))
                })?;
                let style = jsonpath::Style {
                    is_strict: !args.flag_or("allow-missing-template-keys", true),
                    is_json: name == "jsonpath-as-json",
                };
                Ok(Self::JsonPath(text, template, style))
            }
            "go-template" | "go-template-file" | "template" | "templatefile" => {
                let rest = given(&rest)?;
                GoTemplate::read(rest).map(|template| Self::GoTemplate(Rc::new(template)))
            }
            "custom-columns" | "custom-columns-file" => custom(&rest),
            _ => Err(Failure::error(format!(
                "unable to match a printer suitable for the output format \"{given_name}\", allowed \
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
fn value(args: &Args, format: &Format, selection: &Selection) -> Value {
    let shown = |found: &Found| {
        let mut object = (*found.object).clone();
        if format.hides_managed_fields(args) {
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
        Format::Kyaml => kyaml::kyaml(value),
        Format::JsonPath(text, template, style) => {
            template.print_as(value, *style).map_err(|why| match why.as_str() {
                // What explains a failure would be more of it.
                jsonpath::TOO_MUCH => Failure::error(why),
                why => Failure::error(format!(
                    "error executing jsonpath \"{text}\": Error executing template: {why}. \
                     Printing more information for debugging the template:\n\ttemplate was:\n\
                     \t\t{text}\n\tobject given to jsonpath engine was:\n\t\t{}\n\n",
                    go_syntax(value)
                )),
            })?
        }
        Format::GoTemplate(template) => template.print(value)?,
        _ => emit::folded_yaml(value),
    })
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
        text.push_str(&table::Columns::default().lines(&rows));
    }
    text
}

/// How the objects of one type are made rows.
struct Table<'a> {
    resource: Resource,
    columns: Columns,
    printing: Printing,
    with_namespace: bool,
    with_kind: bool,
    with_labels: bool,
    label_columns: Vec<&'a str>,
}

impl<'a> Table<'a> {
    fn of(
        args: &'a Args,
        resource: Resource,
        format: &Format,
        is_mixed: bool,
        world: &dyn World,
    ) -> Self {
        let wide = matches!(format, Format::Table { wide: true });
        let columns = match args.flag_or("server-print", true) {
            true => Columns::of_resource(&resource),
            false => *Columns::plain(),
        };
        Self {
            resource,
            columns,
            printing: Printing { now: world.now(), wide, kubernetes: world.kubernetes() },
            with_namespace: args.flag("all-namespaces") && resource.is_namespaced,
            with_kind: is_mixed || args.flag("show-kind"),
            with_labels: args.flag("show-labels"),
            label_columns: args.texts("label-columns").flat_map(|keys| keys.split(',')).collect(),
        }
    }

    fn header(&self) -> Vec<String> {
        let mut header = self.columns.header(self.printing.wide);
        if self.with_namespace {
            header.insert(0, "NAMESPACE".into());
        }
        let last = |key: &&str| key.rsplit('/').next().unwrap_or_default().to_uppercase();
        header.extend(self.label_columns.iter().map(last));
        header.extend(self.with_labels.then(|| "LABELS".into()));
        header
    }

    fn row(&self, object: &Value) -> Vec<String> {
        let meta = object.at("metadata");
        let mut row = self.columns.row(object, &self.printing);
        if self.with_kind && self.resource.name != "events" {
            row[0] = self.resource.object(&row[0]);
        }
        if self.with_namespace {
            row.insert(0, meta.text("namespace").into());
        }
        let own = |key: &&str| meta.at("labels").opt_text(key).unwrap_or("").to_owned();
        row.extend(self.label_columns.iter().map(own));
        row.extend(self.with_labels.then(|| labels(meta.at("labels"))));
        row
    }
}

fn watch(args: &Args, selection: &Selection, context: &mut Context) -> Done {
    if selection.resources.len() > 1 {
        let text = "watch is only supported on individual resources and resource collections - \
                    more than 1 resource was found";
        return Err(Failure::error(text));
    }
    if args.text("sort-by").is_some_and(|path| !path.is_empty()) {
        let text =
            "warning: --watch requested, --sort-by will be ignored for watch events received";
        context.out.error(text);
    }
    let mut job = Watch {
        args: args.clone(),
        resources: selection.resources.clone(),
        named: selection.found.iter().map(|found| found.name().to_owned()).collect(),
        is_named: selection.is_named,
        seen: BTreeMap::new(),
        columns: table::Columns::default(),
        has_header: args.flag("no-headers"),
    };
    if args.flag("watch-only") {
        job.seen = job.objects(context.world);
        return Ok(Progress::Waiting(Box::new(job)));
    }
    let progress = match job.poll(context.world, context.out) {
        Some(status) => Progress::Done(status),
        None => Progress::Waiting(Box::new(job)),
    };
    if selection.found.len() > 1 && selection.is_named {
        let text = "you may only watch a single resource or type of resource at a time";
        return Err(Failure::error(text));
    }
    Ok(progress)
}

/// `kubectl get -w`: prints every object that there is, and then every change.
#[derive(Clone)]
struct Watch {
    args: Args,
    resources: Vec<Resource>,
    named: Vec<String>,
    is_named: bool,
    /// What was printed last, by resource, namespace, name and UID.
    seen: BTreeMap<(usize, String, String, String), Rc<Value>>,
    columns: table::Columns,
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
        let is_first = self.seen.is_empty();
        self.seen = now;
        let mut batch = Vec::new();
        for (index, object) in changed {
            let resource = self.resources[index];
            if is_name {
                out.line(&resource.object(object.at("metadata").text("name")));
                continue;
            }
            let table = Table::of(&self.args, resource, &format, false, world);
            if !self.has_header {
                batch.push(table.header());
                self.has_header = true;
            }
            batch.push(table.row(&object));
            // What there is at the beginning stands in one table, later changes each for itself.
            if !is_first {
                out.print(&self.columns.lines(&std::mem::take(&mut batch)));
            }
        }
        out.print(&self.columns.lines(&batch));
        None
    }
}
