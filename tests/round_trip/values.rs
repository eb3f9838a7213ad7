//! Values that people type.

use proptest::prelude::*;
use statefulset_playground::manifest::form::{Control, FormField, ProbeField};

/// Values that suit a field.
pub fn valid_values(control: Control, field: FormField) -> Vec<&'static str> {
    match (control, field) {
        (Control::Switch, _) => vec!["true", "false"],
        (Control::Choice(words), _) => words.to_vec(),
        (Control::Integer { .. }, _) => vec!["1", "7", "250"],
        (_, FormField::StorageSize) => vec!["5Gi", "500Mi"],
        (_, FormField::MaxUnavailable) => vec!["2", "50%"],
        (_, FormField::MountPath | FormField::Probe(_, ProbeField::Path)) => vec!["/srv/x"],
        (_, FormField::Probe(_, ProbeField::Command)) => vec!["sh -c 'exit 0'", "true"],
        (_, FormField::Probe(_, ProbeField::Port)) => vec!["8080", "web"],
        (_, FormField::Image) => vec!["example.com/app:1.2@sha256:abc", "app"],
        _ => vec!["name", "x-1"],
    }
}

/// Anything, sensible or not.
pub fn any_value() -> impl Strategy<Value = Option<String>> {
    let words = [
        "3",
        "0",
        "-1",
        "abc",
        "true",
        "false",
        "yes",
        "null",
        "~",
        "1Gi",
        "0.5",
        "a: b",
        "a #b",
        "'",
        "\"",
        "{}",
        "[",
        "- x",
        "é ü",
        "@x",
        "ReadWriteMany",
        "OnDelete",
        "RollingUpdate",
        "exec",
        "httpGet",
        "grpc",
        "tcpSocket",
        "Parallel",
        "Delete",
        "80",
        "web",
        "a\\b",
        "*x",
        "&x",
        "!x",
        "%",
        "|",
        "?",
        ",",
        "1:2",
        "0x1F",
        "  ",
        "a  ",
        "#",
        "---",
        "...",
    ];
    prop_oneof![
        1 => Just(None),
        6 => prop::sample::select(words.to_vec()).prop_map(|word| Some(word.to_owned())),
        1 => "[ -~]{1,12}".prop_map(Some),
    ]
}
