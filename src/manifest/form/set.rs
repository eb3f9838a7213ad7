//! What setting a field of the form does to the text, with everything that must change along.

use super::get::{CLAIM, CONTAINER, Form, HANDLERS, number_name, probe_path, split_words};
use super::{FormField, ProbeField, ProbeKind};
use crate::manifest::edit::{Block, Draft, EditError};
use crate::manifest::tree::Node;

type Result = std::result::Result<(), EditError>;

/// Sets or unsets a field.
pub(super) fn set(draft: &mut Draft, field: FormField, value: Option<&str>) -> Result {
    let set = Form::new(draft)?.set;
    if in_container(field) && draft.get(set, CONTAINER).is_none() {
        return Err(EditError::NoContainer);
    }
    match field {
        FormField::Namespace => namespace(draft, set, value),
        FormField::ServiceName => service_name(draft, set, value),
        FormField::ContainerPort => container_port(draft, set, value),
        FormField::Storage => storage(draft, set, is_on(value)),
        FormField::ClaimName => claim_name(draft, set, value),
        FormField::UpdateStrategy => update_strategy(draft, set, value),
        FormField::Probe(kind, field) => probe(draft, set, kind, field, value),
        FormField::Partition | FormField::MaxUnavailable => {
            let strategy = draft.scalar(set, "spec.updateStrategy.type");
            if value.is_some() && strategy.as_deref() == Some("OnDelete") {
                return Err(EditError::NotApplicable);
            }
            plain(draft, set, field, value)
        }
        field => plain(draft, set, field, value),
    }
}

fn is_on(value: Option<&str>) -> bool {
    value.is_some_and(|value| value != "false")
}

fn in_container(field: FormField) -> bool {
    matches!(
        field,
        FormField::Image | FormField::ContainerPort | FormField::Storage | FormField::Probe(..)
    )
}

fn of_storage(field: FormField) -> bool {
    matches!(
        field,
        FormField::ClaimName
            | FormField::StorageSize
            | FormField::StorageClass
            | FormField::AccessMode
            | FormField::MountPath
    )
}

/// A field that stands in one place.
fn plain(draft: &mut Draft, set: usize, field: FormField, value: Option<&str>) -> Result {
    if of_storage(field) && draft.get(set, CLAIM).is_none() {
        return Err(EditError::NotApplicable);
    }
    let path = Form { draft, set }.path(field).ok_or(EditError::NotApplicable)?;
    match value {
        Some(value) => draft.put(set, &path, block(field, value)),
        None => draft.remove(set, &path),
    }
}

/// Numbers are written bare, so that what is typed stays what it is; anything else is text.
fn block(field: FormField, value: &str) -> Block {
    let is_number = matches!(
        field,
        FormField::Replicas
            | FormField::ContainerPort
            | FormField::OrdinalsStart
            | FormField::Partition
            | FormField::MaxUnavailable
            | FormField::MinReadySeconds
            | FormField::RevisionHistoryLimit
            | FormField::TerminationGracePeriodSeconds
            | FormField::StorageSize
            | FormField::Probe(..)
    );
    if is_number { Block::bare(value) } else { Block::text(value) }
}

/// The Service that gives the pods their names, if the manifest has it.
fn governing_service(draft: &Draft, set: usize) -> Option<usize> {
    let name = draft.scalar(set, "spec.serviceName")?;
    let namespace =
        |document| draft.scalar(document, "metadata.namespace").unwrap_or_else(|| "default".into());
    (0..draft.roots.len()).find(|document| {
        draft.scalar(*document, "kind").as_deref() == Some("Service")
            && draft.scalar(*document, "metadata.name").as_ref() == Some(&name)
            && namespace(*document) == namespace(set)
    })
}

fn namespace(draft: &mut Draft, set: usize, value: Option<&str>) -> Result {
    let service = governing_service(draft, set);
    for document in [Some(set), service].into_iter().flatten() {
        match value {
            Some(value) => draft.put(document, "metadata.namespace", Block::text(value))?,
            None => draft.remove(document, "metadata.namespace")?,
        }
    }
    Ok(())
}

fn service_name(draft: &mut Draft, set: usize, value: Option<&str>) -> Result {
    let service = governing_service(draft, set);
    plain(draft, set, FormField::ServiceName, value)?;
    match (service, value) {
        (Some(service), Some(value)) => draft.put(service, "metadata.name", Block::text(value)),
        _ => Ok(()),
    }
}

