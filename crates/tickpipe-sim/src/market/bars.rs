//! Bars, built tick by tick.

#[cfg(test)]
mod tests;

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::{Price, Timeframe};

use crate::calendar::{DAY_S, month_begin, next_month_begin, weekday};

/// Returns the second at which the bar of a time begins.
///
/// Bars of up to a day begin at multiples of their length since midnight, weeks on Sunday, months on
/// their first day, all on the clock that the time is of.
///
/// # Source
///
/// <https://www.mql5.com/en/docs/constants/chartconstants/enum_timeframes>
#[must_use]
pub fn bar_begin(timeframe: Timeframe, time: i64) -> i64 {
    span(timeframe, time).0
}

/// Begin of a time's bar, and begin of the next one.
fn span(timeframe: Timeframe, time: i64) -> (i64, i64) {
    let day = time.div_euclid(DAY_S);
    if timeframe == Timeframe::W1 {
        let sunday = day - i64::try_from(weekday(day)).unwrap_or(0);
        return (sunday * DAY_S, (sunday + 7) * DAY_S);
    }
    let Some(seconds) = timeframe.seconds().and_then(|seconds| i64::try_from(seconds).ok()) else {
        return (month_begin(day) * DAY_S, next_month_begin(day) * DAY_S);
    };
    let begin = time - time.rem_euclid(seconds);
    (begin, begin + seconds)
}

/// The points between bid and ask; never below zero.
pub(crate) fn spread(bid: Price, ask: Price, digits: u8) -> u64 {
    u64::try_from(ask.points_above(bid, digits).unwrap_or(0)).unwrap_or(0)
}

/// Builds the bars of one symbol and timeframe.
///
/// Prices are bids, as charts of foreign exchange have them. `tick_volume` counts ticks. `spread` is the
/// smallest of the bar in points, never below zero. A bar closes when a tick of a later one comes; a
/// time without ticks has no bar. A tick that is earlier than the running bar counts to the running bar.
///
/// # Examples
///
/// ```
/// use tickpipe_proto::types::{Price, Timeframe};
/// use tickpipe_sim::market::BarBuilder;
///
/// let mut bars = BarBuilder::new(Timeframe::M1, 5);
/// let (bid, ask): (Price, Price) = ("1.14543".parse()?, "1.14545".parse()?);
/// assert_eq!(bars.handle_tick(1_549_238_400_994, bid, ask), None);
/// let bar = bars.handle_tick(1_549_238_460_000, bid, ask).ok_or("no bar")?;
/// assert_eq!((bar.time, bar.tick_volume, bar.spread), (1_549_238_400, 1, Some(2)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct BarBuilder {
    timeframe: Timeframe,
    digits: u8,
    /// Milliseconds at which the running bar ends.
    end_msc: i64,
    running: Option<Bar>,
}

impl BarBuilder {
    /// Begins without a bar. `digits` are the symbol's, for the spread in points.
    #[must_use]
    pub const fn new(timeframe: Timeframe, digits: u8) -> Self {
        Self { timeframe, digits, end_msc: i64::MIN, running: None }
    }

    /// Returns the timeframe.
    #[must_use]
    pub const fn timeframe(&self) -> Timeframe {
        self.timeframe
    }

    /// Returns the bar that still changes, if there was a tick.
    #[must_use]
    pub const fn running(&self) -> Option<Bar> {
        self.running
    }

    /// Takes a tick; returns the bar that it closes.
    ///
    /// # Units
    ///
    /// `time_msc` is milliseconds.
    pub fn handle_tick(&mut self, time_msc: i64, bid: Price, ask: Price) -> Option<Bar> {
        self.handle_quote(time_msc, bid, spread(bid, ask, self.digits))
    }

    /// Takes a tick whose spread in points is known.
    #[inline]
    pub(crate) fn handle_quote(&mut self, time_msc: i64, bid: Price, spread: u64) -> Option<Bar> {
        if time_msc < self.end_msc
            && let Some(bar) = &mut self.running
        {
            bar.high = bar.high.max(bid);
            bar.low = bar.low.min(bid);
            bar.close = bid;
            bar.tick_volume += 1;
            bar.spread = bar.spread.map(|least| least.min(spread));
            return None;
        }
        let (begin, end) = span(self.timeframe, time_msc.div_euclid(1000));
        self.end_msc = end.saturating_mul(1000);
        let mut bar = Bar::new(begin, bid, bid, bid, bid);
        bar.spread = Some(spread);
        self.running.replace(bar)
    }
}
