//! When a symbol is traded.

use crate::calendar::{DAY_MS, weekday};

/// Spans of the week in which a symbol is traded, on the trade server's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sessions {
    /// Milliseconds since the week's begin, from and to; none for always.
    spans: Vec<(i64, i64)>,
}

impl Sessions {
    /// At all times.
    pub const ALWAYS: Self = Self { spans: Vec::new() };

    /// Begins without a session.
    #[must_use]
    pub const fn new() -> Self {
        Self::ALWAYS
    }

    /// Adds a session of a day: 0 is Sunday. It begins at a second of the day and ends before another.
    #[must_use]
    pub fn with_session(mut self, day: u8, from: u32, to: u32) -> Self {
        let begin = i64::from(day % 7) * DAY_MS;
        self.spans.push((begin + i64::from(from) * 1000, begin + i64::from(to) * 1000));
        self
    }

    /// Monday to Friday, all day.
    #[must_use]
    pub fn working_days() -> Self {
        (1..=5).fold(Self::new(), |sessions, day| sessions.with_session(day, 0, 86_400))
    }

    /// Returns whether a time, in milliseconds, is within a session.
    #[must_use]
    pub fn is_open(&self, time_msc: i64) -> bool {
        if self.spans.is_empty() {
            return true;
        }
        let day = time_msc.div_euclid(DAY_MS);
        let of_day = time_msc.rem_euclid(DAY_MS);
        let of_week = i64::try_from(weekday(day)).unwrap_or(0) * DAY_MS + of_day;
        self.spans.iter().any(|(from, to)| (*from..*to).contains(&of_week))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_has_its_sessions() {
        // 2019-02-04 was a Monday.
        let monday = 17_931 * DAY_MS;
        let sessions = Sessions::working_days();
        assert!(sessions.is_open(monday) && sessions.is_open(monday + 5 * DAY_MS - 1));
        assert!(!sessions.is_open(monday - 1) && !sessions.is_open(monday + 5 * DAY_MS));
        let morning = Sessions::new().with_session(1, 3600, 7200);
        assert!(!morning.is_open(monday + 3_599_999) && morning.is_open(monday + 3_600_000));
        assert!(!morning.is_open(monday + 7_200_000));
        assert!(Sessions::ALWAYS.is_open(monday - 1));
    }
}
