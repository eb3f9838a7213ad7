//! The files in containers: those on claims outlive the pod, those on empty directories the container.
//!
//! Simplified: images are empty but for a few directories; a claim's files are kept whole in memory.

use super::Cluster;
use super::meta::{Key, Uid};
use super::pod::{ContainerState, ContainerStatus, Pod};
use super::storage::{Claim, Files, Volume};
use crate::api::Tree;
use serde_json::Value;
use std::rc::Rc;

/// How much one place holds, in bytes.
const MOST_BYTES: usize = 256 << 10;
/// How many files one place holds.
const MOST_FILES: usize = 200;

/// Where a path of a container lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the volume of a claim.
    Volume(Key),
    /// On an empty directory that the pod's containers share.
    Shared(Rc<str>),
    /// In the container itself; gone with it.
    Own(Rc<str>),
    /// On something that nobody may write to, such as a token.
    ReadOnly,
}

/// A directory of a container that is a volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mounted {
    /// The directory.
    pub path: String,
    /// Where it lies.
    pub place: Place,
    /// Its directory there.
    pub sub_path: String,
    /// Whether nothing may be written.
    pub is_read_only: bool,
}

/// The template of a container.
pub fn spec_of<'a>(pod: &'a Pod, container: &str) -> Option<&'a Value> {
    let spec = pod.template.api.at("spec");
    let all = spec.items("containers").iter().chain(spec.items("initContainers"));
    all.into_iter().find(|it| it.text("name") == container)
}

/// The status of a container that runs.
pub fn running<'a>(pod: &'a Pod, container: &str) -> Option<&'a ContainerStatus> {
    let all = pod.status.containers.iter().chain(&pod.status.init_containers);
    all.into_iter()
        .find(|it| *it.name == *container)
        .filter(|it| matches!(it.state, ContainerState::Running { .. }))
}

/// The volumes of a container, the deepest directories first.
pub fn mounts(cluster: &Cluster, pod: &Pod, container: &str) -> Vec<Mounted> {
    let Some(spec) = spec_of(pod, container) else { return Vec::new() };
    let volumes = pod.template.api.at("spec").items("volumes");
    let mut all: Vec<Mounted> = spec
        .items("volumeMounts")
        .iter()
        .map(|mount| {
            let name = mount.text("name");
            let claim = pod.claims.iter().find(|it| *it.volume == *name);
            let own = volumes.iter().find(|it| it.text("name") == name);
            let place = match (claim, own) {
                (Some(claim), _) => volume_of(cluster, &pod.meta.key.sibling(&claim.claim)),
                (None, Some(own)) if own.set("emptyDir").is_some() => {
                    Place::Shared(format!("volume {name}").into())
                }
                _ => Place::ReadOnly,
            };
            Mounted {
                path: mount.text("mountPath").trim_end_matches('/').to_owned(),
                is_read_only: mount.flag("readOnly") || place == Place::ReadOnly,
                place,
                sub_path: mount.text("subPath").trim_matches('/').to_owned(),
            }
        })
        .collect();
    all.sort_by_key(|mount| std::cmp::Reverse(mount.path.len()));
    all
}

fn volume_of(cluster: &Cluster, claim: &Key) -> Place {
    let volume = cluster.store.get::<Claim>(claim).and_then(|claim| claim.volume.clone());
    volume.map_or(Place::ReadOnly, |name| Place::Volume(Volume::key(&name)))
}

/// Where a path lies, the path there, and whether nothing may be written.
pub fn locate(cluster: &Cluster, pod: &Pod, container: &str, path: &str) -> (Place, String, bool) {
    let instance = running(pod, container).map_or(0, |status| status.restart_count);
    locate_in(cluster, pod, container, instance, path)
}

/// The same in an instance of a container, from 0.
pub fn locate_in(
    cluster: &Cluster,
    pod: &Pod,
    container: &str,
    instance: u32,
    path: &str,
) -> (Place, String, bool) {
    for mount in mounts(cluster, pod, container) {
        let below = path.strip_prefix(mount.path.as_str());
        if let Some(rest) = below.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            let rest = rest.trim_start_matches('/');
            let whole = match mount.sub_path.as_str() {
                "" => rest.to_owned(),
                sub => format!("{sub}/{rest}").trim_end_matches('/').to_owned(),
            };
            return (mount.place, whole, mount.is_read_only);
        }
    }
    let place = Place::Own(format!("{container} {instance}").into());
    (place, path.trim_start_matches('/').to_owned(), false)
}

/// The files of a place.
pub fn files(cluster: &Cluster, pod: &Pod, place: &Place) -> Rc<Files> {
    match place {
        Place::Volume(key) => {
            cluster.store.get::<Volume>(key).map(|it| Rc::clone(&it.files)).unwrap_or_default()
        }
        Place::Shared(name) | Place::Own(name) => {
            let key = (pod.meta.uid, Rc::clone(name));
            cluster.kubelets.files.get(&key).cloned().unwrap_or_default()
        }
        Place::ReadOnly => Rc::default(),
    }
}

/// Writes a file of a container, or removes it and all below it. What has no room is not written.
#[inline(never)]
pub fn write(cluster: &mut Cluster, key: &Key, container: &str, path: &str, content: Option<&str>) {
    let Some(pod) = cluster.store.get::<Pod>(key).cloned() else { return };
    let (place, path, is_read_only) = locate(cluster, &pod, container, path);
    if is_read_only || running(&pod, container).is_none() {
        return;
    }
    let mut files = Files::clone(&files(cluster, &pod, &place));
    match content {
        Some(content) => {
            files.insert(path, content.to_owned());
        }
        None => {
            let below = format!("{}/", path.trim_end_matches('/'));
            files.retain(|own, _| *own != path && !own.starts_with(&below));
        }
    }
    fill(cluster, &pod, &place, files);
}

/// Writes a file of a place. What has no room is not written.
pub fn put(cluster: &mut Cluster, pod: &Pod, place: &Place, path: String, content: &str) {
    let mut files = Files::clone(&files(cluster, pod, place));
    files.insert(path, content.to_owned());
    fill(cluster, pod, place, files);
}

/// Puts files in the place of those that are there, if they have room.
fn fill(cluster: &mut Cluster, pod: &Pod, place: &Place, files: Files) {
    if !has_room(&files) {
        return;
    }
    match place {
        Place::Volume(key) => {
            cluster.store.update::<Volume>(key, |volume| volume.files = Rc::new(files));
        }
        Place::Shared(name) | Place::Own(name) => {
            let store = &cluster.store;
            let is_there = |uid: Uid| store.list::<Pod>().any(|pod| pod.meta.uid == uid);
            cluster.kubelets.files.retain(|(uid, _), _| is_there(*uid));
            cluster.kubelets.files.insert((pod.meta.uid, Rc::clone(name)), Rc::new(files));
        }
        Place::ReadOnly => {}
    }
}

/// Whether a place can hold these files.
pub fn has_room(files: &Files) -> bool {
    let bytes: usize = files.iter().map(|(path, text)| path.len() + text.len()).sum();
    bytes <= MOST_BYTES && files.len() <= MOST_FILES
}
