//! Why a terminal cannot go on over a pipe.

use std::io;
use std::time::Duration;

use thiserror::Error;
use tickpipe_proto::escaped;
use tickpipe_proto::message::Fault;

/// Why a terminal cannot go on over a pipe.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WireError {
    /// Nobody has been there to connect to, for as long as is waited.
    #[error("cannot connect to pipe `{pipe}` within {} ms", .within.as_millis())]
    Connect {
        /// The pipe's name.
        pipe: String,
        /// How long it was tried.
        within: Duration,
        /// Why it failed the last time.
        source: tickpipe::Error,
    },
    /// The server ended the session, and would end another one too.
    #[error("the server ended the session: {code}: {}", escaped(.message, 200))]
    Ended {
        /// A word of the protocol's list.
        code: String,
        /// The server's text.
        message: String,
    },
    /// The server refuses `hello`.
    #[error("the server refuses the session: {}", escaped(&.0.to_string(), 200))]
    Hello(Fault),
    /// The server answers `hello` with a line of line mode, or not at all.
    #[error("found `{}` instead of an answer to hello", escaped(.0, 80))]
    NoSession(String),
    /// Session after session ends before a tick is answered.
    #[error(
        "{sessions} sessions in a row ended before a tick was answered, the last with `{code}`"
    )]
    Restless {
        /// How many.
        sessions: u32,
        /// What the last one ended with.
        code: String,
    },
    /// The system's word.
    #[error("cannot read or write pipe `{pipe}`")]
    System {
        /// The pipe's name.
        pipe: String,
        /// What it says.
        source: io::Error,
    },
}

impl WireError {
    /// Returns the word for logs and machines: stable, snake case.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Connect { source, .. } => source.kind().as_str(),
            Self::Ended { code, .. } | Self::Restless { code, .. } => code,
            Self::Hello(fault) => fault.code.as_str(),
            Self::NoSession(_) => "no_session",
            Self::System { .. } => "io",
        }
    }

    /// Returns what to do about it, for people.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Connect { .. } => {
                "start the server that is to be traded against, or name its pipe"
            }
            Self::Ended { .. } => {
                "the server's log says why; each terminal needs an instance of its own"
            }
            Self::Hello(_) | Self::NoSession(_) => {
                "the terminal needs a server with a strategy, or with `exec`, in session mode"
            }
            Self::Restless { .. } => "the server's log says what its strategy fails in",
            Self::System { .. } => "the server's log may say why it has gone",
        }
    }
}
