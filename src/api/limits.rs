//! How much the playground's cluster holds: every limit on objects that is its own, and why.
//!
//! None of them is Kubernetes', whose API server accepts far more. Each is checked where the API server
//! admits a request, so that a button, a command, a controller and a link all meet it.

use super::{ApiObject, Kind, Status, Tree, tree};

/// The most replicas that a text may ask for in the editor: a page shows no more of them with ease.
pub const REPLICAS_IN_TEXT: i32 = 2_000;

/// The most replicas of one workload that any request may ask for. Each of its controller's rounds
/// looks at all of its pods; with more than these a round takes longer than a frame.
pub const REPLICAS: i32 = 5_000;

/// The most pods: the scheduler and every kubelet look at all of them.
const PODS: usize = 10_000;

/// The most nodes: each has an address range of its own.
const NODES: usize = 255;

/// The most objects of any other kind: what a page's memory holds of the largest ones.
const OBJECTS: usize = 50_000;

/// The most values that an object may have: each request reads, checks and writes down all of them.
const VALUES: usize = 12_000;

/// Where a kind says how many pods it wants at once.
const WANTED: [(&str, &[&str]); 6] = [
    ("StatefulSet", &["spec", "replicas"]),
    ("Deployment", &["spec", "replicas"]),
    ("ReplicaSet", &["spec", "replicas"]),
    ("ReplicationController", &["spec", "replicas"]),
    ("Job", &["spec", "parallelism"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "parallelism"]),
];

/// The field by which an object asks for more pods at once than `most`, and how many.
pub fn excess(object: &ApiObject, most: i32) -> Option<(String, i64)> {
    let (_, path) = WANTED.iter().find(|(kind, _)| *kind == object.kind.name())?;
    let wanted = path.iter().fold(&object.tree, |tree, field| tree.at(field)).as_i64()?;
    (wanted > i64::from(most)).then(|| (path.join("."), wanted))
}

#[inline(never)]
fn too_large(object: &ApiObject) -> Status {
    let why = format!(
        "the playground holds objects of at most {VALUES} values; Kubernetes itself bounds their size"
    );
    Status::forbidden(object.kind, object.name(), &why)
}

/// The refusal of an object that asks for more than [`REPLICAS`] pods, or has too many values.
pub fn refusal(object: &ApiObject) -> Option<Status> {
    if tree::count(&object.tree) > VALUES {
        return Some(too_large(object));
    }
    let (path, wanted) = excess(object, REPLICAS)?;
    let why = format!(
        "the playground simulates at most {REPLICAS} replicas of one workload ({path} is {wanted}); \
         Kubernetes itself has no such limit"
    );
    Some(Status::forbidden(object.kind, object.name(), &why))
}

/// The refusal of one more object of a kind, of which there are so many.
pub fn full(kind: Kind, name: &str, held: usize) -> Option<Status> {
    let most = match kind {
        Kind::Pod => PODS,
        Kind::Node => NODES,
        _ => OBJECTS,
    };
    let why = || {
        format!(
            "the playground holds at most {most} {}; Kubernetes itself holds more",
            kind.resource()
        )
    };
    (held >= most).then(|| Status::forbidden(kind, name, &why()))
}
