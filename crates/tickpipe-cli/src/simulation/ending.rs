//! What a run came to: its trades and its summary, and the files of it.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use console::Term;
use tickpipe::escaped;
use tickpipe_sim::report::Report;
use tickpipe_sim::terminal::Terminal;

use super::out;
use crate::exit;
use crate::interrupt::Interrupt;
use crate::print::{SHOWN_CHARS_MAX, printed};
use crate::report::{Failure, tell};

/// Columns of a table that nobody looks at.
const COLUMNS: usize = 100;
/// Failures of a strategy that are told.
const FAILURES_SHOWN: usize = 3;

/// How a run went.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) terminal: Terminal,
    /// Ticks that the strategy had no trouble with.
    pub(crate) ticks_answered: u64,
    /// What the strategy failed in, in words, as far as this program knows.
    pub(crate) failures: Vec<String>,
    pub(crate) failed: u64,
    /// Why it did not come to the end of its ticks.
    pub(crate) failure: Option<Failure>,
}

/// Prints what a run came to, and writes it into `out`.
///
/// A run that was broken off is told up to there, unless its strategy had no say in it.
pub(crate) fn finish(
    outcome: Outcome,
    settings: &[(&str, String)],
    out: Option<&Path>,
    interrupt: &Interrupt,
) -> Result<ExitCode, Failure> {
    let Outcome { terminal, ticks_answered, failures, failed, failure } = outcome;
    let failure = terminal.failure().map(Failure::market).or(failure);
    let notes = notes(&terminal, &failures, failed);
    let is_told = failure.is_none() || 0 < ticks_answered;
    if let Some(report) = terminal.into_report().filter(|_| is_told) {
        let mut report =
            settings.iter().fold(report, |report, (name, value)| report.with_setting(name, value));
        if interrupt.is_set() {
            report = report.with_broken_off("interrupted");
        } else if let Some(failure) = &failure {
            report = report.with_broken_off(&failure.text());
        }
        print(&report)?;
        for note in notes {
            tell(&note);
        }
        if let Some(out) = out {
            out::write(&report, out)?;
        }
    }
    match failure {
        _ if interrupt.is_set() => Ok(ExitCode::from(exit::INTERRUPTED)),
        Some(failure) => Err(failure),
        None if failed > 0 => Ok(ExitCode::from(exit::FAILED)),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// What a person is told beside the trades.
fn notes(terminal: &Terminal, failures: &[String], failed: u64) -> Vec<String> {
    let mut notes = Vec::new();
    let missed = terminal.counts().ticks_missed;
    if missed > 0 {
        notes.push(format!("{missed} ticks passed unseen while orders were under way"));
    }
    let open = terminal.broker().positions().count();
    if open > 0 {
        let are = if open == 1 { "1 position is" } else { &format!("{open} positions are") };
        notes.push(format!("{are} open still: no trade, but in the equity"));
    }
    let faults = terminal.fault_counts().iter().filter(|(_, count)| *count > 0);
    let faults: Vec<_> = faults.map(|(name, count)| format!("{count} {name}")).collect();
    if !faults.is_empty() {
        notes.push(format!("faults: {}", faults.join(", ")));
    }
    notes.extend(terminal.silent_faults().map(|name| {
        let at = if matches!(name, "clock" | "freeze" | "garbage") { "tick" } else { "order" };
        format!("faults: {name} never happened; try another `--seed`, or `{name}@{at}=1`")
    }));
    if failed > 0 {
        let times = if failed == 1 { "once" } else { &format!("{failed} times") };
        notes.push(format!("the strategy failed {times}:"));
        let shown = failures.iter().take(FAILURES_SHOWN);
        notes.extend(shown.map(|failure| format!("  {}", escaped(failure, SHOWN_CHARS_MAX))));
    }
    notes
}

fn print(report: &Report) -> Result<(), Failure> {
    let mut out = io::stdout();
    let columns = if out.is_terminal() { usize::from(Term::stdout().size().1) } else { COLUMNS };
    printed(out.write_all(report.table(columns).as_bytes()))?;
    printed(out.flush())
}
