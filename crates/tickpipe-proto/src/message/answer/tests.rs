use super::*;
use crate::ErrorCode;
use crate::message::{AskKind, Fault, Outcome, Terminal};

fn parse(kind: AskKind, terminal: Terminal, json: &str) -> Result<Answer, Fault> {
    let raw = serde_json::value::RawValue::from_string(json.to_owned()).unwrap();
    Answer::parse(kind, &raw, terminal)
}

fn outcome(kind: AskKind, terminal: Terminal, members: &str) -> (Outcome, bool) {
    let answer = parse(kind, terminal, &format!(r#"{{"client_id":"a",{members}}}"#)).unwrap();
    let Answer::OrderResult(result) = answer else { panic!("{answer:?}") };
    (result.outcome, result.is_retryable)
}

#[track_caller]
fn check(members: &str, expected: Outcome) {
    assert_eq!(outcome(AskKind::OrderSend, Terminal::Mt5, members).0, expected, "{members}");
}

#[test]
fn an_outcome_is_no_more_than_its_code_bears_out() {
    check(r#""outcome":"done","retcode":10009"#, Outcome::Done);
    check(r#""outcome":"done","retcode":10012"#, Outcome::Unknown);
    check(r#""outcome":"done","retcode":10031"#, Outcome::Unknown);
    check(r#""outcome":"done","retcode":10004"#, Outcome::Unknown);
    check(r#""outcome":"done","retcode":4711"#, Outcome::Unknown);
    check(r#""outcome":"rejected","retcode":10004"#, Outcome::Rejected);
    check(r#""outcome":"rejected","retcode":10009"#, Outcome::Unknown);
    check(r#""outcome":"rejected","retcode":10011"#, Outcome::Unknown);
    check(r#""outcome":"rejected","retcode":4711"#, Outcome::Unknown);
    check(r#""outcome":"unknown","retcode":10009"#, Outcome::Unknown);
    check(r#""outcome":"unknown","retcode":0"#, Outcome::Unknown);
    let mt4 = |members: &str| outcome(AskKind::OrderSend, Terminal::Mt4, members).0;
    assert_eq!(mt4(r#""outcome":"done","retcode":0"#), Outcome::Done);
    assert_eq!(mt4(r#""outcome":"done","retcode":128"#), Outcome::Unknown);
    assert_eq!(mt4(r#""outcome":"rejected","retcode":10004"#), Outcome::Unknown);
}

#[test]
fn an_order_is_absent_by_its_status_alone() {
    let absent = r#""outcome":"absent","retcode":0"#;
    let status = |members: &str| outcome(AskKind::OrderStatus, Terminal::Mt5, members).0;
    assert_eq!(status(absent), Outcome::Absent);
    assert_eq!(status(r#""outcome":"absent","retcode":10009"#), Outcome::Unknown);
    check(absent, Outcome::Unknown);
}

#[test]
fn only_what_is_rejected_may_be_sent_again() {
    let check = |members: &str, expected: bool| {
        let found = outcome(AskKind::OrderSend, Terminal::Mt5, members).1;
        assert_eq!(found, expected, "{members}");
    };
    check(r#""outcome":"rejected","retcode":10004"#, true);
    check(r#""outcome":"rejected","retcode":10013"#, false);
    check(r#""outcome":"rejected","retcode":10004,"retryable":false"#, false);
    check(r#""outcome":"rejected","retcode":10013,"retryable":true"#, true);
    check(r#""outcome":"unknown","retcode":10012,"retryable":true"#, false);
    check(r#""outcome":"done","retcode":10009,"retryable":true"#, false);
    check(r#""outcome":"rejected","retcode":10012,"retryable":true"#, false);
}

#[test]
fn what_is_no_answer_is_refused_by_name() {
    let check = |kind: AskKind, json: &str, expected: &str| {
        let fault = parse(kind, Terminal::Mt5, json).unwrap_err();
        assert_eq!(fault.code, ErrorCode::BadAnswer);
        assert!(fault.message.starts_with(expected), "{json}: {}", fault.message);
    };
    check(AskKind::Comment, "null", "result: found `null`, expected an object");
    check(AskKind::Ping, "[]", "result: found `[]`");
    check(AskKind::OrderSend, "{}", "result.retcode: found nothing");
    check(AskKind::OrderSend, r#"{"retcode":1,"outcome":"maybe"}"#, "result.outcome: found");
    let nameless = r#"{"retcode":10009,"outcome":"done"}"#;
    check(AskKind::OrderSend, nameless, "result.client_id: found nothing");
    check(AskKind::AccountInfo, r#"{"balance":1}"#, "result.account: found nothing");
    check(AskKind::AccountInfo, r#"{"account":{"login":7}}"#, "result.account.login: found `7`");
    check(AskKind::Indicator, r#"{"values":[1,"2"]}"#, "result.values[1]: found `\"2\"`");
    check(AskKind::Indicator, r#"{"values":{}}"#, "result.values: found `{}`, expected a list");
    check(AskKind::Symbols, r#"{"symbols":["A"]}"#, "result.more: found nothing");
    check(AskKind::Symbols, r#"{"symbols":["A",""],"more":false}"#, "result.symbols[1]: found");
    check(
        AskKind::Rates,
        r#"{"bars":[[1,2,3]],"more":false}"#,
        "result.bars[0]: found `[1,2,3]`, expected a list of time, open",
    );
    check(
        AskKind::Rates,
        r#"{"bars":[7],"more":false}"#,
        "result.bars[0]: found `7`, expected a list",
    );
    check(
        AskKind::Rates,
        r#"{"bars":[[1,1,1,1,0,1,1,1]],"more":false}"#,
        "result.bars[0].close: found `0`",
    );
    check(
        AskKind::Ticks,
        r#"{"ticks":[[1,1e1,0,0,0,0]],"more":false}"#,
        "result.ticks[0].bid: found `1e1`",
    );
    check(
        AskKind::Orders,
        r#"{"orders":[{"ticket":7}],"more":false}"#,
        "result.orders[0].volume: found nothing",
    );
    check(
        AskKind::Positions,
        r#"{"positions":[{"ticket":"7","symbol":"A","type":"buy_stop"}],"more":false}"#,
        "result.positions[0].type: found",
    );
    check(
        AskKind::HistoryDeals,
        r#"{"deals":[{"ticket":"7","type":"buy"}],"more":false}"#,
        "result.deals[0].symbol: found nothing",
    );
    check(AskKind::SymbolInfo, r#"{"symbol":"A","digits":9}"#, "result.digits: found `9`");
    check(AskKind::TerminalInfo, r#"{"connected":1}"#, "result.connected: found `1`");
    check(
        AskKind::SymbolTick,
        r#"{"symbol":"A","time_msc":1,"bid":0,"ask":1}"#,
        "result.bid: found `0`",
    );
}

#[test]
fn a_page_leads_on() {
    let check = |kind: AskKind, json: &str, expected: &str| {
        let fault = parse(kind, Terminal::Mt5, json).unwrap_err();
        assert!(fault.message.contains(expected), "{json}: {}", fault.message);
    };
    let order = "expected rows in rising order";
    check(AskKind::Symbols, r#"{"symbols":["B","A"],"more":false}"#, order);
    check(AskKind::Symbols, r#"{"symbols":["A","A"],"more":false}"#, order);
    let bar = |time: u32| format!("[{time},1,1,1,1,1,null,null]");
    check(AskKind::Rates, &format!(r#"{{"bars":[{},{}],"more":false}}"#, bar(2), bar(2)), order);
    let tick = |time: u32| format!("[{time},1,1,0,null,null]");
    check(AskKind::Ticks, &format!(r#"{{"ticks":[{},{}],"more":false}}"#, tick(2), tick(1)), order);
    // Several may be of one millisecond.
    let json = format!(r#"{{"ticks":[{},{}],"more":true}}"#, tick(2), tick(2));
    assert!(parse(AskKind::Ticks, Terminal::Mt5, &json).is_ok());
    for (kind, rows) in [(AskKind::Orders, "orders"), (AskKind::Rates, "bars")] {
        let json = format!(r#"{{"{rows}":[],"more":true}}"#);
        check(kind, &json, "expected at least one row before more");
    }
}

#[test]
fn money_that_moves_without_a_trade_needs_no_symbol() {
    let json = r#"{"deals":[{"ticket":"7","type":"balance","volume":0.0,"price":0,"profit":-0.00}],"more":false}"#;
    let Ok(Answer::HistoryDeals { deals, .. }) = parse(AskKind::HistoryDeals, Terminal::Mt5, json)
    else {
        panic!()
    };
    assert_eq!((&deals[0].symbol, deals[0].volume, deals[0].price), (&None, None, None));
    assert!(deals[0].profit.is_some_and(|profit| profit.is_zero() && !profit.is_negative()));
}
