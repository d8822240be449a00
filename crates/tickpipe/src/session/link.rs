//! One session between its connection and the threads that use it.
//!
//! There is no thread of the session's own. Whoever waits for something (the strategy's thread for
//! the next event, a call for its reply, the keeper) and finds the reader free takes it, reads,
//! gives the session what came and wakes the others; who finds it taken waits for that. Writing
//! likewise: who has bytes to send and finds the writer taken leaves them to the one who has it. So
//! the usual tick is read, handled and answered on one thread, with no hand-over.
//!
//! The lock is held while the session is given something and asked for what follows, never across a
//! read, a write or a user's code.

mod half;
mod keep;
mod pump;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use tickpipe_proto::message::{Answer, Ask, OrderRequest};
use tickpipe_proto::session::{AskError, AskId, Session, SessionEvent};
use tickpipe_proto::{ErrorCode, LineError};

use self::half::{Half, ReadHalf, WriteHalf};
pub(crate) use self::half::{LinkControl, LinkReader, LinkWriter};
pub(crate) use self::keep::Watch;
use super::note::{Note, Observer};

/// How a link is made.
pub(crate) struct LinkParts {
    pub(crate) session: Session,
    pub(crate) reader: Box<dyn LinkReader>,
    pub(crate) writer: Box<dyn LinkWriter>,
    pub(crate) control: Box<dyn LinkControl>,
    pub(crate) observer: Box<dyn Observer>,
    /// Time for the peer to take what is written.
    pub(crate) write_deadline: Duration,
    /// What is closed over unread bytes loses what was written last, as TCP does.
    pub(crate) lingers: bool,
}

/// One session, shared by all threads that use it.
pub(crate) struct Link {
    state: Mutex<State>,
    changed: Condvar,
    observer: Box<dyn Observer>,
    write_deadline: Duration,
    lingers: bool,
    /// The strategy's thread, once it has taken an event.
    strategy: OnceLock<ThreadId>,
}

struct State {
    session: Session,
    reader: Half<ReadHalf>,
    writer: Half<WriteHalf>,
    /// Dropped with the halves, so that the connection closes whoever still has the link.
    control: Option<Box<dyn LinkControl>>,
    /// Calls that wait, with their answers once they are there.
    calls: Vec<(AskId, Option<Result<Answer, AskError>>)>,
    /// Threads that wait for a change: telling nobody costs a system call too.
    followers: usize,
    work: Work,
    has_keeper: bool,
    timer: Option<Timer>,
    /// Something else than the timer has had its turn since it ran last.
    may_time: bool,
    is_stopping: bool,
    /// The strategy has been told that the server stops.
    has_told_stop: bool,
    /// The connection is closed.
    is_over: bool,
    /// When the newest bytes came.
    read_at: Instant,
    /// When somebody looked last for what the EA has to say.
    looked_at: Instant,
}

/// What the strategy's thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// It waits on the link, or is over.
    Waiting,
    /// It is in the user's code, and nobody has looked at the connection for it since then.
    Working(Instant),
}

#[derive(Clone, Copy, Debug)]
struct Timer {
    every: Duration,
    due: Instant,
}

/// A request to the EA that is under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    id: AskId,
    due: Option<Instant>,
}

/// What the strategy is to do next.
#[derive(Debug)]
pub(crate) enum Next {
    /// Something happened, of which the newest bytes came at that moment; `None` where none come.
    Event(SessionEvent, Option<Instant>),
    /// Nothing more ever.
    Over,
    /// The server stops; told once.
    Stopping,
    /// The timer has run.
    Timer,
}

impl Link {
    pub(crate) fn new(parts: LinkParts, now: Instant) -> Self {
        let LinkParts { session, reader, writer, control, .. } = parts;
        Self {
            state: Mutex::new(State {
                session,
                reader: Half::Here(Box::new(ReadHalf::new(reader))),
                writer: Half::Here(Box::new(WriteHalf::new(writer))),
                control: Some(control),
                calls: Vec::new(),
                followers: 0,
                work: Work::Waiting,
                has_keeper: false,
                timer: None,
                may_time: true,
                is_stopping: false,
                has_told_stop: false,
                is_over: false,
                read_at: now,
                looked_at: now,
            }),
            changed: Condvar::new(),
            observer: parts.observer,
            write_deadline: parts.write_deadline,
            lingers: parts.lingers,
            strategy: OnceLock::new(),
        }
    }

