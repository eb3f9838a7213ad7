//! A button does and prints what the command does that the page shows with it.

use statefulset_playground::api::change::Cascade;
use statefulset_playground::client::deed::{NodeRequest, VolumeRequest};
use statefulset_playground::client::{Deed, command};
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::objects;
use statefulset_playground::manifest::examples::FIRST_TEXT;
use statefulset_playground::playground::{Action, Playground};

fn run(playground: &mut Playground, simulated_ms: u64) {
    let until = playground.playhead() + simulated_ms;
    playground.update(Action::SetSkipWaits(false));
    playground.update(Action::SetSpeed(8));
    playground.update(Action::Play);
    while playground.playhead() < until {
        playground.update(Action::Tick { elapsed_ms: 25 });
    }
    playground.update(Action::Pause);
}

/// The first example with this before it, after so many simulated seconds, as saved work.
fn saved(before: &str, seconds: u64) -> String {
    let mut playground = Playground::new();
    playground.update(Action::EditText(format!("{before}{FIRST_TEXT}")));
    playground.update(Action::Restart);
    run(&mut playground, seconds * 1_000);
    playground.save()
}

/// What the terminal has printed, both streams together, without the lines that were entered.
fn printed(playground: &Playground) -> String {
    let screen = playground.screen();
    let all = screen.pieces.iter().filter(|(_, _, text)| !text.starts_with("$ "));
    all.map(|(.., text)| &**text).collect()
}

/// Every object of the cluster but events.
fn shown(playground: &Playground) -> Vec<String> {
    const KINDS: [&str; 10] = [
        "StatefulSet",
        "Pod",
        "Service",
        "PersistentVolumeClaim",
        "PersistentVolume",
        "StorageClass",
        "PodDisruptionBudget",
        "Node",
        "ConfigMap",
        "Namespace",
    ];
    playground.with_cluster(|cluster| {
        let all = KINDS.iter().flat_map(|kind| objects::list(cluster, kind));
        all.map(|object| object.to_string()).collect()
    })
}

/// Does something in two ways to the same work, and compares what is printed and what there is,
/// at once and `later` seconds after it.
fn compare(saved: &str, button: Action, line: &str, later: u64) -> String {
    let [mut by_button, mut by_line] = [saved, saved].map(|it| Playground::restore(it).unwrap());
    by_button.update(button);
    by_line.update(Action::Command(line.into()));
    for seconds in [0, later] {
        run(&mut by_button, seconds * 1_000);
        run(&mut by_line, seconds * 1_000);
        assert_eq!(printed(&by_button), printed(&by_line), "{line}, after {seconds} s");
        assert_eq!(shown(&by_button), shown(&by_line), "{line}, after {seconds} s");
    }
    printed(&by_button)
}

fn of_deed(saved: &str, deed: Deed, later: u64) -> String {
    let line = command::of(&deed);
    compare(saved, Action::Submit(deed), &line, later)
}

fn default(name: &str) -> (String, String) {
    ("default".into(), name.into())
}

fn node(node: &str, request: NodeRequest) -> Deed {
    Deed::Node { node: node.into(), request }
}

#[test]
fn buttons_of_pods_sets_and_claims_print_what_the_command_prints() {
    let ready = saved("", 60);
    for grace_period_seconds in [None, Some(0), Some(3)] {
        for pod in ["web-1", "web-9"] {
            let (namespace, name) = default(pod);
            of_deed(&ready, Deed::DeletePod { namespace, name, grace_period_seconds }, 12);
        }
    }
    for replicas in [0, 3, 5] {
        let (namespace, name) = default("web");
        of_deed(&ready, Deed::Scale { namespace, name, replicas }, 2);
    }
    for cascade in Cascade::ALL {
        for set in ["web", "gone"] {
            let (namespace, name) = default(set);
            of_deed(&ready, Deed::DeleteStatefulSet { namespace, name, cascade }, 30);
        }
    }
    for claim in ["www-web-0", "www-web-9"] {
        let (namespace, name) = default(claim);
        of_deed(&ready, Deed::DeleteClaim { namespace, name }, 2);
        for storage in ["2Gi", "512Mi", "1Gi", "much"] {
            let (namespace, name) = default(claim);
            of_deed(&ready, Deed::ResizeClaim { namespace, name, storage: storage.into() }, 5);
        }
    }
}

#[test]
fn buttons_of_volumes_print_what_the_command_prints() {
    let retained = saved("", 60);
    let mut playground = Playground::restore(&retained).unwrap();
    let volume = playground.with_cluster(|cluster| {
        let all = objects::list(cluster, "PersistentVolume");
        all[0]["metadata"]["name"].as_str().unwrap().to_owned()
    });
    let line = format!(
        "kubectl patch pv {volume} -p '{{\"spec\":{{\"persistentVolumeReclaimPolicy\":\"Retain\"}}}}'"
    );
    playground.update(Action::Command(line));
    for name in [volume.as_str(), "gone"] {
        for request in [VolumeRequest::Free, VolumeRequest::Delete] {
            of_deed(&playground.save(), Deed::Volume { name: name.into(), request }, 2);
        }
    }
}

#[test]
fn buttons_of_nodes_print_what_the_command_prints() {
    let ready = saved("", 60);
    let requests = NodeRequest::ALL
        .into_iter()
        .filter(|it| !matches!(it, NodeRequest::Lose | NodeRequest::Regain));
    for request in requests {
        for name in ["minikube-m02", "gone"] {
            of_deed(&ready, node(name, request), 40);
        }
    }
    let mut cordoned = Playground::restore(&ready).unwrap();
    for request in [NodeRequest::Cordon, NodeRequest::TaintOutOfService] {
        cordoned.update(Action::Submit(node("minikube-m02", request)));
    }
    for request in [NodeRequest::Cordon, NodeRequest::Uncordon, NodeRequest::TaintOutOfService] {
        of_deed(&cordoned.save(), node("minikube-m02", request), 1);
    }
}

