//! A child process with its three streams, and its whole tree in one hand.
//!
//! Every read and write has a deadline, and nothing of the tree outlives the [`Child`].

mod mute;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::fmt;
use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::handler::Partner;
use crate::transport::Received;

pub use mute::MuteProgram;
#[cfg(unix)]
use unix::Tree;
#[cfg(unix)]
pub(crate) use unix::{Input, Killer, Output, Waker};
#[cfg(windows)]
use windows::Tree;
#[cfg(windows)]
pub(crate) use windows::{Input, Killer, Output, Waker};

/// Between two looks whether a child has ended.
const END_LOOK: Duration = Duration::from_millis(1);

/// What a killed child gets to be gone. One that is not was never ours to kill.
const END_LIMIT: Duration = Duration::from_secs(1);

/// Bytes of a line on stderr; a longer one is cut into several.
const ERROR_LINE_LEN_MAX: usize = 1000;

/// Reads of stderr that are still made once the child is gone: more than a pipe holds.
const READS_AT_END_MAX: usize = 32;

/// A running program: lines in, lines out, errors told line by line.
#[derive(Debug)]
pub(crate) struct Child {
    /// `None` once it is closed.
    input: Option<Input>,
    output: Output,
    process: Process,
}

/// A program whose streams are in the hands of several threads.
#[derive(Debug)]
pub(crate) struct Apart {
    pub(crate) process: Process,
    pub(crate) input: Input,
    pub(crate) output: Output,
    /// Ends the reads of `output`.
    pub(crate) waker: Waker,
}

/// A program with its tree, without the streams that it is spoken to through.
#[derive(Debug)]
pub(crate) struct Process {
    tree: Tree,
    /// `None` once it is ended.
    errors: Option<Errors>,
}

/// The thread that tells what a child writes on stderr.
#[derive(Debug)]
struct Errors {
    waker: Waker,
    thread: JoinHandle<()>,
}

/// How a child ended.
#[derive(Debug)]
pub(crate) enum End {
    ByItself(ExitStatus),
    ByUs,
    Unknown(io::Error),
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByItself(status) => write!(f, "ended with {status}"),
            Self::ByUs => f.write_str("went on without its streams and was ended"),
            Self::Unknown(error) => write!(f, "cannot be ended: {error}"),
        }
    }
}

impl Apart {
    /// Starts `command`, whose streams are then ours; `tell` gets each line of its stderr, on a
    /// thread of its own.
    pub(crate) fn spawn(
        command: &mut Command,
        tell: impl FnMut(&str) + Send + 'static,
    ) -> io::Result<Self> {
        let (output, waker, child_output) = Output::with_waker()?;
        let (process, input) = Process::spawn(command, child_output, tell)?;
        Ok(Self { process, input, output, waker })
    }
}

impl Child {
    /// Starts `command`, whose streams are then ours; `tell` gets each line of its stderr, on a
    /// thread of its own.
    pub(crate) fn spawn(
        command: &mut Command,
        tell: impl FnMut(&str) + Send + 'static,
    ) -> io::Result<Self> {
        let (output, child_output) = Output::new()?;
        let (process, input) = Process::spawn(command, child_output, tell)?;
        Ok(Self { input: Some(input), output, process })
    }

    /// Returns the process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Returns whether the program itself has ended; what it started may go on.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.has_ended()
    }

    /// Returns what ends the program and all it started, from any thread.
    pub(crate) fn killer(&self) -> Killer {
        self.process.killer()
    }

    /// Ends the program and all it started.
    pub(crate) fn kill(mut self) -> End {
        self.input = None;
        self.process.end()
    }

    /// Closes the program's input and gives it `grace` to end by itself, then ends what is left.
    ///
    /// What it still prints meanwhile goes to `take`.
    pub(crate) fn close(mut self, grace: Duration, mut take: impl FnMut(&[u8])) -> End {
        self.input = None;
        let due = Instant::now() + grace;
        let left = || due.saturating_duration_since(Instant::now());
        let mut rest = [0; 4096];
        while let Ok(Received::Data(count)) = self.output.read(&mut rest, Some(left())) {
            take(rest.get(..count).unwrap_or_default());
            if left().is_zero() {
                break;
            }
        }
        self.process.wait_for_end(due);
        self.process.end()
    }
}

