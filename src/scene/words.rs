//! The state of a pod that colour and shape tell.

use super::PodState;
use crate::cluster::pod::{ContainerState, Pod, PodPhase};

/// Restarts of all containers.
pub fn restarts(pod: &Pod) -> u32 {
    let statuses = pod.status.init_containers.iter().chain(&pod.status.containers);
    statuses.map(|status| status.restart_count).sum()
}

/// The state that colour and shape tell.
pub fn pod_state(pod: &Pod) -> PodState {
    if pod.is_terminating() {
        return PodState::Terminating;
    }
    match pod.status.phase {
        PodPhase::Failed => PodState::Failed,
        PodPhase::Succeeded => PodState::Succeeded,
        _ if is_broken(pod) => PodState::Failed,
        PodPhase::Pending => PodState::Pending,
        PodPhase::Running if pod.is_ready() => PodState::Ready,
        PodPhase::Running => PodState::Running,
    }
}

/// Whether a container ended, or waits for a reason that is a fault.
fn is_broken(pod: &Pod) -> bool {
    let statuses = pod.status.init_containers.iter().chain(&pod.status.containers);
    let mut states = statuses.map(|status| &status.state);
    states.any(|state| match state {
        ContainerState::Waiting { reason, .. } => {
            !matches!(&**reason, "" | "ContainerCreating" | "PodInitializing")
        }
        ContainerState::Terminated(end) => end.exit_code != 0,
        ContainerState::Running { .. } => false,
    })
}
