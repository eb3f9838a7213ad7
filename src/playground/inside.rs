//! A container of the simulated cluster, as the programs in it see it.

use super::live::Live;
use super::lookup::resolved;
use crate::api::Tree;
use crate::client::Seat;
use crate::cluster::dns;
use crate::cluster::inside::{self, Place};
use crate::cluster::meta::Key;
use crate::cluster::pod::{ContainerState, Pod, Terminated};
use crate::cluster::storage::Files;
use crate::cluster::{Input, Millis, application, objects};
use crate::shell::host::{MISSING, Trouble};
use crate::terminal::container::{Container, Mount, Reply, Resolved, Running};
use crate::terminal::world::World;
use serde_json::Value;
use std::cell::RefCell;
use std::net::Ipv4Addr;
use std::rc::Rc;

/// Directories that every image has.
const FOLDERS: [&str; 10] =
    ["app", "bin", "dev", "etc", "home", "proc", "root", "tmp", "usr", "var"];

/// A container that runs.
pub struct Inside<'a, 'b> {
    live: &'a mut Live<'b>,
    pod: Rc<Pod>,
    name: String,
    /// What the programs do to the cluster; carried out when the container is left.
    done: RefCell<Vec<Input>>,
}

impl<'a, 'b> Inside<'a, 'b> {
    /// A container; none if it does not run.
    pub fn of(live: &'a mut Live<'b>, (namespace, pod): (&str, &str), name: &str) -> Option<Self> {
        let key = Key::new(namespace, pod);
        let pod = live.with(|cluster| cluster.store().get::<Pod>(&key).cloned())?;
        inside::running(&pod, name)?;
        Some(Self { live, pod, name: name.into(), done: RefCell::default() })
    }

    fn spec(&self) -> Value {
        inside::spec_of(&self.pod, &self.name).cloned().unwrap_or_default()
    }

    fn input(&self, path: &str, content: Option<&str>) -> Input {
        Input::WriteFile {
            namespace: self.pod.meta.key.namespace.to_string(),
            pod: self.pod.meta.key.name.to_string(),
            container: self.name.clone(),
            path: path.into(),
            content: content.map(str::to_owned),
        }
    }

    /// The files of the place where a path lies, the path there, and whether nothing may be written.
    fn at(&self, path: &str) -> (Rc<Files>, String, bool) {
        self.live.with(|cluster| {
            let (place, path, is_read_only) = inside::locate(cluster, &self.pod, &self.name, path);
            (inside::files(cluster, &self.pod, &place), path, is_read_only)
        })
    }

    fn change(&mut self, path: &str, content: Option<&str>) -> Result<(), Trouble> {
        let (files, place, is_read_only) = self.at(path);
        if is_read_only {
            return Err("Read-only file system".into());
        }
        let mut after = Files::clone(&files);
        if let Some(content) = content {
            after.insert(place, content.to_owned());
        }
        if !inside::has_room(&after) {
            return Err("No space left on device".into());
        }
        let input = self.input(path, content);
        self.live.submit(input);
        Ok(())
    }

    fn is_folder(&self, path: &str) -> bool {
        self.list(path).is_some()
    }
}

impl Drop for Inside<'_, '_> {
    fn drop(&mut self) {
        for input in self.done.take() {
            self.live.submit(input);
        }
    }
}

impl Container for Inside<'_, '_> {
    fn now(&self) -> i64 {
        objects::unix_millis(self.live.at())
    }

    fn may_go_on(&self) -> bool {
        self.live.may_go_on()
    }

    fn hostname(&self) -> String {
        self.pod.hostname.to_string()
    }

    fn environment(&self) -> Vec<(String, String)> {
        let mut all = vec![
            (
                "PATH".to_owned(),
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
            ),
            ("HOSTNAME".to_owned(), self.hostname()),
            ("HOME".to_owned(), "/root".to_owned()),
            ("KUBERNETES_SERVICE_HOST".to_owned(), "10.96.0.1".to_owned()),
            ("KUBERNETES_SERVICE_PORT".to_owned(), "443".to_owned()),
        ];
        for entry in self.spec().items("env") {
            let field = entry.at("valueFrom").at("fieldRef").text("fieldPath");
            let value = match field {
                "" => entry.text("value").to_owned(),
                "metadata.name" => self.pod.meta.key.name.to_string(),
                "metadata.namespace" => self.pod.meta.key.namespace.to_string(),
                "metadata.uid" => self.pod.meta.uid.to_string(),
                "spec.nodeName" => self.pod.node.as_deref().unwrap_or_default().to_owned(),
                "status.podIP" => {
                    self.pod.status.pod_ip.map(|it| it.to_string()).unwrap_or_default()
                }
                _ => String::new(),
            };
            all.push((entry.text("name").to_owned(), value));
        }
        all
    }

