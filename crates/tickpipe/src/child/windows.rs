//! Pipes to a child, and a job object for its tree.

use std::fs::OpenOptions;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::os::windows::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::sys::windows::{
    CREATE_NO_WINDOW, CREATE_SUSPENDED, Event, Job, PipeHandle, SecurityDescriptor, current_user,
    resume,
};
use crate::transport::{Connection, Reader, Received, Writer, split};

/// Our end of a child's stdin.
#[derive(Debug)]
pub(crate) struct Input(Writer);

impl Input {
    /// Makes both ends.
    pub(super) fn new() -> io::Result<(Self, Stdio)> {
        let (ours, theirs) = pipe(OpenOptions::new().read(true))?;
        Ok((Self(ours.writer), theirs))
    }

    /// Writes everything within `deadline`, or fails.
    pub(crate) fn write_all(&mut self, bytes: &[u8], deadline: Option<Duration>) -> io::Result<()> {
        self.0.write_all(bytes, deadline.unwrap_or(Duration::MAX))
    }
}

/// Our end of a child's stdout or stderr.
#[derive(Debug)]
pub(crate) struct Output(Reader);

/// Ends the reads of an [`Output`], from any thread, by being dropped.
#[derive(Debug)]
pub(crate) struct Waker(Arc<Event>);

impl Drop for Waker {
    fn drop(&mut self) {
        self.0.set();
    }
}

impl Output {
    /// Makes both ends.
    pub(super) fn new() -> io::Result<(Self, Stdio)> {
        let (ours, theirs) = pipe(OpenOptions::new().write(true))?;
        Ok((Self(ours.reader), theirs))
    }

    /// Makes both ends, and what ends the reads of ours.
    pub(super) fn with_waker() -> io::Result<(Self, Waker, Stdio)> {
        let (ours, theirs) = Self::new()?;
        let waker = Waker(ours.0.waker());
        Ok((ours, waker, theirs))
    }

    /// Reads what is there, waiting for it at most `timeout`.
    pub(crate) fn read(
        &mut self,
        buf: &mut [u8],
        timeout: Option<Duration>,
    ) -> io::Result<Received> {
        self.0.read(buf, timeout)
    }
}

/// Makes a pipe that nobody else knows: our end, on which every wait has a deadline, and a plain one
/// for the child, opened with `options`.
fn pipe(options: &OpenOptions) -> io::Result<(Connection, Stdio)> {
    let random = RandomState::new().hash_one(std::process::id());
    let path = format!(r"\\.\pipe\tickpipe-child-{}-{random:016x}", std::process::id());
    let owner_only = format!("D:P(A;;GA;;;{})", current_user()?);
    let descriptor = SecurityDescriptor::from_sddl(&owner_only)?;
    let ours = PipeHandle::create(&path, &descriptor, true, PipeHandle::BUFFER_LEN)?;
    let theirs = options.open(&path)?;
    Ok((split(ours)?, theirs.into()))
}

/// A child and the job object that holds all it starts.
#[derive(Debug)]
pub(super) struct Tree {
    child: Child,
    killer: Killer,
}

/// Ends a child and all it started, from any thread.
#[derive(Clone, Debug)]
pub(crate) struct Killer(Arc<Job>);

impl Killer {
    /// Ends what is left.
    pub(crate) fn kill(&self) {
        if let Err(error) = self.0.end() {
            tracing::warn!(%error, "cannot end a program");
        }
    }
}

/// `ERROR_INTERNAL_ERROR`: what Wine says when it loses a start, once in some thousands.
const START_LOST: i32 = 1359;

impl Tree {
    pub(super) fn spawn(command: &mut Command) -> io::Result<Self> {
        match Self::spawn_once(command) {
            // Nothing of the program has run: it is resumed last of all.
            Err(error) if error.raw_os_error() == Some(START_LOST) => Self::spawn_once(command),
            spawned => spawned,
        }
    }

    fn spawn_once(command: &mut Command) -> io::Result<Self> {
        let job = Job::new()?;
        // Its first thread waits until it is in the job, so that nothing it starts is outside.
        let flags = CREATE_NO_WINDOW | CREATE_SUSPENDED;
        let mut child = command.creation_flags(flags).spawn()?;
        if let Err(error) = job.add(&child).and_then(|()| resume(child.id())) {
            drop(child.kill());
            return Err(error);
        }
        Ok(Self { child, killer: Killer(Arc::new(job)) })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn killer(&self) -> Killer {
        self.killer.clone()
    }

    /// Returns whether the child has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Returns how the child ended, or fails if it has not.
    pub(super) fn reap(&mut self) -> io::Result<ExitStatus> {
        self.child
            .try_wait()?
            .ok_or_else(|| io::Error::other(format!("process {} does not end", self.child.id())))
    }
}
