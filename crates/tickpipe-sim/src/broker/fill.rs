//! What a fill does to positions: it opens, adds, reduces or turns round.

use tickpipe_proto::message::{DealEntry, OrderState, TradeKind};

use super::Broker;
use super::books::Booking;
use super::position::{Holding, Levels, Marks, Pending};
use super::value::Side;
use crate::exact::share;

/// What was taken out of a position.
#[derive(Debug)]
struct Part {
    identifier: u64,
    symbol: usize,
    side: Side,
    cost: i128,
    swap: i128,
    /// What is left; `None` if nothing is.
    rest: Option<u64>,
    /// The position as it was before.
    before: Holding,
}

/// A closing of a position or a part of it.
#[derive(Debug)]
pub(super) struct Closing<'a> {
    pub(super) ticket: u64,
    pub(super) order: u64,
    pub(super) volume: i64,
    pub(super) price: i64,
    pub(super) marks: &'a Marks,
}

impl Broker {
    /// Fills an order and puts it into the history. Returns the deal and the position.
    pub(super) fn fill(&mut self, order: &Pending, price: i64) -> (u64, u64) {
        let held = if self.is_hedging() {
            None
        } else {
            let mut positions = self.positions.values();
            let held = positions.find(|position| position.symbol == order.symbol);
            held.map(|position| (position.ticket, position.side, position.volume))
        };
        let filled = match held {
            None => self.open(order, price),
            Some((ticket, side, _)) if side == order.side => self.add(ticket, order, price),
            Some((ticket, _, volume)) if order.volume <= volume => {
                let (order_ticket, volume) = (order.ticket, order.volume);
                let marks = &order.marks;
                let closing = Closing { ticket, order: order_ticket, volume, price, marks };
                (self.close(&closing), ticket)
            }
            Some((ticket, _, volume)) => self.reverse(ticket, volume, order, price),
        };
        self.archive(order, OrderState::Filled);
        self.books_changed();
        filled
    }

    fn open(&mut self, order: &Pending, price: i64) -> (u64, u64) {
        let position = self.holding(order, price, order.volume, order.ticket);
        let deal = self.book_opening(order, price, order.ticket);
        self.positions.insert(position.ticket, position);
        self.revalue(order.symbol);
        self.tell_position_at(TradeKind::PositionOpen, order.ticket);
        (deal, order.ticket)
    }

    /// A new position of an order. What it costs is known: the request was checked against it.
    fn holding(&self, order: &Pending, price: i64, volume: i64, identifier: u64) -> Holding {
        let margin = self.valuer().margin(order.symbol, order.side, volume, price).unwrap_or(0);
        Holding {
            ticket: order.ticket,
            identifier,
            symbol: order.symbol,
            side: order.side,
            volume,
            cost: i128::from(price) * i128::from(volume),
            levels: order.levels,
            swap: 0,
            margin,
            profit: 0,
            marks: order.marks.clone(),
            time_msc: self.now_msc,
        }
    }

    fn book_opening(&mut self, order: &Pending, price: i64, identifier: u64) -> u64 {
        let (symbol, volume) = (order.symbol, order.volume);
        let commission = self.valuer().commission(symbol, volume, price).unwrap_or(0);
        self.book(&Booking {
            order: order.ticket,
            position: identifier,
            symbol,
            side: order.side,
            entry: DealEntry::In,
            volume,
            price,
            profit: 0,
            swap: 0,
            commission,
            marks: &order.marks,
        })
    }

    /// A netting position grows. Its levels become those of the last order, as MetaTrader has it.
    fn add(&mut self, ticket: u64, order: &Pending, price: i64) -> (u64, u64) {
        let more = self.holding(order, price, order.volume, order.ticket);
        let identifier = self.positions.get(&ticket).map_or(ticket, |position| position.identifier);
        let deal = self.book_opening(order, price, identifier);
        if let Some(position) = self.positions.get_mut(&ticket) {
            position.volume += more.volume;
            position.cost += more.cost;
            position.margin += more.margin;
            position.levels = order.levels;
        }
        self.revalue(order.symbol);
        self.tell_position_at(TradeKind::PositionUpdate, ticket);
        (deal, ticket)
    }

    /// A netting position is closed by a larger order, whose rest becomes the position.
    fn reverse(&mut self, ticket: u64, closed: i64, order: &Pending, price: i64) -> (u64, u64) {
        let Some(part) = self.take_out(ticket, closed) else { return (0, 0) };
        let commission = self.valuer().commission(order.symbol, order.volume, price).unwrap_or(0);
        let deal = self.book(&Booking {
            order: order.ticket,
            position: part.identifier,
            symbol: order.symbol,
            side: order.side,
            entry: DealEntry::InOut,
            volume: order.volume,
            price,
            profit: self.profit_of(&part, closed, price),
            swap: part.swap,
            commission,
            marks: &order.marks,
        });
        let position = self.holding(order, price, order.volume - closed, part.identifier);
        self.tell_position(TradeKind::PositionClose, &part.before);
        self.positions.insert(position.ticket, position);
        self.revalue(order.symbol);
        self.tell_position_at(TradeKind::PositionOpen, order.ticket);
        (deal, order.ticket)
    }

