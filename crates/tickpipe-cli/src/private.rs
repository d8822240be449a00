//! A pipe's name for one run of one process, of which nothing is left afterwards.

use std::io;
#[cfg(unix)]
use std::path::{Path, PathBuf};

#[cfg(unix)]
use tickpipe::{Error, PipeName, escaped};

/// A name that nobody else has.
///
/// On Unix it is the path of a socket in a directory of its own: the lock file of a plain name would
/// stay for ever, as it must for a name that is used again.
#[derive(Debug)]
pub(crate) struct PrivateName {
    name: String,
    #[cfg(unix)]
    directory: PathBuf,
}

impl PrivateName {
    /// Makes a name for what it is to be used.
    #[cfg(windows)]
    #[expect(clippy::unnecessary_wraps, reason = "making a directory on Unix can fail")]
    pub(crate) fn new(purpose: &str) -> io::Result<Self> {
        Ok(Self { name: format!("tickpipe-{purpose}-{}", std::process::id()) })
    }

    /// Makes a name for what it is to be used.
    ///
    /// # Errors
    ///
    /// Names the directory that could not be made, or is too long for a socket in it.
    #[cfg(unix)]
    pub(crate) fn new(purpose: &str) -> io::Result<Self> {
        Self::new_in(&std::env::temp_dir(), purpose)
    }

    #[cfg(unix)]
    fn new_in(folder: &Path, purpose: &str) -> io::Result<Self> {
        use std::fs::{DirBuilder, Permissions, set_permissions};
        use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
        let base = format!("tickpipe-{purpose}-{}", std::process::id());
        let mut attempt = 0;
        let directory = loop {
            let directory = folder.join(format!("{base}-{attempt}"));
            match DirBuilder::new().mode(0o700).create(&directory) {
                Ok(()) => break directory,
                // A killed process of the same number may have left its own behind.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 1000 => {
                    attempt += 1;
                }
                Err(error) => return Err(in_words(&directory, error.kind(), &error)),
            }
        };
        let name = directory.join("pipe.sock").display().to_string();
        let this = Self { name, directory };
        // The umask may have taken rights away that we need.
        set_permissions(&this.directory, Permissions::from_mode(0o700))
            .map_err(|error| in_words(&this.directory, error.kind(), &error))?;
        PipeName::new(&this.name)
            .map_err(Error::from)
            .and_then(|name| name.address())
            .map_err(|error| in_words(&this.directory, io::ErrorKind::InvalidFilename, &error))?;
        Ok(this)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.name
    }
}

#[cfg(unix)]
fn in_words(directory: &Path, kind: io::ErrorKind, error: &dyn std::error::Error) -> io::Error {
    let at = escaped(&directory.display().to_string(), 200);
    io::Error::new(kind, format!("`{at}`: {error}; name another folder with TMPDIR"))
}

#[cfg(unix)]
impl Drop for PrivateName {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.directory) {
            let directory = self.directory.display();
            tracing::warn!(%error, %directory, "cannot remove a directory");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_serves_and_leaves_nothing() {
        let names = [PrivateName::new("unit").unwrap(), PrivateName::new("other").unwrap()];
        for name in &names {
            drop(tickpipe::Server::bind(name.as_str()).unwrap());
        }
        #[cfg(unix)]
        {
            let directories = names.each_ref().map(|name| name.directory.clone());
            assert!(directories.iter().all(|directory| directory.exists()));
            drop(names);
            assert!(!directories.iter().any(|directory| directory.exists()));
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_cannot_be_is_named_and_leaves_nothing() {
        let own = PrivateName::new("folder").unwrap();
        let missing = own.directory.join("missing");
        let error = PrivateName::new_in(&missing, "unit").unwrap_err().to_string();
        assert!(error.contains(&missing.display().to_string()), "{error}");
        let long = own.directory.join("x".repeat(100));
        std::fs::create_dir(&long).unwrap();
        let error = PrivateName::new_in(&long, "unit").unwrap_err().to_string();
        assert!(error.contains("TMPDIR"), "{error}");
        assert_eq!(std::fs::read_dir(&long).unwrap().count(), 0);
    }
}
