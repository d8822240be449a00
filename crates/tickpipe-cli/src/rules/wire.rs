//! A connection that is read by lines and written as a script wants it.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use tickpipe::raw::{RawConnection, RawRead};

/// The time that the other side has to take what is written.
const WRITE_DEADLINE: Duration = Duration::from_secs(10);

/// Bytes that are written one by one; what is longer goes in pieces of a prime's length.
const SINGLE_BYTES_MAX: usize = 2000;
const PIECE_LEN: usize = 997;

/// Longest line that is kept. It is not for us to be broken by what is tried.
const KEPT_LEN_MAX: usize = 1 << 20;

/// How what is sent is split into writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Split {
    /// Byte by byte; long messages in pieces
    Bytes,
    /// In pieces of random lengths, the same in each run
    Random,
    /// As the script says
    #[default]
    Whole,
}

/// What comes from the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// A line without its end.
    Line(Vec<u8>),
    /// The other side has closed; half a line may stand before it.
    End(Vec<u8>),
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Wire {
    connection: RawConnection,
    split: Split,
    random: u32,
    /// What came and is no whole line yet.
    begun: Vec<u8>,
    /// What came, in order.
    pub(crate) inbox: VecDeque<Arrival>,
    is_over: bool,
    /// Whether what was written ends inside a line.
    is_inside_line: bool,
    /// Answers of the runner's own that wait for that line's end.
    owed: Vec<u8>,
}

impl Wire {
    pub(crate) fn new(connection: RawConnection, split: Split) -> Self {
        let (begun, inbox) = (Vec::new(), VecDeque::new());
        Self {
            connection,
            split,
            random: 0x9e37_79b9,
            begun,
            inbox,
            is_over: false,
            is_inside_line: false,
            owed: Vec::new(),
        }
    }

    /// Takes what comes into the inbox, once, waiting for it at most `timeout`; how many lines.
    ///
    /// # Errors
    ///
    /// Returns the system's word.
    pub(crate) fn pump(&mut self, timeout: Duration) -> io::Result<usize> {
        if self.is_over {
            std::thread::sleep(timeout);
            return Ok(0);
        }
        let known = self.inbox.len();
        let mut buf = [0; 16_384];
        match self.connection.read(&mut buf, timeout)? {
            RawRead::Data(count) => self.take(buf.get(..count).unwrap_or_default()),
            RawRead::End => {
                self.is_over = true;
                let rest = std::mem::take(&mut self.begun);
                self.inbox.push_back(Arrival::End(rest));
            }
            RawRead::TimedOut | _ => {}
        }
        Ok(self.inbox.len() - known)
    }

    fn take(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.begun.len() < KEPT_LEN_MAX {
                self.begun.extend_from_slice(piece);
            }
            if piece.last() == Some(&b'\n') {
                let mut line = std::mem::take(&mut self.begun);
                line.pop_if(|byte| *byte == b'\n');
                line.pop_if(|byte| *byte == b'\r');
                self.inbox.push_back(Arrival::Line(line));
            }
        }
    }

    /// Writes a line of the runner's own, behind the line that the script is in.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub(crate) fn write_between(&mut self, line: &str) -> io::Result<()> {
        self.owed.extend_from_slice(line.as_bytes());
        self.owed.push(b'\n');
        self.pay()
    }

    /// Writes what is owed, unless a line is open.
    fn pay(&mut self) -> io::Result<()> {
        if self.is_inside_line || self.owed.is_empty() {
            return Ok(());
        }
        let owed = std::mem::take(&mut self.owed);
        self.write_split(&owed)
    }

    /// Writes bytes, split as this connection's are. That the other side has closed is no error: what
    /// it said before it did is read all the same.
    ///
    /// # Errors
    ///
    /// Returns the system's word for anything else.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_split(bytes)?;
        self.is_inside_line = bytes.last().is_some_and(|byte| *byte != b'\n');
        self.pay()
    }

    fn write_split(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let len = match self.split {
                Split::Whole => rest.len(),
                Split::Bytes if bytes.len() <= SINGLE_BYTES_MAX => 1,
                Split::Bytes => PIECE_LEN,
                Split::Random => self.random_len(bytes.len()),
            };
            let (piece, after) = rest.split_at(len.min(rest.len()));
            match self.connection.write_all(piece, WRITE_DEADLINE) {
                Ok(()) => {}
                Err(error) if is_gone(&error) => return Ok(()),
                Err(error) => return Err(error),
            }
            rest = after;
        }
        Ok(())
    }

    /// A length from 1 to about a quarter of the whole, of Marsaglia's xorshift.
    fn random_len(&mut self, whole: usize) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        let most = (whole / 4).clamp(1, 4096);
        1 + usize::try_from(self.random).unwrap_or_default() % most
    }
}

/// Whether an error of a write says that nobody is there.
fn is_gone(error: &io::Error) -> bool {
    /// Windows: `ERROR_NO_DATA`, the pipe is being closed; `ERROR_PIPE_NOT_CONNECTED`.
    const GONE: [i32; 2] = [232, 233];
    matches!(error.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset)
        || cfg!(windows) && error.raw_os_error().is_some_and(|code| GONE.contains(&code))
}

/// How long is left until `until`.
pub(crate) fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}
