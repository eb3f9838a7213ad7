//! Which ConfigMaps and Secrets are valid.
//!
//! Upstream: `pkg/apis/core/validation/validation.go`, ValidateConfigMap, ValidateSecret.

use super::at::At;
use super::checks::Checks;
use super::meta;
use crate::api::{FieldError, Tree, base64, json, names};

/// Most bytes that all values hold together.
const MAX_BYTES: usize = 1024 * 1024;

/// A ConfigMap that is to be created, or to be stored anew.
#[inline(never)]
pub(in crate::api) fn map(checks: &mut Checks, map: &At) {
    meta::object_meta(checks, map, &names::dns_subdomain);
    let mut size = 0;
    for (key, value) in map.members("data") {
        let at = map.field("data").key(key);
        checks.invalid_texts(&at, key, names::config_key(key));
        if map.at("binaryData").set(key).is_some() {
            checks.invalid_text(&at, key, "duplicate of key present in binaryData");
        }
        size += value.as_str().map_or(0, str::len);
    }
    for (key, value) in map.members("binaryData") {
        checks.invalid_texts(&map.field("binaryData").key(key), key, names::config_key(key));
        size += decoded_length(value.as_str().unwrap_or_default());
    }
    if size > MAX_BYTES {
        checks.found.push(FieldError::too_long("", MAX_BYTES));
    }
}

/// A Secret that is to be created, or to be stored anew.
#[inline(never)]
pub(in crate::api) fn secret(checks: &mut Checks, secret: &At) {
    meta::object_meta(checks, secret, &names::dns_subdomain);
    let data = secret.field("data");
    let mut size = 0;
    for (key, value) in secret.members("data") {
        checks.invalid_texts(&data.key(key), key, names::config_key(key));
        size += decoded_length(value.as_str().unwrap_or_default());
    }
    if size > MAX_BYTES {
        checks.found.push(FieldError::too_long("data", MAX_BYTES));
    }
    let required = |checks: &mut Checks, key: &str| {
        let is_missing = data.set(key).is_none();
        if is_missing {
            checks.required(&data.key(key));
        }
        !is_missing
    };
    match secret.text("type") {
        "kubernetes.io/service-account-token" => {
            const NAME: &str = "kubernetes.io/service-account.name";
            let annotations = secret.field("metadata").field("annotations");
            if annotations.text(NAME).is_empty() {
                checks.required(&annotations.key(NAME));
            }
        }
        "kubernetes.io/dockercfg" => docker(checks, &data, ".dockercfg"),
        "kubernetes.io/dockerconfigjson" => docker(checks, &data, ".dockerconfigjson"),
        "kubernetes.io/basic-auth" => {
            let is_there = |key: &str| data.set(key).is_some();
            if !is_there("username") && !is_there("password") {
                checks.required(&data.key("username"));
                checks.required(&data.key("password"));
            }
        }
        "kubernetes.io/ssh-auth" => {
            required(checks, "ssh-privatekey");
        }
        "kubernetes.io/tls" => {
            required(checks, "tls.crt");
            required(checks, "tls.key");
        }
        _ => {}
    }
}

/// The value must be there, and JSON; what it holds is not told.
fn docker(checks: &mut Checks, data: &At, key: &str) {
    let at = data.key(key);
    let Some(value) = at.value.as_str() else { return checks.required(&at) };
    let Some(error) = base64::decode(value)
        .ok()
        .and_then(|bytes| json::parse(&String::from_utf8_lossy(&bytes)).err())
    else {
        return;
    };
    let error = error.to_string();
    checks.invalid_text(&at, "<secret contents redacted>", &error);
}

fn decoded_length(base64: &str) -> usize {
    base64::decode(base64).map_or(0, |bytes| bytes.len())
}
