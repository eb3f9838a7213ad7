//! Exports hold the manifest, no more and no less.

mod helm;

use crate::draws::Draws;
use crate::round_trip::generated::{self, Style};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use statefulset_playground::manifest::Manifest;
use statefulset_playground::manifest::examples::EXAMPLES;
use statefulset_playground::manifest::export::{self, File};
use std::fs;
use std::io::Read;

/// The examples, drawn layouts, recorded manifests that are right, and what Helm itself would read.
fn manifests() -> Vec<String> {
    let mut all: Vec<String> = EXAMPLES.iter().map(|example| example.text().to_owned()).collect();
    let mut draws = Draws(3);
    for index in 0..120 {
        all.push(generated::text(index, &Style::drawn(&mut draws)).0);
    }
    all.extend(recorded());
    let web = EXAMPLES[0].text();
    all.push(web.replace("replicas: 3", "replicas: 3 # {{ .Values.count }} of them"));
    all.push(web.replace("  name: web\n", "  name: web\n  annotations: {tpl: \"{{ x }}\"}\n"));
    // The API server takes any text for an image.
    let line = web.lines().find(|line| line.contains(" image: ")).unwrap();
    for image in [
        r#"'a"b:1'"#,
        r#"'a@{{ fail "b" }}'"#,
        "'a:{{ 1 }}'",
        "'a:1 # b'",
        r#""a:1\u2028b: c""#,
        r#""a\\b:1""#,
    ] {
        let (start, _) = line.split_once("image: ").unwrap();
        all.push(web.replace(line, &format!("{start}image: {image}")));
    }
    all
}

fn recorded() -> Vec<String> {
    let path =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/apiserver/validation.jsonl.gz");
    let mut lines = String::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut lines).unwrap();
    let cases = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let right = cases.filter(|case| case["kubectl"]["exit"] == 0);
    right.map(|case| case["manifest"].as_str().unwrap().to_owned()).collect()
}

fn values(text: &str) -> Vec<Value> {
    Manifest::parse(text).documents.iter().map(|document| document.value()).collect()
}

fn find<'a>(files: &'a [File], end: &str) -> &'a str {
    &files.iter().find(|file| file.path.ends_with(end)).unwrap_or_else(|| panic!("{end}")).text
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}"))
}

/// What `helm template` gives: the templates of objects, in order.
fn rendered(files: &[File], values: &Value) -> Vec<Value> {
    let templates = files.iter().filter(|file| file.path.contains("/templates/"));
    let objects = templates.filter(|file| file.path.ends_with(".yaml"));
    objects.flat_map(|file| self::values(&helm::render(&file.text, values))).collect()
}

/// A chart that is installed with its own values makes the objects of the manifest.
pub fn templates_to(text: &str) {
    let files = export::chart(&Manifest::parse(text));
    let defaults = yaml(find(&files, "values.yaml"));
    assert_eq!(rendered(&files, &defaults), values(text), "{text}");
    fits(&defaults, &serde_json::from_str(find(&files, "values.schema.json")).unwrap());
    are_inside(&files);
}

/// The paths of an export lead to nowhere but below its own folder.
fn are_inside(files: &[File]) {
    for File { path, .. } in files {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let is_name = |part: &str| !part.trim_matches('.').is_empty() && part.chars().all(is_plain);
        assert!(path.split('/').all(is_name), "{path:?}");
    }
}

#[test]
fn a_chart_templates_to_the_manifest() {
    manifests().iter().for_each(|text| templates_to(text));
}

