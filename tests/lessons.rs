//! Every lesson begins where it says, is solved by its solution, and is decided by the simulation.

use statefulset_playground::api::Resource;
use statefulset_playground::api::Version;
use statefulset_playground::cluster::objects;
use statefulset_playground::lesson::check::DOCS;
use statefulset_playground::lesson::{Guess, Lesson, LessonError, index};
use statefulset_playground::playground::share::{self, LessonLink};
use statefulset_playground::playground::{Action, Effect, LinkError, Playground, Tone};
use statefulset_playground::terminal::{busybox, helm, minikube};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The longest time from a solution to its goal, in simulated milliseconds.
const LONGEST: u64 = 15 * 60_000;

/// The folder of the lessons that the page serves.
fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("static/lessons")
}

/// Ids and texts of all lessons, in the order of their ids.
fn texts() -> Vec<(String, String)> {
    let only = std::env::var("LESSON").ok();
    let mut all: Vec<(String, String)> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path))
        .filter(|(id, _)| id != "index" && only.as_ref().is_none_or(|only| only == id))
        .map(|(id, path)| (id, fs::read_to_string(path).unwrap()))
        .collect();
    all.sort();
    all
}

fn lessons() -> Vec<(String, Lesson)> {
    let read = |(id, text): (String, String)| {
        let lesson = Lesson::read(&text).unwrap_or_else(|error| panic!("{id}: {error}"));
        (id, lesson)
    };
    texts().into_iter().map(read).collect()
}

/// Lets time pass until something is so, at most for so long.
fn pass(playground: &mut Playground, at_most: u64, is_so: impl Fn(&Playground) -> bool) -> bool {
    let end = playground.playhead() + at_most;
    playground.update(Action::SetSkipWaits(false));
    playground.update(Action::SetSpeed(8));
    playground.update(Action::Play);
    while !is_so(playground) {
        if playground.playhead() >= end {
            return false;
        }
        playground.update(Action::Tick { elapsed_ms: 100 });
    }
    true
}

fn done(playground: &Playground) -> usize {
    playground.lesson().unwrap().progress.done.len()
}

/// What the terminal shows, for messages.
fn shown(playground: &Playground) -> String {
    playground.screen().pieces.iter().map(|(.., text)| &**text).collect()
}

fn begun(id: &str, text: &str) -> Playground {
    let mut playground = Playground::new();
    playground.update(Action::OpenLesson { id: id.into(), text: text.into() });
    let told = playground.notice().map(|notice| notice.lines.join(" "));
    assert!(playground.lesson().is_some(), "{id}: {told:?}");
    playground
}

/// Solves all tasks, in their order.
fn solve(id: &str, playground: &mut Playground, tasks: usize) {
    for task in 0..tasks {
        assert_eq!(done(playground), task, "{id}: task {} is already done", task + 1);
        playground.update(Action::SolveTask);
        let told = playground.notice().map(|notice| notice.lines.join(" "));
        let reached = pass(playground, LONGEST, |it| done(it) > task);
        let screen = shown(playground);
        assert!(reached, "{id}: task {} is not reached\n{screen}\n{told:?}", task + 1);
    }
}

#[test]
fn every_solution_reaches_its_goals_in_order_and_one_answer_is_right() {
    let mut tasks = 0;
    let all = texts();
    for (id, text) in &all {
        let mut playground = begun(id, text);
        let lesson = Lesson::clone(&playground.lesson().unwrap().lesson);
        solve(id, &mut playground, lesson.tasks.len());
        tasks += lesson.tasks.len();
        let Some(prediction) = &lesson.prediction else { continue };
        let is_settled =
            |it: &Playground| matches!(it.lesson().unwrap().guess(), Some(Guess::Settled { .. }));
        assert!(pass(&mut playground, prediction.settle + 60_000, is_settled), "{id}");
    }
    println!("lessons={} tasks={tasks}", all.len());
}

#[test]
fn exactly_one_answer_holds_when_it_is_decided() {
    for (id, text) in &texts() {
        let mut playground = begun(id, text);
        let lesson = Lesson::clone(&playground.lesson().unwrap().lesson);
        let Some(prediction) = &lesson.prediction else { continue };
        solve(id, &mut playground, prediction.before + 1);
        let at = playground.lesson().unwrap().progress.done[prediction.before];
        let left = at + prediction.settle;
        pass(&mut playground, LONGEST, |it| it.playhead() >= left);
        let holds = prediction.options.iter().map(|option| playground.holds(&option.holds));
        let holds: Vec<bool> = holds.collect();
        assert_eq!(holds.iter().filter(|it| **it).count(), 1, "{id}: {holds:?}");
        let right = holds.iter().position(|it| *it);
        let guess = playground.lesson().unwrap().guess();
        assert_eq!(guess, Some(Guess::Settled { given: None, right }), "{id}");
    }
}

