//! What the stand-in application leaves on its volume.

use crate::cluster::Cluster;
use crate::cluster::meta::Key;
use crate::cluster::storage::{Claim, Volume};
use std::rc::Rc;

/// The file in which the stand-in application counts its starts.
pub const BOOTS_FILE: &str = "boots.txt";

/// Lines that [`BOOTS_FILE`] holds at most; older ones go, so that a crash loop fills no volume.
pub const MAX_BOOTS: usize = 50;

/// Writes a file of a volume, in place of what it held before. Does nothing if there is no such
/// volume.
pub fn write_file(cluster: &mut Cluster, volume: &str, path: &str, content: String) {
    cluster.store.update::<Volume>(&volume_key(volume), |volume| {
        Rc::make_mut(&mut volume.files).insert(path.into(), content);
    });
}

/// Notes on a container's first claim that the container was started.
///
/// Simplified: the application is a stand-in that appends one line to `boots.txt` on the first
/// claim it mounts each time it starts, so that one can see what outlives a pod.
pub fn note_boot(cluster: &mut Cluster, claim: &Key, pod: &str) {
    let Some(volume) = cluster.store.get::<Claim>(claim).and_then(|claim| claim.volume.clone())
    else {
        return;
    };
    let held = cluster.store.get::<Volume>(&volume_key(&volume));
    let text = held.and_then(|volume| volume.files.get(BOOTS_FILE)).map_or("", String::as_str);
    let last = text.lines().last().and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
    let line = format!("{pod} started, boot {}\n", last.unwrap_or(0) + 1);
    let lines: Vec<_> = text.lines().collect();
    let kept = &lines[lines.len().saturating_sub(MAX_BOOTS - 1)..];
    let content = kept.iter().map(|line| format!("{line}\n")).chain([line]).collect();
    write_file(cluster, &volume, BOOTS_FILE, content);
}

fn volume_key(volume: &str) -> Key {
    Key::new("", volume)
}
