//! What the form reads from a text and does to it.

use expect_test::{Expect, expect};
use statefulset_playground::manifest::form::{self, FIELDS, FormField, ProbeField, ProbeKind};
use statefulset_playground::manifest::{EditError, Manifest, examples::EXAMPLES};

fn example(id: &str) -> &'static str {
    EXAMPLES.iter().find(|example| example.id == id).unwrap().text()
}

/// The lines that differ after a series of edits.
fn check(text: &str, edits: &[(FormField, Option<&str>)], expected: Expect) {
    let mut now = text.to_owned();
    for (field, value) in edits {
        let edited = form::set(&Manifest::parse(&now), *field, *value).unwrap();
        let mut patched = now.clone();
        for patch in edited.patches.iter().rev() {
            patched.replace_range(patch.range.clone(), &patch.replacement);
        }
        assert_eq!(patched, edited.text, "the patches do not lead to the text");
        now = edited.text;
    }
    let mut out = String::new();
    let (old, new): (Vec<_>, Vec<_>) = (text.lines().collect(), now.lines().collect());
    let gone = changed(&new, &old);
    let come = changed(&old, &new);
    gone.iter().for_each(|at| out.push_str(&format!("-{}\n", old[*at])));
    come.iter().for_each(|at| out.push_str(&format!("+{}\n", new[*at])));
    expected.assert_eq(&out);
}

fn changed(from: &[&str], to: &[&str]) -> Vec<usize> {
    let join = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let lines = statefulset_playground::manifest::diff_lines(&join(from), &join(to));
    lines.into_iter().map(|line| line as usize - 1).collect()
}

const READINESS: ProbeKind = ProbeKind::Readiness;

