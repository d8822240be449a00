//! What people and programs are told of what is done.

#[cfg(test)]
mod tests;

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use serde_json::json;

use super::apply::Problem;
use super::find::Terminal;
use super::ours::Unreadable;
use super::plan::{Plan, backup_name};
use crate::print::{self, count, harmless};
use crate::report::{ERROR, Failure, HINT, tell};

/// What is done to terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Install,
    Remove,
}

/// Tells what is done, terminal by terminal.
#[derive(Debug)]
pub(super) struct Report {
    work: Work,
    is_dry: bool,
    is_json: bool,
    path: String,
    changed: u64,
    failed: u64,
    terminals: u64,
}

impl Report {
    pub(super) fn new(work: Work, is_dry: bool, is_json: bool) -> Self {
        Self { work, is_dry, is_json, path: String::new(), changed: 0, failed: 0, terminals: 0 }
    }

    /// Names the terminal that is next.
    pub(super) fn begin(&mut self, terminal: &Terminal) -> Result<(), Failure> {
        self.terminals += 1;
        self.path = terminal.mql().to_string_lossy().into_owned();
        let (name, broker) = (terminal.platform.name(), harmless(&terminal.broker()));
        self.say(&format!(
            "{name}  {}  {broker}\n  in {}\n",
            terminal.short_id,
            harmless(&self.path)
        ))
    }

    /// Tells what would be done, or that nothing is to be done.
    pub(super) fn planned(&mut self, mql: &Path, plan: &Plan<'_>) -> Result<(), Failure> {
        let keeps = plan.writes.iter().filter(|write| write.keeps);
        let kept = |path: &str| backup_name(mql, path).unwrap_or_default();
        let kept: Vec<_> = keeps.map(|write| (write.path.to_owned(), kept(write.path))).collect();
        self.done(plan, &kept)
    }

    /// Tells what was done.
    pub(super) fn done(
        &mut self,
        plan: &Plan<'_>,
        kept: &[(String, String)],
    ) -> Result<(), Failure> {
        if !plan.is_nothing() {
            self.changed += 1;
        }
        if self.is_json {
            return self.done_json(plan, kept);
        }
        let (would, is) = if self.is_dry { ("would be ", "would be") } else { ("", "is") };
        let mut text = String::new();
        let mut line = |n: usize, what: &str| {
            if n > 0 {
                text.push_str(&format!("  {what}\n"));
            }
        };
        let files = |n: usize| count(n as u64, "file");
        line(plan.writes.len(), &format!("{} {would}written", files(plan.writes.len())));
        line(plan.removes.len(), &format!("{} {would}removed", files(plan.removes.len())));
        for (path, name) in kept {
            let path = harmless(path);
            line(1, &format!("{path} was changed by hand; what it was {is} kept as {name}"));
        }
        for path in &plan.left {
            line(1, &format!("{path} was changed by hand, and stays"));
        }
        if plan.is_nothing() {
            line(
                1,
                match (self.work, plan.left.is_empty()) {
                    (Work::Install, _) => "as it should be, nothing to do",
                    (Work::Remove, true) => "nothing of ours is there",
                    (Work::Remove, false) => "nothing else of ours is there",
                },
            );
        } else {
            line(plan.same, &format!("{} as before", files(plan.same)));
        }
        show(&text)
    }

    fn done_json(&self, plan: &Plan<'_>, kept: &[(String, String)]) -> Result<(), Failure> {
        let kept: serde_json::Map<_, _> =
            kept.iter().map(|(path, name)| (path.clone(), json!(name))).collect();
        let object = json!({
            "event": match self.work { Work::Install => "installed", Work::Remove => "removed" },
            "dry_run": self.is_dry,
            "path": self.path,
            "written": plan.writes.iter().map(|write| write.path).collect::<Vec<_>>(),
            "removed": plan.removes,
            "kept_as": kept,
            "left": plan.left,
            "same": plan.same,
        });
        show(&format!("{object}\n"))
    }

