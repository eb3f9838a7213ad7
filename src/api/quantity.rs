//! Quantities such as `1Gi`, `500m` and `2`: what they amount to and how the server prints them.
//!
//! Upstream: `staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go`.

use std::cmp::Ordering;
use thiserror::Error;

const NANO: i128 = 1_000_000_000;
const MILLI: i128 = NANO / 1000;
/// The largest amount that the server holds.
const MAX: i128 = i64::MAX as i128 * NANO;

/// How a quantity was written, which decides how it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// `1Ki`, `1Mi`.
    BinarySi,
    /// `1m`, `1k`, `1M`.
    DecimalSi,
    /// `1e3`.
    DecimalExponent,
}

/// A parsed quantity, exact to a billionth.
///
/// Amounts beyond 2^63 - 1 are held as that.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

/// Why a text is no quantity, in the server's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum QuantityError {
    #[error(
        "quantities must match the regular expression \
         '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    )]
    Format,
    #[error("unable to parse quantity's suffix")]
    Suffix,
    #[error("unable to parse numeric part of quantity")]
    Number,
}

const SUFFIXES: [(&str, Format, i32); 16] = [
    ("", Format::DecimalSi, 0),
    ("Ki", Format::BinarySi, 10),
    ("Mi", Format::BinarySi, 20),
    ("Gi", Format::BinarySi, 30),
    ("Ti", Format::BinarySi, 40),
    ("Pi", Format::BinarySi, 50),
    ("Ei", Format::BinarySi, 60),
    ("n", Format::DecimalSi, -9),
    ("u", Format::DecimalSi, -6),
    ("m", Format::DecimalSi, -3),
    ("k", Format::DecimalSi, 3),
    ("M", Format::DecimalSi, 6),
    ("G", Format::DecimalSi, 9),
    ("T", Format::DecimalSi, 12),
    ("P", Format::DecimalSi, 15),
    ("E", Format::DecimalSi, 18),
];

