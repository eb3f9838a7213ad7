//! What a person does on the page, done to the application without a page.

use statefulset_playground::api::{Gate, Kubernetes, Version};
use statefulset_playground::cluster::Input;
use statefulset_playground::cluster::template::ProbeKind;
use statefulset_playground::manifest::form::{self, FormField, ProbeField};
use statefulset_playground::playground::browser::Page;
use statefulset_playground::playground::{Action, Playground, Remedy, Tone};
use statefulset_playground::scene::{PodRow, Scene};

/// Lets so much simulated time pass, as frames do.
fn run(playground: &mut Playground, simulated_ms: u64) {
    let until = playground.playhead() + simulated_ms;
    playground.update(Action::SetSkipWaits(false));
    playground.update(Action::SetSpeed(64));
    playground.update(Action::Play);
    while playground.playhead() < until {
        playground.update(Action::Tick { elapsed_ms: 16 });
    }
    playground.update(Action::Pause);
}

fn pod<'a>(scene: &'a Scene, name: &str) -> Option<&'a PodRow> {
    scene.pods.iter().find(|pod| pod.name == name)
}

fn names(scene: &Scene) -> Vec<&str> {
    scene.pods.iter().map(|pod| pod.name.as_str()).collect()
}

fn set(playground: &mut Playground, field: FormField, value: &str) {
    playground.update(Action::SetField(field, Some(value.into())));
}

#[test]
fn time_comes_to_rest_though_claims_that_wait_in_vain_are_looked_at_again() {
    let claims: String = (0..5)
        .map(|index| {
            format!(
                "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: c-{index}}}\n\
                 spec:\n  accessModes: [ReadWriteOnce]\n  storageClassName: \"\"\n  \
                 resources: {{requests: {{storage: 1Gi}}}}\n"
            )
        })
        .collect();
    let mut playground = Playground::new();
    playground.update(Action::EditText(claims));
    playground.update(Action::Apply);
    playground.update(Action::Play);
    for _ in 0..5_000 {
        playground.update(Action::Tick { elapsed_ms: 16 });
    }
    assert!(playground.is_idle(), "at {}", playground.playhead());
    let scene = playground.scene();
    let event = scene.events.iter().find(|event| event.object.ends_with("/c-0")).unwrap();
    let message = "no persistent volumes available for this claim and no storage class is set";
    assert_eq!((&*event.reason, &*event.message), ("FailedBinding", message));
}

#[test]
fn drawn_times_differ_from_calm_ones_and_are_kept() {
    let ready_at = |playground: &mut Playground| {
        playground.update(Action::SetSkipWaits(false));
        playground.update(Action::SetSpeed(64));
        playground.update(Action::Play);
        while playground.playhead() < 60_000 {
            playground.update(Action::Tick { elapsed_ms: 16 });
        }
        let scene = playground.scene();
        scene.pods.iter().map(|pod| pod.ready_at).collect::<Vec<_>>()
    };
    let mut playground = Playground::new();
    // Rounds of a second let the times of its kubelet vary.
    playground.update(Action::SetKubernetes(Kubernetes::new(Version::V1_34)));
    let calm = ready_at(&mut playground);
    playground.update(Action::SetCalmTiming(false));
    let drawn = ready_at(&mut playground);
    assert!(drawn.iter().all(Option::is_some), "{drawn:?}");
    assert_ne!(calm, drawn);
    let mut restored = Playground::restore(&playground.save()).unwrap();
    assert!(!restored.has_calm_timing());
    assert_eq!(ready_at(&mut restored), drawn);
    playground.update(Action::SetCalmTiming(true));
    assert_eq!(ready_at(&mut playground), calm);
}

#[test]
fn ordered_ready_creates_each_pod_only_after_the_one_before_is_ready() {
    let mut playground = Playground::new();
    run(&mut playground, 60_000);
    let scene = playground.scene();
    assert_eq!(names(&scene), ["web-0", "web-1", "web-2"]);
    for pair in ["web-0", "web-1", "web-2"].windows(2) {
        let before = pod(&scene, pair[0]).and_then(|pod| pod.ready_at).expect("ready");
        let next = pod(&scene, pair[1]).expect("created").created_at;
        assert!(next >= before, "{} came at {next}, {} was ready at {before}", pair[1], pair[0]);
    }
    assert!(!scene.why.waiting, "{:?}", scene.why);
    assert_eq!(scene.claims.len(), 3);
    assert!(scene.claims.iter().all(|claim| claim.status == "Bound"));
    let name = "web-0.nginx.default.svc.cluster.local";
    assert!(scene.records.iter().any(|record| record.name == name), "{:?}", scene.records);
}

