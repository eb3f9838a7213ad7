//! Ages and states in the words that `kubectl get` prints.

use super::PodState;
use crate::cluster::ClusterConfig;
use crate::cluster::Millis;
use crate::cluster::pod::{ContainerState, ContainerStatus, Pod, PodPhase};

/// The AGE column.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go`, HumanDuration.
pub fn age(elapsed: Millis) -> String {
    let seconds = elapsed / 1_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    let pair = |big: u64, big_unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{big}{big_unit}"),
        _ => format!("{big}{big_unit}{small}{small_unit}"),
    };
    match seconds {
        0..120 => format!("{seconds}s"),
        120..600 => pair(minutes, "m", seconds % 60, "s"),
        600..10_800 => format!("{minutes}m"),
        10_800..28_800 => pair(hours, "h", minutes % 60, "m"),
        28_800..172_800 => format!("{hours}h"),
        172_800..691_200 => pair(days, "d", hours % 24, "h"),
        _ => format!("{days}d"),
    }
}

/// The STATUS column of a pod.
///
/// Upstream: `pkg/printers/internalversion/printers.go`, printPod (1.36).
pub fn pod_status(pod: &Pod) -> String {
    let phase_terminal = pod.status.phase.is_terminal();
    if pod.is_terminating() && !phase_terminal {
        return "Terminating".into();
    }
    if !pod.status.reason.is_empty() {
        return pod.status.reason.to_string();
    }
    if let Some(text) = initializing(pod) {
        return text;
    }
    app_reason(pod).unwrap_or_else(|| pod.status.phase.name().into())
}

/// The status while an init container has not done its part.
fn initializing(pod: &Pod) -> Option<String> {
    let statuses = &pod.status.init_containers;
    let is_sidecar =
        |index: usize| pod.template.init_containers.get(index).is_some_and(|it| it.is_sidecar);
    for (index, status) in statuses.iter().enumerate() {
        match &status.state {
            ContainerState::Terminated(end) if end.exit_code == 0 => {}
            _ if is_sidecar(index) && status.started => {}
            ContainerState::Terminated(end) => return Some(format!("Init:{}", end.reason)),
            ContainerState::Waiting { reason, .. } if &**reason != "PodInitializing" => {
                return Some(format!("Init:{reason}"));
            }
            _ => return Some(format!("Init:{index}/{}", statuses.len())),
        }
    }
    None
}

/// The reason of the first app container that does not run.
fn app_reason(pod: &Pod) -> Option<String> {
    let mut reason = None;
    let mut running = false;
    for status in pod.status.containers.iter().rev() {
        match &status.state {
            ContainerState::Waiting { reason: why, .. } if !why.is_empty() => {
                reason = Some(why.to_string());
            }
            ContainerState::Terminated(end) => reason = Some(end.reason.to_string()),
            ContainerState::Running { .. } => running |= status.ready,
            ContainerState::Waiting { .. } => {}
        }
    }
    match reason.as_deref() {
        Some("Completed") if running && pod.is_ready() => Some("Running".into()),
        Some("Completed") if running => Some("NotReady".into()),
        _ => reason,
    }
}

/// Ready containers, and all app containers and sidecars.
pub fn ready_counts(pod: &Pod) -> (usize, usize) {
    let sidecars = pod.template.init_containers.iter().filter(|it| it.is_sidecar).count();
    let is_sidecar = |status: &&ContainerStatus| {
        let named = pod.template.init_containers.iter().find(|it| it.name == status.name);
        named.is_some_and(|it| it.is_sidecar)
    };
    let sidecars_ready =
        pod.status.init_containers.iter().filter(is_sidecar).filter(|it| it.ready).count();
    let ready = pod.status.containers.iter().filter(|it| it.ready).count();
    (ready + sidecars_ready, pod.template.containers.len() + sidecars)
}

/// Restarts of all containers.
pub fn restarts(pod: &Pod) -> u32 {
    let statuses = pod.status.init_containers.iter().chain(&pod.status.containers);
    statuses.map(|status| status.restart_count).sum()
}

/// The RESTARTS column, with the time since the last one.
pub fn restarts_text(pod: &Pod, config: &ClusterConfig, now: Millis) -> String {
    let count = restarts(pod);
    let ends = pod.status.containers.iter().filter_map(|it| it.last_state.as_ref());
    match ends.map(|end| end.finished_at).max() {
        Some(at) if count > 0 => format!("{count} ({} ago)", age(config.elapsed(at, now))),
        _ => count.to_string(),
    }
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

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn ages_are_those_of_kubectl() {
        let cases = [
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (134, "2m14s"),
            (600, "10m"),
            (7_500, "125m"),
            (10_800, "3h"),
            (12_000, "3h20m"),
            (79_200, "22h"),
            (180_000, "2d2h"),
            (864_000, "10d"),
        ];
        for (seconds, text) in cases {
            assert_eq!(age(seconds * 1_000), text);
        }
    }
}
