//! One line to another program, one line back, and never the answer to another line.
//!
//! Whoever answers may be late, print what nobody asked for, or leave. The rule that keeps answers
//! with their lines: no line is sent while an answer is owed, and what is there before a line is
//! sent is not its answer.

use std::io;
use std::time::{Duration, Instant};

use tickpipe_proto::{ErrorCode, LineError, Reply};

use crate::transport::Received;

/// Bytes of an answer, its line end not counted.
const ANSWER_LEN_MAX: usize = 65_536;

/// Bytes that nobody asked for and that are dropped before a line is sent. Whoever prints more at
/// once prints without end.
const UNASKED_LEN_MAX: usize = 1024 * 1024;

/// The part of a line's time that is kept back for its answer's way.
const MARGIN_SHARE: u32 = 20;
const MARGIN_MAX: Duration = Duration::from_millis(50);

/// The time for a line, as far as it has a limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    /// When it is over; `None` where it never is.
    pub(crate) due: Option<Instant>,
    /// How long it was when it began.
    pub(crate) in_all: Option<Duration>,
}

impl Time {
    /// Returns the time until `due`, less what the answer's way takes.
    pub(crate) fn until(due: Option<Instant>) -> Self {
        let now = Instant::now();
        let in_all = due.map(|due| {
            let left = due.saturating_duration_since(now);
            left - MARGIN_MAX.min(left / MARGIN_SHARE)
        });
        Self { due: in_all.map(|in_all| now + in_all), in_all }
    }

    /// Returns what is left, at most `max`.
    pub(crate) fn left(self, max: Duration) -> Duration {
        self.due.map_or(max, |due| due.saturating_duration_since(Instant::now()).min(max))
    }

    pub(crate) fn as_millis(self) -> u128 {
        self.in_all.unwrap_or_default().as_nanos().div_ceil(1_000_000)
    }
}

/// What ends a line to a server, which takes away one carriage return.
const SERVER_LINE_END: &str = "\r\n";

/// The bytes of a program that answers lines.
pub(crate) trait Partner {
    /// Reads what is there, waiting for it at most `timeout`.
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<Received>;

    /// Writes everything within `deadline`, or fails.
    fn write_all(&mut self, bytes: &[u8], deadline: Option<Duration>) -> io::Result<()>;
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Missed {
    /// The program left. `was_sent` tells whether it may have seen the line.
    Ended { was_sent: bool },
    /// The program prints without being asked, and without end.
    Flooded,
    /// The answer to the line before is still owed, since then.
    Owed { since: Instant },
    /// The program does not take its input.
    Stuck,
    /// There was no answer in time.
    TimedOut,
    /// The answer is no text, or too long; the program goes on.
    Unusable(LineError),
}

/// What the next whole line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Answer,
    Nothing,
}

/// How often pairing had to drop something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dropped {
    /// Answers that came after their line had been given up.
    pub(crate) late: u64,
    /// Lines that nobody asked for.
    pub(crate) unasked: u64,
}

/// The state of a conversation of one line at a time.
#[derive(Debug)]
pub(crate) struct Exchange {
    /// What ends a line that is sent.
    line_end: &'static str,
    chunk: Box<[u8; 4096]>,
    wire: Vec<u8>,
    /// The beginning of the answer that is waited for or owed.
    answer: Vec<u8>,
    /// Since when an answer is owed that nobody waits for any more.
    owed_since: Option<Instant>,
    /// What comes up to the next line feed is no answer.
    is_skipping: bool,
    dropped: Dropped,
    /// `dropped.unasked` when the newest line was sent.
    unasked_when_sent: u64,
}

impl Exchange {
    pub(crate) fn new() -> Self {
        Self {
            line_end: "\n",
            chunk: Box::new([0; 4096]),
            wire: Vec::new(),
            answer: Vec::new(),
            owed_since: None,
            is_skipping: false,
            dropped: Dropped::default(),
            unasked_when_sent: 0,
        }
    }

    /// Begins a conversation with a server of ours. A carriage return is data to it, but for one at
    /// the end of a line.
    pub(crate) fn with_server() -> Self {
        Self { line_end: SERVER_LINE_END, ..Self::new() }
    }

    /// Returns what was dropped since the last call.
    pub(crate) fn take_dropped(&mut self) -> Dropped {
        std::mem::take(&mut self.dropped)
    }

    /// Sends a line and waits for its answer until `due`.
    pub(crate) fn ask(
        &mut self,
        partner: &mut impl Partner,
        line: &str,
        due: Option<Instant>,
    ) -> Result<String, Missed> {
        self.drop_unasked(partner)?;
        if let Some(since) = self.owed_since {
            return Err(Missed::Owed { since });
        }
        self.unasked_when_sent = self.dropped.unasked;
        self.wire.clear();
        self.wire.extend_from_slice(line.as_bytes());
        self.wire.extend_from_slice(self.line_end.as_bytes());
        match partner.write_all(&self.wire, left_until(due)) {
            Ok(()) => self.await_answer(partner, due),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Err(Missed::Stuck),
            Err(_) => Err(Missed::Ended { was_sent: true }),
        }
    }

    /// Returns whether anything came unasked since [`take_dropped`](Self::take_dropped).
    pub(crate) fn has_dropped_unasked(&self) -> bool {
        self.is_skipping || self.dropped.unasked > 0
    }

    /// Listens for `time` whether the program has more to say than its answer, and drops that.
    ///
    /// Returns `true` if it has: then nobody knows which of its lines was the answer.
    pub(crate) fn has_surplus(&mut self, partner: &mut impl Partner, time: Duration) -> bool {
        let due = Instant::now() + time;
        while let Ok(Received::Data(count)) =
            partner.read(self.chunk.as_mut_slice(), left_until(Some(due)))
        {
            self.take(count, Expected::Nothing);
            if due <= Instant::now() {
                break;
            }
        }
        self.is_skipping || self.unasked_when_sent < self.dropped.unasked
    }

