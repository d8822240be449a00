//! Points in time, and the clocks that give them.

use std::fmt;

use crate::calendar::{DAY_NS, MILLISECOND_NS, SECOND_NS, date_of};

/// Whose clock the times of a file are of.
///
/// It is what file and format state, never a guess. No time is converted from one clock into another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Clock {
    /// Five hours behind UTC in summer and in winter, as HistData has it.
    EstWithoutDaylightSaving,
    /// UTC, but counted from the beginning of an hour that the file does not state.
    HourUtc,
    /// UTC, but counted from the beginning of a day that the file does not state.
    MidnightUtc,
    /// The zone that the file names, such as `EET`, verbatim.
    Named(Box<str>),
    /// The trade server's: the broker's zone, which no file states.
    TradeServer,
    /// Coordinated universal time.
    Utc,
}

impl Clock {
    /// Returns whether its times have a date.
    #[must_use]
    pub const fn has_date(&self) -> bool {
        !matches!(self, Self::HourUtc | Self::MidnightUtc)
    }

    /// Returns a time of this clock as text, without what nobody stated: `2019-02-04 00:00:00.994`,
    /// of an unknown day `00:00:00.994`, of an unknown hour `00:00.994`.
    #[must_use]
    pub fn time_text(&self, time: TickTime) -> String {
        const DATE_LEN: usize = "2019-02-04 ".len();
        let text = time.to_string();
        let unstated_len = match self {
            Self::HourUtc => DATE_LEN + "00:".len(),
            Self::MidnightUtc => DATE_LEN,
            Self::EstWithoutDaylightSaving | Self::Named(_) | Self::TradeServer | Self::Utc => 0,
        };
        text.chars().skip(unstated_len).collect()
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EstWithoutDaylightSaving => "EST without daylight saving",
            Self::HourUtc => "UTC, from the beginning of an unknown hour",
            Self::MidnightUtc => "UTC, from midnight of an unknown day",
            Self::Named(zone) => zone,
            Self::TradeServer => "the trade server's time",
            Self::Utc => "UTC",
        })
    }
}

/// A point in time of the [`Clock`] that its reader names.
///
/// # Units
///
/// Nanoseconds since 1970-01-01 00:00:00 of that clock; for a clock without a date, since the
/// beginning of the day or the hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TickTime(i64);

impl TickTime {
    /// Wraps a number of nanoseconds.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Returns nanoseconds.
    #[must_use]
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// Returns whole milliseconds, as `time_msc` of an `MqlTick`.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(MILLISECOND_NS)
    }
}

/// Prints date and time with at least milliseconds: `2019-02-04 00:00:00.994`.
impl fmt::Display for TickTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.0.div_euclid(DAY_NS));
        let of_day = self.0.rem_euclid(DAY_NS);
        let (second, fraction) = (of_day / SECOND_NS, of_day % SECOND_NS);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.")?;
        if fraction % MILLISECOND_NS == 0 {
            write!(f, "{:03}", fraction / MILLISECOND_NS)
        } else if fraction % 1000 == 0 {
            write!(f, "{:06}", fraction / 1000)
        } else {
            write!(f, "{fraction:09}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_with_what_it_has() {
        let check = |nanos, text: &str| assert_eq!(TickTime::from_nanos(nanos).to_string(), text);
        check(0, "1970-01-01 00:00:00.000");
        check(1_549_238_400_994_000_000, "2019-02-04 00:00:00.994");
        check(1_549_238_400_994_001_000, "2019-02-04 00:00:00.994001");
        check(1_549_238_400_994_000_001, "2019-02-04 00:00:00.994000001");
        check(-1, "1969-12-31 23:59:59.999999999");
        check(i64::MAX, "2262-04-11 23:47:16.854775807");
    }

    #[test]
    fn a_clock_shows_no_date_that_nobody_stated() {
        let check = |clock: Clock, text| {
            assert_eq!(clock.time_text(TickTime::from_nanos(754_994_000_000)), text);
        };
        check(Clock::Utc, "1970-01-01 00:12:34.994");
        check(Clock::Named("EET".into()), "1970-01-01 00:12:34.994");
        check(Clock::MidnightUtc, "00:12:34.994");
        check(Clock::HourUtc, "12:34.994");
    }

    #[test]
    fn milliseconds_are_whole() {
        assert_eq!(TickTime::from_nanos(808_067_200).as_millis(), 808);
        assert_eq!(TickTime::from_nanos(-1).as_millis(), -1);
    }
}
