//! Orders, and what becomes of them.

mod wire;

pub(super) use self::wire::ClientIdIs;

use crate::types::{
    ClientId, DealTicket, Lots, MagicNumber, Money, OrderTicket, PositionTicket, Price, Symbol,
};

/// What an order does, with what belongs to it.
///
/// On the wire it is flat; a value that exists has all that its action needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "PROTOCOL.md chapter 18 says each")]
pub enum OrderAction {
    Close {
        ticket: PositionTicket,
        volume: Option<Lots>,
        deviation_points: Option<u64>,
        filling: Option<Filling>,
    },
    CloseBy {
        ticket: PositionTicket,
        by_ticket: PositionTicket,
    },
    Delete {
        ticket: OrderTicket,
    },
    Market {
        symbol: Symbol,
        r#type: OrderType,
        volume: Lots,
        stop_loss: Option<Price>,
        take_profit: Option<Price>,
        deviation_points: Option<u64>,
        filling: Option<Filling>,
    },
    /// The ticket is an order's or a position's. `Some(None)` removes a level.
    Modify {
        ticket: u64,
        price: Option<Price>,
        stop_limit: Option<Price>,
        stop_loss: Option<Option<Price>>,
        take_profit: Option<Option<Price>>,
        /// Seconds of the trade server's clock; 0 for none.
        expiration: Option<i64>,
    },
    Pending {
        symbol: Symbol,
        r#type: OrderType,
        volume: Lots,
        price: Price,
        stop_limit: Option<Price>,
        stop_loss: Option<Price>,
        take_profit: Option<Price>,
        expiration: Option<i64>,
        filling: Option<Filling>,
    },
}

/// One order as `order_send` and `order_check` carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 18")]
pub struct OrderRequest {
    pub action: OrderAction,
    pub magic: Option<MagicNumber>,
    pub comment: Option<String>,
    /// Always there in `order_send`.
    pub client_id: Option<ClientId>,
    pub expires_at_ms: Option<i64>,
}

/// Buy or sell, at once or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum OrderType {
    Buy,
    BuyLimit,
    BuyStop,
    BuyStopLimit,
    Sell,
    SellLimit,
    SellStop,
    SellStopLimit,
}

/// What becomes of a volume that cannot be filled at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the field's")]
pub enum Filling {
    Fok,
    Ioc,
    Return,
}

/// What became of an order: the three, and `absent` from `order_status` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 18")]
pub enum Outcome {
    Absent,
    Done,
    Rejected,
    Unknown,
}

/// How far a done order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 18")]
pub enum OrderStatus {
    Filled,
    Partial,
    Placed,
}

/// The result of `order_send` and of `order_status`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 18")]
pub struct OrderResult {
    pub outcome: Outcome,
    pub retcode: u64,
    pub client_id: ClientId,
    pub status: Option<OrderStatus>,
    pub order: Option<OrderTicket>,
    pub deal: Option<DealTicket>,
    pub position: Option<PositionTicket>,
    pub volume: Option<Lots>,
    pub price: Option<Price>,
    pub bid: Option<Price>,
    pub ask: Option<Price>,
    pub is_retryable: bool,
    pub message: String,
}

/// The result of `order_check`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[expect(missing_docs, reason = "chapter 18")]
pub struct OrderCheck {
    pub retcode: u64,
    pub balance: Option<Money>,
    pub equity: Option<Money>,
    pub margin: Option<Money>,
    pub margin_free: Option<Money>,
    pub message: String,
}
