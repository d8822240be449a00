//! Ticks made of bars, in a stated way.

#[cfg(test)]
mod tests;

use std::fmt;
use std::iter::FusedIterator;

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::{Price, Symbol, Timeframe};
use tickpipe_ticks::{BarReader, Clock, Tick as FileTick, TickError, TickTime};

use super::{Source, bar_begin};

const SECOND_MSC: i64 = 1000;
/// No month is shorter.
const MONTH_S: i64 = 28 * 86_400;
/// Ticks of a bar.
const TICKS: usize = 4;

/// How far the ask is above the bid, in points of the symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BarSpread {
    /// Always so far, whatever the file says.
    Always(u32),
    /// As the bar says; so far where it does not.
    OfBarOr(u32),
}

impl BarSpread {
    fn points(self, bar: &Bar) -> i64 {
        match self {
            Self::Always(points) => points.into(),
            Self::OfBarOr(points) => {
                bar.spread.map_or(points.into(), |points| i64::try_from(points).unwrap_or(i64::MAX))
            }
        }
    }
}

/// Makes four ticks of each bar.
///
/// Their bids are open, low, high, close where the bar closes at or above its open, else open, high, low,
/// close. They come at the beginning of the bar, after a third and two thirds of it, and a second before
/// its end: in a minute at 0, 20, 40 and 59 seconds. A month counts as 28 days. All four are there even
/// if prices are equal, so that a bar always has four. The ask is the bid and the spread.
///
/// Bars that are built of these ticks, with the same timeframe, have the file's open, high, low and close;
/// their `tick_volume` is 4. For that a bar that begins elsewhere than [`bar_begin`] has it, as of a vendor
/// whose days begin at eight, has its ticks up to where `bar_begin`'s ends.
///
/// As an iterator it gives ticks for [`Source::from_ticks`] and ends after the first error.
///
/// # Examples
///
/// ```
/// use tickpipe_sim::market::{BarSpread, BarTicks};
/// use tickpipe_ticks::BarReader;
///
/// let file = "2022.08.15,10:06,1.02340,1.02359,1.02330,1.02348,105\n\
///             2022.08.15,10:07,1.02348,1.02350,1.02335,1.02335,78\n";
/// let reader = BarReader::new(file.as_bytes(), "EURUSD1.csv")?;
/// let ticks = BarTicks::new(reader, 5, BarSpread::OfBarOr(12));
/// let mut prices = Vec::new();
/// for tick in ticks.take(4) {
///     let tick = tick?;
///     prices.push(format!("{} {}", tick.time, tick.bid.ok_or("no bid")?));
/// }
/// assert_eq!(prices, [
///     "2022-08-15 10:06:00.000 1.02340",
///     "2022-08-15 10:06:20.000 1.02330",
///     "2022-08-15 10:06:40.000 1.02359",
///     "2022-08-15 10:06:59.000 1.02348",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// The ask is what MetaTrader's tester makes of minutes:
/// <https://www.metatrader5.com/en/terminal/help/algotrading/tick_generation>. Its order of high and low,
/// and the times, are not documented; those here are our choice.
pub struct BarTicks {
    bars: BarReader,
    digits: u8,
    spread: BarSpread,
    length_s: i64,
    /// Ticks of the bar that is played, the last one first.
    due: [Option<FileTick>; TICKS],
    is_at_end: bool,
}

impl BarTicks {
    /// Plays a file of bars. `digits` are the symbol's, of which a point of the spread is the last; often
    /// they are [`BarReader::digits`].
    #[must_use]
    pub fn new(bars: BarReader, digits: u8, spread: BarSpread) -> Self {
        let seconds = bars.timeframe().seconds().and_then(|seconds| i64::try_from(seconds).ok());
        let length_s = seconds.unwrap_or(MONTH_S);
        Self { bars, digits, spread, length_s, due: [None; TICKS], is_at_end: false }
    }

    /// Returns whose clock the times are of.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        self.bars.clock()
    }

    /// Returns how long the file's bars are.
    #[must_use]
    pub const fn timeframe(&self) -> Timeframe {
        self.bars.timeframe()
    }

    /// Makes a source of it, on the file's clock.
    #[must_use]
    pub fn into_source(self, symbol: Symbol) -> Source {
        let clock = self.clock().clone();
        Source::from_ticks(symbol, clock, self)
    }

    /// Makes the ticks of a bar.
    fn play(&mut self, bar: &Bar) -> Result<(), TickError> {
        let Bar { time, open, high, low, close, .. } = *bar;
        let (second, third) = if open <= close { (low, high) } else { (high, low) };
        let end = bar_begin(self.bars.timeframe(), time) + self.length_s;
        let length = (end - time).max(1) * SECOND_MSC;
        let last = (length - SECOND_MSC).max(2 * length / 3);
        let after = [0, length / 3, 2 * length / 3, last];
        let points = self.spread.points(bar);
        let mut due = [None; TICKS];
        for ((slot, bid), after) in
            due.iter_mut().rev().zip([open, second, third, close]).zip(after)
        {
            let (bid, ask) = self.prices(bid, points)?;
            let nanos = (time * SECOND_MSC + after).saturating_mul(1_000_000);
            let mut tick = FileTick::at(TickTime::from_nanos(nanos));
            (tick.bid, tick.ask) = (Some(bid), Some(ask));
            *slot = Some(tick);
        }
        self.due = due;
        Ok(())
    }

    /// Returns bid and ask with the symbol's digits.
    fn prices(&self, price: Price, spread: i64) -> Result<(Price, Price), TickError> {
        let digits = self.digits;
        let prices = price.rescale(digits).and_then(|bid| Some((bid, bid.offset(spread)?)));
        prices.ok_or_else(|| TickError::Unsupported {
            file: self.bars.file().to_owned(),
            found: format!(
                "a file with the price {price}, which with a spread of {spread} points gives no prices \
                 of {digits} decimals"
            ),
            mend: "give the symbol as many digits as the file's prices have",
        })
    }
}

impl Iterator for BarTicks {
    type Item = Result<FileTick, TickError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(tick) = self.due.iter_mut().rev().find_map(Option::take) {
                return Some(Ok(tick));
            }
            if self.is_at_end {
                return None;
            }
            let played = match self.bars.next() {
                Some(Ok(bar)) => self.play(&bar),
                Some(Err(error)) => Err(error),
                None => {
                    self.is_at_end = true;
                    return None;
                }
            };
            if let Err(error) = played {
                self.is_at_end = true;
                return Some(Err(error));
            }
        }
    }
}

impl FusedIterator for BarTicks {}

impl fmt::Debug for BarTicks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bars, digits, spread, is_at_end, .. } = self;
        f.debug_struct("BarTicks")
            .field("bars", bars)
            .field("digits", digits)
            .field("spread", spread)
            .field("is_at_end", is_at_end)
            .finish_non_exhaustive()
    }
}
