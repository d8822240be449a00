//! Equity, looked at again and again: how far it fell, and what it was at the end of each day.

#[cfg(test)]
mod tests;

use tickpipe_proto::types::Decimal;

use crate::calendar::{DAY_MS, weekday};

/// Business days of a year.
const DAYS_OF_YEAR: f64 = 252.0;
/// The decimals that a Sharpe ratio is shown with.
const SHARPE_DIGITS: u8 = 2;

/// A fall of equity from its highest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fall {
    /// In the account's units, as the peak is.
    pub(super) depth: i64,
    pub(super) peak: i64,
    pub(super) peak_msc: i64,
    pub(super) low_msc: i64,
}

impl Fall {
    /// Whether it is more of its peak than another is of its own.
    fn is_steeper(self, than: Self) -> bool {
        if than.depth == 0 {
            return 0 < self.depth && 0 < self.peak;
        }
        let (own, other) = (i128::from(self.depth), i128::from(than.depth));
        0 < self.peak && other * i128::from(self.peak) < own * i128::from(than.peak)
    }
}

/// The deepest fall so far in money, and in parts of its peak.
#[derive(Clone, Copy, Debug)]
pub(super) struct Falls {
    peak: i64,
    peak_msc: i64,
    pub(super) deepest: Fall,
    pub(super) steepest: Fall,
}

impl Falls {
    pub(super) fn new(time_msc: i64, equity: i64) -> Self {
        let none = Fall::default();
        Self { peak: equity, peak_msc: time_msc, deepest: none, steepest: none }
    }

    /// Takes what equity is now. Returns how far it is below its highest.
    pub(super) fn handle(&mut self, time_msc: i64, equity: i64) -> i64 {
        if self.peak < equity {
            (self.peak, self.peak_msc) = (equity, time_msc);
        }
        let depth = self.peak - equity;
        let fall = Fall { depth, peak: self.peak, peak_msc: self.peak_msc, low_msc: time_msc };
        if self.deepest.depth < depth {
            self.deepest = fall;
        }
        if fall.is_steeper(self.steepest) {
            self.steepest = fall;
        }
        depth
    }
}

/// Returns of business days, without a list of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    /// The business day that lasts, in days since 1970-01-01.
    day: i64,
    /// When the next one begins, or may begin.
    pub(super) until_msc: i64,
    /// Equity at the end of the day before.
    before: i64,
    count: u32,
    mean: f64,
    /// The sum of squared distances from the mean.
    squares: f64,
    is_defined: bool,
}

impl Days {
    pub(super) fn new(time_msc: i64, equity: i64) -> Self {
        Self {
            day: business_day(time_msc),
            until_msc: (time_msc.div_euclid(DAY_MS) + 1) * DAY_MS,
            before: equity,
            count: 0,
            mean: 0.0,
            squares: 0.0,
            is_defined: true,
        }
    }

    /// Passes time: if the day is over, it ended with this equity.
    pub(super) fn pass(&mut self, time_msc: i64, equity: i64) {
        if time_msc < self.until_msc {
            return;
        }
        self.until_msc = (time_msc.div_euclid(DAY_MS) + 1) * DAY_MS;
        let day = business_day(time_msc);
        if self.day != day {
            self.day = day;
            self.end_day(equity);
        }
    }

    /// Takes a day's return into mean and squares, as Welford does.
    #[expect(
        clippy::float_arithmetic,
        reason = "a ratio for people; the same on any machine, for each step is rounded as IEEE 754 says"
    )]
    fn end_day(&mut self, equity: i64) {
        if self.before <= 0 {
            self.is_defined = false;
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 units it is a trifle")]
        let gain = (equity - self.before) as f64 / self.before as f64;
        self.before = equity;
        self.count += 1;
        let distance = gain - self.mean;
        self.mean += distance / f64::from(self.count);
        self.squares += distance * (gain - self.mean);
    }

    /// Ends the last day. Returns the ratio, if it is defined.
    #[expect(clippy::float_arithmetic, reason = "a ratio for people")]
    pub(super) fn sharpe(mut self, equity: i64) -> Option<Decimal> {
        self.end_day(equity);
        if self.count < 2 || !self.is_defined || equity <= 0 {
            return None;
        }
        let deviation = (self.squares / f64::from(self.count - 1)).sqrt();
        if deviation <= 0.0 {
            return None;
        }
        let ratio = self.mean / deviation * DAYS_OF_YEAR.sqrt();
        let units = (ratio * 10_f64.powi(SHARPE_DIGITS.into())).round();
        // Beyond is nothing that a ratio could be.
        let limit = 1e15;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and below the limit")]
        (units.abs() < limit).then(|| Decimal::new(units as i64, SHARPE_DIGITS).ok()).flatten()
    }
}

/// A day of the week; a weekend belongs to the Monday after it.
fn business_day(time_msc: i64) -> i64 {
    let day = time_msc.div_euclid(DAY_MS);
    match weekday(day) {
        0 => day + 1,
        6 => day + 2,
        _ => day,
    }
}
