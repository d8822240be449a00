//! Does what was planned: everything is written beside its place first, and then renamed, so that a
//! full disk or a folder that may not be written leaves all as it was.

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::folder;
use super::plan::{Plan, backup_name};
use super::record::{RECORD, Record};
use super::sources::FOLDERS;

/// What a new file's name ends with until it is whole.
const NEW: &str = ".tickpipe-new";

/// What was done, beyond the plan.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Files that were changed by hand, and the names that they are kept under.
    pub(super) kept: Vec<(String, String)>,
}

/// Why it was not done, or not all of it.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) doing: &'static str,
    pub(super) path: PathBuf,
    pub(super) error: io::Error,
    /// Some of it was done.
    pub(super) is_begun: bool,
}

impl Problem {
    fn of(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self { doing, path, error, is_begun: false }
    }
}

/// Writes, keeps and removes files in the folder `MQL4` or `MQL5`.
pub(super) fn install(mql: &Path, plan: &Plan<'_>, before: &Record) -> Result<Done, Problem> {
    let mut stage = Stage { mql, made: Vec::new(), renames: Vec::new() };
    let done = match stage.fill(plan, before) {
        Ok(done) => done,
        Err(problem) => {
            stage.undo();
            return Err(problem);
        }
    };
    let begun = |problem| Problem { is_begun: true, ..problem };
    if let Err(problem) = stage.rename() {
        stage.leave_off();
        return Err(begun(problem));
    }
    for path in &plan.removes {
        remove_file(&folder::below(mql, path)).map_err(begun)?;
    }
    let path = folder::below(mql, RECORD);
    let new = beside(&path);
    let text = plan.record.as_ref().map(Record::text).unwrap_or_default();
    write_new(&new, text.as_bytes()).map_err(begun)?;
    fs::rename(&new, &path).map_err(Problem::of("write", &path)).map_err(begun)?;
    Ok(done)
}

/// Removes files, and our folders if they are empty then.
pub(super) fn remove(mql: &Path, plan: &Plan<'_>) -> Result<(), Problem> {
    let mut is_begun = false;
    for path in plan.removes.iter().map(String::as_str).chain([RECORD]) {
        remove_file(&folder::below(mql, path))
            .map_err(|problem| Problem { is_begun, ..problem })?;
        is_begun = true;
    }
    for path in FOLDERS.map(|path| folder::below(mql, path)) {
        // What is still in it is not ours.
        if fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_none()) {
            fs::remove_dir(&path)
                .map_err(|error| Problem { is_begun, ..Problem::of("remove", &path)(error) })?;
        }
    }
    Ok(())
}

/// What was made so far, and what is to be renamed.
struct Stage<'a> {
    mql: &'a Path,
    /// Files and folders, in their order.
    made: Vec<PathBuf>,
    renames: Vec<(PathBuf, PathBuf)>,
}

impl Stage<'_> {
    /// Writes everything that is new beside its place, and copies what is to be kept.
    fn fill(&mut self, plan: &Plan<'_>, before: &Record) -> Result<Done, Problem> {
        for path in FOLDERS {
            self.make_folders(path)?;
        }
        // Until all is renamed, a file may be of both releases.
        let both = plan.record.clone().unwrap_or_default().with(before);
        self.write(RECORD, both.text().as_bytes())?;
        let mut done = Done::default();
        for write in &plan.writes {
            self.write(write.path, write.bytes)?;
            if write.keeps {
                let kept = self.keep(write.path)?;
                done.kept.push((write.path.to_owned(), kept));
            }
        }
        Ok(done)
    }

    /// Makes the folders of a path, but not the terminal's own, which are there or have gone.
    fn make_folders(&mut self, path: &str) -> Result<(), Problem> {
        let mut folder = self.mql.to_owned();
        for name in path.split('/') {
            folder = folder::child(&folder, name);
            match fs::create_dir(&folder) {
                Ok(()) => self.made.push(folder.clone()),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => {}
                Err(error) => return Err(Problem::of("make the folder", &folder)(error)),
            }
        }
        Ok(())
    }

    fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), Problem> {
        let path = folder::below(self.mql, path);
        let new = beside(&path);
        self.made.push(new.clone());
        write_new(&new, bytes)?;
        self.renames.push((new, path));
        Ok(())
    }

    /// Copies a file that was changed by hand, never over another copy; returns the copy's name.
    fn keep(&mut self, path: &str) -> Result<String, Problem> {
        let from = folder::below(self.mql, path);
        let none_free = || io::Error::new(ErrorKind::AlreadyExists, "every name is taken");
        let name = backup_name(self.mql, path)
            .ok_or_else(|| Problem::of("keep a copy of", &from)(none_free()))?;
        let to = folder::below(self.mql, &name);
        let copied = File::create_new(&to).and_then(|mut copy| {
            self.made.push(to.clone());
            io::copy(&mut File::open(&from)?, &mut copy)
        });
        copied.map_err(Problem::of("keep a copy as", &to))?;
        Ok(name)
    }

    fn rename(&self) -> Result<(), Problem> {
        let rename = |(new, path): &(PathBuf, PathBuf)| {
            fs::rename(new, path).map_err(Problem::of("write", path))
        };
        self.renames.iter().try_for_each(rename)
    }

    /// Takes away all that was made.
    fn undo(&self) {
        for path in self.made.iter().rev() {
            let is_folder = path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
            clear(path, if is_folder { fs::remove_dir(path) } else { fs::remove_file(path) });
        }
    }

    /// Takes away what was not renamed. Copies that were kept stay: what they are of may be gone.
    fn leave_off(&self) {
        for (new, _) in &self.renames {
            clear(new, fs::remove_file(new));
        }
    }
}

/// Judges what came of taking something away that was begun.
fn clear(path: &Path, removed: io::Result<()>) {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            let path = path.display();
            tracing::warn!(%error, %path, "cannot remove what was begun");
        }
        Ok(()) | Err(_) => {}
    }
}

/// Returns where a file is written before it is renamed: in the same folder.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(NEW);
    name.into()
}

/// Writes a file that is not there. One of that name was left by a program that was killed.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    let write = || {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        File::create_new(path)?.write_all(bytes)
    };
    write().map_err(Problem::of("write", path))
}

fn remove_file(path: &Path) -> Result<(), Problem> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Problem::of("remove", path)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
