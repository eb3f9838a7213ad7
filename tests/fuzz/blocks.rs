//! Inputs that are made to take long: none keeps the page waiting, and none is refused in silence.

mod cases;
mod made;
mod trial;

use super::{PATIENCE, number};
use crate::saved_work::projection;
use cases::CASES;
use serde_json::{Value, json};
use statefulset_playground::client::Seat;
use statefulset_playground::cluster::Input;
use statefulset_playground::playground::live::Live;
use statefulset_playground::playground::{Action, Opening, Patience, Playground};
use statefulset_playground::session::history::MAX_STEPS;
use statefulset_playground::session::{Replay, Session, TimedInput};
use std::rc::Rc;
use std::thread;
use std::time::Duration;
use trial::Trial;

/// The stack of a page.
const STACK: usize = if cfg!(debug_assertions) { 4 << 20 } else { 1 << 20 };

/// How many slices work gets: what counts is the longest.
const SLICES: usize = 4;

#[test]
fn no_call_takes_long() {
    let limit = Duration::from_secs(number("FUZZ_SECONDS", PATIENCE) as u64);
    for case in CASES {
        let play = move || {
            let mut trial = Trial::new(SLICES);
            (case.play)(&mut trial);
            (trial.longest, trial.what)
        };
        let played = thread::Builder::new().stack_size(STACK).spawn(play);
        let (longest, what) = played.expect("a thread").join().expect(case.name);
        assert!(longest < limit, "{}: {what} takes {longest:?}", case.name);
    }
}

/// Saved work of an earlier release.
pub fn of_an_earlier_release() -> String {
    made::of_an_earlier_release(120_000)
}

/// Lasts for one step.
fn short() -> Patience {
    Patience::new(Rc::new(|| false))
}

/// Goes on until nothing is left to do. Returns how many slices that took.
fn settle(playground: &mut Playground) -> usize {
    let mut slices = 0;
    while playground.is_working() {
        playground.update(Action::Tick { elapsed_ms: 16 });
        slices += 1;
        assert!(slices < 100_000, "it does not end");
    }
    slices
}

/// What stands in the terminal.
fn screen(playground: &Playground) -> String {
    playground.screen().pieces.iter().map(|(.., text)| &**text).collect()
}

#[test]
fn time_in_slices_of_a_step_leads_to_the_same() {
    let saved = made::applied(&made::set("web", 4, "minReadySeconds: 3"), 90_000);
    let whole = Playground::restore(&saved).expect("it opens");
    let mut opening = Opening::of_saved(&saved).expect("it opens");
    let (mut slices, mut before) = (0, 0);
    loop {
        let progress = opening.go_on(&short());
        assert!(progress.done >= before && progress.done <= progress.of, "{progress:?}");
        (before, slices) = (progress.done, slices + 1);
        if progress.is_done() {
            break;
        }
    }
    assert!(slices > 50, "{slices} slices are no slices");
    let mut sliced = opening.finish().unwrap();
    assert_eq!(sliced.save(), whole.save());
    assert_eq!(sliced.with_cluster(projection::lines), whole.with_cluster(projection::lines));
    assert_eq!(format!("{:?}", sliced.timeline()), format!("{:?}", whole.timeline()));

    sliced.set_patience(short());
    let mut whole = whole;
    for action in [
        Action::SeekStart,
        Action::Seek(45_000),
        Action::StepForward,
        Action::StepForward,
        Action::StepBack,
        Action::Command(
            "for i in 1 2 3; do kubectl get pods; done; kubectl delete pod web-1".into(),
        ),
        Action::Undo,
        Action::Redo,
    ] {
        let what = format!("{action:?}");
        whole.update(action.clone());
        sliced.update(action);
        let is_command = what.starts_with("Command");
        // Both get the same frames.
        while whole.screen().is_busy {
            whole.update(Action::Tick { elapsed_ms: 16 });
        }
        settle(&mut sliced);
        while is_command && sliced.screen().is_busy {
            sliced.update(Action::Tick { elapsed_ms: 16 });
        }
        settle(&mut sliced);
        sliced.update(Action::Pause);
        whole.update(Action::Pause);
        let ends = (sliced.playhead(), whole.playhead());
        assert!(is_command || ends.0 == ends.1, "{what}: {ends:?}");
        assert_eq!(screen(&sliced), screen(&whole), "{what}");
        if is_command {
            whole.update(Action::Seek(40_000));
            sliced.update(Action::Seek(40_000));
            settle(&mut sliced);
        }
        assert_eq!(
            sliced.with_cluster(projection::lines),
            whole.with_cluster(projection::lines),
            "{what}"
        );
    }
}

