//! Resources that a server defines besides those that are built in, as clients of it name them.

use serde_json::{Value, json};
use statefulset_playground::api::change::{self, Change, PatchType, Reply, Request};
use statefulset_playground::api::{Kubernetes, Resource, Status, Tree, Version, custom};
use statefulset_playground::client::{Server, discovery};
use statefulset_playground::terminal::computer::Terminal;
use statefulset_playground::terminal::world::{World, not_found};
use std::rc::Rc;

/// A server that serves backups, and keeps whatever it is sent.
#[derive(Default)]
struct Small {
    objects: Vec<Rc<Value>>,
    /// How objects were patched.
    patches: Vec<(PatchType, Value)>,
    kubernetes: Kubernetes,
}

fn backups() -> Resource {
    let definition = json!({"spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"kind": "Backup", "plural": "backups", "singular": "copy", "shortNames": ["bk"]},
        "versions": [{"name": "v1", "served": true}, {"name": "v1beta1", "served": true}],
    }});
    *custom::kind_of(&definition).expect("it says enough").row()
}

impl World for Small {}

impl Server for Small {
    fn now(&self) -> i64 {
        1_795_000_000_000
    }

    fn kubernetes(&self) -> Kubernetes {
        self.kubernetes
    }

    fn defined(&self) -> Vec<Resource> {
        vec![backups()]
    }

    fn list(&self, resource: &Resource) -> Vec<Rc<Value>> {
        self.objects.iter().filter(|it| it.text("kind") == resource.kind).cloned().collect()
    }

    fn request(&mut self, request: &Request) -> Result<Reply, Status> {
        let name = |it: &Value| it.at("metadata").text("name").to_owned();
        let resource = discovery::of_kind(self, &request.kind, &request.api_version);
        let resource = resource.expect("a client asks for what is served");
        let place = self.objects.iter().position(|it| name(it) == request.name);
        let object = match (&request.change, place) {
            (Change::Create(object), _) => object.clone(),
            (_, None) => return Err(not_found(&resource, &request.name)),
            (Change::Delete { .. }, Some(place)) => {
                let object = (*self.objects.remove(place)).clone();
                return Ok(Reply { object, warnings: Vec::new() });
            }
            (change, Some(place)) => {
                if let Change::Patch(kind, patch) = change {
                    self.patches.push((*kind, patch.clone()));
                }
                change::merged(&self.objects.remove(place), change)?
            }
        };
        self.objects.push(Rc::new(object.clone()));
        Ok(Reply { object, warnings: Vec::new() })
    }
}

/// What a line prints.
fn run(world: &mut Small, line: &str) -> String {
    let mut terminal = Terminal::default();
    terminal.submit(line, world);
    assert!(!terminal.is_busy(), "{line}");
    terminal.take_output().into_iter().map(|(_, text)| text).collect()
}

const MANIFEST: &str = r#"{"apiVersion": "example.com/v1", "kind": "Backup",
    "metadata": {"name": "nightly"}, "spec": {"volumes": [{"name": "a"}, {"name": "b"}]}}"#;

fn apply(world: &mut Small, manifest: &str) -> String {
    run(world, &format!("echo '{manifest}' | kubectl apply -f -"))
}

#[test]
fn what_a_server_defines_is_named_as_what_is_built_in() {
    let mut world = Small::default();
    assert_eq!(apply(&mut world, MANIFEST), "backup.example.com/nightly created\n");
    let words =
        ["bk", "backup", "Backups", "copy", "backups.example.com", "backups.v1.example.com"];
    for word in words {
        let printed = run(&mut world, &format!("kubectl get {word} -o name"));
        assert_eq!(printed, "backup.example.com/nightly\n", "{word}");
    }
    let printed = run(&mut world, "kubectl get bk/nightly -o jsonpath={.spec.volumes[1].name}");
    assert_eq!(printed, "b");
    assert!(run(&mut world, "kubectl get backups").contains("nightly"));
    assert_eq!(
        run(&mut world, "kubectl get backups.apps"),
        "error: the server doesn't have a resource type \"backups\"\n"
    );
    assert_eq!(
        run(&mut world, "kubectl delete bk nightly"),
        "backup.example.com \"nightly\" deleted from default namespace\n"
    );
}

#[test]
fn the_api_lists_what_a_server_defines() {
    let mut world = Small::default();
    assert_eq!(
        run(&mut world, "kubectl api-resources --api-group=example.com"),
        "NAME      SHORTNAMES   APIVERSION       NAMESPACED   KIND\n\
         backups   bk           example.com/v1   true         Backup\n"
    );
    let names = run(&mut world, "kubectl api-resources -o name");
    let place = |name: &str| names.lines().position(|it| it == name).expect(name);
    assert_eq!(place("backups.example.com"), place("events.events.k8s.io") + 1);
    assert!(run(&mut world, "kubectl api-versions").contains("\nexample.com/v1\n"));
    assert_eq!(run(&mut world, "kubectl auth can-i get bk"), "yes\n");
    let role = run(
        &mut world,
        "kubectl create role x --verb=get --resource=bk --dry-run=client -o jsonpath={.rules}",
    );
    assert_eq!(role, r#"[{"apiGroups":["example.com"],"resources":["backups"],"verbs":["get"]}]"#);
}

#[test]
fn words_of_what_a_server_defines_are_completed() {
    let mut world = Small::default();
    apply(&mut world, MANIFEST);
    for (line, wanted) in [("kubectl get backu", ["backups"]), ("kubectl get bk n", ["nightly"])] {
        let found = Terminal::default().complete(line, line.len(), &world).candidates;
        assert_eq!(found, wanted, "{line}");
    }
}

#[test]
fn lists_of_what_is_not_built_in_are_replaced() {
    let mut world = Small::default();
    apply(&mut world, MANIFEST);
    let less = MANIFEST.replace(r#"{"name": "a"}, "#, "");
    assert_eq!(apply(&mut world, &less), "backup.example.com/nightly configured\n");
    let (kind, patch) = world.patches.pop().expect("it is patched");
    assert_eq!(kind, PatchType::Merge);
    assert_eq!(patch["spec"], json!({"volumes": [{"name": "b"}]}));
    assert_eq!(apply(&mut world, &less), "backup.example.com/nightly unchanged\n");
    let other = MANIFEST.replace("example.com/v1", "example.com/v1beta1");
    assert!(apply(&mut world, &other).ends_with(" configured\n"));
}

#[test]
fn what_nobody_serves_is_refused() {
    let mut world = Small::default();
    let other = MANIFEST.replace("Backup", "Restore");
    assert_eq!(
        apply(&mut world, &other),
        "error: resource mapping not found for name: \"nightly\" namespace: \"\" from \"STDIN\": \
         no matches for kind \"Restore\" in version \"example.com/v1\"\nensure CRDs are installed \
         first\n"
    );
    let older = Kubernetes { version: Version::V1_35, ..Kubernetes::default() };
    let mut older = Small { kubernetes: older, ..Small::default() };
    let line = "kubectl get mutatingadmissionpolicies";
    assert!(run(&mut world, line).starts_with("No resources found"));
    assert!(run(&mut older, line).starts_with("error: the server doesn't have a resource type"));
}
