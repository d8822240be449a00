//! `cargo xtask mql`: the EAs without a terminal: linted, translated, built, and run under Wine.

mod build;
mod constants;
mod lint;
mod sources;

pub(crate) use build::{all as build_all, program};

use std::process::{Command, ExitCode};

use anyhow::bail;

use crate::paths::Paths;
use crate::setup::{self, Need};
use crate::steps::{Outcome, Steps};
use crate::summary::Runner;
use crate::wine::Session;
use crate::{Usage, no_arguments, programs, run, test};

const UNDER_WINE: &str = "EAs under Wine";

/// Whether the scenarios' transcripts are written as they come, to be looked at and committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bless {
    No,
    Yes,
}

/// `cargo xtask mql`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    let Some((what, rest)) = args.split_first() else {
        return Err(Usage("`mql` needs one of lint, build, test, constants".to_owned()).into());
    };
    match what.as_str() {
        "lint" => {
            no_arguments(rest)?;
            lint(paths)?;
        }
        "build" => {
            no_arguments(rest)?;
            setup::require(&setup::ensure()?, Need::Windows)?;
            build::all(paths)?;
        }
        "test" => return test_command(paths, rest),
        "constants" => {
            no_arguments(rest)?;
            constants::write(paths)?;
        }
        unknown => return Err(Usage(format!("there is no `mql {unknown}`")).into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// `cargo xtask mql test [--bless] [-- ARGS for nextest]`.
fn test_command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    if cfg!(windows) {
        bail!("the harness builds with mingw-w64 and runs under Wine; it needs a Linux machine");
    }
    let (options, nextest) = match args.iter().position(|arg| arg == "--") {
        Some(at) => (&args[..at], &args[at + 1..]),
        None => (args, &args[args.len()..]),
    };
    let bless = match options {
        [] => Bless::No,
        [option] if option == "--bless" => Bless::Yes,
        [unknown, ..] => return Err(Usage(format!("unexpected argument `{unknown}`")).into()),
    };
    setup::require(&setup::ensure()?, Need::Windows)?;
    let mut steps = Steps::default();
    steps.run("lint of the EAs", || lint(paths));
    let built = steps.run("build tickpipe.exe", || {
        programs::build(paths, programs::Platform::Windows)?;
        run::check(&mut test::build_windows(paths, &["-p", "tickpipe-cli"]))
    });
    if built == Outcome::Passed {
        let session = Session::open(paths)?;
        run_tests(paths, &session, "debug", &mut steps, nextest, bless);
    }
    let total = steps.total();
    println!("\n{steps}{} passed, {} failed", total.passed, total.failed);
    if total.passed == 0 && total.failed == 0 {
        bail!(
            "no test ran; what stands behind `--` is a part of a test's name, and a scenario's test \
             is named in crates/tickpipe-cli/tests/mql/scenarios.rs"
        );
    }
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What needs no Wine: the generated file is current, and the sources keep to the subset.
pub(crate) fn lint(paths: &Paths) -> anyhow::Result<()> {
    constants::check(paths)?;
    lint::check(paths)
}

/// Builds the EAs and runs all tests that use them, against `tickpipe.exe` of a profile.
pub(crate) fn run_tests(
    paths: &Paths,
    session: &Session,
    profile: &str,
    steps: &mut Steps,
    nextest: &[String],
    bless: Bless,
) {
    let compiles = &mut run::cargo(paths, &["nextest", "run", "-p", "tickpipe-mql"]);
    compiles.args(["--test", "compiles", "--no-fail-fast", "--no-tests=pass"]).args(nextest);
    steps.run_tests("EAs that g++ must refuse", Runner::Nextest, compiles);
    if steps.run("build the EAs", || build::all(paths)) == Outcome::Failed {
        steps.not_run(UNDER_WINE);
        return;
    }
    let mut command = tests(paths, session, profile);
    command.args(nextest);
    if bless == Bless::Yes {
        command.env("TICKPIPE_MQL_BLESS", "1");
    }
    steps.run_tests(UNDER_WINE, Runner::Nextest, &mut command);
}

/// The tests that use built EAs, against `tickpipe.exe` of a profile.
pub(crate) fn tests(paths: &Paths, session: &Session, profile: &str) -> Command {
    let mut command = run::cargo(paths, &["nextest", "run", "-p", "tickpipe-cli"]);
    command.args(["--test", "mql", "--no-fail-fast", "--no-tests=pass"]);
    test::wine_environment(paths, session, profile, &mut command);
    command.env("TICKPIPE_MQL_PROGRAMS", build::directory(paths));
    command
}
