//! Dates, in UTC.
//!
//! Upstream: `sprig/date.go`.

mod layout;
mod span;

use crate::api::timestamp::Moment;
use crate::template::arguments::{Given, Table, int, text};
use crate::template::value::{Object, Value};
use std::rc::Rc;

/// The functions.
pub const FUNCTIONS: Table = &[
    ("ago", "a", |m, a| {
        let seconds = m.extra.now().saturating_sub(millis(&a[0], m.extra.now())) / 1_000;
        Ok(span::text(seconds).into())
    }),
    ("date", "sa", |m, a| Ok(layout::print(text(a, 0), millis(&a[1], m.extra.now())).into())),
    (
        "dateInZone",
        "sas",
        |m, a| Ok(layout::print(text(a, 0), millis(&a[1], m.extra.now())).into()),
    ),
    ("dateModify", "st", |m, a| Ok(modified(m.extra.now(), a).unwrap_or_else(|_| a[1].clone()))),
    ("date_in_zone", "sas", |m, a| {
        Ok(layout::print(text(a, 0), millis(&a[1], m.extra.now())).into())
    }),
    ("date_modify", "st", |m, a| Ok(modified(m.extra.now(), a).unwrap_or_else(|_| a[1].clone()))),
    ("duration", "a", |_, a| {
        Ok(span::text(match &a[0] {
            Value::Int64(seconds) => *seconds,
            Value::Text(text) => text.parse().unwrap_or(0),
            _ => 0,
        })
        .into())
    }),
    ("durationRound", "a", |m, a| {
        Ok(span::rounded(match &a[0] {
            Value::Int64(nanos) => *nanos,
            Value::Text(text) => span::parse(text).unwrap_or(0),
            Value::Object(_) => {
                m.extra.now().saturating_sub(millis(&a[0], m.extra.now())).saturating_mul(1_000_000)
            }
            _ => 0,
        })
        .into())
    }),
    ("htmlDate", "a", |m, a| Ok(layout::print(DAY, millis(&a[0], m.extra.now())).into())),
    ("htmlDateInZone", "as", |m, a| Ok(layout::print(DAY, millis(&a[0], m.extra.now())).into())),
    ("mustDateModify", "st", |m, a| modified(m.extra.now(), a)),
    ("mustToDate", "ss", |_, a| read(a)),
    ("must_date_modify", "st", |m, a| modified(m.extra.now(), a)),
    ("now", "", |m, _| Ok(Time::value(m.extra.now()))),
    ("toDate", "ss", |_, a| read(a).or_else(|_| Ok(Time::value(ZERO)))),
    ("unixEpoch", "t", |m, a| {
        Ok(millis(&a[0], m.extra.now()).div_euclid(1_000).to_string().into())
    }),
];

/// The layout of a day.
const DAY: &str = "2006-01-02";
/// The beginning of the year 1, which is what Go calls no time.
const ZERO: i64 = -62_135_596_800_000;
/// The furthest moment that is counted with.
const FAR: i64 = 253_402_300_799_000;

/// A `time.Time` in milliseconds since 1970.
#[derive(Debug)]
struct Time(i64);

impl Time {
    fn value(millis: i64) -> Value {
        Value::Object(Rc::new(Self(millis.clamp(ZERO, FAR))))
    }

    /// The time after years, months and days, of which none need be within its bounds.
    fn after(&self, [years, months, days]: [i64; 3]) -> Value {
        let own = Moment::of(self.0);
        let count = |it: i64| it.clamp(-100_000, 100_000);
        let months = own.month - 1 + count(months);
        let year = own.year + count(years) + months.div_euclid(12);
        let first = layout::days(year, months.rem_euclid(12) + 1, 1);
        let of_day = self.0.rem_euclid(86_400_000);
        Self::value((first + own.day - 1 + count(days)) * 86_400_000 + of_day)
    }
}

impl Object for Time {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn parameters(&self, name: &str) -> Option<&'static str> {
        match name {
            "AddDate" => Some("iii"),
            "Format" => Some("s"),
            "Year" | "Month" | "Day" | "Hour" | "Minute" | "Second" | "Nanosecond" | "Weekday"
            | "YearDay" | "Unix" | "UnixMilli" | "UnixNano" | "IsZero" | "UTC" | "Local"
            | "String" => Some(""),
            _ => None,
        }
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Value, String> {
        let Moment { year, day, hour, minute, second, milli, .. } = Moment::of(self.0);
        let number = |at: usize| int(arguments, at);
        Ok(match name {
            "AddDate" => self.after([number(0), number(1), number(2)]),
            "Format" => layout::print(text(arguments, 0), self.0).into(),
            "Year" => Value::Int(year),
            "Month" => layout::print("January", self.0).into(),
            "Day" => Value::Int(day),
            "Hour" => Value::Int(hour),
            "Minute" => Value::Int(minute),
            "Second" => Value::Int(second),
            "Nanosecond" => Value::Int(milli * 1_000_000),
            "Weekday" => layout::print("Monday", self.0).into(),
            "YearDay" => Value::Int(layout::day_of_year(self.0)),
            "Unix" => Value::Int64(self.0.div_euclid(1_000)),
            "UnixMilli" => Value::Int64(self.0),
            "UnixNano" => Value::Int64(self.0.saturating_mul(1_000_000)),
            "IsZero" => (self.0 == ZERO).into(),
            "String" => self.text().into(),
            _ => Self::value(self.0),
        })
    }

    fn json(&self) -> serde_json::Value {
        layout::print("2006-01-02T15:04:05.999999999Z07:00", self.0).into()
    }

    fn text(&self) -> String {
        layout::print("2006-01-02 15:04:05.999999999 -0700 MST", self.0)
    }
}

/// The moment that a value stands for; now if it stands for none.
fn millis(value: &Value, now: i64) -> i64 {
    match value {
        Value::Object(object) => match object.call("UnixMilli", &[]) {
            Ok(Value::Int64(millis)) => millis,
            _ => now,
        },
        Value::Int(seconds) | Value::Int64(seconds) => {
            seconds.saturating_mul(1_000).clamp(ZERO, FAR)
        }
        _ => now,
    }
}

fn read(args: &[Value]) -> Given {
    Ok(Time::value(layout::parse(text(args, 0), text(args, 1))?))
}

fn modified(now: i64, args: &[Value]) -> Result<Value, String> {
    let by = span::parse(text(args, 0))?;
    Ok(Time::value(millis(&args[1], now).saturating_add(by.div_euclid(1_000_000))))
}
