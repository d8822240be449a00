//! Requests: sent, delayed, carried out and answered.

use tickpipe_proto::message::{
    OrderCheck, OrderRequest, OrderResult, OrderState, OrderStatus, Outcome, Terminal, TradeKind,
    retcode::outcome_of,
};
use tickpipe_proto::types::{ClientId, DealTicket, OrderTicket, PositionTicket};

use super::Broker;
use super::books::BrokerEvent;
use super::client_ids::{Earlier, NotSent};
use super::fill::Closing;
use super::instrument::Quote;
use super::plan::{Attempt, Plan, marks_of};
use super::position::{Pending, wire_side};
use super::refusal::{Refusal, code};
use super::value::Side;
use crate::calendar::TIMES_MSC;

/// A request that is under way.
#[derive(Clone, Debug)]
pub(super) struct Delayed {
    id: ClientId,
    request: OrderRequest,
    reference: Option<Quote>,
}

/// What a plan came to.
#[derive(Debug, Default)]
struct Done {
    code: u64,
    status: Option<OrderStatus>,
    symbol: usize,
    order: u64,
    deal: u64,
    position: u64,
    volume: i64,
    price: i64,
}

impl Broker {
    /// Sends a request that takes no time; returns its result, and the same one if it comes again.
    ///
    /// Time passes up to `now_msc`, milliseconds of the trade server's clock.
    ///
    /// # Errors
    ///
    /// Returns [`NotSent`] for a request without `client_id`, or with that of another one.
    pub fn order_send(
        &mut self,
        now_msc: i64,
        request: &OrderRequest,
    ) -> Result<OrderResult, NotSent> {
        self.pass_time(now_msc);
        let (id, earlier) = self.client_ids.look_up(request)?;
        let result = match earlier {
            Earlier::Answered(result) => result,
            Earlier::UnderWay => self.under_way(id),
            Earlier::None => {
                self.client_ids.note(self.now_msc, id, request);
                self.carry_out(id, request, None)
            }
        };
        self.tell_account();
        Ok(result)
    }

    /// Sends a request that is under way as long as the latency model says, and returns when it arrives.
    ///
    /// The result comes as [`BrokerEvent::Result`] once time has passed that far: it is carried out at
    /// the prices of then, and `deviation_points` counts from those of now.
    ///
    /// # Errors
    ///
    /// As [`order_send`](Self::order_send).
    pub fn order_submit(&mut self, now_msc: i64, request: &OrderRequest) -> Result<i64, NotSent> {
        self.pass_time(now_msc);
        let (id, earlier) = self.client_ids.look_up(request)?;
        match earlier {
            Earlier::Answered(result) => {
                self.events.push_back(BrokerEvent::Result(Box::new(result)));
                return Ok(self.now_msc);
            }
            Earlier::UnderWay => {
                let result = Box::new(self.under_way(id));
                self.events.push_back(BrokerEvent::Result(result));
                return Ok(self.now_msc);
            }
            Earlier::None => {}
        }
        self.client_ids.note(self.now_msc, id, request);
        let due = self.now_msc.saturating_add(self.latency.draw(&mut self.random));
        let due = due.min(*TIMES_MSC.end());
        let reference = self.symbol_of(request).and_then(|symbol| self.instruments[symbol].quote);
        self.submitted += 1;
        let delayed = Delayed { id, request: request.clone(), reference };
        self.delayed.insert((due, self.submitted), delayed);
        if due <= self.now_msc {
            self.deliver();
            self.tell_account();
        }
        Ok(due)
    }

    /// Returns what became of a request, if its answer is known.
    #[must_use]
    pub fn order_status(&self, client_id: &ClientId) -> Option<&OrderResult> {
        self.client_ids.answered(client_id)
    }

