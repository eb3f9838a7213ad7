//! What templates are filled in with: `.Release`, `.Chart`, `.Capabilities`.
//!
//! Source: <https://helm.sh/docs/chart_template_guide/builtin_objects/>; upstream:
//! `pkg/chart/metadata.go`, `pkg/chartutil/capabilities.go`.

use super::About;
use crate::api::Tree;
use crate::template::value::Object;
use crate::template::{Value, format};
use crate::terminal::helm::VERSION;
use crate::terminal::helm::chart::Chart;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::rc::Rc;

/// `.Release`.
pub fn release(about: &About) -> Value {
    Value::map([
        ("Name", about.name.as_str().into()),
        ("Namespace", about.namespace.as_str().into()),
        ("Service", "Helm".into()),
        ("IsUpgrade", about.is_upgrade.into()),
        ("IsInstall", (!about.is_upgrade).into()),
        ("Revision", Value::Int(about.revision)),
    ])
}

/// The type of `.Chart`.
const CHART: &str = "struct { chart.Metadata; IsRoot bool }";

/// `.Chart`: what `Chart.yaml` says, by the names that templates use.
pub fn metadata(chart: &Chart, is_root: bool) -> Value {
    let own = &chart.metadata;
    let text = |name: &str| Value::from(own.text(name));
    let list = |name: &str| match own.at(name) {
        Json::Array(_) => Value::of_floats(own.at(name)),
        _ => Value::list([]),
    };
    let annotations = match own.at("annotations") {
        Json::Object(_) => Value::of_floats(own.at("annotations")),
        _ => Value::map::<String>([]),
    };
    // In the order in which Go prints them.
    let fields = [
        ("Name", text("name")),
        ("Home", text("home")),
        ("Sources", list("sources")),
        ("Version", text("version")),
        ("Description", text("description")),
        ("Keywords", list("keywords")),
        ("Maintainers", structs(own.items("maintainers"), maintainer)),
        ("Icon", text("icon")),
        ("APIVersion", text("apiVersion")),
        ("Condition", text("condition")),
        ("Tags", text("tags")),
        ("AppVersion", chart.app_version().into()),
        ("Deprecated", own.flag("deprecated").into()),
        ("Annotations", annotations),
        ("KubeVersion", text("kubeVersion")),
        ("Dependencies", structs(own.items("dependencies"), dependency)),
        ("Type", text("type")),
        ("IsRoot", is_root.into()),
    ];
    let shown: Vec<String> = fields[..17].iter().map(|(_, value)| format::show(value)).collect();
    let shown = format!("{{{{{}}} {is_root}}}", shown.join(" "));
    Struct::value(CHART, fields, shown)
}

fn structs(items: &[Json], of: fn(&Json) -> Value) -> Value {
    Value::list(items.iter().map(of))
}

fn maintainer(json: &Json) -> Value {
    let text = |name: &str| Value::from(json.text(name));
    let fields = [("Name", text("name")), ("Email", text("email")), ("URL", text("url"))];
    Struct::value("*chart.Maintainer", fields, "0xc000000000".into())
}

fn dependency(json: &Json) -> Value {
    let text = |name: &str| Value::from(json.text(name));
    let fields = [
        ("Name", text("name")),
        ("Version", text("version")),
        ("Repository", text("repository")),
        ("Condition", text("condition")),
        ("Tags", Value::of_floats(json.at("tags"))),
        ("Enabled", Value::Bool(true)),
        ("Alias", text("alias")),
    ];
    Struct::value("*chart.Dependency", fields, "0xc000000000".into())
}

/// `.Capabilities`.
pub fn capabilities(about: &About) -> Value {
    let version = about.kubernetes.as_str();
    let mut numbers = version.trim_start_matches('v').split('.');
    let mut number = || Value::from(numbers.next().unwrap_or_default());
    let fields = [
        ("Version", version.into()),
        ("Major", number()),
        ("Minor", number()),
        ("GitVersion", version.into()),
        ("String", version.into()),
    ];
    let kubernetes = Struct::value("chartutil.KubeVersion", fields, version.into());
    let fields = [
        ("Version", VERSION.into()),
        ("GitCommit", "".into()),
        ("GitTreeState", "".into()),
        ("GoVersion", GO.into()),
    ];
    let helm = Struct::value("version.BuildInfo", fields, format!("{{{VERSION}   {GO}}}"));
    let versions = ApiVersions { more: about.api_versions.clone(), has_kinds: about.has_kinds };
    let fields = [
        ("KubeVersion", kubernetes),
        ("APIVersions", Value::Object(Rc::new(versions))),
        ("HelmVersion", helm),
    ];
    Struct::value("*chartutil.Capabilities", fields, "0xc000000000".into())
}

/// The version of Go that Helm was built with.
const GO: &str = "go1.26.8";

/// Something with fields.
#[derive(Debug)]
struct Struct {
    type_name: &'static str,
    fields: BTreeMap<String, Value>,
    shown: String,
}

impl Struct {
    fn value<const COUNT: usize>(
        type_name: &'static str,
        fields: [(&str, Value); COUNT],
        shown: String,
    ) -> Value {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Value::Object(Rc::new(Self { type_name, fields, shown }))
    }
}

impl Object for Struct {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name).cloned()
    }

    fn text(&self) -> String {
        self.shown.clone()
    }

    fn fields(&self) -> BTreeMap<String, Value> {
        self.fields.clone()
    }
}

/// The groups and kinds that the server serves.
#[derive(Debug)]
struct ApiVersions {
    /// Those of the command line.
    more: Vec<String>,
    /// Whether a server was asked, which tells kinds, too.
    has_kinds: bool,
}

impl Object for ApiVersions {
    fn type_name(&self) -> &'static str {
        "chartutil.VersionSet"
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn parameters(&self, name: &str) -> Option<&'static str> {
        (name == "Has").then_some("s")
    }

    fn call(&self, _name: &str, arguments: &[Value]) -> Result<Value, String> {
        use crate::terminal::kubectl::resources::Resource;
        let asked = arguments.first().map(format::show).unwrap_or_default();
        let is_own = |resource: Resource| {
            let version = &resource.api_version;
            *version == asked || (self.has_kinds && format!("{version}/{}", resource.kind) == asked)
        };
        Ok((self.more.contains(&asked) || Resource::all().any(is_own)).into())
    }

    fn text(&self) -> String {
        "[v1 apps/v1]".into()
    }
}
