//! A program in any language as a handler: lines on its stdin, answers on its stdout.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tickpipe_proto::{ErrorCode, LineError, Reply, escaped};

use super::exchange::{Exchange, Missed, reply_of};
use super::{LineHandler, Peer};
use crate::child::Child;
use crate::log_limit::LogLimit;

/// Answers that are missed in a row before the program is started anew.
const MISSED_MAX: u32 = 3;

/// The part of a line's time that is kept back for the answer's way.
const MARGIN_SHARE: u32 = 20;
const MARGIN_MAX: Duration = Duration::from_millis(50);

/// The wait before a program that ended without an answer is started again: doubled each time.
const BACKOFF_MIN: Duration = Duration::from_millis(250);
const BACKOFF_MAX: Duration = Duration::from_secs(5);

/// What a program gets to end by itself once its connection is over and its input closed.
const EXIT_GRACE: Duration = Duration::from_millis(500);

/// What a program gets that has closed its output, while an EA waits.
const LEAVE_GRACE: Duration = Duration::from_millis(20);

/// Characters of a line on stderr that are logged.
const ERROR_CHARS_MAX: usize = 500;

/// A command whose program answers lines: one process for each connection.
///
/// The program gets each line on its stdin, as UTF-8 with `\n`, and prints one line for it on its
/// stdout, which it must not buffer. It is started at a connection's first line, has one line at a
/// time, and is ended, with all it started, when the connection is over. What it writes on stderr
/// goes to the log. `docs/handlers.md` says it in full.
///
/// # Defaults
///
/// 5 s for the first answer of a new process, before the process counts as stuck; its lines are
/// answered `handler_timeout` and `handler_busy` meanwhile.
///
/// # Examples
///
/// ```no_run
/// use tickpipe::{Exec, Server};
///
/// let server = Server::bind("TestPipe")?;
/// let exec = Exec::new("python3", ["double.py"]).with_pipe(server.address());
/// server.serve(move |peer| exec.handler(peer))?;
/// # Ok::<(), tickpipe::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Exec(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    program: OsString,
    args: Vec<OsString>,
    pipe: String,
    start_limit: Duration,
    counters: Counters,
    log: LogLimit,
}

#[derive(Debug, Default)]
struct Counters {
    ended: AtomicU64,
    late_answers: AtomicU64,
    replaced: AtomicU64,
    started: AtomicU64,
    unasked_lines: AtomicU64,
}

/// What became of the processes of an [`Exec`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecSummary {
    /// Processes that were started.
    pub started: u64,
    /// Processes that ended while their connection was open.
    pub ended: u64,
    /// Processes that were ended because they were stuck, or printed without end.
    pub replaced: u64,
    /// Answers that came after their line had been answered `handler_timeout`; dropped.
    pub late_answers: u64,
    /// Lines that nobody asked for; dropped.
    pub unasked_lines: u64,
}

impl Exec {
    /// Names a program, looked up as a shell does, and its arguments.
    pub fn new<S: AsRef<OsStr>>(
        program: impl AsRef<OsStr>,
        args: impl IntoIterator<Item = S>,
    ) -> Self {
        Self(Arc::new(Inner {
            program: program.as_ref().to_owned(),
            args: args.into_iter().map(|arg| arg.as_ref().to_owned()).collect(),
            pipe: String::new(),
            start_limit: Duration::from_secs(5),
            counters: Counters::default(),
            log: LogLimit::default(),
        }))
    }

    /// Sets what the program finds in its environment as `TICKPIPE_PIPE`: the pipe it serves.
    ///
    /// # Panics
    ///
    /// Panics if a handler was made already.
    pub fn with_pipe(mut self, pipe: impl Into<String>) -> Self {
        self.inner_mut().pipe = pipe.into();
        self
    }

    /// Sets the time that a new process has for its first answer, before it counts as stuck.
    ///
    /// # Panics
    ///
    /// Panics if a handler was made already.
    pub fn with_start_limit(mut self, start_limit: Duration) -> Self {
        self.inner_mut().start_limit = start_limit;
        self
    }

    fn inner_mut(&mut self) -> &mut Inner {
        Arc::get_mut(&mut self.0).expect("settings are made before the first handler")
    }

    /// Makes the handler of a connection; its process starts at the first line.
    #[must_use]
    pub fn handler(&self, peer: &Peer) -> ExecHandler {
        ExecHandler {
            exec: Arc::clone(&self.0),
            peer: describe(peer),
            running: None,
            failures: 0,
            start_not_before: None,
            last_end: String::new(),
        }
    }

    /// Returns what became of the processes until now.
    #[must_use]
    pub fn summary(&self) -> ExecSummary {
        let counters = &self.0.counters;
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ExecSummary {
            started: read(&counters.started),
            ended: read(&counters.ended),
            replaced: read(&counters.replaced),
            late_answers: read(&counters.late_answers),
            unasked_lines: read(&counters.unasked_lines),
        }
    }
}

