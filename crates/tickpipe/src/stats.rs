//! What a server counts.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hdrhistogram::Histogram;
use tickpipe_proto::ErrorCode;

/// The longest time that is told apart: an hour.
const ELAPSED_NS_MAX: u64 = 3_600_000_000_000;

/// The counters of a running server.
pub(crate) struct Stats {
    pub(crate) connections: AtomicU64,
    pub(crate) exchanges: AtomicU64,
    /// Answers that came after their deadline and were dropped.
    pub(crate) late_replies: AtomicU64,
    /// Handlers that did not return before the server was gone.
    pub(crate) abandoned: AtomicU64,
    /// Connections in session mode.
    pub(crate) sessions: AtomicU64,
    /// What was counted in the sessions that are over.
    pub(crate) ticks: AtomicU64,
    pub(crate) ticks_dropped: AtomicU64,
    pub(crate) tick_gaps: AtomicU64,
    pub(crate) late_ticks: AtomicU64,
    /// Requests to EAs.
    pub(crate) requests: AtomicU64,
    errors: [AtomicU64; ErrorCode::ALL.len()],
    /// Nanoseconds from a line's arrival to its reply's writing, and of ticks likewise.
    elapsed: Mutex<Histogram<u64>>,
}

impl Stats {
    pub(crate) fn new() -> Self {
        Self {
            connections: AtomicU64::new(0),
            exchanges: AtomicU64::new(0),
            late_replies: AtomicU64::new(0),
            abandoned: AtomicU64::new(0),
            sessions: AtomicU64::new(0),
            ticks: AtomicU64::new(0),
            ticks_dropped: AtomicU64::new(0),
            tick_gaps: AtomicU64::new(0),
            late_ticks: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            errors: [const { AtomicU64::new(0) }; ErrorCode::ALL.len()],
            elapsed: Mutex::new(
                Histogram::new_with_bounds(1, ELAPSED_NS_MAX, 2)
                    .expect("invariant: the bounds are ordered, and 2 digits are within 0 to 5"),
            ),
        }
    }

    pub(crate) fn count_error(&self, code: ErrorCode) {
        self.count_errors(code, 1);
    }

    pub(crate) fn count_errors(&self, code: ErrorCode, more: u64) {
        let index = ErrorCode::ALL.iter().position(|known| *known == code);
        if let Some(count) = index.and_then(|index| self.errors.get(index)) {
            count.fetch_add(more, Ordering::Relaxed);
        }
    }

    /// Records a line that was answered.
    pub(crate) fn record(&self, elapsed: Duration) {
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        self.record_tick(elapsed);
    }

    /// Records the time of a tick, which its session counts.
    pub(crate) fn record_tick(&self, elapsed: Duration) {
        let nanoseconds = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        let mut histogram = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        histogram.saturating_record(nanoseconds);
    }

    pub(crate) fn summary(&self) -> Summary {
        let histogram = self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        let at = |quantile| Duration::from_nanos(histogram.value_at_quantile(quantile));
        let errors = ErrorCode::ALL
            .into_iter()
            .zip(&self.errors)
            .map(|(code, count)| (code, count.load(Ordering::Relaxed)))
            .filter(|(_, count)| *count > 0)
            .collect();
        Summary {
            connections: self.connections.load(Ordering::Relaxed),
            exchanges: self.exchanges.load(Ordering::Relaxed),
            errors,
            late_replies: self.late_replies.load(Ordering::Relaxed),
            abandoned: self.abandoned.load(Ordering::Relaxed),
            sessions: self.sessions.load(Ordering::Relaxed),
            ticks: self.ticks.load(Ordering::Relaxed),
            ticks_dropped: self.ticks_dropped.load(Ordering::Relaxed),
            tick_gaps: self.tick_gaps.load(Ordering::Relaxed),
            late_ticks: self.late_ticks.load(Ordering::Relaxed),
            requests: self.requests.load(Ordering::Relaxed),
            p50: at(0.5),
            p99: at(0.99),
            max: Duration::from_nanos(histogram.max()),
        }
    }
}

impl fmt::Debug for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.summary().fmt(f)
    }
}

/// What a server did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Connections that were opened.
    pub connections: u64,
    /// Lines that got their reply.
    pub exchanges: u64,
    /// Errors by code, those that happened; the ones that cannot be answered too.
    pub errors: Vec<(ErrorCode, u64)>,
    /// Answers that a handler gave after its deadline, which were dropped.
    pub late_replies: u64,
    /// Handlers that had not returned when the server was gone.
    pub abandoned: u64,
    /// Connections that were sessions.
    pub sessions: u64,
    /// Ticks that came in sessions.
    pub ticks: u64,
    /// Ticks that no strategy has seen: dropped from a full queue, or at a session's end.
    pub ticks_dropped: u64,
    /// Gaps in the numbers of ticks.
    pub tick_gaps: u64,
    /// Ticks that a strategy answered after their deadline.
    pub late_ticks: u64,
    /// Requests to EAs.
    pub requests: u64,
    /// Half of the lines and ticks were answered within this time, counted from their arrival.
    pub p50: Duration,
    /// 99 of 100 were answered within this time.
    pub p99: Duration,
    /// The longest time to an answer.
    pub max: Duration,
}
