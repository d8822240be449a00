//! A script at work: sends, waits and expects.

mod receive;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};
use tickpipe::raw::{RawConnection, RawListener};

use super::hello::{self, END_ID};
use super::names::Names;
use super::pattern::Mismatch;
use super::script::{Line, Pings, Role, Script, Step, bytes};
use super::wire::{Arrival, Split, Wire};

/// Messages that are kept to be shown beside a failure.
const SENT_MAX: usize = 128;

/// What is tried.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'a> {
    /// The EA that comes to this pipe.
    Ea(&'a RawListener),
    /// The server of this pipe.
    Server(&'a str),
}

/// What holds for all scripts.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) split: Split,
    /// What an expectation may take if its script does not say.
    pub(crate) within: Duration,
    /// What an EA may take to come.
    pub(crate) connect_within: Duration,
    /// What an EA's tick may take.
    pub(crate) tick_within: Duration,
    /// Lots of an order, as JSON.
    pub(crate) volume: String,
    pub(crate) may_trade: bool,
}

/// What became of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Failed {
        /// The step, as its file says it; none if it is what follows the last.
        line: Option<(usize, String)>,
        /// What was sent and led to it.
        sent: Option<String>,
        expected: String,
        found: String,
    },
    /// Why it was not played.
    LeftOut(String),
    /// Nobody came to be tried.
    NotThere(String),
    Passed,
}

/// Why a script goes no further.
#[derive(Debug)]
enum Stop {
    Failed { expected: String, found: String },
    LeftOut(String),
    NotThere(String),
}

impl Stop {
    fn failed(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Failed { expected: expected.into(), found: found.into() }
    }

    fn script(error: String) -> Self {
        Self::failed("a script that can be played", error)
    }

    fn mismatch(mismatch: &Mismatch, whole: &str) -> Self {
        let Mismatch { path, expected, found } = mismatch;
        let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
        Self::failed(format!("{place}{expected}"), format!("{place}{found}, in {whole}"))
    }
}

/// Plays scripts against a target.
#[derive(Debug)]
pub(crate) struct Player<'a> {
    target: Target<'a>,
    settings: &'a Settings,
}

/// A script that is played.
#[derive(Debug)]
struct Play<'a> {
    target: Target<'a>,
    settings: &'a Settings,
    script: &'a Script,
    names: Names,
    wires: [Option<Wire>; 2],
    /// What was sent last, in the order of sending.
    sent: VecDeque<String>,
    /// Bytes that are still to be written, to the connection.
    unsent: (usize, Vec<u8>),
    pings: Pings,
    drops_nulls: bool,
    /// Whether `hello` was answered on the first connection, and nothing ended it.
    is_session: bool,
    within: Option<String>,
    times: u32,
}

impl<'a> Player<'a> {
    pub(crate) const fn new(target: Target<'a>, settings: &'a Settings) -> Self {
        Self { target, settings }
    }

    /// Plays a script on connections of its own.
    pub(crate) fn play(&self, script: &Script) -> Outcome {
        let mut names = Names::default();
        names.set_text("unique", &unique());
        names.set("volume", self.settings.volume.clone());
        let tick_within = u64::try_from(self.settings.tick_within.as_millis());
        names.set_number("tick_within_ms", tick_within.unwrap_or(u64::MAX));
        let mut play = Play {
            target: self.target,
            settings: self.settings,
            script,
            names,
            wires: [None, None],
            sent: VecDeque::new(),
            unsent: (0, Vec::new()),
            pings: Pings::default(),
            drops_nulls: false,
            is_session: false,
            within: None,
            times: 1,
        };
        match play.run() {
            Ok(()) => Outcome::Passed,
            Err((_, Stop::LeftOut(reason))) => Outcome::LeftOut(reason),
            Err((_, Stop::NotThere(reason))) => Outcome::NotThere(reason),
            Err((line, Stop::Failed { expected, found })) => Outcome::Failed {
                line: line.map(|line| (line.number, line.source.clone())),
                sent: play.asked(line),
                expected,
                found,
            },
        }
    }
}

/// Returns eight characters that no other script has, and no earlier run on this machine.
fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let count = u64::from(COUNT.fetch_add(1, Ordering::Relaxed));
    let mut number = now_ms().wrapping_mul(97).wrapping_add(count);
    let mut text = String::new();
    for _ in 0..8 {
        let digit = usize::try_from(number % 36).unwrap_or_default();
        text.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'x')));
        number /= 36;
    }
    text
}

fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}

