//! `tickpipe simulate`: a simulated terminal against any server.

use std::process::ExitCode;
use std::time::Duration;

use tickpipe_sim::terminal::wire::WireConfig;

use crate::args::PipeOption;
use crate::interrupt::Interrupt;
use crate::play::Speed;
use crate::report::Failure;
use crate::simulation::help::SETTINGS;
use crate::simulation::{Server, SimulationOptions, finish, play};

const AFTER_HELP: &str = "\
Sends the ticks, does what the server's strategy asks, and prints what came of it.
Exit codes: 0 done, 1 failed, or the strategy did, 2 usage, 130 interrupted.
Example: tickpipe simulate EURUSD.csv, while `tickpipe serve watch` runs";

#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
#[command(after_long_help = format!("{SETTINGS}\n{AFTER_HELP}\ndocs/simulation.md says how all of it is done."))]
pub(crate) struct SimulateOptions {
    /// Files of ticks or bars; `SYMBOL=FILE` where a name does not say whose they are
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    #[command(flatten)]
    pipe: PipeOption,

    /// How fast: `max`, or so many times as the ticks came, such as `1x` or `10x`
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
    simulation.check()?;
    let interrupt = Interrupt::listen()?;
    let made = simulation.terminal(&files, speed, &interrupt)?;
    made.bar.say(format!("waiting for a server at pipe {pipe}"));
    let config = WireConfig::new(&pipe).with_connect_within(Duration::from_millis(connect_ms));
    let outcome = play(made, &config, Server::Another, speed, &interrupt);
    finish(outcome, &simulation.settings(&files), simulation.out.as_deref(), &interrupt)
}
