//! What the threads of a probe share: who is there, and whether it is over.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::Faults;
use crate::transport::Control;

/// Between two calls that end what is under way: a thread may begin a transfer right after one.
const END_AGAIN: Duration = Duration::from_millis(20);

/// Connections served at once; further ones are closed.
pub(super) const CONNECTIONS_MAX: usize = 256;

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) faults: Faults,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_stopping: bool,
    /// The connections that are served, each with what ends its transfers.
    live: BTreeMap<u64, Control>,
}

/// Why a connection is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Stopping,
    TooMany,
}

/// A connection's place, given back when it is dropped, and with it the last way to reach the
/// connection from outside its thread.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    shared: &'a Shared,
    pub(super) id: u64,
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        self.shared.state().live.remove(&self.id);
        self.shared.changed.notify_all();
    }
}

impl Shared {
    pub(super) fn new(faults: Faults) -> Self {
        Self { faults, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Enters a connection, unless the server stops or has as many as it may have.
    pub(super) fn add(&self, id: u64, control: Control) -> Result<Entry<'_>, Refused> {
        let mut state = self.state();
        // Looked at under the lock under which the end looks for who is left.
        if state.is_stopping {
            return Err(Refused::Stopping);
        }
        if state.live.len() >= CONNECTIONS_MAX {
            return Err(Refused::TooMany);
        }
        state.live.insert(id, control);
        Ok(Entry { shared: self, id })
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.state().is_stopping
    }

    /// Ends every pause, now and from now on.
    pub(super) fn stop(&self) {
        self.state().is_stopping = true;
        self.changed.notify_all();
    }

    /// Lets time pass; whether there was time, or the server stops.
    pub(super) fn pause(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        let mut state = self.state();
        while !state.is_stopping {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            state = self.wait(state, left);
        }
        false
    }

    /// Ends every transfer, again and again until no connection is left.
    pub(super) fn end_all(&self) {
        let mut state = self.state();
        while !state.live.is_empty() {
            // None of them waits for its peer, so the lock is not held for long.
            state.live.values().for_each(Control::abort);
            state = self.wait(state, END_AGAIN);
        }
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, timeout: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, timeout).unwrap_or_else(PoisonError::into_inner).0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
