//! What all threads of a server share, and what they share of one connection.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::config::{Mode, ServerConfig};
use super::connection::Talk;
use super::listen::Lobby;
use crate::handler::{BoxedHandler, Factory, drop_handler};
use crate::log_limit::LogLimit;
use crate::session::StrategyFactory;
use crate::session::link::Link;
use crate::session::registry::Sessions;
use crate::stats::Stats;
use crate::tap::TapEvent;
use crate::transport::Control;

/// What makes the handlers of a server.
pub(crate) struct Handlers {
    pub(crate) line: Factory,
    pub(crate) session: Option<StrategyFactory>,
}

/// What all threads of a server share.
pub(crate) struct Shared {
    pub(crate) config: ServerConfig,
    pub(crate) factory: Factory,
    /// Makes the strategies of sessions, if the server has them.
    pub(crate) strategies: Option<StrategyFactory>,
    pub(crate) stats: Arc<Stats>,
    pub(crate) registry: Registry,
    pub(crate) sessions: Sessions,
    /// Tells the sessions of this server's run from those of another.
    pub(crate) run_id: u16,
    pub(crate) log: LogLimit,
    pub(super) lobby: Lobby,
    /// The number of the last connection.
    last_id: AtomicU64,
    /// Connections that have a handler or may have one.
    served: AtomicUsize,
    is_stopping: AtomicBool,
    begun_at: Instant,
}

impl Shared {
    pub(crate) fn new(config: ServerConfig, handlers: Handlers, stats: Arc<Stats>) -> Self {
        Self {
            config,
            factory: handlers.line,
            strategies: handlers.session,
            stats,
            registry: Registry::default(),
            sessions: Sessions::default(),
            run_id: run_id(),
            log: LogLimit::default(),
            lobby: Lobby::default(),
            last_id: AtomicU64::new(0),
            served: AtomicUsize::new(0),
            is_stopping: AtomicBool::new(false),
            begun_at: Instant::now(),
        }
    }

    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Acquire)
    }

    /// Returns whether a first line may open a session.
    pub(crate) fn opens_sessions(&self) -> bool {
        self.strategies.is_some() && self.config.mode == Mode::Auto
    }

    /// Returns whether every connection is a session, whatever its first line.
    pub(crate) fn is_session_only(&self) -> bool {
        self.strategies.is_some() && self.config.mode == Mode::Session
    }

    /// Returns whether there may be sessions.
    pub(crate) fn has_sessions(&self) -> bool {
        self.opens_sessions() || self.is_session_only()
    }

    /// Returns the number of a new connection, the first being 1.
    pub(super) fn next_id(&self) -> u64 {
        self.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Takes one of the places that are served; whether there was one.
    fn take_place(&self) -> bool {
        let max = self.config.connections_max;
        self.served
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < max).then_some(n + 1))
            .is_ok()
    }

    /// Returns the nanoseconds from the server's start to `at`.
    pub(crate) fn nanoseconds(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.begun_at).as_nanos()).unwrap_or(u64::MAX)
    }
}

/// What the threads share of one connection.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) id: u64,
    /// `None` once the connection is over: a late handler's thread keeps the rest of this alive, but
    /// must not keep the handle open.
    control: Mutex<Option<Control>>,
    /// Whether the connection has one of the places that are served.
    has_place: AtomicBool,
    pub(crate) turn: Turn,
    /// The connection, while its handler works: whoever wins the turn takes it.
    pub(crate) parked: Mutex<Option<Parked>>,
    late: Mutex<Late>,
    /// The session, while the connection has one.
    link: Mutex<Option<Arc<Link>>>,
}

/// Where a connection's handler is, once it was late.
#[derive(Default)]
enum Late {
    /// It came back; `None` if it panicked.
    Back(Option<BoxedHandler>),
    /// It was never late, or is in use again.
    #[default]
    Home,
    /// It came back to a connection that is over, or it still works for one.
    Orphaned,
    /// It still works.
    Out,
}

