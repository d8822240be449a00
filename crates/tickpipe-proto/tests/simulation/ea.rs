//! An EA, as PROTOCOL.md says one behaves; written apart from the server's side, on text alone.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;

use crate::broker::{Broker, SETTLED_AFTER, Said};
use crate::random::Random;
use crate::{MS, SECOND, Time};

/// How long an EA waits for a tick's answer at most, whatever is asked.
const WAIT_MAX: Time = 30 * SECOND;
const REPLY_TIMEOUT: Time = 1500 * MS;

#[derive(Debug)]
pub(crate) struct Ea {
    random: Random,
    state: State,
    pub(crate) is_tester: bool,
    /// It has no table of its orders, which is a fault.
    is_forgetful: bool,
    /// Bytes of an unfinished line.
    inbox: Vec<u8>,
    /// Requests that came and are not begun.
    jobs: VecDeque<Value>,
    work: Option<Work>,
    waiting: Option<Waiting>,
    next_id: u64,
    seqs: [u64; 3],
    next_tick: Time,
    /// Ticks that come at once.
    burst: u64,
    heard: Time,
    said: Time,
    ping: Option<(u64, Time)>,
    heartbeat: Time,
    silence: Time,
    /// What became of each order; it outlives everything.
    orders: BTreeMap<String, Noted>,
    /// What is to be sent, whole lines.
    pub(crate) out: Vec<u8>,
    /// What the EA wants of the world.
    pub(crate) wants: Option<Want>,
    pub(crate) stats: EaStats,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct EaStats {
    pub(crate) ticks: u64,
    pub(crate) answered: u64,
    pub(crate) unanswered: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    Close,
    Open,
}

#[derive(Debug)]
enum State {
    /// Without a connection, until then.
    Away(Time),
    /// `hello` was sent with this id; the answer is awaited until then.
    Greeting(u64, Time),
    Open,
}

/// A request that is being served.
#[derive(Debug)]
struct Work {
    request: Value,
    /// When the trade server gets it.
    act: Option<Time>,
    begun: Time,
    done: Time,
    answer: Option<String>,
}

#[derive(Debug)]
struct Waiting {
    id: u64,
    since: Time,
    served: Time,
}

#[derive(Clone, Debug)]
struct Noted {
    content: String,
    at: Time,
    /// The first answer, once there is one that says more than unknown.
    answer: Option<String>,
    /// It was said to be absent: it is never executed any more.
    is_refused: bool,
}

impl Ea {
    pub(crate) fn new(mut random: Random, is_forgetful: bool) -> Self {
        let is_tester = random.chance(1000);
        Self {
            random,
            state: State::Away(0),
            is_tester,
            is_forgetful,
            inbox: Vec::new(),
            jobs: VecDeque::new(),
            work: None,
            waiting: None,
            next_id: 1,
            seqs: [0; 3],
            next_tick: 0,
            burst: 0,
            heard: 0,
            said: 0,
            ping: None,
            heartbeat: 5 * SECOND,
            silence: 15 * SECOND,
            orders: BTreeMap::new(),
            out: Vec::new(),
            wants: None,
            stats: EaStats::default(),
        }
    }

    /// Returns when it is to be called without bytes.
    pub(crate) fn due(&self) -> Time {
        if let State::Away(until) = self.state {
            return until;
        }
        if let Some(work) = &self.work {
            return work.act.unwrap_or(work.done);
        }
        let mut due = match self.state {
            State::Greeting(_, until) => until,
            State::Open if self.waiting.is_none() => self.next_tick,
            State::Away(_) | State::Open => Time::MAX,
        };
        if let Some(waiting) = &self.waiting {
            due = due.min(waiting.over());
        }
        if matches!(self.state, State::Open) && !self.is_tester {
            due = due.min(self.heard + self.silence);
            due = due.min(match self.ping {
                None => self.said + self.heartbeat,
                Some((_, at)) => at + self.heartbeat,
            });
        }
        due
    }

