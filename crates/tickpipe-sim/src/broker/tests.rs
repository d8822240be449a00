//! What a broker does, seen from outside.

mod costs;
mod life;
mod refused;

use tickpipe_proto::message::{
    MarginMode, OrderAction, OrderRequest, OrderResult, OrderType, Outcome, Tick, TradeEvent,
};
use tickpipe_proto::types::{OrderTicket, PositionTicket, Price, Symbol};

use super::*;

/// Milliseconds of 2019-02-04 00:00, a Monday.
const MONDAY: i64 = 1_549_238_400_000;

/// A broker with EURUSD, driven by text.
struct World {
    broker: Broker,
    now_msc: i64,
    sent: u32,
}

impl World {
    fn new(margin_mode: MarginMode) -> Self {
        Self::with(margin_mode, |_| ())
    }

    /// With a symbol that is changed first, and a tick of 1.10000 and 1.10010.
    fn with(margin_mode: MarginMode, change: impl FnOnce(&mut SymbolSpec)) -> Self {
        Self::with_config(margin_mode, |config| change(&mut config.symbols[0]))
    }

    fn with_config(margin_mode: MarginMode, change: impl FnOnce(&mut BrokerConfig)) -> Self {
        let account = AccountSpec::new("USD", 100, "10000".parse().unwrap());
        let spec = SymbolSpec::forex(eurusd(), 5, "EUR", "USD");
        let mut config = BrokerConfig::new(account.with_margin_mode(margin_mode)).with_symbol(spec);
        change(&mut config);
        let mut world = Self { broker: Broker::new(config).unwrap(), now_msc: MONDAY, sent: 0 };
        world.tick("1.10000", "1.10010");
        world
    }

    fn tick(&mut self, bid: &str, ask: &str) {
        self.now_msc += 1000;
        let (bid, ask) = (bid.parse().unwrap(), ask.parse().unwrap());
        self.broker.handle_tick(&Tick::new(eurusd(), self.now_msc, bid, ask)).unwrap();
    }

    fn request(&mut self, action: OrderAction) -> OrderRequest {
        self.sent += 1;
        let mut request = OrderRequest::new(action);
        request.client_id = Some(format!("c{}", self.sent).parse().unwrap());
        request
    }

    fn send(&mut self, action: OrderAction) -> OrderResult {
        let request = self.request(action);
        self.broker.order_send(self.now_msc, &request).unwrap()
    }

    /// Sends what must be done; returns the ticket of its order.
    #[track_caller]
    fn done(&mut self, action: OrderAction) -> u64 {
        let result = self.send(action);
        assert_eq!(result.outcome, Outcome::Done, "{result:?}");
        result.order.map_or(0, |order| order.value())
    }

    #[track_caller]
    fn refused(&mut self, action: OrderAction, code: u64) {
        let before = self.broker.account_state();
        let result = self.send(action);
        assert_eq!(result.retcode, code, "{result:?}");
        assert_eq!(result.outcome, Outcome::Rejected, "{result:?}");
        assert!(result.message.contains(": "), "{}", result.message);
        assert_eq!(self.broker.account_state(), before);
    }

    /// The events since the last time, as words.
    fn events(&mut self) -> Vec<String> {
        let mut events = Vec::new();
        while let Some(event) = self.broker.poll_event() {
            events.push(match event {
                BrokerEvent::Account(state) => format!("account {}", state.balance),
                BrokerEvent::Result(result) => format!("result {}", result.retcode),
                BrokerEvent::Trade(event) => told(&event),
            });
        }
        events
    }

    #[track_caller]
    fn check_account(&self, balance: &str, equity: &str, margin: &str) {
        let state = self.broker.account_state();
        let found = [state.balance, state.equity, state.margin].map(|money| money.to_string());
        assert_eq!(found, [balance, equity, margin]);
    }

    /// The positions: type, volume, opening price.
    fn positions(&self) -> Vec<String> {
        let positions = self.broker.positions();
        positions
            .map(|it| format!("{} {:?} {} {}", it.ticket, it.r#type, it.volume, it.price_open))
            .collect()
    }
}

fn told(event: &TradeEvent) -> String {
    let ticket = match (event.deal, event.order, event.position) {
        (Some(deal), ..) => deal.value(),
        (None, Some(order), _) => order.value(),
        (None, None, position) => position.map_or(0, |position| position.value()),
    };
    format!("{:?} {ticket}", event.event)
}

fn eurusd() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

fn price(text: &str) -> Option<Price> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

fn market(r#type: OrderType, volume: &str) -> OrderAction {
    market_with(r#type, volume, "", "")
}

fn market_with(r#type: OrderType, volume: &str, stop_loss: &str, take_profit: &str) -> OrderAction {
    OrderAction::Market {
        symbol: eurusd(),
        r#type,
        volume: volume.parse().unwrap(),
        stop_loss: price(stop_loss),
        take_profit: price(take_profit),
        deviation_points: None,
        filling: None,
    }
}

fn pending(r#type: OrderType, at: &str, stop_limit: &str) -> OrderAction {
    OrderAction::Pending {
        symbol: eurusd(),
        r#type,
        volume: "0.10".parse().unwrap(),
        price: at.parse().unwrap(),
        stop_limit: price(stop_limit),
        stop_loss: None,
        take_profit: None,
        expiration: None,
        filling: None,
    }
}

fn close(ticket: u64, volume: &str) -> OrderAction {
    OrderAction::Close {
        ticket: PositionTicket::new(ticket).unwrap(),
        volume: (!volume.is_empty()).then(|| volume.parse().unwrap()),
        deviation_points: None,
        filling: None,
    }
}

fn delete(ticket: u64) -> OrderAction {
    OrderAction::Delete { ticket: OrderTicket::new(ticket).unwrap() }
}

fn modify(ticket: u64, stop_loss: Option<&str>, take_profit: Option<&str>) -> OrderAction {
    OrderAction::Modify {
        ticket,
        price: None,
        stop_limit: None,
        stop_loss: stop_loss.map(price),
        take_profit: take_profit.map(price),
        expiration: None,
    }
}

fn move_order(ticket: u64, at: &str) -> OrderAction {
    OrderAction::Modify {
        ticket,
        price: price(at),
        stop_limit: None,
        stop_loss: None,
        take_profit: None,
        expiration: None,
    }
}

fn close_by(ticket: u64, by: u64) -> OrderAction {
    OrderAction::CloseBy {
        ticket: PositionTicket::new(ticket).unwrap(),
        by_ticket: PositionTicket::new(by).unwrap(),
    }
}
