//! What comes from the other side, and what is made of it.

use std::io;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tickpipe::escaped;

use super::{Play, Stop};
use crate::rules::pattern::hold;
use crate::rules::script::{Pings, Role};
use crate::rules::wire::{Arrival, left};

/// Longest line of session mode, and of its first.
const LINE_LEN_MAX: usize = 65_536;
const HELLO_LEN_MAX: usize = 4096;

/// Characters of a message that are shown.
const SHOWN_CHARS_MAX: usize = 600;

/// How long the second connection may wait to be looked at.
const TURN: Duration = Duration::from_millis(10);

/// What an EA sends by itself, which a server answers without ado.
pub(super) const EVENTS: [&str; 6] = ["account", "bar", "deinit", "log", "tick", "trade"];

impl Play<'_> {
    /// Takes what comes until `until`, or until `is_enough` of a connection's inbox; whether it was.
    pub(super) fn pump(
        &mut self,
        on: usize,
        until: Instant,
        is_enough: impl Fn(&[Arrival]) -> bool,
    ) -> Result<bool, Stop> {
        let fail = |error: io::Error| Stop::failed("a connection", error.to_string());
        loop {
            let has_second = self.wires.iter().flatten().count() > 1;
            let Some(wire) = self.wires[on].as_mut() else {
                return Err(Stop::script("it waits on a connection that is closed".to_owned()));
            };
            if is_enough(wire.inbox.make_contiguous()) {
                return Ok(true);
            }
            let wait = left(until);
            if wait.is_zero() {
                return Ok(false);
            }
            let wait = if has_second { wait.min(TURN) } else { wait };
            let count = wire.pump(wait).map_err(fail)?;
            self.serve_pings(on, count)?;
            if let Some(other) = self.wires[1 - on].as_mut() {
                let count = other.pump(Duration::ZERO).map_err(fail)?;
                self.serve_pings(1 - on, count)?;
            }
        }
    }

    /// Answers or drops the pings among the last `count` arrivals.
    fn serve_pings(&mut self, on: usize, count: usize) -> Result<(), Stop> {
        let Some(wire) = self.wires[on].as_mut() else { return Ok(()) };
        if self.pings == Pings::ByHand {
            return Ok(());
        }
        let mut pings = Vec::new();
        let begin = wire.inbox.len().saturating_sub(count);
        let arrived: Vec<Arrival> = wire.inbox.drain(begin..).collect();
        for arrival in arrived {
            match ping_id(&arrival) {
                Some(id) => pings.push(id),
                None => wire.inbox.push_back(arrival),
            }
        }
        if self.pings == Pings::Answered {
            for id in pings {
                self.answer(on, &id)?;
            }
        }
        Ok(())
    }

    /// Answers the pings that came while they were left to the script.
    pub(super) fn answer_kept_pings(&mut self) -> Result<(), Stop> {
        let count = self.wires[0].as_ref().map_or(0, |wire| wire.inbox.len());
        self.serve_pings(0, count)
    }

    fn answer(&mut self, on: usize, id: &Value) -> Result<(), Stop> {
        let answer = json!({"jsonrpc": "2.0", "id": id, "result": {}});
        let Some(wire) = self.wires[on].as_mut() else { return Ok(()) };
        wire.write_between(&answer.to_string())
            .map_err(|error| Stop::failed("that an answer is taken", error.to_string()))
    }

    /// Waits for so many messages, each as expected.
    pub(super) fn expect(&mut self, on: usize, pattern: &str, times: u32) -> Result<(), Stop> {
        let within = self.within.take();
        for n in 1..=times {
            self.names.set_number("n", n.into());
            self.within.clone_from(&within);
            self.expect_one(on, pattern)?;
        }
        Ok(())
    }

    /// Waits for a message and returns it, if it is what is expected.
    pub(super) fn expect_one(&mut self, on: usize, pattern: &str) -> Result<Value, Stop> {
        let text = self.names.expand(pattern).map_err(Stop::script)?;
        let pattern: Value =
            serde_json::from_str(&text).map_err(|error| Stop::script(error.to_string()))?;
        // What an EA sends by itself comes if there is something to tell.
        let event = EVENTS.into_iter().find(|event| pattern["method"] == *event);
        let event = event.filter(|event| self.needs(event));
        let limit = match self.within {
            None if event.is_some() => self.settings.tick_within,
            _ => self.limit()?,
        };
        let until = Instant::now() + limit;
        loop {
            let line = match self.next(on, until)? {
                Some(Arrival::Line(line)) => line,
                Some(Arrival::End(rest)) => return Err(end(&shown(text.as_bytes()), &rest)),
                None => {
                    return Err(match event {
                        Some(event) => Stop::LeftOut(format!(
                            "no {event} came within {} ms",
                            limit.as_millis()
                        )),
                        None => nothing(&shown(text.as_bytes()), limit),
                    });
                }
            };
            let message = message(&line)?;
            if !self.is_passed_over(on, &message, &pattern)? {
                return match hold(&pattern, &message, &mut self.names) {
                    Ok(()) => Ok(message),
                    Err(mismatch) => Err(Stop::mismatch(&mismatch, &shown(&line))),
                };
            }
        }
    }

    fn needs(&self, word: &str) -> bool {
        self.script.needs.iter().any(|need| need == word)
    }

    /// Whether a message is not the one that is waited for, and was served as it must be.
    fn is_passed_over(
        &mut self,
        on: usize,
        message: &Value,
        pattern: &Value,
    ) -> Result<bool, Stop> {
        if self.drops_nulls && message["id"].is_null() && message.get("error").is_some() {
            return Ok(true);
        }
        let Some(method) = message["method"].as_str() else { return Ok(false) };
        if self.script.role == Role::Server || is_meant(method, &pattern["method"]) {
            return Ok(false);
        }
        if !EVENTS.contains(&method) && method != "ping" {
            return Ok(false);
        }
        if let Some(id) = message.get("id") {
            self.answer(on, id)?;
        }
        Ok(true)
    }

    /// Returns what comes next, until `until`.
    fn next(&mut self, on: usize, until: Instant) -> Result<Option<Arrival>, Stop> {
        self.pump(on, until, |inbox| !inbox.is_empty())?;
        Ok(self.wires[on].as_mut().and_then(|wire| wire.inbox.pop_front()))
    }

    /// Waits for a line of line mode.
    pub(super) fn expect_text(&mut self, on: usize, text: &str) -> Result<(), Stop> {
        let text = self.names.expand(text).map_err(Stop::script)?;
        let limit = self.limit()?;
        let expected = shown(text.as_bytes());
        match self.next(on, Instant::now() + limit)? {
            None => Err(nothing(&expected, limit)),
            Some(Arrival::End(rest)) => Err(end(&expected, &rest)),
            Some(Arrival::Line(line)) => {
                let found = String::from_utf8_lossy(&line);
                let is_met = match text.strip_suffix('*') {
                    Some(begin) => found.starts_with(begin),
                    None => found == text,
                };
                if is_met { Ok(()) } else { Err(Stop::failed(expected, shown(&line))) }
            }
        }
    }

    /// Waits for the other side to close.
    pub(super) fn closed(&mut self, on: usize, is_patient: bool) -> Result<(), Stop> {
        const EXPECTED: &str = "the end of the connection";
        let limit = self.limit()?;
        let until = Instant::now() + limit;
        self.ended(on);
        loop {
            match self.next(on, until)? {
                Some(Arrival::End(rest)) if rest.is_empty() || is_patient => return Ok(()),
                Some(Arrival::Line(_)) if is_patient => {}
                Some(Arrival::Line(found) | Arrival::End(found)) => {
                    return Err(Stop::failed(EXPECTED, shown(&found)));
                }
                None => {
                    let found = format!("that it is open after {} ms", limit.as_millis());
                    return Err(Stop::failed(EXPECTED, found));
                }
            }
        }
    }

    /// Lets time pass in which nothing may come.
    pub(super) fn quiet(
        &mut self,
        on: usize,
        method: Option<&str>,
        time: &str,
    ) -> Result<(), Stop> {
        let time = self.time(time)?;
        let is_heard = |arrival: &Arrival| match (arrival, method) {
            (_, None) | (Arrival::End(_), _) => true,
            (Arrival::Line(line), Some(method)) => {
                serde_json::from_slice::<Value>(line).is_ok_and(|value| value["method"] == method)
            }
        };
        let is_noisy = |inbox: &[Arrival]| inbox.iter().any(is_heard);
        if !self.pump(on, Instant::now() + time, is_noisy)? {
            return Ok(());
        }
        let inbox = self.wires[on].as_ref().map(|wire| &wire.inbox);
        let found = match inbox.and_then(|inbox| inbox.iter().find(|arrival| is_heard(arrival))) {
            Some(Arrival::Line(line)) => shown(line),
            _ => "the end of the connection".to_owned(),
        };
        let what = method.map_or_else(|| "nothing".to_owned(), |method| format!("no `{method}`"));
        Err(Stop::failed(format!("{what} for {} ms", time.as_millis()), found))
    }
}

