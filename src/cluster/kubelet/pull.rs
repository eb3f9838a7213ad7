//! Images: when one is pulled, how long that takes, and when the kubelet gives up for a while.
//!
//! Upstream: `pkg/kubelet/images/image_manager.go`, EnsureImageExists.

use super::backoff::go_duration;
use super::latency;
use super::lifecycle::Flow;
use super::memory::Call;
use super::report;
use super::trace;
use super::worker::{Op, PodWorker, StartFailure};
use crate::cluster::Cluster;
use crate::cluster::time::Millis;
use std::rc::Rc;

/// An image whose reference contains one of these does not exist.
///
/// Simplified: every other image exists in every registry.
pub const MISSING_IMAGES: [&str; 4] = ["does-not-exist", "nonexistent", "no-such", "broken"];

/// Begins to make the image of a container present.
pub fn pull(cluster: &mut Cluster, worker: &mut PodWorker, container: usize) -> Flow {
    let image = Rc::clone(&worker.spec(container).image);
    let policy = Rc::clone(&worker.spec(container).image_pull_policy);
    if !is_reference(&image) {
        return refuse_name(cluster, worker, container, &image);
    }
    let present = is_present(cluster, worker, &image);
    if present && &*policy != "Always" {
        let suffix = match cluster.kubernetes().checks_cached_images() {
            true => " and can be accessed by the pod",
            false => "",
        };
        let message = format!("Container image \"{image}\" already present on machine{suffix}");
        report::normal(cluster, worker, container, "Pulled", &message);
        return Flow::Next;
    }
    if &*policy == "Never" {
        let message =
            format!("Container image \"{image}\" is not present with pull policy of Never");
        report::warning(cluster, worker, container, "ErrImageNeverPull", &message);
        return fail(cluster, worker, container, "ErrImageNeverPull", message);
    }
    let record = &worker.containers[container];
    if record.pull_back_off.until_since_update().is_some_and(|until| cluster.now < until) {
        let message = format!("Back-off pulling image \"{image}\"");
        let waiting = format!("{message}: ErrImagePull: {}", record.pull_error);
        report::normal(cluster, worker, container, "BackOff", &message);
        return fail(cluster, worker, container, "ImagePullBackOff", waiting);
    }
    let message = format!("Pulling image \"{image}\"");
    report::normal(cluster, worker, container, "Pulling", &message);
    let (attempt, now) = ((container, 0), cluster.now);
    trace::of_container(cluster, worker, attempt, now, Call::PullImage);
    worker.plan.push_front(Op::Pulled { container, began_at: cluster.now });
    Flow::After(duration(worker, container, present))
}

/// A pull is over.
pub fn pulled(
    cluster: &mut Cluster,
    worker: &mut PodWorker,
    container: usize,
    began_at: Millis,
) -> Flow {
    let image = Rc::clone(&worker.spec(container).image);
    worker.containers[container].pulls += 1;
    if let Some(error) = error(worker, container) {
        let message = format!("Failed to pull image \"{image}\": {error}");
        report::warning(cluster, worker, container, "Failed", &message);
        let record = &mut worker.containers[container];
        record.pull_back_off.next(cluster.now, cluster.now);
        record.pull_error = Rc::clone(&error);
        return fail(cluster, worker, container, "ErrImagePull", error.to_string());
    }
    cluster.kubelets.images.insert((Rc::clone(&worker.node), Rc::clone(&image)));
    let took = go_duration(cluster.now - began_at);
    let message = format!(
        "Successfully pulled image \"{image}\" in {took} ({took} including waiting). \
         Image size: {} bytes.",
        size(&image)
    );
    report::normal(cluster, worker, container, "Pulled", &message);
    Flow::Next
}

/// Whether an image can be pulled, by its reference.
pub fn exists(image: &str) -> bool {
    !MISSING_IMAGES.iter().any(|part| image.contains(part))
}

fn is_present(cluster: &Cluster, worker: &PodWorker, image: &Rc<str>) -> bool {
    let pulled = (Rc::clone(&worker.node), Rc::clone(image));
    let from_start = worker.script.images_present && !worker.script.images.contains_key(image);
    from_start || (!worker.script.no_images && cluster.kubelets.images.contains(&pulled))
}

fn duration(worker: &PodWorker, container: usize, present: bool) -> Millis {
    let image = &worker.spec(container).image;
    match worker.script.images.get(image) {
        Some(script) => script.pull_ms,
        None if worker.script.no_images || !exists(image) => latency::PULL_REFUSED_MS,
        None if present => latency::PULL_CACHED_MS,
        None => latency::PULL_MS,
    }
}

