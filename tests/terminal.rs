//! Commands against the simulated cluster.

use statefulset_playground::playground::live::Live;
use statefulset_playground::session::{Cursor, History, Session};
use statefulset_playground::terminal::kubectl::{self, Context, Files, Job, Progress};
use statefulset_playground::terminal::output::Output;
use std::cell::RefCell;

const WEB: &str = include_str!("../static/examples/web.yaml");

struct Folder;

impl Files for Folder {
    fn read(&self, path: &str) -> Option<String> {
        (path == "web.yaml").then(|| WEB.into())
    }

    fn list(&self, _path: &str) -> Option<Vec<String>> {
        None
    }

    fn text(&self, _name: &str) -> Option<String> {
        None
    }
}

/// A cluster in which commands are run one after the other.
struct Lab {
    history: RefCell<History>,
    cursor: RefCell<Cursor>,
    now: u64,
}

impl Lab {
    fn new() -> Self {
        let history = History::new(Session::default());
        let cursor = history.start();
        Self { history: RefCell::new(history), cursor: RefCell::new(cursor), now: 0 }
    }

    /// Runs a command until it ends, at most for this many seconds.
    fn run_for(&mut self, line: &str, seconds: u64) -> String {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let mut out = Output::default();
        let mut job = {
            let mut live = Live::new(&self.history, &self.cursor, self.now);
            let mut context =
                Context { world: &mut live, files: &Folder, stdin: None, out: &mut out };
            match kubectl::run(&words, &mut context) {
                Progress::Done(_) => return out.text(),
                Progress::Waiting(job) => job,
            }
        };
        let end = self.now + seconds * 1_000;
        while self.now < end && !self.poll(&mut *job, &mut out, end) {}
        out.text()
    }

    /// On to the next thing that happens, or by a second. Returns whether the job has ended.
    fn poll(&mut self, job: &mut dyn Job, out: &mut Output, end: u64) -> bool {
        let next = {
            let mut history = self.history.borrow_mut();
            let position = self.cursor.borrow().position();
            history.advance_to(self.now + 1_000);
            let next = history.steps().get(position).map(|step| step.at);
            let at = next.filter(|at| *at <= self.now + 1_000);
            if at.is_some() {
                history.seek(&mut self.cursor.borrow_mut(), position + 1);
            }
            at
        };
        self.now = next.unwrap_or(self.now + 1_000).min(end);
        let mut live = Live::new(&self.history, &self.cursor, self.now);
        job.poll(&mut live, out).is_some()
    }

    fn run(&mut self, line: &str) -> String {
        self.run_for(line, 600)
    }
}

#[test]
fn a_set_is_applied_watched_and_deleted() {
    let mut lab = Lab::new();
    let applied = lab.run("apply -f web.yaml");
    assert_eq!(applied, "service/nginx created\nstatefulset.apps/web created\n");
    let status = lab.run("rollout status sts/web");
    assert!(
        status.ends_with("partitioned roll out complete: 3 new pods have been updated...\n"),
        "{status}"
    );
    let pods = lab.run("get po,sts,svc,pvc");
    let rows = [
        "pod/web-2   1/1     Running   0",
        "statefulset.apps/web   3/3",
        "persistentvolumeclaim/www-web-0   Bound",
    ];
    rows.iter().for_each(|row| assert!(pods.contains(row), "{row}\n{pods}"));
    let deleted = lab.run("delete pod web-1");
    assert_eq!(deleted, "pod \"web-1\" deleted from default namespace\n");
    let watched = lab.run_for("get po -w", 30);
    assert!(watched.contains("web-1   0/1     ContainerCreating"), "{watched}");
    assert_eq!(lab.run("scale sts web --replicas=1"), "statefulset.apps/web scaled\n");
    assert_eq!(lab.run("label sts web a=b"), "statefulset.apps/web labeled\n");
    assert_eq!(lab.run("set image sts/web nginx=nginx:2"), "statefulset.apps/web image updated\n");
    lab.run("rollout status sts/web");
    let pods = lab.run("get po --no-headers");
    assert!(pods.starts_with("web-0   1/1") && pods.lines().count() == 1, "{pods}");
    assert!(lab.run("get po web-0 -o yaml").contains("image: nginx:2"));
}

#[test]
fn refusals_and_dry_runs_leave_the_cluster_as_it_was() {
    let mut lab = Lab::new();
    lab.run("apply -f web.yaml");
    let dry = lab.run("apply -f web.yaml --dry-run=server");
    assert_eq!(
        dry,
        "service/nginx unchanged (server dry run)\nstatefulset.apps/web configured (server dry run)\n"
    );
    let inputs = lab.history.borrow().session().inputs.len();
    assert_eq!(
        lab.run("scale sts web --replicas=9 --dry-run=server"),
        "statefulset.apps/web scaled (server dry run)\n"
    );
    assert_eq!(lab.history.borrow().session().inputs.len(), inputs);
    assert_eq!(lab.run("get sts web -o jsonpath={.spec.replicas}"), "3");
    let refused = lab.run("patch sts web -p {\"spec\":{\"serviceName\":\"other\"}}");
    assert!(
        refused.starts_with("The StatefulSet \"web\" is invalid: spec: Forbidden"),
        "{refused}"
    );
    assert!(lab.run("get sts nope").starts_with("Error from server (NotFound)"));
}

#[test]
fn a_node_is_drained_within_its_budget() {
    let mut lab = Lab::new();
    lab.run("apply -f web.yaml");
    lab.run("rollout status sts/web");
    lab.run("create pdb web --selector=app=nginx --max-unavailable=1");
    let pdb = lab.run("get pdb");
    assert!(pdb.contains("web    N/A             1                 1"), "{pdb}");
    let drained = lab.run("drain minikube-m03 --ignore-daemonsets");
    assert_eq!(
        drained,
        "node/minikube-m03 cordoned\nevicting pod default/web-2\npod/web-2 evicted\nnode/minikube-m03 drained\n"
    );
    assert!(lab.run("get no").contains("Ready,SchedulingDisabled"));
    assert_eq!(lab.run("uncordon minikube-m03"), "node/minikube-m03 uncordoned\n");
    assert_eq!(
        lab.run("delete pdb web"),
        "poddisruptionbudget.policy \"web\" deleted from default namespace\n"
    );
    assert_eq!(lab.run("create ns lab"), "namespace/lab created\n");
    assert_eq!(lab.run("create cm a --from-literal=k=v -n lab"), "configmap/a created\n");
    assert!(lab.run("get cm -n lab").contains("a      1      0s"));
}