    /// Drops what came since the last answer: the one that is owed, and what nobody asked for.
    fn drop_unasked(&mut self, partner: &mut impl Partner) -> Result<(), Missed> {
        let mut len = 0;
        loop {
            match partner.read(self.chunk.as_mut_slice(), Some(Duration::ZERO)) {
                Ok(Received::Data(count)) => {
                    len += count;
                    if len > UNASKED_LEN_MAX {
                        return Err(Missed::Flooded);
                    }
                    self.take(count, Expected::Nothing);
                }
                Ok(Received::TimedOut | Received::Woken) => return Ok(()),
                Ok(Received::End) | Err(_) => return Err(Missed::Ended { was_sent: false }),
            }
        }
    }

    fn await_answer(
        &mut self,
        partner: &mut impl Partner,
        due: Option<Instant>,
    ) -> Result<String, Missed> {
        loop {
            match partner.read(self.chunk.as_mut_slice(), left_until(due)) {
                Ok(Received::Data(count)) => {
                    if let Some(answer) = self.take(count, Expected::Answer) {
                        return answer;
                    }
                }
                Ok(Received::End) | Err(_) => return Err(Missed::Ended { was_sent: true }),
                Ok(Received::TimedOut | Received::Woken) => {}
            }
            let now = Instant::now();
            if due.is_some_and(|due| due <= now) {
                self.owed_since = Some(now);
                return Err(Missed::TimedOut);
            }
        }
    }

    /// Counts the lines of what a program still prints when nobody asks it any more.
    pub(crate) fn drop_rest(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(self.chunk.len()) {
            if let Some(chunk) = self.chunk.get_mut(..piece.len()) {
                chunk.copy_from_slice(piece);
            }
            self.take(piece.len(), Expected::Nothing);
        }
    }

    /// Takes `count` new bytes, which may end several lines; the answer, if that is expected and
    /// among them.
    ///
    /// In this order a line is: the end of one that was no answer when it began; the answer; the
    /// late answer that is owed; what nobody asked for.
    fn take(&mut self, count: usize, expected: Expected) -> Option<Result<String, Missed>> {
        let mut is_expected = expected == Expected::Answer;
        let mut answer = None;
        let mut begin = 0;
        while let Some(end) = self.line_feed(begin, count) {
            if self.is_skipping {
                self.is_skipping = false;
                self.dropped.unasked += 1;
            } else if is_expected {
                is_expected = false;
                self.keep(begin, end);
                let line = std::mem::take(&mut self.answer);
                answer = Some(self.text_of(&line));
            } else if self.owed_since.take().is_some() {
                self.answer.clear();
                self.dropped.late += 1;
            } else {
                self.dropped.unasked += 1;
            }
            begin = end + 1;
        }
        if begin == count || self.is_skipping {
            return answer;
        }
        // Half a line is left.
        if is_expected {
            self.keep(begin, count);
            // A line of the longest length may end with a carriage return.
            if self.answer.len() > ANSWER_LEN_MAX + 1 {
                self.answer = Vec::new();
                self.is_skipping = true;
                answer = Some(Err(too_long()));
            }
        } else if self.owed_since.is_none() {
            self.is_skipping = true;
        }
        answer
    }

    /// Keeps the bytes `begin..end` of the chunk as part of the answer.
    fn keep(&mut self, begin: usize, end: usize) {
        self.answer.extend_from_slice(self.chunk.get(begin..end).unwrap_or_default());
    }

    /// Checks a line that is an answer.
    fn text_of(&self, line: &[u8]) -> Result<String, Missed> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > ANSWER_LEN_MAX {
            return Err(too_long());
        }
        let Ok(text) = std::str::from_utf8(line) else {
            return Err(unusable("the handler's reply is not UTF-8; print UTF-8 text".to_owned()));
        };
        // An EA's text ends at a NUL, and what is behind a carriage return looks like another line.
        let is_refused = |c: &char| *c == '\0' || *c == '\r' && self.line_end != SERVER_LINE_END;
        if let Some(found) = text.chars().find(is_refused) {
            let found = found.escape_default();
            return Err(unusable(format!(
                "the handler's reply holds a `{found}`; print one line of UTF-8 text"
            )));
        }
        // PowerShell begins its output with a mark.
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
    }

    fn line_feed(&self, begin: usize, end: usize) -> Option<usize> {
        let bytes = self.chunk.get(begin..end)?;
        bytes.iter().position(|byte| *byte == b'\n').map(|at| begin + at)
    }
}

/// Reads an answer line as what it stands for: `ERR <code> <text>` is an error.
pub(crate) fn reply_of(answer: String) -> Reply {
    let Some(error) = answer.strip_prefix("ERR") else { return Ok(answer) };
    if !error.is_empty() && !error.starts_with(' ') {
        return Ok(answer);
    }
    let error = error.trim_start();
    let (word, text) = error.split_once(' ').unwrap_or((error, ""));
    let code = ErrorCode::from_word(word).filter(|code| code.is_of_line_mode());
    Err(match code {
        Some(code) => LineError::new(code, text),
        None => LineError::failed(error),
    })
}

fn left_until(due: Option<Instant>) -> Option<Duration> {
    due.map(|due| due.saturating_duration_since(Instant::now()))
}

fn too_long() -> Missed {
    unusable(format!(
        "the handler's reply has more than {ANSWER_LEN_MAX} bytes, the rest is ignored"
    ))
}

fn unusable(text: String) -> Missed {
    Missed::Unusable(LineError::new(ErrorCode::BadReply, text))
}

#[cfg(test)]
mod tests;
