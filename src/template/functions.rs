//! Which functions there are: those of Go, and those that a dialect adds.

use super::arguments::Function;
use super::machine::Dialect;
use super::{builtins, sprig};

/// The functions that carry out templates: they are no rows of a table, for `exec` alone can.
pub const INCLUDING: [&str; 2] = ["include", "tpl"];

/// The function of a name that stands in a table.
pub fn find(name: &str, dialect: Dialect) -> Option<Function> {
    let own = match dialect {
        Dialect::Kubectl => None,
        Dialect::Helm => sprig::find(name),
    };
    own.or_else(|| builtins::find(name))
}

/// Whether there is a function of a name.
pub fn has(name: &str, dialect: Dialect) -> bool {
    find(name, dialect).is_some()
        || match dialect {
            Dialect::Kubectl => matches!(name, "base64decode" | "exists"),
            Dialect::Helm => sprig::helm::NAMES.contains(&name) || INCLUDING.contains(&name),
        }
}
