//! The tap: what happens on the connections, told to observers who cannot slow them.
//!
//! The queue is bounded. When an observer falls behind, the newest event is dropped and counted.

mod json;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tickpipe_proto::message::{
    AccountState, BarEvent, Hello, LogEntry, OrderRequest, OrderResult, Tick, TradeEvent,
};
use tickpipe_proto::session::{AskError, CloseReason};
use tickpipe_proto::types::Symbol;
use tickpipe_proto::{LineError, Reply};

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
    /// Something happened in a session.
    Session {
        /// The connection's number.
        connection: u64,
        /// What it was.
        event: SessionTap,
    },
}

/// Something that happened in a session.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SessionTap {
    /// The account changed.
    Account(AccountState),
    /// A bar has closed.
    Bar(BarEvent),
    /// The session is over; the connection's `Closed` may come before or after.
    Closed(CloseReason),
    /// Ticks of a symbol are missing.
    Gap {
        /// Whose.
        symbol: Symbol,
        /// The number that should have come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// The EA said something.
    Log(LogEntry),
    /// The EA opened the session.
    Opened(Arc<Hello>),
    /// An order was sent.
    Order {
        /// The order.
        request: Box<OrderRequest>,
        /// What the EA says of it. With an error the outcome is unknown, if the order was sent.
        result: Result<Box<OrderResult>, AskError>,
        /// From the sending to the result.
        elapsed: Duration,
    },
    /// A tick was handled.
    Tick {
        /// The tick.
        tick: Tick,
        /// From its arrival to its answer; of a tick that had to wait for its turn, since the newest
        /// bytes had come by then.
        elapsed: Duration,
        /// What the strategy made of it.
        result: Result<(), LineError>,
        /// It took too long: the tick had been answered `handler_timeout` by then.
        is_late: bool,
    },
    /// Something happened to an order, a position or a deal.
    Trade(Box<TradeEvent>),
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
