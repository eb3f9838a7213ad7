//! Damage inside of saved work: its JSON stays JSON, and a link that carries it stays whole.

use crate::draws::Draws;
use serde_json::{Value, json};
use statefulset_playground::playground::{Action, Opening, Patience, Playground, share};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The longest saved work that damage makes, in bytes.
const LONGEST: usize = 4 << 20;

/// How often a list or a text is repeated at most.
const REPEATED: usize = 10_000;

/// How long a slice of the opening may take, and how many there are.
const SLICE: Duration = Duration::from_millis(5);
const SLICES: usize = 4;

/// Numbers at the edges of their types, of bounds, and of what a field may hold.
const EDGES: [&str; 24] = [
    "0",
    "1",
    "-1",
    "2",
    "99",
    "255",
    "256",
    "2000",
    "5000",
    "5001",
    "65536",
    "400000",
    "2147483647",
    "-2147483648",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "3153600000000",
    "3153600000001",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e308",
];

/// Work of several kinds, as it is saved.
pub fn seeds() -> Vec<String> {
    let mut all = vec![Playground::new().save()];
    let mut playground = Playground::new();
    for line in [
        "kubectl scale sts web --replicas=5",
        "kubectl patch sts web -p '{\"spec\":{\"minReadySeconds\":5,\"template\":{\"spec\":{\"terminationGracePeriodSeconds\":30}}}}'",
        "kubectl create deployment api --image=nginx --replicas=3",
        "kubectl cordon minikube-m02; kubectl delete pod web-1 --wait=false",
        "kubectl set resources sts web --limits=cpu=100m,memory=64Mi",
        "helm install web-app chart",
        "kubectl create quota q --hard=pods=9; kubectl create ns other; kubectl delete ns other --wait=false",
        "alias k=kubectl; echo a > file",
    ] {
        playground.update(Action::Command(line.into()));
        (0..60).for_each(|_| drop(playground.update(Action::Tick { elapsed_ms: 100 })));
        playground.update(Action::Interrupt);
    }
    all.push(playground.save());
    all.push(super::blocks::of_an_earlier_release());
    let lessons = super::lessons();
    for text in lessons.iter().take(2) {
        let mut playground = Playground::new();
        playground.update(Action::OpenLesson { id: String::new(), text: text.clone() });
        all.push(playground.save());
    }
    all
}

/// Saved work with damage inside.
pub fn saved(draws: &mut Draws, seeds: &[String]) -> String {
    let seed = &seeds[draws.below(seeds.len())];
    let mut tree: Value = serde_json::from_str(seed).expect("saved work is JSON");
    for _ in 0..=draws.below(5) {
        damage(draws, &mut tree);
    }
    let text = tree.to_string();
    if text.len() > LONGEST { seed.clone() } else { text }
}

/// A link to it.
pub fn link(draws: &mut Draws, seeds: &[String]) -> String {
    share::fragment(&saved(draws, seeds))
}

/// A value at its edge, of another type, or of another size, somewhere in a tree.
fn damage(draws: &mut Draws, tree: &mut Value) {
    let is_leaf = match &*tree {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => true,
    };
    if !is_leaf && !draws.once_in(12) {
        let below = match tree {
            Value::Array(items) => {
                let at = draws.below(items.len());
                items.get_mut(at)
            }
            Value::Object(members) => {
                let at = draws.below(members.len());
                members.values_mut().nth(at)
            }
            _ => None,
        };
        return below.map_or((), |below| damage(draws, below));
    }
    match tree {
        _ if draws.once_in(12) => *tree = other(draws),
        Value::Number(_) => *tree = edge(draws),
        Value::String(text) => grow(draws, text),
        Value::Bool(flag) => *flag = !*flag,
        Value::Array(items) => repeat(draws, items),
        Value::Object(members) => {
            let at = draws.below(members.len());
            let known: Vec<String> = members.keys().cloned().collect();
            match known.get(at).filter(|_| !draws.once_in(3)) {
                Some(key) => drop(members.remove(key)),
                None => {
                    let value = members.values().next().cloned().unwrap_or_default();
                    let most = if draws.once_in(8) { REPEATED } else { 8 };
                    let most = draws.below(most).min(LONGEST / value.to_string().len().max(1));
                    members.extend((0..most).map(|at| (format!("k{at}"), value.clone())));
                }
            }
        }
        Value::Null => *tree = other(draws),
    }
}

fn edge(draws: &mut Draws) -> Value {
    serde_json::from_str(draws.one(&EDGES)).expect("numbers are JSON")
}

fn other(draws: &mut Draws) -> Value {
    match draws.below(6) {
        0 => json!(null),
        1 => json!([]),
        2 => json!({}),
        3 => json!("x"),
        4 => json!(true),
        _ => edge(draws),
    }
}

fn grow(draws: &mut Draws, text: &mut String) {
    match draws.below(4) {
        0 => text.clear(),
        1 => {
            let most = if draws.once_in(8) { REPEATED } else { 30 };
            let times = draws.below(most);
            *text = text.repeat(times.min(LONGEST / text.len().max(1)));
        }
        2 => draws.damage(text, &super::texts::PIECES),
        _ => *text = (*draws.one(&EDGES)).to_owned(),
    }
}

fn repeat(draws: &mut Draws, items: &mut Vec<Value>) {
    let at = draws.below(items.len());
    let Some(item) = items.get(at).cloned() else { return };
    match draws.below(4) {
        0 => drop(items.remove(at)),
        1 => items.reverse(),
        _ => {
            let size = item.to_string().len();
            let most = if draws.once_in(6) { REPEATED } else { 30 };
            let times = draws.below(most);
            let times = times.min(LONGEST / size.max(1));
            items.splice(at..at, std::iter::repeat_n(item, times));
        }
    }
}

/// Opens it as the page does, and does what a person does first.
pub fn play(opening: Opening) {
    let slice = || {
        let over = Instant::now() + SLICE;
        Patience::new(Rc::new(move || Instant::now() < over))
    };
    let mut opening = opening;
    for _ in 0..SLICES {
        if opening.go_on(&slice()).is_done() {
            break;
        }
    }
    let Ok(mut playground) = opening.as_far_as_played() else { return };
    let actions = [
        Action::Play,
        Action::SetSpeed(64),
        Action::Tick { elapsed_ms: 100 },
        Action::StepForward,
        Action::SeekStart,
        Action::SeekEnd,
        Action::Tick { elapsed_ms: 100 },
        Action::StepBack,
        Action::Command(
            "kubectl get all,pvc,pv,nodes,events -o wide; kubectl describe sts,pods".into(),
        ),
        Action::Tick { elapsed_ms: 100 },
    ];
    for action in actions {
        playground.set_patience(slice());
        playground.update(action);
    }
    playground.set_patience(slice());
    let saved = playground.save();
    let again = Opening::of_saved(&saved).is_ok_and(|mut opening| {
        while !opening.is_read() && !opening.go_on(&Patience::of_questions(1 << 20)).is_done() {}
        opening.is_read()
    });
    assert!(again, "what is saved can be opened");
}
