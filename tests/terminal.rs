//! Commands against the simulated cluster.

use statefulset_playground::client::Seat;
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::meta::Key;
use statefulset_playground::playground::live::Live;
use statefulset_playground::scene::Scene;
use statefulset_playground::session::{Replay, Session};
use statefulset_playground::terminal::computer::Terminal;
use std::rc::Rc;

const WEB: &str = include_str!("../static/examples/web.yaml");
const APP: &str = include_str!("../static/examples/web-app.yaml");

/// A cluster in which commands are run one after the other.
struct Lab {
    replay: Replay,
    now: u64,
    terminal: Terminal,
}

impl Lab {
    fn new() -> Self {
        let mut terminal = Terminal::default();
        terminal.files.set("web.yaml", WEB).unwrap();
        terminal.files.set("app.yaml", APP).unwrap();
        Self { replay: Replay::new(Session::default()), now: 0, terminal }
    }

    /// Runs a command of kubectl until it ends, at most for this many seconds.
    fn run_for(&mut self, line: &str, seconds: u64) -> String {
        self.enter(&format!("kubectl {line}"), seconds)
    }

    /// Enters a line in the terminal, and lets time run until it has ended, or so many seconds.
    fn enter(&mut self, line: &str, seconds: u64) -> String {
        self.terminal.submit(line, &mut Live::new(&mut self.replay, self.now, ""));
        let end = self.now + seconds * 1_000;
        while self.terminal.is_busy() && self.now < end {
            self.go_on(end);
        }
        if self.terminal.is_busy() {
            self.terminal.interrupt();
        }
        self.terminal.take_output().into_iter().map(|(_, text)| text).collect()
    }

    /// On to the next thing that happens, or by a second.
    fn go_on(&mut self, end: u64) {
        let position = self.replay.position();
        self.replay.ahead().advance_to(self.now + 1_000);
        let next = self.replay.history().steps().get(position).map(|step| step.at);
        let next = next.filter(|at| *at <= self.now + 1_000);
        if next.is_some() {
            self.replay.seek(position + 1);
        }
        self.now = next.unwrap_or(self.now + 1_000).min(end);
        let mut live = Live::new(&mut self.replay, self.now, "");
        self.terminal.poll(&mut live);
    }

    fn run(&mut self, line: &str) -> String {
        self.run_for(line, 600)
    }

