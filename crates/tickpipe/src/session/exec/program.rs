//! One program of one session, shared by the strategy's thread and those that read its stdout.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tickpipe_proto::ErrorCode;
use tickpipe_proto::message::Fault;
use tickpipe_proto::types::RequestId;

use super::outbox::{Deaf, Outbox};
use super::reader::Stdout;
use crate::child::{Apart, End, Input, Process, Waker};
use crate::handler::Peer;
use crate::handler::exec::{Exec, Loss};
use crate::session::handle::LinkedEa;
use crate::session::registry::SessionKey;

/// Between two looks whether a tick is still awaited, and whether the program is still there.
const LOOK: Duration = Duration::from_millis(50);

/// What a program gets to end by itself that has closed its stdout.
const LEAVE_GRACE: Duration = Duration::from_millis(20);

/// Ticks whose late answers are recognised.
const OWED_MAX: usize = 64;

/// A program that runs, or ran.
pub(super) struct Program {
    pub(super) exec: Exec,
    pub(super) ea: LinkedEa,
    key: SessionKey,
    process_id: u32,
    started_at: Instant,
    pub(super) outbox: Outbox<Input>,
    /// `None` once somebody ends it.
    process: Mutex<Option<Process>>,
    /// Dropped once the reads are to end.
    waker: Mutex<Option<Waker>>,
    pub(super) state: Mutex<State>,
    /// A tick or a request was answered, or the program is of no more use.
    pub(super) news: Condvar,
    /// Its stdout is free to be read, or nobody is to read it any more.
    pub(super) turn: Condvar,
    pub(super) readers: Mutex<Vec<JoinHandle<()>>>,
}

/// What the threads of a program share.
pub(super) struct State {
    /// Its stdout, while nobody reads.
    pub(super) stdout: Option<Stdout>,
    /// Threads that wait for their turn to read.
    pub(super) idle: usize,
    /// Nobody is to read any more.
    pub(super) is_over: bool,
    tick: Waited,
    /// The number of the newest tick.
    last_tick: u64,
    /// Ticks that were given up, the newest at the back.
    owed: VecDeque<u64>,
    /// The program's requests that are under way.
    pub(super) open: Vec<RequestId>,
    /// Answers that it is being told.
    pub(super) telling: usize,
    /// It has closed its stdin.
    is_deaf: bool,
    /// When it last printed something.
    pub(super) heard_at: Instant,
    has_answered: bool,
    /// The session is about to be over, and nobody else is to end it.
    is_leaving: bool,
    /// How the program ended.
    end: Option<String>,
}

impl State {
    /// Returns whether the program is yet to be told an answer.
    fn owes(&self) -> bool {
        !self.open.is_empty() || self.telling > 0
    }
}

/// The tick that the program works on.
#[derive(Debug)]
enum Waited {
    Answered(Result<(), String>),
    For(u64),
    Nothing,
}

/// What became of a tick.
#[derive(Debug)]
pub(super) enum Ticked {
    Answered(Result<(), String>),
    /// The program ended before it answered: how.
    Ended(String),
    /// Nobody waits for the answer any more.
    Late,
}

/// Why a program is of no more use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It prints without end.
    Flooded,
    /// It ended, or closed its stdout.
    Left,
    /// It answers no ticks.
    Silent,
    /// It does not read.
    Stuck,
}

