//! Lists.

use super::cast;
use crate::template::arguments::{Given, Table, int, value};
use crate::template::machine::Machine;
use crate::template::value::{Items, Value};
use std::rc::Rc;

/// The functions.
pub const FUNCTIONS: Table = &[
    ("append", "aa", |_, a| grown("push", &a[0], [value(a, 1)])),
    ("chunk", "ia", |_, a| chunks(int(a, 0), &a[1])),
    ("compact", "a", |_, a| {
        let items = items("compact", &a[0])?;
        Ok(Value::list(items.iter().filter(|it| it.is_true()).cloned()))
    }),
    ("concat", "a*", |_, a| concat(a)),
    ("first", "a", |_, a| Ok(items("first", &a[0])?.first().cloned().unwrap_or_default())),
    ("has", "aa", |_, a| {
        if matches!(a[1], Value::Nil) {
            return Ok(Value::Bool(false));
        }
        let items = items("has", &a[1]).map_err(|_| wrong("Cannot find has on type", &a[1]))?;
        Ok(items.iter().any(|it| it.is_same(&a[0])).into())
    }),
    ("initial", "a", |_, a| {
        let items = items("initial", &a[0])?;
        Ok(Value::list(items.iter().take(items.len().saturating_sub(1)).cloned()))
    }),
    ("last", "a", |_, a| Ok(items("last", &a[0])?.last().cloned().unwrap_or_default())),
    ("list", "a*", |_, a| Ok(Value::list(a.iter().cloned()))),
    ("mustChunk", "ia", |_, a| chunks(int(a, 0), &a[1])),
    ("mustCompact", "a", |_, a| {
        let items = items("compact", &a[0])?;
        Ok(Value::list(items.iter().filter(|it| it.is_true()).cloned()))
    }),
    ("mustInitial", "a", |_, a| {
        let items = items("initial", &a[0])?;
        Ok(Value::list(items.iter().take(items.len().saturating_sub(1)).cloned()))
    }),
    ("mustReverse", "a", |_, a| Ok(Value::list(items("reverse", &a[0])?.iter().rev().cloned()))),
    ("mustSlice", "aa*", |_, a| slice(a)),
    ("mustAppend", "aa", |_, a| grown("push", &a[0], [value(a, 1)])),
    ("mustFirst", "a", |_, a| Ok(items("first", &a[0])?.first().cloned().unwrap_or_default())),
    ("mustHas", "aa", |_, a| Ok(items("has", &a[1])?.iter().any(|it| it.is_same(&a[0])).into())),
    ("mustLast", "a", |_, a| Ok(items("last", &a[0])?.last().cloned().unwrap_or_default())),
    ("mustPrepend", "aa", |_, a| prepended(&a[0], &a[1])),
    ("mustPush", "aa", |_, a| grown("push", &a[0], [value(a, 1)])),
    ("mustRest", "a", |_, a| Ok(Value::list(items("rest", &a[0])?.iter().skip(1).cloned()))),
    ("mustUniq", "a", |m, a| unique(m, &items("uniq", &a[0])?)),
    ("mustWithout", "aa*", without),
    ("prepend", "aa", |_, a| prepended(&a[0], &a[1])),
    ("push", "aa", |_, a| grown("push", &a[0], [value(a, 1)])),
    ("rest", "a", |_, a| Ok(Value::list(items("rest", &a[0])?.iter().skip(1).cloned()))),
    ("reverse", "a", |_, a| Ok(Value::list(items("reverse", &a[0])?.iter().rev().cloned()))),
    ("slice", "aa*", |_, a| slice(a)),
    ("sortAlpha", "a", |_, a| {
        if matches!(a[0], Value::Nil) {
            return Ok(Value::list(["<nil>".into()]));
        }
        let mut texts = cast::texts(&a[0]);
        texts.sort();
        Ok(Value::list(texts.into_iter().map(Value::from)))
    }),
    ("tuple", "a*", |_, a| Ok(Value::list(a.iter().cloned()))),
    ("uniq", "a", |m, a| unique(m, &items("uniq", &a[0])?)),
    ("without", "aa*", without),
];