/// Writes a peer as a program's environment has it.
fn describe(peer: &Peer) -> String {
    let id = peer.process_id.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
    match &peer.program {
        Some(program) => format!("{id} {program}"),
        None => id,
    }
}

impl Inner {
    fn start(self: &Arc<Self>, peer: &str) -> std::io::Result<Running> {
        let mut command = Command::new(&self.program);
        command.args(&self.args).env("TICKPIPE_PIPE", &self.pipe).env("TICKPIPE_PEER", peer);
        // Python alone would keep its answers back, and speak the code page on Windows.
        command.env("PYTHONUNBUFFERED", "1").env("PYTHONUTF8", "1");
        let from = peer.to_owned();
        let tell = move |line: &str| {
            let line = escaped(line, ERROR_CHARS_MAX);
            tracing::warn!(peer = from, line, "program wrote to stderr");
        };
        let child = Child::spawn(&mut command, "tickpipe-stderr".to_owned(), tell)?;
        self.counters.started.fetch_add(1, Ordering::Relaxed);
        tracing::info!(process_id = child.id(), program = %self, "program started");
        Ok(Running {
            child,
            exchange: Exchange::new(),
            started_at: Instant::now(),
            has_answered: false,
            missed: 0,
        })
    }

    /// Counts what a process printed to no purpose.
    fn note_dropped(&self, running: &mut Running) {
        let dropped = running.exchange.take_dropped();
        self.counters.late_answers.fetch_add(dropped.late, Ordering::Relaxed);
        self.counters.unasked_lines.fetch_add(dropped.unasked, Ordering::Relaxed);
        if dropped.unasked > 0 {
            self.log.once_a_minute("unasked output", None, |more| {
                let lines = dropped.unasked;
                let mend = "program printed lines that nobody asked for, they were dropped; print \
                            one line for each line read, and anything else to stderr";
                tracing::warn!(lines, more, "{mend}");
            });
        }
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escaped(&self.program.to_string_lossy(), 200))
    }
}

/// Answers the lines of one connection by way of a process of its own; made by [`Exec::handler`].
#[derive(Debug)]
pub struct ExecHandler {
    exec: Arc<Inner>,
    peer: String,
    running: Option<Running>,
    /// Processes in a row that ended without an answer, or could not be started.
    failures: u32,
    start_not_before: Option<Instant>,
    /// How the last process ended, in words.
    last_end: String,
}

#[derive(Debug)]
struct Running {
    child: Child,
    exchange: Exchange,
    started_at: Instant,
    has_answered: bool,
    /// Answers missed in a row.
    missed: u32,
}

impl LineHandler for ExecHandler {
    fn reply_to(&mut self, line: &str) -> Reply {
        self.reply_by(line, None)
    }

    fn reply_by(&mut self, line: &str, due: Option<Instant>) -> Reply {
        let begun_at = Instant::now();
        let time = due.map(|due| due.saturating_duration_since(begun_at));
        let time = time.map(|time| time - MARGIN_MAX.min(time / MARGIN_SHARE));
        let due = time.map(|time| begun_at + time);
        let asked = match self.ask(line, due)? {
            // It was at its end before it could see the line: a new one may answer.
            Err(Missed::Ended { was_sent: false }) => {
                self.note_end();
                self.ask(line, due)?
            }
            asked => asked,
        };
        if let Some(running) = &mut self.running {
            self.exec.note_dropped(running);
        }
        match asked {
            Ok(answer) => {
                self.note_answer();
                reply_of(answer)
            }
            Err(missed) => Err(self.missed(missed, time)),
        }
    }
}

impl ExecHandler {
    /// Asks the process, which is started if there is none.
    fn ask(
        &mut self,
        line: &str,
        due: Option<Instant>,
    ) -> Result<Result<String, Missed>, LineError> {
        if self.running.is_none() {
            self.start()?;
        }
        match &mut self.running {
            Some(running) => Ok(running.exchange.ask(&mut running.child, line, due)),
            None => Ok(Err(Missed::Ended { was_sent: false })),
        }
    }

    fn start(&mut self) -> Result<(), LineError> {
        let now = Instant::now();
        if let Some(at) = self.start_not_before
            && now < at
        {
            let ms = at.saturating_duration_since(now).as_millis();
            return Err(LineError::new(
                ErrorCode::HandlerUnavailable,
                format!("the handler's program {}, it is started again in {ms} ms", self.last_end),
            ));
        }
        match self.exec.start(&self.peer) {
            Ok(running) => {
                self.running = Some(running);
                Ok(())
            }
            Err(error) => {
                self.last_end = format!("`{}` cannot be started: {error}", self.exec);
                self.back_off();
                self.exec.log.once_a_minute("cannot start a program", None, |more| {
                    let program = self.exec.to_string();
                    tracing::error!(%error, program, more, "cannot start the handler's program");
                });
                Err(LineError::new(
                    ErrorCode::HandlerUnavailable,
                    format!("the handler's program {}", self.last_end),
                ))
            }
        }
    }

