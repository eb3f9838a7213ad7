//! Which PodDisruptionBudgets are valid.
//!
//! Upstream: `pkg/apis/policy/validation/validation.go`, ValidatePodDisruptionBudgetSpec.

use super::at::At;
use super::checks::Checks;
use super::meta;
use crate::api::names;

/// A budget that is to be created, or to be stored anew.
#[inline(never)]
pub(in crate::api) fn create(checks: &mut Checks, budget: &At) {
    meta::object_meta(checks, budget, &names::dns_subdomain);
    let spec = budget.field("spec");
    let given = ["minAvailable", "maxUnavailable"].map(|field| spec.given(field));
    if given.iter().all(Option::is_some) {
        checks.wrong(&spec, "minAvailable and maxUnavailable cannot be both set");
    }
    for at in given.iter().flatten() {
        amount(checks, at);
    }
    meta::selector(checks, &spec.field("selector"));
    let policies = ["AlwaysAllow", "IfHealthyBudget"];
    checks.one_of_if_set(&spec.field("unhealthyPodEvictionPolicy"), &policies);
}

/// Upstream: `pkg/apis/apps/validation/validation.go`, ValidatePositiveIntOrPercent,
/// IsNotMoreThan100Percent.
pub(super) fn amount(checks: &mut Checks, at: &At) {
    let Some(text) = at.value.as_str() else { return checks.non_negative(at) };
    let digits = text.strip_suffix('%').unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let detail = "a valid percent string must be a numeric string followed by an ending '%' \
                      (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
        checks.wrong(at, detail);
    } else if digits.parse::<i64>().map_or(true, |percent| percent > 100) {
        checks.wrong(at, "must not be greater than 100%");
    }
}
