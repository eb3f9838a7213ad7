//! Kinds that a CustomResourceDefinition brings: rows beside the table of kinds, each kept once.
//!
//! A row is never taken away or changed: a definition that changes names another one. So a [`Kind`] stays
//! a number that is quick to copy and compare, whichever cluster it is of. Which rows a cluster serves,
//! its definitions say.
//!
//! Upstream: `staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/types.go`.

use super::kind::Kind;
use super::kinds::TABLE;
use super::resource::Resource;
use super::tree::Tree;
use serde_json::Value;
use std::cmp::Reverse;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most rows that are kept: far more than a person defines.
const MOST: usize = 50_000;

/// A column that `kubectl get` prints of custom resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its title.
    pub name: &'static str,
    /// What its values are: `string`, `integer`, `number`, `boolean`, `date`.
    pub type_: &'static str,
    /// Where they stand, such as `.spec.replicas`.
    pub json_path: &'static str,
    /// Shown with `-o wide` only if it is more than 0.
    pub priority: i64,
}

static ROWS: Mutex<Vec<&'static Resource>> = Mutex::new(Vec::new());

fn rows() -> MutexGuard<'static, Vec<&'static Resource>> {
    // Rows are added whole, so that there is nothing that a panic could leave half done.
    ROWS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The row at a place behind the table's.
pub(super) fn row(place: usize) -> Option<&'static Resource> {
    rows().get(place).copied()
}

/// Whether a row stands beside the table.
pub(super) fn is_custom(resource: &Resource) -> bool {
    !TABLE.iter().any(|row| row == resource)
}

/// The kind that a definition defines; none if it says too little, or if there are too many.
pub fn kind_of(definition: &Value) -> Option<Kind> {
    let spec = definition.at("spec");
    let (group, names) = (spec.text("group"), spec.at("names"));
    let mut versions: Vec<&Value> =
        spec.items("versions").iter().filter(|it| it.flag("served")).collect();
    versions.sort_by_key(|it| Reverse(precedence(it.text("name"))));
    let preferred = versions.first()?;
    let full = |version: &Value| format!("{group}/{}", version.text("name"));
    let others: Vec<String> = versions.iter().skip(1).map(|it| full(it)).collect();
    let (kind, name) = (names.text("kind"), names.text("plural"));
    if group.is_empty() || kind.is_empty() || name.is_empty() {
        return None;
    }
    let columns = preferred
        .items("additionalPrinterColumns")
        .iter()
        .map(|it| (it.text("name"), it.text("type"), it.text("jsonPath"), it.int("priority")));
    let wanted = Wanted {
        kind,
        name,
        singular: names.text("singular"),
        short_names: names.texts("shortNames").collect::<Vec<_>>().join(","),
        api_version: full(preferred),
        others: others.join(","),
        is_namespaced: spec.text("scope") != "Cluster",
        is_in_all: names.texts("categories").any(|it| it == "all"),
        columns: columns.collect(),
    };
    wanted.kept()
}

/// Whether a definition defines a kind in a group and version, whoever serves it.
pub fn defines(definition: &Value, kind: &str, api_version: &str) -> bool {
    let spec = definition.at("spec");
    let is_it = |version: &Value| {
        version.flag("served")
            && api_version.split_once('/') == Some((spec.text("group"), version.text("name")))
    };
    spec.at("names").text("kind") == kind && spec.items("versions").iter().any(is_it)
}

/// How a version is preferred to others: `v2` to `v1`, and that to `v1beta2` and `v1alpha1`.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/version/helpers.go`, CompareKubeAwareVersionStrings.
fn precedence(version: &str) -> (u8, u32, u32, Reverse<String>) {
    let parsed = || {
        let rest = version.strip_prefix('v')?;
        let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        let major: u32 = rest[..digits].parse().ok()?;
        let (rank, minor) = match &rest[digits..] {
            "" => (3, 0),
            beta if beta.starts_with("beta") => (2, beta[4..].parse().ok()?),
            alpha if alpha.starts_with("alpha") => (1, alpha[5..].parse().ok()?),
            _ => return None,
        };
        Some((rank, major, minor))
    };
    let (rank, major, minor) = parsed().unwrap_or((0, 0, 0));
    let name = if rank == 0 { version.to_owned() } else { String::new() };
    (rank, major, minor, Reverse(name))
}

