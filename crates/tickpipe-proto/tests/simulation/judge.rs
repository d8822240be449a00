//! What must hold for what goes in and comes out of a session.

use std::collections::{BTreeMap, BTreeSet};

use crate::{MS, SECOND, Time};

/// Watches one session from outside.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    /// Bytes of an unfinished line that went in.
    half: Vec<u8>,
    /// It was not ended in time, and its rest is dropped.
    is_skipping: bool,
    /// Lockstep ticks that went in and are not answered.
    open: BTreeMap<u64, Time>,
    /// Those that are.
    answered: BTreeSet<u64>,
    orders: BTreeSet<String>,
    is_over: bool,
    /// The newest time at which a request was open.
    asked: Time,
    pub(crate) ticks_answered: u64,
}

impl Judge {
    /// Looks at bytes before they go in. As the wire breaks lines in all ways, only whole ones
    /// count.
    pub(crate) fn goes_in(&mut self, now: Time, bytes: &[u8]) {
        self.half.extend_from_slice(bytes);
        while let Some(end) = self.half.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.half.drain(..=end).collect();
            if std::mem::take(&mut self.is_skipping) {
                continue;
            }
            let Ok(line) = std::str::from_utf8(&line) else { continue };
            if let Some(id) = tick_id(line)
                && !self.answered.contains(&id)
            {
                self.open.entry(id).or_insert(now);
            }
        }
    }

    /// Looks at lines that came out.
    pub(crate) fn comes_out(&mut self, now: Time, bytes: &[u8]) {
        assert!(!self.is_over, "bytes came out after the end");
        assert_eq!(bytes.last(), Some(&b'\n'), "half a line came out");
        let text = std::str::from_utf8(bytes).expect("UTF-8 comes out");
        for line in text.lines() {
            assert!(line.len() <= 65_536, "a line of {} bytes came out", line.len());
            self.is_skipping |= line.contains("\"line_timeout\"");
            if line.contains("\"method\":\"bye\"") {
                self.is_over = true;
            } else if line.contains("\"method\":\"order_send\"") {
                let name = member(line, "\"client_id\":\"").to_owned();
                assert!(self.orders.insert(name.clone()), "the order {name} was sent twice");
            } else if !line.contains("\"method\":") {
                self.answer(now, line);
            }
        }
    }

    fn answer(&mut self, now: Time, line: &str) {
        let other =
            ["\"duplicate_id\"", "\"seq_low\"", "\"hello_required\"", "\"invalid_request\""];
        if other.iter().any(|code| line.contains(code)) {
            // Of a line that came twice: it has an answer of its own.
            if line.contains("\"seq_low\"") || line.contains("\"hello_required\"") {
                let id = member(line, "\"id\":").parse().unwrap_or_default();
                if !self.answered.contains(&id) {
                    self.open.remove(&id);
                }
            }
            return;
        }
        let Ok(id) = member(line, "\"id\":").parse::<u64>() else { return };
        if let Some(since) = self.open.remove(&id) {
            assert!(now <= since + 30 * SECOND + MS, "the tick {id} was answered too late");
            if self.asked < since {
                assert!(now <= since + SECOND + MS, "the tick {id} was answered too late");
            }
            self.answered.insert(id);
            self.ticks_answered += 1;
        } else {
            assert!(!self.answered.contains(&id), "the tick {id} was answered twice");
        }
    }

    /// Looks at a session at rest.
    pub(crate) fn rests(&mut self, now: Time, open_asks: usize, is_closed: bool) {
        if open_asks > 0 {
            self.asked = now;
        }
        if is_closed {
            self.open.clear();
            return;
        }
        for (id, since) in &self.open {
            let most = if self.asked < *since { SECOND } else { 30 * SECOND };
            assert!(now <= since + most + MS, "the tick {id} was not answered");
        }
    }
}

/// The id of a lockstep tick, if the line is one, whole.
fn tick_id(line: &str) -> Option<u64> {
    let rest = line.strip_prefix("{\"jsonrpc\":\"2.0\",\"id\":")?;
    let (id, rest) = rest.split_once(',')?;
    let is_tick = rest.starts_with("\"method\":\"tick\"") && line.ends_with("}}\n");
    // Two lines may have become one.
    let is_whole = !line.contains('\u{1}') && !rest.contains("jsonrpc");
    if is_tick && is_whole { id.parse().ok() } else { None }
}

fn member<'a>(line: &'a str, name: &str) -> &'a str {
    let Some((_, rest)) = line.split_once(name) else { return "" };
    rest.split([',', '"', '}']).next().unwrap_or_default()
}
