//! What templates are filled in with: `.Release`, `.Chart`, `.Capabilities`.
//!
//! Source: <https://helm.sh/docs/chart_template_guide/builtin_objects/>; upstream:
//! `pkg/chart/metadata.go`, `pkg/chartutil/capabilities.go`.

use super::About;
use crate::api::{Resource, Tree};
use crate::template::value::Object;
use crate::template::{Value, format};
use crate::terminal::helm::chart::Chart;
use crate::terminal::helm::ground::VERSION;
use serde_json::{Value as Json, json};
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
    let annotations = own.at("annotations").as_object().into_iter().flatten();
    let annotations = annotations.map(|(key, it)| (key.clone(), it.as_str().unwrap_or("").into()));
    let annotations = Value::Object(Rc::new(Texts(annotations.collect())));
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
    let metadata = Struct::value("chart.Metadata", fields.clone(), String::new(), full(own));
    let fields: [_; 19] =
        std::array::from_fn(|at| fields.get(at).cloned().unwrap_or(("Metadata", metadata.clone())));
    let mut json = full(own);
    json.put("IsRoot", is_root);
    Struct::value(CHART, fields, shown, json)
}

/// What Go prints of a pointer: some place in memory.
const POINTER: &str = "0xc000000000";

/// An object without its members that say nothing.
fn full(json: &Json) -> Json {
    let says = |value: &Json| match value {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Bool(it) => *it,
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
        Json::Number(_) => true,
    };
    let members = json.as_object().into_iter().flatten();
    members.filter(|(_, it)| says(it)).map(|(key, it)| (key.clone(), it.clone())).collect()
}

fn structs(items: &[Json], of: fn(&Json) -> Value) -> Value {
    Value::list(items.iter().map(of))
}

fn maintainer(json: &Json) -> Value {
    let text = |name: &str| Value::from(json.text(name));
    let fields = [("Name", text("name")), ("Email", text("email")), ("URL", text("url"))];
    Struct::value("*chart.Maintainer", fields, POINTER.into(), full(json))
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
    Struct::value("*chart.Dependency", fields, POINTER.into(), full(json))
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
    let own = |name: &str| fields.iter().find(|(own, _)| *own == name).map(|(_, it)| it.json());
    let json = json!({"Version": version, "Major": own("Major"), "Minor": own("Minor")});
    let kubernetes = Struct::value("chartutil.KubeVersion", fields, version.into(), json);
    let fields = [
        ("Version", VERSION.into()),
        ("GitCommit", "".into()),
        ("GitTreeState", "".into()),
        ("GoVersion", GO.into()),
    ];
    let json = json!({"version": VERSION, "go_version": GO});
    let shown = format!("{{{VERSION}   {GO}}}");
    let helm = Struct::value("version.BuildInfo", fields, shown, json);
    let versions = ApiVersions { more: about.api_versions.clone(), served: about.served.clone() };
    let fields = [
        ("KubeVersion", kubernetes),
        ("APIVersions", Value::Object(Rc::new(versions))),
        ("HelmVersion", helm),
    ];
    let json = json!({"KubeVersion": fields[0].1.json(), "HelmVersion": fields[2].1.json()});
    Struct::value("*chartutil.Capabilities", fields, POINTER.into(), json)
}

/// The version of Go that Helm was built with.
const GO: &str = "go1.26.8";

/// Something with fields.
#[derive(Debug)]
struct Struct {
    type_name: &'static str,
    fields: BTreeMap<String, Value>,
    shown: String,
    /// As JSON, with the names that files have.
    json: Json,
}

impl Struct {
    fn value<const COUNT: usize>(
        type_name: &'static str,
        fields: [(&str, Value); COUNT],
        shown: String,
        json: Json,
    ) -> Value {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Value::Object(Rc::new(Self { type_name, fields, shown, json }))
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

    fn string(&self) -> String {
        match (self.type_name, &self.json) {
            // `String` belongs to the pointer.
            ("chartutil.KubeVersion", own) => {
                let [version, major, minor] = ["Version", "Major", "Minor"].map(|it| own.text(it));
                format!("{{{version} {major} {minor}}}")
            }
            _ => self.shown.clone(),
        }
    }

    fn json(&self) -> Json {
        self.json.clone()
    }
}

/// A `map[string]string`: what is missing is an empty text.
#[derive(Debug)]
struct Texts(BTreeMap<String, String>);

impl Object for Texts {
    fn type_name(&self) -> &'static str {
        "map[string]string"
    }

