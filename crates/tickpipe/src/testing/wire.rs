//! The EA's end of a connection: whole lines in, whole lines out.

use std::io;
use std::time::{Duration, Instant};

use tickpipe_proto::message::encode::LINE_LEN_MAX;
use tickpipe_proto::{Frame, FrameLimits, LineFramer};

use super::script::Script;
use crate::error::{Error, ErrorKind};
use crate::name::PipeName;
use crate::session::link::{LinkReader, LinkWriter};
use crate::session::memory::MemoryEnd;
use crate::transport::{Control, Received, connect};

/// Who is at the other end of a connection in memory.
pub(super) const STRATEGY: &str = "the strategy's session";
/// Who is at the other end of a pipe.
pub(super) const SERVER: &str = "the server";

pub(super) struct Wire {
    reader: Box<dyn LinkReader>,
    writer: Box<dyn LinkWriter>,
    /// Kept as long as the connection is.
    _control: Option<Control>,
    framer: LineFramer,
    buf: Box<[u8; 4096]>,
    limit: Duration,
    is_lenient: bool,
    heard_at: Instant,
    /// Who is at the other end.
    peer: &'static str,
}

/// What came of waiting for a line.
pub(super) enum Line {
    /// The connection has ended.
    End,
    /// None came in time.
    Late,
    Whole(Vec<u8>),
}

impl Wire {
    pub(super) fn in_memory(end: MemoryEnd, script: &Script) -> Self {
        Self::of(STRATEGY, Box::new(end.reader), Box::new(end.writer), None, script)
    }

    pub(super) fn connect(pipe: &str, script: &Script) -> Result<Self, Error> {
        let connection = connect(&PipeName::new(pipe)?, script.limit)?;
        let (reader, writer) = (Box::new(connection.reader), Box::new(connection.writer));
        Ok(Self::of(SERVER, reader, writer, Some(connection.control), script))
    }

    fn of(
        peer: &'static str,
        reader: Box<dyn LinkReader>,
        writer: Box<dyn LinkWriter>,
        control: Option<Control>,
        script: &Script,
    ) -> Self {
        let mut limits = FrameLimits::default();
        limits.line_len_max = LINE_LEN_MAX;
        let framer = LineFramer::new(limits);
        Self {
            reader,
            writer,
            _control: control,
            framer,
            buf: Box::new([0; 4096]),
            limit: script.limit,
            is_lenient: script.is_lenient,
            heard_at: Instant::now(),
            peer,
        }
    }

    /// Returns how long nothing has come.
    pub(super) fn silence(&self) -> Duration {
        self.heard_at.elapsed()
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.writer.write_all(bytes, self.limit).map_err(|error| {
            let is_late = error.kind() == io::ErrorKind::TimedOut;
            let kind = if is_late { ErrorKind::TimedOut } else { ErrorKind::Closed };
            Error::new(kind, format!("cannot send to {}", self.peer)).with_source(error)
        })
    }

    /// Returns the next line; `None` at the end of the connection.
    pub(super) fn line(&mut self) -> Result<Option<Vec<u8>>, Error> {
        match self.line_within(self.limit)? {
            Line::Whole(line) => Ok(Some(line)),
            Line::End => Ok(None),
            Line::Late => {
                let (who, limit) = (self.peer, self.limit.as_millis());
                let text = format!("{who} sent nothing within {limit} ms");
                Err(Error::new(ErrorKind::TimedOut, text))
            }
        }
    }

    /// Returns the next line, if it comes in time.
    pub(super) fn line_within(&mut self, limit: Duration) -> Result<Line, Error> {
        let due = Instant::now().checked_add(limit);
        loop {
            match self.framer.poll_frame() {
                Some(Frame::Line(line)) => return Ok(Line::Whole(line)),
                Some(_) if self.is_lenient => continue,
                Some(_) => {
                    let text =
                        format!("{} sent a line of more than {LINE_LEN_MAX} bytes", self.peer);
                    return Err(Error::new(ErrorKind::BadReply, text));
                }
                None => {}
            }
            let left = due.map(|due| due.saturating_duration_since(Instant::now()));
            match self.reader.read(self.buf.as_mut_slice(), left) {
                Ok(Received::Data(count)) => {
                    let bytes = self.buf.get(..count).unwrap_or_default();
                    self.heard_at = Instant::now();
                    self.framer.handle_bytes(self.heard_at, bytes);
                }
                Ok(Received::End) => return Ok(Line::End),
                Ok(Received::TimedOut) if left.is_some_and(|left| left.is_zero()) => {
                    return Ok(Line::Late);
                }
                // It may be told too early.
                Ok(Received::TimedOut) => {}
                Ok(Received::Woken) => {
                    return Err(Error::new(ErrorKind::Closed, "the wait was interrupted"));
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
                    return Ok(Line::End);
                }
                Err(error) => {
                    return Err(Error::io(format!("cannot read what {} says", self.peer), error));
                }
            }
        }
    }
}
