//! The functions that charts use: those of sprig, in Helm's choice (no `env`, no `expandenv`).
//!
//! Source: <https://masterminds.github.io/sprig/>, <https://helm.sh/docs/chart_template_guide/function_list/>.

mod cast;

mod dates;
mod digests;
pub mod helm;
mod lists;
mod maps;
mod numbers;
mod regexes;
mod semver;
mod texts;
mod values;

use super::arguments::{Function, Given};
use super::exec::Machine;
use super::value::Value;

/// The functions of a room.
type Table = &'static [(&'static str, &'static str, fn(&mut Machine, &[Value]) -> Given)];

const TABLES: [Table; 9] = [
    texts::FUNCTIONS,
    lists::FUNCTIONS,
    maps::FUNCTIONS,
    numbers::FUNCTIONS,
    values::FUNCTIONS,
    dates::FUNCTIONS,
    digests::FUNCTIONS,
    regexes::FUNCTIONS,
    semver::FUNCTIONS,
];

/// The function of a name.
pub fn find(name: &str) -> Option<Function> {
    let own = TABLES.iter().flat_map(|table| table.iter());
    let (name, parameters, run) = own.into_iter().find(|(own, ..)| *own == name)?;
    Some(Function { name, parameters, run: *run })
}

pub use values::escaped as json_text;

/// The text of an argument that is one.
fn text(args: &[Value], at: usize) -> &str {
    match args.get(at) {
        Some(Value::Text(text) | Value::Number(text)) => text,
        _ => "",
    }
}

/// The whole number of an argument that is one.
fn int(args: &[Value], at: usize) -> i64 {
    match args.get(at) {
        Some(Value::Int(it) | Value::Int64(it)) => *it,
        _ => 0,
    }
}

/// The argument at a place.
fn value(args: &[Value], at: usize) -> Value {
    args.get(at).cloned().unwrap_or_default()
}