    /// Says what a request would come to, and does nothing. The code of one that passes is 0, as of
    /// MQL5's `OrderCheck`.
    ///
    /// # Source
    ///
    /// <https://www.mql5.com/en/docs/trading/ordercheck>
    pub fn order_check(&mut self, now_msc: i64, request: &OrderRequest) -> OrderCheck {
        self.pass_time(now_msc);
        self.tell_account();
        let plan = self.plan(request, Attempt::default());
        let mut check = OrderCheck::new(0);
        let mut margin = self.margin;
        match plan {
            Err(refusal) => {
                check.retcode = refusal.code;
                check.message = refusal.message();
            }
            Ok(Plan::Open { symbol, side, volume, price, .. }) => {
                margin = self.margin_after(symbol, side, volume, price).unwrap_or(margin);
            }
            Ok(_) => {}
        }
        let digits = self.account.currency_digits;
        let show = |units| Some(crate::exact::money(units, digits));
        let equity = self.equity();
        check.balance = show(self.balance);
        check.equity = show(equity);
        check.margin = show(margin);
        check.margin_free = show(equity - margin);
        check
    }

    /// Carries out the requests that have arrived by now.
    pub(super) fn deliver(&mut self) {
        while let Some(entry) = self.delayed.first_entry() {
            if self.now_msc < entry.key().0 {
                return;
            }
            let Delayed { id, request, reference } = entry.remove();
            let result = Box::new(self.carry_out(id, &request, reference));
            self.events.push_back(BrokerEvent::Result(result));
        }
    }

    /// The symbol that a request is about.
    pub(super) fn symbol_of(&self, request: &OrderRequest) -> Option<usize> {
        use tickpipe_proto::message::OrderAction as A;
        match &request.action {
            A::Market { symbol, .. } | A::Pending { symbol, .. } => self.index.get(symbol).copied(),
            A::Close { ticket, .. } | A::CloseBy { ticket, .. } => {
                self.positions.get(&ticket.value()).map(|position| position.symbol)
            }
            A::Delete { ticket } => self.orders.get(&ticket.value()).map(|order| order.symbol),
            A::Modify { ticket, .. } => {
                let order = self.orders.get(ticket).map(|order| order.symbol);
                order.or_else(|| self.positions.get(ticket).map(|position| position.symbol))
            }
            _ => None,
        }
    }

    pub(super) fn under_way(&self, id: ClientId) -> OrderResult {
        let mut result = OrderResult::new(Outcome::Unknown, code::TIMEOUT, id);
        result.message = "this order is under way, and its answer is not known yet".to_owned();
        result
    }

    /// Checks and executes a request, notes its answer and returns it.
    fn carry_out(
        &mut self,
        id: ClientId,
        request: &OrderRequest,
        reference: Option<Quote>,
    ) -> OrderResult {
        let symbol = self.symbol_of(request);
        let quote = symbol.and_then(|symbol| self.instruments.get(symbol)?.quote);
        let attempt = Attempt { slip: self.slippage.draw(&mut self.random), reference };
        let done = self.plan(request, attempt).and_then(|plan| self.execute(plan, request));
        let result = match done {
            Ok(done) => self.result(id, &done, quote),
            Err(refusal) => self.refused(id, &refusal, symbol, quote),
        };
        self.client_ids.answer(&result);
        result
    }

    fn result(&self, id: ClientId, done: &Done, quote: Option<Quote>) -> OrderResult {
        let (outcome, _, text) = outcome_of(Terminal::Sim, done.code);
        let mut result = OrderResult::new(outcome, done.code, id);
        result.status = done.status;
        result.order = OrderTicket::new(done.order).ok();
        result.deal = DealTicket::new(done.deal).ok();
        result.position = PositionTicket::new(done.position).ok();
        result.message = text.to_owned();
        if let Some(instrument) = self.instruments.get(done.symbol) {
            result.volume = instrument.lots(done.volume);
            result.price = instrument.price(done.price);
            result.bid = quote.and_then(|quote| instrument.price(quote.bid));
            result.ask = quote.and_then(|quote| instrument.price(quote.ask));
        }
        result
    }

    pub(super) fn refused(
        &self,
        id: ClientId,
        refusal: &Refusal,
        symbol: Option<usize>,
        quote: Option<Quote>,
    ) -> OrderResult {
        let (outcome, is_retryable, _) = outcome_of(Terminal::Sim, refusal.code);
        let mut result = OrderResult::new(outcome, refusal.code, id);
        result.is_retryable = is_retryable;
        result.message = refusal.message();
        if let Some(instrument) = symbol.and_then(|symbol| self.instruments.get(symbol)) {
            result.bid = quote.and_then(|quote| instrument.price(quote.bid));
            result.ask = quote.and_then(|quote| instrument.price(quote.ask));
        }
        result
    }

