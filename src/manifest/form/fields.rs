//! The fields of the form, as one table.

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormField {
    Name,
    Namespace,
    ServiceName,
    Replicas,
    Image,
    ContainerPort,
    PodManagementPolicy,
    TerminationGracePeriodSeconds,
    OrdinalsStart,
    /// Switch: claim templates and their mounts.
    Storage,
    ClaimName,
    StorageSize,
    StorageClass,
    AccessMode,
    MountPath,
    WhenDeleted,
    WhenScaled,
    /// A field of one of the three probes.
    Probe(ProbeKind, ProbeField),
    UpdateStrategy,
    Partition,
    MaxUnavailable,
    MinReadySeconds,
    RevisionHistoryLimit,
}

/// One of the three probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProbeKind {
    Readiness,
    Liveness,
    Startup,
}

/// A field of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProbeField {
    /// Switch: the probe itself.
    Enabled,
    Handler,
    Port,
    Path,
    Command,
    InitialDelaySeconds,
    PeriodSeconds,
    TimeoutSeconds,
    FailureThreshold,
    SuccessThreshold,
}

/// How a field is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// One line of text.
    Text,
    /// A whole number within bounds.
    Integer {
        /// Smallest value that Kubernetes accepts.
        min: i64,
        /// Largest value that is sensible here.
        max: i64,
    },
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// On or off; the value is `true` or nothing.
    Switch,
}

/// What is known about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which field.
    pub field: FormField,
    /// Its accessible name, the field's own name in words.
    pub label: &'static str,
    /// The group it stands in.
    pub group: &'static str,
    /// How it is edited.
    pub control: Control,
    /// Unit behind the value, such as `s`.
    pub unit: Option<&'static str>,
    /// What Kubernetes takes if it is unset; empty if nothing.
    pub placeholder: &'static str,
    /// One line of help.
    pub help: &'static str,
}

const NUMBER: i64 = i32::MAX as i64;
const COUNT: Control = Control::Integer { min: 0, max: NUMBER };
const POSITIVE: Control = Control::Integer { min: 1, max: NUMBER };
const PORT: Control = Control::Integer { min: 1, max: 65_535 };
const REPLICAS: Control =
    Control::Integer { min: 0, max: crate::api::limits::REPLICAS_IN_TEXT as i64 };
const RETENTION: Control = Control::Choice(&["Retain", "Delete"]);
const HANDLERS: Control = Control::Choice(&["httpGet", "tcpSocket", "exec", "grpc"]);
const ACCESS_MODES: Control =
    Control::Choice(&["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"]);

const fn row(
    field: FormField,
    group: &'static str,
    label: &'static str,
    control: Control,
    placeholder: &'static str,
    help: &'static str,
) -> Field {
    Field { field, label, group, control, unit: None, placeholder, help }
}

const fn seconds(
    field: FormField,
    group: &'static str,
    label: &'static str,
    control: Control,
    placeholder: &'static str,
    help: &'static str,
) -> Field {
    Field { field, label, group, control, unit: Some("s"), placeholder, help }
}

/// Every field, in the order of the form.
pub const FIELDS: &[Field] = &{
    let mut all = [IDENTITY[0]; COUNT_OF_FIELDS];
    let parts: [&[Field]; 8] = [
        &IDENTITY,
        &PODS,
        &STORAGE,
        &probe(ProbeKind::Readiness),
        &probe(ProbeKind::Liveness),
        &probe(ProbeKind::Startup),
        &UPDATES,
        &HISTORY,
    ];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut item = 0;
        while item < parts[part].len() {
            all[at] = parts[part][item];
            (item, at) = (item + 1, at + 1);
        }
        part += 1;
    }
    all
};

const COUNT_OF_FIELDS: usize = 3 + 6 + 8 + 3 * 10 + 4 + 1;

/// What is known about a field.
pub fn describe(field: FormField) -> &'static Field {
    FIELDS.iter().find(|row| row.field == field).unwrap_or(&FIELDS[0])
}

const IDENTITY: [Field; 3] = [
    row(
        FormField::Name,
        "Identity",
        "Name",
        Control::Text,
        "",
        "Name of the StatefulSet; its pods are called after it: web-0, web-1, ...",
    ),
    row(
        FormField::Namespace,
        "Identity",
        "Namespace",
        Control::Text,
        "default",
        "Namespace of the StatefulSet and of its Service.",
    ),
    row(
        FormField::ServiceName,
        "Identity",
        "Service name",
        Control::Text,
        "",
        "The Service that gives each pod a DNS name of its own.",
    ),
];

