//! A connection with the session at the server's end of it.

use std::time::{Duration, Instant};

use tickpipe_proto::session::{Session, SessionConfig};
use tickpipe_proto::{ErrorCode, Opened, Opening};

use crate::judge::Judge;
use crate::random::Random;
use crate::strategy::Strategy;
use crate::wire::{Weather, Wire};
use crate::world::{Canary, hash};
use crate::{Clock, Time};

const QUEUE_MAX: usize = 1024;

pub(crate) struct Link {
    /// Until the first line has come.
    opening: Option<Opening>,
    pub(crate) session: Session,
    pub(crate) strategy: Strategy,
    pub(crate) judge: Judge,
    pub(crate) to_server: Wire,
    pub(crate) to_ea: Wire,
    /// The EA holds its end.
    pub(crate) is_eas: bool,
    /// The server has let go.
    pub(crate) is_over: bool,
    pub(crate) is_counted: bool,
    canary: Canary,
    /// For the canaries.
    newest_order: Vec<u8>,
    unknown: u64,
}

impl Link {
    pub(crate) fn new(now: Time, clock: Clock, canary: Canary) -> Self {
        let config = SessionConfig { queue_max: QUEUE_MAX, ..SessionConfig::default() };
        Self {
            opening: Some(Opening::new(Duration::from_secs(5))),
            session: Session::new(config, clock.at(now)),
            strategy: Strategy::new(now),
            judge: Judge::default(),
            to_server: Wire::default(),
            to_ea: Wire::default(),
            is_eas: true,
            is_over: false,
            is_counted: false,
            canary,
            newest_order: Vec::new(),
            unknown: 0,
        }
    }

    pub(crate) fn due(&self, clock: Clock) -> Time {
        let mut due = self.strategy.due();
        if !self.is_over {
            due = due.min(self.to_server.due().unwrap_or(Time::MAX));
        }
        if self.is_eas {
            due = due.min(self.to_ea.due().unwrap_or(Time::MAX));
        }
        let timeout = self.session.poll_timeout().map_or(Time::MAX, |at| clock.time(at));
        due.min(timeout)
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.is_over && self.strategy.is_over && !self.is_eas
    }

    /// Bytes have come at the server's end.
    pub(crate) fn take_bytes(&mut self, now: Time, at: Instant, bytes: &[u8]) {
        trace(now, "<", bytes);
        if let Some(opening) = &mut self.opening {
            opening.handle_bytes(at, bytes);
            match opening.poll() {
                Some(Opened::Session { bytes, .. }) => {
                    self.opening = None;
                    self.judge.goes_in(now, &bytes);
                    self.session.handle_bytes(at, &bytes);
                }
                // Garbage came before `hello`: this server has no other mode, and closes.
                Some(_) => self.session.close(at, ErrorCode::SessionRequired, "no session"),
                None => {}
            }
            return;
        }
        let forged = self.forged(bytes);
        let bytes = forged.as_deref().unwrap_or(bytes);
        if !self.session.is_closed() {
            self.judge.goes_in(now, bytes);
        }
        self.session.handle_bytes(at, bytes);
    }

    /// An answer that has another's id, for a canary.
    fn forged(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.canary != Canary::LateAnswer {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let rest = text.strip_prefix("{\"jsonrpc\":\"2.0\",\"id\":")?;
        let (_, rest) = rest.split_once(",\"result\":{\"symbol\"")?;
        let open = self.strategy.oldest_ask()?;
        let forged = format!("{{\"jsonrpc\":\"2.0\",\"id\":{open},\"result\":{{\"symbol\"{rest}");
        Some(forged.into_bytes())
    }

    /// Sends what the session has to say.
    pub(crate) fn write(
        &mut self,
        now: Time,
        weather: Weather,
        random: &mut Random,
        record: &mut u64,
    ) {
        let mut out = Vec::new();
        let was_something = self.session.poll_transmit(&mut out);
        assert_eq!(was_something, !out.is_empty());
        self.break_rule(&mut out, random);
        if !out.is_empty() {
            hash(record, now, &out);
            trace(now, ">", &out);
            self.judge.comes_out(now, &out);
            self.to_ea.send(now, &out, weather, random);
        }
        if self.session.is_closed() && !self.is_over {
            self.is_over = true;
            self.to_ea.close(now, false);
        }
    }

    fn break_rule(&mut self, out: &mut Vec<u8>, random: &mut Random) {
        let text = String::from_utf8_lossy(out).into_owned();
        match self.canary {
            Canary::TickLost | Canary::TickTwice => {
                if text.contains("\"result\":{}") && random.chance(200) {
                    let twice = text.repeat(2);
                    let is_lost = self.canary == Canary::TickLost;
                    *out = if is_lost { Vec::new() } else { twice.into_bytes() };
                }
            }
            Canary::OrderAgain => {
                if let Some(line) = text.lines().find(|line| line.contains("order_send")) {
                    self.newest_order = format!("{line}\n").into_bytes();
                }
                let unknown = self.session.counters().unknown_orders;
                if unknown > self.unknown && self.session.is_open() {
                    out.extend_from_slice(&self.newest_order);
                }
                self.unknown = unknown;
            }
            Canary::LateAnswer | Canary::NoTable | Canary::None => {}
        }
    }

    /// Holds the session against its bounds.
    pub(crate) fn check(&mut self, now: Time) {
        self.judge.rests(now, self.strategy.open_asks(), self.session.is_closed());
        let counters = self.session.counters();
        let came = counters.ticks + counters.events;
        let went = self.strategy.taken + counters.ticks_dropped;
        assert!(came <= went + QUEUE_MAX as u64 + 1, "{} wait in the queue", came - went);
        assert!(self.strategy.open_asks() <= 64, "too many requests are open");
    }
}

/// Shows what goes over the wire, with `TICKPIPE_TRACE`.
fn trace(now: Time, direction: &str, bytes: &[u8]) {
    if std::env::var_os("TICKPIPE_TRACE").is_some() {
        for line in String::from_utf8_lossy(bytes).split_inclusive('\n') {
            let line: String = line.chars().take(200).collect();
            eprintln!("{:>12.3} ms {direction} {line:?}", now as f64 / 1000.0);
        }
    }
}
