//! What people and programs are told of what is done.

#[cfg(test)]
mod tests;

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use serde_json::json;

use super::apply::{Done, Problem};
use super::editor::Compiled;
use super::find::Terminal;
use super::ours::Unreadable;
use super::plan::{Plan, backup};
use super::platform::Platform;
use crate::print::{self, count, harmless};
use crate::report::{ERROR, Failure, HINT, tell};
use crate::typed;

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
    platforms: Vec<Platform>,
    changed: u64,
    failed: u64,
    /// EAs whose compilation failed.
    uncompiled: u64,
    /// There are EAs that the person has to compile.
    has_uncompiled: bool,
    terminals: u64,
}

impl Report {
    pub(super) fn new(work: Work, is_dry: bool, is_json: bool) -> Self {
        Self {
            work,
            is_dry,
            is_json,
            path: String::new(),
            platforms: Vec::new(),
            changed: 0,
            failed: 0,
            uncompiled: 0,
            has_uncompiled: false,
            terminals: 0,
        }
    }

    /// Names the terminal that is next.
    pub(super) fn begin(&mut self, terminal: &Terminal) -> Result<(), Failure> {
        self.terminals += 1;
        let mql = terminal.mql();
        self.path = mql.to_string_lossy().into_owned();
        self.platforms.push(terminal.platform);
        let (name, broker) = (terminal.platform.name(), harmless(&terminal.broker()));
        let label = harmless(terminal.label());
        self.say(&format!("{name}  {label}  {broker}\n  in {}\n", near(&mql)))
    }

    /// Tells what would be done, or that nothing is to be done.
    pub(super) fn planned(&mut self, mql: &Path, plan: &Plan<'_>) -> Result<(), Failure> {
        let written = plan.writes.iter().filter(|write| write.keeps).map(|write| write.path);
        let keeps = written.chain(plan.keeps.iter().map(String::as_str));
        let name = |path: &str| backup(mql, path).map(|backup| backup.name).unwrap_or_default();
        let kept = keeps.map(|path| (path.to_owned(), name(path))).collect();
        self.done(plan, &Done { kept, stays: Vec::new() })
    }