const PODS: [Field; 6] = [
    row(FormField::Replicas, "Pods", "Replicas", REPLICAS, "1", "How many pods there should be."),
    row(
        FormField::Image,
        "Pods",
        "Image",
        Control::Text,
        "",
        "Container image of the first container.",
    ),
    row(
        FormField::ContainerPort,
        "Pods",
        "Container port",
        PORT,
        "",
        "Port that the first container listens on; the Service and the probes follow it.",
    ),
    row(
        FormField::PodManagementPolicy,
        "Pods",
        "Pod management policy",
        Control::Choice(&["OrderedReady", "Parallel"]),
        "OrderedReady",
        "One pod after the other, each Ready before the next; or all at once.",
    ),
    seconds(
        FormField::TerminationGracePeriodSeconds,
        "Pods",
        "Termination grace period seconds",
        COUNT,
        "30",
        "How long a pod may take to stop before it is killed.",
    ),
    row(FormField::OrdinalsStart, "Pods", "Ordinals start", COUNT, "0", "Number of the first pod."),
];

const STORAGE: [Field; 8] = [
    row(
        FormField::Storage,
        "Storage",
        "Storage",
        Control::Switch,
        "",
        "A claim for each pod, which stays when the pod goes.",
    ),
    row(
        FormField::ClaimName,
        "Storage",
        "Claim name",
        Control::Text,
        "",
        "Name of the claim template; claims are called data-web-0, data-web-1, ...",
    ),
    row(
        FormField::StorageSize,
        "Storage",
        "Storage size",
        Control::Text,
        "",
        "Size of each claim, such as 1Gi.",
    ),
    row(
        FormField::StorageClass,
        "Storage",
        "Storage class",
        Control::Text,
        "the cluster's default class",
        "Which kind of storage the claims ask for.",
    ),
    row(
        FormField::AccessMode,
        "Storage",
        "Access mode",
        ACCESS_MODES,
        "",
        "Who may use a volume at the same time.",
    ),
    row(
        FormField::MountPath,
        "Storage",
        "Mount path",
        Control::Text,
        "",
        "Folder in the container where the volume appears.",
    ),
    row(
        FormField::WhenDeleted,
        "Storage",
        "When deleted",
        RETENTION,
        "Retain",
        "What becomes of the claims when the StatefulSet is deleted.",
    ),
    row(
        FormField::WhenScaled,
        "Storage",
        "When scaled",
        RETENTION,
        "Retain",
        "What becomes of a pod's claim when the StatefulSet is scaled down.",
    ),
];

const UPDATES: [Field; 4] = [
    row(
        FormField::UpdateStrategy,
        "Updates",
        "Update strategy",
        Control::Choice(&["RollingUpdate", "OnDelete"]),
        "RollingUpdate",
        "Replace pods by themselves, from the highest ordinal down; or only when you delete them.",
    ),
    row(
        FormField::Partition,
        "Updates",
        "Partition",
        COUNT,
        "0",
        "Only pods with this ordinal or a higher one are updated.",
    ),
    row(
        FormField::MaxUnavailable,
        "Updates",
        "Max unavailable",
        Control::Text,
        "1",
        "How many pods may be down during an update: a number or a percentage.",
    ),
    seconds(
        FormField::MinReadySeconds,
        "Updates",
        "Min ready seconds",
        COUNT,
        "0",
        "How long a pod must be Ready before it counts as available.",
    ),
];

const HISTORY: [Field; 1] = [row(
    FormField::RevisionHistoryLimit,
    "Updates",
    "Revision history limit",
    COUNT,
    "10",
    "How many old revisions are kept to roll back to.",
)];

