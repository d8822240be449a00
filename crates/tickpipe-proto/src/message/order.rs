//! Orders, and what becomes of them.

mod result;
#[cfg(test)]
mod tests;
mod wire;

pub(super) use self::wire::ClientIdIs;
use crate::ErrorCode;
use crate::types::{
    ClientId, DealTicket, Lots, MagicNumber, Money, OrderTicket, PositionTicket, Price, Symbol,
};

/// What an order does, with what belongs to it.
///
/// On the wire it is flat. What was read has all that its action needs, and nothing that has no meaning
/// with it; what is to be sent is held against the same rules by [`encode::ask`](super::encode::ask).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderAction {
    /// Closes a position, or a part of it.
    Close {
        /// The position.
        ticket: PositionTicket,
        /// How much of it; `None` for all.
        volume: Option<Lots>,
        /// The largest accepted change of the price, in points.
        deviation_points: Option<u64>,
        /// `None` for what the symbol allows.
        filling: Option<Filling>,
    },
    /// Closes a position by an opposite one.
    CloseBy {
        /// The position.
        ticket: PositionTicket,
        /// The opposite one.
        by_ticket: PositionTicket,
    },
    /// Deletes a pending order.
    Delete {
        /// The order.
        ticket: OrderTicket,
    },
    /// Buys or sells at once.
    Market {
        /// What.
        symbol: Symbol,
        /// `Buy` or `Sell`.
        r#type: OrderType,
        /// How much.
        volume: Lots,
        /// Where it is closed at a loss.
        stop_loss: Option<Price>,
        /// Where it is closed at a profit.
        take_profit: Option<Price>,
        /// The largest accepted change of the price, in points.
        deviation_points: Option<u64>,
        /// `None` for what the symbol allows.
        filling: Option<Filling>,
    },
    /// Changes an order or a position; one of the changes is there.
    Modify {
        /// The order's or the position's ticket, not zero.
        ticket: u64,
        /// A pending order's new price.
        price: Option<Price>,
        /// A stop-limit order's new limit.
        stop_limit: Option<Price>,
        /// `None` leaves the level, `Some(None)` removes it.
        stop_loss: Option<Option<Price>>,
        /// `None` leaves the level, `Some(None)` removes it.
        take_profit: Option<Option<Price>>,
        /// Seconds since 1970 of the trade server's clock; 0 for until cancelled.
        expiration: Option<i64>,
    },
    /// Buys or sells later, at a price.
    Pending {
        /// What.
        symbol: Symbol,
        /// Any but `Buy` and `Sell`.
        r#type: OrderType,
        /// How much.
        volume: Lots,
        /// Where it becomes a deal, or a limit order.
        price: Price,
        /// The limit's price of a stop-limit order, which needs it; others have none.
        stop_limit: Option<Price>,
        /// Where it is closed at a loss.
        stop_loss: Option<Price>,
        /// Where it is closed at a profit.
        take_profit: Option<Price>,
        /// Seconds since 1970 of the trade server's clock; `None` for until cancelled.
        expiration: Option<i64>,
        /// `None` for what the symbol allows.
        filling: Option<Filling>,
    },
}

/// One order as `order_send` and `order_check` carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderRequest {
    /// What it does.
    pub action: OrderAction,
    /// The EA's mark on it.
    pub magic: Option<MagicNumber>,
    /// At most 64 bytes without control characters; a broker may shorten or change it.
    pub comment: Option<String>,
    /// Names this order for ever; always there in `order_send`.
    pub client_id: Option<ClientId>,
    /// Milliseconds since 1970, UTC, from which on the EA must not begin it any more.
    pub expires_at_ms: Option<i64>,
}

/// Buy or sell, at once or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderType {
    /// Buys at once.
    Buy,
    /// Buys at a price or below.
    BuyLimit,
    /// Buys once the price has risen.
    BuyStop,
    /// Becomes a `BuyLimit` once the price has risen.
    BuyStopLimit,
    /// Sells at once.
    Sell,
    /// Sells at a price or above.
    SellLimit,
    /// Sells once the price has fallen.
    SellStop,
    /// Becomes a `SellLimit` once the price has fallen.
    SellStopLimit,
}

/// What becomes of a volume that cannot be filled at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filling {
    /// Fill or kill: all or nothing.
    Fok,
    /// Immediate or cancel: what there is, and nothing later.
    Ioc,
    /// What there is now, the rest later.
    Return,
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// No such order has reached the trade server, and none will; said by `order_status` alone.
    Absent,
    /// The trade server has it.
    Done,
    /// The trade server has it not, and never will.
    Rejected,
    /// Nobody can tell yet. It is not sent again; `order_status` settles it.
    Unknown,
}

/// How far a done order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OrderStatus {
    /// All of it is a deal.
    Filled,
    /// A part of it is.
    Partial,
    /// It waits.
    Placed,
}

/// The result of `order_send` and of `order_status`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderResult {
    /// What became of it, as far as the code bears out what the EA says.
    pub outcome: Outcome,
    /// MT5's `retcode`, or MT4's error number.
    pub retcode: u64,
    /// The order's name. Whether it is that of the order that was sent is for the sender to see.
    pub client_id: ClientId,
    /// With [`Outcome::Done`].
    pub status: Option<OrderStatus>,
    /// The order's ticket.
    pub order: Option<OrderTicket>,
    /// The deal's ticket.
    pub deal: Option<DealTicket>,
    /// The position's ticket.
    pub position: Option<PositionTicket>,
    /// What was filled; of a pending order what was placed.
    pub volume: Option<Lots>,
    /// At what price.
    pub price: Option<Price>,
    /// What a seller got at that moment.
    pub bid: Option<Price>,
    /// What a buyer paid at that moment.
    pub ask: Option<Price>,
    /// With [`Outcome::Rejected`]: whether the same may be sent again later, under a new name.
    pub is_retryable: bool,
    /// For people.
    pub message: String,
    /// Why nobody knows, if it was no answer that said so, as with `request_timeout`; `retcode` is
    /// 0 then and means nothing. It is never on the wire.
    pub code: Option<ErrorCode>,
}

/// The result of `order_check`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderCheck {
    /// The terminal's code: 0 on MT5 for an order that would pass.
    pub retcode: u64,
    /// The account's balance after it.
    pub balance: Option<Money>,
    /// The account's equity after it.
    pub equity: Option<Money>,
    /// The account's margin after it.
    pub margin: Option<Money>,
    /// What is left of the equity beside it.
    pub margin_free: Option<Money>,
    /// For people.
    pub message: String,
}
