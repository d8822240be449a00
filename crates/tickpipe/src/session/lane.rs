//! What a session goes through: a connection that threads share, or an EA in this process.
//!
//! [`Requests`] is the strategy's side of it, under [`Ea`](super::Ea); [`Lane`] is the runner's.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tickpipe_proto::message::{Answer, Ask};
use tickpipe_proto::session::AskError;
use tickpipe_proto::{ErrorCode, LineError};

use super::link::{Link, Next};

/// What an EA is asked through, on any thread.
pub(crate) trait Requests: fmt::Debug + Send + Sync {
    /// Asks the EA and waits for its answer.
    ///
    /// # Errors
    ///
    /// The EA's refusal, or what hindered the answer.
    fn ask(&self, ask: &Ask, deadline: Duration) -> Result<Answer, AskError>;

    /// Returns whether the EA can be asked.
    fn is_open(&self) -> bool;

    /// Has the timer run every so often from now on; `None` for never.
    fn set_timer(&self, every: Option<Duration>);

    /// Lets time pass between two questions; returns whether it does pass for the EA.
    fn pause(&self, pause: Duration) -> bool;

    /// Returns the connection, where there is one.
    fn link(self: Arc<Self>) -> Option<Arc<Link>>;
}

/// What the events of one session come from, and what is made of them goes to.
pub(crate) trait Lane: Requests + 'static {
    /// Waits for what the strategy is to do next; its thread alone calls this.
    fn next(&self) -> Next;

    /// The strategy is done with the last event; returns whether it was a tick, and too late.
    fn finish(&self, result: Result<(), LineError>) -> bool;

    /// The strategy is done with what was no event of the session.
    fn rest(&self);

    /// Ends the session, with this code and text for the EA.
    fn close(&self, code: ErrorCode, message: &str);
}

impl Requests for Link {
    fn ask(&self, ask: &Ask, deadline: Duration) -> Result<Answer, AskError> {
        Self::ask(self, ask, deadline)
    }

    fn is_open(&self) -> bool {
        Self::is_open(self)
    }

    fn set_timer(&self, every: Option<Duration>) {
        Self::set_timer(self, every);
    }

    fn pause(&self, pause: Duration) -> bool {
        std::thread::sleep(pause);
        true
    }

    fn link(self: Arc<Self>) -> Option<Arc<Link>> {
        Some(self)
    }
}

impl Lane for Link {
    fn next(&self) -> Next {
        Self::next(self)
    }

    fn finish(&self, result: Result<(), LineError>) -> bool {
        Self::finish(self, result)
    }

    fn rest(&self) {
        Self::rest(self);
    }

    fn close(&self, code: ErrorCode, message: &str) {
        Self::close(self, code, message);
    }
}
