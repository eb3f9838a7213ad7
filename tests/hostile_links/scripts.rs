//! Runs exported scripts in a real shell that finds nothing but stubs, and looks at what they ran.

use serde_json::Value;
use statefulset_playground::manifest::Manifest;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Says what it was called with, and what it was given to read.
const STUB: &str = "#!/bin/sh\n{ printf '%s\\0' \"${0##*/}\" \"$@\"; printf '\\036\\0'; /bin/cat; \
                    printf '\\036\\036\\0'; } >> \"$RECORD\"\n";

/// Runs every script in a folder of its own.
const DRIVER: &str = "for folder in */; do (cd \"$folder\" && mkdir here && cd here && \
    RECORD=../record PATH=../../../stubs /bin/sh ../script.sh > ../out 2> ../err < /dev/null; \
    echo $? > ../status); done";

/// A script, and what its words may be.
pub struct Script {
    pub text: String,
    /// The texts that name something in the session.
    pub names: BTreeSet<String>,
    /// What the session's requests send.
    pub bodies: Vec<Value>,
    /// What was applied, as a manifest holds it.
    pub applied: Vec<Value>,
}

/// Runs scripts. Returns why each is wrong, if it is.
pub fn run(scripts: &[Script]) -> Vec<Option<String>> {
    static ROUND: AtomicUsize = AtomicUsize::new(0);
    let round = ROUND.fetch_add(1, Ordering::Relaxed);
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("hostile-{}-{round}", std::process::id()));
    let stubs = root.join("stubs");
    fs::create_dir_all(&stubs).unwrap();
    for name in ["kubectl", "nslookup"] {
        let stub = stubs.join(name);
        fs::write(&stub, STUB).unwrap();
        let done = Command::new("chmod").arg("+x").arg(&stub).status().unwrap();
        assert!(done.success());
    }
    for (number, script) in scripts.iter().enumerate() {
        let folder = root.join(format!("scripts/{number:06}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("script.sh"), &script.text).unwrap();
    }
    let mut driver = Command::new("sh");
    driver.args(["-c", DRIVER]).current_dir(root.join("scripts")).stdin(Stdio::null());
    let status = driver.status().unwrap();
    assert!(status.success(), "{status}");
    let look = |(number, script): (usize, &Script)| {
        look(&root.join(format!("scripts/{number:06}")), script).err()
    };
    let found = scripts.iter().enumerate().map(look).collect();
    fs::remove_dir_all(&root).unwrap();
    found
}

fn look(folder: &Path, script: &Script) -> Result<(), String> {
    let read = |name: &str| fs::read(folder.join(name)).unwrap_or_default();
    let text = |name: &str| String::from_utf8_lossy(&read(name)).into_owned();
    let wrong = |what: &str| Err(format!("{what} by\n{}", script.text));
    if text("status").trim() != "0" || !text("err").is_empty() || !text("out").is_empty() {
        let (status, err) = (text("status"), text("err"));
        return wrong(&format!("status {}, {:?} printed, {err:?}", status.trim(), text("out")));
    }
    if fs::read_dir(folder.join("here")).unwrap().next().is_some() {
        return wrong("a file was written");
    }
    let record = text("record");
    for call in record.split("\u{1e}\u{1e}\0").filter(|call| !call.is_empty()) {
        let (words, input) = call.split_once("\u{1e}\0").ok_or("a call without an end")?;
        let words: Vec<&str> = words.split_terminator('\0').collect();
        if !is_meant(&words, input, script) {
            return wrong(&format!("{words:?} was run with {input:?}"));
        }
    }
    Ok(())
}

/// Whether a call is one of those that the page writes, each word a whole thing of the session.
fn is_meant(words: &[&str], input: &str, script: &Script) -> bool {
    let is_name = |word: &str| script.names.contains(word);
    let is_target = |word: &str| word.split_once('/').is_some_and(|(_, name)| is_name(name));
    let is_body = |text: &str| {
        serde_json::from_str::<Value>(text).is_ok_and(|body| script.bodies.contains(&body))
    };
    let is_number = |word: &str, flag: &str| {
        word.strip_prefix(flag).is_some_and(|number| number.parse::<i64>().is_ok())
    };
    const FLAGS: [&str; 10] = [
        "--type=merge",
        "--type=json",
        "--force",
        "--wait=false",
        "--cascade=foreground",
        "--cascade=orphan",
        "--server-side",
        "--force-conflicts",
        "--ignore-daemonsets",
        "--delete-emptydir-data",
    ];
    let mut rest: Vec<&str> = Vec::new();
    let mut left = words.iter().copied();
    while let Some(word) = left.next() {
        match word {
            "-n" if left.next().is_some_and(is_name) => {}
            "-p" if left.next().is_some_and(is_body) => {}
            word if FLAGS.contains(&word) => {}
            word if is_number(word, "--replicas=") || is_number(word, "--grace-period=") => {}
            word => rest.push(word),
        }
    }
    let is_given = || match rest[1] {
        "apply" if !words.contains(&"--server-side") => {
            // The manifest of the page, or objects of the session.
            let manifest = Manifest::parse(input);
            manifest.documents.iter().all(|it| script.applied.contains(&it.value()))
                || script.names.contains(input.trim_end_matches('\n'))
        }
        _ => is_body(input),
    };
    match rest.as_slice() {
        ["kubectl", "apply" | "create" | "replace", "-f", "-"] => is_given(),
        _ if !input.is_empty() => false,
        ["kubectl", "patch" | "scale" | "delete", target] => is_target(target),
        ["kubectl", "scale" | "delete", "sts", name]
        | ["kubectl", "delete", "pod" | "pvc" | "pv" | "node", name]
        | ["kubectl", "patch", "pvc" | "pv", name]
        | ["kubectl", "cordon" | "uncordon" | "drain", name]
        | ["nslookup", name] => is_name(name),
        ["kubectl", "taint", "nodes", name, taint] => {
            let taint = taint.trim_end_matches('-');
            is_name(name) && taint == "node.kubernetes.io/out-of-service=nodeshutdown:NoExecute"
        }
        _ => false,
    }
}