#[test]
fn every_lesson_is_well_written() {
    for (id, lesson) in lessons() {
        assert_eq!(lesson.complaints(), Vec::<String>::new(), "{id}");
        assert!(!lesson.links.is_empty(), "{id}");
        assert!(lesson.links.iter().all(|link| link.url.starts_with(DOCS)), "{id}");
        assert!(!lesson.notes.is_empty() && lesson.minutes > 0, "{id}");
    }
}

#[test]
fn the_index_lists_the_lessons() {
    let index = fs::read_to_string(folder().join("index.yaml")).unwrap();
    let mut listed: Vec<_> = index::read(&index).unwrap();
    listed.sort_by(|one, other| one.id.cmp(&other.id));
    let listed: Vec<_> = listed.into_iter().map(|it| (it.id, it.title, it.group)).collect();
    let all = lessons().into_iter().map(|(id, it)| (id, it.title, it.group));
    assert_eq!(listed, all.collect::<Vec<_>>());
}

#[test]
fn a_lesson_survives_being_written_and_read() {
    for (id, lesson) in lessons() {
        assert_eq!(Lesson::read(&lesson.to_text()), Ok(lesson), "{id}");
    }
}

/// The fields of every type of the API.
const FIELDS: &str = include_str!("../src/api/schema/fields.txt");

/// The verbs of kubectl and their flags.
const VERBS: &str = include_str!("../src/terminal/kubectl/verbs.txt");

fn is_field(word: &str) -> bool {
    let mut fields = FIELDS.split_whitespace().filter_map(|it| it.split_once('='));
    fields.any(|(name, _)| name == word)
}

fn is_verb(word: &str) -> bool {
    VERBS.lines().any(|line| line.split([' ', '_']).next() == Some(word))
}

fn is_flag(word: &str) -> bool {
    let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
    let mut flags = VERBS.split_whitespace().map(|it| it.trim_end_matches(['!', '#', '@', '?']));
    flags.any(|flag| flag.split('/').any(|part| part == name))
}

/// Names of all objects of a session's cluster, with their kinds.
fn names(playground: &Playground) -> BTreeSet<(String, String)> {
    playground.with_cluster(|cluster| {
        let objects = Resource::all().flat_map(|it| objects::list(cluster, it.kind));
        let name = |object: &serde_json::Value| {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            (text(&object["kind"]), text(&object["metadata"]["name"]))
        };
        objects.map(|object| name(&object)).collect()
    })
}

/// Whether a quoted word names something that there is.
fn is_known(word: &str, names: &BTreeSet<(String, String)>) -> bool {
    let is_object = |kind: &str, name: &str| {
        let resource = Resource::named(kind);
        resource.is_some_and(|it| names.contains(&(it.kind.to_owned(), name.to_owned())))
    };
    if let Some(line) = word.strip_prefix("kubectl ") {
        let words: Vec<&str> = line.split(' ').collect();
        let pairs = words.windows(2).take_while(|pair| pair[1] != "--");
        let are_there = pairs.filter(|pair| matches!(pair[0], "pod" | "sts" | "svc" | "pvc"));
        return is_verb(words[0])
            && are_there.into_iter().all(|it| it[1].starts_with('-') || is_object(it[0], it[1]));
    }
    if let Some(line) = word.strip_prefix("helm ") {
        return helm::flags::children("").contains(&line.split(' ').next().unwrap_or_default());
    }
    if let Some(line) = word.strip_prefix("minikube ") {
        let name = line.split(' ').next().unwrap_or_default();
        return minikube::commands().any(|own| own == name);
    }
    if busybox::is_known(word) {
        return true;
    }
    if word.starts_with('-') {
        return is_flag(word);
    }
    if let Some((kind, name)) = word.split_once('/').filter(|_| !word.contains(' ')) {
        return is_object(kind, name);
    }
    let path = word.split_once(':').map_or(word, |(field, _)| field);
    path.split('.').all(is_field) || names.iter().any(|(_, name)| name == word)
}

#[test]
fn hints_name_what_there_is() {
    for (id, text) in &texts() {
        let mut playground = begun(id, text);
        let lesson = Lesson::clone(&playground.lesson().unwrap().lesson);
        let mut all = names(&playground);
        for task in 0..lesson.tasks.len() {
            playground.update(Action::SolveTask);
            pass(&mut playground, LONGEST, |it| done(it) > task);
            all.extend(names(&playground));
        }
        for word in lesson.quoted() {
            assert!(is_known(word, &all), "{id}: `{word}`");
        }
        assert!(!is_known("replica", &all) && !is_known("kubectl gte", &all));
        assert!(!is_known("helm lst", &all) && !is_known("minikube servce", &all));
        assert!(!is_known("Pod/web-9", &all) && !is_known("--casc", &all));
    }
}

