//! `cargo xtask bench`: round trips of `tickpipe serve double` beside the C yardstick, and of
//! `serve exec` beside `serve echo`.
//!
//! Both servers run all the time and idle while the other is measured. A pair is a few short runs of
//! the same client against one and the other in turns; only the ratio within a pair counts, so that
//! what the machine does meanwhile falls on both.

mod backtest;
mod count;
mod figures;
mod machine;
mod mql;
mod pinning;
mod replay;
mod servers;
mod session;
mod table;
#[cfg(test)]
mod tests;
mod ticks;

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::paths::Paths;
use crate::programs::{self, Platform};
use crate::setup::{self, Need};
use crate::wine::{self, Session};
use crate::{Usage, run, test};
use figures::{Client, Pair, Row, Run};
use pinning::Pinning;
use servers::{Contest, Place, Servers};

/// How many runs against each server a pair has. The median of its runs is what a pair says: the
/// kernel takes a core away from real-time programs once a second, which spoils a short run and leaves
/// the others alone, and runs that alternate quickly share what else the machine does.
const RUNS: usize = 5;
/// What one run should last.
const RUN_TIME: Duration = Duration::from_millis(300);
const RUN_TIME_QUICK: Duration = Duration::from_millis(80);
/// Round trips of one client for the first look at a row, from which the number for a run follows.
const ROUNDS_FIRST: u64 = 500;
const ROUNDS_MAX: u64 = 1_000_000;
const PAIRS: usize = 7;
const CLIENTS: [u32; 2] = [1, 16];

/// What is asked for on the command line.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    counts: bool,
    native: bool,
    pairs: usize,
    run_time: Duration,
    wine: bool,
}

/// `cargo xtask bench`.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    match args.split_first() {
        Some((first, rest)) if first == "backtest" => return backtest::command(paths, rest),
        Some((first, rest)) if first == "mql" => return mql::command(paths, rest),
        Some((first, rest)) if first == "replay" => return replay::command(paths, rest),
        Some((first, rest)) if first == "session" => return session::command(paths, rest),
        Some((first, rest)) if first == "ticks" => return ticks::command(paths, rest),
        _ => {}
    }
    let options = parse(args)?;
    if cfg!(windows) {
        bail!("the benchmarks need a Linux machine; on Windows there is `tickpipe bench`");
    }
    prepare(paths, &options)?;
    let is_reached = if options.counts {
        count::report(paths, options.native, options.wine)?
    } else {
        measure(paths, &options)?
    };
    Ok(if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn parse(args: &[String]) -> anyhow::Result<Options> {
    let mut options =
        Options { counts: false, native: true, pairs: PAIRS, run_time: RUN_TIME, wine: true };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--count" => options.counts = true,
            "--native-only" => options.wine = false,
            "--pairs" => {
                let pairs = args.next().and_then(|pairs| pairs.parse().ok());
                let error = || Usage("`--pairs` needs a number of at least 1".to_owned());
                options.pairs = pairs.filter(|&pairs| 1 <= pairs).ok_or_else(error)?;
            }
            "--quick" => options.run_time = RUN_TIME_QUICK,
            "--wine-only" => options.native = false,
            unknown => return Err(Usage(format!("unexpected argument `{unknown}`")).into()),
        }
    }
    if !options.native && !options.wine {
        return Err(Usage("nothing is left to measure".to_owned()).into());
    }
    Ok(options)
}

/// Builds what is measured.
fn prepare(paths: &Paths, options: &Options) -> anyhow::Result<()> {
    let missing = setup::ensure()?;
    setup::require(&missing, Need::Always)?;
    if options.counts {
        setup::require(&missing, Need::Counting)?;
    }
    if options.native {
        programs::build(paths, Platform::Native)?;
        run::check(&mut run::cargo(paths, &["build", "-p", "tickpipe-cli", "--release"]))?;
    }
    if options.wine {
        setup::require(&missing, Need::Windows)?;
        programs::build(paths, Platform::Windows)?;
        run::check(&mut test::build_windows(paths, &["-p", "tickpipe-cli", "--release"]))?;
    }
    Ok(())
}

/// Measures all rows and writes them down; returns whether every goal is reached.
fn measure(paths: &Paths, options: &Options) -> anyhow::Result<bool> {
    let pinning = Pinning::find();
    let mut rows = Vec::new();
    if options.native {
        let place = Place::native(paths, &pinning)?;
        rows.extend(measure_place(&place, Contest::Yardstick, options)?);
        rows.extend(measure_place(&place, Contest::Exec, options)?);
    }
    let mut wine_version = None;
    if options.wine {
        let session = Session::open_alone(paths, |wine| {
            let mut server = pinning.command(&wine.server);
            server.arg(wine::LINGER).stderr(std::process::Stdio::null());
            Ok(server)
        })?;
        wine_version = Some(session.wine().version()?);
        let place = Place::wine(paths, &pinning, &session);
        rows.extend(measure_place(&place, Contest::Yardstick, options)?);
    }
    let facts = machine::facts(paths, &pinning, wine_version.as_deref());
    let page = table::page(&rows, &facts, options.pairs);
    println!("{page}");
    let file = paths.target.join("bench/latest.md");
    fs::create_dir_all(paths.target.join("bench")).context("cannot create target/bench")?;
    fs::write(&file, page).with_context(|| format!("cannot write {}", file.display()))?;
    eprintln!("written to {}", file.display());
    Ok(rows.iter().all(Row::is_reached))
}

fn measure_place(
    place: &Place<'_>,
    contest: Contest,
    options: &Options,
) -> anyhow::Result<Vec<Row>> {
    let servers = Servers::start(place, contest)?;
    let mut rows = Vec::new();
    for clients in CLIENTS {
        for client in [Client::Byte, Client::Line] {
            let title = format!("{}, {client} client, {clients} at once", place.title());
            eprintln!("{title}");
            let measure = |path: &str, rounds: u64| {
                place.run_client(path, client, clients, rounds, contest.answer())
            };
            let pairs = measure_pairs(&servers, clients, options, measure)?;
            rows.push(Row { title, contest, goal: place.goal(contest, clients), pairs });
        }
    }
    Ok(rows)
}

fn measure_pairs(
    servers: &Servers,
    clients: u32,
    options: &Options,
    measure: impl Fn(&str, u64) -> anyhow::Result<Run>,
) -> anyhow::Result<Vec<Pair>> {
    let first = measure(&servers.yardstick_path, ROUNDS_FIRST)?;
    measure(&servers.tickpipe_path, ROUNDS_FIRST)?;
    let rounds = rounds_for(first, clients, options.run_time);
    let mut pairs = Vec::new();
    for pair in 0..options.pairs {
        let mut runs: [Vec<Run>; 2] = [Vec::new(), Vec::new()];
        for run in 0..RUNS {
            // Whoever comes second in one run comes first in the next.
            for server in [(pair + run) % 2, (pair + run + 1) % 2] {
                let path = [&servers.yardstick_path, &servers.tickpipe_path][server];
                runs[server].push(measure(path, rounds)?);
            }
        }
        let [yardstick, tickpipe] = runs.map(|runs| Run::median(&runs));
        pairs.push(Pair { yardstick, tickpipe });
    }
    Ok(pairs)
}

/// How many round trips each client makes, for a run of about `run_time`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is positive, and a run's round trips are far below 2^53"
)]
fn rounds_for(first: Run, clients: u32, run_time: Duration) -> u64 {
    let rounds = first.rps * run_time.as_secs_f64() / f64::from(clients);
    (rounds as u64).clamp(ROUNDS_FIRST, ROUNDS_MAX)
}
