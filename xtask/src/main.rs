//! The project's own commands, run as `cargo xtask COMMAND`.
//!
//! They are for the people and machines that build tickpipe, not for those who use it. Nothing here
//! is part of a release.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool for developers talks to them on both streams"
)]

mod bench;
mod ci;
mod conformance;
mod dist;
mod layers;
mod lockfile;
mod mql;
mod paths;
mod picture;
mod programs;
mod protocol;
mod quickstart;
mod readme;
mod run;
mod setup;
mod soak;
mod steps;
mod summary;
mod supply;
mod test;
mod tidy;
mod wine;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::paths::Paths;

const HELP: &str = "\
cargo xtask COMMAND: the project's own commands

  setup                 installs what a test run needs, or names it
  test                  all tests: natively, then the Windows program under Wine
    --native-only         without the Windows half, and says so
    -- ARGS               for nextest; a name runs only the tests that contain it
  ci                    all that must pass: format, lints, documents, layers, tidy, README, test
  tidy                  textual rules no lint covers
  layers                what the crates may depend on
  supply                where the packages come from, their licences and number; lines of unsafe
  readme                runs the commands README.md marks with `<!-- ci: run -->`
  quickstart            walks docs/quickstart.md in an empty Wine prefix; needs tickpipe.exe built
  wine -- PROGRAM ARGS  runs a Windows program in the project's Wine prefix
                          TICKPIPE_WINE_LIMIT   seconds it may take (default 600)
  conformance           the scripts of session mode against our own server
    --wine                the Windows program under Wine
    -- ARGS               for `tickpipe conformance`, such as `--only 13-`
  soak [FILTER...]      the end-to-end tests at full size, release builds
    --native-only         without the Windows half
  bench                 round trips against the C yardstick, in interleaved pairs
    --quick               short runs, for a first look
    --pairs N             pairs for each row (default 7)
    --native-only         Linux sockets only
    --wine-only           pipes under Wine only
    --count               system calls and wineserver requests a round trip instead
  bench backtest FILE   a strategy over recorded ticks, beside public backtesters
  bench mql             the EA TickPipeDouble beside the C client, under Wine
  bench replay          `tickpipe replay` beside the C client
  bench session         session mode beside line mode, and what it is made of
  bench ticks           reading recorded ticks, beside pandas
    --quick               500,000 rows and not 5,000,000
  mql lint              the EAs keep to what MQL and our subset of it allow
  mql build             the EAs as Windows programs, in target/mql
  mql test              the EAs under Wine, against tickpipe.exe
    --bless               writes the scenarios' transcripts as they come
    -- NAME               the tests whose name contains NAME
  mql constants         writes mql/Include/TickPipe/Constants.mqh
  protocol              writes the tables of docs/PROTOCOL.md that tickpipe-proto has
  dist                  what is handed to users, in target/dist
    --verify              builds once more in another folder; the bytes must be the same
    --base-url URL        manifests for scoop and winget, for files that are served there
    --out DIR             elsewhere
    --exe FILE            one archive alone, around a program that is built already
  picture               draws docs/demo.svg: the end of `tickpipe demo`, needs tmux
  help                  this text

Under CI (environment variable CI) a missing tool is an error. Wine's prefix is target/wine/prefix.";

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let command = args.next().unwrap_or_else(|| OsString::from("help"));
    let rest: Vec<OsString> = args.collect();
    match Paths::new().and_then(|paths| dispatch(&paths, &command.to_string_lossy(), rest)) {
        Ok(code) => code,
        Err(error) if error.is::<Usage>() => {
            eprintln!("error: {error}\n\n{HELP}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  caused by: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

fn dispatch(paths: &Paths, command: &str, rest: Vec<OsString>) -> anyhow::Result<ExitCode> {
    if command == "wine" {
        // A Windows program's arguments need not be UTF-8, all others' are ours.
        return wine::command(paths, rest);
    }
    let rest: Vec<String> = rest.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    match command {
        "setup" => setup::command(&rest),
        "test" => test::command(paths, &rest),
        "ci" => ci::command(paths, &rest),
        "tidy" => tidy::command(paths, &rest),
        "supply" => supply::command(paths, &rest),
        "layers" => layers::command(paths, &rest),
        "readme" => readme::command(paths, &rest),
        "soak" => soak::command(paths, &rest),
        "bench" => bench::command(paths, &rest),
        "conformance" => conformance::command(paths, &rest),
        "dist" => dist::command(paths, &rest),
        "mql" => mql::command(paths, &rest),
        "picture" => picture::command(paths, &rest),
        "protocol" => protocol::command(paths, &rest),
        "quickstart" => quickstart::command(paths, &rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => Err(Usage(format!("there is no command `{unknown}`")).into()),
    }
}

/// A command line that makes no sense; ends with exit code 2 and the list of commands.
#[derive(Debug)]
struct Usage(String);

impl std::fmt::Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// Refuses arguments to a command that takes none.
fn no_arguments(args: &[String]) -> anyhow::Result<()> {
    match args.first() {
        None => Ok(()),
        Some(arg) => Err(Usage(format!("unexpected argument `{arg}`")).into()),
    }
}
