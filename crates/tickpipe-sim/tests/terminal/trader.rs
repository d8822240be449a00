//! A strategy that trades all sorts of orders by what it sees, and keeps a journal of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tickpipe::Error;
use tickpipe::session::{
    BarEvent, ClientId, ClosePosition, Context, Execution, Filter, MarketOrder, ModifyPosition,
    PendingOrder, Position, RatesSpan, Settlement, StopReason, Strategy, StrategyError, Tick,
    Timeframe, TradeEvent,
};

use crate::rig::{Numbers, lots, usdjpy};

/// What a strategy knows of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    Absent,
    Done,
    Rejected,
    Unknown,
}

/// Orders and what is known of them: what a careful strategy keeps where a crash does not reach it.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    pub(crate) orders: BTreeMap<ClientId, Known>,
    /// Sessions that began.
    pub(crate) starts: u64,
    /// Orders to which there was no answer at first.
    pub(crate) unknown: u64,
}

/// A journal that sessions share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared(Arc<Mutex<Journal>>);

impl Shared {
    pub(crate) fn look<T>(&self, look: impl FnOnce(&mut Journal) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Draws what to do from what it sees, so that it does the same wherever it sees the same.
#[derive(Debug)]
pub(crate) struct Trader {
    journal: Shared,
    session: u64,
    sent: u64,
    numbers: Numbers,
}

impl Trader {
    pub(crate) fn new(journal: &Shared, seed: u64) -> Self {
        let session = journal.look(|journal| {
            journal.starts += 1;
            journal.starts
        });
        let numbers = Numbers(seed.wrapping_add(session << 32));
        Self { journal: journal.clone(), session, sent: 0, numbers }
    }

    /// Sends an order under a name that is noted before.
    ///
    /// Over a pipe a strategy whose terminal has died may still work when the next one begins.
    fn note(&mut self, send: impl FnOnce(ClientId) -> Result<Execution, Error>) {
        self.sent += 1;
        let name: ClientId = format!("s{}n{}", self.session, self.sent).parse().unwrap();
        self.journal.look(|journal| journal.orders.insert(name, Known::Unknown));
        let known = match send(name) {
            Ok(Execution::Done(_)) => Known::Done,
            Ok(Execution::Rejected(_)) => Known::Rejected,
            Ok(Execution::Unknown(_)) => {
                self.journal.look(|journal| journal.unknown += 1);
                return;
            }
            Err(error) => panic!("{name}: {error}"),
        };
        self.journal.look(|journal| journal.orders.insert(name, known));
    }

    /// Asks what became of orders that had no answer.
    fn settle(&self, context: &Context<'_>) {
        let orders = self.journal.look(|journal| journal.orders.clone());
        for (name, _) in orders.into_iter().filter(|(_, known)| *known == Known::Unknown) {
            let known = match context.order_status(name) {
                Ok(Settlement::Done(_)) => Known::Done,
                Ok(Settlement::Rejected(_)) => Known::Rejected,
                Ok(Settlement::Absent(_)) => Known::Absent,
                Ok(Settlement::Unknown(_)) | Err(_) => continue,
            };
            self.journal.look(|journal| journal.orders.insert(name, known));
        }
    }

    /// Does something, or nothing; what cannot be asked because an answer is lost is left for later.
    fn trade(&mut self, context: &Context<'_>, tick: &Tick) -> Result<(), Error> {
        let symbol = if self.pick(4) == 0 { usdjpy() } else { context.symbol().clone() };
        let volume = lots(["0.10", "0.25", "0.07", "0.013"][self.pick(4)]);
        let positions = context.positions(&Filter::all())?;
        let info = context.symbol_info(&symbol)?;
        let now = context.symbol_tick(&symbol)?;
        let below = info.offset(now.bid, -40).unwrap();
        let above = info.offset(now.ask, 40).unwrap();
        match (self.pick(8), self.held(&positions)) {
            (0, _) => self.note(|name| {
                let order = MarketOrder::buy(&symbol, volume).stop_loss(below).client_id(name);
                context.order_send(order.magic(7).comment("buy"))
            }),
            (1, _) => self.note(|name| {
                let order = MarketOrder::sell(&symbol, volume).take_profit(below).client_id(name);
                context.order_send(order)
            }),
            (2, _) => self.note(|name| {
                let order = PendingOrder::buy_limit(&symbol, volume, below).client_id(name);
                context.order_send(order.expiration(tick.time_msc / 1000 + 120))
            }),
            (3, _) => self.note(|name| {
                context.order_send(PendingOrder::buy_stop(&symbol, volume, above).client_id(name))
            }),
            (4, Some(position)) => self.note(|name| {
                let change = ModifyPosition::new(position.ticket).remove_stop_loss();
                context.modify(change.client_id(name))
            }),
            (5 | 6, Some(position)) => {
                self.note(|name| context.close(ClosePosition::new(position.ticket).client_id(name)))
            }
            _ => {}
        }
        Ok(())
    }

    fn pick(&mut self, count: u64) -> usize {
        usize::try_from(self.numbers.below(count)).unwrap()
    }

    fn held<'p>(&mut self, positions: &'p [Position]) -> Option<&'p Position> {
        let count = u64::try_from(positions.len()).unwrap();
        if count == 0 { None } else { positions.get(self.pick(count)) }
    }
}

impl Strategy for Trader {
    fn on_start(&mut self, context: &mut Context<'_>) -> Result<(), StrategyError> {
        self.settle(context);
        let symbol = context.symbol().clone();
        // What is subscribed is subscribed, even if the answer is lost.
        let asked = [
            context.subscribe_bars(&symbol, Timeframe::M1),
            context.subscribe_bars(&usdjpy(), Timeframe::M2),
            context.subscribe_ticks(&usdjpy()),
        ];
        let span = RatesSpan::Position { start: 0, count: 3 };
        let bars = context.rates(&symbol, Timeframe::M1, span).unwrap_or_default();
        let failed = asked.iter().filter(|asked| asked.is_err()).count();
        self.numbers.0 ^= u64::try_from(bars.len() + failed)?;
        Ok(())
    }

    fn on_tick(&mut self, context: &mut Context<'_>, tick: &Tick) -> Result<(), StrategyError> {
        self.settle(context);
        if self.pick(3) == 0 && self.trade(context, tick).is_err() {
            self.numbers.0 ^= 1;
        }
        Ok(())
    }

    fn on_bar(&mut self, context: &mut Context<'_>, bar: &BarEvent) -> Result<(), StrategyError> {
        let close = u64::try_from(bar.bar.close.points())?;
        self.numbers.0 ^= close;
        if close % 5 == 0 {
            let order = MarketOrder::buy(context.symbol(), lots("0.01"));
            self.note(|name| context.order_send(order.client_id(name)));
        }
        Ok(())
    }

    fn on_trade(&mut self, _: &mut Context<'_>, trade: &TradeEvent) -> Result<(), StrategyError> {
        self.numbers.0 ^= trade.order.map_or(0, |order| order.value());
        Ok(())
    }

    fn on_stop(&mut self, _: &mut Context<'_>, reason: &StopReason) {
        assert_ne!(*reason, StopReason::ServerStopping);
    }
}
