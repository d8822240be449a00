//! Days, weeks and months of the proleptic Gregorian calendar.

use std::ops::RangeInclusive;

/// Seconds.
pub(crate) const DAY_S: i64 = 86_400;
/// Milliseconds.
pub(crate) const DAY_MS: i64 = 1000 * DAY_S;

/// Times that there are here, in milliseconds since 1970: the years that have four digits, from 1 to 9999.
pub(crate) const TIMES_MSC: RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// Returns the day's place in its week, 0 for Sunday as in MetaTrader, of days since 1970-01-01.
pub(crate) fn weekday(days: i64) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((days + 4).rem_euclid(7)).unwrap_or(0)
}

/// Returns days since 1970-01-01 of the first day of a day's month.
pub(crate) const fn month_begin(days: i64) -> i64 {
    let (year, month) = month_of(days);
    first_day(year, month)
}

/// Returns days since 1970-01-01 of the first day of the month after a day's month.
pub(crate) const fn next_month_begin(days: i64) -> i64 {
    let (year, month) = month_of(days);
    if month == 12 { first_day(year + 1, 1) } else { first_day(year, month + 1) }
}

/// Returns year, month and day of days since 1970-01-01.
pub(crate) const fn date_of(days: i64) -> (i64, i64, i64) {
    let (year, month) = month_of(days);
    (year, month, days - first_day(year, month) + 1)
}

/// Year and month. Years begin in March inside, so that the leap day is the last one.
const fn month_of(days: i64) -> (i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day = days.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let year = year + era * 400;
    if month < 10 { (year, month + 3) } else { (year + 1, month - 9) }
}

const fn first_day(year: i64, month: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = year.div_euclid(400);
    let year = year.rem_euclid(400);
    let day = (153 * month + 2) / 5;
    era * 146_097 + 365 * year + year / 4 - year / 100 + day - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_months_begin_where_they_do() {
        // 2019-02-04 was a Monday.
        assert_eq!(weekday(17_931), 1);
        assert_eq!(weekday(-1), 3);
        assert_eq!(month_begin(17_931), 17_928);
        assert_eq!(next_month_begin(17_931), 17_956);
        // 2020-02-29, and the turn of a year.
        assert_eq!(next_month_begin(18_321), 18_322);
        assert_eq!(next_month_begin(18_261), 18_262);
        assert_eq!(date_of(18_321), (2020, 2, 29));
        assert_eq!(date_of(-1), (1969, 12, 31));
        let [first, last] =
            [TIMES_MSC.start(), TIMES_MSC.end()].map(|time| time.div_euclid(DAY_MS));
        assert_eq!((date_of(first), date_of(last)), ((1, 1, 1), (9999, 12, 31)));
    }

    #[test]
    fn every_day_is_in_its_month() {
        let mut begin = 0;
        for day in 0..60_000 {
            if day == next_month_begin(day - 1) {
                begin = day;
            }
            assert_eq!(month_begin(day), begin, "day {day}");
        }
    }
}
