//! The mutating webhook that is known here: Vault's injector, which adds an agent to annotated pods.
//!
//! Simplified: no other webhook is called. What it adds is told after `hashicorp/vault-k8s` 1.5,
//! without the tokens and the configuration in it.
//!
//! Source: <https://developer.hashicorp.com/vault/docs/platform/k8s/injector/annotations>; upstream:
//! `staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/mutating/dispatcher.go`.

use crate::api::{Kind, Status, StatusReason, Tree};
use crate::cluster::meta::{Key, Shared};
use crate::cluster::pod::Pod;
use crate::cluster::service::EndpointSlice;
use crate::cluster::store::Store;
use crate::cluster::template::PodTemplate;
use serde_json::{Value, json};
use std::rc::Rc;

/// The webhook's name.
const NAME: &str = "vault.hashicorp.com";
/// The kind of objects that name webhooks.
const CONFIGURATION: Kind =
    Kind::of("MutatingWebhookConfiguration", "admissionregistration.k8s.io/v1");
/// The annotation that asks for the agent.
const INJECT: &str = "vault.hashicorp.com/agent-inject";
/// The annotation that tells that it is there.
const STATUS: &str = "vault.hashicorp.com/agent-inject-status";
/// The image of the agent.
const IMAGE: &str = "hashicorp/vault:1.18.1";

/// Lets the webhook change a pod that is about to be created.
///
/// # Errors
/// `InternalError` if it must be asked and cannot be.
pub fn admit(store: &Store, pod: &mut Value) -> Result<(), Status> {
    let namespace = pod.at("metadata").text("namespace").to_owned();
    if asks(pod) && is_called(store, &namespace)? {
        inject(pod);
    }
    Ok(())
}

/// The same for a pod that a controller has made of its template.
///
/// # Errors
/// `InternalError` if it must be asked and cannot be.
pub fn admit_made(store: &Store, pod: &mut Pod) -> Result<(), Status> {
    if !asks(&pod.template.api) || !is_called(store, &pod.meta.key.namespace)? {
        return Ok(());
    }
    let mut api = (*pod.template.api).clone();
    inject(&mut api);
    let template = PodTemplate::from_api(&api);
    pod.meta.annotations = Rc::clone(&template.annotations);
    pod.template = Shared::new(template);
    Ok(())
}

/// Whether a pod is annotated, and has no agent yet.
fn asks(pod: &Value) -> bool {
    let annotations = pod.at("metadata").at("annotations");
    matches!(annotations.text(INJECT), "true" | "1" | "t" | "T" | "TRUE" | "True")
        && annotations.text(STATUS) != "injected"
}

/// Whether the webhook is there and answers.
fn is_called(store: &Store, namespace: &str) -> Result<bool, Status> {
    let all = store.kept(CONFIGURATION);
    let own = all.flat_map(|it| it.body().items("webhooks")).find(|it| it.text("name") == NAME);
    let Some(webhook) = own.filter(|_| namespace != "kube-system") else { return Ok(false) };
    let service = webhook.at("clientConfig").at("service");
    let key = Key::new(service.text("namespace"), service.text("name"));
    let mut slices = store.list_in::<EndpointSlice>(&key.namespace);
    let answers =
        slices.any(|it| it.service == key.name && it.endpoints.iter().any(|each| each.ready));
    if answers || webhook.text("failurePolicy") != "Fail" {
        return Ok(answers);
    }
    let Key { namespace, name } = &key;
    let path = service.text("path");
    let seconds = webhook.opt_int("timeoutSeconds").unwrap_or(10);
    Err(Status {
        reason: StatusReason::InternalError,
        message: format!(
            "Internal error occurred: failed calling webhook \"{NAME}\": failed to call webhook: \
             Post \"https://{name}.{namespace}.svc:443{path}?timeout={seconds}s\": no endpoints \
             available for service \"{name}\""
        ),
        kind: Kind::Pod.name().into(),
        name: String::new(),
        causes: Vec::new(),
    })
}

/// Adds the agent: once before the containers, and once beside them.
fn inject(pod: &mut Value) {
    pod.open("metadata").open("annotations").put(STATUS, "injected");
    let spec = pod.open("spec");
    let secrets = json!({"name": "vault-secrets", "mountPath": "/vault/secrets"});
    for container in spec.items_mut("containers") {
        push(container, "volumeMounts", secrets.clone());
    }
    push(spec, "containers", agent("vault-agent", "home-sidecar", true));
    push(spec, "initContainers", agent("vault-agent-init", "home-init", false));
    for name in ["home-init", "home-sidecar", "vault-secrets"] {
        push(spec, "volumes", json!({"name": name, "emptyDir": {"medium": "Memory"}}));
    }
}

fn push(tree: &mut Value, field: &str, item: Value) {
    let mut items = tree.items(field).to_vec();
    items.push(item);
    tree.put(field, items);
}

fn agent(name: &str, home: &str, runs_on: bool) -> Value {
    let mut agent = json!({
        "name": name,
        "image": IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "command": ["/bin/sh", "-ec"],
        "args": ["echo ${VAULT_CONFIG?} | base64 -d > /home/vault/config.json && vault agent \
                  -config=/home/vault/config.json"],
        "env": [
            {"name": "VAULT_LOG_LEVEL", "value": "info"},
            {"name": "VAULT_LOG_FORMAT", "value": "standard"},
        ],
        "resources": {
            "limits": {"cpu": "500m", "memory": "128Mi"},
            "requests": {"cpu": "250m", "memory": "64Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": true,
            "runAsGroup": 1000,
            "runAsNonRoot": true,
            "runAsUser": 100,
        },
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "volumeMounts": [
            {"name": home, "mountPath": "/home/vault"},
            {"name": "vault-secrets", "mountPath": "/vault/secrets"},
        ],
    });
    if runs_on {
        let stop = "/bin/sleep 5 && /bin/kill -SIGTERM $(pidof vault)";
        agent.put("lifecycle", json!({"preStop": {"exec": {"command": ["/bin/sh", "-c", stop]}}}));
    }
    agent
}
