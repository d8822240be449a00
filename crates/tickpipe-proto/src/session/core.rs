//! The state of a session, and everything that is not about what came in.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::ask::{AskError, AskId, Asks, OpenAsk};
use super::clock::{AskingTime, Mark};
use super::config::{NOTICES_MAX, SessionConfig};
use super::counters::SessionCounters;
use super::event::{CloseReason, SessionEvent};
use super::queue::{Item, Queue, TickNumber};
use super::symbols::Symbols;
use crate::message::{Answer, Ask, AskKind, Fault, Outcome, Terminal, encode};
use crate::types::RequestId;
use crate::{ErrorCode, LineError};

/// What a session is made of, but for its lines.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) config: SessionConfig,
    pub(crate) state: State,
    /// What `hello` said that matters from then on.
    pub(crate) ea: Ea,
    pub(crate) queue: Queue,
    pub(crate) symbols: Symbols,
    pub(crate) asks: Asks,
    pub(crate) asking: AskingTime,
    pub(crate) counters: SessionCounters,
    /// What is worth a line in a log.
    notices: VecDeque<LineError>,
    /// What is to be written.
    pub(crate) out: Vec<u8>,
    work: Work,
    /// The latest that it has ever been: threads may come with their `now` in any order.
    now: Instant,
    heard: Mark,
    pub(crate) said_at: Instant,
}

#[derive(Debug)]
pub(crate) enum State {
    /// `hello` is awaited; so many other lines have come.
    Greeting(u32),
    Open,
    /// Over, and the handler has yet to be told why.
    Closing(CloseReason),
    Closed,
}

/// What an EA said of itself.
#[derive(Debug)]
pub(crate) struct Ea {
    pub(crate) terminal: Terminal,
    pub(crate) capabilities: Vec<AskKind>,
    pub(crate) is_tester: bool,
}

/// What the handler is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// An event that nobody waits for.
    Event,
    Nothing,
    /// A tick that has come with a request.
    Tick(TickNumber),
}

impl Core {
    pub(crate) fn new(config: SessionConfig, now: Instant) -> Self {
        let asking = AskingTime::default();
        Self {
            config,
            state: State::Greeting(0),
            ea: Ea { terminal: Terminal::Sim, capabilities: Vec::new(), is_tester: false },
            queue: Queue::default(),
            symbols: Symbols::default(),
            asks: Asks::default(),
            asking,
            counters: SessionCounters::default(),
            notices: VecDeque::new(),
            out: Vec::new(),
            work: Work::Nothing,
            now,
            heard: asking.mark(now),
            said_at: now,
        }
    }

    /// Takes the time, which never goes back.
    pub(crate) fn at(&mut self, now: Instant) -> Instant {
        self.now = self.now.max(now);
        self.now
    }

