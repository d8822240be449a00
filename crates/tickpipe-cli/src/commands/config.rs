//! `tickpipe config`: whether the configuration file is sound, and what one looks like.

mod check;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use crate::config::EXAMPLE;
use crate::print;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
pub(crate) struct ConfigOptions {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check all that can be checked without serving, and show what is not a default
    #[command(after_help = "\
Looks at the file, at the variables of the environment, and at what they name:
the program, the token, the log's folder.
Exit codes: 0 good, 2 broken.")]
    Check(CheckOptions),
    /// Print a whole file with comments, to begin with
    #[command(after_help = "\
Where it belongs is said by `tickpipe config check`.
Example: tickpipe config example > tickpipe.toml")]
    Example,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckOptions {
    /// The file [default: as `tickpipe serve` takes it]
    file: Option<PathBuf>,

    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: ConfigOptions) -> Result<ExitCode, Failure> {
    match options.command {
        ConfigCommand::Check(options) => check::run(options),
        ConfigCommand::Example => {
            print::to_stdout(EXAMPLE.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
