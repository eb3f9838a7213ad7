//! Times as API objects write them, and the calendar behind them.
//!
//! Source: RFC 3339, and `staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time.go`.

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
const WEEKDAYS: &str = "ThuFriSatSunMonTueWed";

/// A moment of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Year, such as 2026.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: i64,
    /// Day of the month, 1 to 31.
    pub day: i64,
    /// Hour, 0 to 23.
    pub hour: i64,
    /// Minute, 0 to 59.
    pub minute: i64,
    /// Second, 0 to 59.
    pub second: i64,
    /// Millisecond, 0 to 999.
    pub milli: i64,
    /// Days since 1970-01-01.
    days: i64,
}

impl Moment {
    /// The moment that is `millis` milliseconds after the beginning of 1970.
    pub fn of(millis: i64) -> Self {
        let (days, rest) = (millis.div_euclid(DAY), millis.rem_euclid(DAY));
        // Years are counted from a March, so that a leap day is the last of its year.
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Self {
            year: year + era * 400 + i64::from(month <= 2),
            month,
            day: of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: rest / HOUR,
            minute: rest % HOUR / MINUTE,
            second: rest % MINUTE / SECOND,
            milli: rest % SECOND,
            days,
        }
    }

    /// As API objects write it, such as `2026-11-23T07:11:02Z`.
    pub fn rfc3339(&self) -> String {
        let Self { year, month, day, hour, minute, second, .. } = self;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// As micro-times are written, such as `2026-11-23T07:11:02.123000Z`.
    pub fn rfc3339_micro(&self) -> String {
        let whole = self.rfc3339();
        format!("{}.{:03}000Z", whole.trim_end_matches('Z'), self.milli)
    }

    /// As `kubectl describe` writes it, such as `Mon, 23 Nov 2026 07:11:02 +0000`.
    pub fn rfc1123z(&self) -> String {
        let Self { year, day, hour, minute, second, .. } = self;
        let (weekday, month) = (self.weekday(), self.month_name());
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} +0000")
    }

    /// The day of the week, such as `Mon`.
    pub fn weekday(&self) -> &'static str {
        piece(WEEKDAYS, self.days.rem_euclid(7))
    }

    /// The month, such as `Nov`.
    pub fn month_name(&self) -> &'static str {
        piece(MONTHS, self.month - 1)
    }
}

fn piece(names: &'static str, index: i64) -> &'static str {
    let at = usize::try_from(index).unwrap_or(0) * 3;
    names.get(at..at + 3).unwrap_or_default()
}

/// The milliseconds since the beginning of 1970 that a text such as `2026-11-23T07:11:02.5Z` or
/// `2026-11-23T10:11:02+03:00` says; none if it is no such text.
pub fn parse(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once(['T', ' '])?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let at = rest.find(['Z', '+', '-'])?;
    let (time, zone) = rest.split_at(at);
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut time = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let milli: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let offset = match zone.strip_prefix('Z') {
        Some(_) => 0,
        None => {
            let (hours, minutes) = zone.get(1..)?.split_once(':')?;
            let ahead = hours.parse::<i64>().ok()? * HOUR + minutes.parse::<i64>().ok()? * MINUTE;
            if zone.starts_with('-') { -ahead } else { ahead }
        }
    };
    let is_sound = (1..=12).contains(&month) && (1..=31).contains(&day) && year.abs() < 100_000;
    is_sound.then(|| {
        let shifted_year = year - i64::from(month <= 2);
        let (era, of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
        let shifted_month = if month > 2 { month - 3 } else { month + 9 };
        let of_year = (153 * shifted_month + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + milli - offset
    })
}

/// A span as `kubectl` tells ages, such as `2m14s`.
///
/// Upstream: `staging/src/k8s.io/apimachinery/pkg/util/duration/duration.go`, HumanDuration.
pub fn human_duration(millis: i64) -> String {
    let seconds = millis / SECOND;
    let (minutes, hours) = (millis / MINUTE, millis / HOUR);
    let (days, years) = (hours / 24, hours / 24 / 365);
    let both = |big: i64, unit: &str, small: i64, small_unit: &str| match small {
        0 => format!("{big}{unit}"),
        _ => format!("{big}{unit}{small}{small_unit}"),
    };
    match () {
        () if seconds < -1 => "<invalid>".into(),
        () if seconds < 0 => "0s".into(),
        () if seconds < 60 * 2 => format!("{seconds}s"),
        () if minutes < 10 => both(minutes, "m", seconds % 60, "s"),
        () if minutes < 60 * 3 => format!("{minutes}m"),
        () if hours < 8 => both(hours, "h", minutes % 60, "m"),
        () if hours < 48 => format!("{hours}h"),
        () if days < 8 => both(days, "d", hours % 24, "h"),
        () if days < 365 * 2 => format!("{days}d"),
        () if days < 365 * 8 => both(years, "y", days % 365, "d"),
        () => format!("{years}y"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_times() {
        for text in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-11-23T07:11:02Z"] {
            let millis = parse(text).expect(text);
            assert_eq!(Moment::of(millis).rfc3339(), text);
        }
        assert_eq!(parse("2026-11-23T10:11:02.5+03:00"), parse("2026-11-23T07:11:02.5Z"));
        assert_eq!(
            Moment::of(parse("2026-11-23T07:11:02.446Z").unwrap()).rfc1123z(),
            "Mon, 23 Nov 2026 07:11:02 +0000"
        );
        for text in ["", "2026", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00", "é-1-1T0:0:0Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn tells_ages_as_kubectl_does() {
        let cases = [
            (-2_500, "<invalid>"),
            (-1_500, "0s"),
            (119_999, "119s"),
            (134_000, "2m14s"),
            (300_000, "5m"),
            (125 * MINUTE, "125m"),
            (3 * HOUR + 12 * MINUTE, "3h12m"),
            (22 * HOUR, "22h"),
            (50 * HOUR, "2d2h"),
            (9 * DAY, "9d"),
            (730 * DAY, "2y"),
            (800 * DAY, "2y70d"),
            (3000 * DAY, "8y"),
        ];
        for (millis, text) in cases {
            assert_eq!(human_duration(millis), text);
        }
    }
}
