//! What the tests of the corpus share.

use std::fs;
use std::path::{Path, PathBuf};

use tickpipe_mql::{Api, Finding};

/// The lists of functions are the tests' own, so that they stand apart from the runtime.
pub(crate) fn api() -> Api {
    Api::from_headers(
        include_str!("../api/api.h"),
        include_str!("../api/api4.h"),
        include_str!("../api/api5.h"),
    )
}

pub(crate) fn harness() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder, by name.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(harness().join(folder)).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    files
}

pub(crate) fn shown(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{finding}\n")).collect()
}
