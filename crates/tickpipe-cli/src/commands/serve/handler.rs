//! Which handler answers, as typed.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use tickpipe::session::Strategy;
use tickpipe::{Error, Exec, Forward, Server, double, echo};

use super::ModeName;
use super::conformance::Conformance;
use super::printer::Way;
use super::table;
use super::tcp::TcpOptions;
use crate::print::Served;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
pub(crate) struct HandlerOptions {
    // Their places are named, for what a configuration file gives a default is moved to the end.
    /// What answers the EAs
    #[arg(index = 1)]
    handler: Option<Kind>,

    /// For `forward`: the HOST:PORT where another server listens
    #[arg(index = 2, value_name = "ADDR")]
    // Also what stands where `--` was forgotten; refused below, with what to do.
    words: Vec<String>,

    /// Time for a new program's first answer [default: 5000]
    #[arg(
        long,
        help_heading = "Limits",
        hide_default_value = true,
        value_name = "MS",
        default_value_t = 5000,
        env = "TICKPIPE_START_LIMIT_MS",
        hide_env = true,
        hide_short_help = true
    )]
    start_limit_ms: u64,

    /// For `exec`, after `--`: the program and its arguments, one process for each connection
    #[arg(index = 3, last = true, value_name = "CMD")]
    command: Vec<OsString>,

    /// Where the program works: beside the file that names it.
    #[arg(skip)]
    pub(crate) directory: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// What `conformance/session` needs: a session handler that does what symbols say
    #[value(hide = true)]
    Conformance,
    /// Lines: twice the number, with three decimals
    Double,
    /// Lines: the line as it came
    Echo,
    /// Lines and sessions: a program in any language, `exec -- python3 double.py`
    Exec,
    /// Lines: what another server answers that listens on TCP, `forward 127.0.0.1:4444`
    Forward,
    /// Sessions: shows what EAs say, in a live table on a terminal; trades nothing
    Watch,
}

/// A handler with all it needs.
#[derive(Debug)]
pub(crate) enum Chosen {
    Conformance,
    Double,
    Echo,
    Exec {
        program: OsString,
        args: Vec<OsString>,
        start_limit: Duration,
        directory: Option<PathBuf>,
    },
    Forward(Forward),
    Watch,
}

/// How the names of scripts end that an interpreter is given.
const SCRIPTS: [&str; 6] = ["js", "lua", "php", "pl", "py", "rb"];

impl HandlerOptions {
    pub(crate) const fn is_named(&self) -> bool {
        self.handler.is_some()
    }

    /// Returns the handler, or what is wrong with how it was typed.
    pub(crate) fn choose(self, tcp: &TcpOptions) -> Result<Chosen, Failure> {
        let Self { handler, command, words, start_limit_ms, directory } = self;
        let usage = |text: &str| Err(Failure::Usage(text.to_owned()));
        let Some(handler) = handler else {
            return usage(
                "`serve` needs to know what answers, such as `serve double` or `serve exec -- \
                 PROGRAM ARGS`; or a configuration file that names a handler",
            );
        };
        if handler != Kind::Exec && !command.is_empty() {
            return usage("a program after `--` is for `exec` alone: `serve exec -- PROGRAM ARGS`");
        }
        let mut words = words.into_iter();
        let address = if handler == Kind::Forward { words.next() } else { None };
        if let Some(word) = words.next() {
            let mend = match handler {
                Kind::Exec => "put `--` before the program: `serve exec -- PROGRAM ARGS`",
                Kind::Forward => "it takes one address: `serve forward 127.0.0.1:4444`",
                Kind::Conformance | Kind::Double | Kind::Echo | Kind::Watch => "it takes none",
            };
            return Err(Failure::Usage(format!("unexpected `{word}` after the handler; {mend}")));
        }
        match handler {
            Kind::Conformance => Ok(Chosen::Conformance),
            Kind::Double => Ok(Chosen::Double),
            Kind::Echo => Ok(Chosen::Echo),
            Kind::Exec => {
                let mut command = command.into_iter();
                let Some(program) = command.next() else {
                    return usage(
                        "`exec` needs a program: `serve exec -- PROGRAM ARGS`, or `command` in the \
                         [handler] of the configuration file",
                    );
                };
                let start_limit = Duration::from_millis(start_limit_ms);
                Ok(Chosen::Exec { program, args: command.collect(), start_limit, directory })
            }
            Kind::Forward => {
                let Some(address) = address else {
                    return usage(
                        "`forward` needs an address: `serve forward 127.0.0.1:4444`, or `address` in \
                         the [handler] of the configuration file",
                    );
                };
                tcp.forward(&address).map(Chosen::Forward)
            }
            Kind::Watch => Ok(Chosen::Watch),
        }
    }
}

impl Chosen {
    /// Returns the time to answer a line, where this handler has one of its own.
    pub(crate) const fn handler_deadline(&self) -> Option<Duration> {
        match self {
            Self::Forward(_) => Some(Forward::HANDLER_DEADLINE),
            Self::Conformance | Self::Double | Self::Echo | Self::Exec { .. } | Self::Watch => None,
        }
    }

