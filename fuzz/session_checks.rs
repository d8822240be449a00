// What must hold for any order of what can be done to a session. The fuzz target calls it, and the
// ordinary tests do with the corpus.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::value::RawValue;
use tickpipe_proto::message::{Answer, Ask, Outcome, ServerMessage, parse_server};
use tickpipe_proto::session::{AskError, AskId, Session, SessionConfig, SessionEvent};
use tickpipe_proto::{ErrorCode, LineError};

const HELLO: &str = r#"{"jsonrpc":"2.0","id":0,"method":"hello","params":{"protocol":1,"client":"T",
    "client_version":"0","terminal":"mt5","instance":"a","account":{"login":"1","server":"s",
    "currency":"USD","trade_mode":"demo","margin_mode":"hedging"},"chart":{"id":"1",
    "symbol":"EURUSD","timeframe":"M1","digits":5,"point":0.00001},"tester":TESTER,
    "tick_mode":"lockstep","capabilities":["comment","order_send","order_status"]}}"#;
const ORDER: &str =
    r#"{"action":"market","symbol":"EURUSD","type":"buy","volume":0.10,"client_id":"o1"}"#;

/// Does to a session what the bytes say.
///
/// Bytes never make it panic, wait without end, tell of anything after the end, answer a request
/// twice or never, or say of an order that was sent that it was not.
pub fn session(data: &[u8], now: Instant) {
    let mut play = Play::new(now, data.first().copied().unwrap_or_default());
    let mut rest = data.get(1..).unwrap_or_default();
    while let Some((&what, after)) = rest.split_first() {
        rest = play.step(what, after);
        play.check();
    }
    play.session.handle_end(play.now);
    play.end();
}

struct Play {
    session: Session,
    now: Instant,
    /// Requests without a reply, and whether each is an order.
    open: Vec<(AskId, bool)>,
    seen: BTreeSet<AskId>,
    is_at_work: bool,
    is_over: bool,
    was_opened: bool,
}

impl Play {
    fn new(now: Instant, settings: u8) -> Self {
        let config = SessionConfig {
            queue_max: usize::from(settings & 7),
            requests_max: usize::from(settings >> 4),
            handler_deadline: (settings & 8 == 0).then_some(Duration::from_secs(1)),
            ..SessionConfig::default()
        };
        Self {
            session: Session::new(config, now),
            now,
            open: Vec::new(),
            seen: BTreeSet::new(),
            is_at_work: false,
            is_over: false,
            was_opened: false,
        }
    }

