//! Who watches a terminal at its server's pipe: sets its pace, and notes what goes wrong.

use std::time::{Duration, Instant};

use tickpipe::session::Tick;
use tickpipe_sim::terminal::Terminal;
use tickpipe_sim::terminal::wire::{self, Watch, WireConfig, WireNote};

use super::ending::Outcome;
use super::options::Made;
use crate::interrupt::Interrupt;
use crate::play::{Pace, Speed};
use crate::report::Failure;

/// The longest pause of a file that is kept: longer are nights, weekends and holes.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// Whose server it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Server {
    /// Somebody's: it may be stopped and come back.
    Another,
    /// That of this process, with one program, which does not come back as it was.
    Own,
}

/// Plays a terminal over a pipe.
pub(crate) fn play(
    made: Made,
    config: &WireConfig,
    server: Server,
    speed: Speed,
    interrupt: &Interrupt,
) -> Outcome {
    let Made { terminal, bar } = made;
    let mut watcher = Watcher {
        pace: Pace::new(speed, PAUSE_MAX),
        begun_at: None,
        interrupt,
        server,
        ticks_answered: 0,
        lost: None,
        failures: Vec::new(),
        failed: 0,
    };
    let run = wire::play(terminal, config, &mut watcher);
    bar.end();
    let Watcher { ticks_answered, lost, failures, failed, .. } = watcher;
    let failure = match run.result {
        Err(error) => Some(Failure::Wire(error)),
        Ok(_) if lost.is_some() => lost.map(|why| program_lost(why, ticks_answered)),
        Ok(_) if 0 < failed && ticks_answered == 0 && !interrupt.is_set() => {
            Some(nothing_answered(server, &failures))
        }
        Ok(_) => None,
    };
    Outcome { terminal: run.terminal, ticks_answered, failures, failed, failure }
}

/// The program is gone, or takes no part.
fn program_lost(why: &str, answered: u64) -> Failure {
    let text = match answered {
        0 => format!("the program answered no tick: {why}"),
        1 => format!("the program failed after 1 tick: {why}; the rest was not played"),
        _ => format!("the program failed after {answered} ticks: {why}; the rest was not played"),
    };
    Failure::Setup { text, hint: PROGRAM_HINT.to_owned() }
}

/// There was no tick without an error.
fn nothing_answered(server: Server, failures: &[String]) -> Failure {
    let hint = match server {
        Server::Another => "the server's log says what its strategy fails in",
        Server::Own => PROGRAM_HINT,
    };
    let text = format!("every tick failed: {}", failures.join("; "));
    Failure::Setup { text, hint: hint.to_owned() }
}

const PROGRAM_HINT: &str = "what it says on stderr stands above; `tickpipe doctor --mode session -- \
                            PROGRAM` tries it alone, and docs/handlers.md says what it is to do";

struct Watcher<'a> {
    pace: Pace,
    begun_at: Option<Instant>,
    interrupt: &'a Interrupt,
    server: Server,
    ticks_answered: u64,
    /// Why the program is given up.
    lost: Option<&'static str>,
    failures: Vec<String>,
    failed: u64,
}

impl Watch for Watcher<'_> {
    fn tick(&mut self, _: &Terminal, tick: &Tick) -> Option<Instant> {
        let due = self.pace.due(tick.time_msc.saturating_mul(1_000_000))?;
        Some(*self.begun_at.get_or_insert_with(Instant::now) + due)
    }

    fn is_stopped(&mut self) -> bool {
        self.interrupt.is_set() || self.lost.is_some()
    }

    fn note(&mut self, note: WireNote<'_>) {
        match note {
            WireNote::Lost(why) => self.handle_lost(why),
            WireNote::Opened(session) => tracing::info!(session, "session opened"),
            WireNote::TickAnswered => self.ticks_answered += 1,
            WireNote::TickFailed(code) => {
                self.fail(&format!("a tick was answered with the error `{code}`"));
                if code == "handler_timeout" {
                    self.give_up_silent();
                }
            }
            WireNote::TickUnanswered => {
                self.fail("a tick was not answered within 30 s");
                self.give_up_silent();
            }
            _ => {}
        }
    }
}

impl Watcher<'_> {
    fn handle_lost(&mut self, why: &str) {
        let has_program_ended =
            matches!(why, "disconnected" | "handler_ended" | "handler_unavailable");
        if self.server == Server::Own && has_program_ended {
            self.lost = Some("it ended");
        } else if !self.interrupt.is_set() {
            tracing::warn!(why, "the server ended the session; the terminal opens another one");
        }
    }

    /// A program that has not answered yet will hardly begin to.
    fn give_up_silent(&mut self) {
        if self.server == Server::Own && self.ticks_answered == 0 {
            self.lost = Some("it gave no answer in time");
        }
    }

    fn fail(&mut self, text: &str) {
        self.failed += 1;
        if self.failures.iter().all(|known| known != text) {
            self.failures.push(text.to_owned());
        }
    }
}
