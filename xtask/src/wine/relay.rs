//! Runs a program with its output passed through and counted.

use std::io::{Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::run;

/// How long output may still come after the program has ended: a program it left behind can hold
/// the stream open for ever.
const DRAIN_LIMIT: Duration = Duration::from_secs(2);

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Code(u8),
    TimedOut,
}

/// A program that has run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Relayed {
    pub(crate) ended: Ended,
    /// Bytes it wrote to stdout and stderr.
    pub(crate) written: u64,
}

impl Relayed {
    /// Whether Wine failed before the program ran: about one start in 3,000 ends with 1 and not a
    /// byte of output. Standard input is the program's own, so nothing of it has been read then.
    pub(crate) fn is_lost_start(self) -> bool {
        self.ended == Ended::Code(1) && self.written == 0
    }
}

/// Runs a program with our standard input, and kills it after `limit`.
///
/// # Errors
///
/// Fails if it cannot be started or waited for.
pub(crate) fn run(command: &mut Command, limit: Duration) -> anyhow::Result<Relayed> {
    let child = command
        .stdin(Stdio::inherit())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", run::shown(command)))?;
    let mut child = run::Owned(child);
    let _signals = signals::Forwarding::to(child.0.id())?;
    let written = Arc::new(AtomicU64::new(0));
    let (done, drained) = mpsc::channel();
    if let Some(from) = child.0.stdout.take() {
        relay(from, std::io::stdout(), &written, done.clone());
    }
    if let Some(from) = child.0.stderr.take() {
        relay(from, std::io::stderr(), &written, done);
    }
    let status = run::wait(&mut child.0, limit)?;
    drop(child);
    let deadline = Instant::now() + DRAIN_LIMIT;
    // An error means that both relays are done, or that the time is over.
    while drained.recv_timeout(deadline.saturating_duration_since(Instant::now())).is_ok() {}
    let ended = status.map_or(Ended::TimedOut, |status| Ended::Code(exit_code(status)));
    Ok(Relayed { ended, written: written.load(Ordering::Relaxed) })
}

/// Starts a thread that copies until the stream's end. It is not joined: a stream that a left-behind
/// program holds open has none, and the thread ends with this process.
fn relay(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    written: &Arc<AtomicU64>,
    done: Sender<()>,
) {
    let written = Arc::clone(written);
    thread::spawn(move || {
        let mut chunk = [0; 8192];
        while let Ok(count @ 1..) = from.read(&mut chunk) {
            written.fetch_add(count as u64, Ordering::Relaxed);
            // Whoever read our output may be gone; the program still runs to its end.
            to.write_all(&chunk[..count]).and_then(|()| to.flush()).ok();
        }
        // The receiver is gone once it has waited long enough.
        done.send(()).ok();
    });
}

#[cfg(unix)]
fn exit_code(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;

    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

#[cfg(not(unix))]
fn exit_code(status: ExitStatus) -> u8 {
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

#[cfg(unix)]
mod signals {
    //! Hands Ctrl-C and SIGTERM on to the program, instead of dying before it.

    use std::io::{IsTerminal as _, stdin};
    use std::process::Command;
    use std::thread::{self, JoinHandle};

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::{Handle, Signals};

    #[derive(Debug)]
    pub(super) struct Forwarding {
        handle: Handle,
        thread: Option<JoinHandle<()>>,
    }

    impl Forwarding {
        pub(super) fn to(process: u32) -> std::io::Result<Self> {
            let mut signals = Signals::new([SIGINT, SIGTERM])?;
            let handle = signals.handle();
            // A terminal sends Ctrl-C to the whole process group: the program has it already, and a
            // second one means "at once".
            let has_terminal = stdin().is_terminal();
            let thread = thread::spawn(move || {
                for signal in signals.forever() {
                    if signal != SIGINT || !has_terminal {
                        send(signal, process);
                    }
                }
            });
            Ok(Self { handle, thread: Some(thread) })
        }
    }

    fn send(signal: i32, process: u32) {
        // Fails only if the program is gone.
        Command::new("kill").arg(format!("-{signal}")).arg(process.to_string()).status().ok();
    }

    impl Drop for Forwarding {
        fn drop(&mut self) {
            self.handle.close();
            self.thread.take().map(JoinHandle::join);
        }
    }
}

#[cfg(not(unix))]
mod signals {
    //! Windows programs need no forwarding: they share the console.

    #[derive(Debug)]
    pub(super) struct Forwarding;

    impl Forwarding {
        pub(super) fn to(_process: u32) -> std::io::Result<Self> {
            Ok(Self)
        }
    }
}
