//! A report in files.

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::Report;

/// The names of a report's files.
pub const REPORT_FILES: [&str; 3] = ["trades.csv", "equity.csv", "report.html"];

/// A report could not be written; no file of it has its final name.
#[derive(Debug, Error)]
#[error("cannot write {}; is there room, and may it be written to?", path.display())]
#[non_exhaustive]
pub struct NotWritten {
    /// The file or the directory.
    pub path: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

impl Report {
    /// Writes [`REPORT_FILES`] into a directory, which is made if it is not there.
    ///
    /// Each is written under another name first, and gets its own when all of them are whole. Files of
    /// an earlier run are replaced.
    ///
    /// # Errors
    ///
    /// Returns [`NotWritten`] if that fails. Then what was there before is there still, unless a name
    /// could not be given after others were.
    pub fn write_to(&self, directory: &Path) -> Result<(), NotWritten> {
        fs::create_dir_all(directory).map_err(failed(directory))?;
        let texts = [self.trades_csv(), self.equity_csv(), self.html()];
        let files =
            REPORT_FILES.map(|name| (directory.join(part_name(name)), directory.join(name)));
        let result = write_all(&files, &texts);
        if result.is_err() {
            for (part, _) in &files {
                // It is not there, or nothing can be done about it; the first error says why.
                drop(fs::remove_file(part));
            }
        }
        result
    }
}

fn part_name(name: &str) -> String {
    format!(".{name}.part")
}

fn write_all(files: &[(PathBuf, PathBuf); 3], texts: &[String; 3]) -> Result<(), NotWritten> {
    for ((part, path), text) in files.iter().zip(texts) {
        write(part, text).map_err(failed(path))?;
    }
    for (part, path) in files {
        fs::rename(part, path).map_err(failed(path))?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    // A full disk may say so here only.
    file.sync_all()
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> NotWritten + use<> {
    let path = path.to_owned();
    |source| NotWritten { path, source }
}
