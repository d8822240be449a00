//! What was installed: a list of hashes beside the files, as `sha256sum --check` reads it.
//!
//! By it a file of an earlier release is told from one that was changed by hand, and a folder that we
//! made from one that was there.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::folder;
use super::sources::FOLDERS;

/// The list's place, from `MQL4` or `MQL5`.
pub(super) const RECORD: &str = "Include/TickPipe/.tickpipe-files";

/// The longest file that is read; ours are far shorter, so a longer one is not ours.
pub(super) const FILE_LEN_MAX: usize = 1 << 20;

/// Folders that we make where they are missing, each after what is in it.
pub(super) const MADE_FOLDERS: [&str; 4] =
    ["Experts/TickPipe", "Include/TickPipe", "Experts", "Include"];
/// What a line of such a folder begins with; a comment to `sha256sum`.
const MADE: &str = "# made ";

/// What files of ours end with, in any release.
const EXTENSIONS: [&str; 3] = ["mq4", "mq5", "mqh"];
/// Names that are devices on Windows, whatever they end with.
const DEVICES: [&str; 6] = ["aux", "com", "con", "lpt", "nul", "prn"];

/// Hashes by path, and the folders that we made. A path has two hashes while an installation is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    hashes: BTreeMap<String, BTreeSet<String>>,
    made: BTreeSet<String>,
}

impl Record {
    /// Reads the list of a terminal. One that is not there, or cannot be read, lists nothing: every
    /// file that is not as we would write it then counts as changed by hand, and is kept.
    pub(super) fn of(mql: &Path) -> Self {
        let bytes = read(&folder::below(mql, RECORD)).ok().flatten().unwrap_or_default();
        Self::parse(&String::from_utf8_lossy(&bytes))
    }

    /// Reads the lines that can be ours.
    pub(super) fn parse(text: &str) -> Self {
        let mut record = Self::default();
        for line in text.lines() {
            if let Some(folder) = line.strip_prefix(MADE) {
                record.add_made(folder);
            } else if let Some((hash, path)) = line.split_once("  ")
                && hash.len() == 64
                && is_ours(path)
            {
                record.add(path, hash);
            }
        }
        record
    }

    pub(super) fn add(&mut self, path: &str, hash: &str) {
        self.hashes.entry(path.to_owned()).or_default().insert(hash.to_owned());
    }

    /// Notes that we made a folder, if it is one that we can have made.
    pub(super) fn add_made(&mut self, folder: &str) {
        if MADE_FOLDERS.contains(&folder) {
            self.made.insert(folder.to_owned());
        }
    }

    pub(super) fn has(&self, path: &str, hash: &str) -> bool {
        self.hashes.get(path).is_some_and(|hashes| hashes.contains(hash))
    }

    /// Returns whether we made a folder. Where the list was lost, those with our name count as ours.
    pub(super) fn is_made(&self, folder: &str) -> bool {
        self.made.contains(folder) || (self.hashes.is_empty() && FOLDERS.contains(&folder))
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.hashes.keys().map(String::as_str)
    }

    /// Returns the same list with those paths spelled as we spell them that differ in case alone: to
    /// Windows they are the same files.
    pub(super) fn spelled_as(self, ours: &[&str]) -> Self {
        let mut record = Self { made: self.made, ..Self::default() };
        for (path, hashes) in self.hashes {
            let same = ours.iter().find(|own| own.eq_ignore_ascii_case(&path));
            let path = same.map_or(path.as_str(), |own| own);
            hashes.iter().for_each(|hash| record.add(path, hash));
        }
        record
    }

    /// Returns what another list knows of folders, without its files.
    pub(super) fn folders_of(other: &Self) -> Self {
        Self { made: other.made.clone(), ..Self::default() }
    }

    /// Returns both lists as one.
    pub(super) fn with(mut self, other: &Self) -> Self {
        for (path, hashes) in &other.hashes {
            hashes.iter().for_each(|hash| self.add(path, hash));
        }
        self.made.extend(other.made.iter().cloned());
        self
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (path, hashes) in &self.hashes {
            for hash in hashes {
                // Writing to a string cannot fail.
                writeln!(text, "{hash}  {path}").unwrap_or_default();
            }
        }
        for folder in &self.made {
            writeln!(text, "{MADE}{folder}").unwrap_or_default();
        }
        text
    }
}

/// Returns whether a path is of a source in one of our folders, and leads nowhere else.
fn is_ours(path: &str) -> bool {
    let name = FOLDERS.iter().find_map(|folder| path.strip_prefix(folder)?.strip_prefix('/'));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    name.is_some_and(|name| {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        name.chars().all(is_plain) && EXTENSIONS.contains(&extension) && !is_device(name)
    })
}

/// Returns whether Windows takes a name for a device, or it has nothing before its extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    stem.is_empty() || DEVICES.contains(&stem.trim_end_matches(|c: char| c.is_ascii_digit()))
}

/// Returns the SHA-256 of some bytes, in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
    }
    text
}

/// Reads a file; `None` if it is longer than ours are.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it is no file"));
    }
    let limit = u64::try_from(FILE_LEN_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= FILE_LEN_MAX).then_some(bytes))
}
