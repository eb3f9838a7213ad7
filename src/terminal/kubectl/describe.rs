//! Stub.
use super::flags::Args;
use super::{Context, Done, Failure};
pub fn run(_args: &Args, _context: &mut Context) -> Done {
    Err(Failure::error("describe"))
}

/// The template of a revision.
pub fn template(
    _template: &serde_json::Value,
    _world: &dyn crate::terminal::world::World,
) -> String {
    String::new()
}
