//! Floats as Go writes them.

/// The shortest digits that give a positive float again, and where the point stands: `0.digits` times
/// ten to the power of the second.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = digits.trim_end_matches('0');
    (if trimmed.is_empty() { "0".into() } else { trimmed.into() }, exponent + 1)
}

/// A float as `%v` prints it: `strconv.FormatFloat` with `g` and the shortest precision.
pub fn go(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let (digits, point) = shortest(value.abs());
    if value != 0.0 && !(-3..=6).contains(&point) {
        let (first, rest) = digits.split_at(1);
        let fraction = if rest.is_empty() { String::new() } else { format!(".{rest}") };
        let exponent = point - 1;
        let side = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{fraction}e{side}{:02}", exponent.abs());
    }
    format!("{sign}{}", plain(&digits, point))
}

fn plain(digits: &str, point: i32) -> String {
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if point <= 0 {
        let zeros = usize::try_from(-point).unwrap_or(0);
        return if digits == "0" { "0".into() } else { format!("0.{}{digits}", "0".repeat(zeros)) };
    }
    if point >= length {
        return format!("{digits}{}", "0".repeat(usize::try_from(point - length).unwrap_or(0)));
    }
    let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
    format!("{whole}.{fraction}")
}

/// A float as `encoding/json` writes it; `null` if it is no number.
pub fn json(value: f64) -> String {
    if !value.is_finite() {
        return "null".into();
    }
    let (digits, point) = shortest(value.abs());
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value != 0.0 && !(-5..=21).contains(&point) {
        let (first, rest) = digits.split_at(1);
        let fraction = if rest.is_empty() { String::new() } else { format!(".{rest}") };
        let exponent = point - 1;
        let side = if exponent < 0 { '-' } else { '+' };
        let width = if exponent < 0 { 1 } else { 2 };
        return format!("{sign}{first}{fraction}e{side}{:0width$}", exponent.abs());
    }
    format!("{sign}{}", plain(&digits, point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_go_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (1.5, "1.5"),
            (1e6, "1e+06"),
            (123_456_789.0, "1.23456789e+08"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-2.25, "-2.25"),
        ] {
            assert_eq!(go(value), text);
        }
        assert_eq!(json(1e6), "1000000");
    }
}
