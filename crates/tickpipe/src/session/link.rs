//! One session between its connection and the threads that use it.

use std::io;
use std::time::Duration;

use tickpipe_proto::ErrorCode;
use tickpipe_proto::LineError;
use tickpipe_proto::message::{Answer, Ask};
use tickpipe_proto::session::AskError;

use crate::transport::Received;

/// The receiving half of a connection.
pub(crate) trait LinkReader: Send {
    /// Reads what is there, waiting for it at most `timeout`; it may say too early that the time
    /// is over.
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<Received>;
}

/// The sending half of a connection.
pub(crate) trait LinkWriter: Send {
    /// Writes everything within `deadline`, or fails.
    fn write_all(&mut self, bytes: &[u8], deadline: Duration) -> io::Result<()>;
}

/// One session, shared by all threads that use it.
#[derive(Debug)]
pub(crate) struct Link {}

impl Link {
    /// Asks the EA and waits for its answer, on any thread.
    ///
    /// # Errors
    ///
    /// The EA's refusal, or what hindered the answer: it can be `request_timeout`, `disconnected`,
    /// `too_many_requests`, `unsupported`, `bad_answer`.
    pub(crate) fn ask(&self, _ask: &Ask, _deadline: Duration) -> Result<Answer, AskError> {
        Err(AskError::Local(LineError::new(ErrorCode::Busy, "")))
    }

    /// Returns whether the session is open.
    pub(crate) fn is_open(&self) -> bool {
        false
    }

    /// Has `on_timer` called every so often from now on; `None` for never.
    pub(crate) fn set_timer(&self, _every: Option<Duration>) {}

    /// Ends the session, after a `bye` with this code.
    pub(crate) fn close(&self, _code: ErrorCode, _message: &str) {}
}
