//! What can go wrong at the library's face.

use std::fmt;
use std::io;

use tickpipe_proto::message::Fault;
use tickpipe_proto::session::AskError;
use tickpipe_proto::{Blame, ErrorCode, escaped};

use crate::name::InvalidPipeName;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another program listens on the address.
    AddressTaken,
    /// An EA did not answer, or answered with an error: the protocol's word for why.
    Ask(ErrorCode),
    /// The server sent what is no reply: a line that nobody asked for, or one that is too long.
    BadReply,
    /// The connection ended before the reply came.
    Closed,
    /// An address is not of this machine alone, and nobody said that it may be.
    InsecureAddress,
    /// A token's file could be read or written by others, or holds no token.
    InsecureToken,
    /// A setting is out of its range.
    InvalidConfig,
    /// A text is no pipe name.
    InvalidName,
    /// What is asked of an EA, or ordered, is broken; it was not sent.
    InvalidParams,
    /// The operating system refused something.
    Io,
    /// Another server holds the name.
    NameTaken,
    /// Nobody listens on the name.
    NotFound,
    /// Somebody could listen or write who should not.
    Security,
    /// It took longer than allowed.
    TimedOut,
}

impl ErrorKind {
    /// Returns the word for logs and machines: stable, snake case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddressTaken => "address_taken",
            Self::Ask(code) => code.as_str(),
            Self::BadReply => "bad_reply",
            Self::Closed => "closed",
            Self::InsecureAddress => "insecure_address",
            Self::InsecureToken => "insecure_token",
            Self::InvalidConfig => "invalid_config",
            Self::InvalidName => "invalid_name",
            Self::InvalidParams => "invalid_params",
            Self::Io => "io",
            Self::NameTaken => "name_taken",
            Self::NotFound => "not_found",
            Self::Security => "security",
            Self::TimedOut => "timed_out",
        }
    }
}

/// An error of the library.
///
/// Its text says what was found and what is allowed; [`source`](std::error::Error::source) is the
/// operating system's word, where there is one. Its `Debug` form is the same text with its source,
/// so that a `main` which returns it says what is wrong.
pub struct Error {
    kind: ErrorKind,
    text: String,
    source: Option<io::Error>,
    /// What the EA said with its error.
    said: Option<Said>,
}

/// What an EA said with its error, beside code and text.
#[derive(Clone, Copy)]
struct Said {
    is_retryable: bool,
    terminal_error: Option<i64>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), source: None, said: None }
    }

    pub(crate) fn io(text: impl Into<String>, source: io::Error) -> Self {
        Self { kind: ErrorKind::Io, text: text.into(), source: Some(source), said: None }
    }

    pub(crate) fn with_source(mut self, source: io::Error) -> Self {
        self.source = Some(source);
        self
    }

    fn said_by_ea(fault: &Fault) -> Self {
        let said = Said { is_retryable: fault.is_retryable, terminal_error: fault.terminal_error };
        let text = format!("the EA answered `{}`: {}", fault.code, escaped(&fault.message, 4096));
        Self { said: Some(said), ..Self::new(ErrorKind::Ask(fault.code), text) }
    }

    /// Returns what kind of thing went wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the stable word for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.as_str()
    }

    /// Returns who has to act.
    #[must_use]
    pub const fn blame(&self) -> Blame {
        match self.kind {
            // The EA says that we asked wrongly.
            ErrorKind::Ask(ErrorCode::InvalidParams) => Blame::Caller,
            ErrorKind::Ask(code) => code.blame(),
            ErrorKind::BadReply | ErrorKind::Closed => Blame::Peer,
            ErrorKind::InvalidConfig | ErrorKind::InvalidName | ErrorKind::InvalidParams => {
                Blame::Caller
            }
            ErrorKind::AddressTaken
            | ErrorKind::InsecureAddress
            | ErrorKind::InsecureToken
            | ErrorKind::Io
            | ErrorKind::NameTaken
            | ErrorKind::NotFound
            | ErrorKind::Security
            | ErrorKind::TimedOut => Blame::Environment,
        }
    }

    /// Returns whether the same call may succeed later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        if let Some(said) = self.said {
            return said.is_retryable;
        }
        match self.kind {
            ErrorKind::AddressTaken
            | ErrorKind::Closed
            | ErrorKind::NameTaken
            | ErrorKind::NotFound
            | ErrorKind::TimedOut => true,
            ErrorKind::Ask(code) => code.is_retryable(),
            ErrorKind::BadReply
            | ErrorKind::InsecureAddress
            | ErrorKind::InsecureToken
            | ErrorKind::InvalidConfig
            | ErrorKind::InvalidName
            | ErrorKind::InvalidParams
            | ErrorKind::Io
            | ErrorKind::Security => false,
        }
    }

    /// Returns the terminal's own number (MQL's `GetLastError`), if an EA said it.
    #[must_use]
    pub const fn terminal_error(&self) -> Option<i64> {
        match self.said {
            Some(said) => said.terminal_error,
            None => None,
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl From<InvalidPipeName> for Error {
    fn from(error: InvalidPipeName) -> Self {
        Self::new(ErrorKind::InvalidName, error.to_string())
    }
}

impl From<AskError> for Error {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Refused(fault) => Self::said_by_ea(&fault),
            AskError::Local(local) => Self::new(ErrorKind::Ask(local.code()), local.text()),
            _ => Self::new(ErrorKind::Ask(ErrorCode::BadAnswer), error.to_string()),
        }
    }
}
