//! A program in any language as a handler: lines on its stdin, answers on its stdout.

mod stderr_log;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tickpipe_proto::{ErrorCode, LineError, Reply, escaped};

use self::stderr_log::StderrLog;
use super::exchange::{Exchange, Missed, Time, reply_of};
use super::{LineHandler, Peer};
use crate::child::{Apart, Child, End, Killer};
use crate::log_limit::LogLimit;
use crate::session::exec::Backoffs;

/// Answers that are missed in a row before the program is started anew.
const MISSED_MAX: u32 = 3;

/// How long a program is listened to after its first answer, and after each one once it printed more
/// than was asked for: its answers would be taken for other lines'.
const LISTEN: Duration = Duration::from_millis(50);

/// The wait before a program that ended without an answer is started again: doubled each time.
const BACKOFF_MIN: Duration = Duration::from_millis(250);
const BACKOFF_MAX: Duration = Duration::from_secs(5);

/// What a program gets to end by itself once its connection is over and its input closed.
const EXIT_GRACE: Duration = Duration::from_millis(500);

/// What a program gets that has closed its output, while an EA waits.
const LEAVE_GRACE: Duration = Duration::from_millis(20);

/// A command whose program answers lines, or trades: one process for each connection.
///
/// In line mode the program gets each line on its stdin, as UTF-8 with `\n`, and prints one line for
/// it on its stdout, which it must not buffer. It is started at a connection's first line, has one line
/// at a time, and is ended, with all it started, when the connection is over. In session mode it is
/// started when the session is open, gets the EA's messages and asks the EA itself. What it writes on
/// stderr goes to the log. `docs/handlers.md` says it in full.
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
/// server.serve_exec(&exec)?;
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
    directory: Option<PathBuf>,
    start_limit: Duration,
    counters: Counters,
    log: LogLimit,
    stderr: Option<Listener>,
    running: Mutex<Processes>,
    backoffs: Backoffs,
}

/// Hears each line of a program's stderr.
#[derive(Clone)]
struct Listener(Arc<dyn Fn(&str) + Send + Sync>);

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}

/// The processes that run.
#[derive(Debug, Default)]
struct Processes {
    by_id: BTreeMap<u32, Killer>,
    /// No further one is started.
    is_over: bool,
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
            directory: None,
            start_limit: Duration::from_secs(5),
            counters: Counters::default(),
            log: LogLimit::default(),
            stderr: None,
            running: Mutex::default(),
            backoffs: Backoffs::default(),
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

    /// Sets the directory that the program works in; else it is this process's own.
    ///
    /// # Panics
    ///
    /// Panics if a handler was made already.
    pub fn with_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.inner_mut().directory = Some(directory.into());
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

    /// Has `hear` told each line that a program writes on stderr, in place of the log: without its
    /// line end, unescaped, a longer one than 1,000 bytes in several, and however many they are. While
    /// it is told one, on a thread of that program's, the next wait.
    ///
    /// # Panics
    ///
    /// Panics if a handler was made already.
    pub fn with_stderr(mut self, hear: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.inner_mut().stderr = Some(Listener(Arc::new(hear)));
        self
    }

    fn inner_mut(&mut self) -> &mut Inner {
        Arc::get_mut(&mut self.0).expect("settings are made before the first handler")
    }

    /// Makes the handler of a connection; its process starts at the first line.
    ///
    /// For servers whose connections do not all have the same program; others have
    /// [`serve_exec`](crate::Server::serve_exec).
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

    /// Ends every process that runs, and lets none start any more.
    ///
    /// A program at work on a line answers nothing more: its handler returns at once. A server that
    /// made its handlers with [`handler`](Self::handler) leaves those behind at its stop that were at
    /// work on a line and whose time was not over: call this before the program ends.
    pub fn end_all(&self) {
        let mut running = self.0.running();
        running.is_over = true;
        running.by_id.values().for_each(Killer::kill);
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

/// A program that is no longer of use, or never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// It ended by itself.
    Ended,
    /// It was ended, for it was stuck or printed without end.
    Replaced,
}

/// What the session mode of it needs.
impl Exec {
    /// Starts a process for a session.
    pub(crate) fn start_apart(&self, peer: &Peer) -> io::Result<Apart> {
        let peer = describe(peer);
        let mut command = self.0.command(&peer, "session");
        let apart = Apart::spawn(&mut command, self.0.listener(&peer))?;
        self.0.enter(apart.process.id(), apart.process.killer())?;
        Ok(apart)
    }

