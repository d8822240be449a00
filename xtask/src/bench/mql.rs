//! `cargo xtask bench mql`: `TickPipeDouble` in the harness beside the C client that reads whole lines,
//! against the same server.
//!
//! An EA may not wait in a read that nothing ends, so it asks again and again whether bytes are there.
//! What that costs beside a client that waits is what is measured.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};

use super::figures::{Client, median, range};
use super::pinning::Pinning;
use super::servers::{self, Contest, Place};
use crate::paths::Paths;
use crate::programs::{self, Platform};
use crate::run::{self, Owned};
use crate::setup::{self, Need};
use crate::wine::{self, Session};
use crate::{mql, no_arguments, test};

/// Round trips of a run: about a third of a second, which is less than the kernel grants real-time
/// programs before it takes the core away.
const ROUNDS: u64 = 3_000;
const PAIRS: usize = 25;
/// The least ratio of round trips a second.
const RATIO_MIN: f64 = 0.8;
/// The most that an EA may work for a tick, in microseconds, outside the wait and the system's calls.
const WORK_US_MAX: f64 = 20.0;

/// `cargo xtask bench mql`; returns whether the goals are reached.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    setup::require(&setup::ensure()?, Need::Windows)?;
    programs::build(paths, Platform::Windows)?;
    run::check(&mut test::build_windows(paths, &["-p", "tickpipe-cli", "--release"]))?;
    mql::build_all(paths)?;
    let ticks = make_ticks(paths)?;
    let pinning = Pinning::find();
    let session = Session::open_alone(paths, |wine| {
        let mut server = pinning.command(&wine.server);
        server.arg(wine::LINGER).stderr(Stdio::null());
        Ok(server)
    })?;
    let place = Place::wine(paths, &pinning, &session);
    let path = place.path("mql");
    let _server =
        servers::start(&mut pinning.wrap(&place.tickpipe(&path, &["double"])), "listening")?;
    let mut is_reached = true;
    for name in ["TickPipeDouble.mq4", "TickPipeDouble.mq5"] {
        let mut expert = Expert::start(paths, &pinning, &session, name, &path)?;
        is_reached &= contest(&place, &path, &mut expert, &ticks)?;
    }
    Ok(if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs client and EA in turns, prints what came of it, and returns whether the goals are reached.
fn contest(
    place: &Place<'_>,
    path: &str,
    expert: &mut Expert,
    ticks: &Path,
) -> anyhow::Result<bool> {
    let (mut client, mut ours) = (Vec::new(), Vec::new());
    let rounds = ROUNDS.to_string();
    let play = format!("ticks {} {rounds}", windows_path(ticks));
    expert.ask(&play)?;
    expert.ask("stats reset")?;
    for pair in 0..PAIRS {
        let mut run_client = || -> anyhow::Result<()> {
            let answer = Contest::Yardstick.answer();
            client.push(place.run_client(path, Client::Line, 1, ROUNDS, answer)?.rps);
            Ok(())
        };
        // Whoever comes second in one pair comes first in the next.
        if pair % 2 == 0 {
            run_client()?;
        }
        let begun_at = Instant::now();
        expert.ask(&play)?;
        ours.push(f64::from(u32::try_from(ROUNDS)?) / begun_at.elapsed().as_secs_f64());
        if pair % 2 == 1 {
            run_client()?;
        }
    }
    let stats = expert.ask("stats")?;
    let ratios: Vec<f64> = ours.iter().zip(&client).map(|(ours, c)| ours / c).collect();
    let ratio = median(&ours) / median(&client);
    let (min, max) = range(&ratios);
    println!(
        "{}: C client {:.0} round trips a second, EA {:.0}: ratio of medians {ratio:.3}, \
         median of ratios {:.3} ({min:.3}..{max:.3}), goal ≥ {RATIO_MIN}; {PAIRS} pairs, {}",
        expert.name,
        median(&client),
        median(&ours),
        median(&ratios),
        place.pinning(),
    );
    let work_us = number(&stats, "\"p50\":")?;
    println!("{}: work a tick {work_us} us, goal ≤ {WORK_US_MAX}; {stats}", expert.name);
    Ok(RATIO_MIN <= ratio && work_us <= WORK_US_MAX)
}

/// The number behind the first `label` in a text of JSON.
fn number(json: &str, label: &str) -> anyhow::Result<f64> {
    let rest = json.split_once(label).map(|(_, rest)| rest);
    let number = rest.and_then(|rest| rest.split([',', '}']).next()?.trim().parse().ok());
    number.with_context(|| format!("there is no {label} in {json}"))
}

/// Writes ticks as the harness reads them.
fn make_ticks(paths: &Paths) -> anyhow::Result<PathBuf> {
    let folder = paths.target.join("bench");
    fs::create_dir_all(&folder).context("cannot create target/bench")?;
    let file = folder.join("mql-ticks.txt");
    let text: String =
        (0..100).map(|point| format!("1549238400000 1.145{point:02} 1.146{point:02}\n")).collect();
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

/// A path as a Windows program has it: Wine shows the root directory as drive Z.
fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}

/// A running EA, connected and silent.
struct Expert {
    name: &'static str,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _child: Owned,
}

impl Expert {
    fn start(
        paths: &Paths,
        pinning: &Pinning,
        session: &Session,
        name: &'static str,
        path: &str,
    ) -> anyhow::Result<Self> {
        let mut command = pinning.wrap(&session.command(mql::program(paths, name)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("cannot start an EA")?;
        let stdin = child.stdin.take().context("a child without stdin")?;
        let stdout = BufReader::new(child.stdout.take().context("a child without stdout")?);
        let mut expert = Self { name, stdin, stdout, _child: Owned(child) };
        let pipe = path.trim_start_matches(r"\\.\pipe\");
        expert.ask(&format!("input InpPipe={pipe}"))?;
        expert.ask("start")?;
        expert.ask("until 10000 connected")?;
        expert.ask("quiet on")?;
        Ok(expert)
    }

    /// Gives a command and returns the value of its `ok`.
    fn ask(&mut self, command: &str) -> anyhow::Result<String> {
        writeln!(self.stdin, "{command}").context("cannot give a command to an EA")?;
        self.stdin.flush().context("cannot give a command to an EA")?;
        loop {
            let mut line = String::new();
            if self.stdout.read_line(&mut line).context("cannot read an EA's answer")? == 0 {
                bail!("{} ended at `{command}`", self.name);
            }
            let line = line.trim_end();
            if let Some(value) = line.strip_prefix("ok") {
                return Ok(value.trim().to_owned());
            }
            if let Some(error) = line.strip_prefix("error") {
                bail!("{}: `{command}`:{error}", self.name);
            }
        }
    }
}
