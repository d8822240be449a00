//! Does what was planned: everything is written beside its place first, and then renamed, so that a
//! full disk or a folder that may not be written leaves all as it was.

#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::folder;
use super::ours::NEW;
use super::plan::{Plan, backup};
use super::record::{MADE_FOLDERS, RECORD, Record};
use super::sources::FOLDERS;

/// What was done, beyond the plan.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Files that were changed by hand, and the names that they are kept under.
    pub(super) kept: Vec<(String, String)>,
    /// Folders with our name that stay, and how much of others is in each.
    pub(super) stays: Vec<(&'static str, usize)>,
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
    let mut stage = Stage::new(mql, plan);
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
    sync_folders(mql);
    if let Err(problem) = stage.finish() {
        stage.leave_off();
        return Err(begun(problem));
    }
    sync_folders(mql);
    Ok(done)
}

/// Removes files, and the folders that we made if they are empty then.
pub(super) fn remove(mql: &Path, plan: &Plan<'_>, before: &Record) -> Result<Done, Problem> {
    let leftovers = plan.leftovers.iter().copied();
    let paths: Vec<_> = plan.removes.iter().map(String::as_str).chain(leftovers).collect();
    for path in &paths {
        may_be_changed(&folder::below(mql, path), "remove")?;
    }
    let mut is_begun = false;
    for path in paths.into_iter().chain([RECORD]) {
        remove_file(&folder::below(mql, path))
            .map_err(|problem| Problem { is_begun, ..problem })?;
        is_begun = true;
    }
    let mut done = Done::default();
    for name in MADE_FOLDERS {
        let path = folder::below(mql, name);
        let Ok(entries) = fs::read_dir(&path) else { continue };
        // What is still in it is not ours.
        let others = entries.count();
        if others == 0 && before.is_made(name) {
            fs::remove_dir(&path)
                .map_err(|error| Problem { is_begun, ..Problem::of("remove", &path)(error) })?;
        } else if others > 0 && FOLDERS.contains(&name) {
            done.stays.push((name, others));
        }
    }
    Ok(done)
}

/// What was made so far, and what is to be renamed.
struct Stage<'a> {
    mql: &'a Path,
    /// The list of what is there afterwards.
    record: Record,
    /// Files and folders, in their order.
    made: Vec<PathBuf>,
    renames: Vec<(PathBuf, PathBuf)>,
    /// The list, which is renamed once all is done. It is written before anything is renamed, so that no
    /// disk can be full then.
    list: Option<(PathBuf, PathBuf)>,
}

impl<'a> Stage<'a> {
    fn new(mql: &'a Path, plan: &Plan<'_>) -> Self {
        let record = plan.record.clone().unwrap_or_default();
        Self { mql, record, made: Vec::new(), renames: Vec::new(), list: None }
    }

    /// Looks whether all can be done, writes everything that is new beside its place, and copies what is
    /// to be kept.
    fn fill(&mut self, plan: &Plan<'_>, before: &Record) -> Result<Done, Problem> {
        for path in &plan.leftovers {
            remove_file(&folder::below(self.mql, path))?;
        }
        let written = plan.writes.iter().map(|write| write.path);
        for path in written.chain([RECORD]) {
            may_be_changed(&folder::below(self.mql, path), "write")?;
        }
        for path in &plan.removes {
            may_be_changed(&folder::below(self.mql, path), "remove")?;
        }
        for path in FOLDERS {
            self.make_folders(path)?;
        }
        // Until all is renamed, a file may be of both releases.
        let both = self.record.clone().with(before);
        self.write(RECORD, both.text().as_bytes())?;
        let path = folder::below(self.mql, RECORD);
        let new = beside(&path.with_extension("done"));
        self.made.push(new.clone());
        write_new(&new, self.record.text().as_bytes())?;
        self.list = Some((new, path));
        let mut done = Done::default();
        for write in &plan.writes {
            if write.keeps {
                done.kept.push((write.path.to_owned(), self.keep(write.path)?));
            }
            self.write(write.path, write.bytes)?;
        }
        for path in &plan.keeps {
            done.kept.push((path.clone(), self.keep(path)?));
        }
        Ok(done)
    }

