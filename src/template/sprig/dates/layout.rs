//! Go's layouts of moments, whose parts are those of Mon Jan 2 15:04:05 2006.
//!
//! Upstream: `time/format.go`, nextStdChunk, Format, Parse.

use crate::api::timestamp::Moment;
use crate::template::format::quote;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// The parts that are written as they are, the longer of those that begin alike first.
const PARTS: [&str; 36] = [
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "002",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "15",
    "2006",
    "_2006",
    "__2",
    "_2",
    "-07:00:00",
    "-070000",
    "-07:00",
    "-0700",
    "-07",
    "Z07:00:00",
    "Z070000",
    "Z07:00",
    "Z0700",
    "Z07",
    "PM",
    "pm",
    "1",
    "2",
    "3",
    "4",
    "5",
    ".",
    ",",
];

/// The next part of a layout: what stands before it, the part, and what stands behind it.
fn next(layout: &str) -> (&str, &str, &str) {
    for (at, _) in layout.char_indices() {
        let rest = &layout[at..];
        let Some(part) = PARTS.iter().find(|part| rest.starts_with(**part)) else { continue };
        let behind = &rest[part.len()..];
        let length = match *part {
            "." | "," => match fraction(rest) {
                0 => continue,
                length => length,
            },
            // A year behind an underscore is a year behind a plain one.
            "_2006" => return (&layout[..=at], &layout[at + 1..at + 5], &layout[at + 5..]),
            "Jan" | "Mon" if behind.starts_with(|c: char| c.is_ascii_lowercase()) => continue,
            part => part.len(),
        };
        return (&layout[..at], &rest[..length], &rest[length..]);
    }
    (layout, "", "")
}

/// How long a fraction of seconds is, with its point; 0 if there is none.
fn fraction(rest: &str) -> usize {
    let digits = &rest[1..];
    let length = ['0', '9'].map(|digit| digits.len() - digits.trim_start_matches(digit).len());
    let length = length[0].max(length[1]);
    let ends = !digits[length..].starts_with(|c: char| c.is_ascii_digit());
    if length > 0 && ends { length + 1 } else { 0 }
}

/// Days since 1970 of a day.
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years are counted from a March, so that a leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day of the year, from 1.
pub fn day_of_year(millis: i64) -> i64 {
    millis.div_euclid(86_400_000) - days(Moment::of(millis).year, 1, 1) + 1
}

/// A moment in a layout.
pub fn print(layout: &str, millis: i64) -> String {
    let mut out = String::new();
    let mut rest = layout;
    loop {
        let (before, part, behind) = next(rest);
        out.push_str(before);
        if part.is_empty() {
            return out;
        }
        out.push_str(&printed(part, millis));
        rest = behind;
    }
}

fn printed(part: &str, millis: i64) -> String {
    let Moment { year, month, day, hour, minute, second, milli, .. } = Moment::of(millis);
    let noon = if hour % 12 == 0 { 12 } else { hour % 12 };
    let name = |names: &[&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or_default()
    };
    let long_month = name(&MONTHS, month - 1);
    let weekday = name(&DAYS, millis.div_euclid(86_400_000).rem_euclid(7));
    match part {
        "January" => long_month.into(),
        "Jan" => long_month.chars().take(3).collect(),
        "Monday" => weekday.into(),
        "Mon" => weekday.chars().take(3).collect(),
        "MST" => "UTC".into(),
        "2006" => format!("{year:04}"),
        "06" => format!("{:02}", year.rem_euclid(100)),
        "01" => format!("{month:02}"),
        "1" => month.to_string(),
        "02" => format!("{day:02}"),
        "_2" => format!("{day:>2}"),
        "2" => day.to_string(),
        "002" => format!("{:03}", day_of_year(millis)),
        "__2" => format!("{:>3}", day_of_year(millis)),
        "15" => format!("{hour:02}"),
        "03" => format!("{noon:02}"),
        "3" => noon.to_string(),
        "04" => format!("{minute:02}"),
        "4" => minute.to_string(),
        "05" => format!("{second:02}"),
        "5" => second.to_string(),
        "PM" => if hour < 12 { "AM" } else { "PM" }.into(),
        "pm" => if hour < 12 { "am" } else { "pm" }.into(),
        part if part.starts_with('Z') => "Z".into(),
        part if part.starts_with('-') => {
            format!("+{}", part[1..].replace(|c: char| c.is_ascii_digit(), "0"))
        }
        part => part_of_second(part, milli),
    }
}

/// A fraction of a second such as `.000` or `.999`, of which the latter drops zeros.
fn part_of_second(part: &str, milli: i64) -> String {
    let (point, digits) = part.split_at(1);
    let nanos = format!("{:09}", milli * 1_000_000);
    let own = nanos.get(..digits.len().min(9)).unwrap_or_default();
    let own = if digits.starts_with('9') { own.trim_end_matches('0') } else { own };
    if own.is_empty() { String::new() } else { format!("{point}{own}") }
}

/// What was read of a moment so far.
struct Read {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    milli: i64,
    /// Whether it is after noon, if that is told.
    is_late: Option<bool>,
    /// Milliseconds by which its zone is ahead.
    ahead: i64,
}

