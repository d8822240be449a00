//! What the EA says.

use std::time::Instant;

use serde_json::value::RawValue;

use super::ask::{AskError, Asked};
use super::config::{HELLO_LEN_MAX, LINES_BEFORE_HELLO_MAX, SYMBOLS_MAX};
use super::core::{Core, Ea, State};
use super::event::{CloseReason, SessionEvent};
use super::symbols::Seq;
use crate::ErrorCode;
use crate::message::{
    self, Answer, Call, Deinit, Fault, Hello, Message, Refused, Tick, TickParams, Welcome, encode,
    encode::LINE_LEN_MAX,
};
use crate::types::{RequestId, Symbol};

impl Core {
    pub(crate) fn handle_line(&mut self, now: Instant, line: &[u8]) {
        self.handle_message(now, message::parse(line));
    }

    pub(crate) fn handle_message(&mut self, now: Instant, message: Result<Message<'_>, Refused>) {
        match message {
            Ok(Message::Call { id, call }) => self.handle_call(now, id, call),
            Ok(Message::Reply { id, result }) => {
                self.handle_reply(now, id, result);
                self.count_before_hello(now);
            }
            Err(refused) => self.handle_refused(now, &refused),
        }
    }

    pub(crate) fn handle_too_long(&mut self, now: Instant) {
        let len_max = if self.is_open() { LINE_LEN_MAX } else { HELLO_LEN_MAX };
        let text = format!("found a line of more than {len_max} bytes, the rest of it is ignored");
        self.refuse(now, None, &Fault::new(ErrorCode::TooLong, text));
        self.count_before_hello(now);
    }

    pub(crate) fn handle_line_timeout(&mut self, now: Instant) {
        let text = format!(
            "found no line end within {} ms of the line's first byte, the rest of it is ignored",
            self.config.line_deadline.as_millis()
        );
        self.refuse(now, None, &Fault::new(ErrorCode::LineTimeout, text));
        self.count_before_hello(now);
    }

    pub(crate) const fn handle_truncated(&mut self) {
        self.counters.truncated = 1;
    }

    /// Answers what is no message of ours.
    fn handle_refused(&mut self, now: Instant, refused: &Refused) {
        let id = refused.id.as_ref();
        if refused.is_notification {
            self.lose_notification(&refused.fault);
        } else if id.is_some_and(|id| self.queue.is_open(id)) {
            self.refuse_duplicate(now, id);
        } else if refused.fault.code == ErrorCode::Version && self.is_open() {
            self.refuse_second_hello(now, id);
        } else {
            self.refuse(now, id, &refused.fault);
        }
        if refused.fault.code == ErrorCode::Version && !self.is_open() {
            self.bye(now, ErrorCode::Version, &refused.fault.message);
        }
        self.count_before_hello(now);
    }

    fn handle_call(&mut self, now: Instant, id: Option<RequestId>, call: Call<'_>) {
        if !self.is_open() {
            match (id, call) {
                (Some(id), Call::Hello(hello)) => self.open(now, &id, hello),
                (id, _) => {
                    let text = "found another message, expected `hello` first";
                    self.refuse_call(now, id.as_ref(), ErrorCode::HelloRequired, text);
                }
            }
            return self.count_before_hello(now);
        }
        if id.as_ref().is_some_and(|id| self.queue.is_open(id)) {
            return self.refuse_duplicate(now, id.as_ref());
        }
        match call {
            Call::Tick(tick) => self.take_tick(now, id, tick),
            Call::Bar(bar) => self.take_event(now, id.as_ref(), SessionEvent::Bar(bar)),
            Call::Trade(trade) => self.take_event(now, id.as_ref(), SessionEvent::Trade(trade)),
            Call::Account(state) => {
                self.take_event(now, id.as_ref(), SessionEvent::Account(state));
            }
            Call::Log(entry) => self.take_event(now, id.as_ref(), SessionEvent::Log(entry)),
            Call::Deinit(deinit) => self.take_deinit(now, id.as_ref(), deinit),
            Call::Ping => self.answer_empty(now, id.as_ref()),
            Call::Hello(_) => self.refuse_second_hello(now, id.as_ref()),
            Call::Unknown(method) => self.refuse_method(now, id.as_ref(), &method),
        }
    }

