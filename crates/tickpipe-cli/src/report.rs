//! What people are told on stderr: errors, with a hint.

use std::error::Error as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use tickpipe::{Error, ErrorKind};
use tickpipe_sim::terminal::wire::WireError;
use tickpipe_ticks::TickError;

use crate::{exit, print};

pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's word.
    Library { error: Error, pipe: String },
    /// Nothing can be done as things are, and what would mend it.
    Setup { text: String, hint: String },
    /// Something is wrong with what was typed.
    Usage(String),
    /// The system, with what could not be done.
    Io(String, io::Error),
    /// A simulation cannot go on, or its report cannot be written.
    Simulation { text: String, cause: Option<String> },
    /// stdout or stdin.
    Stream(&'static str, io::Error),
    /// A file of which no tick can be read.
    TickFile(TickError),
    /// What ended the reading of ticks.
    Ticks(TickError),
    /// A simulated terminal cannot go on at its server's pipe.
    Wire(WireError),
}

impl Failure {
    pub(crate) fn library(pipe: &str) -> impl Fn(Error) -> Self + '_ {
        move |error| Self::Library { error, pipe: pipe.to_owned() }
    }

    /// A simulation's word, with what is behind it.
    pub(crate) fn simulation(error: &dyn std::error::Error) -> Self {
        let cause = error.source().map(|source| {
            // The reason of a reason says which row of which file it is.
            source
                .source()
                .map_or_else(|| source.to_string(), |deeper| format!("{source}: {deeper}"))
        });
        Self::Simulation { text: error.to_string(), cause }
    }

    pub(crate) fn private_name(error: io::Error) -> Self {
        Self::Io("cannot make a private directory".to_owned(), error)
    }
}

/// Writes a line for people; that nobody can read it is no reason to fail.
pub(crate) fn tell(text: &str) {
    drop(writeln!(anstream::stderr().lock(), "{text}"));
}

/// Prints what clap found, on stderr, or the help it was asked for, on stdout.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    if error.use_stderr() {
        return ExitCode::from(exit::USAGE);
    }
    match printed.and_then(|()| io::stdout().flush()) {
        Err(error) => failure(&Failure::Stream("cannot print", error)),
        Ok(()) => ExitCode::SUCCESS,
    }
}

/// Prints a failure and returns the exit code for it.
pub(crate) fn failure(failure: &Failure) -> ExitCode {
    if let Failure::Stream(_, error) = failure
        && print::is_closed(error)
    {
        // Whoever closed stdout has seen enough.
        return ExitCode::SUCCESS;
    }
    let (text, cause, hint, code) = match failure {
        Failure::Library { error, pipe } => {
            let cause = error.source().map(ToString::to_string);
            (error.to_string(), cause, hint(error, pipe), exit_code(error))
        }
        Failure::Setup { text, hint } => (text.clone(), None, Some(hint.clone()), exit::FAILED),
        Failure::Usage(text) => (text.clone(), None, None, exit::USAGE),
        Failure::Io(what, error) => (what.clone(), Some(error.to_string()), None, exit::FAILED),
        Failure::Stream(what, error) => {
            ((*what).to_owned(), Some(error.to_string()), None, exit::FAILED)
        }
        Failure::Simulation { text, cause } => (text.clone(), cause.clone(), None, exit::FAILED),
        Failure::Wire(error) => {
            let cause = error.source().map(ToString::to_string);
            (error.to_string(), cause, Some(error.hint().to_owned()), exit::FAILED)
        }
        Failure::TickFile(error) => {
            let cause = error.source().map(ToString::to_string);
            let hint = matches!(error, TickError::DigitsUnknown { .. })
                .then(|| "give the decimals with `--digits`, such as 5 for EURUSD".to_owned());
            (error.to_string(), cause, hint, exit::FAILED)
        }
        Failure::Ticks(error) => {
            let cause = error.source().map(ToString::to_string);
            let hint = matches!(error, TickError::Row(_))
                .then(|| "mend the row, or leave broken rows out with `--skip-bad`".to_owned());
            (error.to_string(), cause, hint, exit::FAILED)
        }
    };
    tell(&format!("{ERROR}error:{ERROR:#} {text}"));
    if let Some(cause) = cause {
        tell(&format!("  caused by: {cause}"));
    }
    if let Some(hint) = hint {
        tell(&format!("\n{HINT}hint:{HINT:#} {hint}"));
    }
    ExitCode::from(code)
}

/// Returns whether a name is taken though nobody was found who serves it: an EA keeps it.
///
/// Only then it is the system that refused.
pub(crate) fn is_held(error: &Error) -> bool {
    error.kind() == ErrorKind::NameTaken && error.source().is_some()
}

fn exit_code(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::InvalidConfig | ErrorKind::InvalidName => exit::USAGE,
        ErrorKind::AddressTaken | ErrorKind::NameTaken => exit::NAME_TAKEN,
        ErrorKind::InsecureAddress | ErrorKind::InsecureToken | ErrorKind::Security => {
            exit::SECURITY
        }
        ErrorKind::BadReply
        | ErrorKind::Closed
        | ErrorKind::Io
        | ErrorKind::NotFound
        | ErrorKind::TimedOut
        | _ => exit::FAILED,
    }
}

fn hint(error: &Error, pipe: &str) -> Option<String> {
    let hint = match error.kind() {
        ErrorKind::AddressTaken => {
            "stop that program, or choose another port at both ends".to_owned()
        }
        ErrorKind::BadReply => {
            format!("mend what serves `{pipe}`: to each line it has to send one line back")
        }
        ErrorKind::InsecureAddress => {
            "take 127.0.0.1, or add `--allow-remote` if everybody on the way may read the lines"
                .to_owned()
        }
        ErrorKind::NameTaken if is_held(error) => {
            "take that EA off its chart, or restart its terminal; or choose another name with \
             `--pipe` and in the EA"
                .to_owned()
        }
        ErrorKind::NameTaken => {
            "stop that server, or choose another name with `--pipe` and in the EA".to_owned()
        }
        ErrorKind::NotFound => {
            format!("start a server with `tickpipe serve --pipe {pipe} double`")
        }
        ErrorKind::TimedOut => {
            "look at the server's log (`-v`), or wait longer with `--timeout-ms`".to_owned()
        }
        ErrorKind::Closed => "the server was stopped; start it and try again".to_owned(),
        ErrorKind::Security => {
            "see who made it, or choose another name with `--pipe` and in the EA".to_owned()
        }
        ErrorKind::InsecureToken
        | ErrorKind::InvalidConfig
        | ErrorKind::InvalidName
        | ErrorKind::Io
        | _ => return None,
    };
    Some(hint)
}
