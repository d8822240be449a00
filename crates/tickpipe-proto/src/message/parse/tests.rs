use super::*;
use crate::message::encode;

/// The answer to a line that is refused: its id and its code, or what is counted without an answer.
fn answer_to(line: &[u8]) -> String {
    let refused = parse(line).unwrap_err();
    if refused.is_notification {
        assert_eq!(refused.id, None);
        return format!("- {}", refused.fault.code);
    }
    match refused.id {
        None => format!("null {}", refused.fault.code),
        Some(RequestId::Number(id)) => format!("{id} {}", refused.fault.code),
        Some(RequestId::Text(id)) => format!("{id:?} {}", refused.fault.code),
    }
}

#[track_caller]
fn check(line: &str, expected: &str) {
    assert_eq!(answer_to(line.as_bytes()), expected, "{line}");
}

const HELLO: &str = concat!(
    r#"{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"client":"TickPipe","#,
    r#""client_version":"0.1.0","terminal":"mt5","build":4410,"instance":"7c1f0a52","#,
    r#""account":{"login":"5001234","server":"Broker-Demo","currency":"USD","#,
    r#""currency_digits":2,"trade_mode":"demo","margin_mode":"hedging","leverage":100},"#,
    r#""chart":{"id":"132","symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001},"#,
    r#""tester":false,"tick_mode":"lockstep","reply_timeout_ms":1500,"#,
    r#""capabilities":["rates","order_send","order_status"]}}"#,
);
const TICK: &str = concat!(
    r#"{"jsonrpc":"2.0","id":2,"method":"tick","params":{"symbol":"EURUSD","#,
    r#""time_msc":1700000000123,"bid":1.10000,"ask":1.10012,"seq":1}}"#,
);

#[test]
fn the_documents_examples_are_read() {
    let Ok(Message::Call { id: Some(id), call: Call::Hello(hello) }) = parse(HELLO.as_bytes())
    else {
        panic!()
    };
    assert_eq!((id, hello.account.login.as_str()), (RequestId::Number(1), "5001234"));
    assert_eq!(hello.capabilities.len(), 3);
    let Ok(Message::Call { call: Call::Tick(tick), .. }) = parse(TICK.as_bytes()) else { panic!() };
    assert_eq!((tick.bid.points(), tick.bid.digits(), tick.seq), (110_000, 5, Some(1)));
    assert!(matches!(tick.symbol, std::borrow::Cow::Borrowed("EURUSD")));
}

