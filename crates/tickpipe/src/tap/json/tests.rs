use std::sync::Arc;

use tickpipe_proto::LineError;
use tickpipe_proto::message::{
    AccountState, Bar, BarEvent, Deinit, LogEntry, LogLevel, OrderResult, Outcome, Tick,
    TradeEvent, TradeKind,
};
use tickpipe_proto::session::AskError;
use tickpipe_proto::types::{ClientId, Money, PositionTicket, Price, Symbol, Timeframe};

use super::*;
use crate::session::{ClosePosition, OrderRequest};

fn check(event: &SessionTap, want: &str) {
    assert_eq!(event.to_json(), want);
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn symbol() -> Symbol {
    Symbol::new("EUR\"USD").unwrap()
}

#[test]
fn numbers_are_written_as_they_came() {
    let tick = Tick::new(symbol(), 1_700_000_000_123, price("1.10000"), price("1.10010"));
    check(
        &SessionTap::Tick {
            tick: tick.clone(),
            elapsed: Duration::from_nanos(12_345),
            result: Ok(()),
            is_late: false,
        },
        concat!(
            r#"{"event":"tick","tick":{"symbol":"EUR\"USD","time_msc":1700000000123,"#,
            r#""bid":1.10000,"ask":1.10010},"late":false,"elapsed_us":12.4}"#,
        ),
    );
    check(
        &SessionTap::Tick {
            tick,
            elapsed: Duration::from_secs(2),
            result: Err(LineError::new(ErrorCode::HandlerFailed, "a \"b\"")),
            is_late: true,
        },
        concat!(
            r#"{"event":"tick","tick":{"symbol":"EUR\"USD","time_msc":1700000000123,"#,
            r#""bid":1.10000,"ask":1.10010},"late":true,"elapsed_us":2000000.0,"#,
            r#""error":{"code":"handler_failed","text":"a \"b\""}}"#,
        ),
    );
    let bar = Bar::new(60, price("1.1"), price("1.20"), price("1.0"), price("1.100"));
    check(
        &SessionTap::Bar(BarEvent::new(symbol(), Timeframe::M1, bar)),
        concat!(
            r#"{"event":"bar","bar":{"symbol":"EUR\"USD","timeframe":"M1","time":60,"open":1.1,"#,
            r#""high":1.20,"low":1.0,"close":1.100,"tick_volume":1}}"#,
        ),
    );
    let money = |text: &str| text.parse::<Money>().unwrap();
    check(
        &SessionTap::Account(AccountState::new(
            money("1000.00"),
            money("-0.50"),
            money("0"),
            money("1"),
        )),
        concat!(
            r#"{"event":"account","account":{"balance":1000.00,"equity":-0.50,"margin":0,"#,
            r#""margin_free":1}}"#,
        ),
    );
}

#[test]
fn an_order_has_what_became_of_it() {
    let mut request: OrderRequest = ClosePosition::new(PositionTicket::new(5).unwrap()).into();
    let id = ClientId::new("one").unwrap();
    request.client_id = Some(id);
    let order = |result| SessionTap::Order {
        request: Box::new(request.clone()),
        result,
        elapsed: Duration::from_millis(1),
    };
    check(
        &order(Ok(Box::new(OrderResult::new(Outcome::Unknown, 10012, id)))),
        concat!(
            r#"{"event":"order","order":{"action":"close","ticket":"5","client_id":"one"},"#,
            r#""result":{"outcome":"unknown","retcode":10012,"client_id":"one","message":""},"#,
            r#""elapsed_us":1000.0}"#,
        ),
    );
    check(
        &order(Err(AskError::Local(LineError::new(ErrorCode::Unsupported, "no")))),
        concat!(
            r#"{"event":"order","order":{"action":"close","ticket":"5","client_id":"one"},"#,
            r#""error":{"code":"unsupported","text":"no"},"elapsed_us":1000.0}"#,
        ),
    );
}

#[test]
fn the_rest_is_told_too() {
    check(
        &SessionTap::Log(LogEntry::new(LogLevel::Info, "\u{1b}[2J")),
        r#"{"event":"log","log":{"level":"info","text":"\u001b[2J"}}"#,
    );
    check(
        &SessionTap::Gap { symbol: symbol(), expected: 2, found: 5 },
        r#"{"event":"gap","gap":{"symbol":"EUR\"USD","expected":2,"found":5}}"#,
    );
    check(
        &SessionTap::Trade(Box::new(TradeEvent::new(TradeKind::DealAdd, symbol()))),
        r#"{"event":"trade","trade":{"event":"deal_add","symbol":"EUR\"USD"}}"#,
    );
    check(
        &SessionTap::Closed(CloseReason::Bye(ErrorCode::Silence)),
        r#"{"event":"session_closed","bye":"silence"}"#,
    );
    check(
        &SessionTap::Closed(CloseReason::Deinit(Deinit::new(3))),
        r#"{"event":"session_closed","deinit":{"reason":3}}"#,
    );
    check(&SessionTap::Closed(CloseReason::Disconnected), r#"{"event":"session_closed"}"#);
    let hello = crate::testing::hello_of_test();
    let opened = SessionTap::Opened(Arc::new(hello)).to_json();
    assert!(opened.starts_with(r#"{"event":"session_opened","hello":{"protocol":1,"#), "{opened}");
}