#[test]
fn parallel_creates_all_pods_at_the_same_instant() {
    let mut playground = Playground::new();
    run(&mut playground, 5_000);
    set(&mut playground, FormField::PodManagementPolicy, "Parallel");
    let notice = playground.notice().expect("refused").clone();
    assert_eq!(notice.tone, Tone::Refused);
    assert!(notice.remedies.contains(&Remedy::Restart), "{notice:?}");
    let told = "The StatefulSet \"web\" is invalid: spec: Forbidden";
    assert!(notice.lines.iter().any(|line| line.starts_with(told)), "{:?}", notice.lines);
    playground.update(Action::Restart);
    run(&mut playground, 20_000);
    let scene = playground.scene();
    let created: Vec<_> = scene.pods.iter().map(|pod| pod.created_at).collect();
    assert_eq!(created.len(), 3);
    assert!(created.iter().all(|at| *at == created[0]), "{created:?}");
    assert!(scene.slots.iter().all(|slot| slot.gate.is_none()));
}

#[test]
fn scaling_down_removes_the_highest_ordinal_first_and_keeps_the_claims() {
    let mut playground = Playground::new();
    run(&mut playground, 60_000);
    set(&mut playground, FormField::Replicas, "5");
    run(&mut playground, 60_000);
    assert_eq!(playground.scene().pods.len(), 5);
    set(&mut playground, FormField::Replicas, "2");
    let mut order = vec![names(&playground.scene()).len()];
    for _ in 0..600 {
        run(&mut playground, 100);
        let scene = playground.scene();
        let now = names(&scene);
        assert!(now.contains(&"web-0") && now.contains(&"web-1"));
        assert!(now.contains(&"web-2") || !now.contains(&"web-3"));
        assert!(now.contains(&"web-3") || !now.contains(&"web-4"));
        if order.last() != Some(&now.len()) {
            order.push(now.len());
        }
    }
    assert_eq!(order, [5, 4, 3, 2]);
    assert_eq!(playground.scene().claims.len(), 5);
}

#[test]
fn the_size_of_a_claim_template_cannot_change() {
    let mut playground = Playground::new();
    let before = playground.manifest().text.to_string();
    run(&mut playground, 5_000);
    set(&mut playground, FormField::StorageSize, "5Gi");
    let after = playground.manifest().text.to_string();
    let changed = before.lines().zip(after.lines()).filter(|(a, b)| a != b).count();
    assert_eq!((changed, before.lines().count()), (1, after.lines().count()));
    let notice = playground.notice().expect("refused");
    let told = "The StatefulSet \"web\" is invalid: spec: Forbidden: updates to statefulset spec for \
                fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', \
                'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and \
                'minReadySeconds' are forbidden";
    assert!(notice.lines.iter().any(|line| line == told), "{:?}", notice.lines);
    playground.update(Action::RecreateOrphaned);
    assert_eq!(playground.notice().map(|notice| notice.tone), Some(Tone::Done));
    run(&mut playground, 5_000);
    assert!(playground.scene().set.is_some());
}

#[test]
fn a_failing_readiness_probe_holds_the_next_pod_and_why_names_it() {
    let mut playground = Playground::new();
    playground.update(Action::SetAutoApply(false));
    let enabled = |field| FormField::Probe(form::ProbeKind::Readiness, field);
    set(&mut playground, enabled(ProbeField::Enabled), "true");
    set(&mut playground, FormField::Replicas, "2");
    playground.update(Action::Restart);
    run(&mut playground, 60_000);
    let container = playground.scene().slots[0].pod.as_ref().expect("pod").containers[0].clone();
    let fault = |failing| Input::SetEndpoint {
        namespace: "default".into(),
        pod: "web-1".into(),
        container: container.clone(),
        probe: ProbeKind::Readiness,
        failing,
    };
    playground.update(Action::Submit(fault(true).into()));
    run(&mut playground, 60_000);
    set(&mut playground, FormField::Replicas, "3");
    playground.update(Action::Apply);
    run(&mut playground, 30_000);
    let scene = playground.scene();
    assert_eq!(names(&scene), ["web-0", "web-1"]);
    assert_eq!(scene.why.headline, "web-2 is not created yet");
    assert_eq!(scene.why.blocking, "web-1");
    assert!(scene.why.detail.contains("readiness probe fails"), "{}", scene.why.detail);
    playground.update(Action::Submit(fault(false).into()));
    run(&mut playground, 60_000);
    assert_eq!(names(&playground.scene()), ["web-0", "web-1", "web-2"]);
}

