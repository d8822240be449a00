//! The process that serves, and that `!die` ends.
//!
//! It talks to the one that started it: its stdout has the two addresses, a line each, and then a
//! line for each command. When its stdin ends, the other is gone, and it ends too.

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tickpipe::probe::{Faults, Probe, ProbeEvent, ProbeStopper};
use tickpipe::{ErrorKind, escaped, on_signal};

use super::Start;
use crate::print;
use crate::report::{Failure, tell};

/// Lines that wait for a slow console before further ones are dropped.
const LINES_MAX: usize = 1024;

/// What the console gets to catch up at the end.
const PRINT_LIMIT: Duration = Duration::from_millis(200);

/// Between two looks whether the name is free again.
const NAME_LOOK: Duration = Duration::from_millis(250);

pub(super) fn run(pipe: &str, faults: &Faults, start: Start) -> Result<ExitCode, Failure> {
    // A signal at a terminal reaches both processes; the other one says what comes of it.
    on_signal(|_| {}).map_err(|error| Failure::Stream("cannot listen for signals", error))?;
    let parent = Parent::watch()?;
    let Some(probe) = bind(pipe, faults, start, &parent)? else {
        return Ok(ExitCode::SUCCESS);
    };
    parent.stop_when_gone(probe.stopper());
    print::to_stdout(format!("{}\n{}\n", probe.address(), probe.small_address()).as_bytes())?;
    let Printer { lines, done, thread } = start_printer()?;
    let dropped = AtomicU64::new(0);
    probe.serve(|event| {
        if lines.try_send(in_words(event)).is_err() {
            dropped.fetch_add(1, Ordering::Relaxed);
        }
    });
    drop(lines);
    let dropped = dropped.into_inner();
    let is_slow = done.recv_timeout(PRINT_LIMIT) == Err(RecvTimeoutError::Timeout);
    if !is_slow {
        // It is past its last write, so this takes no time. Wine 8 now and then crashes where a
        // thread ends while the program does. A panic has been reported already.
        drop(thread.join());
    }
    if is_slow || dropped > 0 {
        tracing::warn!(dropped, "the console is too slow, not all commands were printed");
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes the name; `None` if there is nobody left to serve for.
fn bind(
    pipe: &str,
    faults: &Faults,
    start: Start,
    parent: &Parent,
) -> Result<Option<Probe>, Failure> {
    let mut is_told = false;
    loop {
        match Probe::bind(pipe, faults.clone()) {
            Ok(probe) => return Ok(Some(probe)),
            // On Windows an EA that has not closed its handle yet keeps the name of the one that
            // died: the new pipe must be the first of its name.
            Err(error) if error.kind() == ErrorKind::NameTaken && start == Start::Again => {
                if !std::mem::replace(&mut is_told, true) {
                    tell("the name is still held; the server waits until every EA has closed it");
                }
            }
            Err(error) => return Err(Failure::library(pipe)(error)),
        }
        if parent.is_gone_within(NAME_LOOK) {
            return Ok(None);
        }
    }
}

/// Says what an EA asked for.
fn in_words(event: &ProbeEvent<'_>) -> String {
    let line = escaped(event.line, print::SHOWN_CHARS_MAX);
    match event.command {
        Ok(command) => format!("#{}  !{line}: {command}", event.connection),
        Err(error) => format!("#{}  !{line}: ERR usage {error}", event.connection),
    }
}

/// Prints lines until the last sender is gone.
struct Printer {
    lines: SyncSender<String>,
    /// Ends when the last line is printed.
    done: Receiver<()>,
    thread: JoinHandle<()>,
}

fn start_printer() -> Result<Printer, Failure> {
    let (lines, to_print) = sync_channel::<String>(LINES_MAX);
    let (printed, done) = sync_channel::<()>(0);
    let thread = thread::Builder::new()
        .name("tickpipe-printer".to_owned())
        .spawn(move || {
            let mut out = io::stdout();
            for line in to_print {
                // Nobody to print for any more: the watch at stdin ends the process.
                if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
                    break;
                }
            }
            drop(printed);
        })
        .map_err(|error| Failure::Stream("cannot start the printer's thread", error))?;
    Ok(Printer { lines, done, thread })
}

/// The process that started this one, as long as it holds the other end of our stdin.
#[derive(Clone, Debug, Default)]
struct Parent(Arc<Watch>);

#[derive(Debug, Default)]
struct Watch {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_gone: bool,
    stopper: Option<ProbeStopper>,
}

impl Parent {
    /// Starts to watch stdin.
    fn watch() -> Result<Self, Failure> {
        let parent = Self::default();
        let watching = parent.clone();
        thread::Builder::new()
            .name("tickpipe-parent".to_owned())
            .spawn(move || {
                // What comes means nothing; an error is as good as the end.
                let mut byte = [0];
                while io::stdin().read(&mut byte).is_ok_and(|count| count > 0) {}
                watching.gone();
            })
            .map_err(|error| Failure::Stream("cannot start the thread that watches", error))?;
        Ok(parent)
    }

    fn gone(&self) {
        let mut state = self.state();
        state.is_gone = true;
        state.stopper.iter().for_each(ProbeStopper::stop);
        self.0.changed.notify_all();
    }

    /// Has a server stopped once the process is gone, at once if it is already.
    fn stop_when_gone(&self, stopper: ProbeStopper) {
        let mut state = self.state();
        if state.is_gone {
            stopper.stop();
        }
        state.stopper = Some(stopper);
    }

    fn is_gone_within(&self, limit: Duration) -> bool {
        let state = self.state();
        let waited = self.0.changed.wait_timeout_while(state, limit, |state| !state.is_gone);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_gone
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
