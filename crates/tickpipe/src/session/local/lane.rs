//! A session over an EA in this process.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tickpipe_proto::message::{Answer, Ask, AskKind, Hello, Terminal, encode};
use tickpipe_proto::session::{AskError, CloseReason, SessionEvent, settle_ask};
use tickpipe_proto::{ErrorCode, LineError};

use super::{LocalEa, LocalEvent};
use crate::session::StopReason;
use crate::session::lane::{Lane, Requests};
use crate::session::link::{Link, Next};

/// Where the EA is, for its sessions one after the other.
///
/// The lock is held while the EA does something, never across the strategy's code.
pub(super) struct Place<E>(Mutex<State<E>>);

struct State<E> {
    /// `None` once the run is over and the EA given back.
    ea: Option<E>,
    /// The number of the newest session.
    session: u64,
    stage: Stage,
    /// What the EA went on to, while the strategy is started or has its timer run.
    waiting: Option<LocalEvent>,
    timer: Option<Timer>,
    /// Something else than the timer has had its turn since it ran last.
    may_time: bool,
    /// The strategy is at work on a tick.
    is_at_tick: bool,
    /// Nothing more ever.
    is_over: bool,
}

/// How far the newest session is.
enum Stage {
    Closed,
    /// Over, and the strategy has yet to be told why.
    Closing(CloseReason),
    /// As open, but that the EA is gone, and cannot be asked.
    Gone,
    Open,
    Opening(Box<Hello>),
}

#[derive(Clone, Copy, Debug)]
struct Timer {
    every_msc: i64,
    due_msc: i64,
}

/// One session.
pub(super) struct LocalLane<E> {
    place: Arc<Place<E>>,
    number: u64,
    terminal: Terminal,
    capabilities: Vec<AskKind>,
}

impl<E: LocalEa> Place<E> {
    pub(super) const fn new(ea: E) -> Self {
        Self(Mutex::new(State {
            ea: Some(ea),
            session: 0,
            stage: Stage::Closed,
            waiting: None,
            timer: None,
            may_time: true,
            is_at_tick: false,
            is_over: false,
        }))
    }

    /// Takes the EA out; who still has a handle is told that the session is over.
    pub(super) fn leave(&self) -> E {
        self.lock().ea.take().expect("invariant: a run takes its EA once")
    }

    fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<E: LocalEa + 'static> LocalLane<E> {
    /// Begins the next session in which something happens; `None` if there is none.
    pub(super) fn begin(place: &Arc<Place<E>>) -> Option<Self> {
        let mut state = place.lock();
        let state = &mut *state;
        let ea = state.ea.as_mut()?;
        while !state.is_over {
            let hello = ea.hello();
            let first = ea.next();
            state.is_over = matches!(first, LocalEvent::Over);
            if !matches!(first, LocalEvent::Ended(_) | LocalEvent::Over) {
                let (terminal, capabilities) = (hello.terminal, hello.capabilities.clone());
                state.session += 1;
                state.stage = Stage::Opening(Box::new(hello));
                state.waiting = Some(first);
                (state.timer, state.may_time) = (None, true);
                let place = Arc::clone(place);
                return Some(Self { place, number: state.session, terminal, capabilities });
            }
        }
        None
    }

    /// Sees that a request could be sent over a wire.
    fn check(&self, ask: &Ask) -> Result<(), AskError> {
        let kind = ask.kind();
        if kind != AskKind::Ping && !self.capabilities.contains(&kind) {
            let text = format!("the EA does not serve `{}`", kind.as_str());
            return Err(AskError::Local(LineError::new(ErrorCode::Unsupported, text)));
        }
        if is_surely_fine(ask) {
            return Ok(());
        }
        encode::ask(&mut Vec::new(), 0, ask).map_err(AskError::Local)
    }
}

/// Returns whether a request has nothing in it that its types do not see to: so that the usual ones
/// need not be written to be looked at.
const fn is_surely_fine(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::AccountInfo
            | Ask::OrderStatus { .. }
            | Ask::Orders { after: None, .. }
            | Ask::Ping
            | Ask::Positions { after: None, .. }
            | Ask::SymbolInfo { .. }
            | Ask::SymbolTick { .. }
            | Ask::TerminalInfo
    )
}

impl<E: LocalEa> State<E> {
    const fn is_open(&self, session: u64) -> bool {
        matches!(self.stage, Stage::Open) && self.session == session
    }

    fn next(&mut self) -> Next {
        match std::mem::replace(&mut self.stage, Stage::Closed) {
            Stage::Opening(hello) => {
                self.stage = Stage::Open;
                Next::Event(SessionEvent::Opened(hello), None)
            }
            Stage::Closing(reason) => Next::Event(SessionEvent::Closed(reason), None),
            Stage::Closed => Next::Over,
            stage @ (Stage::Gone | Stage::Open) => {
                self.stage = stage;
                self.next_event()
            }
        }
    }

