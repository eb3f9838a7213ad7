//! What a person takes away or sends: links, workspaces, the report, the script.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use statefulset_playground::client::Deed;
use statefulset_playground::manifest::Manifest;
use statefulset_playground::manifest::form::FormField;
use statefulset_playground::playground::share::{self, LinkError};
use statefulset_playground::playground::workspaces::{self, ImportError, Workspace};
use statefulset_playground::playground::{Action, Playground, RestoreError, Take, Taken};

/// Links of every format that was ever written, with the set, the instant and the pods they show.
const LINKS: &str = include_str!("fixtures/links.txt");

fn run(playground: &mut Playground, simulated_ms: u64) {
    let until = playground.playhead() + simulated_ms;
    playground.update(Action::SetSkipWaits(false));
    playground.update(Action::Play);
    while playground.playhead() < until {
        playground.update(Action::Tick { elapsed_ms: 50 });
    }
    playground.update(Action::Pause);
}

fn used() -> Playground {
    let mut playground = Playground::new();
    run(&mut playground, 60_000);
    playground.update(Action::Submit(Deed::DeletePod {
        namespace: "default".into(),
        name: "web-1".into(),
        grace_period_seconds: None,
    }));
    run(&mut playground, 20_000);
    playground.update(Action::SetField(FormField::Replicas, Some("2".into())));
    run(&mut playground, 7_300);
    playground
}

#[test]
fn a_link_shows_the_same_at_the_same_instant() {
    let playground = used();
    let link = playground.share();
    println!("a link of {} characters", link.len());
    assert!(link.len() < share::LONG, "{}", link.len());
    assert!(link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"=._-".contains(&byte)));
    for fragment in [link.clone(), format!("#{link}")] {
        let opened = Playground::shared(&fragment).unwrap().unwrap();
        assert_eq!(opened.playhead(), playground.playhead());
        assert_eq!(opened.manifest().text, playground.manifest().text);
        assert_eq!(opened.kubernetes(), playground.kubernetes());
        assert_eq!(opened.scene().pods, playground.scene().pods);
        assert_eq!(opened.scene().events, playground.scene().events);
        assert_eq!(opened.save(), playground.save());
    }
}

#[test]
fn a_link_says_that_a_secret_is_in_it() {
    let secret = |playground: &Playground| match playground.take(Take::Link) {
        Taken::Fragment { has_secret, .. } => has_secret,
        Taken::File { .. } => panic!("a file"),
    };
    let enter = |line: &str| {
        let mut playground = Playground::new();
        playground.update(Action::Command(line.into()));
        playground
    };
    assert!(!secret(&enter("kubectl create configmap a --from-literal=a=b")));
    assert!(secret(&enter("kubectl create secret generic a --from-literal=a=b")));
    let mut typed = Playground::new();
    typed.update(Action::SetAutoApply(false));
    typed.update(Action::EditText("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n".into()));
    assert!(secret(&typed));
    let goal = typed.offered_goals().remove(0).1;
    assert!(typed.lesson_of_session("x", "x", "x", goal).has_secret());
    // What Helm keeps of a release is one that nobody has written.
    let mut lab = Playground::new();
    let (id, text) = ("minikube-lab", include_str!("../static/examples/minikube-lab.yaml"));
    lab.update(Action::OpenExample { id: id.into(), text: text.into() });
    assert!(!secret(&lab));
}

#[test]
fn a_link_holds_nothing_of_the_person_and_gives_nothing_back() {
    let mut playground = Playground::new();
    for line in ["alias k=kubectl", "echo own > own.txt", "k get pods"] {
        playground.update(Action::Command(line.into()));
    }
    let own = playground.save();
    let held = share::saved_of(&playground.share()).unwrap().unwrap().whole().unwrap();
    assert!(!held.contains("\"terminal\"") && !held.contains("\"lesson\""), "{held}");
    // As it is, and as somebody has made it of all of it.
    for saved in [held, own.clone()] {
        let opened = Playground::shared(&share::fragment(&saved)).unwrap().unwrap();
        let again = opened.save();
        let told = ["alias k", "own.txt", "k get pods"].map(|word| again.contains(word));
        assert_eq!((told, opened.screen().entered.len()), ([false; 3], 0), "{again}");
        assert_eq!(opened.scene().pods, playground.scene().pods);
    }
    assert!(Playground::restore(&own).unwrap().save().contains("own.txt"));
}

