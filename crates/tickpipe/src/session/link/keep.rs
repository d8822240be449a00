//! The keeper: who moves a session on while its strategy works and does not ask.

use std::time::{Duration, Instant};

use tickpipe_proto::ErrorCode;

use super::{Link, Work};

/// What a watchdog learns of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watch {
    /// The strategy works for so long that somebody must keep the session: the caller.
    Keep,
    /// Look again after this time.
    Later(Duration),
    /// Nothing is to be done.
    Quiet,
}

impl Link {
    /// Looks whether the session needs a keeper: its strategy works, and nobody has looked at the
    /// connection for `patience`. After [`Watch::Keep`] the caller calls [`keep`](Self::keep) or
    /// [`unkept`](Self::unkept).
    pub(crate) fn watch(&self, now: Instant, patience: Duration) -> Watch {
        let mut state = self.lock();
        let Work::Working(since) = state.work else { return Watch::Quiet };
        if state.has_keeper || state.is_over {
            return Watch::Quiet;
        }
        let patient_left = patience.saturating_sub(now.saturating_duration_since(since));
        // What is due, such as a late tick, does not wait for that.
        let due_left = state.session.poll_timeout().map(|due| due.saturating_duration_since(now));
        let left = due_left.map_or(patient_left, |due_left| due_left.min(patient_left));
        if !left.is_zero() {
            return Watch::Later(left);
        }
        state.has_keeper = true;
        Watch::Keep
    }

    /// Moves the session on until its strategy returns or asks, or the session is over.
    pub(crate) fn keep(&self) {
        let mut state = self.lock();
        while !state.is_over && state.work != Work::Waiting {
            state = self.pump(state, None);
        }
        state.has_keeper = false;
        self.hand_over(&state);
    }

    /// No keeper could be started.
    pub(crate) fn unkept(&self) {
        self.lock().has_keeper = false;
    }

    /// A thread of the link's came to a defect: closes the connection as it is.
    pub(crate) fn break_off(&self) {
        let mut state = self.lock();
        state.session.handle_end(Instant::now());
        state.collect_replies();
        drop(self.shut(state));
    }

    /// The stop has no more time for the strategy: ends the session.
    pub(crate) fn expire(&self) {
        self.close_soon(ErrorCode::ShuttingDown, "the server is stopping");
    }
}