#[test]
fn seeking_back_shows_the_earlier_state_and_forward_again_the_same_later_one() {
    let mut playground = Playground::new();
    run(&mut playground, 60_000);
    let end = playground.playhead();
    let later = playground.scene();
    playground.update(Action::Seek(0));
    assert!(playground.scene().pods.len() <= 1);
    playground.update(Action::Seek(end));
    assert_eq!(*playground.scene(), *later);
    playground.update(Action::StepBack);
    assert!(playground.playhead() < end);
}

#[test]
fn work_survives_a_reload_and_damage_is_told() {
    let mut playground = Playground::new();
    run(&mut playground, 30_000);
    set(&mut playground, FormField::Replicas, "4");
    run(&mut playground, 30_000);
    let saved = playground.save();
    let restored = Playground::restore(&saved).expect("saved work");
    assert_eq!(*restored.scene(), *playground.scene());
    assert_eq!(restored.manifest().text, playground.manifest().text);
    assert!(Playground::restore("{").is_err());
    assert!(Playground::restore(&saved[..saved.len() / 2]).is_err());
    assert!(Playground::restore(&saved.replace("\"format\":2", "\"format\":9")).is_err());
}

#[test]
fn undo_takes_back_the_last_input() {
    let mut playground = Playground::new();
    run(&mut playground, 60_000);
    let before = playground.manifest().text.clone();
    set(&mut playground, FormField::Replicas, "1");
    run(&mut playground, 20_000);
    assert_eq!(playground.scene().pods.len(), 1);
    playground.update(Action::Undo);
    assert_eq!(playground.manifest().text, before);
    assert!(playground.is_applied());
    assert_eq!(playground.scene().pods.len(), 3);
}

#[test]
fn bad_input_keeps_the_simulation_and_what_was_typed() {
    let mut playground = Playground::new();
    run(&mut playground, 10_000);
    let pods = playground.scene().pods.len();
    let huge = "a: b\n".repeat(200_000);
    for text in ["", "---\n", "{", "replicas: [", huge.as_str(), "kind: StatefulSet"] {
        playground.update(Action::EditText(text.into()));
        assert_eq!(&*playground.manifest().text, text);
        assert!(playground.manifest().has_errors(), "{:.40}", text);
        assert_eq!(playground.scene().pods.len(), pods);
    }
}

#[test]
fn absurd_values_get_one_message_at_their_line() {
    for (field, value) in [(FormField::Replicas, "1000000"), (FormField::StorageSize, "abc")] {
        let mut playground = Playground::new();
        set(&mut playground, field, value);
        assert_eq!(playground.field(field).as_deref(), Some(value));
        let problems = &playground.manifest().diagnostics;
        assert_eq!(problems.len(), 1, "{problems:?}");
        let line = playground.manifest().text.lines().nth(problems[0].line as usize - 1);
        assert!(line.is_some_and(|line| line.contains(value)), "{line:?}");
        run(&mut playground, 1_000);
    }
}

#[test]
fn another_version_starts_over_and_says_what_that_version_says() {
    let mut playground = Playground::new();
    run(&mut playground, 60_000);
    for version in Version::ALL {
        playground.update(Action::SetKubernetes(Kubernetes::new(version)));
        assert_eq!((playground.kubernetes().version, playground.playhead()), (version, 0));
        run(&mut playground, 60_000);
        let scene = playground.scene();
        assert_eq!(names(&scene), ["web-0", "web-1", "web-2"]);
        let created = scene.events.iter().find(|event| event.reason == "SuccessfulCreate");
        let verb = if version == Version::V1_34 { "create Pod" } else { "Create" };
        assert!(created.unwrap().message.starts_with(verb), "{version:?}: {created:?}");
    }
}

#[test]
fn a_gate_decides_which_manifests_are_accepted_and_undo_brings_it_back() {
    let mut playground = Playground::new();
    let v1_37 = Kubernetes::new(Version::V1_37);
    playground.update(Action::SetKubernetes(v1_37));
    let recreate = playground
        .manifest()
        .text
        .replace("serviceName", "updateStrategy: {type: Recreate}\n  serviceName");
    playground.update(Action::EditText(recreate));
    assert!(playground.manifest().has_errors());
    let with_gate = v1_37.with(Gate::Recreate, true);
    playground.update(Action::SetKubernetes(with_gate));
    assert!(!playground.manifest().has_errors(), "{:?}", playground.manifest().diagnostics);
    assert!(playground.is_applied());
    playground.update(Action::Undo);
    assert_eq!(playground.kubernetes(), v1_37);
    assert!(playground.manifest().has_errors());
    let kept = Playground::restore(&playground.save()).unwrap();
    assert_eq!(kept.kubernetes(), v1_37);
}