    /// Refuses a mode that the handler does not have.
    pub(crate) fn check_mode(&self, mode: ModeName) -> Result<(), Failure> {
        match (self, mode) {
            (Self::Double | Self::Echo | Self::Forward(_), ModeName::Session) => {
                Err(Failure::Usage(
                    "this handler answers lines alone; `--mode session` is for `exec` and `watch`"
                        .to_owned(),
                ))
            }
            (Self::Watch, ModeName::Line) => Err(Failure::Usage(
                "`watch` shows sessions, which `--mode line` has none of; leave it out, or serve \
                 lines with `double`, `echo`, `exec` or `forward`"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }

    /// Refuses a server that would be its own peer, and so on without end.
    pub(crate) fn check_way(&self, server: &Server) -> Result<(), Failure> {
        match (self, server.tcp_address()) {
            (Self::Forward(forward), Some(address)) if forward.reaches(address) => {
                Err(Failure::Usage(format!(
                    "this server listens on {address} itself, and would forward to itself; name \
                     the address of another server"
                )))
            }
            _ => Ok(()),
        }
    }

    /// Returns what it is, in a few words; if its program is not found, with what to do.
    pub(crate) fn described(&self) -> Result<String, (String, &'static str)> {
        Ok(match self {
            Self::Conformance => "conformance".to_owned(),
            Self::Double => "double".to_owned(),
            Self::Echo => "echo".to_owned(),
            Self::Exec { program, .. } => match look_up(program) {
                Ok(path) => format!("exec runs {}", path.display()),
                Err(mend) => {
                    return Err((format!("cannot find `{}`", program.to_string_lossy()), mend));
                }
            },
            Self::Forward(_) => "forward, with a token".to_owned(),
            Self::Watch => "watch".to_owned(),
        })
    }

    /// Returns the script that `exec`'s program is to run, if it is not where that will look for it.
    pub(crate) fn missing_script(&self) -> Option<PathBuf> {
        let Self::Exec { args, directory, .. } = self else { return None };
        let is_script = |path: &&Path| {
            path.extension()
                .is_some_and(|extension| SCRIPTS.iter().any(|known| *known == extension))
        };
        let script = args.iter().map(Path::new).find(is_script)?;
        let path = directory.as_deref().map_or_else(|| script.to_owned(), |at| at.join(script));
        (!path.exists()).then_some(path)
    }

    /// Makes the handler for a server at `address`.
    pub(crate) fn ready(self, address: String) -> Ready {
        match self {
            Self::Conformance => Ready::Conformance,
            Self::Double => Ready::Double,
            Self::Echo => Ready::Echo,
            Self::Exec { program, args, start_limit, directory } => {
                let mut exec = Exec::new(found(program), args);
                if let Some(directory) = directory {
                    exec = exec.with_directory(directory);
                }
                Ready::Exec(exec.with_pipe(address).with_start_limit(start_limit))
            }
            Self::Forward(forward) => Ready::Forward(forward),
            Self::Watch => Ready::Watch,
        }
    }
}

/// Looks a program up as a shell does that knows `.cmd` and `.bat` on Windows.
fn found(program: OsString) -> OsString {
    match look_up(&program) {
        Ok(path) => path.into(),
        Err(mend) => {
            let name = program.to_string_lossy();
            let text = "cannot find the program, so every line and session gets an error";
            tracing::error!(program = %name, mend, "{text}");
            program
        }
    }
}

/// Returns where a program is, or else what to do.
fn look_up(program: &OsStr) -> Result<PathBuf, &'static str> {
    which::which(program).map_err(|_| {
        if Path::new(program).is_file() {
            "make it executable, or name its interpreter before it"
        } else if program.to_string_lossy().contains(' ') {
            "leave out the quotes around program and arguments"
        } else {
            "check how it is spelled, or give its full path"
        }
    })
}

/// A handler that can answer.
#[derive(Clone, Debug)]
pub(crate) enum Ready {
    Conformance,
    Double,
    Echo,
    Exec(Exec),
    Forward(Forward),
    Watch,
}

/// Trades nothing: what the tap is told is all there is to do.
struct Idle;

impl Strategy for Idle {}

impl Ready {
    /// Serves until stopped.
    pub(crate) fn serve(&self, server: Server) -> Result<Served, Error> {
        match self {
            Self::Conformance => Ok(server.serve_strategy(|_, _| Conformance::default())?.into()),
            Self::Double => Ok(server.serve_fn(double)?.into()),
            Self::Echo => Ok(server.serve_fn(echo)?.into()),
            Self::Exec(exec) => {
                let summary = server.serve_exec(exec)?;
                Ok(Served { exec: Some(exec.summary()), ..summary.into() })
            }
            Self::Forward(forward) => {
                let handlers = forward.clone();
                let summary = server.serve(move |_| handlers.handler())?;
                Ok(Served { forward: Some(forward.summary()), ..summary.into() })
            }
            Self::Watch => Ok(server.serve_strategy(|_, _| Idle)?.into()),
        }
    }

    /// Returns how people see best what goes on.
    pub(super) fn way(&self) -> Way {
        match self {
            Self::Watch => table::screen().map_or(Way::Lines, Way::Table),
            Self::Conformance | Self::Double | Self::Echo | Self::Exec(_) | Self::Forward(_) => {
                Way::Lines
            }
        }
    }

    /// Ends what would go on without us.
    pub(crate) fn end(&self) {
        match self {
            Self::Conformance | Self::Double | Self::Echo | Self::Forward(_) | Self::Watch => {}
            Self::Exec(exec) => exec.end_all(),
        }
    }
}