/// The port of the first container, and every number elsewhere that meant it.
fn container_port(draft: &mut Draft, set: usize, value: Option<&str>) -> Result {
    let path = format!("{CONTAINER}.ports[0].containerPort");
    let before = draft.scalar(set, &path);
    let service = governing_service(draft, set);
    let Some(value) = value else {
        return draft.remove(set, &format!("{CONTAINER}.ports[0]"));
    };
    draft.put(set, &path, Block::bare(value))?;
    let Some(before) = before else { return Ok(()) };
    let mut follow = |document: usize, path: &str| -> Result {
        match draft.scalar(document, path).as_ref() == Some(&before) {
            true => draft.put(document, path, Block::bare(value)),
            false => Ok(()),
        }
    };
    for kind in [ProbeKind::Readiness, ProbeKind::Liveness, ProbeKind::Startup] {
        for handler in HANDLERS {
            follow(set, &format!("{}.{handler}.port", probe_path(kind)))?;
        }
    }
    let Some(service) = service else { return Ok(()) };
    let count = draft.get(service, "spec.ports").map_or(0, |ports| ports.items().len());
    for at in 0..count {
        for field in ["port", "targetPort"] {
            let path = format!("spec.ports[{at}].{field}");
            if draft.scalar(service, &path).as_ref() == Some(&before) {
                draft.put(service, &path, Block::bare(value))?;
            }
        }
    }
    Ok(())
}

/// Paths of the lists of mounts of all containers.
fn mount_lists(draft: &Draft, set: usize) -> Vec<String> {
    let mut found = Vec::new();
    for list in ["initContainers", "containers"] {
        let path = format!("spec.template.spec.{list}");
        let count = draft.get(set, &path).map_or(0, |containers| containers.items().len());
        found.extend((0..count).map(|at| format!("{path}[{at}].volumeMounts")));
    }
    found
}

/// Paths of all mounts of a volume, last first.
fn mounts_of(draft: &Draft, set: usize, volume: &str) -> Vec<String> {
    let mut found = Vec::new();
    for list in mount_lists(draft, set) {
        let count = draft.get(set, &list).map_or(0, |mounts| mounts.items().len());
        for at in (0..count).rev() {
            let mount = format!("{list}[{at}]");
            if draft.scalar(set, &format!("{mount}.name")).as_deref() == Some(volume) {
                found.push(mount);
            }
        }
    }
    found
}

fn claim_name(draft: &mut Draft, set: usize, value: Option<&str>) -> Result {
    let before = draft.scalar(set, &format!("{CLAIM}.metadata.name"));
    plain(draft, set, FormField::ClaimName, value)?;
    if let (Some(before), Some(value)) = (before, value) {
        for mount in mounts_of(draft, set, &before) {
            draft.put(set, &format!("{mount}.name"), Block::text(value))?;
        }
    }
    Ok(())
}

fn storage(draft: &mut Draft, set: usize, on: bool) -> Result {
    let claims = "spec.volumeClaimTemplates";
    let count = draft.get(set, claims).map_or(0, |claims| claims.items().len());
    if on {
        return if count > 0 { Ok(()) } else { add_storage(draft, set) };
    }
    for at in 0..count {
        let Some(name) = draft.scalar(set, &format!("{claims}[{at}].metadata.name")) else {
            continue;
        };
        for mount in mounts_of(draft, set, &name) {
            draft.remove(set, &mount)?;
        }
    }
    draft.remove(set, claims)
}

/// A claim template of 1Gi, mounted at `/data`, under a name that is free.
fn add_storage(draft: &mut Draft, set: usize) -> Result {
    let volumes = draft.get(set, "spec.template.spec.volumes").cloned();
    let named = |node: &Node| node.get("name").and_then(|name| draft.node_text(name));
    let taken: Vec<String> =
        volumes.iter().flat_map(|list| list.items()).filter_map(|node| named(node)).collect();
    let list = format!("{CONTAINER}.volumeMounts");
    let mounts = draft.get(set, &list).map(|mounts| mounts.items().to_vec()).unwrap_or_default();
    let path_of = |node: &Node| node.get("mountPath").and_then(|path| draft.node_text(path));
    let paths: Vec<String> = mounts.iter().filter_map(|mount| path_of(mount)).collect();
    let free = |base: &str, taken: &[String]| {
        let candidates = (1..).map(|n| if n == 1 { base.into() } else { format!("{base}-{n}") });
        candidates.into_iter().find(|name: &String| !taken.contains(name)).unwrap_or_default()
    };
    let (name, path) = (free("data", &taken), free("/data", &paths));
    let requests = Block::Map(vec![("storage", Block::text("1Gi"))]);
    let claim = Block::Map(vec![
        ("metadata", Block::Map(vec![("name", Block::text(&name))])),
        (
            "spec",
            Block::Map(vec![
                ("accessModes", Block::List(vec![Block::text("ReadWriteOnce")])),
                ("resources", Block::Map(vec![("requests", requests)])),
            ]),
        ),
    ]);
    let mount = Block::Map(vec![("name", Block::text(&name)), ("mountPath", Block::text(&path))]);
    draft.put(set, CLAIM, claim)?;
    draft.put(set, &format!("{list}[{}]", mounts.len()), mount)
}

