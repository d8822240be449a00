//! Ctrl-C in a command that ends by itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tickpipe::{Interrupter, on_signal};

use crate::exit;
use crate::report::Failure;

/// Whether somebody wants the end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Changed under `client` only, so that who waits misses no change.
    is_set: AtomicBool,
    changed: Condvar,
    client: Mutex<Option<Interrupter>>,
}

impl Interrupt {
    /// Has the first signal noted, for the command to end in good order, and the second end the
    /// program.
    pub(crate) fn listen() -> Result<Self, Failure> {
        Self::listen_with(|| {})
    }

    /// As [`listen`](Self::listen); `before_end` leaves the terminal as it was, where the second
    /// signal ends the program.
    pub(crate) fn listen_with(before_end: fn()) -> Result<Self, Failure> {
        let interrupt = Self::default();
        let noted = interrupt.clone();
        on_signal(move |count| {
            if count > 1 {
                before_end();
                end();
            }
            noted.set();
        })
        .map_err(|error| Failure::Stream("cannot listen for signals", error))?;
        Ok(interrupt)
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.is_set.load(Ordering::Acquire)
    }

    /// Has the first signal end the waits of a client too.
    pub(crate) fn watch(&self, interrupter: Interrupter) {
        let mut client = self.client();
        if self.is_set() {
            interrupter.interrupt();
        }
        *client = Some(interrupter);
    }

    /// Waits until `at`, or for a signal; whether one came.
    pub(crate) fn wait_until(&self, at: Instant) -> bool {
        let mut client = self.client();
        while !self.is_set() {
            let left = at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.0.changed.wait_timeout(client, left);
            client = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        self.is_set()
    }

    fn set(&self) {
        let client = self.client();
        self.0.is_set.store(true, Ordering::Release);
        if let Some(interrupter) = client.as_ref() {
            interrupter.interrupt();
        }
        self.0.changed.notify_all();
    }

    fn client(&self) -> MutexGuard<'_, Option<Interrupter>> {
        self.0.client.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::exit, reason = "the second signal ends it here and now")]
fn end() {
    std::process::exit(i32::from(exit::INTERRUPTED))
}
