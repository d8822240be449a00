//! The settings of a session.

use std::time::Duration;

/// The settings of a session.
///
/// # Defaults
///
/// As chapter 21 of PROTOCOL.md: 5 s of heartbeat, 15 s of silence, 1 s for the handler and 30 s
/// with requests to the EA, 5 s for a line, 1,024 queued events, 64 open requests.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "settings are put together by the server")]
pub struct SessionConfig {
    /// Silence of ours after which we ping.
    pub heartbeat: Duration,
    /// Silence of the EA after which the session ends.
    pub silence: Duration,
    /// Time for the handler; `None` for any.
    pub handler_deadline: Option<Duration>,
    /// Time for the handler with requests to the EA.
    pub handler_deadline_max: Duration,
    /// Time to end a line.
    pub line_deadline: Duration,
    /// Queued ticks and events.
    pub queue_max: usize,
    /// Open requests to the EA.
    pub requests_max: usize,
    /// Our version, which `hello` is answered.
    pub server_version: String,
    /// The session's name, which `hello` is answered.
    pub session: String,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_secs(5),
            silence: Duration::from_secs(15),
            handler_deadline: Some(Duration::from_secs(1)),
            handler_deadline_max: Duration::from_secs(30),
            line_deadline: Duration::from_secs(5),
            queue_max: 1024,
            requests_max: 64,
            server_version: env!("CARGO_PKG_VERSION").to_owned(),
            session: "1".to_owned(),
        }
    }
}

/// Bytes of a line while `hello` is awaited.
pub(crate) const HELLO_LEN_MAX: usize = 4096;

/// Lines that may come instead of `hello`.
pub(crate) const LINES_BEFORE_HELLO_MAX: u32 = 3;

/// Symbols whose ticks are counted.
pub(crate) const SYMBOLS_MAX: usize = 1024;

/// Notices that are kept for somebody to read.
pub(crate) const NOTICES_MAX: usize = 16;
