//! Whether a terminal runs, as far as the list of processes tells.

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use super::find::Terminal;
use super::folder;
use super::origin::{Origin, is_windows_path};

/// What a terminal's program is called, MT4's and MT5's.
const PROGRAMS: [&str; 2] = ["terminal.exe", "terminal64.exe"];

/// Whether a terminal runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Running {
    No,
    /// One runs that may be it, or nobody can see.
    Unknown,
    Yes,
}

impl Running {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::Yes => "yes",
        }
    }

    pub(super) const fn known(self) -> Option<bool> {
        match self {
            Self::No => Some(false),
            Self::Unknown => None,
            Self::Yes => Some(true),
        }
    }
}

/// A process that can be a terminal.
#[derive(Clone, Debug)]
struct Process {
    /// The path of its program, in the system's or in Windows' form, or only its name; none if it cannot be read.
    program: Option<String>,
    /// The Wine prefix that it is in; none if it cannot be read, and on Windows.
    prefix: Option<PathBuf>,
}

/// The terminals that run; looked at once.
#[derive(Debug)]
pub(super) struct Processes(io::Result<Vec<Process>>);

impl Processes {
    /// Looks at the list of processes.
    pub(super) fn look() -> Self {
        Self(processes())
    }

    /// Returns whether a terminal is among them.
    pub(super) fn running(&self, terminal: &Terminal) -> Running {
        let Ok(processes) = &self.0 else { return Running::Unknown };
        let prefix = prefix_of(&terminal.path);
        let at = installed_in(terminal).map(|path| real(prefix.as_deref(), &path));
        let judged: Vec<_> = processes
            .iter()
            .map(|process| judge(process, prefix.as_deref(), at.as_deref()))
            .collect();
        [Running::Yes, Running::Unknown]
            .into_iter()
            .find(|running| judged.contains(running))
            .unwrap_or(Running::No)
    }
}

/// Returns the folder in which a terminal's program is, if that is known.
pub(super) fn installed_in(terminal: &Terminal) -> Option<String> {
    match &terminal.origin {
        Origin::At(path) => Some(path.clone()),
        Origin::Missing if terminal.id.is_none() => {
            Some(terminal.path.to_string_lossy().into_owned())
        }
        Origin::Broken { .. } | Origin::Missing => None,
    }
}

/// Judges whether a process is the terminal that is installed in a folder.
fn judge(process: &Process, prefix: Option<&Path>, at: Option<&str>) -> Running {
    if let (Some(ours), Some(its)) = (prefix, &process.prefix)
        && real(None, &ours.to_string_lossy()) != real(None, &its.to_string_lossy())
    {
        return Running::No;
    }
    let (Some(at), Some(program)) = (at, &process.program) else { return Running::Unknown };
    let Some((folder, _)) = program.rsplit_once(['\\', '/']) else { return Running::Unknown };
    if !Path::new(program).is_absolute() && !is_windows_path(program) {
        return Running::Unknown;
    }
    let prefix = process.prefix.as_deref().or(prefix);
    if real(prefix, folder) == at { Running::Yes } else { Running::No }
}

/// Returns a path as it is compared: where it leads to, as far as it is there, in lower case.
fn real(prefix: Option<&Path>, path: &str) -> String {
    let system =
        prefix.filter(|_| is_windows_path(path)).and_then(|prefix| in_prefix(prefix, path));
    let system = system.unwrap_or_else(|| path.into());
    let real = system.canonicalize().unwrap_or(system);
    let text = real.to_string_lossy().to_lowercase().replace('\\', "/");
    text.trim_end_matches('/').to_owned()
}

/// Returns where a path of Windows leads to in a Wine prefix.
fn in_prefix(prefix: &Path, path: &str) -> Option<PathBuf> {
    let (drive, rest) = path.split_once(':')?;
    let drive = prefix.join("dosdevices").join(format!("{}:", drive.to_ascii_lowercase()));
    let drive = if drive.exists() { drive } else { prefix.join("drive_c") };
    let names = rest.split(['\\', '/']).filter(|name| !name.is_empty());
    Some(names.fold(drive, |path, name| folder::child(&path, name)))
}

/// Returns the Wine prefix in which a folder is.
fn prefix_of(path: &Path) -> Option<PathBuf> {
    if cfg!(windows) {
        // There the drives are as they are seen.
        return None;
    }
    let drive = path.ancestors().find(|folder| folder.ends_with("drive_c"))?;
    drive.parent().map(Path::to_owned)
}

#[cfg(windows)]
fn processes() -> io::Result<Vec<Process>> {
    let programs = tickpipe::programs::running(&PROGRAMS)?;
    Ok(programs.into_iter().map(|program| Process { program, prefix: None }).collect())
}

/// Reads `/proc`: a program under Wine has its path among its words.
#[cfg(not(windows))]
fn processes() -> io::Result<Vec<Process>> {
    let entries = std::fs::read_dir("/proc")?;
    let process = |entry: io::Result<std::fs::DirEntry>| {
        let path = entry.ok()?.path();
        let read = |name: &str| std::fs::read(path.join(name)).unwrap_or_default();
        // The command line last: that of a process which has ended meanwhile is empty.
        let (environment, folder) = (read("environ"), std::fs::read_link(path.join("cwd")).ok());
        process_of(&read("cmdline"), &environment, folder.as_deref())
    };
    Ok(entries.filter_map(process).collect())
}

/// Returns the terminal that a process is, by its command line, its environment and its folder.
#[cfg(not(windows))]
fn process_of(words: &[u8], environment: &[u8], folder: Option<&Path>) -> Option<Process> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let is_program = |word: &String| {
        let name = word.rsplit(['\\', '/']).next().unwrap_or_default();
        PROGRAMS.iter().any(|program| program.eq_ignore_ascii_case(name))
    };
    // Wine's own program, or two, come before it; what comes after it is its own.
    let program = words.split(|byte| *byte == 0).map(text).take(3).find(is_program)?;
    let variable = |name: &str| {
        let mut variables = environment.split(|byte| *byte == 0).map(text);
        variables.find_map(|variable| variable.strip_prefix(name).map(PathBuf::from))
    };
    let prefix = variable("WINEPREFIX=")
        .filter(|prefix| !prefix.as_os_str().is_empty())
        .or_else(|| variable("HOME=").map(|home| home.join(".wine")));
    // One that was started in its folder, by its name alone.
    let here = folder.map(|folder| folder.join(&program)).filter(|path| path.is_file());
    let is_name = !program.contains(['\\', '/']);
    let program = here.filter(|_| is_name).map_or(program, |path| path.to_string_lossy().into());
    Some(Process { program: Some(program), prefix })
}