    fn open(&mut self, now: Instant, id: &RequestId, hello: Box<Hello>) {
        let welcome = Welcome {
            protocol: hello.protocol,
            server: "tickpipe".to_owned(),
            server_version: self.config.server_version.clone(),
            session: self.config.session.clone(),
            heartbeat_ms: millis(self.config.heartbeat),
            silence_ms: millis(self.config.silence),
            line_len_max: u64::try_from(LINE_LEN_MAX).unwrap_or(u64::MAX),
        };
        encode::welcome(&mut self.out, id, &welcome);
        self.said_at = now;
        self.ea = Ea {
            terminal: hello.terminal,
            capabilities: hello.capabilities.clone(),
            is_tester: hello.is_tester,
        };
        self.state = State::Open;
        self.queue.push_event(SessionEvent::Opened(hello));
    }

    /// Counts a line that was not the `hello` that is awaited.
    fn count_before_hello(&mut self, now: Instant) {
        if let State::Greeting(lines) = &mut self.state {
            *lines = lines.saturating_add(1);
            if *lines >= LINES_BEFORE_HELLO_MAX {
                let text = format!("found {LINES_BEFORE_HELLO_MAX} lines, none a good `hello`");
                self.bye(now, ErrorCode::HelloRequired, &text);
            }
        }
    }

    fn take_tick(&mut self, now: Instant, id: Option<RequestId>, params: TickParams<'_>) {
        let place = self.symbols.place(&params.symbol);
        if let (Some(place), Some(seq)) = (place, params.seq) {
            match self.symbols.take(place, seq) {
                Seq::Gap => self.counters.gaps = self.counters.gaps.saturating_add(1),
                Seq::Low(last) => {
                    self.counters.seq_low = self.counters.seq_low.saturating_add(1);
                    let text = format!("params.seq: found {seq}, expected more than {last}");
                    return self.refuse_call(now, id.as_ref(), ErrorCode::SeqLow, &text);
                }
                Seq::Next => {}
            }
        }
        let Some(symbol) = self.symbol(place, &params.symbol) else { return };
        if place.is_none() && params.seq.is_some() {
            if self.counters.ticks_unchecked == 0 {
                let text = format!("ticks of more than {SYMBOLS_MAX} symbols: not all are checked");
                self.note(ErrorCode::SeqLow, &text);
            }
            self.counters.ticks_unchecked = self.counters.ticks_unchecked.saturating_add(1);
        }
        let has_room = self.make_room(now);
        self.counters.ticks = self.counters.ticks.saturating_add(1);
        let tick = Tick {
            symbol,
            time_msc: params.time_msc,
            bid: params.bid,
            ask: params.ask,
            last: params.last,
            volume: params.volume,
            flags: params.flags,
            seq: params.seq,
        };
        let mark = self.asking.mark(now);
        self.queue.push_tick(tick, place, id.map(|id| (id, mark)));
        if !has_room {
            self.end_full(now);
        }
    }

    fn symbol(&self, place: Option<usize>, name: &str) -> Option<Symbol> {
        match place.and_then(|place| self.symbols.symbol(place)) {
            Some(symbol) => Some(symbol.clone()),
            // One more than are kept: it has a name of its own each time.
            None => Symbol::new(name).ok(),
        }
    }

    /// Queues an event that is no tick, and answers it if it came as a request.
    fn take_event(&mut self, now: Instant, id: Option<&RequestId>, event: SessionEvent) {
        let has_room = self.make_room(now);
        self.counters.events = self.counters.events.saturating_add(1);
        self.queue.push_event(event);
        self.answer_empty(now, id);
        if !has_room {
            self.end_full(now);
        }
    }

    fn take_deinit(&mut self, now: Instant, id: Option<&RequestId>, deinit: Deinit) {
        self.answer_empty(now, id);
        self.counters.events = self.counters.events.saturating_add(1);
        self.queue.push_event(SessionEvent::Deinit(deinit.clone()));
        self.end(now, CloseReason::Deinit(deinit));
    }

