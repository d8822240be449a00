// What must hold for any line of session mode. The fuzz targets call it, and the ordinary tests do
// with the corpus.

use std::fmt::Debug;

use tickpipe_proto::message::{
    Answer, AskKind, Call, Fault, Message, Refused, ServerMessage, Terminal, encode, parse,
    parse_server,
};
use tickpipe_proto::types::RequestId;

/// What is read of an EA is the same when it is written and read again; what is refused has an answer
/// that the EA can read.
pub fn message(line: &[u8]) {
    match parse(line) {
        Ok(Message::Call { call, .. }) => {
            let mut out = Vec::new();
            let Some(expected) = rewrite(call, &mut out) else { return };
            let found = parse(without_end(&out)).expect("what was written is read");
            let Message::Call { call, .. } = found else { panic!("found {found:?}") };
            let again = rewrite(call, &mut Vec::new()).expect("it is of the same kind");
            assert_eq!(again, expected);
        }
        Ok(_) => {}
        Err(refused) => answered(&refused),
    }
}

/// Writes what an EA said, and returns all that can be seen of it.
fn rewrite(call: Call<'_>, out: &mut Vec<u8>) -> Option<String> {
    match call {
        Call::Hello(hello) => {
            encode::hello(out, 1, &hello);
            Some(shown(&hello))
        }
        Call::Tick(params) => {
            let symbol = params.symbol.parse().expect("a symbol that was read is one");
            let tick = params.into_tick(symbol);
            encode::tick(out, Some(1), &tick);
            Some(shown(&tick))
        }
        Call::Bar(bar) => {
            encode::bar(out, None, &bar);
            Some(shown(&bar))
        }
        Call::Trade(trade) => {
            encode::trade(out, None, &trade);
            Some(shown(&trade))
        }
        Call::Account(account) => {
            encode::account(out, None, &account);
            Some(shown(&account))
        }
        Call::Log(log) => {
            encode::log(out, None, &log);
            Some(shown(&log))
        }
        Call::Deinit(deinit) => {
            encode::deinit(out, None, &deinit);
            Some(shown(&deinit))
        }
        Call::Ping | Call::Unknown(_) | _ => None,
    }
}

/// The same for what is read of a server.
pub fn server_message(line: &[u8]) {
    match parse_server(line) {
        Ok(ServerMessage::Ask { ask, .. }) => {
            let mut out = Vec::new();
            encode::ask(&mut out, 1, &ask).expect("what was read can be sent");
            let found = parse_server(without_end(&out)).expect("what was written is read");
            let ServerMessage::Ask { ask: again, .. } = found else { panic!("found {found:?}") };
            assert_eq!(shown(&again), shown(&ask));
        }
        Ok(ServerMessage::Reply { result: Err(fault), .. }) => {
            let mut out = Vec::new();
            encode::error(&mut out, None, &fault);
            assert_eq!(shown(&fault_of(&out)), shown(&fault));
        }
        Ok(_) => {}
        Err(refused) => answered(&refused),
    }
}

/// The first two bytes choose the method and the terminal, the rest is the result.
pub fn answer(data: &[u8]) {
    let Some((&[kind, terminal], json)) = data.split_first_chunk::<2>() else { return };
    let Some(&kind) = AskKind::ALL.get(usize::from(kind) % AskKind::ALL.len()) else { return };
    let terminals = Terminal::ALL;
    let Some(&terminal) = terminals.get(usize::from(terminal) % terminals.len()) else { return };
    let line = [br#"{"jsonrpc":"2.0","id":1,"result":"#, json, b"}"].concat();
    let Ok(Message::Reply { result: Ok(raw), .. }) = parse(&line) else { return };
    let Ok(answer) = Answer::parse(kind, raw, terminal) else { return };

    let mut out = Vec::new();
    if encode::answer(&mut out, &RequestId::Number(1), &answer).is_err() {
        // Written out it is longer than a line may be.
        return;
    }
    let found = parse(without_end(&out)).expect("what was written is read");
    let Message::Reply { result: Ok(raw), .. } = found else { panic!("found {found:?}") };
    let again = Answer::parse(kind, raw, terminal).expect("what was written is an answer");
    assert_eq!(shown(&again), shown(&answer));
}

/// The answer to what is refused is one line, which says the same.
fn answered(refused: &Refused) {
    let mut out = Vec::new();
    encode::error(&mut out, refused.id.as_ref(), &refused.fault);
    let mut found = fault_of(&out);
    assert_eq!(found.code, refused.fault.code);
    found.message.clone_from(&refused.fault.message);
    assert_eq!(shown(&found), shown(&refused.fault));
    assert!(!refused.is_notification || refused.id.is_none());
}

fn fault_of(line: &[u8]) -> Fault {
    let found = parse_server(without_end(line)).expect("what was written is read");
    let ServerMessage::Reply { result: Err(fault), .. } = found else { panic!("found {found:?}") };
    fault
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").expect("a line has an end");
    assert!(!line.contains(&b'\n') && line.len() <= encode::LINE_LEN_MAX);
    line
}

/// All that can be seen of a value: `1.10` is not `1.1`.
fn shown(value: &impl Debug) -> String {
    format!("{value:?}")
}
