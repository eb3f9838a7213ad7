//! What a pod of a set is called, which claims it mounts, and whether a pod still is what it was made.
//!
//! Upstream: `pkg/controller/statefulset/stateful_set_utils.go`.

use super::{ControllerRevision, StatefulSet, StatefulSetSpec};
use crate::cluster::meta::{Kind, Labels, Meta, OwnerReference};
use crate::cluster::pod::{ClaimVolume, Pod, PodStatus};
use std::rc::Rc;

/// The label that names the pod itself.
pub const POD_NAME_LABEL: &str = "statefulset.kubernetes.io/pod-name";
/// The label with the pod's ordinal.
pub const POD_INDEX_LABEL: &str = "apps.kubernetes.io/pod-index";
/// The label with the name of the pod's revision.
pub const REVISION_LABEL: &str = "controller-revision-hash";

/// The set that a pod's name points to, and its ordinal there.
///
/// Upstream: getParentNameAndOrdinal, whose pattern is `(.*)-([0-9]+)$` with a 32-bit number.
pub fn parent_and_ordinal(pod: &str) -> Option<(&str, i32)> {
    let (parent, digits) = pod.rsplit_once('-')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    Some((parent, digits.parse().ok()?))
}

/// The ordinal of a pod of this set; `None` if the name belongs to no pod of it.
pub fn ordinal_in(set: &str, pod: &str) -> Option<i32> {
    parent_and_ordinal(pod).filter(|(parent, _)| *parent == set).map(|(_, ordinal)| ordinal)
}

/// The name of the pod with this ordinal.
pub fn pod_name(set: &str, ordinal: i32) -> Rc<str> {
    format!("{set}-{ordinal}").into()
}

/// The name of the claim that the pod with this ordinal gets from a claim template.
///
/// Upstream: getPersistentVolumeClaimName.
pub fn claim_name(template: &str, set: &str, ordinal: i32) -> Rc<str> {
    format!("{template}-{set}-{ordinal}").into()
}

/// The revision that a pod's labels name; empty if they name none.
pub fn revision_of(pod: &Pod) -> &str {
    pod.meta.labels.get(REVISION_LABEL).map_or("", String::as_str)
}

/// The reference that makes the set the managing controller of an object.
pub fn controller_reference(set: &StatefulSet) -> OwnerReference {
    OwnerReference::controller(Kind::StatefulSet, &set.meta)
}

/// The pod of this ordinal as the controller would create it from a revision.
///
/// Upstream: newStatefulSetPod, initIdentity, updateStorage.
pub fn new_pod(set: &StatefulSet, revision: &ControllerRevision, ordinal: i32) -> Pod {
    let set_name = &set.meta.key.name;
    let name = pod_name(set_name, ordinal);
    let template = revision.template.clone();
    let mut labels = Labels::clone(&template.labels);
    labels.insert(POD_INDEX_LABEL.into(), ordinal.to_string());
    labels.insert(POD_NAME_LABEL.into(), name.to_string());
    labels.insert(REVISION_LABEL.into(), revision.meta.name().into());
    let mut meta = Meta::new(set.meta.key.sibling(&name));
    meta.labels = Rc::new(labels);
    meta.annotations = Rc::clone(&template.annotations);
    meta.owners = vec![controller_reference(set)];
    Pod {
        pull_secrets: None,
        meta,
        claims: claim_volumes(&set.spec, set_name, ordinal, &template.claim_volumes),
        hostname: name,
        subdomain: Rc::clone(&set.spec.service_name),
        node: template.node_name.clone(),
        status: PodStatus::default(),
        template,
    }
}

/// The claims among a pod's volumes: those of the claim templates, then the template's own.
///
/// Simplified: upstream walks the claim templates as a map, so their order is random there.
fn claim_volumes(
    spec: &StatefulSetSpec,
    set: &str,
    ordinal: i32,
    own: &[crate::cluster::template::TemplateClaimVolume],
) -> Rc<[ClaimVolume]> {
    let of_templates = spec.claim_templates.iter().map(|template| ClaimVolume {
        volume: Rc::clone(&template.name),
        claim: claim_name(&template.name, set, ordinal),
    });
    let is_free = |volume: &str| spec.claim_templates.iter().all(|it| *it.name != *volume);
    let own = own
        .iter()
        .filter(|it| is_free(&it.volume))
        .map(|it| ClaimVolume { volume: Rc::clone(&it.volume), claim: Rc::clone(&it.claim) });
    of_templates.chain(own).collect()
}

/// Whether the pod carries its own name as it should.
///
/// Upstream: identityMatches.
pub fn identity_matches(pod: &Pod) -> bool {
    pod.meta.labels.get(POD_NAME_LABEL).is_some_and(|name| **name == *pod.meta.key.name)
}

/// Whether the pod mounts the claims of every claim template.
///
/// Upstream: storageMatches.
pub fn storage_matches(spec: &StatefulSetSpec, pod: &Pod) -> bool {
    spec.claim_templates.iter().all(|template| {
        let mounted = pod.claims.iter().find(|it| it.volume == template.name);
        mounted.is_some_and(|it| {
            let rest = it.claim.strip_prefix(&*template.name).and_then(|it| it.strip_prefix('-'));
            rest == Some(pod.meta.name())
        })
    })
}

/// Gives a pod its labels and claims back.
///
/// Upstream: updateIdentity, updateStorage.
pub fn repair(set: &StatefulSet, ordinal: i32, pod: &mut Pod) {
    if !identity_matches(pod) {
        let name = pod.meta.name().to_string();
        let labels = Rc::make_mut(&mut pod.meta.labels);
        labels.insert(POD_NAME_LABEL.into(), name);
        labels.insert(POD_INDEX_LABEL.into(), ordinal.to_string());
    }
    if !storage_matches(&set.spec, pod) {
        let own = &pod.template.claim_volumes;
        pod.claims = claim_volumes(&set.spec, &set.meta.key.name, ordinal, own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_set_and_the_ordinal_from_a_name() {
        let cases = [
            ("foo-1", Some(("foo", 1))),
            ("web-0-12", Some(("web-0", 12))),
            ("1-bar", None),
            ("web-", None),
            ("web", None),
            ("web-+1", None),
            ("web-2147483647", Some(("web", i32::MAX))),
            ("web-2147483648", None),
        ];
        for (name, expected) in cases {
            assert_eq!(parent_and_ordinal(name), expected, "{name}");
        }
        assert_eq!(ordinal_in("foo", "foo-3"), Some(3));
        assert_eq!(ordinal_in("foo2", "foo-3"), None);
    }
}
