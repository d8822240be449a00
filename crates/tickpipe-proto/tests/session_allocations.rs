//! What a tick costs in memory: nothing, once all buffers have their size.

use std::time::{Duration, Instant};

use tickpipe_proto::session::{Session, SessionConfig, SessionEvent};

const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1,"client":"T",
    "client_version":"0","terminal":"mt5","instance":"a","account":{"login":"1","server":"s",
    "currency":"USD","trade_mode":"demo","margin_mode":"hedging"},"chart":{"id":"1",
    "symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001},"tick_mode":"lockstep"}}"#;

fn tick(n: u64) -> String {
    let symbol = ["EURUSD", "GBPUSD", "XAUUSD.r"][usize::try_from(n % 3).expect("below 3")];
    let line = format!(
        r#"{{"jsonrpc":"2.0","id":{n},"method":"tick","params":{{"symbol":"{symbol}",
            "time_msc":1700000000123,"bid":1.10000,"ask":1.10012,"last":1.1,"volume":2.5,"flags":6,
            "seq":{}}}}}"#,
        n / 3
    );
    flat(&line) + "\r\n"
}

/// Makes one line of a text that is written in several.
fn flat(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

/// Plays one tick through the session, whole or in two pieces.
fn play(session: &mut Session, now: Instant, line: &str, out: &mut Vec<u8>) {
    let (begin, end) = line.split_at(if line.len().is_multiple_of(2) { 0 } else { line.len() / 2 });
    session.handle_bytes(now, begin.as_bytes());
    session.handle_bytes(now, end.as_bytes());
    assert!(matches!(session.poll_event(), Some(SessionEvent::Tick(_))));
    session.finish(now, Ok(()));
    out.clear();
    assert!(session.poll_transmit(out));
    assert!(session.poll_event().is_none());
    assert!(session.poll_timeout().is_some());
}

#[test]
fn a_lockstep_tick_costs_no_allocation() {
    #[expect(clippy::disallowed_methods, reason = "a test begins some time")]
    let mut now = Instant::now();
    let mut session = Session::new(SessionConfig::default(), now);
    session.handle_bytes(now, format!("{}\n", flat(HELLO)).as_bytes());
    assert!(matches!(session.poll_event(), Some(SessionEvent::Opened(_))));
    session.finish(now, Ok(()));
    let mut out = Vec::with_capacity(4096);
    assert!(session.poll_transmit(&mut out));

    let lines: Vec<String> = (3..3000).map(tick).collect();
    let (warm_up, measured) = lines.split_at(30);
    for line in warm_up {
        play(&mut session, now, line, &mut out);
    }
    let cost = allocation_counter::measure(|| {
        for line in measured {
            now += Duration::from_millis(1);
            play(&mut session, now, line, &mut out);
        }
    });
    assert_eq!(cost.count_total, 0, "{cost:?} for {} ticks", measured.len());
    assert_eq!(session.counters().ticks, 2997);
}
