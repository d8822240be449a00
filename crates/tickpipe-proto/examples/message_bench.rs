//! How long it takes to read and to write the messages of a tick: medians of many runs.
//!
//! ```text
//! cargo run --release -p tickpipe-proto --example message_bench
//! ```

#![expect(clippy::print_stdout, reason = "a program that prints figures")]
#![expect(clippy::disallowed_methods, reason = "what is measured is time")]

use std::hint::black_box;
use std::time::Instant;

use tickpipe_proto::message::{Answer, AskKind, Call, Message, Terminal, Tick, encode, parse};
use tickpipe_proto::types::RequestId;

const RUNS: usize = 201;
const CALLS: u32 = 1_000;

const TICK: &str = concat!(
    r#"{"jsonrpc":"2.0","id":123456,"method":"tick","params":{"symbol":"EURUSD","#,
    r#""time_msc":1700000000123,"bid":1.10000,"ask":1.10012,"seq":123456}}"#,
);
const FULL_TICK: &str = concat!(
    r#"{"jsonrpc":"2.0","id":123456,"method":"tick","params":{"symbol":"EURUSD","#,
    r#""time_msc":1700000000123,"bid":1.10000,"ask":1.10012,"last":1.10005,"volume":12.5,"#,
    r#""flags":6,"seq":123456}}"#,
);
const PING: &str = r#"{"jsonrpc":"2.0","id":123456,"method":"ping"}"#;

fn main() {
    let tick = owned(TICK);
    let id = RequestId::Number(123_456);
    let mut out = Vec::with_capacity(1024);
    println!("ns      what");
    measure("parse a tick", || drop(black_box(parse(black_box(TICK.as_bytes())))));
    measure("parse a tick with all members", || {
        drop(black_box(parse(black_box(FULL_TICK.as_bytes()))));
    });
    measure("parse a ping", || drop(black_box(parse(black_box(PING.as_bytes())))));
    measure("encode an empty result", || {
        out.clear();
        encode::empty_result(&mut out, black_box(&id));
    });
    measure("encode a tick", || {
        out.clear();
        encode::tick(&mut out, Some(123_456), black_box(&tick));
    });
    let bars = bars();
    measure("parse a page of 500 bars", || {
        drop(black_box(Answer::parse(AskKind::Rates, black_box(&bars), Terminal::Mt5)));
    });
}

fn owned(line: &str) -> Tick {
    let message = parse(line.as_bytes()).expect("it is a tick");
    let Message::Call { call: Call::Tick(params), .. } = message else { panic!("it is a tick") };
    let symbol = params.symbol.parse().expect("it has a symbol");
    params.into_tick(symbol)
}

fn bars() -> Box<serde_json::value::RawValue> {
    let bars: Vec<String> = (1..=500)
        .map(|at| {
            format!("[{},1.10000,1.10100,1.09900,1.10050,1234,12,0]", 1_700_000_000 + at * 60)
        })
        .collect();
    let json = format!(r#"{{"bars":[{}],"more":true}}"#, bars.join(","));
    serde_json::value::RawValue::from_string(json).expect("it is JSON")
}

fn measure(name: &str, mut work: impl FnMut()) {
    let mut nanoseconds: Vec<u128> = (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            for _ in 0..CALLS {
                work();
            }
            begun.elapsed().as_nanos() / u128::from(CALLS)
        })
        .collect();
    nanoseconds.sort_unstable();
    println!("{:<7} {name}", nanoseconds[RUNS / 2]);
}
