//! Sessions of the sorts that scripts tell and fault profiles do not, and one of a pod that may be
//! active for some seconds only. What they show has to happen wherever the simulator runs.

use serde_json::{Value, json};
use statefulset_playground::api::Version;
use statefulset_playground::api::change::{Change, FieldValidation, PatchType, Request};
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::kubelet::lab::Lab;
use statefulset_playground::cluster::kubelet::script::{Reply, ReplyContent, Script};
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::cluster::pod::Pod;
use statefulset_playground::cluster::time::{Millis, SECOND};
use statefulset_playground::manifest::Manifest;

/// How long each is played.
const END_MS: Millis = 90 * SECOND;

/// One pod, what its stand-ins do, and a reason and the words of an event that follows from it.
pub struct Session {
    pub name: &'static str,
    pub shows: (&'static str, &'static str),
    script: fn(&mut Script),
    begin: fn(&mut Lab),
}

pub const SESSIONS: &[Session] = &[
    Session {
        name: "deadline",
        shows: ("DeadlineExceeded", "longer than the specified deadline"),
        script: |_| {},
        begin: |lab| apply(lab, 5),
    },
    Session {
        name: "earlier-deadline",
        shows: ("DeadlineExceeded", "longer than the specified deadline"),
        script: |_| {},
        begin: |lab| {
            apply(lab, 1_000);
            lab.run_until(20 * SECOND);
            apply(lab, 30);
        },
    },
    Session {
        name: "start-error",
        shows: ("Failed", "Error: no such command"),
        script: |script| script.others.start_error = Some("no such command".into()),
        begin: |lab| lab.create_pod("pod", &pod(json!({}))),
    },
    Session {
        name: "failing-sandbox",
        shows: ("FailedCreatePodSandBox", "desc = no network"),
        script: |script| {
            script.sandbox_failures = 2;
            script.sandbox_error = "no network".into();
        },
        begin: |lab| lab.create_pod("pod", &pod(json!({}))),
    },
    Session {
        name: "lost-sandbox",
        shows: ("SandboxChanged", "will be killed and re-created"),
        script: |script| script.sandbox_dies_ms = Some(10 * SECOND),
        begin: |lab| lab.create_pod("pod", &pod(json!({}))),
    },
    Session {
        name: "missing-volume",
        shows: ("FailedMount", "configmap \"settings\" not found"),
        script: |script| script.config_maps = Some(Vec::new()),
        begin: |lab| {
            let mut template = pod(json!({}));
            template["spec"]["volumes"] =
                json!([{"name": "settings", "configMap": {"name": "settings"}}]);
            lab.create_pod("pod", &template);
            lab.run_until(20 * SECOND);
            lab.create_config_map("settings");
        },
    },
    Session {
        name: "missing-key",
        shows: ("Failed", "couldn't find key mode in ConfigMap default/settings"),
        script: |script| {
            script.config_maps = Some(vec![("settings".into(), Some(vec!["other".into()]))]);
        },
        begin: |lab| {
            let key = json!({"configMapKeyRef": {"name": "settings", "key": "mode"}});
            let env = json!([{"name": "MODE", "valueFrom": key}]);
            lab.create_pod("pod", &pod(json!({ "env": env })));
        },
    },
    Session {
        name: "redirect",
        shows: ("ProbeWarning", "Probe terminated redirects"),
        script: |script| redirect(script, "http://elsewhere.test/"),
        begin: |lab| lab.create_pod("pod", &pod(probe())),
    },
    Session {
        name: "endless-redirect",
        shows: ("Unhealthy", "stopped after 10 redirects"),
        script: |script| redirect(script, "/again"),
        begin: |lab| lab.create_pod("pod", &pod(probe())),
    },
];

impl Session {
    /// Plays it to its end.
    pub fn play(&self) -> Lab {
        let mut script = Script::instant();
        (self.script)(&mut script);
        let mut lab = Lab::new(Version::V1_36, script, 0, None);
        (self.begin)(&mut lab);
        lab.run_until(END_MS);
        lab
    }

    /// Whether there was the event that it shows.
    pub fn is_shown(&self, lab: &Lab) -> bool {
        let (reason, words) = self.shows;
        let mut events = lab.steps().iter().flat_map(|step| &step.events);
        events.any(|event| &*event.reason == reason && event.message.contains(words))
    }
}

/// Applies a pod that may be active for so long, as a person does.
fn apply(lab: &mut Lab, seconds: u32) {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: brief}}\nspec:\n  \
         activeDeadlineSeconds: {seconds}\n  containers: [{{name: app, image: 'nginx:1'}}]\n"
    );
    let pod = Manifest::parse(&text).objects().remove(0);
    let is_there = lab.cluster().store().get::<Pod>(&Key::new("default", "brief")).is_some();
    let change = match is_there {
        true => {
            let deadline = json!({"spec": {"activeDeadlineSeconds": seconds}});
            Change::Patch(PatchType::Merge, deadline)
        }
        false => Change::Create(pod.tree),
    };
    lab.submit(&Input::Request(Box::new(Request {
        kind: "Pod".into(),
        api_version: "v1".into(),
        namespace: "default".into(),
        name: "brief".into(),
        change,
        dry_run: false,
        field_validation: FieldValidation::Strict,
        field_manager: String::new(),
    })));
}

/// A pod of one container with these fields.
fn pod(fields: Value) -> Value {
    let mut container = json!({"name": "app", "image": "nginx:1"});
    for (field, value) in fields.as_object().into_iter().flatten() {
        container[field] = value.clone();
    }
    json!({"spec": {"containers": [container]}})
}

fn probe() -> Value {
    json!({"readinessProbe": {
        "httpGet": {"path": "/", "port": 80, "scheme": "HTTP"},
        "periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 3, "successThreshold": 1
    }})
}

fn redirect(script: &mut Script, to: &str) {
    let content = ReplyContent::Redirect(to.into());
    let reply = Reply { since_ms: 0, took_ms: 0, content };
    script.others.endpoints.insert("http:80".into(), vec![reply]);
}
