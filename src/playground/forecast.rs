//! What would happen if the manifest were applied now: the simulator, run on a copy of the cluster.

use super::apply::{remedies, way_around};
use super::notice::Remedy;
use super::patience::Patience;
use super::state::{Playground, set_key};
use crate::api::Tree;
use crate::client::deed::MANIFEST;
use crate::client::documents::{self, Document};
use crate::client::send::Lines;
use crate::client::{Aside, Client, Failure, Mode, Output, Server, apply};
use crate::cluster::journal::Changed;
use crate::cluster::meta::{Key, Uid};
use crate::cluster::pod::Pod;
use crate::cluster::stateful_set::StatefulSet;
use crate::cluster::storage::{Claim, Volume};
use crate::cluster::store::Stored;
use crate::cluster::time::SECOND;
use crate::cluster::{Cluster, Millis, Step};
use crate::scene::{Why, why_of};
use serde_json::Value;
use std::iter;
use std::rc::Rc;

/// Nothing new for so long, with something still awaited, is stuck.
const STUCK_MS: Millis = 900 * SECOND;

/// Nothing new for so long, with nothing awaited, is the end.
const QUIET_MS: Millis = 45 * SECOND;

/// Pieces of work played at most; a big set's roll-out is then told up to there.
const MAX_STEPS: usize = 25_000;

/// What applying the manifest would lead to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forecast {
    /// Fields of objects that the server would change.
    pub changes: Vec<FieldChange>,
    /// What kubectl would print, warnings first.
    pub lines: Vec<String>,
    /// What kubectl would print of refusals; nothing else happens to those objects.
    pub refused: Vec<String>,
    /// Ways around the refusals.
    pub remedies: Vec<Remedy>,
    /// What would happen with the way around that keeps the pods, if there is one.
    pub around: Option<Box<Forecast>>,
    /// What becomes of pods, in the order in which it begins.
    pub pods: Vec<PodForecast>,
    /// Claims and volumes that would go, with what they hold.
    pub lost: Vec<Loss>,
    /// How it ends.
    pub end: End,
}

/// A field that would change.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The object, such as `statefulset.apps/web`.
    pub object: String,
    /// Path of the field, such as `spec.replicas`.
    pub path: String,
    /// Its value now, as JSON; none if it is absent.
    pub before: Option<String>,
    /// Its value afterwards, as JSON; none if it goes.
    pub after: Option<String>,
}

/// What becomes of one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodForecast {
    /// Its name.
    pub name: String,
    /// What happens to it.
    pub fate: Fate,
    /// When that begins, after Apply.
    pub after: Millis,
    /// When it, or the one in its place, is Ready, after Apply; none if it is not, or is gone.
    pub ready_after: Option<Millis>,
}

/// What happens to a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// There is none of this name, and one comes.
    Created,
    /// It goes, and another of its name comes.
    Replaced,
    /// It goes.
    Deleted,
}

/// Something that would be gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What, such as `persistentvolumeclaim/data-web-2`.
    pub object: String,
    /// Files in it that go with it.
    pub files: Vec<String>,
    /// When, after Apply.
    pub after: Millis,
}

/// How it ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// Nothing happens to pods, claims and volumes.
    #[default]
    Nothing,
    /// All is as asked so long after Apply.
    Settled(Millis),
    /// It waits, since so long after Apply, for something that does not come by itself.
    Stuck { since: Millis, why: String, command: String },
    /// It goes on for longer than is looked ahead.
    Unknown(Millis),
}

impl Playground {
    /// What would happen if the manifest were applied at the playhead. Nothing is applied.
    pub fn forecast(&self) -> Forecast {
        let mut ahead = self.look_ahead();
        ahead.go_on(&Patience::endless());
        ahead.forecast()
    }

    /// The same, to be made in slices.
    pub fn look_ahead(&self) -> LookAhead {
        let manifest = self.manifest_read();
        let key = set_key(&manifest).unwrap_or_else(|| self.set.clone());
        let documents = documents::of(MANIFEST, &manifest, true);
        let run = |around: bool| {
            self.with_cluster(|cluster| {
                let mut copy = Copy::new(cluster, self.playhead, key.clone());
                if around {
                    way_around(&mut copy.cluster, self.playhead, &key);
                }
                copy.apply(&documents);
                copy
            })
        };
        let plain = run(false);
        let has_way_around = plain.forecast.remedies.contains(&Remedy::RecreateOrphaned);
        LookAhead { around: has_way_around.then(|| run(true)), plain }
    }
}

