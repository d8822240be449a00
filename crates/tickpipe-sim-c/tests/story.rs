//! The story of `testing/sim_broker.c`, told to the broker itself: every number is the same.
//!
//! `sim_broker.txt` is what both print. The C program is run by `cargo xtask test`, and compared there.

#![expect(clippy::unwrap_used, reason = "what is missing fails the test")]
#![expect(clippy::wildcard_enum_match_arm, reason = "what is not in the story fails the test")]

use std::fmt::{Display, Write as _};

use tickpipe_proto::message::{
    DealEntry, DealType, OrderAction, OrderRequest, OrderResult, OrderState, OrderType, Outcome,
    Tick, TradeKind,
};
use tickpipe_proto::types::Symbol;
use tickpipe_sim::broker::{Broker, BrokerConfig, BrokerEvent};
use tickpipe_sim::settings;

const STORY: &str = include_str!("../../../testing/sim_broker.txt");
/// 2019-02-04 00:00, a Monday.
const MONDAY: i64 = 1_549_238_400_000;

struct Teller {
    broker: Broker,
    told: String,
}

#[test]
fn the_broker_tells_the_same_story_to_rust() {
    let account = settings::account("balance=10000,leverage=100,mode=hedging").unwrap();
    let config = BrokerConfig::new(account)
        .with_symbol(settings::symbol("EURUSD:commission=3.5").unwrap())
        .with_symbol(settings::symbol("USDJPY").unwrap())
        .with_latency("80".parse().unwrap())
        .with_seed(7);
    let mut teller = Teller { broker: Broker::new(config).unwrap(), told: String::new() };
    teller.buy_and_stop();
    teller.wait_and_end();
    teller.books();
    assert_eq!(teller.told.lines().collect::<Vec<_>>(), STORY.lines().collect::<Vec<_>>());
    assert_eq!(teller.broker.account_state().balance, "10035.00".parse().unwrap());
}

impl Teller {
    fn buy_and_stop(&mut self) {
        let mut buy = named(market(OrderType::Buy, "0.015", Some("1.14443")), "wrong-volume");
        buy.magic = Some("42".parse().unwrap());
        buy.comment = Some("story".to_owned());
        self.tick(1, "1.14543", "1.14545");
        self.send(2, &buy);
        buy.action = market(OrderType::Buy, "100", Some("1.14443"));
        let check = self.broker.order_check(MONDAY + 2000, &buy);
        self.tell(format!("check: {}", check.retcode));
        buy.action = market(OrderType::Buy, "0.10", Some("1.14443"));
        buy.client_id = Some("buy".parse().unwrap());
        let check = self.broker.order_check(MONDAY + 2000, &buy);
        let (margin, free) = (shown(check.margin), shown(check.margin_free));
        self.tell(format!("check: {}, margin {margin} free {free}", check.retcode));
        let result = self.send(2, &buy);
        self.result(&result);
        self.books();
        self.tick(3, "1.14600", "1.14602");
        let ticket = result.position.unwrap();
        let levels = OrderAction::Modify {
            ticket: ticket.value(),
            price: None,
            stop_limit: None,
            stop_loss: Some(Some("1.14500".parse().unwrap())),
            take_profit: None,
            expiration: None,
        };
        self.send(4, &named(levels, "trail"));
        let volume = Some("0.04".parse().unwrap());
        let part = OrderAction::Close { ticket, volume, deviation_points: Some(0), filling: None };
        self.send(5, &named(part, "part"));
        self.tick(6, "1.14490", "1.14492");
    }

    fn wait_and_end(&mut self) {
        self.send(7, &named(limit("1.14400", None), "limit"));
        self.send(7, &named(limit("1.14000", None), "deep"));
        self.send(7, &named(limit("1.14000", Some(MONDAY / 1000 + 60)), "expires"));
        self.tick(8, "1.14397", "1.14399");
        self.tick(9, "1.14601", "1.14603");
        self.broker.handle_time(MONDAY + 61_000);
        self.events();
        let delete = OrderAction::Delete { ticket: "5".parse().unwrap() };
        self.send(62, &named(delete, "delete"));
        let sell = named(market(OrderType::Sell, "0.10", None), "c-1");
        let due = self.broker.order_submit(MONDAY + 62_999, &sell).unwrap();
        self.tell(format!("arrives {}", due - MONDAY));
        self.tick(63, "1.14610", "1.14612");
        self.tick(64, "1.14623", "1.14625");
        self.broker.close_all();
        self.broker.close_market();
        self.events();
        self.send(65, &named(sell.action, "late"));
    }

    fn tell(&mut self, line: impl Display) {
        writeln!(self.told, "{line}").unwrap();
    }

    fn tick(&mut self, at_s: i64, bid: &str, ask: &str) {
        let points = |price: &str| price.replace("1.", "1");
        self.tell(format!("tick {at_s}: {} {}", points(bid), points(ask)));
        let (bid, ask) = (bid.parse().unwrap(), ask.parse().unwrap());
        self.broker.handle_tick(&Tick::new(eurusd(), MONDAY + at_s * 1000, bid, ask)).unwrap();
        self.events();
    }

    fn send(&mut self, at_s: i64, request: &OrderRequest) -> OrderResult {
        let result = self.broker.order_send(MONDAY + at_s * 1000, request).unwrap();
        self.result(&result);
        self.events();
        result
    }

