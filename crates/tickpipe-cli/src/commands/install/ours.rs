//! What there is of our files in a terminal, and what became of it.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::find::Terminal;
use super::folder;
use super::record::{self, Record, hash};
use super::sources::{FOLDERS, Source, own_version, sources, version_file, version_of};

/// What a new file's name ends with until it is whole.
pub(super) const NEW: &str = ".tickpipe-new";

/// Characters of a version that are shown.
const VERSION_CHARS_MAX: usize = 20;

/// How a file in a terminal compares with ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is neither as we would write it nor as we once did; or a link, which we never make.
    Changed,
    /// As it was installed, by another release.
    Earlier,
    Missing,
    /// As we would write it.
    Same,
}

/// A file of ours, or one of an earlier release.
#[derive(Clone, Debug)]
pub(super) struct OurFile {
    /// From `MQL4` or `MQL5`.
    pub(super) path: String,
    /// None if this release has no such file.
    pub(super) source: Option<Source>,
    pub(super) state: State,
}

/// What there is of ours in a terminal.
#[derive(Clone, Debug)]
pub(super) struct Ours {
    pub(super) files: Vec<OurFile>,
    /// As the list of what was installed has it.
    pub(super) record: Record,
    /// What a run that was killed had begun to write.
    pub(super) leftovers: Vec<String>,
    /// What an EA there says; our files' need not all be of it.
    pub(super) version: Option<String>,
}

/// A file that cannot be looked at.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) path: PathBuf,
    pub(super) error: io::Error,
}

impl Ours {
    /// Looks at every file that is, or was, ours.
    pub(super) fn of(terminal: &Terminal) -> Result<Self, Unreadable> {
        let mql = terminal.mql();
        no_links(&mql)?;
        let sources: Vec<_> = sources(terminal.platform).collect();
        let spelled: Vec<_> = sources.iter().map(|source| source.path).collect();
        let record = Record::of(&mql).spelled_as(&spelled);
        let mut paths: BTreeSet<_> = record.paths().collect();
        paths.extend(sources.iter().map(|source| source.path));
        let file = |path: &&str| {
            let source = sources.iter().find(|source| source.path == *path).copied();
            let state = state(&mql, path, source, &record)?;
            Ok(OurFile { path: (*path).to_owned(), source, state })
        };
        let files = paths.iter().map(file).collect::<Result<_, _>>()?;
        let version = version(&mql, &version_file(terminal.platform));
        let leftovers = leftovers(&mql);
        Ok(Self { files, record, leftovers, version })
    }

    pub(super) fn paths(&self, state: State) -> impl Iterator<Item = &str> {
        let files = self.files.iter().filter(move |file| file.state == state);
        files.map(|file| file.path.as_str())
    }

    /// Returns the files that are as they are installed by this program.
    fn is_current(&self) -> bool {
        let is_good = |file: &OurFile| match file.source {
            Some(_) => file.state == State::Same,
            None => file.state == State::Missing,
        };
        self.files.iter().all(is_good)
    }

    /// Returns what there is, in a word that stays.
    pub(super) fn word(&self) -> &'static str {
        let has = |state| self.paths(state).next().is_some();
        if !has(State::Changed) && !has(State::Earlier) && !has(State::Same) {
            "none"
        } else if self.is_current() {
            "current"
        } else if has(State::Changed) {
            "changed"
        } else if has(State::Earlier) {
            "other"
        } else {
            "incomplete"
        }
    }

    /// Returns it for people, short.
    pub(super) fn text(&self) -> String {
        let version = self.version.as_deref().unwrap_or("?");
        match self.word() {
            word @ "none" => word.to_owned(),
            "current" => version.to_owned(),
            "changed" => format!("{version}, {} changed", self.paths(State::Changed).count()),
            "other" => format!("{version}, not this one"),
            _ => format!("{version}, incomplete"),
        }
    }
}

fn state(
    mql: &Path,
    path: &str,
    source: Option<Source>,
    record: &Record,
) -> Result<State, Unreadable> {
    let there = folder::below(mql, path);
    if folder::is_link(&there) {
        return Ok(State::Changed);
    }
    let bytes = match record::read(&there) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Ok(State::Changed),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(State::Missing),
        Err(error) => return Err(Unreadable { path: there, error }),
    };
    Ok(if source.is_some_and(|source| source.bytes == bytes) {
        State::Same
    } else if record.has(path, &hash(&bytes)) {
        State::Earlier
    } else {
        State::Changed
    })
}

/// Fails if one of our folders leads elsewhere: what is there is somebody's, as in a clone of ours.
fn no_links(mql: &Path) -> Result<(), Unreadable> {
    let mut paths = FOLDERS.iter().map(|folder| folder::below(mql, folder));
    let Some(path) = paths.find(|path| folder::is_link(path)) else { return Ok(()) };
    let error = io::Error::new(
        ErrorKind::AlreadyExists,
        "it is a link, and what it leads to is not touched",
    );
    Err(Unreadable { path, error })
}

/// Returns the files that a run which was killed had not finished.
fn leftovers(mql: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(folder::below(mql, folder)).into_iter().flatten().flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let name = entry.file_name();
            if let Some(name) = name.to_str().filter(|name| name.ends_with(NEW) && !is_folder) {
                found.push(format!("{folder}/{name}"));
            }
        }
    }
    found.sort();
    found
}

fn version(mql: &Path, path: &str) -> Option<String> {
    let bytes = record::read(&folder::below(mql, path)).ok()??;
    let text = String::from_utf8_lossy(&bytes);
    version_of(&text).map(|version| tickpipe::escaped(version, VERSION_CHARS_MAX))
}

/// Returns the version of what this program brings.
pub(super) fn brought(terminal: &Terminal) -> &'static str {
    own_version(terminal.platform)
}
