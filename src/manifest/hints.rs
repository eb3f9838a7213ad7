//! What is worth knowing about a manifest that the server would accept: objects that do not fit
//! together, and what people forget. A hint never blocks.

use super::contents::Manifest;
use super::diagnostic::{Diagnostic, LineIndex, Severity};
use super::document::Document;
use super::place;
use crate::api::path::FieldPath;
use crate::api::selector::Selector;
use crate::api::{ApiObject, Kind, Tree};
use serde_json::Value;

/// The hint that [`Manifest::fixes`] can do something about.
pub(super) const NO_SERVICE: &str = "no Service of this name is in the manifest";

impl Manifest {
    /// Hints, in the order of the text.
    pub fn hints(&self) -> Vec<Diagnostic> {
        let mut hints =
            Hints { manifest: self, lines: LineIndex::new(&self.text), found: Vec::new() };
        for document in &self.documents {
            match &document.object {
                Some(object) if object.kind == Kind::StatefulSet => hints.set(document, object),
                Some(object) if object.kind == Kind::Service => hints.service(document, object),
                _ => {}
            }
        }
        crate::ordered::sort_by(&mut hints.found, |one, other| one.line < other.line);
        hints.found
    }
}

struct Hints<'a> {
    manifest: &'a Manifest,
    lines: LineIndex,
    found: Vec<Diagnostic>,
}