#[test]
fn undo_covers_text_and_form_and_can_be_taken_back() {
    let mut playground = Playground::new();
    let first = playground.manifest().text.to_string();
    // Typed letter by letter, it is one thing to take back.
    for typed in ["w", "wo", "wor", "work"] {
        playground.update(Action::EditText(format!("# {typed}\n{first}")));
    }
    let typed = playground.manifest().text.to_string();
    set(&mut playground, FormField::Replicas, "5");
    let both = playground.manifest().text.to_string();
    playground.update(Action::Undo);
    assert_eq!(*playground.manifest().text, *typed);
    playground.update(Action::Undo);
    assert_eq!(*playground.manifest().text, *format!("# w\n{first}"));
    playground.update(Action::Undo);
    assert_eq!(*playground.manifest().text, *first);
    for wanted in [&format!("# w\n{first}"), &typed, &both] {
        assert!(playground.can_redo());
        playground.update(Action::Redo);
        assert_eq!(*playground.manifest().text, **wanted);
    }
    assert!(!playground.can_redo());
    playground.update(Action::Undo);
    playground.update(Action::EditText(format!("{typed}# other\n")));
    assert!(!playground.can_redo(), "what was taken back is gone once something else is done");
}

#[test]
fn a_pause_ends_what_undo_takes_back_and_a_repeated_character_does_not() {
    let mut playground = Playground::new();
    let first = playground.manifest().text.to_string();
    let mut write = |text: &str| {
        playground.update(Action::EditText(format!("{text}{first}")));
    };
    for typed in ["#", "##", "###", "####", "####x", "####xx"] {
        write(&format!("{typed}\n"));
    }
    playground.update(Action::EndTyping);
    playground.update(Action::EditText(format!("####xxx\n{first}")));
    playground.update(Action::Undo);
    assert_eq!(*playground.manifest().text, *format!("####xx\n{first}"));
    playground.update(Action::Undo);
    assert_eq!(*playground.manifest().text, *format!("#\n{first}"));
    playground.update(Action::Undo);
    assert_eq!(*playground.manifest().text, *first);
}

#[test]
fn a_comment_is_nothing_to_apply() {
    let mut playground = Playground::new();
    let before = playground.save();
    let inputs = |saved: &str| {
        let saved: serde_json::Value = serde_json::from_str(saved).unwrap();
        saved["session"]["inputs"].as_array().unwrap().len()
    };
    let text = playground.manifest().text.to_string();
    playground.update(Action::EditText(format!("# said\n{text}")));
    assert!(playground.is_applied());
    assert_eq!(inputs(&playground.save()), inputs(&before));
    let replicas = format!("# said\n{}", text.replace("replicas: 3", "replicas: 4"));
    playground.update(Action::EditText(replicas));
    assert!(playground.is_applied());
    assert_eq!(inputs(&playground.save()), inputs(&before) + 1);
}

#[test]
fn the_form_and_the_stage_follow_the_chosen_set() {
    let mut playground = Playground::new();
    let second = playground.manifest().text.replace("name: web", "name: other");
    let both = format!("{}---\n{second}", playground.manifest().text);
    playground.update(Action::EditText(both));
    let sets = playground.manifest().sets();
    assert_eq!(sets, ["web", "other"]);
    playground.update(Action::SelectSet(1));
    assert_eq!(playground.field(FormField::Name).as_deref(), Some("other"));
    assert_eq!(
        playground.scene().set.as_ref().map(|set| set.name.clone()).as_deref(),
        Some("other")
    );
    set(&mut playground, FormField::Replicas, "1");
    let replicas = |playground: &mut Playground, at: usize| {
        playground.update(Action::SelectSet(at));
        playground.field(FormField::Replicas).unwrap()
    };
    assert_eq!(replicas(&mut playground, 0), "3");
    assert_eq!(replicas(&mut playground, 1), "1");
    let kept = Playground::restore(&playground.save()).unwrap();
    assert_eq!(kept.field(FormField::Name).as_deref(), Some("other"));
}

fn enter(playground: &mut Playground, line: &str) -> String {
    let before = playground.screen().pieces.len();
    playground.update(Action::Command(line.into()));
    playground.screen().pieces[before..].iter().map(|(_, _, text)| text.to_string()).collect()
}

