//! The life of a service: starts its server, and starts it again when it died.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::death::Death;
use super::journal;
use super::process::{Process, Program, Told};
use super::restart::{CRASH_WINDOW, CRASHES_MAX, Next, Restarts};
use crate::exit;

/// Between two looks whether the server lives, should what it started keep its stderr open.
const LOOK: Duration = Duration::from_millis(250);

/// Between two looks whether it has ended, once it has closed its stderr.
const END_LOOK: Duration = Duration::from_millis(2);

/// What the server gets to end in good order: more than it takes by its own limit.
const STOP_LIMIT: Duration = Duration::from_secs(8);

/// What a server gets to end that has closed its stderr.
const QUIET_LIMIT: Duration = Duration::from_millis(500);

/// What the supervisor is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The server is to be killed, and the service ends.
    Kill,
    /// Nothing more comes from the server of this number.
    Quiet(u64),
    /// The service ends in good order.
    Stop,
}

/// How a service ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The server ended with a code that no start mends.
    Code(u8),
    /// It crashed too often.
    GaveUp,
    Killed,
    Stopped,
}

impl End {
    /// Returns the exit code of it.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Code(code) => code,
            Self::GaveUp => exit::FAILED,
            Self::Killed => exit::INTERRUPTED,
            Self::Stopped => 0,
        }
    }
}

/// Keeps the server alive until it is over.
pub(super) fn supervise(program: &Program, told: &Told, events: &Receiver<Event>) -> End {
    let begun_at = Instant::now();
    let mut restarts = Restarts::default();
    for number in 1.. {
        told.status.starts();
        let death = match program.start(number, told) {
            Ok(mut process) => {
                told.status.started(process.id());
                journal::info(&format!("server started, process {}", process.id()));
                match watch(&mut process, number, told, events) {
                    Watched::Died(death) => death,
                    Watched::Over(end) => return end,
                }
            }
            Err(error) => Death::NotStarted(error.to_string()),
        };
        told.status.died(death.to_string());
        match restarts.after(&death, begun_at.elapsed()) {
            Next::StartAgain(pause) => {
                let seconds = pause.as_secs();
                journal::warn(&format!("server {death}; it is started again in {seconds} s"));
                if let Some(end) = wait(pause, events) {
                    journal::info("service stopped");
                    return end;
                }
            }
            Next::End(0) => {
                journal::info(&format!("server {death}; the service ends with it"));
                return End::Code(0);
            }
            Next::End(code) => {
                journal::error(&format!("server {death}; it is not started again"));
                return End::Code(code);
            }
            Next::GiveUp => {
                journal::error(&format!(
                    "server {death}; that is {CRASHES_MAX} crashes within {} s, it is not started \
                     again; once that is mended, `tickpipe service start` does it",
                    CRASH_WINDOW.as_secs()
                ));
                return End::GaveUp;
            }
        }
    }
    End::GaveUp
}

enum Watched {
    Died(Death),
    Over(End),
}

/// Waits for the server's death, or ends it.
fn watch(process: &mut Process, number: u64, told: &Told, events: &Receiver<Event>) -> Watched {
    loop {
        match events.recv_timeout(LOOK) {
            Ok(Event::Stop) => return Watched::Over(stop(process, number, told, events)),
            Ok(Event::Kill) => {
                process.kill();
                return Watched::Over(End::Killed);
            }
            Ok(Event::Quiet(of)) if of == number => {
                return Watched::Died(death_of_quiet(process));
            }
            // One of a server before.
            Ok(Event::Quiet(_)) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                if let Some(death) = process.death() {
                    return Watched::Died(death);
                }
            }
        }
    }
}

/// Returns how a server ended that has closed its stderr, and kills one that goes on without: it
/// can say nothing any more.
fn death_of_quiet(process: &mut Process) -> Death {
    let until = Instant::now() + QUIET_LIMIT;
    loop {
        if let Some(death) = process.death() {
            return death;
        }
        if until < Instant::now() {
            process.kill();
        } else {
            std::thread::sleep(END_LOOK);
        }
    }
}

/// Ends the server in good order, or else at once.
fn stop(process: &mut Process, number: u64, told: &Told, events: &Receiver<Event>) -> End {
    told.status.stops();
    journal::info("service stops");
    process.stop();
    let until = Instant::now() + STOP_LIMIT;
    let mut end = End::Stopped;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let event = events.recv_timeout(left.min(LOOK));
        let is_quiet = event == Ok(Event::Quiet(number));
        let is_late = left.is_zero() || event == Ok(Event::Kill);
        if is_late {
            journal::warn("server does not end, it is killed");
            process.kill();
            end = if event == Ok(Event::Kill) { End::Killed } else { End::Stopped };
        }
        let death = if is_quiet { Some(death_of_quiet(process)) } else { process.death() };
        if let Some(death) = death {
            told.status.died(death.to_string());
            journal::info(&format!("server {death}; service stopped"));
            return end;
        }
    }
}

/// Lets a pause pass; how the service ends, if it does meanwhile.
fn wait(pause: Duration, events: &Receiver<Event>) -> Option<End> {
    let until = Instant::now() + pause;
    loop {
        match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Event::Stop) => return Some(End::Stopped),
            Ok(Event::Kill) => return Some(End::Killed),
            Ok(Event::Quiet(_)) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        }
    }
}