    /// Gives the session bytes that were read before it began.
    pub(crate) fn begin(&self, now: Instant, bytes: &[u8]) {
        let mut state = self.lock();
        state.read_at = now;
        state.session.handle_bytes(now, bytes);
        drop(self.settle(state));
    }

    /// Waits for what the strategy is to do next; its thread alone calls this.
    ///
    /// From the return on the strategy counts as working, until [`finish`](Self::finish).
    pub(crate) fn next(&self) -> Next {
        self.strategy.get_or_init(|| thread::current().id());
        let mut state = self.lock();
        state.work = Work::Waiting;
        loop {
            let next = state.poll_next();
            if let Some(next) = next {
                self.begin_work(&mut state);
                return next;
            }
            let due = state.timer.map(|timer| timer.due);
            state = self.pump(state, due);
            state.may_time = true;
        }
    }

    /// The strategy is done with the last event; returns whether it was a tick, and too late.
    pub(crate) fn finish(&self, result: Result<(), LineError>) -> bool {
        let mut state = self.lock();
        state.work = Work::Waiting;
        let late_before = state.session.counters().late_ticks;
        state.session.finish(Instant::now(), result);
        let is_late = state.session.counters().late_ticks > late_before;
        drop(self.settle(state));
        is_late
    }

    /// The strategy is done with what was no event of the session.
    pub(crate) fn rest(&self) {
        self.lock().work = Work::Waiting;
    }

    /// Asks the EA and waits for its answer, on any thread.
    ///
    /// # Errors
    ///
    /// The EA's refusal, or what hindered the answer: it can be `request_timeout`, `disconnected`,
    /// `too_many_requests`, `unsupported`, `bad_answer`.
    pub(crate) fn ask(&self, ask: &Ask, deadline: Duration) -> Result<Answer, AskError> {
        let asked_at = Instant::now();
        let asked = self.begin_ask(ask, deadline);
        let result = asked.and_then(|asked| self.await_answer(&asked));
        if let Ask::OrderSend(request) = ask {
            self.note_order(request, &result, asked_at.elapsed());
        }
        result
    }

    /// Asks the EA, without waiting for its answer: so that what one thread asks reaches the EA in
    /// that order, whoever waits for it. It is to be waited for with [`await_answer`].
    ///
    /// # Errors
    ///
    /// What hindered the asking, as [`ask`](Self::ask).
    ///
    /// [`await_answer`]: Self::await_answer
    pub(crate) fn begin_ask(&self, ask: &Ask, deadline: Duration) -> Result<Asked, AskError> {
        let now = Instant::now();
        let mut state = self.lock();
        let id = match state.session.request(now, ask, deadline) {
            Ok(id) => id,
            Err(error) => {
                // What was due may have ended other requests, whose callers wait.
                drop(self.settle(state));
                return Err(error);
            }
        };
        self.observer.note(Note::Asked);
        state.calls.push((id, None));
        drop(self.settle(state));
        Ok(Asked { id, due: now.checked_add(deadline) })
    }

    /// Waits for the answer to what was asked.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask).
    pub(crate) fn await_answer(&self, asked: &Asked) -> Result<Answer, AskError> {
        let is_strategy = self.strategy.get() == Some(&thread::current().id());
        let mut state = self.lock();
        let work = state.work;
        if is_strategy {
            // It waits on the link itself, which is all that a keeper would do.
            state.work = Work::Waiting;
        }
        let result = loop {
            if let Some(result) = state.take_answer(asked.id) {
                break result;
            }
            if state.is_over {
                state.calls.retain(|(call, _)| *call != asked.id);
                break Err(disconnected());
            }
            state = self.pump(state, asked.due);
        };
        if is_strategy && work != Work::Waiting {
            self.begin_work(&mut state);
        } else {
            self.hand_over(&state);
        }
        result
    }

