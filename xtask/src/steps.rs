//! The steps of a run: a title and a duration for each, and one table at the end.

#[cfg(test)]
mod tests;

use std::fmt;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::run;
use crate::summary::{self, Counts, Runner};

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Failed,
    NotRun,
    Passed,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Failed => "FAILED",
            Self::NotRun => "NOT RUN",
            Self::Passed => "passed",
        })
    }
}

#[derive(Debug)]
struct Row {
    name: String,
    counts: Counts,
    duration: Duration,
    outcome: Outcome,
}

/// The steps of a run so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    rows: Vec<Row>,
}

impl Steps {
    /// Runs a test program and counts its tests. A step that fails without a failed test (it did not
    /// compile, it crashed), or that succeeds without a summary, counts as one failure.
    pub(crate) fn run_tests(
        &mut self,
        name: &str,
        runner: Runner,
        command: &mut Command,
    ) -> Outcome {
        let started = begin(name);
        let (is_success, counts) = match run::tee(command) {
            Ok((status, text)) => (status.success(), summary::parse(runner, &text)),
            Err(error) => {
                eprintln!("error: {error:#}");
                (false, None)
            }
        };
        let (outcome, counts) = judge(is_success, counts);
        self.end(name, started, outcome, counts)
    }

    /// Does something that is not a test; its failure counts as one.
    pub(crate) fn run(&mut self, name: &str, work: impl FnOnce() -> anyhow::Result<()>) -> Outcome {
        let started = begin(name);
        let result = work();
        if let Err(error) = &result {
            eprintln!("error: {error:#}");
        }
        let failed = u64::from(result.is_err());
        let outcome = if result.is_ok() { Outcome::Passed } else { Outcome::Failed };
        self.end(name, started, outcome, Counts { failed, ..Counts::default() })
    }

    /// Notes a step that was left out, so that the table says it.
    pub(crate) fn not_run(&mut self, name: &str) {
        self.rows.push(Row {
            name: name.to_owned(),
            counts: Counts::default(),
            duration: Duration::ZERO,
            outcome: Outcome::NotRun,
        });
    }

    /// All tests of all steps.
    pub(crate) fn total(&self) -> Counts {
        let mut total = Counts::default();
        for row in &self.rows {
            total += row.counts;
        }
        total
    }

    /// How many steps were left out.
    pub(crate) fn not_run_count(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome == Outcome::NotRun).count()
    }

    fn end(&mut self, name: &str, started: Instant, outcome: Outcome, counts: Counts) -> Outcome {
        let duration = started.elapsed();
        eprintln!("--- {name}: {outcome} in {:.1} s", duration.as_secs_f64());
        self.rows.push(Row { name: name.to_owned(), counts, duration, outcome });
        outcome
    }
}

fn begin(name: &str) -> Instant {
    eprintln!("\n=== {name}");
    Instant::now()
}

/// Makes a step's result and its counts agree.
fn judge(is_success: bool, counts: Option<Counts>) -> (Outcome, Counts) {
    let has_summary = counts.is_some();
    let mut counts = counts.unwrap_or_default();
    if is_success && has_summary && counts.failed == 0 {
        return (Outcome::Passed, counts);
    }
    counts.failed = counts.failed.max(1);
    (Outcome::Failed, counts)
}

impl fmt::Display for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(4);
        writeln!(
            f,
            "{:width$} {:>8} {:>8} {:>8} {:>8}  result",
            "step", "passed", "failed", "left out", "seconds"
        )?;
        for Row { name, counts, duration, outcome } in &self.rows {
            let Counts { passed, failed, skipped } = counts;
            let seconds = duration.as_secs_f64();
            writeln!(
                f,
                "{name:width$} {passed:>8} {failed:>8} {skipped:>8} {seconds:>8.1}  {outcome}"
            )?;
        }
        Ok(())
    }
}