#[test]
fn a_chart_is_complete_and_its_values_fit_its_schema() {
    for text in manifests() {
        let files = export::chart(&Manifest::parse(&text));
        let about = yaml(find(&files, "/Chart.yaml"));
        let name = about["name"].as_str().unwrap();
        assert_eq!((&about["apiVersion"], &about["type"]), (&json!("v2"), &json!("application")));
        assert!(about["version"] == "0.1.0" && about["appVersion"].is_string());
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        let mut paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        for path in &paths {
            assert!(path.starts_with(&format!("{name}/")) && path.len() < 100, "{path}");
        }
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), files.len(), "two files of one name");
        let schema: Value = serde_json::from_str(find(&files, "values.schema.json")).unwrap();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        fits(&yaml(find(&files, "values.yaml")), &schema);
        let helpers = find(&files, "_helpers.tpl");
        for helper in ["name", "fullname", "chart", "labels", "selectorLabels"] {
            assert!(helpers.contains(&format!("define \"{name}.{helper}\"")), "{helper}");
        }
        assert!(find(&files, "NOTES.txt").contains("{{ .Release.Name }}"));
    }
}

/// Whether a value is what a schema says, as far as our schemas say anything.
fn fits(value: &Value, schema: &Value) {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        other => panic!("{other}"),
    };
    match &schema["type"] {
        Value::String(name) => assert!(is(name), "{value} is no {name}"),
        Value::Array(names) => assert!(names.iter().any(|name| is(name.as_str().unwrap()))),
        other => panic!("{other}"),
    }
    if let Some(choices) = schema["enum"].as_array() {
        assert!(choices.contains(value), "{value} is none of {choices:?}");
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        fits(value, &schema["properties"][key]);
    }
}

#[test]
fn values_change_what_they_name_and_nothing_else() {
    let text = EXAMPLES[0].text();
    let files = export::chart(&Manifest::parse(text));
    let mut chosen = yaml(find(&files, "values.yaml"));
    chosen["replicaCount"] = 1_000_000.into();
    chosen["image"]["tag"] = "9".into();
    chosen["persistence"]["www"]["size"] = "7Gi".into();
    let mut wanted = values(text);
    let set = wanted.iter_mut().find(|it| it["kind"] == "StatefulSet").unwrap();
    set["spec"]["replicas"] = 1_000_000.into();
    let image = &mut set["spec"]["template"]["spec"]["containers"][0]["image"];
    *image = format!("{}:9", image.as_str().unwrap().rsplit_once(':').unwrap().0).into();
    set["spec"]["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"] =
        "7Gi".into();
    assert_eq!(rendered(&files, &chosen), wanted);
}

#[test]
fn sets_of_one_chart_have_values_of_their_own() {
    let style = Style { frame: generated::Frame::TwoSets, ..Style::drawn(&mut Draws(1)) };
    let (text, _) = generated::text(0, &style);
    let files = export::chart(&Manifest::parse(&text));
    let mut chosen = yaml(find(&files, "values.yaml"));
    let groups: Vec<String> = chosen.as_object().unwrap().keys().cloned().collect();
    assert_eq!(groups.len(), 2, "{groups:?}");
    chosen[&groups[0]]["replicaCount"] = 8.into();
    let counts: Vec<i64> = rendered(&files, &chosen)
        .iter()
        .filter(|it| it["kind"] == "StatefulSet")
        .map(|it| it["spec"]["replicas"].as_i64().unwrap())
        .collect();
    assert_eq!(counts.iter().filter(|count| **count == 8).count(), 1, "{counts:?}");
}

#[test]
fn a_kustomization_has_the_documents_and_an_overlay_that_changes_nothing() {
    manifests().iter().for_each(|text| is_built_to(text));
}

/// A kustomization is built to the objects of the manifest.
pub fn is_built_to(text: &str) {
    let files = export::kustomization(&Manifest::parse(text));
    let base = yaml(find(&files, "base/kustomization.yaml"));
    let mut objects = Vec::new();
    for resource in base["resources"].as_array().unwrap() {
        objects.extend(values(find(&files, &format!("base/{}", resource.as_str().unwrap()))));
    }
    assert_eq!(objects, values(text));
    let overlay = yaml(find(&files, "overlays/custom/kustomization.yaml"));
    assert_eq!(overlay["resources"], json!(["../../base"]));
    assert_eq!(built(&overlay, objects.clone()), objects, "{overlay}");
    are_inside(&files);
}

