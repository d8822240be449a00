//! MetaEditor, which alone can compile: found beside the terminal, started for each EA, and judged by what
//! it leaves. Its exit code says nothing.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, io, process, thread};

use tickpipe::programs::MuteProgram;

use super::editor_log::EditorLog;
use super::find::Terminal;
use super::folder;
use super::origin::is_windows_path;
use super::plan::compiled;
use super::platform::Platform;
use super::running::installed_in;
use super::sources::{main_files, sources};

/// Between two looks at what the editor has done.
const LOOK: Duration = Duration::from_millis(20);
/// How long what is compiled may come after the editor's end: it can hand its work to another one.
const AFTER_END: Duration = Duration::from_secs(10);
/// How long the log may come after both.
const LOG_AFTER_END: Duration = Duration::from_secs(2);

/// An editor, and the terminal it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Editor {
    pub(super) program: PathBuf,
    mql: PathBuf,
    platform: Platform,
    is_portable: bool,
    limit: Duration,
}

/// What became of an EA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Compiled {
    /// The main file, from `MQL4` or `MQL5`.
    pub(super) path: String,
    /// None if it was compiled.
    pub(super) problem: Option<String>,
    pub(super) errors: u32,
    pub(super) warnings: u32,
    pub(super) lines: Vec<String>,
}

impl Editor {
    /// Finds a terminal's editor.
    ///
    /// # Errors
    ///
    /// Says why there is none to be started.
    pub(super) fn of(terminal: &Terminal, limit: Duration) -> Result<Self, String> {
        if !cfg!(windows) {
            return Err("MetaEditor runs in the terminal's own Wine, and is left to you".to_owned());
        }
        let folder =
            installed_in(terminal).ok_or("its origin.txt does not say where its MetaEditor is")?;
        if !is_windows_path(&folder) {
            return Err("its MetaEditor is on another machine, and is not started".to_owned());
        }
        Self::in_folder(terminal, Path::new(&folder), limit)
    }

    fn in_folder(terminal: &Terminal, folder: &Path, limit: Duration) -> Result<Self, String> {
        let names: &[&str] = match terminal.platform {
            Platform::Mt4 => &["metaeditor.exe"],
            Platform::Mt5 => &["metaeditor64.exe", "metaeditor.exe"],
        };
        let mut programs = names.iter().map(|name| folder::child(folder, name));
        let program = programs
            .find(|path| path.is_file())
            .ok_or_else(|| format!("there is no {} in `{}`", names[0], folder.display()))?;
        Ok(Self {
            program,
            mql: terminal.mql(),
            platform: terminal.platform,
            is_portable: terminal.id.is_none() && folder == terminal.path,
            limit,
        })
    }

    /// Returns the EAs that are not compiled, or of older sources.
    pub(super) fn stale(&self) -> Vec<&'static str> {
        let modified = |path: &str| modified(&folder::below(&self.mql, path));
        let newest = sources(self.platform).filter_map(|source| modified(source.path)).max();
        let is_stale = |path: &&str| {
            let made = compiled(path, self.platform);
            made.is_some_and(|made| modified(&made) < newest)
        };
        main_files(self.platform).filter(is_stale).collect()
    }

    /// Compiles an EA; returns what became of it, within the limit.
    pub(super) fn compile(&self, path: &str) -> Compiled {
        let log = log_path();
        // A killed program with our number can have left one.
        clear(&log);
        let mut compiled = Compiled {
            path: path.to_owned(),
            problem: None,
            errors: 0,
            warnings: 0,
            lines: Vec::new(),
        };
        match self.run(path, &log) {
            Ok((log, problem)) => {
                compiled.problem = problem;
                (compiled.errors, compiled.warnings) = (log.errors(), log.warnings());
                compiled.lines = log.lines;
            }
            Err(error) => compiled.problem = Some(format!("it cannot be started: {error}")),
        }
        clear(&log);
        compiled
    }

    /// Runs the editor until all that it leaves is there.
    fn run(&self, path: &str, log: &Path) -> io::Result<(EditorLog, Option<String>)> {
        let made = compiled(path, self.platform).unwrap_or_default();
        let made = folder::below(&self.mql, &made);
        let before = stamp(&made);
        let is_fresh = || stamp(&made).is_some_and(|now| Some(now) != before);
        let begun_at = Instant::now();
        let mut program = MuteProgram::spawn(&mut self.command(path, log))?;
        let mut ended_at = None;
        loop {
            // Whether it has ended is asked first: what it wrote until then is seen after that.
            if ended_at.is_none() && program.has_ended() {
                ended_at = Some(Instant::now());
            }
            let said = EditorLog::of(log).unwrap_or_default();
            if said.errors() > 0 && (said.is_complete() || ended_at.is_some()) {
                let problem =
                    format!("{} in it", crate::print::count(said.errors().into(), "error"));
                return Ok((said, Some(problem)));
            }
            let is_over = ended_at.is_some_and(|at| LOG_AFTER_END <= at.elapsed());
            if is_fresh() && (said.is_complete() || is_over) {
                return Ok((said, None));
            }
            if ended_at.is_some_and(|at| AFTER_END <= at.elapsed()) {
                let problem = "MetaEditor ended, and left nothing that it compiled";
                return Ok((said, Some(problem.to_owned())));
            }
            if self.limit <= begun_at.elapsed() {
                let limit = self.limit.as_secs();
                let problem = format!("MetaEditor was not done within {limit} s, and was ended");
                return Ok((said, Some(problem)));
            }
            thread::sleep(LOOK);
        }
    }

    /// Returns the command line. The editor wants quotes inside its arguments, and takes no others.
    fn command(&self, path: &str, log: &Path) -> Command {
        let source = folder::below(&self.mql, path);
        let mut words = vec![
            quoted("/compile:", &source),
            quoted("/include:", &self.mql),
            quoted("/log:", log),
        ];
        if self.is_portable {
            words.push("/portable".to_owned());
        }
        let mut command = Command::new(&self.program);
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt as _;
            for word in words {
                command.raw_arg(word);
            }
        }
        #[cfg(not(windows))]
        command.args(words);
        command
    }
}

/// Returns an option with a path, in which there can be no quotes on Windows.
fn quoted(option: &str, path: &Path) -> String {
    format!("{option}\"{}\"", path.display())
}

/// What tells a file from one that was written anew in its place.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = path.metadata().ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

fn clear(log: &Path) {
    match fs::remove_file(log) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, path = %log.display(), "cannot remove the editor's log");
        }
        Ok(()) | Err(_) => {}
    }
}

/// Returns a path for a log that nobody else has.
fn log_path() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    env::temp_dir().join(format!("tickpipe-{}-{count}.log", process::id()))
}