fn text_of(id: &str) -> String {
    fs::read_to_string(folder().join(format!("{id}.yaml"))).unwrap()
}

#[test]
fn a_lesson_in_progress_is_saved_and_nothing_else_carries_it() {
    let mut playground = begun("claims-stay", &text_of("claims-stay"));
    playground.update(Action::SolveTask);
    assert!(pass(&mut playground, LONGEST, |it| done(it) == 1));
    playground.update(Action::ShowHint);
    playground.update(Action::Predict(1));
    let saved = playground.save();
    let mut restored = Playground::restore(&saved).unwrap();
    assert_eq!(restored.lesson(), playground.lesson());
    assert_eq!(restored.lesson().unwrap().hints().len(), 1);
    assert_eq!(restored.lesson().unwrap().guess(), Some(Guess::Given(1)));
    solve_rest(&mut restored, 1);
    let guess = restored.lesson().unwrap().guess();
    assert_eq!(guess, Some(Guess::Settled { given: Some(1), right: Some(0) }));
    let shared = Playground::shared(&playground.share()).unwrap().unwrap();
    assert!(shared.lesson().is_none());
    let before = Playground::new().save();
    assert!(!before.contains("lesson"));
    assert!(Playground::restore(&before).unwrap().lesson().is_none());
    let damaged = saved.replace("\"position\":", "\"positron\":").replace("tasks", "tsaks");
    assert!(Playground::restore(&damaged).unwrap().lesson().is_none());
}

fn solve_rest(playground: &mut Playground, from: usize) {
    let tasks = playground.lesson().unwrap().lesson.tasks.len();
    for task in from..tasks {
        playground.update(Action::SolveTask);
        assert!(pass(playground, LONGEST, |it| done(it) > task), "task {task}");
        if task == from {
            pass(playground, 30_000, |_| false);
        }
    }
}

#[test]
fn what_was_printed_before_a_reload_counts() {
    let mut playground = begun("partition-left", &text_of("partition-left"));
    playground.update(Action::Command("kubectl get pod web-2 -o yaml".into()));
    assert_eq!(done(&playground), 0);
    let mut restored = Playground::restore(&playground.save()).unwrap();
    restored.update(Action::Command("echo 'nginx-slim:0.24'; echo x".into()));
    assert_eq!(done(&restored), 1);
}

#[test]
fn what_is_typed_reaches_nothing_and_going_back_neither() {
    let text = text_of("claims-stay").replacen("        - replaced: Pod/web-2\n", "", 1);
    let mut playground = begun("claims-stay", &text);
    let began = playground.playhead();
    playground.update(Action::Command("# kubectl scale sts web --replicas=1".into()));
    assert_eq!(done(&playground), 0);
    playground.update(Action::SeekStart);
    assert_eq!(playground.playhead(), began, "time does not go back further");
    pass(&mut playground, 3_000, |_| false);
    playground.update(Action::SolveTask);
    assert!(pass(&mut playground, LONGEST, |it| done(it) == 1));
    playground.update(Action::SeekStart);
    playground.update(Action::SetSpeed(1));
    assert_eq!(done(&playground), 1, "three pods are ready there, but that was before");
    playground.update(Action::SeekEnd);
    assert_eq!(done(&playground), 1);
    let mut restored = Playground::restore(&playground.save()).unwrap();
    restored.update(Action::SetSpeed(1));
    assert_eq!(done(&restored), 1);
    // A command there takes the place of all that was done later.
    restored.update(Action::SeekStart);
    let scale = "kubectl scale sts web --replicas=3";
    restored.update(Action::Command(scale.into()));
    assert_eq!(done(&restored), 2, "now it is the furthest instant");
}

#[test]
fn effects_tell_that_a_task_is_done() {
    let mut playground = begun("address-changes", &text_of("address-changes"));
    let effects = playground.update(Action::Command("kubectl get pods -o wide".into()));
    let told = Effect::Announce("Task 1 of 3 is done".into());
    assert!(effects.contains(&told) && effects.contains(&Effect::Save), "{effects:?}");
}

