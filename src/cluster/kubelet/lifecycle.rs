//! One look at a pod: write its status, plan, carry out the plan, decide when to look again.
//!
//! Upstream: `pkg/kubelet/kubelet.go`, SyncPod; `pkg/kubelet/pod_workers.go`, podWorkerLoop,
//! completeWork; `pkg/kubelet/pleg/generic.go`.

use super::memory::Call;
use super::trace;
use super::worker::{Blocked, Findings, Op, PodWorker};
use super::{
    KubeletWork, address, compute, config, latency, pod_of, probe, pull, report, runtime, status,
    terminate, timing,
};
use crate::cluster::Cluster;
use crate::cluster::attach;
use crate::cluster::event::EventType;
use crate::cluster::meta::Key;
use crate::cluster::node::Node;
use crate::cluster::storage::{Claim, ClaimPhase};
use crate::cluster::time::Millis;

/// How an operation went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Done; the next one follows.
    Next,
    /// The next one follows after this time.
    After(Millis),
    /// The next one follows when this container has exited.
    AfterExit(usize),
    /// It failed: the rest of this container's operations is left out.
    Failed(usize),
}

/// Looks at the pod.
pub fn sync(cluster: &mut Cluster, worker: &mut PodWorker) {
    if worker.is_terminating() {
        return;
    }
    if worker.syncing {
        worker.again = true;
        return;
    }
    let Some(pod) = pod_of(cluster, worker).filter(|pod| !pod.is_terminating()) else {
        return terminate::begin(cluster, worker);
    };
    if compute::has_ended(worker) || worker.past_deadline {
        return terminate::begin(cluster, worker);
    }
    worker.syncing = true;
    worker.findings = Findings::default();
    if worker.first_handled.is_none() {
        worker.first_handled = Some(cluster.now);
        probe::create_workers(cluster, worker);
        schedule_deadline(cluster, worker);
    }
    status::write(cluster, worker, &pod);
    if !worker.mounted {
        worker.plan.push_back(Op::Mount);
    }
    worker.plan.push_back(Op::Compute);
    carry_out(cluster, worker);
    probe::trigger(cluster, worker);
}

/// When the pod will have been active for as long as it may, if it may not be for ever.
fn deadline_at(worker: &PodWorker) -> Option<Millis> {
    let start = super::whole_seconds(worker.first_handled?);
    Some(start + worker.template.active_deadline_ms? + latency::RELIST_MS)
}

/// Queues the look at a pod whose time is over; a deadline in the past is noticed by the next round.
pub fn schedule_deadline(cluster: &mut Cluster, worker: &PodWorker) {
    if let Some(at) = deadline_at(worker) {
        let at = at.max(cluster.now + latency::RELIST_MS);
        worker.schedule(cluster, at, KubeletWork::Deadline);
    }
}

/// The pod has been active for longer than it may: it fails, and its containers are stopped at the
/// next look. Does nothing if it has got more time meanwhile.
///
/// Upstream: `pkg/kubelet/active_deadline.go`.
pub fn deadline(cluster: &mut Cluster, worker: &mut PodWorker) {
    let is_over = deadline_at(worker).is_some_and(|at| at <= cluster.now);
    if worker.is_terminating() || worker.past_deadline || !is_over {
        return;
    }
    worker.past_deadline = true;
    report::of_pod(cluster, worker, EventType::Normal, "DeadlineExceeded", PAST_DEADLINE);
    if let Some(pod) = pod_of(cluster, worker) {
        status::write(cluster, worker, &pod);
    }
    let at = timing::next_relist(cluster);
    worker.request_sync(cluster, at);
}

/// The message of a pod that was active for too long.
pub const PAST_DEADLINE: &str = "Pod was active on the node longer than the specified deadline";

/// Goes on with a plan whose operation is over.
pub fn proceed(cluster: &mut Cluster, worker: &mut PodWorker) {
    worker.blocked = None;
    if worker.syncing {
        carry_out(cluster, worker);
    }
}