    /// Notes that the strategy works from now on, and does not read.
    fn begin_work(&self, state: &mut State) {
        let now = Instant::now();
        // Not since now: many short events in a row are one long time for the EA's ping.
        state.work = Work::Working(state.looked_at);
        if let Some(due) = state.session.poll_timeout() {
            self.observer.due_within(due.saturating_duration_since(now));
        }
        self.hand_over(state);
    }

    /// Tells the observer what became of an order.
    pub(crate) fn note_order(
        &self,
        request: &OrderRequest,
        result: &Result<Answer, AskError>,
        elapsed: Duration,
    ) {
        self.observer.note(Note::Order { request, result, elapsed });
    }

    /// Returns whether the strategy is at work on a tick for whose answer the EA still waits.
    pub(crate) fn is_awaited(&self) -> bool {
        let state = self.lock();
        !state.is_over && state.session.is_awaited()
    }

    /// Returns whether the session is open: whether the EA can be asked.
    pub(crate) fn is_open(&self) -> bool {
        let state = self.lock();
        !state.is_over && state.session.is_open()
    }

    /// Has the timer run every so often from now on; `None` for never.
    pub(crate) fn set_timer(&self, every: Option<Duration>) {
        let timer = every.and_then(|every| {
            // A timer of nothing would leave no time for anything else.
            let every = every.max(Duration::from_millis(1));
            Some(Timer { every, due: Instant::now().checked_add(every)? })
        });
        self.lock().timer = timer;
    }

    /// Ends the session after a `bye` with this code; waits until it is written.
    pub(crate) fn close(&self, code: ErrorCode, message: &str) {
        let mut state = self.lock();
        state.session.close(Instant::now(), code, message);
        drop(self.settle(state));
    }

    /// Ends the session as [`close`](Self::close) does, but leaves the writing to the threads that
    /// use it: the caller must not wait for this peer.
    pub(crate) fn close_soon(&self, code: ErrorCode, message: &str) {
        let mut state = self.lock();
        state.session.close(Instant::now(), code, message);
        state.collect_replies();
        self.tell(&state);
        // Who reads would see it only at the end of its wait. A peer that is drained at the end is
        // left to that: what it sends could not be read any more.
        if let (Half::Out, Some(control), false) = (&state.reader, &state.control, self.lingers) {
            control.wake();
        }
    }

    /// Tells the strategy that the server stops, at the end of what it does now.
    pub(crate) fn begin_stop(&self) {
        let mut state = self.lock();
        state.is_stopping = true;
        self.tell(&state);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Returns what the strategy can do now.
    fn poll_next(&mut self) -> Option<Next> {
        if self.is_stopping && !self.has_told_stop && !self.session.is_closed() {
            self.has_told_stop = true;
            return Some(Next::Stopping);
        }
        // A timer that is due again by the time that it returns leaves a turn to what else there is.
        if self.may_time
            && let Some(timer) = &mut self.timer
        {
            let now = Instant::now();
            if timer.due <= now {
                timer.due = now + timer.every;
                self.may_time = false;
                return Some(Next::Timer);
            }
        }
        if let Some(event) = self.session.poll_event() {
            self.may_time = true;
            return Some(Next::Event(event, Some(self.read_at)));
        }
        self.is_over.then_some(Next::Over)
    }

    /// Puts the answers that came with the calls that wait for them.
    fn collect_replies(&mut self) {
        while let Some((id, result)) = self.session.poll_reply() {
            if let Some((_, answer)) = self.calls.iter_mut().find(|(call, _)| *call == id) {
                *answer = Some(result);
            }
        }
    }

    fn take_answer(&mut self, id: AskId) -> Option<Result<Answer, AskError>> {
        let at = self.calls.iter().position(|(call, answer)| *call == id && answer.is_some())?;
        self.calls.swap_remove(at).1
    }
}

fn disconnected() -> AskError {
    AskError::Local(LineError::new(ErrorCode::Disconnected, "the connection to the EA has ended"))
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("strategy", &self.strategy).finish_non_exhaustive()
    }
}
