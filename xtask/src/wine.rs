//! Windows programs on another system: `cargo xtask wine -- PROGRAM ARGS…`, also Cargo's runner.

mod loader;
mod prefix;
mod relay;
mod scratch;
mod session;
#[cfg(test)]
mod tests;

pub(crate) use loader::Wine;
pub(crate) use scratch::Scratch;
pub(crate) use session::{LINGER, Session};

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::Usage;
use crate::paths::Paths;
use relay::{Ended, Relayed};

/// How often a program is started again after a start that Wine lost.
const RETRIES_MAX: u32 = 2;
const LIMIT_DEFAULT: Duration = Duration::from_secs(600);
const LIMIT_VARIABLE: &str = "TICKPIPE_WINE_LIMIT";
/// What `timeout` exits with.
const TIMED_OUT: u8 = 124;

/// `cargo xtask wine`.
pub(crate) fn command(paths: &Paths, mut args: Vec<OsString>) -> anyhow::Result<ExitCode> {
    if args.first().is_some_and(|arg| arg == "--") {
        args.remove(0);
    }
    let Some((program, args)) = args.split_first() else {
        return Err(Usage("`wine` needs a program".to_owned()).into());
    };
    if cfg!(windows) {
        bail!("this is Windows: start the program itself");
    }
    let limit = limit(env::var(LIMIT_VARIABLE).ok().as_deref())?;
    let session = Session::open(paths)?;
    for attempt in 1.. {
        let relayed = relay::run(session.command(program).args(args), limit)?;
        if !relayed.is_lost_start() || RETRIES_MAX < attempt {
            return Ok(exit_code(&relayed, limit));
        }
        eprintln!(
            "note: Wine ended with 1 and no output; starting again ({attempt} of {RETRIES_MAX})"
        );
    }
    bail!("a count without an end has ended")
}

fn limit(text: Option<&str>) -> anyhow::Result<Duration> {
    let Some(text) = text else { return Ok(LIMIT_DEFAULT) };
    let seconds = text
        .parse::<u64>()
        .with_context(|| format!("{LIMIT_VARIABLE} is `{text}`, not a whole number of seconds"))?;
    Ok(Duration::from_secs(seconds))
}

fn exit_code(relayed: &Relayed, limit: Duration) -> ExitCode {
    match relayed.ended {
        Ended::Code(code) => ExitCode::from(code),
        Ended::TimedOut => {
            let seconds = limit.as_secs();
            eprintln!("error: the program ran longer than {seconds} s ({LIMIT_VARIABLE}); killed");
            ExitCode::from(TIMED_OUT)
        }
    }
}
