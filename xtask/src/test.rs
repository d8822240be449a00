//! `cargo xtask test`: all tests, natively and of the Windows program under Wine.

#[cfg(test)]
mod tests;

use std::process::{Command, ExitCode};

use anyhow::bail;

use crate::paths::{Paths, WINDOWS_TARGET};
use crate::programs::{self, Platform};
use crate::setup::{self, Need, Part};
use crate::steps::{Outcome, Steps};
use crate::summary::Runner;
use crate::wine::Session;
use crate::{Usage, mql, quickstart, run};

const WINDOWS_STEPS: &[&str] = &[
    "unit tests under Wine",
    "end-to-end tests under Wine",
    "EAs under Wine",
    "quick start under Wine",
];

/// What is asked for on the command line.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    native_only: bool,
    /// For nextest. If there are any, only the steps that nextest runs are of interest.
    nextest: Vec<String>,
}

/// Why the Windows half is left out.
#[derive(Debug)]
enum Left {
    Asked,
    Missing(Vec<Part>),
}

/// `cargo xtask test`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    let options = parse(args)?;
    let missing = setup::ensure()?;
    if run::is_ci() && !missing.is_empty() {
        bail!("{}", setup::missing_text(&missing));
    }
    setup::require(&missing, Need::Always)?;
    let left = left_out(&options, &missing);

    let mut steps = Steps::default();
    run_native(paths, &options, &mut steps);
    match &left {
        _ if cfg!(windows) => {}
        None => run_windows(paths, &options, &mut steps),
        Some(_) => WINDOWS_STEPS.iter().for_each(|name| steps.not_run(name)),
    }
    Ok(report(&steps, &options, left.as_ref()))
}

fn parse(args: &[String]) -> anyhow::Result<Options> {
    let mut options = Options::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--native-only" => options.native_only = true,
            "--" => options.nextest = args.by_ref().cloned().collect(),
            unknown => {
                let hint = "arguments for nextest come after `--`";
                return Err(Usage(format!("unexpected argument `{unknown}`; {hint}")).into());
            }
        }
    }
    Ok(options)
}

fn left_out(options: &Options, missing: &[Part]) -> Option<Left> {
    if options.native_only {
        return Some(Left::Asked);
    }
    let lacking = setup::lacking(missing, Need::Windows);
    (!lacking.is_empty()).then_some(Left::Missing(lacking))
}

fn run_native(paths: &Paths, options: &Options, steps: &mut Steps) {
    let built = steps.run("build the C programs", || {
        programs::build(paths, Platform::Native)?;
        // What the tests are made of, so that the library costs no build of its own.
        let mut cargo = run::cargo(paths, &["build", "--workspace", "--lib", "--tests"]);
        programs::build_simulation(paths, Platform::Native, &mut cargo)
    });
    steps.run("lint of the EAs", || mql::lint(paths));
    if built == Outcome::Passed {
        let mut command = run::cargo(paths, &["nextest", "run", "--workspace"]);
        nextest(&mut command, options);
        steps.run_tests("tests", Runner::Nextest, native_environment(paths, &mut command));
    } else {
        steps.not_run("tests");
    }
    if options.nextest.is_empty() {
        let mut command = run::cargo(paths, &["test", "--workspace", "--doc", "--no-fail-fast"]);
        steps.run_tests("documentation's examples", Runner::Libtest, &mut command);
    } else {
        steps.not_run("documentation's examples");
    }
}

fn run_windows(paths: &Paths, options: &Options, steps: &mut Steps) {
    let [units, end_to_end, experts, quick_start] = WINDOWS_STEPS else { return };
    let mut session = None;
    let prepared = steps.run("prepare Wine", || {
        programs::build(paths, Platform::Windows)?;
        session = Some(Session::open(paths)?);
        Ok(())
    });
    let (Outcome::Passed, Some(session)) = (prepared, session) else {
        WINDOWS_STEPS.iter().for_each(|name| steps.not_run(name));
        return;
    };
    if options.nextest.is_empty() {
        steps.run_tests(units, Runner::Libtest, session.environment(&mut unit_tests(paths)));
    } else {
        steps.not_run(units);
    }
    let built = steps.run("build tickpipe.exe", || {
        let mut cargo = build_windows(paths, &["-p", "tickpipe-cli", "-p", "tickpipe-sim-c"]);
        programs::build_simulation(paths, Platform::Windows, &mut cargo)
    });
    if built == Outcome::Passed {
        let mut command =
            run::cargo(paths, &["nextest", "run", "-p", "tickpipe-cli", "--test", "it"]);
        nextest(&mut command, options);
        wine_environment(paths, &session, "debug", &mut command);
        steps.run_tests(end_to_end, Runner::Nextest, &mut command);
        mql::run_tests(paths, &session, "debug", steps, &options.nextest, mql::Bless::No);
    } else {
        steps.not_run(end_to_end);
        steps.not_run(experts);
    }
    if built == Outcome::Passed && options.nextest.is_empty() {
        steps.run(quick_start, || quickstart::check(paths, &paths.windows_exe("debug")));
    } else {
        steps.not_run(quick_start);
    }
}

