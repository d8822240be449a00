//! Ctrl-C in a command that ends by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tickpipe::on_signal;

use crate::exit;
use crate::report::Failure;

/// Whether somebody wants the end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Has the first signal noted, for the command to end in good order, and the second end the
    /// program.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let interrupt = Self(Arc::new(AtomicBool::new(false)));
        let noted = interrupt.clone();
        on_signal(move |_| {
            if noted.0.swap(true, Ordering::Relaxed) {
                end();
            }
        })
        .map_err(|error| Failure::Stream("cannot listen for signals", error))?;
        Ok(interrupt)
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[expect(clippy::exit, reason = "the second signal ends it here and now")]
fn end() {
    std::process::exit(i32::from(exit::INTERRUPTED))
}
