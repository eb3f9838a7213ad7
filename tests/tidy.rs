//! The tree keeps the rules of CONTRIBUTING.md.

mod circles;
mod dependencies;
mod finding;
mod graph;
mod lines;
mod rooms;
mod source;
mod tokens;
mod unused;

use finding::Finding;
use graph::Graph;
use rooms::Floors;
use source::Files;

/// The floors of rooms that have some: a part uses parts of its own floor and of those before it.
const FLOORS: [Floors; 7] = [
    (
        "api",
        &[
            &[
                "base64",
                "json",
                "json_diff",
                "merge",
                "path",
                "quantity",
                "schema",
                "timestamp",
                "tree",
                "version",
            ],
            &[
                "allocated",
                "go_struct",
                "names",
                "pod_defaults",
                "revision",
                "selector",
                "strategic",
            ],
            &["custom", "kind", "kinds", "resource"],
            &["object", "status"],
            &["decode", "defaults", "limits", "managed", "update_rules", "validate", "warnings"],
            &["rules"],
            &["patch", "request"],
            &["change"],
        ],
    ),
    (
        "cluster",
        &[
            // Ground: time, numbers, names, queue, events, reasons to wait.
            &["copy_on_write", "time", "rng", "restart", "simplified"],
            &["meta", "queue", "config", "event", "hold"],
            // What the API server keeps.
            &["record", "journal", "store"],
            // What the loops see of each kind.
            &[
                "*/kind",
                "*/object",
                "budget",
                "node/placement",
                "node/toleration",
                "pod",
                "service",
                "stateful_set/spec",
                "storage",
                "template",
            ],
            // What the loops remember, and the work that they have to do.
            &[
                "*/memory",
                "fault",
                "input",
                "kubelet/address",
                "kubelet/backoff",
                "kubelet/latency",
                "kubelet/probe_worker",
                "kubelet/script",
                "kubelet/worker",
                "step",
                "work",
            ],
            &["state"],
            // The loops and the API server: a folder or file each.
            &["*"],
            // Who gets which work.
            &["kinds", "watch"],
            &["dispatch"],
            &["invariants", "kubelet/lab", "testing"],
        ],
    ),
    (
        "shell",
        &[
            &["output", "pattern", "session", "syntax"],
            &["host", "parser", "words"],
            &["arithmetic", "code", "conditions", "filters"],
            &["run", "process", "pipe", "expand", "builtins", "scripts", "tests"],
        ],
    ),
    (
        "manifest",
        &[
            &[
                "assist",
                "decimal",
                "diagnostic",
                "diff",
                "emit",
                "examples",
                "import",
                "kyaml",
                "place",
                "tree",
            ],
            &["json", "parse", "scalar", "split", "syntax", "yaml"],
            &["check", "document"],
            &["contents"],
            &["again", "edit", "hints", "read", "refusal"],
            &["export", "fix", "form"],
        ],
    ),
    (
        "playground",
        &[
            &[
                "action",
                "chart",
                "journal",
                "lookup",
                "notice",
                "patience",
                "saved",
                "scenery",
                "share",
                "take",
                "typing",
                "unread",
                "workspaces",
            ],
            &["attendance", "beginning", "browser", "console", "errand", "inside", "live"],
            &["state"],
            &[
                "apply", "browse", "commands", "deeds", "done", "forecast", "kept", "lesson",
                "opening", "playback", "reading", "report", "slices", "teach",
            ],
            &["update"],
            &["transcript"],
        ],
    ),
    (
        "template",
        &[
            &["ast", "bounds", "number", "value"],
            &["format", "lex", "machine"],
            &["arguments"],
            &["builtins", "sprig"],
            &["functions"],
            &["parse"],
            &["set"],
            &["exec"],
        ],
    ),
    (
        "terminal",
        &[
            &["container", "editor", "files", "job", "keyboard", "network", "output", "world"],
            &["busybox"],
            &["kubectl"],
            &["helm"],
            &["minikube"],
            &["computer"],
        ],
    ),
];

/// Fails with what a rule finds. No rule has an exception.
fn keep(rule: &str, findings: &[Finding]) {
    if let Err(wrong) = finding::verdict(rule, findings) {
        panic!("{wrong}");
    }
}

#[test]
fn a_room_uses_only_rooms_that_stand_before_it() {
    keep("rooms", &rooms::upward(Files::here(), Graph::here()));
}

#[test]
fn a_part_of_a_room_uses_only_its_own_floor_and_those_below() {
    keep("floors", &rooms::upstairs(Graph::here(), &FLOORS));
}

#[test]
fn no_more_than_eight_files_use_each_other() {
    keep("circles", &circles::too_large(Graph::here()));
}

#[test]
fn no_files_of_two_rooms_use_each_other() {
    keep("circles across rooms", &circles::across_rooms(Graph::here()));
}

#[test]
fn files_stay_under_500_lines() {
    keep("long files", &lines::long_files(Files::here()));
}

#[test]
fn functions_stay_under_70_lines() {
    keep("long functions", &lines::long_functions(Files::here()));
}

#[test]
fn a_file_opens_with_a_sentence() {
    keep("first lines", &lines::without_a_sentence(Files::here()));
}

#[test]
fn what_is_tested_natively_is_what_the_page_runs() {
    keep("two worlds", &lines::two_worlds(Files::here()));
}

#[test]
fn a_mod_leads_to_every_file_of_rust() {
    keep("unused files", &unused::rust(Files::here(), Graph::here()));
}

#[test]
fn every_file_that_is_served_is_named() {
    keep("unused static files", &unused::served(Files::here()));
}

#[test]
fn every_script_is_named() {
    keep("unused scripts", &unused::scripts(Files::here()));
}

#[test]
fn crates_are_used_and_not_by_tests_alone() {
    keep("crates", &dependencies::unused(Files::here(), Graph::here()));
}
