//! `tickpipe send`.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;

use tickpipe::{Client, on_signal};

use crate::args::ClientOptions;
use crate::exit;
use crate::report::Failure;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 every line was answered, 1 an ERR or no reply, 2 usage, 130 interrupted.")]
pub(crate) struct SendOptions {
    /// Lines to send, each argument one; without any, those of stdin
    #[arg(allow_negative_numbers = true)]
    pub(crate) lines: Vec<String>,

    #[command(flatten)]
    pub(crate) client: ClientOptions,
}

pub(crate) fn run(options: SendOptions) -> Result<ExitCode, Failure> {
    let SendOptions { lines, client: options } = options;
    let pipe = options.pipe();
    on_signal(|_| interrupted())
        .map_err(|error| Failure::Stream("cannot listen for signals", error))?;
    let mut client = options.connect()?;
    let mut has_error = false;
    if lines.is_empty() {
        for line in io::stdin().lock().lines() {
            let line = line.map_err(|error| Failure::Stream("cannot read stdin", error))?;
            has_error |= exchange(&mut client, pipe, &line)?;
        }
    } else {
        for line in &lines {
            has_error |= exchange(&mut client, pipe, line)?;
        }
    }
    Ok(if has_error { ExitCode::from(exit::FAILED) } else { ExitCode::SUCCESS })
}

/// Sends one line and prints its reply; whether that was an error.
fn exchange(client: &mut Client, pipe: &str, line: &str) -> Result<bool, Failure> {
    let reply = client.ask(line).map_err(Failure::library(pipe))?;
    let (text, is_error) = match reply {
        Ok(text) => (text, false),
        Err(error) => (format!("ERR {} {}", error.code, error.text), true),
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| Failure::Stream("cannot print", error))?;
    Ok(is_error)
}

#[expect(clippy::exit, reason = "an interrupted command ends where it is")]
fn interrupted() {
    std::process::exit(i32::from(exit::INTERRUPTED))
}
