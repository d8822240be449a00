//! Reading and writing for all who wait.

use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::half::{Half, ReadHalf};
use super::{Link, State, Work};
use crate::transport::Received;

/// The longest that a read waits: then whoever reads looks whether the server stops, or the session
/// was closed by another thread. A read that is woken before its time costs the connection on Unix.
///
/// It stays the same from tick to tick, for to change it is a system call on Unix.
const READ_SLICE: Duration = Duration::from_millis(250);

/// Bytes that may wait for a peer that does not take them; beyond that nobody reads, for most of what
/// comes is answered, and a short line by a longer one.
const BACKLOG_LEN_MAX: usize = 1024 * 1024;

impl Link {
    /// Does one step of what moves the session on: reads if nobody does, else waits for the one who
    /// does; at most until `due`, or until the session has something to do.
    pub(super) fn pump<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        due: Option<Instant>,
    ) -> MutexGuard<'a, State> {
        // A session that was closed by another thread is still to be written and shut, unless the
        // one who writes does it.
        if state.session.is_closed() && !state.is_over {
            return match state.writer {
                Half::Out => self.follow(state, due),
                Half::Gone | Half::Here(_) => self.settle(state),
            };
        }
        if state.is_backed_up() {
            return self.follow(state, due);
        }
        match state.reader.take() {
            Some(reader) => self.lead(state, reader, due),
            None => self.follow(state, due),
        }
    }

    /// Reads once.
    fn lead<'a>(
        &'a self,
        state: MutexGuard<'a, State>,
        mut reader: Box<ReadHalf>,
        due: Option<Instant>,
    ) -> MutexGuard<'a, State> {
        let due = earlier(due, state.session.poll_timeout());
        drop(state);
        let received = reader.read(read_timeout(due)).unwrap_or_else(|error| {
            self.observer.cannot_read(&error);
            Received::End
        });
        let now = Instant::now();
        let mut state = self.lock();
        state.looked_at = now;
        match received {
            Received::Data(count) => {
                state.read_at = now;
                state.session.handle_bytes(now, reader.bytes(count));
            }
            Received::TimedOut => {}
            Received::End | Received::Woken => state.session.handle_end(now),
        }
        state.reader.put_back(reader);
        if state.session.poll_timeout().is_some_and(|due| due <= now) {
            state.session.handle_timeout(now);
        }
        self.settle(state)
    }

    /// Waits for the thread that reads, which alone can tell whether the EA is silent.
    fn follow<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        due: Option<Instant>,
    ) -> MutexGuard<'a, State> {
        if state.is_over {
            return state;
        }
        state.followers += 1;
        state = match earlier(due, state.session.poll_due()) {
            None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(due) => {
                let left = due.saturating_duration_since(Instant::now());
                self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
            }
        };
        state.followers -= 1;
        let now = Instant::now();
        if state.session.poll_due().is_some_and(|due| due <= now) {
            state.session.handle_due(now);
            return self.settle(state);
        }
        state
    }

    /// Hands out what came of the last step: answers to calls, bytes to the peer, news to those who
    /// wait; and closes the connection once the session is over and all is written.
    pub(super) fn settle<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        state.collect_replies();
        // Before the writing, which may take its time.
        self.tell(&state);
        state = self.flush(state);
        if state.session.is_closed() && !matches!(state.writer, Half::Out) {
            state = self.shut(state);
        }
        state
    }

    /// Writes what there is to write, unless another thread is at it: that one looks for more.
    fn flush<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let Some(mut writer) = state.writer.take() else { return state };
        while state.session.poll_transmit(&mut writer.out) {
            drop(state);
            let written = writer.write(self.write_deadline);
            if let Err(error) = &written {
                self.observer.cannot_write(error);
            }
            state = self.lock();
            if state.is_backed_up() {
                // It is taken now: those who wait for that may read again.
                self.tell(&state);
            }
            if written.is_err() {
                state.writer = Half::Gone;
                state.session.handle_end(Instant::now());
                state.collect_replies();
                return state;
            }
        }
        state.writer.put_back(writer);
        state
    }

    /// Closes the connection.
    pub(super) fn shut<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        if state.is_over {
            return state;
        }
        state.is_over = true;
        // Who reads finds it gone afterwards.
        let reader = std::mem::replace(&mut state.reader, Half::Gone);
        let writer = std::mem::replace(&mut state.writer, Half::Gone);
        let control = state.control.take();
        let is_working = state.work != Work::Waiting;
        let counters = state.session.counters();
        self.tell(&state);
        drop(state);
        match (reader, &control) {
            (Half::Out, Some(control)) => control.wake(),
            (Half::Here(mut reader), Some(control)) if self.lingers => {
                control.end_writing();
                reader.drain();
            }
            _ => {}
        }
        drop((writer, control));
        self.observer.shut(is_working, &counters);
        self.lock()
    }

    /// Wakes those who wait, if there are any.
    pub(super) fn tell(&self, state: &State) {
        if state.followers > 0 {
            self.changed.notify_all();
        }
    }

    /// Wakes those who wait if the reader is free: one of them has to take it.
    pub(super) fn hand_over(&self, state: &State) {
        if matches!(state.reader, Half::Here(_)) {
            self.tell(state);
        }
    }
}

impl State {
    /// Returns whether so much waits for the one who writes that nothing more is to be read.
    fn is_backed_up(&self) -> bool {
        matches!(self.writer, Half::Out) && BACKLOG_LEN_MAX <= self.session.transmit_len()
    }
}

/// Returns the one that comes first, if there is one.
fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    [one, other].into_iter().flatten().min()
}

/// Returns how long a read may wait that is to end at `due`.
fn read_timeout(due: Option<Instant>) -> Duration {
    let Some(due) = due else { return READ_SLICE };
    // Too short to be told to a socket, it would be no wait at all.
    let left = due.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    left.min(READ_SLICE)
}
