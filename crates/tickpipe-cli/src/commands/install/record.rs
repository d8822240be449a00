//! What was installed: a list of hashes beside the files, as `sha256sum --check` reads it.
//!
//! By it a file of an earlier release is told from one that was changed by hand.

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

/// Hashes by path. A path has two while an installation is under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record(BTreeMap<String, BTreeSet<String>>);

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
        for (hash, path) in text.lines().filter_map(|line| line.split_once("  ")) {
            if hash.len() == 64 && is_ours(path) {
                record.add(path, hash);
            }
        }
        record
    }

    pub(super) fn add(&mut self, path: &str, hash: &str) {
        self.0.entry(path.to_owned()).or_default().insert(hash.to_owned());
    }

    pub(super) fn has(&self, path: &str, hash: &str) -> bool {
        self.0.get(path).is_some_and(|hashes| hashes.contains(hash))
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns both lists as one.
    pub(super) fn with(mut self, other: &Self) -> Self {
        for (path, hashes) in &other.0 {
            hashes.iter().for_each(|hash| self.add(path, hash));
        }
        self
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (path, hashes) in &self.0 {
            for hash in hashes {
                // Writing to a string cannot fail.
                writeln!(text, "{hash}  {path}").unwrap_or_default();
            }
        }
        text
    }
}

/// Returns whether a path is of a file in one of our folders, and leads nowhere else.
fn is_ours(path: &str) -> bool {
    let name = FOLDERS.iter().find_map(|folder| path.strip_prefix(folder)?.strip_prefix('/'));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    name.is_some_and(|name| {
        !name.starts_with('.') && !name.is_empty() && name.chars().all(is_plain)
    })
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
