//! Pipes to a child, and a process group for its tree.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::transport::Received;

/// Our end of a child's stdin.
#[derive(Debug)]
pub(super) struct Input(PipeWriter);

impl Input {
    /// Makes both ends.
    pub(super) fn new() -> io::Result<(Self, Stdio)> {
        let (theirs, ours) = io::pipe()?;
        rustix::io::ioctl_fionbio(&ours, true)?;
        Ok((Self(ours), theirs.into()))
    }

    /// Writes everything within `deadline`, or fails.
    pub(super) fn write_all(
        &mut self,
        mut bytes: &[u8],
        deadline: Option<Duration>,
    ) -> io::Result<()> {
        let due = deadline.and_then(|deadline| Instant::now().checked_add(deadline));
        while !bytes.is_empty() {
            match self.0.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let left = due.map(|due| due.saturating_duration_since(Instant::now()));
                    let mut fds = [PollFd::new(&self.0, PollFlags::OUT)];
                    if left.is_some_and(|left| left.is_zero()) || !is_ready(&mut fds, left)? {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Our end of a child's stdout or stderr.
#[derive(Debug)]
pub(super) struct Output {
    stream: PipeReader,
    /// Ends when the reads are to end.
    woken: Option<PipeReader>,
}

/// Ends the reads of an [`Output`], from any thread, by being dropped.
#[derive(Debug)]
pub(super) struct Waker(#[expect(dead_code, reason = "its end is what is seen")] PipeWriter);

impl Output {
    /// Makes both ends.
    pub(super) fn new() -> io::Result<(Self, Stdio)> {
        let (stream, theirs) = io::pipe()?;
        rustix::io::ioctl_fionbio(&stream, true)?;
        Ok((Self { stream, woken: None }, theirs.into()))
    }

    /// Makes both ends, and what ends the reads of ours.
    pub(super) fn with_waker() -> io::Result<(Self, Waker, Stdio)> {
        let (mut ours, theirs) = Self::new()?;
        let (woken, waker) = io::pipe()?;
        ours.woken = Some(woken);
        Ok((ours, Waker(waker), theirs))
    }

    /// Reads what is there, waiting for it at most `timeout`.
    pub(super) fn read(
        &mut self,
        buf: &mut [u8],
        timeout: Option<Duration>,
    ) -> io::Result<Received> {
        if timeout != Some(Duration::ZERO) {
            let stream = PollFd::new(&self.stream, PollFlags::IN);
            let is_ready = match &self.woken {
                Some(woken) => is_ready(&mut [stream, PollFd::new(woken, PollFlags::IN)], timeout),
                None => is_ready(&mut [stream], timeout),
            };
            if !is_ready? {
                return Ok(Received::TimedOut);
            }
        }
        match self.stream.read(buf) {
            Ok(0) => Ok(Received::End),
            Ok(count) => Ok(Received::Data(count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // With nothing there, only the waker ends a wait without end.
                Ok(if timeout.is_none() { Received::Woken } else { Received::TimedOut })
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Received::TimedOut),
            Err(error) => Err(error),
        }
    }
}

/// Waits until one of `fds` is ready, or was closed at the other end; whether one is.
fn is_ready(fds: &mut [PollFd<'_>], timeout: Option<Duration>) -> io::Result<bool> {
    let timeout = timeout.map(|timeout| Timespec::try_from(timeout).unwrap_or(LONGEST));
    match poll(fds, timeout.as_ref()) {
        Ok(count) => Ok(count > 0),
        // The caller looks at its deadline before it waits again.
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A wait that is longer than any deadline.
const LONGEST: Timespec = Timespec { tv_sec: 1_000_000_000, tv_nsec: 0 };

/// A child and the process group it leads.
///
/// What it started is ended with it, but for a process that has left the group of its own will.
#[derive(Debug)]
pub(super) struct Tree(Child);

impl Tree {
    pub(super) fn spawn(command: &mut Command) -> io::Result<Self> {
        // A group of its own also keeps a Ctrl-C in our terminal from it: we end in good order.
        command.process_group(0).spawn().map(Self)
    }

    pub(super) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Returns whether the child has ended; it keeps its number until [`end`](Self::end).
    pub(super) fn has_ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(Pid::from_child(&self.0)), options).is_ok_and(|status| status.is_some())
    }

    /// Ends the group and returns how the child ended.
    pub(super) fn end(&mut self) -> io::Result<ExitStatus> {
        // Before the child is waited for: until then nobody else gets its number.
        match kill_process_group(Pid::from_child(&self.0), Signal::KILL) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => {}
            Err(error) => tracing::warn!(%error, id = self.0.id(), "cannot end a process group"),
        }
        self.0.wait()
    }
}
