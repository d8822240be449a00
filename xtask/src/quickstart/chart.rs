//! An EA on a chart: the one in C of `testing/`, which does what the published one does.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, bail};

use super::running::LIMIT;
use crate::paths::Paths;
use crate::programs::Platform;
use crate::run;
use crate::wine::Scratch;

const PIPE: &str = r"\\.\pipe\TestPipe";
const PRICE: &str = "1.14274000";
const DOUBLE: &str = r"line 2.285\r\n";
/// What an EA is told by a server whose program is not there yet; the next tick comes anyway.
const LATER: &str = "line ERR handler_";

/// A running EA.
#[derive(Debug)]
pub(crate) struct Chart {
    _child: run::Owned,
    stdin: ChildStdin,
    results: Receiver<String>,
}

impl Chart {
    pub(crate) fn start(paths: &Paths, scratch: &Scratch) -> anyhow::Result<Self> {
        // About one start in 3,000 fails under Wine, without a word.
        for _ in 0..3 {
            let mut command = scratch.command(Platform::Windows.program(paths, "ea"));
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = run::Owned(command.spawn().context("cannot start the EA")?);
            let stdin = child.0.stdin.take().context("an EA without stdin")?;
            let stdout = BufReader::new(child.0.stdout.take().context("an EA without stdout")?);
            let (sender, results) = channel();
            thread::spawn(move || {
                for line in stdout.lines().map_while(Result::ok) {
                    if sender.send(line.trim_end().to_owned()).is_err() {
                        break;
                    }
                }
            });
            let mut chart = Self { _child: child, stdin, results };
            if chart.ask("sleep 0").is_ok() {
                return Ok(chart);
            }
        }
        bail!("the EA did not start three times")
    }

    /// Goes to the server, and has ticks until one is answered with the double.
    pub(crate) fn show(&mut self) -> anyhow::Result<()> {
        // It may have been there before; then that server is gone.
        self.ask("close 0").ok();
        let opened = self.ask(&format!("openwait 0 {PIPE} 5000"))?;
        if opened != "ok" {
            bail!("the EA cannot open {PIPE}: {opened}");
        }
        let until = Instant::now() + LIMIT;
        loop {
            self.ask(&format!(r"write 0 {PRICE}\r\n"))?;
            let answer = self.ask("line 0")?;
            if answer == DOUBLE {
                return Ok(());
            }
            if !answer.starts_with(LATER) || until < Instant::now() {
                bail!("`{PRICE}` was answered `{answer}`, not `{DOUBLE}`");
            }
        }
    }

    fn ask(&mut self, command: &str) -> anyhow::Result<String> {
        writeln!(self.stdin, "{command}")
            .and_then(|()| self.stdin.flush())
            .context("the EA ended")?;
        self.results.recv_timeout(LIMIT).with_context(|| format!("no result of `{command}`"))
    }
}
