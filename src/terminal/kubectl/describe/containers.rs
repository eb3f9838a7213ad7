//! The containers of a pod, or of a template.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/describe/describe.go`, describeContainers,
//! describeStatus, DescribeProbe.

use super::env;
use super::text::{Text, plain, time, yes};
use super::view::View;
use crate::api::{Tree, Version};
use crate::print::or_none;
use serde_json::Value;

/// What containers are shown with.
pub struct Shown<'a> {
    /// What descriptions are made from.
    pub view: &'a View<'a>,
    /// The pod; null in a template.
    pub pod: &'a Value,
    /// The statuses of the containers.
    pub statuses: &'a [Value],
    /// What indents the title; names stand one blank further in if it is not empty.
    pub indent: &'a str,
}

/// Writes containers below a title.
pub fn describe(title: &str, containers: &[Value], shown: &Shown, text: &mut Text) {
    let none = if containers.is_empty() { " <none>" } else { "" };
    text.raw(0, format_args!("{}{title}:{none}", shown.indent));
    for container in containers {
        let name = container.text("name");
        let status = shown.statuses.iter().find(|status| status.text("name") == name);
        basics(container, status, shown, text);
        words("Command", container, "command", text);
        words("Args", container, "args", text);
        if let Some(status) = status {
            state("State", status.at("state"), text);
            if status.at("lastState").set("terminated").is_some() {
                state("Last State", status.at("lastState"), text);
            }
            text.put(2, "Ready", yes(status.flag("ready")));
            text.put(2, "Restart Count", status.int("restartCount"));
        }
        resources(container.at("resources"), 2, text);
        for (title, field) in [
            ("Liveness", "livenessProbe"),
            ("Readiness", "readinessProbe"),
            ("Startup", "startupProbe"),
        ] {
            if let Some(own) = container.set(field) {
                text.put(2, title, probe(own, shown.view.version));
            }
        }
        env::sources(container, text);
        env::variables(container, shown.pod, text);
        mounts(container, text);
    }
}

fn basics(container: &Value, status: Option<&Value>, shown: &Shown, text: &mut Text) {
    let indent = if shown.indent.is_empty() { "" } else { " " };
    text.raw(1, format_args!("{indent}{}:", container.text("name")));
    if let Some(status) = status {
        text.put(2, "Container ID", status.text("containerID"));
    }
    text.put(2, "Image", container.text("image"));
    if let Some(status) = status {
        text.put(2, "Image ID", status.text("imageID"));
    }
    for (title, field) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
        let ports = ports(container, field, shown.view.version);
        let plural = if ports.contains(',') { "s" } else { "" };
        text.put(2, &format!("{title}{plural}"), or_none(&ports));
    }
    let profile = container.at("securityContext").at("seccompProfile");
    text.put_set(2, "SeccompProfile", profile.text("type"));
    if profile.text("type") == "Localhost" {
        text.put(3, "LocalhostProfile", profile.text("localhostProfile"));
    }
}

/// Ports such as `80/TCP (web)`; kubectl names them from 1.34 on, the oldest version here.
fn ports(container: &Value, field: &str, version: Version) -> String {
    let shown = |port: &Value| {
        let number = format!("{}/{}", port.int(field), port.text("protocol"));
        match port.text("name") {
            name if !name.is_empty() && version >= Version::V1_34 => format!("{number} ({name})"),
            _ => number,
        }
    };
    let ports: Vec<String> = container.items("ports").iter().map(shown).collect();
    ports.join(", ")
}

fn words(title: &str, container: &Value, field: &str, text: &mut Text) {
    if container.items(field).is_empty() {
        return;
    }
    text.head(2, title);
    for word in container.texts(field) {
        word.split('\n').for_each(|line| text.raw(3, line));
    }
}

