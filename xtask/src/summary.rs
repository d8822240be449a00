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

/// Adds up all summary lines in `text`; `None` if there is none.
pub(crate) fn parse(text: &str) -> Option<Counts> {
    let mut total = None;
    for line in text.lines() {
        let line = without_escapes(line);
        if let Some(counts) = summary_items(line.trim()).map(count_items) {
            *total.get_or_insert_with(Counts::default) += counts;
        }
    }
    total
}

/// The `5 passed, 0 failed` part of a summary line, as items.
fn summary_items(line: &str) -> Option<Vec<String>> {
    let list = if line.starts_with("Summary [") {
        // Summary [   0.012s] 5 tests run: 5 passed (1 slow), 0 skipped
        line.split_once(" run: ")?.1
    } else {
        // test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0s
        line.strip_prefix("test result: ")?.split_once(". ")?.1
    };
    Some(without_asides(list).split([',', ';']).map(|item| item.trim().to_owned()).collect())
}

fn count_items(items: Vec<String>) -> Counts {
    let mut counts = Counts::default();
    for item in items {
        let Some((number, what)) = item.split_once(' ') else { continue };
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
