//! What a symbol is: the properties that a broker gives it.

use tickpipe_proto::message::{Filling, TradeMode};
use tickpipe_proto::types::{Decimal, Lots, Price, Symbol};

use super::Sessions;

/// The properties of a symbol, in MetaTrader's words.
///
/// # Defaults
///
/// Of [`forex`](Self::forex): contracts of 100,000, 0.01 to 100 lots in steps of 0.01, no least distance
/// of stops, all fillings, full trading at all times, market execution, no commission and no swap.
///
/// # Source
///
/// <https://www.mql5.com/en/docs/constants/environment_state/marketinfoconstants>
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SymbolSpec {
    /// The broker's name.
    pub symbol: Symbol,
    /// For people.
    pub description: String,
    /// Decimals of a price, 0 to 8. A point is a unit of the last one.
    pub digits: u8,
    /// How profit and margin are calculated.
    pub calc_mode: CalcMode,
    /// Units of what is traded in one lot.
    pub contract_size: Decimal,
    /// Every price is a multiple of it; a point if `None`.
    pub tick_size: Option<Price>,
    /// What a tick of one lot is worth in the profit currency; needed for futures and indices.
    pub tick_value: Option<Decimal>,
    /// The margin of one lot in the margin currency. If above zero it stands for contract and price;
    /// the leverage still divides it for forex and leveraged contracts.
    pub margin_initial: Decimal,
    /// The margin is multiplied with it, for buys.
    pub margin_rate_long: Decimal,
    /// The margin is multiplied with it, for sells.
    pub margin_rate_short: Decimal,
    /// What stands for `contract_size` where buys and sells cover each other; hedging only.
    pub margin_hedged: Decimal,
    /// The smallest volume.
    pub volume_min: Lots,
    /// The largest volume of one order.
    pub volume_max: Lots,
    /// Every volume is a multiple of it.
    pub volume_step: Lots,
    /// The largest volume of positions and pending orders in one direction.
    pub volume_limit: Option<Lots>,
    /// Least distance of stops and pending orders from the price, in points.
    pub stops_level: u32,
    /// Distance in points within which orders and positions cannot be changed.
    pub freeze_level: u32,
    /// What may be done.
    pub trade_mode: TradeMode,
    /// What may become of a volume that cannot be filled; not empty.
    pub filling: Vec<Filling>,
    /// What a price that slips does.
    pub execution: Execution,
    /// When it is traded.
    pub sessions: Sessions,
    /// What is traded.
    pub currency_base: String,
    /// The price's currency, in which profit comes.
    pub currency_profit: String,
    /// The currency that margin is calculated in.
    pub currency_margin: String,
    /// What a deal costs.
    pub commission: Commission,
    /// What a night costs.
    pub swap: Swap,
}

/// How profit and margin are calculated: `ENUM_SYMBOL_CALC_MODE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CalcMode {
    /// Contracts at their price, without leverage.
    Cfd,
    /// As `Cfd`, the margin by the value of a tick.
    CfdIndex,
    /// Contracts at their price over the leverage.
    CfdLeverage,
    /// Contracts over the leverage; the price is in the margin's conversion.
    Forex,
    /// Contracts, without leverage.
    ForexNoLeverage,
    /// Profit by the value of a tick, margin as `margin_initial` says.
    Futures,
}

impl CalcMode {
    pub(crate) const fn is_forex(self) -> bool {
        matches!(self, Self::Forex | Self::ForexNoLeverage)
    }
}

/// What happens when the price at execution is worse than that of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Execution {
    /// Beyond the request's deviation it is refused with a requote.
    Instant,
    /// It is filled whatever the price is; the deviation is ignored.
    Market,
}

/// What a deal costs, booked with the deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Commission {
    /// Nothing.
    None,
    /// So much of the account's currency a lot, for each deal, in and out.
    PerLot(Decimal),
    /// So many percent of the deal's value, for each deal.
    Percent(Decimal),
}

/// What a night costs: booked to the position at the server's midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swap {
    /// What `long` and `short` are.
    pub mode: SwapMode,
    /// Of a buy; below zero it is paid.
    pub long: Decimal,
    /// Of a sell; below zero it is paid.
    pub short: Decimal,
    /// How often the night after each day counts, Sunday first.
    pub nights: [u8; 7],
}

/// What the numbers of a [`Swap`] are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SwapMode {
    /// So much of the account's currency a lot.
    AccountCurrency,
    /// There is no swap.
    Disabled,
    /// Percent a year, of 360 days, of the price at midnight.
    InterestCurrent,
    /// So many points of profit.
    Points,
}

impl Swap {
    /// No swap.
    pub const NONE: Self = Self {
        mode: SwapMode::Disabled,
        long: Decimal::ZERO,
        short: Decimal::ZERO,
        nights: [0, 1, 1, 3, 1, 1, 0],
    };

    /// Points a night; the night after Wednesday counts three times, for the weekend.
    #[must_use]
    pub const fn points(long: Decimal, short: Decimal) -> Self {
        Self { mode: SwapMode::Points, long, short, ..Self::NONE }
    }
}

impl SymbolSpec {
    /// A pair of currencies, as the defaults say.
    #[must_use]
    pub fn forex(symbol: Symbol, digits: u8, base: &str, profit: &str) -> Self {
        Self {
            symbol,
            description: String::new(),
            digits,
            calc_mode: CalcMode::Forex,
            contract_size: decimal(100_000, 0),
            tick_size: None,
            tick_value: None,
            margin_initial: Decimal::ZERO,
            margin_rate_long: decimal(1, 0),
            margin_rate_short: decimal(1, 0),
            margin_hedged: decimal(100_000, 0),
            volume_min: lots(1, 2),
            volume_max: lots(100, 0),
            volume_step: lots(1, 2),
            volume_limit: None,
            stops_level: 0,
            freeze_level: 0,
            trade_mode: TradeMode::Full,
            filling: vec![Filling::Fok, Filling::Ioc, Filling::Return],
            execution: Execution::Market,
            sessions: Sessions::ALWAYS,
            currency_base: base.to_owned(),
            currency_profit: profit.to_owned(),
            currency_margin: base.to_owned(),
            commission: Commission::None,
            swap: Swap::NONE,
        }
    }

    /// A contract on something else, such as a metal or an index, in one currency.
    #[must_use]
    pub fn cfd(symbol: Symbol, digits: u8, currency: &str, contract_size: Decimal) -> Self {
        let mut spec = Self::forex(symbol, digits, currency, currency);
        spec.calc_mode = CalcMode::Cfd;
        spec.contract_size = contract_size;
        spec.margin_hedged = contract_size;
        spec
    }
}

fn decimal(units: i64, digits: u8) -> Decimal {
    Decimal::new(units, digits).unwrap_or(Decimal::ZERO)
}

fn lots(units: i64, digits: u8) -> Lots {
    Lots::new(units, digits).expect("invariant: called with constants above zero")
}
