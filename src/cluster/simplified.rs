//! What the simulator leaves out or makes simpler than it is, in a user's words.

/// One simplification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simplification {
    /// What it is about.
    pub topic: &'static str,
    /// What is different from a real cluster.
    pub text: &'static str,
}

/// Everything that the kubelets and the cluster around the StatefulSet simplify.
pub const SIMPLIFIED: &[Simplification] = &[
    Simplification {
        topic: "Time",
        text: "Everything takes a fixed, typical time: a pod's sandbox 0.7 s, a container 0.3 s, \
               the first pull of an image 2 s. A real cluster scatters around such values.",
    },
    Simplification {
        topic: "Applications",
        text: "No container runs anything. A stand-in serves the ports that the container declares \
               (all ports if it declares none), answers every HTTP path with 200, every command \
               with exit code 0 and gRPC with SERVING, until you make a probe's endpoint fail, crash \
               the container, or set faults: a slow start, or an end after some seconds.",
    },
    Simplification {
        topic: "Stopping",
        text: "The stand-in takes 1 s to end on SIGTERM and exits with 0. So SIGKILL at the end of \
               the grace period is rarely seen.",
    },
    Simplification {
        topic: "Init containers",
        text: "An init container runs for 1 s and exits with 0, whatever its command is.",
    },
    Simplification {
        topic: "Images",
        text: "Every image exists, except those whose reference contains does-not-exist, \
               nonexistent, no-such or broken. Pulls of several pods do not wait for each other.",
    },
    Simplification {
        topic: "Files",
        text: "The only file on a volume is boots.txt: the stand-in adds a line to it on the first \
               claim that a container mounts, each time that container starts. It keeps the last \
               50 lines.",
    },
    Simplification {
        topic: "Back-off",
        text: "Waits before a restart or another pull have exactly their nominal length. A real \
               kubelet adds up to half of it.",
    },
    Simplification {
        topic: "Lifecycle hooks",
        text: "activeDeadlineSeconds has no effect. Hooks succeed at once, but for a sleep; the \
               preStop hook of a sidecar begins when the app containers have ended.",
    },
    Simplification {
        topic: "Readiness gates",
        text: "Nobody writes the conditions that readiness gates ask for, so a pod that has any \
               never becomes Ready.",
    },
    Simplification {
        topic: "Volumes",
        text: "ConfigMaps and Secrets that a pod mounts or reads count as present.",
    },
    Simplification {
        topic: "Events",
        text: "Equal events are counted up as in a real cluster, but similar ones are not combined \
               and none is dropped by the spam filter.",
    },
    Simplification {
        topic: "Addresses",
        text: "Pods get addresses 10.244.<node>.2 and up, one after the other. On nodes made for \
               more than 250 pods the range is 10.<128 + node>.0.0/16.",
    },
    Simplification {
        topic: "Scheduling",
        text: "The scheduler looks at cordons, the number of pods, CPU and memory requests and \
               claims, and takes the node with the fewest pods. Affinity, taints, topology spread, \
               priorities and preemption do not count.",
    },
    Simplification {
        topic: "Storage",
        text: "A volume is made for each claim; none that exists already is ever taken. The \
               classes local-path and fast are there without being installed. Access modes do not \
               keep two nodes from using one volume.",
    },
    Simplification {
        topic: "DNS",
        text: "Only addresses (A) and services (SRV) have records. Answers are kept for 30 seconds \
               if you ask for it, by one server. A Service has one EndpointSlice, whatever its size.",
    },
];
