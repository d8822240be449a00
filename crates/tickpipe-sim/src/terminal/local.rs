//! The terminal as an EA in the same process.

use tickpipe::session::AskError;
use tickpipe::session::local::{LocalEa, LocalEvent};
use tickpipe_proto::message::{Answer, Ask, Hello};
use tickpipe_proto::{ErrorCode, LineError};

use super::answer::Served;
use super::{Step, Terminal};

impl LocalEa for Terminal {
    fn hello(&mut self) -> Hello {
        self.begin();
        self.greeting()
    }

    fn next(&mut self) -> LocalEvent {
        loop {
            if let Step::Event(event) = self.step() {
                return event;
            }
        }
    }

    fn answer(&mut self, ask: &Ask) -> Result<Answer, AskError> {
        let local = |code, text: &str| Err(AskError::Local(LineError::new(code, text)));
        // In its own time no order waits, so none expires.
        match self.serve(ask, None) {
            Served::Answer(answer) => Ok(answer),
            Served::Gone => local(ErrorCode::Disconnected, "the terminal is gone"),
            Served::Lost => local(ErrorCode::RequestTimeout, "the answer was lost"),
            Served::Refused(fault) => Err(AskError::Refused(fault)),
        }
    }

    fn finish(&mut self, result: Result<(), &LineError>) {
        self.handle_reply(result.is_ok());
    }

    fn ended(&mut self, _: ErrorCode, _: &str) {
        self.hang_up();
    }

    fn now_msc(&self) -> i64 {
        self.now()
    }
}

impl Terminal {
    /// Hears whether the strategy had no trouble with the last tick.
    pub(super) const fn handle_reply(&mut self, is_ok: bool) {
        if !is_ok {
            self.counts.ticks_failed += 1;
        }
    }
}
