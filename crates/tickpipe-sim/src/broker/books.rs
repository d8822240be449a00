//! Money, history and events: what every trade is booked through.

use tickpipe_proto::message::{
    AccountState, Deal, DealEntry, DealType, MarginMode, Order, OrderResult, OrderState, OrderType,
    TradeEvent, TradeKind,
};
use tickpipe_proto::types::{DealTicket, OrderTicket, PositionTicket};

use super::Broker;
use super::position::{Holding, Marks, Pending, wire_side};
use super::value::{Side, Valuer};
use crate::exact::{Ratio, money, share};

/// What the broker tells, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BrokerEvent {
    /// The books changed otherwise than by a price.
    Account(AccountState),
    /// A request that was under way has its answer.
    Result(Box<OrderResult>),
    /// Something happened to an order, a position or a deal.
    Trade(Box<TradeEvent>),
}

/// A deal to be booked.
#[derive(Debug)]
pub(super) struct Booking<'a> {
    pub(super) order: u64,
    pub(super) position: u64,
    pub(super) symbol: usize,
    pub(super) side: Side,
    pub(super) entry: DealEntry,
    pub(super) volume: i64,
    pub(super) price: i64,
    pub(super) profit: i128,
    pub(super) swap: i128,
    pub(super) commission: i128,
    pub(super) marks: &'a Marks,
}

impl Broker {
    /// Returns balance, equity, margin and free margin, and what of the equity is profit.
    #[must_use]
    pub fn account_state(&self) -> AccountState {
        let digits = self.account.currency_digits;
        let floating = self.floating();
        let equity = self.balance + floating;
        let mut state = AccountState::new(
            money(self.balance, digits),
            money(equity, digits),
            money(self.margin, digits),
            money(equity - self.margin, digits),
        );
        state.profit = Some(money(floating, digits));
        state
    }

    /// Profit and swap of all positions.
    pub(super) fn floating(&self) -> i128 {
        self.positions.values().map(Holding::floating).sum()
    }

    /// In the account's units.
    pub(crate) fn equity(&self) -> i128 {
        self.balance + self.floating()
    }

