//! Orders, positions and deals as lists hold them.

mod wire;

use super::order::OrderType;
use crate::types::{
    ClientId, DealTicket, Lots, MagicNumber, Money, OrderTicket, PositionTicket, Price, Symbol,
};

/// A pending order, or one of the history's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "PROTOCOL.md chapter 17 says each")]
pub struct Order {
    pub ticket: OrderTicket,
    pub symbol: Symbol,
    pub r#type: OrderType,
    /// Still open; `None` if nothing is.
    pub volume: Option<Lots>,
    pub price: Option<Price>,
    pub stop_limit: Option<Price>,
    pub stop_loss: Option<Price>,
    pub take_profit: Option<Price>,
    pub magic: Option<MagicNumber>,
    pub comment: Option<String>,
    pub time_setup_msc: Option<i64>,
    pub expiration: Option<i64>,
    pub state: Option<OrderState>,
    pub client_id: Option<ClientId>,
}

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum OrderState {
    Canceled,
    Expired,
    Filled,
    Partial,
    Placed,
    Rejected,
}

/// An open position.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 17")]
pub struct Position {
    pub ticket: PositionTicket,
    pub symbol: Symbol,
    /// `Buy` or `Sell`.
    pub r#type: OrderType,
    pub volume: Lots,
    pub price_open: Price,
    pub price_current: Option<Price>,
    pub stop_loss: Option<Price>,
    pub take_profit: Option<Price>,
    pub profit: Option<Money>,
    pub swap: Option<Money>,
    pub magic: Option<MagicNumber>,
    pub comment: Option<String>,
    pub time_msc: Option<i64>,
    pub client_id: Option<ClientId>,
}

/// A deal of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 17")]
pub struct Deal {
    pub ticket: DealTicket,
    pub order: Option<OrderTicket>,
    pub position: Option<PositionTicket>,
    /// Missing in deals that move money only.
    pub symbol: Option<Symbol>,
    pub r#type: DealType,
    pub entry: Option<DealEntry>,
    pub volume: Option<Lots>,
    pub price: Option<Price>,
    pub profit: Option<Money>,
    pub swap: Option<Money>,
    pub commission: Option<Money>,
    pub magic: Option<MagicNumber>,
    pub comment: Option<String>,
    pub time_msc: Option<i64>,
    pub client_id: Option<ClientId>,
}

/// What a deal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum DealType {
    Balance,
    Buy,
    Credit,
    Other,
    Sell,
}

/// Whether a deal opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum DealEntry {
    In,
    InOut,
    Out,
    OutBy,
}
