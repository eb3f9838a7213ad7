//! Which places of a manifest become values of a chart.

use super::super::Manifest;
use super::super::document::is_set;
use super::super::edit::Draft;
use super::super::emit;
use super::super::tree::{Content, Node};
use serde_json::{Map, Value};
use std::ops::Range;

/// One value of the chart.
pub(super) struct Setting {
    /// Where it stands among the values, such as `["image", "tag"]`.
    pub(super) keys: Vec<String>,
    /// What it is by default.
    pub(super) value: Value,
    /// One line about it; empty if its name says it.
    pub(super) about: &'static str,
    /// The values it may have, if they are few.
    pub(super) choices: &'static [&'static str],
}

/// A place in the text and the template that stands there.
pub(super) struct Place {
    pub(super) range: Range<usize>,
    pub(super) template: String,
}

/// The values, and their places in the order of the text.
pub(super) fn settings(manifest: &Manifest) -> (Vec<Setting>, Vec<Place>) {
    let draft = Draft::of(manifest);
    let sets: Vec<usize> = (0..draft.roots.len()).filter(|at| is_set(&draft.roots[*at])).collect();
    let mut finder = Finder { draft: &draft, settings: Vec::new(), places: Vec::new() };
    for set in &sets {
        let name = draft.scalar(*set, "metadata.name").unwrap_or_default();
        let prefix = if sets.len() > 1 { vec![camel(&name)] } else { Vec::new() };
        finder.set(*set, &prefix);
    }
    finder.places.sort_by_key(|place| place.range.start);
    (finder.settings, finder.places)
}

struct Finder<'a> {
    draft: &'a Draft,
    settings: Vec<Setting>,
    places: Vec<Place>,
}

const STRATEGIES: &[&str] = &["RollingUpdate", "OnDelete"];
const POLICIES: &[&str] = &["OrderedReady", "Parallel"];
const RETENTION: &[&str] = &["Retain", "Delete"];

