//! What a strategy asks and trades through.

use std::ops::Deref;
use std::time::Duration;

use super::ea::Ea;
use super::handle::{Handle, LinkedEa};

/// A session, as its strategy sees it while one of its methods runs.
///
/// It has all the methods of [`Ea`], and those that are the strategy's own.
#[derive(Debug)]
pub struct Context<'a> {
    ea: &'a Ea,
}

impl<'a> Context<'a> {
    pub(crate) const fn new(ea: &'a Ea) -> Self {
        Self { ea }
    }

    /// Returns a handle through which other threads ask and trade.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::new(self.ea.clone())
    }

    /// Returns the EA with its connection; `None` where there is no connection.
    pub(crate) fn linked(&self) -> Option<LinkedEa> {
        LinkedEa::new(self.ea)
    }

    /// Has [`on_timer`](super::Strategy::on_timer) called every so often from now on.
    ///
    /// It comes between ticks and events, never while one of them is handled; one that is due
    /// meanwhile comes once, afterwards. Another call replaces the first.
    pub fn set_timer(&mut self, every: Duration) {
        self.ea.requests().set_timer(Some(every));
    }

    /// Ends what [`set_timer`](Self::set_timer) began.
    pub fn stop_timer(&mut self) {
        self.ea.requests().set_timer(None);
    }
}

impl Deref for Context<'_> {
    type Target = Ea;

    fn deref(&self) -> &Ea {
        self.ea
    }
}
