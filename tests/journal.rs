//! Work that is kept as a journal of what changed: all entries in their order are the work.

use crate::draws::Draws;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::FormField;
use statefulset_playground::playground::journal::entry;
use statefulset_playground::playground::saved::Saved;
use statefulset_playground::playground::{Action, Playground};

/// Lines that are entered in the terminal.
const LINES: [&str; 14] = [
    "kubectl get pods",
    "kubectl scale sts web --replicas=2",
    "kubectl delete pod web-0 --wait=false",
    "echo one > notes.txt",
    "echo two >> notes.txt",
    "rm -f notes.txt",
    "alias k=kubectl",
    "unalias k",
    "cat <<END",
    "a line of a here-document",
    "END",
    "vi notes.txt",
    "kubectl edit sts web",
    "kubectl create configmap a --from-literal=b=c",
];

fn deed(draws: &mut Draws, page: &Playground) -> Action {
    let text = page.manifest().text.to_string();
    let lesson = include_str!("../static/lessons/claims-stay.yaml");
    match draws.below(16) {
        0..5 => {
            let mut typed = text;
            let at = draws.below(typed.len() + 1);
            let at = (0..=at).rev().find(|at| typed.is_char_boundary(*at)).unwrap_or(0);
            typed.insert_str(at, ["x", "é", " ", "\n", "# note\n"][draws.below(5)]);
            Action::EditText(typed)
        }
        5 => Action::EndTyping,
        6 => Action::SetField(FormField::Replicas, Some(draws.below(5).to_string())),
        7..11 => Action::Command(LINES[draws.below(LINES.len())].to_owned()),
        11 => Action::Seek(draws.below(60_000) as u64),
        12 => Action::Undo,
        13 => Action::CloseEditor((draws.below(2) == 0).then(|| "changed\n".into())),
        14 => match draws.below(4) {
            0 => Action::Restart,
            1 => Action::Redo,
            2 => Action::SetAutoApply(false),
            _ => Action::Interrupt,
        },
        _ => match draws.below(4) {
            0 => Action::OpenLesson { id: "claims-stay".into(), text: lesson.into() },
            _ => {
                let example = &EXAMPLES[draws.below(EXAMPLES.len())];
                Action::OpenExample { id: example.id.into(), text: example.text().into() }
            }
        },
    }
}

#[test]
fn the_entries_of_random_sessions_are_the_work() {
    let mut written = 0;
    for seed in 0..24 {
        let mut draws = Draws(seed);
        let mut page = Playground::new();
        let (mut before, mut told, mut entries) = (Saved::default(), Saved::default(), Vec::new());
        for _ in 0..60 {
            let action = deed(&mut draws, &page);
            page.update(action.clone());
            (0..draws.below(5)).for_each(|_| drop(page.update(Action::Tick { elapsed_ms: 90 })));
            let mut now = page.work();
            if draws.below(3) == 0 {
                now.drafts.insert("line".into(), "kubectl ".repeat(draws.below(9)));
            }
            if let Some(entry) = entry(&before, &now) {
                told.follow(&entry).unwrap_or_else(|| panic!("seed {seed}: {action:?}: {entry}"));
                entries.push(entry);
            }
            assert_eq!(told, now, "seed {seed}: {action:?}");
            assert_eq!(entry(&now, &now.clone()), None, "nothing has changed");
            before = now;
        }
        let mut read = Saved::default();
        entries.iter().for_each(|entry| read.follow(entry).expect("an entry of ours"));
        assert_eq!(read, before, "seed {seed}");
        assert_eq!(Saved::read(&serde_json::to_string(&before).unwrap()).as_ref(), Ok(&before));
        let resumed = Playground::resume(read).work();
        let same = Saved { drafts: before.drafts.clone(), typing: before.typing, ..resumed };
        if !before.typing {
            assert_eq!(same, before, "seed {seed}: opened again");
        }
        written += entries.len();
    }
    assert!(written > 24 * 30, "{written} entries");
}

#[test]
fn a_keystroke_is_a_short_entry() {
    let mut page = Playground::new();
    let mut before = page.work();
    let mut text = page.manifest().text.to_string();
    for _ in 0..20 {
        let at = text.find("nginx").expect("the example runs nginx");
        text.insert(at, 'x');
        page.update(Action::EditText(text.clone()));
        let now = page.work();
        let entry = entry(&before, &now).expect("something was typed");
        assert!(entry.len() < 300, "{entry}");
        before = now;
    }
}

#[test]
fn half_entered_lines_and_open_editors_are_there_again() {
    let mut page = Playground::new();
    let reopened = |page: &Playground| Playground::resume(page.work());
    for line in ["cat <<END > file", "first"] {
        page.update(Action::Command(line.into()));
    }
    let mut again = reopened(&page);
    assert_eq!(&*again.screen().prompt, "> ");
    for line in ["second", "END", "cat file"] {
        again.update(Action::Command(line.into()));
    }
    let printed: String = again.screen().pieces.iter().map(|(.., text)| text.to_string()).collect();
    assert!(printed.ends_with("first\nsecond\n"), "{printed}");

    for line in ["vi file", "kubectl edit sts web"] {
        again.update(Action::Command(line.into()));
        let shown = again.screen().edited.clone().expect("the editor is open");
        let after = reopened(&again);
        let (now, then) = (after.work(), again.work());
        assert_eq!(after.screen().edited.as_deref(), Some(&*shown), "{line}");
        assert_eq!((now.terminal, now.session), (then.terminal, then.session));
        again.update(Action::CloseEditor(None));
    }
}

#[test]
fn what_is_no_entry_is_refused() {
    let wrong = [
        "nothing",
        r#"{"text":[[5,1,"x"]]}"#,
        r#"{"text":[[0,0,7]]}"#,
        r#"{"inputs":[0,[{}]]}"#,
        r#"{"inputs":[0,[{"at":1,"like":[0,[]]}]]}"#,
        r#"{"head":{}}"#,
        r#"{"config":{"nodes":0}}"#,
        r#"{"lesson":[[0,0,"{"]]}"#,
        r#"{"terminal":{"history":[0,[1]]}}"#,
    ];
    for entry in wrong {
        assert_eq!(Saved::default().follow(entry), None, "{entry}");
    }
}
