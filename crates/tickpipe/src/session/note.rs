//! What a session tells those who count, log and observe.

use std::io;
use std::time::Duration;

use tickpipe_proto::message::{Answer, OrderRequest};
use tickpipe_proto::session::{AskError, SessionCounters};

/// Something that happened on a link.
#[derive(Debug)]
pub(crate) enum Note<'a> {
    /// The EA was asked.
    Asked,
    /// An order was sent, and this came of it.
    Order { request: &'a OrderRequest, result: &'a Result<Answer, AskError>, elapsed: Duration },
}

/// Who counts, logs and observes; it must not wait for anything.
pub(crate) trait Observer: Send + Sync {
    /// Something happened.
    fn note(&self, note: Note<'_>);

    /// The peer cannot be read; the session is over.
    fn cannot_read(&self, error: &io::Error);

    /// The peer does not take what is written, or has left; the session is over.
    fn cannot_write(&self, error: &io::Error);

    /// The strategy begins to work, and so soon the session has something to do. A watchdog that
    /// looks less often is to be told.
    fn due_within(&self, left: Duration) {
        let _: Duration = left;
    }

    /// The connection is closed, once; whether the strategy still works, and what was counted.
    fn shut(&self, is_working: bool, counters: &SessionCounters);
}
