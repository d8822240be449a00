//! What can go wrong at the library's face.

use std::fmt;
use std::io;

use tickpipe_proto::Blame;

use crate::name::InvalidPipeName;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another program listens on the address.
    AddressTaken,
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
            Self::BadReply => "bad_reply",
            Self::Closed => "closed",
            Self::InsecureAddress => "insecure_address",
            Self::InsecureToken => "insecure_token",
            Self::InvalidConfig => "invalid_config",
            Self::InvalidName => "invalid_name",
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
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), source: None }
    }

    pub(crate) fn io(text: impl Into<String>, source: io::Error) -> Self {
        Self { kind: ErrorKind::Io, text: text.into(), source: Some(source) }
    }

    pub(crate) fn with_source(mut self, source: io::Error) -> Self {
        self.source = Some(source);
        self
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
            ErrorKind::BadReply | ErrorKind::Closed => Blame::Peer,
            ErrorKind::InvalidConfig | ErrorKind::InvalidName => Blame::Caller,
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
        matches!(
            self.kind,
            ErrorKind::AddressTaken
                | ErrorKind::Closed
                | ErrorKind::NameTaken
                | ErrorKind::NotFound
                | ErrorKind::TimedOut
        )
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
