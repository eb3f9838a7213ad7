//! Claims, volumes and classes: binding, growing, reclaiming, and what keeps a pod from its volume.

use statefulset_playground::client::deed::{NodeRequest, VolumeRequest};
use statefulset_playground::client::{Aside, Deed, Output};
use statefulset_playground::cluster::fault::{Faults, Provisioner};
use statefulset_playground::cluster::input::Input;
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::pod::Pod;
use statefulset_playground::cluster::storage::{Claim, Volume};
use statefulset_playground::cluster::time::{MINUTE, Millis, SECOND};
use statefulset_playground::cluster::{Cluster, ClusterConfig};
use statefulset_playground::manifest::examples::FIRST_TEXT;
use statefulset_playground::manifest::{Diagnostic, Manifest, Severity};

struct World {
    cluster: Cluster,
}

impl World {
    fn new() -> Self {
        Self { cluster: Cluster::new(ClusterConfig::default()) }
    }

    /// The first example with claims of a class.
    fn with_class(class: &str) -> Self {
        let mut world = Self::new();
        let named = format!("storageClassName: {class}\n        accessModes:");
        let text = FIRST_TEXT.replace("accessModes:", &named);
        assert!(text.contains(class), "{text}");
        world.apply(&text);
        world
    }

    fn submit(&mut self, deed: &Deed) -> Vec<String> {
        let (at, mut out) = (self.cluster.now(), Output::default());
        deed.carry_out(&mut Aside::new(&mut self.cluster, at), &mut out);
        out.text().lines().map(str::to_owned).collect()
    }

    fn apply(&mut self, text: &str) -> Vec<String> {
        let manifest = Manifest::parse(text);
        let wrong = |it: &&Diagnostic| it.severity == Severity::Error;
        assert_eq!(manifest.diagnostics.iter().find(wrong), None);
        self.submit(&Deed::Apply { objects: manifest.objects() })
    }

    fn run_for(&mut self, time: Millis) {
        let until = self.cluster.now() + time;
        while self.cluster.next_at().is_some_and(|at| at <= until) {
            self.cluster.step();
        }
    }

    /// Claims as kubectl prints them: name, status, volume, capacity.
    fn claims(&self) -> Vec<String> {
        let claims = self.cluster.store().list::<Claim>();
        let text = |text: &Option<std::rc::Rc<str>>| text.as_deref().unwrap_or("-").to_owned();
        claims
            .map(|it| {
                let volume = text(&it.volume);
                let volume = if volume.starts_with("pvc-") { "pvc".into() } else { volume };
                format!("{} {:?} {volume} {}", it.meta.name(), it.phase, text(&it.capacity))
            })
            .collect()
    }

    fn volumes(&self) -> Vec<String> {
        let volumes = self.cluster.store().list::<Volume>();
        let line = |it: &Volume| {
            let phase = format!("{:?}", it.phase);
            let phase = if it.meta.is_terminating() { "Terminating".to_owned() } else { phase };
            let claim = it.claim.as_ref().map_or("-".to_owned(), |(key, _)| key.to_string());
            let name = if it.meta.name().starts_with("pvc-") { "pvc" } else { it.meta.name() };
            format!("{name} {} {phase} {claim}", it.capacity)
        };
        volumes.map(|volume| line(volume)).collect()
    }

    fn delete_claim(&mut self, name: &str) {
        let (namespace, name) = ("default".into(), name.into());
        self.submit(&Deed::DeleteClaim { namespace, name });
        self.run_for(2 * SECOND);
    }

    fn volume(&mut self, name: &str, request: VolumeRequest) -> Vec<String> {
        let lines = self.submit(&Deed::Volume { name: name.into(), request });
        self.run_for(SECOND);
        lines
    }

    fn resize(&mut self, name: &str, storage: &str) -> String {
        let (namespace, name) = ("default".into(), name.into());
        let input = Deed::ResizeClaim { namespace, name, storage: storage.into() };
        self.submit(&input).join("\n")
    }

    fn events(&self, reason: &str) -> Vec<String> {
        let events = self.cluster.store().events().numbered().map(|(_, event)| event);
        let mine = events.filter(|event| &*event.reason == reason);
        mine.map(|event| event.message.to_string()).collect()
    }

