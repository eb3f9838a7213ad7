//! An application is a value: what is done to a clone changes nothing in the original, nor the other
//! way round, and two that stand side by side do not hear of each other.

use super::saved_work::projection;
use statefulset_playground::client::Deed;
use statefulset_playground::client::deed::NodeRequest;
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::fault::Faults;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::FormField;
use statefulset_playground::playground::{Action, Playground};

/// Numbers that are drawn.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// Lines of the terminal: some end at once, some wait, some are typed into what waits.
const LINES: [&str; 18] = [
    "kubectl get pods -w",
    "kubectl delete pod web-0",
    "kubectl scale sts web --replicas=2",
    "kubectl rollout status sts/web",
    "kubectl exec -it web-0 -- sh",
    "echo hello > /usr/share/nginx/html/a; cat /usr/share/nginx/html/a",
    "exit",
    "sleep 3; echo over",
    "kubectl drain minikube-m02 --force",
    "kubectl port-forward web-0 8080:80",
    "curl localhost:8080",
    "kubectl edit sts web",
    "echo one > note; cat note",
    "export A=$A-x; echo $A",
    "watch kubectl get pods",
    "kubectl logs -f web-0 | grep started",
    "kubectl wait --for=condition=Ready pod/web-0",
    "helm install own chart --wait",
];

fn action(draws: &mut Draws, playground: &Playground) -> Action {
    let pod = |draws: &mut Draws| format!("web-{}", draws.below(3));
    let namespace = || String::from("default");
    match draws.below(26) {
        0..=6 => Action::Command(LINES[draws.below(LINES.len())].into()),
        7..=9 => Action::Tick { elapsed_ms: 100 },
        10 => Action::Play,
        11 => Action::StepForward,
        12 => Action::StepBack,
        13 => Action::Seek(u64::try_from(draws.below(60_000)).unwrap()),
        14 => Action::Undo,
        15 => Action::Redo,
        16 => Action::SetField(FormField::Replicas, Some(draws.below(5).to_string())),
        17 => Action::EditText(format!("{}# more\n", playground.manifest().text)),
        18 => Action::Interrupt,
        19 => Action::CloseEditor([None, Some("a: b\n".into())][draws.below(2)].clone()),
        20 => {
            let name = pod(draws);
            let grace_period_seconds = [None, Some(0)][draws.below(2)];
            Action::Submit(Deed::DeletePod { namespace: namespace(), name, grace_period_seconds })
        }
        21 => {
            let requests = NodeRequest::ALL;
            let request = requests[draws.below(requests.len())];
            Action::Submit(Deed::Node { node: "minikube-m02".into(), request })
        }
        22 => {
            let faults = Faults { slow_start_seconds: 20, ..Faults::default() };
            Action::Submit(Input::SetFaults(faults).into())
        }
        23 => Action::Browse("localhost:8080".into()),
        24 => {
            let example = &EXAMPLES[draws.below(2)];
            Action::OpenExample { id: example.id.into(), text: example.text().into() }
        }
        _ => [Action::Apply, Action::Restart, Action::ClearScreen][draws.below(3)].clone(),
    }
}

/// Everything that is to be seen of an application.
fn seen(playground: &Playground) -> (String, String, Vec<String>) {
    let shown = format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        playground.screen(),
        playground.scene(),
        playground.timeline(),
        playground.notice().map(|notice| &notice.lines),
        playground.browser(),
        (playground.playhead(), playground.horizon(), playground.can_undo(), playground.can_redo()),
    );
    (playground.save(), shown, playground.with_cluster(projection::lines))
}

/// A lesson or an example after some time and some actions.
fn begun(draws: &mut Draws) -> Playground {
    let mut playground = Playground::new();
    if draws.below(3) == 0 {
        let text = include_str!("../static/lessons/delete-order.yaml");
        playground.update(Action::OpenLesson { id: "delete-order".into(), text: text.into() });
    }
    for _ in 0..60 {
        playground.update(Action::Tick { elapsed_ms: 100 });
    }
    act(&mut playground, &mut Draws(draws.0), 12);
    playground
}

fn act(playground: &mut Playground, draws: &mut Draws, times: usize) {
    for _ in 0..times {
        let action = action(draws, playground);
        playground.update(action);
    }
}

const ROUNDS: u64 = 60;

#[test]
fn what_is_done_to_a_clone_changes_nothing_in_the_original() {
    let mut busy = 0;
    for round in 0..ROUNDS {
        let mut draws = Draws(round * 7_919 + 1);
        let mut original = begun(&mut draws);
        busy += usize::from(original.screen().is_busy);
        let before = seen(&original);
        let mut copy = original.clone();
        act(&mut copy, &mut draws, 20);
        assert_eq!(seen(&original), before, "round {round}: the original has changed");
        let after = seen(&copy);
        act(&mut original, &mut draws, 20);
        assert_eq!(seen(&copy), after, "round {round}: the clone has changed");
    }
    assert!(busy > 5, "a command waits in {busy} of {ROUNDS} rounds");
}

#[test]
fn two_that_stand_side_by_side_go_the_same_way_as_one_alone() {
    for round in 0..ROUNDS {
        let mut draws = Draws(round * 104_729 + 3);
        let mut alone = begun(&mut draws);
        let (mut left, mut right) = (alone.clone(), alone.clone());
        let seeds = [Draws(draws.0 ^ 1), Draws(draws.0 ^ 2)];
        let [mut of_left, mut of_right] = seeds;
        for _ in 0..20 {
            act(&mut left, &mut of_left, 1);
            act(&mut right, &mut of_right, 1);
        }
        act(&mut alone, &mut Draws(draws.0 ^ 1), 20);
        assert_eq!(seen(&left), seen(&alone), "round {round}");
    }
}