    /// Tells of a file that cannot be looked at.
    pub(super) fn unreadable(&mut self, unreadable: &Unreadable) -> Result<(), Failure> {
        let Unreadable { path, error } = unreadable;
        let text = format!("cannot read `{}`", shown(path));
        self.failed(&text, error, "nothing was changed in this terminal")
    }

    /// Tells why something was not done.
    pub(super) fn problem(&mut self, problem: &Problem) -> Result<(), Failure> {
        let Problem { doing, path, error, is_begun } = problem;
        let text = format!("cannot {doing} `{}`", shown(path));
        let so_far = if *is_begun {
            "some files are done, the others are as before; run it again"
        } else {
            "nothing was changed in this terminal"
        };
        self.failed(&text, error, so_far)
    }

    fn failed(&mut self, text: &str, error: &std::io::Error, so_far: &str) -> Result<(), Failure> {
        self.failed += 1;
        if self.is_json {
            let object = json!({
                "event": "failed", "path": self.path, "error": text, "cause": error.to_string(),
                "so_far": so_far, "hint": mend(error.kind()),
            });
            return show(&format!("{object}\n"));
        }
        tell(&format!("{ERROR}error:{ERROR:#} {text}\n  caused by: {error}\n  {so_far}"));
        tell(&format!("{HINT}hint:{HINT:#} {}", mend(error.kind())));
        Ok(())
    }

    /// Sums up, and says what is left to the person; whether all went well.
    pub(super) fn end(&self) -> Result<bool, Failure> {
        let Self { work, is_dry, is_json, terminals, changed, failed, .. } = self;
        if *is_json {
            show(&format!(
                "{}\n",
                json!({"event": "summary", "terminals": terminals, "changed": changed, "failed": failed})
            ))?;
            return Ok(*failed == 0);
        }
        let would = if *is_dry { "would be " } else { "" };
        let mut text = format!("\n{}, {changed} {would}changed", count(*terminals, "terminal"));
        if *failed > 0 {
            text.push_str(&format!(", {failed} failed"));
        }
        text.push('\n');
        if *work == Work::Install && *terminals > 1 {
            text.push_str("`--terminal` takes one of them.\n");
        }
        if *work == Work::Install && !is_dry && failed < terminals {
            text.push_str(CLICKS);
            text.push_str(if cfg!(target_os = "linux") { CLICKS_WINE } else { "" });
        }
        show(&text)?;
        Ok(*failed == 0)
    }

    fn say(&self, text: &str) -> Result<(), Failure> {
        if self.is_json { Ok(()) } else { show(text) }
    }
}

/// What is left to the person, in 80 columns.
const CLICKS: &str = "
What is left to you, in each terminal. No DLL permission is needed: leave \"Allow
DLL imports\" off.
  1. Press F4: MetaEditor opens. Open Experts/TickPipe/TickPipeDouble there, and
     press F7 to compile it: this command compiles nothing. So for other EAs.
  2. In the terminal's Navigator, right-click Expert Advisors and click Refresh.
  3. Drag TickPipeDouble onto a chart and press OK. It trades nothing.
  4. Switch on AutoTrading (in MT5: Algo Trading), if it is off.
  5. Start the other side: tickpipe serve double
";

/// The last of it for terminals in Wine.
const CLICKS_WINE: &str =
    "     A terminal in Wine needs it in its prefix: wine tickpipe.exe serve double\n";

/// Returns what mends a fault of the system.
#[expect(clippy::wildcard_enum_match_arm, reason = "the system has many kinds of errors")]
fn mend(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "see that this user may write there, and close MetaEditor if it has the file open"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room on that disk, and run it again"
        }
        ErrorKind::NotFound => {
            "the folder is gone; see what is there with `tickpipe install --list`"
        }
        ErrorKind::AlreadyExists | ErrorKind::IsADirectory | ErrorKind::NotADirectory => {
            "something else has that name; move it away, and run it again"
        }
        _ => "see what is there, and run it again",
    }
}

pub(super) fn shown(path: &Path) -> String {
    harmless(&path.display().to_string())
}

/// Writes to stdout.
pub(super) fn show(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    print::printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}
