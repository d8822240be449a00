//! A child process with its three streams, and its whole tree in one hand.
//!
//! Every read and write has a deadline, and nothing of the tree outlives the [`Child`].

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io;
use std::process::{Command, ExitStatus};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::handler::Partner;
use crate::transport::Received;

#[cfg(unix)]
use unix::{Input, Output, Tree, Waker};
#[cfg(windows)]
use windows::{Input, Output, Tree, Waker};

/// Between two looks whether a child has ended.
const EXIT_LOOK: Duration = Duration::from_millis(2);

/// Bytes of a line on stderr; a longer one is cut into several.
const ERROR_LINE_LEN_MAX: usize = 1000;

/// A running program: lines in, lines out, errors told line by line.
#[derive(Debug)]
pub(crate) struct Child {
    /// `None` once it is closed.
    input: Option<Input>,
    output: Output,
    errors: Option<Errors>,
    tree: Tree,
}

/// The thread that tells what a child writes on stderr.
#[derive(Debug)]
struct Errors {
    waker: Waker,
    thread: JoinHandle<()>,
}

impl Child {
    /// Starts `command`, whose streams are then ours; `tell` gets each line of its stderr, on a
    /// thread of that `name`.
    pub(crate) fn spawn(
        command: &mut Command,
        name: String,
        tell: impl FnMut(&str) + Send + 'static,
    ) -> io::Result<Self> {
        let (input, child_input) = Input::new()?;
        let (output, child_output) = Output::new()?;
        let (errors, waker, child_errors) = Output::with_waker()?;
        command.stdin(child_input).stdout(child_output).stderr(child_errors);
        let tree = Tree::spawn(command)?;
        let thread = thread::Builder::new().name(name).spawn(move || tell_lines(errors, tell))?;
        Ok(Self { input: Some(input), output, errors: Some(Errors { waker, thread }), tree })
    }

    /// Returns the process id.
    pub(crate) fn id(&self) -> u32 {
        self.tree.id()
    }

    /// Returns whether the program itself has ended; what it started may go on.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.tree.has_ended()
    }

    /// Ends the program and all it started; returns how it ended.
    pub(crate) fn kill(mut self) -> io::Result<ExitStatus> {
        self.end()
    }

    /// Closes the program's input and gives it `grace` to end by itself, then ends what is left.
    pub(crate) fn close(mut self, grace: Duration) -> io::Result<ExitStatus> {
        self.input = None;
        let due = Instant::now() + grace;
        let mut rest = [0; 4096];
        // What it still prints is read, so that it does not wait for us.
        while let Ok(Received::Data(_)) =
            self.output.read(&mut rest, Some(due.saturating_duration_since(Instant::now())))
        {
            if due <= Instant::now() {
                break;
            }
        }
        while !self.tree.has_ended() && Instant::now() < due {
            thread::sleep(EXIT_LOOK);
        }
        self.end()
    }

    fn end(&mut self) -> io::Result<ExitStatus> {
        self.input = None;
        let status = self.tree.end();
        if let Some(errors) = self.errors.take() {
            drop(errors.waker);
            if errors.thread.join().is_err() {
                tracing::error!("the thread that reads a program's stderr panicked");
            }
        }
        status
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.errors.is_some()
            && let Err(error) = self.end()
        {
            tracing::error!(%error, "cannot end a program");
        }
    }
}

impl Partner for Child {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<Received> {
        self.output.read(buf, timeout)
    }

    fn write_all(&mut self, bytes: &[u8], deadline: Option<Duration>) -> io::Result<()> {
        match &mut self.input {
            Some(input) => input.write_all(bytes, deadline),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// Tells what comes, line by line, until the stream ends or is woken.
fn tell_lines(mut stream: Output, mut tell: impl FnMut(&str)) {
    let mut chunk = [0; 4096];
    let mut line = Vec::new();
    let mut tell = |line: &mut Vec<u8>| {
        let text = line.strip_suffix(b"\r").unwrap_or(line);
        tell(&String::from_utf8_lossy(text));
        line.clear();
    };
    while let Ok(Received::Data(count)) = stream.read(&mut chunk, None) {
        for byte in chunk.get(..count).unwrap_or_default() {
            if *byte != b'\n' {
                line.push(*byte);
            }
            if *byte == b'\n' || line.len() >= ERROR_LINE_LEN_MAX {
                tell(&mut line);
            }
        }
    }
    if !line.is_empty() {
        tell(&mut line);
    }
}
