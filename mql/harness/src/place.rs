//! Where something stands in the sources.

use std::sync::Arc;

/// A place in a file; lines and columns are counted from 1, in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// From the root, with `/` on every system.
    pub(crate) path: Arc<str>,
    /// 0 for the file as a whole.
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Place {
    /// The file as a whole.
    pub(crate) fn file(path: &Arc<str>) -> Self {
        Self { path: Arc::clone(path), line: 0, column: 0 }
    }

    /// The name of the file, without its directory.
    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}
