//! Stub.
use super::flags::Args;
use super::{Context, Done, Failure};
pub fn run(_args: &Args, _context: &mut Context) -> Done {
    Err(Failure::error("describe"))
}