    fn pod(&self, name: &str) -> &Pod {
        self.cluster.store().get::<Pod>(&Key::new("default", name)).expect(name)
    }

    fn why_unscheduled(&self, pod: &str) -> String {
        let scheduled = self.pod(pod).status.conditions.scheduled.as_ref();
        scheduled.map(|condition| condition.message.to_string()).unwrap_or_default()
    }
}

const VOLUME: &str = "apiVersion: v1
kind: PersistentVolume
metadata:
  name: pv-a
spec:
  capacity: {storage: 2Gi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: manual
  hostPath: {path: /data/a}
";

fn claim(name: &str, mode: &str, size: &str) -> String {
    format!(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}}}\nspec:\n  \
         storageClassName: manual\n  accessModes: [{mode}]\n  resources: {{requests: {{storage: {size}}}}}\n"
    )
}

/// The recording `storage-static-volume`, command by command.
#[test]
fn a_volume_made_by_hand_is_bound_released_and_freed() {
    let mut world = World::new();
    assert_eq!(world.apply(VOLUME), ["persistentvolume/pv-a created"]);
    assert_eq!(world.volumes(), ["pv-a 2Gi Available -"]);
    world.apply(&claim("big", "ReadWriteOnce", "5Gi"));
    world.apply(&claim("many", "ReadWriteMany", "1Gi"));
    world.run_for(2 * SECOND);
    assert_eq!(world.claims(), ["big Pending - -", "many Pending - -"]);
    let missing = "storageclass.storage.k8s.io \"manual\" not found";
    assert_eq!(world.events("ProvisioningFailed"), [missing, missing]);
    world.apply(&claim("data", "ReadWriteOnce", "1Gi"));
    world.run_for(SECOND);
    assert_eq!(world.claims()[1], "data Bound pv-a 2Gi");
    assert_eq!(world.volumes(), ["pv-a 2Gi Bound default/data"]);

    assert_eq!(world.volume("pv-a", VolumeRequest::Delete), ["persistentvolume \"pv-a\" deleted"]);
    assert_eq!(world.volumes(), ["pv-a 2Gi Terminating default/data"]);
    world.delete_claim("data");
    assert_eq!(world.volumes(), [""; 0]);

    world.apply(VOLUME);
    world.apply(&claim("data", "ReadWriteOnce", "1Gi"));
    world.run_for(SECOND);
    assert_eq!(world.claims()[1], "data Bound pv-a 2Gi");
    world.delete_claim("data");
    assert_eq!(world.volumes(), ["pv-a 2Gi Released default/data"]);
    world.apply(&claim("data", "ReadWriteOnce", "1Gi"));
    world.run_for(2 * SECOND);
    assert_eq!(world.claims()[1], "data Pending - -", "another claim of that name");
    assert_eq!(world.volume("pv-a", VolumeRequest::Free), ["persistentvolume/pv-a patched"]);
    world.run_for(SECOND);
    assert_eq!(world.volumes(), ["pv-a 2Gi Available -"]);
    assert_eq!(world.claims()[1], "data Pending - -", "until it is looked at again");
    world.run_for(15 * SECOND);
    assert_eq!(world.claims()[1], "data Bound pv-a 2Gi");
    assert_eq!(world.volume("pv-a", VolumeRequest::Free), ["persistentvolume/pv-a patched"]);
    assert_eq!(world.volumes(), ["pv-a 2Gi Available -"], "while its claim stays bound");
    assert_eq!(world.claims()[1], "data Bound pv-a 2Gi");
    world.run_for(16 * SECOND);
    assert_eq!(world.volumes(), ["pv-a 2Gi Bound default/data"]);
}

#[test]
fn a_claim_takes_the_smallest_volume_that_will_do() {
    let mut world = World::new();
    for (name, size) in [("pv-large", "8Gi"), ("pv-fits", "3Gi"), ("pv-small", "1Gi")] {
        let text = VOLUME.replace("pv-a", name).replace("2Gi", size);
        world.apply(&text);
    }
    world.apply(
        &VOLUME
            .replace("pv-a", "pv-many")
            .replace("[ReadWriteOnce]", "[ReadWriteOnce, ReadOnlyMany]"),
    );
    world.apply(&claim("data", "ReadWriteOnce", "2Gi"));
    world.run_for(SECOND);
    assert_eq!(world.claims(), ["data Bound pv-fits 3Gi"]);
    let named =
        claim("named", "ReadWriteOnce", "2Gi").replace("spec:", "spec:\n  volumeName: pv-small");
    world.apply(&named);
    world.run_for(SECOND);
    let said = "Cannot bind to requested volume \"pv-small\": requested PV is too small";
    assert_eq!(world.events("VolumeMismatch"), [said]);
}