impl Program {
    /// Starts a program for a session, and the thread that reads what it prints.
    pub(super) fn start(
        exec: &Exec,
        peer: &Peer,
        key: SessionKey,
        ea: LinkedEa,
    ) -> io::Result<Arc<Self>> {
        let Apart { process, input, output, waker } = exec.start_apart(peer)?;
        let now = Instant::now();
        let program = Arc::new(Self {
            exec: exec.clone(),
            ea,
            key,
            process_id: process.id(),
            started_at: now,
            outbox: Outbox::new(input),
            process: Mutex::new(Some(process)),
            waker: Mutex::new(Some(waker)),
            state: Mutex::new(State {
                stdout: Some(Stdout::new(output)),
                idle: 0,
                is_over: false,
                tick: Waited::Nothing,
                last_tick: 0,
                owed: VecDeque::new(),
                open: Vec::new(),
                telling: 0,
                is_deaf: false,
                heard_at: now,
                has_answered: false,
                is_leaving: false,
                end: None,
            }),
            news: Condvar::new(),
            turn: Condvar::new(),
            readers: Mutex::new(Vec::new()),
        });
        if let Err(error) = program.add_reader() {
            program.close(Duration::ZERO);
            return Err(error);
        }
        Ok(program)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the program something; who does not read it is ended.
    pub(super) fn tell(&self, lines: &[u8]) {
        match self.outbox.send(lines) {
            // Whoever ended it says how.
            Ok(()) | Err(Deaf::Closed) => {}
            // Most likely it is about to end, and is heard to its last line: the next look tells.
            Err(Deaf::Left) => self.lock().is_deaf = true,
            Err(Deaf::Stuck) => self.give_up(Why::Stuck),
        }
    }

    /// Returns the number that the next tick has.
    pub(super) fn next_tick(&self) -> u64 {
        let mut state = self.lock();
        state.last_tick += 1;
        state.last_tick
    }

    /// Tells the program a tick and waits for its answer as long as the EA does.
    pub(super) fn ask_tick(&self, id: u64, line: &[u8]) -> Ticked {
        self.lock().tick = Waited::For(id);
        self.tell(line);
        let mut state = self.lock();
        loop {
            match std::mem::replace(&mut state.tick, Waited::Nothing) {
                Waited::Answered(result) => {
                    state.has_answered = true;
                    return Ticked::Answered(result);
                }
                waited @ (Waited::For(_) | Waited::Nothing) => state.tick = waited,
            }
            if let Some(how) = &state.end {
                let how = how.clone();
                state.tick = Waited::Nothing;
                return Ticked::Ended(how);
            }
            let (woken, timeout) =
                self.news.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if timeout.timed_out() {
                drop(state);
                let is_awaited = self.ea.link().is_awaited();
                self.look();
                state = self.lock();
                if !is_awaited && matches!(state.tick, Waited::For(_)) && state.end.is_none() {
                    state.tick = Waited::Nothing;
                    if state.owed.len() >= OWED_MAX {
                        state.owed.pop_front();
                    }
                    state.owed.push_back(id);
                    return Ticked::Late;
                }
            }
        }
    }

    /// Takes the answer to a tick; whether it is one.
    pub(super) fn take_tick(&self, id: Option<&RequestId>, result: Result<(), Fault>) -> bool {
        let Some(RequestId::Number(id)) = id else { return false };
        let mut state = self.lock();
        if matches!(state.tick, Waited::For(waited) if waited == *id) {
            state.tick = Waited::Answered(result.map_err(|fault| fault.message));
            self.news.notify_all();
            return true;
        }
        let owed = state.owed.iter().position(|owed| owed == id);
        if owed.and_then(|at| state.owed.remove(at)).is_some() {
            state.has_answered = true;
            drop(state);
            self.exec.count_late_answer();
            return true;
        }
        false
    }

    /// Returns whether the program still has time for its first answer.
    pub(super) fn is_starting(&self) -> bool {
        !self.lock().has_answered && self.started_at.elapsed() < self.exec.start_limit()
    }

    /// Returns whether it has ever answered a tick.
    pub(super) fn has_answered(&self) -> bool {
        self.lock().has_answered
    }

    /// Sees whether the program has ended while something that it started keeps its stdout open, or
    /// hears nothing any more.
    pub(super) fn look(&self) {
        let is_deaf = self.lock().is_deaf;
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        let has_ended = process.as_mut().is_some_and(Process::has_ended);
        drop(process);
        if has_ended || is_deaf {
            self.give_up(Why::Left);
        }
    }

    /// Ends a program that is of no more use, and its session with it.
    pub(super) fn give_up(&self, why: Why) {
        let taken = self.process.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut process) = taken else { return };
        if why == Why::Left {
            process.wait_for_end(Instant::now() + LEAVE_GRACE);
        }
        self.outbox.close();
        let end = process.end();
        self.exec.forget(self.process_id);
        let how = match why {
            Why::Flooded => "printed without end and without being asked, it was ended".to_owned(),
            Why::Left => end.to_string(),
            Why::Silent => "gave no answer in time, again and again, it was ended".to_owned(),
            Why::Stuck => "did not read its input, it was ended".to_owned(),
        };
        let mut state = self.lock();
        state.end = Some(how.clone());
        let (is_waited_for, is_leaving) = (matches!(state.tick, Waited::For(_)), state.is_leaving);
        drop(state);
        self.news.notify_all();
        if is_leaving && why == Why::Left {
            return self.note_end(&end);
        }
        self.note_loss(why, &how);
        if !is_waited_for && !is_leaving {
            let text = format!("the handler's program {how}");
            self.ea.link().close(ErrorCode::HandlerEnded, &text);
        }
    }