    /// Tells what was done.
    pub(super) fn done(&mut self, plan: &Plan<'_>, done: &Done) -> Result<(), Failure> {
        if !plan.is_nothing() {
            self.changed += 1;
        }
        if self.is_json {
            return self.done_json(plan, done);
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
        let leftovers = plan.leftovers.len();
        line(leftovers, &format!("{} of a run that was ended {would}removed", files(leftovers)));
        for (path, name) in &done.kept {
            let path = harmless(path);
            let what = if plan.keeps.contains(&path) {
                "is of another source"
            } else {
                "was changed by hand"
            };
            line(1, &format!("{path} {what}; {is} kept as {}", file_name(name)));
        }
        for path in &plan.left {
            line(1, &format!("{path} was changed by hand, and stays"));
        }
        for (folder, n) in &done.stays {
            line(1, &format!("{folder} stays, with {} of yours", files(*n)));
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

    fn done_json(&self, plan: &Plan<'_>, done: &Done) -> Result<(), Failure> {
        let kept: serde_json::Map<_, _> =
            done.kept.iter().map(|(path, name)| (path.clone(), json!(name))).collect();
        let stays: serde_json::Map<_, _> =
            done.stays.iter().map(|(path, n)| ((*path).to_owned(), json!(n))).collect();
        let object = json!({
            "event": match self.work { Work::Install => "installed", Work::Remove => "removed" },
            "dry_run": self.is_dry,
            "path": self.path,
            "written": plan.writes.iter().map(|write| write.path).collect::<Vec<_>>(),
            "removed": plan.removes,
            "leftovers": plan.leftovers,
            "kept_as": kept,
            "left": plan.left,
            "stays": stays,
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

    /// Tells which EAs would be compiled.
    pub(super) fn would_compile(&self, program: &Path, paths: &[&str]) -> Result<(), Failure> {
        if self.is_json {
            let program = program.to_string_lossy();
            let object = json!({
                "event": "compiled", "dry_run": true, "path": self.path, "files": paths, "editor": program,
            });
            return show(&format!("{object}\n"));
        }
        if paths.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = paths.iter().map(|path| stem(path)).collect();
        show(&format!("  {} would be compiled with\n  {}\n", names.join(", "), shown(program)))
    }

    /// Tells that the person has to compile, and why.
    pub(super) fn no_editor(&mut self, why: &str) -> Result<(), Failure> {
        self.has_uncompiled = true;
        if self.is_json {
            let object = json!({"event": "not_compiled", "path": self.path, "why": why});
            return show(&format!("{object}\n"));
        }
        show(&format!("  not compiled: {}\n", harmless(why)))
    }

    /// Tells what became of an EA.
    pub(super) fn compiled(&mut self, compiled: &Compiled) -> Result<(), Failure> {
        let Compiled { path, problem, errors, warnings, lines } = compiled;
        if problem.is_some() {
            self.uncompiled += 1;
            self.has_uncompiled = true;
        }
        if self.is_json {
            let object = json!({
                "event": "compiled", "dry_run": false, "path": self.path, "files": [path],
                "problem": problem, "errors": errors, "warnings": warnings, "lines": lines,
            });
            return show(&format!("{object}\n"));
        }
        let warned = if *warnings == 0 {
            String::new()
        } else {
            format!(", {}", count((*warnings).into(), "warning"))
        };
        let lines: String = lines.iter().map(|line| format!("\n    {line}")).collect();
        let Some(problem) = problem else {
            return show(&format!("  {} compiled{warned}{lines}\n", stem(path)));
        };
        let (name, problem) = (stem(path), harmless(problem));
        tell(&format!("{ERROR}error:{ERROR:#} {name} was not compiled: {problem}{lines}"));
        tell("  its source is installed");
        tell(&format!("{HINT}hint:{HINT:#} open it in MetaEditor and press F7, or run this again"));
        Ok(())
    }

    /// Sums up, and says what is left to the person; whether all went well.
    pub(super) fn end(&self) -> Result<bool, Failure> {
        let Self { work, is_dry, terminals, changed, failed, uncompiled, .. } = self;
        let is_good = *failed == 0 && *uncompiled == 0;
        if self.is_json {
            let object = json!({
                "event": "summary", "terminals": terminals, "changed": changed, "failed": failed,
                "uncompiled": uncompiled,
            });
            show(&format!("{object}\n"))?;
            return Ok(is_good);
        }
        let would = if *is_dry { "would be " } else { "" };
        let mut text = format!("\n{}, {changed} {would}changed", count(*terminals, "terminal"));
        if *failed > 0 {
            text.push_str(&format!(", {failed} failed"));
        }
        if *uncompiled > 0 {
            text.push_str(&format!(", {} not compiled", count(*uncompiled, "EA")));
        }
        text.push('\n');
        if *work == Work::Install && *terminals > 1 {
            text.push_str("`--terminal` takes one of them.\n");
        }
        if *work == Work::Install && !is_dry && failed < terminals {
            text.push_str(&clicks(&self.platforms, self.has_uncompiled));
        }
        show(&text)?;
        Ok(is_good)
    }

    fn say(&self, text: &str) -> Result<(), Failure> {
        if self.is_json { Ok(()) } else { show(text) }
    }
}

const CLICKS: &str = "
What is left to you, in each terminal. No DLL permission is needed: leave \"Allow
DLL imports\" off.
";

const COMPILE: &[&str] = &[
    "Start the terminal, and press F4: MetaEditor opens. Open each EA there
     that is not compiled, first Experts/TickPipe/TickPipeDouble,
     and press F7 to compile it.",
    "In the terminal's Navigator, right-click Expert Advisors and click Refresh.",
];
const COMPILED: &[&str] =
    &["Start the terminal; in one that runs, right-click Expert Advisors in the
     Navigator and click Refresh."];

/// Returns what is left to the person, in 80 columns.
fn clicks(platforms: &[Platform], has_uncompiled: bool) -> String {
    let trading = match (platforms.contains(&Platform::Mt4), platforms.contains(&Platform::Mt5)) {
        (true, true) => "Switch on AutoTrading (in MT5: Algo Trading), if it is off.",
        (true, false) => "Switch on AutoTrading, if it is off.",
        (false, _) => "Switch on Algo Trading, if it is off.",
    };
    let serve = if cfg!(target_os = "linux") {
        "Start the other side. A terminal in Wine needs it in its own prefix:
     wine tickpipe.exe serve double"
            .to_owned()
    } else {
        format!("Start the other side: {} serve double", typed::program())
    };
    let first = if has_uncompiled { COMPILE } else { COMPILED };
    let steps =
        ["Drag TickPipeDouble onto a chart and press OK. It trades nothing.", trading, &serve];
    let steps = first.iter().copied().chain(steps);
    let steps = steps.enumerate().map(|(at, step)| format!("  {}. {step}\n", at + 1));
    [CLICKS.to_owned()].into_iter().chain(steps).collect()
}

/// Returns what mends a fault of the system.
#[expect(clippy::wildcard_enum_match_arm, reason = "the system has many kinds of errors")]
pub(super) fn mend(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "see that this user may write there, and that no program has the file open"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room on that disk, and run it again"
        }
        ErrorKind::WouldBlock => "wait until that one has ended, and run it again",
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

/// Returns a path as people write it: from their home, or from where Windows keeps a user's settings.
pub(super) fn near(path: &Path) -> String {
    let (variable, short) = if cfg!(windows) { ("APPDATA", "%APPDATA%") } else { ("HOME", "~") };
    let base = std::env::var_os(variable).filter(|base| !base.is_empty());
    match base.and_then(|base| path.strip_prefix(base).ok().map(Path::to_owned)) {
        Some(rest) => shown(&Path::new(short).join(rest)),
        None => shown(path),
    }
}

/// Returns the name of a file, without its extension.
fn stem(path: &str) -> &str {
    let name = file_name(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Writes to stdout.
pub(super) fn show(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    print::printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}
