//! `cargo xtask bench session`: session mode beside line mode, and the parts it is made of.
//!
//! The programs are examples of their crates, so that what is timed is what a user gets. Each takes
//! turns between what it compares, in one process pinned to one core.

use std::collections::BTreeMap;
use std::fs;
use std::process::ExitCode;

use anyhow::Context as _;

use super::pinning::Pinning;
use super::{machine, table};
use crate::paths::Paths;
use crate::{no_arguments, run};

/// A program and the crate that has it as an example.
const PROGRAMS: [(&str, &str); 3] = [
    ("tickpipe", "lockstep_bench"),
    ("tickpipe-proto", "message_bench"),
    ("tickpipe-proto", "session_bench"),
];

/// Which way a figure has to go to be good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    pub(super) fn is_reached(self, found: f64) -> bool {
        match self {
            Self::AtLeast(least) => least <= found,
            Self::AtMost(most) => found <= most,
        }
    }
}

/// A figure by the text that a program prints behind it.
struct Figure {
    text: &'static str,
    what: &'static str,
    goal: Goal,
}

const FIGURES: [Figure; 6] = [
    Figure {
        text: "time of a lockstep tick over that of a line",
        what: "time of a lockstep tick with an empty answer, of a line's",
        goal: Goal::AtMost(1.3),
    },
    Figure {
        text: "lockstep ticks a second",
        what: "lockstep ticks a second over a socket",
        goal: Goal::AtLeast(40_000.0),
    },
    Figure {
        text: "ms for 10,000 bars",
        what: "10,000 M1 bars in pages over a socket, ms",
        goal: Goal::AtMost(20.0),
    },
    Figure { text: "parse a tick", what: "a tick read, ns", goal: Goal::AtMost(1000.0) },
    Figure { text: "encode a tick", what: "a tick written, ns", goal: Goal::AtMost(1000.0) },
    Figure {
        text: "messages in, answers out",
        what: "ticks a second through the session without a wire",
        goal: Goal::AtLeast(1_000_000.0),
    },
];

/// `cargo xtask bench session`; returns whether every goal is reached.
pub(crate) fn command(paths: &Paths, args: &[String]) -> anyhow::Result<ExitCode> {
    no_arguments(args)?;
    let pinning = Pinning::find();
    let mut found = BTreeMap::new();
    for (package, program) in PROGRAMS {
        let args = ["build", "-p", package, "--release", "--example", program];
        run::check(&mut run::cargo(paths, &args))?;
        let path = paths.target.join("release/examples").join(program);
        found.append(&mut figures_of(&run::output(&mut pinning.command(path))?));
    }
    let rows = FIGURES
        .iter()
        .map(|figure| row(figure, &found))
        .collect::<anyhow::Result<Vec<([String; 4], bool)>>>()?;
    let mut page = "# Session mode\n\n".to_owned();
    for (name, value) in machine::common_facts(paths) {
        page.push_str(&format!("- {name}: {value}\n"));
    }
    page.push_str(&format!("- {pinning}\n\n"));
    let headings = ["what", "found", "goal", "result"];
    table::table(&mut page, &headings, rows.iter().map(|(cells, _)| cells.clone()));
    println!("{page}");
    fs::create_dir_all(paths.target.join("bench")).context("cannot create target/bench")?;
    let file = paths.target.join("bench/session.md");
    fs::write(&file, page).with_context(|| format!("cannot write {}", file.display()))?;
    let is_reached = rows.iter().all(|(_, is_reached)| *is_reached);
    Ok(if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads lines of a number and what it is; others are headings.
pub(super) fn figures_of(text: &str) -> BTreeMap<String, f64> {
    let figure = |line: &str| {
        let (number, what) = line.trim().split_once(' ')?;
        let number = number.parse::<f64>().ok()?;
        (number.is_finite() && 0.0 < number).then(|| (what.trim().to_owned(), number))
    };
    text.lines().filter_map(figure).collect()
}

fn row(figure: &Figure, found: &BTreeMap<String, f64>) -> anyhow::Result<([String; 4], bool)> {
    let value =
        *found.get(figure.text).with_context(|| format!("no program printed `{}`", figure.text))?;
    let goal = match figure.goal {
        Goal::AtLeast(least) => format!("≥ {least}"),
        Goal::AtMost(most) => format!("≤ {most}"),
    };
    let is_reached = figure.goal.is_reached(value);
    let result = if is_reached { "ok" } else { "SHORT" }.to_owned();
    let decimals = if value < 100.0 { 3 } else { 0 };
    Ok(([figure.what.to_owned(), format!("{value:.decimals$}"), goal, result], is_reached))
}
