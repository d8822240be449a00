//! Which handler answers, as typed.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use clap::ValueEnum;
use tickpipe::{Error, Exec, Server, double, echo};

use crate::print::Served;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
pub(crate) struct HandlerOptions {
    /// What answers the lines
    handler: Kind,

    // What stands where `--` was forgotten; named below, with the mend.
    #[arg(hide = true)]
    surplus: Vec<String>,

    /// For `exec`: time for a new program's first answer, before it counts as stuck
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 5000,
        env = "TICKPIPE_START_LIMIT_MS",
        hide_env = true
    )]
    start_limit_ms: u64,

    /// For `exec`, after `--`: the program and its arguments, one process for each connection
    #[arg(last = true, value_name = "CMD")]
    command: Vec<OsString>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Twice the number, with three decimals
    Double,
    /// The line as it came
    Echo,
    /// What a program prints for the line, in any language: `exec -- python3 double.py`
    Exec,
}

/// A handler with all it needs.
#[derive(Debug)]
pub(crate) enum Chosen {
    Double,
    Echo,
    Exec { program: OsString, args: Vec<OsString>, start_limit: Duration },
}

impl HandlerOptions {
    /// Returns the handler, or what is wrong with how it was typed.
    pub(crate) fn choose(self) -> Result<Chosen, Failure> {
        let Self { handler, command, surplus, start_limit_ms } = self;
        if let Some(word) = surplus.first() {
            let mend = match handler {
                Kind::Exec => "put `--` before the program: `serve exec -- PROGRAM ARGS`",
                Kind::Double | Kind::Echo => "it takes none",
            };
            return Err(Failure::Usage(format!("unexpected `{word}` after the handler; {mend}")));
        }
        let mut command = command.into_iter();
        let usage = |text: &str| Err(Failure::Usage(text.to_owned()));
        match (handler, command.next()) {
            (Kind::Double, None) => Ok(Chosen::Double),
            (Kind::Echo, None) => Ok(Chosen::Echo),
            (Kind::Exec, Some(program)) => Ok(Chosen::Exec {
                program,
                args: command.collect(),
                start_limit: Duration::from_millis(start_limit_ms),
            }),
            (Kind::Exec, None) => {
                usage("`exec` needs a program after `--`: `serve exec -- PROGRAM ARGS`")
            }
            (Kind::Double | Kind::Echo, Some(_)) => {
                usage("a program after `--` is for `exec` alone: `serve exec -- PROGRAM ARGS`")
            }
        }
    }
}

impl Chosen {
    /// Makes the handler for a server at `address`.
    pub(crate) fn ready(self, address: String) -> Ready {
        match self {
            Self::Double => Ready::Double,
            Self::Echo => Ready::Echo,
            Self::Exec { program, args, start_limit } => {
                let exec = Exec::new(found(program), args);
                Ready::Exec(exec.with_pipe(address).with_start_limit(start_limit))
            }
        }
    }
}

/// Looks a program up as a shell does that knows `.cmd` and `.bat` on Windows.
fn found(program: OsString) -> OsString {
    let error = match which::which(&program) {
        Ok(path) => return path.into(),
        Err(error) => error,
    };
    let name = program.to_string_lossy();
    let mend = if Path::new(&program).is_file() {
        "cannot start the program: make it executable, or name its interpreter before it"
    } else {
        "cannot find the program: give its full path"
    };
    tracing::error!(program = %name, %error, "{mend}; until then lines are answered with an error");
    program
}

/// A handler that can answer.
#[derive(Clone, Debug)]
pub(crate) enum Ready {
    Double,
    Echo,
    Exec(Exec),
}

impl Ready {
    /// Serves until stopped.
    pub(crate) fn serve(&self, server: Server) -> Result<Served, Error> {
        match self {
            Self::Double => Ok(server.serve_fn(double)?.into()),
            Self::Echo => Ok(server.serve_fn(echo)?.into()),
            Self::Exec(exec) => {
                let handlers = exec.clone();
                let summary = server.serve(move |peer| handlers.handler(peer))?;
                Ok(Served { summary, exec: Some(exec.summary()) })
            }
        }
    }

    /// Ends what would go on without us.
    pub(crate) fn end(&self) {
        match self {
            Self::Double | Self::Echo => {}
            Self::Exec(exec) => exec.end_all(),
        }
    }
}
