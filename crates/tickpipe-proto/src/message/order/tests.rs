use crate::message::{Ask, ServerMessage, parse_server};

/// What is wrong with the parameters of a method, or nothing.
fn fault(method: &str, params: &str) -> Option<String> {
    let line = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
    match parse_server(line.as_bytes()) {
        Ok(ServerMessage::Ask { .. }) => None,
        Ok(other) => panic!("{other:?}"),
        Err(refused) => Some(refused.fault.message),
    }
}

#[track_caller]
fn refused(method: &str, params: &str, expected: &str) {
    let found = fault(method, params).unwrap();
    assert!(found.starts_with(expected), "{params}: {found}");
}

#[track_caller]
fn accepted(method: &str, params: &str) {
    assert_eq!(fault(method, params), None, "{params}");
}

const MARKET: &str = r#""client_id":"a","action":"market","symbol":"A","type":"buy","volume":0.10"#;
const PENDING: &str =
    r#""client_id":"a","action":"pending","symbol":"A","type":"buy_limit","volume":1,"price":1.1"#;
const MODIFY: &str = r#""client_id":"a","action":"modify","ticket":"7""#;
const CLOSE: &str = r#""client_id":"a","action":"close","ticket":"7""#;

fn with(order: &str, member: &str) -> String {
    format!("{{{order},{member}}}")
}

fn without(order: &str, member: &str) -> String {
    let kept = order.split(',').filter(|part| !part.starts_with(&format!("\"{member}\":")));
    format!("{{{}}}", kept.collect::<Vec<_>>().join(","))
}

