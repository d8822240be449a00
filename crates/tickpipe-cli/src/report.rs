//! What people are told on stderr: errors, with a hint.

use std::error::Error as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use tickpipe::{Error, ErrorKind};
use tickpipe_sim::broker::TickRefused;
use tickpipe_sim::market::FeedError;
use tickpipe_sim::terminal::MarketError;
use tickpipe_sim::terminal::wire::WireError;
use tickpipe_ticks::TickError;

use crate::config::Broken;
use crate::{exit, log, print};

pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's word.
    Library { error: Error, pipe: String },
    /// Nothing can be done as things are, and what would mend it.
    Setup { text: String, hint: String },
    /// A folder cannot be written into.
    Folder { text: String, cause: String, hint: &'static str },
    /// A service of this name runs.
    Running(String),
    /// Something is wrong with what was typed.
    Usage(String),
    /// The system, with what could not be done.
    Io(String, io::Error),
    /// A simulation cannot go on, or its report cannot be written.
    Simulation { text: String, cause: Option<String>, hint: Option<String> },
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

    /// Returns what failed, in a line.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Library { error, .. } => error.to_string(),
            Self::Setup { text, .. }
            | Self::Folder { text, .. }
            | Self::Usage(text)
            | Self::Io(text, _)
            | Self::Simulation { text, .. } => text.clone(),
            Self::Running(name) => format!("the service `{name}` runs already"),
            Self::Stream(what, _) => (*what).to_owned(),
            Self::TickFile(error) | Self::Ticks(error) => error.to_string(),
            Self::Wire(error) => error.to_string(),
        }
    }

    /// A simulation's word, with what is behind it.
    pub(crate) fn simulation(error: &dyn std::error::Error) -> Self {
        Self::Simulation { text: error.to_string(), cause: cause(error), hint: None }
    }

    /// What ended a simulated market before its ticks, and what would mend it.
    pub(crate) fn market(error: &MarketError) -> Self {
        let hint = match error {
            MarketError::Feed(FeedError::Ticks { source: TickError::Row(_), .. }) => {
                Some(ROW_HINT.to_owned())
            }
            MarketError::Tick(TickRefused::Price { symbol, found, .. }) => Some(format!(
                "give the symbol the decimals of its file, such as `--symbol {symbol}:digits={}`",
                decimals(found)
            )),
            MarketError::Tick(TickRefused::UnknownSymbol(_) | _) | MarketError::Feed(_) | _ => None,
        };
        Self::Simulation { text: error.to_string(), cause: cause(error), hint }
    }

    pub(crate) fn private_name(error: io::Error) -> Self {
        Self::Io("cannot make a private directory".to_owned(), error)
    }
}

/// Returns what is behind an error, and what is behind that: which row of which file it is.
fn cause(error: &dyn std::error::Error) -> Option<String> {
    let source = error.source()?;
    let deeper = source.source().map(|deeper| format!("{source}: {deeper}"));
    Some(deeper.unwrap_or_else(|| source.to_string()))
}

/// Returns the most decimals that a number in a text has.
fn decimals(text: &str) -> usize {
    let decimals = |word: &str| word.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    text.split_whitespace().map(decimals).max().unwrap_or_default()
}

const ROW_HINT: &str = "mend the row, or leave broken rows out with `--skip-bad`";

/// Writes a line for people; that nobody can read it is no reason to fail.
pub(crate) fn tell(text: &str) {
    drop(writeln!(anstream::stderr().lock(), "{text}"));
}

/// Tells what is wrong with a configuration file, a line for each fault, and returns the exit code.
pub(crate) fn broken(broken: &Broken) -> ExitCode {
    tell(&format!("{ERROR}error:{ERROR:#} the configuration file cannot be used"));
    broken.lines().iter().for_each(|line| tell(&format!("  {line}")));
    tell(&format!(
        "\n{HINT}hint:{HINT:#} mend it, name another with `--config`, or leave it out with \
         `--no-config`"
    ));
    ExitCode::from(exit::USAGE)
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
        Failure::Running(_) => (
            failure.text(),
            None,
            Some("`tickpipe service stop` ends it; another one needs another `--name`".to_owned()),
            exit::NAME_TAKEN,
        ),
        Failure::Usage(text) => (text.clone(), None, None, exit::USAGE),
        Failure::Io(what, error) => (what.clone(), Some(error.to_string()), None, exit::FAILED),
        Failure::Stream(what, error) => {
            ((*what).to_owned(), Some(error.to_string()), None, exit::FAILED)
        }
        Failure::Folder { text, cause, hint } => {
            (text.clone(), Some(cause.clone()), Some((*hint).to_owned()), exit::FAILED)
        }
        Failure::Simulation { text, cause, hint } => {
            (text.clone(), cause.clone(), hint.clone(), exit::FAILED)
        }
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
            let hint = matches!(error, TickError::Row(_)).then(|| ROW_HINT.to_owned());
            (error.to_string(), cause, hint, exit::FAILED)
        }
    };
    log::note_failure(&text, cause.as_deref());
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
