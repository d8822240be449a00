//! The process that a person starts: it has the console, and starts the one that serves.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tickpipe::on_signal;

use super::Start;
use crate::report::{Failure, tell};
use crate::{exit, print};

/// From the death of the worker to the next one's start.
const RESTART_PAUSE: Duration = Duration::from_secs(1);

/// What the worker gets to end by itself, before it is killed and we end without it.
const END_LIMIT: Duration = Duration::from_millis(800);

/// Between two looks whether the worker has ended, once it has closed its output.
const END_LOOK: Duration = Duration::from_millis(2);

pub(super) fn run() -> Result<ExitCode, Failure> {
    let worker = Arc::new(Worker::default());
    end_on_signals(&worker)?;
    let mut start = Start::First;
    while let Some(output) = worker.start(start)? {
        let has_listened = relay(output)?;
        let Some(status) = worker.wait()? else { break };
        if status.success() || !has_listened {
            return Ok(exit_code(status));
        }
        tell(&format!("the server died ({status}), it is started again in 1 s"));
        worker.pause(RESTART_PAUSE);
        start = Start::Again;
    }
    Ok(ExitCode::SUCCESS)
}

/// Hands on what the worker prints, up to its end; whether it ever listened.
fn relay(output: ChildStdout) -> Result<bool, Failure> {
    let mut count = 0;
    for line in BufReader::new(output).lines() {
        let line = line.map_err(|error| Failure::Stream("cannot hear the server", error))?;
        count += 1;
        match count {
            1 => tell(&format!("listening on {line}, Ctrl-C ends it")),
            2 => tell(&format!("and on {line}, with buffers of 4 KiB")),
            _ => print::to_stdout(format!("{line}\n").as_bytes())?,
        }
    }
    Ok(count > 0)
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    ExitCode::from(code.unwrap_or(exit::FAILED))
}

/// Has the first signal end the worker and so us, and the second end both at once.
fn end_on_signals(worker: &Arc<Worker>) -> Result<(), Failure> {
    let worker = Arc::clone(worker);
    on_signal(move |count| {
        if count > 1 {
            end(&worker, exit::INTERRUPTED);
        }
        worker.end();
        // Whatever holds the worker up, or the console us, there is an end.
        let worker = Arc::clone(&worker);
        let limit = thread::Builder::new().name("tickpipe-end".to_owned()).spawn(move || {
            thread::sleep(END_LIMIT);
            end(&worker, 0);
        });
        if let Err(error) = limit {
            tracing::error!(%error, "cannot start a thread that limits the end");
        }
    })
    .map_err(|error| Failure::Stream("cannot listen for signals", error))
}

#[expect(clippy::exit, reason = "the end must not wait for a console or a worker that hangs")]
fn end(worker: &Worker, code: u8) -> ! {
    worker.kill();
    std::process::exit(i32::from(code))
}

/// The process that serves, one after the other.
#[derive(Debug, Default)]
struct Worker {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// None is started any more.
    is_over: bool,
    /// With its stdin, of which the end tells it to end.
    child: Option<Child>,
}

impl Worker {
    /// Starts the process and returns what it prints; `None` once it is over.
    fn start(&self, start: Start) -> Result<Option<ChildStdout>, Failure> {
        let mut state = self.state();
        if state.is_over {
            return Ok(None);
        }
        let fail = |error| Failure::Io("cannot start the server's process".to_owned(), error);
        let mut command = Command::new(env::current_exe().map_err(fail)?);
        command.args(worker_args(env::args_os().skip(1).collect(), start));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(fail)?;
        let output = child.stdout.take();
        state.child = Some(child);
        Ok(output)
    }

    /// Waits for the process's end; `None` once it is over.
    fn wait(&self) -> Result<Option<ExitStatus>, Failure> {
        let fail = |error| Failure::Io("cannot wait for the server's process".to_owned(), error);
        loop {
            let mut state = self.state();
            let status = state.child.as_mut().map(Child::try_wait).transpose().map_err(fail)?;
            if let Some(status) = status.flatten() {
                state.child = None;
                return Ok((!state.is_over).then_some(status));
            }
            drop(state);
            thread::sleep(END_LOOK);
        }
    }

    /// Tells the process to end, and lets none be started any more.
    fn end(&self) {
        let mut state = self.state();
        state.is_over = true;
        if let Some(child) = &mut state.child {
            drop(child.stdin.take());
        }
        self.changed.notify_all();
    }

    fn kill(&self) {
        let mut state = self.state();
        state.is_over = true;
        if let Some(child) = &mut state.child {
            // It may have ended already.
            drop(child.kill());
        }
    }

    /// Lets time pass, unless it is over.
    fn pause(&self, pause: Duration) {
        let state = self.state();
        let waited = self.changed.wait_timeout_while(state, pause, |state| !state.is_over);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the arguments of the worker: our own, and the hidden one right behind the command's name,
/// since what follows a `--` is no option.
fn worker_args(mut args: Vec<OsString>, start: Start) -> Vec<OsString> {
    let at = args.iter().position(|arg| arg == "probe").map_or(args.len(), |at| at + 1);
    let start = match start {
        Start::Again => "again",
        Start::First => "first",
    };
    args.insert(at, format!("--worker={start}").into());
    args
}
