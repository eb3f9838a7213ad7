//! Templates and paths, and what they print.

use super::*;
use serde_json::json;

#[test]
fn prints_what_templates_ask_for() {
    let object = json!({"items": [
        {"metadata": {"name": "a", "labels": {"x.y/z": "1"}}, "n": 1, "c": [{"t": "A", "s": true}]},
        {"metadata": {"name": "b"}, "n": 2, "c": []},
    ]});
    let cases = [
        ("{.items[*].metadata.name}", "a b"),
        ("{.items[0].metadata.name} {.items[-1:].metadata.name}", "a b"),
        ("{range .items[*]}{.metadata.name}{\"\\t\"}{.n}{\"\\n\"}{end}", "a\t1\nb\t2\n"),
        ("{range .items}{.metadata.name};{end}", "a;b;"),
        ("{.items[?(@.n>1)].metadata.name}", "b"),
        ("{.items[?(@.metadata.name==\"a\")].n}", "1"),
        ("{.items[0].metadata.labels.x\\.y/z}", "1"),
        ("{.items[0].metadata.labels['x.y/z']}", "1"),
        ("{..name}", "a b"),
        ("{.nope}", ""),
        ("{.items[0].c}", "[{\"s\":true,\"t\":\"A\"}]"),
        ("{$.items[0].c[?(@.t==\"A\")].s}", "true"),
        ("plain", "plain"),
    ];
    for (template, wanted) in cases {
        let template = Template::parse(template).expect(template);
        assert_eq!(template.print(&object).unwrap(), wanted);
    }
    for text in ["{", "{.a[}", "{range .a}", "{end}", "{.a[x]}", "{'}", "{\\", "{.a[?(]}", "{é}"] {
        // Refused or read, but never a panic.
        let _ = Template::parse(text).map(|it| it.print(&object));
    }
}
