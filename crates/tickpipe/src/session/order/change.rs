//! What is done to orders and positions that there are.

use tickpipe_proto::message::{Filling, Order, OrderAction, OrderRequest, Position};
use tickpipe_proto::types::{ClientId, Lots, OrderTicket, PositionTicket, Price};

use super::Marks;

/// Changes the levels of a position. What is not set stays as it is.
///
/// # Examples
///
/// ```
/// use tickpipe::session::{ModifyPosition, PositionTicket};
///
/// let ticket: PositionTicket = "1001".parse()?;
/// let change = ModifyPosition::new(ticket).stop_loss("1.09800".parse()?).remove_take_profit();
/// # let _: ModifyPosition = change;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a change does nothing until it is sent"]
pub struct ModifyPosition {
    ticket: PositionTicket,
    levels: Levels,
    marks: Marks,
}

/// Changes a pending order. What is not set stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a change does nothing until it is sent"]
pub struct ModifyOrder {
    ticket: OrderTicket,
    price: Option<Price>,
    stop_limit: Option<Price>,
    levels: Levels,
    expiration: Option<i64>,
    marks: Marks,
}

/// Closes a position, or a part of it.
///
/// A [`PositionTicket`] and a [`Position`] are taken for one that closes all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a position stays open until this is sent"]
pub struct ClosePosition {
    ticket: PositionTicket,
    volume: Option<Lots>,
    deviation_points: Option<u64>,
    filling: Option<Filling>,
    marks: Marks,
}

/// Closes a position by an opposite one of the same symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a position stays open until this is sent"]
pub struct CloseBy {
    ticket: PositionTicket,
    by_ticket: PositionTicket,
    marks: Marks,
}

/// Deletes a pending order.
///
/// An [`OrderTicket`] and an [`Order`] are taken for one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an order stays until this is sent"]
pub struct DeleteOrder {
    ticket: OrderTicket,
    marks: Marks,
}

/// `Some(None)` removes a level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Levels {
    stop_loss: Option<Option<Price>>,
    take_profit: Option<Option<Price>>,
}

impl ModifyPosition {
    /// Begins with no change.
    pub fn new(ticket: PositionTicket) -> Self {
        Self { ticket, levels: Levels::default(), marks: Marks::default() }
    }

    /// Sets the price at which the position is closed at a loss.
    pub fn stop_loss(mut self, price: Price) -> Self {
        self.levels.stop_loss = Some(Some(price));
        self
    }

    /// Removes the stop loss.
    pub fn remove_stop_loss(mut self) -> Self {
        self.levels.stop_loss = Some(None);
        self
    }

    /// Sets the price at which the position is closed with a profit.
    pub fn take_profit(mut self, price: Price) -> Self {
        self.levels.take_profit = Some(Some(price));
        self
    }

    /// Removes the take profit.
    pub fn remove_take_profit(mut self) -> Self {
        self.levels.take_profit = Some(None);
        self
    }

    /// Names this change, for ever; else the library makes a name.
    pub fn client_id(mut self, client_id: ClientId) -> Self {
        self.marks.client_id = Some(client_id);
        self
    }
}

impl ModifyOrder {
    /// Begins with no change.
    pub fn new(ticket: OrderTicket) -> Self {
        Self {
            ticket,
            price: None,
            stop_limit: None,
            levels: Levels::default(),
            expiration: None,
            marks: Marks::default(),
        }
    }

    /// Sets the price that the order waits for.
    pub fn price(mut self, price: Price) -> Self {
        self.price = Some(price);
        self
    }

    /// Sets the price of the limit order that a stop-limit order becomes.
    pub fn stop_limit(mut self, price: Price) -> Self {
        self.stop_limit = Some(price);
        self
    }

    /// Sets the price at which the position will be closed at a loss.
    pub fn stop_loss(mut self, price: Price) -> Self {
        self.levels.stop_loss = Some(Some(price));
        self
    }

    /// Removes the stop loss.
    pub fn remove_stop_loss(mut self) -> Self {
        self.levels.stop_loss = Some(None);
        self
    }

    /// Sets the price at which the position will be closed with a profit.
    pub fn take_profit(mut self, price: Price) -> Self {
        self.levels.take_profit = Some(Some(price));
        self
    }

    /// Removes the take profit.
    pub fn remove_take_profit(mut self) -> Self {
        self.levels.take_profit = Some(None);
        self
    }

