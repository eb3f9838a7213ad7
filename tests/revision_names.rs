//! Revisions are named as the real controller names them, byte for byte.

use serde_json::Value;
use statefulset_playground::api::{Kubernetes, Tree, Version, decode, revision, rules};

#[test]
fn revisions_have_the_recorded_bytes_and_names() {
    let recorded = include_str!("conformance/controller/revision-names.jsonl");
    let mut cases = 0;
    for line in recorded.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        for version in Version::ALL {
            let mut object = decode::decode(&case["manifest"]).unwrap();
            rules::apply(&mut object, &Kubernetes::new(version));
            let patch = revision::template_patch(object.spec().at("template"));
            assert_eq!(patch, case["data"].as_str().unwrap());
            assert_eq!(revision::name(object.name(), &patch, 0), case["name"].as_str().unwrap());
        }
        cases += 1;
    }
    assert_eq!(cases, 11);
}
