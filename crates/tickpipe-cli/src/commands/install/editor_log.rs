//! What MetaEditor writes about a compilation: UTF-16 lines, `FILE(LINE,COLUMN) : error NUMBER: TEXT`, and
//! at the end `Result: 0 errors, 0 warnings`; or `0 error(s), 0 warning(s)` of older ones.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// The longest log that is read; one of ours has 2 KiB.
const LOG_LEN_MAX: u64 = 1 << 20;
/// Lines with errors or warnings that are shown.
const LINES_MAX: usize = 5;
/// Characters of such a line.
const LINE_CHARS_MAX: usize = 200;

/// What a log says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EditorLog {
    /// None if there is no last line with the counts.
    counts: Option<Counts>,
    seen: Counts,
    /// The first errors; the first warnings if there are none.
    pub(super) lines: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    errors: u32,
    warnings: u32,
}

impl EditorLog {
    /// Reads a log, as far as it is there by now.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let mut bytes = Vec::new();
        File::open(path)?.take(LOG_LEN_MAX).read_to_end(&mut bytes)?;
        Ok(Self::parse(&text(&bytes)))
    }

    fn parse(text: &str) -> Self {
        let mut log = Self::default();
        let mut warnings = Vec::new();
        for line in text.lines().map(str::trim) {
            if has_number_after(line, ": error ") {
                log.seen.errors = log.seen.errors.saturating_add(1);
                push(&mut log.lines, line);
            } else if has_number_after(line, ": warning ") {
                log.seen.warnings = log.seen.warnings.saturating_add(1);
                push(&mut warnings, line);
            } else {
                log.counts = counts(line).or(log.counts);
            }
        }
        if log.lines.is_empty() {
            log.lines = warnings;
        }
        log
    }

    /// Returns whether the editor has written the last line.
    pub(super) fn is_complete(&self) -> bool {
        self.counts.is_some()
    }

    pub(super) fn errors(&self) -> u32 {
        self.seen.errors.max(self.counts.unwrap_or_default().errors)
    }

    pub(super) fn warnings(&self) -> u32 {
        self.seen.warnings.max(self.counts.unwrap_or_default().warnings)
    }
}

fn push(lines: &mut Vec<String>, line: &str) {
    if lines.len() < LINES_MAX {
        // The file's folder is told already.
        let place = line.find(") : ").map_or("", |end| &line[..end]);
        let name = place.rfind(['\\', '/']).map_or(0, |at| at + 1);
        let line = &line[name..];
        lines.push(tickpipe::escaped(line, LINE_CHARS_MAX));
    }
}

fn has_number_after(line: &str, word: &str) -> bool {
    let rest = line.split_once(word).map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// Reads the last line.
fn counts(line: &str) -> Option<Counts> {
    let line = line.strip_prefix("Result:").unwrap_or(line).trim_start();
    let (errors, rest) = line.split_once(" error")?;
    let (_, rest) = rest.split_once(", ")?;
    let (warnings, _) = rest.split_once(" warning")?;
    Some(Counts { errors: errors.parse().ok()?, warnings: warnings.parse().ok()? })
}

/// Returns the text of UTF-16 with its mark or without, or of UTF-8.
fn text(bytes: &[u8]) -> String {
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.get(1) == Some(&0);
    if !is_utf16 {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let units: Vec<_> =
        bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units).trim_start_matches('\u{feff}').to_owned()
}
