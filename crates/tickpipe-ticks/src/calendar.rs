//! Days and nanoseconds, for dates of the proleptic Gregorian calendar.

pub(crate) const SECOND_NS: i64 = 1_000_000_000;
pub(crate) const MILLISECOND_NS: i64 = 1_000_000;
pub(crate) const HOUR_NS: i64 = 3600 * SECOND_NS;
pub(crate) const DAY_NS: i64 = 24 * HOUR_NS;

/// What nanoseconds in 64 bits can say without a sign.
pub(crate) const YEAR_MIN: i64 = 1970;
pub(crate) const YEAR_MAX: i64 = 2261;

/// Returns nanoseconds from 1970-01-01 to the beginning of a day; `None` if there is no such day, or
/// it is outside of [`YEAR_MIN`] to [`YEAR_MAX`].
pub(crate) fn day_ns(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(YEAR_MIN..=YEAR_MAX).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    if day < 1 || days_in_month(year, month) < day {
        return None;
    }
    // Years begin in March here, so that the leap day is the last one.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 719_468;
    Some(days * DAY_NS)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns year, month and day of a number of days since 1970-01-01.
pub(crate) const fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let year = year + era * 400;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_are_and_days_that_are_not() {
        assert_eq!(day_ns(1970, 1, 1), Some(0));
        assert_eq!(day_ns(2019, 2, 4), Some(17_931 * DAY_NS));
        for (year, month, day) in [(2000, 2, 29), (2024, 2, 29), (2261, 12, 31)] {
            assert!(day_ns(year, month, day).is_some(), "{year}-{month}-{day}");
        }
        for (year, month, day) in [
            (2019, 2, 30),
            (2019, 2, 29),
            (2100, 2, 29),
            (2019, 4, 31),
            (2019, 13, 1),
            (2019, 0, 1),
            (2019, 1, 0),
            (1969, 12, 31),
            (2262, 1, 1),
        ] {
            assert_eq!(day_ns(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn every_day_has_its_date_and_every_date_its_day() {
        let mut days = 0;
        while let (year @ ..=YEAR_MAX, month, day) = date_of(days) {
            assert_eq!(day_ns(year, month, day), Some(days * DAY_NS), "{year}-{month}-{day}");
            days += 1;
        }
        assert_eq!(date_of(days), (2262, 1, 1));
    }
}
