//! One connection: its lines, and what the EA asks for.

use std::io;
use std::time::{Duration, Instant};

use tickpipe_proto::escaped;

use super::command::{Command, End};
use super::die::die;
use super::fault::Fault;
use super::lines::{LINE_LEN_MAX, Line, Lines};
use super::manner::{Manner, digits};
use super::shared::{Entry, Shared};
use super::{Observer, ProbeEvent, push};
use crate::transport::{Connection, Control, Reader, Received, Writer};

/// The time that a peer has to take what is written.
const WRITE_DEADLINE: Duration = Duration::from_secs(60);

/// Between the answer to a command that ends the connection and the end, so that the EA can be where
/// it wants to be hit.
const END_PAUSE: Duration = Duration::from_millis(200);

/// Between two looks whether a peer that is not listened to has left.
const DEAF_LOOK: Duration = Duration::from_millis(50);

/// Bytes that are shown in hex by one command.
const DUMP_LEN_MAX: usize = 64 * 1024;

/// Why a connection is over.
#[derive(Debug)]
pub(super) enum Over {
    /// It was asked for, or is a fault that was.
    AsAsked,
    Failed(io::Error),
    PeerLeft,
    Stopped,
}

impl From<io::Error> for Over {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// A connection as its thread has it.
pub(super) struct Talk<'a> {
    shared: &'a Shared,
    observer: &'a Observer<'a>,
    pub(super) id: u64,
    reader: Reader,
    writer: Writer,
    control: Control,
    lines: Lines,
    manner: Manner,
    /// Ordinary lines that came.
    line_count: u64,
}

/// Serves a connection until it is over.
pub(super) fn serve(
    shared: &Shared,
    observer: &Observer<'_>,
    entry: Entry<'_>,
    connection: Connection,
) {
    let Connection { reader, writer, control } = connection;
    let mut talk = Talk {
        shared,
        observer,
        id: entry.id,
        reader,
        writer,
        control,
        lines: Lines::default(),
        manner: Manner::default(),
        line_count: 0,
    };
    let over = loop {
        if let Err(over) = talk.serve_line() {
            break over;
        }
    };
    let id = entry.id;
    // First the entry, then the rest: the handle is closed with the last of them.
    drop(entry);
    drop(talk);
    match over {
        Over::Failed(error) => tracing::info!(connection = id, %error, "connection failed"),
        Over::AsAsked | Over::PeerLeft | Over::Stopped => {
            tracing::info!(connection = id, ?over, "connection closed");
        }
    }
}

