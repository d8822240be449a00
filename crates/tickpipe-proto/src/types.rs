//! Values that are valid if they exist: prices, lots, money, numbers that name things.

mod decimal;
mod id;
mod symbol;
mod timeframe;

pub use self::decimal::{Decimal, InvalidDecimal, Lots, Money, Price};
pub use self::id::{
    ChartId, ClientId, DealTicket, InvalidId, MagicNumber, OrderTicket, PositionTicket, RequestId,
};
pub use self::symbol::{InvalidSymbol, Symbol};
pub use self::timeframe::{Timeframe, UnknownTimeframe};
