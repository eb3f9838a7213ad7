//! Sums and products of floats as they are written, in tens: `0.1 + 0.2` is `0.3`.
//!
//! Upstream: `sprig/numeric.go`, execDecimalOp; `github.com/shopspring/decimal`.

use crate::template::sprig::cast;
use crate::template::value::Value;

/// Digits behind the point that a quotient has.
const PLACES: u32 = 16;

/// A number: an integer, and how many of its digits stand behind the point.
#[derive(Clone, Copy)]
struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// A float as it is written; none if it has too many digits.
    fn of(value: f64) -> Option<Self> {
        let text = format!("{value}");
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, places: u32::try_from(fraction.len()).ok()? })
    }

    fn float(self) -> Option<f64> {
        format!("{}e-{}", self.digits, self.places).parse().ok()
    }

    /// Two numbers with as many digits behind the point.
    fn level(self, other: Self) -> Option<(i128, i128, u32)> {
        let places = self.places.max(other.places);
        let raised = |own: Self| own.digits.checked_mul(10_i128.checked_pow(places - own.places)?);
        Some((raised(self)?, raised(other)?, places))
    }
}

/// Joins the values one by one.
pub fn fold(values: &[Value], first: f64, join: fn(f64, f64) -> f64) -> f64 {
    values.iter().map(cast::float).fold(first, join)
}

fn joined(left: f64, right: f64, join: fn(Decimal, Decimal) -> Option<Decimal>) -> Option<f64> {
    join(Decimal::of(left)?, Decimal::of(right)?)?.float()
}

/// A sum.
pub fn add(left: f64, right: f64) -> f64 {
    let sum = joined(left, right, |left, right| {
        let (left, right, places) = left.level(right)?;
        Some(Decimal { digits: left.checked_add(right)?, places })
    });
    sum.unwrap_or(left + right)
}

/// A difference.
pub fn sub(left: f64, right: f64) -> f64 {
    add(left, -right)
}

/// A product.
pub fn mul(left: f64, right: f64) -> f64 {
    let product = joined(left, right, |left, right| {
        let digits = left.digits.checked_mul(right.digits)?;
        Some(Decimal { digits, places: left.places.checked_add(right.places)? })
    });
    product.unwrap_or(left * right)
}

/// A quotient with 16 digits behind the point.
pub fn div(left: f64, right: f64) -> f64 {
    let quotient = joined(left, right, |left, right| {
        let (left, right, _) = left.level(right)?;
        let raised = left.checked_mul(10_i128.pow(PLACES))?;
        let (whole, rest) = (raised.checked_div(right)?, raised.checked_rem(right)?);
        let is_half = rest.checked_abs()?.checked_mul(2)? >= right.checked_abs()?;
        let away = i128::from(is_half) * raised.signum() * right.signum();
        Some(Decimal { digits: whole.checked_add(away)?, places: PLACES })
    });
    quotient.unwrap_or(left / right)
}