#[test]
fn an_error_says_where_what_and_what_else() {
    let check = |from: &str, to: &str, expected: &str| {
        let line = TICK.replace(from, to);
        assert_ne!(line, TICK);
        let refused = parse(line.as_bytes()).unwrap_err();
        assert_eq!(refused.fault.message, expected);
    };
    let price = "expected a price above zero such as 1.10012, of at most 8 decimals and 18 digits, \
                 without exponent";
    check("1.10000", "\"1.1\"", &format!("params.bid: found `\"1.1\"`, {price}"));
    check("1.10012", "1e400", &format!("params.ask: found `1e400`, {price}"));
    check("\"bid\":1.10000,", "", &format!("params.bid: found nothing, {price}"));
    check("\"seq\":1", "\"bid\":2", "params.bid: found twice, expected once");
    check(
        "EURUSD",
        "\\u001b[2J\\n",
        "params.symbol: found `\"\\\\u001b[2J\\\\n\"`, expected a symbol: a string of 1 to 64 bytes \
         without control characters",
    );
    let long = "x".repeat(500);
    check(
        "EURUSD",
        &long,
        "params.symbol: found `\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`, expected a symbol: a string \
         of 1 to 64 bytes without control characters",
    );

    let refused = parse(TICK.replace("1.10000", "\"1.1\"").as_bytes()).unwrap_err();
    let mut out = Vec::new();
    encode::error(&mut out, refused.id.as_ref(), &refused.fault);
    let begin = r#"{"jsonrpc":"2.0","id":2,"error":{"code":-32602,"#;
    let message = format!(r#""message":"params.bid: found `\"1.1\"`, {price}""#);
    let end = r#","data":{"code":"invalid_params","retryable":false}}}"#;
    let expected = format!("{begin}{message}{end}");
    assert_eq!(String::from_utf8(out).unwrap(), format!("{expected}\n"));
}

#[test]
fn what_is_no_message_is_refused() {
    check("", "null empty");
    for line in [" ", "ping", "{", r#"{"jsonrpc":"2.0",}"#, "{'a':1}", "{}{}", "[1,", "nul", "\0"] {
        check(line, "null parse_error");
    }
    for line in ["{\"x\":\"\n\"}", "{\"x\":01}", "{\"x\":NaN}", "{\"x\":+1}", "{\"x\":.5}", "[1]]"]
    {
        check(line, "null parse_error");
    }
    // Broken inside what nobody looks at.
    check(r#"{"jsonrpc":"2.0","id":1,"method":"ping","x":{"y":[1,tru]}}"#, "null parse_error");
    check(r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"\q"}}"#, "null parse_error");
    for line in [r#""ping""#, "7", "null", "true"] {
        check(line, "null invalid_request");
    }
    for line in ["[]", r#" [{"jsonrpc":"2.0","id":1,"method":"ping"}]"#] {
        check(line, "null batch");
    }
    check("{}", "null invalid_request");
    check(r#"{"id":7,"method":"ping"}"#, "7 invalid_request");
    check(r#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#, "\"a\" invalid_request");
    check(r#"{"jsonrpc":2.0,"id":7,"method":"ping"}"#, "7 invalid_request");
    check(r#"{"jsonrpc":"2.0","id":7}"#, "7 invalid_request");
    check(r#"{"jsonrpc":"2.0","id":7,"method":null}"#, "7 invalid_request");
    check(r#"{"jsonrpc":"2.0","id":7,"method":7}"#, "7 invalid_request");
    check(r#"{"jsonrpc":"2.0","id":7,"method":"\ud800"}"#, "7 invalid_request");
    check(r#"{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}"#, "7 invalid_request");
    // The id of a broken response is the other side's: a tick of the EA may have it too.
    check(r#"{"jsonrpc":"2.0","id":7,"result":{},"error":{}}"#, "null invalid_request");
    check(r#"{"jsonrpc":"2.0","id":7,"result":{},"result":{}}"#, "null invalid_request");
    check(r#"{"jsonrpc":"2.0","id":7,"method":"ping","error":{}}"#, "7 invalid_request");
    for bytes in [b"\xff".as_slice(), b"{\"x\":\"\xc0\xaf\"}", b"{\"x\":\"\xed\xa0\x80\"}"] {
        assert_eq!(answer_to(bytes), "null encoding");
    }
}

#[test]
fn members_that_stand_twice_are_refused() {
    check(r#"{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}"#, "null invalid_request");
    check(r#"{"jsonrpc":"2.0","id":1,"\u0069d":1,"method":"ping"}"#, "null invalid_request");
    check(r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"ping"}"#, "1 invalid_request");
    check(r#"{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"}"#, "1 invalid_request");
    // An unknown one may.
    let line = r#"{"jsonrpc":"2.0","x":1,"x":2,"id":1,"method":"ping"}"#;
    assert!(parse(line.as_bytes()).is_ok());
}

#[test]
fn ids_are_whole_numbers_and_short_texts() {
    let call = |id: &str| format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
    let too_long = format!("\"{}\"", "x".repeat(65));
    for id in [
        "null",
        "1.5",
        "1.0",
        "-1",
        "-0",
        "1e3",
        "9007199254740992",
        "18446744073709551616",
        "1e400",
        "true",
        "[1]",
        "{}",
        "\"\"",
        "\"\\ud800\"",
        &too_long,
    ] {
        check(&call(id), "null invalid_request");
    }
    let longest = format!("\"{}\"", "x".repeat(64));
    for (id, expected) in [
        ("0", RequestId::Number(0)),
        ("9007199254740991", RequestId::Number(9_007_199_254_740_991)),
        ("\"\\u00e4\\\"\"", RequestId::Text("ä\"".into())),
        (&longest, RequestId::Text("x".repeat(64).into())),
    ] {
        let line = call(id);
        let Ok(Message::Call { id: Some(found), .. }) = parse(line.as_bytes()) else { panic!() };
        assert_eq!(found, expected);
    }
}

#[test]
fn replies_are_of_ours_or_of_nobodys() {
    let check = |id: &str, expected: Option<u64>| {
        let line = format!(r#"{{"jsonrpc":"2.0"{id},"result":null}}"#);
        let Ok(Message::Reply { id, result: Ok(raw) }) = parse(line.as_bytes()) else { panic!() };
        assert_eq!((id, raw.get()), (expected, "null"));
    };
    check(r#","id":7"#, Some(7));
    for id in ["", r#","id":null"#, r#","id":"7""#, r#","id":1.5"#, r#","id":-1"#, r#","id":{}"#] {
        check(id, None);
    }
}

#[test]
fn errors_of_the_ea_are_taken_as_they_are() {
    let check = |error: &str, expected: (&str, &str, bool, Option<i64>)| {
        let line = format!(r#"{{"jsonrpc":"2.0","id":7,"error":{error}}}"#);
        let Ok(Message::Reply { result: Err(fault), .. }) = parse(line.as_bytes()) else {
            panic!()
        };
        let Fault { code, message, is_retryable, terminal_error } = &fault;
        let found = (code.as_str(), message.as_str(), *is_retryable, *terminal_error);
        assert_eq!(found, expected, "{error}");
    };
    let data = concat!(
        r#"{"code":-32000,"message":"no","data":{"code":"unknown_symbol","retryable":true,"#,
        r#""terminal_error":-4301}}"#,
    );
    check(data, ("unknown_symbol", "no", true, Some(-4301)));
    check(r#"{"code":-32601,"message":"no"}"#, ("terminal_error", "no", false, None));
    check(r#"{"message":7,"data":{"code":"new","x":1}}"#, ("terminal_error", "", false, None));
    let odd = r#"{"message":"no","data":{"code":[],"retryable":"yes","terminal_error":1.5}}"#;
    check(odd, ("terminal_error", "no", false, None));
    check("{}", ("terminal_error", "", false, None));
    let text = "error: found `\"no\"`, expected an object";
    check("\"no\"", ("terminal_error", text, false, None));
    let text = "error.message: found twice, expected once";
    check(r#"{"message":"a","message":"b"}"#, ("terminal_error", text, false, None));
}

#[test]
fn parameters_are_an_object() {
    for params in ["[]", "[1]", "7", "null", "\"x\"", "true"] {
        for method in ["ping", "tick", "hello", "log"] {
            let rest = format!(r#""method":"{method}","params":{params}}}"#);
            check(&format!(r#"{{"jsonrpc":"2.0","id":7,{rest}"#), "7 invalid_params");
            check(&format!(r#"{{"jsonrpc":"2.0",{rest}"#), "- invalid_params");
        }
        // Nobody knows what they would have to be.
        let line = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"x","params":{params}}}"#);
        let Ok(Message::Call { call: Call::Unknown(method), .. }) = parse(line.as_bytes()) else {
            panic!()
        };
        assert_eq!(method, "x");
    }
    for method in ["tick", "hello", "bar", "trade", "account", "log", "deinit"] {
        let line = format!(r#"{{"jsonrpc":"2.0","id":7,"method":"{method}"}}"#);
        check(&line, "7 invalid_params");
    }
    let line = r#"{"jsonrpc":"2.0","method":"ping","id":7,"params":{"\ud800":1}}"#;
    assert!(matches!(parse(line.as_bytes()), Ok(Message::Call { call: Call::Ping, .. })));
    check(&TICK.replace("\"seq\"", "\"\\ud800\""), "2 invalid_params");
}

#[test]
fn what_is_ignored_may_be_as_deep_as_it_likes() {
    let deep = "[".repeat(60_000);
    let closed = "]".repeat(60_000);
    for line in [
        format!(r#"{{"jsonrpc":"2.0","x":{deep}{closed},"id":7,"method":"ping"}}"#),
        format!(r#"{{"jsonrpc":"2.0","id":7,"method":"ping","params":{{"x":{deep}{closed}}}}}"#),
        format!(r#"{{"jsonrpc":"2.0","id":7,"method":"nothing","params":{deep}{closed}}}"#),
        format!(r#"{{"jsonrpc":"2.0","id":7,"result":{deep}{closed}}}"#),
        format!(r#"{{"jsonrpc":"2.0","id":7,"error":{{"data":{deep}{closed}}}}}"#),
    ] {
        assert!(parse(line.as_bytes()).is_ok());
    }
    for line in [deep.clone(), format!(r#"{{"x":{deep}"#), format!(r#"{{"id":{deep}{closed}x"#)] {
        check(&line, "null parse_error");
    }
    check(&format!("{deep}{closed}"), "null batch");
    check(&TICK.replace("1.10000", &format!("{deep}{closed}")), "2 invalid_params");
}

#[test]
fn numbers_are_what_they_are_printed_as() {
    let tick = |member: &str, json: &str| {
        let place = format!("\"{member}\":");
        let line = if TICK.contains(&place) {
            let (before, rest) = TICK.split_once(&place).unwrap();
            let end = rest.find([',', '}']).unwrap();
            format!("{before}{place}{json}{}", &rest[end..])
        } else {
            TICK.replace("\"seq\":1", &format!("\"{member}\":{json}"))
        };
        parse(line.as_bytes()).map(drop).map_err(|refused| refused.fault.message)
    };
    let refuse = |member: &str, values: &[&str]| {
        for json in values {
            let text = tick(member, json).unwrap_err();
            assert!(text.starts_with(&format!("params.{member}: found `")), "{json}: {text}");
        }
    };
    let accept = |member: &str, values: &[&str]| {
        for json in values {
            assert_eq!(tick(member, json), Ok(()), "{member} {json}");
        }
    };
    let never = ["\"1\"", "1e0", "1E5", "1.1e-5", "1e400", "-1", "true", "[1]", "{}", "-0.5"];
    for member in ["bid", "ask", "last", "volume", "flags", "seq", "time_msc"] {
        refuse(member, &never);
    }
    let not_a_price = ["0", "0.0", "0.00000000", "-0", "null"];
    refuse("bid", &not_a_price);
    refuse("ask", &not_a_price);
    refuse("last", &["-0", "-0.0", "1.123456789", "0.000000000"]);
    refuse("bid", &["1.123456789", "1234567890123456789", "12345678901.12345678"]);
    accept("bid", &["1", "1.0", "0.00000001", "999999999999999999", "1234567890.12345678"]);
    accept("last", &["null", "0", "0.0", "0.00000", "1.5"]);
    accept("volume", &["null", "0", "0.00", "12.5"]);
    let not_whole = ["1.0", "1.5", "-0", "9007199254740992", "99999999999999999999"];
    for member in ["seq", "time_msc", "flags"] {
        refuse(member, &not_whole);
    }
    refuse("seq", &["0"]);
    refuse("time_msc", &["null"]);
    refuse("flags", &["4294967296"]);
    accept("seq", &["1", "9007199254740991", "null"]);
    accept("time_msc", &["0", "9007199254740991"]);
    accept("flags", &["0", "4294967295", "null"]);
    refuse(
        "symbol",
        &["7", "null", "\"\"", "\"\\u0000\"", "\"a\\nb\"", "\"\\u0085\"", "\"\\udc00\""],
    );
}

#[test]
fn a_hello_needs_what_it_needs() {
    let check = |from: &str, to: &str, expected: &str| {
        let line = HELLO.replacen(from, to, 1);
        assert_ne!(line, HELLO, "{from}");
        let text = parse(line.as_bytes()).unwrap_err().fault.message;
        assert!(text.starts_with(expected), "{text}");
    };
    check("\"client\":", "\"x\":", "params.client: found nothing");
    check("\"TickPipe\"", "\"\"", "params.client: found `\"\"`");
    check("\"mt5\"", "\"mt6\"", "params.terminal: found `\"mt6\"`, expected one of mt4 mt5 sim");
    check("4410", "\"4410\"", "params.build: found");
    check("\"7c1f0a52\"", &format!("\"{}\"", "x".repeat(65)), "params.instance: found");
    check(
        "\"account\":{",
        "\"account\":[],\"x\":{",
        "params.account: found `[]`, expected an object",
    );
    check("\"account\":", "\"x\":", "params.account: found nothing");
    check("\"5001234\"", "\"50a\"", "params.account.login: found `\"50a\"`");
    check("\"5001234\"", "5001234", "params.account.login: found `5001234`");
    check(
        "\"currency_digits\":2",
        "\"currency_digits\":9",
        "params.account.currency_digits: found",
    );
    check("\"demo\"", "\"Demo\"", "params.account.trade_mode: found");
    check("\"hedging\"", "1", "params.account.margin_mode: found `1`");
    check("100", "-100", "params.account.leverage: found `-100`");
    check("\"132\"", "132", "params.chart.id: found `132`");
    check("\"132\"", "\"9223372036854775808\"", "params.chart.id: found");
    check("\"M1\"", "\"M7\"", "params.chart.timeframe: found `\"M7\"`");
    check("\"digits\":5", "\"digits\":5.0", "params.chart.digits: found `5.0`");
    check("0.00001", "1e-5", "params.chart.point: found `1e-5`");
    check("false", "0", "params.tester: found `0`");
    check("1500", "-1", "params.reply_timeout_ms: found `-1`");
    check("[\"rates\"", "[1,\"rates\"", "params.capabilities[0]: found `1`");
    check("[\"rates\",\"order_send\",\"order_status\"]", "{}", "params.capabilities: found `{}`");
    check("\"digits\":5", "\"digits\":5,\"digits\":5", "params.chart.digits: found twice");
}

#[test]
fn another_version_is_refused_as_such_whatever_else_it_says() {
    let line = r#"{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":3,"who":"me"}}"#;
    check(line, "1 version");
    let refused = parse(line.as_bytes()).unwrap_err();
    let mut out = Vec::new();
    encode::error(&mut out, refused.id.as_ref(), &refused.fault);
    let out = String::from_utf8(out).unwrap();
    assert!(
        out.contains(r#""data":{"code":"version","retryable":false,"supported":[1]}"#),
        "{out}"
    );
    check(&HELLO.replacen("\"protocol\":1", "\"protocol\":\"1\"", 1), "1 invalid_params");
}

#[test]
fn capabilities_are_sorted_and_without_what_is_unknown() {
    let some = "[\"rates\",\"order_send\",\"order_status\"]";
    let line = HELLO.replacen(some, "[\"symbols\",\"telepathy\",\"\",\"rates\",\"rates\"]", 1);
    let Ok(Message::Call { call: Call::Hello(hello), .. }) = parse(line.as_bytes()) else {
        panic!()
    };
    let words: Vec<_> = hello.capabilities.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(words, ["rates", "symbols"]);
    let line = HELLO.replacen(&format!(",\"capabilities\":{some}"), "", 1);
    let Ok(Message::Call { call: Call::Hello(hello), .. }) = parse(line.as_bytes()) else {
        panic!()
    };
    assert_eq!(hello.capabilities, []);
}

#[test]
fn events_are_held_against_their_bounds() {
    let check = |method: &str, params: &str, expected: &str| {
        let line = format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{params}}}"#);
        let refused = parse(line.as_bytes()).unwrap_err();
        assert!(refused.is_notification);
        assert!(refused.fault.message.starts_with(expected), "{}", refused.fault.message);
    };
    check(
        "log",
        r#"{"level":"fatal","text":""}"#,
        "params.level: found `\"fatal\"`, expected one of",
    );
    let long = "x".repeat(4097);
    check("log", &format!(r#"{{"level":"info","text":"{long}"}}"#), "params.text: found");
    check("deinit", r#"{"reason":"1"}"#, "params.reason: found `\"1\"`");
    check("account", r#"{"balance":1e3}"#, "params.balance: found `1e3`");
    check("bar", r#"{"symbol":"A","timeframe":"H4","time":1,"open":0}"#, "params.open: found `0`");
    let trade = r#"{"event":"deal_add","symbol":"A","#;
    check(
        "trade",
        r#"{"event":"deal"}"#,
        "params.event: found `\"deal\"`, expected one of deal_add",
    );
    for (member, json) in [
        ("order", "1"),
        ("order", "\"0\""),
        ("deal", "\"01\""),
        ("position", "\"18446744073709551616\""),
        ("type", "\"long\""),
        ("volume", "-1"),
        ("magic", "7"),
        ("magic", "\"-0\""),
        ("magic", "\"+7\""),
        ("comment", "\"a\\tb\""),
        ("client_id", "\"12345678901234567\""),
        ("client_id", "\"a b\""),
        ("client_id", "\"\""),
    ] {
        let expected = format!("params.{member}: found");
        check("trade", &format!(r#"{trade}"{member}":{json}}}"#), &expected);
    }
    let comment = format!("\"{}\"", "x".repeat(65));
    check("trade", &format!(r#"{trade}"comment":{comment}}}"#), "params.comment: found");
}

#[test]
fn what_a_program_asks_without_an_id_is_named() {
    let line = br#"{"jsonrpc":"2.0","method":"order_send","params":{}}"#;
    let refused = crate::message::parse_program(line).unwrap_err();
    assert!(refused.is_notification);
    let text = "found `order_send` without an `id`, expected a request, which has one";
    assert_eq!(refused.fault.message, text);
}
