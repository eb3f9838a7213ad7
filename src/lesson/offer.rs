//! The goals that a teacher is offered: what may be reached from the present state.

use super::View;
use super::predicate::{Name, Path, Predicate};
use super::value::Test;
use crate::api::Tree;
use crate::cluster::meta::Key;
use crate::cluster::objects;
use crate::cluster::pod::Pod;
use crate::cluster::storage::Claim;

/// The most objects of a kind for which goals are offered.
const MOST: usize = 10;

/// Goals that do not hold yet, each with what it says.
pub fn goals(view: &View) -> Vec<(String, Predicate)> {
    let mut all = Vec::new();
    for set in objects::list(view.cluster, "StatefulSet").iter().take(MOST) {
        let meta = set.at("metadata");
        let key = Key::new(meta.text("namespace"), meta.text("name"));
        let replicas = set.at("spec").opt_int("replicas").and_then(|it| u64::try_from(it).ok());
        of_set(&key, replicas.unwrap_or(1), set.at("status").text("currentRevision"), &mut all);
    }
    let store = view.cluster.store();
    for pod in store.list::<Pod>().take(MOST) {
        let name = Name::new("Pod", &pod.meta.key);
        all.push((format!("Another pod is {}", pod.meta.name()), Predicate::Replaced(name)));
    }
    for claim in store.list::<Claim>().take(MOST) {
        let name = claim.meta.name();
        let gone = exists("PersistentVolumeClaim", &claim.meta.key, false);
        all.push((format!("Claim {name} is gone"), gone));
    }
    all.retain(|(_, goal)| !view.holds(goal));
    all
}

fn of_set(key: &Key, replicas: u64, revision: &str, all: &mut Vec<(String, Predicate)>) {
    let name = &key.name;
    for replicas in [replicas, replicas + 1, replicas.saturating_sub(1)] {
        let goal = Predicate::Ready { set: key.clone(), replicas };
        all.push((format!("{name} has {replicas} replicas, all ready"), goal));
    }
    if let Ok(path) = Path::parse("{.status.currentRevision}") {
        let is = Test { is: Some(revision.into()), ..Test::default() };
        let (kind, key, path) = ("StatefulSet".into(), key.clone(), Some(path));
        let old = Predicate::Object { kind, key: key.clone(), path, test: is };
        let there = exists("StatefulSet", &key, true);
        let goal = Predicate::All(vec![there, Predicate::Not(Box::new(old))]);
        all.push((format!("Another revision of {name} is rolled out"), goal));
    }
    all.push((format!("{name} is gone"), exists("StatefulSet", key, false)));
}

/// An object is there, or is not.
fn exists(kind: &str, key: &Key, exists: bool) -> Predicate {
    let test = Test { exists: Some(exists), ..Test::default() };
    Predicate::Object { kind: kind.into(), key: key.clone(), path: None, test }
}