    /// Closes a position or a part of it. Returns the deal.
    pub(super) fn close(&mut self, closing: &Closing<'_>) -> u64 {
        let Some(part) = self.take_out(closing.ticket, closing.volume) else { return 0 };
        let commission =
            self.valuer().commission(part.symbol, closing.volume, closing.price).unwrap_or(0);
        let deal = self.book(&Booking {
            order: closing.order,
            position: part.identifier,
            symbol: part.symbol,
            side: part.side.opposite(),
            entry: DealEntry::Out,
            volume: closing.volume,
            price: closing.price,
            profit: self.profit_of(&part, closing.volume, closing.price),
            swap: part.swap,
            commission,
            marks: closing.marks,
        });
        self.tell_part(&part);
        deal
    }

    /// Closes two opposite positions by each other. Returns the first one's deal.
    ///
    /// The first is closed at the second's opening price and gets all of the profit; the second is
    /// closed at the first's and gets none. Neither costs a commission.
    pub(super) fn close_by(
        &mut self,
        order: u64,
        tickets: (u64, u64),
        volume: i64,
        marks: &Marks,
    ) -> u64 {
        let (Some(first), Some(second)) =
            (self.take_out(tickets.0, volume), self.take_out(tickets.1, volume))
        else {
            return 0;
        };
        let gain = (second.cost - first.cost) * i128::from(first.side.sign());
        let profit = self.valuer().profit(first.symbol, gain).unwrap_or(0);
        let mut first_deal = 0;
        for (part, other, profit) in [(&first, &second, profit), (&second, &first, 0)] {
            let price = crate::exact::divide(other.cost, volume.into());
            let deal = self.book(&Booking {
                order,
                position: part.identifier,
                symbol: part.symbol,
                side: part.side.opposite(),
                entry: DealEntry::OutBy,
                volume,
                price: i64::try_from(price).unwrap_or(0),
                profit,
                swap: part.swap,
                commission: 0,
                marks,
            });
            first_deal = if first_deal == 0 { deal } else { first_deal };
            self.tell_part(part);
        }
        first_deal
    }

    fn profit_of(&self, part: &Part, volume: i64, price: i64) -> i128 {
        let value = i128::from(price) * i128::from(volume);
        let gain = (value - part.cost) * i128::from(part.side.sign());
        // The request was checked against the same rates.
        self.valuer().profit(part.symbol, gain).unwrap_or(0)
    }

    /// Takes a volume with its share of cost, swap and margin out of a position.
    fn take_out(&mut self, ticket: u64, volume: i64) -> Option<Part> {
        let position = self.positions.get_mut(&ticket)?;
        let before = position.clone();
        let volume = volume.min(position.volume);
        let part = |amount| share(amount, volume, before.volume);
        let (cost, swap, margin) = (part(before.cost), part(before.swap), part(before.margin));
        position.volume -= volume;
        position.cost -= cost;
        position.swap -= swap;
        position.margin -= margin;
        let is_whole = position.volume == 0;
        if is_whole {
            self.positions.remove(&ticket);
        }
        self.revalue(before.symbol);
        Some(Part {
            identifier: before.identifier,
            symbol: before.symbol,
            side: before.side,
            cost,
            swap,
            rest: (!is_whole).then_some(ticket),
            before,
        })
    }

    fn tell_part(&mut self, part: &Part) {
        match part.rest {
            Some(ticket) => self.tell_position_at(TradeKind::PositionUpdate, ticket),
            None => self.tell_position(TradeKind::PositionClose, &part.before),
        }
    }

    pub(super) fn tell_position_at(&mut self, kind: TradeKind, ticket: u64) {
        if let Some(position) = self.positions.get(&ticket).cloned() {
            self.tell_position(kind, &position);
        }
    }

    /// Closes all of a position by an order of the broker's own, with a comment that says why.
    pub(super) fn close_by_broker(&mut self, ticket: u64, price: i64, comment: String) -> u64 {
        let Some(position) = self.positions.get(&ticket) else { return 0 };
        let (symbol, side, volume) = (position.symbol, position.side.opposite(), position.volume);
        let marks = Marks { comment: Some(comment), client_id: None, ..position.marks.clone() };
        let kind = super::position::wire_side(side);
        let order = self.begin_order(kind, side, (symbol, volume, price), &marks);
        let (order_ticket, marks) = (order.ticket, &marks);
        let deal = self.close(&Closing { ticket, order: order_ticket, volume, price, marks });
        self.archive(&order, OrderState::Filled);
        self.books_changed();
        deal
    }
}

impl Levels {
    pub(super) const fn is_none(self) -> bool {
        self.stop_loss.is_none() && self.take_profit.is_none()
    }
}
