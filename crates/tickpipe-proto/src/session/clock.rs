//! A clock that stands still while the EA is at work for us.
//!
//! A handler's time and the EA's silence do not count while a request to the EA is open. Each such
//! wait remembers when it began and how long requests had been open by then; what was added since
//! moves its end.

use std::time::{Duration, Instant};

/// How long requests to the EA have been open.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AskingTime {
    /// In stretches that are over.
    total: Duration,
    /// When the stretch that is not over began.
    since: Option<Instant>,
}

/// When a wait began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pub(crate) at: Instant,
    /// How long requests had been open by then.
    asking: Duration,
}

impl AskingTime {
    /// Tells whether a request is open from `now` on.
    pub(crate) fn set(&mut self, now: Instant, is_asking: bool) {
        if is_asking {
            self.since.get_or_insert(now);
        } else {
            self.total = self.until(now);
            self.since = None;
        }
    }

    /// Begins a wait.
    pub(crate) fn mark(&self, now: Instant) -> Mark {
        Mark { at: now, asking: self.until(now) }
    }

    /// Returns when a wait of `time` is over; `None` if that is not known while a request is open.
    pub(crate) fn due(&self, mark: Mark, time: Duration) -> Option<Instant> {
        let stood_still = self.total.saturating_sub(mark.asking);
        let due = mark.at.checked_add(time)?.checked_add(stood_still)?;
        match self.since {
            Some(since) if since < due => None,
            _ => Some(due),
        }
    }

    fn until(&self, now: Instant) -> Duration {
        let stretch =
            self.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        self.total.saturating_add(stretch)
    }
}
