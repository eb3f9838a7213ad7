//! What templates are filled in with: `.Release`, `.Chart`, `.Capabilities`, `.Files`.
//!
//! Source: <https://helm.sh/docs/chart_template_guide/builtin_objects/>.

use super::About;
use crate::api::{Tree, base64};
use crate::template::Value;
use crate::template::value::Object;
use crate::terminal::helm::VERSION;
use crate::terminal::helm::chart::Chart;
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

/// The fields of `Chart.yaml` by the names that templates use.
pub fn metadata(chart: &Chart, is_root: bool) -> Value {
    let mut fields = BTreeMap::new();
    for name in [
        "apiVersion",
        "appVersion",
        "condition",
        "description",
        "home",
        "icon",
        "kubeVersion",
        "name",
        "tags",
        "type",
        "version",
    ] {
        let text = match name {
            "appVersion" => chart.app_version(),
            name => chart.metadata.text(name).to_owned(),
        };
        fields.insert(capital(name), text.into());
    }
    let deprecated = chart.metadata.flag("deprecated");
    fields.insert("Deprecated".into(), deprecated.into());
    fields.insert("IsRoot".into(), is_root.into());
    for name in ["annotations", "dependencies", "keywords", "maintainers", "sources"] {
        fields.insert(capital(name), Value::of_floats(chart.metadata.at(name)));
    }
    fields.insert("APIVersion".into(), chart.metadata.text("apiVersion").into());
    Value::Object(Rc::new(Struct { type_name: "interface {}", fields, shown: chart.title() }))
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

/// `.Capabilities`.
pub fn capabilities(about: &About) -> Value {
    let version = about.kubernetes.as_str();
    let mut numbers = version.trim_start_matches('v').split('.');
    let mut number = || numbers.next().unwrap_or_default().to_owned();
    let fields = BTreeMap::from([
        ("Version".to_owned(), version.into()),
        ("GitVersion".to_owned(), version.into()),
        ("Major".to_owned(), number().into()),
        ("Minor".to_owned(), number().into()),
    ]);
    let kubernetes = Struct { type_name: "interface {}", fields, shown: version.into() };
    let fields = BTreeMap::from([
        ("Version".to_owned(), Value::from(VERSION)),
        ("GitCommit".to_owned(), "".into()),
        ("GoVersion".to_owned(), "go1.26".into()),
    ]);
    let helm = Struct { type_name: "interface {}", fields, shown: VERSION.into() };
    Value::map([
        ("KubeVersion", Value::Object(Rc::new(kubernetes))),
        ("HelmVersion", Value::Object(Rc::new(helm))),
        ("APIVersions", Value::Object(Rc::new(ApiVersions))),
    ])
}

/// Something with fields.
#[derive(Debug)]
struct Struct {
    type_name: &'static str,
    fields: BTreeMap<String, Value>,
    shown: String,
}

impl Object for Struct {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields.get(name).cloned()
    }

    fn call(&self, _name: &str, _arguments: &[Value]) -> Option<Result<Value, String>> {
        None
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
struct ApiVersions;

impl Object for ApiVersions {
    fn type_name(&self) -> &'static str {
        "chartutil.VersionSet"
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        use crate::terminal::kubectl::resources::Resource;
        if name != "Has" {
            return None;
        }
        let [Value::Text(asked)] = arguments else {
            let count = arguments.len();
            return Some(Err(format!("wrong number of args for Has: want 1 got {count}")));
        };
        let has = Resource::all().any(|resource| {
            *resource.api_version == **asked
                || format!("{}/{}", resource.api_version, resource.kind) == **asked
        });
        Some(Ok(has.into()))
    }

    fn text(&self) -> String {
        "[v1 apps/v1]".into()
    }
}

/// `.Files`.
#[derive(Debug)]
pub struct FilesOf(pub Vec<(String, String)>);

impl Object for FilesOf {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        let asked = match arguments {
            [Value::Text(asked)] => asked.to_string(),
            _ => String::new(),
        };
        let text = || {
            let found = self.0.iter().find(|(name, _)| *name == asked);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        Some(Ok(match name {
            "Get" | "GetBytes" => text().into(),
            "Lines" => Value::list(text().lines().map(Value::from)),
            "Glob" => {
                let own = self.0.iter().filter(|(name, _)| is_like(name, &asked));
                Value::Object(Rc::new(Self(own.cloned().collect())))
            }
            "AsConfig" | "AsSecrets" => {
                let plain =
                    |(name, text): &(String, String)| (base(name), Value::from(text.as_str()));
                let encoded = |(name, text): &(String, String)| {
                    (base(name), Value::from(base64::encode(text.as_bytes())))
                };
                let all = match name {
                    "AsSecrets" => Value::map(self.0.iter().map(encoded)),
                    _ => Value::map(self.0.iter().map(plain)),
                };
                match self.0.is_empty() {
                    true => "".into(),
                    false => crate::template::yaml_text(&all).into(),
                }
            }
            _ => return None,
        }))
    }

    fn text(&self) -> String {
        let each = self.0.iter().map(|(name, text)| {
            let bytes: Vec<String> = text.bytes().map(|byte| byte.to_string()).collect();
            format!("{name}:[{}]", bytes.join(" "))
        });
        format!("map[{}]", each.collect::<Vec<_>>().join(" "))
    }

    fn fields(&self) -> BTreeMap<String, Value> {
        self.0.iter().map(|(name, text)| (name.clone(), text.as_str().into())).collect()
    }
}

/// Whether a path is like a pattern: `*` is any text without a slash, `**` any text.
fn is_like(path: &str, pattern: &str) -> bool {
    match pattern.find('*') {
        None => path == pattern,
        Some(at) => {
            let Some(rest) = path.strip_prefix(&pattern[..at]) else { return false };
            let behind = &pattern[at..];
            let (is_deep, tail) = match behind.strip_prefix("**") {
                Some(tail) => (true, tail.strip_prefix('/').unwrap_or(tail)),
                None => (false, &behind[1..]),
            };
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .take_while(|at| is_deep || !rest[..*at].contains('/'))
                .any(|at| is_like(&rest[at..], tail))
        }
    }
}