    /// Goes on in a session that is open.
    fn next_event(&mut self) -> Next {
        let Some(ea) = &mut self.ea else { return Next::Over };
        let event = match self.waiting.take() {
            Some(event) => event,
            None => ea.next(),
        };
        if self.may_time
            && let Some(timer) = &mut self.timer
            && !matches!(event, LocalEvent::Ended(_) | LocalEvent::Over)
        {
            let now_msc = ea.now_msc();
            if timer.due_msc <= now_msc {
                timer.due_msc = now_msc.saturating_add(timer.every_msc);
                self.may_time = false;
                self.waiting = Some(event);
                return Next::Timer;
            }
        }
        self.may_time = true;
        let event = match event {
            LocalEvent::Account(account) => SessionEvent::Account(account),
            LocalEvent::Bar(bar) => SessionEvent::Bar(bar),
            LocalEvent::Ended(reason) => return self.end(reason),
            LocalEvent::Gap(gap) => {
                let (expected, found) = (gap.expected, gap.found);
                SessionEvent::Gap { symbol: gap.symbol, expected, found }
            }
            LocalEvent::Log(entry) => SessionEvent::Log(entry),
            LocalEvent::Over => {
                self.is_over = true;
                return self.end(StopReason::Disconnected);
            }
            LocalEvent::Tick(tick) => {
                self.is_at_tick = true;
                SessionEvent::Tick(tick)
            }
            LocalEvent::Trade(trade) => SessionEvent::Trade(trade),
        };
        Next::Event(event, None)
    }

    /// Ends the session at the EA's word.
    fn end(&mut self, reason: StopReason) -> Next {
        let reason = match reason {
            StopReason::Deinit(deinit) => CloseReason::Deinit(deinit),
            StopReason::Disconnected => CloseReason::Disconnected,
            StopReason::Ended(code) => CloseReason::Bye(code),
            // The EA is there until the strategy has stopped.
            StopReason::ServerStopping => return Next::Stopping,
        };
        self.stage = Stage::Closed;
        Next::Event(SessionEvent::Closed(reason), None)
    }

    /// Ends the session at our word.
    fn close(&mut self, code: ErrorCode, message: &str) {
        if let Stage::Closed | Stage::Closing(_) = self.stage {
            return;
        }
        self.stage = Stage::Closing(CloseReason::Bye(code));
        self.waiting = None;
        if let Some(ea) = &mut self.ea {
            ea.ended(code, message);
        }
    }

    fn finish(&mut self, result: &Result<(), LineError>) {
        let is_at_tick = std::mem::take(&mut self.is_at_tick);
        if !is_at_tick || !matches!(self.stage, Stage::Open) {
            return;
        }
        if let Some(ea) = &mut self.ea {
            ea.finish(result.as_ref().copied());
        }
        if let Err(error) = result
            && let ErrorCode::HandlerEnded | ErrorCode::HandlerPanic = error.code()
        {
            self.close(error.code(), error.text());
        }
    }
}

impl<E: LocalEa + 'static> Requests for LocalLane<E> {
    fn ask(&self, ask: &Ask, _deadline: Duration) -> Result<Answer, AskError> {
        let mut state = self.place.lock();
        let state = &mut *state;
        let is_open = state.is_open(self.number);
        let Some(ea) = state.ea.as_mut().filter(|_| is_open) else {
            return Err(AskError::Local(LineError::new(
                ErrorCode::Disconnected,
                "the session is over",
            )));
        };
        self.check(ask)?;
        let result = ea.answer(ask);
        if let Err(AskError::Local(error)) = &result
            && error.code() == ErrorCode::Disconnected
        {
            state.stage = Stage::Gone;
        }
        settle_ask(self.terminal, ask, result)
    }

    fn is_open(&self) -> bool {
        self.place.lock().is_open(self.number)
    }

    fn set_timer(&self, every: Option<Duration>) {
        let mut state = self.place.lock();
        if !state.is_open(self.number) {
            return;
        }
        let now_msc = state.ea.as_ref().map_or(0, LocalEa::now_msc);
        state.timer = every.map(|every| {
            // A timer of nothing would come before every event.
            let every_msc = i64::try_from(every.as_millis()).unwrap_or(i64::MAX).max(1);
            Timer { every_msc, due_msc: now_msc.saturating_add(every_msc) }
        });
    }

    /// Nothing moves the EA on but its next event.
    fn pause(&self, _pause: Duration) -> bool {
        false
    }

    fn link(self: Arc<Self>) -> Option<Arc<Link>> {
        None
    }
}

impl<E: LocalEa + 'static> Lane for LocalLane<E> {
    fn next(&self) -> Next {
        self.place.lock().next()
    }

    fn finish(&self, result: Result<(), LineError>) -> bool {
        self.place.lock().finish(&result);
        false
    }

    fn rest(&self) {}

    fn close(&self, code: ErrorCode, message: &str) {
        self.place.lock().close(code, message);
    }
}

impl<E> fmt::Debug for LocalLane<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalLane").field("number", &self.number).finish_non_exhaustive()
    }
}
