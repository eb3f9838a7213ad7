//! What the stand-ins do: the containers, images and sandbox of a pod, as a script.
//!
//! A fault profile of the page says less than a recording of the real kubelet: no start errors, failing
//! or lost sandboxes, missing ConfigMaps or redirects. The code that follows a script is one for both.

use super::latency;
use crate::cluster::time::Millis;
use crate::ordered::Map;
use std::rc::Rc;

/// What an endpoint of a stand-in application answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// From this time after the start of the container on.
    pub since_ms: Millis,
    /// After this time.
    pub took_ms: Millis,
    /// What.
    pub content: ReplyContent,
}

/// The content of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyContent {
    /// What a healthy application answers.
    Fine,
    /// An HTTP status.
    Status(u16),
    /// An HTTP redirect to this location.
    Redirect(Rc<str>),
    /// A command's exit code and output.
    Exit { code: i32, output: Rc<str> },
    /// gRPC `NOT_SERVING`.
    NotServing,
    /// Nothing listens.
    Closed,
}

/// One run of a container's process.
///
/// Simplified: the application is a stand-in. It runs until it is told to end, takes a second to do
/// so and exits with 0, or as by SIGTERM where its command is a shell or only waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// How long it runs by itself; `None`: until it is stopped.
    pub run_ms: Option<Millis>,
    /// Exit code when it ends by itself.
    pub exit_code: i32,
    /// Reason of that end; `None`: by the exit code.
    pub reason: Option<Rc<str>>,
    /// How long it takes to end on SIGTERM; `None`: it ignores SIGTERM.
    pub term_ms: Option<Millis>,
    /// Exit code after SIGTERM.
    pub term_code: i32,
    /// How long its creation takes.
    pub create_ms: Millis,
    /// How long its start takes.
    pub start_ms: Millis,
    /// For so long after its start it answers nothing, unless an endpoint is listed.
    pub silent_ms: Millis,
    /// From this time after its start every probe fails, for so long.
    pub fails_from_ms: Millis,
    pub fails_for_ms: Millis,
    /// Nothing listens on a port that is not listed.
    pub is_mute: bool,
    /// Why it cannot be started.
    pub start_error: Option<Rc<str>>,
    /// What its endpoints answer, by [`endpoint name`](super::answer::endpoint_name); the last
    /// reply whose time has come counts. An endpoint that is not listed follows the common rule.
    pub endpoints: Map<Rc<str>, Vec<Reply>>,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            run_ms: None,
            exit_code: 0,
            reason: None,
            term_ms: Some(latency::TERM_MS),
            term_code: 0,
            create_ms: latency::CREATE_MS,
            start_ms: latency::START_MS,
            silent_ms: 0,
            fails_from_ms: 0,
            fails_for_ms: 0,
            is_mute: false,
            start_error: None,
            endpoints: Map::new(),
        }
    }
}

/// How pulls of an image go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageScript {
    /// How long a pull takes.
    pub pull_ms: Millis,
    /// How many pulls fail before one succeeds; `None`: all.
    pub failures: Option<u32>,
    /// The error of a failing pull; `None`: not found.
    pub error: Option<Rc<str>>,
}

/// A ConfigMap by its name, and its keys if not every key exists.
pub type ConfigMap = (Rc<str>, Option<Vec<Rc<str>>>);

/// What happens in one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// How long the sandbox takes.
    pub sandbox_ms: Millis,
    /// How many times the sandbox cannot be made, and why.
    pub sandbox_failures: u32,
    pub sandbox_error: Rc<str>,
    /// After this time the first sandbox is lost.
    pub sandbox_dies_ms: Option<Millis>,
    /// Runs by container: run n takes entry n, the last one repeats.
    pub containers: Map<Rc<str>, Vec<Run>>,
    /// What an app container or sidecar does that is not listed.
    pub others: Run,
    /// What an init container does that is not listed.
    pub inits: Run,
    /// The ConfigMaps that exist, each with its keys if not every key does; `None`: all exist.
    pub config_maps: Option<Vec<ConfigMap>>,
    /// Pulls by image reference.
    pub images: Map<Rc<str>, ImageScript>,
    /// Whether no image that is not listed exists.
    pub no_images: bool,
    /// Whether images that are not listed are on the node from the beginning.
    pub images_present: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            sandbox_ms: latency::SANDBOX_MS,
            sandbox_failures: 0,
            sandbox_error: "".into(),
            sandbox_dies_ms: None,
            containers: Map::new(),
            others: Run::default(),
            inits: Run::default(),
            config_maps: None,
            images: Map::new(),
            no_images: false,
            images_present: false,
        }
    }
}

impl Script {
    /// A script in which sandbox, creation and start take no time and all images are present.
    pub fn instant() -> Self {
        let others = Run { create_ms: 0, start_ms: 0, ..Run::default() };
        let inits = others.clone();
        Self { sandbox_ms: 0, others, inits, images_present: true, ..Self::default() }
    }

    /// The run number `attempt` (from 0) of a container. A sidecar is no init container here.
    pub fn run(&self, container: &str, attempt: u32, is_init: bool) -> &Run {
        let runs = self.containers.get(container).filter(|runs| !runs.is_empty());
        let index = usize::try_from(attempt).unwrap_or(usize::MAX);
        let other = if is_init { &self.inits } else { &self.others };
        runs.map_or(other, |runs| &runs[index.min(runs.len() - 1)])
    }
}