impl<'a> Play<'a> {
    fn run(&mut self) -> Result<(), (Option<&'a Line>, Stop)> {
        let first = self.script.lines.first();
        self.open(0).map_err(|stop| (first, self.not_there(stop)))?;
        let mut lines = self.script.lines.iter().peekable();
        while let Some(line) = lines.next() {
            self.step(line).map_err(|stop| (Some(line), stop))?;
            // Messages that are sent one behind the other are one write.
            let goes_on = matches!(line.step, Step::Send(_) | Step::Times(_))
                && lines.peek().is_some_and(|next| {
                    next.connection == line.connection
                        && matches!(next.step, Step::Send(_) | Step::Times(_))
                });
            if !goes_on {
                self.flush().map_err(|stop| (Some(line), stop))?;
            }
        }
        self.end().map_err(|stop| (None, stop))
    }

    fn step(&mut self, line: &Line) -> Result<(), Stop> {
        let on = line.connection;
        let times = std::mem::replace(&mut self.times, 1);
        match &line.step {
            Step::Send(text) => self.send(on, text, times),
            Step::SendBytes(text) => {
                let text = self.names.expand(text).map_err(Stop::script)?;
                self.note_sent(&text);
                self.unsent = (on, bytes(&text).map_err(Stop::script)?);
                self.flush()
            }
            Step::Expect(pattern) => self.expect(on, pattern, times),
            Step::ExpectText(text) => self.expect_text(on, text),
            Step::Hello { members, is_awaited } => self.hello(on, members, *is_awaited),
            Step::Open => self.open(on),
            Step::Close => {
                self.ended(on);
                self.wires[on] = None;
                Ok(())
            }
            Step::Closed { is_patient } => self.closed(on, *is_patient),
            Step::Pings(pings) => {
                self.pings = *pings;
                Ok(())
            }
            Step::DropNulls => {
                self.drops_nulls = true;
                Ok(())
            }
            Step::Quiet { method, time } => self.quiet(on, method.as_deref(), time),
            Step::Wait(time) => {
                let until = Instant::now() + self.time(time)?;
                self.pump(on, until, |_| false).map(drop)
            }
            Step::Times(times) => {
                self.times = *times;
                Ok(())
            }
            Step::Within(time) => {
                self.within = Some(time.clone());
                Ok(())
            }
        }
    }

    fn send(&mut self, on: usize, text: &str, times: u32) -> Result<(), Stop> {
        let mut unsent = std::mem::take(&mut self.unsent.1);
        for n in 1..=times {
            self.names.set_number("n", n.into());
            self.names.set_number("now_ms", now_ms());
            let message = self.names.message(text).map_err(Stop::script)?;
            self.note_sent(&message);
            unsent.extend_from_slice(message.as_bytes());
            unsent.push(b'\n');
        }
        self.unsent = (on, unsent);
        Ok(())
    }

    fn note_sent(&mut self, message: &str) {
        if SENT_MAX <= self.sent.len() {
            self.sent.pop_front();
        }
        self.sent.push_back(message.to_owned());
    }

    /// Returns what the step at fault is about: the message sent with the id that it names, else the
    /// last one.
    fn asked(&self, line: Option<&Line>) -> Option<String> {
        let id_of = |text: &str| {
            let message: Value = serde_json::from_str(text).ok()?;
            message.get("id").cloned()
        };
        let expected = line.and_then(|line| {
            let Step::Expect(pattern) = &line.step else { return None };
            id_of(&self.names.expand(pattern).ok()?)
        });
        let asked = expected.and_then(|id| {
            self.sent.iter().rev().find(|sent| id_of(sent).is_some_and(|sent| sent == id))
        });
        asked.or_else(|| self.sent.back()).cloned()
    }

    /// An EA that does not come at all is no fault of a rule.
    fn not_there(&self, stop: Stop) -> Stop {
        match (self.target, stop) {
            (Target::Ea(_), Stop::Failed { found, .. }) => Stop::NotThere(found),
            (_, stop) => stop,
        }
    }

    fn flush(&mut self) -> Result<(), Stop> {
        let (on, unsent) = std::mem::take(&mut self.unsent);
        if unsent.is_empty() {
            return Ok(());
        }
        let Some(wire) = self.wires[on].as_mut() else {
            return Err(Stop::script("it sends on a connection that is closed".to_owned()));
        };
        wire.write(&unsent)
            .map_err(|error| Stop::failed("that what is sent is taken", error.to_string()))
    }

