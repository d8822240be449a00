//! How many tests ran, read from what nextest and libtest print at their end.

#[cfg(test)]
mod tests;

use std::ops::AddAssign;

/// Tests by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// Left out by a filter or an attribute.
    pub(crate) skipped: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Who prints the summary. What a failed test printed stands in nextest's output, and may hold a
/// summary of libtest's, so each is read for its own only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    /// One line for each test program.
    Libtest,
    /// One line at the very end.
    Nextest,
}

/// Counts the tests of a run from all it printed; `None` if there is no summary.
pub(crate) fn parse(runner: Runner, text: &str) -> Option<Counts> {
    let lines = text.lines().map(without_escapes);
    match runner {
        Runner::Libtest => {
            let counts = lines.filter_map(|line| Some(count_items(libtest_items(&line)?)));
            counts.reduce(|mut total, counts| {
                total += counts;
                total
            })
        }
        Runner::Nextest => lines.rev().find_map(|line| Some(count_items(nextest_items(&line)?))),
    }
}

/// `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`.
fn libtest_items(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix("test result: ")?.split_once(". ")?.1)
}

/// `Summary [   0.012s] 5 tests run: 5 passed (1 slow), 0 skipped`.
fn nextest_items(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix("Summary [")?.split_once(" run: ")?.1)
}

fn count_items(items: &str) -> Counts {
    let mut counts = Counts::default();
    for item in without_asides(items).split([',', ';']) {
        let Some((number, what)) = item.trim().split_once(' ') else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        match what {
            "passed" => counts.passed += number,
            "failed" | "timed out" | "exec failed" => counts.failed += number,
            "ignored" | "filtered out" | "skipped" => counts.skipped += number,
            // Benchmarks (`measured`), and words a later release may add beside these.
            _ => {}
        }
    }
    counts
}

/// Leaves out what stands in parentheses: `3 passed (1 slow, 1 leaky)` is three tests.
fn without_asides(text: &str) -> String {
    let mut depth = 0_u32;
    let keep = |c: &char| {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(keep).collect()
}

/// Leaves out terminal colours.
fn without_escapes(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // ESC [ parameters, up to a letter.
            chars.find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}
