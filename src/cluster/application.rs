//! What the programs in containers do: what they answer, and what they write.
//!
//! Simplified: nothing runs. An image whose name contains `nginx` serves the files of its html
//! directory. The lab's application (an image whose name contains `web-app`, or a command that
//! speaks of `visits`) counts the visits of each pod in a file. Everything else answers every path.

use super::inside::{self, Place};
use super::meta::Key;
use super::pod::Pod;
use super::service::{EndpointSlice, Service};
use super::{Cluster, Input};
use crate::api::Tree;
use serde_json::Value;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Names and values of HTTP headers.
pub type Headers = Vec<(String, String)>;

/// What comes back from an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An HTTP answer.
    Answered {
        /// Its status code.
        status: u16,
        /// Its headers.
        headers: Headers,
        /// Its body.
        body: String,
    },
    /// Nobody listens there.
    Refused,
    /// Nothing comes back.
    Silent,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What came back.
    pub reply: Reply,
    /// The pod that was asked.
    pub pod: Option<Key>,
    /// What the application changes by it.
    pub input: Option<Input>,
}

impl Answer {
    fn nothing(reply: Reply) -> Self {
        Self { reply, pod: None, input: None }
    }
}

/// The lab's application, as its environment sets it up.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counter {
    /// The file with the count.
    path: String,
    /// Whether a start leaves the count that is there: `KEEP_VISITS`.
    keeps: bool,
}

/// The program of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Program {
    Nginx,
    Counter(Counter),
    Other,
}

/// The value of a variable that a container's template sets.
fn variable<'a>(spec: &'a Value, name: &str) -> Option<&'a str> {
    let all = spec.items("env").iter();
    all.filter(|it| it.text("name") == name).find_map(|it| it.opt_text("value"))
}

/// The directory that the programs of a container begin in: that of its template, or of its image.
pub fn folder(spec: &Value) -> &str {
    let own = spec.opt_text("workingDir").filter(|own| !own.is_empty());
    own.unwrap_or(if spec.text("image").contains("web-app") { "/app" } else { "/" })
}

impl Program {
    fn of(spec: &Value) -> Self {
        let image = spec.text("image");
        let mut words = spec.texts("command").chain(spec.texts("args"));
        let is_script = words.any(|it| it.contains("visits"));
        if !is_script && !image.contains("web-app") {
            return if image.contains("nginx") { Self::Nginx } else { Self::Other };
        }
        let file = variable(spec, "VISITS_FILE").unwrap_or("visits");
        let path = match file.starts_with('/') {
            true => file.to_owned(),
            false => format!("{}/{file}", folder(spec).trim_end_matches('/')),
        };
        let keeps =
            variable(spec, "KEEP_VISITS").is_some_and(|it| !matches!(it, "" | "0" | "false"));
        Self::Counter(Counter { path, keeps: keeps || is_script })
    }
}

/// A container has started. The lab's application sets its count to 0, unless it is told to keep it.
pub fn started(cluster: &mut Cluster, key: &Key, container: &str, instance: u32) {
    let Some(pod) = cluster.store.get::<Pod>(key).cloned() else { return };
    let Some(spec) = inside::spec_of(&pod, container) else { return };
    let Program::Counter(Counter { path, keeps }) = Program::of(spec) else { return };
    let (place, own, is_read_only) = inside::locate_in(cluster, &pod, container, instance, &path);
    let is_there = keeps && inside::files(cluster, &pod, &place).contains_key(&own);
    if !is_there && !is_read_only {
        inside::put(cluster, &pod, &place, own, "0\n");
    }
}

/// Requests a path of an address, of a Service or of a pod. `turn` says which of the ready endpoints
/// of a Service the connection goes to: kube-proxy draws one for each.
pub fn request(cluster: &Cluster, turn: u64, address: Ipv4Addr, port: i64, path: &str) -> Answer {
    let store = cluster.store();
    if let Some(service) = store.list::<Service>().find(|it| it.cluster_ip == Some(address)) {
        let mut own = service.spec.items("ports").iter();
        return match own.find(|it| it.int("port") == port) {
            Some(found) => of_service(cluster, service, found, turn, path),
            None => Answer::nothing(Reply::Silent),
        };
    }
    match store.list::<Pod>().find(|pod| pod.status.pod_ip == Some(address)) {
        Some(pod) => of_pod(cluster, pod, &Value::from(port), path),
        None => Answer::nothing(Reply::Silent),
    }
}

