//! A pod at a glance: what colour, shape and a timeline tell of it.

use super::{ContainerState, Pod, PodPhase};

/// What is seen of a pod at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// Whether a deletion has been requested.
    pub is_terminating: bool,
    /// `status.phase`.
    pub phase: PodPhase,
    /// Whether condition Ready is True.
    pub is_ready: bool,
    /// Whether a container ended with an error, or waits for a reason that is a fault.
    pub is_broken: bool,
    /// Restarts of all of its containers.
    pub restarts: u32,
}

impl Glance {
    /// What is seen of this one.
    pub fn of(pod: &Pod) -> Self {
        let statuses = || pod.status.init_containers.iter().chain(&pod.status.containers);
        Self {
            is_terminating: pod.is_terminating(),
            phase: pod.status.phase,
            is_ready: pod.is_ready(),
            is_broken: statuses().any(|status| is_fault(&status.state)),
            restarts: statuses().map(|status| status.restart_count).sum(),
        }
    }
}

fn is_fault(state: &ContainerState) -> bool {
    match state {
        ContainerState::Waiting { reason, .. } => {
            !matches!(&**reason, "" | "ContainerCreating" | "PodInitializing")
        }
        ContainerState::Terminated(end) => end.exit_code != 0,
        ContainerState::Running { .. } => false,
    }
}
