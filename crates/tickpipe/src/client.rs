//! A client: what a terminal does, for tests, scripts and the `send` command.

use std::fmt;
use std::time::{Duration, Instant};

use tickpipe_proto::{Frame, FrameLimits, LineFramer};

use crate::error::{Error, ErrorKind};
use crate::name::PipeName;
use crate::transport::{Connection, Control, Received, connect};

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
    /// The line on its way, with its end; kept so that an exchange allocates none.
    wire: Vec<u8>,
    reply: String,
    timeout: Duration,
}

/// Ends a client's wait, from any thread.
#[derive(Clone, Debug)]
pub struct Interrupter(Control);

impl Interrupter {
    /// Has the wait under way, and every later one, fail with [`ErrorKind::Closed`].
    pub fn interrupt(&self) {
        self.0.abort();
    }
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

impl RemoteError {
    /// Returns what a reply line says, if it is an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use tickpipe::RemoteError;
    ///
    /// let error = RemoteError::from_reply("ERR not_a_number found `abc`");
    /// assert_eq!(error.map(|error| error.code), Some("not_a_number".to_owned()));
    /// assert_eq!(RemoteError::from_reply("2.200"), None);
    /// ```
    #[must_use]
    pub fn from_reply(reply: &str) -> Option<Self> {
        let error = reply.strip_prefix("ERR ")?;
        let (code, text) = error.split_once(' ').unwrap_or((error, ""));
        Some(Self { code: code.to_owned(), text: text.to_owned() })
    }
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
        Ok(Self {
            connection,
            framer: LineFramer::new(limits),
            buf: Box::new([0; 4096]),
            wire: Vec::new(),
            reply: String::new(),
            timeout,
        })
    }

    /// Returns what ends this client's waits.
    #[must_use]
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.connection.control.clone())
    }

    /// Sends one line and returns the reply to it.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Closed`](ErrorKind::Closed) if the server leaves,
    /// [`BadReply`](ErrorKind::BadReply) if a reply is too long, or more than it came with the last
    /// one: nothing is sent then, for the next reply could be that of another line,
    /// [`TimedOut`](ErrorKind::TimedOut) if no reply comes in time,
    /// [`InvalidConfig`](ErrorKind::InvalidConfig) for a text with a line feed, and
    /// [`Io`](ErrorKind::Io). After any of them the connection is of no more use: a late reply
    /// would be taken for the next.
    pub fn ask(&mut self, line: &str) -> Result<Result<String, RemoteError>, Error> {
        let reply = self.exchange(line)?;
        Ok(RemoteError::from_reply(reply).map_or_else(|| Ok(reply.to_owned()), Err))
    }

    /// Sends one line and returns the reply line as it came, without its end: an answer, or `ERR`
    /// and what [`RemoteError::from_reply`] reads.
    ///
    /// This is [`ask`](Self::ask) for whoever asks many thousand times a second: what it returns is
    /// good until the next call.
    ///
    /// # Errors
    ///
    /// As [`ask`](Self::ask).
    pub fn exchange(&mut self, line: &str) -> Result<&str, Error> {
        if line.contains('\n') {
            return Err(Error::new(
                ErrorKind::InvalidConfig,
                "text holds a line feed, allowed is one line",
            ));
        }
        self.expect_no_rest()?;
        self.wire.clear();
        self.wire.extend_from_slice(line.as_bytes());
        self.wire.extend_from_slice(b"\r\n");
        self.connection.writer.write_all(&self.wire, self.timeout).map_err(|error| {
            let is_late = error.kind() == std::io::ErrorKind::TimedOut;
            let kind = if is_late { ErrorKind::TimedOut } else { ErrorKind::Closed };
            Error::new(kind, "cannot send the line").with_source(error)
        })?;
        let reply = self.read_line()?;
        self.reply = String::from_utf8(reply)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(&self.reply)
    }

    /// Ends the conversation: waits for so long that nothing comes that nobody asked for.
    ///
    /// One line too many, whenever it came, leaves one to come after the last reply.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`BadReply`](ErrorKind::BadReply) if something comes, and
    /// [`Io`](ErrorKind::Io). That the server leaves, or that the wait is interrupted, is none.
    pub fn finish(mut self, patience: Duration) -> Result<(), Error> {
        let due = Instant::now().checked_add(patience);
        let mut left = Some(patience);
        self.expect_no_rest()?;
        loop {
            match self.connection.reader.read(self.buf.as_mut_slice(), left) {
                Ok(Received::Data(_)) => return Err(unasked()),
                Ok(Received::End | Received::Woken) => return Ok(()),
                Ok(Received::TimedOut) if left == Some(Duration::ZERO) => return Ok(()),
                // It may be told too early; the last look is without a wait.
                Ok(Received::TimedOut) => {
                    left = due.map(|due| due.saturating_duration_since(Instant::now()));
                }
                Err(error) => return Err(Error::io("cannot read what the server says", error)),
            }
        }
    }

    /// Sees that no more than the last reply came with it.
    fn expect_no_rest(&self) -> Result<(), Error> {
        if self.framer.is_empty() { Ok(()) } else { Err(unasked()) }
    }

    fn read_line(&mut self) -> Result<Vec<u8>, Error> {
        // None is later than any clock tells.
        let due = Instant::now().checked_add(self.timeout);
        // Nearly every reply comes whole with the first read, which may last the whole time.
        let mut left = Some(self.timeout);
        loop {
            match self.framer.poll_frame() {
                Some(Frame::Line(line)) => return Ok(line),
                Some(Frame::TooLong) => {
                    return Err(Error::new(
                        ErrorKind::BadReply,
                        format!("reply of more than {REPLY_LEN_MAX} bytes exceeds the limit"),
                    ));
                }
                Some(_) => continue,
                None => {}
            }
            let received = self.read(left)?;
            let now = Instant::now();
            self.framer.handle_bytes(now, self.buf.get(..received).unwrap_or_default());
            left = due.map(|due| due.saturating_duration_since(now));
            if received == 0 && left.is_some_and(|left| left.is_zero()) {
                return Err(Error::new(
                    ErrorKind::TimedOut,
                    format!("no reply within {} ms", self.timeout.as_millis()),
                ));
            }
        }
    }

    /// Takes what comes within `timeout`; how many bytes.
    fn read(&mut self, timeout: Option<Duration>) -> Result<usize, Error> {
        match self.connection.reader.read(self.buf.as_mut_slice(), timeout) {
            Ok(Received::Data(count)) => Ok(count),
            Ok(Received::TimedOut) => Ok(0),
            Ok(Received::End) => {
                Err(Error::new(ErrorKind::Closed, "the server left before its reply"))
            }
            Ok(Received::Woken) => Err(Error::new(ErrorKind::Closed, "the wait was interrupted")),
            Err(error) => Err(Error::io("cannot read the reply", error)),
        }
    }
}

#[cold]
fn unasked() -> Error {
    Error::new(
        ErrorKind::BadReply,
        "the server sent a line that nobody asked for, allowed is one reply to each line",
    )
}
