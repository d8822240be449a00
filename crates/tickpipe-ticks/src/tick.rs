//! One tick.

use tickpipe_proto::types::Price;

use crate::clock::TickTime;

/// One price update as it was recorded.
///
/// The prices are those that hold at this time, changed or not. One of them is `None` as long as no
/// row has stated it, which only MT5 exports know: their first rows may lack one side. A bid above the
/// ask is recorded as any other; real feeds have it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tick {
    /// When, by the clock that the reader names.
    pub time: TickTime,
    /// What a seller gets.
    pub bid: Option<Price>,
    /// What a buyer pays.
    pub ask: Option<Price>,
    /// The price of the last deal; `None` where there is none, as in foreign exchange.
    pub last: Option<Price>,
    /// What is offered at `bid`, in the file's own unit: Dukascopy's is a million of the base
    /// currency. `None` if the file has no such column. Single precision is what Dukascopy records.
    pub bid_volume: Option<f32>,
    /// What is offered at `ask`, as `bid_volume`.
    pub ask_volume: Option<f32>,
    /// The volume of the deal at `last`, in the trade server's unit; `None` if there was no deal.
    pub volume: Option<f64>,
    /// What this tick changed, as MT5 records it; `None` if the row does not say.
    pub flags: Option<TickFlags>,
}

impl Tick {
    /// Creates a tick of which only the time is known, to be filled in.
    #[must_use]
    pub const fn at(time: TickTime) -> Self {
        Self {
            time,
            bid: None,
            ask: None,
            last: None,
            bid_volume: None,
            ask_volume: None,
            volume: None,
            flags: None,
        }
    }
}

/// What an MT5 tick changed: the bits `TICK_FLAG_*` of an `MqlTick`.
///
/// # Source
///
/// <https://www.mql5.com/en/docs/constants/structures/mqltick>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TickFlags(u32);

impl TickFlags {
    /// The bid.
    pub const BID: Self = Self(2);
    /// The ask.
    pub const ASK: Self = Self(4);
    /// The price of the last deal.
    pub const LAST: Self = Self(8);
    /// The volume of the last deal.
    pub const VOLUME: Self = Self(16);
    /// The deal was a buy.
    pub const BUY: Self = Self(32);
    /// The deal was a sell.
    pub const SELL: Self = Self(64);

    /// Wraps bits; those without a name are kept.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Returns the bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Returns whether all bits of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_bits() {
        let both = TickFlags::from_bits(1030);
        assert!(both.contains(TickFlags::BID) && both.contains(TickFlags::ASK));
        assert!(!both.contains(TickFlags::LAST));
        assert_eq!(both.bits(), 1030);
    }
}