#[test]
fn what_is_done_while_a_session_is_played_again_waits_for_its_end() {
    let mut playground =
        Playground::restore(&made::applied(&made::set("web", 3, ""), 60_000)).expect("it opens");
    playground.update(Action::Command("kubectl delete pod web-2 --wait=false".into()));
    playground.set_patience(short());
    playground.update(Action::Undo);
    assert!(playground.is_working() && playground.playhead() < 60_000);
    let progress = playground.progress().expect("it goes on");
    assert_eq!((progress.is_done(), progress.of), (false, 60_000));
    playground.update(Action::Command("kubectl scale sts web --replicas=1".into()));
    assert!(!screen(&playground).contains("scaled"));
    settle(&mut playground);
    assert!(screen(&playground).contains("statefulset.apps/web scaled"));
    let saved: serde_json::Value = serde_json::from_str(&playground.save()).expect("JSON");
    let inputs = saved["session"]["inputs"].as_array().expect("inputs");
    assert_eq!(inputs.last().map(|input| &input["at"]), Some(&json!(60_000)));
}

#[test]
fn what_is_done_at_the_first_instant_is_played_in_slices() {
    let saved = made::saved(|tree| {
        let keep = json!({"at": 0, "input": {"keepDnsAnswers": {"on": true}}});
        let inputs = tree["session"]["inputs"].as_array_mut().expect("inputs");
        inputs.extend(std::iter::repeat_n(keep, 1_000));
        tree["playhead"] = 0.into();
        tree["horizon"] = 0.into();
    });
    let mut opening = Opening::of_saved(&saved).expect("it opens");
    while !opening.is_read() {
        opening.go_on(&short());
    }
    let mut slices = 0;
    while !opening.go_on(&short()).is_done() {
        slices += 1;
    }
    assert!(slices > 100, "{slices} slices are no slices");
    let opened = opening.finish().expect("it is played").save();
    assert_eq!(opened, Playground::restore(&saved).expect("it opens").save());
}

#[test]
fn what_takes_long_can_be_stopped() {
    let saved = made::crashing(made::YEAR_MS);
    let mut opening = Opening::of_saved(&saved).expect("it opens");
    for _ in 0..50 {
        assert!(!opening.go_on(&short()).is_done());
    }
    let mut playground = opening.as_far_as_played().unwrap();
    assert!(!playground.is_working() && playground.playhead() < made::YEAR_MS);
    playground.set_patience(short());
    playground.update(Action::Command("while true; do kubectl get pods; done".into()));
    assert!(playground.screen().is_busy);
    let at = playground.playhead();
    playground.update(Action::Tick { elapsed_ms: 100 });
    assert_eq!(playground.playhead(), at, "a command that computes takes no simulated time");
    playground.update(Action::Interrupt);
    assert!(!playground.screen().is_busy && !playground.is_working());
    playground.update(Action::Command("echo still here".into()));
    assert!(screen(&playground).ends_with("still here\n"), "{}", screen(&playground));
}

#[test]
fn escape_stops_only_what_takes_long() {
    let mut playground = Playground::new();
    playground.update(Action::Command("sleep 60".into()));
    playground.update(Action::Stop);
    assert!(playground.screen().is_busy, "a command that waits for time goes on");
    playground.update(Action::Interrupt);

    playground.set_patience(short());
    for line in ["while true; do kubectl get pods; done", "seq 1 9000 | sed 's/1/2/g' | sort"] {
        playground.update(Action::Command(line.into()));
        assert!(playground.screen().is_busy, "{line}");
        playground.update(Action::Stop);
        assert!(!playground.screen().is_busy && !playground.is_working(), "{line}");
    }
    playground.set_patience(Patience::endless());
    let saved = made::applied(&made::set("web", 4, ""), 60_000);
    let mut playground = Playground::restore(&saved).expect("it opens");
    playground.update(Action::Command("kubectl delete pod web-2 --wait=false".into()));
    playground.set_patience(short());
    playground.update(Action::Undo);
    assert!(playground.is_working());
    playground.update(Action::Stop);
    assert!(!playground.is_working() && playground.playhead() < 60_000);
}

#[test]
fn a_history_that_is_full_says_so() {
    let input = TimedInput::new(0, Input::KeepDnsAnswers { on: true });
    let inputs = std::iter::repeat_n(input, MAX_STEPS).collect();
    let session = Session { inputs, ..Session::default() };
    let mut replay = Replay::new(session);
    replay.ahead().advance_to(0);
    replay.seek(MAX_STEPS);
    assert!(replay.history().is_full());
    let outcome = Live::new(&mut replay, 0, "").submit(Input::KeepDnsAnswers { on: false });
    let refusal = outcome.refusal().expect("a refusal").kubectl();
    assert!(refusal.contains("at most 400000 steps"), "{refusal}");
    assert_eq!(replay.history().session().inputs.len(), MAX_STEPS);
}

