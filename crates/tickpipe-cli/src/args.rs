//! The command line.

use std::ffi::OsString;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use clap::builder::{BoolishValueParser, Styles};
use clap::{
    Arg, ArgAction, ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
};
use tickpipe::Client;

use crate::commands::backtest::BacktestOptions;
use crate::commands::bench::BenchOptions;
use crate::commands::completions::CompletionsOptions;
use crate::commands::config::ConfigOptions;
use crate::commands::conformance::ConformanceOptions;
use crate::commands::demo::DemoOptions;
use crate::commands::doctor::DoctorOptions;
use crate::commands::install::InstallOptions;
use crate::commands::probe::ProbeOptions;
use crate::commands::replay::ReplayOptions;
use crate::commands::send::SendOptions;
use crate::commands::serve::ServeOptions;
use crate::commands::service::ServiceOptions;
use crate::commands::simulate::SimulateOptions;
use crate::config::{self, Broken, ConfigFile, KEYS, Kind};
use crate::log::LogOptions;
use crate::report::Failure;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default())
    .error(AnsiColor::Red.on_default().bold())
    .valid(Style::new().bold());

/// A bridge between MetaTrader and any program over a plain named pipe, with no DLL.
#[derive(Debug, Parser)]
#[command(name = "tickpipe", version, styles = STYLES, propagate_version = true)]
#[command(after_help = "Try `tickpipe serve double`, and `tickpipe send 1.10000000` beside it.")]
pub(crate) struct Args {
    /// Tell more on stderr: -v life events, -vv details, -vvv everything
    #[arg(short, long, global = true, action = ArgAction::Count, display_order = 100)]
    pub(crate) verbose: u8,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See an EA and a server talk, on real ticks; nothing else is needed
    Demo(DemoOptions),
    /// Serve a pipe: answer EAs' lines, and hold their sessions
    ///
    /// An EA writes lines and reads an answer to each; or it opens a session, in which it tells of
    /// ticks, bars and trades, and is asked and sent orders. Its first line decides which.
    Serve(Box<ServeOptions>),
    /// Send lines to a pipe and print the replies
    Send(SendOptions),
    /// Play recorded ticks as an EA would
    Replay(ReplayOptions),
    /// Try a strategy on recorded ticks, with a simulated terminal and broker
    Backtest(Box<BacktestOptions>),
    /// Play a simulated terminal and broker against any server
    Simulate(Box<SimulateOptions>),
    /// Measure this machine, beside a minimal server
    Bench(BenchOptions),
    /// Find what is wrong with this machine's set-up, and how to mend it
    Doctor(DoctorOptions),
    /// Check the configuration file of `serve`, or see an example
    Config(ConfigOptions),
    /// Put the EAs into the terminals of this machine, or take them away
    Install(InstallOptions),
    /// Serve unattended: started at every logon, and again when it dies
    Service(ServiceOptions),
    /// Serve a pipe badly on command, to try an EA against it
    Probe(ProbeOptions),
    /// Try a server or an EA of your own against the protocol's rules
    Conformance(Box<ConformanceOptions>),
    /// Print a shell's completions, or the manual
    Completions(CompletionsOptions),
}

/// Why there is nothing to run.
pub(crate) enum Stop {
    /// The configuration file cannot be used.
    Config(Broken),
    /// What was typed is wrong, or asks for help.
    Typed(clap::Error),
}

impl Args {
    /// Returns the command line with switches that can be turned off too, by `--quiet=false`, for a
    /// file or a variable may have turned them on.
    pub(crate) fn command_line() -> clap::Command {
        let switches = KEYS.iter().filter(|key| key.kind == Kind::Flag);
        Self::command().mut_subcommand("serve", |serve| {
            switches.fold(serve, |serve, key| serve.mut_arg(key.option, switch))
        })
    }

    /// Returns what is to become of the log, beside stderr.
    pub(crate) fn log(&self) -> Option<LogOptions> {
        let Command::Serve(options) = &self.command else { return None };
        (!options.supervised).then(|| options.log.clone())
    }

    /// Returns how much is told on stderr: life events at least, where that becomes a log.
    pub(crate) fn verbosity(&self) -> u8 {
        let Command::Serve(options) = &self.command else { return self.verbose };
        self.verbose.max(u8::from(options.supervised))
    }

    /// Takes the command line apart; for `serve` the configuration file, if there is one, gives the
    /// defaults.
    pub(crate) fn read(
        typed: impl IntoIterator<Item = OsString>,
    ) -> Result<(Self, Option<ConfigFile>), Stop> {
        let typed: Vec<_> = typed.into_iter().collect();
        let matches = Self::command_line().try_get_matches_from(&typed).map_err(Stop::Typed)?;
        let file = match matches.subcommand() {
            Some(("serve", serve)) => config::read_for(serve).map_err(Stop::Config)?,
            _ => None,
        };
        let (args, _) = Self::with_file(typed, matches, file.as_ref())?;
        Ok((args, file))
    }

    /// Takes `serve` apart once more, with what a file says for defaults.
    pub(crate) fn with_file(
        typed: Vec<OsString>,
        mut matches: ArgMatches,
        file: Option<&ConfigFile>,
    ) -> Result<(Self, ArgMatches), Stop> {
        if let Some(file) = file {
            let command = file.command_for(&matches);
            matches = command.try_get_matches_from(typed).map_err(Stop::Typed)?;
        }
        let mut args = Self::from_arg_matches(&matches).map_err(Stop::Typed)?;
        if let (Command::Serve(options), Some(file)) = (&mut args.command, file)
            && file.has_command_of(&matches)
        {
            options.handler.directory = Some(file.folder().to_owned());
        }
        Ok((args, matches))
    }
}

fn switch(option: Arg) -> Arg {
    option
        .action(ArgAction::Set)
        .value_parser(BoolishValueParser::new())
        .num_args(0..=1)
        .require_equals(true)
        .value_name("BOOL")
        .hide_possible_values(true)
        .default_value("false")
        .hide_default_value(true)
        .default_missing_value("true")
}

/// Which pipe is meant.
#[derive(Debug, clap::Args)]
pub(crate) struct PipeOption {
    /// The pipe: a name, \\.\pipe\NAME, or on Unix a socket's full path
    #[arg(long, default_value = "TestPipe", env = "TICKPIPE_PIPE", hide_env = true)]
    pub(crate) pipe: String,
}

/// Which pipe a client talks to, and how long it waits.
#[derive(Debug, clap::Args)]
pub(crate) struct ClientOptions {
    #[command(flatten)]
    pipe: PipeOption,

    /// Longest wait for the connection, and for each reply
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 5000,
        env = "TICKPIPE_TIMEOUT_MS",
        hide_env = true
    )]
    timeout_ms: u64,
}

impl ClientOptions {
    /// Returns the pipe's name, for errors.
    pub(crate) fn pipe(&self) -> &str {
        &self.pipe.pipe
    }

    /// Connects to the server of the pipe.
    pub(crate) fn connect(&self) -> Result<Client, Failure> {
        Client::connect_with(self.pipe(), Duration::from_millis(self.timeout_ms))
            .map_err(Failure::library(self.pipe()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command_line().debug_assert();
    }
}
