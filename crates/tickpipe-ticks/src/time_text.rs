//! Times as files print them.

use std::ops::RangeInclusive;

use crate::calendar::{DAY_NS, MILLISECOND_NS, SECOND_NS, day_ns};
use crate::number;

/// How a file prints its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeForm {
    /// `20090501 00:00:00.286`.
    Compact,
    /// `04.02.2019 00:00:00.994`.
    DayFirst(Offset),
    /// `808.0672`: milliseconds of a day.
    MillisOfDay,
    /// `20200101 170000065`.
    Packed,
    /// `00:00:00.994`, beside a column `2019.02.04`.
    TimeOfDay,
    /// `1549238400994`: milliseconds since 1970 in UTC.
    UnixMillis,
    /// `2019.02.04 00:00:00.994`, `2019-02-04T00:00:00.994`.
    YearFirst(Offset),
}

/// Whether every time ends with its distance to UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offset {
    /// `Z`, `+00:00`, `+0100`, ` UTC`, ` GMT+0100`.
    Stated,
    Unstated,
}

impl TimeForm {
    /// Finds the form of a time that has a date; `None` if it has none of them.
    pub(crate) fn of(field: &[u8]) -> Option<Self> {
        let all = |offset| [Self::DayFirst(offset), Self::YearFirst(offset)];
        let mut forms = all(Offset::Unstated).into_iter().chain(all(Offset::Stated));
        forms
            .find(|&form| Times::new(form).instant(field).is_some())
            .or_else(|| Times::new(Self::UnixMillis).instant(field).map(|_| Self::UnixMillis))
    }

    /// Whether it says UTC by itself.
    pub(crate) const fn is_utc(self) -> bool {
        matches!(
            self,
            Self::DayFirst(Offset::Stated) | Self::YearFirst(Offset::Stated) | Self::UnixMillis
        )
    }

    pub(crate) const fn allowed(self) -> &'static str {
        match self {
            Self::Compact => "a time such as 20090501 00:00:00.286",
            Self::DayFirst(Offset::Stated) => "a time such as 04.02.2019 00:00:00.994 GMT+0100",
            Self::DayFirst(Offset::Unstated) => "a time such as 04.02.2019 00:00:00.994",
            Self::MillisOfDay => "milliseconds of a day, from 0 to below 86400000",
            Self::Packed => "a time such as 20200101 170000065",
            Self::TimeOfDay => "a time such as 00:00:00.994",
            Self::UnixMillis => "milliseconds since 1970 such as 1549238400994",
            Self::YearFirst(Offset::Stated) => "a time such as 2019-02-04 00:00:00.994+00:00",
            Self::YearFirst(Offset::Unstated) => "a time such as 2019-02-04 00:00:00.994",
        }
    }
}

/// Reads times of one form, and remembers the day it read last.
#[derive(Clone, Debug)]
pub(crate) struct Times {
    form: TimeForm,
    /// The date that is `date_ns`, filled up if it is shorter.
    date: Option<[u8; DATE_LEN]>,
    date_ns: i64,
}

/// Of a date with separators.
const DATE_LEN: usize = 10;
/// Of a date without.
const COMPACT_DATE_LEN: usize = 8;

impl Times {
    pub(crate) const fn new(form: TimeForm) -> Self {
        Self { form, date: None, date_ns: 0 }
    }

    pub(crate) const fn form(&self) -> TimeForm {
        self.form
    }

    /// Reads a whole time; nanoseconds since 1970, or since midnight.
    #[inline]
    pub(crate) fn instant(&mut self, field: &[u8]) -> Option<i64> {
        match self.form {
            TimeForm::Compact => {
                let (date, rest) = field.split_at_checked(COMPACT_DATE_LEN)?;
                let (day, time) = (self.compact_date(date)?, rest.strip_prefix(b" ")?);
                Some(day + whole_time(time)?)
            }
            TimeForm::DayFirst(offset) | TimeForm::YearFirst(offset) => {
                let (date, rest) = field.split_first_chunk::<DATE_LEN>()?;
                let (&between, time) = rest.split_first()?;
                if between != b' ' && between != b'T' {
                    return None;
                }
                let day = self.date(date)?;
                match offset {
                    Offset::Stated => {
                        let (time, rest) = time_of_day(time)?;
                        Some(day + time - offset_ns(rest)?).filter(|time| 0 <= *time)
                    }
                    Offset::Unstated => Some(day + whole_time(time)?),
                }
            }
            TimeForm::MillisOfDay => millis_of_day(field),
            TimeForm::Packed => {
                let (date, rest) = field.split_at_checked(COMPACT_DATE_LEN)?;
                let (day, time) = (self.compact_date(date)?, rest.strip_prefix(b" ")?);
                Some(day + packed_time(time)?)
            }
            TimeForm::TimeOfDay => whole_time(field),
            TimeForm::UnixMillis => {
                let millis = number::whole(field)?;
                UNIX_MILLIS.contains(&millis).then(|| millis * MILLISECOND_NS)
            }
        }
    }

