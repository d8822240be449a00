//! `cargo xtask bench ticks`: reading recorded ticks, beside pandas.
//!
//! Both read the same files, which are made of the project's fixtures: five million rows as MT5 and as
//! Dukascopy write them. A run of one follows a run of the other; medians are compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};

use super::figures::{median, range};
use super::{machine, table};
use crate::paths::Paths;
use crate::{Usage, run};

const ROWS: u32 = 5_000_000;
const ROWS_QUICK: u32 = 500_000;
const RUNS: usize = 5;
/// Ticks a second that the reader has to reach on one thread.
const RATE_MIN: f64 = 5_000_000.0;
/// How many times as fast as pandas it has to be.
const RATIO_MIN: f64 = 5.0;

/// A file to read: its name, the fixture it is made of, and how pandas reads it.
struct File {
    name: &'static str,
    fixture: &'static str,
    pandas: &'static str,
}

const FILES: [File; 2] = [
    File {
        name: "mt5",
        fixture: "crates/tickpipe-ticks/fixtures/mt5.csv",
        pandas: "frame = pd.read_csv(path, sep='\\t')\n\
                 joined = frame['<DATE>'] + ' ' + frame['<TIME>']\n\
                 frame['time'] = pd.to_datetime(joined, format='%Y.%m.%d %H:%M:%S.%f')\n",
    },
    File {
        name: "dukascopy",
        fixture: "crates/tickpipe-ticks/fixtures/dukascopy/EURUSD.csv",
        pandas: "frame = pd.read_csv(path, parse_dates=['Gmt time'], date_format='%d.%m.%Y %H:%M:%S.%f')\n",
    },
];

/// Times what the reading takes, without the start of Python and the import of pandas.
const PROLOGUE: &str = "import sys, time\nimport pandas as pd\npath = sys.argv[1]\n\
                        begun = time.perf_counter()\n";
const EPILOGUE: &str = "seconds = time.perf_counter() - begun\n\
                        assert frame.dtypes.astype(str).str.startswith('datetime64').any()\n\
                        print('ticks', len(frame), 'seconds', seconds)\n";

