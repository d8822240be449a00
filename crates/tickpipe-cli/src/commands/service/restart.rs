//! When a server that died is started again. Pure: deaths and times in, a decision out.

use std::collections::VecDeque;
use std::time::Duration;

use super::death::Death;
use crate::exit;

/// From a crash to the next start.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// So many crashes within [`CRASH_WINDOW`] end it: what crashes that often is not mended by starts.
pub(super) const CRASHES_MAX: usize = 4;

pub(super) const CRASH_WINDOW: Duration = Duration::from_secs(60);

/// The longest pause while somebody else keeps the pipe's name.
pub(super) const HELD_PAUSE_MAX: Duration = Duration::from_secs(30);

/// How often the name is tried again, 7 s in all, before any server of ours had it.
const FIRST_TRIES_MAX: u32 = 3;

/// What comes after a death.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The server ended because it was meant to, or no start would mend what is wrong.
    End(u8),
    GiveUp,
    StartAgain(Duration),
}

/// Remembers the deaths that still count.
#[derive(Debug, Default)]
pub(super) struct Restarts {
    /// When the last crashes were, oldest first.
    crashes: VecDeque<Duration>,
    /// Whether a server of ours had the name, or died before it came to that.
    has_died: bool,
    /// How often in a row the name was taken.
    held: u32,
}

impl Restarts {
    /// Decides what comes after a death at `now`, which is a time since any beginning.
    pub(super) fn after(&mut self, death: &Death, now: Duration) -> Next {
        let held = std::mem::take(&mut self.held);
        let is_held = death.code() == Some(exit::NAME_TAKEN);
        let is_first = !self.has_died;
        self.has_died |= !is_held;
        match death.code() {
            Some(0) => Next::End(0),
            Some(exit::USAGE) => Next::End(exit::USAGE),
            Some(exit::SECURITY) => Next::End(exit::SECURITY),
            // Not the last server of a service that was killed, which would have ended by now: another
            // one has the name, and a person must settle that.
            Some(exit::NAME_TAKEN) if is_first && held == FIRST_TRIES_MAX => {
                Next::End(exit::NAME_TAKEN)
            }
            // An EA keeps the pipe of the server that crashed, for days if no tick comes. It is no
            // crash of the new one, and to give up would leave that EA without a server.
            Some(exit::NAME_TAKEN) => {
                self.held = held.saturating_add(1);
                let factor = 2_u32.saturating_pow(held);
                Next::StartAgain(PAUSE.saturating_mul(factor).min(HELD_PAUSE_MAX))
            }
            _ => self.after_crash(now),
        }
    }

    fn after_crash(&mut self, now: Duration) -> Next {
        self.crashes.push_back(now);
        self.crashes.retain(|at| now.saturating_sub(*at) < CRASH_WINDOW);
        if self.crashes.len() < CRASHES_MAX { Next::StartAgain(PAUSE) } else { Next::GiveUp }
    }
}

#[cfg(test)]
mod tests;