/// What the terminal says to a line over the first example.
fn said(line: &str) -> String {
    let mut playground = Playground::new();
    playground.update(Action::ClearScreen);
    playground.update(Action::Command(line.into()));
    screen(&playground)
}

#[test]
fn every_kind_has_a_limit_of_replicas_and_says_whose_it_is() {
    let own = "the playground simulates at most 5000 replicas of one workload";
    let files = [
        made::set("big", 20_000, ""),
        made::deployment("Deployment", 2_000_000_000),
        made::deployment("ReplicaSet", 20_000),
        made::controller(20_000),
        made::job(5_001),
    ];
    for text in files {
        let text = text.split("---\n").last().unwrap_or_default().replace('\'', "");
        let text: String = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .fold(String::new(), |all, line| format!("{all}{line}\n"));
        let said = said(&format!("kubectl apply -f - <<EOF\n{text}EOF"));
        assert!(
            said.contains(own) && said.contains("Kubernetes itself has no such limit"),
            "{said}"
        );
    }
    for line in [
        "kubectl create deployment a --image=nginx --replicas=20000",
        "kubectl scale sts web --replicas=2000000000",
        "kubectl patch sts web -p '{\"spec\":{\"replicas\":5001}}'",
    ] {
        let said = said(line);
        assert!(said.contains(own), "{line}: {said}");
    }
    assert!(said("kubectl scale sts web --replicas=5000").contains("statefulset.apps/web scaled"));
}

#[test]
fn times_beyond_any_session_are_refused_where_they_come_in() {
    for (field, value) in [
        ("/playhead", json!(u64::MAX)),
        ("/horizon", json!(u64::MAX)),
        ("/session/inputs/0/at", json!(u64::MAX)),
        ("/session/config/pauses", json!(vec![json!({"at": 1, "ms": 1}); 101])),
    ] {
        let saved = made::saved(|tree| {
            tree["session"]["config"]["pauses"] = json!([]);
            *tree.pointer_mut(field).expect("a field") = value;
        });
        let error = Playground::restore(&saved).err().expect(field).to_string();
        let is_said = ["damaged", "no cluster takes"].iter().any(|it| error.contains(it));
        assert!(is_said, "{error}");
    }
}

#[test]
fn what_prints_too_much_says_so() {
    let columns = format!("kubectl get pods -A -o custom-columns={}A:..*", "A:..*,".repeat(1_000));
    let path = format!("kubectl get pods -A -o jsonpath='{}'", "{..*}".repeat(1_000));
    let stops = "error: the playground stops a path that leads to more than 500000 values";
    for line in [columns, path] {
        let said = said(&line);
        let last = said.lines().last().unwrap_or_default();
        assert!(last.starts_with(stops), "{last}");
    }
    let mut playground = Playground::new();
    let many = "kubectl create deployment a --image=nginx --replicas=2000";
    playground.update(Action::Command(many.into()));
    playground.update(Action::Tick { elapsed_ms: 100 });
    playground.update(Action::ClearScreen);
    playground.update(Action::Command("kubectl get pods -o yaml | wc -l".into()));
    let said = screen(&playground);
    assert!(said.contains("error: the objects come to more than 4 MiB"), "{said}");
}

/// A playground with a file beside the terminal.
fn with_file(name: &str, text: &str) -> Playground {
    let saved = made::saved(|tree| {
        tree["terminal"] = json!({"files": {format!("/home/user/{name}"): text}});
    });
    Playground::restore(&saved).expect("it opens")
}

#[test]
fn what_is_done_to_many_objects_is_done_in_slices() {
    let count = 40;
    let mut whole = with_file("maps.yaml", &made::maps(count));
    let mut sliced = whole.clone();
    sliced.set_patience(short());
    for (line, least) in [
        ("kubectl create -f maps.yaml", 2 * count),
        ("kubectl apply -f maps.yaml", 2 * count),
        ("kubectl replace -f maps.yaml | tail -1", 2 * count),
        ("kubectl apply --server-side --force-conflicts -f maps.yaml", 2 * count),
        ("kubectl diff -f maps.yaml; echo $?", 2 * count),
        ("kubectl label cm --all a=b", count),
        ("kubectl annotate -f maps.yaml a=b", 2 * count),
        ("kubectl patch -f maps.yaml -p '{\"data\":{\"c\":\"d\"}}'", 2 * count),
        // What is put into a line cannot be waited for.
        ("echo $(kubectl apply -f maps.yaml) | wc -w", 0),
        ("kubectl get cm -o jsonpath='{.items[*].metadata.labels}{.items[*].data}'", 0),
        ("kubectl delete -f maps.yaml", 2 * count),
        ("kubectl apply -f maps.yaml -f none.yaml", 0),
        ("kubectl get cm", 0),
    ] {
        whole.update(Action::Command(line.into()));
        sliced.update(Action::Command(line.into()));
        let slices = settle(&mut sliced);
        assert!(slices >= least, "{line}: {slices} slices are no slices");
        assert_eq!(screen(&sliced), screen(&whole), "{line}");
    }
}

