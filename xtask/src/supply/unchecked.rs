//! Lines of code within `unsafe`.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::Context as _;

use crate::paths::Paths;
use crate::run;
use crate::tidy::code::code_only;

/// The library for C, which no program of ours contains: it is a face to C, and hardly anything else.
const OTHERS: &str = "crates/tickpipe-sim-c/";

/// Counts lines within `unsafe` of what is linked into the program, and the files they are in.
pub(super) fn count(paths: &Paths) -> anyhow::Result<(usize, usize)> {
    let mut git = Command::new("git");
    git.current_dir(&paths.root).args(["ls-files", "crates/*.rs"]);
    let mut total = (0, 0);
    for path in run::output(&mut git)?.lines() {
        let full = paths.root.join(path);
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        // The last: listed, but removed in the working copy.
        if is_test || path.starts_with(OTHERS) || !full.is_file() {
            continue;
        }
        let text = fs::read_to_string(&full).with_context(|| format!("cannot read {path}"))?;
        let lines = unsafe_lines(&text);
        if 0 < lines {
            total = (total.0 + lines, total.1 + 1);
        }
    }
    Ok(total)
}

/// Lines of `unsafe` blocks, and other lines with that word: a function's own body is checked as any other.
/// Blank ones and comments do not count.
fn unsafe_lines(source: &str) -> usize {
    let code = code_only(source);
    let mut lines = BTreeSet::new();
    for (at, word) in code.match_indices("unsafe") {
        let rest = &code[at + word.len()..];
        let is_word_char = |c: char| c.is_alphanumeric() || c == '_';
        if rest.starts_with(is_word_char) || code[..at].ends_with(is_word_char) {
            continue;
        }
        let block = if rest.trim_start().starts_with('{') { braced_len(rest) } else { 0 };
        let first = code[..at].matches('\n').count();
        let text = &code[at..at + word.len() + block];
        let is_code = |(_, line): &(usize, &str)| !line.trim().is_empty();
        lines.extend(text.lines().enumerate().filter(is_code).map(|(index, _)| first + index));
    }
    lines.len()
}

/// The length of a text up to the brace that closes its first one.
fn braced_len(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}
