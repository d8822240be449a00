//! What a run came to: its trades and its summary, and the files of it.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use console::Term;
use tickpipe::escaped;
use tickpipe_sim::report::{REPORT_FILES, Report};
use tickpipe_sim::terminal::Terminal;

use crate::exit;
use crate::interrupt::Interrupt;
use crate::print::{SHOWN_CHARS_MAX, printed};
use crate::report::{Failure, tell};

/// Columns of a table that nobody looks at.
const COLUMNS: usize = 100;

/// How a run went.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) terminal: Terminal,
    /// What the strategy failed in, in words, as far as this program knows.
    pub(crate) failures: Vec<String>,
    pub(crate) failed: u64,
}

/// Prints what a run came to, and writes it into `out`.
pub(crate) fn finish(
    outcome: Outcome,
    settings: &[(&str, String)],
    out: Option<&Path>,
    interrupt: &Interrupt,
) -> Result<ExitCode, Failure> {
    let Outcome { terminal, failures, failed } = outcome;
    let market = terminal.failure().map(|error| Failure::simulation(error));
    let faults = terminal.fault_counts().iter().filter(|(_, count)| *count > 0);
    let faults: Vec<_> = faults.map(|(name, count)| format!("{count} {name}")).collect();
    let counts = terminal.counts();
    if let Some(report) = terminal.into_report() {
        let report =
            settings.iter().fold(report, |report, (name, value)| report.with_setting(name, value));
        print(&report)?;
        if let Some(out) = out {
            write(&report, out)?;
        }
    }
    let mut notes = String::new();
    if counts.ticks_missed > 0 {
        let missed = counts.ticks_missed;
        writeln!(notes, "{missed} ticks passed while orders were under way").unwrap_or_default();
    }
    if !faults.is_empty() {
        writeln!(notes, "faults: {}", faults.join(", ")).unwrap_or_default();
    }
    for failure in failures.iter().take(3) {
        writeln!(notes, "{}", escaped(failure, SHOWN_CHARS_MAX)).unwrap_or_default();
    }
    if failed > 0 {
        writeln!(notes, "the strategy failed {failed} times").unwrap_or_default();
    }
    if !notes.is_empty() {
        tell(notes.trim_end());
    }
    match market {
        Some(failure) => Err(failure),
        None if interrupt.is_set() => Ok(ExitCode::from(exit::INTERRUPTED)),
        None if failed > 0 => Ok(ExitCode::from(exit::FAILED)),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn print(report: &Report) -> Result<(), Failure> {
    let mut out = io::stdout();
    let columns = if out.is_terminal() { usize::from(Term::stdout().size().1) } else { COLUMNS };
    printed(out.write_all(report.table(columns).as_bytes()))?;
    printed(out.flush())
}

fn write(report: &Report, out: &Path) -> Result<(), Failure> {
    report.write_to(out).map_err(|error| Failure::simulation(&error))?;
    let page = out.join(REPORT_FILES[2]);
    tell(&format!("written: {} and {}, {}", REPORT_FILES[0], REPORT_FILES[1], page.display()));
    Ok(())
}