impl std::fmt::Debug for Late {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Back(_) => "Back",
            Self::Home => "Home",
            Self::Orphaned => "Orphaned",
            Self::Out => "Out",
        })
    }
}

/// A connection whose handler works on `request`.
#[derive(Debug)]
pub(crate) struct Parked {
    pub(crate) talk: Box<Talk>,
    pub(crate) request: Arc<str>,
    pub(crate) received_at: Instant,
}

impl Live {
    pub(crate) fn new(id: u64, control: Control) -> Self {
        Self {
            id,
            control: Mutex::new(Some(control)),
            has_place: AtomicBool::new(false),
            turn: Turn::default(),
            parked: Mutex::new(None),
            late: Mutex::new(Late::Home),
            link: Mutex::new(None),
        }
    }

    /// Returns the connection's session, if it has one.
    pub(crate) fn link(&self) -> Option<Arc<Link>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes the connection's session, until it is closed.
    pub(crate) fn set_link(&self, link: Option<Arc<Link>>) {
        *self.link.lock().unwrap_or_else(PoisonError::into_inner) = link;
    }

    /// Closes a connection that a defect of ours has ended.
    pub(crate) fn break_off(&self, shared: &Shared) {
        if let Some(link) = self.link() {
            link.break_off();
        }
        self.close(shared);
    }

    /// Returns what other threads may do with the connection, unless it is over.
    pub(crate) fn control(&self) -> Option<Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes one of the places that are served, if it has none; whether it has one now.
    pub(crate) fn take_place(&self, shared: &Shared) -> bool {
        if !self.has_place.load(Ordering::Relaxed) {
            self.has_place.store(shared.take_place(), Ordering::Relaxed);
        }
        self.has_place.load(Ordering::Relaxed)
    }

    /// Notes that the handler is late and still works.
    pub(crate) fn handler_is_out(&self) {
        let mut late = self.late();
        // It may have come back since it was found to be late.
        if let Late::Home = *late {
            *late = Late::Out;
        }
    }

    /// Takes back a late handler; dropped here if its connection is over, for what is a user's runs
    /// on no thread but a connection's.
    pub(crate) fn give_back(&self, shared: &Shared, handler: Option<BoxedHandler>) {
        let mut late = self.late();
        if let Late::Orphaned = *late {
            drop(late);
            drop_handler(handler);
            self.give_place_back(shared);
        } else {
            *late = Late::Back(handler);
        }
    }

    /// Returns the late handler if it has come back: `None` while it works, `Some(None)` if it is to
    /// be made anew.
    pub(crate) fn fetch_handler(&self) -> Option<Option<BoxedHandler>> {
        let mut late = self.late();
        match std::mem::take(&mut *late) {
            Late::Back(handler) => Some(handler),
            Late::Home | Late::Orphaned => Some(None),
            Late::Out => {
                *late = Late::Out;
                None
            }
        }
    }

    /// Lets go of all that the server holds for the connection; a second call does nothing.
    ///
    /// A handler that still works keeps its place: else peers that come again after each timeout
    /// would have handlers without number.
    pub(crate) fn close(&self, shared: &Shared) {
        let control = self.control.lock().unwrap_or_else(PoisonError::into_inner).take();
        if control.is_none() {
            return;
        }
        self.set_link(None);
        let before = std::mem::replace(&mut *self.late(), Late::Orphaned);
        match before {
            Late::Out => {}
            Late::Back(handler) => {
                drop_handler(handler);
                self.give_place_back(shared);
            }
            Late::Home | Late::Orphaned => self.give_place_back(shared),
        }
        shared.registry.remove(self.id);
        if let Some(tap) = &shared.config.tap {
            tap.tell(TapEvent::Closed { connection: self.id });
        }
    }

