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

#[test]
fn stops_what_leads_to_too_much() {
    let items: Vec<Value> = (0..300).map(|at| json!({"name": at, "all": [1, 2, 3]})).collect();
    let object = json!({"items": items});
    let print = |text: &str| Template::parse(text).expect(text).print(&object);
    let repeated = |text: &str, times: usize| text.repeat(times);
    for text in [
        repeated("{..*}", 1_000),
        format!("{{.items[{}*]}}", repeated("*,", 4_000)),
        format!("{}x{}", repeated("{range $.items[*]}", 9), repeated("{end}", 9)),
        repeated("{.items[?(@..name > 1000)]}", 1_000),
        repeated("{@}", 1_000),
    ] {
        assert_eq!(print(&text), Err(TOO_MUCH.into()), "{}", &text[..12]);
    }
    let style = Style { is_json: true, ..Style::default() };
    let many = Template::parse(&repeated("{@}", 1_000)).expect("a template");
    assert_eq!(many.print_as(&object, style), Err(TOO_MUCH.into()));
    let all = print("{range .items[*]}{..*}{end}{..name}").expect("it is not too much");
    assert!(all.ends_with(" 298 299"), "{}", all.len());
}
