//! `tickpipe backtest`: strategy, terminal and broker in one process.

mod cross;
mod exec;

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use tickpipe::escaped;

use self::cross::CrossOptions;
use self::exec::ExecOptions;
use crate::interrupt::Interrupt;
use crate::play::Speed;
use crate::print::SHOWN_CHARS_MAX;
use crate::report::Failure;
use crate::simulation::help::SETTINGS;
use crate::simulation::{SimulationOptions, finish};

const AFTER_HELP: &str = "\
Prints the trades and what they came to. --help tells all settings and faults.
Exit codes: 0 done, 1 failed, or the strategy did, 2 usage, 130 interrupted.
Example: tickpipe backtest EURUSD.csv --seed 7 cross --fast 5 --slow 20";

#[derive(Debug, clap::Args)]
#[command(subcommand_precedence_over_arg = true, disable_help_subcommand = true)]
#[command(after_help = AFTER_HELP)]
#[command(after_long_help = format!(
    "{SETTINGS}\n{AFTER_HELP}\ndocs/simulation.md says how all of it is done, and what a backtest cannot tell."
))]
pub(crate) struct BacktestOptions {
    /// Files of ticks or bars; `SYMBOL=FILE` where a name does not say whose they are
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    #[command(flatten)]
    simulation: SimulationOptions,

    #[command(subcommand)]
    strategy: Option<StrategyName>,
}

#[derive(Debug, Subcommand)]
enum StrategyName {
    /// The cross of two moving averages, to try the rest with
    Cross(CrossOptions),
    /// A program of your own in any language: `exec -- python3 cross.py`
    Exec(ExecOptions),
}

/// Says that a strategy is missing, or spelled otherwise.
fn no_strategy(files: &[String]) -> Failure {
    let last = files.last().filter(|file| 1 < files.len() && !Path::new(file).exists());
    let found = last.map_or_else(String::new, |word| {
        format!("`{}` is neither a file nor a strategy; ", escaped(word, SHOWN_CHARS_MAX))
    });
    Failure::Usage(format!(
        "{found}after the files stands a strategy: `cross`, or `exec -- PROGRAM ARGS`"
    ))
}

pub(crate) fn run(options: BacktestOptions) -> Result<ExitCode, Failure> {
    let BacktestOptions { files, simulation, strategy } = options;
    let Some(strategy) = strategy else { return Err(no_strategy(&files)) };
    simulation.check()?;
    let mut settings = simulation.settings(&files);
    let interrupt = Interrupt::listen_with(exec::end_program)?;
    let make = || simulation.terminal(&files, Speed::Max, &interrupt);
    let outcome = match strategy {
        StrategyName::Cross(options) => {
            settings.extend(options.describe());
            let cross = options.check()?;
            cross::run(cross, make()?)
        }
        StrategyName::Exec(options) => {
            settings.push(("strategy", options.describe()));
            let exec = options.find()?;
            exec::run(exec, make()?, &interrupt)?
        }
    };
    finish(outcome, &settings, simulation.out.as_deref(), &interrupt)
}
