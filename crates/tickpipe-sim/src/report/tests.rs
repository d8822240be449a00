//! A run by hand: four trades in three days, and every figure of it.

mod figures;
mod pages;

use tickpipe_proto::message::{OrderAction, OrderRequest, OrderType, Tick};
use tickpipe_proto::types::{Money, PositionTicket, Price, Symbol};

use super::*;
use crate::account::AccountSpec;
use crate::broker::{Broker, BrokerConfig, Commission, SymbolSpec};

/// Monday, 2019-02-04.
const MONDAY_MSC: i64 = 1_549_238_400_000;
const HOUR_MS: i64 = 3_600_000;

/// A broker with 10,000 USD and 0.35 USD of commission for each deal of 0.10 lots, and its recorder.
pub(super) struct Run {
    broker: Broker,
    recorder: Recorder,
    symbol: Symbol,
    now_msc: i64,
    sent: u32,
}

impl Run {
    pub(super) fn new(name: &str) -> Self {
        let symbol = Symbol::new(name).unwrap();
        let mut spec = SymbolSpec::forex(symbol.clone(), 5, "EUR", "USD");
        spec.commission = Commission::PerLot("3.50".parse().unwrap());
        let account = AccountSpec::new("USD", 100, "10000".parse().unwrap());
        let broker = Broker::new(BrokerConfig::new(account).with_symbol(spec)).unwrap();
        let recorder = Recorder::new(&broker);
        Self { broker, recorder, symbol, now_msc: MONDAY_MSC, sent: 0 }
    }

    /// A tick so many hours after the begin, two points wide.
    pub(super) fn tick(&mut self, hours: i64, bid: &str) {
        self.now_msc = MONDAY_MSC + hours * HOUR_MS;
        let bid: Price = bid.parse().unwrap();
        let ask = bid.offset(2).unwrap();
        let tick = Tick::new(self.symbol.clone(), self.now_msc, bid, ask);
        self.broker.handle_tick(&tick).unwrap();
        self.recorder.handle_tick(&self.broker, &tick);
        self.drain();
    }

    fn send(&mut self, action: OrderAction, comment: &str) {
        self.sent += 1;
        let mut request = OrderRequest::new(action);
        request.client_id = Some(format!("n{}", self.sent).parse().unwrap());
        request.comment = Some(comment.to_owned()).filter(|comment| !comment.is_empty());
        let result = self.broker.order_send(self.now_msc, &request).unwrap();
        self.recorder.handle_result(&result);
        self.drain();
    }

    pub(super) fn open(&mut self, side: OrderType, levels: [Option<&str>; 2], comment: &str) {
        let [stop_loss, take_profit] = levels.map(|level| level.map(|at| at.parse().unwrap()));
        let action = OrderAction::Market {
            symbol: self.symbol.clone(),
            r#type: side,
            volume: "0.10".parse().unwrap(),
            stop_loss,
            take_profit,
            deviation_points: None,
            filling: None,
        };
        self.send(action, comment);
    }

    pub(super) fn close(&mut self, ticket: u64, comment: &str) {
        let ticket = PositionTicket::new(ticket).unwrap();
        let action =
            OrderAction::Close { ticket, volume: None, deviation_points: None, filling: None };
        self.send(action, comment);
    }

    fn drain(&mut self) {
        while let Some(event) = self.broker.poll_event() {
            self.recorder.handle_event(&self.broker, &event);
        }
    }

    pub(super) fn finish(self) -> Report {
        self.recorder.finish(&self.broker)
    }
}

/// The run that `docs/simulation.md` works out.
pub(super) fn run() -> Report {
    let mut run = Run::new("EURUSD");
    run.tick(0, "1.10000");
    run.open(OrderType::Buy, [None, None], "first, \"quoted\"");
    run.tick(1, "1.10102");
    run.close(1, "");
    run.close(99, "of nothing");
    run.tick(2, "1.10000");
    run.open(OrderType::Sell, [Some("1.10050"), None], "");
    run.tick(3, "1.10048");
    run.tick(24, "1.10000");
    run.open(OrderType::Buy, [None, None], "");
    run.tick(25, "1.09982");
    run.close(5, "");
    run.tick(48, "1.10000");
    run.open(OrderType::Buy, [None, Some("1.10052")], "");
    run.tick(49, "1.10052");
    run.tick(50, "1.10000");
    run.finish()
}
