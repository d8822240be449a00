//! The rules about names and text, each one function.

use super::code::code_only;
use super::{File, Finding};

const RUST_COLUMNS_MAX: usize = 120;
const CHANGELOG: &str = "changelog.d/";
const CHANGELOG_KINDS: &[&str] = &["breaking", "docs", "feature", "fix", "perf"];
/// The places for code that the compiler cannot check: over the operating system, and behind C's interface.
const UNSAFE_PLACES: &[&str] = &["crates/tickpipe/src/sys/", "crates/tickpipe-sim-c/src/ffi/"];
/// Files that people write; data under `conformance/` may have any form.
const WRITTEN: &[&str] =
    &["c", "h", "json", "md", "mq4", "mq5", "mqh", "py", "rs", "sh", "toml", "yaml", "yml"];
/// Directories of single machines. Written in halves, so that this file keeps its own rule.
const PRIVATE_PLACES: &[&str] = &[concat!("/wo", "rk"), concat!("/ro", "ot")];

/// Checks a file's name.
pub(crate) fn check_name(path: &str, findings: &mut Vec<Finding>) {
    let Some(name) = path.strip_prefix(CHANGELOG) else { return };
    if name.contains('/') || !is_changelog_name(name) && name != "README.md" && name != ".gitkeep" {
        findings.push(Finding {
            path: path.to_owned(),
            line: 0,
            found: format!("the name `{name}`"),
            allowed: "<slug>.<breaking|docs|feature|fix|perf>.md, the slug of a-z, 0-9 and -",
        });
    }
}

fn is_changelog_name(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    let [slug, kind, "md"] = parts.as_slice() else { return false };
    let is_slug_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !slug.is_empty() && slug.chars().all(is_slug_char) && CHANGELOG_KINDS.contains(kind)
}

/// Checks a file's text.
pub(crate) fn check_text(file: File<'_>, findings: &mut Vec<Finding>) {
    let mut report = |line: usize, found: String, allowed: &'static str| {
        findings.push(Finding { path: file.path.to_owned(), line, found, allowed });
    };
    private_places(file, &mut report);
    if file.has_extension(WRITTEN) {
        last_newline(file, &mut report);
    }
    if file.has_extension(&["md", "rs", "toml"]) {
        blanks(file, &mut report);
    }
    if file.has_extension(&["rs"]) {
        let code = code_only(file.text);
        columns(file, &mut report);
        unsafe_code(file, &code, &mut report);
        attributes(&code, &mut report);
        names(&code, &mut report);
    }
}

/// How a rule says what it found: line, finding, what is allowed.
type Report<'a> = &'a mut dyn FnMut(usize, String, &'static str);

fn private_places(file: File<'_>, report: Report<'_>) {
    for (index, line) in file.text.lines().enumerate() {
        for place in PRIVATE_PLACES {
            if has_path(line, place) {
                report(
                    index + 1,
                    format!("a path under `{place}`"),
                    "no machine's own directories",
                );
            }
        }
    }
}

/// Whether `line` has `place` as the beginning of an absolute path.
fn has_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + place.len()..].chars().next();
        let is_part = |c: char| c.is_alphanumeric() || "_-.~/}*$".contains(c);
        !before.is_some_and(is_part)
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-')
    })
}

fn last_newline(file: File<'_>, report: Report<'_>) {
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        let line = file.text.lines().count();
        report(line, "a last line without an end".to_owned(), "a newline at the end of a file");
    }
}

fn blanks(file: File<'_>, report: Report<'_>) {
    for (index, line) in file.text.split('\n').enumerate() {
        if line.contains('\t') {
            report(index + 1, "a tab".to_owned(), "spaces");
        }
        if line.ends_with([' ', '\t', '\r']) {
            report(index + 1, "a blank at the end".to_owned(), "none");
        }
    }
}

fn columns(file: File<'_>, report: Report<'_>) {
    for (index, line) in file.text.lines().enumerate() {
        let count = line.chars().count();
        if RUST_COLUMNS_MAX < count {
            report(index + 1, format!("{count} columns"), "120 columns");
        }
    }
}

fn unsafe_code(file: File<'_>, code: &str, report: Report<'_>) {
    if UNSAFE_PLACES.iter().any(|place| file.path.starts_with(place)) {
        return;
    }
    for (index, line) in code.lines().enumerate() {
        let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        if words.contains(&"unsafe") {
            let allowed =
                "`unsafe` under crates/tickpipe/src/sys/ and crates/tickpipe-sim-c/src/ffi/";
            report(index + 1, "`unsafe`".to_owned(), allowed);
        }
    }
}

fn attributes(code: &str, report: Report<'_>) {
    for (at, _) in code.match_indices("#[").chain(code.match_indices("#![")) {
        let attribute = bracketed(&code[at..], '[', ']');
        let inside = attribute.trim_start_matches(['#', '!', '[']).trim_start();
        let line = line_of(code, at);
        if is_word_at(inside, "ignore") {
            report(line, "an ignored test".to_owned(), "tests that run");
        }
        for (at, _) in attribute.match_indices("allow(") {
            let is_word_start = attribute[..at].ends_with(|c: char| !c.is_alphanumeric());
            let list = bracketed(&attribute[at..], '(', ')');
            if is_word_start && !list.contains("reason") {
                report(line, "`allow` without a reason".to_owned(), "`expect(…, reason = \"…\")`");
            }
        }
    }
}

fn names(code: &str, report: Report<'_>) {
    for (index, line) in code.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_public = words.first() == Some(&"pub");
        let name = words.iter().skip_while(|&&word| word != "fn").nth(1);
        if is_public && name.is_some_and(|name| name.starts_with("get_")) {
            let found = "a public function that begins with `get_`".to_owned();
            report(index + 1, found, "the name of what it returns");
        }
    }
}

/// The beginning of `text` up to where the bracket opened first is closed again.
fn bracketed(text: &str, open: char, close: char) -> &str {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return &text[..at];
            }
        }
    }
    text
}

fn is_word_at(text: &str, word: &str) -> bool {
    let rest = text.strip_prefix(word);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}