/// A [`Forecast`] that is being made.
pub struct LookAhead {
    plain: Copy,
    /// With the way around that keeps the pods.
    around: Option<Copy>,
}

impl LookAhead {
    /// Looks further ahead as long as the patience lasts, at least by a step. Returns whether the end
    /// is seen.
    pub fn go_on(&mut self, patience: &Patience) -> bool {
        let copies = iter::once(&mut self.plain).chain(&mut self.around);
        for copy in copies {
            if !copy.run(patience) {
                return false;
            }
        }
        true
    }

    /// The forecast, as far as was looked.
    pub fn forecast(self) -> Forecast {
        let around = self.around.map(|copy| Box::new(copy.end()));
        Forecast { around, ..self.plain.end() }
    }
}

/// The cluster that the forecast is made with.
struct Copy {
    cluster: Cluster,
    set: Key,
    start: Millis,
    forecast: Forecast,
    /// Pods that have been Ready.
    seen_ready: Vec<Uid>,
    /// When something last became of a pod, claim or volume.
    progress: Millis,
    /// Pieces of work played.
    steps: usize,
    /// How it ends, if that is seen.
    end: Option<End>,
}

impl Copy {
    fn new(cluster: &Cluster, start: Millis, set: Key) -> Self {
        let pods = cluster.store().list::<Pod>().filter(|pod| pod.is_ready());
        Self {
            seen_ready: pods.map(|pod| pod.meta.uid).collect(),
            cluster: cluster.clone(),
            set,
            start,
            forecast: Forecast::default(),
            progress: start,
            steps: 0,
            end: None,
        }
    }

    fn apply(&mut self, documents: &Result<Vec<Document>, Failure>) {
        let documents = match documents {
            Ok(documents) => documents,
            Err(failure) => {
                self.forecast.refused.push(failure.text());
                self.end = Some(End::Nothing);
                return;
            }
        };
        let mut aside = Aside::new(&mut self.cluster, self.start);
        let before: Vec<_> = documents.iter().map(|it| stored(&aside, it)).collect();
        let (mut out, mut failures) = (Output::default(), Vec::new());
        let mut client = Client {
            server: &mut aside,
            out: &mut out,
            mode: Mode::default(),
            manager: apply::MANAGER,
        };
        for document in documents {
            let done = apply::one(&mut client, document, apply::NAMESPACE, &mut Lines);
            failures.extend(done.err());
        }
        for (document, before) in documents.iter().zip(&before) {
            let (Some((title, before)), Some((_, after))) = (before, stored(&aside, document))
            else {
                continue;
            };
            compare(&mut self.forecast.changes, title, "", Some(before), Some(&after));
        }
        let steps = aside.done;
        self.forecast.lines = out.text().lines().map(str::to_owned).collect();
        self.forecast.refused = failures.iter().map(Failure::text).collect();
        self.forecast.remedies = remedies(&failures);
        steps.iter().for_each(|(_, step)| self.note(step));
    }

    /// What was seen.
    fn end(self) -> Forecast {
        let unknown = || End::Unknown(self.cluster.now().saturating_sub(self.start));
        Forecast { end: self.end.unwrap_or_else(unknown), ..self.forecast }
    }

    /// Lets time run until nothing more comes. Returns whether that is seen.
    fn run(&mut self, patience: &Patience) -> bool {
        while self.end.is_none() && self.steps < MAX_STEPS {
            self.steps += 1;
            self.end = self.look();
            if self.end.is_none() && !patience.lasts() {
                return false;
            }
        }
        true
    }

    /// Does the next piece of work, unless it is the end.
    fn look(&mut self) -> Option<End> {
        let next = self.cluster.next_at();
        let quiet_for = next.map_or(Millis::MAX, |at| at.saturating_sub(self.progress));
        if quiet_for > QUIET_MS && !self.waits() {
            return Some(match self.progress - self.start {
                _ if self.forecast.pods.is_empty() && self.forecast.lost.is_empty() => End::Nothing,
                after => End::Settled(after),
            });
        }
        if quiet_for > STUCK_MS {
            let Why { headline, detail, command, .. } = why_of(&self.cluster, &self.set);
            let dot = if detail.is_empty() { "" } else { ". " };
            let why = format!("{headline}{dot}{detail}");
            return Some(End::Stuck { since: self.progress - self.start, why, command });
        }
        let step = self.cluster.step()?;
        self.note(&step);
        None
    }