#[test]
fn one_value_is_one_line() {
    check(
        example("web"),
        &[(FormField::Replicas, Some("5"))],
        expect![[r#"
        -  replicas: 3
        +  replicas: 5
    "#]],
    );
    check(
        example("web"),
        &[(FormField::StorageSize, Some("5Gi"))],
        expect![[r#"
        -            storage: 1Gi
        +            storage: 5Gi
    "#]],
    );
    check(
        example("web"),
        &[(FormField::AccessMode, Some("ReadWriteMany"))],
        expect![[r#"
        -        accessModes: ["ReadWriteOnce"]
        +        accessModes: ["ReadWriteMany"]
    "#]],
    );
    check(
        example("web"),
        &[(FormField::Replicas, Some("abc"))],
        expect![[r#"
        -  replicas: 3
        +  replicas: abc
    "#]],
    );
    check(
        example("web"),
        &[(FormField::Name, Some("no"))],
        expect![[r#"
        -  name: web
        +  name: "no"
    "#]],
    );
}

#[test]
fn absent_fields_find_their_place() {
    let edits = [
        (FormField::PodManagementPolicy, Some("Parallel")),
        (FormField::Partition, Some("2")),
        (FormField::MaxUnavailable, Some("50%")),
        (FormField::WhenScaled, Some("Delete")),
        (FormField::StorageClass, Some("fast")),
        (FormField::OrdinalsStart, Some("1")),
        (FormField::Namespace, Some("default")),
    ];
    check(
        example("web"),
        &edits,
        expect![[r#"
        +  namespace: default
        +  namespace: default
        +  ordinals:
        +    start: 1
        +  podManagementPolicy: Parallel
        +  updateStrategy:
        +    rollingUpdate:
        +      partition: 2
        +      maxUnavailable: 50%
        +  persistentVolumeClaimRetentionPolicy:
        +    whenScaled: Delete
        +        storageClassName: fast
    "#]],
    );
}

#[test]
fn what_belongs_together_changes_together() {
    check(
        example("web"),
        &[(FormField::ServiceName, Some("db"))],
        expect![[r#"
        -  name: nginx
        -  serviceName: nginx # the Service above
        +  name: db
        +  serviceName: db # the Service above
    "#]],
    );
    check(
        example("web"),
        &[(FormField::ClaimName, Some("disk"))],
        expect![[r#"
        -            - name: www
        -        name: www
        +            - name: disk
        +        name: disk
    "#]],
    );
    check(
        example("web"),
        &[(FormField::ContainerPort, Some("8080"))],
        expect![[r#"
        -      port: 80
        -              containerPort: 80
        +      port: 8080
        +              containerPort: 8080
    "#]],
    );
    check(
        example("web"),
        &[(FormField::Storage, None)],
        expect![[r#"
        -          volumeMounts:
        -            - name: www
        -              mountPath: /usr/share/nginx/html
        -  volumeClaimTemplates:
        -    - metadata:
        -        name: www
        -      spec:
        -        accessModes: ["ReadWriteOnce"]
        -        resources:
        -          requests:
        -            storage: 1Gi
    "#]],
    );
}

#[test]
fn what_was_taken_out_together_comes_back_together() {
    let edits = [(FormField::Storage, None), (FormField::Storage, Some("true"))];
    check(
        example("web"),
        &edits,
        expect![[r#"
            -            - name: www
            -              mountPath: /usr/share/nginx/html
            -  # One claim for each pod: www-web-0, www-web-1, www-web-2.
            -  # A claim stays when its pod goes, and its next pod finds the files again.
            -        name: www
            +            - name: data
            +              mountPath: /data
            +        name: data
            +  # One claim for each pod: www-web-0, www-web-1, www-web-2.
            +  # A claim stays when its pod goes, and its next pod finds the files again.
        "#]],
    );
    let edits = [(FormField::Partition, Some("2")), (FormField::UpdateStrategy, Some("OnDelete"))];
    check(
        example("web"),
        &edits,
        expect![[r#"
        +  updateStrategy:
        +    type: OnDelete
    "#]],
    );
}

#[test]
fn probes_come_change_and_go() {
    let probe = |field| FormField::Probe(READINESS, field);
    let on = (probe(ProbeField::Enabled), Some("true"));
    check(
        example("web"),
        &[on],
        expect![[r#"
        +          readinessProbe:
        +            httpGet:
        +              path: /
        +              port: 80
    "#]],
    );
    check(
        example("web"),
        &[on, (probe(ProbeField::Handler), Some("exec"))],
        expect![[r#"
        +          readinessProbe:
        +            exec:
        +              command: ["true"]
    "#]],
    );
    let edits = [
        on,
        (probe(ProbeField::PeriodSeconds), Some("3")),
        (probe(ProbeField::Handler), Some("exec")),
        (probe(ProbeField::Command), Some("sh -c 'exit 1'")),
    ];
    check(
        example("web"),
        &edits,
        expect![[r#"
            +          readinessProbe:
            +            exec:
            +              command: ["sh", "-c", "exit 1"]
            +            periodSeconds: 3
        "#]],
    );
    check(example("web"), &[on, (probe(ProbeField::Enabled), None)], expect![[""]]);
    let edits = [(probe(ProbeField::Handler), Some("grpc"))];
    check(
        example("web-app"),
        &edits,
        expect![[r#"
        -            httpGet:
        -              path: /
        -              port: http
        +            grpc:
        +              port: 5000
    "#]],
    );
}

#[test]
fn fields_without_a_place_say_so() {
    let set = |text: &str, field, value| form::set(&Manifest::parse(text), field, value).err();
    let period = FormField::Probe(READINESS, ProbeField::PeriodSeconds);
    let web = example("web");
    assert_eq!(set(web, period, Some("3")), Some(EditError::NotApplicable));
    assert_eq!(set("a: [", FormField::Name, Some("x")), Some(EditError::Syntax));
    assert_eq!(set("a: b", FormField::Name, Some("x")), Some(EditError::NoStatefulSet));
    let on_delete = form::set(&Manifest::parse(web), FormField::UpdateStrategy, Some("OnDelete"));
    let on_delete = on_delete.unwrap().text;
    assert_eq!(set(&on_delete, FormField::Partition, Some("1")), Some(EditError::NotApplicable));
}

#[test]
fn labels_are_unique_within_their_group() {
    for (at, field) in FIELDS.iter().enumerate() {
        let same = |other: &form::Field| other.group == field.group && other.label == field.label;
        assert!(!FIELDS[..at].iter().any(same), "{field:?}");
        assert_eq!(form::describe(field.field), field);
    }
}

#[test]
fn flow_style_stays_flow_style() {
    let text = "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {replicas: 3, \
                serviceName: a, template: {spec: {containers: [{name: web, image: nginx}]}}}}\n";
    let set = |field, value| form::set(&Manifest::parse(text), field, value).unwrap().text;
    let swap = |from: &str, to: &str| {
        assert!(text.contains(from));
        text.replace(from, to)
    };
    assert_eq!(set(FormField::Replicas, None), swap("replicas: 3, ", ""));
    assert_eq!(set(FormField::Replicas, Some("5")), swap("replicas: 3", "replicas: 5"));
    assert_eq!(
        set(FormField::Partition, Some("1")),
        swap("nginx}]}}}}", "nginx}]}}, updateStrategy: {rollingUpdate: {partition: 1}}}}")
    );
    assert_eq!(
        set(FormField::ContainerPort, Some("80")),
        swap("image: nginx}", "image: nginx, ports: [{containerPort: 80}]}")
    );
}

#[test]
fn the_first_key_of_an_item_leaves_its_dash() {
    let text = "apiVersion: apps/v1\nkind: StatefulSet\nspec:\n  template:\n    spec:\n      \
                containers:\n      - image: nginx\n        name: web\n";
    let set = |field, value| form::set(&Manifest::parse(text), field, value).unwrap().text;
    let without = text.replace("image: nginx\n        name", "name");
    assert_eq!(set(FormField::Image, None), without);
    let port =
        text.replace("name: web\n", "name: web\n        ports:\n        - containerPort: 80\n");
    assert_eq!(set(FormField::ContainerPort, Some("80")), port);
}