    fn read(&self, path: &str) -> Result<String, Trouble> {
        let (files, place, _) = self.at(path);
        match files.get(&place) {
            Some(text) => Ok(text.clone()),
            None if self.is_folder(path) => Err("Is a directory".into()),
            None => match path {
                "/etc/hostname" => Ok(format!("{}\n", self.hostname())),
                "/etc/resolv.conf" => {
                    let namespace = &self.pod.meta.key.namespace;
                    Ok(format!(
                        "search {namespace}.svc.cluster.local svc.cluster.local cluster.local\n\
                         nameserver {}\noptions ndots:5\n",
                        self.name_server()
                    ))
                }
                _ => Err(MISSING.into()),
            },
        }
    }

    fn write(&mut self, path: &str, text: &str) -> Result<(), Trouble> {
        if self.is_folder(path) {
            return Err("Is a directory".into());
        }
        let parent = path.rsplit_once('/').map_or("/", |(parent, _)| parent);
        if !self.is_folder(if parent.is_empty() { "/" } else { parent }) {
            return Err("nonexistent directory".into());
        }
        self.change(path, Some(text))
    }

    fn remove(&mut self, path: &str) -> Result<(), Trouble> {
        let (files, place, _) = self.at(path);
        if !files.contains_key(&place) && !self.is_folder(path) {
            return Err(MISSING.into());
        }
        let is_mount = self.live.with(|cluster| {
            inside::mounts(cluster, &self.pod, &self.name).iter().any(|it| it.path == path)
        });
        if is_mount {
            return Err("Resource busy".into());
        }
        self.change(path, None)
    }

    fn make_folder(&mut self, path: &str) -> Result<(), Trouble> {
        if self.is_folder(path) {
            return Err("File exists".into());
        }
        self.change(&format!("{path}/"), Some(""))
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let path = path.trim_end_matches('/');
        let (files, place, _) = self.at(path);
        let below = if place.is_empty() { String::new() } else { format!("{place}/") };
        let mut names: Vec<String> = files
            .keys()
            .filter_map(|own| own.strip_prefix(below.as_str()))
            .filter_map(|rest| rest.split('/').next())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        let is_known = files.contains_key(&format!("{place}/"));
        let mounts = self.live.with(|cluster| inside::mounts(cluster, &self.pod, &self.name));
        let mut is_above = false;
        for mount in &mounts {
            let rest = mount.path.strip_prefix(path).and_then(|rest| rest.strip_prefix('/'));
            if let Some(name) = rest.and_then(|rest| rest.split('/').next()) {
                names.push(name.to_owned());
                is_above = true;
            }
        }
        if path.is_empty() {
            names.extend(FOLDERS.iter().map(|name| (*name).to_owned()));
        }
        let is_root = path.is_empty() || FOLDERS.contains(&path.trim_start_matches('/'));
        let is_mount = mounts.iter().any(|mount| mount.path == path);
        let is_working = self.spec().text("workingDir").trim_end_matches('/') == path;
        let is_there = is_root || is_mount || is_known || is_above || is_working;
        if !is_there && names.is_empty() {
            return None;
        }
        names.sort();
        names.dedup();
        Some(names)
    }

    fn mounts(&self) -> Vec<Mount> {
        let mount = |path: &str, device: &str, kind: &str, is_read_only, size| Mount {
            device: device.into(),
            path: path.into(),
            kind: kind.into(),
            is_read_only,
            size,
            used: 4,
        };
        let mut all = vec![mount("/", "overlay", "overlay", false, 52_428_800)];
        let own = self.live.with(|cluster| inside::mounts(cluster, &self.pod, &self.name));
        for it in own.iter().rev() {
            let (device, kind) = match it.place {
                Place::Volume(_) => ("/dev/vdb", "ext4"),
                _ => ("tmpfs", "tmpfs"),
            };
            all.push(mount(&it.path, device, kind, it.is_read_only, 1_048_576));
        }
        all
    }