    /// The program answered: whatever was wrong before is mended.
    fn note_answer(&mut self) {
        self.failures = 0;
        self.start_not_before = None;
        if let Some(running) = &mut self.running {
            running.has_answered = true;
            running.missed = 0;
        }
    }

    fn missed(&mut self, missed: Missed, time: Option<Duration>) -> LineError {
        match missed {
            Missed::Unusable(error) => {
                self.note_answer();
                error
            }
            Missed::Ended { .. } => {
                self.note_end();
                let text = format!("the handler's program {} before it answered", self.last_end);
                LineError::new(ErrorCode::HandlerEnded, text)
            }
            Missed::Flooded => {
                self.replace("printed without end and without being asked");
                let text = format!("the handler's program {}, it was ended", self.last_end);
                LineError::new(ErrorCode::BadReply, text)
            }
            Missed::Stuck => {
                self.replace("did not read its input");
                let text = format!("the handler's program {}, it was ended", self.last_end);
                LineError::new(ErrorCode::HandlerTimeout, text)
            }
            Missed::TimedOut => self.timed_out(time),
            Missed::Owed { since } => self.owed(since, time),
        }
    }

    fn timed_out(&mut self, time: Option<Duration>) -> LineError {
        let is_out = self.running.as_mut().is_some_and(|running| {
            // A process that something it started outlives has no end on its output.
            if running.child.has_ended() {
                return true;
            }
            running.missed += 1;
            false
        });
        if is_out {
            return self.missed(Missed::Ended { was_sent: true }, time);
        }
        let ms = time.unwrap_or_default().as_nanos().div_ceil(1_000_000);
        let mut text = format!("the handler's program gave no answer within {ms} ms");
        if self.is_stuck(self.running.as_ref().is_some_and(|running| running.missed >= MISSED_MAX))
        {
            self.replace("gave no answer in time too often");
            text.push_str(", it was ended");
        }
        LineError::new(ErrorCode::HandlerTimeout, text)
    }

    fn owed(&mut self, since: Instant, time: Option<Duration>) -> LineError {
        // The line it is owed for took its share of the time before `since`.
        let limit = time.unwrap_or_default() * (MISSED_MAX - 1);
        if self.is_stuck(since.elapsed() >= limit) {
            self.replace("gave no answer");
            return LineError::new(
                ErrorCode::HandlerTimeout,
                "the handler's program still gave no answer, it was ended",
            );
        }
        LineError::new(
            ErrorCode::HandlerBusy,
            "the handler's program still works on a line it was too late for",
        )
    }

    /// Returns whether a process is to be ended that has missed enough, unless it is starting.
    fn is_stuck(&self, has_missed_enough: bool) -> bool {
        let is_starting = self.running.as_ref().is_some_and(|running| {
            !running.has_answered && running.started_at.elapsed() < self.exec.start_limit
        });
        has_missed_enough && !is_starting
    }

    /// Ends a process that is of no use any more.
    fn replace(&mut self, why: &'static str) {
        let Some(running) = self.running.take() else { return };
        let process_id = running.child.id();
        self.exec.counters.replaced.fetch_add(1, Ordering::Relaxed);
        self.exec.log.once_a_minute("program ended by us", None, |more| {
            tracing::warn!(process_id, more, "program {why}, it was ended");
        });
        if !running.has_answered {
            self.back_off();
        }
        if let Err(error) = running.child.kill() {
            tracing::error!(%error, process_id, "cannot end a program");
        }
        why.clone_into(&mut self.last_end);
    }

    /// Takes leave of a process that has ended.
    fn note_end(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        self.exec.note_dropped(&mut running);
        let process_id = running.child.id();
        if !running.has_answered {
            self.back_off();
        }
        self.last_end = describe_end(running.child.close(LEAVE_GRACE));
        self.exec.counters.ended.fetch_add(1, Ordering::Relaxed);
        let how = &self.last_end;
        self.exec.log.once_a_minute("program ended", None, |more| {
            tracing::warn!(process_id, how, more, "the handler's program ended");
        });
    }

    fn back_off(&mut self) {
        let doubled = BACKOFF_MIN.saturating_mul(1 << self.failures.min(10));
        self.start_not_before = Some(Instant::now() + doubled.min(BACKOFF_MAX));
        self.failures += 1;
    }
}

impl Drop for ExecHandler {
    /// Ends the process, which gets a moment to do so by itself.
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let process_id = running.child.id();
            let how = describe_end(running.child.close(EXIT_GRACE));
            tracing::info!(process_id, how, "program ended with its connection");
        }
    }
}

fn describe_end(status: std::io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => format!("ended with {status}"),
        Err(error) => format!("ended, and cannot be asked how: {error}"),
    }
}
