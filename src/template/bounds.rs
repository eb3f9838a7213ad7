//! How much a template may cost, so that none holds up the page or fills its memory.
//!
//! Go itself has no such bounds: a template that reaches one of these takes Helm's memory, or its
//! stack.

use super::value::Value;

/// How deep values may stand in each other where they are walked through.
const DEEPEST: usize = 100;
/// How much all functions together may be given, in bytes. A value counts as [`VALUE`] of them.
pub const WORK: usize = 32 << 20;
/// What a value counts for, besides its text.
const VALUE: usize = 8;
/// How much text a template may make, in bytes.
pub const OUTPUT: usize = 4 << 20;

/// How the names of functions begin that take long for the shortest text, and what each counts for.
const SLOW: [&str; 5] = ["derive", "mustRegex", "regex", "semver", "sha"];
const SLOW_COST: usize = 4 << 10;

/// Functions that look at no more of a value than itself, or pass it on.
const SHALLOW: [&str; 47] = [
    "all",
    "and",
    "any",
    "append",
    "call",
    "chunk",
    "coalesce",
    "compact",
    "concat",
    "default",
    "dict",
    "dig",
    "empty",
    "exists",
    "first",
    "get",
    "hasKey",
    "include",
    "index",
    "initial",
    "keys",
    "kindIs",
    "kindOf",
    "last",
    "len",
    "list",
    "mustAppend",
    "mustFirst",
    "mustLast",
    "mustPrepend",
    "mustPush",
    "mustRest",
    "not",
    "omit",
    "or",
    "pick",
    "pluck",
    "prepend",
    "push",
    "required",
    "rest",
    "reverse",
    "set",
    "slice",
    "ternary",
    "tpl",
    "tuple",
];

/// What the arguments of a function come to.
///
/// # Errors
/// They are too much, or nested too deeply.
pub fn of_arguments(name: &str, values: &[Value]) -> Result<usize, String> {
    let is_shallow = SHALLOW.binary_search(&name).is_ok()
        || matches!(name, "typeIs" | "typeIsLike" | "typeOf" | "unset" | "values");
    let mut sum = 0_usize;
    for (at, value) in values.iter().enumerate() {
        // Of these, some are walked through after all: texts that are made of them, and what a map
        // is to hold, in which it is looked for.
        let is_walked = match name {
            "include" | "tpl" | "required" => at == 0,
            "exists" => at > 0,
            "set" => at == 2,
            "dict" => at % 2 == 0,
            _ => !is_shallow,
        };
        let own = if is_walked { whole(value)? } else { shallow(value) };
        sum = sum.saturating_add(own);
    }
    let is_slow = SLOW.iter().any(|begin| name.starts_with(begin));
    match name {
        // Reading a template takes longer than passing on its text.
        "tpl" => Ok(sum.saturating_mul(8)),
        _ if is_slow => Ok(sum.saturating_add(SLOW_COST)),
        _ => Ok(sum),
    }
}

/// What a value comes to with all that it holds.
///
/// # Errors
/// It is too much, or nested too deeply.
pub fn whole(value: &Value) -> Result<usize, String> {
    let mut sum = 0;
    add(value, 0, &mut sum)?;
    Ok(sum)
}

fn add(value: &Value, depth: usize, sum: &mut usize) -> Result<(), String> {
    if depth > DEEPEST {
        return Err("the values are nested too deeply".into());
    }
    *sum += VALUE;
    match value {
        Value::Text(text) | Value::Number(text) => *sum += text.len(),
        Value::List(items) => items.iter().try_for_each(|item| add(item, depth + 1, sum))?,
        Value::Map(map) => map.borrow().iter().try_for_each(|(key, item)| {
            *sum += key.len();
            add(item, depth + 1, sum)
        })?,
        _ => {}
    }
    match *sum > WORK {
        true => Err(too_much()),
        false => Ok(()),
    }
}

/// What a value comes to without what it holds.
pub fn shallow(value: &Value) -> usize {
    VALUE
        + match value {
            Value::Text(text) | Value::Number(text) => text.len(),
            Value::List(items) => VALUE * items.len(),
            Value::Map(map) => VALUE * map.borrow().len(),
            _ => 0,
        }
}

/// A text of so many bytes is allowed to be made.
///
/// # Errors
/// It would be too long.
pub fn check_text(bytes: Option<usize>) -> Result<(), String> {
    match bytes.is_some_and(|bytes| bytes <= OUTPUT) {
        true => Ok(()),
        false => Err(format!("a text would be longer than {} MiB", OUTPUT >> 20)),
    }
}

/// Why a template is stopped that has done too much.
pub fn too_much() -> String {
    format!("the template was stopped: its functions were given more than {} MiB", WORK >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Dialect, Engine, Extra, Set};

    struct Nowhere;

    impl Extra for Nowhere {
        fn now(&self) -> i64 {
            0
        }
    }

    fn run(text: &str) -> Result<String, String> {
        let mut set = Set::default();
        set.add("a", text, Dialect::Helm)?;
        Engine::new(set, Dialect::Helm, &Nowhere).run("a", &Value::Nil).map_err(|it| it.0)
    }

    #[test]
    fn names_can_be_searched() {
        assert!(SHALLOW.is_sorted());
    }

    #[test]
    fn templates_that_would_take_all_memory_end_with_a_message() {
        let grown = "{{ $x := list 1 }}{{ range until 9999 }}{{ $x = list $x $x }}{{ end }}";
        let deep = "{{ $x := list 1 }}{{ range until 9999 }}{{ $x = list $x }}{{ end }}{{ $x }}";
        for (text, wanted) in [
            (format!("{grown}{{{{ len (toJson $x) }}}}").as_str(), "nested too deeply"),
            (deep, "nested too deeply"),
            (
                "{{ $x := \"ab\" }}{{ range until 99 }}{{ $x = print $x $x }}{{ end }}",
                "were given more than 32 MiB",
            ),
            ("{{ $x := repeat 999999 \"a\" }}{{ replace \"\" $x $x }}", "longer than 4 MiB"),
            ("{{ $x := repeat 999999 \"a\" }}{{ regexReplaceAll \"a\" $x $x }}", "longer than"),
            ("{{ range untilStep 0 99999 1 }}{{ range 99999 }}{{ break }}{{ end }}{{ end }}", "32"),
            ("{{ len (uniq (until 100000)) }}", "were given more than 32 MiB"),
            ("{{ range until 99999 }}{{ sha512sum \"\" }}{{ end }}", "were given more than 32 MiB"),
        ] {
            let why = run(text).expect_err(text);
            assert!(why.contains(wanted), "{text}: {why}");
        }
    }

    #[test]
    fn a_map_can_be_given_to_itself() {
        assert_eq!(
            run("{{ $x := dict }}{{ $_ := set $x \"x\" $x }}{{ toJson $x }}"),
            Ok("{\"x\":{}}".into())
        );
    }

    #[test]
    fn numbers_at_the_edge_of_what_fits() {
        assert!(run("{{ -0x-8000000000000000 }}").is_err());
        for (text, wanted) in [
            ("{{ int64 \"--9223372036854775808\" }}", "0"),
            ("{{ -0x7fffffffffffffff }}", "-9223372036854775807"),
            ("{{ sub -0x7fffffffffffffff 2 }}", "9223372036854775807"),
            ("{{ ago -0x7fffffffffffffff }}", "2562047h47m16.854775807s"),
        ] {
            assert_eq!(run(text).as_deref(), Ok(wanted), "{text}");
        }
    }
}
