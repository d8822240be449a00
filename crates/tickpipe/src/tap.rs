//! The tap: what happens on the connections, told to observers who cannot slow them.
//!
//! The queue is bounded. When an observer falls behind, the newest event is dropped and counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tickpipe_proto::Reply;

use crate::handler::Peer;

/// Something that happened on a connection.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TapEvent {
    /// A connection is over.
    Closed {
        /// Its number.
        connection: u64,
    },
    /// A line was answered.
    Exchange {
        /// The connection's number.
        connection: u64,
        /// What came, as text; of a line that was too long or late, nothing.
        request: Arc<str>,
        /// What went.
        reply: Reply,
        /// From the line's arrival to the reply's writing.
        elapsed: Duration,
    },
    /// A peer came.
    Opened {
        /// The connection's number, counted from 1.
        connection: u64,
        /// Who it is.
        peer: Peer,
    },
}

/// Where a server tells what happens.
#[derive(Clone, Debug)]
pub struct Tap {
    sender: SyncSender<TapEvent>,
    dropped: Arc<AtomicU64>,
}

impl Tap {
    /// Creates a tap whose queue holds `capacity` events, and the end to observe it from.
    ///
    /// The receiver ends when the server is gone.
    #[must_use]
    pub fn new(capacity: usize) -> (Self, Receiver<TapEvent>) {
        let (sender, receiver) = sync_channel(capacity);
        (Self { sender, dropped: Arc::new(AtomicU64::new(0)) }, receiver)
    }

    /// Returns how many events were dropped because the observer fell behind.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Tells an event, or drops and counts it.
    pub(crate) fn tell(&self, event: TapEvent) {
        if self.sender.try_send(event).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}
