//! Random sessions: clusters, manifests, and what a person does to them.

use statefulset_playground::api::change::Cascade;
use statefulset_playground::api::{ApiObject, Gate, Kubernetes, Tree, Version};
use statefulset_playground::client::deed::{NodeRequest, VolumeRequest};
use statefulset_playground::client::nodes::Drain;
use statefulset_playground::client::{Deed, Output, Seat};
use statefulset_playground::cluster::fault::{Faults, Provisioner};
use statefulset_playground::cluster::pod::Pod;
use statefulset_playground::cluster::rng::Rng;
use statefulset_playground::cluster::step::Step;
use statefulset_playground::cluster::storage::{Claim, Volume};
use statefulset_playground::cluster::template::ProbeKind;
use statefulset_playground::cluster::time::MINUTE;
use statefulset_playground::cluster::{Cluster, ClusterConfig, Input, Outcome};
use statefulset_playground::manifest::Manifest;
use statefulset_playground::manifest::examples::FIRST_TEXT;

/// What is drawn for a session.
pub struct Random(Rng);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(Rng::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x0BAD_5EED))
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64() % bound
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    pub fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}

/// Steps after which a session is left to itself, and after which it ends.
const MOST_STEPS: usize = 1_500;

/// Who looks at a session while it is played.
pub trait Watch {
    fn input(&mut self, input: &Input);
    fn step(&mut self, cluster: &Cluster, step: &Step);
}

/// Plays the session of this seed. Returns the cluster at its end and the number of steps.
pub fn play(seed: u64, watch: &mut dyn Watch) -> (Cluster, usize) {
    let mut random = Random::new(seed);
    let (config, mut draft) = start(&mut random);
    let mut played = Played { cluster: Cluster::new(config), watch, at: 0, drains: Vec::new() };
    let mut steps = 0;
    let mut at = 0;
    played.carry_out(at, &draft.apply());
    for _ in 0..1 + random.below(6) {
        at += 500 + random.below(90_000);
        steps += played.run(at, MOST_STEPS.saturating_sub(steps));
        let deed = draft.deed(&mut random, &played.cluster);
        let now = at.max(played.cluster.now());
        played.carry_out(now, &deed);
    }
    let end = at.max(played.cluster.now()) + 10 * MINUTE;
    steps += played.run(end, MOST_STEPS);
    (played.cluster, steps)
}

/// A session that is played before somebody's eyes.
struct Played<'a> {
    cluster: Cluster,
    watch: &'a mut dyn Watch,
    at: u64,
    drains: Vec<Drain>,
}

impl Seat for Played<'_> {
    fn at(&self) -> u64 {
        self.at
    }

    fn with<T>(&self, read: impl FnOnce(&Cluster) -> T) -> T {
        read(&self.cluster)
    }

    fn submit(&mut self, input: Input) -> Outcome {
        self.watch.input(&input);
        let (outcome, step) = self.cluster.submit(self.at, &input);
        self.watch.step(&self.cluster, &step);
        outcome
    }
}

impl Played<'_> {
    fn carry_out(&mut self, at: u64, deed: &Deed) {
        self.at = at;
        let done = deed.carry_out(self, &mut Output::default());
        self.drains.extend(done.drain);
    }

    /// Takes the steps that are due by `end`, at most so many, and returns how many there were.
    fn run(&mut self, end: u64, most: usize) -> usize {
        for count in 0..most {
            if self.cluster.next_at().is_none_or(|at| at > end) {
                return count;
            }
            let step = self.cluster.step().expect("something is due");
            self.watch.step(&self.cluster, &step);
            self.at = self.cluster.now();
            let mut drains = std::mem::take(&mut self.drains);
            drains.retain_mut(|drain| drain.poll(self, &mut Output::default()).is_none());
            self.drains = drains;
        }
        most
    }
}

/// A set as it stands in somebody's editor.
struct Draft {
    objects: Vec<ApiObject>,
}