    /// Drops the oldest tick if the queue is full; returns whether there is a place.
    fn make_room(&mut self, now: Instant) -> bool {
        let queue_max = self.config.queue_max.max(1);
        if self.queue.len() < queue_max {
            return true;
        }
        let Some(request) = self.queue.drop_oldest_tick() else { return false };
        self.counters.ticks_dropped = self.counters.ticks_dropped.saturating_add(1);
        if let Some(id) = request {
            let text = format!("{queue_max} events wait for the handler, this was the oldest tick");
            self.answer_error(now, Some(&id), &Fault::new(ErrorCode::TickDropped, text));
        }
        true
    }

    /// Ends, for events are never dropped. The one that was too many is still told.
    fn end_full(&mut self, now: Instant) {
        let text = format!("{} events wait for the handler, none a tick", self.config.queue_max);
        self.bye(now, ErrorCode::QueueFull, &text);
    }

    fn handle_reply(&mut self, now: Instant, id: Option<u64>, result: Result<&RawValue, Fault>) {
        let ask = match id.map_or(Asked::Never, |id| self.asks.take(id)) {
            Asked::Late => {
                self.counters.late_replies = self.counters.late_replies.saturating_add(1);
                self.note(ErrorCode::RequestTimeout, "an answer came after its request was over");
                return;
            }
            Asked::Never => {
                self.counters.unknown_replies = self.counters.unknown_replies.saturating_add(1);
                self.note(ErrorCode::BadAnswer, "an answer came to what was never asked");
                return;
            }
            Asked::Open(ask) => ask,
        };
        let result = match result {
            Err(fault) => ask.refused(fault),
            Ok(raw) => {
                let answer = Answer::parse(ask.kind, raw, self.ea.terminal)
                    .map_err(|fault| AskError::local(ErrorCode::BadAnswer, fault.message))
                    .and_then(|answer| ask.checked(answer));
                answer.or_else(|error| {
                    self.counters.bad_answers = self.counters.bad_answers.saturating_add(1);
                    self.note(ErrorCode::BadAnswer, &error.to_string());
                    ask.without_answer(error)
                })
            }
        };
        self.settle(now, ask, result);
    }

    fn answer_empty(&mut self, now: Instant, id: Option<&RequestId>) {
        if let Some(id) = id {
            encode::empty_result(&mut self.out, id);
            self.said_at = now;
        }
    }

    fn refuse(&mut self, now: Instant, id: Option<&RequestId>, fault: &Fault) {
        self.counters.refused = self.counters.refused.saturating_add(1);
        self.note(fault.code, &fault.message);
        self.answer_error(now, id, fault);
    }

    /// Refuses a request; as a notification it is lost.
    fn refuse_call(&mut self, now: Instant, id: Option<&RequestId>, code: ErrorCode, text: &str) {
        let fault = Fault::new(code, text);
        if id.is_some() {
            self.refuse(now, id, &fault);
        } else {
            self.lose_notification(&fault);
        }
    }

    fn refuse_method(&mut self, now: Instant, id: Option<&RequestId>, method: &str) {
        let text =
            format!("found the method `{}`, which is unknown here", crate::escaped(method, 64));
        self.refuse_call(now, id, ErrorCode::UnknownMethod, &text);
    }

    fn refuse_second_hello(&mut self, now: Instant, id: Option<&RequestId>) {
        let text = "found a second `hello`, the session is open";
        self.refuse_call(now, id, ErrorCode::AlreadyOpen, text);
    }

    fn refuse_duplicate(&mut self, now: Instant, id: Option<&RequestId>) {
        let text = "found the id of a request that is still open, expected one of its own";
        self.refuse(now, id, &Fault::new(ErrorCode::DuplicateId, text));
    }

    /// Counts what cannot be taken, and cannot be answered either.
    fn lose_notification(&mut self, fault: &Fault) {
        self.note(fault.code, &fault.message);
        self.counters.lost_notifications = self.counters.lost_notifications.saturating_add(1);
    }
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
