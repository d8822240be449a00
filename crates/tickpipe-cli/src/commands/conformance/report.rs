//! What became of each script, for people and as JSON.

use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::exit;
use crate::print::harmless;
use crate::report::{ERROR, Failure, HINT, tell};
use crate::rules::{Outcome, Script};

const PASSED: Style = AnsiColor::Green.on_default();
const LEFT_OUT: Style = AnsiColor::Yellow.on_default();

/// Prints as it goes, and counts.
#[derive(Debug)]
pub(super) struct Report {
    is_json: bool,
    passed: u32,
    failed: u32,
    left_out: u32,
    hints: Vec<String>,
}

impl Report {
    pub(super) const fn new(is_json: bool) -> Self {
        Self { is_json, passed: 0, failed: 0, left_out: 0, hints: Vec::new() }
    }

    /// Prints a script that is not played.
    pub(super) fn list(&self, script: &Script) -> Result<(), Failure> {
        if self.is_json {
            return print(&format!("{}\n", facts(script)));
        }
        print(&format!("{}\n    {}\n", script.name, script.rule))
    }

    /// Prints what became of a script.
    pub(super) fn played(&mut self, script: &Script, outcome: &Outcome) -> Result<(), Failure> {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed { .. } | Outcome::NotThere(_) => self.failed += 1,
            Outcome::LeftOut(_) => self.left_out += 1,
        }
        if self.is_json { print(&object(script, outcome)) } else { print(&text(script, outcome)) }
    }

    /// Keeps a hint for the end.
    pub(super) fn hint(&mut self, text: &str) {
        self.hints.push(text.to_owned());
    }

    /// Prints the counts and decides.
    pub(super) fn end(&self) -> Result<ExitCode, Failure> {
        let Self { is_json, passed, failed, left_out, hints } = self;
        if *is_json {
            let counts = json!({"passed": passed, "failed": failed, "left_out": left_out});
            print(&format!("{counts}\n"))?;
        } else {
            print(&format!("\n{passed} passed, {failed} failed, {left_out} left out\n"))?;
        }
        for hint in hints {
            tell(&format!("{HINT}hint:{HINT:#} {hint}"));
        }
        let is_good = *failed == 0 && *passed > 0;
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::from(exit::FAILED) })
    }
}

fn text(script: &Script, outcome: &Outcome) -> String {
    let name = &script.name;
    match outcome {
        Outcome::Passed => format!("{PASSED}passed{PASSED:#}    {name}\n"),
        Outcome::LeftOut(reason) => {
            format!("{LEFT_OUT}left out{LEFT_OUT:#}  {name}: {}\n", harmless(reason))
        }
        Outcome::NotThere(found) => {
            format!("{ERROR}FAILED{ERROR:#}    {name}\n    found: {}\n", harmless(found))
        }
        Outcome::Failed { line, sent, expected, found } => {
            let place = match line {
                Some((number, source)) => format!("line {number}: {}", cut(source)),
                None => "after the last line".to_owned(),
            };
            let sent = sent
                .as_ref()
                .map_or_else(String::new, |sent| format!("    sent: {}\n", harmless(&cut(sent))));
            format!(
                "{ERROR}FAILED{ERROR:#}    {name}\n    chapter {}: {}\n    {place}\n{sent}    \
                 expected: {}\n    found: {}\n",
                script.chapter(),
                script.rule,
                harmless(expected),
                harmless(found)
            )
        }
    }
}

fn object(script: &Script, outcome: &Outcome) -> String {
    let mut object = facts(script);
    match outcome {
        Outcome::Passed => object["result"] = json!("passed"),
        Outcome::LeftOut(reason) => {
            object["result"] = json!("left_out");
            object["reason"] = json!(reason);
        }
        Outcome::NotThere(found) => {
            object["result"] = json!("failed");
            object["found"] = json!(found);
        }
        Outcome::Failed { line, sent, expected, found } => {
            object["result"] = json!("failed");
            object["sent"] = json!(sent);
            object["line"] = json!(line.as_ref().map(|(number, _)| number));
            object["step"] = json!(line.as_ref().map(|(_, source)| source));
            object["expected"] = json!(expected);
            object["found"] = json!(found);
        }
    }
    format!("{object}\n")
}

fn facts(script: &Script) -> Value {
    json!({"script": script.name, "chapter": script.chapter(), "rule": script.rule})
}

/// Returns a step as far as it is shown.
fn cut(source: &str) -> String {
    const CHARS_MAX: usize = 300;
    if source.chars().count() <= CHARS_MAX {
        return source.to_owned();
    }
    source.chars().take(CHARS_MAX).chain(['…']).collect()
}

fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut out = anstream::stdout().lock();
    crate::print::printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}
