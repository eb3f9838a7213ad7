//! What attackers put into saved work: texts that mean something to what reads them, numbers that do
//! not fit, other types, deep trees, and what a link is not to hold.

use crate::draws::Draws;
use serde_json::{Map, Value, json};

/// Texts, each kind of attack with its own.
const TEXTS: [(&str, &[&str]); 8] = [
    (
        "shell",
        &[
            "web; : > pwned",
            "$(: > pwned)",
            "`: > pwned`",
            "web' ; : > pwned ; '",
            "web\" ; : > pwned ; \"",
            "web\n: > pwned",
            "web && : > pwned",
            "a > pwned",
            "$HOME ~ *",
            "-f/etc/passwd",
            "a  b\\",
        ],
    ),
    (
        "here-document",
        &["x\nEOF\n: > pwned\n", "EO\0F\n: > pwned\n", "x\r\nEOF\r\n: > pwned\r\n", "a\nEOF"],
    ),
    (
        "markdown",
        &[
            "![x](https://evil.example/a.png)",
            "[x](javascript:alert(1))",
            "```\n\n# x\n\n![x](https://evil.example/)\n",
            "~~~\n````\n`````\n[x](https://evil.example)\n",
            "x | y |\n| - |",
            "\\| a \\\\| ![x](https://evil.example)",
            "<https://evil.example>",
            "*a* _b_ ~c~ [^1] `d",
        ],
    ),
    (
        "html",
        &[
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "</text><script>alert(1)</script>",
            "\n\n<div onclick='x'>\n\n",
            "<!-- ",
            "&lt;b&gt; & \"",
        ],
    ),
    ("template", &["{{ .Values.x }}", "}}{{", "{{/*", "{{- fail \"x\" -}}", "{"]),
    ("path", &["../../etc/passwd", "/etc/passwd", "..\\..\\x", "../", ".", "CON"]),
    (
        "hidden",
        &["a\0b", "a\u{202e}b", "\u{1b}[2J\u{1b}]0;x\u{7}", "a\rb", "\u{feff}\u{200b}", "a\u{85}b"],
    ),
    ("yaml", &["a: b", "- x", "\"", "'", "a\u{2028}b: c", "a # x", "&a *a", "on", "1e3", "|"]),
];

/// A thing that was planted: the kind of attack, and the saved work.
pub struct Planted {
    pub class: &'static str,
    pub saved: Value,
}

/// Plants one attack in a piece of saved work.
pub fn plant(draws: &mut Draws, honest: &Value) -> Planted {
    let mut saved = honest.clone();
    let class = match draws.below(16) {
        0 => number(draws, &mut saved),
        1 => other_type(draws, &mut saved),
        2 => deep(draws, &mut saved),
        3 | 4 => command(draws, &mut saved),
        5 => own(&mut saved),
        _ => text(draws, &mut saved),
    };
    Planted { class, saved }
}

/// A text in place of one, in one, or in place of all that are the same.
fn text(draws: &mut Draws, saved: &mut Value) -> &'static str {
    let (class, texts) = TEXTS[draws.below(TEXTS.len())];
    let attack = texts[draws.below(texts.len())];
    let Some(place) = leaf(draws, saved, &Value::is_string) else { return class };
    let before = saved.pointer(&place).and_then(Value::as_str).unwrap_or_default().to_owned();
    match draws.below(3) {
        0 => rename(saved, &before, attack),
        _ => *saved.pointer_mut(&place).unwrap() = within(draws, &before, attack).into(),
    }
    class
}

/// An attack in a text: all of it, at its end, or in a value of the JSON or YAML that it is.
fn within(draws: &mut Draws, text: &str, attack: &str) -> String {
    if let Ok(mut tree @ Value::Object(_)) = serde_json::from_str::<Value>(text)
        && let Some(place) = leaf(draws, &tree, &Value::is_string)
    {
        *tree.pointer_mut(&place).unwrap() = attack.into();
        return tree.to_string();
    }
    let lines: Vec<&str> = text.split('\n').collect();
    let valued: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(": ")).collect();
    if !valued.is_empty() && !draws.once_in(4) {
        let chosen = valued[draws.below(valued.len())];
        let quoted = Value::from(attack).to_string();
        let value = if draws.once_in(3) { attack.to_owned() } else { quoted };
        let line = |(at, line): (usize, &&str)| match line.split_once(": ") {
            Some((key, _)) if at == chosen => format!("{key}: {value}"),
            _ => (*line).to_owned(),
        };
        return lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\n");
    }
    match draws.below(3) {
        0 => format!("{text}{attack}"),
        1 => format!("{text}\n# {attack}\n"),
        _ => attack.to_owned(),
    }
}

