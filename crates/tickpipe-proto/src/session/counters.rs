//! What a session counts.

/// What a session has counted. Nothing is lost that is not in here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionCounters {
    /// Answers of the EA that are none: their requests came to `bad_answer`, or an order to unknown.
    pub bad_answers: u64,
    /// Events other than ticks that were queued.
    pub events: u64,
    /// Gaps in the numbers of ticks as they came.
    pub gaps: u64,
    /// Ticks that were answered `handler_timeout`.
    pub handler_timeouts: u64,
    /// Answers of the EA that came after their request was over; dropped.
    pub late_replies: u64,
    /// Answers of the handler that came after their tick was over; dropped.
    pub late_ticks: u64,
    /// Notifications that could not be taken, and cannot be answered: broken, unknown, before
    /// `hello`.
    pub lost_notifications: u64,
    /// Lines that were answered with an error, but for ticks that were too late or dropped.
    pub refused: u64,
    /// Requests to the EA that were not answered in time.
    pub request_timeouts: u64,
    /// Requests to the EA, heartbeats among them.
    pub requests: u64,
    /// Ticks whose number was not above the last one's; dropped.
    pub seq_low: u64,
    /// Ticks that came, without those of `seq_low`.
    pub ticks: u64,
    /// Ticks that the handler never saw: dropped from a full queue, or at the session's end.
    pub ticks_dropped: u64,
    /// Ticks with a number that is not checked, for there are too many symbols.
    pub ticks_unchecked: u64,
    /// The connection ended in the middle of a line: 0 or 1.
    pub truncated: u64,
    /// Orders whose outcome nobody can tell yet.
    pub unknown_orders: u64,
    /// Answers of the EA to what was never asked; dropped.
    pub unknown_replies: u64,
}