    fn submit(&mut self, input: Input) {
        Live::new(&mut self.replay, self.now, "").submit(input);
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
    assert!(watched.ends_with("^C\n"), "{watched}");
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
    let inputs = lab.replay.history().session().inputs.len();
    assert_eq!(
        lab.run("scale sts web --replicas=9 --dry-run=server"),
        "statefulset.apps/web scaled (server dry run)\n"
    );
    assert_eq!(lab.replay.history().session().inputs.len(), inputs);
    assert_eq!(lab.run("get sts web -o jsonpath='{.spec.replicas}'"), "3");
    let refused = lab.run("patch sts web -p '{\"spec\":{\"serviceName\":\"other\"}}'");
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
    let maps = "NAME               DATA   AGE\na                  1      0s\nkube-root-ca.crt   1      0s\n";
    assert_eq!(lab.run("get cm -n lab"), maps);
}

#[test]
fn files_on_a_claim_outlive_the_pod_and_others_do_not() {
    let mut lab = Lab::new();
    lab.run("apply -f web.yaml");
    lab.run("rollout status sts/web");
    let html = "/usr/share/nginx/html";
    assert_eq!(lab.run(&format!("exec web-0 -- sh -c 'echo hello > {html}/index.html'")), "");
    assert_eq!(lab.run("exec web-0 -- sh -c 'echo lost > /tmp/x; cat /tmp/x'"), "lost\n");
    let listed = lab.run(&format!("exec web-0 -- ls {html}"));
    assert_eq!(listed, "boots.txt\nindex.html\n");
    assert_eq!(lab.run("exec web-1 -- wget -qO- http://web-0.nginx"), "hello\n");
    let missing = lab.run("exec web-0 -- cat nope");
    let wanted =
        "cat: can't open 'nope': No such file or directory\ncommand terminated with exit code 1\n";
    assert_eq!(missing, wanted);
    lab.run("delete pod web-0");
    lab.enter("sleep 1; kubectl wait --for=condition=Ready pod/web-0", 60);
    assert_eq!(lab.run(&format!("exec web-0 -- cat {html}/index.html")), "hello\n");
    assert!(lab.run("exec web-0 -- cat /tmp/x").contains("No such file or directory"));
    assert_eq!(lab.run("exec web-0 -- hostname"), "web-0\n");
    let looked = lab.run("exec web-0 -- nslookup web-1.nginx.default.svc.cluster.local");
    assert!(looked.contains("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n"), "{looked}");
    assert!(
        looked.contains("Name:\tweb-1.nginx.default.svc.cluster.local\nAddress: 10.244."),
        "{looked}"
    );
    lab.run("exec web-2 -- kill 1");
    let pods = lab.enter("sleep 5; kubectl get po web-2 --no-headers", 60);
    assert!(pods.contains("1 ("), "{pods}");
    assert_eq!(lab.run("logs web-2 --previous"), "web-2: nginx started\nweb-2: exit code 0\n");
    assert_eq!(lab.run("logs web-0"), "web-0: nginx started\n");
    for (line, wanted) in [
        ("kubectl exec -it web-0 -- sh", ""),
        ("cd /usr/share/nginx/html", ""),
        ("cat index.html", "hello\n"),
        ("exit 3", "command terminated with exit code 3\n"),
    ] {
        lab.terminal.submit(line, &mut Live::new(&mut lab.replay, lab.now, ""));
        let text: String = lab.terminal.take_output().into_iter().map(|(_, text)| text).collect();
        assert_eq!(text, wanted, "{line}");
    }
    assert!(!lab.terminal.is_busy());
    let nothing = lab.run("exec web-0 -- nope");
    assert!(nothing.contains("executable file not found in $PATH"), "{nothing}");
}

#[test]
fn each_pod_of_the_lab_counts_its_own_visits() {
    let mut lab = Lab::new();
    lab.run("apply -f app.yaml");
    lab.run("rollout status sts/web-app");
    for _ in 0..9 {
        lab.enter("kubectl exec web-app-0 -- wget -qO- http://web-app:5000; sleep 1", 20);
    }
    let count = |text: String| text.trim().parse::<u32>().unwrap_or(0);
    let (first, second) = (
        count(lab.run("exec pod/web-app-0 -- cat visits")),
        count(lab.run("exec pod/web-app-1 -- cat visits")),
    );
    assert_eq!(first + second, 9);
    assert!(first > 0 && second > 0, "{first} {second}");
    lab.run("delete pod web-app-0");
    lab.enter("sleep 1; kubectl wait --for=condition=Ready pod/web-app-0", 60);
    assert_eq!(count(lab.run("exec pod/web-app-0 -- cat visits")), first, "the claim keeps it");
}

#[test]
fn what_has_no_pods_is_refused_with_a_message() {
    let mut lab = Lab::new();
    lab.run("create configmap settings");
    lab.run("create service clusterip lonely --tcp=80");
    let unselected = "selector for *v1.ConfigMap not implemented\n";
    assert_eq!(
        lab.run("logs cm/settings"),
        format!("error: cannot get the logs from *v1.ConfigMap: {unselected}")
    );
    for line in ["exec cm/settings -- ls", "attach cm/settings", "port-forward cm/settings 1"] {
        let wanted = format!("error: cannot attach to *v1.ConfigMap: {unselected}");
        assert_eq!(lab.run(line), wanted, "{line}");
    }
    let nothing = lab.enter("env nothing", 1);
    assert_eq!(nothing, "env: 'nothing': No such file or directory\n");
}

#[test]
fn many_upgrades_keep_the_last_ten_releases() {
    let mut lab = Lab::new();
    lab.terminal.files.serve(Rc::new(|name: &str| {
        std::fs::read_to_string(format!("{}/static/{name}", env!("CARGO_MANIFEST_DIR"))).ok()
    }));
    lab.enter("helm create chart; helm install first chart", 1);
    for _ in 0..12 {
        lab.enter("helm upgrade first chart", 1);
    }
    let history = lab.enter("helm history first --no-headers", 1);
    let statuses = lab.enter("helm history first | awk 'NR > 1 {print $1, $7}'", 1);
    assert!(statuses.starts_with("4 superseded\n"), "{history}");
    assert!(statuses.ends_with("12 superseded\n13 deployed\n"), "{history}");
    // Many releases beside each other are as quick as one.
    let installed = lab.enter(
        "for i in $(seq 60); do helm install r$i chart --set replicaCount=0; done | grep -c ^NAME:",
        1,
    );
    assert_eq!(installed, "60\n");
}

/// While answers are kept, whoever asked first decides what everybody is told for 30 s.
#[test]
fn nslookup_and_the_dns_panel_give_one_answer() {
    for asks_in_the_panel in [false, true] {
        let mut lab = Lab::new();
        lab.run("apply -f web.yaml");
        lab.run("rollout status sts/web");
        lab.submit(Input::KeepDnsAnswers { on: true });
        let name = "web-3.nginx";
        if asks_in_the_panel {
            lab.submit(Input::LookUp { namespace: "default".into(), name: name.into() });
        } else {
            lab.run(&format!("exec web-0 -- nslookup {name}"));
        }
        let asked_at = lab.now;
        lab.run("scale sts/web --replicas=4");
        lab.run("rollout status sts/web");
        assert!(lab.now < asked_at + 29_000, "web-3 is ready within the time");
        for is_found in [false, true] {
            let said = lab.run(&format!("exec web-0 -- nslookup {name}"));
            let key = Key::new("default", "web");
            let scene = Scene::of(lab.replay.cluster(), &key, name, lab.now);
            let panel = scene.lookup;
            assert_eq!(said.contains("can't find web-3.nginx: NXDOMAIN"), !is_found, "{said}");
            assert_eq!(panel.failure == "NXDOMAIN", !is_found, "{panel:?}");
            let address = panel.addresses.first().map(|it| format!("Address: {it}\n"));
            assert!(address.is_none_or(|address| said.contains(&address)), "{said}");
            lab.enter("sleep 31", 60);
        }
    }
}
