//! How many lines a second one connection may send.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// A bucket of one second's lines that refills evenly.
#[derive(Debug)]
pub(crate) struct RateLimit {
    lines_per_second_max: NonZeroU32,
    /// How much of the allowance is used up, as the time until it is free again.
    debt: Duration,
    seen_at: Option<Instant>,
}

impl RateLimit {
    pub(crate) const fn new(lines_per_second_max: NonZeroU32) -> Self {
        Self { lines_per_second_max, debt: Duration::ZERO, seen_at: None }
    }

    /// Counts one line at `now`; returns whether it is within the rate.
    pub(crate) fn admit(&mut self, now: Instant) -> bool {
        let passed = self.seen_at.map_or(Duration::ZERO, |at| now.saturating_duration_since(at));
        self.seen_at = Some(now);
        self.debt = self.debt.saturating_sub(passed);
        let cost = Duration::from_secs(1)
            .checked_div(self.lines_per_second_max.get())
            .unwrap_or(Duration::from_secs(1));
        let debt = self.debt.saturating_add(cost);
        if debt > Duration::from_secs(1) {
            return false;
        }
        self.debt = debt;
        true
    }
}
