//! A program that nobody talks to.

use std::io;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use super::{END_LIMIT, END_LOOK, Tree};

/// A running program without streams. It ends with this value, and all that it started.
#[derive(Debug)]
pub struct MuteProgram {
    tree: Tree,
}

impl MuteProgram {
    /// Starts `command`, whose streams are nothing.
    ///
    /// # Errors
    ///
    /// The system's, if it cannot be started.
    pub fn spawn(command: &mut Command) -> io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { tree: Tree::spawn(command)? })
    }

    /// Returns whether the program itself has ended; what it started may go on.
    #[must_use]
    pub fn has_ended(&mut self) -> bool {
        self.tree.has_ended()
    }
}

impl Drop for MuteProgram {
    fn drop(&mut self) {
        self.tree.killer().kill();
        let due = Instant::now() + END_LIMIT;
        while !self.tree.has_ended() && Instant::now() < due {
            thread::sleep(END_LOOK);
        }
        if let Err(error) = self.tree.reap() {
            tracing::warn!(%error, "cannot end a program");
        }
    }
}
