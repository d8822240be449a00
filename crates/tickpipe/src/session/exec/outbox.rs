//! A program's stdin, written by whoever has something to say.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::child::Input;

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
    /// Its stdin was closed by us, or was found to be of no use before.
    Closed,
    /// It has closed its stdin, or has ended.
    Left,
    /// It does not read.
    Stuck,
}

/// The way to a program. No lock is held while something is written: who finds another thread at it
/// waits for its turn, so that nobody writes for others without end.
#[derive(Debug)]
pub(super) struct Outbox<S> {
    state: Mutex<State<S>>,
    turn: Condvar,
}

#[derive(Debug)]
struct State<S> {
    /// `None` while a thread writes, and once it is closed.
    sink: Option<S>,
    /// Whose turn it is, and the number that the next to come gets.
    turn: u64,
    next: u64,
    is_closed: bool,
}

impl<S: Sink> Outbox<S> {
    pub(super) fn new(sink: S) -> Self {
        let state = State { sink: Some(sink), turn: 0, next: 0, is_closed: false };
        Self { state: Mutex::new(state), turn: Condvar::new() }
    }

    /// Writes whole lines, in the order in which threads come with them.
    pub(super) fn send(&self, lines: &[u8]) -> Result<(), Deaf> {
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        while state.turn != number && !state.is_closed {
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let Some(mut sink) = state.sink.take() else { return Err(Deaf::Closed) };
        drop(state);
        let written = sink.write_all(lines, WRITE_LIMIT);
        let mut state = self.lock();
        state.turn += 1;
        let is_waited_for = state.turn != state.next;
        let sent = match written {
            Ok(()) if state.is_closed => Err(Deaf::Closed),
            Ok(()) => {
                state.sink = Some(sink);
                Ok(())
            }
            Err(_) if state.is_closed => Err(Deaf::Closed),
            Err(error) => {
                state.is_closed = true;
                let is_stuck = error.kind() == io::ErrorKind::TimedOut;
                Err(if is_stuck { Deaf::Stuck } else { Deaf::Left })
            }
        };
        drop(state);
        if is_waited_for {
            self.turn.notify_all();
        }
        sent
    }

    /// Closes the program's stdin.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        let sink = state.sink.take();
        drop(state);
        self.turn.notify_all();
        drop(sink);
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread::{self, JoinHandle};

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

    /// Waits until so many have come.
    fn wait_for(outbox: &Outbox<Scripted>, count: u64) {
        while outbox.lock().next < count {
            thread::yield_now();
        }
    }

    fn send(outbox: &Arc<Outbox<Scripted>>, line: &'static str) -> JoinHandle<Result<(), Deaf>> {
        let outbox = Arc::clone(outbox);
        thread::spawn(move || outbox.send(line.as_bytes()))
    }

    #[test]
    fn each_writes_its_own_in_turn() {
        let (outbox, writes, results) = outbox();
        let lines = ["a\n", "b\n", "c\n", "d\n"];
        let senders: Vec<_> = (1..)
            .zip(lines)
            .map(|(count, line)| {
                let sender = send(&outbox, line);
                wait_for(&outbox, count);
                sender
            })
            .collect();
        let mut found = Vec::new();
        for (line, sender) in lines.iter().zip(senders) {
            if *line == "d\n" {
                // Nobody is told of the one that is gone.
                found.push(sender.join().unwrap());
                break;
            }
            assert_eq!(writes.recv().unwrap(), line.as_bytes());
            let is_last = *line == "c\n";
            results
                .send(if is_last { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) })
                .unwrap();
            found.push(sender.join().unwrap());
        }
        assert_eq!(found, [Ok(()), Ok(()), Err(Deaf::Stuck), Err(Deaf::Closed)]);
        assert_eq!(outbox.send(b"e\n"), Err(Deaf::Closed));
    }

    #[test]
    fn who_has_left_is_told_from_who_is_stuck() {
        let (outbox, writes, results) = outbox();
        let sender = send(&outbox, "a\n");
        writes.recv().unwrap();
        results.send(Err(io::ErrorKind::BrokenPipe.into())).unwrap();
        assert_eq!(sender.join().unwrap(), Err(Deaf::Left));
    }

    #[test]
    fn closed_while_another_writes_it_is_closed_after_that() {
        let (outbox, writes, results) = outbox();
        let writer = send(&outbox, "a\n");
        writes.recv().unwrap();
        outbox.close();
        results.send(Ok(())).unwrap();
        assert_eq!(writer.join().unwrap(), Err(Deaf::Closed));
        // The sink is dropped, which is how a program sees the end of its stdin.
        assert!(writes.recv().is_err());
    }
}
