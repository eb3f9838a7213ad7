//! The state of a pod that colour and shape tell.

use super::PodState;
use crate::cluster::pod::{Glance, PodPhase};

/// The state that colour and shape tell.
pub fn pod_state(pod: &Glance) -> PodState {
    if pod.is_terminating {
        return PodState::Terminating;
    }
    match pod.phase {
        PodPhase::Failed => PodState::Failed,
        PodPhase::Succeeded => PodState::Succeeded,
        _ if pod.is_broken => PodState::Failed,
        PodPhase::Pending => PodState::Pending,
        PodPhase::Running if pod.is_ready => PodState::Ready,
        PodPhase::Running => PodState::Running,
    }
}