    fn field(&self, name: &str) -> Option<Value> {
        Some(self.0.get(name).map_or("", String::as_str).into())
    }

    fn is_map(&self) -> bool {
        true
    }

    fn text(&self) -> String {
        let each: Vec<String> = self.0.iter().map(|(key, text)| format!("{key}:{text}")).collect();
        format!("map[{}]", each.join(" "))
    }

    fn fields(&self) -> BTreeMap<String, Value> {
        self.0.iter().map(|(key, text)| (key.clone(), text.as_str().into())).collect()
    }
}

/// The versions of APIs that Helm knows without a server: those of client-go.
const KNOWN: &str = "v1 \
    admissionregistration.k8s.io/v1 admissionregistration.k8s.io/v1alpha1 admissionregistration.k8s.io/v1beta1 \
    internal.apiserver.k8s.io/v1alpha1 apps/v1 apps/v1beta1 apps/v1beta2 \
    authentication.k8s.io/v1 authentication.k8s.io/v1alpha1 authentication.k8s.io/v1beta1 \
    authorization.k8s.io/v1 authorization.k8s.io/v1beta1 \
    autoscaling/v1 autoscaling/v2 batch/v1 batch/v1beta1 \
    certificates.k8s.io/v1 certificates.k8s.io/v1beta1 certificates.k8s.io/v1alpha1 \
    coordination.k8s.io/v1alpha2 coordination.k8s.io/v1beta1 coordination.k8s.io/v1 \
    discovery.k8s.io/v1 discovery.k8s.io/v1beta1 events.k8s.io/v1 events.k8s.io/v1beta1 extensions/v1beta1 \
    flowcontrol.apiserver.k8s.io/v1 flowcontrol.apiserver.k8s.io/v1beta1 \
    flowcontrol.apiserver.k8s.io/v1beta2 flowcontrol.apiserver.k8s.io/v1beta3 \
    lifecycle.k8s.io/v1alpha1 networking.k8s.io/v1 networking.k8s.io/v1beta1 \
    node.k8s.io/v1 node.k8s.io/v1alpha1 node.k8s.io/v1beta1 policy/v1 policy/v1beta1 \
    rbac.authorization.k8s.io/v1 rbac.authorization.k8s.io/v1beta1 rbac.authorization.k8s.io/v1alpha1 \
    resource.k8s.io/v1 resource.k8s.io/v1beta2 resource.k8s.io/v1beta1 resource.k8s.io/v1alpha3 \
    scheduling.k8s.io/v1alpha3 scheduling.k8s.io/v1beta1 scheduling.k8s.io/v1 \
    storage.k8s.io/v1beta1 storage.k8s.io/v1 storage.k8s.io/v1alpha1 \
    storagemigration.k8s.io/v1 storagemigration.k8s.io/v1beta1 \
    apiextensions.k8s.io/v1beta1 apiextensions.k8s.io/v1";

/// The groups and kinds that the server serves.
#[derive(Debug)]
struct ApiVersions {
    /// Those of the command line.
    more: Vec<String>,
    /// What a server serves, which tells kinds, too; none if no server was asked.
    served: Option<Vec<Resource>>,
}

impl ApiVersions {
    /// Those that are known without a server, and those of the command line.
    fn all(&self) -> impl Iterator<Item = &str> {
        KNOWN.split(' ').chain(self.more.iter().map(String::as_str))
    }
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
        let asked = arguments.first().map(format::show).unwrap_or_default();
        let is_own = |resource: &Resource| {
            let version = &resource.api_version;
            *version == asked || format!("{version}/{}", resource.kind) == asked
        };
        let has = match &self.served {
            Some(served) => served.iter().any(is_own),
            None => KNOWN.split(' ').any(|own| own == asked),
        };
        Ok((has || self.more.contains(&asked)).into())
    }

    fn length(&self) -> Option<usize> {
        Some(self.all().count())
    }

    fn json(&self) -> Json {
        self.all().collect()
    }

    fn text(&self) -> String {
        format!("[{}]", self.all().collect::<Vec<_>>().join(" "))
    }
}