#[test]
fn a_lesson_is_undone_left_and_begun_again() {
    let mut playground = Playground::new();
    pass(&mut playground, 30_000, |_| false);
    let text = playground.manifest().text.clone();
    let lesson = text_of("first-statefulset");
    playground.update(Action::OpenLesson { id: "first-statefulset".into(), text: lesson });
    assert!(playground.lesson().is_some() && playground.manifest().text != text);
    playground.update(Action::SolveTask);
    assert!(pass(&mut playground, LONGEST, |it| done(it) == 1));
    playground.update(Action::Restart);
    assert_eq!((done(&playground), playground.playhead()), (0, 0));
    playground.update(Action::Undo);
    assert_eq!(done(&playground), 1);
    playground.update(Action::LeaveLesson);
    assert!(playground.lesson().is_none());
    playground.update(Action::Undo);
    assert_eq!(done(&playground), 1);
    while playground.can_undo() {
        playground.update(Action::Undo);
    }
    assert!(playground.lesson().is_none());
    assert_eq!(playground.manifest().text, text);
}

#[test]
fn a_start_that_does_not_work_leaves_the_work_as_it_was() {
    let mut playground = Playground::new();
    let saved = playground.save();
    let text = text_of("broken-rollout");
    for (find, replace) in [
        ("find: \"nginx-slim:0.24\"", "find: nothing"),
        ("ImagePullBackOff", "Nothing"),
        ("- kubectl apply -f manifest.yaml", "- kubectl wait --for=delete svc/kubernetes"),
        ("tasks:", "task:"),
        ("title:", "\t- title"),
        ("ready: {set: web, replicas: 3}", "reedy: {set: web, replicas: 3}"),
    ] {
        let text = text.replacen(find, replace, 1);
        playground.update(Action::OpenLesson { id: "x".into(), text });
        let notice = playground.notice().expect(find);
        assert_eq!(notice.tone, Tone::Refused, "{find}");
        assert!(!notice.lines.join("").is_empty());
        assert_eq!(playground.save(), saved, "{find}");
    }
}

#[test]
fn links_name_lessons_or_carry_them_and_damage_is_told() {
    let named = |id: &str| Some(Ok(LessonLink::Named(id.into())));
    assert_eq!(share::lesson_of("#lesson=claims-stay"), named("claims-stay"));
    let lesson = Lesson::read(&text_of("claims-stay")).unwrap();
    let link = share::lesson_fragment(&lesson.to_text());
    assert!(link.len() < share::LONG, "{}", link.len());
    let Some(Ok(LessonLink::Carried(text))) = share::lesson_of(&link) else { panic!("{link}") };
    assert_eq!(Lesson::read(&text), Ok(lesson));
    assert_eq!(share::lesson_of("play=1.abc"), None);
    assert_eq!(share::lesson_of(""), None);
    for damaged in ["lesson=", "lesson=../x", "lesson=1.!!", "lesson=1.AAAA", "lesson=x.AAAA"] {
        assert_eq!(share::lesson_of(damaged), Some(Err(LinkError::Damaged)), "{damaged}");
    }
    assert_eq!(share::lesson_of("lesson=9.abc"), Some(Err(LinkError::TooNew(9))));
    for end in (0..link.len()).step_by(7) {
        if let Some(Ok(LessonLink::Carried(text))) = share::lesson_of(&link[..end]) {
            assert!(Lesson::read(&text).is_err(), "cut off at {end}");
        }
    }
}

#[test]
fn damaged_lessons_are_told_in_words() {
    let whole = text_of("lost-node");
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)).step_by(13) {
        let told = Lesson::read(&whole[..end]).map_err(|error| error.to_string());
        assert!(told.is_ok() || told.is_err_and(|error| !error.is_empty()));
    }
    let wrong = |text: &str| Lesson::read(text).unwrap_err().to_string();
    assert!(wrong("").contains("it must be a map"));
    assert!(wrong("a: [").starts_with("the lesson cannot be read"));
    assert_eq!(Lesson::read(&" ".repeat(300 * 1024)), Err(LessonError::TooLong));
    for (find, replace, told) in [
        ("replaced: Pod/web-1", "replaced: web-1", "tasks[1].goal.all[0].replaced"),
        ("before: 0", "before: 2", "prediction.before: it must be a whole number from 0 to 1"),
        ("set: web, replicas: 3", "set: web", "replicas: it is missing"),
        ("request: lose", "request: loose", "start.run[2].do"),
        ("{.metadata.deletionTimestamp}", "{.metadata[}", "path"),
        ("start:", "start:\n  kubernetes: \"1.20\"", "known versions are 1.34"),
        ("start:", "start:\n  nodes: 0", "start.nodes: there must be at least one"),
        ("minutes: 8", "minutes: soon", "minutes: it must be a whole number"),
    ] {
        let text = whole.replacen(find, replace, 1);
        assert_ne!(text, whole, "{find}");
        assert!(wrong(&text).contains(told), "{}", wrong(&text));
    }
}

