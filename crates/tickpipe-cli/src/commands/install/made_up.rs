//! Folders of terminals that tests make up.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

/// A folder that is gone with its test. Its name has blanks, and letters of many scripts.
pub(super) struct Tree(PathBuf);

impl Tree {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("tickpipe unit Юзер 用户 {}-{count}", process::id());
        let path = env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn join(&self, relative: &str) -> PathBuf {
        relative.split('/').fold(self.0.clone(), |path, name| path.join(name))
    }

    pub(super) fn folder(&self, relative: &str) -> PathBuf {
        let path = self.join(relative);
        fs::create_dir_all(&path).unwrap();
        path
    }

    pub(super) fn write(&self, relative: &str, bytes: &[u8]) {
        let path = self.join(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(super) fn read(&self, relative: &str) -> Vec<u8> {
        fs::read(self.join(relative)).unwrap()
    }

    /// Makes a data folder as MetaTrader does.
    pub(super) fn terminal(&self, relative: &str, mql: &str, origin: &str) -> PathBuf {
        self.folder(&format!("{relative}/{mql}/Experts"));
        self.folder(&format!("{relative}/{mql}/Include"));
        self.write(&format!("{relative}/origin.txt"), &utf16(origin));
        self.join(relative)
    }

    /// Returns every file by its path, sorted.
    pub(super) fn files(&self, relative: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![relative.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(self.join(&folder)).unwrap() {
                let entry = entry.unwrap();
                let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
                if entry.file_type().unwrap().is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Returns a text as `origin.txt` has it.
pub(super) fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}
