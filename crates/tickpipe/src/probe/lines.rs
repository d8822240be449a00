//! Bytes cut into lines, as plainly as can be.

/// Bytes of a line without its end.
pub(super) const LINE_LEN_MAX: usize = 4096;

/// What stands before a line feed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// More than a line may have; so much of it was kept from memory as well.
    TooLong,
    /// A line without its end.
    Whole(Vec<u8>),
}

/// Bytes that came and are not used yet.
#[derive(Debug, Default)]
pub(super) struct Lines {
    held: Vec<u8>,
    /// The line that goes on is too long already; what is held of it is dropped.
    is_too_long: bool,
}

impl Lines {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.held.extend_from_slice(bytes);
    }

    /// Takes the next line, if all of it is there.
    pub(super) fn next_line(&mut self) -> Option<Line> {
        let Some(len) = self.held.iter().position(|byte| *byte == b'\n') else {
            // One byte more than the longest line: it may be the carriage return of its end.
            if self.held.len() > LINE_LEN_MAX + 1 {
                self.is_too_long = true;
                self.held.clear();
            }
            return None;
        };
        let mut line: Vec<u8> = self.held.drain(..=len).collect();
        line.truncate(len);
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let is_too_long = std::mem::take(&mut self.is_too_long) || line.len() > LINE_LEN_MAX;
        Some(if is_too_long { Line::TooLong } else { Line::Whole(line) })
    }

    /// Takes all bytes that came, lines or not.
    pub(super) fn take_raw(&mut self) -> Vec<u8> {
        self.is_too_long = false;
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&[u8]], want: &[Line]) {
        let mut lines = Lines::default();
        let mut got = Vec::new();
        for piece in pieces {
            lines.push(piece);
            got.extend(std::iter::from_fn(|| lines.next_line()));
        }
        assert_eq!(got, want);
    }

    fn whole(line: &[u8]) -> Line {
        Line::Whole(line.to_vec())
    }

    #[test]
    fn lines_end_at_the_line_feed_and_lose_one_carriage_return() {
        check(&[b"a\r\nb\n\n"], &[whole(b"a"), whole(b"b"), whole(b"")]);
        check(&[b"a\rb\r\r\n"], &[whole(b"a\rb\r")]);
        check(&[b"1.1", b"\r", b"\n2"], &[whole(b"1.1")]);
        check(&[b"\xff\0\n"], &[whole(b"\xff\0")]);
    }

    #[test]
    fn a_line_has_a_limit_and_the_next_one_is_whole_again() {
        let longest = [b'x'; LINE_LEN_MAX];
        check(&[&longest, b"\r", b"\n"], &[whole(&longest)]);
        check(&[&longest, b"x\ny\n"], &[Line::TooLong, whole(b"y")]);
        check(&[&longest, &longest, &longest, b"\ny\n"], &[Line::TooLong, whole(b"y")]);
    }

    #[test]
    fn what_is_held_stays_small_however_long_a_line_is() {
        let mut lines = Lines::default();
        for _ in 0..1000 {
            lines.push(&[b'x'; 1000]);
            assert_eq!(lines.next_line(), None);
            assert!(lines.held.len() <= LINE_LEN_MAX + 1);
        }
    }

    #[test]
    fn raw_bytes_are_taken_once() {
        let mut lines = Lines::default();
        lines.push(b"a\nb");
        assert_eq!(lines.take_raw(), b"a\nb");
        assert_eq!(lines.take_raw(), b"");
    }
}
