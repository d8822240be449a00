//! What was found, and how it is told.

use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::commands::doctor::topic::Topic;
use crate::print;
use crate::report::Failure;

/// Columns of a line for people.
const WIDTH: usize = 80;
/// Where what was found begins.
const INDENT: usize = 20;

/// Has a heading for each topic; beside the program in its archive.
const DOCUMENT: &str =
    if cfg!(windows) { "TROUBLESHOOTING.txt" } else { "docs/troubleshooting.md" };

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// As it should be.
    Ok,
    /// Worth knowing; may be as it should be.
    Note,
    /// Something will not work.
    Problem,
}

impl State {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
        }
    }

    const fn style(self) -> Style {
        match self {
            Self::Ok => AnsiColor::Green.on_default(),
            Self::Note => AnsiColor::Cyan.on_default(),
            Self::Problem => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// What was looked at, in a word.
    pub(crate) check: &'static str,
    /// What it is about; nothing where all is well.
    topic: Option<Topic>,
    pub(crate) state: State,
    pub(crate) found: String,
    /// What to do; every problem has one.
    pub(crate) mend: Option<String>,
    /// Line and column, where it is about a text.
    place: Option<(usize, usize)>,
}

impl Finding {
    pub(crate) fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, topic: None, state: State::Ok, found: found.into(), mend: None, place: None }
    }

    pub(crate) fn note(topic: Topic, found: impl Into<String>) -> Self {
        Self { state: State::Note, topic: Some(topic), ..Self::ok(topic.check(), found) }
    }

    pub(crate) fn problem(topic: Topic, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { state: State::Problem, ..Self::note(topic, found).with_mend(mend) }
    }

    pub(crate) fn with_mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    /// Says where in a text it is.
    pub(crate) fn at(mut self, place: Option<(usize, usize)>) -> Self {
        self.place = place;
        self
    }

    fn text(&self) -> String {
        let (state, style) = (self.state.as_str(), self.state.style());
        let mut text = format!("{style}{state:<9}{style:#}{:<11}", self.check);
        text.push_str(&wrapped(&print::harmless(&self.found)));
        if let Some(mend) = &self.mend {
            text.push_str(&" ".repeat(INDENT));
            text.push_str(&wrapped(&print::harmless(&format!("mend: {mend}"))));
        }
        if let Some(topic) = self.topic.filter(|_| self.state == State::Problem) {
            text.push_str(&" ".repeat(INDENT));
            text.push_str(&wrapped(&format!("more: `{}` in {DOCUMENT}", topic.as_str())));
        }
        text
    }

    fn json(&self) -> Value {
        let mut object = json!({
            "event": "finding",
            "check": self.check,
            "topic": self.topic.map(Topic::as_str),
            "state": self.state.as_str(),
            "found": self.found,
            "mend": self.mend,
        });
        if let Some((line, column)) = self.place {
            object["line"] = json!(line);
            object["column"] = json!(column);
        }
        object
    }
}

/// Breaks a text at blanks, its first line standing where the indented ones do.
///
/// A word that is longer than a line, such as a path, stays whole to be copied.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("invariant: there is a first line");
        let len = line.chars().count();
        if len > 0 && len + 1 + word.chars().count() > WIDTH - INDENT {
            lines.push(word.to_owned());
        } else {
            if len > 0 {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    format!("{}\n", lines.join(&format!("\n{}", " ".repeat(INDENT))))
}

/// Prints findings as they come, and counts.
#[derive(Debug)]
pub(crate) struct Report {
    is_json: bool,
    notes: u64,
    problems: u64,
}

impl Report {
    pub(crate) const fn new(is_json: bool) -> Self {
        Self { is_json, notes: 0, problems: 0 }
    }

    pub(crate) fn add(&mut self, finding: Finding) -> Result<(), Failure> {
        match finding.state {
            State::Ok => {}
            State::Note => self.notes += 1,
            State::Problem => self.problems += 1,
        }
        if self.is_json { show(&format!("{}\n", finding.json())) } else { show(&finding.text()) }
    }

    /// Sums up; whether there was a problem.
    pub(crate) fn end(&self) -> Result<bool, Failure> {
        let Self { is_json, notes, problems } = self;
        if *is_json {
            let object = json!({"event": "summary", "problems": problems, "notes": notes});
            show(&format!("{object}\n"))?;
        } else {
            let (problems, notes) =
                (print::count(*problems, "problem"), print::count(*notes, "note"));
            show(&format!("\n{problems}, {notes}\n"))?;
        }
        Ok(*problems > 0)
    }
}

/// Writes to stdout, with colours where they are wanted.
fn show(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    print::printed(write!(out, "{text}").and_then(|()| out.flush()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(finding: &Finding) -> String {
        anstream::adapter::strip_str(&finding.text()).to_string()
    }

    #[test]
    fn a_finding_fits_80_columns_and_keeps_long_words_whole() {
        let path = "/a/".repeat(30);
        let finding = Finding::problem(
            Topic::PipeHeld,
            format!("the path {path} and {}", "a word ".repeat(12)),
            "go",
        );
        let text = plain(&finding);
        assert!(text.starts_with("problem  pipe       the path\n"), "{text}");
        assert!(text.contains(&format!("\n{:20}{path}\n", "")), "{text}");
        let last = format!("\n{:20}mend: go\n{:20}more: `pipe_held` in {DOCUMENT}\n", "", "");
        assert!(text.ends_with(&last), "{text}");
        let short = text.lines().filter(|line| !line.contains(&path));
        assert!(short.clone().count() > 3);
        assert!(short.into_iter().all(|line| line.chars().count() <= 80), "{text}");
    }

    /// Paths of other processes are among what is found.
    #[test]
    fn text_that_drives_a_terminal_is_shown_not_obeyed() {
        let finding = Finding::problem(Topic::PrefixOther, "in `/a\u{1b}[2J\n`", "rm \u{7}C:\\x");
        let text = finding.text();
        assert!(text.contains(r"in `/a\u{1b}[2J\n`"), "{text}");
        assert!(text.contains(r"mend: rm \u{7}C:\x"), "{text}");
        assert!(!plain(&finding).contains(['\u{1b}', '\u{7}']), "{text}");
    }

    #[test]
    fn the_state_is_a_word() {
        assert_eq!(plain(&Finding::ok("version", "1")), "ok       version    1\n");
        assert_eq!(plain(&Finding::note(Topic::PipeServed, "x")), "note     pipe       x\n");
        let object = Finding::note(Topic::PipeServed, "x").with_mend("y").json();
        assert_eq!((&object["state"], &object["mend"]), (&json!("note"), &json!("y")));
    }
}