    fn note_end(&self, end: &End) {
        self.exec.backoffs().ended_well(&self.key);
        tracing::info!(process_id = self.process_id, %end, "program ended with its session");
    }

    fn note_loss(&self, why: Why, how: &str) {
        self.exec.backoffs().ended(&self.key, Instant::now(), self.started_at.elapsed());
        if self.exec.is_over() {
            return tracing::info!(process_id = self.process_id, how, "program ended");
        }
        self.exec.count_loss(if why == Why::Left { Loss::Ended } else { Loss::Replaced });
        self.exec.log().once_a_minute("program of a session ended", None, |more| {
            let process_id = self.process_id;
            let text =
                "the handler's program ended, and its session with it; the EA opens a new one";
            tracing::warn!(process_id, how, more, "{text}");
        });
    }

    /// Waits until the program ends by itself or has been quiet for a while with nothing under way,
    /// `limit` at most, or until the EA cannot be asked any more.
    pub(super) fn wait_until_settled(&self, quiet: Duration, limit: Duration) {
        let begun_at = Instant::now();
        let mut state = self.lock();
        state.is_leaving = true;
        state.heard_at = begun_at;
        while state.end.is_none()
            && begun_at.elapsed() < limit
            && (state.owes() || state.heard_at.elapsed() < quiet)
        {
            state = self.news.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
            if !self.ea.is_open() {
                break;
            }
        }
    }

    /// Waits until the program was told what became of its requests, once the session is over.
    pub(super) fn wait_for_requests(&self, limit: Duration) {
        let due = Instant::now() + limit;
        let mut state = self.lock();
        state.is_leaving = true;
        while state.end.is_none() && state.owes() && Instant::now() < due {
            state = self.news.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Closes the program's stdin, gives it `grace` to end by itself, and ends all that is left of it.
    ///
    /// The session is to be over, for what the program asked is waited for.
    pub(super) fn close(&self, grace: Duration) {
        self.lock().is_leaving = true;
        self.outbox.close();
        let taken = self.process.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut process) = taken {
            process.wait_for_end(Instant::now() + grace);
            let end = process.end();
            self.exec.forget(self.process_id);
            self.note_end(&end);
        }
        // Requests that wait for the EA are over with the session.
        self.ea.link().close(ErrorCode::HandlerEnded, "the handler's program was ended");
        self.lock().is_over = true;
        self.turn.notify_all();
        drop(self.waker.lock().unwrap_or_else(PoisonError::into_inner).take());
        let readers =
            std::mem::take(&mut *self.readers.lock().unwrap_or_else(PoisonError::into_inner));
        for reader in readers {
            if reader.join().is_err() {
                tracing::error!("a thread that reads a program's stdout panicked");
            }
        }
    }
}
