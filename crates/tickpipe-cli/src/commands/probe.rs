//! `tickpipe probe`: a server that behaves badly on command, and one that starts it again.

mod supervisor;
mod worker;

use std::ops::RangeInclusive;
use std::process::ExitCode;

use tickpipe::probe::Faults;

use crate::report::Failure;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Lines are answered as by `serve double`, what is no number as by `serve echo`. A
line that begins with `!` is a command to its own connection, which is answered OK:
  !normal  !late MS  !silent  !deaf MS  !half MS  !garbage  !long N  !nul  !twice
  !split  !bytes N  !two N MS M  !dump MS  !push N MS  !close N  !disconnect N  !die N
docs/probe.md has them all in a table. The pipe NAME-small has buffers of 4 KiB.
Ends at Ctrl-C.
Exit codes: 0 done, 1 failed, 2 usage, 3 name taken, 4 security, 130 second signal.
Example: tickpipe probe --mute-per-mille 10 --late-per-mille 50 --seed 1")]
pub(crate) struct ProbeOptions {
    /// The pipe: a name, \\.\pipe\NAME, or on Unix a socket's full path
    #[arg(long, default_value = "TickPipeProbe", env = "TICKPIPE_PIPE", hide_env = true)]
    pipe: String,

    #[command(flatten)]
    faults: FaultOptions,

    /// Serve, as the process that may die; the other starts it
    #[arg(long, hide = true)]
    worker: Option<Start>,
}

/// Faults that come without a command.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Faults")]
struct FaultOptions {
    /// Decides which lines meet a fault: the same number, the same lines
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,

    /// Of 1000 lines, how many are answered late
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    late_per_mille: u32,

    /// By how many milliseconds these are late
    #[arg(long, value_name = "MIN..MAX", default_value = "200..2000", value_parser = range)]
    late_ms: RangeInclusive<u32>,

    /// Of 1000 lines, how many are never answered
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    mute_per_mille: u32,

    /// Of 1000 lines, how many end their connection
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    cut_per_mille: u32,
}

/// Which start of the worker it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Start {
    /// After the one before died: the name may be held a while yet.
    Again,
    First,
}

pub(crate) fn run(options: ProbeOptions) -> Result<ExitCode, Failure> {
    let ProbeOptions { pipe, faults, worker } = options;
    match worker {
        Some(start) => worker::run(&pipe, &faults.faults(), start),
        None => supervisor::run(),
    }
}

impl FaultOptions {
    fn faults(self) -> Faults {
        let Self { seed, late_per_mille, late_ms, mute_per_mille, cut_per_mille } = self;
        Faults::default()
            .with_seed(seed)
            .with_late(late_per_mille, late_ms)
            .with_mute(mute_per_mille)
            .with_cut(cut_per_mille)
    }
}

/// Reads `MIN..MAX`; whether it can be, the library says.
fn range(text: &str) -> Result<RangeInclusive<u32>, String> {
    let ends = text.split_once("..").map(|(min, max)| (min.parse(), max.parse()));
    match ends {
        Some((Ok(min), Ok(max))) => Ok(min..=max),
        _ => Err("allowed are two numbers, such as 200..2000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_two_numbers() {
        assert_eq!(range("0..7"), Ok(0..=7));
        for text in ["", "7", "..", "1..", "..1", "1...2", "1..=2", "-1..2", "a..b"] {
            assert!(range(text).is_err(), "{text}");
        }
    }
}
