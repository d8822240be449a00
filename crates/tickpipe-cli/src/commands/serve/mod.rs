//! `tickpipe serve`.

mod board;
mod conformance;
mod handler;
mod printer;
mod table;
mod tcp;

use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::BoolishValueParser;
use tickpipe::{Mode, Server, Stopper, Tap, on_signal};

use self::handler::{HandlerOptions, Ready};
use self::printer::Way;
use self::tcp::TcpOptions;
use crate::args::PipeOption;
use crate::config::ConfigFile;
use crate::limits::Limits;
use crate::log::LogOptions;
use crate::print::Dropped;
use crate::report::Failure;
use crate::{exit, log, open_files, print, screen};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Ends in good order at Ctrl-C; a second Ctrl-C ends it at once.
Exit codes: 0 done, 1 failed, 2 usage, 3 name taken, 4 security, 130 at a second
signal.
Example: tickpipe serve exec -- python3 double.py")]
pub(crate) struct ServeOptions {
    #[command(flatten)]
    pub(crate) handler: HandlerOptions,

    #[command(flatten)]
    pub(crate) pipe: PipeOption,

    /// How EAs talk: `auto` has each EA's first line decide [default: auto]
    // Not a variable too: a program of `exec` finds its own mode under that name.
    #[arg(long, value_name = "MODE", hide_default_value = true, default_value = "auto")]
    pub(crate) mode: ModeName,

    /// Print neither exchanges nor sessions, and show no table
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Print one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,

    /// Started by `service run`, which writes the log: end when stdin does
    #[arg(long, hide = true)]
    pub(crate) supervised: bool,

    /// Settings [default: tickpipe/tickpipe.toml in your settings]
    #[arg(long, value_name = "FILE", env = "TICKPIPE_CONFIG", hide_env = true)]
    pub(crate) config: Option<PathBuf>,

    /// Read no settings from a file, not even the default one
    #[arg(long, env = "TICKPIPE_NO_CONFIG", hide_env = true, hide_short_help = true)]
    #[arg(value_parser = BoolishValueParser::new())]
    pub(crate) no_config: bool,

    #[command(flatten)]
    pub(crate) log: LogOptions,

    #[command(flatten)]
    pub(crate) tcp: TcpOptions,

    #[command(flatten)]
    pub(crate) limits: Limits,
}

/// A [`Mode`], as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeName {
    Auto,
    Line,
    Session,
}

impl From<ModeName> for Mode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Auto => Self::Auto,
            ModeName::Line => Self::Line,
            ModeName::Session => Self::Session,
        }
    }
}

/// Events that wait for a slow console before further ones are dropped.
const TAP_CAPACITY: usize = 1024;

/// From the first signal to the end, whatever hangs.
const STOP_LIMIT: Duration = Duration::from_millis(4900);

/// The last line for who started a supervised server: its end was meant.
pub(crate) const LEAVE: &str = "stopped in good order";

/// Tells people, and the log's file.
fn tell(text: &str) {
    crate::report::tell(text);
    log::note(text);
}

pub(crate) fn run(options: ServeOptions, file: Option<ConfigFile>) -> Result<ExitCode, Failure> {
    let ServeOptions {
        handler,
        pipe: PipeOption { pipe },
        mode,
        quiet,
        json,
        supervised,
        tcp,
        limits,
        ..
    } = options;
    if let Some(file) = &file {
        tell(&format!("settings are from {}", print::harmless(&file.path.display().to_string())));
    }
    let chosen = handler.choose(&tcp)?;
    chosen.check_mode(mode)?;
    let config = limits
        .config(chosen.handler_deadline())
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let (mut config, token_file) = tcp.listen(config.with_mode(mode.into()))?;
    let observed = (!quiet).then(|| Tap::new(TAP_CAPACITY));
    if let Some((tap, _)) = &observed {
        config = config.with_tap(tap.clone());
    }
    open_files::raise_limit();
    let server = Server::bind_with(&pipe, config).map_err(Failure::library(&pipe))?;
    chosen.check_way(&server)?;
    let ready = chosen.ready(server.address());
    let stop = Stop { stopper: server.stopper(), ready: ready.clone() };
    if supervised {
        stop.at_end_of_stdin()?;
    }
    stop.on_signals()?;
    let end = if supervised { "" } else { ", Ctrl-C ends it" };
    tell(&format!("listening on {}{end}", server.address()));
    if let (Some(address), Some(token_file)) = (server.tcp_address(), token_file) {
        tell(&tcp::describe(address, &token_file));
    }
    let way = if json { Way::Json } else { ready.way() };
    let printer = observed.map(|observed| printer::start(Some(observed), way)).transpose()?;
    let served = ready.serve(server).map_err(Failure::library(&pipe));
    ready.end();
    let served = match served {
        Ok(served) => served,
        Err(failure) => {
            // So that the failure is told below what stands on the terminal.
            printer.map_or(Ok(()), |printer| printer.end(None)).unwrap_or_default();
            return Err(failure);
        }
    };
    let dropped = Dropped {
        events: printer.as_ref().map_or(0, |printer| printer.tap.dropped()),
        log_lines: log::flush(),
    };
    let printed = if json {
        let line = print::summary_json(&served, &dropped).to_string();
        printer.map_or_else(|| printer::start(None, Way::Json), Ok)?.end(Some(line))
    } else {
        let printed = printer.map_or(Ok(()), |printer| printer.end(None));
        log::tell(&print::summary(&served, &dropped));
        printed
    };
    printed.map_err(|error| Failure::Stream("cannot print", error))?;
    if supervised {
        tell(LEAVE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends the server.
#[derive(Clone, Debug)]
struct Stop {
    stopper: Stopper,
    ready: Ready,
}

impl Stop {
    /// Has the first signal stop the server in good order and the second end the program.
    fn on_signals(self) -> Result<(), Failure> {
        on_signal(move |count| {
            if count > 1 {
                end(&self.ready, exit::INTERRUPTED);
            }
            self.stop();
        })
        .map_err(|error| Failure::Stream("cannot listen for signals", error))
    }

    /// Has the end of stdin stop the server in good order: who started it wants that, or is gone.
    fn at_end_of_stdin(&self) -> Result<(), Failure> {
        let this = self.clone();
        let watch = thread::Builder::new().name("tickpipe-parent".to_owned()).spawn(move || {
            // What comes means nothing; an error is as good as the end.
            let mut byte = [0];
            while io::stdin().read(&mut byte).is_ok_and(|count| count > 0) {}
            this.stop();
        });
        watch
            .map(drop)
            .map_err(|error| Failure::Stream("cannot start the thread that watches", error))
    }

    fn stop(&self) {
        self.stopper.stop();
        // However a handler or the console hangs, the program ends.
        let ready = self.ready.clone();
        let watch = thread::Builder::new().name("tickpipe-end".to_owned()).spawn(move || {
            thread::sleep(STOP_LIMIT);
            end(&ready, exit::FAILED);
        });
        if let Err(error) = watch {
            tracing::error!(%error, "cannot start a thread that limits the stop");
        }
    }
}

#[expect(clippy::exit, reason = "the second signal, or a stop that hangs, ends it here and now")]
fn end(ready: &Ready, code: u8) -> ! {
    ready.end();
    screen::leave();
    std::process::exit(i32::from(code))
}
