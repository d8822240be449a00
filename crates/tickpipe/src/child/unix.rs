//! Pipes to a child, and a process group for its tree.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid,
};

use crate::transport::Received;

/// Bytes of a line that fits into a pipe as it is made.
const PIPE_LEN: usize = 32 * 1024;

/// Our end of a child's stdin.
#[derive(Debug)]
pub(crate) struct Input(PipeWriter);

impl Input {
    /// Makes both ends.
    pub(super) fn new() -> io::Result<(Self, Stdio)> {
        let (theirs, ours) = io::pipe()?;
        rustix::io::ioctl_fionbio(&ours, true)?;
        Ok((Self(ours), theirs.into()))
    }

    /// Writes everything within `deadline`, or fails.
    pub(crate) fn write_all(
        &mut self,
        mut bytes: &[u8],
        deadline: Option<Duration>,
    ) -> io::Result<()> {
        if bytes.len() > PIPE_LEN {
            self.grow(bytes.len());
        }
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

impl Input {
    /// Makes room for a long line, so that a program which is still loading can take it whole; where
    /// the system allows no more, the line waits for the program.
    #[cfg(target_os = "linux")]
    fn grow(&self, len: usize) {
        if let Err(error) = rustix::pipe::fcntl_setpipe_size(&self.0, 2 * len) {
            tracing::debug!(%error, len, "cannot make a pipe larger");
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn grow(&self, _len: usize) {}
}

/// Our end of a child's stdout or stderr.
#[derive(Debug)]
pub(crate) struct Output {
    stream: PipeReader,
    /// Ends when the reads are to end.
    woken: Option<PipeReader>,
}

/// Ends the reads of an [`Output`], from any thread, by being dropped.
#[derive(Debug)]
pub(crate) struct Waker(#[expect(dead_code, reason = "its end is what is seen")] PipeWriter);

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
    pub(crate) fn read(
        &mut self,
        buf: &mut [u8],
        timeout: Option<Duration>,
    ) -> io::Result<Received> {
        if timeout != Some(Duration::ZERO) {
            let stream = PollFd::new(&self.stream, PollFlags::IN);
            let is_ready = if let Some(woken) = &self.woken {
                let mut fds = [PollFd::new(woken, PollFlags::IN), stream];
                let is_ready = is_ready(&mut fds, timeout)?;
                // First: what comes without end must not hide it.
                if fds.first().is_some_and(|woken| !woken.revents().is_empty()) {
                    return Ok(Received::Woken);
                }
                is_ready
            } else {
                is_ready(&mut [stream], timeout)?
            };
            if !is_ready {
                return Ok(Received::TimedOut);
            }
        }
        match self.stream.read(buf) {
            Ok(0) => Ok(Received::End),
            Ok(count) => Ok(Received::Data(count)),
            Err(error)
                if [io::ErrorKind::WouldBlock, io::ErrorKind::Interrupted]
                    .contains(&error.kind()) =>
            {
                Ok(Received::TimedOut)
            }
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
pub(super) struct Tree {
    child: Child,
    killer: Killer,
}

/// Ends a child and its process group, from any thread.
///
/// The number is `None` once the child is waited for: somebody else may get it then.
#[derive(Clone, Debug)]
pub(crate) struct Killer(Arc<Mutex<Option<Pid>>>);

impl Killer {
    /// Ends what is left of the group, and the child if it has left it.
    pub(crate) fn kill(&self) {
        let leader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(leader) = *leader else { return };
        for result in [kill_process_group(leader, Signal::KILL), kill_process(leader, Signal::KILL)]
        {
            match result {
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => tracing::warn!(%error, id = %leader, "cannot end a program"),
            }
        }
    }
}

impl Tree {
    pub(super) fn spawn(command: &mut Command) -> io::Result<Self> {
        // A group of its own also keeps a Ctrl-C in our terminal from it: we end in good order.
        let child = command.process_group(0).spawn()?;
        let killer = Killer(Arc::new(Mutex::new(Some(Pid::from_child(&child)))));
        Ok(Self { child, killer })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn killer(&self) -> Killer {
        self.killer.clone()
    }

    /// Returns whether the child has ended; it keeps its number until it is reaped.
    pub(super) fn has_ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(Pid::from_child(&self.child)), options) {
            Ok(status) => status.is_some(),
            // Whoever started us ignores the ends of children, and so nobody can ask.
            Err(_) => true,
        }
    }

    /// Returns how the child ended, or fails if it has not.
    pub(super) fn reap(&mut self) -> io::Result<ExitStatus> {
        let mut leader = self.killer.0.lock().unwrap_or_else(PoisonError::into_inner);
        *leader = None;
        self.child.try_wait()?.ok_or_else(|| {
            let id = self.child.id();
            let text = format!("process {id} goes on: it is another user's, or does not react");
            io::Error::new(io::ErrorKind::PermissionDenied, text)
        })
    }
}