#[test]
fn an_action_needs_what_it_needs() {
    for (order, needed) in [
        (MARKET, vec!["action", "symbol", "type", "volume", "client_id"]),
        (PENDING, vec!["action", "symbol", "type", "volume", "price", "client_id"]),
        (CLOSE, vec!["action", "ticket", "client_id"]),
        (
            r#""client_id":"a","action":"close_by","ticket":"7","by_ticket":"8""#,
            vec!["ticket", "by_ticket"],
        ),
        (r#""client_id":"a","action":"delete","ticket":"7""#, vec!["ticket"]),
    ] {
        accepted("order_send", &format!("{{{order}}}"));
        for member in needed {
            let text = format!("params.{member}: found nothing");
            refused("order_send", &without(order, member), &text);
        }
    }
    // What is only looked at needs no name.
    accepted("order_check", &without(MARKET, "client_id"));
}

#[test]
fn an_action_has_nothing_that_does_not_belong_to_it() {
    for (order, member, value) in [
        (MARKET, "price", "1.1"),
        (MARKET, "ticket", "\"7\""),
        (MARKET, "expiration", "1"),
        (PENDING, "deviation_points", "1"),
        (CLOSE, "symbol", "\"A\""),
        (CLOSE, "stop_loss", "1.1"),
        (MODIFY, "volume", "1"),
        (MODIFY, "by_ticket", "\"8\""),
    ] {
        let text = format!("params.{member}: found `{value}`, expected nothing with the action");
        refused("order_send", &with(order, &format!("\"{member}\":{value}")), &text);
    }
    for order in [MARKET, PENDING, CLOSE] {
        accepted("order_send", &with(order, r#""magic":"-7","comment":"","expires_at_ms":0"#));
        accepted("order_send", &with(order, r#""by_ticket":null"#));
    }
}

#[test]
fn types_belong_to_actions() {
    let market = MARKET.replace("\"buy\"", "\"sell_limit\"");
    refused(
        "order_send",
        &format!("{{{market}}}"),
        "params.type: found `\"sell_limit\"`, expected one of buy sell",
    );
    let pending = PENDING.replace("buy_limit", "buy");
    refused(
        "order_send",
        &format!("{{{pending}}}"),
        "params.type: found `\"buy\"`, expected one of buy_limit",
    );
    let stop_limit = PENDING.replace("buy_limit", "sell_stop_limit");
    refused("order_send", &format!("{{{stop_limit}}}"), "params.stop_limit: found nothing");
    accepted("order_send", &with(&stop_limit, "\"stop_limit\":1.2"));
    refused(
        "order_send",
        &with(PENDING, "\"stop_limit\":1.2"),
        "params.stop_limit: found `1.2`, expected nothing with the type buy_limit",
    );
}

#[test]
fn a_change_changes_something_and_says_what() {
    refused(
        "order_send",
        &format!("{{{MODIFY}}}"),
        "params: found nothing, expected at least one of",
    );
    refused("order_send", &with(MODIFY, "\"price\":null"), "params: found nothing");
    for member in ["stop_loss", "take_profit"] {
        accepted("order_send", &with(MODIFY, &format!("\"{member}\":0")));
        accepted("order_send", &with(MODIFY, &format!("\"{member}\":0.00000")));
        let null = with(MODIFY, &format!("\"price\":1.1,\"{member}\":null"));
        refused("order_send", &null, &format!("params.{member}: found `null`"));
    }
    refused("order_send", &with(MODIFY, "\"price\":0"), "params.price: found `0`");
}

#[test]
fn sizes_are_above_zero() {
    for volume in ["0", "0.00", "-1", "1e0", "\"1\"", "0.123456789"] {
        let order = MARKET.replace("0.10", volume);
        refused("order_send", &format!("{{{order}}}"), "params.volume: found");
        let close = with(CLOSE, &format!("\"volume\":{volume}"));
        refused("order_send", &close, "params.volume: found");
    }
}

#[test]
fn requests_are_held_against_their_bounds() {
    let rates = r#""symbol":"A","timeframe":"H4""#;
    accepted("rates", &with(rates, r#""start":0,"count":1"#));
    accepted("rates", &with(rates, r#""to":0,"count":1"#));
    accepted("rates", &with(rates, r#""from":0,"to":1"#));
    for span in
        ["\"count\":1", "\"from\":1", "\"from\":1,\"to\":2,\"count\":3", "\"start\":1,\"to\":2"]
    {
        refused("rates", &with(rates, span), "params: found `");
    }
    accepted("subscribe", r#"{"symbol":"A","kind":"ticks"}"#);
    accepted("subscribe", r#"{"symbol":"A","kind":"bars","timeframe":"M1"}"#);
    refused("subscribe", r#"{"symbol":"A","kind":"bars"}"#, "params.timeframe: found nothing");
    let both = r#"{"symbol":"A","kind":"ticks","timeframe":"M1"}"#;
    refused(
        "unsubscribe",
        both,
        "params.timeframe: found `\"M1\"`, expected nothing with the kind",
    );
    refused("subscribe", r#"{"symbol":"A","kind":"deals"}"#, "params.kind: found `\"deals\"`");
    refused("orders", r#"{"after":7}"#, "params.after: found `7`");
    refused("positions", r#"{"magic":7}"#, "params.magic: found `7`");
    refused("symbols", r#"{"after":""}"#, "params.after: found `\"\"`");
    refused("history_deals", r#"{"from":1}"#, "params.to: found nothing");
    refused("ticks", r#"{"symbol":"A","from_msc":-1}"#, "params.from_msc: found `-1`");
    refused("order_status", r#"{"client_id":"ä"}"#, "params.client_id: found");
    refused("comment", "{}", "params.text: found nothing");
    let long = format!(r#"{{"text":"{}"}}"#, "x".repeat(4097));
    refused("alert", &long, "params.text: found");
    for method in ["account_info", "terminal_info", "ping"] {
        accepted(method, "{}");
        refused(method, "[]", "params: found `[]`, expected an object");
    }
}

fn parse(line: &str) -> Result<ServerMessage<'_>, String> {
    parse_server(line.as_bytes()).map_err(|refused| refused.to_string())
}

#[test]
fn what_a_server_says_is_known_or_not() {
    let line = r#"{"jsonrpc":"2.0","id":1,"method":"dance","params":[]}"#;
    let Ok(ServerMessage::UnknownAsk { method, .. }) = parse(line) else { panic!() };
    assert_eq!(method, "dance");
    let line = r#"{"jsonrpc":"2.0","method":"dance"}"#;
    assert!(parse(line).unwrap_err().starts_with("unknown_method: found the notification `dance`"));
    let line = r#"{"jsonrpc":"2.0","method":"bye","params":{"code":"later","x":1}}"#;
    let Ok(ServerMessage::Bye(bye)) = parse(line) else { panic!() };
    assert_eq!(bye.to_string(), "later: ");
    assert!(parse(r#"{"jsonrpc":"2.0","method":"bye"}"#).is_err());
    assert_eq!(Ask::parse("dance", None).unwrap_err().code.as_str(), "unknown_method");
    assert_eq!(Ask::parse("ping", None), Ok(Ask::Ping));
}
