//! What a program writes on stderr, in the log; a loop of errors must not fill a disk.

use std::time::{Duration, Instant};

use tickpipe_proto::escaped;

/// Lines of one program that are logged within a second: a traceback or two.
const LINES_MAX: u32 = 100;
const WINDOW: Duration = Duration::from_secs(1);

/// Characters of a line that are logged: as many as a line has.
const CHARS_MAX: usize = 1000;

/// Logs the lines of one program.
#[derive(Debug)]
pub(super) struct StderrLog {
    /// The EA's process, to tell programs apart.
    peer: String,
    window_begun_at: Instant,
    lines: u32,
    dropped: u64,
}

impl StderrLog {
    pub(super) fn new(peer: &str) -> Self {
        Self { peer: peer.to_owned(), window_begun_at: Instant::now(), lines: 0, dropped: 0 }
    }

    /// Logs a line, or counts it.
    pub(super) fn tell(&mut self, line: &str) {
        if self.admits(Instant::now()) {
            let line = escaped(line, CHARS_MAX);
            tracing::warn!(%line, peer = %self.peer, "stderr");
        }
    }

    fn admits(&mut self, now: Instant) -> bool {
        if now.saturating_duration_since(self.window_begun_at) >= WINDOW {
            self.tell_dropped();
            self.window_begun_at = now;
            self.lines = 0;
        }
        if self.lines < LINES_MAX {
            self.lines += 1;
            return true;
        }
        self.dropped += 1;
        false
    }

    fn tell_dropped(&mut self) {
        if self.dropped > 0 {
            let lines = std::mem::take(&mut self.dropped);
            tracing::warn!(peer = %self.peer, lines, "too much on stderr, not logged");
        }
    }
}

impl Drop for StderrLog {
    fn drop(&mut self) {
        self.tell_dropped();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_of_errors_is_cut_and_counted() {
        let mut log = StderrLog::new("1");
        let begin = log.window_begun_at;
        let admitted = (0..1000).filter(|_| log.admits(begin)).count();
        assert_eq!((admitted, log.dropped), (100, 900));
        assert!(log.admits(begin + WINDOW));
        assert_eq!(log.dropped, 0);
    }
}
