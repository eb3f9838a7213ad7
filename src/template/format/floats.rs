//! Floats in `fmt.Sprintf`.
//!
//! Upstream: `fmt/format.go`, fmtFloat; `strconv/ftoa.go`.

use super::printf::Spec;
use crate::template::number;

impl Spec {
    /// A float; none if there is no such verb for floats.
    pub(super) fn float(&self, value: f64, verb: char) -> Option<String> {
        let precision = match verb {
            'f' | 'F' | 'e' | 'E' => Some(self.precision.unwrap_or(6)),
            'v' | 'g' | 'G' | 'x' | 'X' | 'b' => self.precision,
            _ => return None,
        };
        let is_negative = value.is_sign_negative() && !value.is_nan();
        let sign = match () {
            () if is_negative => "-",
            () if self.plus => "+",
            () if self.space => " ",
            () => "",
        };
        if !value.is_finite() {
            let plain = Self { zero: false, ..*self };
            return Some(match value.is_nan() {
                true => plain.pad(&format!("{sign}NaN")),
                false => plain.pad(&format!("{}Inf", if sign.is_empty() { "+" } else { sign })),
            });
        }
        let mut digits = written(value.abs(), verb, precision);
        if self.sharp && verb != 'b' {
            digits = pointed(&digits, verb, precision);
        }
        let length = sign.len() + digits.len();
        Some(match self.width {
            // Zeros stand between the sign and the digits.
            Some(width) if self.zero && !self.minus && width > length => {
                format!("{sign}{}{digits}", "0".repeat(width - length))
            }
            _ => self.pad(&format!("{sign}{digits}")),
        })
    }
}

/// `strconv.FormatFloat` of a float that is not negative.
fn written(size: f64, verb: char, precision: Option<usize>) -> String {
    match (verb, precision) {
        ('f' | 'F', Some(precision)) => format!("{size:.precision$}"),
        ('e' | 'E', Some(precision)) => exponential(&format!("{size:.precision$e}"), verb),
        ('b', _) => binary(size),
        ('x' | 'X', precision) => hexadecimal(size, verb, precision),
        (_, None) => number::go(size).replace('e', if verb == 'G' { "E" } else { "e" }),
        (_, Some(precision)) => general(size, verb, precision.max(1)),
    }
}

/// An exponent in Go's way, with a sign and at least two digits.
fn exponential(text: &str, verb: char) -> String {
    let letter = if verb.is_ascii_uppercase() { 'E' } else { 'e' };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let side = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}{letter}{side}{:02}", exponent.abs())
}

/// `%g` with so many digits, of which zeros at the end are dropped.
fn general(size: f64, verb: char, precision: usize) -> String {
    let text = format!("{size:.*e}", precision - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let all: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = all.trim_end_matches('0');
    let count = digits.len().max(1);
    let point = usize::try_from(exponent + 1).unwrap_or(0);
    let most = if precision > count && count >= point { count } else { precision };
    if exponent < -4 || exponent >= i32::try_from(most).unwrap_or(i32::MAX) {
        return exponential(&format!("{size:.*e}", count - 1), verb);
    }
    let places = i32::try_from(count).unwrap_or(0) - exponent - 1;
    // What is rounded already is not rounded again.
    let rounded: f64 = text.parse().unwrap_or(size);
    format!("{rounded:.*}", usize::try_from(places).unwrap_or(0))
}

/// The mantissa and the exponent of a float, as it is kept.
fn parts(size: f64) -> (u64, i32) {
    let bits = size.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0) {
        0 => (fraction, -1_074),
        exponent => (fraction | 1 << 52, exponent - 1_075),
    }
}

/// `4503599627370496p-52`
fn binary(size: f64) -> String {
    let (mantissa, exponent) = parts(size);
    format!("{mantissa}p{exponent:+}")
}

/// `0x1.8p+00`
fn hexadecimal(size: f64, verb: char, precision: Option<usize>) -> String {
    let (mut mantissa, mut exponent) = parts(size);
    if mantissa == 0 {
        exponent = 0;
    } else {
        // One bit stands before the point, 60 behind it.
        let shift = mantissa.leading_zeros() - 3;
        mantissa <<= shift;
        exponent += 60 - i32::try_from(shift).unwrap_or(0);
    }
    if let Some(precision) = precision.filter(|it| *it < 15) {
        let shift = 60 - 4 * u32::try_from(precision).unwrap_or(0);
        let (half, rest) = (1_u64 << (shift - 1), mantissa & ((1 << shift) - 1));
        mantissa >>= shift;
        mantissa += u64::from(rest > half || (rest == half && mantissa & 1 == 1));
        mantissa <<= shift;
        if mantissa >> 61 == 1 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let digits = format!("{:015x}", mantissa & ((1 << 60) - 1));
    let fraction = match precision {
        Some(precision) => format!("{digits:0<precision$}").chars().take(precision).collect(),
        None => digits.trim_end_matches('0').to_owned(),
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let side = if exponent < 0 { '-' } else { '+' };
    let text = format!("0x{}{point}{fraction}p{side}{:02}", mantissa >> 60, exponent.abs());
    if verb == 'X' { text.to_uppercase() } else { text }
}

/// What `#` makes of a float: it has a point, and `%g` keeps its zeros.
fn pointed(digits: &str, verb: char, precision: Option<usize>) -> String {
    let ends: &[char] = if matches!(verb, 'x' | 'X') { &['p', 'P'] } else { &['e', 'E'] };
    let (head, tail) = digits.split_at(digits.find(ends).unwrap_or(digits.len()));
    let mut wanted = match verb {
        'v' | 'g' | 'G' | 'x' => precision.unwrap_or(6),
        _ => 0,
    };
    let significant = head.trim_start_matches(['0', '.']);
    wanted = wanted.saturating_sub(significant.chars().filter(char::is_ascii_alphanumeric).count());
    let mut head = head.to_owned();
    if !head.contains('.') {
        wanted = wanted.saturating_sub(usize::from(head == "0"));
        head.push('.');
    }
    format!("{head}{}{tail}", "0".repeat(wanted))
}
