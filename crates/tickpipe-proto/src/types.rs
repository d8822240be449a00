//! Values that are valid if they exist: prices, lots, money, numbers and words that name things.

mod amount;
mod decimal;
mod id;
mod price;
mod symbol;
mod timeframe;

pub use self::amount::{Lots, Money};
pub use self::decimal::{DIGITS_MAX, Decimal, InvalidDecimal, NotADecimal};
pub(crate) use self::id::WHOLE_MAX;
pub use self::id::{
    ChartId, ClientId, DealTicket, InvalidId, MagicNumber, OrderTicket, PositionTicket, RequestId,
};
pub use self::price::Price;
pub(crate) use self::symbol::is_symbol;
pub use self::symbol::{InvalidSymbol, Symbol};
pub use self::timeframe::{Timeframe, UnknownTimeframe};