/// Why the pull that has just ended failed, if it did.
fn error(worker: &PodWorker, container: usize) -> Option<Rc<str>> {
    let image = &worker.spec(container).image;
    let script = worker.script.images.get(image);
    let fails = match script {
        Some(script) => {
            script.failures.is_none_or(|count| worker.containers[container].pulls <= count)
        }
        None => worker.script.no_images || !exists(image),
    };
    let written = script.and_then(|script| script.error.clone());
    fails.then(|| written.unwrap_or_else(|| not_found(image).into()))
}

/// The error of containerd for an image that its registry does not have.
fn not_found(image: &str) -> String {
    let name = full_name(image);
    format!(
        "rpc error: code = NotFound desc = failed to pull and unpack image \"{name}\": \
         failed to resolve reference \"{name}\": {name}: not found"
    )
}

/// The reference with registry and tag, as containerd writes it.
fn full_name(image: &str) -> String {
    let first = image.split('/').next().unwrap_or_default();
    let has_registry =
        image.contains('/') && (first.contains('.') || first.contains(':') || first == "localhost");
    let name = match (has_registry, image.contains('/')) {
        (true, _) => image.to_string(),
        (false, true) => format!("docker.io/{image}"),
        (false, false) => format!("docker.io/library/{image}"),
    };
    let last = name.rsplit('/').next().unwrap_or_default();
    if last.contains(':') || last.contains('@') { name } else { format!("{name}:latest") }
}

/// The image's size: any number of tens of megabytes will do, if it is always the same.
fn size(image: &str) -> u64 {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    20_000_000 + image.bytes().fold(0xcbf2_9ce4_8422_2325, mix) % 160_000_000
}

fn refuse_name(
    cluster: &mut Cluster,
    worker: &mut PodWorker,
    container: usize,
    image: &str,
) -> Flow {
    let message = format!(
        "Failed to apply default image tag \"{image}\": \
         couldn't parse image name \"{image}\": invalid reference format"
    );
    report::warning(cluster, worker, container, "InspectFailed", &message);
    fail(cluster, worker, container, "InvalidImageName", message)
}

/// Refuses to create a container, in these words.
pub fn refuse(
    cluster: &mut Cluster,
    worker: &mut PodWorker,
    container: usize,
    reason: &str,
    message: String,
) -> Flow {
    report::warning(cluster, worker, container, "Failed", &format!("Error: {message}"));
    fail_quietly(worker, container, reason, message)
}

fn fail_quietly(worker: &mut PodWorker, container: usize, reason: &str, message: String) -> Flow {
    let failure = StartFailure { reason: reason.into(), message: message.into() };
    worker.containers[container].failure = Some(failure);
    worker.findings.failed = true;
    Flow::Failed(container)
}

fn fail(
    cluster: &mut Cluster,
    worker: &mut PodWorker,
    container: usize,
    reason: &str,
    message: String,
) -> Flow {
    report::warning(cluster, worker, container, "Failed", &format!("Error: {reason}"));
    fail_quietly(worker, container, reason, message)
}

/// Whether a text is an image reference.
///
/// Upstream: `distribution/reference`, `regexp.go`.
fn is_reference(image: &str) -> bool {
    let (image, digest) = image.split_once('@').map_or((image, None), |(a, b)| (a, Some(b)));
    let (path, tag) = match image.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (image, None),
    };
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let is_tag = |tag: &str| {
        (1..=128).contains(&tag.len()) && !tag.starts_with(['.', '-']) && tag.bytes().all(is_word)
    };
    let is_part = |part: &str| {
        let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let ends = part.bytes().next().is_some_and(inner) && part.bytes().last().is_some_and(inner);
        ends && part.bytes().all(|byte| inner(byte) || b"_.-".contains(&byte))
    };
    let mut parts = path.split('/');
    let first = parts.next().unwrap_or_default();
    let is_host = path.contains('/')
        && !first.is_empty()
        && first.bytes().all(|byte| is_word(byte) || byte == b':');
    let is_digest = |digest: &str| {
        let hex = digest.strip_prefix("sha256:");
        hex.is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    (is_part(first) || is_host)
        && parts.all(is_part)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_references() {
        let good = ["nginx", "nginx:1.27", "registry.k8s.io/nginx-slim:0.24", "host:5000/a/b:X"];
        let bad = ["", "Nginx", "nginx:", "nginx: 1", "a//b", "nginx:-x", "nginx@sha256:12", "a b"];
        assert!(good.into_iter().all(is_reference));
        for image in bad {
            assert!(!is_reference(image), "{image}");
        }
    }

    #[test]
    fn writes_references_as_containerd_does() {
        let cases = [
            ("nginx", "docker.io/library/nginx:latest"),
            ("bitnami/redis:7", "docker.io/bitnami/redis:7"),
            ("registry.test/once:1", "registry.test/once:1"),
            ("localhost/x", "localhost/x:latest"),
        ];
        for (image, name) in cases {
            assert_eq!(full_name(image), name);
        }
    }
}
