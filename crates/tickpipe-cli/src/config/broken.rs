//! What is wrong with a file, and where in it.

use std::io;
use std::path::{Path, PathBuf};

use crate::print;

/// Faults of one file that are told.
const TOLD_MAX: usize = 20;

/// A file that cannot be used.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) path: PathBuf,
    pub(crate) faults: Vec<Fault>,
}

/// One thing that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Line and column, both from 1; the column in characters.
    pub(crate) place: Option<(usize, usize)>,
    pub(crate) text: String,
}

impl Fault {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { place: None, text: text.into() }
    }

    /// Says at which byte of the file's text it is.
    pub(crate) fn at(mut self, text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        self.place = Some((line, before[line_start..].chars().count() + 1));
        self
    }
}

impl Broken {
    pub(crate) fn new(path: &Path, mut faults: Vec<Fault>) -> Self {
        faults.sort_by_key(|fault| fault.place);
        Self { path: path.to_owned(), faults }
    }

    pub(super) fn whole(path: &Path, text: String) -> Self {
        Self::new(path, vec![Fault::new(text)])
    }

    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::whole(path, format!("cannot be read: {error}"))
    }

    /// Returns the faults that are told, as compilers have them: file, line, column.
    pub(crate) fn told(&self) -> Vec<Fault> {
        let path = print::harmless(&self.path.display().to_string());
        let told = self.faults.iter().take(TOLD_MAX);
        let mut told: Vec<_> =
            told.map(|fault| Fault { place: fault.place, text: fault.line(&path) }).collect();
        if let Some(more @ 1..) = self.faults.len().checked_sub(TOLD_MAX) {
            told.push(Fault::new(format!("and {more} more")));
        }
        told
    }

    /// Returns what is told, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.told().into_iter().map(|fault| fault.text).collect()
    }
}

impl Fault {
    fn line(&self, path: &str) -> String {
        let text = print::harmless(&self.text);
        match self.place {
            Some((line, column)) => format!("{path}:{line}:{column}: {text}"),
            None => format!("{path}: {text}"),
        }
    }
}
