//! ConfigMaps and Secrets that a pod mounts or reads, and what is missing of them.
//!
//! Upstream: `pkg/kubelet/kubelet_pods.go`, makeEnvironmentVariables; `pkg/volume/configmap`.

use super::script::Script;
use super::worker::PodWorker;
use crate::api::Tree;
use serde_json::Value;

/// Why a volume of the pod cannot be mounted, with its name.
pub fn missing_volume(worker: &PodWorker) -> Option<String> {
    worker.script.config_maps.as_ref()?;
    let all = worker.template.api.at("spec").items("volumes");
    all.iter().find_map(|volume| {
        let source = volume.at("configMap");
        let missing = missing(worker, source, None)?;
        let name = volume.text("name");
        Some(format!("MountVolume.SetUp failed for volume \"{name}\" : {missing}"))
    })
}

/// Why the environment of a container cannot be made.
pub fn missing_environment(worker: &PodWorker, container: usize) -> Option<String> {
    worker.script.config_maps.as_ref()?;
    let name = &worker.spec(container).name;
    let spec = worker.template.api.at("spec");
    let lists = [spec.items("initContainers"), spec.items("containers")];
    let mut all = lists.into_iter().flatten();
    let api = all.find(|each| each.text("name") == &**name)?;
    let whole = api.items("envFrom").iter().map(|from| (from.at("configMapRef"), None));
    let keys = api.items("env").iter().map(|env| {
        let reference = env.at("valueFrom").at("configMapKeyRef");
        (reference, Some(reference.text("key")))
    });
    whole.chain(keys).find_map(|(reference, key)| missing(worker, reference, key))
}

fn missing(worker: &PodWorker, reference: &Value, key: Option<&str>) -> Option<String> {
    let (name, Script { config_maps, .. }) = (reference.text("name"), &*worker.script);
    let known = config_maps.as_ref()?;
    if name.is_empty() || reference.flag("optional") {
        return None;
    }
    match (known.iter().find(|(known, _)| **known == *name), key) {
        (None, _) => Some(format!("configmap \"{name}\" not found")),
        (Some((_, Some(keys))), Some(key)) if !keys.iter().any(|known| **known == *key) => {
            let namespace = &worker.key.namespace;
            Some(format!("couldn't find key {key} in ConfigMap {namespace}/{name}"))
        }
        _ => None,
    }
}
