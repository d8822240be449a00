//! How often faults happened.

use super::Fault;

/// How often each fault happened. One that another kept from happening is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultCounts {
    /// Jumps of the clock.
    pub clock: u64,
    /// Answers that took longer.
    pub delay: u64,
    /// Terminals that were gone.
    pub die: u64,
    /// Answers that were lost.
    pub drop: u64,
    /// Times of silence.
    pub freeze: u64,
    /// Lines that are no message.
    pub garbage: u64,
    /// Orders that were refused.
    pub reject: u64,
    /// Orders that were refused with a requote.
    pub requote: u64,
    /// Executed orders whose answer was "unknown".
    pub unknown: u64,
}

impl FaultCounts {
    pub(super) const fn count(&mut self, fault: Fault) {
        let count = match fault {
            Fault::Clock { .. } => &mut self.clock,
            Fault::Delay { .. } => &mut self.delay,
            Fault::Die => &mut self.die,
            Fault::Drop => &mut self.drop,
            Fault::Freeze { .. } => &mut self.freeze,
            Fault::Garbage => &mut self.garbage,
            Fault::Reject { .. } => &mut self.reject,
            Fault::Requote => &mut self.requote,
            Fault::Unknown => &mut self.unknown,
        };
        *count = count.saturating_add(1);
    }

    /// Returns names and counts, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> + use<> {
        [
            ("clock", self.clock),
            ("delay", self.delay),
            ("die", self.die),
            ("drop", self.drop),
            ("freeze", self.freeze),
            ("garbage", self.garbage),
            ("reject", self.reject),
            ("requote", self.requote),
            ("unknown", self.unknown),
        ]
        .into_iter()
    }

    /// Returns the sum.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.iter().map(|(_, count)| count).fold(0, u64::saturating_add)
    }
}
