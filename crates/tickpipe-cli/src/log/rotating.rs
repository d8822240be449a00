//! A file that never outgrows its limit: FILE is written, FILE.1 is what it was before, FILE.2 before
//! that.
//!
//! Crates that do this panic, or grow without end, when a disk is full or somebody on Windows looks at the
//! file meanwhile (`Get-Content -Wait` lets no open file be renamed).

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// After a failure nothing is tried for so long: a disk that is full will still be.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A file and those before it.
#[derive(Debug)]
pub(super) struct Rotating {
    path: PathBuf,
    bytes_max: u64,
    files_max: u32,
    open: Option<Open>,
    retry_at: Option<Instant>,
}

#[derive(Debug)]
struct Open {
    file: File,
    len: u64,
}

impl Rotating {
    /// Opens a file to go on with, of which there are `files_max` with `bytes_max` each.
    pub(super) fn open(path: &Path, bytes_max: u64, files_max: u32) -> io::Result<Self> {
        let path = std::path::absolute(path)?;
        let open = Open::new(&path)?;
        let this = Self { path, bytes_max, files_max, open: Some(open), retry_at: None };
        // What an earlier run kept more of.
        for index in files_max.. {
            if index > 0 && fs::remove_file(this.before(index)).is_err() {
                break;
            }
        }
        Ok(this)
    }

    /// Writes a line, whole or not at all.
    ///
    /// After a failure the next try is made a second later; until then each line fails.
    pub(super) fn write(&mut self, now: Instant, line: &[u8]) -> io::Result<()> {
        if self.retry_at.is_some_and(|retry_at| now < retry_at) {
            return Err(io::Error::other("the last write failed less than a second ago"));
        }
        let written = self.try_write(line);
        self.retry_at = written.as_ref().err().map(|_| now + RETRY_AFTER);
        written
    }

    fn try_write(&mut self, line: &[u8]) -> io::Result<()> {
        let line = cut(line, self.bytes_max);
        let len = line.len() as u64;
        // Somebody may have removed it, or its folder, or have moved it away.
        let mut open = match self.open.take() {
            Some(open) if is_at(&self.path, &open.file) => open,
            _ => Open::new(&self.path)?,
        };
        if open.len > 0 && open.len + len > self.bytes_max {
            open = self.rotated(open)?;
        }
        let written = open.file.write_all(&line);
        match written {
            Ok(()) => open.len += len,
            // The disk may have taken a part of it.
            Err(_) => open.cut_to(open.len)?,
        }
        self.open = Some(open);
        written
    }

    /// Begins a new file.
    fn rotated(&self, open: Open) -> io::Result<Open> {
        if self.files_max > 1 {
            self.make_room(1)?;
            // Windows renames no file that we have open.
            let kept = if cfg!(windows) {
                drop(open);
                None
            } else {
                Some(open)
            };
            match fs::rename(&self.path, self.before(1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    // Nor one that somebody looks at.
                    fs::copy(&self.path, self.before(1)).map_err(|_| error)?;
                }
                _ => {
                    let new = Open::new(&self.path)?;
                    drop(kept);
                    return Ok(new);
                }
            }
            drop(kept);
        } else {
            drop(open);
        }
        let mut open = Open::new(&self.path)?;
        open.cut_to(0)?;
        Ok(open)
    }

    /// Moves a file before ours one further away; the last is dropped, or one that cannot be moved for
    /// the next is in somebody's hands.
    fn make_room(&self, index: u32) -> io::Result<()> {
        let path = self.before(index);
        if !path.try_exists()? {
            return Ok(());
        }
        let is_last = index + 1 >= self.files_max;
        if !is_last
            && self.make_room(index + 1).is_ok()
            && fs::rename(&path, self.before(index + 1)).is_ok()
        {
            return Ok(());
        }
        fs::remove_file(&path)
    }

    fn before(&self, index: u32) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(format!(".{index}"));
        path.into()
    }
}

impl Open {
    /// Opens the file, which nobody else writes; it and its folder are made if they are not there.
    fn new(path: &Path) -> io::Result<Self> {
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(io::Error::other("it is no file"));
        }
        let file = match options().open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_folder(path)?;
                options().open(path)?
            }
            opened => opened?,
        };
        hold(&file)?;
        let len = (&file).seek(SeekFrom::End(0))?;
        Ok(Self { file, len })
    }

    fn cut_to(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.len = self.file.seek(SeekFrom::Start(len))?;
        Ok(())
    }
}

/// Returns a line that is no longer than a whole file may be.
fn cut(line: &[u8], bytes_max: u64) -> Cow<'_, [u8]> {
    match usize::try_from(bytes_max) {
        Ok(max) if max < line.len() => {
            let kept = String::from_utf8_lossy(&line[..max.saturating_sub(8)]);
            Cow::Owned(format!("{}…\n", kept.trim_end_matches(char::REPLACEMENT_CHARACTER)).into())
        }
        _ => Cow::Borrowed(line),
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent() else { return Ok(()) };
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600);
    options
}

/// Others may read it meanwhile; nobody may write or move it.
#[cfg(windows)]
fn options() -> OpenOptions {
    use std::os::windows::fs::OpenOptionsExt as _;
    const FILE_SHARE_READ: u32 = 1;
    let mut options = OpenOptions::new();
    options.write(true).create(true).share_mode(FILE_SHARE_READ);
    options
}

/// Keeps other servers out.
#[cfg(unix)]
fn hold(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Err(io::Error::from(io::ErrorKind::ResourceBusy)),
        // Some file systems know no locks.
        Err(fs::TryLockError::Error(_)) | Ok(()) => Ok(()),
    }
}

/// The way in which it is opened does.
#[cfg(windows)]
#[expect(clippy::unnecessary_wraps, reason = "a lock on Unix can be refused")]
const fn hold(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn is_at(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(there), Ok(ours)) = (fs::metadata(path), file.metadata()) else { return false };
    (there.dev(), there.ino()) == (ours.dev(), ours.ino())
}

/// Nobody can move it while it is open.
#[cfg(windows)]
const fn is_at(_: &Path, _: &File) -> bool {
    true
}
