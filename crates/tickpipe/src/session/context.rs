//! What a strategy asks and trades through.

use std::sync::Arc;

use tickpipe_proto::message::Hello;

use super::handle::Handle;
use super::link::Link;

/// A session, as its strategy sees it while one of its methods runs.
#[derive(Debug)]
pub struct Context<'a> {
    link: &'a Arc<Link>,
    hello: &'a Arc<Hello>,
}

impl<'a> Context<'a> {
    pub(crate) const fn new(link: &'a Arc<Link>, hello: &'a Arc<Hello>) -> Self {
        Self { link, hello }
    }

    /// Returns what the EA said of itself.
    #[must_use]
    pub fn hello(&self) -> &Hello {
        self.hello
    }

    /// Returns a handle through which other threads ask and trade.
    #[must_use]
    pub fn handle(&self) -> Handle {
        Handle::new(Arc::clone(self.link), Arc::clone(self.hello))
    }
}