/// A cluster and a first manifest.
fn start(random: &mut Random) -> (ClusterConfig, Draft) {
    let mut kubernetes = Kubernetes::new(random.one_of(&Version::ALL));
    for gate in Gate::ALL {
        if kubernetes.gates_known().any(|known| known == gate) && random.chance(4) {
            kubernetes = kubernetes.with(gate, !kubernetes.gates.is_on(gate));
        }
    }
    let drawn_times = random.chance(3);
    let seed = random.below(1 << 40);
    let config = ClusterConfig { seed, kubernetes, drawn_times, ..Default::default() };
    let mut draft = Draft { objects: Manifest::parse(FIRST_TEXT).objects() };
    let spec = draft.spec();
    spec.put("replicas", random.below(5));
    if random.chance(3) {
        spec.put("podManagementPolicy", "Parallel");
    }
    if random.chance(4) {
        spec.open("ordinals").put("start", random.below(6));
    }
    if random.chance(2) {
        spec.put("revisionHistoryLimit", random.below(2));
    }
    for when in ["whenDeleted", "whenScaled"] {
        if random.chance(3) {
            spec.open("persistentVolumeClaimRetentionPolicy").put(when, "Delete");
        }
    }
    if random.chance(5) {
        spec.drop_field("volumeClaimTemplates");
        draft.container().drop_field("volumeMounts");
    }
    if random.chance(4) {
        let apart = r#"{"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
            {"labelSelector": {"matchLabels": {"app": "nginx"}}, "topologyKey": "kubernetes.io/hostname"}]}}"#;
        let evenly = r#"[{"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "nginx"}}}]"#;
        let (field, text) =
            random.one_of(&[("affinity", apart), ("topologySpreadConstraints", evenly)]);
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        draft.spec().open("template").open("spec").put(field, value);
    }
    if random.chance(3) {
        let class = random.one_of(&["local-path", "fast", "fast-retain", "zonal", "none"]);
        for template in draft.spec().items_mut("volumeClaimTemplates") {
            let spec = template.open("spec");
            spec.put("storageClassName", class);
            if random.chance(3) {
                spec.put("accessModes", vec!["ReadWriteOncePod"]);
            }
        }
    }
    if random.chance(3) {
        let budget = format!(
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: web}}\n\
             spec: {{selector: {{matchLabels: {{app: nginx}}}}, minAvailable: {}}}\n",
            random.below(4)
        );
        let budgets = Manifest::parse(&budget).objects();
        draft.objects.splice(0..0, budgets);
    }
    for _ in 0..random.below(5) {
        draft.change(random);
    }
    (config, draft)
}

impl Draft {
    fn spec(&mut self) -> &mut serde_json::Value {
        self.objects.last_mut().expect("the set stands last").spec_mut()
    }

    fn container(&mut self) -> &mut serde_json::Value {
        &mut self.spec().open("template").open("spec").items_mut("containers")[0]
    }

    fn apply(&self) -> Deed {
        Deed::Apply { objects: self.objects.clone() }
    }

    /// Changes what a running set may be changed in.
    fn change(&mut self, random: &mut Random) {
        match random.below(8) {
            0 | 1 => self.spec().put("replicas", random.below(6)),
            2 => {
                let image = random.one_of(&["nginx:1", "nginx:2", "nginx:3", "does-not-exist:1"]);
                self.container().put("image", image);
            }
            3 => self.spec().put("minReadySeconds", random.one_of(&[0, 5, 30])),
            4 => {
                let partition = random.below(4);
                let strategy = self.spec().open("updateStrategy");
                strategy.put("type", "RollingUpdate");
                strategy.open("rollingUpdate").put("partition", partition);
            }
            5 => {
                let kind = random.one_of(&["OnDelete", "RollingUpdate"]);
                self.spec().put("updateStrategy", serde_json::json!({"type": kind}));
            }
            6 => {
                let limit = random.one_of(&[1, 2, 3]);
                let strategy = self.spec().open("updateStrategy");
                strategy.put("type", "RollingUpdate");
                strategy.open("rollingUpdate").put("maxUnavailable", limit);
            }
            _ => {
                let probe = random.one_of(&["readinessProbe", "livenessProbe", "startupProbe"]);
                let period = random.one_of(&[1, 5, 10]);
                self.container().put(
                    probe,
                    serde_json::json!({"httpGet": {"port": 80}, "periodSeconds": period}),
                );
            }
        }
    }

