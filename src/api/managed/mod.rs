//! Who owns which fields of an object, and what a manager may change of what others own.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/`.

mod fields;
mod merge;
pub mod set;
mod shape;
pub mod typed;

use super::object::LAST_APPLIED;
use super::{Tree, json};
use fields::Differences;
use serde_json::{Value, json};
use set::Set;

/// By which a manager owns fields that it applied.
pub const APPLY: &str = "Apply";

/// By which a manager owns fields that it wrote otherwise.
pub const UPDATE: &str = "Update";

/// The manager whose applied objects keep kubectl's annotation current.
pub const KUBECTL: &str = "kubectl";

/// Who owns what was there when the first manager applied something.
const NOBODY: &str = "before-first-apply";

/// Who writes an object.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// The manager's name.
    pub manager: &'a str,
    /// Group and version that it writes.
    pub api_version: &'a str,
    /// The subresource that it writes; empty for the object itself.
    pub subresource: &'a str,
    /// When, as objects say it.
    pub time: &'a str,
}

/// One manager and the fields that it owns.
#[derive(Clone, Debug, PartialEq)]
pub struct Manager {
    /// Its name.
    pub name: String,
    /// How it owns them: `Apply` or `Update`.
    pub operation: String,
    /// Group and version that it wrote.
    pub api_version: String,
    /// The subresource that it wrote; empty for the object itself.
    pub subresource: String,
    /// When it last changed the object.
    pub time: String,
    /// Whether it writes just now, which is later than what was written in the same second.
    pub writes: bool,
    /// What it owns.
    pub fields: Set,
}

impl Manager {
    fn new(writer: Writer, operation: &str, fields: Set) -> Self {
        Self {
            name: writer.manager.into(),
            operation: operation.into(),
            api_version: writer.api_version.into(),
            subresource: writer.subresource.into(),
            time: writer.time.into(),
            writes: false,
            fields,
        }
    }

    /// A manager that writes fields just now.
    pub fn writing(writer: Writer, fields: Set) -> Self {
        Self { writes: true, ..Self::new(writer, UPDATE, fields) }
    }

    /// A manager that `managedFields` names.
    pub fn read(entry: &Value) -> Self {
        let text = |field: &str| entry.text(field).to_owned();
        Self {
            name: text("manager"),
            operation: text("operation"),
            api_version: text("apiVersion"),
            subresource: text("subresource"),
            time: text("time"),
            writes: false,
            fields: Set::read(entry.at("fieldsV1")),
        }
    }

    /// As `managedFields` names it.
    pub fn entry(&self) -> Value {
        let mut entry = json!({
            "apiVersion": self.api_version,
            "fieldsType": "FieldsV1",
            "fieldsV1": self.fields.tree(),
            "manager": self.name,
            "operation": self.operation,
        });
        for (field, text) in [("subresource", &self.subresource), ("time", &self.time)] {
            if !text.is_empty() {
                entry.put(field, text.as_str());
            }
        }
        entry
    }

    fn is(&self, writer: Writer, operation: &str) -> bool {
        let is_version = operation == APPLY || self.api_version == writer.api_version;
        self.name == writer.manager
            && self.operation == operation
            && self.subresource == writer.subresource
            && is_version
    }

    /// As conflicts name it.
    fn title(&self) -> String {
        let mut title = format!("\"{}\"", self.name);
        if !self.subresource.is_empty() {
            title += &format!(" with subresource \"{}\"", self.subresource);
        }
        if self.operation == UPDATE {
            title += &format!(" using {}", self.api_version);
        }
        title
    }
}

/// The managers of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Managers(pub Vec<Manager>);

impl Managers {
    /// The managers that `managedFields` names.
    pub fn read(entries: &[Value]) -> Self {
        Self(entries.iter().map(Manager::read).collect())
    }

    /// The managers of an object that has just been created.
    pub fn of_new(object: &Value, writer: Writer) -> Self {
        let fields = Differences::of_new(object).changed;
        Self(vec![Manager::new(writer, UPDATE, fields)])
    }

    /// As `managedFields` names them: who applied first, and then by time and name.
    pub fn entries(&self) -> Vec<Value> {
        let mut sorted: Vec<&Manager> = self.0.iter().collect();
        sorted.sort_by_key(|it| {
            let is_update = it.operation != APPLY;
            (is_update, it.time.clone(), it.writes, it.name.clone(), it.subresource.clone())
        });
        sorted.into_iter().map(Manager::entry).collect()
    }

    /// Somebody has written an object: what is new or other is the writer's alone. Where nobody owns
    /// anything it is not noted either.
    pub fn update(&mut self, old: &Value, new: &Value, writer: Writer) {
        if self.0.is_empty() {
            return;
        }
        let Differences { changed, removed } = Differences::of(old, new);
        for manager in &mut self.0 {
            manager.fields = manager.fields.without(&changed).without(&removed);
        }
        if !changed.is_empty() {
            match self.0.iter_mut().find(|it| it.is(writer, UPDATE)) {
                Some(own) => {
                    own.fields = own.fields.with(&changed);
                    (own.time, own.writes) = (writer.time.into(), true);
                }
                None => self.0.push(Manager::writing(writer, changed)),
            }
        }
        self.0.retain(|it| !it.fields.is_empty());
    }

