//! The last bars of a symbol, as charts and `CopyRates` have them.

use std::collections::VecDeque;

use tickpipe_proto::message::Bar;
use tickpipe_proto::types::{Price, Timeframe};

use super::BarBuilder;

/// The running bar and the last closed ones; the oldest is dropped when the limit is reached.
#[derive(Clone, Debug)]
pub struct Series {
    builder: BarBuilder,
    closed: VecDeque<Bar>,
    closed_max: usize,
}

impl Series {
    /// Begins without a bar; keeps at most `closed_max` closed ones.
    #[must_use]
    pub const fn new(timeframe: Timeframe, digits: u8, closed_max: usize) -> Self {
        let builder = BarBuilder::new(timeframe, digits);
        Self { builder, closed: VecDeque::new(), closed_max }
    }

    /// Takes a tick; returns the bar that it closes.
    pub fn handle_tick(&mut self, time_msc: i64, bid: Price, ask: Price) -> Option<Bar> {
        let bar = self.builder.handle_tick(time_msc, bid, ask)?;
        Some(self.keep(bar))
    }

    /// Takes a tick whose spread in points is known; returns the bar that it closes.
    #[inline]
    pub(crate) fn handle_quote(&mut self, time_msc: i64, bid: Price, spread: u64) -> Option<Bar> {
        let bar = self.builder.handle_quote(time_msc, bid, spread)?;
        Some(self.keep(bar))
    }

    fn keep(&mut self, bar: Bar) -> Bar {
        if self.closed.len() == self.closed_max {
            self.closed.pop_front();
        }
        if self.closed_max != 0 {
            self.closed.push_back(bar);
        }
        bar
    }

    /// Returns the bar at a position: 0 is the running one, 1 the last closed one.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<Bar> {
        if position == 0 {
            return self.builder.running();
        }
        self.closed.len().checked_sub(position).and_then(|at| self.closed.get(at)).copied()
    }

    /// Returns the closed bars, the oldest first.
    #[must_use]
    pub fn closed(&self) -> impl DoubleEndedIterator<Item = &Bar> + ExactSizeIterator {
        self.closed.iter()
    }

    /// Returns how many bars there are, the running one too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.closed.len() + usize::from(self.builder.running().is_some())
    }

    /// Returns whether there is no bar yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many bars begin after a time, in seconds: the position of the last one that does
    /// not.
    #[must_use]
    pub fn begin_after(&self, time: i64) -> usize {
        let running = self.builder.running().filter(|bar| time < bar.time);
        let not_after = self.closed.partition_point(|bar| bar.time <= time);
        self.closed.len() - not_after + usize::from(running.is_some())
    }

    /// Returns the timeframe.
    #[must_use]
    pub const fn timeframe(&self) -> Timeframe {
        self.builder.timeframe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_bar_makes_room() {
        let mut series = Series::new(Timeframe::M1, 5, 3);
        let price: Price = "1.1".parse().unwrap();
        for minute in 0..6 {
            series.handle_tick(minute * 60_000, price, price);
        }
        let times: Vec<i64> = series.closed().map(|bar| bar.time).collect();
        assert_eq!(times, [120, 180, 240]);
        assert_eq!(series.at(0).map(|bar| bar.time), Some(300));
        assert_eq!(series.at(1).map(|bar| bar.time), Some(240));
        assert_eq!(series.at(4), None);
    }
}
