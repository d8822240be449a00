//! Orders, positions and deals as lists hold them.
//!
//! They are MT5's words on both platforms. A field that is `None` was not told.

mod wire;

use super::order::OrderType;
use crate::types::{
    ClientId, DealTicket, Lots, MagicNumber, Money, OrderTicket, PositionTicket, Price, Symbol,
};

/// A pending order, or one of the history's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Order {
    /// Its number.
    pub ticket: OrderTicket,
    /// What it is for.
    pub symbol: Symbol,
    /// Buy or sell, at once or later.
    pub r#type: OrderType,
    /// Still open; `None` if nothing is.
    pub volume: Option<Lots>,
    /// Where it becomes a deal, or a limit order.
    pub price: Option<Price>,
    /// The limit's price of a stop-limit order.
    pub stop_limit: Option<Price>,
    /// Where it is closed at a loss.
    pub stop_loss: Option<Price>,
    /// Where it is closed at a profit.
    pub take_profit: Option<Price>,
    /// The mark of the EA it is from.
    pub magic: Option<MagicNumber>,
    /// As the trade server keeps it.
    pub comment: Option<String>,
    /// Milliseconds since 1970 of the trade server's clock at which it was made.
    pub time_setup_msc: Option<i64>,
    /// Seconds since 1970 of the trade server's clock; `None` for until cancelled.
    pub expiration: Option<i64>,
    /// How far it is.
    pub state: Option<OrderState>,
    /// Its name, if it was sent through tickpipe.
    pub client_id: Option<ClientId>,
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderState {
    /// Somebody took it back.
    Canceled,
    /// Its time ran out.
    Expired,
    /// All of it is a deal.
    Filled,
    /// A part of it is.
    Partial,
    /// It waits.
    Placed,
    /// The trade server did not take it.
    Rejected,
}

/// An open position.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Position {
    /// Its number.
    pub ticket: PositionTicket,
    /// What it is of.
    pub symbol: Symbol,
    /// `Buy` or `Sell`.
    pub r#type: OrderType,
    /// Its size.
    pub volume: Lots,
    /// The price it was opened at, an average if it grew; it may have more decimals than the symbol.
    pub price_open: Price,
    /// The price it would be closed at.
    pub price_current: Option<Price>,
    /// Where it is closed at a loss.
    pub stop_loss: Option<Price>,
    /// Where it is closed at a profit.
    pub take_profit: Option<Price>,
    /// What it has brought so far.
    pub profit: Option<Money>,
    /// What holding it has brought or cost.
    pub swap: Option<Money>,
    /// The mark of the EA it is from.
    pub magic: Option<MagicNumber>,
    /// As the trade server keeps it.
    pub comment: Option<String>,
    /// Milliseconds since 1970 of the trade server's clock at which it was opened.
    pub time_msc: Option<i64>,
    /// The name of the order it is from, if that was sent through tickpipe.
    pub client_id: Option<ClientId>,
}

/// A deal of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deal {
    /// Its number.
    pub ticket: DealTicket,
    /// The order it is from.
    pub order: Option<OrderTicket>,
    /// The position it opened, changed or closed.
    pub position: Option<PositionTicket>,
    /// Missing in deals that move money only.
    pub symbol: Option<Symbol>,
    /// What it is.
    pub r#type: DealType,
    /// Whether it opens or closes.
    pub entry: Option<DealEntry>,
    /// Its size; missing in deals that move money only.
    pub volume: Option<Lots>,
    /// Its price.
    pub price: Option<Price>,
    /// What it brought.
    pub profit: Option<Money>,
    /// What holding the position brought or cost.
    pub swap: Option<Money>,
    /// What the broker took, below zero, or gave back.
    pub commission: Option<Money>,
    /// The mark of the EA it is from.
    pub magic: Option<MagicNumber>,
    /// As the trade server keeps it.
    pub comment: Option<String>,
    /// Milliseconds since 1970 of the trade server's clock.
    pub time_msc: Option<i64>,
    /// The name of the order it is from, if that was sent through tickpipe.
    pub client_id: Option<ClientId>,
}

/// What a deal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DealType {
    /// Money paid in or out.
    Balance,
    /// A purchase.
    Buy,
    /// Money lent or taken back by the broker.
    Credit,
    /// Anything else that moves money only.
    Other,
    /// A sale.
    Sell,
}

/// Whether a deal opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DealEntry {
    /// It opens a position, or adds to one.
    In,
    /// It turns a position round.
    InOut,
    /// It closes a position, or a part of one.
    Out,
    /// It closes a position by an opposite one.
    OutBy,
}