#[test]
fn a_drain_goes_on_with_time_as_its_command_does() {
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec:\n  \
        minAvailable: 2\n  selector: {matchLabels: {app: nginx}}\n---\n";
    let mut drained = Playground::restore(&saved(budget, 60)).unwrap();
    drained.update(Action::Submit(node("minikube-m02", NodeRequest::Drain)));
    run(&mut drained, 500);
    drained.update(Action::Submit(node("minikube-m03", NodeRequest::Drain)));
    let refused = "error when evicting pods/\"web-2\" -n \"default\" (will retry after 5s): Cannot \
        evict pod as it would violate the pod's disruption budget.";
    assert!(printed(&drained).contains(refused), "{}", printed(&drained));
    assert!(printed(&drained).ends_with(&format!("{refused}\n")));
    run(&mut drained, 120_000);
    let said = printed(&drained);
    for line in [
        "pod/web-1 evicted\nnode/minikube-m02 drained\n",
        "pod/web-2 evicted\nnode/minikube-m03 drained\n",
    ] {
        assert!(said.contains(line), "{said}");
    }
    let tries = said.matches("evicting pod default/web-2").count();
    assert_eq!(tries, said.matches(refused).count() + 1, "{said}");

    let alone = "apiVersion: v1\nkind: Pod\nmetadata: {name: alone}\nspec: {nodeName: minikube-m02, \
        containers: [{name: a, image: nginx}]}\n---\n";
    let said = of_deed(&saved(alone, 30), node("minikube-m02", NodeRequest::Drain), 2);
    assert!(said.contains("cannot delete Pods that declare no controller"), "{said}");
}

#[test]
fn the_apply_button_applies_what_the_command_applies() {
    const APPLY: &str = "kubectl apply -f manifest.yaml";
    let ready = saved("", 60);
    let config_map =
        |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n---\n");
    let unknown = |kind: &str, name: &str| {
        format!("apiVersion: x.example/v1\nkind: {kind}\nmetadata: {{name: {name}}}\n---\n")
    };
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fastest}\n\
        provisioner: example.com/none\n---\n";
    let texts = [
        FIRST_TEXT.to_owned(),
        FIRST_TEXT.replace("replicas: 3", "replicas: 4"),
        FIRST_TEXT.replace("storage: 1Gi", "storage: 2Gi"),
        FIRST_TEXT.replace("replicas: 3", "replicas: -3"),
        FIRST_TEXT.replace("replicas: 3", "replica: 3"),
        FIRST_TEXT.replace("replicas: 3", "replicas: [3"),
        FIRST_TEXT.replace("name: web\n", "name: web\n  namespace: elsewhere\n"),
        format!("{class}{FIRST_TEXT}"),
        format!("{}{FIRST_TEXT}", unknown("Widget", "a")),
        format!("{}{}{FIRST_TEXT}", config_map("Bad_1"), config_map("Bad_2")),
        format!("{}{}{}", unknown("A", "a"), config_map("ok"), unknown("B", "b")),
        config_map("ok"),
        String::new(),
        "- a\n".into(),
        "kind: Pod\n".into(),
    ];
    let mut said = Vec::new();
    for text in texts {
        let mut playground = Playground::restore(&ready).unwrap();
        playground.update(Action::SetAutoApply(false));
        playground.update(Action::EditText(text));
        said.push(compare(&playground.save(), Action::Apply, APPLY, 3));
    }
    assert_eq!(said[0], "service/nginx unchanged\nstatefulset.apps/web configured\n");
    assert!(said[7].starts_with("storageclass.storage.k8s.io/fastest created\n"), "{}", said[7]);
    let both = "resource mapping not found for name: \"a\" namespace: \"\" from \"manifest.yaml\": no \
        matches for kind \"A\" in version \"x.example/v1\"\nensure CRDs are installed first\nresource \
        mapping not found for name: \"b\" namespace: \"\" from \"manifest.yaml\": no matches for kind \
        \"B\" in version \"x.example/v1\"\nensure CRDs are installed first\n";
    assert_eq!(said[10], format!("configmap/ok created\n{both}"));
    let bad = |name: &str| {
        format!(
            "Error from server (Invalid): error when creating \"manifest.yaml\": ConfigMap \"{name}\" \
             is invalid: metadata.name: Invalid value: \"{name}\": a lowercase RFC 1123 subdomain \
             must consist of"
        )
    };
    assert!(said[9].contains(&bad("Bad_1")) && said[9].contains(&bad("Bad_2")), "{}", said[9]);
}

#[test]
fn a_name_is_looked_up_as_a_pod_does_it() {
    let ready = saved("", 60);
    for keeps in [false, true] {
        let mut playground = Playground::restore(&ready).unwrap();
        playground.update(Action::Submit(Input::KeepDnsAnswers { on: keeps }.into()));
        for name in ["web-0.nginx", "nginx", "web-7.nginx", "example.com"] {
            let (namespace, asked) = default(name);
            let look_up = Deed::Input(Input::LookUp { namespace, name: asked });
            let line = format!("kubectl exec web-0 -- nslookup {name}");
            let [mut by_button, mut by_line] =
                [(); 2].map(|()| Playground::restore(&playground.save()).unwrap());
            by_button.update(Action::Submit(look_up));
            by_line.update(Action::Command(line));
            let said = printed(&by_line);
            let said = said.replace("command terminated with exit code 1\n", "");
            assert_eq!(printed(&by_button), said, "{name}");
        }
    }
}
