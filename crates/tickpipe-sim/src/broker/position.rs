//! Positions and pending orders as the broker holds them.

use tickpipe_proto::message::{Order, OrderState, OrderType, Position};
use tickpipe_proto::types::{ClientId, MagicNumber, OrderTicket, PositionTicket, Price};

use super::instrument::Instrument;
use super::value::Side;
use crate::exact::{average_price, money};

/// What marks an order and all that comes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) magic: Option<MagicNumber>,
    pub(super) comment: Option<String>,
    pub(super) client_id: Option<ClientId>,
}

/// Stop loss and take profit, in points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Levels {
    pub(super) stop_loss: Option<i64>,
    pub(super) take_profit: Option<i64>,
}

/// An open position.
#[derive(Clone, Debug)]
pub(super) struct Holding {
    pub(super) ticket: u64,
    /// The ticket of the order that opened it: it stays when a netting position turns round.
    pub(super) identifier: u64,
    pub(super) symbol: usize,
    pub(super) side: Side,
    /// Units.
    pub(super) volume: i64,
    /// Points times units: what was paid, or got, for all of it, so that an average price loses nothing.
    pub(super) cost: i128,
    pub(super) levels: Levels,
    /// Booked at midnights, not in the balance yet.
    pub(super) swap: i128,
    /// By itself, of the prices at which it was opened.
    pub(super) margin: i128,
    /// At the last quote, in the account's units.
    pub(super) profit: i128,
    pub(super) marks: Marks,
    pub(super) time_msc: i64,
}

impl Holding {
    /// Returns what the price's change brought since the opening, in points times units.
    pub(super) fn gain(&self, price: i64) -> i128 {
        let value = i128::from(price) * i128::from(self.volume);
        (value - self.cost) * i128::from(self.side.sign())
    }

    /// Returns profit and swap together.
    pub(super) const fn floating(&self) -> i128 {
        self.profit + self.swap
    }

    /// Returns the opening price: the average, as exact as it can be said.
    pub(super) fn price_open(&self, instrument: &Instrument) -> Option<Price> {
        average_price(self.cost, self.volume, instrument.spec.digits)
    }

    /// Returns the position as the wire has it.
    pub(super) fn wire(&self, instrument: &Instrument, digits: u8) -> Option<Position> {
        let ticket = PositionTicket::new(self.ticket).ok()?;
        let symbol = instrument.spec.symbol.clone();
        let (volume, price_open) = (instrument.lots(self.volume)?, self.price_open(instrument)?);
        let mut position = Position::new(ticket, symbol, wire_side(self.side), volume, price_open);
        position.price_current = instrument.closing(self.side).and_then(|at| instrument.price(at));
        position.stop_loss = self.levels.stop_loss.and_then(|at| instrument.price(at));
        position.take_profit = self.levels.take_profit.and_then(|at| instrument.price(at));
        position.profit = Some(money(self.profit, digits));
        position.swap = Some(money(self.swap, digits));
        position.magic = self.marks.magic;
        position.comment.clone_from(&self.marks.comment);
        position.time_msc = Some(self.time_msc);
        position.client_id.clone_from(&self.marks.client_id);
        Some(position)
    }
}

/// An order that waits for its price.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) ticket: u64,
    pub(super) symbol: usize,
    pub(super) kind: OrderType,
    pub(super) side: Side,
    pub(super) volume: i64,
    pub(super) price: i64,
    pub(super) stop_limit: Option<i64>,
    pub(super) levels: Levels,
    /// Seconds.
    pub(super) expiration: Option<i64>,
    pub(super) marks: Marks,
    pub(super) time_msc: i64,
}

impl Pending {
    /// Returns the order as the wire has it.
    pub(super) fn wire(&self, instrument: &Instrument, state: OrderState) -> Option<Order> {
        let ticket = OrderTicket::new(self.ticket).ok()?;
        let mut order = Order::new(ticket, instrument.spec.symbol.clone(), self.kind);
        let is_open = state != OrderState::Filled;
        order.volume = is_open.then(|| instrument.lots(self.volume)).flatten();
        order.price = instrument.price(self.price);
        order.stop_limit = self.stop_limit.and_then(|at| instrument.price(at));
        order.stop_loss = self.levels.stop_loss.and_then(|at| instrument.price(at));
        order.take_profit = self.levels.take_profit.and_then(|at| instrument.price(at));
        order.magic = self.marks.magic;
        order.comment.clone_from(&self.marks.comment);
        order.time_setup_msc = Some(self.time_msc);
        order.expiration = self.expiration;
        order.state = Some(state);
        order.client_id.clone_from(&self.marks.client_id);
        Some(order)
    }
}

/// The type of a market order or a position.
pub(super) const fn wire_side(side: Side) -> OrderType {
    match side {
        Side::Buy => OrderType::Buy,
        Side::Sell => OrderType::Sell,
    }
}

/// The side of an order's type; `None` for a type that is not known here.
pub(super) const fn side_of(kind: OrderType) -> Option<Side> {
    use OrderType as T;
    match kind {
        T::Buy | T::BuyLimit | T::BuyStop | T::BuyStopLimit => Some(Side::Buy),
        T::Sell | T::SellLimit | T::SellStop | T::SellStopLimit => Some(Side::Sell),
        _ => None,
    }
}
