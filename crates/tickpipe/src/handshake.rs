//! The first lines over TCP: one with the token, one with what the server says to it.

use std::time::Instant;

use crate::transport::{Reader, Received};

/// Bytes of a first line, its line end not counted.
pub(crate) const FIRST_LINE_LEN_MAX: usize = 512;

/// What the server answers to the right token.
pub(crate) const WELCOME: &str = "OK";

/// Why there is no first line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoLine {
    /// The other end left.
    Ended,
    /// It was not ended in time.
    Late,
    /// It has more bytes than [`FIRST_LINE_LEN_MAX`].
    TooLong,
    /// The wait was ended from this side.
    Woken,
}

/// Reads a line, without its end, until `due`.
///
/// A byte at a time: what comes behind it belongs to the conversation that follows.
pub(crate) fn read_first_line(reader: &mut Reader, due: Instant) -> Result<Vec<u8>, NoLine> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        let left = due.saturating_duration_since(Instant::now());
        match reader.read(&mut byte, Some(left)) {
            Ok(Received::Data(_)) if byte == *b"\n" => {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(line);
            }
            Ok(Received::Data(_)) if line.len() >= FIRST_LINE_LEN_MAX => {
                return Err(NoLine::TooLong);
            }
            Ok(Received::Data(_)) => line.extend_from_slice(&byte),
            Ok(Received::TimedOut) if left.is_zero() => return Err(NoLine::Late),
            Ok(Received::TimedOut) => {}
            Ok(Received::Woken) => return Err(NoLine::Woken),
            Ok(Received::End) | Err(_) => return Err(NoLine::Ended),
        }
    }
}
