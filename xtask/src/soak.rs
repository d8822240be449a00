//! `cargo xtask soak`: the end-to-end tests and the simulation at the sizes docs/RELIABILITY.md states.
//!
//! The tests themselves know the sizes, by `TICKPIPE_SOAK=1`. They print their figures, run one after
//! the other, and may take as long as they take.

use std::process::{Command, ExitCode};

use crate::paths::Paths;
use crate::programs::{self, Platform};
use crate::setup::{self, Need};
use crate::steps::Steps;
use crate::summary::Runner;
use crate::wine::Session;
use crate::{Usage, mql, run, test};

/// nextest's configuration for it: no time limits.
const NEXTEST_CONFIG: &str = "xtask/soak-nextest.toml";

/// `cargo xtask soak`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    let (options, filters): (Vec<&String>, Vec<&String>) =
        args.iter().partition(|arg| arg.starts_with('-'));
    if let Some(unknown) = options.iter().find(|&&option| option != "--native-only") {
        return Err(Usage(format!("unexpected argument `{unknown}`")).into());
    }
    let with_wine = options.is_empty() && !cfg!(windows);
    let missing = setup::ensure()?;
    setup::require(&missing, Need::Always)?;
    if with_wine {
        setup::require(&missing, Need::Windows)?;
    }

    let mut steps = Steps::default();
    programs::build(paths, Platform::Native)?;
    let mut library = run::cargo(paths, &["build", "-p", "tickpipe-sim-c"]);
    programs::build_simulation(paths, Platform::Native, &mut library)?;
    let mut command = tests(paths, &filters);
    steps.run_tests("soak", Runner::Nextest, test::native_environment(paths, &mut command));
    // Pure code on a virtual clock: one platform says as much as two.
    let mut command = simulation(paths, &filters);
    steps.run_tests("soak of simulated sessions", Runner::Nextest, &mut command);
    let mut command =
        run::cargo(paths, &["nextest", "run", "-p", "tickpipe-sim", "--test", "books"]);
    let command = command.args(["--test", "terminal", "--test", "hostile", "--no-tests=pass"]);
    let command = at_full_size(command, &filters);
    steps.run_tests("soak of the simulation", Runner::Nextest, command);
    if with_wine {
        programs::build(paths, Platform::Windows)?;
        let mut library = test::build_windows(paths, &["-p", "tickpipe-sim-c"]);
        programs::build_simulation(paths, Platform::Windows, &mut library)?;
        run::check(&mut test::build_windows(paths, &["-p", "tickpipe-cli", "--release"]))?;
        let session = Session::open(paths)?;
        let mut command = tests(paths, &filters);
        test::wine_environment(paths, &session, "release", &mut command);
        steps.run_tests("soak under Wine", Runner::Nextest, &mut command);
        mql::build_all(paths)?;
        let mut command = mql::tests(paths, &session, "release");
        steps.run_tests("soak of the EAs", Runner::Nextest, at_full_size(&mut command, &filters));
    } else {
        steps.not_run("soak under Wine");
        steps.not_run("soak of the EAs");
    }
    let total = steps.total();
    println!("\n{steps}{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tests(paths: &Paths, filters: &[&String]) -> Command {
    let mut command = run::cargo(paths, &["nextest", "run", "-p", "tickpipe-cli", "--test", "it"]);
    at_full_size(command.args(["--no-fail-fast", "--no-tests=pass"]), filters);
    command
}

fn simulation(paths: &Paths, filters: &[&String]) -> Command {
    let simulation = ["nextest", "run", "-p", "tickpipe-proto", "--test", "simulation"];
    let mut command = run::cargo(paths, &simulation);
    at_full_size(command.args(["--no-fail-fast", "--no-tests=pass"]), filters);
    command
}

fn at_full_size<'a>(command: &'a mut Command, filters: &[&String]) -> &'a mut Command {
    command.args(["--release", "--no-capture"]);
    command.args(["--config-file", NEXTEST_CONFIG]).args(filters);
    command.env("TICKPIPE_SOAK", "1")
}
