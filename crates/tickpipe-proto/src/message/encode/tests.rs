use super::*;
use crate::message::{OrderAction, OrderRequest, OrderType};
use crate::types::{Lots, MagicNumber, Price, Symbol};

fn symbol() -> Symbol {
    Symbol::new("EURUSD").unwrap()
}

fn lots() -> Lots {
    "0.10".parse().unwrap()
}

fn market(r#type: OrderType) -> OrderRequest {
    OrderRequest {
        action: OrderAction::Market {
            symbol: symbol(),
            r#type,
            volume: lots(),
            stop_loss: Some("1.09800".parse().unwrap()),
            take_profit: None,
            deviation_points: Some(10),
            filling: None,
        },
        magic: Some(MagicNumber::new(-7)),
        comment: Some("a \"b\"".to_owned()),
        client_id: Some("x-1".parse().unwrap()),
        expires_at_ms: None,
    }
}

fn written(asked: &Ask) -> String {
    let mut out = Vec::new();
    ask(&mut out, 7, asked).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn lines_are_as_the_document_shows_them() {
    let mut out = Vec::new();
    empty_result(&mut out, &RequestId::Number(7));
    bye(&mut out, ErrorCode::ShuttingDown, "the server is stopping");
    ping(&mut out, 7);
    let expected = concat!(
        r#"{"jsonrpc":"2.0","id":7,"result":{}}"#,
        "\n",
        r#"{"jsonrpc":"2.0","method":"bye","params":{"code":"shutting_down","message":"the server is stopping"}}"#,
        "\n",
        r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#,
        "\n",
    );
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    assert_eq!(written(&Ask::Ping), "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}\n");
    let order = Ask::OrderSend(Box::new(market(OrderType::Buy)));
    let expected = concat!(
        r#"{"jsonrpc":"2.0","id":7,"method":"order_send","params":{"action":"market","#,
        r#""symbol":"EURUSD","type":"buy","volume":0.10,"stop_loss":1.09800,"#,
        r#""deviation_points":10,"magic":"-7","comment":"a \"b\"","client_id":"x-1"}}"#,
    );
    assert_eq!(written(&order), format!("{expected}\n"));
}

#[test]
fn an_error_that_nobody_can_place_goes_out_under_null() {
    let mut out = Vec::new();
    let mut fault = Fault::new(ErrorCode::TerminalError, "no\nsuch");
    fault.terminal_error = Some(4301);
    error(&mut out, None, &fault);
    let expected = concat!(
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no\nsuch","#,
        r#""data":{"code":"terminal_error","retryable":false,"terminal_error":4301}}}"#,
    );
    assert_eq!(String::from_utf8(out).unwrap(), format!("{expected}\n"));
}

#[test]
fn long_texts_of_errors_are_cut_between_characters() {
    let mut out = Vec::new();
    let fault = Fault::new(ErrorCode::HandlerFailed, format!("x{}", "ä\u{1}".repeat(40_000)));
    error(&mut out, Some(&RequestId::Text("x".repeat(64).into())), &fault);
    bye(&mut out, ErrorCode::HandlerPanic, &fault.message);
    assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 2);
    assert!(out.split(|byte| *byte == b'\n').all(|line| line.len() <= LINE_LEN_MAX));
    assert!(std::str::from_utf8(&out).is_ok());
}

#[test]
fn what_nobody_would_read_is_not_sent() {
    let check = |ask: &Ask, expected: &str| {
        let mut out = b"before\n".to_vec();
        let error = super::ask(&mut out, 7, ask).unwrap_err();
        assert_eq!(out, b"before\n");
        assert_eq!(error.code(), ErrorCode::InvalidParams);
        assert!(error.text().starts_with(expected), "{}", error.text());
    };
    check(&Ask::Comment { text: "x".repeat(4097) }, "params.text: found `\"xxx");
    check(&Ask::Ticks { symbol: symbol(), from_msc: -1, to_msc: 0, count: 1 }, "params.from_msc");
    check(&Ask::Ticks { symbol: symbol(), from_msc: 0, to_msc: 0, count: 1 << 53 }, "params.count");
    check(
        &Ask::OrderSend(Box::new(market(OrderType::BuyLimit))),
        "params.type: found `\"buy_limit\"`, expected one of buy sell with the action market; others \
         are of the action pending",
    );
    let mut order = market(OrderType::Buy);
    order.client_id = None;
    check(&Ask::OrderSend(Box::new(order.clone())), "params.client_id: found nothing");
    written(&Ask::OrderCheck(Box::new(order.clone())));
    order.comment = Some("a\nb".to_owned());
    check(&Ask::OrderCheck(Box::new(order.clone())), "params.comment: found");
    order.comment = None;
    order.action = OrderAction::Modify {
        ticket: 0,
        price: Price::new(999_999_999_999_999_999, 0).ok(),
        stop_limit: None,
        stop_loss: None,
        take_profit: None,
        expiration: None,
    };
    check(&Ask::OrderCheck(Box::new(order.clone())), "params.ticket: found `\"0\"`");
    if let OrderAction::Modify { ticket, .. } = &mut order.action {
        *ticket = 7;
    }
    // A price has no more digits than one on the wire may have.
    assert!(written(&Ask::OrderCheck(Box::new(order))).contains("\"price\":999999999999999999"));
}

#[test]
fn the_longest_request_fits_a_line() {
    let text = "\u{1}".repeat(4096);
    let asked = Ask::Indicator {
        name: text.clone(),
        symbol: Symbol::new(&"\"".repeat(64)).unwrap(),
        timeframe: crate::types::Timeframe::Mn1,
        inputs: text,
        buffer: 0,
        shift: 0,
        count: 1,
    };
    assert!(written(&asked).len() <= LINE_LEN_MAX);
}

#[test]
fn a_page_that_is_too_long_is_taken_back() {
    let mut out = b"before\n".to_vec();
    let symbols: Vec<Symbol> =
        (0..1000).map(|at| Symbol::new(&format!("{at:064}")).unwrap()).collect();
    let page = Answer::Symbols { symbols, more: false };
    let error = answer(&mut out, &RequestId::Number(1), &page).unwrap_err();
    assert_eq!(error.code(), ErrorCode::TooLong);
    assert_eq!(out, b"before\n");
}

#[test]
fn a_gap_is_told_without_an_id() {
    let mut out = Vec::new();
    gap(&mut out, &symbol(), 2, 4);
    let params = r#"{"symbol":"EURUSD","expected":2,"found":4}"#;
    let line = format!("{{\"jsonrpc\":\"2.0\",\"method\":\"gap\",\"params\":{params}}}\n");
    assert_eq!(String::from_utf8(out).unwrap(), line);
}
