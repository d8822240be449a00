#![expect(clippy::disallowed_methods, reason = "a test begins some time")]

mod asks;
mod greeting;
mod heartbeat;
mod ticks;

use serde_json::Value;

use super::*;
use crate::message::{OrderAction, OrderRequest, OrderResult, OrderType, Outcome};
use crate::types::{ClientId, Symbol};

/// A session on a clock of its own, and what came of it in short words.
struct Play {
    session: Session,
    start: Instant,
    now: Instant,
}

fn hello(tester: bool) -> String {
    flat(&format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"hello","params":{{"protocol":1,"client":"T",
            "client_version":"0","terminal":"mt5","instance":"a","account":{{"login":"1",
            "server":"s","currency":"USD","trade_mode":"demo","margin_mode":"hedging"}},
            "chart":{{"id":"1","symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001}},
            "tester":{tester},"tick_mode":"lockstep","capabilities":["symbol_tick","comment",
            "order_send","order_status"]}}}}"#
    ))
}

/// A tick as a request, or without an `id` as a notification.
fn tick(id: &str, seq: u64) -> String {
    tick_of("EURUSD", id, seq)
}

fn tick_of(symbol: &str, id: &str, seq: u64) -> String {
    let id = if id.is_empty() { String::new() } else { format!("\"id\":{id},") };
    flat(&format!(
        r#"{{"jsonrpc":"2.0",{id}"method":"tick","params":{{"symbol":"{symbol}",
            "time_msc":1700000000123,"bid":1.10000,"ask":1.10012,"seq":{seq}}}}}"#
    ))
}

fn log(id: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!("\"id\":{id},") };
    format!(r#"{{"jsonrpc":"2.0",{id}"method":"log","params":{{"level":"info","text":"x"}}}}"#)
}

/// Makes one line of a message that is written in several.
fn flat(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

fn result(id: u64, result: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#)
}

fn error(id: u64, code: &str) -> String {
    flat(&format!(
        r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32000,"message":"m",
            "data":{{"code":"{code}","retryable":false}}}}}}"#
    ))
}

fn ping(id: u64) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#)
}

impl Play {
    fn new(config: SessionConfig) -> Self {
        let now = Instant::now();
        Self { session: Session::new(config, now), start: now, now }
    }

    /// A session with `hello` said and told.
    fn opened() -> Self {
        Self::opened_with(SessionConfig::default(), false)
    }

    fn opened_with(config: SessionConfig, tester: bool) -> Self {
        let mut play = Self::new(config);
        play.ea(&hello(tester));
        play.wrote(&["1 ok"]);
        play.event("opened");
        play.done();
        play
    }

    /// Goes to a time since the start, with all that is due on the way.
    #[track_caller]
    fn at(&mut self, ms: u64) {
        let to = self.start + Duration::from_millis(ms);
        while let Some(due) = self.session.poll_timeout()
            && due <= to
        {
            self.now = self.now.max(due);
            self.session.handle_timeout(self.now);
            assert_ne!(self.session.poll_timeout(), Some(due), "no progress");
        }
        self.now = to;
    }

    fn ea(&mut self, line: &str) {
        self.session.handle_bytes(self.now, line.as_bytes());
        self.session.handle_bytes(self.now, b"\n");
    }

    #[track_caller]
    fn wrote(&mut self, want: &[&str]) {
        let mut out = Vec::new();
        self.session.poll_transmit(&mut out);
        let out = String::from_utf8(out).expect("UTF-8");
        let found: Vec<String> = out.split_terminator('\n').map(short).collect();
        assert_eq!(found, want);
    }

    #[track_caller]
    fn event(&mut self, want: &str) {
        let found = self.session.poll_event().map_or("none".to_owned(), |event| told(&event));
        assert_eq!(found, want);
    }

    fn done(&mut self) {
        self.session.finish(self.now, Ok(()));
    }

    fn failed(&mut self, code: ErrorCode) {
        self.session.finish(self.now, Err(LineError::new(code, "text")));
    }

    fn ask(&mut self, ask: &Ask, ms: u64) -> Result<u64, ErrorCode> {
        let deadline = Duration::from_millis(ms);
        self.session
            .request(self.now, ask, deadline)
            .map(|id| id.get())
            .map_err(|error| error.code())
    }

    #[track_caller]
    fn reply(&mut self, want: Option<(u64, &str)>) {
        let found = self.session.poll_reply().map(|(id, result)| (id.get(), came(result)));
        assert_eq!(found, want.map(|(id, text)| (id, text.to_owned())));
    }
}

fn came(result: Result<Answer, AskError>) -> String {
    match result {
        Ok(Answer::Empty) => "ok".to_owned(),
        Ok(Answer::OrderResult(order)) => format!("{:?} {}", order.outcome, order.client_id),
        Ok(_) => "answer".to_owned(),
        Err(error) => error.code().to_string(),
    }
}

fn short(line: &str) -> String {
    let value: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(value["jsonrpc"], "2.0");
    match (value["method"].as_str(), value["error"].is_null()) {
        (Some("bye"), _) => format!("bye {}", value["params"]["code"].as_str().expect("a code")),
        (Some(method), _) => format!("ask {} {method}", value["id"]),
        (None, true) => format!("{} ok", value["id"]),
        (None, false) => {
            let code = value["error"]["data"]["code"].as_str().expect("a code");
            format!("{} {code}", value["id"])
        }
    }
}

fn told(event: &SessionEvent) -> String {
    match event {
        SessionEvent::Account(_) => "account".to_owned(),
        SessionEvent::Bar(_) => "bar".to_owned(),
        SessionEvent::Closed(CloseReason::Bye(code)) => format!("closed {code}"),
        SessionEvent::Closed(CloseReason::Deinit(deinit)) => format!("closed {}", deinit.reason),
        SessionEvent::Closed(CloseReason::Disconnected) => "closed".to_owned(),
        SessionEvent::Deinit(deinit) => format!("deinit {}", deinit.reason),
        SessionEvent::Gap { symbol, expected, found } => {
            format!("gap {} {expected} {found}", symbol.as_str())
        }
        SessionEvent::Log(_) => "log".to_owned(),
        SessionEvent::Opened(_) => "opened".to_owned(),
        SessionEvent::Tick(tick) => {
            format!("tick {} {}", tick.symbol.as_str(), tick.seq.unwrap_or_default())
        }
        SessionEvent::Trade(_) => "trade".to_owned(),
    }
}
