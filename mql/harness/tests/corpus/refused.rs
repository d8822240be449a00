//! One small file for each refused construct.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tickpipe_mql::{Dialect, Finding, Rule, lint, load, load_text};

use crate::common::{api, files, harness};

/// What a negative file says in its first lines.
struct Expected {
    line: usize,
    part: String,
    /// Where it is, or pretends to be.
    path: String,
}

fn expected(text: &str, own_path: &str) -> Expected {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim_start_matches('\u{FEFF}');
    let rest = first.strip_prefix("// refused ").expect("the first line says what is refused");
    let (line, part) = rest.split_once(": ").expect("a line and a part of the message");
    let pretended = lines.next().and_then(|line| line.strip_prefix("// as "));
    Expected {
        line: line.parse().expect("a line number"),
        part: part.to_owned(),
        path: pretended.unwrap_or(own_path).to_owned(),
    }
}

/// All findings of a negative file.
fn findings(path: &Path) -> (Expected, Vec<Finding>) {
    let root = harness();
    let shown = path.strip_prefix(root).expect("below the root").to_string_lossy();
    let shown = shown.replace('\\', "/");
    let bytes = fs::read(path).expect("readable");
    let text = String::from_utf8_lossy(&bytes);
    let expected = expected(&text, &shown);
    let include = root.join("accepted");
    let dialect = Dialect::of(path).expect("a main file");
    let loaded = if expected.path == shown {
        load(path, &include, root)
    } else {
        load_text(&text, &expected.path, dialect, &include, root)
    };
    let findings = match loaded {
        Ok(program) => lint(&program, &api()),
        Err(findings) => findings,
    };
    (expected, findings)
}

#[test]
fn refused_files_are_refused_for_their_reason() {
    let mut met = BTreeSet::new();
    let mut failures = Vec::new();
    for path in files("refused/lint") {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if Dialect::of(&path).is_none() {
            continue;
        }
        let (expected, findings) = findings(&path);
        met.extend(findings.iter().map(|finding| finding.rule));
        match findings.as_slice() {
            [only] if only.line == expected.line && only.message.contains(&expected.part) => {}
            _ => {
                let shown: Vec<String> = findings.iter().map(Finding::to_string).collect();
                let Expected { line, part, .. } = expected;
                failures.push(format!("{name}: wanted {line}: {part}\n  got {shown:#?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let unmet: Vec<&str> =
        Rule::ALL.iter().filter(|rule| !met.contains(rule)).map(|rule| rule.as_str()).collect();
    assert!(unmet.is_empty(), "rules that no file meets: {unmet:?}");
}
