//! The recorded scenarios as they are written down, and what they say the stand-ins do.

use flate2::read::GzDecoder;
use serde_json::Value;
use statefulset_playground::cluster::Millis;
use statefulset_playground::cluster::kubelet::script::{
    ImageScript, Reply, ReplyContent, Run, Script,
};
use std::io::Read;

/// How a file begins that was packed with gzip.
const GZIP: [u8; 2] = [0x1f, 0x8b];

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

pub fn number(value: &Value, key: &str) -> Option<u64> {
    value[key].as_u64()
}

pub fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The scenarios of one file, which may be packed: the runs of each, in the file's order.
pub fn scenarios(bytes: &[u8]) -> Vec<Vec<Value>> {
    let mut content = String::new();
    let read = match bytes.starts_with(&GZIP) {
        true => GzDecoder::new(bytes).read_to_string(&mut content),
        false => { bytes }.read_to_string(&mut content),
    };
    read.expect("readable text");
    let mut scenarios: Vec<Vec<Value>> = Vec::new();
    for line in content.lines() {
        let recording: Value = serde_json::from_str(line).expect("a recording");
        let same = scenarios.iter_mut().find(|runs| runs[0]["name"] == recording["name"]);
        match same {
            Some(runs) => runs.push(recording),
            None => scenarios.push(vec![recording]),
        }
    }
    scenarios
}

fn reply(step: &Value) -> Reply {
    let content = match step {
        _ if step["closed"] == true => ReplyContent::Closed,
        _ if step["serving"] == false => ReplyContent::NotServing,
        _ if text(step, "out").starts_with("location:") => {
            ReplyContent::Redirect(text(step, "out").trim_start_matches("location:").into())
        }
        _ if step["status"].is_u64() => ReplyContent::Status(code(step, "status", 0) as u16),
        _ if step["exit"].is_u64() => {
            ReplyContent::Exit { code: code(step, "exit", 0), output: text(step, "out").into() }
        }
        _ => ReplyContent::Fine,
    };
    Reply {
        since_ms: number(step, "t").unwrap_or(0),
        took_ms: number(step, "sleep").unwrap_or(0),
        content,
    }
}

fn code(value: &Value, key: &str, default: i32) -> i32 {
    value[key].as_i64().map_or(default, |code| code as i32)
}

fn run(value: &Value) -> Run {
    let ignores_term = value["ignore_term"] == true;
    let mut run = Run {
        run_ms: number(value, "run_ms"),
        exit_code: code(value, "code", 0),
        reason: value["reason"].as_str().map(Into::into),
        term_ms: (!ignores_term).then(|| number(value, "term_ms").unwrap_or(0)),
        term_code: code(value, "term_code", 143),
        create_ms: number(value, "create_ms").unwrap_or(3),
        start_ms: number(value, "start_ms").unwrap_or(0),
        is_mute: true,
        start_error: value["start_error"].as_str().map(Into::into),
        ..Run::default()
    };
    let kinds = [
        ("exec:probe ", "exec"),
        ("exec:hook ", "exec"),
        ("http:", "http"),
        ("tcp:", "tcp"),
        ("grpc:", "grpc"),
    ];
    for (prefix, key) in kinds {
        for (name, steps) in value[key].as_object().into_iter().flatten() {
            let mut steps: Vec<_> = steps.as_array().into_iter().flatten().map(reply).collect();
            let says = |step: &Value| !step["serving"].is_null();
            if key == "grpc" {
                // The recorder's server is there and serves only when it is told to.
                for (step, told) in
                    steps.iter_mut().zip(value[key][name].as_array().into_iter().flatten())
                {
                    if !says(told) && step.content == ReplyContent::Fine {
                        step.content = ReplyContent::NotServing;
                    }
                }
            }
            run.endpoints.insert(format!("{prefix}{name}").as_str().into(), steps);
        }
    }
    run
}

/// What the stand-ins of a recording do.
pub fn script(recording: &Value) -> Script {
    let scripted = &recording["script"];
    let sandbox_ms: Millis = number(&scripted["sandbox"], "ms").unwrap_or(5);
    let sandbox = &scripted["sandbox"];
    let mut script = Script {
        sandbox_ms,
        sandbox_failures: number(sandbox, "fail").and_then(|it| it.try_into().ok()).unwrap_or(0),
        sandbox_error: text(sandbox, "error").into(),
        sandbox_dies_ms: number(sandbox, "die_ms"),
        config_maps: Some(vec![("kube-root-ca.crt".into(), Some(vec!["ca.crt".into()]))]),
        others: run(&Value::Null),
        inits: run(&Value::Null),
        ..Script::instant()
    };
    for (name, runs) in scripted["containers"].as_object().into_iter().flatten() {
        let runs = runs.as_array().into_iter().flatten().map(run).collect();
        script.containers.insert(name.as_str().into(), runs);
    }
    for (image, pulls) in scripted["images"].as_object().into_iter().flatten() {
        let pulls = ImageScript {
            pull_ms: number(pulls, "ms").unwrap_or(0),
            failures: pulls["fail"].as_i64().map_or(Some(0), |count| count.try_into().ok()),
            error: pulls["error"].as_str().map(|error| match pulls["code"].as_str() {
                Some(code) => format!("rpc error: code = {code} desc = {error}").into(),
                None => error.into(),
            }),
        };
        script.images.insert(image.as_str().into(), pulls);
    }
    let spec = &recording["pod"]["spec"];
    for container in items(spec, "containers").iter().chain(items(spec, "initContainers")) {
        let image = text(container, "image");
        if image.starts_with("registry.test/") && !script.images.contains_key(image) {
            let pulls = ImageScript { failures: Some(0), ..ImageScript::default() };
            script.images.insert(image.into(), pulls);
        }
    }
    script
}