    /// The connection ended, or the EA itself did with all that is not in its table.
    pub(crate) fn lose(&mut self, now: Time) {
        self.work = None;
        self.waiting = None;
        self.jobs.clear();
        self.inbox.clear();
        self.out.clear();
        self.ping = None;
        self.burst = 0;
        self.state = State::Away(now + self.random.between(100 * MS, 5 * SECOND));
    }

    /// Takes bytes of the server.
    pub(crate) fn receive(&mut self, now: Time, bytes: &[u8], broker: &mut Broker) {
        self.heard = now;
        self.inbox.extend_from_slice(bytes);
        while let Some(end) = self.inbox.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.inbox.drain(..=end).collect();
            self.take_line(now, &line);
        }
        self.run(now, broker);
    }

    /// Does what is due.
    pub(crate) fn run(&mut self, now: Time, broker: &mut Broker) {
        self.serve(now, broker);
        match self.state {
            State::Away(until) if until <= now => {
                self.wants = Some(Want::Open);
                self.hello(now);
            }
            State::Greeting(_, until) if until <= now => self.leave(),
            State::Open if self.work.is_none() => self.live(now),
            State::Away(_) | State::Greeting(..) | State::Open => {}
        }
    }

    fn live(&mut self, now: Time) {
        if !self.is_tester && self.heard + self.silence <= now {
            return self.leave();
        }
        if !self.is_tester {
            if self.ping.is_some_and(|(_, at)| at + self.heartbeat <= now) {
                self.ping = None;
            }
            if self.ping.is_none() && self.said + self.heartbeat <= now {
                let id = self.id();
                self.ping = Some((id, now));
                self.say(now, &format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#));
            }
        }
        if self.waiting.as_ref().is_some_and(|waiting| waiting.over() <= now) {
            self.waiting = None;
            self.stats.unanswered += 1;
        }
        if self.waiting.is_none() && self.next_tick <= now {
            self.tick(now);
            if self.random.chance(20) {
                self.deinit(now);
            }
        }
    }

    fn hello(&mut self, now: Time) {
        let id = self.id();
        let tester = self.is_tester;
        self.seqs = [0; 3];
        self.heard = now;
        self.next_tick = now + self.random.between(MS, SECOND);
        self.state = State::Greeting(id, now + 5 * SECOND);
        self.say(
            now,
            &format!(
                r#"{{"jsonrpc":"2.0","id":{id},"method":"hello","params":{{"protocol":1,
                    "client":"Model","client_version":"1","terminal":"mt5","instance":"one",
                    "account":{{"login":"1","server":"Toy","currency":"USD","trade_mode":"demo",
                    "margin_mode":"hedging"}},"chart":{{"id":"1","symbol":"EURUSD","timeframe":"M1",
                    "digits":5,"point":0.00001}},"tester":{tester},"tick_mode":"lockstep",
                    "capabilities":["symbol_tick","comment","order_send","order_status"]}}}}"#
            ),
        );
    }

    fn leave(&mut self) {
        self.wants = Some(Want::Close);
    }

    fn deinit(&mut self, now: Time) {
        let id =
            if self.random.chance(5000) { format!("\"id\":{},", self.id()) } else { String::new() };
        self.say(
            now,
            &format!(r#"{{"jsonrpc":"2.0",{id}"method":"deinit","params":{{"reason":5}}}}"#),
        );
        self.leave();
    }

    /// Sends a tick, and now and then something else.
    fn tick(&mut self, now: Time) {
        let which = self.random.between(0, 3) as usize;
        // A tick that the EA itself missed to send.
        self.seqs[which] += if self.random.chance(50) { 2 } else { 1 };
        let seq = self.seqs[which];
        let is_lockstep = self.burst == 0 && self.random.chance(8500);
        let id = self.id();
        let member = if is_lockstep { format!("\"id\":{id},") } else { String::new() };
        let symbol = ["EURUSD", "GBPUSD", "XAUUSD"][which];
        self.stats.ticks += 1;
        self.say(
            now,
            &format!(
                r#"{{"jsonrpc":"2.0",{member}"method":"tick","params":{{"symbol":"{symbol}",
                    "time_msc":{},"bid":1.10000,"ask":1.10012,"seq":{seq}}}}}"#,
                now / MS
            ),
        );
        if is_lockstep {
            self.waiting = Some(Waiting { id, since: now, served: 0 });
        }
        if self.random.chance(300) {
            let id = if self.random.chance(5000) {
                format!("\"id\":{},", self.id())
            } else {
                String::new()
            };
            self.say(
                now,
                &format!(r#"{{"jsonrpc":"2.0",{id}"method":"log","params":{{"level":"info","text":"t"}}}}"#),
            );
        }
        if self.burst > 0 {
            self.burst -= 1;
            self.next_tick = now + 200;
            return;
        }
        if self.random.chance(10) {
            self.burst = self.random.between(10, 1500);
        }
        self.next_tick = now + self.random.between(MS, 2 * SECOND);
    }

    fn take_line(&mut self, now: Time, line: &[u8]) {
        let Ok(message) = serde_json::from_slice::<Value>(line) else {
            let text = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON",
                "data":{"code":"parse_error","retryable":false}}}"#;
            return self.say(now, text);
        };
        if let Some(method) = message["method"].as_str() {
            match method {
                "bye" => self.leave(),
                "ping" => {
                    let id = &message["id"];
                    self.say(now, &format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{}}}}"#));
                }
                _ => self.jobs.push_back(message),
            }
            return;
        }
        let Some(id) = message["id"].as_u64() else { return };
        let is_result = message.get("result").is_some();
        match &self.state {
            State::Greeting(hello, _) if *hello == id => {
                if is_result {
                    self.state = State::Open;
                } else {
                    self.leave();
                }
                return;
            }
            State::Away(_) | State::Greeting(..) | State::Open => {}
        }
        if self.ping.is_some_and(|(ping, _)| ping == id) {
            self.ping = None;
        }
        let is_other =
            matches!(message["error"]["data"]["code"].as_str(), Some("duplicate_id" | "seq_low"));
        if self.waiting.as_ref().is_some_and(|waiting| waiting.id == id) && !is_other {
            self.waiting = None;
            self.stats.answered += 1;
        }
    }

    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn say(&mut self, now: Time, line: &str) {
        // Some are written in several.
        for part in line.lines() {
            self.out.extend_from_slice(part.trim_start().as_bytes());
        }
        self.out.push(b'\n');
        self.said = now;
    }

    /// Serves requests, one after the other.
    fn serve(&mut self, now: Time, broker: &mut Broker) {
        loop {
            let Some(work) = &mut self.work else {
                let Some(request) = self.jobs.pop_front() else { return };
                self.begin(now, request);
                continue;
            };
            if work.act.is_some_and(|act| act <= now) {
                work.act = None;
                self.act(now, broker);
                continue;
            }
            if work.act.is_some() || work.done > now {
                return;
            }
            let Some(work) = self.work.take() else { return };
            if let Some(waiting) = &mut self.waiting {
                waiting.served += now - work.begun.max(waiting.since);
            }
            let id = work.request["id"].clone();
            let answer = work.answer.unwrap_or_else(|| self.look(now, &work.request, broker));
            self.say(now, &format!(r#"{{"jsonrpc":"2.0","id":{id},{answer}}}"#));
        }
    }

    fn begin(&mut self, now: Time, request: Value) {
        let mut time = self.random.between(0, 20 * MS);
        if self.random.chance(200) {
            time = self.random.between(SECOND, 12 * SECOND);
        }
        let mut work = Work { request, act: None, begun: now, done: now + time, answer: None };
        if work.request["method"] == "order_send" {
            match self.note(now, &work.request["params"]) {
                Some(answer) => work.answer = Some(answer),
                None => {
                    work.act = Some(now + time / 2);
                    work.done = now + time;
                }
            }
        }
        self.work = Some(work);
    }

    /// Notes an order before it is sent; returns the answer if it is not to be sent.
    fn note(&mut self, now: Time, params: &Value) -> Option<String> {
        let client_id = text(&params["client_id"]);
        let content = params["comment"].to_string();
        if let Some(noted) = self.orders.get(&client_id) {
            return Some(match noted {
                noted if noted.is_refused => error("expired"),
                noted if noted.content != content => error("id_conflict"),
                Noted { answer: Some(answer), .. } => answer.clone(),
                _ => outcome("unknown", 0, &client_id),
            });
        }
        let is_expired = params["expires_at_ms"].as_u64().is_some_and(|at| at <= now / MS);
        let refusal = if is_expired {
            Some(error("expired"))
        } else if self.random.chance(200) {
            Some(error("unknown_symbol"))
        } else {
            None
        };
        // A refusal is an answer too: the same line once more must not get another one.
        if refusal.is_some() || !self.is_forgetful {
            let answer = refusal.clone();
            self.orders.insert(client_id, Noted { content, at: now, answer, is_refused: false });
        }
        refusal
    }

    /// The order goes to the trade server.
    fn act(&mut self, now: Time, broker: &mut Broker) {
        let Some(work) = &mut self.work else { return };
        let client_id = text(&work.request["params"]["client_id"]);
        let said = broker.order(now, &client_id, &mut self.random);
        let answer = match said {
            Said::Done => outcome("done", 10009, &client_id),
            Said::Rejected => outcome("rejected", 10006, &client_id),
            Said::Nothing if self.random.chance(5000) => outcome("unknown", 10012, &client_id),
            Said::Nothing => error("terminal_error"),
        };
        if let Some(noted) = self.orders.get_mut(&client_id) {
            noted.at = now;
            if said != Said::Nothing {
                noted.answer = Some(answer.clone());
            }
        }
        work.answer = Some(answer);
    }

    /// Answers what is looked up at the end of its time.
    fn look(&mut self, now: Time, request: &Value, broker: &Broker) -> String {
        let params = &request["params"];
        match request["method"].as_str() {
            Some("comment") => r#""result":{}"#.to_owned(),
            Some("symbol_tick") => format!(
                r#""result":{{"symbol":{},"time_msc":{},"bid":1.1,"ask":1.2}}"#,
                params["symbol"],
                now / MS
            ),
            Some("order_status") => self.status(now, &text(&params["client_id"]), broker),
            _ => error("unknown_method"),
        }
    }

    fn status(&mut self, now: Time, client_id: &str, broker: &Broker) -> String {
        if broker.has(client_id) {
            return outcome("done", 10009, client_id);
        }
        let noted = self.orders.entry(client_id.to_owned()).or_insert(Noted {
            content: String::new(),
            at: 0,
            answer: None,
            is_refused: true,
        });
        let is_error = noted.answer.as_ref().is_some_and(|answer| answer.starts_with("\"error"));
        if let Some(answer) = noted.answer.as_ref().filter(|_| !is_error) {
            return answer.clone();
        }
        if is_error || noted.is_refused || noted.at + SETTLED_AFTER <= now {
            noted.is_refused = true;
            return outcome("absent", 0, client_id);
        }
        outcome("unknown", 0, client_id)
    }
}

impl Waiting {
    fn over(&self) -> Time {
        (self.since + REPLY_TIMEOUT + self.served).min(self.since + WAIT_MAX)
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn outcome(outcome: &str, retcode: u64, client_id: &str) -> String {
    format!(r#""result":{{"outcome":"{outcome}","retcode":{retcode},"client_id":"{client_id}"}}"#)
}

fn error(code: &str) -> String {
    format!(
        r#""error":{{"code":-32000,"message":"no","data":{{"code":"{code}","retryable":false}}}}"#
    )
}
