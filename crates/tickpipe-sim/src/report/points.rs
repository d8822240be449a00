//! The curves of a report.

use tickpipe_proto::types::{Money, Price, Symbol};

use super::curve::{EquityCell, PriceCell};
use crate::exact::money;

/// Equity in an interval of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EquityPoint {
    /// Milliseconds since 1970 of the trade server's clock at which it was looked at last.
    pub time_msc: i64,
    /// The balance at that time.
    pub balance: Money,
    /// The equity at that time.
    pub equity: Money,
    /// The lowest of the interval.
    pub equity_min: Money,
    /// The highest of the interval.
    pub equity_max: Money,
    /// The furthest that equity was below its highest so far, not below zero.
    pub drawdown: Money,
}

/// The bids of a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PriceCurve {
    /// What they are the prices of.
    pub symbol: Symbol,
    /// The decimals of its prices.
    pub digits: u8,
    /// By rising times.
    pub points: Vec<PricePoint>,
}

/// Bids in an interval of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PricePoint {
    /// Milliseconds since 1970 of the trade server's clock of the last one.
    pub time_msc: i64,
    /// The last one.
    pub bid: Price,
    /// The lowest.
    pub min: Price,
    /// The highest.
    pub max: Price,
}

impl EquityPoint {
    pub(super) fn all<'a>(cells: impl Iterator<Item = &'a EquityCell>, digits: u8) -> Vec<Self> {
        let show = |units: i64| money(units.into(), digits);
        let point = |cell: &EquityCell| Self {
            time_msc: cell.time_msc,
            balance: show(cell.balance),
            equity: show(cell.equity),
            equity_min: show(cell.min),
            equity_max: show(cell.max),
            drawdown: show(cell.drawdown),
        };
        cells.map(point).collect()
    }
}

impl PriceCurve {
    pub(super) fn new<'a>(
        symbol: &Symbol,
        digits: u8,
        cells: impl Iterator<Item = &'a PriceCell>,
    ) -> Self {
        let price = |points| Price::new(points, digits).ok();
        let point = |cell: &PriceCell| {
            let (bid, min, max) = (price(cell.bid)?, price(cell.min)?, price(cell.max)?);
            Some(PricePoint { time_msc: cell.time_msc, bid, min, max })
        };
        Self { symbol: symbol.clone(), digits, points: cells.filter_map(point).collect() }
    }
}