    /// Does one thing, and returns the bytes behind it.
    fn step<'a>(&mut self, what: u8, rest: &'a [u8]) -> &'a [u8] {
        let (arg, rest) = rest.split_first().map_or((0, rest), |(arg, rest)| (*arg, rest));
        match what % 12 {
            0 => {
                let (bytes, rest) = rest.split_at(usize::from(arg).min(rest.len()));
                self.session.handle_bytes(self.now, bytes);
                return rest;
            }
            1..=3 => self.session.handle_bytes(self.now, line(what, arg).as_bytes()),
            4 => self.now += Duration::from_millis(u64::from(arg) * 50),
            5 => {
                if let Some(due) = self.session.poll_timeout() {
                    self.now = self.now.max(due);
                }
                self.timeout();
            }
            6 => self.timeout(),
            7 => self.ask(arg),
            8 => self.event(),
            9 => self.finish(arg),
            10 => self.replies(),
            // Seldom, for nothing comes after it.
            _ if arg == 0 => self.session.close(self.now, ErrorCode::ShuttingDown, "the end"),
            _ if arg == 1 => self.session.handle_end(self.now),
            _ => self.transmit(),
        }
        rest
    }

    fn timeout(&mut self) {
        self.session.handle_timeout(self.now);
        let next = self.session.poll_timeout();
        assert!(next.is_none_or(|next| next > self.now), "due again at once");
    }

    fn ask(&mut self, arg: u8) {
        let ask = match arg & 3 {
            0 => Ask::parse("comment", raw(r#"{"text":"hi"}"#).as_deref()),
            1 => Ask::parse("order_send", raw(ORDER).as_deref()),
            2 => Ask::parse("order_status", raw(r#"{"client_id":"o1"}"#).as_deref()),
            _ => Ask::parse("ping", None),
        };
        let ask = ask.expect("a request that is in order");
        let deadline = Duration::from_millis(u64::from(arg) * 40);
        if let Ok(id) = self.session.request(self.now, &ask, deadline) {
            assert!(self.session.is_open());
            assert!(self.seen.insert(id), "an id was used twice");
            self.open.push((id, matches!(ask, Ask::OrderSend(_))));
        }
    }

    fn replies(&mut self) {
        while let Some((id, result)) = self.session.poll_reply() {
            let at = self.open.iter().position(|(open, _)| *open == id).expect("one reply each");
            let (_, is_order) = self.open.remove(at);
            match result {
                Ok(Answer::OrderResult(order)) => {
                    assert_eq!(order.client_id.to_string(), "o1");
                    assert!(!is_order || order.outcome != Outcome::Absent);
                }
                Err(AskError::Local(error)) => assert!(!is_order, "an order came to {error}"),
                Ok(_) | Err(_) => {}
            }
        }
    }

    fn event(&mut self) {
        let Some(event) = self.session.poll_event() else { return };
        assert!(!self.is_at_work, "two events at once");
        assert!(!self.is_over, "an event after the end");
        self.is_at_work = true;
        if let SessionEvent::Closed(_) = event {
            self.is_over = true;
            assert!(self.session.is_closed());
        } else if let SessionEvent::Opened(_) = event {
            assert!(!self.was_opened, "opened twice");
            self.was_opened = true;
        } else {
            assert!(self.was_opened, "an event before `hello`");
        }
    }

    fn finish(&mut self, arg: u8) {
        self.is_at_work = false;
        let result = match arg % 16 {
            0 => Err(LineError::new(ErrorCode::HandlerPanic, "panicked")),
            1 => Err(LineError::new(ErrorCode::HandlerFailed, "failed")),
            _ => Ok(()),
        };
        self.session.finish(self.now, result);
    }

    /// What comes out are whole lines that an EA understands.
    fn transmit(&mut self) {
        let mut out = Vec::new();
        assert_eq!(self.session.poll_transmit(&mut out), !out.is_empty());
        let mut is_last = false;
        for line in out.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").expect("a whole line");
            assert!(!is_last, "a line after `bye`");
            let message = parse_server(line).expect("a message");
            is_last = matches!(message, ServerMessage::Bye(_));
        }
        assert!(!is_last || self.session.is_closed());
    }

    fn check(&self) {
        assert!(self.open.len() <= 16 + 1, "too many requests are open");
        if self.session.is_closed() {
            assert_eq!(self.session.poll_timeout(), None);
        }
    }

    /// Everything is told, once.
    fn end(&mut self) {
        self.transmit();
        self.replies();
        assert!(self.open.is_empty(), "requests without a reply: {:?}", self.open);
        for _ in 0..20 {
            if self.is_at_work {
                self.finish(2);
            }
            self.event();
        }
        assert!(self.is_over, "the end was not told");
        self.session.handle_bytes(self.now, line(1, 0).as_bytes());
        self.session.handle_timeout(self.now + Duration::from_secs(100));
        assert!(!self.session.poll_transmit(&mut Vec::new()), "something to say after the end");
    }
}

fn raw(json: &str) -> Option<Box<RawValue>> {
    Some(RawValue::from_string(json.to_owned()).expect("JSON"))
}

/// Makes one line of a text that is written in several.
fn flat(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

/// A line of an EA.
fn line(what: u8, arg: u8) -> String {
    let (low, high) = (arg & 15, arg >> 4);
    let id = if high & 1 == 0 { format!("\"id\":{low},") } else { String::new() };
    let body = match (what % 12, high) {
        (1, _) => format!(
            r#"{id}"method":"tick","params":{{"symbol":"S{}","time_msc":1,"bid":1.1,"ask":1.2,"seq":{low}}}"#,
            high >> 2
        ),
        (2, 0) => return flat(HELLO).replace("TESTER", "false") + "\n",
        (2, 1) => return flat(HELLO).replace("TESTER", "true") + "\n",
        (2, 2) => return flat(HELLO).replace("\"protocol\":1", "\"protocol\":2") + "\n",
        (2, 3) => return flat(HELLO).replace("TESTER", "7") + "\n",
        (2, 4) => r#""id":8,"method":"deinit","params":{"reason":1}"#.to_owned(),
        (2, 5) => r#""method":"deinit","params":{"reason":1}"#.to_owned(),
        (2, 6 | 7) => format!(r#"{id}"method":"log","params":{{"level":"info","text":"t"}}"#),
        (2, 8 | 9) => format!(r#"{id}"method":"nonsense""#),
        (2, 10) => return "\n".to_owned(),
        (2, 11) => return "[]\n".to_owned(),
        (2, _) => format!(r#"{id}"method":"ping""#),
        (_, 0..4) => format!(r#""id":{low},"result":{{}}"#),
        (_, 4..7) => {
            format!(r#""id":{low},"result":{{"outcome":"done","retcode":10009,"client_id":"o1"}}"#)
        }
        (_, 7) => {
            format!(r#""id":{low},"result":{{"outcome":"absent","retcode":0,"client_id":"o1"}}"#)
        }
        (_, 8) => {
            format!(r#""id":{low},"result":{{"outcome":"done","retcode":10009,"client_id":"o2"}}"#)
        }
        (_, 9..12) => {
            let code = if high == 9 { "expired" } else { "terminal_error" };
            format!(
                r#""id":{low},"error":{{"code":-32000,"message":"m","data":{{"code":"{code}"}}}}"#
            )
        }
        _ => format!(r#""id":{low},"result":7"#),
    };
    format!("{{\"jsonrpc\":\"2.0\",{body}}}\n")
}