impl Process {
    /// Starts `command`, which prints to `output`; returns what it reads from as well.
    fn spawn(
        command: &mut Command,
        output: Stdio,
        tell: impl FnMut(&str) + Send + 'static,
    ) -> io::Result<(Self, Input)> {
        let (input, child_input) = Input::new()?;
        let (errors, waker, child_errors) = Output::with_waker()?;
        command.stdin(child_input).stdout(output).stderr(child_errors);
        // The thread first: without it there must be no process.
        let thread = thread::Builder::new().name("tickpipe-stderr".to_owned());
        let thread = thread.spawn(move || tell_lines(errors, tell))?;
        let errors = Errors { waker, thread };
        match Tree::spawn(command) {
            Ok(tree) => Ok((Self { tree, errors: Some(errors) }, input)),
            Err(error) => {
                errors.end();
                Err(error)
            }
        }
    }

    /// Returns the process id.
    pub(crate) fn id(&self) -> u32 {
        self.tree.id()
    }

    /// Returns whether the program itself has ended; what it started may go on.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.tree.has_ended()
    }

    /// Returns what ends the program and all it started, from any thread.
    pub(crate) fn killer(&self) -> Killer {
        self.tree.killer()
    }

    /// Waits for the program to end by itself.
    pub(crate) fn wait_for_end(&mut self, due: Instant) {
        while !self.tree.has_ended() && Instant::now() < due {
            thread::sleep(END_LOOK);
        }
    }

    /// Ends the program and all it started, and tells the rest of its stderr.
    pub(crate) fn end(&mut self) -> End {
        let has_ended = self.tree.has_ended();
        // Its tree may outlive the program itself.
        self.tree.killer().kill();
        self.wait_for_end(Instant::now() + END_LIMIT);
        let end = match self.tree.reap() {
            Ok(status) if has_ended => End::ByItself(status),
            Ok(_) => End::ByUs,
            Err(error) => End::Unknown(error),
        };
        if let Some(errors) = self.errors.take() {
            errors.end();
        }
        end
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.errors.is_some()
            && let End::Unknown(error) = self.end()
        {
            tracing::error!(%error, "cannot end a program");
        }
    }
}

impl Errors {
    /// Ends the thread, once it has told what the child left.
    fn end(self) {
        drop(self.waker);
        if self.thread.join().is_err() {
            tracing::error!("the thread that reads a program's stderr panicked");
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
    while let Ok(Received::Data(count)) = stream.read(&mut chunk, None) {
        tell_whole(chunk.get(..count).unwrap_or_default(), &mut line, &mut tell);
    }
    // The child is gone; what it wrote last is still there.
    for _ in 0..READS_AT_END_MAX {
        let Ok(Received::Data(count)) = stream.read(&mut chunk, Some(Duration::ZERO)) else {
            break;
        };
        tell_whole(chunk.get(..count).unwrap_or_default(), &mut line, &mut tell);
    }
    if !line.is_empty() {
        tell(&String::from_utf8_lossy(&line));
    }
}

/// Adds bytes to a line and tells each one that is whole.
fn tell_whole(bytes: &[u8], line: &mut Vec<u8>, tell: &mut impl FnMut(&str)) {
    for byte in bytes {
        if *byte != b'\n' {
            line.push(*byte);
        }
        if *byte == b'\n' || line.len() >= ERROR_LINE_LEN_MAX {
            let text = line.strip_suffix(b"\r").unwrap_or(line);
            tell(&String::from_utf8_lossy(text));
            line.clear();
        }
    }
}
