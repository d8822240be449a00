//! Ticks of several files as one row in time.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::iter::FusedIterator;

use thiserror::Error;
use tickpipe_proto::message::Tick;
use tickpipe_proto::types::{Decimal, Symbol};
use tickpipe_ticks::{Clock, Tick as FileTick, TickError, TickReader};

/// Ticks of one symbol, in the order of their file.
pub struct Source {
    symbol: Symbol,
    ticks: Box<dyn Iterator<Item = Result<FileTick, TickError>> + Send>,
    clock: Clock,
    shift_ns: i64,
}

impl Source {
    /// Takes a file's ticks for a symbol's; the clock is the file's.
    #[must_use]
    pub fn new(symbol: Symbol, reader: TickReader) -> Self {
        let clock = reader.clock().clone();
        Self::from_ticks(symbol, clock, reader)
    }

    /// Takes any ticks, whose times are of `clock`.
    pub fn from_ticks(
        symbol: Symbol,
        clock: Clock,
        ticks: impl Iterator<Item = Result<FileTick, TickError>> + Send + 'static,
    ) -> Self {
        Self { symbol, ticks: Box::new(ticks), clock, shift_ns: 0 }
    }

    /// Puts the source on another clock: adds seconds to every time, and says what they are then.
    ///
    /// So a file in UTC plays on a trade server two hours ahead, and one that counts from midnight gets
    /// its day. Zones with daylight saving need a source for each part of the year.
    #[must_use]
    pub fn with_shift(mut self, seconds: i64, clock: Clock) -> Self {
        self.shift_ns = seconds.saturating_mul(1_000_000_000);
        self.clock = clock;
        self
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { symbol, clock, shift_ns, .. } = self;
        f.debug_struct("Source")
            .field("symbol", symbol)
            .field("clock", clock)
            .field("shift_ns", shift_ns)
            .finish_non_exhaustive()
    }
}

/// Why ticks cannot be merged, or go no further.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FeedError {
    /// Two sources have different clocks.
    #[error(
        "ticks of {symbol} are in {found}, those of the first source in {expected}; put both on one \
         clock with `with_shift`"
    )]
    Clocks {
        /// The symbol of the second one.
        symbol: Symbol,
        /// Its clock.
        found: Clock,
        /// The first one's.
        expected: Clock,
    },
    /// A source does not say of which day it is.
    #[error("ticks of {symbol} are in {clock}; give them a day with `with_shift`")]
    NoDate {
        /// The symbol.
        symbol: Symbol,
        /// The clock.
        clock: Clock,
    },
    /// A file is broken.
    #[error("cannot read ticks of {symbol}")]
    Ticks {
        /// The symbol.
        symbol: Symbol,
        /// What the reader says.
        source: TickError,
    },
}

/// Merges sources by time, streaming: it holds one tick of each.
///
/// Ticks of the same time come in the order of their sources, and those of one source in the order of its
/// file, whatever their times. A tick without a bid or an ask is left out and counted. After the first
/// error it ends.
pub struct Feed {
    sources: Vec<Source>,
    heads: Vec<Option<Tick>>,
    /// Nanoseconds of a head, and whose it is.
    due: BinaryHeap<Reverse<(i64, usize)>>,
    clock: Option<Clock>,
    failed: Option<FeedError>,
    skipped: u64,
}

impl Feed {
    /// Opens the row with the first tick of each source.
    ///
    /// # Errors
    ///
    /// Returns [`FeedError`] for sources whose clocks differ or have no date. A source that cannot give
    /// its first tick is told by the first item.
    pub fn new(sources: Vec<Source>) -> Result<Self, FeedError> {
        let clock = sources.first().map(|source| source.clock.clone());
        for source in &sources {
            let (symbol, found) = (source.symbol.clone(), source.clock.clone());
            if !found.has_date() {
                return Err(FeedError::NoDate { symbol, clock: found });
            }
            if let Some(expected) = clock.clone().filter(|clock| *clock != found) {
                return Err(FeedError::Clocks { symbol, found, expected });
            }
        }
        let heads = sources.iter().map(|_| None).collect();
        let due = BinaryHeap::with_capacity(sources.len());
        let count = sources.len();
        let mut feed = Self { sources, heads, due, clock, failed: None, skipped: 0 };
        for index in 0..count {
            feed.fetch(index);
        }
        Ok(feed)
    }

    /// Returns the clock of all times; `None` if there is no source.
    #[must_use]
    pub const fn clock(&self) -> Option<&Clock> {
        self.clock.as_ref()
    }

    /// Returns how many ticks were left out because a price was missing.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Has the next tick of a source wait for its turn.
    fn fetch(&mut self, index: usize) {
        let Some(source) = self.sources.get_mut(index) else { return };
        loop {
            let tick = match source.ticks.next() {
                None => return,
                Some(Ok(tick)) => tick,
                Some(Err(error)) => {
                    let symbol = source.symbol.clone();
                    let failed = FeedError::Ticks { symbol, source: error };
                    self.failed.get_or_insert(failed);
                    return;
                }
            };
            let (Some(bid), Some(ask)) = (tick.bid, tick.ask) else {
                self.skipped += 1;
                continue;
            };
            let nanos = tick.time.as_nanos().saturating_add(source.shift_ns);
            let mut out = Tick::new(source.symbol.clone(), nanos.div_euclid(1_000_000), bid, ask);
            out.last = tick.last;
            out.volume = tick.volume.and_then(|volume| Decimal::from_f64(volume, 8).ok());
            out.flags = tick.flags.map(tickpipe_ticks::TickFlags::bits);
            if let Some(head) = self.heads.get_mut(index) {
                *head = Some(out);
            }
            self.due.push(Reverse((nanos, index)));
            return;
        }
    }
}

impl Iterator for Feed {
    type Item = Result<Tick, FeedError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(error) = self.failed.take() {
            self.due.clear();
            return Some(Err(error));
        }
        let Reverse((_, index)) = self.due.pop()?;
        let tick = self.heads.get_mut(index)?.take()?;
        self.fetch(index);
        Some(Ok(tick))
    }
}

impl FusedIterator for Feed {}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sources, clock, skipped, .. } = self;
        f.debug_struct("Feed")
            .field("sources", sources)
            .field("clock", clock)
            .field("skipped", skipped)
            .finish_non_exhaustive()
    }
}
