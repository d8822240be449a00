//! Which terminals there are: their data folders, wherever MetaTrader puts them.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use super::folder;
use super::origin::{Origin, last_name};
use super::platform::Platform;

/// Letters of an id that are shown at least.
const ID_LEN_MIN: usize = 8;
/// Where data folders are, from a user's folder for settings.
const DATA_FOLDERS: &str = "MetaQuotes/Terminal";
/// Prefixes in a home: Wine's own, and those that the vendor's scripts for Linux make.
const PREFIXES: [&str; 3] = [".wine", ".mt4", ".mt5"];
/// Folders in a home that have prefixes in them: of Bottles, as a Flatpak and without, CrossOver, PlayOnLinux
/// and Lutris.
const PREFIX_FOLDERS: [&str; 5] = [
    ".var/app/com.usebottles.bottles/data/bottles/bottles",
    ".local/share/bottles/bottles",
    ".cxoffice",
    ".PlayOnLinux/wineprefix",
    "Games",
];
/// A user's folder for settings in a prefix, as new and as old versions of Wine have it.
const SETTINGS: [&str; 2] = ["AppData/Roaming", "Application Data"];

/// A terminal's data folder, as one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Terminal {
    pub(super) platform: Platform,
    /// The folder's name, which MetaTrader makes of the path of the installation; none if it is portable.
    pub(super) id: Option<String>,
    /// As much of it as tells it from the others.
    pub(super) short_id: String,
    pub(super) origin: Origin,
    pub(super) path: PathBuf,
}

impl Terminal {
    /// Returns the folder of its sources.
    pub(super) fn mql(&self) -> PathBuf {
        folder::child(&self.path, self.platform.folder())
    }

    /// Returns what it is called in a row, or how it was found.
    pub(super) fn label(&self) -> &str {
        match self.origin {
            _ if self.id.is_some() => &self.short_id,
            Origin::Missing => "portable",
            Origin::At(_) | Origin::Broken { .. } => "by path",
        }
    }

    /// Returns the folder under which people look for it: that of all data folders, or its own.
    pub(super) fn folder(&self) -> &Path {
        let parent = self.path.parent().filter(|_| self.id.is_some());
        parent.unwrap_or(&self.path)
    }

    /// Returns the broker's folder, for people; or that it is not known.
    pub(super) fn broker(&self) -> String {
        match &self.origin {
            Origin::At(path) => last_name(path).to_owned(),
            Origin::Broken { .. } => "(broken origin.txt)".to_owned(),
            Origin::Missing if self.id.is_some() => "(no origin.txt)".to_owned(),
            Origin::Missing => last_name(&self.path.display().to_string()).to_owned(),
        }
    }
}

/// Where to look, and in what words that is told.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// Folders that have data folders in them.
    pub(super) folders: Vec<PathBuf>,
    pub(super) looked_at: Vec<String>,
    seen: BTreeSet<PathBuf>,
}

impl Search {
    /// Returns where this user's terminals are.
    pub(super) fn of_this_user() -> Self {
        let named = |name: &str| env::var_os(name).filter(|path| !path.is_empty());
        if cfg!(windows) {
            return named("APPDATA")
                .map_or_else(Self::default, |path| Self::settings(path.as_ref()));
        }
        let named_prefix = named("WINEPREFIX").map(PathBuf::from);
        let home = named("HOME").map(PathBuf::from);
        let usual = home.iter().flat_map(|home| PREFIXES.map(|name| home.join(name)));
        let mut search = Self::default();
        search.add_prefixes(named_prefix.into_iter().chain(usual));
        for folder in home.iter().flat_map(|home| PREFIX_FOLDERS.map(|name| home.join(name))) {
            search.add_prefixes_in(&folder);
        }
        search
    }

    /// Looks in a user's folder for settings.
    pub(super) fn settings(settings: &Path) -> Self {
        let path = folder::below(settings, DATA_FOLDERS);
        Self {
            looked_at: vec![path.display().to_string()],
            folders: vec![path],
            seen: BTreeSet::new(),
        }
    }

    /// Looks in those Wine prefixes that there are, for every user they have.
    fn add_prefixes(&mut self, prefixes: impl IntoIterator<Item = PathBuf>) {
        for prefix in prefixes {
            self.add_place(&prefix);
            self.add_prefix(&prefix);
        }
    }

    /// Looks in each prefix that is in a folder.
    fn add_prefixes_in(&mut self, folder: &Path) {
        self.add_place(&folder.join("*"));
        for prefix in entries(folder) {
            self.add_prefix(&prefix);
        }
    }

    fn add_place(&mut self, prefix: &Path) {
        let place = prefix.display().to_string();
        if !self.looked_at.contains(&place) {
            self.looked_at.push(place);
        }
    }

    fn add_prefix(&mut self, prefix: &Path) {
        for user in entries(&prefix.join("drive_c").join("users")) {
            for settings in SETTINGS {
                let folder = folder::below(&user, &format!("{settings}/{DATA_FOLDERS}"));
                // A prefix can be named twice, and one of the two folders can lead to the other.
                if folder.canonicalize().is_ok_and(|canonical| self.seen.insert(canonical)) {
                    self.folders.push(folder);
                }
            }
        }
    }
}

/// Finds the data folders in folders, in the order of their names.
pub(super) fn find(folders: &[PathBuf]) -> Vec<Terminal> {
    let paths = folders.iter().flat_map(|folder| entries(folder));
    let mut terminals: Vec<_> = paths.flat_map(|path| terminals_at(&path, IsData::Yes)).collect();
    let ids: BTreeSet<_> = terminals.iter().filter_map(|terminal| terminal.id.clone()).collect();
    for terminal in &mut terminals {
        let id = terminal.id.as_deref().unwrap_or_default();
        terminal.short_id = shortest(id, &ids).to_owned();
    }
    terminals
}

/// Whether a folder is one that MetaTrader made in a user's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IsData {
    No,
    Yes,
}

/// Returns what a folder is: a terminal, or nothing; or both platforms' by somebody's mixing.
pub(super) fn terminals_at(path: &Path, is_data: IsData) -> Vec<Terminal> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let id = name.filter(|_| is_data == IsData::Yes);
    let terminal = |platform| Terminal {
        platform,
        short_id: id.clone().unwrap_or_default(),
        id: id.clone(),
        origin: Origin::of(path),
        path: path.to_owned(),
    };
    Platform::of(path).map(terminal).collect()
}

/// Returns the beginning of an id that no other begins with.
fn shortest<'a>(id: &'a str, ids: &BTreeSet<String>) -> &'a str {
    let ends = id.char_indices().map(|(at, _)| at).skip(ID_LEN_MIN);
    let is_only = |start: &&str| ids.iter().filter(|other| other.starts_with(*start)).count() == 1;
    ends.map(|end| &id[..end]).find(is_only).unwrap_or(id)
}

/// Returns what is in a folder, in the order of the names; nothing if it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
