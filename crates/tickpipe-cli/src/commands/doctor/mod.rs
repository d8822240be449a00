//! `tickpipe doctor`: what is wrong with this machine's set-up, and how to mend it.

mod command_check;
#[cfg(unix)]
mod directory;
pub(crate) mod finding;
mod limited;
mod pipe;
mod processes;
mod round_trip;
mod session_check;
pub(crate) mod topic;
mod wine;

use std::ffi::OsString;
use std::process::ExitCode;

use tickpipe::{PipeName, wine_version};

use crate::args::PipeOption;
use crate::commands::doctor::finding::{Finding, Report};
use crate::exit;
use crate::interrupt::Interrupt;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each finding begins with a word: `ok`, `note` for what you may want to know, or
`problem`, with how to mend it below. A name that is free is held for a moment. A
server that holds it, and the command, are each sent the line 1.10000000; a command
that answers no lines is told `hello` and a tick, as in a session.
Exit codes: 0 no problem, 1 a problem or failed, 2 usage, 130 interrupted.")]
pub(crate) struct DoctorOptions {
    #[command(flatten)]
    pub(crate) pipe: PipeOption,

    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,

    /// What the command is tried with; else lines, and a session if it answers none
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<CommandMode>,

    /// A handler's command to try, as after `serve exec --`
    #[arg(last = true, value_name = "CMD")]
    pub(crate) command: Vec<OsString>,
}

/// What a command is tried with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum CommandMode {
    /// A line of text
    Line,
    /// A session: `hello` and a tick
    Session,
}

pub(crate) fn run(options: DoctorOptions) -> Result<ExitCode, Failure> {
    let DoctorOptions { pipe: PipeOption { pipe }, json, mode, command } = options;
    let name = PipeName::new(&pipe).map_err(|error| Failure::library(&pipe)(error.into()))?;
    let interrupt = Interrupt::listen()?;
    let mut report = Report::new(json);
    let checks: [&dyn Fn() -> Vec<Finding>; 5] = [
        &|| vec![version()],
        &|| pipe::check(&pipe, &name),
        &|| vec![round_trip::check()],
        &|| wine::check(&pipe),
        &|| command_check::check(&command, mode, &interrupt),
    ];
    for check in checks {
        let findings = check();
        if interrupt.is_set() {
            return Ok(ExitCode::from(exit::INTERRUPTED));
        }
        findings.into_iter().try_for_each(|finding| report.add(finding))?;
    }
    let has_problem = report.end()?;
    Ok(if has_problem { ExitCode::from(exit::FAILED) } else { ExitCode::SUCCESS })
}

/// Says what this program is and where it runs.
fn version() -> Finding {
    let program = concat!("tickpipe ", env!("CARGO_PKG_VERSION"));
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let wine = wine_version().map_or_else(String::new, |version| format!(" in Wine {version}"));
    Finding::ok("version", format!("{program} on {system} {machine}{wine}"))
}
