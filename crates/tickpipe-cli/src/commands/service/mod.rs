//! `tickpipe service`: a server that runs unattended, and comes again when it dies.
//!
//! `run` is the supervisor. Who starts it at a logon, systemd, the Task Scheduler or Windows' services,
//! is told by `install`; all else goes through the supervisor's own pipe.

mod control;
mod death;
mod folders;
mod install;
mod journal;
mod manager;
mod name;
mod place;
mod process;
mod restart;
mod run;
mod settings;
mod show;
mod state;
mod supervisor;
mod systemd;
mod task;
#[cfg(windows)]
mod windows;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use self::name::ServiceName;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
It serves what the configuration says: `tickpipe config example` shows one.
A server that crashes is started again after 1 s, unless that is the fourth
crash in a minute. Each start, death and restart stands in the log file.
Exit codes: 0 done, 1 failed, or not running, 2 usage, 3 name taken, 4 security.")]
pub(crate) struct ServiceOptions {
    #[command(subcommand)]
    command: ServiceCommand,
}

#[derive(Debug, Subcommand)]
enum ServiceCommand {
    /// Have it started at every logon
    Install(InstallOptions),
    /// Start what is installed
    Start(WhichOption),
    /// End it in good order
    Stop(WhichOption),
    /// Say whether it runs, and since when
    Status(StatusOptions),
    /// Stop it, and have it started no more; configuration and logs stay
    Remove(RemoveOptions),
    /// Run it here, until Ctrl-C
    Run(RunOptions),
}

/// Which service is meant.
#[derive(Clone, Debug, clap::Args)]
struct WhichOption {
    /// Its name, should you have several
    #[arg(
        long,
        default_value = "tickpipe",
        hide_default_value = true,
        env = "TICKPIPE_SERVICE",
        hide_env = true
    )]
    name: ServiceName,

    /// The service of the whole machine (Windows, as administrator)
    #[arg(long)]
    system: bool,
}

/// What it is made of.
#[derive(Clone, Debug, clap::Args)]
struct FileOptions {
    /// Its configuration [default: tickpipe.toml in the settings' folder]
    #[arg(long, value_name = "FILE", env = "TICKPIPE_CONFIG", hide_env = true)]
    config: Option<PathBuf>,

    /// Its log [default: as the configuration says, else tickpipe.log in the state folder]
    #[arg(long, value_name = "FILE", env = "TICKPIPE_LOG_FILE", hide_env = true)]
    log_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct InstallOptions {
    #[command(flatten)]
    which: WhichOption,

    #[command(flatten)]
    files: FileOptions,

    /// With `--system`: the user whose terminals may connect
    #[arg(long, value_name = "NAME", requires = "system")]
    user: Option<String>,

    /// Print what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct RemoveOptions {
    #[command(flatten)]
    which: WhichOption,

    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct StatusOptions {
    #[command(flatten)]
    which: WhichOption,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Debug, clap::Args)]
struct RunOptions {
    #[command(flatten)]
    which: WhichOption,

    #[command(flatten)]
    files: FileOptions,

    /// Another Windows user who may connect, by SID
    #[arg(long, value_name = "SID", hide = true)]
    allow: Option<String>,

    /// Started by the Task Scheduler: close the window that comes with it
    #[arg(long, hide = true)]
    windowless: bool,
}

pub(crate) fn run(options: ServiceOptions) -> Result<ExitCode, Failure> {
    match options.command {
        ServiceCommand::Install(options) => install::install(&options),
        ServiceCommand::Start(which) => install::start(&which),
        ServiceCommand::Stop(which) => install::stop(&which),
        ServiceCommand::Status(options) => show::status(&options),
        ServiceCommand::Remove(options) => install::remove(&options),
        ServiceCommand::Run(options) => run::run(&options),
    }
}
