//! Maps.

use crate::template::arguments::{Given, Table, text, value};
use crate::template::machine::Machine;
use crate::template::value::{Map, Value};

/// The Go type of maps.
const MAP: &str = "map[string]interface {}";

/// The functions.
pub const FUNCTIONS: Table = &[
    ("deepCopy", "a", |_, a| copied(&a[0])),
    ("dict", "a*", |_, a| dict(a)),
    ("dig", "a*", dig),
    ("get", "ms", |_, a| Ok(a[0].get(text(a, 1)).unwrap_or_else(|| "".into()))),
    ("hasKey", "ms", |_, a| Ok(a[0].get(text(a, 1)).is_some().into())),
    ("keys", "m*", |_, a| {
        let maps = a.iter().filter_map(own);
        let keys = maps.flat_map(|map| map.borrow().keys().cloned().collect::<Vec<_>>());
        Ok(Value::list(keys.map(Value::from)))
    }),
    ("merge", "mm*", |_, a| merged(a, false)),
    ("mergeOverwrite", "mm*", |_, a| merged(a, true)),
    ("mustDeepCopy", "a", |_, a| copied(&a[0])),
    ("mustMerge", "mm*", |_, a| merged(a, false)),
    ("mustMergeOverwrite", "mm*", |_, a| merged(a, true)),
    ("omit", "ms*", |_, a| Ok(chosen(a, false))),
    ("pick", "ms*", |_, a| Ok(chosen(a, true))),
    ("pluck", "sm*", |_, a| {
        let maps = a.get(1..).unwrap_or_default().iter();
        Ok(Value::list(maps.filter_map(|map| map.get(text(a, 0)))))
    }),
    ("set", "msa", |_, a| {
        if let Some(map) = own(&a[0]) {
            let held = guarded(map, value(a, 2));
            map.borrow_mut().insert(text(a, 1).into(), held);
        }
        Ok(value(a, 0))
    }),
    ("unset", "ms", |_, a| {
        if let Some(map) = own(&a[0]) {
            map.borrow_mut().remove(text(a, 1));
        }
        Ok(value(a, 0))
    }),
    ("values", "m", |_, a| {
        let values = own(&a[0]).map(|map| map.borrow().values().cloned().collect::<Vec<_>>());
        Ok(Value::list(values.unwrap_or_default()))
    }),
];

fn own(value: &Value) -> Option<&Map> {
    match value {
        Value::Map(map) => Some(map),
        _ => None,
    }
}

/// A value that a map may hold: a map that would hold itself is copied, so that none goes round in a
/// circle.
fn guarded(map: &Map, value: Value) -> Value {
    if holds(&value, map) { value.deep_copy() } else { value }
}

fn holds(value: &Value, map: &Map) -> bool {
    match value {
        Value::Map(other) if std::rc::Rc::ptr_eq(other, map) => true,
        Value::Map(other) => other.borrow().values().any(|it| holds(it, map)),
        Value::List(items) => items.iter().any(|it| holds(it, map)),
        _ => false,
    }
}

fn copied(value: &Value) -> Given {
    match value {
        Value::Nil => Err("reflect: call of reflect.Value.Type on zero Value".into()),
        value => Ok(value.deep_copy()),
    }
}

fn dict(args: &[Value]) -> Given {
    let pairs = args.chunks(2).map(|pair| {
        let key = super::cast::text(&pair[0]);
        (key, pair.get(1).cloned().unwrap_or_else(|| "".into()))
    });
    Ok(Value::map(pairs))
}

/// `dig key … default map`.
fn dig(machine: &mut Machine, args: &[Value]) -> Given {
    let (keys, rest) = args.split_at(args.len().saturating_sub(2));
    let (Some(otherwise), Some(map), false) = (rest.first(), rest.get(1), keys.is_empty()) else {
        return Err("dig needs at least three arguments".into());
    };
    let odd = |kind: &str, wanted: &str| {
        let kind = if kind == "<nil>" { "nil" } else { kind };
        format!("interface conversion: interface {{}} is {kind}, not {wanted}")
    };
    let mut found = map.clone();
    for key in keys {
        let own = machine.type_name(&found);
        if own != MAP {
            return Err(odd(own, MAP));
        }
        let Value::Text(key) = key else {
            return Err(odd(key.type_name(), "string"));
        };
        match found.get(key) {
            Some(next) => found = next,
            None => return Ok(otherwise.clone()),
        }
    }
    Ok(found)
}

fn chosen(args: &[Value], picks: bool) -> Value {
    let Some(map) = own(&args[0]) else { return Value::map::<String>([]) };
    let is_named =
        |key: &String| args[1..].iter().any(|it| matches!(it, Value::Text(own) if **own == **key));
    let map = map.borrow();
    Value::map(
        map.iter()
            .filter(|(key, _)| is_named(key) == picks)
            .map(|(key, it)| (key.clone(), it.clone())),
    )
}

/// Merges maps into the first, which is changed.
///
/// Upstream: `dario.cat/mergo`: what is empty in the first counts as not there.
fn merged(args: &[Value], overwrites: bool) -> Result<Value, String> {
    let Some(first) = own(&args[0]) else { return Ok(Value::map::<String>([])) };
    for other in args[1..].iter().filter_map(own) {
        if !std::rc::Rc::ptr_eq(first, other) {
            merge(first, other, overwrites, 0)?;
        }
    }
    Ok(value(args, 0))
}

/// How deep maps are merged.
const DEPTH: usize = 100;

fn merge(into: &Map, from: &Map, overwrites: bool, depth: usize) -> Result<(), String> {
    if depth > DEPTH {
        return Err("maps are nested too deeply".into());
    }
    let members: Vec<(String, Value)> =
        from.borrow().iter().map(|(key, it)| (key.clone(), it.clone())).collect();
    for (key, value) in members {
        let before = into.borrow().get(&key).cloned();
        match (&before, &value) {
            (Some(Value::Map(left)), Value::Map(right)) => {
                if !std::rc::Rc::ptr_eq(left, right) {
                    merge(left, right, overwrites, depth + 1)?;
                }
            }
            // Nothing is set only where it takes something away.
            (_, Value::Nil) if !overwrites => {}
            (Some(before), _) if before.is_true() && !overwrites => {}
            _ => {
                let value = guarded(into, value);
                into.borrow_mut().insert(key, value);
            }
        }
    }
    Ok(())
}