    pub(super) fn valuer(&self) -> Valuer<'_> {
        Valuer { account: &self.account, instruments: &self.instruments }
    }

    pub(super) fn is_hedging(&self) -> bool {
        self.account.margin_mode == MarginMode::Hedging
    }

    /// Volumes and margins of a symbol's buys and sells.
    pub(super) fn legs(&self, symbol: usize) -> [(i64, i128); 2] {
        let mut legs = [(0, 0); 2];
        for position in self.positions.values().filter(|position| position.symbol == symbol) {
            let leg = &mut legs[usize::from(position.side == Side::Sell)];
            leg.0 += position.volume;
            leg.1 += position.margin;
        }
        legs
    }

    /// The margin of buys and sells of one symbol: what is not covered by the other side counts in
    /// full, what is covered by the hedged contract, at the average of both.
    pub(super) fn margin_of_legs(&self, symbol: usize, legs: [(i64, i128); 2]) -> i128 {
        let [(long, of_long), (short, of_short)] = legs;
        let covered = long.min(short);
        let Some(instrument) = self.instruments.get(symbol).filter(|_| covered != 0) else {
            return of_long + of_short;
        };
        let larger = if long < short { (of_short, short) } else { (of_long, long) };
        let uncovered = share(larger.0, (long - short).abs(), larger.1);
        let hedged = Ratio::new(of_long + of_short, 0)
            .times_units(covered.into(), 0)
            .times(instrument.spec.margin_hedged)
            .over_units((long + short).into(), 0)
            .over(instrument.spec.contract_size);
        uncovered + hedged.round(0)
    }

    /// Values a symbol's positions at its quote, and calculates the margin anew.
    pub(super) fn revalue(&mut self, symbol: usize) {
        let valuer = Valuer { account: &self.account, instruments: &self.instruments };
        for position in self.positions.values_mut() {
            let Some(instrument) = self.instruments.get(position.symbol) else { continue };
            let is_concerned =
                position.symbol == symbol || instrument.of_profit.symbol() == Some(symbol);
            if !is_concerned {
                continue;
            }
            // Without a rate, which only a fresh start can be, it stays what it was.
            let price = instrument.closing(position.side);
            let profit =
                price.and_then(|price| valuer.profit(position.symbol, position.gain(price)));
            position.profit = profit.unwrap_or(position.profit);
        }
    }

    /// Calculates the margin anew, and notes that the books changed.
    pub(super) fn books_changed(&mut self) {
        let symbols = 0..self.instruments.len();
        self.margin = symbols.map(|symbol| self.margin_of_legs(symbol, self.legs(symbol))).sum();
        self.is_account_due = true;
    }

    /// Tells the account's state, once for all that one call did.
    pub(super) fn tell_account(&mut self) {
        if std::mem::take(&mut self.is_account_due) {
            let state = self.account_state();
            self.events.push_back(BrokerEvent::Account(state));
        }
    }

    /// Books a deal: its money goes to the balance, it goes to the history and is told.
    pub(super) fn book(&mut self, booking: &Booking<'_>) -> u64 {
        self.last_deal += 1;
        let ticket = self.last_deal;
        self.balance += booking.profit + booking.swap + booking.commission;
        let digits = self.account.currency_digits;
        let (Some(instrument), Ok(deal_ticket)) =
            (self.instruments.get(booking.symbol), DealTicket::new(ticket))
        else {
            return ticket;
        };
        let kind = if booking.side == Side::Buy { DealType::Buy } else { DealType::Sell };
        let mut deal = Deal::new(deal_ticket, kind);
        deal.order = OrderTicket::new(booking.order).ok();
        deal.position = PositionTicket::new(booking.position).ok();
        deal.symbol = Some(instrument.spec.symbol.clone());
        deal.entry = Some(booking.entry);
        deal.volume = instrument.lots(booking.volume);
        deal.price = instrument.price(booking.price);
        deal.profit = Some(money(booking.profit, digits));
        deal.swap = Some(money(booking.swap, digits));
        deal.commission = Some(money(booking.commission, digits));
        deal.magic = booking.marks.magic;
        deal.comment.clone_from(&booking.marks.comment);
        deal.time_msc = Some(self.now_msc);
        deal.client_id.clone_from(&booking.marks.client_id);
        let mut event = TradeEvent::new(TradeKind::DealAdd, instrument.spec.symbol.clone());
        event.order = deal.order;
        event.deal = Some(deal_ticket);
        event.position = deal.position;
        event.r#type = Some(wire_side(booking.side));
        event.volume = deal.volume;
        event.price = deal.price;
        event.profit = deal.profit;
        event.magic = deal.magic;
        event.comment.clone_from(&deal.comment);
        event.client_id.clone_from(&deal.client_id);
        event.time_msc = deal.time_msc;
        self.history_deals.push(deal);
        self.events.push_back(BrokerEvent::Trade(Box::new(event)));
        ticket
    }

    /// Tells what happened to a position.
    pub(super) fn tell_position(&mut self, kind: TradeKind, position: &Holding) {
        let Some(instrument) = self.instruments.get(position.symbol) else { return };
        let mut event = TradeEvent::new(kind, instrument.spec.symbol.clone());
        event.position = PositionTicket::new(position.ticket).ok();
        event.r#type = Some(wire_side(position.side));
        event.volume = instrument.lots(position.volume);
        event.price = position.price_open(instrument);
        event.stop_loss = position.levels.stop_loss.and_then(|at| instrument.price(at));
        event.take_profit = position.levels.take_profit.and_then(|at| instrument.price(at));
        event.profit = Some(money(position.profit, self.account.currency_digits));
        event.magic = position.marks.magic;
        event.comment.clone_from(&position.marks.comment);
        event.client_id.clone_from(&position.marks.client_id);
        event.time_msc = Some(self.now_msc);
        self.events.push_back(BrokerEvent::Trade(Box::new(event)));
    }

    /// Tells what happened to an order.
    pub(super) fn tell_order(&mut self, kind: TradeKind, order: &Order) {
        let mut event = TradeEvent::new(kind, order.symbol.clone());
        event.order = Some(order.ticket);
        event.r#type = Some(order.r#type);
        event.volume = order.volume;
        event.price = order.price;
        event.stop_loss = order.stop_loss;
        event.take_profit = order.take_profit;
        event.magic = order.magic;
        event.comment.clone_from(&order.comment);
        event.client_id.clone_from(&order.client_id);
        event.time_msc = Some(self.now_msc);
        self.events.push_back(BrokerEvent::Trade(Box::new(event)));
    }

    /// Puts an order that is over into the history, and tells it.
    pub(super) fn archive(&mut self, pending: &Pending, state: OrderState) {
        let instrument = self.instruments.get(pending.symbol);
        if let Some(order) = instrument.and_then(|instrument| pending.wire(instrument, state)) {
            self.tell_order(TradeKind::OrderDelete, &order);
            self.history_orders.push(order);
        }
    }

    /// Begins an order that is filled at once, and tells it.
    pub(super) fn begin_order(
        &mut self,
        kind: OrderType,
        side: Side,
        of: (usize, i64, i64),
        marks: &Marks,
    ) -> Pending {
        let (symbol, volume, price) = of;
        let order = Pending {
            ticket: self.next_order(),
            symbol,
            kind,
            side,
            volume,
            price,
            stop_limit: None,
            levels: super::position::Levels::default(),
            expiration: None,
            marks: marks.clone(),
            time_msc: self.now_msc,
        };
        let wire = self
            .instruments
            .get(symbol)
            .and_then(|instrument| order.wire(instrument, OrderState::Placed));
        if let Some(wire) = wire {
            self.tell_order(TradeKind::OrderAdd, &wire);
        }
        order
    }

    pub(super) const fn next_order(&mut self) -> u64 {
        self.last_order += 1;
        self.last_order
    }
}
