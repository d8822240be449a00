//! A client: what a terminal does, for tests, scripts and the `send` command.

use std::fmt;
use std::time::{Duration, Instant};

use tickpipe_proto::{Frame, FrameLimits, LineFramer};

use crate::error::{Error, ErrorKind};
use crate::name::PipeName;
use crate::transport::{Connection, Received, connect};

/// Longest reply that is taken.
const REPLY_LEN_MAX: usize = 65_536;

/// A connection to a server.
///
/// # Defaults
///
/// 5 s to connect while every pipe instance is taken, and 5 s for a reply.
#[derive(Debug)]
pub struct Client {
    connection: Connection,
    framer: LineFramer,
    buf: Box<[u8; 4096]>,
    timeout: Duration,
}

/// An `ERR` line: the server's word for why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RemoteError {
    /// The code, such as `not_a_number`.
    pub code: String,
    /// The text for people.
    pub text: String,
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.text)
    }
}

impl std::error::Error for RemoteError {}

impl Client {
    /// Connects to the server of a name.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidName`](ErrorKind::InvalidName),
    /// [`NotFound`](ErrorKind::NotFound) if nobody serves the name,
    /// [`Security`](ErrorKind::Security) if another user does, and [`Io`](ErrorKind::Io).
    pub fn connect(name: &str) -> Result<Self, Error> {
        Self::connect_with(name, Duration::from_secs(5))
    }

    /// Connects to the server of a name, with a limit on each wait: for the connection, and for
    /// each reply.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub fn connect_with(name: &str, timeout: Duration) -> Result<Self, Error> {
        if timeout.is_zero() {
            return Err(Error::new(
                ErrorKind::InvalidConfig,
                "timeout of 0 ms is out of range, allowed is 1 ms or more",
            ));
        }
        let connection = connect(&PipeName::new(name)?, timeout)?;
        let mut limits = FrameLimits::default();
        limits.line_len_max = REPLY_LEN_MAX;
        Ok(Self { connection, framer: LineFramer::new(limits), buf: Box::new([0; 4096]), timeout })
    }

    /// Sends one line and returns the reply to it.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Closed`](ErrorKind::Closed) if the server leaves,
    /// [`TimedOut`](ErrorKind::TimedOut) if no reply comes in time,
    /// [`InvalidConfig`](ErrorKind::InvalidConfig) for a text with a line feed, and
    /// [`Io`](ErrorKind::Io). After any of them the connection is of no more use: a late reply
    /// would be taken for the next.
    pub fn ask(&mut self, line: &str) -> Result<Result<String, RemoteError>, Error> {
        if line.contains('\n') {
            return Err(Error::new(
                ErrorKind::InvalidConfig,
                "text holds a line feed, allowed is one line",
            ));
        }
        let wire = format!("{line}\r\n");
        self.connection.writer.write_all(wire.as_bytes(), self.timeout).map_err(|error| {
            let is_late = error.kind() == std::io::ErrorKind::TimedOut;
            let kind = if is_late { ErrorKind::TimedOut } else { ErrorKind::Closed };
            Error::new(kind, "cannot send the line").with_source(error)
        })?;
        let due = Instant::now().checked_add(self.timeout);
        let reply = loop {
            match self.framer.poll_frame() {
                Some(Frame::Line(line)) => break String::from_utf8_lossy(&line).into_owned(),
                Some(Frame::TooLong) => {
                    return Err(Error::new(
                        ErrorKind::Closed,
                        format!("reply of more than {REPLY_LEN_MAX} bytes exceeds the limit"),
                    ));
                }
                Some(_) => {}
                None => self.read(due)?,
            }
        };
        Ok(match reply.strip_prefix("ERR ") {
            None => Ok(reply),
            Some(error) => {
                let (code, text) = error.split_once(' ').unwrap_or((error, ""));
                Err(RemoteError { code: code.to_owned(), text: text.to_owned() })
            }
        })
    }

    /// Takes what comes, until `due`; `None` is later than any clock tells.
    fn read(&mut self, due: Option<Instant>) -> Result<(), Error> {
        let now = Instant::now();
        let left = due.map(|due| due.saturating_duration_since(now));
        match self.connection.reader.read(self.buf.as_mut_slice(), left) {
            Ok(Received::Data(count)) => {
                self.framer.handle_bytes(now, self.buf.get(..count).unwrap_or_default());
                Ok(())
            }
            Ok(Received::TimedOut) => Err(Error::new(
                ErrorKind::TimedOut,
                format!("no reply within {} ms", self.timeout.as_millis()),
            )),
            Ok(Received::End | Received::Woken) => {
                Err(Error::new(ErrorKind::Closed, "the server left before its reply"))
            }
            Err(error) => Err(Error::io("cannot read the reply", error)),
        }
    }
}