    fn result(&mut self, result: &OrderResult) {
        let outcome = if result.outcome == Outcome::Done { 1 } else { 2 };
        let of = (ticket(result.order), ticket(result.deal), ticket(result.position));
        self.tell(format!(
            "order {}: outcome {outcome} retcode {}, order {} deal {} position {}, {} at {}",
            result.client_id,
            result.retcode,
            of.0,
            of.1,
            of.2,
            shown(result.volume),
            shown(result.price)
        ));
    }

    fn events(&mut self) {
        while let Some(event) = self.broker.poll_event() {
            let line = match event {
                BrokerEvent::Account(state) => {
                    format!("account: balance {} equity {}", state.balance, state.equity)
                }
                BrokerEvent::Result(result) => {
                    format!("result: {} {}", result.client_id, result.retcode)
                }
                BrokerEvent::Trade(trade) => format!(
                    "trade {}: order {} deal {} position {}, type {}, {} at {}",
                    kind(trade.event),
                    ticket(trade.order),
                    ticket(trade.deal),
                    ticket(trade.position),
                    trade.r#type.map_or(-1, order_type),
                    shown(trade.volume),
                    shown(trade.price)
                ),
                other => panic!("{other:?}"),
            };
            self.tell(format!("  {line}"));
        }
    }

    fn books(&mut self) {
        let state = self.broker.account_state();
        let (margin, free, profit) = (state.margin, state.margin_free, shown(state.profit));
        let of = format!("balance {} equity {}", state.balance, state.equity);
        self.tell(format!("account: {of} margin {margin} free {free} profit {profit} USD"));
        for held in self.broker.positions().collect::<Vec<_>>() {
            self.tell(format!(
                "position {}: type {} {} {} at {} now {}, sl {} tp {}, profit {} swap {}, magic {} \
                 `{}` {}",
                held.ticket,
                order_type(held.r#type),
                held.symbol,
                held.volume,
                held.price_open,
                shown(held.price_current),
                shown(held.stop_loss),
                shown(held.take_profit),
                shown(held.profit),
                shown(held.swap),
                held.magic.unwrap(),
                held.comment.unwrap(),
                held.client_id.unwrap()
            ));
        }
        assert_eq!(self.broker.orders().count(), 0, "the story looks when none waits");
        for order in self.broker.history_orders().to_vec() {
            self.tell(format!(
                "order {}: type {} state {} {} at {}, `{}`",
                order.ticket,
                order_type(order.r#type),
                state_of(order.state.unwrap()),
                shown(order.volume),
                shown(order.price),
                order.comment.unwrap_or_default()
            ));
        }
        for deal in self.broker.history_deals().to_vec() {
            self.tell(format!(
                "deal {}: type {} entry {} order {} position {}, {} at {}, profit {} swap {} \
                 commission {}, `{}`",
                deal.ticket,
                deal_type(deal.r#type),
                entry(deal.entry),
                ticket(deal.order),
                ticket(deal.position),
                shown(deal.volume),
                shown(deal.price),
                shown(deal.profit),
                shown(deal.swap),
                shown(deal.commission),
                deal.comment.unwrap_or_default()
            ));
        }
    }
}

fn eurusd() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

fn named(action: OrderAction, name: &str) -> OrderRequest {
    let mut request = OrderRequest::new(action);
    request.client_id = Some(name.parse().unwrap());
    request
}

fn market(side: OrderType, volume: &str, stop_loss: Option<&str>) -> OrderAction {
    OrderAction::Market {
        symbol: eurusd(),
        r#type: side,
        volume: volume.parse().unwrap(),
        stop_loss: stop_loss.map(|price| price.parse().unwrap()),
        take_profit: None,
        deviation_points: Some(0),
        filling: None,
    }
}

fn limit(price: &str, expiration: Option<i64>) -> OrderAction {
    OrderAction::Pending {
        symbol: eurusd(),
        r#type: OrderType::BuyLimit,
        volume: "0.20".parse().unwrap(),
        price: price.parse().unwrap(),
        stop_limit: None,
        stop_loss: None,
        take_profit: Some("1.14600".parse().unwrap()),
        expiration,
        filling: None,
    }
}

fn shown<T: Display>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn ticket<T: Display>(value: Option<T>) -> String {
    value.map_or_else(|| "0".to_owned(), |value| value.to_string())
}

fn order_type(kind: OrderType) -> i32 {
    match kind {
        OrderType::Buy => 0,
        OrderType::Sell => 1,
        OrderType::BuyLimit => 2,
        other => panic!("{other:?}"),
    }
}

fn state_of(state: OrderState) -> i32 {
    match state {
        OrderState::Canceled => 2,
        OrderState::Filled => 4,
        OrderState::Expired => 6,
        other => panic!("{other:?}"),
    }
}

fn deal_type(kind: DealType) -> i32 {
    match kind {
        DealType::Buy => 0,
        DealType::Sell => 1,
        DealType::Balance => 2,
        other => panic!("{other:?}"),
    }
}

fn entry(entry: Option<DealEntry>) -> i32 {
    match entry {
        None => -1,
        Some(DealEntry::In) => 0,
        Some(DealEntry::Out) => 1,
        Some(other) => panic!("{other:?}"),
    }
}

fn kind(kind: TradeKind) -> i32 {
    match kind {
        TradeKind::OrderAdd => 1,
        TradeKind::OrderUpdate => 2,
        TradeKind::OrderDelete => 3,
        TradeKind::DealAdd => 4,
        TradeKind::PositionOpen => 5,
        TradeKind::PositionUpdate => 6,
        TradeKind::PositionClose => 7,
        other => panic!("{other:?}"),
    }
}
