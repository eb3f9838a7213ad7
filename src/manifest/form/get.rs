//! What the fields of the form hold.

use super::{FormField, ProbeField, ProbeKind};
use crate::manifest::edit::{Draft, EditError};
use crate::manifest::tree::Node;

/// Path of the container that the form edits.
pub(super) const CONTAINER: &str = "spec.template.spec.containers[0]";
/// Path of the claim template that the form edits.
pub(super) const CLAIM: &str = "spec.volumeClaimTemplates[0]";
/// The handlers of a probe, in the order in which the server looks at them.
pub(super) const HANDLERS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "grpc"];

/// A text with the StatefulSet that the form edits.
pub(super) struct Form<'a> {
    pub(super) draft: &'a Draft,
    /// Which of the documents is the StatefulSet.
    pub(super) set: usize,
}

impl<'a> Form<'a> {
    pub(super) fn new(draft: &'a Draft) -> Result<Self, EditError> {
        Ok(Self { draft, set: draft.set()? })
    }

    pub(super) fn get(&self, field: FormField) -> Option<String> {
        if let FormField::Probe(kind, field) = field {
            return self.probe(kind, field);
        }
        match field {
            FormField::Storage => {
                let items = self.draft.get(self.set, "spec.volumeClaimTemplates")?.items();
                (!items.is_empty()).then(|| "true".into())
            }
            field => self.at(&self.path(field)?),
        }
    }

    /// The path of a plain field of the StatefulSet.
    pub(super) fn path(&self, field: FormField) -> Option<String> {
        let below = |base: &str, rest: &str| Some(format!("{base}.{rest}"));
        Some(match field {
            FormField::Name => "metadata.name".into(),
            FormField::Namespace => "metadata.namespace".into(),
            FormField::ServiceName => "spec.serviceName".into(),
            FormField::Replicas => "spec.replicas".into(),
            FormField::PodManagementPolicy => "spec.podManagementPolicy".into(),
            FormField::OrdinalsStart => "spec.ordinals.start".into(),
            FormField::WhenDeleted => {
                "spec.persistentVolumeClaimRetentionPolicy.whenDeleted".into()
            }
            FormField::WhenScaled => "spec.persistentVolumeClaimRetentionPolicy.whenScaled".into(),
            FormField::UpdateStrategy => "spec.updateStrategy.type".into(),
            FormField::Partition => "spec.updateStrategy.rollingUpdate.partition".into(),
            FormField::MaxUnavailable => "spec.updateStrategy.rollingUpdate.maxUnavailable".into(),
            FormField::MinReadySeconds => "spec.minReadySeconds".into(),
            FormField::RevisionHistoryLimit => "spec.revisionHistoryLimit".into(),
            FormField::TerminationGracePeriodSeconds => {
                "spec.template.spec.terminationGracePeriodSeconds".into()
            }
            FormField::Image => return below(CONTAINER, "image"),
            FormField::ContainerPort => return below(CONTAINER, "ports[0].containerPort"),
            FormField::ClaimName => return below(CLAIM, "metadata.name"),
            FormField::StorageSize => return below(CLAIM, "spec.resources.requests.storage"),
            FormField::StorageClass => return below(CLAIM, "spec.storageClassName"),
            FormField::AccessMode => return below(CLAIM, "spec.accessModes[0]"),
            FormField::MountPath => format!("{}.mountPath", self.mount()?),
            FormField::Storage | FormField::Probe(..) => return None,
        })
    }

    /// The scalar at a path of the StatefulSet, as typed.
    pub(super) fn at(&self, path: &str) -> Option<String> {
        self.draft.scalar(self.set, path)
    }

    /// The path of the first container's mount of the first claim template.
    fn mount(&self) -> Option<String> {
        let claim = self.at(&format!("{CLAIM}.metadata.name"))?;
        let list = format!("{CONTAINER}.volumeMounts");
        let mounts = self.draft.get(self.set, &list)?.items();
        let named = |node: &Node| node.get("name").and_then(|name| self.draft.node_text(name));
        let at = mounts.iter().position(|mount| named(mount).as_ref() == Some(&claim))?;
        Some(format!("{list}[{at}]"))
    }

    fn probe(&self, kind: ProbeKind, field: ProbeField) -> Option<String> {
        let base = probe_path(kind);
        let probe = self.draft.get(self.set, &base).filter(|probe| !probe.is_null())?;
        let handler = HANDLERS.into_iter().find(|name| probe.get(name).is_some());
        match field {
            ProbeField::Enabled => Some("true".into()),
            ProbeField::Handler => handler.map(str::to_owned),
            ProbeField::Command => {
                let words = self.draft.get(self.set, &format!("{base}.exec.command"))?.items();
                let words: Option<Vec<String>> =
                    words.iter().map(|word| self.draft.node_text(word)).collect();
                Some(join_words(&words?)).filter(|words| !words.is_empty())
            }
            ProbeField::Path => self.at(&format!("{base}.httpGet.path")),
            ProbeField::Port => self.at(&format!("{base}.{}.port", handler?)),
            number => self.at(&format!("{base}.{}", number_name(number)?)),
        }
    }
}

/// Path of a probe.
pub(super) fn probe_path(kind: ProbeKind) -> String {
    let name = match kind {
        ProbeKind::Readiness => "readinessProbe",
        ProbeKind::Liveness => "livenessProbe",
        ProbeKind::Startup => "startupProbe",
    };
    format!("{CONTAINER}.{name}")
}

/// The API's name of a probe's number.
pub(super) fn number_name(field: ProbeField) -> Option<&'static str> {
    Some(match field {
        ProbeField::InitialDelaySeconds => "initialDelaySeconds",
        ProbeField::PeriodSeconds => "periodSeconds",
        ProbeField::TimeoutSeconds => "timeoutSeconds",
        ProbeField::FailureThreshold => "failureThreshold",
        ProbeField::SuccessThreshold => "successThreshold",
        _ => return None,
    })
}

/// Words as one line, quoted where a blank would part them.
fn join_words(words: &[String]) -> String {
    let quoted = words.iter().map(|word| {
        let is_plain = !word.is_empty() && !word.contains([' ', '\t', '\n', '\'', '"', '\\']);
        if is_plain { word.clone() } else { format!("'{}'", word.replace('\'', "'\\''")) }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

/// One line as words, quotes taken away as a shell does.
pub(super) fn split_words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('\''), c) => word.get_or_insert_default().push(c),
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