    fn give_place_back(&self, shared: &Shared) {
        if self.has_place.swap(false, Ordering::Relaxed) {
            shared.served.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn late(&self) -> MutexGuard<'_, Late> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whose turn it is to answer a line: the handler's thread, or the watchdog once it is late.
///
/// One word: 0 while no handler works, else when it began, or `EXPIRED` once it was too late. The
/// one compare-and-swap out of "began" decides who answers.
#[derive(Debug, Default)]
pub(crate) struct Turn(AtomicU64);

const IDLE: u64 = 0;
const EXPIRED: u64 = u64::MAX;

impl Turn {
    /// A handler begins, `now` nanoseconds after the server's start; returns the turn's token.
    pub(crate) fn begin(&self, now: u64) -> u64 {
        let token = now.clamp(IDLE + 1, EXPIRED - 1);
        self.0.store(token, Ordering::Release);
        token
    }

    /// The handler is done; whether it was in time and its thread answers.
    pub(crate) fn end(&self, token: u64) -> bool {
        self.swap(token, IDLE)
    }

    /// Returns when the working handler began, which is its token, if one works.
    pub(crate) fn begun(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Acquire)).filter(|state| ![IDLE, EXPIRED].contains(state))
    }

    /// The handler is too late; whether the caller answers in its place.
    pub(crate) fn expire(&self, token: u64) -> bool {
        self.swap(token, EXPIRED)
    }

    fn swap(&self, token: u64, state: u64) -> bool {
        self.0.compare_exchange(token, state, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// The open connections and the threads that serve them.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    connections: BTreeMap<u64, Arc<Live>>,
    threads: usize,
    is_closed: bool,
    /// The watchdog is to look before its time.
    is_hurried: bool,
}

/// Counts a thread while it lives.
#[derive(Debug)]
pub(crate) struct ThreadCount(Arc<Shared>);

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("config", &self.config).finish_non_exhaustive()
    }
}

impl ThreadCount {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        shared.registry.lock().threads += 1;
        Self(Arc::clone(shared))
    }
}

impl Drop for ThreadCount {
    fn drop(&mut self) {
        self.0.registry.lock().threads -= 1;
        self.0.registry.changed.notify_all();
    }
}

impl Registry {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, live: &Arc<Live>) {
        self.lock().connections.insert(live.id, Arc::clone(live));
        self.changed.notify_all();
    }

    fn remove(&self, id: u64) {
        self.lock().connections.remove(&id);
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().connections.len()
    }

    /// Returns the open connections.
    pub(crate) fn all(&self) -> Vec<Arc<Live>> {
        self.lock().connections.values().cloned().collect()
    }

    /// Tells the watchdog to end.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }

    /// Has the watchdog look at once.
    pub(crate) fn hurry(&self) {
        self.lock().is_hurried = true;
        self.changed.notify_all();
    }

    /// Waits for `pause`, and as long as there is no connection; `false` once closed.
    pub(crate) fn pause(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return false;
            }
            let is_hurried = std::mem::take(&mut state.is_hurried);
            let left = until.saturating_duration_since(Instant::now());
            if !state.connections.is_empty() && (left.is_zero() || is_hurried) {
                return true;
            }
            state = if state.connections.is_empty() {
                self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
            } else {
                self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
            };
        }
    }

    /// Waits until every thread is gone, at most until `until`; how many are left.
    pub(crate) fn wait_for_threads(&self, until: Instant) -> usize {
        let mut state = self.lock();
        while state.threads > 0 {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state =
                self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.threads
    }
}

/// Returns a number that another run of a server most likely does not have.
fn run_id() -> u16 {
    let mut bytes = [0; 2];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u16::from_be_bytes(bytes),
        Err(error) => {
            tracing::debug!(%error, "no random bytes for the sessions' names");
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_answers_a_turn() {
        let turn = Turn::default();
        let token = turn.begin(0);
        assert_eq!(turn.begun(), Some(token));
        assert!(turn.end(token));
        assert!(!turn.expire(token), "it was answered in time");
        let token = turn.begin(7);
        assert!(turn.expire(token));
        assert!(!turn.end(token), "it was answered as late");
        assert_eq!(turn.begun(), None);
    }
}