fn nextest(command: &mut Command, options: &Options) {
    command.arg("--no-fail-fast").args(&options.nextest);
    if !options.nextest.is_empty() {
        // A name may be one of the first half's tests only.
        command.arg("--no-tests=pass");
    }
}

fn unit_tests(paths: &Paths) -> Command {
    let mut command = run::cargo(paths, &["test", "--workspace", "--exclude", "xtask"]);
    command.args([
        "--lib",
        "--bins",
        "--test",
        "library",
        "--no-fail-fast",
        "--target",
        WINDOWS_TARGET,
    ]);
    command.arg("--target-dir").arg(paths.windows_target());
    // Not by the environment variable, which is split at blanks.
    let runner = format!("target.{WINDOWS_TARGET}.runner=[{:?}, 'wine', '--']", paths.xtask);
    command.args(["--config", &runner]);
    command
}

/// A build for Windows on another system.
pub(crate) fn build_windows(paths: &Paths, args: &[&str]) -> Command {
    let mut command = run::cargo(paths, &["build", "--target", WINDOWS_TARGET]);
    command.args(args).arg("--target-dir").arg(paths.windows_target());
    command
}

/// Tells the end-to-end tests to use the native programs.
pub(crate) fn native_environment<'a>(paths: &Paths, command: &'a mut Command) -> &'a mut Command {
    command
        .env("TICKPIPE_E2E", "native")
        .env("TICKPIPE_E2E_EA", Platform::Native.program(paths, "ea"))
        .env("TICKPIPE_E2E_HANDLER", Platform::Native.program(paths, "handler"))
        .env("TICKPIPE_E2E_SIM_BROKER", Platform::Native.program(paths, "sim_broker"))
}

/// Tells the end-to-end tests to use the Windows programs, the server from a profile's directory.
pub(crate) fn wine_environment(
    paths: &Paths,
    session: &Session,
    profile: &str,
    command: &mut Command,
) {
    session
        .environment(command)
        .env("TICKPIPE_E2E", "wine")
        .env("TICKPIPE_E2E_WINE", &session.wine().loader)
        .env("TICKPIPE_E2E_SERVER", paths.windows_exe(profile))
        .env("TICKPIPE_E2E_EA", Platform::Windows.program(paths, "ea"))
        .env("TICKPIPE_E2E_HANDLER", Platform::Windows.program(paths, "handler"))
        .env("TICKPIPE_E2E_METAEDITOR", Platform::Windows.program(paths, "metaeditor"))
        .env("TICKPIPE_E2E_SIM_BROKER", Platform::Windows.program(paths, "sim_broker"));
}

/// Prints the table, what was left out and the totals, and decides.
fn report(steps: &Steps, options: &Options, left: Option<&Left>) -> ExitCode {
    let total = steps.total();
    println!("\n{steps}");
    if !options.nextest.is_empty() {
        let count = steps.not_run_count() - left.map_or(0, |_| WINDOWS_STEPS.len());
        println!("NOT RUN: {count} steps (arguments for nextest choose single tests)");
    }
    let is_whole = match left {
        _ if cfg!(windows) => true,
        None => true,
        Some(Left::Asked) => {
            println!("NOT RUN: {} steps, the Windows half (--native-only)", WINDOWS_STEPS.len());
            true
        }
        Some(Left::Missing(missing)) => {
            let (count, missing) = (WINDOWS_STEPS.len(), setup::missing_text(missing));
            println!("NOT RUN: {count} steps, the Windows half ({missing}; or --native-only)");
            false
        }
    };
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.passed == 0 && total.failed == 0 {
        eprintln!("error: no test ran");
    }
    let is_good = is_whole && total.failed == 0 && total.passed != 0;
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
