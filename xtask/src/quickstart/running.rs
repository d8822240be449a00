//! A program that runs, and what it has printed so far.

use std::io::{BufRead as _, BufReader};
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::shown;
use crate::run;

/// Nothing is waited for any longer; what takes so long hangs.
pub(crate) const LIMIT: Duration = Duration::from_secs(180);

/// Lines that are told of a program that did not do what it should.
const TOLD_MAX: usize = 40;

/// A program with both its streams, line by line as they come.
#[derive(Debug)]
pub(crate) struct Running {
    child: run::Owned,
    lines: Receiver<String>,
    printed: Vec<String>,
    /// How many of them were looked for already.
    looked: usize,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
        command.stdout(writer.try_clone().context("cannot share a pipe")?).stderr(writer);
        let child =
            command.spawn().with_context(|| format!("cannot start {}", run::shown(command)))?;
        // They hold the other end of the pipe.
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let (sender, lines) = channel();
        // Ends with the program, or when nobody listens any more.
        thread::spawn(move || {
            for line in BufReader::new(reader).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child: run::Owned(child), lines, printed: Vec::new(), looked: 0 })
    }

    /// Waits for a line that is the wanted one, behind those that were waited for before.
    pub(crate) fn expect(&mut self, wanted: &str) -> anyhow::Result<()> {
        let until = Instant::now() + LIMIT;
        loop {
            while let Some(line) = self.printed.get(self.looked) {
                self.looked += 1;
                if shown::is_met(wanted, line) {
                    return Ok(());
                }
            }
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.printed.push(line),
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("it printed\n{}\nand never `{wanted}`", self.told())
                }
                Err(RecvTimeoutError::Timeout) => {
                    let seconds = LIMIT.as_secs();
                    bail!("it printed\n{}\nand within {seconds} s not `{wanted}`", self.told())
                }
            }
        }
    }

    /// Has all lines looked for again.
    pub(crate) fn rewind(&mut self) {
        self.looked = 0;
    }

    /// Returns the last lines that were looked at.
    pub(crate) fn told(&self) -> String {
        self.printed[self.printed.len().saturating_sub(TOLD_MAX)..].join("\n")
    }

    /// Waits for its end, and returns its exit code; what it printed can be looked for afterwards.
    pub(crate) fn end(&mut self) -> anyhow::Result<Option<i32>> {
        let Some(status) = run::wait(&mut self.child.0, LIMIT)? else {
            bail!("it did not end within {} s", LIMIT.as_secs());
        };
        self.printed.extend(self.lines.try_iter());
        Ok(status.code())
    }

    /// Whether it has ended without a word, as about one start of 3,000 under Wine does.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.printed.extend(self.lines.recv_timeout(LIMIT).ok());
        self.printed.is_empty()
    }
}