impl Hints<'_> {
    fn add(&mut self, document: &Document, path: &str, message: impl Into<String>) {
        let range = place::find(&document.root, &FieldPath::parse(path));
        let text = &self.manifest.text;
        self.found.push(self.lines.diagnostic(text, Severity::Hint, range, path, message));
    }

    fn objects(&self, kind: Kind, namespace: &str) -> Vec<&ApiObject> {
        let objects = self.manifest.documents.iter().filter_map(|it| it.object.as_ref());
        objects.filter(|it| it.kind == kind && it.namespace() == namespace).collect()
    }

    fn set(&mut self, document: &Document, set: &ApiObject) {
        let spec = set.spec();
        self.governing_service(document, set);
        self.budget(document, set);
        let pod = spec.at("template").at("spec");
        for (list, containers) in
            ["initContainers", "containers"].map(|list| (list, pod.items(list)))
        {
            for (index, container) in containers.iter().enumerate() {
                let path = format!("spec.template.spec.{list}[{index}]");
                self.container(document, container, &path);
            }
        }
        self.mounts(document, spec);
        if pod.opt_int("terminationGracePeriodSeconds") == Some(0) {
            let message = "pods are killed at once: with no grace period two pods of one identity \
                           can run at a time";
            self.add(document, "spec.template.spec.terminationGracePeriodSeconds", message);
        }
        let replicas = spec.opt_int("replicas").unwrap_or(1);
        let start = spec.at("ordinals").int("start");
        let partition = spec.at("updateStrategy").at("rollingUpdate").int("partition");
        if partition > 0 && partition >= start + replicas {
            let message = "no pod is at or above this partition, so a change of the template reaches \
                           none";
            self.add(document, "spec.updateStrategy.rollingUpdate.partition", message);
        }
    }

    /// The Service that gives the pods their names must exist, be headless and select them.
    fn governing_service(&mut self, document: &Document, set: &ApiObject) {
        let name = set.spec().text("serviceName");
        if name.is_empty() {
            let message = "without serviceName the pods have no DNS names of their own";
            return self.add(document, "spec", message);
        }
        let services = self.objects(Kind::Service, set.namespace());
        let service = services.into_iter().find(|service| service.name() == name);
        let labels = set.spec().at("template").at("metadata").at("labels");
        let message = match service.map(ApiObject::spec) {
            None => format!("{NO_SERVICE}; pods have DNS names only with one"),
            Some(spec) if spec.text("clusterIP") != "None" => format!(
                "Service {name} is not headless (clusterIP: None), so the pods have no DNS names"
            ),
            Some(spec) if !selects(spec.at("selector"), labels) => {
                format!("Service {name} does not select these pods, so they have no DNS names")
            }
            Some(_) => return,
        };
        self.add(document, "spec.serviceName", message);
    }

    fn budget(&mut self, document: &Document, set: &ApiObject) {
        let labels = set.spec().at("template").at("metadata").at("labels");
        let selects =
            |budget: &&ApiObject| Selector::of(budget.spec().at("selector")).matches_tree(labels);
        let budget = self.objects(Kind::PodDisruptionBudget, set.namespace());
        let is_several = set.spec().opt_int("replicas").unwrap_or(1) > 1;
        if is_several && !budget.iter().any(selects) {
            let message =
                "no PodDisruptionBudget covers these pods: a drain can take several at once";
            self.add(document, "metadata.name", message);
        }
    }

    fn container(&mut self, document: &Document, container: &Value, path: &str) {
        if container.at("resources").set("requests").is_none() {
            let message = "no resources are requested: the pod is scheduled as if it needed none, \
                           and among the first to be evicted";
            self.add(document, path, message);
        }
        let image = container.text("image");
        let tag = image.rsplit('/').next().and_then(|name| name.split_once([':', '@']));
        if !image.is_empty() && tag.is_none_or(|(_, tag)| tag == "latest") {
            let message = "without a tag of its own the image can change under the pods' feet";
            self.add(document, &format!("{path}.image"), message);
        }
        let (liveness, readiness) = (container.at("livenessProbe"), container.at("readinessProbe"));
        if !liveness.is_null() && liveness == readiness {
            let message = "liveness and readiness probe are the same: a pod that is slow is \
                           restarted, not left alone";
            self.add(document, &format!("{path}.livenessProbe"), message);
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            for handler in ["httpGet", "tcpSocket"] {
                let port = container.at(probe).at(handler).text("port");
                let known = container.items("ports").iter().any(|it| it.text("name") == port);
                if !port.is_empty() && !known {
                    let message = format!("no port of this container is named {port}");
                    self.add(document, &format!("{path}.{probe}.{handler}.port"), message);
                }
            }
        }
    }

    fn mounts(&mut self, document: &Document, spec: &Value) {
        let pod = spec.at("template").at("spec");
        let containers = pod.items("initContainers").iter().chain(pod.items("containers"));
        let mounted: Vec<&str> = containers
            .flat_map(|it| it.items("volumeMounts").iter().chain(it.items("volumeDevices")))
            .map(|mount| mount.text("name"))
            .collect();
        for (index, claim) in spec.items("volumeClaimTemplates").iter().enumerate() {
            let name = claim.at("metadata").text("name");
            if !mounted.contains(&name) {
                let message =
                    format!("no container mounts {name}: every pod gets a volume for nothing");
                let path = format!("spec.volumeClaimTemplates[{index}].metadata.name");
                self.add(document, &path, message);
            }
        }
    }

    /// A port that is named must be a port of the pods that the Service selects.
    fn service(&mut self, document: &Document, service: &ApiObject) {
        let selector = service.spec().at("selector");
        let sets = self.objects(Kind::StatefulSet, service.namespace());
        let labels = |set: &&&ApiObject| {
            selects(selector, set.spec().at("template").at("metadata").at("labels"))
        };
        let selected: Vec<&ApiObject> = sets.iter().filter(labels).copied().collect();
        let has_port = |name: &str| {
            let containers = |set: &&ApiObject| {
                set.spec().at("template").at("spec").items("containers").to_vec()
            };
            let mut ports = selected.iter().flat_map(containers);
            ports.any(|it| it.items("ports").iter().any(|port| port.text("name") == name))
        };
        let missing: Vec<(usize, String)> = service
            .spec()
            .items("ports")
            .iter()
            .enumerate()
            .filter_map(|(index, port)| Some((index, port.opt_text("targetPort")?.to_owned())))
            .filter(|(_, name)| !selected.is_empty() && !has_port(name))
            .collect();
        for (index, name) in missing {
            let path = format!("spec.ports[{index}].targetPort");
            self.add(document, &path, format!("no port of the selected pods is named {name}"));
        }
    }
}

/// Whether a Service's selector, which is a map of labels, selects pods with these labels.
fn selects(selector: &Value, labels: &Value) -> bool {
    let mut wanted = selector.as_object().into_iter().flatten().peekable();
    wanted.peek().is_some() && wanted.all(|(key, value)| labels.at(key) == value)
}