/// Reads a moment: `time.Parse`.
///
/// # Errors
/// In Go's words.
pub fn parse(layout: &str, value: &str) -> Result<i64, String> {
    let told = format!("parsing time {} as {}", quote(value), quote(layout));
    let wrong =
        |text: &str, part: &str| format!("{told}: cannot parse {} as {}", quote(text), quote(part));
    let mut read = Read {
        year: 0,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        milli: 0,
        is_late: None,
        ahead: 0,
    };
    let (mut pattern, mut rest) = (layout, value);
    loop {
        let (before, part, behind) = next(pattern);
        rest = rest.strip_prefix(before).ok_or_else(|| wrong(rest, before))?;
        if part.is_empty() {
            if !rest.is_empty() {
                let value = quote(value);
                return Err(format!("parsing time {value}: extra text: {}", quote(rest)));
            }
            break;
        }
        rest = read.take(part, rest).ok_or_else(|| wrong(rest, part))?;
        pattern = behind;
    }
    read.millis().map_err(|what| format!("parsing time {}: {what} out of range", quote(value)))
}

impl Read {
    /// Reads a part at the beginning of a text, and returns what stands behind it.
    fn take<'a>(&mut self, part: &str, text: &'a str) -> Option<&'a str> {
        let (number, rest) = match part {
            "2006" => digits(text, 4, 4)?,
            "06" | "01" | "02" | "03" | "04" | "05" => digits(text, 2, 2)?,
            "1" | "2" | "3" | "4" | "5" | "15" => digits(text, 1, 2)?,
            "_2" => digits(text.trim_start_matches(' '), 1, 2)?,
            "002" | "__2" => digits(text.trim_start_matches(' '), 1, 3)?,
            _ => return self.take_word(part, text),
        };
        match part {
            "2006" => self.year = number,
            "06" => self.year = number + if number >= 69 { 1900 } else { 2000 },
            "01" | "1" => self.month = number,
            "02" | "2" | "_2" => self.day = number,
            "002" | "__2" => {
                self.month = 1;
                self.day = number;
            }
            "04" | "4" => self.minute = number,
            "05" | "5" => {
                self.second = number;
                return Some(self.take_fraction(rest));
            }
            _ => self.hour = number,
        }
        Some(rest)
    }

    /// A fraction may stand behind seconds where the layout has none.
    fn take_fraction<'a>(&mut self, text: &'a str) -> &'a str {
        let Some(rest) = text.strip_prefix(['.', ',']) else { return text };
        let length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if length == 0 {
            return text;
        }
        let padded = format!("{:0<3}", &rest[..length]);
        self.milli = padded.get(..3).and_then(|own| own.parse().ok()).unwrap_or(0);
        &rest[length..]
    }

    fn take_word<'a>(&mut self, part: &str, text: &'a str) -> Option<&'a str> {
        let name = |names: &[&str], length: usize| {
            names.iter().enumerate().find_map(|(at, name)| {
                let name = name.get(..length.min(name.len()))?;
                let own = text.get(..name.len())?;
                own.eq_ignore_ascii_case(name).then(|| (at, &text[name.len()..]))
            })
        };
        match part {
            "January" | "Jan" => {
                let (at, rest) = name(&MONTHS, if part == "Jan" { 3 } else { 9 })?;
                self.month = i64::try_from(at).ok()? + 1;
                Some(rest)
            }
            "Monday" | "Mon" => Some(name(&DAYS, if part == "Mon" { 3 } else { 9 })?.1),
            "PM" | "pm" => {
                let (own, rest) = text.split_at_checked(2)?;
                let is_upper = part == "PM";
                let late = if is_upper { ["AM", "PM"] } else { ["am", "pm"] };
                self.is_late = Some(late.iter().position(|it| *it == own)? == 1);
                Some(rest)
            }
            "MST" => {
                let length =
                    text.len() - text.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
                (3..=5).contains(&length).then(|| &text[length..])
            }
            part if part.starts_with(['.', ',']) => Some(self.take_fraction(text)),
            part if part.starts_with('Z') && text.starts_with('Z') => Some(&text[1..]),
            part => self.take_zone(part, text),
        }
    }

    fn take_zone<'a>(&mut self, part: &str, text: &'a str) -> Option<&'a str> {
        let (own, rest) = text.split_at_checked(part.len())?;
        let sign = match own.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let is_alike = |(own, part): (char, char)| own.is_ascii_digit() == part.is_ascii_digit();
        if !own.chars().zip(part.chars()).skip(1).all(is_alike) {
            return None;
        }
        let plain = own[1..].replace(':', "");
        let number =
            |from: usize| plain.get(from..from + 2).and_then(|it| it.parse().ok()).unwrap_or(0);
        let seconds: i64 = number(0) * 3_600 + number(2) * 60 + number(4);
        self.ahead = sign * seconds * 1_000;
        Some(rest)
    }

    /// The moment, or what of it is out of range.
    fn millis(&self) -> Result<i64, &'static str> {
        let hour = match (self.is_late, self.hour) {
            (Some(true), hour) if hour < 12 => hour + 12,
            (Some(false), 12) => 0,
            (_, hour) => hour,
        };
        let checks = [
            ("month", self.month, 1, 12),
            ("hour", hour, 0, 23),
            ("minute", self.minute, 0, 59),
            ("second", self.second, 0, 59),
        ];
        if let Some((what, ..)) = checks.iter().find(|(_, it, from, to)| it < from || it > to) {
            return Err(what);
        }
        let month = days(self.year, self.month, 1);
        let next = match self.month {
            12 => days(self.year + 1, 1, 1),
            month => days(self.year, month + 1, 1),
        };
        if self.day < 1 || self.day > next - month {
            return Err("day");
        }
        let seconds = (hour * 60 + self.minute) * 60 + self.second;
        Ok((month + self.day - 1) * 86_400_000 + seconds * 1_000 + self.milli - self.ahead)
    }
}

/// A number of so many digits, and what stands behind it.
fn digits(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let own = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if own < least {
        return None;
    }
    let (number, rest) = text.split_at(own);
    Some((number.parse().ok()?, rest))
}