    fn hello(&mut self, on: usize, members: &str, is_awaited: bool) -> Result<(), Stop> {
        if self.script.role == Role::Ea {
            return self.introduction(on, members);
        }
        let request = hello::request(members).map_err(Stop::script)?;
        self.send(on, &request, 1)?;
        self.flush()?;
        if is_awaited {
            self.expect(on, hello::WELCOME, 1)?;
            self.is_session |= on == 0;
        }
        Ok(())
    }

    /// Lets an EA in, if it has what the script needs.
    fn introduction(&mut self, on: usize, members: &str) -> Result<(), Stop> {
        let found = self.expect_one(on, hello::INTRODUCTION)?;
        let params = found.get("params").cloned().unwrap_or_default();
        if let Some(need) = self.script.needs.iter().find(|need| !self.has(need, &params)) {
            return Err(Stop::LeftOut(match need.as_str() {
                "trading" if !self.settings.may_trade => {
                    "it trades, and needs `--trade`".to_owned()
                }
                "trading" => "it trades, and the account is one of real money".to_owned(),
                "lockstep" => "the EA's `tick_mode` is not `lockstep`".to_owned(),
                "heartbeat" => "the EA is in the tester".to_owned(),
                need => format!("`{need}` is not among the EA's capabilities"),
            }));
        }
        let answer = hello::answer(members).map_err(Stop::script)?;
        self.send(on, &answer, 1)?;
        self.is_session |= on == 0;
        self.flush()
    }

    fn has(&self, need: &str, params: &Value) -> bool {
        match need {
            event if receive::EVENTS.contains(&event) => true,
            "lockstep" => params.get("tick_mode").and_then(Value::as_str) == Some("lockstep"),
            "heartbeat" => params.get("tester").and_then(Value::as_bool) != Some(true),
            "trading" => {
                let mode = params.pointer("/account/trade_mode").and_then(Value::as_str);
                self.settings.may_trade && mode != Some("real")
            }
            _ => params
                .get("capabilities")
                .and_then(Value::as_array)
                .is_some_and(|words| words.contains(&Value::from(need))),
        }
    }

    fn open(&mut self, on: usize) -> Result<(), Stop> {
        self.wires[on] = None;
        let within = self.settings.connect_within;
        let connection = match self.target {
            Target::Server(pipe) => RawConnection::connect(pipe, within)
                .map_err(|error| Stop::failed("a connection", error.to_string()))?,
            Target::Ea(listener) => listener.accept(within).ok_or_else(|| {
                let found = format!("no EA came within {} ms", within.as_millis());
                Stop::failed("an EA that connects", found)
            })?,
        };
        self.wires[on] = Some(Wire::new(connection, self.settings.split));
        Ok(())
    }

    /// Notes that the first connection is no session any more.
    const fn ended(&mut self, on: usize) {
        if on == 0 {
            self.is_session = false;
        }
    }

    /// What follows the last step: not a message more than the script says.
    fn end(&mut self) -> Result<(), Stop> {
        if self.script.role == Role::Ea {
            let bye = json!({"jsonrpc": "2.0", "method": "bye",
                "params": {"code": "shutting_down", "message": "the script is over"}});
            if let Some(wire) = self.wires[0].as_mut() {
                // An EA that is gone by now has heard enough.
                wire.write(format!("{bye}\n").as_bytes()).ok();
            }
            return Ok(());
        }
        if self.is_session {
            if self.pings == Pings::ByHand {
                self.pings = Pings::Answered;
                self.answer_kept_pings()?;
            }
            self.send(
                0,
                &json!({"jsonrpc": "2.0", "id": END_ID, "method": "ping"}).to_string(),
                1,
            )?;
            self.flush()?;
            return self.expect(0, &json!({"id": END_ID, "result": {}}).to_string(), 1);
        }
        for wire in self.wires.iter_mut().flatten() {
            wire.pump(Duration::ZERO)
                .map_err(|error| Stop::failed("nothing more", error.to_string()))?;
            if let Some(Arrival::Line(line)) = wire.inbox.front() {
                return Err(Stop::failed("nothing more", String::from_utf8_lossy(line)));
            }
        }
        Ok(())
    }

    fn time(&self, expression: &str) -> Result<Duration, Stop> {
        let ms = self.names.number(expression).map_err(Stop::script)?;
        Ok(Duration::from_millis(u64::try_from(ms).unwrap_or_default()))
    }

    /// What the next expectation may take.
    fn limit(&mut self) -> Result<Duration, Stop> {
        match self.within.take() {
            Some(time) => self.time(&time),
            None => Ok(self.settings.within),
        }
    }
}
