//! What must hold for all messages.

mod arbitrary;

use proptest::prelude::*;

use super::*;
use crate::types::RequestId;

/// A line without its end, which it has.
fn line(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = b"before".to_vec();
    write(&mut out);
    let mut line = out.split_off(b"before".len());
    assert_eq!(out, b"before");
    assert_eq!(line.pop(), Some(b'\n'));
    assert!(!line.contains(&b'\n') && line.len() <= encode::LINE_LEN_MAX);
    line
}

/// Puts members that nobody knows into each object of a line, before all others.
fn stuffed(line: &[u8], values: &[String]) -> Vec<u8> {
    let mut values = values.iter().cycle();
    let mut out = Vec::new();
    let mut is_text = false;
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        out.push(byte);
        match byte {
            b'\\' if is_text => out.extend(bytes.next()),
            b'"' => is_text = !is_text,
            b'{' if !is_text => {
                let end = if bytes.peek() == Some(&b'}') { "" } else { " , " };
                let value = values.next().map_or("null", String::as_str);
                out.extend(format!("\n\"x\"\t: {value} ,\"\\u0078\":{value}{end}").bytes());
            }
            _ => {}
        }
    }
    out
}

/// Has a line read as it is, and again with members that nobody knows.
fn read_both<'a, T>(
    line: &'a [u8],
    other: &'a [u8],
    read: impl Fn(&'a [u8]) -> Result<T, Refused>,
) -> [T; 2] {
    [line, other].map(|line| {
        let text = String::from_utf8_lossy(line).into_owned();
        read(line).unwrap_or_else(|refused| panic!("{refused} in {text}"))
    })
}

