//! Numbers as Go reads them.
//!
//! Upstream: `text/template/parse/node.go`, newNumber.

use crate::template::format::quote;
use crate::template::value::Value;

/// A number; nothing if it fits an unsigned integer only, which templates cannot use.
///
/// # Errors
/// It is none.
pub fn number(text: &str) -> Result<Value, String> {
    let (is_negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    if digits.starts_with(['+', '-']) {
        return Err(format!("illegal number syntax: {}", quote(text)));
    }
    let plain = digits.replace('_', "").to_ascii_lowercase();
    if let Some(size) = whole(&plain) {
        let signed = i128::from(size) * if is_negative { -1 } else { 1 };
        return match i64::try_from(signed) {
            Ok(value) => Ok(Value::Int(value)),
            Err(_) if !is_negative => Ok(Value::Nil),
            Err(_) => Err(format!("integer overflow: {}", quote(text))),
        };
    }
    let size = match plain.strip_prefix("0x") {
        Some(digits) => hexadecimal(digits),
        None => decimal(&plain),
    };
    let size = size.ok_or_else(|| format!("illegal number syntax: {}", quote(text)))?;
    if !plain.contains(['.', 'e', 'p']) {
        return Err(format!("integer overflow: {}", quote(text)));
    }
    Ok(Value::Float(if is_negative { -size } else { size }))
}

/// An integer with the sign of its radix.
fn whole(plain: &str) -> Option<u64> {
    let (radix, digits) = match plain.get(..2) {
        Some("0x") => (16, &plain[2..]),
        Some("0b") => (2, &plain[2..]),
        Some("0o") => (8, &plain[2..]),
        _ if plain.len() > 1 && plain.starts_with('0') => (8, &plain[1..]),
        _ => (10, plain),
    };
    let is_number = digits.bytes().all(|b| b.is_ascii_alphanumeric());
    u64::from_str_radix(digits, radix).ok().filter(|_| is_number)
}

fn decimal(plain: &str) -> Option<f64> {
    let looks_right = plain.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && plain.bytes().all(|b| b.is_ascii_digit() || b"e.+-".contains(&b));
    plain.parse().ok().filter(|_| looks_right)
}

/// `1.8p4`: a fraction in hexadecimal, times a power of two.
fn hexadecimal(digits: &str) -> Option<f64> {
    let (mantissa, exponent) = digits.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let value = u64::from_str_radix(&all, 16).ok()?;
    let shift = i32::try_from(fraction.len()).ok()?.saturating_mul(4);
    let exponent: i32 = exponent.parse().ok()?;
    Some(value as f64 * 2_f64.powi(exponent.saturating_sub(shift)))
}