    /// Makes the folders of a path, but not the terminal's own, which are there or have gone.
    fn make_folders(&mut self, path: &str) -> Result<(), Problem> {
        let mut folder = self.mql.to_owned();
        let mut relative = String::new();
        for name in path.split('/') {
            folder = folder::child(&folder, name);
            relative.push_str(if relative.is_empty() { "" } else { "/" });
            relative.push_str(name);
            match fs::create_dir(&folder) {
                Ok(()) => {
                    self.made.push(folder.clone());
                    self.record.add_made(&relative);
                }
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
        let of_from = Problem::of("keep a copy of", &from);
        if folder::is_link(&from) {
            return Err(of_from(io::Error::new(ErrorKind::AlreadyExists, "it is a link")));
        }
        let Some(backup) = backup(self.mql, path) else {
            let error = io::Error::new(ErrorKind::AlreadyExists, "every name is taken");
            return Err(of_from(error));
        };
        if backup.is_made {
            return Ok(backup.name);
        }
        let to = folder::below(self.mql, &backup.name);
        let new = beside(&to);
        self.made.push(new.clone());
        let copied = File::open(&from).and_then(|mut from| {
            let mut copy = File::create_new(&new)?;
            io::copy(&mut from, &mut copy)?;
            copy.sync_all()
        });
        copied.map_err(Problem::of("keep a copy as", &to))?;
        self.renames.push((new, to));
        Ok(backup.name)
    }

    fn rename(&self) -> Result<(), Problem> {
        let rename = |(new, path): &(PathBuf, PathBuf)| {
            fs::rename(new, path).map_err(Problem::of("write", path))
        };
        self.renames.iter().try_for_each(rename)
    }

    /// Puts the list in its place.
    fn finish(&self) -> Result<(), Problem> {
        self.list
            .iter()
            .try_for_each(|(new, path)| fs::rename(new, path).map_err(Problem::of("write", path)))
    }

    /// Takes away all that was made.
    fn undo(&self) {
        for path in self.made.iter().rev() {
            let is_folder = path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
            clear(path, if is_folder { fs::remove_dir(path) } else { fs::remove_file(path) });
        }
    }

    /// Takes away what was not renamed. Copies that were renamed stay: what they are of may be gone.
    fn leave_off(&self) {
        for (new, _) in self.renames.iter().chain(&self.list) {
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
        let mut file = File::create_new(path)?;
        file.write_all(bytes)?;
        // A rename that outlives a power cut, and bytes that do not, would leave an empty file.
        file.sync_all()
    };
    write().map_err(Problem::of("write", path))
}

/// Fails if a file may not be replaced or removed, as one that another program has open on Windows, or that
/// somebody has made read-only. Nothing is changed by that.
fn may_be_changed(path: &Path, doing: &'static str) -> Result<(), Problem> {
    let Ok(metadata) = path.symlink_metadata() else { return Ok(()) };
    let judged = if metadata.is_symlink() {
        Err(io::Error::new(ErrorKind::AlreadyExists, "it is a link"))
    } else if metadata.is_dir() {
        Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"))
    } else if !metadata.is_file() {
        // To open a pipe would wait for its other end.
        Err(io::Error::new(ErrorKind::AlreadyExists, "it is no file"))
    } else if metadata.permissions().readonly() {
        Err(io::Error::new(ErrorKind::PermissionDenied, "it is read-only"))
    } else {
        File::options().append(true).open(path).map(drop)
    };
    judged.map_err(Problem::of(doing, path))
}

/// Makes renames outlast a power cut, as far as the system can.
fn sync_folders(mql: &Path) {
    if cfg!(unix) {
        for path in FOLDERS.map(|path| folder::below(mql, path)) {
            if let Err(error) = File::open(&path).and_then(|folder| folder.sync_all()) {
                let path = path.display();
                tracing::debug!(%error, %path, "cannot write a folder through to its disk");
            }
        }
    }
}

fn remove_file(path: &Path) -> Result<(), Problem> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Problem::of("remove", path)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