fn state(title: &str, state: &Value, text: &mut Text) {
    if let Some(running) = state.set("running") {
        text.put(2, title, "Running");
        text.put(3, "Started", time(running.text("startedAt")));
    } else if let (None, Some(ended)) = (state.set("waiting"), state.set("terminated")) {
        text.put(2, title, "Terminated");
        text.put_set(3, "Reason", ended.text("reason"));
        text.put_set(3, "Message", ended.text("message"));
        text.put(3, "Exit Code", ended.int("exitCode"));
        if ended.int("signal") > 0 {
            text.put(3, "Signal", ended.int("signal"));
        }
        text.put(3, "Started", time(ended.text("startedAt")));
        text.put(3, "Finished", time(ended.text("finishedAt")));
    } else {
        text.put(2, title, "Waiting");
        text.put_set(3, "Reason", state.at("waiting").text("reason"));
    }
}

/// Writes limits and requests.
pub fn resources(resources: &Value, level: usize, text: &mut Text) {
    for (title, field) in [("Limits", "limits"), ("Requests", "requests")] {
        if resources.members(field).next().is_some() {
            text.head(level, title);
        }
        for (name, quantity) in resources.members(field) {
            text.put(level + 1, name, plain(quantity));
        }
    }
}

fn mounts(container: &Value, text: &mut Text) {
    let mut all: Vec<&Value> = container.items("volumeMounts").iter().collect();
    all.sort_by_key(|mount| mount.text("mountPath"));
    let none = if all.is_empty() { "\t<none>" } else { "" };
    text.raw(2, format_args!("Mounts:{none}"));
    for mount in all {
        let (path, name) = (mount.text("mountPath"), mount.text("name"));
        let mode = if mount.flag("readOnly") { "ro" } else { "rw" };
        let inner = match mount.text("subPath") {
            "" => String::new(),
            inner => format!(",path={inner:?}"),
        };
        text.raw(3, format_args!("{path} from {name} ({mode}{inner})"));
    }
    let mut devices: Vec<&Value> = container.items("volumeDevices").iter().collect();
    devices.sort_by_key(|device| device.text("devicePath"));
    if !devices.is_empty() {
        text.raw(2, format_args!("Devices:{none}"));
    }
    for device in devices {
        text.raw(3, format_args!("{} from {}", device.text("devicePath"), device.text("name")));
    }
}

/// A probe in one line.
pub fn probe(probe: &Value, version: Version) -> String {
    let (success, failure) = match version >= Version::V1_37 {
        true => ("successThreshold", "failureThreshold"),
        false => ("#success", "#failure"),
    };
    let numbers = format!(
        "delay={}s timeout={}s period={}s {success}={} {failure}={}",
        probe.int("initialDelaySeconds"),
        probe.int("timeoutSeconds"),
        probe.int("periodSeconds"),
        probe.int("successThreshold"),
        probe.int("failureThreshold")
    );
    let handler = if let Some(exec) = probe.set("exec") {
        format!("exec {}", super::text::go_list(exec, "command"))
    } else if let Some(get) = probe.set("httpGet") {
        format!("http-get {}", address(get))
    } else if let Some(socket) = probe.set("tcpSocket") {
        format!("tcp-socket {}:{}", socket.text("host"), plain(socket.at("port")))
    } else if let Some(grpc) = probe.set("grpc") {
        format!("grpc <pod>:{} {}", grpc.int("port"), grpc.text("service"))
    } else {
        "unknown".into()
    };
    format!("{handler} {numbers}")
}

/// The address that a probe asks, as Go's `net/url` writes it.
fn address(get: &Value) -> String {
    let (host, port) = (get.text("host"), plain(get.at("port")));
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let host = if port.is_empty() { host } else { format!("{host}:{port}") };
    let path = escaped(get.text("path"));
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    format!("{}://{host}{slash}{path}", get.text("scheme").to_lowercase())
}

fn escaped(path: &str) -> String {
    let mut escaped = String::new();
    for byte in path.bytes() {
        match byte {
            _ if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}
