//! Every lesson begins where it says, is solved by its solution, and is decided by the simulation.

use statefulset_playground::lesson::check::DOCS;
use statefulset_playground::lesson::{Guess, Lesson, index};
use statefulset_playground::playground::{Action, Playground};
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
