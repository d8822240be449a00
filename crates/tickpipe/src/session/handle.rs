//! A session in the hands of other threads.

use std::sync::Arc;

use tickpipe_proto::message::Hello;

use super::link::Link;

/// A session through which any thread asks and trades, as long as it is open.
#[derive(Clone, Debug)]
pub struct Handle {
    link: Arc<Link>,
    hello: Arc<Hello>,
}

impl Handle {
    pub(crate) const fn new(link: Arc<Link>, hello: Arc<Hello>) -> Self {
        Self { link, hello }
    }

    /// Returns what the EA said of itself.
    #[must_use]
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Returns whether the session is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.link.is_open()
    }
}