#[test]
fn a_teacher_makes_a_lesson_of_a_session() {
    let mut playground = Playground::new();
    pass(&mut playground, 20_000, |_| false);
    playground.update(Action::Command("kubectl scale sts web --replicas=2".into()));
    playground.update(Action::Command("kubectl cordon minikube-m03".into()));
    pass(&mut playground, 20_000, |_| false);
    let offered = playground.offered_goals();
    let labels: Vec<&str> = offered.iter().map(|(label, _)| label.as_str()).collect();
    assert!(labels.contains(&"web has 3 replicas, all ready"), "{labels:?}");
    assert!(labels.contains(&"Another pod is web-0"), "{labels:?}");
    assert!(!labels.contains(&"web has 2 replicas, all ready"), "that is so already");
    assert!(offered.iter().all(|(_, goal)| !playground.holds(goal)));
    let goal = offered.iter().find(|(label, _)| label.starts_with("web has 3")).unwrap().1.clone();
    let lesson = playground.lesson_of_session("Scale", "One pod more.", "Have three.", goal);
    let text = lesson.to_text();
    assert_eq!(Lesson::read(&text), Ok(lesson));
    let mut learner = begun("", &text);
    let pods = |playground: &Playground| -> Vec<String> {
        playground.scene().pods.iter().map(|pod| format!("{} {}", pod.name, pod.node)).collect()
    };
    assert_eq!(pods(&learner), pods(&playground));
    assert_eq!(learner.manifest().text, playground.manifest().text);
    assert_eq!(done(&learner), 0);
    learner.update(Action::Command("kubectl scale sts web --replicas=3".into()));
    assert!(pass(&mut learner, LONGEST, |it| done(it) == 1));
    assert_eq!(learner.lesson().unwrap().task(), None);
}

#[test]
fn a_lesson_brings_its_version_its_nodes_and_its_files() {
    let start = "start:\n  kubernetes: \"1.34\"\n  nodes: 1\n  files: {notes/a.txt: hello}";
    let text = text_of("first-statefulset").replacen("start:", start, 1);
    let mut playground = begun("x", &text);
    assert_eq!(playground.kubernetes().version, Version::V1_34);
    playground.update(Action::Command("cat notes/a.txt manifest.yaml | head -2".into()));
    assert!(shown(&playground).ends_with("helloapiVersion: v1\nkind: Service\n"));
    playground.update(Action::Command("kubectl get nodes --no-headers".into()));
    assert_eq!(shown(&playground).matches("Ready").count(), 1);
    let lesson = playground.lesson().unwrap();
    assert_eq!(Lesson::read(&lesson.lesson.to_text()).unwrap(), *lesson.lesson);
}

#[test]
fn a_prediction_is_decided_by_what_would_have_happened_without_more_deeds() {
    let mut playground = begun("broken-rollout", &text_of("broken-rollout"));
    playground.update(Action::SolveTask);
    assert!(pass(&mut playground, LONGEST, |it| done(it) == 1));
    assert_eq!(playground.lesson().unwrap().guess(), Some(Guess::Open));
    playground.update(Action::Predict(7));
    assert_eq!(playground.lesson().unwrap().guess(), Some(Guess::Open), "there is no such answer");
    playground.update(Action::Predict(2));
    playground.update(Action::Predict(1));
    playground.update(Action::SolveTask);
    playground.update(Action::Predict(0));
    assert_eq!(playground.lesson().unwrap().guess(), Some(Guess::Given(1)), "it is too late");
    playground.update(Action::Command("kubectl delete pod web-2".into()));
    assert!(pass(&mut playground, LONGEST, |it| done(it) == 3));
    let settled = Guess::Settled { given: Some(1), right: Some(0) };
    assert_eq!(playground.lesson().unwrap().guess(), Some(settled));
}

#[test]
fn a_prediction_is_decided_where_time_comes_to_rest() {
    let mut playground = begun("claims-stay", &text_of("claims-stay"));
    playground.update(Action::SolveTask);
    assert!(pass(&mut playground, LONGEST, |it| done(it) == 1));
    playground.update(Action::SolveTask);
    playground.update(Action::SetSkipWaits(true));
    playground.update(Action::Play);
    for _ in 0..5_000 {
        playground.update(Action::Tick { elapsed_ms: 16 });
    }
    assert!(playground.is_idle());
    let guess = playground.lesson().unwrap().guess();
    assert_eq!(guess, Some(Guess::Settled { given: None, right: Some(0) }));
}
