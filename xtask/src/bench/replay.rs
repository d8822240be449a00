//! `cargo xtask bench replay`: `tickpipe replay` beside the C client, against the same server.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;

use super::figures::{Client, median, range};
use super::pinning::Pinning;
use super::servers::{self, Contest, Place};
use crate::paths::Paths;
use crate::programs::{self, Platform};
use crate::{no_arguments, run};

/// Round trips of a run: about a third of a second, which is less than the kernel grants real-time
/// programs before it takes the core away.
const ROUNDS: u64 = 20_000;
const PAIRS: usize = 25;
/// The least ratio of round trips a second.
const RATIO_MIN: f64 = 0.9;

/// `cargo xtask bench replay`; returns whether the goal is reached.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    programs::build(paths, Platform::Native)?;
    run::check(&mut run::cargo(paths, &["build", "-p", "tickpipe-cli", "--release"]))?;
    let file = make_ticks(paths)?;
    let pinning = Pinning::find();
    let place = Place::native(paths, &pinning)?;
    let path = place.path("echo");
    let _server =
        servers::start(&mut pinning.wrap(&place.tickpipe(&path, &["echo"])), "listening")?;
    let (mut client, mut replay) = (Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        let mut run_client = || -> anyhow::Result<()> {
            let answer = Contest::Exec.answer();
            client.push(place.run_client(&path, Client::Line, 1, ROUNDS, answer)?.rps);
            Ok(())
        };
        // Whoever comes second in one pair comes first in the next.
        if pair % 2 == 0 {
            run_client()?;
        }
        replay.push(run_replay(paths, &pinning, &path, &file)?);
        if pair % 2 == 1 {
            run_client()?;
        }
    }
    let ratios: Vec<f64> = replay.iter().zip(&client).map(|(ours, c)| ours / c).collect();
    let ratio = median(&replay) / median(&client);
    let (min, max) = range(&ratios);
    println!(
        "C client {:.0} round trips a second, replay {:.0}: ratio of medians {ratio:.3}, \
         median of ratios {:.3} ({min:.3}..{max:.3}), goal ≥ {RATIO_MIN}; {PAIRS} pairs, {pinning}",
        median(&client),
        median(&replay),
        median(&ratios),
    );
    Ok(if RATIO_MIN <= ratio { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes ticks as MT5 exports them, all of one moment.
fn make_ticks(paths: &Paths) -> anyhow::Result<PathBuf> {
    let mut text = "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\r\n".to_owned();
    for row in 0..ROUNDS {
        let point = row % 100;
        // Writing to a string does not fail.
        write!(text, "2019.02.04\t00:00:00.000\t1.145{point:02}\t1.146{point:02}\t\t\t6\r\n").ok();
    }
    let folder = paths.target.join("bench");
    fs::create_dir_all(&folder).context("cannot create target/bench")?;
    let file = folder.join("replay.csv");
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

/// Plays all ticks once; how many a second.
fn run_replay(paths: &Paths, pinning: &Pinning, pipe: &str, file: &Path) -> anyhow::Result<f64> {
    let mut command = pinning.command(paths.native_exe("release"));
    command.args(["replay", "--json", "--pipe", pipe]).arg(file);
    let summary = run::output(&mut command)?;
    let rate = summary.split("\"ticks_per_second\":").nth(1);
    let rate = rate.and_then(|rest| rest.split([',', '}']).next()?.parse().ok());
    rate.with_context(|| format!("replay's summary has no rate: {summary}"))
}