/// `cargo xtask bench ticks`; returns whether every goal is reached.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    let rows = match args {
        [] => ROWS,
        [quick] if quick == "--quick" => ROWS_QUICK,
        [unknown, ..] => return Err(Usage(format!("unexpected argument `{unknown}`")).into()),
    };
    let program = build(paths)?;
    let folder = paths.target.join("bench/ticks");
    fs::create_dir_all(&folder).context("cannot create target/bench/ticks")?;
    let python = pandas(&folder)?;
    let mut results = Vec::new();
    for file in &FILES {
        eprintln!("{}", file.name);
        let path = folder.join(format!("{}-{rows}.csv", file.name));
        make(paths, &program, file, rows, &path)?;
        results.push(measure(file, &program, python.as_deref(), &path, rows)?);
    }
    let version = python.as_deref().map_or_else(|| Ok("none".to_owned()), pandas_version)?;
    let page = page(paths, &results, rows, &version);
    println!("{page}");
    let file = folder.join("latest.md");
    fs::write(&file, page).with_context(|| format!("cannot write {}", file.display()))?;
    eprintln!("written to {}", file.display());
    let is_reached = results.iter().all(Seconds::is_reached);
    Ok(if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn build(paths: &Paths) -> anyhow::Result<PathBuf> {
    let args = ["build", "-p", "tickpipe-ticks", "--release", "--example", "ticks_bench"];
    run::check(&mut run::cargo(paths, &args))?;
    let name = format!("ticks_bench{}", std::env::consts::EXE_SUFFIX);
    Ok(paths.target.join("release/examples").join(name))
}

/// Makes the file to read, unless an earlier run left it.
fn make(paths: &Paths, program: &Path, file: &File, rows: u32, path: &Path) -> anyhow::Result<()> {
    if path.exists() {
        return Ok(());
    }
    // Under another name until it is whole.
    let unfinished = path.with_extension("unfinished");
    let mut make = Command::new(program);
    make.arg("make").arg(paths.root.join(file.fixture)).arg(rows.to_string()).arg(&unfinished);
    run::check(&mut make)?;
    fs::rename(&unfinished, path).with_context(|| format!("cannot name {}", path.display()))
}

/// Finds a Python with pandas, and installs it below `target` if there is none; says so if it cannot.
fn pandas(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let Some(system) = run::find_program("python3") else {
        eprintln!("warning: there is no python3, so nothing is compared with pandas");
        return Ok(None);
    };
    let place = folder.join("venv");
    let python = place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.exists() {
        run::check(Command::new(system).args(["-m", "venv"]).arg(&place))?;
    }
    if pandas_version(&python).is_ok() {
        return Ok(Some(python));
    }
    let mut install = Command::new(&python);
    if run::check(install.args(["-m", "pip", "install", "--quiet", "pandas"])).is_err() {
        eprintln!("warning: pandas cannot be installed, so nothing is compared with it");
        return Ok(None);
    }
    Ok(Some(python))
}

fn pandas_version(python: &Path) -> anyhow::Result<String> {
    let mut version = Command::new(python);
    let text = run::output(version.args(["-c", "import pandas; print(pandas.__version__)"]))?;
    Ok(text.trim().to_owned())
}

/// What the runs took.
#[derive(Debug)]
pub(super) struct Seconds {
    pub(super) name: &'static str,
    pub(super) rows: u32,
    pub(super) ours: Vec<f64>,
    /// Of as many runs; none without pandas.
    pub(super) pandas: Vec<f64>,
}

impl Seconds {
    fn rate(&self) -> f64 {
        f64::from(self.rows) / median(&self.ours)
    }

    fn ratios(&self) -> Vec<f64> {
        self.ours.iter().zip(&self.pandas).map(|(ours, pandas)| pandas / ours).collect()
    }

    /// Whether both goals are reached; without pandas the first one.
    pub(super) fn is_reached(&self) -> bool {
        let ratios = self.ratios();
        RATE_MIN <= self.rate() && (ratios.is_empty() || RATIO_MIN <= median(&ratios))
    }
}

fn measure(
    file: &File,
    program: &Path,
    python: Option<&Path>,
    path: &Path,
    rows: u32,
) -> anyhow::Result<Seconds> {
    let script = format!("{PROLOGUE}{}{EPILOGUE}", file.pandas);
    let mut seconds = Seconds { name: file.name, rows, ours: Vec::new(), pandas: Vec::new() };
    let read = |command: &mut Command| seconds_of(&run::output(command)?, rows);
    // Once for the system, which keeps the file in memory from then on.
    read(Command::new(program).arg("read").arg(path))?;
    for _ in 0..RUNS {
        seconds.ours.push(read(Command::new(program).arg("read").arg(path))?);
        if let Some(python) = python {
            seconds.pandas.push(read(Command::new(python).args(["-c", &script]).arg(path))?);
        }
    }
    Ok(seconds)
}

/// Reads `ticks 5000000 seconds 0.7`, and sees that all rows were read.
pub(super) fn seconds_of(line: &str, rows: u32) -> anyhow::Result<f64> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let ["ticks", count, "seconds", seconds, ..] = *words.as_slice() else {
        bail!("found no count and seconds in `{line}`");
    };
    if count != rows.to_string() {
        bail!("{count} of {rows} rows were read");
    }
    let seconds = seconds.parse::<f64>().ok().filter(|value| value.is_finite() && 0.0 < *value);
    seconds.with_context(|| format!("found `{line}`, allowed are seconds above zero"))
}

fn page(paths: &Paths, results: &[Seconds], rows: u32, pandas: &str) -> String {
    const HEADINGS: [&str; 6] =
        ["format", "ticks/s", "ns a tick", "pandas, rows/s", "ratio (min..max)", "result"];
    let mut page = format!("# Recorded ticks\n\n- rows: {rows}, runs: {RUNS}, pandas: {pandas}\n");
    for (name, value) in machine::common_facts(paths) {
        page.push_str(&format!("- {name}: {value}\n"));
    }
    let goal = format!("- goal: {RATE_MIN:.0} ticks/s, {RATIO_MIN:.0} times pandas\n\n");
    page.push_str(&goal);
    table::table(&mut page, &HEADINGS, results.iter().map(cells));
    page
}

fn cells(result: &Seconds) -> [String; 6] {
    let ratios = result.ratios();
    let (min, max) = range(&ratios);
    let is_compared = !ratios.is_empty();
    let compared = |text: String| if is_compared { text } else { "not there".to_owned() };
    [
        result.name.to_owned(),
        format!("{:.0}", result.rate()),
        format!("{:.0}", 1e9 / result.rate()),
        compared(format!("{:.0}", f64::from(result.rows) / median(&result.pandas))),
        compared(format!("{:.1} ({min:.1}..{max:.1})", median(&ratios))),
        if result.is_reached() { "ok" } else { "SHORT" }.to_owned(),
    ]
}