/// OnDelete goes without `rollingUpdate`, which the server would refuse.
fn update_strategy(draft: &mut Draft, set: usize, value: Option<&str>) -> Result {
    plain(draft, set, FormField::UpdateStrategy, value)?;
    match value {
        Some("OnDelete") => draft.remove(set, "spec.updateStrategy.rollingUpdate"),
        _ => Ok(()),
    }
}

fn probe(
    draft: &mut Draft,
    set: usize,
    kind: ProbeKind,
    field: ProbeField,
    value: Option<&str>,
) -> Result {
    let base = probe_path(kind);
    let is_present = draft.get(set, &base).is_some_and(|probe| !probe.is_null());
    if field == ProbeField::Enabled {
        return match (is_on(value), is_present) {
            (true, false) => {
                let port = first_port(draft, set);
                draft.put(set, &base, Block::Map(vec![handler_block("httpGet", &port)]))
            }
            (false, true) => draft.remove(set, &base),
            _ => Ok(()),
        };
    }
    if !is_present {
        return Err(EditError::NotApplicable);
    }
    let current = Form { draft, set }.get(FormField::Probe(kind, ProbeField::Handler));
    let current = current.unwrap_or_default();
    match field {
        ProbeField::Handler => handler(draft, set, &base, &current, value),
        ProbeField::Command => {
            let path = format!("{base}.exec.command");
            if current != "exec" {
                return Err(EditError::NotApplicable);
            }
            let words = split_words(value.unwrap_or_default());
            let words = words.iter().map(|word| Block::text(word)).collect();
            draft.put(set, &path, Block::List(words))
        }
        ProbeField::Path | ProbeField::Port => {
            let applies = match field {
                ProbeField::Path => current == "httpGet",
                _ => matches!(current.as_str(), "httpGet" | "tcpSocket" | "grpc"),
            };
            if !applies {
                return Err(EditError::NotApplicable);
            }
            let name = if field == ProbeField::Path { "path" } else { "port" };
            let path = format!("{base}.{current}.{name}");
            match value {
                Some(value) if field == ProbeField::Path => {
                    draft.put(set, &path, Block::text(value))
                }
                Some(value) => draft.put(set, &path, Block::bare(value)),
                None => draft.remove(set, &path),
            }
        }
        number => {
            let name = number_name(number).ok_or(EditError::NotApplicable)?;
            let path = format!("{base}.{name}");
            match value {
                Some(value) => draft.put(set, &path, Block::bare(value)),
                None => draft.remove(set, &path),
            }
        }
    }
}

/// The port that probes ask by default: the container's first one.
fn first_port(draft: &Draft, set: usize) -> String {
    let path = format!("{CONTAINER}.ports[0].containerPort");
    draft.scalar(set, &path).unwrap_or_else(|| "80".into())
}

fn handler_block(name: &'static str, port: &str) -> (&'static str, Block) {
    let port = ("port", Block::bare(port));
    let fields = match name {
        "exec" => {
            vec![("command", Block::List(vec![Block::text("true")]))]
        }
        "httpGet" => vec![("path", Block::text("/")), port],
        _ => vec![port],
    };
    (name, Block::Map(fields))
}

/// Another handler in place of the current one; the port stays. gRPC takes only a number.
fn handler(
    draft: &mut Draft,
    set: usize,
    base: &str,
    current: &str,
    value: Option<&str>,
) -> Result {
    let new = HANDLERS.into_iter().find(|name| Some(*name) == value);
    let new = new.ok_or(EditError::NotApplicable)?;
    if new == current {
        return Ok(());
    }
    let before = draft.scalar(set, &format!("{base}.{current}.port"));
    let port = before.unwrap_or_else(|| first_port(draft, set));
    let is_number = port.parse::<u32>().is_ok();
    let port = match new {
        "grpc" if !is_number => number_of(draft, set, &port),
        _ => port,
    };
    let (name, block) = handler_block(new, &port);
    draft.put(set, &format!("{base}.{name}"), block)?;
    for other in HANDLERS.into_iter().filter(|other| *other != new) {
        draft.remove(set, &format!("{base}.{other}"))?;
    }
    Ok(())
}

/// The number of a named port of the container.
fn number_of(draft: &Draft, set: usize, name: &str) -> String {
    let ports = format!("{CONTAINER}.ports");
    let count = draft.get(set, &ports).map_or(0, |ports| ports.items().len());
    let named = (0..count)
        .find(|at| draft.scalar(set, &format!("{ports}[{at}].name")).as_deref() == Some(name));
    let number = named.and_then(|at| draft.scalar(set, &format!("{ports}[{at}].containerPort")));
    number.unwrap_or_else(|| first_port(draft, set))
}