    /// Sets when the order is deleted, in seconds of the trade server's clock.
    pub fn expiration(mut self, time: i64) -> Self {
        self.expiration = Some(time);
        self
    }

    /// Has the order stay until somebody deletes it.
    pub fn remove_expiration(mut self) -> Self {
        self.expiration = Some(0);
        self
    }

    /// Names this change, for ever; else the library makes a name.
    pub fn client_id(mut self, client_id: ClientId) -> Self {
        self.marks.client_id = Some(client_id);
        self
    }
}

impl ClosePosition {
    /// Closes all of a position.
    pub fn new(ticket: PositionTicket) -> Self {
        Self {
            ticket,
            volume: None,
            deviation_points: None,
            filling: None,
            marks: Marks::default(),
        }
    }

    /// Closes so many lots alone.
    pub fn volume(mut self, volume: Lots) -> Self {
        self.volume = Some(volume);
        self
    }

    /// Sets the largest accepted change of the price, in points.
    pub fn deviation_points(mut self, points: u64) -> Self {
        self.deviation_points = Some(points);
        self
    }

    /// Sets what becomes of a volume that cannot be filled at once; else it is what the symbol
    /// allows.
    pub fn filling(mut self, filling: Filling) -> Self {
        self.filling = Some(filling);
        self
    }

    /// Marks the deal with a text of at most 64 bytes.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.marks.comment = Some(comment.into());
        self
    }

    /// Names this order, for ever; else the library makes a name.
    pub fn client_id(mut self, client_id: ClientId) -> Self {
        self.marks.client_id = Some(client_id);
        self
    }
}

impl CloseBy {
    /// Closes `ticket` by `by_ticket`.
    pub fn new(ticket: PositionTicket, by_ticket: PositionTicket) -> Self {
        Self { ticket, by_ticket, marks: Marks::default() }
    }

    /// Names this order, for ever; else the library makes a name.
    pub fn client_id(mut self, client_id: ClientId) -> Self {
        self.marks.client_id = Some(client_id);
        self
    }
}

impl DeleteOrder {
    /// Deletes the order of a ticket.
    pub fn new(ticket: OrderTicket) -> Self {
        Self { ticket, marks: Marks::default() }
    }

    /// Names this request, for ever; else the library makes a name.
    pub fn client_id(mut self, client_id: ClientId) -> Self {
        self.marks.client_id = Some(client_id);
        self
    }
}

impl From<PositionTicket> for ClosePosition {
    fn from(ticket: PositionTicket) -> Self {
        Self::new(ticket)
    }
}

impl From<&Position> for ClosePosition {
    fn from(position: &Position) -> Self {
        Self::new(position.ticket)
    }
}

impl From<OrderTicket> for DeleteOrder {
    fn from(ticket: OrderTicket) -> Self {
        Self::new(ticket)
    }
}

impl From<&Order> for DeleteOrder {
    fn from(order: &Order) -> Self {
        Self::new(order.ticket)
    }
}

impl From<ModifyPosition> for OrderRequest {
    fn from(change: ModifyPosition) -> Self {
        change.marks.request(OrderAction::Modify {
            ticket: change.ticket.value(),
            price: None,
            stop_limit: None,
            stop_loss: change.levels.stop_loss,
            take_profit: change.levels.take_profit,
            expiration: None,
        })
    }
}

impl From<ModifyOrder> for OrderRequest {
    fn from(change: ModifyOrder) -> Self {
        change.marks.request(OrderAction::Modify {
            ticket: change.ticket.value(),
            price: change.price,
            stop_limit: change.stop_limit,
            stop_loss: change.levels.stop_loss,
            take_profit: change.levels.take_profit,
            expiration: change.expiration,
        })
    }
}

impl From<ClosePosition> for OrderRequest {
    fn from(close: ClosePosition) -> Self {
        close.marks.request(OrderAction::Close {
            ticket: close.ticket,
            volume: close.volume,
            deviation_points: close.deviation_points,
            filling: close.filling,
        })
    }
}

impl From<CloseBy> for OrderRequest {
    fn from(close: CloseBy) -> Self {
        close
            .marks
            .request(OrderAction::CloseBy { ticket: close.ticket, by_ticket: close.by_ticket })
    }
}

impl From<DeleteOrder> for OrderRequest {
    fn from(delete: DeleteOrder) -> Self {
        delete.marks.request(OrderAction::Delete { ticket: delete.ticket })
    }
}
