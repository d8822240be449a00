//! A program's stdin, written by whoever has something to say.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::child::Input;

/// Bytes that wait while another thread writes: more than all answers that can be under way.
const WAITING_MAX: usize = 8 * 1024 * 1024;

/// Time for a program to take what is written, once its pipe is full. It does nothing else meanwhile
/// either, and ticks that queue up are dropped by the rule for them.
const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// What is written to.
pub(super) trait Sink: Send {
    /// Writes everything within `limit`, or fails.
    fn write_all(&mut self, bytes: &[u8], limit: Duration) -> io::Result<()>;
}

impl Sink for Input {
    fn write_all(&mut self, bytes: &[u8], limit: Duration) -> io::Result<()> {
        Self::write_all(self, bytes, Some(limit))
    }
}

/// Why a program cannot be told anything more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deaf {
    /// Its stdin is closed.
    Closed,
    /// It does not read.
    Stuck,
}

/// The way to a program. No lock is held while something is written: who finds another thread at it
/// leaves it his line.
#[derive(Debug)]
pub(super) struct Outbox<S>(Mutex<State<S>>);

#[derive(Debug)]
struct State<S> {
    /// `None` while a thread writes, and once it is closed.
    sink: Option<S>,
    waiting: Vec<u8>,
    is_closed: bool,
}

impl<S: Sink> Outbox<S> {
    pub(super) fn new(sink: S) -> Self {
        Self(Mutex::new(State { sink: Some(sink), waiting: Vec::new(), is_closed: false }))
    }

    /// Writes whole lines, or has the thread write them that is at it.
    pub(super) fn send(&self, lines: &[u8]) -> Result<(), Deaf> {
        let mut state = self.lock();
        if state.is_closed {
            return Err(Deaf::Closed);
        }
        let Some(mut sink) = state.sink.take() else {
            if state.waiting.len() + lines.len() > WAITING_MAX {
                return Err(Deaf::Stuck);
            }
            state.waiting.extend_from_slice(lines);
            return Ok(());
        };
        drop(state);
        let mut written = sink.write_all(lines, WRITE_LIMIT);
        loop {
            let mut state = self.lock();
            if let Err(error) = written {
                state.is_closed = true;
                let is_stuck = error.kind() == io::ErrorKind::TimedOut;
                return Err(if is_stuck { Deaf::Stuck } else { Deaf::Closed });
            }
            if state.is_closed {
                return Err(Deaf::Closed);
            }
            if state.waiting.is_empty() {
                state.sink = Some(sink);
                return Ok(());
            }
            let lines = std::mem::take(&mut state.waiting);
            drop(state);
            written = sink.write_all(&lines, WRITE_LIMIT);
        }
    }

    /// Closes the program's stdin.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        let sink = state.sink.take();
        drop(state);
        drop(sink);
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread;

    use super::*;

    /// Tells each write and waits for its result.
    struct Scripted(Sender<Vec<u8>>, Receiver<io::Result<()>>);

    impl Sink for Scripted {
        fn write_all(&mut self, bytes: &[u8], _limit: Duration) -> io::Result<()> {
            self.0.send(bytes.to_vec()).unwrap();
            self.1.recv().unwrap()
        }
    }

    type Ends = (Arc<Outbox<Scripted>>, Receiver<Vec<u8>>, Sender<io::Result<()>>);

    fn outbox() -> Ends {
        let ((told, writes), (results, result)) = (channel(), channel());
        (Arc::new(Outbox::new(Scripted(told, result))), writes, results)
    }

    #[test]
    fn who_finds_a_writer_leaves_it_his_line() {
        let (outbox, writes, results) = outbox();
        let writer = thread::spawn({
            let outbox = Arc::clone(&outbox);
            move || outbox.send(b"a\n")
        });
        assert_eq!(writes.recv().unwrap(), b"a\n");
        assert_eq!(outbox.send(b"b\n"), Ok(()));
        assert_eq!(outbox.send(b"c\n"), Ok(()));
        results.send(Ok(())).unwrap();
        assert_eq!(writes.recv().unwrap(), b"b\nc\n");
        assert_eq!(outbox.send(&vec![b'x'; WAITING_MAX + 1]), Err(Deaf::Stuck));
        results.send(Err(io::ErrorKind::TimedOut.into())).unwrap();
        assert_eq!(writer.join().unwrap(), Err(Deaf::Stuck));
        assert_eq!(outbox.send(b"d\n"), Err(Deaf::Closed));
    }

    #[test]
    fn closed_while_another_writes_it_is_closed_after_that() {
        let (outbox, writes, results) = outbox();
        let writer = thread::spawn({
            let outbox = Arc::clone(&outbox);
            move || outbox.send(b"a\n")
        });
        writes.recv().unwrap();
        outbox.close();
        results.send(Ok(())).unwrap();
        assert_eq!(writer.join().unwrap(), Err(Deaf::Closed));
        // The sink is dropped, which is how a program sees the end of its stdin.
        assert!(writes.recv().is_err());
    }
}