impl Quantity {
    /// Parses a quantity; parts below a billionth are rounded up.
    ///
    /// # Errors
    /// [`QuantityError`] if the text is no quantity.
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let (sign, rest) = match text.as_bytes().first() {
            Some(b'-') => (-1, &text[1..]),
            Some(b'+') => (1, &text[1..]),
            _ => (1, text),
        };
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, suffix) = rest.split_at(end);
        check_shape(number, suffix)?;
        let (format, power) = parse_suffix(suffix)?;
        if number.matches('.').count() > 1 || !number.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(QuantityError::Number);
        }
        let nanos = scaled(number, format, power).min(MAX);
        Ok(Self { nanos: sign * nanos, format })
    }

    /// The amount in thousandths, rounded up.
    pub fn millis(self) -> i128 {
        ceil_div(self.nanos, NANO / 1000)
    }

    /// The amount, rounded up.
    pub fn value(self) -> i128 {
        ceil_div(self.nanos, NANO)
    }

    /// The sum of both, written as this one unless it is zero.
    pub fn plus(self, other: Self) -> Self {
        let format = if self.nanos == 0 { other.format } else { self.format };
        Self { nanos: self.nanos.saturating_add(other.nanos).clamp(-MAX, MAX), format }
    }

    /// Below, at or above zero.
    pub fn sign(self) -> Ordering {
        self.nanos.cmp(&0)
    }

    /// The quantity as the server prints it: the largest suffix that needs no fraction.
    pub fn canonical(self) -> String {
        if self.nanos == 0 {
            return "0".into();
        }
        let whole = self.nanos % NANO == 0;
        let units = self.nanos / NANO;
        if self.format == Format::BinarySi && whole && units.abs() >= 1024 {
            return with_suffix(units, 1024, &["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]);
        }
        if self.format == Format::DecimalExponent {
            let (mantissa, thousands) = shrink(self.nanos, 1000, 16);
            return match thousands {
                3 => mantissa.to_string(),
                0..3 => format!("{mantissa}e-{}", 9 - thousands * 3),
                _ => format!("{mantissa}e{}", thousands * 3 - 9),
            };
        }
        with_suffix(self.nanos, 1000, &["n", "u", "m", "", "k", "M", "G", "T", "P", "E"])
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

/// A quantity's text as the server keeps it: in canonical form, rounded up to thousandths as in
/// lists of resources. What looks canonical to it stays as it is written, such as `+1Gi` and `01Gi`.
///
/// Upstream: `pkg/apis/core/v1/defaults.go`, `SetDefaults_ResourceList`; `ParseQuantity`.
///
/// # Errors
/// [`QuantityError`] if the text is no quantity.
pub fn canonical(text: &str) -> Result<String, QuantityError> {
    let Quantity { nanos, format } = Quantity::parse(text)?;
    if passes_for_canonical(text, format) {
        return Ok(text.into());
    }
    let nanos = ceil_div(nanos, MILLI) * MILLI;
    Ok(Quantity { nanos, format }.canonical())
}

/// Whether the server's quick look at a quantity's digits takes it for canonical.
fn passes_for_canonical(text: &str, format: Format) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = match whole.trim_start_matches('0') {
        "" if fraction.is_empty() => "0",
        whole => whole,
    };
    let digits = format!("{whole}{fraction}");
    let Ok((_, power)) = parse_suffix(suffix) else { return false };
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    match format {
        Format::BinarySi => {
            let is_quick = fraction.is_empty() && 14 - length - power * 3 / 10 >= 0;
            is_quick && digits.parse::<i64>().is_ok_and(|value| value & 7 != 0)
        }
        Format::DecimalSi | Format::DecimalExponent => {
            let scale = power - i32::try_from(fraction.len()).unwrap_or(i32::MAX);
            let is_thousands = scale % 3 == 0 && scale >= -3;
            length <= 18 && is_thousands && !digits.ends_with("000") && !digits.starts_with('0')
        }
    }
}

/// The text must be digits, then suffix letters, then perhaps a signed exponent.
fn check_shape(number: &str, suffix: &str) -> Result<(), QuantityError> {
    let exponent = suffix.trim_start_matches(|c| "eEinumkKMGTP".contains(c));
    let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    if number.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(QuantityError::Format);
    }
    Ok(())
}

fn parse_suffix(suffix: &str) -> Result<(Format, i32), QuantityError> {
    if let Some((_, format, power)) = SUFFIXES.iter().find(|(text, ..)| *text == suffix) {
        return Ok((*format, *power));
    }
    let exponent = suffix.strip_prefix(['e', 'E']).ok_or(QuantityError::Suffix)?;
    let power = exponent.parse::<i32>().map_err(|_| QuantityError::Suffix)?;
    Ok((Format::DecimalExponent, power.clamp(-100, 100)))
}

/// `number` times the suffix's power, in billionths, rounded up and capped.
fn scaled(number: &str, format: Format, power: i32) -> i128 {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut mantissa: i128 = 0;
    let mut power_of_ten = 9;
    let digits = whole.bytes().map(|b| (b, 0)).chain(fraction.bytes().map(|b| (b, 1)));
    let mut lost = false;
    for (byte, behind_point) in digits {
        let digit = i128::from(byte - b'0');
        if mantissa > 10_i128.pow(28) {
            lost |= digit > 0;
            power_of_ten += 1 - behind_point;
            continue;
        }
        mantissa = mantissa * 10 + digit;
        power_of_ten -= behind_point;
    }
    mantissa += i128::from(lost);
    match format {
        Format::BinarySi => mantissa = mantissa.saturating_mul(1 << power).min(i128::MAX / 2),
        Format::DecimalSi | Format::DecimalExponent => power_of_ten += power,
    }
    shift_decimal(mantissa, power_of_ten)
}

/// `mantissa` times a power of ten, rounded up and capped at 10^38.
fn shift_decimal(mantissa: i128, power: i32) -> i128 {
    const MAX: i128 = 10_i128.pow(38);
    let factor = 10_i128.checked_pow(power.unsigned_abs()).unwrap_or(MAX);
    match power {
        0.. => mantissa.saturating_mul(factor).min(MAX),
        _ => ceil_div(mantissa, factor),
    }
}

fn ceil_div(value: i128, by: i128) -> i128 {
    value.div_euclid(by) + i128::from(value.rem_euclid(by) != 0)
}

/// Divides by `base` as long as nothing is lost, at most `max` times.
fn shrink(mut mantissa: i128, base: i128, max: usize) -> (i128, usize) {
    let mut times = 0;
    while times < max && mantissa % base == 0 {
        mantissa /= base;
        times += 1;
    }
    (mantissa, times)
}

fn with_suffix(mantissa: i128, base: i128, suffixes: &[&str]) -> String {
    let (mantissa, times) = shrink(mantissa, base, suffixes.len() - 1);
    format!("{mantissa}{}", suffixes[times])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_largest_suffix_that_needs_no_fraction() {
        let cases = [
            ("1Gi", "1Gi"),
            ("1024Mi", "1Gi"),
            ("1536Mi", "1536Mi"),
            ("0.5", "500m"),
            ("1000m", "1"),
            ("01000m", "1"),
            ("1500m", "1500m"),
            ("0.5Gi", "512Mi"),
            ("1.5Gi", "1536Mi"),
            ("512Ki", "512Ki"),
            ("1000", "1k"),
            ("1024", "1024"),
            ("1000Ki", "1000Ki"),
            ("0.1Ki", "102400m"),
            ("1e3", "1e3"),
            ("5E", "5E"),
            ("-1", "-1"),
            ("+5", "+5"),
            ("+1Gi", "+1Gi"),
            ("01Gi", "01Gi"),
            ("08Gi", "8Gi"),
            ("1.500", "1.500"),
            ("0", "0"),
            ("0Gi", "0"),
            ("00100", "00100"),
            ("0.0000000001", "1m"),
            ("100u", "1m"),
            ("99999999999Gi", "9223372036854775807"),
            (".5", "500m"),
            ("5.", "5."),
        ];
        for (text, expected) in cases {
            assert_eq!(canonical(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_quantity() {
        let cases = [
            ("", QuantityError::Format),
            ("text", QuantityError::Format),
            ("1 Gi", QuantityError::Format),
            ("1Gi ", QuantityError::Format),
            ("Gi", QuantityError::Format),
            ("1GB", QuantityError::Format),
            ("1gi", QuantityError::Format),
            ("1kk", QuantityError::Suffix),
            ("1K", QuantityError::Suffix),
            ("1e", QuantityError::Suffix),
            ("1.2.3", QuantityError::Number),
            (".", QuantityError::Number),
        ];
        for (text, expected) in cases {
            assert_eq!(Quantity::parse(text).err(), Some(expected), "{text}");
        }
    }

    #[test]
    fn compares_by_amount() {
        let parse = |text| Quantity::parse(text).unwrap();
        assert!(parse("1Gi") > parse("1G"));
        assert_eq!(parse("1Gi"), parse("1024Mi"));
        assert!(parse("-1m") < parse("0"));
        assert_eq!(parse("1m").value(), 1);
        assert_eq!(parse("1.5").millis(), 1500);
    }

    #[test]
    fn survives_enormous_numbers() {
        let long = "9".repeat(500);
        for text in [long.as_str(), "1e99", "1e-99", "99999999999999999999Ei"] {
            assert!(!Quantity::parse(text).unwrap().canonical().is_empty(), "{text}");
        }
    }
}