#[test]
fn what_is_done_to_many_objects_can_be_stopped() {
    let mut playground = with_file("maps.yaml", &made::maps(40));
    playground.set_patience(short());
    playground.update(Action::Command("kubectl apply -f maps.yaml".into()));
    (0..100).for_each(|_| drop(playground.update(Action::Tick { elapsed_ms: 16 })));
    playground.update(Action::Interrupt);
    assert!(!playground.screen().is_busy && !playground.is_working());
    let created = screen(&playground).matches(" created\n").count();
    assert!((1..40).contains(&created), "{created} are created");
    playground.update(Action::Command("kubectl get cm --no-headers | grep -c ^m".into()));
    settle(&mut playground);
    assert!(screen(&playground).ends_with(&format!("\n{created}\n")), "{}", screen(&playground));
}

#[test]
fn a_long_text_is_read_in_slices_and_stands_there_at_once() {
    let text =
        format!("{}---\n{}# {}\n", made::set("web", 2, ""), made::maps(90), "-".repeat(4_000));
    let broken = text.replace("m89", "m-89-");
    let mut whole = Playground::new();
    let mut sliced = whole.clone();
    sliced.set_patience(short());
    for text in [&broken, &text] {
        whole.update(Action::EditText(text.clone()));
        sliced.update(Action::EditText(text.clone()));
        assert!(sliced.is_working(), "it is not read at once");
        assert_eq!(&*sliced.manifest().text, text);
        assert_eq!(serde_json::from_str::<Value>(&sliced.save()).unwrap()["text"], json!(text));
        sliced.update(Action::Interrupt);
        assert!(sliced.is_working(), "what is typed is read whatever is stopped");
        // Nothing is foretold of a text that is half read.
        let foretold = |playground: &Playground| format!("{:?}", playground.forecast());
        assert_eq!(foretold(&sliced), foretold(&whole));
        let copy = sliced.clone();
        assert!(settle(&mut sliced) > 20);
        let told = |playground: &Playground| {
            let manifest = playground.manifest();
            (format!("{manifest:?}"), Rc::clone(playground.changed_lines()))
        };
        assert_eq!(told(&sliced), told(&whole));
        // A copy reads what another has read.
        let mut copy = copy;
        settle(&mut copy);
        assert_eq!(told(&copy), told(&whole));
    }
    // What needs the text reads it to the end; what is typed meanwhile takes its place.
    whole.update(Action::EditText(broken.clone()));
    sliced.update(Action::EditText(text.replace("m1", "n1")));
    sliced.update(Action::EditText(broken));
    for playground in [&mut whole, &mut sliced] {
        playground.update(Action::Apply);
    }
    settle(&mut sliced);
    assert_eq!(sliced.notice().map(|it| &it.lines), whole.notice().map(|it| &it.lines));
    assert_eq!(sliced.with_cluster(projection::lines), whole.with_cluster(projection::lines));
}

#[test]
fn a_text_of_more_than_can_be_read_says_so() {
    let mut playground = with_file("keys.yaml", &made::keys(24_000));
    let most = "this playground reads at most 20000 keys and values of a text";
    playground.update(Action::Command("kubectl apply -f keys.yaml".into()));
    assert!(screen(&playground).contains(most), "{}", screen(&playground));
    let several = format!("{0}{0}{0}", made::keys(8_000));
    for text in [made::keys(24_000), several, format!("{{\"a\": [{}1]}}", "1,".repeat(24_000))] {
        playground.update(Action::EditText(text));
        let told: Vec<_> = playground.manifest().diagnostics.iter().collect();
        assert!(told.iter().any(|each| each.message.contains(most)), "{told:?}");
    }
    // Neither can such an object be made in another way.
    let keys: Vec<String> = (0..12_000).map(|at| format!("\"k{at}\":\"v\"")).collect();
    let patch = format!("{{\"data\":{{{}}}}}", keys.join(","));
    let mut playground = with_file("patch.json", &patch);
    playground.update(Action::Command(
        "kubectl create cm a; kubectl patch cm a --patch-file=patch.json".into(),
    ));
    let said = screen(&playground);
    let wanted = "Error from server (Forbidden): configmaps \"a\" is forbidden: the playground holds \
                  objects of at most 12000 values";
    assert!(said.contains(wanted), "{said}");
}
