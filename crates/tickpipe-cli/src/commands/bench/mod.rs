//! `tickpipe bench`: what this machine does, beside a minimal server in the same run.

mod client;
mod measure;
mod progress;
mod servers;
mod table;

use std::process::ExitCode;
use std::time::Duration;

use crate::commands::bench::client::{Load, Reads};
use crate::commands::bench::progress::Progress;
use crate::commands::bench::servers::Servers;
use crate::interrupt::Interrupt;
use crate::report::Failure;
use crate::{exit, print};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
`byte` reads one byte a call, as the published EA does; `line` reads what is
there; `stream` writes on without waiting for replies. The minimal server is a
thread for each client with blocking reads of 4 KiB. Both are measured in turns,
on pipes that nobody else uses. A rate is the median of five turns; for
percentiles all exchanges count.
Exit codes: 0 done, 1 failed, 2 usage, 130 interrupted.")]
pub(crate) struct BenchOptions {
    /// Seconds to measure for, 1 to 3600; 2 give a first look
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: u32,

    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// What is measured, a row each.
const LOADS: [Load; 7] = [
    Load { reads: Reads::Byte, clients: 1 },
    Load { reads: Reads::Byte, clients: 4 },
    Load { reads: Reads::Byte, clients: 16 },
    Load { reads: Reads::Line, clients: 1 },
    Load { reads: Reads::Line, clients: 4 },
    Load { reads: Reads::Line, clients: 16 },
    Load { reads: Reads::Stream, clients: 1 },
];

pub(crate) fn run(options: BenchOptions) -> Result<ExitCode, Failure> {
    let BenchOptions { seconds, json } = options;
    let interrupt = Interrupt::listen()?;
    let servers = Servers::start()?;
    let length = measure::turn_length(Duration::from_secs(seconds.into()), LOADS.len());
    let mut rows = Vec::new();
    if !json {
        print::to_stdout(table::HEADING.as_bytes())?;
    }
    let mut progress = Progress::new(measure::turns(LOADS.len()));
    for load in LOADS {
        let measured = measure::row(&servers, load, length, &mut progress, &interrupt)
            .map_err(|error| Failure::Io(format!("cannot measure {load}"), error))?;
        progress.clear();
        let Some(row) = measured else { break };
        let text = if json { format!("{}\n", table::json(&row)) } else { table::text(&row) };
        print::to_stdout(text.as_bytes())?;
        rows.push(row);
    }
    servers.stop()?;
    if interrupt.is_set() {
        return Ok(ExitCode::from(exit::INTERRUPTED));
    }
    let text = if json {
        format!("{}\n", table::summary_json(&rows, seconds))
    } else {
        format!("\n{}\n", table::meaning(&rows))
    };
    print::to_stdout(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