    fn processes(&self) -> Vec<Running> {
        let spec = self.spec();
        let words: Vec<&str> = spec.texts("command").chain(spec.texts("args")).collect();
        let image = spec.text("image").rsplit('/').next().unwrap_or_default();
        let program = image.split([':', '@']).next().unwrap_or_default();
        let command = match words.as_slice() {
            [] => program.to_owned(),
            words => words.join(" ").lines().next().unwrap_or_default().to_owned(),
        };
        let started = match inside::running(&self.pod, &self.name).map(|it| &it.state) {
            Some(ContainerState::Running { started_at }) => *started_at,
            _ => self.live.at(),
        };
        let time = i64::try_from(self.live.at().saturating_sub(started)).unwrap_or(0);
        vec![Running { pid: 1, user: "root".into(), time, command }]
    }

    fn kill(&mut self, pid: u32, signal: u8) -> bool {
        if pid != 1 {
            return false;
        }
        // The kernel keeps what is deadly by itself from the first process of a container.
        if signal != 9 && signal != 0 {
            self.done.borrow_mut().push(Input::CrashContainer {
                namespace: self.pod.meta.key.namespace.to_string(),
                pod: self.pod.meta.key.name.to_string(),
                container: self.name.clone(),
                exit_code: if signal == 15 || signal == 3 { 0 } else { 128 + i32::from(signal) },
            });
        }
        true
    }

    fn folder(&self) -> String {
        application::folder(&self.spec()).to_owned()
    }

    fn name_server(&self) -> String {
        dns::SERVER.into()
    }

    fn resolve(&self, name: &str) -> Resolved {
        let namespace = Rc::clone(&self.pod.meta.key.namespace);
        let at = self.live.at();
        let reply = self.live.with(|cluster| {
            if cluster.dns().is_on() {
                let (namespace, name) = (namespace.to_string(), name.to_owned());
                self.done.borrow_mut().push(Input::LookUp { namespace, name });
            }
            dns::ask(cluster, &namespace, name, at)
        });
        resolved(&reply.name, &reply.answer)
    }

    fn http(&self, url: &str) -> Reply {
        let rest = url.strip_prefix("http://").unwrap_or(url);
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = host.split_once(':').unwrap_or((host, "80"));
        let port: i64 = port.parse().unwrap_or(80);
        let address = match host.parse::<Ipv4Addr>() {
            Ok(address) => address,
            Err(_) if host == "localhost" => {
                let Some(own) = self.pod.status.pod_ip else { return Reply::Unknown };
                own
            }
            Err(_) => {
                let found = match self.resolve(host) {
                    Resolved::Found(_, addresses) => addresses,
                    _ => return Reply::Unknown,
                };
                let Some(first) = found.first().and_then(|it| it.parse().ok()) else {
                    return Reply::Unknown;
                };
                first
            }
        };
        let turn = self.live.turn();
        let answer =
            self.live.with(|cluster| application::request(cluster, turn, address, port, path));
        self.done.borrow_mut().extend(answer.input);
        match answer.reply {
            application::Reply::Answered { status, headers, body } => {
                Reply::Answer(status, headers, body)
            }
            application::Reply::Refused => Reply::Refused(format!("{address}:{port}")),
            application::Reply::Silent => Reply::Silent(format!("{address}:{port}")),
        }
    }
}

/// What a container, or the instance before it, has written: that it started, and how it ended.
pub fn logs(pod: &Pod, container: &str, previous: bool) -> Vec<(i64, String)> {
    let all = pod.status.containers.iter().chain(&pod.status.init_containers);
    let Some(status) = all.into_iter().find(|it| *it.name == *container) else {
        return Vec::new();
    };
    let name = pod.meta.name();
    let start = |at: Millis| (objects::unix_millis(at), format!("{name}: {container} started"));
    let whole = |ended: &Terminated| {
        let code = ended.exit_code;
        let end = (objects::unix_millis(ended.finished_at), format!("{name}: exit code {code}"));
        ended.started_at.map(start).into_iter().chain([end]).collect()
    };
    match (&status.state, previous) {
        (_, true) => status.last_state.as_ref().map(whole).unwrap_or_default(),
        (ContainerState::Running { started_at }, false) => vec![start(*started_at)],
        (ContainerState::Terminated(ended), false) => whole(ended),
        // The kubelet still has what the instance before it wrote.
        (ContainerState::Waiting { .. }, false) => {
            status.last_state.as_ref().map(whole).unwrap_or_default()
        }
    }
}