const fn probe(kind: ProbeKind) -> [Field; 10] {
    let (group, help) = match kind {
        ProbeKind::Readiness => {
            ("Readiness probe", "Whether a pod can take traffic; the next pod waits for it.")
        }
        ProbeKind::Liveness => ("Liveness probe", "Whether a container must be restarted."),
        ProbeKind::Startup => {
            ("Startup probe", "Whether a container has started; the other probes wait for it.")
        }
    };
    const TEXT: Control = Control::Text;
    [
        row(FormField::Probe(kind, ProbeField::Enabled), group, group, Control::Switch, "", help),
        row(
            FormField::Probe(kind, ProbeField::Handler),
            group,
            "Handler",
            HANDLERS,
            "",
            HANDLER_HELP,
        ),
        row(FormField::Probe(kind, ProbeField::Port), group, "Port", TEXT, "", PORT_HELP),
        row(FormField::Probe(kind, ProbeField::Path), group, "Path", TEXT, "/", PATH_HELP),
        row(FormField::Probe(kind, ProbeField::Command), group, "Command", TEXT, "", COMMAND_HELP),
        seconds(
            FormField::Probe(kind, ProbeField::InitialDelaySeconds),
            group,
            "Initial delay seconds",
            COUNT,
            "0",
            "How long to wait before the first attempt.",
        ),
        seconds(
            FormField::Probe(kind, ProbeField::PeriodSeconds),
            group,
            "Period seconds",
            POSITIVE,
            "10",
            "Time between two attempts.",
        ),
        seconds(
            FormField::Probe(kind, ProbeField::TimeoutSeconds),
            group,
            "Timeout seconds",
            POSITIVE,
            "1",
            "How long an attempt may take.",
        ),
        row(
            FormField::Probe(kind, ProbeField::FailureThreshold),
            group,
            "Failure threshold",
            POSITIVE,
            "3",
            "How many failures in a row count.",
        ),
        row(
            FormField::Probe(kind, ProbeField::SuccessThreshold),
            group,
            "Success threshold",
            POSITIVE,
            "1",
            "How many successes in a row count; 1 for liveness and startup.",
        ),
    ]
}

impl Field {
    /// How the path of the field ends in an error of the API server; none if errors cannot be told
    /// from those of another field by it.
    pub fn path_suffix(&self) -> Option<&'static str> {
        let probe = |kind, field| match (kind, field) {
            (ProbeKind::Readiness, ProbeField::InitialDelaySeconds) => {
                "readinessProbe.initialDelaySeconds"
            }
            (ProbeKind::Readiness, ProbeField::PeriodSeconds) => "readinessProbe.periodSeconds",
            (ProbeKind::Readiness, ProbeField::TimeoutSeconds) => "readinessProbe.timeoutSeconds",
            (ProbeKind::Readiness, ProbeField::FailureThreshold) => {
                "readinessProbe.failureThreshold"
            }
            (ProbeKind::Readiness, ProbeField::SuccessThreshold) => {
                "readinessProbe.successThreshold"
            }
            (ProbeKind::Liveness, ProbeField::InitialDelaySeconds) => {
                "livenessProbe.initialDelaySeconds"
            }
            (ProbeKind::Liveness, ProbeField::PeriodSeconds) => "livenessProbe.periodSeconds",
            (ProbeKind::Liveness, ProbeField::TimeoutSeconds) => "livenessProbe.timeoutSeconds",
            (ProbeKind::Liveness, ProbeField::FailureThreshold) => "livenessProbe.failureThreshold",
            (ProbeKind::Liveness, ProbeField::SuccessThreshold) => "livenessProbe.successThreshold",
            (ProbeKind::Startup, ProbeField::InitialDelaySeconds) => {
                "startupProbe.initialDelaySeconds"
            }
            (ProbeKind::Startup, ProbeField::PeriodSeconds) => "startupProbe.periodSeconds",
            (ProbeKind::Startup, ProbeField::TimeoutSeconds) => "startupProbe.timeoutSeconds",
            (ProbeKind::Startup, ProbeField::FailureThreshold) => "startupProbe.failureThreshold",
            (ProbeKind::Startup, ProbeField::SuccessThreshold) => "startupProbe.successThreshold",
            _ => "",
        };
        let suffix = match self.field {
            FormField::Name => "metadata.name",
            FormField::Namespace => "metadata.namespace",
            FormField::ServiceName => "spec.serviceName",
            FormField::Replicas => "spec.replicas",
            FormField::Image => "containers[0].image",
            FormField::ContainerPort => "ports[0].containerPort",
            FormField::PodManagementPolicy => "spec.podManagementPolicy",
            FormField::StorageSize => "resources.requests[storage]",
            FormField::StorageClass => "spec.storageClassName",
            FormField::MountPath => "volumeMounts[0].mountPath",
            FormField::Partition => "rollingUpdate.partition",
            FormField::MaxUnavailable => "rollingUpdate.maxUnavailable",
            FormField::MinReadySeconds => "spec.minReadySeconds",
            FormField::OrdinalsStart => "spec.ordinals.start",
            FormField::Probe(kind, field) => probe(kind, field),
            _ => "",
        };
        (!suffix.is_empty()).then_some(suffix)
    }
}
const HANDLER_HELP: &str =
    "How it is probed: an HTTP request, a connection, a command or a gRPC call.";
const PATH_HELP: &str = "Path of the HTTP request.";
const PORT_HELP: &str = "Number or name of the container's port.";
const COMMAND_HELP: &str = "Command that must end with status 0.";