/// What Go says of the type of nothing.
const NOTHING: &str = "runtime error: invalid memory address or nil pointer dereference";

fn wrong(words: &str, value: &Value) -> String {
    format!("{words} {}", value.kind())
}

/// The items of a list.
fn items(function: &str, value: &Value) -> Result<Rc<Items>, String> {
    let words = match function {
        "push" => "Cannot push on type",
        "prepend" => "Cannot prepend on type",
        "first" => "Cannot find first on type",
        "last" => "Cannot find last on type",
        "rest" => "Cannot find rest on type",
        "initial" => "Cannot find initial on type",
        "reverse" => "Cannot find reverse on type",
        "compact" => "Cannot compact on type",
        "uniq" => "Cannot find uniq on type",
        "without" => "Cannot find without on type",
        "has" => "Cannot find has on type",
        "slice" => "list should be type of slice or array but",
        _ => "Cannot concat type",
    };
    match value {
        Value::List(items) => Ok(Rc::clone(items)),
        // Go looks for the type of what has none.
        Value::Nil => Err(NOTHING.into()),
        other => {
            let tail = if function == "concat" { " as list" } else { "" };
            Err(format!("{}{tail}", wrong(words, other)))
        }
    }
}

fn grown(function: &str, list: &Value, more: impl IntoIterator<Item = Value>) -> Given {
    let own = items(function, list)?;
    Ok(Value::list(own.iter().cloned().chain(more)))
}

fn prepended(list: &Value, first: &Value) -> Given {
    let own = items("prepend", list)?;
    Ok(Value::list(std::iter::once(first.clone()).chain(own.iter().cloned())))
}

fn concat(lists: &[Value]) -> Given {
    let mut all = Vec::new();
    for list in lists {
        all.extend(items("concat", list)?.iter().cloned());
    }
    Ok(Value::list(all))
}

fn unique(machine: &mut Machine, items: &[Value]) -> Given {
    let mut all: Vec<Value> = Vec::new();
    for item in items {
        machine.work(all.len())?;
        if !all.iter().any(|it| it.is_same(item)) {
            all.push(item.clone());
        }
    }
    Ok(Value::list(all))
}

fn without(machine: &mut Machine, args: &[Value]) -> Given {
    let own = items("without", &args[0])?;
    machine.work(own.len().saturating_mul(args.len()))?;
    let omitted = args.get(1..).unwrap_or_default();
    let stays = |item: &&Value| !omitted.iter().any(|it| it.is_same(item));
    Ok(Value::list(own.iter().filter(stays).cloned()))
}

fn slice(args: &[Value]) -> Given {
    let own = items("slice", &args[0])?;
    if own.is_empty() {
        return Ok(Value::Nil);
    }
    let place = |at: usize, otherwise: usize| match args.get(at) {
        Some(value) => usize::try_from(cast::int64(value)).unwrap_or(usize::MAX),
        None => otherwise,
    };
    let (from, to) = (place(1, 0), place(2, own.len()));
    let part = own.get(from..to).ok_or("reflect.Value.Slice: slice index out of bounds")?;
    Ok(Value::list(part.iter().cloned()))
}

fn chunks(size: i64, list: &Value) -> Given {
    let own = match list {
        Value::List(items) => Rc::clone(items),
        Value::Nil => return Err(NOTHING.into()),
        other => return Err(wrong("Cannot chunk type", other)),
    };
    if own.is_empty() {
        return Ok(Value::list([]));
    }
    let size = usize::try_from(size).ok().filter(|size| *size > 0);
    let size = size.ok_or("runtime error: makeslice: len out of range")?;
    Ok(Value::list(own.chunks(size).map(|part| Value::list(part.iter().cloned()))))
}