    /// The object after a configuration was applied to it.
    ///
    /// # Errors
    /// The conflicts with other managers, unless the writer takes their fields by force.
    pub fn apply(
        &mut self,
        live: &Value,
        said: &Value,
        writer: Writer,
        forces: bool,
    ) -> Result<Value, String> {
        if self.0.is_empty() && !live.is_null() {
            *self = Self::of_new(live, Writer { manager: NOBODY, ..writer });
        }
        let own = fields::said(said);
        let (mine, mut others): (Vec<_>, Vec<_>) =
            self.0.drain(..).partition(|it| it.is(writer, APPLY));
        let last = mine.into_iter().next();
        let mut new = merge::merge(live, said);
        if let Some(last) = &last {
            let kept = others.iter().fold(own.clone(), |all, it| all.with(&it.fields));
            merge::prune(&mut new, &last.fields, &kept);
        }
        let Differences { changed, removed } = Differences::of(live, &new);
        if !forces {
            let allowed = allowed(live, writer.manager);
            refuse(&others, &changed, &allowed)?;
        }
        for manager in &mut others {
            manager.fields = manager.fields.without(&changed).without(&removed);
        }
        others.retain(|it| !it.fields.is_empty());
        if writer.manager == KUBECTL && last_applied(&new).is_some() {
            let mut config = said.clone();
            config.open("metadata").open("annotations").drop_field(LAST_APPLIED);
            if config.at("metadata").members("annotations").next().is_none() {
                config.open("metadata").drop_field("annotations");
            }
            new.open("metadata").open("annotations").put(LAST_APPLIED, format!("{config}\n"));
        }
        let mut manager = Manager { writes: true, ..Manager::new(writer, APPLY, own) };
        if new == *live {
            let time = last.map(|last| last.time).unwrap_or_default();
            (manager.time, manager.writes) = (time, false);
        }
        others.push(manager);
        self.0 = others;
        Ok(new)
    }
}

/// The manifest that kubectl has noted in an object.
fn last_applied(object: &Value) -> Option<&str> {
    object.at("metadata").at("annotations").opt_text(LAST_APPLIED)
}

/// What kubectl may take from others although it does not own it yet: what `kubectl apply` on the
/// client's side has written and nobody has changed since.
fn allowed(live: &Value, manager: &str) -> Set {
    let text = last_applied(live).filter(|_| manager == KUBECTL);
    let Some(last) = text.and_then(|text| json::parse(text).ok()) else { return Set::default() };
    let Differences { changed, removed } = Differences::of(&last, live);
    fields::said(&last).without(&changed).without(&removed)
}

fn refuse(others: &[Manager], changed: &Set, allowed: &Set) -> Result<(), String> {
    let mut conflicts: Vec<(String, Vec<String>)> = others
        .iter()
        .map(|it| (it.title(), it.fields.common(changed).without(allowed).paths()))
        .filter(|(_, paths)| !paths.is_empty())
        .collect();
    conflicts.sort();
    let count = conflicts.iter().map(|(_, paths)| paths.len()).sum::<usize>();
    let texts = conflicts.iter().map(|(title, paths)| match (count, paths.as_slice()) {
        (1, [path]) => format!("conflict with {title}: {path}"),
        _ => format!("conflicts with {title}:\n- {}", paths.join("\n- ")),
    });
    let noun = if count == 1 { "conflict" } else { "conflicts" };
    match count {
        0 => Ok(()),
        _ => {
            let texts: Vec<String> = texts.collect();
            Err(format!("Apply failed with {count} {noun}: {}", texts.join("\n")))
        }
    }
}

/// Whether an entry of `managedFields` owns kubectl's annotation.
pub fn owns_annotation(entry: &Value) -> bool {
    let annotation = format!("f:{LAST_APPLIED}");
    let steps = ["f:metadata", "f:annotations", annotation.as_str()];
    steps.iter().try_fold(entry.at("fieldsV1"), |at, step| at.get(step)).is_some()
}

/// The entries of `managedFields` after managers that applied on the client's side have become one
/// that applies on the server's; none if there is nothing to do.
///
/// Upstream: `staging/src/k8s.io/client-go/util/csaupgrade/upgrade.go`.
pub fn migrated(entries: &[Value], to: &str) -> Option<Vec<Value>> {
    let mut all = Managers::read(entries).0;
    let of_object =
        |it: &Manager, operation: &str| it.operation == operation && it.subresource.is_empty();
    let applies = |it: &Value| it.text("operation") == UPDATE && owns_annotation(it);
    let old: Vec<&str> =
        entries.iter().filter(|it| applies(it)).map(|it| it.text("manager")).collect();
    for name in &old {
        let is_old = |it: &Manager| it.name == *name && of_object(it, UPDATE);
        let at = all.iter().position(|it| it.name == to && of_object(it, APPLY));
        let Some(at) = at.or_else(|| all.iter().position(is_old)) else { continue };
        let version = all[at].api_version.clone();
        let theirs = all.iter().find(|it| is_old(it) && it.api_version == version);
        let theirs = theirs.map(|it| it.fields.clone()).unwrap_or_default();
        let own = &mut all[at];
        own.fields = own.fields.with(&theirs);
        (own.name, own.operation) = (to.into(), APPLY.into());
        all.retain(|it| !is_old(it));
    }
    (!old.is_empty()).then(|| Managers(all).entries())
}

/// The fields that controllers have written in a status.
pub fn status(status: &Value) -> Set {
    let mut all = Set::default();
    all.put("f:status".into(), fields::of_status(status));
    all
}

#[cfg(test)]
mod tests;
