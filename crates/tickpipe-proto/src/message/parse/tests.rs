use crate::ErrorCode;
use crate::message::encode;

use super::*;

/// The answer to a line that is refused, or nothing for a notification.
fn answer_to(line: &str) -> String {
    let refused = parse(line.as_bytes()).unwrap_err();
    let mut out = Vec::new();
    if !refused.is_notification {
        encode::error(&mut out, refused.id.as_ref(), &refused.fault);
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn the_documents_examples_are_read() {
    let line = r#"{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"client":"TickPipe","client_version":"0.1.0","terminal":"mt5","build":4410,"instance":"7c1f0a52","account":{"login":"5001234","server":"Broker-Demo","currency":"USD","currency_digits":2,"trade_mode":"demo","margin_mode":"hedging","leverage":100},"chart":{"id":"132","symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001},"tester":false,"tick_mode":"lockstep","reply_timeout_ms":1500,"capabilities":["rates","order_send","order_status"]}}"#;
    let Ok(Message::Call { id: Some(id), call: Call::Hello(hello) }) = parse(line.as_bytes())
    else {
        panic!()
    };
    assert_eq!((id, hello.account.login.as_str()), (RequestId::Number(1), "5001234"));
    assert_eq!(hello.capabilities.len(), 3);

    let line = r#"{"jsonrpc":"2.0","id":2,"method":"tick","params":{"symbol":"EURUSD","time_msc":1700000000123,"bid":1.10000,"ask":1.10012,"seq":1}}"#;
    let Ok(Message::Call { call: Call::Tick(tick), .. }) = parse(line.as_bytes()) else { panic!() };
    assert_eq!((tick.bid.points(), tick.bid.digits(), tick.seq), (110_000, 5, Some(1)));

    let line = r#"{"jsonrpc":"2.0","id":3,"method":"tick","params":{"symbol":"EURUSD","time_msc":1700000000123,"bid":"1.1","ask":1.10012,"seq":1}}"#;
    let expected = r#"{"jsonrpc":"2.0","id":3,"error":{"code":-32602,"message":"params.bid: found `\"1.1\"`, expected a price above zero such as 1.10012, of at most 8 decimals and 18 digits, without exponent","data":{"code":"invalid_params","retryable":false}}}"#;
    assert_eq!(answer_to(line), format!("{expected}\n"));
}

#[test]
fn what_is_ignored_may_be_as_deep_as_it_likes() {
    let deep = "[".repeat(60_000);
    let closed = "]".repeat(60_000);
    let line = format!(r#"{{"jsonrpc":"2.0","x":{deep}{closed},"id":7,"method":"ping"}}"#);
    assert!(matches!(parse(line.as_bytes()), Ok(Message::Call { call: Call::Ping, .. })));
    let line =
        format!(r#"{{"jsonrpc":"2.0","id":7,"method":"ping","params":{{"x":{deep}{closed}}}}}"#);
    assert!(matches!(parse(line.as_bytes()), Ok(Message::Call { call: Call::Ping, .. })));
    for line in [deep.clone(), format!(r#"{{"x":{deep}"#), format!(r#"{{"id":{deep}{closed}x"#)] {
        assert_eq!(parse(line.as_bytes()).unwrap_err().fault.code, ErrorCode::ParseError);
    }
}
