//! Files as kubectl works with them, and the person's editor: a command such as `sed -i s/a/b/`.

use super::devices::Devices;
use super::programs::Computer;
use super::workspace::Workspace;
use crate::api::Resource;
use crate::api::{Kubernetes, Status};
use crate::client::Server;
use crate::shell::parser;
use crate::shell::run::Code;
use crate::shell::session::Session;
use crate::terminal::editor::Editor;
use crate::terminal::files::Files;
use crate::terminal::keyboard::Keyboard;
use crate::terminal::network::Network;
use crate::terminal::output::Output;
use crate::terminal::world::{Reply, Request, World, not_found};
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// Where the text that is edited lies meanwhile.
const EDITED: &str = "/tmp/kubectl-edit.yaml";

/// Editors that a person types into: the page's stands for them.
pub const EDITORS: [&str; 4] = ["emacs", "nano", "vi", "vim"];

/// The exit status of a command that is not there.
const NOT_FOUND: i32 = 127;

/// Whether a command is one of them.
fn is_editor(command: &str) -> bool {
    command.split_whitespace().next().is_some_and(|name| EDITORS.contains(&name))
}

/// The files, and the editor if there is one.
#[derive(Clone)]
pub struct Desk {
    files: RefCell<Workspace>,
    /// The command that the person has named as editor.
    command: Option<String>,
    editor: Editor,
    keyboard: Keyboard,
    network: Network,
    nowhere: Nowhere,
}

impl Desk {
    /// The files of a computer, and the editor that its variables name.
    pub fn of(computer: &Computer) -> Self {
        let variables = &computer.session.variables;
        let command = ["KUBE_EDITOR", "EDITOR"].iter().find_map(|name| variables.get(name));
        let is_one = |command: &&str| !command.is_empty() && !is_editor(command);
        Self {
            files: RefCell::new(computer.files.clone()),
            command: command.filter(is_one).map(str::to_owned),
            editor: computer.devices.editor.clone(),
            keyboard: computer.devices.keyboard.clone(),
            network: computer.devices.network.clone(),
            nowhere: Nowhere { now: computer.world.now(), kubernetes: computer.world.kubernetes() },
        }
    }

    /// The files as they are now.
    pub fn into_files(self) -> Workspace {
        self.files.into_inner()
    }
}

impl Files for Desk {
    fn read(&self, path: &str) -> Option<String> {
        Files::read(&*self.files.borrow(), path)
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        Files::list(&*self.files.borrow(), path)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.files.borrow().text(name)
    }

    fn copy(&self) -> Option<Rc<dyn Files>> {
        Some(Rc::new(self.clone()))
    }

    fn write(&self, path: &str, text: &str) -> Result<(), String> {
        self.files.borrow_mut().set(path, text)
    }

    fn add_folder(&self, path: &str) -> Result<(), String> {
        self.files.borrow_mut().make_folder(path)
    }

    fn keyboard(&self) -> Option<Keyboard> {
        Some(self.keyboard.clone())
    }

    fn network(&self) -> Network {
        self.network.clone()
    }

    fn editor(&self) -> Option<Editor> {
        Some(self.editor.clone())
    }

    fn edit(&self, text: &str) -> Option<Result<String, String>> {
        let editor = self.command.as_ref()?;
        let mut files = self.files.borrow_mut();
        files.set(EDITED, text).ok()?;
        let mut session = Session::default();
        let list = parser::parse(&format!("{editor} {EDITED}"), &session.aliases).ok()?;
        let mut nowhere = self.nowhere;
        let devices = Devices::default();
        let mut computer = Computer {
            session: &mut session,
            devices: &devices,
            files: &mut files,
            history: &[],
            world: &mut nowhere,
        };
        // An editor that waits has not saved anything.
        let status = Code::new(&list).poll(&mut computer, &mut Output::default())?;
        let edited = files.get(EDITED).map(str::to_owned);
        files.remove(EDITED);
        match status {
            0 => edited.map(Ok),
            NOT_FOUND => Some(Err(format!("unable to launch the editor \"{editor}\""))),
            _ => Some(Err(format!("there was a problem with the editor \"{editor}\""))),
        }
    }
}

/// No cluster, at a moment.
#[derive(Clone, Copy)]
struct Nowhere {
    now: i64,
    kubernetes: Kubernetes,
}

impl World for Nowhere {}

impl Server for Nowhere {
    fn now(&self) -> i64 {
        self.now
    }

    fn kubernetes(&self) -> Kubernetes {
        self.kubernetes
    }

    fn list(&self, _resource: &Resource) -> Vec<Rc<Value>> {
        Vec::new()
    }

    fn request(&mut self, request: &Request) -> Result<Reply, Status> {
        match Resource::of_kind(&request.kind, &request.api_version) {
            Some(resource) => Err(not_found(&resource, &request.name)),
            None => Err(Status::bad_request(&request.kind, &request.name, "there is no cluster")),
        }
    }
}
