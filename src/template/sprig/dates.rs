//! Dates, in UTC.

use super::{Table, cast, text};
use crate::api::timestamp::Moment;
use crate::template::value::{Object, Value};
use std::rc::Rc;

/// The functions.
pub const FUNCTIONS: Table = &[
    ("ago", "a", |m, a| {
        Ok(format!("{}s", m.extra.now().saturating_sub(millis(&a[0], m.extra.now())) / 1_000)
            .into())
    }),
    ("date", "sa", |m, a| Ok(layout(text(a, 0), millis(&a[1], m.extra.now())).into())),
    ("dateInZone", "sas", |m, a| Ok(layout(text(a, 0), millis(&a[1], m.extra.now())).into())),
    ("date_in_zone", "sas", |m, a| Ok(layout(text(a, 0), millis(&a[1], m.extra.now())).into())),
    ("duration", "a", |_, a| Ok(span(cast::int64(&a[0])).into())),
    ("htmlDate", "a", |m, a| Ok(layout("2006-01-02", millis(&a[0], m.extra.now())).into())),
    ("now", "", |m, _| Ok(Value::Object(Rc::new(Time(m.extra.now()))))),
    ("unixEpoch", "a", |m, a| Ok((millis(&a[0], m.extra.now()) / 1_000).to_string().into())),
];

/// A `time.Time` in milliseconds since 1970.
#[derive(Debug)]
struct Time(i64);

impl Object for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn field(&self, name: &str) -> Option<Value> {
        let Moment { year, day, hour, minute, second, .. } = Moment::of(self.0);
        let number = Value::Int;
        Some(match name {
            "Year" => Value::Int(year),
            "Month" => Moment::of(self.0).month_name().into(),
            "Day" => number(day),
            "Hour" => number(hour),
            "Minute" => number(minute),
            "Second" => number(second),
            "Unix" => Value::Int64(self.0.div_euclid(1_000)),
            "UnixNano" => Value::Int64(self.0.saturating_mul(1_000_000)),
            "String" => self.text().into(),
            _ => return None,
        })
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Option<Result<Value, String>> {
        match (name, arguments) {
            ("Format", [Value::Text(format)]) => Some(Ok(layout(format, self.0).into())),
            _ => None,
        }
    }

    fn text(&self) -> String {
        layout("2006-01-02 15:04:05.999999999 -0700 MST", self.0)
    }
}

/// The moment that a value stands for; now if it stands for none.
fn millis(value: &Value, now: i64) -> i64 {
    match value {
        Value::Object(object) => match object.field("UnixNano") {
            Some(Value::Int64(nanos)) => nanos / 1_000_000,
            _ => now,
        },
        Value::Int(seconds) | Value::Int64(seconds) => seconds.saturating_mul(1_000),
        _ => now,
    }
}

/// A moment in Go's layout, whose parts are those of Mon Jan 2 15:04:05 2006.
fn layout(format: &str, at: i64) -> String {
    let moment = Moment::of(at);
    let Moment { year, month, day, hour, minute, second, milli, .. } = moment;
    let noon = match hour % 12 {
        0 => 12,
        other => other,
    };
    let half = if hour < 12 { "AM" } else { "PM" };
    const LONG: [&str; 12] = [
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
    let weekday = usize::try_from(at.div_euclid(86_400_000).rem_euclid(7)).unwrap_or(0);
    let long_month = LONG[usize::try_from(month.clamp(1, 12) - 1).unwrap_or(0)];
    let parts: [(&str, String); 26] = [
        ("January", long_month.into()),
        ("Monday", DAYS[weekday].into()),
        ("Jan", long_month[..3].into()),
        ("Mon", DAYS[weekday][..3].into()),
        ("MST", "UTC".into()),
        ("2006", format!("{year:04}")),
        ("-07:00", "+00:00".into()),
        ("Z07:00", "Z".into()),
        ("-0700", "+0000".into()),
        (".999999999", if milli == 0 { String::new() } else { fraction(milli) }),
        (".000", format!(".{milli:03}")),
        ("_2", format!("{day:>2}")),
        ("01", format!("{month:02}")),
        ("02", format!("{day:02}")),
        ("03", format!("{noon:02}")),
        ("04", format!("{minute:02}")),
        ("05", format!("{second:02}")),
        ("06", format!("{:02}", year.rem_euclid(100))),
        ("15", format!("{hour:02}")),
        ("PM", half.into()),
        ("pm", half.to_lowercase()),
        ("1", month.to_string()),
        ("2", day.to_string()),
        ("3", noon.to_string()),
        ("4", minute.to_string()),
        ("5", second.to_string()),
    ];
    let mut out = String::new();
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        match parts.iter().find(|(part, _)| rest.starts_with(part)) {
            Some((part, text)) => {
                out.push_str(text);
                rest = &rest[part.len()..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

fn fraction(milli: i64) -> String {
    format!(".{milli:03}").trim_end_matches('0').to_owned()
}

/// A number of seconds as Go prints a duration.
fn span(seconds: i64) -> String {
    let (sign, all) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
    match (all / 3_600, all / 60 % 60, all % 60) {
        (0, 0, seconds) => format!("{sign}{seconds}s"),
        (0, minutes, seconds) => format!("{sign}{minutes}m{seconds}s"),
        (hours, minutes, seconds) => format!("{sign}{hours}h{minutes}m{seconds}s"),
    }
}
