//! How long things take in a calm cluster: fixed times from the middle of what was measured.
//!
//! Simplified: real times scatter; these do not, so that the same session is the same everywhere.

use crate::cluster::time::{MINUTE, Millis, SECOND};

/// From the binding of a pod to the kubelet's first look at it.
pub const SEE_POD_MS: Millis = 10;

/// Mounting the volumes of a pod that has any: the volume manager is asked every 300 ms.
pub const MOUNT_MS: Millis = 300;

/// From the kubelet's first look at a pod to the first mount.
pub const FIRST_MOUNT_MS: Millis = 150;

/// From a mount that failed to the next; it doubles.
///
/// Upstream: `pkg/util/goroutinemap/exponentialbackoff`.
pub const MOUNT_RETRY_MS: Millis = 500;

/// The longest such wait: 2 min 2 s.
pub const MAX_MOUNT_RETRY_MS: Millis = 122 * SECOND;

/// Making the sandbox: pause container and network.
pub const SANDBOX_MS: Millis = 700;

/// Creating a container.
pub const CREATE_MS: Millis = 150;

/// Starting a container.
pub const START_MS: Millis = 150;

/// The first pull of an image onto a node.
pub const PULL_MS: Millis = 2 * SECOND;

/// A pull of an image whose layers the node has (`imagePullPolicy: Always`).
pub const PULL_CACHED_MS: Millis = 500;

/// A registry's answer that there is no such image.
pub const PULL_REFUSED_MS: Millis = 500;

/// From a change of the runtime to the kubelet's notice: the kubelet looks every second, so half a
/// second on average.
pub const RELIST_MS: Millis = 500;

/// The same when the kubelet looks at once after its own doing.
pub const RELIST_ON_DEMAND_MS: Millis = 20;

/// From the deletion of a pod to SIGTERM.
pub const SEE_DELETION_MS: Millis = 20;

/// From the last container's end to the final status of a deleted pod.
pub const FINAL_STATUS_MS: Millis = 30;

/// The shortest time between SIGTERM and SIGKILL.
///
/// Upstream: `pkg/kubelet/kuberuntime/kuberuntime_container.go`, minimumGracePeriodInSeconds.
pub const MINIMUM_GRACE_MS: Millis = 2 * SECOND;

/// From one look at a pod to the next when all is well: 1 min plus up to half of it.
pub const RESYNC_MS: Millis = 75 * SECOND;

/// From a failed look to the next; the jitter of up to half of it is left out.
pub const ERROR_RETRY_MS: Millis = 10 * SECOND;

/// The longest wait for the end of a crash back-off before the pod is looked at again.
pub const MAX_BACK_OFF_RETRY_MS: Millis = MINUTE;

/// How long the stand-in application takes to end on SIGTERM.
pub const TERM_MS: Millis = SECOND;

/// How long a stand-in init container runs.
pub const INIT_RUN_MS: Millis = SECOND;
