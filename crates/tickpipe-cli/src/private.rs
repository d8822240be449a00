//! A pipe's name for one run of one process, of which nothing is left afterwards.

use std::io;
#[cfg(unix)]
use std::path::PathBuf;

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
    #[cfg(unix)]
    pub(crate) fn new(purpose: &str) -> io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt as _;
        let base = format!("tickpipe-{purpose}-{}", std::process::id());
        // A killed process of the same number may have left its own behind.
        for attempt in 0.. {
            let directory = std::env::temp_dir().join(format!("{base}-{attempt}"));
            match std::fs::DirBuilder::new().mode(0o700).create(&directory) {
                Ok(()) => {
                    let name = directory.join("pipe.sock").display().to_string();
                    return Ok(Self { name, directory });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 1000 => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.name
    }
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
}
