//! How many lockstep ticks a session takes a second on one core: medians of many runs.
//!
//! ```text
//! cargo run --release -p tickpipe-proto --example session_bench
//! ```

#![expect(clippy::print_stdout, reason = "a program that prints figures")]
#![expect(clippy::disallowed_methods, reason = "what is measured is time")]

use std::borrow::Cow;
use std::hint::black_box;
use std::time::{Duration, Instant};

use tickpipe_proto::message::{Call, Message, TickParams, parse};
use tickpipe_proto::session::{Session, SessionConfig, SessionEvent};
use tickpipe_proto::types::RequestId;

const RUNS: usize = 51;
const TICKS: u64 = 20_000;

const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"client":"T",
    "client_version":"0","terminal":"mt5","instance":"a","account":{"login":"1","server":"s",
    "currency":"USD","trade_mode":"demo","margin_mode":"hedging"},"chart":{"id":"1",
    "symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001},"tick_mode":"lockstep"}}"#;
const TICK: &str = r#"{"jsonrpc":"2.0","method":"tick","params":{"symbol":"EURUSD",
    "time_msc":1700000000123,"bid":1.10000,"ask":1.10012}}"#;

fn main() {
    let lines: Vec<String> = (1..=TICKS).map(line).collect();
    println!("ticks/s    what");
    measure("messages in, answers out", |session, now| {
        for n in 1..=TICKS {
            session.handle_message(now, Ok(message(n)));
            answer(session, now);
        }
    });
    measure("lines in, answers out", |session, now| {
        for line in &lines {
            session.handle_bytes(now, line.as_bytes());
            answer(session, now);
        }
    });
    let many: Vec<String> = lines.chunks(30).map(<[String]>::concat).collect();
    measure("30 lines in at once, answers out", |session, now| {
        for chunk in &many {
            session.handle_bytes(now, chunk.as_bytes());
            answer(session, now);
        }
    });
}

fn line(n: u64) -> String {
    flat(TICK)
        .replace("\"method\"", &format!("\"id\":{n},\"method\""))
        .replace("}}", &format!(",\"seq\":{n}}}}}\n"))
}

/// A tick as `parse` gives it.
fn message(n: u64) -> Message<'static> {
    thread_local! {
        static PARAMS: TickParams<'static> = params();
    }
    let params = PARAMS.with(|params| TickParams {
        symbol: Cow::Borrowed("EURUSD"),
        seq: Some(n),
        ..*params
    });
    Message::Call { id: Some(RequestId::Number(n)), call: Call::Tick(params) }
}

/// Makes one line of a text that is written in several.
fn flat(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

fn params() -> TickParams<'static> {
    let message = parse(TICK.as_bytes()).expect("it is a tick");
    let Message::Call { call: Call::Tick(params), .. } = message else { panic!("it is a tick") };
    params
}

/// The handler: it looks at each tick, and is content.
fn answer(session: &mut Session, now: Instant) {
    while let Some(event) = session.poll_event() {
        assert!(matches!(black_box(&event), SessionEvent::Tick(_)));
        session.finish(now, Ok(()));
    }
}

fn measure(what: &str, mut work: impl FnMut(&mut Session, Instant)) {
    let mut out = Vec::new();
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let now = Instant::now();
            let mut session = opened(now);
            let begun = Instant::now();
            work(&mut session, now);
            out.clear();
            session.poll_transmit(&mut out);
            let time = begun.elapsed();
            assert_eq!(session.counters().ticks, TICKS);
            time
        })
        .collect();
    times.sort_unstable();
    let median = times[RUNS / 2];
    println!("{:>9.0}  {what}", TICKS as f64 / median.as_secs_f64());
}

fn opened(now: Instant) -> Session {
    let mut session = Session::new(SessionConfig::default(), now);
    session.handle_bytes(now, format!("{}\n", flat(HELLO)).as_bytes());
    assert!(matches!(session.poll_event(), Some(SessionEvent::Opened(_))));
    session.finish(now, Ok(()));
    session
}