#[test]
fn a_link_that_is_cut_off_changed_or_too_new_says_so() {
    let link = used().share();
    for end in 0..link.len() {
        if let Some(opened) = Playground::shared(&link[..end]) {
            assert!(opened.is_err(), "cut off at {end}");
        }
    }
    for at in (0..link.len()).step_by(7) {
        let mut changed = link.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        // Whatever it says, it does not panic.
        let _ = Playground::shared(&String::from_utf8(changed).unwrap());
    }
    let error = |fragment: &str| Playground::shared(fragment).unwrap().err().unwrap();
    assert_eq!(error("play=2.abc"), LinkError::TooNew(2));
    assert_eq!(error("play=1.!!"), LinkError::Damaged);
    assert_eq!(error("play="), LinkError::Damaged);
    let later = share::fragment(r#"{"format":99}"#);
    assert_eq!(error(&later), LinkError::Work(RestoreError::TooNew(99)));
    assert!(Playground::shared("").is_none() && Playground::shared("#pods").is_none());
}

#[test]
fn links_of_earlier_formats_still_open() {
    let links = LINKS.lines().filter(|line| !line.is_empty());
    for line in links {
        let [name, playhead, pods, link] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let opened = Playground::shared(link).unwrap().unwrap();
        assert_eq!(opened.manifest().stateful_set().unwrap().name(), name);
        assert_eq!(opened.playhead().to_string(), playhead);
        let found: Vec<_> = opened.scene().pods.iter().map(|pod| pod.name.clone()).collect();
        assert_eq!(found.join(","), pods);
    }
}

#[test]
fn workspaces_are_kept_in_one_file() {
    let all = vec![
        Workspace { name: "Lab 1".into(), saved: used().save() },
        Workspace { name: "ünïcode \"quoted\"".into(), saved: Playground::new().save() },
    ];
    let file = workspaces::export(&all);
    assert_eq!(workspaces::import(&file), Ok(all));
    assert_eq!(workspaces::import("{}"), Err(ImportError::Damaged));
    assert_eq!(workspaces::import(&file[..file.len() / 2]), Err(ImportError::Damaged));
    let later = file.replacen("\"format\":1", "\"format\":7", 1);
    assert_eq!(workspaces::import(&later), Err(ImportError::TooNew(7)));
    let taken = ["Lab".to_owned(), "Lab 2".to_owned()];
    assert_eq!(workspaces::free_name("  Lab ", &taken), "Lab 3");
    assert_eq!(workspaces::free_name("\n", &taken), "Untitled");
    assert_eq!(workspaces::name_of(&"x".repeat(500)).len(), workspaces::MAX_NAME);
}

#[test]
fn the_script_holds_every_command_and_manifest() {
    let playground = used();
    let script = playground.commands();
    assert!(script.starts_with("#!/bin/sh\n"));
    assert_eq!(script.matches("kubectl apply -f - <<'EOF'").count(), 2);
    assert!(script.contains("\nkubectl delete pod web-1\n"));
    assert!(script.contains("# 60."), "{script}");
    assert!(script.contains(&*playground.manifest().text), "the last manifest is the text itself");
    let documents =
        script.split("<<'EOF'\n").skip(1).map(|rest| rest.split("\nEOF\n").next().unwrap());
    for text in documents {
        let manifest = Manifest::parse(text);
        assert!(!manifest.has_errors() && manifest.documents.len() == 2, "{text}");
    }
}

#[test]
fn the_report_tells_what_was_done_and_shows_it() {
    let playground = used();
    let report = playground.report();
    for part in [
        "# StatefulSet web",
        "$ kubectl apply -f manifest.yaml\nservice/",
        "statefulset.apps/web created",
        "$ kubectl delete pod web-1\npod \"web-1\" deleted",
        "| web-0 | Running | 1/1 | 0 |",
        "SuccessfulCreate",
        "```yaml\n",
    ] {
        assert!(report.contains(part), "{part} is not in\n{report}");
    }
    let picture = report.split("data:image/svg+xml;base64,").nth(1).unwrap();
    let picture = picture.split(')').next().unwrap();
    let svg = String::from_utf8(STANDARD.decode(picture).unwrap()).unwrap();
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>"));
    for pod in ["web-0", "web-1", "web-2"] {
        assert!(svg.contains(&format!("<title>{pod} Ready</title>")), "{pod}");
    }
    assert_eq!(report, playground.report());
}