/// Requests a path through a port of a Service.
///
/// Upstream: `pkg/proxy/iptables/proxier.go`, writeServiceToEndpointRules: one of the ready
/// endpoints at random; without any, the connection is refused.
pub fn of_service(
    cluster: &Cluster,
    service: &Rc<Service>,
    port: &Value,
    turn: u64,
    path: &str,
) -> Answer {
    let key = &service.meta.key;
    let slices = cluster.store().list_in::<EndpointSlice>(&key.namespace);
    let ready: Vec<_> = slices
        .filter(|slice| slice.service == key.name)
        .flat_map(|slice| slice.endpoints.iter().filter(|it| it.ready))
        .collect();
    let count = u64::try_from(ready.len()).unwrap_or(1);
    let mixed = turn.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    let place = mixed.checked_rem(count).and_then(|place| usize::try_from(place).ok());
    let Some(endpoint) = place.and_then(|place| ready.get(place)) else {
        return Answer::nothing(Reply::Refused);
    };
    let target = port.set("targetPort").unwrap_or_else(|| port.at("port"));
    match cluster.store().get::<Pod>(&key.sibling(&endpoint.pod)) {
        Some(pod) => of_pod(cluster, pod, target, path),
        None => Answer::nothing(Reply::Refused),
    }
}

/// Requests a path of the container that listens on a port of a pod: a number, or a port's name.
pub fn of_pod(cluster: &Cluster, pod: &Pod, target: &Value, path: &str) -> Answer {
    let asked = Some(pod.meta.key.clone());
    let containers = pod.template.api.at("spec").items("containers");
    let is_it = |own: &&Value| {
        own.items("ports").iter().any(|it| match target {
            Value::String(name) => it.text("name") == name,
            number => it.at("containerPort") == number,
        })
    };
    // A port need not be declared: of a container that declares none, every port is open.
    let is_open = |own: &&Value| own.items("ports").is_empty() && target.is_number();
    let spec = containers.iter().find(is_it).or_else(|| containers.iter().find(is_open));
    let spec = spec.filter(|spec| inside::running(pod, spec.text("name")).is_some());
    let Some(spec) = spec else {
        return Answer { reply: Reply::Refused, pod: asked, input: None };
    };
    let (reply, input) = match Program::of(spec) {
        Program::Counter(counter) => count(cluster, pod, spec.text("name"), counter),
        Program::Nginx => (nginx(cluster, pod, spec.text("name"), path), None),
        Program::Other => {
            (ok(format!("{} answers: {}\n", pod.meta.name(), spec.text("image"))), None)
        }
    };
    Answer { reply, pod: asked, input }
}

fn ok(body: String) -> Reply {
    let headers = vec![("Content-Type".to_owned(), "text/html".to_owned())];
    Reply::Answered { status: 200, headers, body }
}

fn nginx(cluster: &Cluster, pod: &Pod, container: &str, path: &str) -> Reply {
    let file = if path.is_empty() { "index.html" } else { path };
    let whole = format!("/usr/share/nginx/html/{file}");
    let (place, own, _) = inside::locate(cluster, pod, container, &whole);
    let found = inside::files(cluster, pod, &place).get(&own).cloned();
    let page = |status: u16, title: &str| {
        let body = format!(
            "<html>\n<head><title>{status} {title}</title></head>\n<body>\n<center><h1>{status} \
             {title}</h1></center>\n<hr><center>nginx/1.27.1</center>\n</body>\n</html>\n"
        );
        Reply::Answered { status, headers: vec![("Server".into(), "nginx/1.27.1".into())], body }
    };
    match (found, place) {
        (Some(text), _) => ok(text),
        (None, Place::Own(_)) if file == "index.html" => ok("<h1>Welcome to nginx!</h1>\n".into()),
        (None, _) if path.is_empty() => page(403, "Forbidden"),
        (None, _) => page(404, "Not Found"),
    }
}

/// Counts a visit.
fn count(
    cluster: &Cluster,
    pod: &Pod,
    container: &str,
    counter: Counter,
) -> (Reply, Option<Input>) {
    let (place, own, _) = inside::locate(cluster, pod, container, &counter.path);
    let files = inside::files(cluster, pod, &place);
    let before = files.get(&own).and_then(|text| text.trim().parse::<u64>().ok());
    let count = before.unwrap_or(0).saturating_add(1);
    let input = Input::WriteFile {
        namespace: pod.meta.key.namespace.to_string(),
        pod: pod.meta.key.name.to_string(),
        container: container.into(),
        path: counter.path,
        content: Some(format!("{count}\n")),
    };
    (ok(format!("visits: {count}\n")), Some(input))
}
