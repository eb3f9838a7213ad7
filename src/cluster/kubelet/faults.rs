//! What a person does to a running container: a crash, an endpoint that fails or recovers.

use super::{PodWorker, runtime, with_worker};
use crate::api::{Status, StatusReason};
use crate::cluster::Cluster;
use crate::cluster::input::Input;
use crate::cluster::meta::Key;
use crate::cluster::pod::Pod;

/// What a person does to a running container: a crash, a failing endpoint.
///
/// # Errors
/// `NotFound` if there is no such pod, `BadRequest` if it has no such container or probe, or if the
/// container does not run.
#[inline(never)]
pub fn submit(cluster: &mut Cluster, input: &Input) -> Result<(), Status> {
    match input {
        Input::CrashContainer { namespace, pod, container, exit_code } => {
            let exit_code = exit_code.rem_euclid(256);
            on_container(cluster, namespace, pod, container, |cluster, worker, index| {
                let instance = &worker.containers[index].instance;
                if !instance.is_running() {
                    let message = format!("container {container} of pod {pod} is not running");
                    return Err(refusal(StatusReason::BadRequest, pod, message));
                }
                let attempt = instance.attempt;
                runtime::exit(cluster, worker, index, attempt, exit_code);
                Ok(())
            })
        }
        Input::SetEndpoint { namespace, pod, container, probe, failing } => {
            on_container(cluster, namespace, pod, container, |_, worker, index| {
                if worker.spec(index).probe(*probe).is_none() {
                    let kind = probe.name().to_ascii_lowercase();
                    let message = format!("container {container} of pod {pod} has no {kind} probe");
                    return Err(refusal(StatusReason::BadRequest, pod, message));
                }
                let set = &mut worker.containers[index].failing;
                if *failing {
                    set.insert(*probe)
                } else {
                    set.remove(probe)
                };
                Ok(())
            })
        }
        _ => Ok(()),
    }
}

/// Finds a container of a pod that a kubelet runs.
fn on_container(
    cluster: &mut Cluster,
    namespace: &str,
    pod: &str,
    container: &str,
    act: impl FnOnce(&mut Cluster, &mut PodWorker, usize) -> Result<(), Status>,
) -> Result<(), Status> {
    let key = Key::new(namespace, pod);
    let Some(found) = cluster.store.get::<Pod>(&key).cloned() else {
        return Err(refusal(StatusReason::NotFound, pod, format!("pods \"{pod}\" not found")));
    };
    if found.template.container(container).is_none() {
        let message = format!("container {container} is not valid for pod {pod}");
        return Err(refusal(StatusReason::BadRequest, pod, message));
    }
    let done = with_worker(cluster, found.meta.uid, |cluster, worker| {
        worker.container_named(container).map(|index| act(cluster, worker, index))
    });
    done.flatten().unwrap_or_else(|| {
        let message = format!("pod {pod} does not have a host assigned");
        Err(refusal(StatusReason::BadRequest, pod, message))
    })
}

fn refusal(reason: StatusReason, pod: &str, message: String) -> Status {
    Status { reason, message, kind: "pods".into(), name: pod.into(), causes: Vec::new() }
}