/// The same text in place of every one that is this one, also in JSON that a text is.
fn rename(tree: &mut Value, before: &str, after: &str) {
    match tree {
        Value::String(text) if text == before => *text = after.to_owned(),
        Value::String(text) if text.starts_with('{') => {
            if let Ok(mut inner) = serde_json::from_str::<Value>(text) {
                rename(&mut inner, before, after);
                *text = inner.to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, before, after)),
        Value::Object(members) => {
            members.values_mut().for_each(|member| rename(member, before, after));
        }
        _ => {}
    }
}

fn number(draws: &mut Draws, saved: &mut Value) -> &'static str {
    const NUMBERS: [&str; 9] = [
        "-1",
        "0",
        "1.5",
        "1e999",
        "2147483648",
        "9223372036854775807",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999999",
    ];
    if let Some(place) = leaf(draws, saved, &Value::is_number) {
        let number = serde_json::from_str(NUMBERS[draws.below(NUMBERS.len())]).unwrap();
        *saved.pointer_mut(&place).unwrap() = number;
    }
    "numbers"
}

fn other_type(draws: &mut Draws, saved: &mut Value) -> &'static str {
    let others = [json!(null), json!([]), json!({}), json!("x"), json!(1), json!(true)];
    if let Some(place) = leaf(draws, saved, &|_| true) {
        *saved.pointer_mut(&place).unwrap() = others[draws.below(others.len())].clone();
    }
    "types"
}

fn deep(draws: &mut Draws, saved: &mut Value) -> &'static str {
    let depth = [40, 100, 200][draws.below(3)];
    let tree = (0..depth).fold(json!("x"), |inner, level| match level % 2 {
        0 => json!([inner]),
        _ => json!({"a": inner}),
    });
    if let Some(place) = leaf(draws, saved, &|_| true) {
        *saved.pointer_mut(&place).unwrap() = tree;
    }
    "nesting"
}

/// A command that the page has not said.
fn command(draws: &mut Draws, saved: &mut Value) -> &'static str {
    let (_, texts) = TEXTS[draws.below(2)];
    let attack = texts[draws.below(texts.len())];
    let inputs = saved.pointer_mut("/session/inputs").and_then(Value::as_array_mut);
    if let Some(inputs) = inputs.filter(|inputs| !inputs.is_empty()) {
        let at = draws.below(inputs.len());
        let own = inputs[at]["command"].as_str().unwrap_or_default().to_owned();
        inputs[at]["command"] = match draws.below(4) {
            0 => attack.into(),
            1 => format!("{own}; {attack}").into(),
            2 => format!("kubectl cordon {attack}").into(),
            _ => "kubectl delete namespace default".into(),
        };
    }
    "commands"
}

/// What belongs to the person alone.
fn own(saved: &mut Value) -> &'static str {
    saved["terminal"] = json!({
        "history": ["rm -rf ~"],
        "aliases": {"kubectl": "rm -rf"},
        "files": {"/home/user/.bashrc": "rm -rf ~"},
    });
    saved["lesson"] = json!({
        "id": "first-statefulset",
        "text": json!({
            "title": "Planted", "group": "x", "story": "x", "start": {"manifest": ""},
            "tasks": [{"text": "x", "goal": {"kept": "Pod/web-0"}}],
        }).to_string(),
        "at": 0, "position": 0, "printed": [], "progress": {},
    });
    "own things"
}

/// A place in a tree, of which each name of a field is as likely as another one.
fn leaf(draws: &mut Draws, tree: &Value, is_it: &dyn Fn(&Value) -> bool) -> Option<String> {
    let mut places: Map<String, Value> = Map::new();
    let mut left = vec![(String::new(), tree)];
    while let Some((place, value)) = left.pop() {
        let escape = |key: &str| key.replace('~', "~0").replace('/', "~1");
        match value {
            Value::Object(members) => {
                left.extend(
                    members.iter().map(|(key, it)| (format!("{place}/{}", escape(key)), it)),
                );
            }
            Value::Array(items) => {
                left.extend(items.iter().enumerate().map(|(at, it)| (format!("{place}/{at}"), it)));
            }
            leaf if is_it(leaf) => {
                let number = |part: &&str| !part.bytes().all(|byte| byte.is_ascii_digit());
                let name = place.rsplit('/').find(number).unwrap_or_default().to_owned();
                let own = places.entry(name).or_insert_with(|| json!([]));
                own.as_array_mut().unwrap().push(place.into());
            }
            _ => {}
        }
    }
    let names: Vec<&Value> = places.values().collect();
    let own = names.get(draws.below(names.len()))?.as_array()?;
    own.get(draws.below(own.len()))?.as_str().map(str::to_owned)
}
