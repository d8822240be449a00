//! One installation at a time in a terminal's folder. The lock ends with the process, and leaves nothing.

use std::fs::File;
use std::io;
use std::path::Path;

/// Held while the files of a terminal are changed.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the folder `MQL4` or `MQL5`; `WouldBlock` if another has it.
    #[cfg(unix)]
    pub(super) fn take(mql: &Path) -> io::Result<Self> {
        use std::fs::TryLockError;
        let file = File::open(mql)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(held()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes the lock of the folder `MQL4` or `MQL5`; `WouldBlock` if another has it.
    #[cfg(windows)]
    pub(super) fn take(mql: &Path) -> io::Result<Self> {
        use std::os::windows::fs::OpenOptionsExt as _;
        /// The system removes the file, also when the process is killed.
        const FILE_FLAG_DELETE_ON_CLOSE: u32 = 0x0400_0000;
        /// `ERROR_SHARING_VIOLATION`.
        const SHARING_VIOLATION: i32 = 32;
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        options.share_mode(0).custom_flags(FILE_FLAG_DELETE_ON_CLOSE);
        match options.open(mql.join(".tickpipe-lock")) {
            Ok(file) => Ok(Self { _file: file }),
            Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Err(held()),
            Err(error) => Err(error),
        }
    }
}

fn held() -> io::Error {
    io::Error::new(io::ErrorKind::WouldBlock, "another `tickpipe install` is at work there")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::install::made_up::Tree;

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        let tree = Tree::new();
        let mql = tree.folder("MQL5");
        let lock = Lock::take(&mql).unwrap();
        assert_eq!(Lock::take(&mql).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        drop(lock);
        drop(Lock::take(&mql).unwrap());
        assert_eq!(std::fs::read_dir(&mql).unwrap().count(), 0);
        let missing = Lock::take(&tree.join("MQL4")).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
