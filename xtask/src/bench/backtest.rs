//! `cargo xtask bench backtest FILE`: a strategy over recorded ticks, beside public backtesters.
//!
//! All take the same ticks, as bars of one tick where that is what a backtester knows, and make the same
//! decisions; of them only the run is timed, while `tickpipe backtest` is timed as a whole process, with its
//! start, the reading of the file, bars of all timeframes, the broker's books and the report. A run of one
//! follows a run of the others; medians are compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context as _, bail};

use super::figures::{median, range};
use super::{machine, table};
use crate::paths::Paths;
use crate::{Usage, run};

const RUNS: usize = 5;
/// Seconds that a day of a busy pair may take.
const SECONDS_MAX: f64 = 0.3;
const SCRIPT: &str = include_str!("backtest/backtesters.py");

/// A public backtester, and how many times as fast as it we have to be.
struct Peer {
    name: &'static str,
    package: &'static str,
    ratio_min: f64,
    /// Of a slow one, one run says enough.
    runs: usize,
}

const PEERS: [Peer; 2] = [
    Peer { name: "backtrader", package: "backtrader", ratio_min: 20.0, runs: 2 },
    Peer { name: "backtesting", package: "backtesting", ratio_min: 3.0, runs: RUNS },
];

/// `cargo xtask bench backtest`; returns whether every goal is reached.
pub(super) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    let [file] = args else {
        let text = "`bench backtest` needs one file: ticks as Dukascopy's CSV, plain or in gzip";
        return Err(Usage(text.to_owned()).into());
    };
    let file = fs::canonicalize(file).with_context(|| format!("cannot find {file}"))?;
    run::check(&mut run::cargo(paths, &["build", "-p", "tickpipe-cli", "--release"]))?;
    let program = paths.target.join(format!("release/tickpipe{}", std::env::consts::EXE_SUFFIX));
    let folder = paths.target.join("bench/backtest");
    fs::create_dir_all(&folder).context("cannot create target/bench/backtest")?;
    let script = folder.join("backtesters.py");
    fs::write(&script, SCRIPT).context("cannot write the script")?;
    let python = python(&folder)?;
    // Once for the system, which keeps the file in memory from then on.
    our_run(&program, &file)?;
    let mut ours = Vec::new();
    let mut peers: Vec<(&Peer, Vec<Run>)> = PEERS.iter().map(|peer| (peer, Vec::new())).collect();
    for round in 0..RUNS {
        ours.push(our_run(&program, &file)?);
        for (peer, runs) in peers.iter_mut().filter(|(peer, _)| round < peer.runs) {
            eprintln!("{}, run {}", peer.name, round + 1);
            runs.push(peer_run(&python, &script, peer, &file)?);
        }
    }
    let (page, is_reached) = page(paths, &python, &ours, &peers)?;
    println!("{page}");
    let latest = folder.join("latest.md");
    fs::write(&latest, page).with_context(|| format!("cannot write {}", latest.display()))?;
    eprintln!("written to {}", latest.display());
    Ok(if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes a Python with the backtesters below `target`.
fn python(folder: &Path) -> anyhow::Result<PathBuf> {
    let system = run::find_program("python3").context("there is no python3")?;
    let place = folder.join("venv");
    let python = place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.exists() {
        run::check(Command::new(system).args(["-m", "venv"]).arg(&place))?;
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "pandas"]);
    run::check(install.args(PEERS.map(|peer| peer.package)))?;
    Ok(python)
}

/// Times a backtest as a whole process.
fn our_run(program: &Path, file: &Path) -> anyhow::Result<Run> {
    let begun = Instant::now();
    let text = run::output(Command::new(program).arg("backtest").arg(file).arg("cross"))?;
    let seconds = begun.elapsed().as_secs_f64();
    let count = |name: &str| -> anyhow::Result<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let word = line.and_then(|line| line.split_whitespace().next());
        let word = word.with_context(|| format!("the backtest printed no {name}"))?;
        Ok(word.replace(',', "").parse()?)
    };
    Ok(Run { ticks: count("ticks ")?, trades: count("trades ")?, seconds })
}

/// What came of a run.
#[derive(Clone, Copy, Debug)]
struct Run {
    ticks: u64,
    trades: u64,
    seconds: f64,
}

fn peer_run(python: &Path, script: &Path, peer: &Peer, file: &Path) -> anyhow::Result<Run> {
    let mut command = Command::new(python);
    let text = run::output(command.arg(script).arg(peer.name).arg(file).arg("1"))?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let ["ticks", ticks, "trades", trades, "seconds", seconds] = *words.as_slice() else {
        bail!("found `{text}`, expected ticks, trades and seconds");
    };
    Ok(Run { ticks: ticks.parse()?, trades: trades.parse()?, seconds: seconds.parse()? })
}

fn page(
    paths: &Paths,
    python: &Path,
    ours: &[Run],
    peers: &[(&Peer, Vec<Run>)],
) -> anyhow::Result<(String, bool)> {
    const HEADINGS: [&str; 6] =
        ["backtester", "ticks", "trades", "seconds", "ratio (min..max)", "result"];
    let mut version = Command::new(python);
    let version = run::output(version.arg("--version"))?;
    let mut page = format!("# Backtests\n\n- runs: {RUNS}, {}\n", version.trim());
    for (name, value) in machine::common_facts(paths) {
        page.push_str(&format!("- {name}: {value}\n"));
    }
    page.push_str(&format!("- goal: {SECONDS_MAX} s"));
    for (peer, _) in peers {
        page.push_str(&format!(", {} times {}", peer.ratio_min, peer.name));
    }
    page.push_str("\n\n");
    let seconds = |runs: &[Run]| runs.iter().map(|run| run.seconds).collect::<Vec<_>>();
    let ours_median = median(&seconds(ours));
    let mut is_reached = ours_median <= SECONDS_MAX;
    let verdict = |is_ok: bool| if is_ok { "ok" } else { "SHORT" }.to_owned();
    let first = ours.first().context("no run")?;
    let mut rows = vec![[
        "tickpipe backtest".to_owned(),
        first.ticks.to_string(),
        first.trades.to_string(),
        format!("{ours_median:.3}"),
        "1".to_owned(),
        verdict(is_reached),
    ]];
    for (peer, runs) in peers {
        let seconds = seconds(runs);
        let ratios: Vec<f64> = seconds.iter().map(|seconds| seconds / ours_median).collect();
        let (min, max) = range(&ratios);
        let is_ok = peer.ratio_min <= median(&ratios);
        is_reached &= is_ok;
        let first = runs.first().context("no run")?;
        rows.push([
            peer.name.to_owned(),
            first.ticks.to_string(),
            first.trades.to_string(),
            format!("{:.3}", median(&seconds)),
            format!("{:.1} ({min:.1}..{max:.1})", median(&ratios)),
            verdict(is_ok),
        ]);
    }
    table::table(&mut page, &HEADINGS, rows.into_iter());
    Ok((page, is_reached))
}
