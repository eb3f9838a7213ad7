//! Which kinds a manifest may hold although nothing here simulates them.

/// Kinds of a real cluster, by apiVersion.
const KNOWN: [(&str, &str); 13] = [
    (
        "v1",
        "Binding Endpoints Event LimitRange Namespace Node \
         PodTemplate ReplicationController ResourceQuota ServiceAccount",
    ),
    ("apps/v1", "ControllerRevision DaemonSet ReplicaSet"),
    ("batch/v1", "CronJob Job"),
    ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("networking.k8s.io/v1", "Ingress IngressClass IPAddress NetworkPolicy ServiceCIDR"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole ClusterRoleBinding Role RoleBinding"),
    (
        "storage.k8s.io/v1",
        "CSIDriver CSINode CSIStorageCapacity VolumeAttachment VolumeAttributesClass",
    ),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("coordination.k8s.io/v1", "Lease"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("node.k8s.io/v1", "RuntimeClass"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
];

/// Whether a real cluster knows this kind in this version.
pub(super) fn is_known(api_version: &str, kind: &str) -> bool {
    let listed = |kinds: &str| kinds.split_whitespace().any(|known| known == kind);
    KNOWN.iter().any(|(version, kinds)| *version == api_version && listed(kinds))
}
