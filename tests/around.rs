//! Transcripts of a real cluster, played over a fresh simulated one in the terminal.
//!
//! `SHOW=<file>` prints what differs in a file (`SHOW=` in every one), `CONFORMANCE_DIR=<folder>` plays
//! the files of another folder, and `UPDATE_EXPECT=1` writes down how many commands are identical.

#[path = "around/archive.rs"]
mod archive;
#[path = "around/compare.rs"]
mod compare;
#[path = "../examples/play/files.rs"]
mod files;
#[path = "around/masks.rs"]
mod masks;

use compare::{Compared, compare};
use masks::Masks;
use statefulset_playground::playground::transcript::Limits;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many commands of each file print the same, at least.
const FLOOR: &str = include_str!("around/floor.txt");

#[test]
fn prints_what_a_real_cluster_printed() {
    if let Some(folder) = std::env::var_os("CONFORMANCE_DIR") {
        play_all(&PathBuf::from(folder), &Masks::new());
        return;
    }
    let masks = Masks::new();
    let mut figures = Vec::new();
    for name in ["around", "bring"] {
        println!("{name}");
        figures.extend(play_all(&archive::folder_of(name), &masks));
    }
    let lines: String =
        figures.iter().map(|(name, identical)| format!("{name} {identical}\n")).collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/around/floor.txt");
        std::fs::write(path, lines).unwrap();
        return;
    }
    let floor: BTreeMap<&str, usize> = FLOOR
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(name, identical)| (name, identical.parse().unwrap()))
        .collect();
    assert_eq!(floor.len(), figures.len(), "tests/around/floor.txt lists every file");
    let worse: Vec<String> = figures
        .iter()
        .filter(|(name, identical)| floor[name.as_str()] > *identical)
        .map(|(name, identical)| format!("{name}: {identical} of {}", floor[name.as_str()]))
        .collect();
    assert_eq!(worse, Vec::<String>::new(), "fewer commands are identical");
}

/// Plays every file of a folder. Gives their names and how many commands print the same.
fn play_all(folder: &Path, masks: &Masks) -> Vec<(String, usize)> {
    let (mut commands, mut identical) = (0, 0);
    let mut figures = Vec::new();
    for name in names_in(folder) {
        let compared = compare(folder, &name, masks);
        show(&name, &compared);
        let end = if compared.is_broken_off { "  (the player broke off)" } else { "" };
        let (all, same) = (compared.commands, compared.identical());
        println!("{name}: commands {all}, identical {same}{end}");
        commands += compared.commands;
        identical += compared.identical();
        figures.push((name, compared.identical()));
    }
    println!("total: commands {commands}, identical {identical}");
    figures
}

/// The names of a folder's files of command lines, sorted.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let is_recorded = |name: &String| folder.join(format!("{name}.txt")).exists();
    let mut names: Vec<String> = entries
        .filter_map(|name| name.to_str()?.strip_suffix(".in").map(str::to_owned))
        .filter(is_recorded)
        .collect();
    names.sort();
    names
}

fn show(name: &str, compared: &Compared) {
    if std::env::var("SHOW").is_ok_and(|part| part.is_empty() || part == name) {
        for it in &compared.differences {
            println!("--- {name}: {}", it.command);
            it.theirs.iter().for_each(|line| println!("  theirs| {line}"));
            it.ours.iter().for_each(|line| println!("    ours| {line}"));
        }
    }
}

fn played(input: &str) -> String {
    let limits = Limits::default();
    compare::transcript(input, &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), limits)
        .unwrap()
}

#[test]
fn follows_directives_and_time() {
    let text = played(
        "# a comment\n\
         @put web.yaml ../static/examples/web.yaml\n\
         @check nothing of ours\n\
         ls\n\
         kubectl apply -f web.yaml\n\
         kubectl get sts web --no-headers | cut -d' ' -f4\n\
         @wait 20\n\
         kubectl get sts web --no-headers | cut -d' ' -f4\n\
         @limit 2\n\
         kubectl get sts web -w -o name\n\
         kubectl get nothing\n",
    );
    expect_test::expect![[r#"
        $ ls
        web.yaml
        $ kubectl apply -f web.yaml
        service/nginx created
        statefulset.apps/web created
        $ kubectl get sts web --no-headers | cut -d' ' -f4
        0/3
        $ kubectl get sts web --no-headers | cut -d' ' -f4
        3/3
        $ kubectl get sts web -w -o name
        statefulset.apps/web
        ^C
        [exit 130]
        $ kubectl get nothing
        error: the server doesn't have a resource type "nothing"
        [exit 1]
    "#]]
    .assert_eq(&text);
}

#[test]
fn begins_with_the_version_and_answers_prompts() {
    let text = played(
        "@version 1.35\n\
         @put web.yaml ../static/examples/web.yaml\n\
         kubectl version | tail -1 | cut -c1-21\n\
         kubectl apply -f web.yaml\n\
         kubectl rollout status sts/web | tail -1\n\
         kubectl exec -it web-0 -- sh\n\
         hostname; cd /tmp\n\
         pwd; exit 3\n\
         KUBE_EDITOR= kubectl edit sts web\n\
         for i in 1 2\n\
         do printf $i\n\
         done\n\
         kubectl exec -it web-0 -- sh\n",
    );
    expect_test::expect![[r#"
        $ kubectl version | tail -1 | cut -c1-21
        Server Version: v1.35
        $ kubectl apply -f web.yaml
        service/nginx created
        statefulset.apps/web created
        $ kubectl rollout status sts/web | tail -1
        partitioned roll out complete: 3 new pods have been updated...
        $ kubectl exec -it web-0 -- sh
        $ hostname; cd /tmp
        web-0
        $ pwd; exit 3
        /tmp
        command terminated with exit code 3
        [exit 3]
        $ KUBE_EDITOR= kubectl edit sts web
        Edit cancelled, no changes made.
        $ for i in 1 2
        $ do printf $i
        $ done
        12
        $ kubectl exec -it web-0 -- sh
        ^C
    "#]]
    .assert_eq(&text);
    let refused = compare::transcript("@version 1.2\n", Path::new("."), Limits::default());
    assert_eq!(refused, Err("@version 1.2: not a version that is simulated".into()));
    let refused = compare::transcript("@put a nowhere\n", Path::new("."), Limits::default());
    assert!(refused.is_err_and(|why| why.starts_with("@put a nowhere: ")));
}
