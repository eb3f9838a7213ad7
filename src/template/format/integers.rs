//! Integers in `fmt.Sprintf`.
//!
//! Upstream: `fmt/format.go`, fmtInteger.

use super::printf::Spec;

impl Spec {
    /// An integer in a radix.
    pub(super) fn integer(&self, value: i64, verb: char) -> String {
        let size = value.unsigned_abs();
        if self.precision == Some(0) && value == 0 {
            // Nothing but its width.
            return " ".repeat(self.width.unwrap_or(0));
        }
        let mut digits = match verb {
            'x' => format!("{size:x}"),
            'X' => format!("{size:X}"),
            'o' | 'O' => format!("{size:o}"),
            'b' => format!("{size:b}"),
            _ => size.to_string(),
        };
        let has_sign = value < 0 || self.plus || self.space;
        let least = match (self.precision, self.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if self.zero && !self.minus => {
                width.saturating_sub(usize::from(has_sign))
            }
            _ => 0,
        };
        digits.insert_str(0, &"0".repeat(least.saturating_sub(digits.len())));
        let prefix = match verb {
            'O' => "0o",
            'b' if self.sharp => "0b",
            'o' if self.sharp && !digits.starts_with('0') => "0",
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            _ => "",
        };
        let sign = match () {
            () if value < 0 => "-",
            () if self.plus => "+",
            () if self.space => " ",
            () => "",
        };
        Self { zero: false, ..*self }.pad(&format!("{sign}{prefix}{digits}"))
    }

    /// `U+2603`, and with a `#` the character behind it.
    pub(super) fn unicode(&self, value: i64) -> String {
        let least = self.precision.unwrap_or(4).max(4);
        let shown = char::from_u32(u32::try_from(value).unwrap_or(u32::MAX));
        let tail = match shown.filter(|c| self.sharp && super::is_printable(*c)) {
            Some(c) => format!(" '{c}'"),
            None => String::new(),
        };
        Self { zero: false, ..*self }.pad(&format!("U+{value:0least$X}{tail}"))
    }
}