/// Checks that each of the EA's calls comes back.
fn check_call(
    stuffing: &[String],
    write: impl FnOnce(&mut Vec<u8>),
    id: Option<u64>,
    is_equal: impl Fn(Call<'_>) -> bool,
) {
    let line = line(write);
    let other = stuffed(&line, stuffing);
    for message in read_both(&line, &other, parse) {
        let Message::Call { id: found, call } = message else { panic!("{message:?}") };
        assert_eq!(found, id.map(RequestId::Number));
        assert!(is_equal(call), "{}", String::from_utf8_lossy(&line));
    }
}

/// Whether two are equal in all that can be seen of them: `1.10` and `1.1` are not.
fn is_same(a: &impl std::fmt::Debug, b: &impl std::fmt::Debug) -> bool {
    format!("{a:?}") == format!("{b:?}")
}

fn id() -> impl Strategy<Value = Option<u64>> {
    prop::option::of(0..=crate::types::WHOLE_MAX)
}

fn stuffing() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(arbitrary::json(), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hello_comes_back(hello in arbitrary::hello(), x in stuffing()) {
        check_call(&x, |out| encode::hello(out, 1, &hello), Some(1), |call| {
            matches!(call, Call::Hello(found) if is_same(&*found, &hello))
        });
    }

    #[test]
    fn a_tick_comes_back(tick in arbitrary::tick(), id in id(), x in stuffing()) {
        check_call(&x, |out| encode::tick(out, id, &tick), id, |call| {
            let Call::Tick(found) = call else { return false };
            found.symbol == tick.symbol.as_str()
                && is_same(&found.into_tick(tick.symbol.clone()), &tick)
        });
    }

    #[test]
    fn a_bar_comes_back(bar in arbitrary::bar_event(), id in id(), x in stuffing()) {
        check_call(&x, |out| encode::bar(out, id, &bar), id, |call| {
            matches!(call, Call::Bar(found) if is_same(&found, &bar))
        });
    }

    #[test]
    fn a_trade_comes_back(trade in arbitrary::trade(), id in id(), x in stuffing()) {
        check_call(&x, |out| encode::trade(out, id, &trade), id, |call| {
            matches!(call, Call::Trade(found) if is_same(&*found, &trade))
        });
    }

    #[test]
    fn an_account_comes_back(state in arbitrary::account_state(), id in id(), x in stuffing()) {
        check_call(&x, |out| encode::account(out, id, &state), id, |call| {
            matches!(call, Call::Account(found) if is_same(&found, &state))
        });
    }

    #[test]
    fn a_text_comes_back(log in arbitrary::log(), id in id(), x in stuffing()) {
        check_call(&x, |out| encode::log(out, id, &log), id, |call| {
            matches!(call, Call::Log(found) if is_same(&found, &log))
        });
    }

    #[test]
    fn a_deinit_comes_back(deinit in arbitrary::deinit(), id in id(), x in stuffing()) {
        check_call(&x, |out| encode::deinit(out, id, &deinit), id, |call| {
            matches!(call, Call::Deinit(found) if is_same(&found, &deinit))
        });
    }

    #[test]
    fn a_ping_comes_back(id in 0..=crate::types::WHOLE_MAX, x in stuffing()) {
        check_call(&x, |out| encode::ping(out, id), Some(id), |call| matches!(call, Call::Ping));
    }

    #[test]
    fn a_request_comes_back(
        id in 1..=crate::types::WHOLE_MAX,
        ask in arbitrary::ask(),
        x in stuffing(),
    ) {
        let line = line(|out| encode::ask(out, id, &ask).unwrap());
        let other = stuffed(&line, &x);
        for message in read_both(&line, &other, parse_server) {
            let ServerMessage::Ask { id: found, ask: asked } = message else {
                panic!("{message:?}")
            };
            prop_assert_eq!(found, RequestId::Number(id));
            prop_assert!(is_same(&asked, &ask), "{asked:?} {ask:?}");
            prop_assert_eq!(asked.kind(), ask.kind());
        }
    }

    #[test]
    fn an_answer_comes_back(
        id in 0..=crate::types::WHOLE_MAX,
        (kind, terminal, answer) in arbitrary::answer(),
        x in stuffing(),
    ) {
        let line = line(|out| encode::answer(out, &RequestId::Number(id), &answer).unwrap());
        let other = stuffed(&line, &x);
        for message in read_both(&line, &other, parse) {
            let Message::Reply { id: found, result: Ok(raw) } = message else {
                panic!("{message:?}")
            };
            prop_assert_eq!(found, Some(id));
            let found = Answer::parse(kind, raw, terminal).unwrap();
            prop_assert!(is_same(&found, &answer), "{found:?} {answer:?}");
        }
    }

    #[test]
    fn what_a_server_answers_comes_back(
        id in arbitrary::id(),
        welcome in arbitrary::welcome(),
        fault in arbitrary::fault(),
        has_id: bool,
        x in stuffing(),
    ) {
        let welcoming = line(|out| encode::welcome(out, &id, &welcome));
        let other = stuffed(&welcoming, &x);
        for message in read_both(&welcoming, &other, parse_server) {
            let ServerMessage::Reply { id: Some(found), result: Ok(raw) } = message else {
                panic!("{message:?}")
            };
            prop_assert_eq!(&found, &id);
            prop_assert_eq!(Welcome::parse(raw), Ok(welcome.clone()));
        }
        let empty = line(|out| encode::empty_result(out, &id));
        for message in read_both(&empty, &stuffed(&empty, &x), parse_server) {
            let ServerMessage::Reply { id: Some(found), result: Ok(raw) } = message else {
                panic!("{message:?}")
            };
            prop_assert_eq!(&found, &id);
            prop_assert_eq!(Answer::parse(AskKind::Ping, raw, Terminal::Mt5), Ok(Answer::Empty));
        }
        let named = has_id.then_some(&id);
        let refusing = line(|out| encode::error(out, named, &fault));
        for message in read_both(&refusing, &stuffed(&refusing, &x), parse_server) {
            let ServerMessage::Reply { id: found, result: Err(found_fault) } = message else {
                panic!("{message:?}")
            };
            prop_assert_eq!(found.as_ref(), named);
            prop_assert_eq!(&found_fault, &fault);
        }
    }

    #[test]
    fn a_bye_comes_back(fault in arbitrary::fault(), x in stuffing()) {
        let line = line(|out| encode::bye(out, fault.code, &fault.message));
        for message in read_both(&line, &stuffed(&line, &x), parse_server) {
            let ServerMessage::Bye(bye) = message else { panic!("{message:?}") };
            prop_assert_eq!(bye.code, fault.code.as_str());
            prop_assert_eq!(&bye.message, &fault.message);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop((parse(&bytes), parse_server(&bytes)));
    }

    #[test]
    fn any_json_is_read_or_refused(
        json in arbitrary::json(),
        method in prop::sample::select(METHODS),
        kind in prop::sample::select(AskKind::ALL),
        has_id: bool,
    ) {
        for line in [
            json.clone(),
            format!(r#"{{"jsonrpc":"2.0","id":{json},"method":"{method}"}}"#),
            format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{json}}}"#),
            format!(r#"{{"jsonrpc":"2.0","method":"{kind}","id":1,"params":{json}}}"#),
            format!(r#"{{"jsonrpc":"2.0","error":{json}{}}}"#, if has_id { ",\"id\":1" } else { "" }),
            format!(r#"{{"jsonrpc":"2.0","result":{json}{}}}"#, if has_id { ",\"id\":1" } else { "" }),
        ] {
            drop(parse_server(line.as_bytes()));
            match parse(line.as_bytes()) {
                Ok(Message::Reply { result: Ok(raw), .. }) => {
                    drop(Answer::parse(kind, raw, Terminal::Mt5));
                }
                Ok(_) => {}
                // What is JSON is never called anything else.
                Err(refused) => {
                    prop_assert_ne!(refused.fault.code, crate::ErrorCode::ParseError, "{}", line);
                }
            }
        }
    }
}

const METHODS: &[&str] =
    &["hello", "tick", "bar", "trade", "account", "log", "deinit", "ping", "bye", "nothing"];