/// Carries out the plan until it has to wait or is done.
fn carry_out(cluster: &mut Cluster, worker: &mut PodWorker) {
    while let Some(op) = worker.plan.pop_front() {
        match perform(cluster, worker, op) {
            Flow::Next | Flow::After(0) => {}
            Flow::After(ms) => {
                let at = cluster.now + ms;
                let ticket = worker.schedule(cluster, at, KubeletWork::Proceed);
                worker.blocked = Some(Blocked::Until(at, ticket));
                return;
            }
            Flow::AfterExit(container) => {
                worker.blocked = Some(Blocked::Exit(container));
                return;
            }
            Flow::Failed(container) => {
                worker.plan.retain(|op| op.container() != Some(container));
                if worker.is_regular_init(container) {
                    worker.plan.clear();
                }
            }
        }
    }
    finish(cluster, worker);
}

fn perform(cluster: &mut Cluster, worker: &mut PodWorker, op: Op) -> Flow {
    match op {
        Op::Mount => mount(cluster, worker),
        Op::Compute => {
            worker.mounted = true;
            if !cluster.kubernetes().relists_on_demand() {
                forget_earlier_inits(worker);
            }
            worker.plan.extend(compute::plan(worker));
            Flow::Next
        }
        Op::CreateSandbox => {
            worker.findings.acted = true;
            trace::of_pod(cluster, Call::RunPodSandbox);
            if worker.lost_sandbox {
                let message = "Pod sandbox changed, it will be killed and re-created.";
                report::of_pod(cluster, worker, EventType::Normal, "SandboxChanged", message);
            }
            Flow::After(worker.script.sandbox_ms)
        }
        Op::SandboxReady => sandbox_ready(cluster, worker),
        Op::Kill { container, probe } => runtime::kill(cluster, worker, container, probe),
        Op::CheckBackOff { container } => runtime::check_back_off(cluster, worker, container),
        Op::Pull { container } => pull::pull(cluster, worker, container),
        Op::Pulled { container, began_at } => pull::pulled(cluster, worker, container, began_at),
        Op::Create { container } => match config::missing_environment(worker, container) {
            Some(missing) => {
                pull::refuse(cluster, worker, container, "CreateContainerConfigError", missing)
            }
            None => {
                let attempt = (container, worker.next_attempt(container));
                let now = cluster.now;
                trace::of_container(cluster, worker, attempt, now, Call::CreateContainer);
                Flow::After(worker.run(container).create_ms)
            }
        },
        Op::Start { container } => runtime::start(cluster, worker, container),
        Op::Started { container } => runtime::started(cluster, worker, container),
        Op::Hooked { container } => runtime::hooked(cluster, worker, container),
    }
}

/// Instances of init containers before the last are removed when the pod goes on.
///
/// Upstream: `pkg/kubelet/kuberuntime/kuberuntime_container.go`, pruneInitContainersBeforeStart. From
/// 1.36 on the status keeps them.
fn forget_earlier_inits(worker: &mut PodWorker) {
    for record in &mut worker.containers[..worker.template.init_containers.len()] {
        if !record.instance.is_running() {
            record.instance.previous = None;
        }
    }
}

/// Waits for the volumes: the claims have to be bound, and the volume manager is asked every 300
/// ms.
///
/// Upstream: `pkg/kubelet/volumemanager/volume_manager.go`, WaitForAttachAndMount.
fn mount(cluster: &mut Cluster, worker: &mut PodWorker) -> Flow {
    let is_bound = |claim: &str| {
        let claim = cluster.store.get::<Claim>(&worker.key.sibling(claim));
        claim.is_some_and(|claim| claim.phase == ClaimPhase::Bound)
    };
    if worker.claims.is_empty() && worker.template.volumes.is_empty() {
        return Flow::Next;
    }
    let keys: Vec<Key> = worker.claims.iter().map(|it| worker.key.sibling(&it.claim)).collect();
    let is_there = worker.claims.iter().all(|volume| is_bound(&volume.claim))
        && attach::is_ready(cluster, &worker.node, keys.iter());
    if !is_there {
        worker.plan.push_front(Op::Mount);
        return Flow::After(latency::MOUNT_MS);
    }
    let Some(missing) = config::missing_volume(worker) else {
        return Flow::After(latency::MOUNT_MS);
    };
    worker.plan.push_front(Op::Mount);
    worker.mount_tries += 1;
    if worker.mount_tries == 1 {
        return Flow::After(latency::FIRST_MOUNT_MS);
    }
    report::of_pod(cluster, worker, EventType::Warning, "FailedMount", &missing);
    let wait = latency::MOUNT_RETRY_MS << (worker.mount_tries - 2).min(8);
    Flow::After(wait.min(latency::MAX_MOUNT_RETRY_MS))
}

