//! `kubectl top`: nothing measures here.
//!
//! Upstream: `staging/src/k8s.io/kubectl/pkg/cmd/top/`.

use super::flags::Args;
use super::ground::Done;
use crate::client::Failure;

/// Runs a verb below `top`.
///
/// # Errors
/// Always.
pub fn run(args: &Args) -> Done {
    let known = ["", "cpu", "memory"];
    if args.text("sort-by").is_some_and(|field| !known.contains(&field)) {
        return Err(Failure::error("--sort-by accepts only cpu or memory"));
    }
    Err(Failure::error("Metrics API not available"))
}
