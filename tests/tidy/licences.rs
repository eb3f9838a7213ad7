//! Crates whose licence the project must not be built with, or that come from elsewhere than the
//! registry.

use super::finding::Finding;
use serde_json::Value;
use spdx::{Expression, ParseMode};
use std::process::Command;

/// Licences that ask for no more than to be named.
const ALLOWED: [&str; 7] =
    ["0BSD", "Apache-2.0", "BSD-3-Clause", "BSL-1.0", "MIT", "Unicode-3.0", "Zlib"];

/// The one place that crates come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What cargo says of every crate that `Cargo.lock` names.
pub fn metadata() -> Value {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    cargo.args(["--filter-platform", "wasm32-unknown-unknown"]);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
}

/// The crates that are not as they should be.
pub fn unfit(metadata: &Value) -> Vec<Finding> {
    let packages = metadata["packages"].as_array().expect("cargo lists packages");
    assert!(!packages.is_empty());
    let mut found = Vec::new();
    for package in packages {
        let text = |field: &str| package[field].as_str().unwrap_or_default();
        let mut wrong = |says: String| found.push(Finding::new("Cargo.lock", 1, says));
        let name = format!("{} {}", text("name"), text("version"));
        if !is_allowed(text("license")) {
            wrong(format!("{name} has the licence {:?}", text("license")));
        }
        // The project's own has no source.
        let is_own = package["source"].is_null() && text("name") == env!("CARGO_PKG_NAME");
        if !is_own && text("source") != REGISTRY {
            wrong(format!("{name} comes from {:?}", text("source")));
        }
        for need in package["dependencies"].as_array().into_iter().flatten() {
            if is_own && need["req"] == "*" {
                wrong(format!("any version of {} is taken", need["name"]));
            }
        }
    }
    found
}

/// Whether one of the licences that may be chosen is allowed.
fn is_allowed(licence: &str) -> bool {
    // Some write a bar between two.
    let expression = Expression::parse_mode(licence, ParseMode::LAX);
    expression.is_ok_and(|all| {
        all.evaluate(|one| one.license.id().is_some_and(|id| ALLOWED.contains(&id.name)))
    })
}

#[test]
fn a_crate_of_a_licence_that_binds_or_from_elsewhere_is_found() {
    let package = |name: &str, licence: &str, source: Value| serde_json::json!({"name": name, "version": "1.0.0", "license": licence, "source": source});
    let registry = || Value::from(REGISTRY);
    let packages = [
        package("good", "MIT/Apache-2.0", registry()),
        package("chosen", "GPL-3.0 OR MIT", registry()),
        package("bound", "MIT AND GPL-3.0", registry()),
        package("unsaid", "", registry()),
        package("forked", "MIT", "git+https://example.com/x".into()),
        package("beside", "MIT", Value::Null),
    ];
    let found = unfit(&serde_json::json!({"packages": packages}));
    let says: Vec<&str> = found.iter().map(|it| it.says.as_str()).collect();
    assert_eq!(
        says,
        [
            "bound 1.0.0 has the licence \"MIT AND GPL-3.0\"",
            "unsaid 1.0.0 has the licence \"\"",
            "forked 1.0.0 comes from \"git+https://example.com/x\"",
            "beside 1.0.0 comes from \"\"",
        ]
    );
}