impl Talk<'_> {
    fn serve_line(&mut self) -> Result<(), Over> {
        match self.next_line(None)? {
            None => Ok(()),
            Some(Line::TooLong) => {
                // It is answered in the present manner, as a line of this text would be.
                let text = format!("ERR too_long found more than {LINE_LEN_MAX} bytes");
                self.answer(text.as_bytes())
            }
            Some(Line::Whole(line)) => match line.strip_prefix(b"!") {
                Some(command) => self.command(&String::from_utf8_lossy(command)),
                None => self.answer(&line),
            },
        }
    }

    /// Returns the next line; `None` if there is none within `timeout`.
    pub(super) fn next_line(&mut self, timeout: Option<Duration>) -> Result<Option<Line>, Over> {
        let due = timeout.map(|timeout| Instant::now() + timeout);
        loop {
            if let Some(line) = self.lines.next_line() {
                return Ok(Some(line));
            }
            if !self.receive(due)? {
                return Ok(None);
            }
        }
    }

    /// Waits for more bytes; whether some came before `due`.
    fn receive(&mut self, due: Option<Instant>) -> Result<bool, Over> {
        let mut buf = [0; 4096];
        loop {
            let left = due.map(|due| due.saturating_duration_since(Instant::now()));
            match self.reader.read(&mut buf, left)? {
                Received::Data(count) => {
                    self.lines.push(buf.get(..count).unwrap_or_default());
                    return Ok(true);
                }
                Received::End if self.shared.is_stopping() => return Err(Over::Stopped),
                Received::End => return Err(Over::PeerLeft),
                // A reader may say so too early.
                Received::TimedOut if due.is_some_and(|due| Instant::now() < due) => {}
                Received::TimedOut => return Ok(false),
                Received::Woken => return Err(Over::Stopped),
            }
        }
    }

    /// Writes all of `bytes` at once.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Over> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.writer.write_all(bytes, WRITE_DEADLINE).map_err(|error| {
            if self.shared.is_stopping() {
                Over::Stopped
            } else if error.kind() == io::ErrorKind::BrokenPipe {
                Over::PeerLeft
            } else {
                Over::Failed(error)
            }
        })
    }

    pub(super) fn pause(&self, pause: Duration) -> Result<(), Over> {
        if pause.is_zero() || self.shared.pause(pause) { Ok(()) } else { Err(Over::Stopped) }
    }

    /// Returns what a line that is pushed waits for beside what was asked for.
    pub(super) fn push_pause(&self, index: u64, limit_ms: u64) -> Duration {
        self.shared.faults.push_pause(self.id, index, limit_ms)
    }

    /// Answers an ordinary line, or lets it meet its fault.
    fn answer(&mut self, line: &[u8]) -> Result<(), Over> {
        self.line_count += 1;
        let fault = self.shared.faults.of(self.id, self.line_count);
        if fault != Fault::None {
            tracing::debug!(connection = self.id, line = self.line_count, ?fault, "fault");
        }
        match fault {
            Fault::Cut => return Err(Over::AsAsked),
            Fault::Late(by) => self.pause(by)?,
            Fault::Mute => return Ok(()),
            Fault::None => {}
        }
        for part in self.manner.answer(line) {
            self.pause(part.pause)?;
            self.write(&part.bytes)?;
        }
        Ok(())
    }

    fn command(&mut self, text: &str) -> Result<(), Over> {
        let command = Command::parse(text);
        (self.observer)(&ProbeEvent { connection: self.id, line: text, command: &command });
        let command = match command {
            Ok(command) => command,
            Err(error) => return self.write(format!("ERR usage {error}\r\n").as_bytes()),
        };
        if command.is_confirmed() {
            self.write(b"OK\r\n")?;
        }
        match command {
            Command::Bytes(len) => self.write(&digits(len)),
            Command::Deaf(pause) if pause.is_zero() => self.be_deaf(),
            Command::Deaf(pause) => self.pause(pause),
            Command::Dump(time) => self.dump(time),
            Command::End(end, len) => self.end(end, len),
            Command::Manner(manner) => {
                self.manner = manner;
                Ok(())
            }
            Command::Push(count, pause) => {
                let result = push::push(self, count, pause)?;
                self.write(format!("{result}\r\n").as_bytes())
            }
            Command::Two(first, pause, second) => {
                self.write(&digits(first))?;
                self.pause(pause)?;
                self.write(&digits(second))
            }
        }
    }

    /// Reads nothing until the peer has left.
    fn be_deaf(&self) -> Result<(), Over> {
        while !self.control.has_peer_left()? {
            self.pause(DEAF_LOOK)?;
        }
        Err(Over::PeerLeft)
    }

    /// Collects what comes and shows it.
    fn dump(&mut self, time: Duration) -> Result<(), Over> {
        let due = Instant::now() + time;
        let mut bytes = self.lines.take_raw();
        while bytes.len() < DUMP_LEN_MAX && self.receive(Some(due))? {
            bytes.append(&mut self.lines.take_raw());
        }
        let mut hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        hex.push_str("\r\n");
        self.write(hex.as_bytes())
    }

    fn end(&mut self, end: End, len: usize) -> Result<(), Over> {
        self.pause(END_PAUSE)?;
        // A peer that has left meanwhile spares nobody the end.
        let written = self.write(&digits(len));
        match end {
            End::Close => {}
            End::Die => die()?,
            End::Disconnect => self.control.disconnect()?,
        }
        written.and(Err(Over::AsAsked))
    }
}

/// Returns a line as an error shows it.
pub(super) fn shown(line: &Line) -> String {
    match line {
        Line::TooLong => format!("more than {LINE_LEN_MAX} bytes"),
        Line::Whole(line) => format!("`{}`", escaped(&String::from_utf8_lossy(line), 40)),
    }
}
