//! Who owns what after writes and configurations of several managers.

use super::*;

fn writer(manager: &str) -> Writer<'_> {
    Writer { manager, api_version: "apps/v1", subresource: "", time: "" }
}

fn set(image: &str, replicas: i64) -> Value {
    json!({"kind": "StatefulSet", "metadata": {"name": "db", "labels": {"app": "db"}}, "spec": {
        "replicas": replicas,
        "template": {"spec": {"containers": [{"name": "main", "image": image}]}},
    }})
}

#[test]
fn owns_what_it_creates() {
    let managers = Managers::of_new(&set("a", 1), writer("kubectl-create"));
    let own = managers.entries()[0].at("fieldsV1").to_string();
    assert_eq!(
        own,
        "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:app\":{}}},\"f:spec\":{\"f:replicas\":{},\
         \"f:template\":{\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"main\\\"}\":{\".\":{},\
         \"f:image\":{},\"f:name\":{}}}}}}}"
    );
}

#[test]
fn refuses_what_others_own_and_names_them() {
    let mut managers = Managers::default();
    let live = managers.apply(&json!({}), &set("a", 1), writer("kubectl"), false).unwrap();
    let refused = |managers: &Managers, said: &Value, name: &str| {
        managers.clone().apply(&live, said, writer(name), false).unwrap_err()
    };
    assert_eq!(
        refused(&managers, &set("b", 1), "other"),
        "Apply failed with 1 conflict: conflict with \"kubectl\": \
         .spec.template.spec.containers[name=\"main\"].image"
    );
    let scaled = set("a", 3);
    managers.update(&live, &scaled, Writer { subresource: "scale", ..writer("kubectl") });
    assert_eq!(
        managers.apply(&scaled, &set("b", 1), writer("other"), false).unwrap_err(),
        "Apply failed with 2 conflicts: conflicts with \"kubectl\":\n\
         - .spec.template.spec.containers[name=\"main\"].image\n\
         conflicts with \"kubectl\" with subresource \"scale\" using apps/v1:\n- .spec.replicas"
    );
}

#[test]
fn takes_by_force_and_gives_up_what_it_no_longer_says() {
    let mut managers = Managers::default();
    let live = managers.apply(&json!({}), &set("a", 1), writer("kubectl"), false).unwrap();
    let only = json!({"spec": {"replicas": 2}});
    let live = managers.apply(&live, &only, writer("scaler"), true).unwrap();
    assert_eq!(live, set("a", 2));
    let live = managers.apply(&live, &json!({"metadata": {}}), writer("kubectl"), false).unwrap();
    assert_eq!(live.at("spec"), only.at("spec"));
}

#[test]
fn lets_kubectl_take_what_its_annotation_says() {
    let mut first = set("a", 1);
    let text = first.to_string();
    first.open("metadata").open("annotations").put(LAST_APPLIED, text);
    let mut managers = Managers::of_new(&first, writer("kubectl-client-side-apply"));
    let conflict = managers.clone().apply(&first, &set("b", 1), writer("other"), false);
    assert!(conflict.unwrap_err().contains("\"kubectl-client-side-apply\" using apps/v1"));
    let live = managers.apply(&first, &set("b", 1), writer("kubectl"), false).unwrap();
    assert!(last_applied(&live).is_some_and(|text| text.contains("\"b\"")));
}