    /// Something that a person does now.
    fn deed(&mut self, random: &mut Random, cluster: &Cluster) -> Deed {
        let namespace = || String::from("default");
        let pods: Vec<_> = cluster.store().list::<Pod>().map(|pod| pod.meta.key.clone()).collect();
        let claims: Vec<_> =
            cluster.store().list::<Claim>().map(|claim| claim.meta.key.clone()).collect();
        let pod = (!pods.is_empty()).then(|| {
            pods[usize::try_from(random.below(pods.len() as u64)).unwrap()].name.to_string()
        });
        match (random.below(14), pod) {
            (0 | 1, Some(name)) => {
                let grace_period_seconds = random.one_of(&[None, None, Some(0), Some(5)]);
                Deed::DeletePod { namespace: namespace(), name, grace_period_seconds }
            }
            (2, Some(pod)) => Deed::Input(Input::CrashContainer {
                namespace: namespace(),
                pod,
                container: "nginx".into(),
                exit_code: 1,
            }),
            (3, Some(pod)) => Deed::Input(Input::SetEndpoint {
                namespace: namespace(),
                pod,
                container: "nginx".into(),
                probe: random.one_of(&[ProbeKind::Readiness, ProbeKind::Liveness]),
                failing: !random.chance(3),
            }),
            (4, _) if !claims.is_empty() => {
                let at = usize::try_from(random.below(claims.len() as u64)).unwrap();
                Deed::DeleteClaim { namespace: namespace(), name: claims[at].name.to_string() }
            }
            (5, _) if random.chance(2) => Deed::DeleteStatefulSet {
                namespace: namespace(),
                name: "web".into(),
                cascade: random.one_of(&[
                    Cascade::Background,
                    Cascade::Foreground,
                    Cascade::Orphan,
                ]),
            },
            (6, _) if random.chance(2) => Deed::Input(Input::SetFaults(faults(random))),
            (10, _) if !claims.is_empty() => {
                let at = usize::try_from(random.below(claims.len() as u64)).unwrap();
                let storage = random.one_of(&["512Mi", "2Gi", "3Gi", "much"]).into();
                Deed::ResizeClaim {
                    namespace: namespace(),
                    name: claims[at].name.to_string(),
                    storage,
                }
            }
            (11, _) => volume_request(random, cluster),
            (8 | 9, _) => Deed::Node {
                node: random.one_of(&["minikube", "minikube-m02", "minikube-m03"]).into(),
                request: random.one_of(&NodeRequest::ALL),
            },
            (7, _) => Deed::Scale {
                namespace: namespace(),
                name: "web".into(),
                replicas: i32::try_from(random.below(6)).unwrap(),
            },
            _ => {
                for _ in 0..1 + random.below(2) {
                    self.change(random);
                }
                self.apply()
            }
        }
    }
}

fn faults(random: &mut Random) -> Faults {
    Faults {
        slow_start_seconds: random.one_of(&[0, 20]),
        crash_after_seconds: random.one_of(&[0, 0, 15]),
        fail_from_seconds: random.one_of(&[0, 10]),
        fail_for_seconds: random.one_of(&[0, 0, 40]),
        no_images: random.chance(6),
        provisioner: random.one_of(&Provisioner::ALL),
    }
}

fn volume_request(random: &mut Random, cluster: &Cluster) -> Deed {
    let volumes: Vec<_> =
        cluster.store().list::<Volume>().map(|it| it.meta.name().to_string()).collect();
    let at = random.below(volumes.len().max(1) as u64);
    let name = volumes.get(usize::try_from(at).unwrap()).cloned().unwrap_or_default();
    let request = random.one_of(&[VolumeRequest::Delete, VolumeRequest::Free]);
    Deed::Volume { name, request }
}
