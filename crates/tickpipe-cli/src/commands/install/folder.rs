//! Paths in a terminal's folders. Windows and Wine do not tell `Include` from `include`; Linux does.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the path of a folder's entry, written as it is there, if in another case.
pub(super) fn child(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    if cfg!(windows) || path.symlink_metadata().is_ok() {
        return path;
    }
    let is_it = |entry: &fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|found| found.eq_ignore_ascii_case(name))
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().find(is_it).map_or(path, |entry| entry.path())
}

/// Returns the path of what is deeper in a folder; `relative` has `/` between its names.
pub(super) fn below(folder: &Path, relative: &str) -> PathBuf {
    relative.split('/').fold(folder.to_owned(), |path, name| child(&path, name))
}

/// Returns whether a path is a link, or a junction of Windows.
pub(super) fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.file_type().is_symlink())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::install::made_up::Tree;

    #[test]
    fn another_case_is_found() {
        let tree = Tree::new();
        tree.write("mql4/include/TickPipe/Line.mqh", b"");
        let found = below(tree.path(), "MQL4/Include/TickPipe/Line.mqh");
        assert!(found.is_file(), "{}", found.display());
        let missing = below(tree.path(), "MQL5/Include");
        assert_eq!(missing, tree.path().join("MQL5").join("Include"));
    }
}
