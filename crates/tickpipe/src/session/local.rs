//! Strategies without a pipe: over an EA that is an object in this process, on this thread.
//!
//! Nothing is written, encoded or waited for, and time is what the EA says it is: so that a strategy goes
//! over years of ticks in seconds, with the code that trades over a pipe. What is asked is checked as on
//! a wire, and what the EA answers too.

mod lane;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::sync::Arc;

use tickpipe_proto::LineError;
use tickpipe_proto::session::{AskError, SessionEvent};

use self::lane::{LocalLane, Place};
use super::runner::{self, Handled, Witness};
use super::{
    AccountState, BarEvent, Hello, LogEntry, StopReason, Strategy, Tick, TickGap, TradeEvent,
};
pub use tickpipe_proto::ErrorCode;
pub use tickpipe_proto::message::{Answer, Ask, Fault, HistorySpan, SubscribeKind};

/// Failures that a run gives back in words; all are counted.
const FAILURES_MAX: usize = 100;

/// An EA in the same process, in its own time.
///
/// Its methods are called one at a time, and never while one of the strategy's methods asks from
/// within another of them: a strategy that asks inside `on_tick` has [`answer`](Self::answer) called
/// after [`next`](Self::next) has returned. A [`Handle`](super::Handle) may ask from another thread at
/// any moment between two calls.
pub trait LocalEa: Send {
    /// A session begins: returns what the EA says of itself.
    ///
    /// [`next`](Self::next) is called afterwards. Only once it has returned something of the session is
    /// the strategy made and started, in the moment that was reached by then: as on a wire, where an EA
    /// serves what `on_start` asks while it waits for its first tick.
    fn hello(&mut self) -> Hello;

    /// Goes on to what happens next.
    fn next(&mut self) -> LocalEvent;

    /// Serves a request, in the moment that was reached.
    ///
    /// Only what [`hello`](Self::hello) named as capabilities is asked, and `ping`; and only what could be
    /// sent over a wire. An order without `expires_at_ms` comes if the hello says `is_tester`.
    ///
    /// # Errors
    ///
    /// [`AskError::Refused`] is the EA's answer that it does not. [`AskError::Local`] is what befalls an
    /// answer on its way: `request_timeout` if it was lost, and `disconnected` if the EA is gone. Then
    /// it is asked nothing more, and [`next`](Self::next) has to say `Ended`, after what is still to be
    /// told. An order to which no answer comes is unknown to the strategy, as on a wire.
    fn answer(&mut self, ask: &Ask) -> Result<Answer, AskError>;

    /// Hears what the strategy made of the last tick.
    fn finish(&mut self, result: Result<(), &LineError>) {
        let (Ok(()) | Err(_)) = result;
    }

    /// Hears that the strategy's side has ended the session, as `bye` tells it on a wire: `on_start`
    /// failed, or a method panicked. What [`next`](Self::next) returns from then on is of another
    /// session, or `Over`.
    fn ended(&mut self, code: ErrorCode, message: &str) {
        let _: (ErrorCode, &str) = (code, message);
    }

    /// Returns the trade server's clock, in milliseconds; timers run by it.
    fn now_msc(&self) -> i64;
}

/// What happens next in a [`LocalEa`].
#[derive(Debug)]
#[non_exhaustive]
pub enum LocalEvent {
    /// The account changed.
    Account(AccountState),
    /// A bar has closed.
    Bar(BarEvent),
    /// This session is over, for this reason; [`hello`](LocalEa::hello) begins another, with a strategy
    /// of its own, unless `Over` follows.
    Ended(StopReason),
    /// Ticks are missing before the one that follows.
    Gap(TickGap),
    /// The EA says something.
    Log(LogEntry),
    /// Nothing more ever. A session that is open ends as disconnected.
    Over,
    /// A price has changed.
    Tick(Tick),
    /// Something happened to an order, a position or a deal.
    Trade(Box<TradeEvent>),
}

/// What is left of a run.
#[derive(Debug)]
#[non_exhaustive]
pub struct LocalRun<E> {
    /// The EA, after its last event.
    pub ea: E,
    /// What the strategies failed in, in words: the first 100.
    pub failures: Vec<String>,
    /// How many failures there were.
    pub failed: u64,
    /// How many sessions there were, each with a strategy.
    pub sessions: u64,
}

/// Runs strategies over an EA to its end, on this thread, and gives the EA back.
///
/// `make` makes the strategy of each session. All that [`Strategy`] says holds, but for the time: no
/// method has a deadline, nor has an answer, and [`settle`](super::Ea::settle) asks once, for the EA's
/// time stands still between two of its events. A timer runs by [`LocalEa::now_msc`]: one that is due
/// comes before the event whose moment reached it, once however much time has passed.
///
/// # Panics
///
/// If a method of the EA's own panics that is not called for a strategy.
pub fn run<'s, E, S>(ea: E, mut make: impl FnMut(&Hello) -> S) -> LocalRun<E>
where
    E: LocalEa + 'static,
    S: Strategy + 's,
{
    let place = Arc::new(Place::new(ea));
    let clerk = Clerk::default();
    let mut make = |hello: &Hello| -> Box<dyn Strategy + 's> { Box::new(make(hello)) };
    let mut sessions = 0;
    while let Some(lane) = LocalLane::begin(&place) {
        sessions += 1;
        runner::run(&Arc::new(lane), &mut make, &clerk);
    }
    let (failures, failed) = clerk.0.into_inner();
    LocalRun { ea: place.leave(), failures, failed, sessions }
}

/// Notes what fails.
#[derive(Default)]
struct Clerk(RefCell<(Vec<String>, u64)>);

impl Clerk {
    fn add(&self, text: String) {
        let (kept, count) = &mut *self.0.borrow_mut();
        *count += 1;
        if kept.len() < FAILURES_MAX {
            kept.push(text);
        }
    }
}

impl<L> Witness<L> for Clerk {
    fn opened(&self, _: &Arc<L>, _: &Arc<Hello>) {}
    fn came(&self, _: &SessionEvent) {}
    fn ticked(&self, _: Handled) {}

    fn failed(&self, method: &'static str, error: &str) {
        self.add(format!("{method} failed: {error}"));
    }

    fn panicked(&self, method: &'static str, panic: &str) {
        self.add(format!("{method} panicked: {panic}"));
    }
}
