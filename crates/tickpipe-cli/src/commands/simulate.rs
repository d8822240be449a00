//! `tickpipe simulate`: a simulated terminal against any server.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use tickpipe::session::Tick;
use tickpipe_sim::terminal::Terminal;
use tickpipe_sim::terminal::wire::{self, Watch, WireConfig, WireEnd, WireNote};

use crate::args::PipeOption;
use crate::interrupt::Interrupt;
use crate::play::{Pace, Speed};
use crate::report::Failure;
use crate::simulation::{Made, Outcome, SimulationOptions, finish};

/// The longest pause of a file that is kept: longer are nights, weekends and holes.
const PAUSE_MAX: Duration = Duration::from_secs(60);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A terminal with an EA on a chart, and a broker behind it: it sends the ticks of the files and does what the
server's strategy asks. Prints the trades and what they came to; docs/simulation.md says how all is done.
Exit codes: 0 done, 1 failed, or the strategy did, 2 usage, 130 interrupted.
Example: tickpipe simulate EURUSD.csv, while `tickpipe serve exec -- python3 cross.py` runs")]
pub(crate) struct SimulateOptions {
    /// Files with ticks or bars; SYMBOL=FILE where a name does not say whose they are
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    #[command(flatten)]
    pipe: PipeOption,

    /// How fast: max, or so many times as the ticks came, such as 1x or 10x
    #[arg(long, value_name = "SPEED", default_value = "max")]
    speed: Speed,

    /// Longest wait for a server
    #[arg(long, value_name = "MS", default_value_t = 10_000, hide_short_help = true)]
    connect_ms: u64,

    #[command(flatten)]
    simulation: SimulationOptions,
}

pub(crate) fn run(options: SimulateOptions) -> Result<ExitCode, Failure> {
    let SimulateOptions { files, pipe: PipeOption { pipe }, speed, connect_ms, simulation } =
        options;
    let interrupt = Interrupt::listen()?;
    let made = simulation.terminal(&files, &interrupt)?;
    let config = WireConfig::new(&pipe).with_connect_within(Duration::from_millis(connect_ms));
    let outcome = play(made, &config, speed, &interrupt)?;
    finish(outcome, &simulation.settings(&files), simulation.out.as_deref(), &interrupt)
}

/// Plays a terminal over a pipe.
pub(crate) fn play(
    made: Made,
    config: &WireConfig,
    speed: Speed,
    interrupt: &Interrupt,
) -> Result<Outcome, Failure> {
    let Made { terminal, bar } = made;
    let mut watcher = Watcher {
        pace: Pace::new(speed, PAUSE_MAX),
        begun_at: None,
        interrupt: interrupt.clone(),
        failures: Vec::new(),
        failed: 0,
    };
    let run = wire::play(terminal, config, &mut watcher);
    bar.end();
    match run.result {
        Ok(WireEnd::Done | WireEnd::Stopped | _) => {}
        Err(error) => return Err(Failure::Wire(error)),
    }
    let Watcher { failures, failed, .. } = watcher;
    Ok(Outcome { terminal: run.terminal, failures, failed })
}

/// Sets the pace, and notes what goes wrong.
struct Watcher {
    pace: Pace,
    begun_at: Option<Instant>,
    interrupt: Interrupt,
    failures: Vec<String>,
    failed: u64,
}

impl Watch for Watcher {
    fn tick(&mut self, _: &Terminal, tick: &Tick) -> Option<Instant> {
        let due = self.pace.due(tick.time_msc.saturating_mul(1_000_000))?;
        Some(*self.begun_at.get_or_insert_with(Instant::now) + due)
    }

    fn is_stopped(&mut self) -> bool {
        self.interrupt.is_set()
    }

    fn note(&mut self, note: WireNote<'_>) {
        match note {
            WireNote::Lost(word) => {
                tracing::warn!(word, "the session ended, the terminal comes again")
            }
            WireNote::Opened(session) => tracing::info!(session, "session opened"),
            WireNote::TickFailed(code) => self.fail(&format!("a tick was answered `{code}`")),
            WireNote::TickUnanswered => self.fail("a tick was not answered in time"),
            _ => {}
        }
    }
}

impl Watcher {
    fn fail(&mut self, text: &str) {
        self.failed += 1;
        if self.failures.iter().all(|known| known != text) {
            self.failures.push(text.to_owned());
        }
    }
}