    /// Whether the set is not as asked yet.
    fn waits(&self) -> bool {
        let store = self.cluster.store();
        let is_short = store.get::<StatefulSet>(&self.set).is_some_and(|set| {
            let wanted = set.spec.replicas;
            set.status.ready_replicas < wanted || set.status.replicas != wanted
        });
        is_short || self.cluster.hold(&self.set).is_some()
    }

    /// Takes down what a step means for pods, claims and volumes.
    fn note(&mut self, step: &Step) {
        let after = step.at - self.start;
        for change in &step.changes {
            if let Some(changed) = change.of::<Pod>() {
                self.note_pod(&changed, after);
            } else if let Some(Changed { old: Some(old), new: None }) = change.of::<Claim>() {
                self.loses(&*old, Vec::new(), after);
            } else if let Some(Changed { old: Some(old), new: None }) = change.of::<Volume>() {
                self.loses(&*old, old.files.keys().cloned().collect(), after);
            }
        }
    }

    fn note_pod(&mut self, changed: &Changed<Pod>, after: Millis) {
        match (&changed.old, &changed.new) {
            (None, Some(pod)) => self.begins(&pod.meta.key.name, Fate::Created, after),
            (Some(old), Some(pod)) => {
                if !old.is_terminating() && pod.is_terminating() {
                    self.begins(&pod.meta.key.name, Fate::Deleted, after);
                }
                if pod.is_ready() && !self.seen_ready.contains(&pod.meta.uid) {
                    self.seen_ready.push(pod.meta.uid);
                    self.ready(&pod.meta.key.name, after);
                }
            }
            (Some(old), None) => self.gone(old, after),
            (None, None) => {}
        }
    }

    fn begins(&mut self, name: &Rc<str>, fate: Fate, after: Millis) {
        self.progress = self.start + after;
        let known = self.forecast.pods.iter_mut().find(|pod| pod.name == **name);
        match known {
            Some(pod) => {
                pod.ready_after = None;
                pod.fate = match (pod.fate, fate) {
                    (Fate::Deleted | Fate::Replaced, Fate::Created) => Fate::Replaced,
                    (Fate::Created, Fate::Deleted) => Fate::Created,
                    (known, _) => known,
                };
            }
            None => self.forecast.pods.push(PodForecast {
                name: name.to_string(),
                fate,
                after,
                ready_after: None,
            }),
        }
    }

    fn ready(&mut self, name: &Rc<str>, after: Millis) {
        if let Some(pod) = self.forecast.pods.iter_mut().find(|pod| pod.name == **name) {
            self.progress = self.start + after;
            pod.ready_after = Some(after);
        }
    }

    /// A pod that goes without having been asked to, as one that is deleted by force.
    fn gone(&mut self, pod: &Pod, after: Millis) {
        self.progress = self.start + after;
        if !self.forecast.pods.iter().any(|it| it.name == *pod.meta.key.name) {
            self.begins(&pod.meta.key.name, Fate::Deleted, after);
        }
    }

    fn loses<T: Stored>(&mut self, object: &T, files: Vec<String>, after: Millis) {
        self.progress = self.start + after;
        let object = format!("{}/{}", T::KIND.singular(), object.meta().key.name);
        self.forecast.lost.push(Loss { object, files, after });
    }
}

/// The object that a document names, as the server has it, with what kubectl calls it.
fn stored(server: &dyn Server, document: &Document) -> Option<(String, Rc<Value>)> {
    let resource = apply::mapped(document, server).ok()?;
    let meta = document.object.at("metadata");
    let namespace = meta.opt_text("namespace").unwrap_or(apply::NAMESPACE);
    let object = server.get(&resource, namespace, meta.text("name")).ok()?;
    Some((resource.object(meta.text("name")), object))
}

/// Takes down which fields differ, but for what the server keeps for itself.
fn compare(
    found: &mut Vec<FieldChange>,
    object: &str,
    path: &str,
    before: Option<&Value>,
    after: Option<&Value>,
) {
    const OWN: [&str; 7] = [
        "status",
        "metadata.managedFields",
        "metadata.generation",
        "metadata.resourceVersion",
        "metadata.uid",
        "metadata.creationTimestamp",
        "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration",
    ];
    if before == after || OWN.contains(&path) {
        return;
    }
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            for key in old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))) {
                compare(found, object, &join(key), old.get(key), new.get(key));
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for index in 0..old.len().max(new.len()) {
                let path = format!("{path}[{index}]");
                compare(found, object, &path, old.get(index), new.get(index));
            }
        }
        (before, after) => found.push(FieldChange {
            object: object.into(),
            path: path.into(),
            before: before.map(Value::to_string),
            after: after.map(Value::to_string),
        }),
    }
}