#[test]
fn the_terminal_remembers_over_a_reload_and_a_link_carries_nothing_of_it() {
    let mut playground = Playground::new();
    enter(&mut playground, "alias k=kubectl");
    enter(&mut playground, "mkdir notes; echo hello > notes/a.txt");
    let mut again = Playground::restore(&playground.save()).unwrap();
    assert_eq!(again.screen().entered.len(), 2, "{:?}", again.screen().entered);
    assert_eq!(enter(&mut again, "cat notes/a.txt"), "$ cat notes/a.txt\nhello\n");
    assert!(enter(&mut again, "k get sts").contains("READY"));
    let mut linked = Playground::shared(&playground.share()).unwrap().unwrap();
    assert!(linked.screen().entered.is_empty());
    assert!(enter(&mut linked, "k get sts").contains("k: command not found"));
}

#[test]
fn the_browser_reaches_a_service_as_long_as_its_tunnel_is_open() {
    let mut playground = Playground::new();
    let text = include_str!("../static/examples/web-app.yaml").to_owned();
    playground.update(Action::OpenExample { id: "web-app".into(), text });
    playground.update(Action::SetSpeed(64));
    for _ in 0..100 {
        playground.update(Action::Tick { elapsed_ms: 16 });
    }
    let told = enter(&mut playground, "minikube service web-app");
    assert!(told.contains("| default   | web-app |             | No node port |"), "{told}");
    let browser = playground.browser().expect("minikube opens the browser").clone();
    for _ in 0..11 {
        playground.update(Action::Browse(browser.url.to_string()));
    }
    let answers = playground.browser().unwrap().answers();
    let counts: Vec<usize> = answers.iter().map(|(_, count)| *count).collect();
    assert_eq!(counts.iter().sum::<usize>(), 12);
    assert_eq!(answers.len(), 2, "both pods answer: {answers:?}");
    playground.update(Action::Interrupt);
    for (number, count) in counts.iter().enumerate() {
        let read = enter(&mut playground, &format!("kubectl exec web-app-{number} -- cat visits"));
        assert!(read.ends_with(&format!("visits\n{count}\n")), "{read}");
    }
    playground.update(Action::Browse(browser.url.to_string()));
    let visit = playground.browser().unwrap().visits.last().unwrap().clone();
    assert_eq!(
        visit.page,
        Page::Failure("127.0.0.1 refused to connect.".into(), "ERR_CONNECTION_REFUSED")
    );
    enter(&mut playground, "kubectl port-forward web-app-1 8080:5000");
    playground.update(Action::Browse("localhost:8080".into()));
    let visit = playground.browser().unwrap().visits.last().unwrap().clone();
    assert_eq!(visit.pod.as_deref(), Some("web-app-1"));
}

#[test]
fn kubectl_edit_and_vi_open_the_editor_of_the_page() {
    let mut playground = Playground::new();
    run(&mut playground, 60_000);
    enter(&mut playground, "kubectl edit sts web");
    let shown = playground.screen().edited.clone().expect("an editor");
    assert!(shown.text.starts_with("# Please edit the object below."), "{}", shown.text);
    let refused = shown.text.replace("serviceName: nginx\n", "serviceName: other\n");
    assert_ne!(refused, shown.text);
    playground.update(Action::CloseEditor(Some(refused)));
    let again = playground.screen().edited.clone().expect("it is opened again");
    assert!(again.text.contains("# statefulsets.apps \"web\" was not valid:\n# * spec: Forbidden"));
    let accepted = shown.text.replace("replicas: 3", "replicas: 2");
    playground.update(Action::CloseEditor(Some(accepted)));
    assert!(playground.screen().edited.is_none());
    let text: String = playground.screen().pieces.iter().map(|(_, _, it)| it.to_string()).collect();
    assert!(text.ends_with("statefulset.apps/web edited\n"), "{text}");
    run(&mut playground, 60_000);
    assert_eq!(playground.scene().pods.len(), 2);
    enter(&mut playground, "vi notes.txt");
    playground.update(Action::CloseEditor(Some("hello\n".into())));
    assert!(enter(&mut playground, "cat notes.txt").ends_with("hello\n"));
    enter(&mut playground, "KUBE_EDITOR='sed -i s/x/y/' kubectl edit sts web");
    enter(&mut playground, "nano manifest.yaml");
    let text = playground.manifest().text.replace("replicas: 3", "replicas: 4");
    playground.update(Action::CloseEditor(Some(text.clone())));
    assert_eq!(&*playground.manifest().text, text, "the manifest is the file");
    enter(&mut playground, "kubectl edit sts web");
    playground.update(Action::Interrupt);
    assert!(playground.screen().edited.is_none());
}