    /// Forgets a process that has ended.
    pub(crate) fn forget(&self, process_id: u32) {
        self.0.running().by_id.remove(&process_id);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.is_over()
    }

    pub(crate) fn start_limit(&self) -> Duration {
        self.0.start_limit
    }

    pub(crate) fn backoffs(&self) -> &Backoffs {
        &self.0.backoffs
    }

    pub(crate) fn log(&self) -> &LogLimit {
        &self.0.log
    }

    pub(crate) fn count_loss(&self, loss: Loss) {
        let counter = match loss {
            Loss::Ended => &self.0.counters.ended,
            Loss::Replaced => &self.0.counters.replaced,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_late_answer(&self) {
        self.0.counters.late_answers.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a line that nobody asked for.
    pub(crate) fn count_unasked(&self) {
        self.0.counters.unasked_lines.fetch_add(1, Ordering::Relaxed);
    }
}

impl fmt::Display for Exec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Writes a peer as a program's environment has it.
fn describe(peer: &Peer) -> String {
    if let Some(address) = peer.address {
        return address.to_string();
    }
    let id = peer.process_id.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
    match &peer.program {
        Some(program) => format!("{id} {program}"),
        None => id,
    }
}

/// The answer to lines that no program gets any more.
fn is_stopping() -> LineError {
    LineError::new(ErrorCode::ShuttingDown, "the server is stopping")
}

impl Inner {
    fn running(&self) -> MutexGuard<'_, Processes> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether all programs were ended, and none is started any more.
    fn is_over(&self) -> bool {
        self.running().is_over
    }

    fn command(&self, peer: &str, mode: &str) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).env("TICKPIPE_PIPE", &self.pipe).env("TICKPIPE_PEER", peer);
        command.env("TICKPIPE_MODE", mode);
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        // Python alone would keep its answers back, and speak the code page on Windows.
        command.env("PYTHONUNBUFFERED", "1").env("PYTHONUTF8", "1");
        command
    }

    /// Returns who is told what a process writes on stderr.
    fn listener(&self, peer: &str) -> Box<dyn FnMut(&str) + Send> {
        if let Some(Listener(hear)) = self.stderr.clone() {
            return Box::new(move |line| hear(line));
        }
        let mut log = StderrLog::new(peer.split(' ').next().unwrap_or_default());
        Box::new(move |line| log.tell(line))
    }

    /// Notes a process that runs; fails if none is to run any more.
    fn enter(&self, id: u32, killer: Killer) -> io::Result<()> {
        let mut running = self.running();
        if running.is_over {
            return Err(io::Error::other("the server has stopped"));
        }
        running.by_id.insert(id, killer);
        drop(running);
        self.counters.started.fetch_add(1, Ordering::Relaxed);
        tracing::info!(process_id = id, program = %self, "program started");
        Ok(())
    }

    fn start(&self, peer: &str) -> io::Result<Running> {
        let child = Child::spawn(&mut self.command(peer, "line"), self.listener(peer))?;
        // Where this fails the child ends as it is dropped.
        self.enter(child.id(), child.killer())?;
        Ok(Running {
            child,
            exchange: Exchange::new(),
            started_at: Instant::now(),
            has_answered: false,
            is_in_step: false,
            missed_in_a_row: 0,
        })
    }

    /// Ends a process at once.
    fn kill(&self, running: Running) -> End {
        self.running().by_id.remove(&running.child.id());
        running.child.kill()
    }

    /// Ends a process that may end by itself within `grace`.
    fn close(&self, running: Running, grace: Duration) -> End {
        let Running { child, mut exchange, .. } = running;
        let id = child.id();
        let end = child.close(grace, |bytes| exchange.drop_rest(bytes));
        self.note_dropped(&mut exchange);
        self.running().by_id.remove(&id);
        end
    }

    /// Counts what a process printed to no purpose.
    fn note_dropped(&self, exchange: &mut Exchange) {
        let dropped = exchange.take_dropped();
        self.counters.late_answers.fetch_add(dropped.late, Ordering::Relaxed);
        self.counters.unasked_lines.fetch_add(dropped.unasked, Ordering::Relaxed);
        if dropped.unasked > 0 {
            self.log.once_a_minute("unasked output", None, |more| {
                let lines = dropped.unasked;
                let mend = "program printed lines that nobody asked for, they were dropped and \
                            answers may have been wrong; print one line for each line read, and \
                            anything else to stderr";
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
    /// It printed an answer and nothing more when it was last listened to, and no surplus since.
    is_in_step: bool,
    missed_in_a_row: u32,
}

impl LineHandler for ExecHandler {
    fn reply_to(&mut self, line: &str) -> Reply {
        self.reply_by(line, None)
    }

    fn reply_by(&mut self, line: &str, due: Option<Instant>) -> Reply {
        if line.contains('\r') {
            let text = "the line holds a carriage return, which a program takes for a line end";
            return Err(LineError::new(ErrorCode::Encoding, text));
        }
        let time = Time::until(due);
        self.ensure_running()?;
        let mut asked = self.ask(line, time);
        if let Err(missed) = &asked
            && self.is_of_no_use_before(missed, time)
        {
            // It never saw the line: a new process may answer it.
            self.ensure_running()?;
            asked = self.ask(line, time);
        }
        if let Some(running) = &mut self.running {
            self.exec.note_dropped(&mut running.exchange);
        }
        match asked {
            Ok(answer) => {
                self.answered();
                reply_of(answer)
            }
            Err(missed) => Err(self.error_of(missed, time)),
        }
    }
}

impl ExecHandler {
    fn ask(&mut self, line: &str, time: Time) -> Result<String, Missed> {
        let Some(Running { child, exchange, is_in_step, .. }) = &mut self.running else {
            return Err(Missed::Ended { was_sent: false });
        };
        let answer = exchange.ask(child, line, time.due)?;
        // What came unasked before the line counts as well: more may be on its way.
        if *is_in_step && !exchange.has_dropped_unasked() {
            return Ok(answer);
        }
        *is_in_step = !exchange.has_surplus(child, time.left(LISTEN));
        if *is_in_step {
            return Ok(answer);
        }
        Err(Missed::Unusable(LineError::new(
            ErrorCode::BadReply,
            "the handler's program printed more than one line for one line; print one line for each \
             line read, and anything else to stderr",
        )))
    }

    /// Starts a process if there is none.
    fn ensure_running(&mut self) -> Result<(), LineError> {
        if self.running.is_some() {
            return Ok(());
        }
        if self.exec.is_over() {
            return Err(is_stopping());
        }
        let unavailable = |text| Err(LineError::new(ErrorCode::HandlerUnavailable, text));
        let now = Instant::now();
        if let Some(at) = self.start_not_before
            && now < at
        {
            let ms = at.saturating_duration_since(now).as_millis();
            let how = &self.last_end;
            return unavailable(format!(
                "the handler's program {how}, it is started again in {ms} ms"
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
                unavailable(format!("the handler's program {}", self.last_end))
            }
        }
    }

    /// Returns whether a process was of no use before the line was sent to it; it is gone then.
    fn is_of_no_use_before(&mut self, missed: &Missed, time: Time) -> bool {
        match missed {
            Missed::Ended { was_sent: false } => self.has_left(),
            // The line that it owes has had its own share of the limit.
            Missed::Owed { since }
                if time.in_all.is_some_and(|time| since.elapsed() >= time * (MISSED_MAX - 1))
                    && !self.is_starting() =>
            {
                self.replace("gave no answer");
            }
            Missed::Ended { was_sent: true }
            | Missed::Flooded
            | Missed::Owed { .. }
            | Missed::Stuck
            | Missed::TimedOut
            | Missed::Unusable(_) => return false,
        }
        true
    }

    /// The process gave an answer: whatever was wrong before is mended.
    fn answered(&mut self) {
        self.failures = 0;
        self.start_not_before = None;
        if let Some(running) = &mut self.running {
            running.has_answered = true;
            running.missed_in_a_row = 0;
        }
    }

    fn error_of(&mut self, missed: Missed, time: Time) -> LineError {
        match missed {
            Missed::Unusable(error) => {
                // It works, if only on what cannot be sent.
                self.answered();
                error
            }
            Missed::Ended { .. } => {
                self.has_left();
                if self.exec.is_over() {
                    return is_stopping();
                }
                let text = format!("the handler's program {} before it answered", self.last_end);
                LineError::new(ErrorCode::HandlerEnded, text)
            }
            Missed::Flooded => {
                self.replace("printed without end and without being asked");
                self.was_replaced(ErrorCode::BadReply)
            }
            Missed::Stuck => {
                self.replace("did not read its input");
                self.was_replaced(ErrorCode::HandlerTimeout)
            }
            Missed::TimedOut => self.timed_out(time),
            Missed::Owed { .. } => LineError::new(
                ErrorCode::HandlerBusy,
                "the handler's program still works on a line it was too late for",
            ),
        }
    }

    fn timed_out(&mut self, time: Time) -> LineError {
        let Some(running) = &mut self.running else {
            return self.error_of(Missed::Ended { was_sent: true }, time);
        };
        // A process that something it started outlives leaves its output open.
        if running.child.has_ended() {
            return self.error_of(Missed::Ended { was_sent: true }, time);
        }
        running.missed_in_a_row += 1;
        let (missed, has_answered) = (running.missed_in_a_row, running.has_answered);
        if missed >= MISSED_MAX && !self.is_starting() {
            self.replace("gave no answer in time, again and again");
            return self.was_replaced(ErrorCode::HandlerTimeout);
        }
        let ms = time.as_millis();
        let mut text = format!("the handler's program gave no answer within {ms} ms");
        if !has_answered {
            text.push_str(", and none before; does it flush its output after each line?");
            self.exec.log.once_a_minute("no answer yet", None, |more| {
                let program = self.exec.to_string();
                let mend = "program gave no answer yet: does it flush its output after each line? \
                            `tickpipe doctor -- PROGRAM ARGS` finds out";
                tracing::warn!(program, more, "{mend}");
            });
        }
        LineError::new(ErrorCode::HandlerTimeout, text)
    }

    fn was_replaced(&self, code: ErrorCode) -> LineError {
        LineError::new(code, format!("the handler's program {}, it was ended", self.last_end))
    }

    /// Returns whether the process still has time for its first answer.
    fn is_starting(&self) -> bool {
        self.running.as_ref().is_some_and(|running| {
            !running.has_answered && running.started_at.elapsed() < self.exec.start_limit
        })
    }

    /// Ends a process that is of no use any more.
    fn replace(&mut self, why: &'static str) {
        let Some(running) = self.running.take() else { return };
        let process_id = running.child.id();
        self.exec.counters.replaced.fetch_add(1, Ordering::Relaxed);
        if !running.has_answered {
            self.back_off();
        }
        let end = self.exec.kill(running);
        self.exec.log.once_a_minute("program ended by us", None, |more| {
            tracing::warn!(process_id, %end, more, "program {why}, it was ended");
        });
        why.clone_into(&mut self.last_end);
    }

    /// Takes leave of a process that has ended, or has closed its output.
    fn has_left(&mut self) {
        let Some(running) = self.running.take() else { return };
        let process_id = running.child.id();
        if !running.has_answered {
            self.back_off();
        }
        if self.exec.is_over() {
            // It was killed, so there is nothing to take leave of, and the stop waits.
            let end = self.exec.kill(running);
            tracing::info!(process_id, %end, "program ended with the server");
            return;
        }
        let end = self.exec.close(running, LEAVE_GRACE);
        self.last_end = end.to_string();
        self.exec.counters.ended.fetch_add(1, Ordering::Relaxed);
        let how = &self.last_end;
        self.exec.log.once_a_minute("program ended", None, |more| {
            tracing::warn!(
                process_id,
                how,
                more,
                "the handler's program ended; the next line starts it again, without what it kept"
            );
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
            let end = self.exec.close(running, EXIT_GRACE);
            tracing::info!(process_id, %end, "program ended with its connection");
        }
    }
}
