//! The program's own end, as a kill from outside would be: nothing is flushed or cleaned up.

use std::io;

/// Ends this program.
#[cfg(unix)]
pub(super) fn die() -> io::Result<()> {
    let this = rustix::process::getpid();
    Ok(rustix::process::kill_process(this, rustix::process::Signal::KILL)?)
}

/// Ends this program.
#[cfg(windows)]
pub(super) fn die() -> io::Result<()> {
    crate::sys::windows::kill_this()
}