/// What kustomize makes of objects with an overlay, as far as ours goes.
fn built(overlay: &Value, mut objects: Vec<Value>) -> Vec<Value> {
    let list = |key: &str| overlay[key].as_array().cloned().unwrap_or_default();
    for object in objects.iter_mut().filter(|object| object["kind"] == "StatefulSet") {
        let name = object["metadata"]["name"].clone();
        for entry in list("replicas").iter().filter(|entry| entry["name"] == name) {
            object["spec"]["replicas"] = entry["count"].clone();
        }
        for group in ["initContainers", "containers"] {
            let containers = object["spec"]["template"]["spec"][group].as_array_mut();
            for container in containers.into_iter().flatten() {
                let Some(image) = container["image"].as_str().map(str::to_owned) else { continue };
                for entry in list("images") {
                    let name = entry["name"].as_str().unwrap();
                    let rest = image.strip_prefix(name);
                    if !rest.is_some_and(|it| it.is_empty() || it.starts_with([':', '@'])) {
                        continue;
                    }
                    if let Some(tag) = entry["newTag"].as_str() {
                        container["image"] = format!("{name}:{tag}").into();
                    }
                    if let Some(digest) = entry["digest"].as_str() {
                        container["image"] = format!("{name}@{digest}").into();
                    }
                }
            }
        }
        for patch in list("patches").iter().filter(|patch| patch["target"]["name"] == name) {
            for operation in yaml(patch["patch"].as_str().unwrap()).as_array().unwrap() {
                assert_eq!(operation["op"], "replace");
                let path = operation["path"].as_str().unwrap();
                *object.pointer_mut(path).expect(path) = operation["value"].clone();
            }
        }
    }
    objects.iter_mut().for_each(drop_nulls);
    objects
}

/// Looking at what is not there leaves nulls behind.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[test]
fn an_archive_holds_the_files_and_is_always_the_same() {
    let files = export::chart(&Manifest::parse(EXAMPLES[0].text()));
    let packed = export::tar_gz(&files);
    assert_eq!(packed, export::tar_gz(&files));
    let mut tar = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut tar).unwrap();
    assert_eq!(tar.len() % 512, 0);
    let mut found = Vec::new();
    let mut at = 0;
    while tar[at] != 0 {
        let field = |from: usize, length: usize| {
            let bytes = &tar[at + from..at + from + length];
            let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(length);
            String::from_utf8(bytes[..end].to_vec()).unwrap()
        };
        let length = usize::from_str_radix(&field(124, 12), 8).unwrap();
        let sum: u32 = (0..512)
            .map(|byte| if (148..156).contains(&byte) { 32 } else { u32::from(tar[at + byte]) })
            .sum();
        assert_eq!(u32::from_str_radix(field(148, 6).trim(), 8).unwrap(), sum);
        assert_eq!((field(257, 6).as_str(), field(156, 1).as_str()), ("ustar", "0"));
        let text = String::from_utf8(tar[at + 512..at + 512 + length].to_vec()).unwrap();
        found.push((field(0, 100), text));
        at += 512 + length.next_multiple_of(512);
    }
    let wanted: Vec<_> = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    assert_eq!(found, wanted);
    assert_eq!(tar.len() - at, 1024);
}

#[test]
fn what_kustomize_would_refuse_or_misread_is_written_anew() {
    let web = EXAMPLES[0].text();
    let base = |text: &str| {
        let files = export::kustomization(&Manifest::parse(text));
        find(&files, "base/statefulset-web.yaml").to_owned()
    };
    assert!(base(web).contains("# the Service above"), "what is plain stays as it is written");
    let twice = web.replace("  replicas: 3\n", "  replicas: 2\n  replicas: 3\n");
    assert_eq!(base(&twice).matches("replicas").count(), 1);
    let dated = web.replace("  name: web\nspec", "  name: web\n  labels: {at: 2024-01-02}\nspec");
    assert!(base(&dated).contains("at: \"2024-01-02\""), "{}", base(&dated));
}