    /// Takes the time at which something came from the EA.
    pub(crate) fn hear(&mut self, now: Instant) -> Instant {
        let now = self.at(now);
        self.heard = self.asking.mark(now);
        now
    }

    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.state, State::Open)
    }

    pub(crate) const fn is_closed(&self) -> bool {
        matches!(self.state, State::Closing(_) | State::Closed)
    }

    /// Does what is due at `now`, for whoever knows that nothing of the EA waits to be read.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        self.handle_overdue(now);
        if self.silence_due().is_some_and(|due| due <= now) {
            let silence = self.config.silence.as_millis();
            self.bye(now, ErrorCode::Silence, &format!("nothing came for {silence} ms"));
        }
        self.handle_heartbeat(now);
    }

    /// Does what is due at `now`, but for the silence: nobody has looked whether there is any.
    pub(crate) fn handle_due(&mut self, now: Instant) {
        self.handle_overdue(now);
        self.handle_heartbeat(now);
    }

    fn handle_overdue(&mut self, now: Instant) {
        if self.is_closed() {
            return;
        }
        while self.tick_due().is_some_and(|due| due <= now)
            && let Some(id) = self.queue.pop_open()
        {
            self.counters.handler_timeouts = self.counters.handler_timeouts.saturating_add(1);
            self.answer_error(now, Some(&id), &self.too_late());
        }
        while let Some(ask) = self.asks.take_due(now) {
            self.counters.request_timeouts = self.counters.request_timeouts.saturating_add(1);
            let text = format!("the EA did not answer `{}` in time", ask.kind.as_str());
            let result = ask.without_answer(AskError::local(ErrorCode::RequestTimeout, text));
            self.settle(now, ask, result);
        }
    }

    fn handle_heartbeat(&mut self, now: Instant) {
        if self.heartbeat_due().is_some_and(|due| due <= now) {
            self.ping(now);
        }
    }

    fn ping(&mut self, now: Instant) {
        let id = self.asks.enter_heartbeat(now.checked_add(self.config.heartbeat));
        if encode::ask(&mut self.out, id.get(), &Ask::Ping).is_ok() {
            self.counters.requests = self.counters.requests.saturating_add(1);
        }
        self.said_at = now;
    }

    /// Returns when [`handle_timeout`](Self::handle_timeout) is to be called.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        [self.poll_due(), self.silence_due()].into_iter().flatten().min()
    }

    /// Returns when [`handle_due`](Self::handle_due) is to be called.
    pub(crate) fn poll_due(&self) -> Option<Instant> {
        [self.tick_due(), self.asks.due(), self.heartbeat_due()].into_iter().flatten().min()
    }

    /// Returns when the tick that has waited longest is answered in the handler's stead.
    fn tick_due(&self) -> Option<Instant> {
        let mark = self.queue.oldest_open()?.mark;
        let due = self.asking.due(mark, self.config.handler_deadline?);
        let cap = mark.at.checked_add(self.config.handler_deadline_max);
        [due, cap].into_iter().flatten().min()
    }

    fn silence_due(&self) -> Option<Instant> {
        if !self.is_open() || self.ea.is_tester {
            return None;
        }
        self.asking.due(self.heard, self.config.silence)
    }

    fn heartbeat_due(&self) -> Option<Instant> {
        if !self.is_open() || self.ea.is_tester || self.asks.is_pinging() {
            return None;
        }
        self.said_at.checked_add(self.config.heartbeat)
    }

    /// Sends a request, or says why it cannot be sent.
    pub(crate) fn request(
        &mut self,
        now: Instant,
        ask: &Ask,
        deadline: Duration,
    ) -> Result<AskId, AskError> {
        self.check(ask)?;
        encode::ask(&mut self.out, self.asks.next_id().get(), ask).map_err(AskError::Local)?;
        self.said_at = now;
        self.counters.requests = self.counters.requests.saturating_add(1);
        let id = self.asks.enter(ask, now.checked_add(deadline));
        self.asking.set(now, self.asks.is_asking());
        Ok(id)
    }

    fn check(&self, ask: &Ask) -> Result<(), AskError> {
        match self.state {
            State::Open => {}
            State::Greeting(_) => {
                return Err(AskError::local(
                    ErrorCode::HelloRequired,
                    "the EA has not said `hello` yet, wait for the session to open",
                ));
            }
            State::Closed | State::Closing(_) => {
                return Err(AskError::local(ErrorCode::Disconnected, "the session is over"));
            }
        }
        let kind = ask.kind();
        if kind != AskKind::Ping && !self.ea.capabilities.contains(&kind) {
            return Err(AskError::local(
                ErrorCode::Unsupported,
                format!("the EA does not serve `{}`", kind.as_str()),
            ));
        }
        if self.asks.len() >= self.config.requests_max {
            return Err(AskError::local(
                ErrorCode::TooManyRequests,
                format!(
                    "{} of {} requests to the EA are open, wait for one to end",
                    self.asks.len(),
                    self.config.requests_max
                ),
            ));
        }
        Ok(())
    }

    /// Takes what has become of the event that the handler was given.
    pub(crate) fn finish(&mut self, now: Instant, result: Result<(), LineError>) {
        let work = std::mem::replace(&mut self.work, Work::Nothing);
        if let Work::Tick(number) = work {
            // At the end of a session none is open any more.
            match (self.queue.take_open(number), &result) {
                (None, _) => {
                    self.counters.late_ticks = self.counters.late_ticks.saturating_add(1);
                }
                (Some(id), Ok(())) => {
                    encode::empty_result(&mut self.out, &id);
                    self.said_at = now;
                }
                (Some(id), Err(error)) => {
                    self.answer_error(now, Some(&id), &handlers_fault(error));
                }
            }
        }
        if self.is_closed() {
            return;
        }
        if let Err(error) = result
            && work != Work::Nothing
            && matches!(error.code(), ErrorCode::HandlerEnded | ErrorCode::HandlerPanic)
        {
            self.bye(now, error.code(), error.text());
        }
    }

    /// Returns whether the EA waits for what the handler is at work on.
    pub(crate) fn is_awaited(&self) -> bool {
        matches!(self.work, Work::Tick(number) if self.queue.has_open(number))
    }

    /// Answers what waits, says `bye` and ends.
    pub(crate) fn bye(&mut self, now: Instant, code: ErrorCode, message: &str) {
        if self.is_closed() {
            return;
        }
        // To an EA it is no stop of ours if the handler's program is gone.
        let is_gone = matches!(code, ErrorCode::HandlerEnded | ErrorCode::HandlerUnavailable);
        let told = if is_gone { code } else { ErrorCode::ShuttingDown };
        let fault = Fault::new(told, message);
        while let Some(id) = self.queue.pop_open() {
            self.answer_error(now, Some(&id), &fault);
        }
        encode::bye(&mut self.out, code, message);
        self.end(now, CloseReason::Bye(code));
    }

    /// Ends, without a word to the EA.
    pub(crate) fn end(&mut self, now: Instant, reason: CloseReason) {
        if self.is_closed() {
            return;
        }
        while self.queue.pop_open().is_some() {}
        // An EA that leaves wants its last ticks seen. Else they are old prices to trade on which
        // nobody can.
        if !matches!(reason, CloseReason::Deinit(_)) {
            let dropped = u64::try_from(self.queue.drop_ticks()).unwrap_or(u64::MAX);
            self.counters.ticks_dropped = self.counters.ticks_dropped.saturating_add(dropped);
        }
        self.state = State::Closing(reason);
        while let Some(ask) = self.asks.take_oldest() {
            let text = format!("the session ended before `{}` was answered", ask.kind.as_str());
            let result = ask.without_answer(AskError::local(ErrorCode::Disconnected, text));
            self.settle(now, ask, result);
        }
    }

    /// Says what has become of a request that was taken out.
    pub(crate) fn settle(&mut self, now: Instant, ask: OpenAsk, result: Result<Answer, AskError>) {
        let is_unknown = ask.kind == AskKind::OrderSend
            && matches!(
                &result,
                Ok(Answer::OrderResult(order))
                    if order.outcome == Outcome::Unknown
            );
        self.counters.unknown_orders =
            self.counters.unknown_orders.saturating_add(u64::from(is_unknown));
        self.asks.settle(ask, result);
        self.asking.set(now, self.asks.is_asking());
    }

    pub(crate) fn poll_transmit(&mut self, out: &mut Vec<u8>) -> bool {
        if self.out.is_empty() {
            return false;
        }
        out.extend_from_slice(&self.out);
        self.out.clear();
        true
    }

    pub(crate) fn poll_reply(&mut self) -> Option<(AskId, Result<Answer, AskError>)> {
        self.asks.poll_reply()
    }

    /// Notes what is worth a line in a log, unless nobody has read the last ones.
    pub(crate) fn note(&mut self, code: ErrorCode, text: &str) {
        if self.notices.len() < NOTICES_MAX {
            self.notices.push_back(LineError::new(code, text));
        }
    }

    pub(crate) fn poll_notice(&mut self) -> Option<LineError> {
        self.notices.pop_front()
    }

    pub(crate) fn poll_event(&mut self) -> Option<SessionEvent> {
        if self.work != Work::Nothing {
            return None;
        }
        if let Some(gap) = self.gap() {
            self.work = Work::Event;
            return Some(gap);
        }
        match self.queue.pop() {
            Some(Item::Event(event)) => {
                self.work = Work::Event;
                Some(event)
            }
            Some(Item::Tick(queued)) => {
                self.work = if queued.is_request { Work::Tick(queued.number) } else { Work::Event };
                Some(SessionEvent::Tick(queued.tick))
            }
            None if matches!(self.state, State::Closing(_)) => {
                match std::mem::replace(&mut self.state, State::Closed) {
                    State::Closing(reason) => Some(SessionEvent::Closed(reason)),
                    State::Closed | State::Greeting(_) | State::Open => None,
                }
            }
            None => None,
        }
    }

    /// Returns the gap before the tick that is next, if there is one.
    fn gap(&mut self) -> Option<SessionEvent> {
        let Some(Item::Tick(queued)) = self.queue.front() else { return None };
        let (place, found) = (queued.place?, queued.tick.seq?);
        let expected = self.symbols.see(place, found)?;
        Some(SessionEvent::Gap { symbol: queued.tick.symbol.clone(), expected, found })
    }

    /// Writes an answer that is an error.
    pub(crate) fn answer_error(&mut self, now: Instant, id: Option<&RequestId>, fault: &Fault) {
        encode::error(&mut self.out, id, fault);
        self.said_at = now;
    }

    fn too_late(&self) -> Fault {
        let time = self.config.handler_deadline.unwrap_or_default().as_millis();
        Fault::new(ErrorCode::HandlerTimeout, format!("the handler took more than {time} ms"))
    }
}

/// Makes an error of a handler's own: whatever hindered it, to the EA it is the handler's.
fn handlers_fault(error: &LineError) -> Fault {
    let code = error.code();
    let is_handlers = matches!(
        code,
        ErrorCode::HandlerEnded
            | ErrorCode::HandlerFailed
            | ErrorCode::HandlerPanic
            | ErrorCode::HandlerTimeout
            | ErrorCode::HandlerUnavailable
    );
    if is_handlers {
        Fault::new(code, error.text())
    } else {
        Fault::new(ErrorCode::HandlerFailed, error.to_string())
    }
}
