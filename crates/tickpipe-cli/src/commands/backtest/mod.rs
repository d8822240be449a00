//! `tickpipe backtest`: strategy, terminal and broker in one process.

mod cross;
mod exec;

use std::process::ExitCode;

use clap::Subcommand;

use self::cross::CrossOptions;
use self::exec::ExecOptions;
use crate::interrupt::Interrupt;
use crate::report::Failure;
use crate::simulation::{SimulationOptions, finish};

#[derive(Debug, clap::Args)]
#[command(subcommand_precedence_over_arg = true, disable_help_subcommand = true)]
#[command(after_help = "\
Plays the ticks as fast as the strategy takes them. Prints the trades and what they came to;
docs/simulation.md says how all is done, and what a backtest cannot tell.
Exit codes: 0 done, 1 failed, or the strategy did, 2 usage, 130 interrupted.
Examples: tickpipe backtest EURUSD.csv cross --fast 5 --slow 20
          tickpipe backtest EURUSD.csv --out result exec -- python3 cross.py")]
pub(crate) struct BacktestOptions {
    /// Files with ticks or bars; SYMBOL=FILE where a name does not say whose they are
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    #[command(flatten)]
    simulation: SimulationOptions,

    #[command(subcommand)]
    strategy: StrategyName,
}

#[derive(Debug, Subcommand)]
enum StrategyName {
    /// The cross of two moving averages, to try the rest with
    Cross(CrossOptions),
    /// A program in any language that speaks session mode: `exec -- python3 cross.py`
    Exec(ExecOptions),
}

pub(crate) fn run(options: BacktestOptions) -> Result<ExitCode, Failure> {
    let BacktestOptions { files, simulation, strategy } = options;
    let interrupt = Interrupt::listen()?;
    let mut settings = simulation.settings(&files);
    let made = simulation.terminal(&files, &interrupt)?;
    let outcome = match strategy {
        StrategyName::Cross(options) => {
            settings.extend(options.settings());
            options.run(made)?
        }
        StrategyName::Exec(options) => {
            settings.push(("strategy", options.describe()));
            options.run(made, &interrupt)?
        }
    };
    finish(outcome, &settings, simulation.out.as_deref(), &interrupt)
}