/// Whether a method is one that a pattern stands for.
fn is_meant(method: &str, pattern: &Value) -> bool {
    let Some(pattern) = pattern.as_str() else { return false };
    match pattern.strip_prefix("$one ") {
        Some(words) => words.split('|').any(|word| word == method),
        None => pattern == method,
    }
}

/// Returns the id of a ping.
fn ping_id(arrival: &Arrival) -> Option<Value> {
    let Arrival::Line(line) = arrival else { return None };
    let message: Value = serde_json::from_slice(line).ok()?;
    if message["method"] == "ping" { message.get("id").cloned() } else { None }
}

/// Reads a line as the message that it must be.
fn message(line: &[u8]) -> Result<Value, Stop> {
    let wrong = |found: String| Err(Stop::failed("a message of JSON-RPC 2.0", found));
    let Ok(text) = str::from_utf8(line) else {
        return wrong(format!("bytes that are not UTF-8: {}", shown(line)));
    };
    let message: Value = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(error) => return wrong(format!("{error}: {}", shown(line))),
    };
    if message["jsonrpc"] != "2.0" {
        return wrong(format!("no `\"jsonrpc\":\"2.0\"`: {}", shown(line)));
    }
    let most = if message["method"] == "hello" { HELLO_LEN_MAX } else { LINE_LEN_MAX };
    if line.len() > most {
        return wrong(format!("{} bytes, allowed are {most}: {}", line.len(), shown(line)));
    }
    Ok(message)
}

fn nothing(expected: &str, limit: Duration) -> Stop {
    Stop::failed(expected, format!("nothing within {} ms", limit.as_millis()))
}

fn end(expected: &str, rest: &[u8]) -> Stop {
    let found = if rest.is_empty() {
        "the end of the connection".to_owned()
    } else {
        format!("the end of the connection behind half a line: {}", shown(rest))
    };
    Stop::failed(expected, found)
}

/// Returns bytes as they may be shown to a person.
fn shown(bytes: &[u8]) -> String {
    escaped(&String::from_utf8_lossy(bytes), SHOWN_CHARS_MAX)
}