#[test]
fn a_claim_grows_if_its_class_lets_it() {
    let mut world = World::with_class("fast");
    world.run_for(MINUTE);
    assert_eq!(world.resize("www-web-0", "2Gi"), "persistentvolumeclaim/www-web-0 patched");
    world.run_for(5 * SECOND);
    assert_eq!(world.claims()[0], "www-web-0 Bound pvc 2Gi");
    for reason in ["ExternalExpanding", "Resizing", "FileSystemResizeRequired"] {
        assert_eq!(world.events(reason).len(), 1, "{reason}");
    }
    let done = &world.events("FileSystemResizeSuccessful")[0];
    assert!(done.starts_with("MountVolume.NodeExpandVolume succeeded for volume \"pvc-"), "{done}");
    let said = world.resize("www-web-0", "1Gi");
    assert!(said.contains("field can not be less than status.capacity"), "{said}");

    let mut world = World::with_class("standard");
    world.run_for(MINUTE);
    let said = world.resize("www-web-0", "2Gi");
    assert!(said.ends_with("only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"), "{said}");
}

#[test]
fn a_claim_without_a_pod_waits_for_its_file_system() {
    let mut world = World::with_class("fast");
    world.run_for(MINUTE);
    world.submit(&Deed::Scale { namespace: "default".into(), name: "web".into(), replicas: 0 });
    world.run_for(MINUTE);
    world.resize("www-web-0", "2Gi");
    world.run_for(MINUTE);
    assert_eq!(world.claims()[0], "www-web-0 Bound pvc 1Gi");
    world.submit(&Deed::Scale { namespace: "default".into(), name: "web".into(), replicas: 1 });
    world.run_for(MINUTE);
    assert_eq!(world.claims()[0], "www-web-0 Bound pvc 2Gi");
}

#[test]
fn a_volume_stays_in_its_zone_or_on_its_node() {
    for (class, why) in [
        (
            "zonal",
            "1 node(s) were unschedulable, 2 node(s) didn't match PersistentVolume's node affinity",
        ),
        (
            "local-path",
            "1 node(s) were unschedulable, 2 node(s) didn't match PersistentVolume's node affinity",
        ),
    ] {
        let mut world = World::with_class(class);
        world.run_for(MINUTE);
        let node = world.pod("web-1").node.clone().expect("it runs");
        let request = NodeRequest::Cordon;
        world.submit(&Deed::Node { node: node.to_string(), request });
        let (namespace, name) = ("default".into(), "web-1".into());
        world.submit(&Deed::DeletePod { namespace, name, grace_period_seconds: None });
        world.run_for(MINUTE);
        let said = world.why_unscheduled("web-1");
        assert!(said.starts_with(&format!("0/3 nodes are available: {why}.")), "{said}");
        world.submit(&Deed::Node { node: node.to_string(), request: NodeRequest::Uncordon });
        world.run_for(MINUTE);
        assert!(world.pod("web-1").is_ready());
        assert_eq!(world.pod("web-1").node, Some(node));
    }
}

#[test]
fn a_retained_volume_waits_for_a_person() {
    let mut world = World::with_class("fast-retain");
    world.run_for(MINUTE);
    world.submit(&Deed::Scale { namespace: "default".into(), name: "web".into(), replicas: 0 });
    world.run_for(MINUTE);
    world.delete_claim("www-web-0");
    world.run_for(10 * MINUTE);
    assert_eq!(world.volumes().iter().filter(|it| it.contains("Released")).count(), 1);
    let volumes = world.cluster.store().list::<Volume>();
    let left = volumes.filter(|it| !it.files.is_empty()).count();
    assert_eq!(left, 3, "its files are still there");
}