fn sandbox_ready(cluster: &mut Cluster, worker: &mut PodWorker) -> Flow {
    if worker.sandbox_failures < worker.script.sandbox_failures {
        worker.sandbox_failures += 1;
        let error = &worker.script.sandbox_error;
        let message =
            format!("Failed to create pod sandbox: rpc error: code = Unknown desc = {error}");
        report::of_pod(cluster, worker, EventType::Warning, "FailedCreatePodSandBox", &message);
        worker.findings.failed = true;
        worker.plan.clear();
        return Flow::Next;
    }
    let dies_ms = worker.script.sandbox_dies_ms.filter(|_| !worker.lost_sandbox);
    if let Some(dies_ms) = dies_ms {
        worker.schedule(cluster, cluster.now + dies_ms, KubeletWork::LoseSandbox);
    }
    let key = Key { namespace: "".into(), name: worker.node.clone() };
    let node = cluster.store.get::<Node>(&key);
    let (index, pods) = node.map_or((0, 0), |node| (node.index, node.max_pods));
    let addresses = cluster.kubelets.addresses.entry(worker.node.clone());
    worker.pod_ip = addresses.or_insert_with(|| address::Addresses::new(index, pods)).take();
    if worker.pod_ip.is_none() {
        worker.findings.failed = true;
        worker.plan.clear();
    } else if cluster.kubernetes().relists_on_demand() {
        status::write_sandbox_ready(cluster, worker);
    }
    Flow::Next
}

/// Ends a look: decides when the kubelet's picture is fresh and when it looks again.
fn finish(cluster: &mut Cluster, worker: &mut PodWorker) {
    let now = cluster.now;
    worker.syncing = false;
    let Findings { acted, failed, backed_off_until } = std::mem::take(&mut worker.findings);
    let fine = !failed && backed_off_until.is_none();
    let on_demand = acted && fine && cluster.kubernetes().relists_on_demand();
    worker.fresh_at = match on_demand {
        true => now + latency::RELIST_ON_DEMAND_MS,
        false => timing::next_relist(cluster),
    };
    if acted {
        worker.request_relist(cluster, worker.fresh_at);
    }
    requeue(cluster, worker, failed, backed_off_until);
    if worker.again {
        worker.again = false;
        let deleted = pod_of(cluster, worker).is_none_or(|pod| pod.is_terminating());
        if deleted {
            worker.fresh_at = now;
        }
        worker.request_sync(cluster, now);
    }
}

/// Upstream: `pkg/kubelet/pod_workers.go`, completeWork. A look that comes by itself changes
/// nothing while all is ready, so none is planned then.
fn requeue(cluster: &mut Cluster, worker: &mut PodWorker, failed: bool, until: Option<Millis>) {
    let now = cluster.now;
    if let Some((_, ticket)) = worker.requeued.take() {
        cluster.queue.cancel(ticket);
    }
    let at_expiry = cluster.kubernetes().retries_when_back_off_expires();
    let delay = match until {
        Some(until) if !failed && at_expiry => {
            let wait = until.saturating_sub(now).min(latency::MAX_BACK_OFF_RETRY_MS);
            timing::jittered(cluster, wait)
        }
        _ if failed || until.is_some() => timing::jittered(cluster, latency::ERROR_RETRY_MS),
        _ if probe::waits_for_readiness(worker) => timing::resync(cluster),
        _ => return,
    };
    let ticket = worker.schedule(cluster, now + delay, KubeletWork::Requeued);
    worker.requeued = Some((now + delay, ticket));
}

/// Notices what changed in the runtime and looks at the pod if anything did.
pub fn relist(cluster: &mut Cluster, worker: &mut PodWorker) {
    worker.relist = None;
    if worker.is_terminating() {
        return;
    }
    let mut changed = worker.seen_sandbox != worker.pod_ip.is_some();
    worker.seen_sandbox = worker.pod_ip.is_some();
    for record in &mut worker.containers {
        if record.seen != record.instance {
            record.seen = record.instance.clone();
            changed = true;
        }
    }
    worker.fresh_at = worker.fresh_at.min(cluster.now);
    if changed {
        // A look that waits for a fresh picture has been begun already: another one follows it.
        worker.again |= worker.next_sync.is_some();
        worker.request_sync(cluster, cluster.now);
    }
}