impl Finder<'_> {
    fn set(&mut self, set: usize, prefix: &[String]) {
        let plain = [
            ("spec.replicas", "replicaCount", "Number of pods.", &[] as &[&str]),
            ("spec.podManagementPolicy", "podManagementPolicy", "Fixed once installed.", POLICIES),
            ("spec.updateStrategy.type", "updateStrategy.type", "", STRATEGIES),
            (
                "spec.updateStrategy.rollingUpdate.partition",
                "updateStrategy.partition",
                "Pods below this ordinal keep their revision.",
                &[],
            ),
            ("spec.minReadySeconds", "minReadySeconds", "", &[]),
            ("spec.revisionHistoryLimit", "revisionHistoryLimit", "", &[]),
            ("spec.ordinals.start", "ordinals.start", "", &[]),
            (
                "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
                "persistentVolumeClaimRetentionPolicy.whenDeleted",
                "What becomes of the claims when the StatefulSet is deleted.",
                RETENTION,
            ),
            (
                "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
                "persistentVolumeClaimRetentionPolicy.whenScaled",
                "What becomes of the claims of pods that are scaled away.",
                RETENTION,
            ),
            (
                "spec.template.spec.terminationGracePeriodSeconds",
                "terminationGracePeriodSeconds",
                "",
                &[],
            ),
        ];
        for (path, name, about, choices) in plain {
            self.scalar(set, path, prefix, name, about, choices);
        }
        let containers = "spec.template.spec.containers";
        for index in 0..self.count(set, containers) {
            let path = format!("{containers}[{index}]");
            let name = self.draft.scalar(set, &format!("{path}.name")).unwrap_or_default();
            let mut prefix = prefix.to_vec();
            if index > 0 {
                prefix.extend(["containers".to_owned(), camel(&name)]);
            }
            self.container(set, &path, &prefix);
        }
        let claims = "spec.volumeClaimTemplates";
        for index in 0..self.count(set, claims) {
            let path = format!("{claims}[{index}]");
            let name = self.draft.scalar(set, &format!("{path}.metadata.name")).unwrap_or_default();
            let key = format!("persistence.{}", camel(&name));
            let about = "Size of each pod's volume; fixed once installed.";
            let size = format!("{path}.spec.resources.requests.storage");
            self.scalar(set, &size, prefix, &format!("{key}.size"), about, &[]);
            let class = format!("{path}.spec.storageClassName");
            self.scalar(set, &class, prefix, &format!("{key}.storageClassName"), "", &[]);
        }
    }

    fn container(&mut self, set: usize, path: &str, prefix: &[String]) {
        self.image(set, &format!("{path}.image"), prefix);
        for list in ["requests", "limits"] {
            let resources = format!("{path}.resources.{list}");
            let names: Vec<String> = match self.draft.get(set, &resources) {
                Some(node) => node.entries().iter().filter_map(|(key, _)| key.key_text()).collect(),
                None => Vec::new(),
            };
            for name in names {
                let keys = ["resources", list, &name].map(str::to_owned);
                let keys = prefix.iter().cloned().chain(keys).collect();
                self.scalar_at(set, &format!("{resources}[{name}]"), keys, "", &[]);
            }
        }
        for probe in ["readinessProbe", "livenessProbe", "startupProbe"] {
            for field in [
                "initialDelaySeconds",
                "periodSeconds",
                "timeoutSeconds",
                "failureThreshold",
                "successThreshold",
            ] {
                let path = format!("{path}.{probe}.{field}");
                self.scalar(set, &path, prefix, &format!("{probe}.{field}"), "", &[]);
            }
        }
    }

    /// `repository:tag`, each a value of its own; a digest stays where it is.
    fn image(&mut self, set: usize, path: &str, prefix: &[String]) {
        let Some((range, Value::String(image))) = self.place(set, path) else { return };
        // Its parts come to stand between quotes and beside templates.
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
        if !image.bytes().all(is_plain) {
            return;
        }
        let slash = image.rfind('/').map_or(0, |at| at + 1);
        let end = image.find('@').unwrap_or(image.len());
        let colon = image[slash..end].find(':').map(|at| slash + at);
        let keys = |name: &str| -> Vec<String> {
            prefix.iter().cloned().chain(["image".to_owned(), name.to_owned()]).collect()
        };
        let value = |keys: &[String]| format!("{{{{ {} }}}}", reference(keys));
        let mut template = value(&keys("repository"));
        let (repository, digest) = (&image[..colon.unwrap_or(end)], &image[end..]);
        if !self.setting(keys("repository"), repository.into(), "", &[]) {
            return;
        }
        if let Some(colon) = colon {
            let tag = Value::from(&image[colon + 1..end]);
            template += &match self.setting(keys("tag"), tag, "", &[]) {
                true => format!(":{}", value(&keys("tag"))),
                false => image[colon..end].to_owned(),
            };
        }
        template += digest;
        self.places.push(Place { range, template: format!("\"{template}\"") });
    }

    fn count(&self, set: usize, path: &str) -> usize {
        self.draft.get(set, path).map_or(0, |node| node.items().len())
    }

    /// A scalar whose values are named with dots.
    fn scalar(
        &mut self,
        set: usize,
        path: &str,
        prefix: &[String],
        name: &str,
        about: &'static str,
        choices: &'static [&'static str],
    ) {
        let keys = prefix.iter().cloned().chain(name.split('.').map(str::to_owned)).collect();
        self.scalar_at(set, path, keys, about, choices);
    }

    fn scalar_at(
        &mut self,
        set: usize,
        path: &str,
        keys: Vec<String>,
        about: &'static str,
        choices: &'static [&'static str],
    ) {
        let Some((range, value)) = self.place(set, path) else { return };
        let reference = reference(&keys);
        let template = match &value {
            Value::String(text) if text.is_empty() => return,
            Value::String(_) => format!("{{{{ {reference} | quote }}}}"),
            // Values are floating-point numbers until they are asked not to be.
            Value::Number(number) if number.as_i64().is_some() => {
                format!("{{{{ {reference} | int64 }}}}")
            }
            _ => return,
        };
        if self.setting(keys, value, about, choices) {
            self.places.push(Place { range, template });
        }
    }

    /// Returns whether there is such a value: no other one stands where it would.
    fn setting(
        &mut self,
        keys: Vec<String>,
        value: Value,
        about: &'static str,
        choices: &'static [&'static str],
    ) -> bool {
        let clashes = |other: &Setting| {
            let both = keys.len().min(other.keys.len());
            let is_same = keys.len() == other.keys.len() && value == other.value;
            keys[..both] == other.keys[..both] && !is_same
        };
        if self.settings.iter().any(clashes) {
            return false;
        }
        self.settings.push(Setting { keys, value, about, choices });
        true
    }

    /// A scalar on one line that nothing else became a value of.
    fn place(&self, set: usize, path: &str) -> Option<(Range<usize>, Value)> {
        let node: &Node = self.draft.get(set, path)?;
        let Content::Scalar { value, block: false } = &node.content else { return None };
        let range = node.range.clone();
        let is_taken = self.places.iter().any(|place| place.range == range);
        let is_plain = !range.is_empty() && !self.draft.text[range.clone()].contains('\n');
        (is_plain && !is_taken).then(|| (range, value.clone()))
    }
}

/// A value as a template names it. Keys that are no identifiers are looked up.
fn reference(keys: &[String]) -> String {
    let is_plain = |key: &String| {
        !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !key.starts_with(|c: char| c.is_ascii_digit())
    };
    if keys.iter().all(is_plain) {
        return format!(".Values.{}", keys.join("."));
    }
    let quoted: Vec<String> = keys.iter().map(|key| emit::quoted(&key.as_str().into())).collect();
    format!("(index .Values {})", quoted.join(" "))
}

/// A name with its dashes taken out, as values are named.
pub(super) fn camel(name: &str) -> String {
    let mut out = String::new();
    let mut capital = false;
    for c in name.chars() {
        match c {
            c if !c.is_ascii_alphanumeric() => capital = !out.is_empty(),
            c if capital => {
                out.push(c.to_ascii_uppercase());
                capital = false;
            }
            c => out.push(c),
        }
    }
    match out.as_str() {
        "" => "set".into(),
        digits if digits.starts_with(|c: char| c.is_ascii_digit()) => format!("n{digits}"),
        _ => out,
    }
}

/// The settings as a tree. Of two with the same keys the first one counts.
pub(super) fn tree(settings: &[Setting]) -> Value {
    let mut root = Value::Object(Map::new());
    for setting in settings {
        let mut node = &mut root;
        for key in &setting.keys {
            if !node.is_object() {
                *node = Value::Object(Map::new());
            }
            node = &mut node[key.as_str()];
        }
        if node.is_null() {
            *node = setting.value.clone();
        }
    }
    root
}
