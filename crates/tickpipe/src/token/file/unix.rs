//! Mode and owner of a token's file.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

/// Opens a file to read, but no link, and without waiting for the writer of a FIFO.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

/// Returns how somebody else could read or change a file, and how to mend it.
pub(super) fn exposure(file: &File) -> io::Result<Option<String>> {
    let metadata = file.metadata()?;
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() != user {
        let owner = metadata.uid();
        return Ok(Some(format!(
            "belongs to user {owner}, allowed is one of this user, {user}; name another file"
        )));
    }
    if metadata.mode() & 0o077 != 0 {
        let mode = metadata.mode() & 0o7777;
        return Ok(Some(format!(
            "has mode {mode:04o}, allowed is 0600; if others may have read it remove it for a new \
             one, else give it that mode with `chmod 600`"
        )));
    }
    Ok(None)
}

/// Makes a file that only this user may read; fails if it is there.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}
