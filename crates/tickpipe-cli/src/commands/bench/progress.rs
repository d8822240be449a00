//! What is being measured, on one line of a terminal.

use std::io::{self, IsTerminal as _, Write as _};

use crate::commands::bench::client::Load;

/// Columns of the line, which overwrites itself.
const WIDTH: usize = 60;

/// A line on stderr, where that is a terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    is_shown: bool,
    done: usize,
    all: usize,
}

impl Progress {
    pub(crate) fn new(all: usize) -> Self {
        Self { is_shown: io::stderr().is_terminal(), done: 0, all }
    }

    /// Says that the next turn begins.
    pub(crate) fn next(&mut self, load: Load) {
        self.done += 1;
        let percent = (self.done - 1) * 100 / self.all.max(1);
        self.show(&format!("{percent:>3} %  measuring {load}"));
    }

    /// Makes the line empty, for what is printed next.
    pub(crate) fn clear(&self) {
        self.show("");
    }

    fn show(&self, text: &str) {
        if self.is_shown {
            let mut err = io::stderr().lock();
            // Blanks and not an escape sequence, which some consoles show.
            drop(write!(err, "\r{text:<WIDTH$}\r").and_then(|()| err.flush()));
        }
    }
}
