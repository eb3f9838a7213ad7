//! Writes manifests that a real API server must admit without a warning.
//!
//! `cargo run --example manifests -- <folder>` writes every example and 200 random states of the
//! form, always the same ones, one file each.

use statefulset_playground::cluster::rng::Rng;
use statefulset_playground::manifest::Manifest;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::form::{
    self, Control, FIELDS, Field, FormField, ProbeField, ProbeKind,
};
use std::path::Path;
use std::process::ExitCode;

const RANDOM_STATES: u64 = 200;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: manifests <folder>");
        return ExitCode::FAILURE;
    };
    match write_all(Path::new(&folder)) {
        Ok(count) => {
            println!("{count} manifests in {folder}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write_all(folder: &Path) -> std::io::Result<u64> {
    std::fs::create_dir_all(folder)?;
    let mut count = 0;
    for example in EXAMPLES {
        std::fs::write(folder.join(format!("example-{}.yaml", example.id)), example.text())?;
        count += 1;
    }
    for seed in 0..RANDOM_STATES {
        std::fs::write(folder.join(format!("random-{seed:03}.yaml")), random_state(seed))?;
        count += 1;
    }
    Ok(count)
}

/// An example after some random edits; an edit that would bring a complaint is not made.
fn random_state(seed: u64) -> String {
    let mut random = Random(Rng::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5EED));
    let mut text = EXAMPLES[random.below(EXAMPLES.len())].text().to_owned();
    let edits = 4 + random.below(20);
    for _ in 0..edits {
        let field = &FIELDS[random.below(FIELDS.len())];
        let value = random_value(field, &mut random);
        let Ok(edited) = form::set(&Manifest::parse(&text), field.field, value.as_deref()) else {
            continue;
        };
        if Manifest::parse(&edited.text).diagnostics.is_empty() {
            text = edited.text;
        }
    }
    text
}

/// A value that a person could choose; only the namespace `default` exists on a bare server.
fn random_value(field: &Field, random: &mut Random) -> Option<String> {
    let may_be_unset = !matches!(field.field, FormField::Name | FormField::Image);
    if may_be_unset && random.below(5) == 0 {
        return None;
    }
    let texts: &[&str] = match field.field {
        FormField::Namespace => &["default"],
        FormField::Name => &["web", "db", "a", "my-app-2", "x1", "0a", LONG_NAME],
        FormField::ServiceName => &["web", "peers", "svc-1", "a", "0a"],
        FormField::Image => &["nginx", "nginx:1.29", "example.com:5000/team/app:1.2.3", DIGEST],
        FormField::ClaimName => &["data", "www", "disk-1", "d"],
        FormField::StorageSize => &["1Gi", "5Gi", "500Mi", "1G", "10", "1.5Gi", "1e9", "0.5Ti"],
        FormField::StorageClass => &["standard", "fast.example.com", ""],
        FormField::MountPath => &["/data", "/var/lib/data", "/srv", "/mnt/a b"],
        FormField::MaxUnavailable => &["1", "2", "25%", "100%"],
        FormField::Probe(_, ProbeField::Path) => &["/", "/healthz", "/ready?full=1"],
        FormField::Probe(_, ProbeField::Port) => &["80", "8080", "web", "http"],
        FormField::Probe(_, ProbeField::Command) => &["true", "cat /tmp/ready", "sh -c 'exit 0'"],
        _ => &[],
    };
    if !texts.is_empty() {
        return Some(texts[random.below(texts.len())].into());
    }
    let single = matches!(
        field.field,
        FormField::Probe(ProbeKind::Liveness | ProbeKind::Startup, ProbeField::SuccessThreshold)
    );
    Some(match field.control {
        _ if single => "1".into(),
        Control::Switch => (["true", "false"][random.below(2)]).into(),
        Control::Choice(words) => words[random.below(words.len())].into(),
        Control::Integer { min, max } => {
            let span = usize::try_from((max - min).min(60)).unwrap_or(0);
            (min + i64::try_from(random.below(span + 1)).unwrap_or(0)).to_string()
        }
        Control::Text => return None,
    })
}

const LONG_NAME: &str = "a-name-that-is-just-as-long-as-a-statefulset-name-may-be-abcdef";
const DIGEST: &str =
    "nginx@sha256:4c0fdaa8b6341bfdeca5f18f7837462c80cff90527ee35ef185571e1c327beac";

/// What is drawn for a state.
struct Random(Rng);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(self.0.next_u64() % limit).unwrap_or(0)
    }
}
