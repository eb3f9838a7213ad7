//! The table of kinds: one row for each kind that the API server serves, in the order in which
//! `kubectl api-resources` lists them.
//!
//! A row is all that a kind costs that is only kept. Rows are data: a kind whose objects are checked has
//! another in [`rules`](super::rules), one with columns of its own another in `print::columns`, and one
//! that acts a folder in `cluster` and a row in `cluster::kinds`, each by its name as `Kind::of` finds it.
//!
//! Source: `kubectl api-resources` of Kubernetes 1.36.

use super::resource::Resource;
use super::version::Version::{V1_36, V1_37};

/// Every kind that is built in.
pub(super) static TABLE: [Resource; 71] = [
    Resource::new("Binding", "bindings", "v1"),
    Resource::new("ComponentStatus", "componentstatuses", "v1").short("cs").of_cluster(),
    Resource::new("ConfigMap", "configmaps", "v1").short("cm").checked(),
    Resource::new("Endpoints", "endpoints", "v1").made_by_put().short("ep"),
    Resource::new("Event", "events", "v1").made_by_put().short("ev"),
    Resource::new("LimitRange", "limitranges", "v1").made_by_put().short("limits"),
    Resource::new("Namespace", "namespaces", "v1")
        .short("ns")
        .deleting_by_itself()
        .acts()
        .of_cluster(),
    Resource::new("Node", "nodes", "v1").short("no").acts().of_cluster(),
    Resource::new("PersistentVolumeClaim", "persistentvolumeclaims", "v1")
        .short("pvc")
        .acts()
        .checked(),
    Resource::new("PersistentVolume", "persistentvolumes", "v1")
        .short("pv")
        .acts()
        .of_cluster()
        .checked(),
    Resource::new("Pod", "pods", "v1").generations().short("po").acts().in_all().checked(),
    Resource::new("PodTemplate", "podtemplates", "v1"),
    Resource::new("ReplicationController", "replicationcontrollers", "v1")
        .generations()
        .short("rc")
        .in_all(),
    Resource::new("ResourceQuota", "resourcequotas", "v1").short("quota"),
    Resource::new("Secret", "secrets", "v1").checked(),
    Resource::new("ServiceAccount", "serviceaccounts", "v1").short("sa"),
    Resource::new("Service", "services", "v1").made_by_put().short("svc").acts().in_all().checked(),
    Resource::new(
        "MutatingAdmissionPolicy",
        "mutatingadmissionpolicies",
        "admissionregistration.k8s.io/v1",
    )
    .generations()
    .since(V1_36)
    .of_cluster(),
    Resource::new(
        "MutatingAdmissionPolicyBinding",
        "mutatingadmissionpolicybindings",
        "admissionregistration.k8s.io/v1",
    )
    .generations()
    .since(V1_36)
    .of_cluster(),
    Resource::new(
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
        "admissionregistration.k8s.io/v1",
    )
    .generations()
    .of_cluster(),
    Resource::new(
        "ValidatingAdmissionPolicy",
        "validatingadmissionpolicies",
        "admissionregistration.k8s.io/v1",
    )
    .generations()
    .of_cluster(),
    Resource::new(
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
        "admissionregistration.k8s.io/v1",
    )
    .generations()
    .of_cluster(),
    Resource::new(
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
        "admissionregistration.k8s.io/v1",
    )
    .generations()
    .of_cluster(),
    Resource::new(
        "CustomResourceDefinition",
        "customresourcedefinitions",
        "apiextensions.k8s.io/v1",
    )
    .generations()
    .deleting_by_itself()
    .acts()
    .short("crd,crds")
    .of_cluster(),
    Resource::new("APIService", "apiservices", "apiregistration.k8s.io/v1").of_cluster(),
    Resource::new("ControllerRevision", "controllerrevisions", "apps/v1").acts(),
    Resource::new("DaemonSet", "daemonsets", "apps/v1").generations().short("ds").in_all(),
    Resource::new("Deployment", "deployments", "apps/v1")
        .generations()
        .short("deploy")
        .acts()
        .in_all()
        .checked(),
    Resource::new("ReplicaSet", "replicasets", "apps/v1")
        .generations()
        .short("rs")
        .acts()
        .in_all()
        .checked(),
    Resource::new("StatefulSet", "statefulsets", "apps/v1")
        .generations()
        .short("sts")
        .acts()
        .in_all()
        .checked(),
    Resource::new("SelfSubjectReview", "selfsubjectreviews", "authentication.k8s.io/v1")
        .of_cluster(),
    Resource::new("TokenReview", "tokenreviews", "authentication.k8s.io/v1").of_cluster(),
    Resource::new(
        "LocalSubjectAccessReview",
        "localsubjectaccessreviews",
        "authorization.k8s.io/v1",
    ),
    Resource::new("SelfSubjectAccessReview", "selfsubjectaccessreviews", "authorization.k8s.io/v1")
        .of_cluster(),
    Resource::new("SelfSubjectRulesReview", "selfsubjectrulesreviews", "authorization.k8s.io/v1")
        .of_cluster(),
    Resource::new("SubjectAccessReview", "subjectaccessreviews", "authorization.k8s.io/v1")
        .of_cluster(),
    Resource::new("HorizontalPodAutoscaler", "horizontalpodautoscalers", "autoscaling/v2")
        .older("autoscaling/v1")
        .short("hpa")
        .in_all(),
    Resource::new("CronJob", "cronjobs", "batch/v1").generations().short("cj").in_all(),
    Resource::new("Job", "jobs", "batch/v1").generations().in_all(),
    Resource::new(
        "CertificateSigningRequest",
        "certificatesigningrequests",
        "certificates.k8s.io/v1",
    )
    .short("csr")
    .of_cluster(),
    Resource::new("ClusterTrustBundle", "clustertrustbundles", "certificates.k8s.io/v1")
        .since(V1_37)
        .of_cluster(),
    Resource::new("PodCertificateRequest", "podcertificaterequests", "certificates.k8s.io/v1")
        .since(V1_37),
    Resource::new("Lease", "leases", "coordination.k8s.io/v1").made_by_put(),
    Resource::new("EndpointSlice", "endpointslices", "discovery.k8s.io/v1").generations().acts(),
    Resource::new("Event", "events", "events.k8s.io/v1").made_by_put().short("ev"),
    Resource::new("FlowSchema", "flowschemas", "flowcontrol.apiserver.k8s.io/v1")
        .generations()
        .of_cluster(),
    Resource::new(
        "PriorityLevelConfiguration",
        "prioritylevelconfigurations",
        "flowcontrol.apiserver.k8s.io/v1",
    )
    .generations()
    .of_cluster(),
    Resource::new("IngressClass", "ingressclasses", "networking.k8s.io/v1")
        .generations()
        .of_cluster(),
    Resource::new("Ingress", "ingresses", "networking.k8s.io/v1").generations().short("ing"),
    Resource::new("IPAddress", "ipaddresses", "networking.k8s.io/v1").short("ip").of_cluster(),
    Resource::new("NetworkPolicy", "networkpolicies", "networking.k8s.io/v1")
        .generations()
        .short("netpol"),
    Resource::new("ServiceCIDR", "servicecidrs", "networking.k8s.io/v1").of_cluster(),
    Resource::new("RuntimeClass", "runtimeclasses", "node.k8s.io/v1").made_by_put().of_cluster(),
    Resource::new("PodDisruptionBudget", "poddisruptionbudgets", "policy/v1")
        .generations()
        .short("pdb")
        .acts()
        .checked(),
    Resource::new("ClusterRoleBinding", "clusterrolebindings", "rbac.authorization.k8s.io/v1")
        .made_by_put()
        .of_cluster(),
    Resource::new("ClusterRole", "clusterroles", "rbac.authorization.k8s.io/v1")
        .made_by_put()
        .of_cluster(),
    Resource::new("RoleBinding", "rolebindings", "rbac.authorization.k8s.io/v1").made_by_put(),
    Resource::new("Role", "roles", "rbac.authorization.k8s.io/v1").made_by_put(),
    Resource::new("DeviceClass", "deviceclasses", "resource.k8s.io/v1").of_cluster(),
    Resource::new("DeviceTaintRule", "devicetaintrules", "resource.k8s.io/v1")
        .since(V1_37)
        .of_cluster(),
    Resource::new("ResourceClaim", "resourceclaims", "resource.k8s.io/v1"),
    Resource::new("ResourceClaimTemplate", "resourceclaimtemplates", "resource.k8s.io/v1"),
    Resource::new("ResourceSlice", "resourceslices", "resource.k8s.io/v1")
        .generations()
        .of_cluster(),
    Resource::new("PriorityClass", "priorityclasses", "scheduling.k8s.io/v1")
        .generations()
        .short("pc")
        .of_cluster(),
    Resource::new("CSIDriver", "csidrivers", "storage.k8s.io/v1").of_cluster(),
    Resource::new("CSINode", "csinodes", "storage.k8s.io/v1").of_cluster(),
    Resource::new("CSIStorageCapacity", "csistoragecapacities", "storage.k8s.io/v1"),
    Resource::new("StorageClass", "storageclasses", "storage.k8s.io/v1")
        .short("sc")
        .acts()
        .of_cluster()
        .checked(),
    Resource::new("VolumeAttachment", "volumeattachments", "storage.k8s.io/v1").of_cluster(),
    Resource::new("VolumeAttributesClass", "volumeattributesclasses", "storage.k8s.io/v1")
        .short("vac")
        .of_cluster()
        .checked(),
    Resource::new(
        "StorageVersionMigration",
        "storageversionmigrations",
        "storagemigration.k8s.io/v1",
    )
    .since(V1_37)
    .of_cluster(),
];
