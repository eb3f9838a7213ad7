//! Numbers with a point or an exponent, as kubectl passes them on: as decimal text, not as binary
//! fractions, which would bring tables of a size that the page cannot afford.
//!
//! Upstream: `sigs.k8s.io/yaml/goyaml.v2/resolve.go`; Go's `encoding/json`, `floatEncoder`.

/// More digits than this do not fit into the 64 bits that kubectl reads a number into.
const MOST_DIGITS: usize = 17;
/// Powers of ten from which on, and below which, Go writes an exponent.
const PLAIN: std::ops::RangeInclusive<i64> = -6..=20;
/// Numbers with this many digits before the point are infinite in 64 bits.
const INFINITE: i64 = 309;
/// Numbers whose first digit is of a lower power of ten are 0 in 64 bits.
const NOTHING: i64 = -324;

/// The number as Go's JSON writer prints it; none if the text is no decimal number.
pub(super) fn canonical(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let leading =
        i64::try_from(whole.len() + significant.len()).ok()? - i64::try_from(digits.len()).ok()?;
    // The power of ten of the first digit.
    let power = leading + i64::from(exponent) - 1;
    let rounded = rounded(significant);
    let power = power + i64::from(rounded.len() > significant.len().min(MOST_DIGITS));
    match rounded.trim_end_matches('0') {
        "" => Some("0".into()),
        _ if power < NOTHING => Some("0".into()),
        _ if power >= INFINITE => None,
        kept => Some(format!("{sign}{}", print(kept, power))),
    }
}

/// As many digits as count; one more if rounding carries over.
fn rounded(digits: &str) -> String {
    let Some(more) = digits.get(..=MOST_DIGITS) else { return digits.into() };
    more.parse::<u64>().map_or_else(|_| more.into(), |number| ((number + 5) / 10).to_string())
}

/// The digits with the first at this power of ten.
fn print(digits: &str, power: i64) -> String {
    if !PLAIN.contains(&power) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{first}{point}{rest}e{power:+}");
    }
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    let whole = usize::try_from(power + 1).unwrap_or(0);
    match digits.len() {
        _ if power < 0 => format!("0.{}{digits}", zeros(-power - 1)),
        length if length <= whole => format!("{digits}{}", "0".repeat(whole - length)),
        _ => format!("{}.{}", &digits[..whole], &digits[whole..]),
    }
}

/// A number as Go prints it that has room for six digits before the point.
///
/// Upstream: Go's `strconv.FormatFloat` with `'g'` and -1.
pub(super) fn short(canonical: &str) -> String {
    let (sign, digits) = match canonical.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", canonical),
    };
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let zeros = all.len() - all.trim_start_matches('0').len();
    let exponent = exponent.parse::<i64>().unwrap_or(0);
    let power =
        exponent + i64::try_from(whole.len()).unwrap_or(0) - 1 - i64::try_from(zeros).unwrap_or(0);
    let kept = all.trim_matches('0');
    if kept.is_empty() || (-4..6).contains(&power) {
        return canonical.into();
    }
    let (first, rest) = kept.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let minus = if power < 0 { "-" } else { "+" };
    format!("{sign}{first}{point}{rest}e{minus}{:02}", power.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_numbers_as_go_does() {
        let cases = [
            ("3.0", "3"),
            ("3.50", "3.5"),
            ("-0.24", "-0.24"),
            ("+.5", "0.5"),
            ("5.", "5"),
            ("1e3", "1000"),
            ("1.5E+2", "150"),
            ("12e-1", "1.2"),
            ("0.000001", "0.000001"),
            ("0.00000012", "1.2e-7"),
            ("1e21", "1e+21"),
            ("123e20", "1.23e+22"),
            ("1e20", "100000000000000000000"),
            ("0e0", "0"),
            ("007.10", "7.1"),
            ("0.1234567890123456789", "0.12345678901234568"),
            ("99999999999999999999", "100000000000000000000"),
            ("12345678901234567", "12345678901234567"),
        ];
        for (text, expected) in cases {
            assert_eq!(canonical(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", ".", "-", "1e", "e5", "1.2.3", "1:30", "2026-01-01", "1e400", "0x1p3"] {
            assert_eq!(canonical(text), None, "{text}");
        }
    }
}