#[test]
fn a_full_provisioner_is_asked_again_and_again() {
    let mut world = World::new();
    let provisioner = Provisioner::Full;
    world.submit(&Input::SetFaults(Faults { provisioner, ..Faults::default() }).into());
    world.apply(FIRST_TEXT);
    world.run_for(MINUTE);
    let said = "failed to provision volume with StorageClass \"standard\": rpc error: code = ResourceExhausted desc = not enough free space";
    assert_eq!(world.events("ProvisioningFailed"), [said]);
    assert_eq!(world.claims(), ["www-web-0 Pending - -"]);
    world.submit(&Input::SetFaults(Faults::default()).into());
    world.run_for(3 * MINUTE);
    assert_eq!(world.claims().len(), 3);
    assert!(world.claims().iter().all(|claim| claim.contains("Bound")));
}

#[test]
fn a_class_without_a_provisioner_gets_volumes_by_hand() {
    let mut world = World::new();
    world.apply("apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: manual}\nprovisioner: kubernetes.io/no-provisioner\nvolumeBindingMode: WaitForFirstConsumer\n");
    let text = FIRST_TEXT.replace("accessModes:", "storageClassName: manual\n        accessModes:");
    world.apply(&text);
    world.run_for(10 * SECOND);
    let said = world.why_unscheduled("web-0");
    assert!(said.contains("3 node(s) didn't find available persistent volumes to bind"), "{said}");
    world.apply(VOLUME);
    world.run_for(MINUTE);
    assert_eq!(world.claims()[0], "www-web-0 Bound pv-a 2Gi");
    assert!(world.pod("web-0").is_ready());
}

#[test]
fn a_claim_for_one_pod_keeps_others_waiting() {
    let mut world = World::new();
    let shared = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: shared}\nspec:\n  accessModes: [ReadWriteOncePod]\n  resources: {requests: {storage: 1Gi}}\n";
    world.apply(shared);
    let text = FIRST_TEXT.replace("      containers:", "      volumes:\n        - name: shared\n          persistentVolumeClaim: {claimName: shared}\n      containers:");
    world.apply(&text);
    world.run_for(MINUTE);
    let said = world.why_unscheduled("web-1");
    let why = "0/3 nodes are available: 3 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.";
    assert!(said.starts_with(why), "{said}");
}

/// The node of web-1 is lost, and its disk with it, until the controller takes it off by force or a
/// person vouches that the node is off.
#[test]
fn a_disk_of_a_lost_node_cannot_be_attached_elsewhere() {
    for by_taint in [false, true] {
        let mut world = World::with_class("fast");
        world.run_for(2 * MINUTE);
        assert_eq!(world.events("SuccessfulAttachVolume").len(), 3);
        let node = world.pod("web-1").node.clone().expect("it runs");
        let request = |request| Deed::Node { node: node.to_string(), request };
        world.submit(&request(NodeRequest::Lose));
        world.run_for(2 * MINUTE);
        let (namespace, name) = ("default".into(), "web-1".into());
        world.submit(&Deed::DeletePod { namespace, name, grace_period_seconds: Some(0) });
        let begin = world.cluster.now();
        world.run_for(MINUTE);
        let said = world.events("FailedAttachVolume");
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("Multi-Attach error for volume \"pvc-"), "{said:?}");
        assert!(said[0].ends_with(
            "Volume is already exclusively attached to one node and can't be attached to another"
        ));
        assert!(!world.pod("web-1").is_ready());
        if by_taint {
            world.submit(&request(NodeRequest::TaintOutOfService));
            world.run_for(10 * SECOND);
        } else {
            world.run_for(4 * MINUTE + 50 * SECOND);
            assert!(!world.pod("web-1").is_ready(), "six minutes are not over");
            world.run_for(20 * SECOND);
        }
        let ready = world.pod("web-1").is_ready();
        assert!(ready, "by taint {by_taint}, after {} ms", world.cluster.now() - begin);
    }
}

#[test]
fn a_disk_moves_with_a_pod_that_ends_in_order() {
    let mut world = World::with_class("fast");
    world.run_for(2 * MINUTE);
    let node = world.pod("web-1").node.clone().expect("it runs");
    world.submit(&Deed::Node { node: node.to_string(), request: NodeRequest::Drain });
    world.run_for(2 * MINUTE);
    assert!(world.pod("web-1").is_ready());
    assert_ne!(world.pod("web-1").node, Some(node));
}