/// A row before it is known whether there is one like it.
struct Wanted<'a> {
    kind: &'a str,
    name: &'a str,
    singular: &'a str,
    short_names: String,
    api_version: String,
    others: String,
    is_namespaced: bool,
    is_in_all: bool,
    columns: Vec<(&'a str, &'a str, &'a str, i64)>,
}

impl Wanted<'_> {
    /// The kind of the row that is the same, which is added if there is none.
    fn kept(self) -> Option<Kind> {
        let mut rows = rows();
        let place = match rows.iter().position(|row| self.is(row)) {
            Some(place) => place,
            None if rows.len() >= MOST => return None,
            None => {
                rows.push(Box::leak(Box::new(self.row())));
                rows.len() - 1
            }
        };
        Kind::beside_the_table(place)
    }

    fn is(&self, row: &Resource) -> bool {
        let columns = row.columns.iter().map(|it| (it.name, it.type_, it.json_path, it.priority));
        (row.kind, row.name, row.singular) == (self.kind, self.name, self.singular)
            && row.short_names == self.short_names
            && row.api_version == self.api_version
            && row.others == self.others
            && (row.is_namespaced, row.is_in_all) == (self.is_namespaced, self.is_in_all)
            && columns.eq(self.columns.iter().copied())
    }

    fn row(&self) -> Resource {
        let columns: Vec<Column> = self
            .columns
            .iter()
            .map(|(name, type_, json_path, priority)| Column {
                name: kept_text(name),
                type_: kept_text(type_),
                json_path: kept_text(json_path),
                priority: *priority,
            })
            .collect();
        let row =
            Resource::new(kept_text(self.kind), kept_text(self.name), kept_text(&self.api_version));
        Resource {
            short_names: kept_text(&self.short_names),
            singular: kept_text(self.singular),
            others: kept_text(&self.others),
            is_namespaced: self.is_namespaced,
            is_in_all: self.is_in_all,
            counts_generation: true,
            columns: columns.leak(),
            ..row
        }
    }
}

fn kept_text(text: &str) -> &'static str {
    text.to_owned().leak()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn definition(versions: &[&str]) -> Value {
        let versions: Vec<Value> =
            versions.iter().map(|it| json!({"name": it, "served": true})).collect();
        json!({"spec": {
            "group": "example.com", "scope": "Cluster", "versions": versions,
            "names": {"kind": "Moon", "plural": "moons", "singular": "moon", "shortNames": ["mo"]},
        }})
    }

    #[test]
    fn the_same_definition_is_the_same_kind() {
        let kind = kind_of(&definition(&["v1beta1", "v1"])).unwrap();
        assert_eq!(kind_of(&definition(&["v1", "v1beta1"])), Some(kind));
        assert_ne!(kind_of(&definition(&["v1"])), Some(kind));
        assert_eq!((kind.name(), kind.api_version()), ("Moon", "example.com/v1"));
        assert!(kind.row().is_served_in("example.com/v1beta1"));
        assert!(!kind.is_namespaced() && !kind.is_checked() && kind.row().is_custom());
        assert!(Kind::Pod < kind);
    }

    #[test]
    fn a_definition_says_what_it_defines() {
        let moons = definition(&["v1beta1", "v1"]);
        assert!(defines(&moons, "Moon", "example.com/v1"));
        for (kind, version) in
            [("Sun", "example.com/v1"), ("Moon", "example.com/v2"), ("Moon", "v1")]
        {
            assert!(!defines(&moons, kind, version), "{kind} {version}");
        }
    }

    #[test]
    fn a_definition_that_says_too_little_defines_nothing() {
        assert_eq!(kind_of(&json!({})), None);
        assert_eq!(kind_of(&definition(&[])), None);
    }

    #[test]
    fn stable_versions_are_preferred_and_then_later_ones() {
        let mut all = ["foo", "v1alpha2", "v10", "v2beta1", "v2", "v1beta3", "bar"];
        all.sort_by_key(|it| Reverse(precedence(it)));
        assert_eq!(all, ["v10", "v2", "v2beta1", "v1beta3", "v1alpha2", "bar", "foo"]);
    }
}
