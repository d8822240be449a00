//! A tick's messages cost no allocation, once the buffer for the answers has its room.

use allocation_counter::measure;
use tickpipe_proto::message::{Call, Message, encode, parse};

const HEAD: &str = r#"{"jsonrpc":"2.0","id":7,"method":"tick","params":{"symbol":"EURUSD","#;
const TAIL: &str = r#""bid":1.10000,"ask":1.10012,"last":1.1,"volume":12.5,"flags":6,"seq":1}}"#;

/// Has a line read and answered, over and over, and returns how often that allocated.
fn allocations(line: &str, out: &mut Vec<u8>) -> u64 {
    let mut answer = || {
        let Ok(Message::Call { id: Some(id), call }) = parse(line.as_bytes()) else { panic!() };
        assert!(matches!(call, Call::Tick(_) | Call::Ping));
        out.clear();
        encode::empty_result(out, &id);
    };
    // Makes room for the answer.
    answer();
    measure(|| (0..1000).for_each(|_| answer())).count_total
}

#[test]
fn a_tick_and_its_answer_cost_no_allocation() {
    let mut out = Vec::new();
    let tick = format!(r#"{HEAD}"time_msc":1700000000123,{TAIL}"#);
    assert_eq!(allocations(&tick, &mut out), 0);
    assert_eq!(out, b"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}\n");
    // Nor with a member that nobody knows.
    let stuffed = format!(r#"{HEAD}"x":"y","time_msc":1700000000123,{TAIL}"#);
    assert_eq!(allocations(&stuffed, &mut out), 0);
    let ping = r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#;
    assert_eq!(allocations(ping, &mut out), 0);
    // What is counted would be seen.
    let escaped = tick.replace("EURUSD", "EUR\\u0055SD");
    assert_ne!(allocations(&escaped, &mut out), 0);
}

#[test]
fn the_eas_half_of_a_tick_costs_no_allocation() {
    let line = format!(r#"{HEAD}"time_msc":1700000000123,{TAIL}"#);
    let Ok(Message::Call { call: Call::Tick(params), .. }) = parse(line.as_bytes()) else {
        panic!()
    };
    let symbol = params.symbol.parse().expect("it is a symbol");
    let tick = params.into_tick(symbol);
    let mut out = Vec::with_capacity(1024);
    let counted = measure(|| {
        for id in 0..1000 {
            out.clear();
            encode::tick(&mut out, Some(id), &tick);
        }
    });
    assert_eq!(counted.count_total, 0);
}