    fn execute(&mut self, plan: Plan, request: &OrderRequest) -> Result<Done, Refusal> {
        let marks = marks_of(request);
        Ok(match plan {
            Plan::Open { symbol, side, volume, price, levels } => {
                let of = (symbol, volume, price);
                let mut order = self.begin_order(wire_side(side), side, of, &marks);
                order.levels = levels;
                let (deal, position) = self.fill(&order, price);
                filled(symbol, order.ticket, (deal, position), volume, price)
            }
            Plan::Close { ticket, volume, price } => {
                let position = self.positions.get(&ticket);
                let (symbol, side) =
                    position.map_or((0, Side::Buy), |held| (held.symbol, held.side.opposite()));
                let of = (symbol, volume, price);
                // The mark of a position stays with what closes it.
                let magic = marks.magic.or_else(|| position.and_then(|held| held.marks.magic));
                let marks = super::position::Marks { magic, ..marks };
                let order = self.begin_order(wire_side(side), side, of, &marks);
                let closing = Closing { ticket, order: order.ticket, volume, price, marks: &marks };
                let deal = self.close(&closing);
                self.archive(&order, OrderState::Filled);
                self.books_changed();
                filled(symbol, order.ticket, (deal, ticket), volume, price)
            }
            Plan::CloseBy { ticket, by, volume } => {
                let held = self.positions.get(&ticket).map(|held| (held.symbol, held.side));
                let (symbol, side) = held.unwrap_or((0, Side::Buy));
                let price = self.positions.get(&by).map_or(0, |other| {
                    let price = crate::exact::divide(other.cost, other.volume.into());
                    i64::try_from(price).unwrap_or(0)
                });
                let of = (symbol, volume, price);
                let order =
                    self.begin_order(wire_side(side.opposite()), side.opposite(), of, &marks);
                let deal = self.close_by(order.ticket, (ticket, by), volume, &marks);
                self.archive(&order, OrderState::Filled);
                self.books_changed();
                filled(symbol, order.ticket, (deal, ticket), volume, price)
            }
            Plan::Delete { ticket } => {
                let Some(order) = self.orders.remove(&ticket) else { return Ok(Done::default()) };
                self.archive(&order, OrderState::Canceled);
                Done { code: code::DONE, symbol: order.symbol, order: ticket, ..Done::default() }
            }
            Plan::MovePosition { ticket, levels } => {
                let Some(position) = self.positions.get_mut(&ticket) else {
                    return Ok(Done::default());
                };
                position.levels = levels;
                let symbol = position.symbol;
                self.tell_position_at(TradeKind::PositionUpdate, ticket);
                Done { code: code::DONE, symbol, position: ticket, ..Done::default() }
            }
            Plan::MoveOrder(order) => {
                let (symbol, ticket) = (order.symbol, order.ticket);
                self.put_order(*order, TradeKind::OrderUpdate);
                Done { code: code::DONE, symbol, order: ticket, ..Done::default() }
            }
            Plan::Place(mut order) => {
                order.ticket = self.next_order();
                let (symbol, ticket) = (order.symbol, order.ticket);
                let (volume, price) = (order.volume, order.price);
                self.put_order(*order, TradeKind::OrderAdd);
                let status = Some(OrderStatus::Placed);
                let code = code::PLACED;
                Done { code, status, symbol, order: ticket, volume, price, ..Done::default() }
            }
        })
    }

    /// Has a pending order wait, and tells it.
    pub(super) fn put_order(&mut self, order: Pending, kind: TradeKind) {
        let instrument = self.instruments.get(order.symbol);
        let wire = instrument.and_then(|instrument| order.wire(instrument, OrderState::Placed));
        if let Some(wire) = wire {
            self.tell_order(kind, &wire);
        }
        let expiration = order.expiration.map_or(i64::MAX, |time| time.saturating_mul(1000));
        self.next_expiration_msc = self.next_expiration_msc.min(expiration);
        self.orders.insert(order.ticket, order);
    }
}

fn filled(
    symbol: usize,
    order: u64,
    (deal, position): (u64, u64),
    volume: i64,
    price: i64,
) -> Done {
    let status = Some(OrderStatus::Filled);
    Done { code: code::DONE, status, symbol, order, deal, position, volume, price }
}
