//! Numbers.

mod decimals;

use super::cast;
use crate::template::arguments::{Given, Table, int, text};
use crate::template::value::Value;

/// The functions.
pub const FUNCTIONS: Table = &[
    ("add", "a*", |_, a| Ok(fold(a, 0, i64::wrapping_add))),
    ("add1", "a", |_, a| Ok(Value::Int64(cast::int64(&a[0]).wrapping_add(1)))),
    ("add1f", "a", |_, a| Ok(Value::Float(cast::float(&a[0]) + 1.0))),
    ("addf", "a*", |_, a| Ok(Value::Float(decimals::fold(a, 0.0, decimals::add)))),
    ("atoi", "s", |_, a| Ok(Value::Int(text(a, 0).parse().unwrap_or(0)))),
    ("biggest", "aa*", |_, a| Ok(best(a, |own, best| own > best))),
    ("ceil", "a", |_, a| Ok(Value::Float(cast::float(&a[0]).ceil()))),
    ("div", "aa", |_, a| divided(a, i64::checked_div)),
    ("divf", "aa*", |_, a| divided_floats(a)),
    ("float64", "a", |_, a| Ok(Value::Float(cast::float(&a[0])))),
    ("floor", "a", |_, a| Ok(Value::Float(cast::float(&a[0]).floor()))),
    ("int", "a", |_, a| Ok(Value::Int(cast::int64(&a[0])))),
    ("int64", "a", |_, a| Ok(Value::Int64(cast::int64(&a[0])))),
    ("max", "aa*", |_, a| Ok(best(a, |own, best| own > best))),
    ("maxf", "aa*", |_, a| Ok(floats(a, f64::max))),
    ("min", "aa*", |_, a| Ok(best(a, |own, best| own < best))),
    ("minf", "aa*", |_, a| Ok(floats(a, f64::min))),
    ("mod", "aa", |_, a| divided(a, i64::checked_rem)),
    ("mul", "aa*", |_, a| Ok(fold(a, 1, i64::wrapping_mul))),
    ("mulf", "aa*", |_, a| Ok(Value::Float(decimals::fold(a, 1.0, decimals::mul)))),
    ("randInt", "ii", |m, a| {
        let (from, to) = (int(a, 0), int(a, 1));
        let span = to.checked_sub(from).filter(|span| *span > 0);
        let span = span.ok_or("invalid argument to Intn")?.unsigned_abs();
        let drawn = m.extra.now().unsigned_abs() ^ (m.draw() >> 20);
        Ok(Value::Int(from + i64::try_from(drawn % span).unwrap_or(0)))
    }),
    ("round", "aia*", |_, a| Ok(Value::Float(rounded(a)))),
    ("seq", "i*", |_, a| Ok(sequence(a).into())),
    ("sub", "aa", |_, a| Ok(Value::Int64(cast::int64(&a[0]).wrapping_sub(cast::int64(&a[1]))))),
    ("subf", "aa*", |_, a| {
        let first = cast::float(&a[0]);
        Ok(Value::Float(decimals::fold(&a[1..], first, decimals::sub)))
    }),
    ("toDecimal", "a", |_, a| {
        Ok(Value::Int64(i64::from_str_radix(&cast::text(&a[0]), 8).unwrap_or(0)))
    }),
    ("until", "i", |_, a| {
        let count = int(a, 0);
        Ok(steps(0, count, if count < 0 { -1 } else { 1 }))
    }),
    ("untilStep", "iii", |_, a| Ok(steps(int(a, 0), int(a, 1), int(a, 2)))),
];

/// How many numbers a function may list.
const MOST: usize = 100_000;

fn fold(args: &[Value], first: i64, add: fn(i64, i64) -> i64) -> Value {
    Value::Int64(args.iter().map(cast::int64).fold(first, add))
}

fn best(args: &[Value], is_better: fn(i64, i64) -> bool) -> Value {
    let mut all = args.iter().map(cast::int64);
    let first = all.next().unwrap_or(0);
    Value::Int64(all.fold(first, |best, own| if is_better(own, best) { own } else { best }))
}

fn floats(args: &[Value], join: fn(f64, f64) -> f64) -> Value {
    let mut all = args.iter().map(cast::float);
    let first = all.next().unwrap_or(0.0);
    Value::Float(all.fold(first, join))
}

fn divided_floats(args: &[Value]) -> Given {
    if args[1..].iter().any(|it| cast::float(it) == 0.0) {
        return Err("decimal division by 0".into());
    }
    Ok(Value::Float(decimals::fold(&args[1..], cast::float(&args[0]), decimals::div)))
}

fn divided(args: &[Value], divide: fn(i64, i64) -> Option<i64>) -> Given {
    let (left, right) = (cast::int64(&args[0]), cast::int64(&args[1]));
    match divide(left, right) {
        Some(result) => Ok(Value::Int64(result)),
        None => Err("runtime error: integer divide by zero".into()),
    }
}

/// `round value places [from]`: away from zero from a half on.
fn rounded(args: &[Value]) -> f64 {
    let (value, places) = (cast::float(&args[0]), int(args, 1));
    let from = args.get(2).map_or(0.5, cast::float);
    let power = 10_f64.powi(i32::try_from(places.clamp(-300, 300)).unwrap_or(0));
    let digit = power * value;
    let fraction = (digit % 1.0).abs();
    let rounded = match (fraction >= from, digit >= 0.0) {
        (true, true) => digit.ceil(),
        (true, false) => digit.floor(),
        (false, true) => digit.floor(),
        (false, false) => digit.ceil(),
    };
    rounded / power
}

fn steps(from: i64, to: i64, step: i64) -> Value {
    let mut all = Vec::new();
    let mut at = from;
    while all.len() < MOST && ((step > 0 && at < to) || (step < 0 && at > to)) {
        all.push(Value::Int(at));
        at = at.saturating_add(step);
    }
    Value::list(all)
}

fn sequence(args: &[Value]) -> String {
    let (from, step, to) = match args {
        [] => return String::new(),
        [_] => (1, if int(args, 0) < 1 { -1 } else { 1 }, int(args, 0)),
        [_, _] => (int(args, 0), if int(args, 1) < int(args, 0) { -1 } else { 1 }, int(args, 1)),
        [_, _, _] => (int(args, 0), int(args, 1), int(args, 2)),
        _ => return String::new(),
    };
    let beyond = if step > 0 { to.saturating_add(1) } else { to.saturating_sub(1) };
    cast::texts(&steps(from, beyond, step)).join(" ")
}