    /// Reads a date with separators: the year first, unless the form is `DayFirst`.
    #[inline]
    pub(crate) fn date(&mut self, date: &[u8; DATE_LEN]) -> Option<i64> {
        if self.date != Some(*date) {
            let digits = if let TimeForm::DayFirst(_) = self.form {
                let &[d1, d2, b'.', m1, m2, b'.', y1, y2, y3, y4] = date else { return None };
                [y1, y2, y3, y4, m1, m2, d1, d2]
            } else {
                let &[y1, y2, y3, y4, dash, m1, m2, second, d1, d2] = date;
                if dash != second || dash != b'.' && dash != b'-' {
                    return None;
                }
                [y1, y2, y3, y4, m1, m2, d1, d2]
            };
            self.date_ns = day_of(digits)?;
            self.date = Some(*date);
        }
        Some(self.date_ns)
    }

    fn compact_date(&mut self, date: &[u8]) -> Option<i64> {
        let mut key = [0; DATE_LEN];
        key[..COMPACT_DATE_LEN].copy_from_slice(date);
        if self.date != Some(key) {
            self.date_ns = day_of(date.try_into().ok()?)?;
            self.date = Some(key);
        }
        Some(self.date_ns)
    }
}

/// From 1973 on, so that nobody's seconds are taken for milliseconds, to the last one of which the
/// nanoseconds fit, which leaves out microseconds.
const UNIX_MILLIS: RangeInclusive<i64> = 100_000_000_000..=i64::MAX / MILLISECOND_NS;

/// A date as `YYYYMMDD`.
fn day_of(date: [u8; COMPACT_DATE_LEN]) -> Option<i64> {
    let [y1, y2, y3, y4, m1, m2, d1, d2] = date;
    day_ns(two(y1, y2)? * 100 + two(y3, y4)?, two(m1, m2)?, two(d1, d2)?)
}

/// Two digits.
#[inline]
fn two(tens: u8, ones: u8) -> Option<i64> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens * 10 + ones))
}

fn clock_ns(hour: i64, minute: i64, second: i64) -> Option<i64> {
    let is_time = hour < 24 && minute < 60 && second < 60;
    is_time.then_some((hour * 3600 + minute * 60 + second) * SECOND_NS)
}

/// `hh:mm:ss` with up to nine decimals, and nothing after it.
#[inline]
fn whole_time(text: &[u8]) -> Option<i64> {
    match time_of_day(text)? {
        (time, []) => Some(time),
        _ => None,
    }
}

/// `hh:mm:ss` with up to nine decimals, and what comes after it.
#[inline]
fn time_of_day(text: &[u8]) -> Option<(i64, &[u8])> {
    let (&[h1, h2, b':', m1, m2, b':', s1, s2], rest) = text.split_first_chunk::<8>()? else {
        return None;
    };
    let time = clock_ns(two(h1, h2)?, two(m1, m2)?, two(s1, s2)?)?;
    let Some(decimals) = rest.strip_prefix(b".") else { return Some((time, rest)) };
    let mut nanos = 0;
    let mut scale = SECOND_NS;
    let mut len = 0;
    for byte in decimals.iter().take_while(|byte| byte.is_ascii_digit()) {
        scale /= 10;
        nanos += i64::from(byte - b'0') * scale;
        len += 1;
    }
    (1..=9).contains(&len).then(|| (time + nanos, &decimals[len..]))
}

/// `hhmmssmmm`.
fn packed_time(text: &[u8]) -> Option<i64> {
    let &[h1, h2, m1, m2, s1, s2, f1, f2, f3] = text else { return None };
    let time = clock_ns(two(h1, h2)?, two(m1, m2)?, two(s1, s2)?)?;
    Some(time + (two(b'0', f1)? * 100 + two(f2, f3)?) * MILLISECOND_NS)
}

/// Milliseconds with up to six decimals, below a day.
fn millis_of_day(field: &[u8]) -> Option<i64> {
    let (units, digits) = number::decimal(field)?;
    // Nothing finer than a nanosecond is known, and nothing is rounded.
    let missing = 6_u32.checked_sub(digits.into())?;
    let nanos = units.checked_mul(10_i64.pow(missing))?;
    (nanos < DAY_NS).then_some(nanos)
}

/// The distance of a clock to UTC, as it is stated after a time.
fn offset_ns(text: &[u8]) -> Option<i64> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    if matches!(text, b"Z" | b"UTC" | b"GMT") {
        return Some(0);
    }
    let text = text.strip_prefix(b"GMT").or_else(|| text.strip_prefix(b"UTC")).unwrap_or(text);
    let ([sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2]) = *text else { return None };
    let distance = clock_ns(two(h1, h2)?, two(m1, m2)?, 0)?;
    match sign {
        b'+' => Some(distance),
        b'-' => Some(-distance),
        _ => None,
    }
}
